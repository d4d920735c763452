//! Each value comes back, each accepted byte string is that of its value, and no bytes panic.

use std::fmt::Debug;

use leanvm_ssz::{AggregateWithClaims, SignedMessage, Ssz};
use leanvm_verifier::field::MODULUS;
use leanvm_verifier::merging::{AnyAggregate, Claim, canonical_claims};
use leanvm_verifier::xmss::{Message, PublicKey, Signature};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use crate::values::{aggregate_with_claims, claim, later_claim, signed, words};

fn words_of(number: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(0..MODULUS, number).prop_map(words)
}

fn key() -> impl Strategy<Value = PublicKey> {
    words_of(8).prop_map(|bytes| PublicKey::from_bytes(&bytes).unwrap())
}

fn message() -> impl Strategy<Value = Message> {
    words_of(8).prop_map(|bytes| Message::from_canonical_bytes(&bytes).unwrap())
}

fn signed_message() -> impl Strategy<Value = SignedMessage> {
    let signature = words_of(302).prop_map(|bytes| Signature::from_bytes(&bytes).unwrap());
    (any::<u32>(), message(), key(), signature).prop_map(|(slot, message, key, signature)| {
        SignedMessage {
            slot,
            message,
            key,
            signature,
        }
    })
}

/// Claims of several slots, with keys in any order.
fn claims() -> impl Strategy<Value = Vec<Claim>> {
    btree_map(any::<u32>(), (message(), keys()), 1..5).prop_map(|claims| {
        claims
            .into_iter()
            .rev()
            .map(|(slot, (message, keys))| Claim {
                slot,
                message,
                keys,
            })
            .collect()
    })
}

/// Keys in any order, none twice.
fn keys() -> impl Strategy<Value = Vec<PublicKey>> {
    btree_set(words_of(8), 1..5)
        .prop_map(|set| set.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
        .prop_map(|keys| {
            let keys = keys.iter();
            keys.map(|key| PublicKey::from_bytes(key).unwrap())
                .collect()
        })
}

fn aggregate() -> impl Strategy<Value = AnyAggregate> {
    let signatures = vec(any::<u8>(), 0..50).prop_map(|proof| [vec![1, 42], proof].concat());
    let merge = (words_of(105), vec(any::<u8>(), 0..50))
        .prop_map(|(claim, proof)| [vec![1, 43], claim, proof].concat());
    prop_oneof![signatures, merge].prop_map(|bytes| AnyAggregate::from_bytes(&bytes).unwrap())
}

/// That a value comes back, changed to `canonical`.
fn comes_back<T: Ssz + PartialEq + Debug>(value: &T, canonical: &T) -> Result<(), TestCaseError> {
    let bytes = value.to_ssz().unwrap();
    prop_assert_eq!(&T::from_ssz(&bytes).unwrap(), canonical);
    prop_assert_eq!(value.hash_tree_root(), canonical.hash_tree_root());
    Ok(())
}

/// That bytes are refused, or are those of the value that they give.
fn one_encoding<T: Ssz>(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(value) = T::from_ssz(bytes) {
        prop_assert_eq!(value.to_ssz().unwrap(), bytes);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signed_messages(list in vec(signed_message(), 0..4)) {
        comes_back(&list, &list)?;
        for one in &list {
            comes_back(one, one)?;
            comes_back(&one.key, &one.key)?;
            comes_back(&one.message, &one.message)?;
            comes_back(&one.signature, &one.signature)?;
        }
    }

    #[test]
    fn claims_and_aggregates(claims in claims(), aggregate in aggregate()) {
        let canonical = canonical_claims(&claims).unwrap();
        comes_back(&claims, &canonical)?;
        for one in &claims {
            let canonical = canonical.iter().find(|claim| claim.slot == one.slot);
            comes_back(one, canonical.unwrap())?;
        }
        comes_back(&aggregate, &aggregate)?;
        comes_back(
            &AggregateWithClaims { claims, aggregate: aggregate.clone() },
            &AggregateWithClaims { claims: canonical, aggregate },
        )?;
    }

    #[test]
    fn any_bytes(bytes in vec(prop_oneof![Just(0_u8), Just(4), Just(8), any::<u8>()], 0..200)) {
        one_encoding::<PublicKey>(&bytes)?;
        one_encoding::<Message>(&bytes)?;
        one_encoding::<Signature>(&bytes)?;
        one_encoding::<SignedMessage>(&bytes)?;
        one_encoding::<Vec<SignedMessage>>(&bytes)?;
        one_encoding::<Claim>(&bytes)?;
        one_encoding::<Vec<Claim>>(&bytes)?;
        one_encoding::<AnyAggregate>(&bytes)?;
        one_encoding::<AggregateWithClaims>(&bytes)?;
    }
}

/// Each byte of encodings is changed in several ways, and each length is cut.
#[test]
fn changed_encodings() {
    fn changed<T: Ssz>(bytes: &[u8]) {
        assert!(T::from_ssz(bytes).is_ok());
        for length in 0..bytes.len() {
            one_encoding::<T>(&bytes[..length]).unwrap();
        }
        for at in 0..bytes.len() {
            for change in [1, 2, 4, 8, 0x20, 0x80, 0xff] {
                let mut bytes = bytes.to_vec();
                bytes[at] ^= change;
                one_encoding::<T>(&bytes).unwrap();
            }
        }
    }
    changed::<SignedMessage>(&signed().to_ssz().unwrap());
    changed::<Vec<SignedMessage>>(&vec![signed()].to_ssz().unwrap());
    changed::<Claim>(&claim().to_ssz().unwrap());
    changed::<Vec<Claim>>(&vec![claim(), later_claim()].to_ssz().unwrap());
    changed::<AggregateWithClaims>(&aggregate_with_claims().to_ssz().unwrap());
}
