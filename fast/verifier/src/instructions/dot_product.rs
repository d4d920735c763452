//! SPEC §4 isa, §9 tables: DOT_PRODUCT, result = Σ left_i·right_i, with its tables of terms,
//! DOT_TERM and, for four of them at once, DOT_QUAD.

use p3_field::{Field, PrimeCharacteristicRing};

use super::reduction::{self, Link, Rule, STRIDE};
use crate::field::{DIMENSION, F};
use crate::isa::{BASE, Form, Mnemonic, Opcode};
use crate::memory::{HALF, HALF_CELLS};
use crate::tables::{Builder, Bus, Columns, Numerator, Rows, Shape};

/// The terms of a quad: a half of elements of F, and as many of E.
pub const QUAD: u32 = HALF;
const QUAD_TERMS: usize = HALF_CELLS;
const QUAD_CELLS: usize = QUAD_TERMS * DIMENSION;

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

/// DOT_QUAD.
pub const QUAD_SHAPE: Shape = Shape {
    name: "DOT_QUAD",
    rows: Rows::Quads(Opcode::DotProduct),
    columns: 33,
    virtual_columns: 0,
    interactions: 8,
    constraints: 0,
    degree: 2,
    hash: None,
};

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

/// The columns of DOT_QUAD.
#[derive(Clone, Copy, Debug)]
pub struct QuadColumns<'a, T> {
    /// The row of the owner.
    pub owner: &'a T,
    /// How many terms remain, these four too.
    pub remaining: &'a T,
    /// The address of x.
    pub left: &'a T,
    /// The address of the cells.
    pub right: &'a T,
    /// acc: the sum of the terms before.
    pub accumulator: &'a [T; DIMENSION],
    /// The elements of F.
    pub x: &'a [T; QUAD_TERMS],
    /// The cells of the elements of E.
    pub cells: &'a [T; QUAD_CELLS],
}

impl<'a, T> QuadColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            remaining: columns.one(),
            left: columns.one(),
            right: columns.one(),
            accumulator: columns.array(),
            x: columns.array(),
            cells: columns.array(),
        }
    }
}

/// The interactions of a row of DOT_QUAD.
#[inline]
pub(crate) fn evaluate_quad<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = QuadColumns::read(row);
    let here = Link {
        owner: *columns.owner,
        remaining: *columns.remaining,
        left: *columns.left,
        right: *columns.right,
        base: B::Value::ONE,
        accumulator: *columns.accumulator,
    };
    let mut sum = here.accumulator;
    let (elements, _) = columns.cells.as_chunks::<DIMENSION>();
    for (x, element) in columns.x.iter().zip(elements) {
        for (sum, cell) in sum.iter_mut().zip(element) {
            *sum += *x * *cell;
        }
    }
    let four = B::constant(QUAD);
    let after = Link {
        remaining: here.remaining - four,
        left: here.left + four,
        right: here.right + B::fixed(QUAD * STRIDE),
        accumulator: sum,
        ..here
    };
    here.interact(RULE.bus, Numerator::MinusOne, builder);
    after.interact(RULE.bus, Numerator::One, builder);
    let quarter = B::Constant::from(F::from_u32(HALF).inverse());
    builder.half(Numerator::One, here.left * quarter, columns.x);
    let (halves, _) = columns.cells.as_chunks::<HALF_CELLS>();
    for (i, half) in (0..).zip(halves) {
        builder.half(Numerator::One, here.right * quarter + B::fixed(i), half);
    }
}
