//! SPEC §16 commitment.
//!
//! `stacking` places the tables in the stack S of 2^μ cells; `commit` encodes and commits to it; `open` proves the claims; `verify` is
//! the verifier's half. Source: WHIR, ePrint 2024/1586, over interleaved Reed–Solomon codes.
//!
//! The prover never stores S in 2^μ cells nor the weight W of the first rounds: see [`kernel`].

#[cfg(feature = "prover")]
pub mod commit;
#[cfg(feature = "prover")]
pub mod kernel;
#[cfg(feature = "prover")]
pub mod open;
#[cfg(feature = "prover")]
pub mod oracle;
pub mod stacking;
#[cfg(feature = "prover")]
pub mod vector;
pub mod verify;

#[cfg(feature = "prover")]
pub use commit::{Committed, commit};
#[cfg(feature = "prover")]
pub use open::open;
pub use stacking::{Stacking, TableShape};
pub use verify::{Claims, Commitment, receive_commitment, verify_opening};

#[cfg(all(test, feature = "prover"))]
mod tests;
