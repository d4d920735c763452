//! The scheme of SPEC §22 in both twins, in words and bytes.

use leanvm_fast::field::F;
use leanvm_fast::xmss as fast;
use leanvm_spec::field::Felt;
use leanvm_spec::xmss as spec;

use crate::canonical::MODULUS;

/// A secret key in canonical words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The seed.
    pub seed: [u32; 8],
    /// The first active slot.
    pub first: u32,
    /// The last active slot.
    pub last: u32,
}

/// One implementation of SPEC §22.
pub trait Signer: Sync {
    /// The encoded public key.
    fn public_key(&self, key: &Key) -> Vec<u8>;
    /// The encoded signature of a message of canonical words; `None` if the slot is not active.
    fn sign(&self, key: &Key, slot: u32, message: &[u32; 8]) -> Option<Vec<u8>>;
    /// Verifies encodings.
    ///
    /// # Errors
    /// The name of the reason.
    fn verify(
        &self,
        key: &[u8],
        slot: u32,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), &'static str>;
    /// The encoded message of a byte string; `None` if it is too long.
    fn message_of_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>>;
    /// The digits of a message of canonical words.
    ///
    /// # Errors
    /// The name of the reason.
    fn digits(
        &self,
        parameter: &[u32; 4],
        slot: u32,
        message: &[u32; 8],
        randomness: &[u32; 6],
    ) -> Result<Vec<u32>, &'static str>;
    /// (code, name) of every reason.
    fn reasons(&self) -> Vec<(u32, &'static str)>;
}

struct Spec;
struct Fast;

/// The executable specification.
pub const SPEC: &dyn Signer = &Spec;
/// The production twin.
pub const FAST: &dyn Signer = &Fast;
/// Both, `spec` first.
pub const BOTH_SIGNERS: [&dyn Signer; 2] = [SPEC, FAST];

fn canonical(word: u32) -> u32 {
    assert!(word < MODULUS, "{word} is not canonical");
    word
}

fn felt(word: u32) -> Felt {
    Felt::new(u64::from(canonical(word)))
}

fn element(word: u32) -> F {
    F::new(canonical(word))
}

impl Signer for Spec {
    fn public_key(&self, key: &Key) -> Vec<u8> {
        spec_key(key).public_key().encode()
    }

    fn sign(&self, key: &Key, slot: u32, message: &[u32; 8]) -> Option<Vec<u8>> {
        let signature = spec_key(key).sign(slot, &message.map(felt))?;
        Some(signature.encode())
    }

    fn verify(
        &self,
        key: &[u8],
        slot: u32,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), &'static str> {
        spec::verify_bytes(key, slot, message, signature).map_err(spec::VerificationError::name)
    }

    fn message_of_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        spec::message_of_bytes(bytes).map(|message| spec::encode_message(&message))
    }

    fn digits(
        &self,
        parameter: &[u32; 4],
        slot: u32,
        message: &[u32; 8],
        randomness: &[u32; 6],
    ) -> Result<Vec<u32>, &'static str> {
        spec::encode(
            &parameter.map(felt),
            slot,
            &message.map(felt),
            &randomness.map(felt),
        )
        .map_err(spec::VerificationError::name)
    }

    fn reasons(&self) -> Vec<(u32, &'static str)> {
        spec::VerificationError::ALL
            .iter()
            .map(|reason| (reason.code(), reason.name()))
            .collect()
    }
}

fn spec_key(key: &Key) -> spec::SecretKey {
    spec::SecretKey {
        seed: key.seed.map(felt),
        first: key.first,
        last: key.last,
    }
}

fn fast_key(key: &Key) -> fast::SecretKey {
    let seed = fast::Seed::from_words(&key.seed).expect("canonical words");
    let slots = u64::from(key.first)..u64::from(key.last) + 1;
    fast::SecretKey::generate(slots, seed).expect("few slots")
}

impl Signer for Fast {
    fn public_key(&self, key: &Key) -> Vec<u8> {
        fast_key(key).public_key().to_bytes().to_vec()
    }

    fn sign(&self, key: &Key, slot: u32, message: &[u32; 8]) -> Option<Vec<u8>> {
        match fast_key(key).sign(slot, &fast::Message(message.map(element))) {
            Ok(signature) => Some(signature.to_bytes().to_vec()),
            Err(fast::SigningError::NotActive { .. }) => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn verify(
        &self,
        key: &[u8],
        slot: u32,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), &'static str> {
        fast::verify_encodings(key, slot, message, signature).map_err(fast::VerificationError::name)
    }

    fn message_of_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let message = fast::Message::from_bytes(bytes).ok()?;
        Some(message.to_canonical_bytes().to_vec())
    }

    fn digits(
        &self,
        parameter: &[u32; 4],
        slot: u32,
        message: &[u32; 8],
        randomness: &[u32; 6],
    ) -> Result<Vec<u32>, &'static str> {
        fast::Encoding::new(
            &parameter.map(element),
            slot,
            &fast::Message(message.map(element)),
            &randomness.map(element),
        )
        .map(|encoding| encoding.digits.to_vec())
        .map_err(fast::VerificationError::name)
    }

    fn reasons(&self) -> Vec<(u32, &'static str)> {
        fast::VerificationError::ALL
            .iter()
            .map(|reason| (reason.code(), reason.name()))
            .collect()
    }
}

/// Verifies by both twins.
///
/// # Errors
/// The name of the reason.
///
/// # Panics
/// If the twins disagree.
pub fn verify(key: &[u8], slot: u32, message: &[u8], signature: &[u8]) -> Result<(), &'static str> {
    let [spec, fast] = BOTH_SIGNERS.map(|twin| twin.verify(key, slot, message, signature));
    assert_eq!(spec, fast, "slot {slot}");
    spec
}

/// The encoded message of a byte string by both twins; `None` if it is too long.
///
/// # Panics
/// If the twins disagree.
#[must_use]
pub fn message_of_bytes(bytes: &[u8]) -> Option<Vec<u8>> {
    let [spec, fast] = BOTH_SIGNERS.map(|twin| twin.message_of_bytes(bytes));
    assert_eq!(spec, fast, "{bytes:?}");
    spec
}
