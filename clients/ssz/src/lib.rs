#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod claims;
mod elements;
mod error;
mod signed;
pub mod wire;

use libssz::{SszDecode, SszEncode};
use libssz_merkle::{HashTreeRoot, Sha2Hasher};

pub use claims::AggregateWithClaims;
pub use error::SszError;
pub use signed::SignedMessage;

/// A value with an SSZ encoding. Each value has one encoding, and no other bytes are read as it.
pub trait Ssz: Sized {
    /// The type of the schema, as a crate for SSZ has it: any words, in any order. A container of
    /// a client takes it as a field.
    type Wire: SszEncode + SszDecode + HashTreeRoot;

    /// The value as a type of the schema.
    ///
    /// # Errors
    /// If it has no encoding: a list that is too long, empty or has something twice.
    fn to_wire(&self) -> Result<Self::Wire, SszError>;

    /// The value of a type of the schema.
    ///
    /// # Errors
    /// The first that is wrong with it.
    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError>;

    /// The encoding.
    ///
    /// # Errors
    /// Those of [`Ssz::to_wire`].
    fn to_ssz(&self) -> Result<Vec<u8>, SszError> {
        self.to_wire().map(|wire| SszEncode::to_ssz(&wire))
    }

    /// Reads the bytes of [`Ssz::to_ssz`], and no others. Memory is within a small multiple of the
    /// number of bytes.
    ///
    /// # Errors
    /// [`SszError::Encoding`], then those of [`Ssz::from_wire`].
    fn from_ssz(bytes: &[u8]) -> Result<Self, SszError> {
        let wire = Self::Wire::from_ssz_bytes(bytes).map_err(SszError::Encoding)?;
        Self::from_wire(&wire)
    }

    /// The root of the Merkle tree that SSZ makes of the value, by SHA-256.
    ///
    /// # Errors
    /// Those of [`Ssz::to_wire`].
    fn hash_tree_root(&self) -> Result<[u8; 32], SszError> {
        self.to_wire()
            .map(|wire| HashTreeRoot::hash_tree_root(&wire, &Sha2Hasher))
    }
}
