//! SPEC §14 poseidon, the prover's half.
//!
//! The verifier's half, the permutation with its layers and the sum of a layer are those of
//! [`leanvm_verifier::poseidon`]. Here `layers` has the layers of all rows in F and makes the
//! message that binds Z; `blocks` is the sumcheck over the blocks, in E; `prover` goes through the
//! layers.

use p3_field::PrimeCharacteristicRing;

use crate::field::EF;
use crate::multilinear::scaled_eq_table;
use crate::tuning::Tuning;

pub use leanvm_verifier::poseidon::*;

mod blocks;
mod layers;
mod prover;

pub use prover::prove;

/// eq(y_T, b)·lagrange_z(Z) on the 2^`log_height` rows 8b + z.
#[must_use]
pub fn kernel(point: &SkipPoint, log_height: usize, tuning: &Tuning) -> Vec<EF> {
    let blocks = scaled_eq_table(point.own(log_height), EF::ONE, tuning);
    let row = lagrange(point.z);
    let values = blocks.iter().flat_map(|block| row.map(|row| *block * row));
    values.collect()
}

#[cfg(test)]
mod tests;
