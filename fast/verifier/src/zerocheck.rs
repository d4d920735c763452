//! SPEC §15 zerocheck.
//!
//! One sumcheck over all tables for their constraints, for the leaf claims P, Q of the lookup and
//! for the claims of the permutations. [`RowWeights`] is what a table's row is multiplied by, for
//! both sides; `verifier` is the verifier's half. Source: batched zerocheck with the point of the
//! fractional sum, as in ePrint 2024/1046; activity as an indicator of the first n rows.

use std::slice;

use p3_field::PrimeCharacteristicRing;

use crate::field::{EF, F};
use crate::lookup::{Fingerprint, LeafLayout};
use crate::poseidon::HashClaims;
use crate::tables::{Builder, HASH_POWERS, HashColumns, MAX_HASHES, Numerator, SLOTS, TableId};

mod verifier;

pub(crate) use verifier::program_values;
pub use verifier::verify;

/// λ and γ.
#[derive(Clone, Copy, Debug)]
pub struct Combiners {
    /// Combines numerators and denominators.
    pub lambda: EF,
    /// Combines constraints.
    pub gamma: EF,
}

/// The weights of one interaction.
#[derive(Clone, Copy, Debug)]
pub struct InteractionWeights {
    /// w_j, of the numerator.
    pub numerator: EF,
    /// λ·w_j·eq(θ, slot), of the slots: subtracted.
    pub slots: [EF; SLOTS],
}

/// What the constraints and interactions of a table's row are multiplied by in G_T.
#[derive(Clone, Debug)]
pub struct RowWeights {
    /// Σ_j λ·w_j·(α − 1).
    pub constant: EF,
    /// By interaction.
    pub interactions: Vec<InteractionWeights>,
    /// γ^(1 + o_T + k).
    pub constraints: Vec<EF>,
    /// The weights of the columns of a hash table.
    pub hash: Option<HashWeights>,
}

/// The weights of the columns of a hash table that section 14 claims.
#[derive(Clone, Debug)]
pub struct HashWeights {
    /// Where these columns are.
    pub columns: HashColumns,
    /// γ^(first_T + j), of `y`.
    pub y: Vec<EF>,
    /// γ^(first_T + 512 + i), of `s`.
    pub s: Vec<EF>,
    /// γ^(first_T + 1024 + j), of `in`.
    pub inputs: Vec<EF>,
}

impl HashWeights {
    /// Those of which γ^(1 + the number of all constraints) is `power`.
    fn new(columns: HashColumns, gamma: EF, power: EF) -> Self {
        let number = HASH_POWERS.saturating_mul(columns.number);
        let weights = |count: usize, kind: usize| -> Vec<EF> {
            let first = kind
                .saturating_mul(HASH_POWERS * MAX_HASHES)
                .saturating_add(number);
            let start = power * gamma.exp_u64(u64::try_from(first).unwrap_or(u64::MAX));
            Iterator::take(gamma.shifted_powers(start), count).collect()
        };
        Self {
            columns,
            y: weights(columns.y, 0),
            s: weights(columns.s, 1),
            inputs: weights(columns.inputs, 2),
        }
    }

    /// The claims on the columns, each with its weight.
    pub fn claim(&self, claims: &HashClaims) -> EF {
        dot(&self.y, &claims.y) + dot(&self.s, &claims.s) + dot(&self.inputs, &claims.inputs)
    }
}

/// Σ_i weights_i·values_i.
fn dot(weights: &[EF], values: &[EF]) -> EF {
    weights
        .iter()
        .zip(values)
        .map(|(weight, value)| *weight * *value)
        .sum()
}

impl RowWeights {
    /// The weights of each present table, in the order of `layout`.
    #[must_use]
    pub fn of_all(
        layout: &LeafLayout,
        point: &[EF],
        fingerprint: &Fingerprint,
        combiners: Combiners,
    ) -> Vec<(TableId, Self)> {
        let mut all = Vec::with_capacity(layout.blocks.len());
        // Not from 1 on: the claims P and Q have the weights 1 and λ, and each constraint needs one
        // of its own.
        let mut power = combiners.gamma;
        let all_constraints = TableId::ALL.into_iter().map(TableId::num_constraints);
        let behind =
            power * power.exp_u64(all_constraints.map(|n| u64::try_from(n).unwrap_or(0)).sum());
        for id in TableId::ALL {
            let mut constraints = Vec::with_capacity(id.num_constraints());
            for _ in 0..id.num_constraints() {
                constraints.push(power);
                power *= combiners.gamma;
            }
            let Some(blocks) = layout.blocks.iter().find(|b| b.table == id) else {
                continue;
            };
            let mut constant = EF::ZERO;
            let mut interactions = Vec::with_capacity(blocks.interactions);
            for numerator in layout.weights(blocks, point) {
                let scaled = combiners.lambda * numerator;
                constant += scaled * (fingerprint.alpha - EF::ONE);
                interactions.push(InteractionWeights {
                    numerator,
                    slots: fingerprint.slots.map(|slot| scaled * slot),
                });
            }
            let weights = Self {
                constant,
                interactions,
                constraints,
                hash: id
                    .hash()
                    .map(|hash| HashWeights::new(hash, combiners.gamma, behind)),
            };
            all.push((id, weights));
        }
        all
    }
}

/// G_T of one row.
pub(crate) struct RowSum<'a> {
    /// The sum so far.
    sum: EF,
    interactions: slice::Iter<'a, InteractionWeights>,
    constraints: slice::Iter<'a, EF>,
}

impl<'a> RowSum<'a> {
    /// G_T at `row`, the committed and then the virtual columns.
    pub(crate) fn evaluate(id: TableId, row: &[EF], weights: &'a RowWeights) -> EF {
        let mut sum = Self {
            sum: weights.constant,
            interactions: weights.interactions.iter(),
            constraints: weights.constraints.iter(),
        };
        id.evaluate(row, &mut sum);
        if let Some(hash) = &weights.hash {
            let y = row.get(hash.columns.y_range());
            sum.sum += dot(&hash.y, y.unwrap_or_default());
        }
        sum.sum
    }
}

impl Builder for RowSum<'_> {
    type Constant = F;
    type Value = EF;

    fn constraint(&mut self, value: EF) {
        if let Some(weight) = self.constraints.next() {
            self.sum += *weight * value;
        }
    }

    fn interaction(&mut self, numerator: Numerator<EF>, tuple: &[(usize, EF)]) {
        let Some(weights) = self.interactions.next() else {
            return;
        };
        match numerator {
            Numerator::One => self.sum += weights.numerator,
            Numerator::MinusOne => self.sum -= weights.numerator,
            Numerator::Minus(multiplicity) => self.sum -= weights.numerator * multiplicity,
        }
        for (slot, value) in tuple {
            if let Some(weight) = weights.slots.get(*slot) {
                self.sum -= *weight * *value;
            }
        }
    }
}

/// What is left to show: the values of the columns of the present tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnClaims {
    /// ρ, of H coordinates.
    pub point: Vec<EF>,
    /// For each present table in order, c̃(ρ_T) of its columns in order.
    pub values: Vec<Vec<EF>>,
}

/// d: 2 + the greatest degree of a table.
pub const DEGREE: usize = 2 + TableId::MAX_DEGREE;
