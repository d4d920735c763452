//! SPEC §25 recursion: the input of the guest that verifies a proof, `programs/verify_proof.py`.
//!
//! An accepted proof is taken apart into the lists that the guest's hints take, in their order.

mod combine;
mod openings;
mod witness;

pub use combine::combine;
pub use leanvm_verifier::recursion::*;
pub(crate) use witness::{Lists, number};
pub use witness::{Witness, witness, witness_of_events};
