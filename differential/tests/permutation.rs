//! SPEC §3 permutation.

use leanvm_differential::canonical::{MODULUS, words_of};
use leanvm_differential::twins::{BOTH, FAST, SPEC};

fn elements(bytes: &[u8]) -> Vec<u32> {
    words_of(bytes)
        .into_iter()
        .map(|word| word % MODULUS)
        .collect()
}

mod differential {
    use super::*;

    #[test]
    fn permutations_and_compressions() {
        crate::common::for_each(200, 96, |bytes| {
            for width in [16, 24] {
                let mut input = elements(bytes);
                input.resize(width, 0);
                let states = BOTH.map(|twin| {
                    let mut state = input.clone();
                    twin.permute(&mut state);
                    state
                });
                assert_eq!(states[0], states[1], "permutation of {input:?}");
                assert_ne!(states[0], input);
                assert_eq!(
                    SPEC.compress(&input),
                    FAST.compress(&input),
                    "compression of {input:?}"
                );
            }
        });
    }

    #[test]
    fn hashes_of_each_length() {
        for length in 0..100_u32 {
            let list: Vec<u32> = (0..length).map(|i| MODULUS - 1 - i * i).collect();
            assert_eq!(
                SPEC.hash(&list),
                FAST.hash(&list),
                "hash of {length} elements"
            );
        }
        assert_eq!(SPEC.hash(&[]), vec![0; 8]);
        assert_ne!(
            SPEC.hash(&[0]),
            SPEC.hash(&[0, 0]),
            "padding does not collide"
        );
    }
}
