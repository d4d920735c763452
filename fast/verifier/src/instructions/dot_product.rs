//! SPEC §4 isa, §9 tables: DOT_PRODUCT, result = Σ left_i·right_i, with its table of terms
//! DOT_TERM.

use super::reduction::{self, Rule};
use crate::isa::{BASE, Form, Mnemonic, Opcode};
use crate::tables::{Builder, Bus, Shape};

pub(crate) const FORM: Form = Form {
    name: "DOT_PRODUCT",
    mnemonics: &[
        Mnemonic {
            text: "dot_ee",
            flags: 0,
        },
        Mnemonic {
            text: "dot_be",
            flags: BASE,
        },
    ],
    ..reduction::FORM
};

/// DOT_PRODUCT.
pub const SHAPE: Shape = reduction::owner_shape("DOT_PRODUCT", Opcode::DotProduct);
/// DOT_TERM.
pub const TERM_SHAPE: Shape = reduction::term_shape("DOT_TERM", Opcode::DotProduct, 3);

const RULE: Rule = Rule {
    opcode: Opcode::DotProduct,
    bus: Bus::DotLink,
    is_product: false,
};

/// The constraints and interactions of a row of DOT_PRODUCT.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    reduction::evaluate_owner(RULE, row, builder);
}

/// The constraints and interactions of a row of DOT_TERM.
#[inline]
pub(crate) fn evaluate_term<B: Builder>(row: &[B::Value], builder: &mut B) {
    reduction::evaluate_term(RULE, row, builder);
}
