//! SPEC §17 commitment.
//!
//! `stacking` places the tables in the stack S of 2^μ cells; `verify` is the verifier's half.
//! Source: WHIR, ePrint 2024/1586, over interleaved Reed–Solomon codes.

pub mod stacking;
pub mod verify;

pub use stacking::{Stacking, TableShape};
pub use verify::{Claims, Commitment, receive_commitment, verify_opening};
