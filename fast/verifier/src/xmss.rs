//! SPEC §22 xmss.
//!
//! The signature scheme `leanxmss42`: keys, signatures, messages and their encodings here;
//! [`verify`] and what a guest's witness is made of in [`verification`] and [`encoding`].

use crate::field::F;

pub mod encoding;
mod types;
pub mod verification;

pub use encoding::Encoding;
pub use types::{Message, PublicKey, Signature, VerificationError, hash_of_bytes, wipe};
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
