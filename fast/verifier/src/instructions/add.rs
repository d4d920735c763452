//! SPEC §4 isa, §9 tables: ADD, left + right = result.

use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::tables::{Builder, Columns, Head, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "ADD",
    mnemonics: &[Mnemonic {
        text: "add",
        flags: 0,
    }],
    operands: 3,
    imm: Imm::Absent,
    flags: 0,
};

/// ADD.
pub const SHAPE: Shape = Shape {
    name: "ADD",
    rows: Rows::Cycles(Opcode::Add),
    columns: 14,
    virtual_columns: 0,
    interactions: 6,
    constraints: 10,
    degree: 2,
    hash: None,
};

/// The columns of ADD.
#[derive(Clone, Copy, Debug)]
pub struct AddColumns<'a, T> {
    /// State and operands: left, right, result.
    pub head: Head<'a, T, 3>,
}

impl<'a, T> AddColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
        }
    }
}

/// The constraints and interactions of a row.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let AddColumns { head } = AddColumns::read(row);
    let [left, right, result] = head.values();
    head.constrain(builder);
    builder.constraint(left + right - result);
    head.interact(Stated::plain(Opcode::Add), head.next(), builder);
}
