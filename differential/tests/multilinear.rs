//! SPEC §11 multilinear.

use leanvm_differential::canonical::{MODULUS, words_of};
use leanvm_fast::field as fast_field;
use leanvm_fast::multilinear as fast;
use leanvm_fast::tuning::Tuning;
use leanvm_spec::field::{Ext, Felt};
use leanvm_spec::multilinear as spec;

/// Elements of E of both twins from random bytes: word i, or a word made of i when the bytes are
/// too few.
struct Source(Vec<u32>);

impl Source {
    fn new(bytes: &[u8]) -> Self {
        Self(words_of(bytes))
    }

    fn words(&self, first: usize) -> [u32; 5] {
        core::array::from_fn(|i| {
            let place = 5 * first + i;
            let made = (place as u32).wrapping_mul(2_654_435_761).rotate_left(7);
            (self
                .0
                .get(place % self.0.len().max(1))
                .copied()
                .unwrap_or(1)
                ^ made)
                % MODULUS
        })
    }

    fn spec(&self, first: usize, count: usize) -> Vec<Ext> {
        let element = |i| Ext::new(self.words(i).map(|word| Felt::new(u64::from(word))));
        (first..first + count).map(element).collect()
    }

    fn fast(&self, first: usize, count: usize) -> Vec<fast_field::EF> {
        let element = |i| {
            let coordinates = self
                .words(i)
                .map(|word| fast_field::from_canonical(word).expect("reduced"));
            fast_field::from_coordinates(coordinates)
        };
        (first..first + count).map(element).collect()
    }
}

fn of_spec(list: &[Ext]) -> Vec<[u32; 5]> {
    list.iter()
        .map(|element| element.coordinates().map(Felt::value))
        .collect()
}

fn of_fast(list: &[fast_field::EF]) -> Vec<[u32; 5]> {
    list.iter()
        .map(|element| fast_field::coordinates(*element).map(fast_field::to_canonical))
        .collect()
}

const TUNINGS: [fn() -> Tuning; 2] = [Tuning::default, Tuning::smallest];

mod differential {
    use super::*;

    #[test]
    fn eq_row_and_powers() {
        crate::common::for_each(60, 200, |bytes| {
            let source = Source::new(bytes);
            for k in 0..8 {
                let (point, other) = (source.spec(0, k), source.spec(k, k));
                let (point_fast, other_fast) = (source.fast(0, k), source.fast(k, k));
                assert_eq!(
                    of_spec(&[spec::eq(&point, &other)]),
                    of_fast(&[fast::eq(&point_fast, &other_fast)]),
                    "eq, {k}"
                );
                assert_eq!(
                    of_spec(&[spec::row(&point)]),
                    of_fast(&[fast::row(&point_fast)]),
                    "row, {k}"
                );
                let node = source.words(3)[0];
                let spec_powers = spec::powers(Felt::new(u64::from(node)), &point);
                let node = fast_field::from_canonical(node).expect("reduced");
                assert_eq!(
                    of_spec(&[spec_powers]),
                    of_fast(&[fast::powers(node, &point_fast)]),
                    "powers, {k}"
                );
                for index in 0..1 << k {
                    let spec = spec::eq_index(&point, index);
                    assert_eq!(
                        of_spec(&[spec]),
                        of_fast(&[fast::eq_index(&point_fast, index)]),
                        "eq at {index}, {k}"
                    );
                }
            }
        });
    }

    #[test]
    fn activity_of_each_size() {
        crate::common::for_each(20, 200, |bytes| {
            let source = Source::new(bytes);
            for k in 0..7 {
                for n in 0..=1 << k {
                    let spec = spec::activity(n, &source.spec(0, k));
                    let fast = fast::activity(n, &source.fast(0, k));
                    assert_eq!(of_spec(&[spec]), of_fast(&[fast]), "{n} of 2^{k}");
                }
            }
        });
    }

    #[test]
    fn tables_of_eq_and_evaluations() {
        crate::common::for_each(20, 400, |bytes| {
            let source = Source::new(bytes);
            for k in 0..9 {
                let table = spec::eq_table(&source.spec(0, k));
                let values = source.spec(k, 1 << k);
                let evaluation = spec::evaluate(&values, &source.spec(0, k));
                for tuning in TUNINGS {
                    let one = fast_field::EF::from(fast_field::from_canonical(1).expect("reduced"));
                    let fast_table = fast::scaled_eq_table(&source.fast(0, k), one, &tuning());
                    assert_eq!(of_spec(&table), of_fast(&fast_table), "eq table, {k}");
                    let fast =
                        fast::evaluate(&source.fast(k, 1 << k), &source.fast(0, k), &tuning());
                    assert_eq!(of_spec(&[evaluation]), of_fast(&[fast]), "evaluation, {k}");
                }
            }
        });
    }

    #[test]
    fn binding_the_first_variable() {
        crate::common::for_each(20, 400, |bytes| {
            let source = Source::new(bytes);
            for k in 1..8 {
                let bound = spec::bind(&source.spec(1, 1 << k), source.spec(0, 1)[0]);
                for tuning in TUNINGS {
                    let mut values = source.fast(1, 1 << k);
                    fast::bind(&mut values, source.fast(0, 1)[0], &tuning());
                    assert_eq!(of_spec(&bound), of_fast(&values), "{k}");
                }
            }
        });
    }
}
