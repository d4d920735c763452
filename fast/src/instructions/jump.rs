//! SPEC §4 isa, §6 execution, §9 tables: JUMP, to (destination, frame) if condition = 1.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::jump::JumpColumns;

use crate::execution::{Machine, Operation};
use crate::field::F;
use crate::instructions::operands;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES};

pub(crate) fn execute(
    machine: &mut Machine,
    operation: &Operation,
) -> Result<Option<(F, F)>, Error> {
    let [condition, destination, frame] = machine.read_all(operation)?;
    // §6.18.
    let condition = condition.known()?;
    if condition == F::ONE {
        // §6.20.
        Ok(Some((destination.known()?, frame.known()?)))
    } else if condition == F::ZERO {
        Ok(None)
    } else {
        // §6.19.
        Err(Rejection::JumpCondition.at(format!("the condition is {condition}")))
    }
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    operands::fill_heads(&JumpColumns::read(&INDICES).head, filler, columns);
}
