//! SPEC §4 isa, §6 execution, §9 tables: ADD, left + right = result.

use leanvm_verifier::instructions::add::AddColumns;

use crate::execution::{Machine, Operation, Value};
use crate::field::F;
use crate::instructions::operands;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES};

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let (unknown, solution) = match machine.read_all(operation)? {
        // §6.12, no unknown: the relation must hold.
        [
            Value::Known(left),
            Value::Known(right),
            Value::Known(result),
        ] => {
            return if left + right == result {
                Ok(())
            } else {
                Err(Rejection::RelationViolated.at(format!("{left} + {right} is not {result}")))
            };
        }
        // §6.13, one unknown is solved.
        [
            Value::Known(left),
            Value::Known(right),
            Value::Unknown(address),
        ] => (address, left + right),
        [
            Value::Known(left),
            Value::Unknown(address),
            Value::Known(result),
        ] => (address, result - left),
        [
            Value::Unknown(address),
            Value::Known(right),
            Value::Known(result),
        ] => (address, result - right),
        // §6.11.
        _ => return Err(Rejection::OperandUndefined.at("more than one operand is undefined")),
    };
    machine
        .memory
        .define(unknown, solution, Rejection::RelationViolated)
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_heads(&AddColumns::read(&INDICES).head, filler, columns);
}
