//! SPEC §22 xmss, secret keys and signing, on threads.
//!
//! Keys, signatures, messages and their encodings, and [`verify`], are those of
//! [`leanvm_verifier::xmss`].
//!
//! ```
//! use leanvm_fast::xmss::{Message, SecretKey, Seed, verify};
//!
//! let mut key = SecretKey::generate(7..9, Seed::random()?)?;
//! let message = Message::from_bytes(b"block 1")?;
//! let signature = key.sign(7, &message)?;
//! verify(key.public_key(), 7, &message, &signature)?;
//! assert!(key.sign(7, &Message::from_bytes(b"block 2")?).is_err()); // a slot is signed for once
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use leanvm_verifier::xmss::*;

mod batch;
pub mod keyfile;
pub mod keys;
mod signing;
mod slots;
mod uses;

pub use batch::verify_all;
pub(crate) use batch::witnesses;
pub use keys::{KeyError, SecretKey, Seed};
pub use signing::SigningError;
pub use slots::SlotSet;
pub use uses::MAX_REMEMBERED;

#[cfg(test)]
mod tests;
