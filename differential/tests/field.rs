//! SPEC §1 field.

use leanvm_fast::field as fast;
use leanvm_spec::field as spec;
use p3_field::{Field, PrimeCharacteristicRing, TwoAdicField};

const EDGES: [u32; 8] = [
    0,
    1,
    2,
    1 << 24,
    (1 << 24) - 1,
    1 << 30,
    2_130_706_431,
    2_130_706_432,
];

fn spec_of(word: u32) -> spec::Felt {
    spec::Felt::from_canonical(word).expect("a canonical word")
}

fn fast_of(word: u32) -> fast::F {
    fast::from_canonical(word).expect("a canonical word")
}

/// Words below p: edges and random ones.
fn words_below_p(bytes: &[u8]) -> Vec<u32> {
    let random = bytes
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) % 2_130_706_433);
    EDGES.into_iter().chain(random).collect()
}

fn spec_extension(words: &[u32]) -> spec::Ext {
    spec::Ext::new(core::array::from_fn(|i| spec_of(words[i])))
}

fn fast_extension(words: &[u32]) -> fast::EF {
    fast::from_coordinates(core::array::from_fn(|i| fast_of(words[i])))
}

fn of_spec(element: spec::Ext) -> [u32; 5] {
    element.coordinates().map(spec::Felt::value)
}

fn of_fast(element: fast::EF) -> [u32; 5] {
    fast::coordinates(element).map(fast::to_canonical)
}

mod differential {
    use super::*;

    #[test]
    fn canonical_words() {
        for word in EDGES
            .into_iter()
            .chain([2_130_706_433, 2_130_706_434, u32::MAX])
        {
            let spec = spec::Felt::from_canonical(word).map(spec::Felt::value);
            assert_eq!(spec, fast::from_canonical(word).map(fast::to_canonical));
            assert_eq!(spec, (word < 2_130_706_433).then_some(word));
        }
        assert_eq!(spec::MODULUS, u64::from(fast::MODULUS));
    }

    #[test]
    fn base_field() {
        crate::common::for_each(40, 64, |bytes| {
            let list = words_below_p(bytes);
            for a in &list {
                let inverse = spec_of(*a).inverse().map(spec::Felt::value);
                assert_eq!(
                    inverse,
                    fast_of(*a).try_inverse().map(fast::to_canonical),
                    "inverse of {a}"
                );
                assert_eq!(
                    (-spec_of(*a)).value(),
                    fast::to_canonical(-fast_of(*a)),
                    "-{a}"
                );
                for b in &list {
                    assert_eq!(
                        (spec_of(*a) + spec_of(*b)).value(),
                        fast::to_canonical(fast_of(*a) + fast_of(*b)),
                        "{a} + {b}"
                    );
                    assert_eq!(
                        (spec_of(*a) - spec_of(*b)).value(),
                        fast::to_canonical(fast_of(*a) - fast_of(*b)),
                        "{a} - {b}"
                    );
                    assert_eq!(
                        (spec_of(*a) * spec_of(*b)).value(),
                        fast::to_canonical(fast_of(*a) * fast_of(*b)),
                        "{a} * {b}"
                    );
                }
            }
        });
    }

    #[test]
    fn extension_field() {
        crate::common::for_each(40, 64, |bytes| {
            let list = words_below_p(bytes);
            for left in list.windows(5) {
                let (a, x) = (spec_extension(left), fast_extension(left));
                assert_eq!(
                    a.inverse().map(of_spec),
                    x.try_inverse().map(of_fast),
                    "inverse of {left:?}"
                );
                for right in list.windows(5) {
                    let (b, y) = (spec_extension(right), fast_extension(right));
                    assert_eq!(of_spec(a + b), of_fast(x + y), "{left:?} + {right:?}");
                    assert_eq!(of_spec(a - b), of_fast(x - y), "{left:?} - {right:?}");
                    assert_eq!(of_spec(a * b), of_fast(x * y), "{left:?} * {right:?}");
                }
            }
        });
        assert_eq!(spec_extension(&[0; 5]).inverse(), None);
        assert_eq!(fast_extension(&[0; 5]).try_inverse(), None);
    }

    #[test]
    fn roots_of_unity() {
        for k in 0..=24 {
            let root = fast::F::two_adic_generator(k as usize);
            let spec = spec::root_of_unity(k).map(spec::Felt::value);
            let specified = fast::F::from_u32(3).exp_u64((u64::from(fast::MODULUS) - 1) >> k);
            assert_eq!(spec, Some(fast::to_canonical(specified)));
            let _ = root;
        }
    }
}
