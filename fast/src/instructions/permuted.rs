//! SPEC §9 tables: the columns of a permutation, filled.

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::{F, PackedF};
use crate::poseidon::{ROUNDS_16, ROUNDS_24, Rounds};
use crate::tables::{HashColumns, Ring};

/// Fills `s` and `y` of a block of rows from `in`, as many at a time as a packed element holds.
pub(crate) fn fill(hash: &HashColumns, columns: &mut [&mut [F]]) {
    if hash.width == 24 {
        fill_block(&ROUNDS_24, columns, hash);
    } else {
        fill_block(&ROUNDS_16, columns, hash);
    }
}

fn fill_block<const W: usize>(rounds: &Rounds<W>, columns: &mut [&mut [F]], hash: &HashColumns)
where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let length = columns[0].len();
    let mut start = 0;
    while start + PackedF::WIDTH <= length {
        fill_rows::<PackedF, W>(rounds, columns, hash, start);
        start += PackedF::WIDTH;
    }
    for start in start..length {
        fill_rows::<F, W>(rounds, columns, hash, start);
    }
}

/// Rows of a block that follow one another, each with an input that follows from the row before.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// The first row.
    pub(crate) first: usize,
    /// The number of rows.
    pub(crate) length: usize,
}

/// Fills `s` and `y` of all rows of runs, of width 16: row by row of a run, but as many runs at a
/// time as a packed element holds. `advance` makes `in` of the row after a row that is filled.
pub(crate) fn fill_runs(
    hash: &HashColumns,
    columns: &mut [&mut [F]],
    mut runs: Vec<Run>,
    advance: impl Fn(&mut [&mut [F]], usize),
) {
    // The longest first, so that those that are not over are together.
    runs.sort_by_key(|run| std::cmp::Reverse(run.length));
    let longest = runs.first().map_or(0, |run| run.length);
    for step in 0..longest {
        let active = runs.partition_point(|run| run.length > step);
        for group in runs[..active].chunks(PackedF::WIDTH) {
            fill_scattered(hash, columns, group, step);
            for run in group.iter().filter(|run| step + 1 < run.length) {
                advance(columns, run.first + step);
            }
        }
    }
}

/// Fills the rows number `step` of some runs, a run a lane.
fn fill_scattered(hash: &HashColumns, columns: &mut [&mut [F]], runs: &[Run], step: usize) {
    let mut input = [PackedF::ZERO; 16];
    for (element, column) in input.iter_mut().zip(hash.input_range()) {
        for (lane, run) in element.as_slice_mut().iter_mut().zip(runs) {
            *lane = columns[column][run.first + step];
        }
    }
    let mut store = |column: usize, value: PackedF| {
        for (lane, run) in value.as_slice().iter().zip(runs) {
            columns[column][run.first + step] = *lane;
        }
    };
    let s = hash.s_range().start;
    let s_box = |i: usize, value: PackedF| {
        store(s + i, value);
        value
    };
    let output = ROUNDS_16.permute::<F, PackedF>(input, PackedF::ONE, s_box, |_, _| {});
    for (column, value) in hash.y_range().zip(output) {
        store(column, value);
    }
}

/// Fills the rows from `start` on, which are the lanes of R.
#[inline]
fn fill_rows<R, const W: usize>(
    rounds: &Rounds<W>,
    columns: &mut [&mut [F]],
    hash: &HashColumns,
    start: usize,
) where
    R: Ring<F> + PackedValue<Value = F>,
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let rows = start..start + R::WIDTH;
    let mut input = [R::ZERO; W];
    for (element, column) in input.iter_mut().zip(hash.input_range()) {
        *element = *R::from_slice(&columns[column][rows.clone()]);
    }
    let mut store = |column: usize, value: R| {
        columns[column][rows.clone()].copy_from_slice(value.as_slice());
    };
    let s = hash.s_range().start;
    let s_box = |i: usize, value: R| {
        store(s + i, value);
        value
    };
    let output = rounds.permute::<F, R>(input, R::ONE, s_box, |_, _| {});
    for (column, value) in hash.y_range().zip(output) {
        store(column, value);
    }
}
