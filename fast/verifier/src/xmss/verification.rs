//! SPEC §22 xmss: verification, and the values that it goes through.

use super::encoding::{Encoding, chain_step, leaf, parent};
use super::{CHAIN_LENGTH, Digest, Message, NUM_CHAINS, PublicKey, Signature, VerificationError};

/// What a verification computes: with the signature all that a guest is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The digits of the message.
    pub encoding: Encoding,
    /// The value of each chain at position 7.
    pub ends: [Digest; NUM_CHAINS],
}

/// The values that verification goes through, if the signature is valid.
///
/// # Errors
/// As [`verify`].
pub fn witness(
    key: &PublicKey,
    slot: u32,
    message: &Message,
    signature: &Signature,
) -> Result<Witness, VerificationError> {
    let parameter = &key.parameter;
    let encoding = Encoding::new(parameter, slot, message, &signature.randomness)?;
    // §22.6.
    let mut ends = signature.chains;
    for ((i, end), digit) in (0..).zip(&mut ends).zip(&encoding.digits) {
        for step in digit.saturating_add(1)..CHAIN_LENGTH {
            *end = chain_step(parameter, slot, i, step, end);
        }
    }
    // §22.7.
    let mut node = leaf(parameter, slot, &ends);
    let mut index = slot;
    for (level, sibling) in (0..).zip(&signature.path) {
        let (left, right) = if index & 1 == 0 {
            (&node, sibling)
        } else {
            (sibling, &node)
        };
        index >>= 1;
        node = parent(parameter, level, index, left, right);
    }
    // §22.8.
    if node != key.root {
        return Err(VerificationError::RootMismatch);
    }
    Ok(Witness { encoding, ends })
}

/// Verifies a signature of a message for a slot.
///
/// # Errors
/// The reason of SPEC §22: [`VerificationError::EncodingLimb`], [`VerificationError::TargetSum`] or
/// [`VerificationError::RootMismatch`].
pub fn verify(
    key: &PublicKey,
    slot: u32,
    message: &Message,
    signature: &Signature,
) -> Result<(), VerificationError> {
    witness(key, slot, message, signature).map(drop)
}

/// [`verify`] on encodings, decoded in this order. The message is that of
/// [`Message::to_canonical_bytes`], not the bytes it was made of.
///
/// # Errors
/// As [`verify`], and [`VerificationError::Malformed`] or
/// [`VerificationError::ElementNotCanonical`].
pub fn verify_encodings(
    key: &[u8],
    slot: u32,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerificationError> {
    let key = PublicKey::from_bytes(key)?;
    let message = Message::from_canonical_bytes(message)?;
    let signature = Signature::from_bytes(signature)?;
    verify(&key, slot, &message, &signature)
}
