//! SPEC §12 sumcheck.

use leanvm_differential::canonical::{MODULUS, words_of};
use leanvm_fast::field as fast_field;
use leanvm_fast::sumcheck as fast;
use leanvm_spec::field::{Ext, Felt};
use leanvm_spec::sumcheck as spec;

fn words(bytes: &[u8], first: usize) -> [u32; 5] {
    let random = words_of(bytes);
    core::array::from_fn(|i| {
        (random.get(5 * first + i).copied().unwrap_or(0) ^ (first * 31 + i) as u32) % MODULUS
    })
}

fn spec_element(bytes: &[u8], first: usize) -> Ext {
    Ext::new(words(bytes, first).map(|word| Felt::new(u64::from(word))))
}

fn fast_element(bytes: &[u8], first: usize) -> fast_field::EF {
    fast_field::from_coordinates(
        words(bytes, first).map(|word| fast_field::from_canonical(word).expect("reduced")),
    )
}

fn of_spec(element: Ext) -> [u32; 5] {
    element.coordinates().map(Felt::value)
}

fn of_fast(element: fast_field::EF) -> [u32; 5] {
    fast_field::coordinates(element).map(fast_field::to_canonical)
}

mod differential {
    use leanvm_differential::oracles::proofs;
    use leanvm_differential::shape::ZEROCHECK_ROUND;

    use super::*;

    #[test]
    fn next_claims() {
        crate::common::for_each(100, 300, |bytes| {
            for degree in 1..11 {
                let sent: Vec<Ext> = (0..degree).map(|i| spec_element(bytes, 3 + i)).collect();
                let sent_fast: Vec<_> = (0..degree).map(|i| fast_element(bytes, 3 + i)).collect();
                let plain = spec::complete_plain(spec_element(bytes, 0), &sent);
                let next = spec::evaluate_polynomial(&plain, spec_element(bytes, 1));
                let fast =
                    fast::plain_next(fast_element(bytes, 0), &sent_fast, fast_element(bytes, 1));
                assert_eq!(of_spec(next), of_fast(fast), "plain, degree {degree}");
                let weighted =
                    spec::complete_weighted(spec_element(bytes, 0), spec_element(bytes, 2), &sent);
                let next = spec::evaluate_polynomial(&weighted, spec_element(bytes, 1));
                let fast = fast::weighted_next(
                    fast_element(bytes, 0),
                    fast_element(bytes, 2),
                    &sent_fast,
                    fast_element(bytes, 1),
                );
                assert_eq!(of_spec(next), of_fast(fast), "weighted, degree {degree}");
            }
        });
    }

    #[test]
    fn interpolation() {
        crate::common::for_each(60, 300, |bytes| {
            for number in 1..12 {
                let values: Vec<Ext> = (0..number).map(|i| spec_element(bytes, i)).collect();
                let values_fast: Vec<_> = (0..number).map(|i| fast_element(bytes, i)).collect();
                let spec: Vec<_> = spec::interpolate(&values)
                    .into_iter()
                    .map(of_spec)
                    .collect();
                let fast: Vec<_> = fast::interpolate(&values_fast)
                    .into_iter()
                    .map(of_fast)
                    .collect();
                assert_eq!(spec, fast, "{number} values");
            }
        });
    }

    #[test]
    fn every_round_of_every_sumcheck() {
        proofs::each_proof(|case, proved, _, options| {
            for (label, length) in [
                ("lookup.round", 10),
                ("zerocheck.round", 5 * ZEROCHECK_ROUND),
                ("opening.round", 10),
            ] {
                let events = proofs::events_of(case, proved, options, label);
                assert!(proofs::count(&events, label) > 0, "`{label}` has no rounds");
                assert!(
                    events.iter().all(|event| event.values.len() == length),
                    "`{label}`"
                );
            }
        });
    }
}
