//! SPEC §4 isa, §9 tables: ADD, left + right = result.

use crate::field::F;
use crate::instructions::operands::Operands;
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 3>::constrain(row, sink);
    let [left, right, result] = operands.values;
    sink.constraint(left + right - result);
    operands.interact(row, sink, operands.next(), Opcode::Add, R::ZERO, R::ZERO);
}
