//! SPEC §4 isa, §6 execution, §9 tables: JUMP, to (destination, frame) if condition = 1.

use crate::field::F;
use crate::instructions::operands::{Operands, boolean};
use crate::isa::Opcode;
use crate::tables::{Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{Machine, Operation},
    crate::instructions::operands,
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
    p3_field::PrimeCharacteristicRing,
};

#[cfg(feature = "prover")]
pub(crate) fn execute(
    machine: &mut Machine,
    operation: &Operation,
) -> Result<Option<(F, F)>, Error> {
    let [condition, destination, frame] = machine.read_all(operation)?;
    let condition = condition.known()?;
    if condition == F::ONE {
        Ok(Some((destination.known()?, frame.known()?)))
    } else if condition == F::ZERO {
        Ok(None)
    } else {
        Err(Rejection::JumpCondition.at(format!("the condition is {condition}")))
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
