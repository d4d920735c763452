//! SPEC §4 isa, §9 tables: EQ, result = Π (left_i·right_i + (1 − left_i)(1 − right_i)), with its
//! table of terms EQ_TERM.

use super::reduction::{self, Rule};
use crate::isa::{BASE, Form, Mnemonic, Opcode};
use crate::tables::{Builder, Bus, Shape};

pub(crate) const FORM: Form = Form {
    name: "EQ",
    mnemonics: &[
        Mnemonic {
            text: "eq_ee",
            flags: 0,
        },
        Mnemonic {
            text: "eq_be",
            flags: BASE,
        },
    ],
    ..reduction::FORM
};

/// EQ.
pub const SHAPE: Shape = reduction::owner_shape("EQ", Opcode::Eq);
/// EQ_TERM.
pub const TERM_SHAPE: Shape = reduction::term_shape("EQ_TERM", Opcode::Eq, 4);

const RULE: Rule = Rule {
    opcode: Opcode::Eq,
    bus: Bus::EqLink,
    is_product: true,
};

/// The constraints and interactions of a row of EQ.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    reduction::evaluate_owner(RULE, row, builder);
}

/// The constraints and interactions of a row of EQ_TERM.
#[inline]
pub(crate) fn evaluate_term<B: Builder>(row: &[B::Value], builder: &mut B) {
    reduction::evaluate_term(RULE, row, builder);
}
