//! SPEC §23 leansig, the aggregation of signatures of scheme `leansig_dim64`.
//!
//! Verification, of signatures and of aggregates, is that of [`leanvm_verifier::leansig`].

pub use leanvm_verifier::leansig::*;

mod prover;
mod witness;

pub use prover::{aggregate, aggregate_with_report, memory_needed};
pub use witness::{PrivateInput, private_input};
