//! SPEC §15 merkle.
//!
//! `tree` is the prover's tree over a row-major matrix; [`verify`] is the verifier's half.

#[cfg(feature = "prover")]
mod tree;
pub mod verify;

#[cfg(feature = "prover")]
pub use tree::*;
