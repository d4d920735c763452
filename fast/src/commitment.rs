//! SPEC §17 commitment.
//!
//! The verifier's half and the stacking, where each cell of the tables is in the stack S, are those
//! of [`leanvm_verifier::commitment`]. Here `commit` encodes S and commits to it, and `open` proves
//! the claims. Source: WHIR, ePrint 2024/1586, over interleaved Reed–Solomon codes.
//!
//! The prover never stores S in 2^μ cells nor the weight W of the first rounds: see [`kernel`].

pub mod commit;
pub mod kernel;
pub mod open;
pub mod oracle;
pub mod vector;

pub use commit::{Committed, commit};
pub use leanvm_verifier::commitment::*;
pub use open::open;

#[cfg(test)]
mod tests;
