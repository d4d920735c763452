//! SPEC §12 sumcheck, the prover's half.
//!
//! What both sides do with one round is in [`leanvm_verifier::sumcheck`]; [`weights`] is the
//! prover's eq table, cut into blocks; [`linear`] has forms over E of values in F.

use p3_field::{Field, PrimeCharacteristicRing};
use rayon::prelude::*;

use self::weights::Lanes;
use crate::field::{EF, F};

pub use leanvm_verifier::sumcheck::*;

pub mod linear;
pub mod weights;

/// Binds the first variable, of which the lower half has `half` entries; those behind the last are
/// 0.
pub fn bind_first<A: Lanes>(entries: &mut Vec<A>, half: usize, challenge: EF) {
    let length = half.min(entries.len());
    let (low, high) = entries.split_at_mut(length);
    let (both, alone) = low.split_at_mut(high.len());
    let keep = EF::ONE - challenge;
    both.par_iter_mut()
        .zip(high)
        .with_min_len(1 << 8)
        .for_each(|(low, high)| *low += (*high - *low) * challenge);
    alone.iter_mut().for_each(|low| *low *= keep);
    entries.truncate(half);
}

/// The coefficients c_0..=c_d of the polynomial whose values at 0..=d are `values`.
///
/// Newton's divided differences at the nodes 0, 1, …, then the nested form is multiplied out.
#[must_use]
pub fn interpolate(values: &[EF]) -> Vec<EF> {
    let mut differences = values.to_vec();
    for order in 1..values.len() {
        let inverse = F::from_usize(order).inverse();
        for i in (order..values.len()).rev() {
            differences[i] = (differences[i] - differences[i - 1]) * inverse;
        }
    }
    let mut coefficients: Vec<EF> = Vec::with_capacity(values.len());
    for (node, difference) in differences.into_iter().enumerate().rev() {
        // coefficients ← coefficients·(X − node) + difference
        let node = F::from_usize(node);
        coefficients.insert(0, EF::ZERO);
        for i in 1..coefficients.len() {
            let upper = coefficients[i];
            coefficients[i - 1] -= upper * node;
        }
        coefficients[0] += difference;
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(seed: u32) -> EF {
        crate::field::from_coordinates(std::array::from_fn(|i| {
            F::from_u32(seed * 977 + 31 * u32::try_from(i).unwrap()).exp_const_u64::<5>()
        }))
    }

    #[test]
    fn interpolation_gives_back_the_coefficients() {
        for length in 1..11 {
            let coefficients: Vec<EF> = (0..length).map(element).collect();
            let values: Vec<EF> = (0..length)
                .map(|x| evaluate_polynomial(&coefficients, EF::from_u32(x)))
                .collect();
            assert_eq!(interpolate(&values), coefficients);
        }
    }
}
