//! SPEC §11 multilinear.
//!
//! Vectors of 2^k entries as functions of k variables, variable 0 the most significant bit of the index. Here are the closed forms and the
//! scalar functions of the verifier; `vectors` is the prover's packed and parallel half.

use p3_field::PrimeCharacteristicRing;

use crate::field::EF;

#[cfg(feature = "prover")]
mod vectors;

#[cfg(feature = "prover")]
pub use vectors::*;

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

/// eq(point, ·), all 2^k values.
#[must_use]
pub fn eq_vector(point: &[EF]) -> Vec<EF> {
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
        .zip(eq_vector(point))
        .map(|(value, weight)| *value * weight)
        .sum()
}

#[cfg(test)]
pub(crate) mod tests;
