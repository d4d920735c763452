//! SPEC §4 isa, §6 execution, §9 tables: DOT_PRODUCT and EQ, with their tables of terms DOT_TERM,
//! DOT_QUAD and EQ_TERM.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::dot_product::{QUAD, QuadColumns};
use leanvm_verifier::instructions::reduction::{OwnerColumns, STRIDE, TermColumns};

use crate::execution::{Machine, Operation};
use crate::field::{DIMENSION, EF, F, coordinates, from_coordinates, to_canonical};
use crate::instructions::operands;
use crate::isa::Opcode;
use crate::memory::HALF;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES, Witness};

/// The empty reduction.
fn initial(opcode: Opcode) -> EF {
    if opcode == Opcode::Eq {
        EF::ONE
    } else {
        EF::ZERO
    }
}

/// The accumulator after one more term.
#[inline]
fn accumulate(opcode: Opcode, accumulator: EF, x: EF, y: EF) -> EF {
    let product = x * y;
    if opcode == Opcode::Eq {
        accumulator * (product.double() - x - y + F::ONE)
    } else {
        accumulator + product
    }
}

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let [left, right, result] = machine.read_all(operation)?;
    // §6.25.
    let mut left = to_canonical(left.known()?);
    let mut right = to_canonical(right.known()?);
    let result = to_canonical(result.known()?);
    let mut accumulator = initial(operation.opcode);
    // An address past the cap ends the loop with a rejection, long before it could wrap around.
    // §6.26.
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
    // §6.27.
    for (value, address) in coordinates(accumulator).into_iter().zip(result..) {
        machine
            .memory
            .define(address, value, Rejection::RelationViolated)?;
    }
    Ok(())
}

#[inline]
fn read_element(machine: &mut Machine, address: u32) -> Result<EF, Error> {
    let mut cells = [F::ZERO; DIMENSION];
    for (cell, address) in cells.iter_mut().zip(address..) {
        *cell = machine.memory.read_defined(address)?;
    }
    Ok(from_coordinates(cells))
}

pub(crate) fn fill_owners(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = OwnerColumns::read(&INDICES);
    let memory = filler.witness.memory;
    filler.by_row(columns, |step, row, tally| {
        let (instruction, [_, _, result]) =
            operands::fill(&at.head, filler.witness, step, row, tally);
        row[*at.imm] = instruction.imm();
        row[*at.base] = F::from_bool(instruction.base());
        for (column, address) in at.result.iter().zip(to_canonical(result)..) {
            row[*column] = memory[address as usize];
            tally.scalar(address);
        }
    });
}

/// The quads of a cycle of DOT_PRODUCT or EQ, which has none.
pub(crate) fn quads(witness: &Witness<'_>, cycle: u32) -> usize {
    let (instruction, [left, right, _]) = operands::values::<3>(witness, cycle);
    let is_aligned = |value: F| to_canonical(value).is_multiple_of(QUAD);
    if instruction.opcode() == Opcode::DotProduct
        && instruction.base()
        && is_aligned(left)
        && is_aligned(right)
    {
        (to_canonical(instruction.imm()) / QUAD) as usize
    } else {
        0
    }
}

/// The terms of each cycle that are in no quad.
pub(crate) fn fill_terms(opcode: Opcode, filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = TermColumns::read(&INDICES);
    let witness = filler.witness;
    let cycles = filler.cycles.iter();
    let in_quads: Vec<u32> = cycles
        .map(|cycle| QUAD * quads(witness, *cycle) as u32)
        .collect();
    let lengths = filler.lengths().into_iter().zip(&in_quads);
    let lengths: Vec<usize> = lengths.map(|(imm, quads)| imm - *quads as usize).collect();
    filler.by_owner(columns, &lengths, |owners, columns, tally| {
        let mut term = 0;
        for owner in owners {
            let (instruction, [left, right, _]) =
                operands::values::<3>(witness, filler.cycles[owner]);
            let (mut left, mut right) = (to_canonical(left), to_canonical(right));
            let mut accumulator = initial(opcode);
            let base = instruction.base();
            for _ in 0..in_quads[owner] {
                let x = EF::from(witness.memory[left as usize]);
                accumulator += x * element(witness.memory, right);
                left += 1;
                right += STRIDE;
            }
            for remaining in (1..=to_canonical(instruction.imm()) - in_quads[owner]).rev() {
                let x_addresses: [u32; DIMENSION] =
                    std::array::from_fn(|j| if j > 0 && base { 0 } else { left + j as u32 });
                let y_addresses: [u32; DIMENSION] = std::array::from_fn(|j| right + j as u32);
                for address in x_addresses.into_iter().chain(y_addresses) {
                    tally.scalar(address);
                }
                let x = x_addresses.map(|address| witness.memory[address as usize]);
                let y = y_addresses.map(|address| witness.memory[address as usize]);
                for (column, value) in [
                    (at.owner, F::from_usize(owner)),
                    (at.remaining, F::from_u32(remaining)),
                    (at.left, F::from_u32(left)),
                    (at.right, F::from_u32(right)),
                    (at.base, F::from_bool(base)),
                ] {
                    columns[*column][term] = value;
                }
                for (at, element) in [
                    (at.accumulator, coordinates(accumulator)),
                    (at.x, x),
                    (at.y, y),
                ] {
                    for (column, value) in at.iter().zip(element) {
                        columns[*column][term] = value;
                    }
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
        }
    });
}

pub(crate) fn fill_quads(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = QuadColumns::read(&INDICES);
    let witness = filler.witness;
    let memory = witness.memory;
    let cycles = filler.cycles.iter();
    let lengths: Vec<usize> = cycles.map(|cycle| quads(witness, *cycle)).collect();
    filler.by_owner(columns, &lengths, |owners, columns, tally| {
        let mut quad = 0;
        for owner in owners {
            let (instruction, [left, right, _]) =
                operands::values::<3>(witness, filler.cycles[owner]);
            let (mut left, mut right) = (to_canonical(left), to_canonical(right));
            let mut remaining = to_canonical(instruction.imm());
            let mut accumulator = EF::ZERO;
            for _ in 0..lengths[owner] {
                let x = &memory[left as usize..][..at.x.len()];
                let cells = &memory[right as usize..][..at.cells.len()];
                for (column, value) in [
                    (at.owner, F::from_usize(owner)),
                    (at.remaining, F::from_u32(remaining)),
                    (at.left, F::from_u32(left)),
                    (at.right, F::from_u32(right)),
                ] {
                    columns[*column][quad] = value;
                }
                for (at, values) in [
                    (&at.accumulator[..], &coordinates(accumulator)[..]),
                    (at.x, x),
                    (at.cells, cells),
                ] {
                    for (column, value) in at.iter().zip(values) {
                        columns[*column][quad] = *value;
                    }
                }
                tally.half(left / HALF);
                for half in 0..STRIDE {
                    tally.half(right / HALF + half);
                }
                for (x, address) in x.iter().zip((right..).step_by(DIMENSION)) {
                    accumulator += element(memory, address) * *x;
                }
                remaining -= QUAD;
                left += QUAD;
                right += QUAD * STRIDE;
                quad += 1;
            }
        }
    });
}

/// The element of E at an address.
fn element(memory: &[F], address: u32) -> EF {
    from_coordinates(std::array::from_fn(|j| memory[address as usize + j]))
}
