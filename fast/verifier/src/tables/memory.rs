//! SPEC §9 tables: MEMORY, the final memory, a chunk a row.

use p3_field::PrimeCharacteristicRing;

use super::{Builder, Bus, Columns, Numerator, Rows, Shape};
use crate::memory::{CHUNK_CELLS, HALF_CELLS};

/// MEMORY. Its virtual column is the row index.
pub const SHAPE: Shape = Shape {
    name: "MEMORY",
    rows: Rows::Memory,
    columns: 19,
    virtual_columns: 1,
    interactions: 11,
    constraints: 0,
    degree: 1,
    hash: None,
};

/// The columns of MEMORY.
#[derive(Clone, Copy, Debug)]
pub struct MemoryColumns<'a, T> {
    /// The cells of the chunk.
    pub cells: &'a [T; CHUNK_CELLS],
    /// How often each cell is looked up.
    pub scalar: &'a [T; CHUNK_CELLS],
    /// How often the chunk is looked up.
    pub chunk: &'a T,
    /// How often each half is looked up.
    pub half: &'a [T; 2],
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> MemoryColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            cells: columns.array(),
            scalar: columns.array(),
            chunk: columns.one(),
            half: columns.array(),
            row: columns.one(),
        }
    }
}

/// Receives MEMORY(8·row + j, cell_j), CHUNK(row, cells) and HALF(2·row + h, four cells).
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = MemoryColumns::read(row);
    let first = columns.row.mul_2exp_u64(3);
    for ((j, cell), count) in (0..).zip(columns.cells).zip(columns.scalar) {
        builder.interaction(
            Numerator::Minus(*count),
            &[B::bus(Bus::Memory), (1, first + B::fixed(j)), (2, *cell)],
        );
    }
    builder.chunk(
        Numerator::Minus(*columns.chunk),
        *columns.row,
        columns.cells,
    );
    let first = columns.row.double();
    let (halves, _) = columns.cells.as_chunks::<HALF_CELLS>();
    for ((h, cells), count) in (0..).zip(halves).zip(columns.half) {
        builder.half(Numerator::Minus(*count), first + B::fixed(h), cells);
    }
}
