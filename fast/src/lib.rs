//! Production prover, verifier and machine of leanVM. SPEC.md is normative; each section `## N name` is the module `name`.
//!
//! With the default feature `prover` the library executes, proves and verifies, on threads. Without it (`default-features = false`) it decodes
//! programs and verifies, on the calling thread alone, and neither the prover nor rayon is built.

pub mod aggregation;
pub mod assembly;
pub mod commitment;
#[cfg(feature = "prover")]
pub mod execution;
pub mod field;
mod instructions;
pub mod isa;
#[cfg(feature = "prover")]
pub mod layout;
pub mod leansig;
pub mod lookup;
#[cfg(feature = "prover")]
pub mod memory;
pub mod merkle;
pub mod multilinear;
pub mod parameters;
pub mod permutation;
pub mod proof;
#[cfg(feature = "prover")]
pub mod prover;
pub mod rejection;
pub mod security;
pub mod sumcheck;
pub mod tables;
pub mod transcript;
#[cfg(feature = "prover")]
pub mod tuning;
pub mod verifier;
pub mod xmss;
pub mod zerocheck;

/// The example of README.md, compiled and run as a test.
#[cfg(all(doctest, feature = "prover"))]
#[doc = include_str!("../../README.md")]
struct Readme;
