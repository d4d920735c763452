//! SPEC §11 multilinear.
//!
//! Vectors of 2^k entries as functions of k variables, variable 0 the most significant bit of the
//! index. Here are the closed forms and the scalar functions of the verifier.

use p3_field::PrimeCharacteristicRing;

use crate::field::{EF, F};

/// The least k with `number` ≤ 2^k.
#[must_use]
pub fn log2_ceil(number: usize) -> usize {
    let log = number.saturating_sub(1).checked_ilog2();
    log.map_or(0, |log| usize::try_from(log).unwrap_or(0).saturating_add(1))
}

/// eq(r, x) for two points: the product over the shorter of them.
pub fn eq(r: &[EF], x: &[EF]) -> EF {
    r.iter()
        .zip(x)
        .map(|(r, x)| (*r * *x).double() + EF::ONE - *r - *x)
        .product()
}

/// eq(r, x) for the point x of the bits of `index`, most significant first.
pub fn eq_index(r: &[EF], index: usize) -> EF {
    r.iter()
        .rev()
        .enumerate()
        .map(|(i, r)| {
            if index
                .checked_shr(u32::try_from(i).unwrap_or(u32::MAX))
                .unwrap_or(0)
                & 1
                == 1
            {
                *r
            } else {
                EF::ONE - *r
            }
        })
        .product()
}

/// row(r): the extension of the index itself.
pub fn row(r: &[EF]) -> EF {
    r.iter().fold(EF::ZERO, |sum, r| sum.double() + *r)
}

/// §11.1 to §11.4: activity(n, r), the extension of `[index < n]`.
pub fn activity(n: usize, r: &[EF]) -> EF {
    let k = r.len();
    let bit = |i: usize| {
        n.checked_shr(u32::try_from(i).unwrap_or(u32::MAX))
            .unwrap_or(0)
            & 1
            == 1
    };
    if bit(k) {
        return EF::ONE;
    }
    let (mut e, mut s) = (EF::ONE, EF::ZERO);
    for (r, i) in r.iter().zip((0..k).rev()) {
        if bit(i) {
            s += e * (EF::ONE - *r);
            e *= *r;
        } else {
            e *= EF::ONE - *r;
        }
    }
    s
}

/// powers(ν, r): the extension of index ↦ ν^index.
pub fn powers(node: F, r: &[EF]) -> EF {
    let (mut power, mut result) = (node, EF::ONE);
    for r in r.iter().rev() {
        result *= EF::ONE + *r * (power - F::ONE);
        power = power.square();
    }
    result
}

/// eq(point, ·), all 2^k values.
#[must_use]
pub fn eq_table(point: &[EF]) -> Vec<EF> {
    let mut table = vec![EF::ONE];
    for r in point {
        table = table
            .iter()
            .flat_map(|entry| {
                let upper = *entry * *r;
                [*entry - upper, upper]
            })
            .collect();
    }
    table
}

/// The extension of a vector of 2^k entries at a point of k coordinates.
pub fn evaluate_vector(values: &[EF], point: &[EF]) -> EF {
    values
        .iter()
        .zip(eq_table(point))
        .map(|(value, weight)| *value * weight)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::from_coordinates;

    /// Elements without structure.
    struct Generator(u32);

    impl Generator {
        fn extension(&mut self) -> EF {
            from_coordinates([0; 5].map(|_| {
                self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                F::from_u32(self.0 >> 2).exp_const_u64::<3>()
            }))
        }

        fn extensions(&mut self, count: usize) -> Vec<EF> {
            (0..count).map(|_| self.extension()).collect()
        }
    }

    #[test]
    fn logarithms_are_rounded_up() {
        for (number, log) in [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 3),
            (usize::MAX, 64),
        ] {
            assert_eq!(log2_ceil(number), log, "{number}");
        }
    }

    fn bit_point(index: usize, k: usize) -> Vec<EF> {
        (0..k)
            .map(|i| EF::from_usize((index >> (k - 1 - i)) & 1))
            .collect()
    }

    #[test]
    fn eq_tables_are_eq() {
        let mut random = Generator(1);
        for k in 0..10 {
            let point = random.extensions(k);
            let expected: Vec<EF> = (0..1 << k).map(|i| eq(&point, &bit_point(i, k))).collect();
            for (i, value) in expected.iter().enumerate() {
                assert_eq!(eq_index(&point, i), *value);
            }
            assert_eq!(eq_table(&point), expected);
            let values = random.extensions(1 << k);
            let sum: EF = expected.iter().zip(&values).map(|(w, v)| *w * *v).sum();
            assert_eq!(evaluate_vector(&values, &point), sum);
        }
    }

    #[test]
    fn closed_forms() {
        let mut random = Generator(3);
        let node = F::from_u32(1_234_567_890);
        for k in 0..6 {
            let point = random.extensions(k);
            let weights = eq_table(&point);
            for n in 0..=1usize << k {
                let expected: EF = weights.iter().take(n).copied().sum();
                assert_eq!(activity(n, &point), expected);
            }
            let index: EF = weights
                .iter()
                .enumerate()
                .map(|(i, w)| *w * F::from_usize(i))
                .sum();
            assert_eq!(row(&point), index);
            let power: EF = weights.iter().zip(node.powers()).map(|(w, p)| *w * p).sum();
            assert_eq!(powers(node, &point), power);
        }
    }
}
