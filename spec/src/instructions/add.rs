//! SPEC §6 execution, §9 tables: ADD, left + right = result.

use crate::execution::{Machine, Value};
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Evaluation};

/// Checks the relation, or solves it for one unknown.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let values = machine.read_operands(instruction)?;
    match (values[0], values[1], values[2]) {
        // §6.12.
        (Value::Known(left), Value::Known(right), Value::Known(result)) => {
            if left + right != result {
                return Err(Error::new(
                    Rejection::RelationViolated,
                    format!("{left} + {right} is not {result}"),
                ));
            }
            Ok(())
        }
        (Value::Known(left), Value::Known(right), Value::Undefined(unknown)) => {
            machine.memory.define(unknown, left + right)
        }
        (Value::Known(left), Value::Undefined(unknown), Value::Known(result)) => {
            machine.memory.define(unknown, result - left)
        }
        (Value::Undefined(unknown), Value::Known(right), Value::Known(result)) => {
            machine.memory.define(unknown, result - right)
        }
        // §6.11.
        _ => Err(Error::new(
            Rejection::OperandUndefined,
            "more than one unknown",
        )),
    }
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Add);
    let v = head.values();
    evaluation.straight_line(&head, head.word(), E::from(Felt::ZERO));
    // §9.4.
    evaluation.constraint(v[0] + v[1] - v[2]);
}
