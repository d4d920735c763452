//! SPEC §4 isa: HALT, where an execution ends. It has no table.

use crate::isa::{Form, Imm, Mnemonic};

pub(crate) const FORM: Form = Form {
    name: "HALT",
    mnemonics: &[Mnemonic {
        text: "halt",
        flags: 0,
    }],
    operands: 0,
    imm: Imm::Absent,
    flags: 0,
};
