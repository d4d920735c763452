//! SPEC §4 isa, §9 tables: DEREF, m[pointer + imm] = value.

use crate::field::F;
use crate::instructions::operands::{self, Operands, send_memory};
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

/// The column imm.
pub const IMM: usize = operands::offset(2);

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 2>::constrain(row, sink);
    let imm = row[IMM];
    operands.interact(row, sink, operands.next(), Opcode::Deref, R::ZERO, imm);
    let [pointer, value] = operands.values;
    send_memory::<C, R, S>(sink, pointer + imm, value);
}
