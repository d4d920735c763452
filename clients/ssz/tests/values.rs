//! The values of the tests.

use leanvm_ssz::{AggregateWithClaims, SignedMessage};
use leanvm_verifier::field::MODULUS;
use leanvm_verifier::merging::{AnyAggregate, Claim};
use leanvm_verifier::xmss::{Message, PublicKey, Signature};

/// The bytes of words.
pub(crate) fn words(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

pub(crate) fn key_of(words_of_key: [u32; 8]) -> PublicKey {
    PublicKey::from_bytes(&words(words_of_key)).unwrap()
}

/// Words 1 to 8.
pub(crate) fn key_1() -> PublicKey {
    key_of([1, 2, 3, 4, 5, 6, 7, 8])
}

/// Comes after the other as bytes.
pub(crate) fn key_2() -> PublicKey {
    key_of([9, 0, 0, 0, 0, 0, 0, MODULUS - 1])
}

/// Words 16 to 23.
pub(crate) fn message() -> Message {
    Message::from_canonical_bytes(&words(16..24)).unwrap()
}

/// Words 0 to 301.
pub(crate) fn signature() -> Signature {
    Signature::from_bytes(&words(0..302)).unwrap()
}

pub(crate) fn signed() -> SignedMessage {
    SignedMessage {
        slot: 7,
        message: message(),
        key: key_1(),
        signature: signature(),
    }
}

pub(crate) fn claim() -> Claim {
    Claim {
        slot: 7,
        message: message(),
        keys: vec![key_1(), key_2()],
    }
}

pub(crate) fn later_claim() -> Claim {
    Claim {
        slot: 0x0102_0304,
        message: message(),
        keys: vec![key_2()],
    }
}

/// Not a proof of anything.
pub(crate) fn aggregate() -> AnyAggregate {
    AnyAggregate::from_bytes(&[1, 42, 0xaa, 0xbb, 0xcc]).unwrap()
}

pub(crate) fn aggregate_with_claims() -> AggregateWithClaims {
    AggregateWithClaims {
        claims: vec![claim()],
        aggregate: aggregate(),
    }
}
