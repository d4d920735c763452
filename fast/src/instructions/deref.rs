//! SPEC §4 isa, §6 execution, §9 tables: DEREF, m[pointer + imm] = value.

use leanvm_verifier::instructions::deref::DerefColumns;

use crate::execution::{self, Machine, Operation, Value};
use crate::field::{F, to_canonical};
use crate::instructions::operands;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES};

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let [pointer, value] = machine.read_all(operation)?;
    // §6.16.
    let target = execution::add(to_canonical(pointer.known()?), operation.imm);
    // §6.17.
    match value {
        // Defines the target, or checks that both are equal.
        Value::Known(value) => machine
            .memory
            .define(target, value, Rejection::RelationViolated),
        // The target defines the value, or both are joined.
        Value::Unknown(address) => machine.memory.join(target, address),
    }
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = DerefColumns::read(&INDICES);
    filler.by_row(columns, |step, row, tally| {
        let (instruction, [pointer, _]) =
            operands::fill(&at.head, filler.witness, step, row, tally);
        row[*at.imm] = instruction.imm();
        tally.scalar(to_canonical(pointer + instruction.imm()));
    });
}
