//! SPEC §23 aggregation: how many signatures fit.
//!
//! The rows of an execution are at most a fixed number and so many a signature; the caps of SPEC §17 and the length of a proof follow from them.

#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        unsafe_code
    )
)]

use super::{MAX_BYTES, PUBLIC_ELEMENTS};
use crate::field::{DIMENSION, F};
use crate::isa::Program;
use crate::parameters::{ParameterSet, Parameters};
use crate::proof::{HEADER_WORDS, Header, PublicCells, Sizes};
use crate::rejection::Error;
use crate::tables::TableId;
use crate::zerocheck::degree;

/// Cycles of the limit of SPEC §6.
const MAX_CYCLES: u32 = 1 << 24;

/// Most rows of a table: those of an execution without signatures, those of one signature. None in the other tables.
pub(super) const ROWS: [(TableId, u32, u32); 7] = [
    (TableId::Memory, 204, 189),
    (TableId::Add, 1100, 231),
    (TableId::Mul, 180, 10),
    (TableId::Deref, 330, 61),
    (TableId::Jump, 12, 171),
    (TableId::Poseidon16, 0, 24),
    (TableId::Poseidon16Halves, 0, 143),
];

/// Most rows of the announced tables for n signatures, and most cycles.
pub(super) fn rows(signatures: u32) -> ([u32; TableId::COUNT - 1], u32) {
    let mut rows = [0; TableId::COUNT - 1];
    let mut cycles: u32 = 0;
    for (id, fixed, each) in ROWS {
        let number = each.saturating_mul(signatures).saturating_add(fixed);
        if let Some(to) = id.index().checked_sub(1).and_then(|i| rows.get_mut(i)) {
            *to = number;
        }
        if id != TableId::Memory {
            cycles = cycles.saturating_add(number);
        }
    }
    (rows, cycles)
}

/// Most bytes of a proof of these sizes.
fn bytes(sizes: &Sizes, parameters: &Parameters) -> usize {
    let present: Vec<TableId> = TableId::ALL
        .into_iter()
        .zip(sizes.rows)
        .filter(|(_, rows)| *rows > 0)
        .map(|(id, _)| id)
        .collect();
    let log_rows = sizes.leaves.blocks.iter().map(|b| b.log_height).max();
    let columns: usize = present.iter().map(|id| id.columns()).sum();
    let degree = degree(present.iter().copied());
    let leaves = sizes.leaves.log_leaves;
    // Elements of E: lookup (SPEC §13), zerocheck (§14).
    let mut extension = 4 + leaves * (leaves + 1) + 4 * leaves;
    extension += degree * log_rows.unwrap_or(0) + columns;
    let mut base = HEADER_WORDS;
    // The opening (§16): a root, an answer, the rounds of folding, a nonce each, the rows and the siblings.
    for (t, round) in parameters
        .schedule(sizes.stacking.log_size())
        .into_iter()
        .enumerate()
    {
        let width = if t == 0 {
            sizes.stacking.width()
        } else {
            DIMENSION << round.fold
        };
        extension += 1 + 2 * round.fold;
        base += 8 + round.fold + 1 + round.queries * width;
        base += (0..round.log_rows)
            .map(|level| 8 * round.queries.min(1 << level))
            .sum::<usize>();
        if round.last {
            let left = round.variables - round.fold;
            extension += (1 << left) + 2 * left;
        }
    }
    4 * (base + DIMENSION * extension)
}

/// Whether n signatures fit.
pub(super) fn fits(signatures: u32, log_inv_rate: u32, program: &Program) -> Result<bool, Error> {
    let parameters = Parameters::new(ParameterSet::Production, log_inv_rate)?;
    let (rows, cycles) = rows(signatures);
    let public = PublicCells::new(&[F::new(0); PUBLIC_ELEMENTS])?;
    let mut header = Header { parameters, rows };
    if let Some(chunks) = header.rows.first_mut() {
        let least = u32::try_from(parameters.min_cells() / 8).unwrap_or(u32::MAX);
        *chunks = (*chunks).max(least);
    }
    Ok(cycles <= MAX_CYCLES
        && Sizes::new(&header, program, &public)
            .is_ok_and(|sizes| 2 + bytes(&sizes, &parameters) <= MAX_BYTES))
}

/// The greatest number of signatures of one aggregate at a rate of 2^−log_inv_rate.
///
/// # Errors
/// `parameters` if log_inv_rate is not 1, 2, 3 or 4.
pub fn capacity(log_inv_rate: u32) -> Result<usize, Error> {
    let program = super::program()?;
    let (mut most, mut too_many) = (0, MAX_CYCLES);
    while too_many - most > 1 {
        let middle = most.midpoint(too_many);
        if fits(middle, log_inv_rate, program)? {
            most = middle;
        } else {
            too_many = middle;
        }
    }
    Ok(usize::try_from(most).unwrap_or(usize::MAX))
}
