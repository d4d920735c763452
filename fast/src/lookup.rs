//! SPEC §13 lookup, the prover's half.
//!
//! The verifier's half and what both know of the leaves are those of [`leanvm_verifier::lookup`].
//! Here [`leaves`] makes the leaves of a trace, and `prover` keeps a layer as quads (p(0,x),
//! p(1,x), q(0,x), q(1,x)) of packed elements, the leaves' numerators in F. Sources: LogUp, ePrint
//! 2022/1530; the fractional sum as a layered circuit, ePrint 2023/1284.

pub use leanvm_verifier::lookup::*;

pub mod leaves;
mod prover;

pub use prover::{Leaves, prove};

#[cfg(test)]
mod tests;
