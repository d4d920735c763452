//! SPEC §4 isa, §9 tables: DOT_PRODUCT and EQ, with their tables of terms DOT_TERM and EQ_TERM.
//!
//! Owner columns after those of the operands: imm, base, result (5). Term columns: owner, remaining, left, right, base, acc (5), x (5), y (5).

use p3_field::PrimeCharacteristicRing;

use crate::field::{DIMENSION, F};
use crate::instructions::operands::{self, Operands, boolean, constant, send_memory};
use crate::isa::{BASE, Opcode};
use crate::tables::{Bus, Numerator, Ring, Sink};

/// The column imm of the owner table, which base follows.
pub const IMM: usize = operands::offset(3);
/// The first column of the result in the owner table.
pub const RESULT: usize = IMM + 2;
const ACC: usize = 5;
const X: usize = ACC + DIMENSION;
const Y: usize = X + DIMENSION;
/// Cells between two elements of E.
pub const STRIDE: u32 = 5;

const _: () = assert!(DIMENSION == 5);

const fn link(opcode: Opcode) -> Bus {
    if matches!(opcode, Opcode::Eq) {
        Bus::EqLink
    } else {
        Bus::DotLink
    }
}

/// LINK(owner, remaining, left, right, base, acc).
#[inline]
fn link_interaction<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    sink: &mut S,
    numerator: Numerator<R>,
    opcode: Opcode,
    head: [R; 5],
    accumulator: [R; DIMENSION],
) {
    let mut slots = [link(opcode).slot::<C, R>(); 11];
    for (slot, value) in (1..).zip(head.into_iter().chain(accumulator)) {
        slots[slot] = (slot, value);
    }
    sink.interaction(numerator, &slots);
}

/// The constraints and interactions of a row of the owner table; `row` ends with the virtual column of row indices.
#[inline]
pub fn evaluate_owner<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    opcode: Opcode,
    row: &[R],
    sink: &mut S,
) {
    let operands = Operands::<R, 3>::constrain(row, sink);
    let (imm, base, row_index) = (row[IMM], row[IMM + 1], row[RESULT + DIMENSION]);
    let result: [R; DIMENSION] = std::array::from_fn(|j| row[RESULT + j]);
    boolean(base, sink);
    operands.interact(
        row,
        sink,
        operands.next(),
        opcode,
        base * C::from(F::new(BASE)),
        imm,
    );
    let [left, right, address] = operands.values;
    for (j, value) in (0..).zip(result) {
        send_memory::<C, R, S>(sink, address + C::from(F::new(j)), value);
    }
    let mut init = [R::ZERO; DIMENSION];
    if opcode == Opcode::Eq {
        init[0] = R::ONE;
    }
    link_interaction::<C, R, S>(
        sink,
        Numerator::One,
        opcode,
        [row_index, imm, left, right, base],
        init,
    );
    let five_imm = imm * C::from(F::new(STRIDE));
    let last = [
        row_index,
        R::ZERO,
        left + five_imm - base * imm * C::from(F::new(4)),
        right + five_imm,
        base,
    ];
    link_interaction::<C, R, S>(sink, Numerator::MinusOne, opcode, last, result);
}

/// The constraints and interactions of a row of the table of terms.
#[inline]
pub fn evaluate_term<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    opcode: Opcode,
    row: &[R],
    sink: &mut S,
) {
    let [owner, remaining, left, right, base] = std::array::from_fn(|j| row[j]);
    let element = |start: usize| -> [R; DIMENSION] { std::array::from_fn(|j| row[start + j]) };
    let (accumulator, x_cells, y) = (element(ACC), element(X), element(Y));
    boolean(base, sink);
    let not_base = R::ONE - base;
    let x: [R; DIMENSION] = std::array::from_fn(|j| {
        if j == 0 {
            x_cells[0]
        } else {
            not_base * x_cells[j]
        }
    });
    let product = multiply(x, y);
    let next: [R; DIMENSION] = if opcode == Opcode::Eq {
        let mut factor: [R; DIMENSION] = std::array::from_fn(|j| product[j].double() - x[j] - y[j]);
        factor[0] += R::ONE;
        multiply(accumulator, factor)
    } else {
        std::array::from_fn(|j| accumulator[j] + product[j])
    };
    link_interaction::<C, R, S>(
        sink,
        Numerator::MinusOne,
        opcode,
        [owner, remaining, left, right, base],
        accumulator,
    );
    let five = constant::<C, R>(STRIDE);
    let left_next = left + five - base * C::from(F::new(4));
    link_interaction::<C, R, S>(
        sink,
        Numerator::One,
        opcode,
        [owner, remaining - R::ONE, left_next, right + five, base],
        next,
    );
    send_memory::<C, R, S>(sink, left, x_cells[0]);
    for (j, value) in (1..).zip(&x_cells[1..]) {
        send_memory::<C, R, S>(sink, not_base * (left + C::from(F::new(j))), *value);
    }
    for (j, value) in (0..).zip(y) {
        send_memory::<C, R, S>(sink, right + C::from(F::new(j)), value);
    }
}

/// The product in R[X]/(X^5 + X^2 − 1).
#[inline(never)]
fn multiply<R: PrimeCharacteristicRing + Copy>(
    a: [R; DIMENSION],
    b: [R; DIMENSION],
) -> [R; DIMENSION] {
    let mut wide = [R::ZERO; 2 * DIMENSION - 1];
    for (i, a) in a.into_iter().enumerate() {
        for (j, b) in b.into_iter().enumerate() {
            wide[i + j] += a * b;
        }
    }
    // X^(5+k) = X^k − X^(k+2), from the top down.
    for k in (0..DIMENSION - 1).rev() {
        let high = wide[DIMENSION + k];
        wide[k] += high;
        wide[k + 2] -= high;
    }
    std::array::from_fn(|j| wide[j])
}
