//! SPEC §11 multilinear: tests.

use p3_field::PrimeCharacteristicRing;

use super::*;
use crate::field::{EF, F, from_coordinates};
use crate::tuning::{LANES, Tuning};

/// Deterministic elements for tests.
pub(crate) struct Generator(pub(crate) u64);

impl Generator {
    pub(crate) fn word(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    pub(crate) fn base(&mut self) -> F {
        F::from_u32(self.word())
    }

    pub(crate) fn extension(&mut self) -> EF {
        from_coordinates(std::array::from_fn(|_| self.base()))
    }

    pub(crate) fn bases(&mut self, count: usize) -> Vec<F> {
        (0..count).map(|_| self.base()).collect()
    }

    pub(crate) fn extensions(&mut self, count: usize) -> Vec<EF> {
        (0..count).map(|_| self.extension()).collect()
    }
}

pub(crate) const TUNINGS: [fn() -> Tuning; 2] = [Tuning::default, Tuning::smallest];

#[test]
fn tables_are_eq() {
    let mut random = Generator(1);
    for k in 0..13 {
        let point = random.extensions(k);
        let scale = random.extension();
        let expected: Vec<EF> = eq_table(&point).iter().map(|w| scale * *w).collect();
        for tuning in TUNINGS.map(|t| t()) {
            assert_eq!(scaled_eq_table(&point, scale, &tuning), expected);
            if 1usize << k >= LANES {
                let packed = eq_table_packed(&point, scale, &tuning);
                assert_eq!(unpack(&packed), expected);
                assert_eq!(pack(&expected), packed);
            }
        }
    }
}

#[test]
fn evaluations_and_folds() {
    let mut random = Generator(2);
    for k in 0..14 {
        let point = random.extensions(k);
        let base = random.bases(1 << k);
        let values = random.extensions(1 << k);
        let weights = scaled_eq_table(&point, EF::ONE, &Tuning::default());
        let expected_base: EF = weights.iter().zip(&base).map(|(w, v)| *w * *v).sum();
        let expected: EF = weights.iter().zip(&values).map(|(w, v)| *w * *v).sum();
        for tuning in TUNINGS.map(|t| t()) {
            assert_eq!(evaluate_base(&base, &point, &tuning), expected_base);
            assert_eq!(evaluate(&values, &point, &tuning), expected);
            if 1usize << k >= LANES {
                let packed = pack(&values);
                assert_eq!(evaluate_packed(&packed, &point, &tuning), expected);
            }
            if 1usize << k > LANES {
                let folded = bind_base(&base, point[0], &tuning);
                let packed = bind_base_packed(&base, point[0], &tuning);
                assert_eq!(unpack(&packed), folded);
                assert_eq!(evaluate(&folded, &point[1..], &tuning), expected_base);
                let mut scalar = values.clone();
                let mut packed = pack(&values);
                bind(&mut scalar, point[0], &tuning);
                bind(&mut packed, point[0], &tuning);
                assert_eq!(unpack(&packed), scalar);
                assert_eq!(evaluate(&scalar, &point[1..], &tuning), expected);
            }
        }
    }
}
