//! Production prover, verifier and machine of leanVM. SPEC.md is normative; each section `## N name` is the module `name`.

pub mod assembly;
pub mod commitment;
pub mod execution;
pub mod field;
mod instructions;
pub mod isa;
pub mod layout;
pub mod lookup;
pub mod memory;
pub mod merkle;
pub mod multilinear;
pub mod parameters;
pub mod permutation;
pub mod proof;
pub mod prover;
pub mod rejection;
pub mod security;
pub mod sumcheck;
pub mod tables;
pub mod transcript;
pub mod tuning;
pub mod verifier;
pub mod zerocheck;

/// The example of README.md, compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
