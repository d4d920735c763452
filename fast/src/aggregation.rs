//! SPEC §24 aggregation.
//!
//! Many signatures of the scheme `leanxmss42` for one message and slot become one proof, which a
//! verifier checks against its own list of public keys. The order of the list does not matter,
//! neither here nor there. The verifier's half is that of [`leanvm_verifier::aggregation`].
//!
//! ```
//! use leanvm_fast::aggregation::{Aggregate, Options, aggregate, verify_aggregate};
//! use leanvm_fast::xmss::{Message, SecretKey, Seed};
//!
//! let (slot, message) = (7, Message::from_bytes(b"block 1")?);
//! let mut signers = Vec::new();
//! for name in [b"alice", b"bobby"] {
//!     // `Seed::random` outside of examples.
//!     let mut key = SecretKey::generate(0..8, Seed::of_known_bytes(name)?)?;
//!     signers.push((*key.public_key(), key.sign(slot, &message)?));
//! }
//! let aggregate = aggregate(&message, slot, &signers, &Options::default())?;
//! let bytes = aggregate.to_bytes();
//!
//! // Elsewhere: the verifier has the bytes, and knows message, slot and keys, in any order.
//! let keys: Vec<_> = signers.iter().rev().map(|(key, _)| *key).collect();
//! let received = Aggregate::from_bytes(&bytes)?;
//! verify_aggregate(&message, slot, &keys, &received)?;
//! assert!(verify_aggregate(&message, slot, &keys[..1], &received).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use leanvm_verifier::aggregation::*;

pub(crate) mod capacity;
mod options;
mod prover;
pub(crate) mod work;

#[cfg(test)]
mod tests;

pub use capacity::{capacity, memory_needed};
pub use options::{
    AggregationError, InvalidSignature, Options, Progress, Repetition, Report, Stop,
};
pub use prover::{aggregate, aggregate_with_report};
