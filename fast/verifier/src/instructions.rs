//! SPEC §4 isa, §9 tables: the list of instructions and tables.
//!
//! An instruction is a file: its form, and of its table the shape, the columns, the constraints and
//! the interactions. A new one has a line for itself and a line for each of its tables in the list
//! below, and nothing else in this crate.

pub mod add;
pub mod chain;
pub mod deref;
pub mod dot_product;
pub mod eq;
mod halt;
pub mod jump;
pub mod mul;
pub mod path;
pub mod poseidon;
pub mod poseidon_halves;
pub mod reduction;
pub mod sponge;

use crate::isa::Form;
use crate::numbered::numbered;
use crate::tables::{Builder, Shape, bytecode, memory};

/// Makes the instructions and the tables of the list.
macro_rules! list {
    (
        instructions { $($opcode:ident = $code:literal: $form:path,)* }
        tables { $($table:ident = $number:literal: $shape:path, $evaluate:path;)* }
    ) => {
        numbered! {
            /// The instructions of the table of SPEC §4.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[expect(missing_docs, reason = "SPEC §4 is their documentation")]
            pub enum Opcode: u32 by code {
                $($opcode = $code,)*
            }
        }

        impl Opcode {
            /// What the file of the instruction says.
            #[inline]
            pub(crate) const fn form(self) -> &'static Form {
                match self {
                    $(Self::$opcode => &$form,)*
                }
            }
        }

        numbered! {
            /// The tables; the number is T.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[expect(missing_docs, reason = "SPEC §9 is their documentation")]
            pub enum TableId: usize by index {
                $($table = $number,)*
            }
        }

        impl TableId {
            /// What the file of the table says.
            #[inline]
            #[must_use]
            pub const fn shape(self) -> &'static Shape {
                match self {
                    $(Self::$table => &$shape,)*
                }
            }

            /// Gives the constraints and interactions of one row to `builder`. `row` holds the
            /// committed columns, then the virtual ones.
            ///
            /// # Panics
            /// If `row` is shorter than that.
            #[inline]
            pub fn evaluate<B: Builder>(self, row: &[B::Value], builder: &mut B) {
                match self {
                    $(Self::$table => $evaluate(row, builder),)*
                }
            }
        }
    };
}

list! {
    instructions {
        Halt = 1: halt::FORM,
        Add = 2: add::FORM,
        Mul = 3: mul::FORM,
        Deref = 4: deref::FORM,
        Jump = 5: jump::FORM,
        Poseidon8 = 6: poseidon::FORM_8,
        Poseidon16 = 7: poseidon::FORM_16,
        Poseidon24 = 8: poseidon::FORM_24,
        DotProduct = 9: dot_product::FORM,
        Eq = 10: eq::FORM,
        Chain = 12: chain::FORM,
        Path = 13: path::FORM,
        Sponge = 14: sponge::FORM,
        Poseidon16Halves = 15: poseidon_halves::FORM,
    }
    tables {
        Bytecode = 0: bytecode::SHAPE, bytecode::evaluate;
        Memory = 1: memory::SHAPE, memory::evaluate;
        Add = 2: add::SHAPE, add::evaluate;
        Mul = 3: mul::SHAPE, mul::evaluate;
        Deref = 4: deref::SHAPE, deref::evaluate;
        Jump = 5: jump::SHAPE, jump::evaluate;
        Poseidon8 = 6: poseidon::SHAPE_8, poseidon::evaluate_8;
        Poseidon16 = 7: poseidon::SHAPE_16, poseidon::evaluate_16;
        Poseidon24 = 8: poseidon::SHAPE_24, poseidon::evaluate_24;
        DotProduct = 9: dot_product::SHAPE, dot_product::evaluate;
        DotTerm = 10: dot_product::TERM_SHAPE, dot_product::evaluate_term;
        Eq = 11: eq::SHAPE, eq::evaluate;
        EqTerm = 12: eq::TERM_SHAPE, eq::evaluate_term;
        Poseidon16Halves = 13: poseidon_halves::SHAPE, poseidon_halves::evaluate;
        Chain = 14: chain::SHAPE, chain::evaluate;
        ChainTerm = 15: chain::TERM_SHAPE, chain::evaluate_term;
        ChainStep = 16: chain::STEP_SHAPE, chain::evaluate_step;
        Path = 17: path::SHAPE, path::evaluate;
        PathStep = 18: path::STEP_SHAPE, path::evaluate_step;
        Sponge = 19: sponge::SHAPE, sponge::evaluate;
        SpongeStep = 20: sponge::STEP_SHAPE, sponge::evaluate_step;
        DotQuad = 21: dot_product::QUAD_SHAPE, dot_product::evaluate_quad;
    }
}
