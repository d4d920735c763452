//! SPEC §4 isa, §6 execution, §9 tables: MUL, left·right = result.

use crate::field::F;
use crate::instructions::operands::Operands;
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{Machine, Operation, Value},
    crate::instructions::operands,
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
    p3_field::{Field, PrimeCharacteristicRing},
};

#[cfg(feature = "prover")]
pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    let (unknown, solution) = match machine.read_all(operation)? {
        // No unknown: the relation must hold.
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
        // One unknown is solved.
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
        _ => return Err(Rejection::OperandUndefined.at("more than one operand is undefined")),
    };
    machine
        .memory
        .define(unknown, solution, Rejection::RelationViolated)
}

#[cfg(feature = "prover")]
fn quotient(result: F, factor: F) -> Result<F, Error> {
    match factor.try_inverse() {
        Some(inverse) => Ok(result * inverse),
        None if result == F::ZERO => Err(Rejection::FactorUndetermined.at("0/0")),
        None => Err(Rejection::DivisionByZero.at(format!("{result}/0"))),
    }
}

#[cfg(feature = "prover")]
pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_rows(filler, columns, |witness, step, row, tally| {
        let _values = operands::fill::<3>(witness, step, row, tally);
    });
}

#[inline]
pub(crate) fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 3>::constrain(row, sink);
    let [left, right, result] = operands.values;
    sink.constraint(left * right - result);
    operands.interact(row, sink, operands.next(), Opcode::Mul, R::ZERO, R::ZERO);
}
