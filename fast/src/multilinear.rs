//! SPEC §11 multilinear, vectors of the prover.
//!
//! The closed forms and the scalar functions are those of [`leanvm_verifier::multilinear`].
//!
//! Packed vectors hold entry `i·LANES + lane` in lane `lane` of element `i`, so that the lanes are
//! the last variables and binding variable 0 never crosses lanes. The generic functions take both
//! forms: `P` is [`EF`] or [`PackedEF`].

use rayon::prelude::*;

use p3_field::{
    Algebra, BasedVectorSpace, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
};

use crate::field::{DIMENSION, EF, F, PackedEF, PackedF};
use crate::tuning::{LANES, LOG_LANES, Tuning};

pub use leanvm_verifier::multilinear::*;

/// An entry of a vector: [`EF`] or [`PackedEF`], which are the same type where the instruction set
/// has no packing.
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

/// `scale`·eq(point, ·) with each entry multiplied by `base`.
///
/// For `P = PackedEF` the lanes of `base` are those of the last variables, which `point` leaves
/// out.
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
pub fn scaled_eq_table(point: &[EF], scale: EF, tuning: &Tuning) -> Vec<EF> {
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
pub fn bind<P: Entry>(values: &mut Vec<P>, r: EF, tuning: &Tuning) {
    let half = values.len() / 2;
    let (lower, upper) = values.split_at_mut(half);
    let bind_pair = |(lower, upper): (&mut P, &P)| *lower += (*upper - *lower) * r;
    if tuning.is_parallel(half) {
        lower
            .par_iter_mut()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .for_each(bind_pair);
    } else {
        lower.iter_mut().zip(upper.iter()).for_each(bind_pair);
    }
    values.truncate(half);
}

/// Binds variable 0 of a base vector to r.
#[must_use]
pub fn bind_base(values: &[F], r: EF, tuning: &Tuning) -> Vec<EF> {
    let (lower, upper) = values.split_at(values.len() / 2);
    let bind_pair = |(lower, upper): (&F, &F)| r * (*upper - *lower) + *lower;
    if tuning.is_parallel(lower.len()) {
        lower
            .par_iter()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .map(bind_pair)
            .collect()
    } else {
        lower.iter().zip(upper).map(bind_pair).collect()
    }
}

/// Binds variable 0 of a base vector to r, packed.
///
/// # Panics
/// If half the vector is no multiple of [`LANES`].
#[must_use]
pub fn bind_base_packed(values: &[F], r: EF, tuning: &Tuning) -> Vec<PackedEF> {
    let (lower, upper) = values.split_at(values.len() / 2);
    let (lower, upper) = (PackedF::pack_slice(lower), PackedF::pack_slice(upper));
    let r = PackedEF::from(r);
    let bind_pair = |(lower, upper): (&PackedF, &PackedF)| r * (*upper - *lower) + *lower;
    if tuning.is_parallel(lower.len()) {
        lower
            .par_iter()
            .with_min_len(tuning.chunk())
            .zip(upper.par_iter())
            .map(bind_pair)
            .collect()
    } else {
        lower.iter().zip(upper).map(bind_pair).collect()
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
        return scaled_eq_table(point, EF::ONE, tuning)
            .iter()
            .zip(values)
            .map(|(weight, value)| *weight * *value)
            .sum();
    }
    let low = eq_table_packed(low, EF::ONE, tuning);
    let high = scaled_eq_table(high, EF::ONE, tuning);
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
            let bind_pair = |(lower, upper): (&EF, &EF)| *lower + *r * (*upper - *lower);
            let mut bound: Vec<EF> = if tuning.is_parallel(lower.len()) {
                lower
                    .par_iter()
                    .with_min_len(tuning.chunk())
                    .zip(upper.par_iter())
                    .map(bind_pair)
                    .collect()
            } else {
                lower.iter().zip(upper).map(bind_pair).collect()
            };
            for r in rest {
                bind(&mut bound, *r, tuning);
            }
            bound.first().copied().unwrap_or(EF::ZERO)
        }
    }
}

/// The extension of a packed vector at a point.
pub fn evaluate_packed(values: &[PackedEF], point: &[EF], tuning: &Tuning) -> EF {
    let (high, lanes) = point.split_at(point.len() - LOG_LANES);
    let weights = scaled_eq_table(high, EF::ONE, tuning);
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
pub(crate) mod tests;
