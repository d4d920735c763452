//! The command line from outside: each file runs `leanvm` as a user would.

#![warn(clippy::too_many_lines)]

mod aggregate;
mod aggregate_leansig;
mod bad_input;
mod bad_program;
mod bad_proof;
mod bad_source;
mod bench;
mod blame;
mod commands;
mod common;
mod file_kinds;
mod guests;
mod headers;
mod interpreter;
mod keys;
mod layers;
mod manuals;
mod merge;
mod outputs;
mod placeholders;
mod prints;
mod profile;
mod serve;
mod sources;
mod terminal;
mod traces;
mod tutorial;
mod warnings;
mod xmss;
