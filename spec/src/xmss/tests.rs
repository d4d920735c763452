//! Tests of SPEC §22.

use std::collections::BTreeSet;

use super::*;

fn key(first: u32, last: u32) -> SecretKey {
    SecretKey {
        seed: core::array::from_fn(|i| Felt::new(1000 + i as u64)),
        first,
        last,
    }
}

fn message(text: &str) -> Message {
    message_of_bytes(text.as_bytes()).expect("a short text")
}

#[test]
fn tweaks_of_different_uses_differ() {
    let mut seen = BTreeSet::new();
    let mut count = 0;
    let mut add = |kind, v, sub| {
        seen.insert(tweak(kind, v, sub).map(Felt::value));
        count += 1;
    };
    for slot in [0, 1, 1 << 10, (1 << 16) - 1, 1 << 16, 1 << 26, u32::MAX] {
        for sub in 0..NUM_CHAINS as u32 {
            for step in 1..CHAIN_LENGTH {
                add(0, slot, 8 * sub + step);
            }
        }
        add(1, slot, 0);
        add(3, slot, 0);
        for level in 0..NUM_LEVELS as u32 {
            add(2, slot, level);
        }
    }
    assert_eq!(seen.len(), count);
    assert_eq!(count, 7 * (42 * 7 + 2 + 32));
}

#[test]
fn signatures_verify_at_the_ends_of_the_lifetime() {
    for (first, last) in [
        (0, 0),
        (0, 2),
        (5, 7),
        (u32::MAX - 1, u32::MAX),
        (65_535, 65_536),
    ] {
        let key = key(first, last);
        let public = key.public_key();
        for slot in [first, last] {
            let signature = key.sign(slot, &message("hello")).expect("an active slot");
            assert_eq!(
                verify(&public, slot, &message("hello"), &signature),
                Ok(()),
                "{first} {slot}"
            );
            assert_eq!(Signature::decode(&signature.encode()), Ok(signature));
        }
        assert_eq!(PublicKey::decode(&public.encode()), Ok(public));
        if first > 0 {
            assert_eq!(key.sign(first - 1, &message("hello")), None);
        }
        if last < u32::MAX {
            assert_eq!(key.sign(last + 1, &message("hello")), None);
        }
    }
}

#[test]
fn an_encoding_sums_to_the_target() {
    let key = key(3, 3);
    let signature = key.sign(3, &message("sum")).expect("an active slot");
    let digits =
        encode(&key.parameter(), 3, &message("sum"), &signature.randomness).expect("it was signed");
    assert_eq!(digits.len(), 42);
    assert_eq!(digits.iter().sum::<u32>(), 184);
    assert_eq!(digits.iter().map(|digit| 7 - digit).sum::<u32>(), 110);
}

#[test]
fn each_reason() {
    let key = key(8, 9);
    let public = key.public_key();
    let signature = key.sign(8, &message("a")).expect("an active slot");
    let refused = |public: &PublicKey, slot, text, signature: &Signature| {
        verify(public, slot, &message(text), signature).expect_err("it is changed")
    };
    assert_eq!(
        refused(&public, 8, "b", &signature),
        VerificationError::TargetSum
    );
    assert_eq!(
        refused(&public, 9, "a", &signature),
        VerificationError::TargetSum
    );
    let mut other = public;
    other.root[3] += Felt::ONE;
    assert_eq!(
        refused(&other, 8, "a", &signature),
        VerificationError::RootMismatch
    );
    for changed in 0..3 {
        let mut other = signature.clone();
        let (digest, reason) = match changed {
            0 => (&mut other.chains[41], VerificationError::RootMismatch),
            1 => (&mut other.path[31], VerificationError::RootMismatch),
            _ => (&mut other.path[0], VerificationError::RootMismatch),
        };
        digest[0] += Felt::ONE;
        assert_eq!(refused(&public, 8, "a", &other), reason);
    }
    let mut other = signature.clone();
    other.randomness[5] += Felt::ONE;
    assert_eq!(
        refused(&public, 8, "a", &other),
        VerificationError::TargetSum
    );
    other.path.pop();
    assert_eq!(
        refused(&public, 8, "a", &other),
        VerificationError::Malformed
    );

    let (key, text, signed) = (
        public.encode(),
        encode_message(&message("a")),
        signature.encode(),
    );
    assert_eq!((key.len(), text.len(), signed.len()), (32, 32, 1208));
    assert_eq!(verify_bytes(&key, 8, &text, &signed), Ok(()));
    for (key, text, signed) in [
        (&key[1..], &text[..], &signed[..]),
        (&key[..], &text[1..], &signed[..]),
        (&key[..], &text[..], &signed[1..]),
        (&key[..], &text[..], &[&signed[..], &[0]].concat()[..]),
    ] {
        assert_eq!(
            verify_bytes(key, 8, text, signed),
            Err(VerificationError::Malformed)
        );
    }
    for (place, list) in [(0, 0), (1, 0), (2, 301)] {
        let mut lists = [key.clone(), text.clone(), signed.clone()];
        lists[place][4 * list..4 * list + 4].copy_from_slice(&2_130_706_433_u32.to_le_bytes());
        assert_eq!(
            verify_bytes(&lists[0], 8, &lists[1], &lists[2]),
            Err(VerificationError::ElementNotCanonical)
        );
    }
}

#[test]
fn messages_of_bytes_have_their_length() {
    let list = |bytes: &[u8]| message_of_bytes(bytes).expect("short");
    assert_eq!(list(&[]), hash(&[Felt::ZERO]));
    assert_eq!(list(&[1, 2, 3, 4]), hash(&[4, 0x03_0201, 4].map(felt)));
    assert_ne!(list(&[1]), list(&[1, 0]));
    assert_eq!(message_of_bytes(&vec![0; 1 << 25]), None);
}
