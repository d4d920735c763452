//! SPEC §4 isa, §9 tables: JUMP, to (destination, frame) if condition = 1.

use crate::field::F;
use crate::instructions::operands::{Operands, boolean};
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 3>::constrain(row, sink);
    let [condition, destination, frame] = operands.values;
    boolean(condition, sink);
    let (pc, fp) = operands.next();
    // c·x + (1 − c)·y = y + c·(x − y).
    let next = (
        pc + condition * (destination - pc),
        fp + condition * (frame - fp),
    );
    operands.interact(row, sink, next, Opcode::Jump, R::ZERO, R::ZERO);
}
