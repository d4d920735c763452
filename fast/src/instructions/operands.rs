//! SPEC §9 tables: what the instruction tables begin with, filled.

use p3_field::PrimeCharacteristicRing;

use crate::execution::Cycle;
use crate::field::{F, to_canonical};
use crate::isa::{Instruction, Operand};
use crate::tables::{Filler, Head, Tally, Witness};

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

/// The instruction of a cycle and its values v_i.
#[inline]
pub(crate) fn values<const N: usize>(witness: &Witness<'_>, cycle: u32) -> (Instruction, [F; N]) {
    let Cycle { pc, fp } = witness.cycles[cycle as usize];
    let instruction = witness.program.instructions()[pc as usize];
    (
        instruction,
        std::array::from_fn(|i| operand(witness.memory, &instruction, fp, i).2),
    )
}

/// Writes the columns of the head for a cycle; the result is the instruction and its
/// values v_i.
#[inline]
pub(crate) fn fill<const N: usize>(
    head: &Head<'_, usize, N>,
    witness: &Witness<'_>,
    cycle: u32,
    row: &mut [F],
    tally: &mut Tally<'_>,
) -> (Instruction, [F; N]) {
    let Cycle { pc, fp } = witness.cycles[cycle as usize];
    let instruction = witness.program.instructions()[pc as usize];
    row[*head.pc] = F::from_u32(pc);
    row[*head.fp] = fp;
    let values = std::array::from_fn(|i| {
        let (address, cell, value) = operand(witness.memory, &instruction, fp, i);
        tally.scalar(address);
        let (k, flags) = (instruction.operand(i).k(), instruction.operand(i).flags());
        let at = &head.operands[i];
        row[*at.k] = k;
        row[*at.mem] = F::from_bool(flags == 1);
        row[*at.frame] = F::from_bool(flags == 2);
        row[*at.cell] = cell;
        value
    });
    (instruction, values)
}

/// Fills the rows of a table that has no columns beyond those of the head.
pub(crate) fn fill_heads<const N: usize>(
    head: &Head<'_, usize, N>,
    filler: &Filler<'_, '_>,
    columns: &mut [Vec<F>],
) {
    filler.by_row(columns, |step, row, tally| {
        let _values = fill(head, filler.witness, step, row, tally);
    });
}
