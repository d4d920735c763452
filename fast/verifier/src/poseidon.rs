//! SPEC §14 poseidon.
//!
//! GKR for the permutation in the hash tables: that `s` and `y` are those of the permutation of
//! `in`. The layers of cubes between them are not committed; a sumcheck a layer leads from claims
//! on its output to claims on its input. `rounds` is the permutation with its layers, `verifier`
//! the verifier's half. Sources: GKR, Goldwasser, Kalai and Rothblum 2008; Poseidon2, ePrint
//! 2023/323; several variables at once over a subgroup, ePrint 2024/108.

use p3_field::{Field, PrimeCharacteristicRing, TwoAdicField};

use crate::field::{EF, F};
use crate::multilinear::{activity, eq, eq_index, eq_table};
use crate::tables::{TableId, log_height};

mod combination;
mod rounds;
mod verifier;

pub use combination::Combination;
pub use rounds::{ROUNDS_16, ROUNDS_24, Rounds};
pub use verifier::verify;

/// Number of layers of cubes.
pub const NUM_LAYERS: usize = 8;
/// The layer whose cubes enter the partial rounds.
pub const MIDDLE: usize = 3;
/// Degree of a layer.
pub const DEGREE: usize = 3;
/// log2 of [`BLOCK`].
pub const LOG_BLOCK: usize = 3;
/// Rows of a block, which Z stands for.
pub const BLOCK: usize = 1 << LOG_BLOCK;
/// Degree of the polynomial of §14.3.
pub const SKIP_DEGREE: usize = DEGREE * (BLOCK - 1);

/// Powers ξ^0 to ξ^7 of ξ, the root of unity of order 8.
pub fn roots() -> [F; BLOCK] {
    let mut power = F::ONE;
    [(); BLOCK].map(|()| {
        let root = power;
        power *= F::two_adic_generator(LOG_BLOCK);
        root
    })
}

/// Σ_z values_z·ξ^(sign·zk) for k < 8.
pub fn transform(values: [EF; BLOCK], inverse: bool) -> [EF; BLOCK] {
    let roots = roots();
    std::array::from_fn(|k| {
        let k = if inverse { BLOCK.wrapping_sub(k) } else { k };
        let root = |z: usize| roots.iter().cycle().nth(z.wrapping_mul(k) % BLOCK);
        let terms = values.iter().enumerate();
        terms
            .map(|(z, value)| *value * *crate::tables::there(root(z)))
            .sum()
    })
}

/// lagrange_z(Z) for z < 8.
pub fn lagrange(z: EF) -> [EF; BLOCK] {
    let mut power = EF::from(F::from_usize(BLOCK).inverse());
    let powers = [(); BLOCK].map(|()| {
        let value = power;
        power *= z;
        value
    });
    transform(powers, true)
}

/// (y, Z).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SkipPoint {
    /// y, of H_P − 3 coordinates.
    pub y: Vec<EF>,
    /// Z.
    pub z: EF,
}

impl SkipPoint {
    /// y_T of a table of 2^`log_height` rows.
    pub fn own(&self, log_height: usize) -> &[EF] {
        last(&self.y, log_height.saturating_sub(LOG_BLOCK))
    }

    /// kernel(ρ_T) of §15.4, for ρ_T of h_T coordinates.
    pub fn kernel_at(&self, point: &[EF]) -> EF {
        let row = last(point, LOG_BLOCK);
        let weights = eq_table(row);
        let in_block: EF = weights
            .iter()
            .zip(lagrange(self.z))
            .map(|(w, l)| *w * l)
            .sum();
        eq(self.own(point.len()), point) * in_block
    }

    /// Î_T(y, Z) of a table with so many rows.
    pub fn activity(&self, rows: usize) -> EF {
        let log_height = log_height(rows);
        if rows.checked_shr(u32::try_from(log_height).unwrap_or(u32::MAX)) == Some(1) {
            return EF::ONE;
        }
        let y = self.own(log_height);
        let block = rows >> LOG_BLOCK;
        let rest: EF = lagrange(self.z).into_iter().take(rows % BLOCK).sum();
        activity(block, y) + eq_index(y, block) * rest
    }
}

/// The last `count` coordinates.
fn last(point: &[EF], count: usize) -> &[EF] {
    point
        .split_at_checked(point.len().saturating_sub(count))
        .map_or(point, |(_, last)| last)
}

/// The claims on the columns of a hash table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashClaims {
    /// T.
    pub table: TableId,
    /// The extensions of I_T·`y_j` at r_T.
    pub y: Vec<EF>,
    /// `s_i` at the skip point of layer 3.
    pub s: Vec<EF>,
    /// `in_j` at the skip point of layer 0.
    pub inputs: Vec<EF>,
}

/// What section 14 leaves to show (§14.9); without hash tables no table and points of no
/// coordinates.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PermutationClaims {
    /// The skip point of layer 3, of `s`.
    pub s_point: SkipPoint,
    /// The skip point of layer 0, of `in`.
    pub input_point: SkipPoint,
    /// The claims on each present hash table.
    pub tables: Vec<HashClaims>,
}
