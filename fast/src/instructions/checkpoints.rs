//! SPEC §9 tables: the permutation with checkpoints, filled.

use std::ops::Range;

use p3_field::PackedValue;
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use leanvm_verifier::instructions::checkpoints::Rounds;

use crate::field::{F, PackedF};
use crate::tables::Ring;

/// The columns of a table that are the permutation of other columns: the checkpoints follow the input, the outputs follow the checkpoints.
pub(crate) struct Columns {
    /// The input, which zeros follow.
    pub(crate) input: Range<usize>,
    /// The column that is 1 on the rows without feed-forward, if there are any.
    pub(crate) without_feed_forward: Option<usize>,
    /// How many outputs have a feed-forward.
    pub(crate) fed_forward: usize,
    /// How many elements of the output have a column.
    pub(crate) outputs: usize,
}

/// Fills the checkpoints and outputs of a block of rows, as many at a time as a packed element holds.
pub(crate) fn fill<const W: usize>(rounds: &Rounds<W>, columns: &mut [&mut [F]], at: &Columns)
where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let length = columns[0].len();
    let mut start = 0;
    while start + PackedF::WIDTH <= length {
        fill_rows::<PackedF, W>(rounds, columns, at, start);
        start += PackedF::WIDTH;
    }
    for start in start..length {
        fill_rows::<F, W>(rounds, columns, at, start);
    }
}

/// Fills the rows from `start` on, which are the lanes of R.
#[inline]
fn fill_rows<R, const W: usize>(
    rounds: &Rounds<W>,
    columns: &mut [&mut [F]],
    at: &Columns,
    start: usize,
) where
    R: Ring<F> + PackedValue<Value = F>,
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let rows = start..start + R::WIDTH;
    let load = |columns: &[&mut [F]], column: usize| *R::from_slice(&columns[column][rows.clone()]);
    let feed_forward = at
        .without_feed_forward
        .map_or(R::ONE, |column| R::ONE - load(columns, column));
    let mut input = [R::ZERO; W];
    for (element, column) in input.iter_mut().zip(at.input.clone()) {
        *element = load(columns, column);
    }
    let mut store = |column: usize, value: R| {
        columns[column][rows.clone()].copy_from_slice(value.as_slice());
    };
    let outputs = at.input.end + rounds.columns();
    let output = rounds.permute::<F, R>(input, |column, value| {
        store(at.input.end + column, value);
        value
    });
    for (j, value) in output.into_iter().enumerate().take(at.outputs) {
        let value = if j < at.fed_forward {
            value + feed_forward * input[j]
        } else {
            value
        };
        store(outputs + j, value);
    }
}
