//! SPEC §4 isa, §6 execution, §9 tables: MUL, left·right = result.

use p3_field::{Field, PrimeCharacteristicRing};

use leanvm_verifier::instructions::mul::MulColumns;

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
            return if left * right == result {
                Ok(())
            } else {
                Err(Rejection::RelationViolated.at(format!("{left}·{right} is not {result}")))
            };
        }
        // §6.13, one unknown is solved.
        [
            Value::Known(left),
            Value::Known(right),
            Value::Unknown(address),
        ] => (address, left * right),
        [
            Value::Known(factor),
            Value::Unknown(address),
            Value::Known(result),
        ]
        | [
            Value::Unknown(address),
            Value::Known(factor),
            Value::Known(result),
        ] => (address, quotient(result, factor)?),
        // §6.11.
        _ => return Err(Rejection::OperandUndefined.at("more than one operand is undefined")),
    };
    machine
        .memory
        .define(unknown, solution, Rejection::RelationViolated)
}

/// §6.14, §6.15.
fn quotient(result: F, factor: F) -> Result<F, Error> {
    match factor.try_inverse() {
        Some(inverse) => Ok(result * inverse),
        None if result == F::ZERO => Err(Rejection::FactorUndetermined.at("0/0")),
        None => Err(Rejection::DivisionByZero.at(format!("{result}/0"))),
    }
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_heads(&MulColumns::read(&INDICES).head, filler, columns);
}
