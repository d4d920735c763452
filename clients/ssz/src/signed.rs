//! Signatures with what they are of, as signers send them to aggregators.

use leanvm_verifier::xmss::{Message, PublicKey, Signature, VerificationError, verify};
use libssz_types::SszList;

use crate::{Ssz, SszError, wire};

/// A signature, and what it is of. Whether it is valid [`SignedMessage::verify`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedMessage {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: Message,
    /// The key.
    pub key: PublicKey,
    /// The signature.
    pub signature: Signature,
}

impl SignedMessage {
    /// Verifies that the signature is one of the key, of the message, for the slot.
    ///
    /// # Errors
    /// Unless it is.
    pub fn verify(&self) -> Result<(), VerificationError> {
        verify(&self.key, self.slot, &self.message, &self.signature)
    }
}

impl Ssz for SignedMessage {
    type Wire = wire::SignedMessage;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        Ok(wire::SignedMessage {
            slot: self.slot,
            message: self.message.to_wire()?,
            key: self.key.to_wire()?,
            signature: self.signature.to_wire()?,
        })
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        Ok(Self {
            slot: wire.slot,
            message: Message::from_wire(&wire.message).map_err(|e| e.of_field("message"))?,
            key: PublicKey::from_wire(&wire.key).map_err(|e| e.of_field("key"))?,
            signature: Signature::from_wire(&wire.signature)
                .map_err(|e| e.of_field("signature"))?,
        })
    }
}

/// In any order, and the same may be there twice: an aggregator refuses a key twice.
impl Ssz for Vec<SignedMessage> {
    type Wire = wire::SignedMessages;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        list(self.iter().map(Ssz::to_wire).collect::<Result<_, _>>()?)
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        entries(wire)
    }
}

/// A list of the schema.
///
/// # Errors
/// [`SszError::TooMany`].
pub(crate) fn list<T, const MOST: usize>(entries: Vec<T>) -> Result<SszList<T, MOST>, SszError> {
    let given = entries.len();
    SszList::try_from(entries).map_err(|_| SszError::TooMany { given, most: MOST })
}

/// The values of the entries of a list.
///
/// # Errors
/// The first that is wrong with an entry.
pub(crate) fn entries<T: Ssz>(list: &[T::Wire]) -> Result<Vec<T>, SszError> {
    list.iter()
        .enumerate()
        .map(|(index, entry)| T::from_wire(entry).map_err(|error| error.of_entry(index)))
        .collect()
}
