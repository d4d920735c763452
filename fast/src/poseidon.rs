//! SPEC §14 poseidon, the prover's half.
//!
//! The verifier's half, the permutation with its layers and the sum of a layer are those of
//! [`leanvm_verifier::poseidon`]. Here `layers` has the layers of all rows in F and makes the
//! message that binds Z; `blocks` is the sumcheck over the blocks, in E; `prover` goes through the
//! layers.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use crate::allocator::collect;
use crate::commitment::vector::Vector;
use crate::field::{EF, PackedEF};
use crate::multilinear::scaled_eq_table;
use crate::sumcheck::weights::Lanes;
use crate::tuning::{LANES, Tuning};

pub use leanvm_verifier::poseidon::*;

mod blocks;
mod layers;
mod prover;

pub use prover::prove;

/// eq(y_T, b)·lagrange_z(Z) on the 2^`log_height` rows 8b + z.
#[must_use]
pub fn kernel(point: &SkipPoint, log_height: usize, tuning: &Tuning) -> Vector {
    let blocks = scaled_eq_table(point.own(log_height), EF::ONE, tuning);
    let row = lagrange(point.z);
    let height = 1 << log_height;
    if !tuning.is_packed(height) {
        let values = blocks.iter().flat_map(|block| row.map(|row| *block * row));
        return Vector::Scalar(values.collect());
    }
    let rows: Vec<PackedEF> = (0..BLOCK.div_ceil(LANES))
        .map(|part| PackedEF::from_lanes(|lane| row[(part * LANES + lane) % BLOCK]))
        .collect();
    let vector = |x: usize| {
        let blocks = PackedEF::from_lanes(|lane| blocks[(x * LANES + lane) / BLOCK]);
        blocks * rows[x % rows.len()]
    };
    Vector::Packed(collect((0..height / LANES).into_par_iter().map(vector)))
}

#[cfg(test)]
mod tests;
