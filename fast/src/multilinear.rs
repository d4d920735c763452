//! SPEC §11 multilinear.
//!
//! Vectors of 2^k entries as functions of k variables, variable 0 the most significant bit of the index. Packed vectors hold entry
//! `i·LANES + lane` in lane `lane` of element `i`, so that the lanes are the last variables and binding variable 0 never crosses lanes.
//! The generic functions take both forms: `P` is [`EF`] or [`PackedEF`].

use rayon::prelude::*;

use p3_field::{
    Algebra, BasedVectorSpace, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
};

use crate::field::{DIMENSION, EF, F, PackedEF, PackedF};
use crate::tuning::{LANES, LOG_LANES, Tuning};

/// An entry of a vector: [`EF`] or [`PackedEF`], which are the same type where the instruction set has no packing.
pub trait Entry: Algebra<EF> + Copy + Send + Sync + 'static {}

impl<P: Algebra<EF> + Copy + Send + Sync + 'static> Entry for P {}

/// The sum over the lanes.
pub fn sum_lanes(value: PackedEF) -> EF {
    let coordinates = packed_coordinates(&value);
    EF::from_basis_coefficients_fn(|d| coordinates[d].as_slice().iter().copied().sum::<F>())
}

/// The coordinates of a packed element.
#[inline]
#[must_use]
pub fn packed_coordinates(value: &PackedEF) -> &[PackedF] {
    value.as_basis_coefficients_slice()
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

/// activity(n, r): the extension of `[index < n]`.
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

/// powers(α, r): the extension of index ↦ α^index.
pub fn powers(alpha: EF, r: &[EF]) -> EF {
    let (mut power, mut result) = (alpha, EF::ONE);
    for r in r.iter().rev() {
        result *= EF::ONE - *r + *r * power;
        power = power.square();
    }
    result
}

/// `scale`·eq(point, ·) with each entry multiplied by `base`.
///
/// For `P = PackedEF` the lanes of `base` are those of the last variables, which `point` leaves out.
#[must_use]
pub fn tensor<P: Entry>(base: P, point: &[EF], tuning: &Tuning) -> Vec<P> {
    let split = point.len().saturating_sub(tuning.log_chunk);
    let (high, low) = point.split_at(split);
    if high.is_empty() || !tuning.is_parallel(1 << point.len()) {
        return doubling(base, point);
    }
    let low = doubling(base, low);
    let high = doubling(EF::ONE, high);
    let mut result = P::zero_vec(1 << point.len());
    result
        .par_chunks_mut(low.len())
        .zip(&high)
        .for_each(|(out, scale)| {
            for (out, low) in out.iter_mut().zip(&low) {
                *out = *low * *scale;
            }
        });
    result
}

fn doubling<P: Entry>(base: P, point: &[EF]) -> Vec<P> {
    let mut table = Vec::with_capacity(1 << point.len());
    table.push(base);
    for r in point.iter().rev() {
        for i in 0..table.len() {
            let upper = table[i] * *r;
            table[i] -= upper;
            table.push(upper);
        }
    }
    table
}

/// `scale`·eq(point, ·).
#[must_use]
pub fn eq_table(point: &[EF], scale: EF, tuning: &Tuning) -> Vec<EF> {
    tensor(scale, point, tuning)
}

/// `scale`·eq(point, ·), packed.
///
/// # Panics
/// If the point has fewer than log2 [`LANES`] coordinates.
#[must_use]
pub fn eq_table_packed(point: &[EF], scale: EF, tuning: &Tuning) -> Vec<PackedEF> {
    let (high, lanes) = point.split_at(point.len() - LOG_LANES);
    tensor(pack_one(&doubling(scale, lanes)), high, tuning)
}

/// The packed element of [`LANES`] elements.
#[must_use]
pub fn pack_one(elements: &[EF]) -> PackedEF {
    PackedEF::from_ext_slice(elements)
}

/// The packed form of a vector whose length is a multiple of [`LANES`].
#[must_use]
pub fn pack(values: &[EF]) -> Vec<PackedEF> {
    values.chunks_exact(LANES).map(pack_one).collect()
}

/// The entries of a packed vector.
#[must_use]
pub fn unpack(values: &[PackedEF]) -> Vec<EF> {
    values
        .iter()
        .flat_map(|value| (0..LANES).map(|lane| value.extract(lane)))
        .collect()
}

/// Binds variable 0 of a vector to r, in place: the lower half remains.
pub fn fold<P: Entry>(values: &mut Vec<P>, r: EF, tuning: &Tuning) {
    let half = values.len() / 2;
    let (lower, upper) = values.split_at_mut(half);
    let bind = |(lower, upper): (&mut P, &P)| *lower += (*upper - *lower) * r;
    if tuning.is_parallel(half) {
        lower
            .par_iter_mut()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .for_each(bind);
    } else {
        lower.iter_mut().zip(upper.iter()).for_each(bind);
    }
    values.truncate(half);
}

/// Binds variable 0 of a base vector to r.
#[must_use]
pub fn fold_base(values: &[F], r: EF, tuning: &Tuning) -> Vec<EF> {
    let (lower, upper) = values.split_at(values.len() / 2);
    let bind = |(lower, upper): (&F, &F)| r * (*upper - *lower) + *lower;
    if tuning.is_parallel(lower.len()) {
        lower
            .par_iter()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .map(bind)
            .collect()
    } else {
        lower.iter().zip(upper).map(bind).collect()
    }
}

/// Binds variable 0 of a base vector to r, packed.
///
/// # Panics
/// If half the vector is no multiple of [`LANES`].
#[must_use]
pub fn fold_base_packed(values: &[F], r: EF, tuning: &Tuning) -> Vec<PackedEF> {
    let (lower, upper) = values.split_at(values.len() / 2);
    let (lower, upper) = (PackedF::pack_slice(lower), PackedF::pack_slice(upper));
    let r = PackedEF::from(r);
    let bind = |(lower, upper): (&PackedF, &PackedF)| r * (*upper - *lower) + *lower;
    if tuning.is_parallel(lower.len()) {
        lower
            .par_iter()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .map(bind)
            .collect()
    } else {
        lower.iter().zip(upper).map(bind).collect()
    }
}

/// Σ_i base_i·weights_i, packed by coordinate with delayed reduction.
#[must_use]
pub fn dot_base(base: &[PackedF], weights: &[PackedEF]) -> PackedEF {
    const BLOCK: usize = 4;
    let mut sum = [PackedF::ZERO; DIMENSION];
    let (base_blocks, base_rest) = base.as_chunks::<BLOCK>();
    let (weight_blocks, weight_rest) = weights.as_chunks::<BLOCK>();
    for (base, weights) in base_blocks.iter().zip(weight_blocks) {
        for (d, sum) in sum.iter_mut().enumerate() {
            let coordinates: [PackedF; BLOCK] =
                std::array::from_fn(|i| packed_coordinates(&weights[i])[d]);
            *sum += PackedF::dot_product(base, &coordinates);
        }
    }
    let mut sum = PackedEF::from_basis_coefficients_fn(|d| sum[d]);
    for (base, weight) in base_rest.iter().zip(weight_rest) {
        sum += *weight * *base;
    }
    sum
}

/// Σ_x base(x)·weights(x).
///
/// The weights are in packed form if `packed` has an element, else scalar.
pub fn evaluate_base(values: &[F], point: &[EF], tuning: &Tuning) -> EF {
    let log_chunk = tuning.chunk().max(LANES).trailing_zeros() as usize;
    let (high, low) = point.split_at(point.len().saturating_sub(log_chunk));
    if !tuning.is_packed(1 << low.len()) {
        return eq_table(point, EF::ONE, tuning)
            .iter()
            .zip(values)
            .map(|(weight, value)| *weight * *value)
            .sum();
    }
    let low = eq_table_packed(low, EF::ONE, tuning);
    let high = eq_table(high, EF::ONE, tuning);
    let term = |(values, scale): (&[F], &EF)| {
        sum_lanes(dot_base(PackedF::pack_slice(values), &low)) * *scale
    };
    let chunk = low.len() * LANES;
    if tuning.is_parallel(values.len()) {
        values.par_chunks(chunk).zip(&high).map(term).sum()
    } else {
        values.chunks(chunk).zip(&high).map(term).sum()
    }
}

/// The extension of a vector over E at a point.
pub fn evaluate(values: &[EF], point: &[EF], tuning: &Tuning) -> EF {
    match point.split_first() {
        None => values.first().copied().unwrap_or(EF::ZERO),
        Some((r, rest)) => {
            let (lower, upper) = values.split_at(values.len() / 2);
            let bind = |(lower, upper): (&EF, &EF)| *lower + *r * (*upper - *lower);
            let mut bound: Vec<EF> = if tuning.is_parallel(lower.len()) {
                lower
                    .par_iter()
                    .with_min_len(tuning.chunk())
                    .zip(upper.par_iter())
                    .map(bind)
                    .collect()
            } else {
                lower.iter().zip(upper).map(bind).collect()
            };
            for r in rest {
                fold(&mut bound, *r, tuning);
            }
            bound.first().copied().unwrap_or(EF::ZERO)
        }
    }
}

/// The extension of a packed vector at a point.
pub fn evaluate_packed(values: &[PackedEF], point: &[EF], tuning: &Tuning) -> EF {
    let (high, lanes) = point.split_at(point.len() - LOG_LANES);
    let weights = eq_table(high, EF::ONE, tuning);
    let term = |(value, weight): (&PackedEF, &EF)| *value * *weight;
    let sum: PackedEF = if tuning.is_parallel(values.len()) {
        values
            .par_chunks(tuning.chunk())
            .zip(weights.par_chunks(tuning.chunk()))
            .map(|(values, weights)| values.iter().zip(weights).map(term).sum::<PackedEF>())
            .reduce(|| PackedEF::ZERO, |a, b| a + b)
    } else {
        values.iter().zip(&weights).map(term).sum()
    };
    let lane_weights = pack_one(&doubling(EF::ONE, lanes));
    sum_lanes(sum * lane_weights)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::field::from_coordinates;

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

    fn bit_point(index: usize, k: usize) -> Vec<EF> {
        (0..k)
            .map(|i| EF::from_usize((index >> (k - 1 - i)) & 1))
            .collect()
    }

    #[test]
    fn tables_are_eq() {
        let mut random = Generator(1);
        for k in 0..13 {
            let point = random.extensions(k);
            let scale = random.extension();
            let expected: Vec<EF> = (0..1 << k)
                .map(|i| scale * eq(&point, &bit_point(i, k)))
                .collect();
            for (i, value) in expected.iter().enumerate() {
                assert_eq!(scale * eq_index(&point, i), *value);
            }
            for tuning in TUNINGS.map(|t| t()) {
                assert_eq!(eq_table(&point, scale, &tuning), expected);
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
            let weights = eq_table(&point, EF::ONE, &Tuning::default());
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
                    let folded = fold_base(&base, point[0], &tuning);
                    let packed = fold_base_packed(&base, point[0], &tuning);
                    assert_eq!(unpack(&packed), folded);
                    assert_eq!(evaluate(&folded, &point[1..], &tuning), expected_base);
                    let mut scalar = values.clone();
                    let mut packed = pack(&values);
                    fold(&mut scalar, point[0], &tuning);
                    fold(&mut packed, point[0], &tuning);
                    assert_eq!(unpack(&packed), scalar);
                    assert_eq!(evaluate(&scalar, &point[1..], &tuning), expected);
                }
            }
        }
    }

    #[test]
    fn closed_forms() {
        let mut random = Generator(3);
        let alpha = random.extension();
        for k in 0..6 {
            let point = random.extensions(k);
            let weights = eq_table(&point, EF::ONE, &Tuning::default());
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
            let power: EF = weights
                .iter()
                .zip(alpha.powers())
                .map(|(w, p)| *w * p)
                .sum();
            assert_eq!(powers(alpha, &point), power);
        }
    }
}
