//! The language from outside: programs, their meaning, their cost.

mod any_text;
mod artefacts;
mod compiled;
mod language;
mod layers;
mod lints;
