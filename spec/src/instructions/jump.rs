//! SPEC §6 execution, §9 tables: JUMP.

use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Evaluation};

/// Sets pc and fp: to destination and frame if the condition is 1, to pc + 1 and fp if it is 0.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `jump-condition`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let values = machine.read_operands(instruction)?;
    // §6.18.
    let condition = values[0].known()?;
    if condition == Felt::ZERO {
        machine.pc += 1;
    } else if condition == Felt::ONE {
        // §6.20.
        let destination = values[1].known()?;
        let frame = values[2].known()?;
        machine.pc = destination.value();
        machine.fp = frame;
    } else {
        // §6.19.
        return Err(Error::new(
            Rejection::JumpCondition,
            format!("the condition is {condition}"),
        ));
    }
    Ok(())
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Jump);
    let one = E::from(Felt::ONE);
    let v = head.values();
    // §9.7.
    let c = v[0];
    let next_pc = c * v[1] + (one - c) * (head.pc + one);
    let next_fp = c * v[2] + (one - c) * head.fp;
    evaluation.head(&head, head.word(), E::from(Felt::ZERO), next_pc, next_fp);
    evaluation.constraint(c * (c - one));
}
