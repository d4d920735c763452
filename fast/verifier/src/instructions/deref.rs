//! SPEC §4 isa, §9 tables: DEREF, m[pointer + imm] = value.

use p3_field::PrimeCharacteristicRing;

use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::tables::{Builder, Columns, Head, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "DEREF",
    mnemonics: &[Mnemonic {
        text: "deref",
        flags: 0,
    }],
    operands: 2,
    imm: Imm::OffsetOfPointer,
    flags: 0,
};

/// DEREF.
pub const SHAPE: Shape = Shape {
    name: "DEREF",
    rows: Rows::Cycles(Opcode::Deref),
    columns: 11,
    virtual_columns: 0,
    interactions: 6,
    constraints: 6,
    degree: 2,
    hash: None,
};

/// The columns of DEREF.
#[derive(Clone, Copy, Debug)]
pub struct DerefColumns<'a, T> {
    /// State and operands: pointer, value.
    pub head: Head<'a, T, 2>,
    /// The offset.
    pub imm: &'a T,
}

impl<'a, T> DerefColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
        }
    }
}

/// The constraints and interactions of a row.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let DerefColumns { head, imm } = DerefColumns::read(row);
    let [pointer, value] = head.values();
    head.constrain(builder);
    let stated = Stated {
        opcode: Opcode::Deref,
        flags: B::Value::ZERO,
        imm: *imm,
    };
    head.interact(stated, head.next(), builder);
    builder.send_memory(pointer + *imm, value);
}
