//! SPEC §9 tables: what the instruction tables begin with, filled.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::operands::offset;

use crate::field::{F, to_canonical};
use crate::isa::{Instruction, Operand};
use crate::tables::{Filler, Tally, Witness};

/// Operand i of an instruction: the address of its lookup, the cell there, and the value v_i.
#[inline]
fn operand(memory: &[F], instruction: &Instruction, fp: F, i: usize) -> (u32, F, F) {
    let looked_up = |address: u32| (address, memory[address as usize]);
    match instruction.operand(i) {
        Operand::Constant(k) => {
            let (address, cell) = looked_up(0);
            (address, cell, k)
        }
        Operand::Frame(k) => {
            let (address, cell) = looked_up(0);
            (address, cell, fp + k)
        }
        Operand::Memory(k) => {
            let (address, cell) = looked_up(to_canonical(fp + k));
            (address, cell, cell)
        }
    }
}

/// The instruction of the cycle `step` and its values v_i.
#[inline]
pub(crate) fn values<const N: usize>(witness: &Witness<'_>, step: u32) -> (Instruction, [F; N]) {
    let (pc, fp) = witness.steps[step as usize];
    let instruction = witness.program.instructions()[pc as usize];
    (
        instruction,
        std::array::from_fn(|i| operand(witness.memory, &instruction, fp, i).2),
    )
}

/// Writes the columns of this module for the cycle `step`; the result is the instruction and its values v_i.
#[inline]
pub(crate) fn fill<const N: usize>(
    witness: &Witness<'_>,
    step: u32,
    row: &mut [F],
    tally: &mut Tally<'_>,
) -> (Instruction, [F; N]) {
    let (pc, fp) = witness.steps[step as usize];
    let instruction = witness.program.instructions()[pc as usize];
    row[0] = F::from_u32(pc);
    row[1] = fp;
    let values = std::array::from_fn(|i| {
        let (address, cell, value) = operand(witness.memory, &instruction, fp, i);
        tally.scalar(address);
        let (k, flags) = (instruction.operand(i).k(), instruction.operand(i).flags());
        row[offset(i)..offset(i + 1)].copy_from_slice(&[
            k,
            F::from_bool(flags == 1),
            F::from_bool(flags == 2),
            cell,
        ]);
        value
    });
    (instruction, values)
}

/// Fills the rows of a table whose columns beyond those of the operands are few: one row at a time.
pub(crate) fn fill_rows(
    filler: &Filler<'_, '_>,
    columns: &mut [Vec<F>],
    write: impl Fn(&Witness<'_>, u32, &mut [F], &mut Tally<'_>) + Sync,
) {
    filler.by_row(columns, |row_index, row, tally| {
        write(filler.witness, filler.cycles[row_index], row, tally)
    });
}
