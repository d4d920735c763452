//! SPEC §21 xmss.
//!
//! The signature scheme `leanxmss42`: keys, signatures, messages and their encodings here; [`verify`] and what a guest's witness is
//! made of in [`verification`] and [`encoding`]; secret keys and signing, which run on threads, with the feature `prover`.
//!
//! ```
//! # #[cfg(feature = "prover")] {
//! use leanvm_fast::xmss::{Message, SecretKey, Seed, verify};
//!
//! let mut key = SecretKey::generate(7..9, Seed::random()?)?;
//! let message = Message::from_bytes(b"block 1")?;
//! let signature = key.sign(7, &message)?;
//! verify(key.public_key(), 7, &message, &signature)?;
//! assert!(key.sign(7, &Message::from_bytes(b"block 2")?).is_err()); // a slot is signed for once
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::field::F;

pub mod encoding;
#[cfg(feature = "prover")]
pub mod keyfile;
#[cfg(feature = "prover")]
pub mod keys;
#[cfg(feature = "prover")]
mod signing;
#[cfg(feature = "prover")]
mod slots;
mod types;
#[cfg(feature = "prover")]
mod uses;
pub mod verification;

pub use encoding::Encoding;
#[cfg(feature = "prover")]
pub use keys::{KeyError, SecretKey, Seed};
#[cfg(feature = "prover")]
pub use signing::SigningError;
#[cfg(feature = "prover")]
pub use slots::SlotSet;
pub use types::{Message, PublicKey, Signature, VerificationError};
#[cfg(feature = "prover")]
pub use uses::MAX_REMEMBERED;
pub use verification::{Witness, verify, verify_encodings, witness};

/// The id of the scheme in files.
pub const SCHEME_ID: u32 = 42;
/// Number of chains.
pub const NUM_CHAINS: usize = 42;
/// Number of positions of a chain: 0..8.
pub const CHAIN_LENGTH: u32 = 8;
/// What the digits of an encoding sum to.
pub const TARGET_SUM: u32 = 184;
/// Number of levels of the tree above the leaves; there are 2^32 slots.
pub const NUM_LEVELS: usize = 32;
/// Elements of a digest.
pub const DIGEST_ELEMENTS: usize = 4;
/// Elements of the randomness of a signature.
pub const RANDOMNESS_ELEMENTS: usize = 6;
/// Elements of a message.
pub const MESSAGE_ELEMENTS: usize = 8;
/// Bytes of an encoded public key.
pub const PUBLIC_KEY_BYTES: usize = 32;
/// Bytes of an encoded message.
pub const MESSAGE_BYTES: usize = 32;
/// Bytes of an encoded signature.
pub const SIGNATURE_BYTES: usize = 1208;
/// Byte strings of this length and longer have no message.
pub const MAX_BYTES_OF_MESSAGE: usize = 1 << 25;

/// Four elements: a chain value, a node, the parameter of a key.
pub type Digest = [F; DIGEST_ELEMENTS];

#[cfg(all(test, feature = "prover"))]
mod tests;
