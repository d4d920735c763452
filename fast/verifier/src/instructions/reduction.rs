//! SPEC §4 isa, §9 tables: what DOT_PRODUCT and EQ share: the table of the cycles, the owners, and
//! the table of their terms.

use p3_field::PrimeCharacteristicRing;

use crate::field::DIMENSION;
use crate::isa::{BASE, Form, Imm, Opcode};
use crate::tables::{Builder, Bus, Columns, Head, Numerator, Rows, Shape, Stated};

/// Cells between two elements of E.
pub const STRIDE: u32 = 5;

const _: () = assert!(DIMENSION == 5);

pub(super) const FORM: Form = Form {
    name: "",
    mnemonics: &[],
    operands: 3,
    imm: Imm::Length,
    flags: BASE,
};

/// The owners of a reduction. Their virtual column is the row index.
pub(super) const fn owner_shape(name: &'static str, opcode: Opcode) -> Shape {
    Shape {
        name,
        rows: Rows::Cycles(opcode),
        columns: 21,
        virtual_columns: 1,
        interactions: 13,
        constraints: 10,
        degree: 2,
        hash: None,
    }
}

/// The terms of a reduction.
pub(super) const fn term_shape(name: &'static str, opcode: Opcode, degree: usize) -> Shape {
    Shape {
        name,
        rows: Rows::Terms(opcode),
        columns: 20,
        virtual_columns: 0,
        interactions: 12,
        constraints: 1,
        degree,
        hash: None,
    }
}

/// The columns of an owner.
#[derive(Clone, Copy, Debug)]
pub struct OwnerColumns<'a, T> {
    /// State and operands: left, right, result.
    pub head: Head<'a, T, 3>,
    /// The length.
    pub imm: &'a T,
    /// Whether the left elements are in F.
    pub base: &'a T,
    /// The cells of the result.
    pub result: &'a [T; DIMENSION],
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> OwnerColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
            base: columns.one(),
            result: columns.array(),
            row: columns.one(),
        }
    }
}

/// The columns of a term.
#[derive(Clone, Copy, Debug)]
pub struct TermColumns<'a, T> {
    /// The row of the owner.
    pub owner: &'a T,
    /// How many terms remain, this one too.
    pub remaining: &'a T,
    /// The address of x.
    pub left: &'a T,
    /// The address of y.
    pub right: &'a T,
    /// Whether x is in F.
    pub base: &'a T,
    /// acc: the reduction of the terms before.
    pub accumulator: &'a [T; DIMENSION],
    /// The cells of x.
    pub x: &'a [T; DIMENSION],
    /// The cells of y.
    pub y: &'a [T; DIMENSION],
}

impl<'a, T> TermColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            remaining: columns.one(),
            left: columns.one(),
            right: columns.one(),
            base: columns.one(),
            accumulator: columns.array(),
            x: columns.array(),
            y: columns.array(),
        }
    }
}

/// What a link tuple says of a reduction in progress.
#[derive(Clone, Copy)]
pub(super) struct Link<V> {
    pub(super) owner: V,
    pub(super) remaining: V,
    pub(super) left: V,
    pub(super) right: V,
    pub(super) base: V,
    pub(super) accumulator: [V; DIMENSION],
}

impl<V: PrimeCharacteristicRing + Copy> Link<V> {
    /// LINK(owner, remaining, left, right, base, acc).
    #[inline]
    pub(super) fn interact<B: Builder<Value = V>>(
        self,
        bus: Bus,
        numerator: Numerator<V>,
        builder: &mut B,
    ) {
        let [acc_0, acc_1, acc_2, acc_3, acc_4] = self.accumulator;
        builder.interaction(
            numerator,
            &[
                B::bus(bus),
                (1, self.owner),
                (2, self.remaining),
                (3, self.left),
                (4, self.right),
                (5, self.base),
                (6, acc_0),
                (7, acc_1),
                (8, acc_2),
                (9, acc_3),
                (10, acc_4),
            ],
        );
    }
}

/// What a reduction has of its own.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) opcode: Opcode,
    /// The bus between owner and terms.
    pub(super) bus: Bus,
    /// Whether terms are multiplied, and begin with 1, or added, and begin with 0.
    pub(super) is_product: bool,
}

/// The constraints and interactions of a row of the owner table.
#[inline]
pub(super) fn evaluate_owner<B: Builder>(rule: Rule, row: &[B::Value], builder: &mut B) {
    let columns = OwnerColumns::read(row);
    let OwnerColumns { head, result, .. } = columns;
    let (imm, base) = (*columns.imm, *columns.base);
    head.constrain(builder);
    builder.boolean(base);
    let stated = Stated {
        opcode: rule.opcode,
        flags: base * B::fixed(BASE),
        imm,
    };
    head.interact(stated, head.next(), builder);
    let [left, right, address] = head.values();
    for (j, value) in (0..).zip(result) {
        builder.send_memory(address + B::fixed(j), *value);
    }
    let mut start = [B::Value::ZERO; DIMENSION];
    if rule.is_product {
        start[0] = B::Value::ONE;
    }
    let first = Link {
        owner: *columns.row,
        remaining: imm,
        left,
        right,
        base,
        accumulator: start,
    };
    first.interact(rule.bus, Numerator::One, builder);
    let five_imm = imm * B::fixed(STRIDE);
    let last = Link {
        owner: *columns.row,
        remaining: B::Value::ZERO,
        left: left + five_imm - base * imm * B::fixed(STRIDE - 1),
        right: right + five_imm,
        base,
        accumulator: *result,
    };
    last.interact(rule.bus, Numerator::MinusOne, builder);
}

/// The constraints and interactions of a row of the table of terms.
#[inline]
pub(super) fn evaluate_term<B: Builder>(rule: Rule, row: &[B::Value], builder: &mut B) {
    let columns = TermColumns::read(row);
    let (left, right, base) = (*columns.left, *columns.right, *columns.base);
    let (accumulator, y) = (*columns.accumulator, *columns.y);
    builder.boolean(base);
    let not_base = B::Value::ONE - base;
    let mut x = *columns.x;
    for cell in x.iter_mut().skip(1) {
        *cell *= not_base;
    }
    let product = multiply(&x, &y);
    let next = if rule.is_product {
        let mut factor = product;
        for ((factor, x), y) in factor.iter_mut().zip(x).zip(y) {
            *factor = factor.double() - x - y;
        }
        factor[0] += B::Value::ONE;
        multiply(&accumulator, &factor)
    } else {
        let mut sum = accumulator;
        for (sum, product) in sum.iter_mut().zip(product) {
            *sum += product;
        }
        sum
    };
    let here = Link {
        owner: *columns.owner,
        remaining: *columns.remaining,
        left,
        right,
        base,
        accumulator,
    };
    here.interact(rule.bus, Numerator::MinusOne, builder);
    let five = B::constant(STRIDE);
    let after = Link {
        owner: *columns.owner,
        remaining: *columns.remaining - B::Value::ONE,
        left: left + five - base * B::fixed(STRIDE - 1),
        right: right + five,
        base,
        accumulator: next,
    };
    after.interact(rule.bus, Numerator::One, builder);
    builder.send_memory(left, columns.x[0]);
    for (j, value) in (0..).zip(columns.x).skip(1) {
        builder.send_memory(not_base * (left + B::fixed(j)), *value);
    }
    for (j, value) in (0..).zip(&y) {
        builder.send_memory(right + B::fixed(j), *value);
    }
}

/// The product in R[X]/(X^5 + X^2 − 1).
#[inline(never)]
fn multiply<V: PrimeCharacteristicRing + Copy>(
    a: &[V; DIMENSION],
    b: &[V; DIMENSION],
) -> [V; DIMENSION] {
    let mut wide = [V::ZERO; 2 * DIMENSION - 1];
    for (i, a) in a.iter().enumerate() {
        for (to, b) in wide.iter_mut().skip(i).zip(b) {
            *to += *a * *b;
        }
    }
    // X^(5+k) = X^k − X^(k+2), from the top down.
    let [
        mut c_0,
        mut c_1,
        mut c_2,
        mut c_3,
        mut c_4,
        mut c_5,
        c_6,
        c_7,
        c_8,
    ] = wide;
    c_3 += c_8;
    c_5 -= c_8;
    c_2 += c_7;
    c_4 -= c_7;
    c_1 += c_6;
    c_3 -= c_6;
    c_0 += c_5;
    c_2 -= c_5;
    [c_0, c_1, c_2, c_3, c_4]
}
