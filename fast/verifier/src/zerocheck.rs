//! SPEC §14 zerocheck.
//!
//! One sumcheck over all tables for their constraints and for the leaf claims P, Q of the lookup.
//! [`RowWeights`] is what a table's row is multiplied by, [`RowSum`] computes G_T of a row; both
//! sides use them. `verifier` is the verifier's half. Source: batched zerocheck with the point of
//! the fractional sum, as in ePrint 2024/1046; activity as an indicator of the first n rows.

use std::marker::PhantomData;
use std::ops::{AddAssign, Mul, SubAssign};
use std::slice;

use p3_field::PrimeCharacteristicRing;

use crate::field::{EF, F};
use crate::lookup::{Fingerprint, LeafLayout};
use crate::tables::{Builder, Numerator, Ring, SLOTS, TableId};

mod verifier;

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
pub struct InteractionWeights<A> {
    /// w_j, of the numerator.
    pub numerator: A,
    /// λ·w_j·eq(θ, slot), of the slots: subtracted.
    pub slots: [A; SLOTS],
}

/// What the constraints and interactions of a table's row are multiplied by in G_T.
#[derive(Clone, Debug)]
pub struct RowWeights<A> {
    /// Σ_j λ·w_j·(α − 1).
    pub constant: A,
    /// By interaction.
    pub interactions: Vec<InteractionWeights<A>>,
    /// γ^(1 + o_T + k).
    pub constraints: Vec<A>,
}

impl RowWeights<EF> {
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
            };
            all.push((id, weights));
        }
        all
    }

    /// The same weights in another ring.
    #[must_use]
    pub fn convert<A: From<EF>>(&self) -> RowWeights<A> {
        RowWeights {
            constant: self.constant.into(),
            interactions: self
                .interactions
                .iter()
                .map(|weights| InteractionWeights {
                    numerator: weights.numerator.into(),
                    slots: weights.slots.map(A::from),
                })
                .collect(),
            constraints: self.constraints.iter().map(|w| A::from(*w)).collect(),
        }
    }
}

/// G_T of one row, whose values are in R, constants in C; weights and sum are in A.
pub struct RowSum<'a, C, R, A> {
    /// The sum so far.
    sum: A,
    interactions: slice::Iter<'a, InteractionWeights<A>>,
    constraints: slice::Iter<'a, A>,
    rings: PhantomData<(C, R)>,
}

impl<'a, C, R, A> RowSum<'a, C, R, A>
where
    C: Copy + From<F>,
    R: Ring<C>,
    A: Copy + Mul<R, Output = A> + AddAssign + SubAssign,
{
    /// G_T at `row`, the committed and then the virtual columns.
    #[inline]
    pub fn evaluate(id: TableId, row: &[R], weights: &'a RowWeights<A>) -> A {
        let mut sum = Self {
            sum: weights.constant,
            interactions: weights.interactions.iter(),
            constraints: weights.constraints.iter(),
            rings: PhantomData,
        };
        id.evaluate(row, &mut sum);
        sum.sum
    }
}

impl<C, R, A> Builder for RowSum<'_, C, R, A>
where
    C: Copy + From<F>,
    R: Ring<C>,
    A: Copy + Mul<R, Output = A> + AddAssign + SubAssign,
{
    type Constant = C;
    type Value = R;

    #[inline]
    fn constraint(&mut self, value: R) {
        if let Some(weight) = self.constraints.next() {
            self.sum += *weight * value;
        }
    }

    #[inline]
    fn interaction(&mut self, numerator: Numerator<R>, tuple: &[(usize, R)]) {
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

/// d: 1 + the greatest degree of the present tables.
#[must_use]
pub fn degree(present: impl IntoIterator<Item = TableId>) -> usize {
    1 + present.into_iter().map(TableId::degree).max().unwrap_or(0)
}
