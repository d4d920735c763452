//! SPEC §13 lookup.
//!
//! All buses at once: the sum of numerator/denominator over the leaves is proven to be what the
//! first and the last state leave over, by a fractional sum in layers. Here is what both sides know
//! of the leaves; `verifier` is the verifier's half. Sources: LogUp, ePrint 2022/1530; the
//! fractional sum as a layered circuit, ePrint 2023/1284.

use p3_field::PrimeCharacteristicRing;

use crate::commitment::TableShape;
use crate::field::{EF, F};
use crate::multilinear::eq_index;
use crate::tables::{Bus, LOG_SLOTS, SLOTS, TableId};

mod verifier;

pub use verifier::{fingerprint, verify};

/// The challenges that make a fraction of an interaction: α and the weights eq(θ, slot).
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// α.
    pub alpha: EF,
    /// eq(θ, slot).
    pub slots: [EF; SLOTS],
}

impl Fingerprint {
    /// The fingerprint of the challenges α and θ.
    #[must_use]
    pub fn new(alpha: EF, theta: [EF; LOG_SLOTS]) -> Self {
        let slots = std::array::from_fn(|slot| eq_index(&theta, slot));
        Self { alpha, slots }
    }

    /// α − fingerprint(STATE, pc, fp), the denominator of a state.
    pub fn state(&self, pc: F, fp: F) -> EF {
        let [bus, slot_1, slot_2, ..] = self.slots;
        self.alpha - bus * F::new(Bus::State.number()) - slot_1 * pc - slot_2 * fp
    }
}

/// The denominators `start` and `end` of the first and the last state (§13.2).
#[derive(Clone, Copy, Debug)]
pub struct Boundary {
    /// α − fingerprint(STATE, 0, fp_0).
    pub start: EF,
    /// α − fingerprint(STATE, halt pc, fp_0).
    pub end: EF,
}

impl Boundary {
    /// Whether p/q + 1/start − 1/end = 0, with no denominator zero.
    #[must_use]
    pub fn balances(&self, p: EF, q: EF) -> bool {
        let product = self.start * self.end;
        q * product != EF::ZERO && p * product + q * (self.end - self.start) == EF::ZERO
    }
}

/// What the fractional sum leaves: the values of the leaves' numerators and denominators at a
/// point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafClaim {
    /// r, of κ coordinates.
    pub point: Vec<EF>,
    /// P.
    pub numerator: EF,
    /// Q.
    pub denominator: EF,
}

/// Where the blocks of a table's interactions lie among the leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// The table.
    pub table: TableId,
    /// h_T.
    pub log_height: usize,
    /// Number of interactions, a block of 2^h_T leaves each.
    pub interactions: usize,
    /// Index of the first block, in blocks of 2^h_T.
    pub first: usize,
}

/// The blocks of the tables, and κ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafLayout {
    /// The blocks of each present table, in the order of the leaves.
    pub blocks: Vec<Blocks>,
    /// The leaves of all blocks.
    pub total: usize,
    /// κ.
    pub log_leaves: usize,
}

impl LeafLayout {
    /// The leaves of these tables, given by rising T, or `None` if their number does not fit into a
    /// `usize`.
    #[must_use]
    pub fn new(tables: &[TableShape]) -> Option<Self> {
        let mut sorted = tables.to_vec();
        // Stable: ties stay in the order T.
        sorted.sort_by_key(|shape| std::cmp::Reverse(shape.log_height()));
        let mut total = 0usize;
        let mut blocks = Vec::with_capacity(sorted.len());
        for shape in sorted {
            let (log_height, interactions) = (shape.log_height(), shape.table.num_interactions());
            let height = 1usize.checked_shl(u32::try_from(log_height).ok()?)?;
            blocks.push(Blocks {
                table: shape.table,
                log_height,
                interactions,
                first: total.checked_shr(u32::try_from(log_height).ok()?)?,
            });
            total = total.checked_add(height.checked_mul(interactions)?)?;
        }
        let log_leaves = usize::try_from(total.checked_next_power_of_two()?.ilog2()).ok()?;
        Some(Self {
            blocks,
            total,
            log_leaves,
        })
    }

    /// w_{T,j} = eq(first κ − h_T coordinates of `point`, block j of the table).
    #[must_use]
    pub fn weights(&self, blocks: &Blocks, point: &[EF]) -> Vec<EF> {
        let bits = self.log_leaves.saturating_sub(blocks.log_height);
        let high = point.get(..bits).unwrap_or(point);
        (0..blocks.interactions)
            .map(|j| eq_index(high, blocks.first + j))
            .collect()
    }
}
