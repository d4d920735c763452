//! SPEC §6 execution, §9 tables: DEREF, m\[pointer + imm\] = value.

use crate::execution::{Machine, Value};
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::rejection::Error;
use crate::tables::{Columns, Context, Evaluation};

/// Joins the target and the value.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let values = machine.read_operands(instruction)?;
    // §6.16.
    let target = values[0].known()? + instruction.imm();
    // §6.17.
    match values[1] {
        Value::Known(value) => machine.memory.define(target, value),
        Value::Undefined(cell) => machine.memory.join(target, cell),
    }
}

/// The row of a cycle.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, _) = context.head_row(pc, fp);
    row.push(context.instruction(pc).imm());
    row
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Deref);
    let imm = columns.one();
    let v = head.values();
    evaluation.straight_line(&head, head.word(), imm);
    // §9.6.
    evaluation.send_memory(v[0] + imm, v[1]);
}
