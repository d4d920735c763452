//! SPEC §26 merging.
//!
//! Aggregates and merges become one merge, which a verifier checks against its own list of claims:
//! who has signed which message for which slot. The verifier's half is that of
//! [`leanvm_verifier::merging`].
//!
//! ```
//! use leanvm_fast::aggregation::{Options, aggregate};
//! use leanvm_fast::merging::{AnyAggregate, Child, Claim, merge, verify_claims};
//! use leanvm_fast::xmss::{Message, SecretKey, Seed};
//!
//! let (slot, message) = (7, Message::from_bytes(b"block 1")?);
//! let options = Options::default();
//! let mut parts = Vec::new();
//! for name in [b"alice", b"bobby"] {
//!     // `Seed::random` outside of examples.
//!     let mut key = SecretKey::generate(0..8, Seed::of_known_bytes(name)?)?;
//!     let signed = [(*key.public_key(), key.sign(slot, &message)?)];
//!     let keys = vec![*key.public_key()];
//!     let aggregate = aggregate(&message, slot, &signed, &options)?;
//!     parts.push((aggregate.into(), [Claim { slot, message, keys }]));
//! }
//! let children: Vec<Child> = parts
//!     .iter()
//!     .map(|(aggregate, claims)| Child { aggregate, claims })
//!     .collect();
//! let merged = merge(&children, None, &options)?;
//! let bytes = merged.merge.to_bytes();
//!
//! // Elsewhere: the verifier has the bytes, and knows the claims, in any order.
//! let keys = parts.iter().rev().flat_map(|(_, [claim])| claim.keys.clone());
//! let claim = Claim { slot, message, keys: keys.collect() };
//! verify_claims(&[claim], &AnyAggregate::from_bytes(&bytes)?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use leanvm_verifier::merging::*;

mod claims;
mod input;
mod prover;
mod tree;

#[cfg(test)]
mod tests;

pub use claims::{Equivocation, equivocations, union};
pub use prover::{Child, MAX_CHILDREN, MergeError, Merged, merge, witness};
pub use tree::merge_tree;
