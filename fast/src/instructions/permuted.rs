//! SPEC §9 tables: the columns of a permutation, filled.

use p3_field::PackedValue;
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
