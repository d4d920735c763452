//! SPEC §22 xmss: verification, and the values that it goes through.

use super::encoding::{Encoding, chain_step, leaf, parent};
use super::{
    CHAIN_LENGTH, DIGEST_ELEMENTS, Digest, Message, NUM_CHAINS, PublicKey, Signature,
    VerificationError,
};
use crate::field::F;

/// What a verification goes through: all that a guest is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The digits of the message.
    pub encoding: Encoding,
    /// The values of each chain at the positions digit, digit + 1, …, 7.
    pub chains: Vec<Vec<Digest>>,
    /// The nodes (0, slot), …, (32, 0): the leaf first, the root last.
    pub nodes: Vec<Digest>,
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
    let mut chains = Vec::with_capacity(NUM_CHAINS);
    let mut ends = [[F::new(0); DIGEST_ELEMENTS]; NUM_CHAINS];
    for (((i, end), digit), start) in (0..)
        .zip(&mut ends)
        .zip(&encoding.digits)
        .zip(&signature.chains)
    {
        let mut values = vec![*start];
        *end = *start;
        for step in digit.saturating_add(1)..CHAIN_LENGTH {
            *end = chain_step(parameter, slot, i, step, end);
            values.push(*end);
        }
        chains.push(values);
    }
    // §22.7.
    let mut node = leaf(parameter, slot, &ends);
    let mut nodes = vec![node];
    let mut index = slot;
    for (level, sibling) in (0..).zip(&signature.path) {
        let (left, right) = if index & 1 == 0 {
            (&node, sibling)
        } else {
            (sibling, &node)
        };
        index >>= 1;
        node = parent(parameter, level, index, left, right);
        nodes.push(node);
    }
    // §22.8.
    if node != key.root {
        return Err(VerificationError::RootMismatch);
    }
    Ok(Witness {
        encoding,
        chains,
        nodes,
    })
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
