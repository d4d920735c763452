//! SPEC §23 leansig.

use leanvm_differential::canonical::{MODULUS, words_of};
use leanvm_differential::leansig::{Signed, real_signatures, sign};
use leanvm_fast::field::{from_canonical, to_canonical};
use leanvm_spec::field::Felt;

/// A message that depends on the seed.
fn message(seed: u64) -> [u8; 32] {
    std::array::from_fn(|i| {
        (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (i % 8 * 8)) as u8 ^ i as u8
    })
}

/// Both verifiers refuse, for one of the reasons that are possible.
fn refused(signed: &Signed, what: &str, expected: &[&str]) {
    let refusal = signed.refusal();
    assert!(
        refusal.is_some_and(|name| expected.contains(&name)),
        "{what}: {refusal:?}"
    );
}

/// Flips every bit of the slot, bits `small` apart of the key, of the message and of the first
/// words of the signature, and bits `large` apart of the rest of it.
fn flip_bits(signed: &Signed, small: usize, large: usize) {
    assert_eq!(signed.refusal(), None);
    let mut not_canonical = 0;
    let element = |word: u32, otherwise: &'static [&'static str]| {
        if word >= MODULUS {
            &["element-not-canonical"]
        } else {
            otherwise
        }
    };
    for bit in 0..32 {
        let mut broken = signed.clone();
        broken.slot ^= 1 << bit;
        refused(&broken, "slot", &["target-sum", "root-mismatch"]);
    }
    for bit in (0..256).step_by(small) {
        let mut broken = signed.clone();
        broken.message[bit / 8] ^= 1 << (bit % 8);
        refused(&broken, "message", &["target-sum", "root-mismatch"]);
    }
    for bit in (0..52 * 8).step_by(small) {
        let mut broken = signed.clone();
        broken.public_key[bit / 8] ^= 1 << (bit % 8);
        let word = words_of(&broken.public_key)[bit / 32];
        not_canonical += usize::from(word >= MODULUS);
        let otherwise: &[&str] = if bit < 256 {
            &["root-mismatch"]
        } else {
            &["target-sum", "root-mismatch"]
        };
        refused(&broken, "public key", element(word, otherwise));
    }
    let first = (0..40 * 8)
        .step_by(small)
        .chain((40 * 8..3112 * 8).step_by(large));
    for bit in first {
        let mut broken = signed.clone();
        broken.signature[bit / 8] ^= 1 << (bit % 8);
        let word = words_of(&broken.signature)[bit / 32];
        let expected: &[&str] = match bit / 32 {
            0 | 8 | 9 => &["signature-offset"],
            1..8 => element(word, &["target-sum", "root-mismatch"]),
            _ => element(word, &["root-mismatch"]),
        };
        not_canonical += usize::from(expected == ["element-not-canonical"]);
        refused(&broken, &format!("bit {bit} of the signature"), expected);
    }
    assert!(not_canonical > 0, "no flip made an element not canonical");
}

mod differential {
    use super::*;

    #[test]
    fn real_signatures_verify_and_no_bit_of_them_is_free() {
        let Some(signatures) = real_signatures() else {
            return;
        };
        for (i, signed) in signatures.iter().enumerate() {
            flip_bits(signed, if i == 0 { 1 } else { 17 }, 331);
        }
        println!("{} real signatures verified", signatures.len());
        // A signature is good for no other.
        for (i, one) in signatures.iter().enumerate() {
            for other in &signatures[..i] {
                let mut mixed = one.clone();
                mixed.signature.clone_from(&other.signature);
                refused(&mixed, "another's", &["target-sum", "root-mismatch"]);
            }
        }
    }

    #[test]
    fn own_signatures_verify_and_no_bit_of_them_is_free() {
        for (seed, slot) in [(1, 0), (2, 5), (3, 0x8000_0001), (4, u32::MAX)] {
            let small = if seed == 1 { 1 } else { 17 };
            flip_bits(&sign(seed, slot, &message(seed)), small, 3001);
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        let signed = sign(7, 3, &[0xff; 32]);
        assert_eq!(signed.refusal(), None);
        for length in [0, 1, 51] {
            let mut broken = signed.clone();
            broken.public_key.truncate(length);
            assert_eq!(broken.refusal(), Some("public-key-length"));
        }
        for length in [0, 3, 4, 36, 40, 3111] {
            let mut broken = signed.clone();
            broken.signature.truncate(length);
            assert_eq!(broken.refusal(), Some("signature-length"));
        }
        let mut broken = signed.clone();
        broken.signature.push(0);
        assert_eq!(broken.refusal(), Some("signature-length"));
        // The first refusal is that of the public key's length, then the signature's form, then the
        // elements.
        broken.public_key.push(0);
        assert_eq!(broken.refusal(), Some("public-key-length"));
        let mut broken = signed;
        broken.public_key[..4].fill(0xff);
        broken.signature[0] = 0;
        assert_eq!(broken.refusal(), Some("signature-offset"));
        broken.signature[0] = 36;
        assert_eq!(broken.refusal(), Some("element-not-canonical"));
    }

    #[test]
    fn hashes_are_mapped_to_the_same_vectors() {
        let sums = std::cell::RefCell::new(std::collections::BTreeSet::new());
        let compare = |words: [u32; 15]| {
            let of_spec = leanvm_spec::leansig::hypercube_vector(
                &words.map(|word| Felt::new(u64::from(word))),
            );
            let of_fast = leanvm_fast::leansig::hypercube_vector(
                &words.map(|word| from_canonical(word).expect("below p")),
            );
            assert_eq!(of_spec, of_fast, "{words:?}");
            sums.borrow_mut().insert(of_fast.iter().sum::<usize>());
        };
        compare([0; 15]);
        compare([MODULUS - 1; 15]);
        crate::common::for_each(100, 60, |bytes| {
            let mut words = words_of(bytes);
            words.resize(15, 0);
            compare(std::array::from_fn(|i| words[i] % MODULUS));
        });
        // Small integers are indices of the first layers, and those around a border between layers
        // are of interest.
        for low in 0..70 {
            let mut words = [0; 15];
            words[14] = low;
            compare(words);
        }
        let counts = leanvm_spec::leansig::vectors_by_distance();
        let mut border = leanvm_spec::leansig::Integer::from(0);
        for layer in &counts[64] {
            border = border.add(layer);
            for integer in [
                border.clone(),
                border.subtract(&leanvm_spec::leansig::Integer::from(1)),
            ] {
                let mut digits = leanvm_spec::leansig::digits(&integer, 15);
                digits.reverse();
                compare(std::array::from_fn(|i| digits[i].value()));
            }
        }
        assert_eq!(
            sums.into_inner(),
            (448 - 77..=448).collect(),
            "every layer was met"
        );
    }

    #[test]
    fn intermediate_values_agree() {
        let signed = sign(11, 0x1234_5678, &message(11));
        let (key, signature) =
            leanvm_spec::leansig::decode(&signed.public_key, &signed.signature).expect("decodes");
        let (fast_key, fast_signature) =
            leanvm_fast::leansig::decode(&signed.public_key, &signed.signature).expect("decodes");
        let of_spec = leanvm_spec::leansig::message_hash(
            &key,
            signed.slot,
            &signed.message,
            &signature.randomness,
        );
        let of_fast = leanvm_fast::leansig::message_hash(
            &fast_key,
            signed.slot,
            &signed.message,
            &fast_signature.randomness,
        );
        assert_eq!(of_spec.map(Felt::value), of_fast.map(to_canonical));
        let leaf = leanvm_spec::leansig::leaf(&key.parameter, signed.slot, &signature.hashes);
        let fast_leaf =
            leanvm_fast::leansig::leaf(&fast_key.parameter, signed.slot, &fast_signature.hashes);
        assert_eq!(leaf.map(Felt::value), fast_leaf.map(to_canonical));
    }
}
