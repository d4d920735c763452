//! SPEC §4 isa, §6 execution, §9 tables: DOT_PRODUCT and EQ, with their tables of terms DOT_TERM and EQ_TERM.
//!
//! Owner columns after those of the operands: imm, base, result (5). Term columns: owner, remaining, left, right, base, acc (5), x (5), y (5).

use p3_field::PrimeCharacteristicRing;

use crate::field::{DIMENSION, F};
use crate::instructions::operands::{self, Operands, boolean, constant, send_memory};
use crate::isa::{BASE, Opcode};
use crate::tables::{Bus, Numerator, Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{Machine, Operation},
    crate::field::{EF, coordinates, from_coordinates, to_canonical},
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
};

const IMM: usize = operands::offset(3);
const RESULT: usize = IMM + 2;
const ACC: usize = 5;
const X: usize = ACC + DIMENSION;
const Y: usize = X + DIMENSION;
/// Cells between two elements of E.
const STRIDE: u32 = DIMENSION as u32;

/// The empty reduction.
#[cfg(feature = "prover")]
fn initial(opcode: Opcode) -> EF {
    if opcode == Opcode::Eq {
        EF::ONE
    } else {
        EF::ZERO
    }
}

/// The accumulator after one more term.
#[inline]
#[cfg(feature = "prover")]
fn accumulate(opcode: Opcode, accumulator: EF, x: EF, y: EF) -> EF {
    let product = x * y;
    if opcode == Opcode::Eq {
        accumulator * (product.double() - x - y + F::ONE)
    } else {
        accumulator + product
    }
}

#[cfg(feature = "prover")]
pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let [left, right, result] = machine.read_all(operation)?;
    let mut left = to_canonical(left.known()?);
    let mut right = to_canonical(right.known()?);
    let result = to_canonical(result.known()?);
    let mut accumulator = initial(operation.opcode);
    // An address past the cap ends the loop with a rejection, long before it could wrap around.
    for _ in 0..operation.imm {
        let x = if operation.base {
            left += 1;
            EF::from(machine.memory.read_defined(left - 1)?)
        } else {
            left += STRIDE;
            read_element(machine, left - STRIDE)?
        };
        let y = read_element(machine, right)?;
        right += STRIDE;
        accumulator = accumulate(operation.opcode, accumulator, x, y);
    }
    for (value, address) in coordinates(accumulator).into_iter().zip(result..) {
        machine
            .memory
            .define(address, value, Rejection::RelationViolated)?;
    }
    Ok(())
}

#[inline]
#[cfg(feature = "prover")]
fn read_element(machine: &mut Machine, address: u32) -> Result<EF, Error> {
    let mut cells = [F::ZERO; DIMENSION];
    for (cell, address) in cells.iter_mut().zip(address..) {
        *cell = machine.memory.read_defined(address)?;
    }
    Ok(from_coordinates(cells))
}

#[cfg(feature = "prover")]
pub(crate) fn fill_owners(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_rows(filler, columns, |witness, step, row, tally| {
        let (instruction, [_, _, result]) = operands::fill(witness, step, row, tally);
        row[IMM] = instruction.imm();
        row[IMM + 1] = F::from_bool(instruction.base());
        for (j, address) in (0..DIMENSION).zip(to_canonical(result)..) {
            row[RESULT + j] = witness.memory[address as usize];
            tally.scalar(address);
        }
    });
}

#[cfg(feature = "prover")]
pub(crate) fn fill_terms(filler: &Filler<'_, '_>, opcode: Opcode, columns: &mut [Vec<F>]) {
    let witness = filler.witness;
    filler.by_owner(columns, |owner, mut term, columns, tally| {
        let (instruction, [left, right, _]) = operands::values::<3>(witness, filler.cycles[owner]);
        let (mut left, mut right) = (to_canonical(left), to_canonical(right));
        let mut accumulator = initial(opcode);
        let base = instruction.base();
        for remaining in (1..=to_canonical(instruction.imm())).rev() {
            let x_addresses: [u32; DIMENSION] =
                std::array::from_fn(|j| if j > 0 && base { 0 } else { left + j as u32 });
            let y_addresses: [u32; DIMENSION] = std::array::from_fn(|j| right + j as u32);
            for address in x_addresses.into_iter().chain(y_addresses) {
                tally.scalar(address);
            }
            let x = x_addresses.map(|address| witness.memory[address as usize]);
            let y = y_addresses.map(|address| witness.memory[address as usize]);
            let head = [
                F::from_usize(owner),
                F::from_u32(remaining),
                F::from_u32(left),
                F::from_u32(right),
                F::from_bool(base),
            ];
            let values = head
                .into_iter()
                .chain(coordinates(accumulator))
                .chain(x)
                .chain(y);
            for (column, value) in columns.iter_mut().zip(values) {
                column[term] = value;
            }
            let factor = if base {
                EF::from(x[0])
            } else {
                from_coordinates(x)
            };
            accumulator = accumulate(opcode, accumulator, factor, from_coordinates(y));
            left += if base { 1 } else { STRIDE };
            right += STRIDE;
            term += 1;
        }
    });
}

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

/// `row` ends with the virtual column of row indices.
#[inline]
pub(crate) fn evaluate_owner<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
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

#[inline]
pub(crate) fn evaluate_term<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
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
