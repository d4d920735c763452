//! SPEC §9 tables: the permutation with checkpoints, filled.

use p3_field::PackedValue;
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use leanvm_verifier::instructions::checkpoints::{Checkpoints, Rounds};

use crate::field::{F, PackedF};
use crate::tables::Ring;

/// The columns of a table that are the permutation of other columns.
pub(crate) struct Permuted<'a, const W: usize> {
    /// The input, which zeros follow.
    pub(crate) input: &'a [usize],
    /// The checkpoints.
    pub(crate) checkpoints: Checkpoints<'a, usize, W>,
    /// The column that is 1 on the rows without feed-forward, if there are any.
    pub(crate) without_feed_forward: Option<usize>,
    /// The first elements of the result, which have a feed-forward.
    pub(crate) fed_forward: &'a [usize],
    /// The elements behind them, which have none.
    pub(crate) others: &'a [usize],
}

/// Fills the checkpoints and outputs of a block of rows, as many at a time as a packed element
/// holds.
pub(crate) fn fill<const W: usize>(
    rounds: &Rounds<W>,
    columns: &mut [&mut [F]],
    at: &Permuted<'_, W>,
) where
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
    at: &Permuted<'_, W>,
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
    for (element, column) in input.iter_mut().zip(at.input) {
        *element = load(columns, *column);
    }
    let mut store = |column: usize, value: R| {
        columns[column][rows.clone()].copy_from_slice(value.as_slice());
    };
    let output = rounds.permute::<F, R, _>(input, &at.checkpoints, |column, value| {
        store(*column, value);
        value
    });
    for ((column, value), input) in at.fed_forward.iter().zip(output).zip(input) {
        store(*column, value + feed_forward * input);
    }
    for (column, value) in at.others.iter().zip(&output[at.fed_forward.len()..]) {
        store(*column, *value);
    }
}
