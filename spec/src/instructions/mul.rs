//! SPEC §6 execution, §9 tables: MUL, left·right = result.

use crate::execution::{Machine, Value};
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Evaluation};

/// Checks the relation, or solves it for one unknown.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `relation-violated`, `division-by-zero`,
/// `factor-undetermined`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let values = machine.read_operands(instruction)?;
    match (values[0], values[1], values[2]) {
        // §6.12.
        (Value::Known(left), Value::Known(right), Value::Known(result)) => {
            if left * right != result {
                return Err(Error::new(
                    Rejection::RelationViolated,
                    format!("{left} · {right} is not {result}"),
                ));
            }
            Ok(())
        }
        // §6.13.
        (Value::Known(left), Value::Known(right), Value::Undefined(unknown)) => {
            machine.memory.define(unknown, left * right)
        }
        (Value::Known(factor), Value::Undefined(unknown), Value::Known(result))
        | (Value::Undefined(unknown), Value::Known(factor), Value::Known(result)) => {
            let quotient = divide(result, factor)?;
            machine.memory.define(unknown, quotient)
        }
        // §6.11.
        _ => Err(Error::new(
            Rejection::OperandUndefined,
            "more than one unknown",
        )),
    }
}

/// §6.14, §6.15: result/factor; if factor = 0: result ≠ 0 `division-by-zero`, result = 0
/// `factor-undetermined`.
fn divide(result: Felt, factor: Felt) -> Result<Felt, Error> {
    match factor.inverse() {
        Some(inverse) => Ok(result * inverse),
        None if result != Felt::ZERO => Err(Error::new(
            Rejection::DivisionByZero,
            format!("{result} / 0"),
        )),
        None => Err(Error::new(Rejection::FactorUndetermined, "0 / 0")),
    }
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Mul);
    let v = head.values();
    evaluation.straight_line(&head, head.word(), E::from(Felt::ZERO));
    // §9.5.
    evaluation.constraint(v[0] * v[1] - v[2]);
}
