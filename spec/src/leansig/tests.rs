use super::*;

fn integer(value: u128) -> Integer {
    Integer::from_words((0..4).map(|i| (value >> (32 * i)) as u32).collect())
}

#[test]
fn integers_agree_with_u128() {
    let values = [
        0,
        1,
        5,
        (1 << 32) - 1,
        1 << 32,
        (1 << 64) - 1,
        (1 << 64) + 17,
        0x0123_4567_89ab_cdef_0011_2233,
        (1 << 90) - 3,
    ];
    for a in values {
        for b in values {
            assert_eq!(integer(a).add(&integer(b)), integer(a + b));
            assert_eq!(integer(a).cmp(&integer(b)), a.cmp(&b));
            if a >= b {
                assert_eq!(integer(a).subtract(&integer(b)), integer(a - b));
            }
            if b != 0 {
                assert_eq!(integer(a).remainder(&integer(b)), integer(a % b));
            }
        }
        for word in [1, 2, 12345, MODULUS as u32, u32::MAX] {
            let wide = u128::from(word);
            assert_eq!(integer(a).multiply_add(word, 9), integer(a * wide + 9));
            assert_eq!(
                integer(a).divide_by_word(word),
                (integer(a / wide), (a % wide) as u32)
            );
        }
    }
}

#[test]
fn vectors_are_counted_right() {
    // By enumeration: vectors of length 3 by their distance from the top.
    let mut counts = vec![0_u64; FINAL_LAYER + 1];
    for code in 0..8 * 8 * 8 {
        counts[3 * 7 - (code / 64 + code / 8 % 8 + code % 8)] += 1;
    }
    let expected: Vec<Integer> = counts.into_iter().map(Integer::from).collect();
    assert_eq!(vectors_by_distance()[3], expected);
}

/// The digits of an integer as a message hash, the most significant first.
fn hash_of(integer: &Integer) -> [Felt; MESSAGE_HASH] {
    let mut list = digits(integer, MESSAGE_HASH);
    list.reverse();
    array(&list)
}

#[test]
fn the_hypercube_is_numbered_from_the_top() {
    let vector = |value: u64| hypercube_vector(&hash_of(&Integer::from(value)));
    // Index 0 is the top, alone in its layer; layer 1 lowers one coordinate, the last one first.
    assert_eq!(vector(0), vec![7; CHAINS]);
    for i in 0..64 {
        let mut expected = vec![7; CHAINS];
        expected[CHAINS - 1 - i] = 6;
        assert_eq!(vector(1 + i as u64), expected);
    }
    // Layer 2 begins with the last coordinate lowered by two.
    let mut expected = vec![7; CHAINS];
    expected[CHAINS - 1] = 5;
    assert_eq!(vector(65), expected);
    // The integer is reduced by the number of vectors in all layers.
    let mut total = Integer::from(0);
    for layer in &vectors_by_distance()[CHAINS] {
        total = total.add(layer);
    }
    assert_eq!(hypercube_vector(&hash_of(&total)), vec![7; CHAINS]);
    let last = hypercube_vector(&hash_of(&total.subtract(&Integer::from(1))));
    assert_eq!(last.iter().sum::<usize>(), CHAINS * GREATEST - FINAL_LAYER);
    assert_eq!(last[..11], [0; 11]);
    assert_eq!(last[11..], [7; 53]);
}

#[test]
fn encodings_of_another_form_are_refused() {
    let mut signature = vec![0; SIGNATURE_BYTES];
    signature[0] = 36;
    signature[32..34].copy_from_slice(&1064_u16.to_le_bytes());
    signature[36] = 4;
    let key = [0; PUBLIC_KEY_BYTES];
    assert!(decode(&key, &signature).is_ok());
    let refusal = |key: &[u8], signature: &[u8]| decode(key, signature).err();
    assert_eq!(
        refusal(&key[1..], &signature[1..]),
        Some(VerificationError::PublicKeyLength)
    );
    assert_eq!(
        refusal(&key, &signature[1..]),
        Some(VerificationError::SignatureLength)
    );
    for (byte, refused) in [
        (1, VerificationError::SignatureOffset),
        (32, VerificationError::SignatureOffset),
        (39, VerificationError::SignatureOffset),
        (7, VerificationError::ElementNotCanonical),
        (43, VerificationError::ElementNotCanonical),
        (SIGNATURE_BYTES - 1, VerificationError::ElementNotCanonical),
    ] {
        let mut broken = signature.clone();
        broken[byte] = 0xff;
        assert_eq!(refusal(&key, &broken), Some(refused), "byte {byte}");
    }
    let mut broken = key;
    broken[PUBLIC_KEY_BYTES - 1] = 0x7f;
    broken[PUBLIC_KEY_BYTES - 4] = 1;
    assert_eq!(
        refusal(&broken, &signature),
        Some(VerificationError::ElementNotCanonical)
    );
}
