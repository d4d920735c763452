//! The command line from outside: each file runs `leanvm` as a user would.

mod aggregate;
mod bad_input;
mod bad_source;
mod commands;
mod common;
mod guests;
mod placeholders;
mod prints;
mod profile;
mod sources;
mod traces;
mod xmss;
