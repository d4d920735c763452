//! SPEC §9 tables: BYTECODE, the program.

use super::{Builder, Bus, Columns, Numerator, Rows, Shape};

/// BYTECODE. Its virtual columns are the row index and word, k_0..k_4, imm of the program.
pub const SHAPE: Shape = Shape {
    name: "BYTECODE",
    rows: Rows::Program,
    columns: 1,
    virtual_columns: 7,
    interactions: 1,
    constraints: 0,
    degree: 1,
    hash: None,
};

/// The columns of BYTECODE.
#[derive(Clone, Copy, Debug)]
pub struct BytecodeColumns<'a, T> {
    /// How many cycles are at this pc.
    pub multiplicity: &'a T,
    /// row, virtual.
    pub row: &'a T,
    /// word, k_0..k_4, imm, virtual.
    pub fields: &'a [T; 6],
}

impl<'a, T> BytecodeColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            multiplicity: columns.one(),
            row: columns.one(),
            fields: columns.array(),
        }
    }
}

/// Receives BYTECODE(row, word, k_0..k_4, imm).
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = BytecodeColumns::read(row);
    let [word, k_0, k_1, k_2, k_3, imm] = *columns.fields;
    builder.interaction(
        Numerator::Minus(*columns.multiplicity),
        &[
            B::bus(Bus::Bytecode),
            (1, *columns.row),
            (2, word),
            (3, k_0),
            (4, k_1),
            (5, k_2),
            (6, k_3),
            (7, imm),
        ],
    );
}
