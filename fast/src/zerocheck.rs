//! SPEC §15 zerocheck, the prover's half.
//!
//! The verifier's half and what both do with a row are those of [`leanvm_verifier::zerocheck`].

pub use leanvm_verifier::zerocheck::*;

mod affine;
mod claims;
mod prover;

pub use prover::prove;

#[cfg(test)]
mod tests;
