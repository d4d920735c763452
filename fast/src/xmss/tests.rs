//! Tests of SPEC §22.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use p3_field::PrimeCharacteristicRing;

use super::encoding::chain_step;
use super::*;
use crate::field::{F, to_canonical};

fn key(slots: std::ops::Range<u64>) -> SecretKey {
    let seed = Seed::of_known_bytes(b"tests").expect("a short string");
    SecretKey::generate(slots, seed).expect("slots within the lifetime")
}

fn message(text: &str) -> Message {
    Message::from_bytes(text.as_bytes()).expect("a short text")
}

#[test]
fn keys_of_every_shape_sign_at_their_ends() {
    let end = 1_u64 << 32;
    for slots in [
        0..1,
        0..3,
        5..70,
        65_535..65_537,
        end - 2..end,
        end / 2 - 1..end / 2 + 1,
    ] {
        let mut key = key(slots.clone());
        let (first, last) = (*key.slots().start(), *key.slots().end());
        assert_eq!(
            (u64::from(first), u64::from(last)),
            (slots.start, slots.end - 1)
        );
        let public = *key.public_key();
        assert_eq!(PublicKey::from_bytes(&public.to_bytes()), Ok(public));
        for slot in std::collections::BTreeSet::from([first, last]) {
            let signature = key.sign(slot, &message("hello")).expect("it is active");
            assert_eq!(
                verify(&public, slot, &message("hello"), &signature),
                Ok(()),
                "{slots:?} {slot}"
            );
            assert_eq!(
                Signature::from_bytes(&signature.to_bytes()).as_ref(),
                Ok(&signature)
            );
            assert_eq!(
                key.sign(slot, &message("hello again")),
                Err(SigningError::Used { slot })
            );
            assert_eq!(key.sign(slot, &message("hello")), Ok(signature));
        }
        for slot in [first.checked_sub(1), last.checked_add(1)]
            .into_iter()
            .flatten()
        {
            assert_eq!(
                key.sign(slot, &message("hello")),
                Err(SigningError::NotActive { slot, first, last })
            );
        }
    }
}

/// Far fewer leaves are made than were asked for, which would take minutes.
#[test]
fn a_key_that_is_given_up_is_not_made() {
    let leaves = AtomicU64::new(0);
    let progress = |more| {
        leaves.fetch_add(more, Ordering::Relaxed);
        ControlFlow::Break(())
    };
    let seed = Seed::of_known_bytes(b"given up").unwrap();
    let given_up = SecretKey::generate_while(0..1 << 22, seed, &progress);
    assert_eq!(given_up.unwrap_err(), KeyError::Cancelled);
    let leaves = leaves.into_inner();
    assert!((1..1 << 14).contains(&leaves), "{leaves} leaves");
}

#[test]
fn slots_outside_the_lifetime_are_no_key() {
    let generate = |slots| {
        let seed = Seed::of_known_bytes(b"tests").expect("a short string");
        SecretKey::generate(slots, seed).map(drop)
    };
    let end = 1_u64 << 32;
    assert_eq!(generate(3..3), Err(KeyError::NoSlots));
    assert_eq!(
        generate(end..end + 1),
        Err(KeyError::SlotsOutOfRange { end: end + 1 })
    );
    assert_eq!(
        generate(end - 1..end + 1),
        Err(KeyError::SlotsOutOfRange { end: end + 1 })
    );
    assert_eq!(generate(0..end), Err(KeyError::TooManySlots { count: end }));
    assert_eq!(
        Seed::from_words(&[0, 0, 0, 0, 0, 0, 0, crate::field::MODULUS]).map(drop),
        Err(KeyError::SeedMalformed)
    );
}

/// Many are verified as each is by itself, whatever is wrong with some of them.
#[test]
fn batches_are_verified_as_their_signatures_are() {
    let mut key = key(20..22);
    let public = *key.public_key();
    let honest = (public, key.sign(21, &message("w")).expect("it is active"));
    let mut signed = vec![honest.clone(); 40];
    signed[1].1.chains[0][0] += F::ONE;
    signed[2].1.randomness[5] += F::ONE;
    signed[3].1.path[31][3] += F::ONE;
    signed[17].0.root[0] += F::ONE;
    signed[18].0.parameter[1] += F::ONE;
    signed[39].1.path[0][0] += F::ONE;
    for signed in [&signed[..], &signed[3..4], &signed[..1], &[]] {
        for slot in [21, 20] {
            let message = message("w");
            let one =
                |(key, signature): &(PublicKey, Signature)| witness(key, slot, &message, signature);
            let expected: Vec<_> = signed.iter().map(one).collect();
            assert_eq!(witnesses(slot, &message, signed), expected);
            let verified: Vec<_> = expected.iter().cloned().map(|one| one.map(drop)).collect();
            assert_eq!(verify_all(slot, &message, signed), verified);
            assert!(slot == 20 || signed.len() < 2 || expected[0].is_ok());
        }
    }
}

#[test]
fn a_witness_has_the_ends_of_the_chains() {
    let mut key = key(20..22);
    let public = *key.public_key();
    let signature = key.sign(21, &message("w")).expect("it is active");
    let witness = witness(&public, 21, &message("w"), &signature).expect("it is valid");
    let digits = witness.encoding.digits;
    assert_eq!(digits.iter().sum::<u32>(), TARGET_SUM);
    let mut steps = 0;
    for (((i, start), end), digit) in (0..).zip(signature.chains).zip(witness.ends).zip(digits) {
        let mut value = start;
        for step in digit + 1..CHAIN_LENGTH {
            value = chain_step(&public.parameter, 21, i, step, &value);
            steps += 1;
        }
        assert_eq!(value, end);
    }
    assert_eq!(steps, 110);
    for ((limb, low), high) in witness
        .encoding
        .limbs
        .iter()
        .zip(witness.encoding.lows)
        .zip(witness.encoding.highs)
    {
        assert_eq!(to_canonical(*limb), low + (high << 24));
        assert!(low < 1 << 24 && high < 127);
    }
}

#[test]
fn each_reason() {
    let mut key = key(8..10);
    let public = *key.public_key();
    let signature = key.sign(8, &message("a")).expect("it is active");
    let outcome = |public: &PublicKey, slot, text, signature: &Signature| {
        verify(public, slot, &message(text), signature)
    };
    assert_eq!(outcome(&public, 8, "a", &signature), Ok(()));
    assert_eq!(
        outcome(&public, 8, "b", &signature),
        Err(VerificationError::TargetSum)
    );
    assert_eq!(
        outcome(&public, 9, "a", &signature),
        Err(VerificationError::TargetSum)
    );
    let mut other = public;
    other.root[0] += F::ONE;
    assert_eq!(
        outcome(&other, 8, "a", &signature),
        Err(VerificationError::RootMismatch)
    );
    let mut other = signature.clone();
    other.chains[41][3] += F::ONE;
    assert_eq!(
        outcome(&public, 8, "a", &other),
        Err(VerificationError::RootMismatch)
    );
    let mut other = signature.clone();
    other.path[31][3] += F::ONE;
    assert_eq!(
        outcome(&public, 8, "a", &other),
        Err(VerificationError::RootMismatch)
    );
    for place in 0..8 {
        let mut limbs = [F::ZERO; 8];
        limbs[place] = F::NEG_ONE;
        assert_eq!(
            Encoding::of_limbs(limbs, limbs),
            Err(VerificationError::EncodingLimb)
        );
        limbs[place] = F::new((127 << 24) - 1);
        assert_eq!(
            Encoding::of_limbs(limbs, limbs),
            Err(VerificationError::TargetSum)
        );
    }
    let (key, text, signed) = (
        public.to_bytes(),
        message("a").to_canonical_bytes(),
        signature.to_bytes(),
    );
    assert_eq!(verify_encodings(&key, 8, &text, &signed), Ok(()));
    for (key, text, signed) in [
        (&key[1..], &text[..], &signed[..]),
        (&key[..], &text[1..], &signed[..]),
        (&key[..], &text[..], &signed[1..]),
        (&key[..], &text[..], &[&signed[..], &[0]].concat()[..]),
    ] {
        assert_eq!(
            verify_encodings(key, 8, text, signed),
            Err(VerificationError::Malformed)
        );
    }
}

#[test]
fn any_bytes_have_a_message_and_few_are_the_encoding_of_one() {
    let root = [0xff; MESSAGE_BYTES];
    let made = Message::from_bytes(&root).expect("a short string");
    assert_eq!(
        Message::from_canonical_bytes(&root),
        Err(VerificationError::ElementNotCanonical)
    );
    let encoding = made.to_canonical_bytes();
    assert_eq!(Message::from_canonical_bytes(&encoding), Ok(made));
    assert_ne!(Message::from_bytes(&encoding), Ok(made));
    assert_eq!(
        Message::from_canonical_bytes(b"block 1"),
        Err(VerificationError::Malformed)
    );
}

#[test]
fn secrets_are_not_shown() {
    let key = key(0..1);
    let seed = Seed::of_known_bytes(b"tests").expect("a short string");
    let words = seed_words(&key);
    assert_eq!(format!("{seed:?}"), "Seed(..)");
    let shown = format!("{key:?}");
    assert!(shown.contains("public_key"));
    for word in words {
        assert!(!shown.contains(&word.to_string()), "{word} in {shown}");
    }
}

fn seed_words(key: &SecretKey) -> Vec<u32> {
    let bytes = key.to_bytes();
    let (words, _) = bytes[..32].as_chunks::<4>();
    words.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

#[test]
fn a_secret_key_has_an_encoding() {
    let key = key(3..9);
    let bytes = key.to_bytes();
    let decoded = keys::decode_secret_key(&bytes[..]).expect("it was encoded");
    assert_eq!((decoded.first, decoded.last), (3, 8));
    let again = SecretKey::generate(3..9, decoded.seed).expect("slots within the lifetime");
    assert_eq!(again.public_key(), key.public_key());
    let decode = |bytes: &[u8]| keys::decode_secret_key(bytes).map(drop).err();
    assert_eq!(decode(&bytes[1..]), Some(VerificationError::Malformed));
    let mut other = *bytes;
    other[36] = 2;
    assert_eq!(decode(&other), Some(VerificationError::Malformed));
    let mut other = *bytes;
    other[28..32].fill(0xff);
    assert_eq!(decode(&other), Some(VerificationError::ElementNotCanonical));
}

#[test]
fn a_secret_is_long_enough() {
    for bytes in [0, 1, keys::MIN_SECRET_BYTES - 1] {
        let outcome = Seed::from_secret_bytes(&vec![7; bytes]).map(drop);
        assert_eq!(outcome, Err(KeyError::SecretTooShort { bytes }));
    }
    let secret = [7; keys::MIN_SECRET_BYTES];
    let public = |seed: Result<Seed, KeyError>| {
        let key = SecretKey::generate(0..1, seed.expect("a long secret")).expect("one slot");
        *key.public_key()
    };
    assert_eq!(
        public(Seed::from_secret_bytes(&secret)),
        public(Seed::of_known_bytes(&secret))
    );
}

#[test]
fn a_message_is_forgotten_after_many_others() {
    let mut key = key(0..MAX_REMEMBERED as u64 + 1);
    for slot in 0..=MAX_REMEMBERED as u32 {
        let first = key.sign(slot, &message("m")).expect("it is active");
        assert_eq!(key.sign(slot, &message("m")), Ok(first));
    }
    assert_eq!(
        key.sign(0, &message("m")),
        Err(SigningError::Used { slot: 0 })
    );
    key.sign(1, &message("m")).expect("it is remembered");
}

#[test]
fn secrets_that_are_compressed_are_wiped() {
    let mut input = std::array::from_fn(|i| crate::field::F::new(i as u32 + 1));
    let expected = crate::permutation::compress_16(&input);
    assert_eq!(keys::compress_wiped(&mut input), expected);
    assert_eq!(input, [crate::field::F::ZERO; 16]);
}

#[test]
fn random_seeds_differ() {
    let keys = [(); 2].map(|()| {
        SecretKey::generate(0..1, Seed::random().expect("the system has a generator"))
            .expect("one slot")
    });
    assert_ne!(keys[0].public_key(), keys[1].public_key());
}
