//! SPEC §4 isa, §6 execution, §9 tables: DEREF, m[pointer + imm] = value.

use crate::field::F;
use crate::instructions::operands::{self, Operands, send_memory};
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{self, Machine, Operation, Value},
    crate::field::to_canonical,
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
};

const IMM: usize = operands::offset(2);

#[cfg(feature = "prover")]
pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let [pointer, value] = machine.read_all(operation)?;
    let target = execution::add(to_canonical(pointer.known()?), operation.imm);
    match value {
        // Defines the target, or checks that both are equal.
        Value::Known(value) => machine
            .memory
            .define(target, value, Rejection::RelationViolated),
        // The target defines the value, or both are joined.
        Value::Unknown(address) => machine.memory.join(target, address),
    }
}

#[cfg(feature = "prover")]
pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_rows(filler, columns, |witness, step, row, tally| {
        let (instruction, [pointer, _]) = operands::fill(witness, step, row, tally);
        row[IMM] = instruction.imm();
        tally.scalar(to_canonical(pointer + instruction.imm()));
    });
}

#[inline]
pub(crate) fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 2>::constrain(row, sink);
    let imm = row[IMM];
    operands.interact(row, sink, operands.next(), Opcode::Deref, R::ZERO, imm);
    let [pointer, value] = operands.values;
    send_memory::<C, R, S>(sink, pointer + imm, value);
}
