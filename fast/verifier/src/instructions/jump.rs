//! SPEC §4 isa, §9 tables: JUMP, to (destination, frame) if condition = 1.

use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::tables::{Builder, Columns, Head, Rows, Shape, State, Stated};

pub(crate) const FORM: Form = Form {
    name: "JUMP",
    mnemonics: &[Mnemonic {
        text: "jump",
        flags: 0,
    }],
    operands: 3,
    imm: Imm::Absent,
    flags: 0,
};

/// JUMP.
pub const SHAPE: Shape = Shape {
    name: "JUMP",
    rows: Rows::Cycles(Opcode::Jump),
    columns: 14,
    virtual_columns: 0,
    interactions: 6,
    constraints: 10,
    degree: 4,
    hash: None,
};

/// The columns of JUMP.
#[derive(Clone, Copy, Debug)]
pub struct JumpColumns<'a, T> {
    /// State and operands: condition, destination, frame.
    pub head: Head<'a, T, 3>,
}

impl<'a, T> JumpColumns<'a, T> {
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
    let JumpColumns { head } = JumpColumns::read(row);
    let [condition, destination, frame] = head.values();
    head.constrain(builder);
    builder.boolean(condition);
    // c·x + (1 − c)·y = y + c·(x − y).
    let State { pc, fp } = head.next();
    let next = State {
        pc: pc + condition * (destination - pc),
        fp: fp + condition * (frame - fp),
    };
    head.interact(Stated::plain(Opcode::Jump), next, builder);
}
