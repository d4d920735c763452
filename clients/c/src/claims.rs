//! Claims: who has signed what.

use leanvm_fast::aggregation::MAX_SIGNERS;
use leanvm_fast::merging::{self, MAX_CLAIMS, canonical_claims, check_numbers};
use leanvm_fast::xmss::{Message, PUBLIC_KEY_BYTES, PublicKey};

use crate::pointers::Input;
use crate::status::Failure;

/// That each of some keys has signed a message for a slot.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: [u8; 32],
    /// The public keys, one after another, in any order.
    pub keys: *const u8,
    /// Bytes of all keys: 32 for each.
    pub keys_len: usize,
}

/// The elements of a list of encodings of one length, and which of them is malformed.
pub(crate) fn decoded<T, E>(
    name: &str,
    bytes: &[u8],
    length: usize,
    decode: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<Vec<T>, Failure>
where
    Failure: From<E>,
{
    if !bytes.len().is_multiple_of(length) {
        let text = format!(
            "{name}: {} bytes are not a multiple of {length}",
            bytes.len()
        );
        return Err(Failure::argument(text));
    }
    let one = |(index, bytes)| {
        decode(bytes).map_err(|error| Failure::from(error).of(format!("{name} {index}")))
    };
    bytes.chunks_exact(length).enumerate().map(one).collect()
}

/// The claims of a caller, in canonical order.
pub(crate) fn read(claims: &Input<Claim>) -> Result<Vec<merging::Claim>, Failure> {
    let mut read = Vec::new();
    for (index, (claim, keys)) in claims.with_keys(MAX_CLAIMS)?.iter().enumerate() {
        let claim = read_one(claim, keys);
        read.push(claim.map_err(|failure| failure.of(format!("claim {index}")))?);
    }
    check_numbers(&read)?;
    Ok(canonical_claims(&read)?)
}

fn read_one(claim: &Claim, keys: &Input<u8>) -> Result<merging::Claim, Failure> {
    let bytes = keys.bytes("keys", MAX_SIGNERS * PUBLIC_KEY_BYTES)?;
    let message = Message::from_canonical_bytes(&claim.message);
    Ok(merging::Claim {
        slot: claim.slot,
        message: message.map_err(|error| Failure::from(error).of("message"))?,
        keys: decoded("key", bytes, PUBLIC_KEY_BYTES, PublicKey::from_bytes)?,
    })
}

/// The encodings of keys, one after another.
pub(crate) fn key_bytes(keys: &[PublicKey]) -> Vec<u8> {
    keys.iter().flat_map(PublicKey::to_bytes).collect()
}
