//! SPEC §22 xmss.

use leanvm_differential::canonical::MODULUS;
use leanvm_differential::xmss::{BOTH_SIGNERS, FAST, Key, SPEC, message_of_bytes, verify};

/// A seed, the first slot and the number of slots, a slot of them, a message.
fn case(bytes: &[u8]) -> (Key, u32, [u32; 8]) {
    let mut padded = bytes.to_vec();
    padded.resize(80, 0x5a);
    let words: Vec<u32> = leanvm_differential::canonical::words_of(&padded)
        .into_iter()
        .map(|word| word % MODULUS)
        .collect();
    let seed: [u32; 8] = words[..8].try_into().expect("8 words");
    let count = words[9] % 5;
    // Near 0, near the end, around a multiple of a power of two, anywhere.
    let first = match words[10] % 4 {
        0 => words[8] % 8,
        1 => u32::MAX - count - words[8] % 3,
        2 => (1 << (3 + words[8] % 29)) - 2,
        _ => words[8],
    };
    let key = Key {
        seed,
        first,
        last: first + count,
    };
    let slot = first + words[11] % (count + 1);
    (key, slot, words[12..20].try_into().expect("8 words"))
}

mod differential {
    use super::*;

    #[test]
    fn keys_and_signatures_are_the_same_bytes() {
        crate::common::for_each(12, 80, |bytes| {
            let (key, slot, message) = case(bytes);
            let [spec, fast] = BOTH_SIGNERS.map(|twin| twin.public_key(&key));
            assert_eq!(spec, fast, "public key of {key:?}");
            let [by_spec, by_fast] = BOTH_SIGNERS.map(|twin| twin.sign(&key, slot, &message));
            assert_eq!(by_spec, by_fast, "slot {slot} of {key:?}");
            let signature = by_spec.expect("an active slot");
            let message: Vec<u8> = message.iter().flat_map(|w| w.to_le_bytes()).collect();
            assert_eq!(verify(&spec, slot, &message, &signature), Ok(()));
        });
    }

    #[test]
    fn slots_that_are_not_active_are_refused() {
        let key = Key {
            seed: [1; 8],
            first: 4,
            last: 6,
        };
        for slot in [3, 7, 0, u32::MAX] {
            for twin in BOTH_SIGNERS {
                assert_eq!(twin.sign(&key, slot, &[0; 8]), None, "{slot}");
            }
        }
        for twin in BOTH_SIGNERS {
            assert!(twin.sign(&key, 6, &[0; 8]).is_some());
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_rejected_for_one_reason() {
        let key = Key {
            seed: [7, 6, 5, 4, 3, 2, 1, 0],
            first: 100,
            last: 103,
        };
        let message = message_of_bytes(b"flipped").expect("a short string");
        let words: [u32; 8] = leanvm_differential::canonical::words_of(&message)
            .try_into()
            .expect("8 words");
        let public = FAST.public_key(&key);
        let signature = FAST.sign(&key, 101, &words).expect("an active slot");
        assert_eq!(verify(&public, 101, &message, &signature), Ok(()));
        let mut reasons = std::collections::BTreeMap::new();
        let mut refused = |public: &[u8], slot, message: &[u8], signature: &[u8], place: String| {
            let reason = verify(public, slot, message, signature).expect_err(&place);
            *reasons.entry(reason).or_insert(0) += 1;
        };
        for bit in 0..32 {
            refused(
                &public,
                101 ^ (1 << bit),
                &message,
                &signature,
                format!("slot, bit {bit}"),
            );
        }
        for bit in 0..8 * 32 {
            let mut other = public.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            refused(
                &other,
                101,
                &message,
                &signature,
                format!("public key, bit {bit}"),
            );
            let mut other = message.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            refused(
                &public,
                101,
                &other,
                &signature,
                format!("message, bit {bit}"),
            );
        }
        // All bits of the randomness; one bit of each further byte.
        for bit in (0..8 * 24).chain((24..1208).map(|byte| 8 * byte + byte % 8)) {
            let mut other = signature.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            refused(
                &public,
                101,
                &message,
                &other,
                format!("signature, bit {bit}"),
            );
        }
        for length in [0, 1, 1204, 1207, 1209, 1212] {
            let mut other = signature.clone();
            other.resize(length, 0);
            refused(&public, 101, &message, &other, format!("length {length}"));
        }
        for reason in [
            "malformed",
            "element-not-canonical",
            "target-sum",
            "root-mismatch",
        ] {
            assert!(reasons.contains_key(reason), "no {reason} in {reasons:?}");
        }
        assert_eq!(reasons.values().sum::<usize>(), 32 + 512 + 192 + 1184 + 6);
    }

    #[test]
    fn messages_of_bytes_are_the_same() {
        crate::common::for_each(200, 100, |bytes| {
            assert!(message_of_bytes(bytes).is_some());
        });
        assert_eq!(message_of_bytes(&vec![0; 1 << 25]), None);
        assert!(message_of_bytes(&vec![1; (1 << 20) + 1]).is_some());
    }

    #[test]
    fn reasons_have_the_codes_and_names_of_the_text() {
        let text = include_str!("../../SPEC.md");
        let (_, section) = text.split_once("\n## 22 xmss").expect("the section");
        let [spec, fast] = [SPEC.reasons(), FAST.reasons()];
        assert_eq!(spec, fast);
        assert_eq!(spec.len(), 5);
        for (code, name) in spec {
            assert!(
                section.contains(&format!("\n| `{name}` | {code} |")),
                "{name} {code} is not in the table"
            );
        }
    }
}
