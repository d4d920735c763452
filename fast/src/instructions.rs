//! SPEC §4 isa, §6 execution, §9 tables: the instructions, one file each.
//!
//! A file holds what an instruction does (`execute`) and its rows (`fill`). Its constraints and
//! interactions are in the file of the same name of `leanvm_verifier::instructions`. A new
//! instruction has a line in each of the two lists of this file, and nothing else in this crate.

use p3_field::PrimeCharacteristicRing;

use crate::execution::{Machine, Operation};
use crate::field::F;
use crate::isa::Opcode;
use crate::rejection::Error;
use crate::tables::{Filler, TableId};

pub(crate) mod add;
pub(crate) mod chain;
pub(crate) mod deref;
pub(crate) mod jump;
pub(crate) mod mul;
pub(crate) mod operands;
pub(crate) mod path;
pub(crate) mod permuted;
pub(crate) mod poseidon;
pub(crate) mod poseidon_halves;
pub(crate) mod reduction;
pub(crate) mod sponge;

/// Runs one instruction; the result is (pc', fp') where it is not (pc + 1, fp).
#[inline]
pub(crate) fn execute(
    machine: &mut Machine,
    operation: &Operation,
) -> Result<Option<(F, F)>, Error> {
    match operation.opcode {
        Opcode::Add => add::execute(machine, operation)?,
        Opcode::Mul => mul::execute(machine, operation)?,
        Opcode::Deref => deref::execute(machine, operation)?,
        Opcode::Jump => return jump::execute(machine, operation),
        Opcode::Poseidon8 => poseidon::execute::<1>(machine, operation)?,
        Opcode::Poseidon16 => poseidon::execute::<2>(machine, operation)?,
        Opcode::Poseidon24 => poseidon::execute::<3>(machine, operation)?,
        Opcode::Poseidon16Halves => poseidon_halves::execute(machine, operation)?,
        Opcode::DotProduct | Opcode::Eq => reduction::execute(machine, operation)?,
        Opcode::Chain => chain::execute(machine, operation)?,
        Opcode::Path => path::execute(machine, operation)?,
        Opcode::Sponge => sponge::execute(machine, operation)?,
        // HALT is the halt pc, where the machine stops before it runs an instruction.
        Opcode::Halt => {}
    }
    Ok(None)
}

/// The values of N operands, which are read, then must be defined, in order.
fn known<const N: usize>(machine: &mut Machine, operation: &Operation) -> Result<[F; N], Error> {
    let mut values = [F::ZERO; N];
    for (value, operand) in values.iter_mut().zip(machine.read_all::<N>(operation)?) {
        *value = operand.known()?;
    }
    Ok(values)
}

/// Fills the rows of a table, but for BYTECODE and MEMORY, which follow from the others.
pub(crate) fn fill(id: TableId, filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    match id {
        TableId::Bytecode | TableId::Memory => {}
        TableId::Add => add::fill(filler, columns),
        TableId::Mul => mul::fill(filler, columns),
        TableId::Deref => deref::fill(filler, columns),
        TableId::Jump => jump::fill(filler, columns),
        TableId::Poseidon8 => poseidon::fill_8(filler, columns),
        TableId::Poseidon16 => poseidon::fill_16(filler, columns),
        TableId::Poseidon24 => poseidon::fill_24(filler, columns),
        TableId::Poseidon16Halves => poseidon_halves::fill(filler, columns),
        TableId::DotProduct | TableId::Eq => reduction::fill_owners(filler, columns),
        TableId::DotTerm => reduction::fill_terms(Opcode::DotProduct, filler, columns),
        TableId::EqTerm => reduction::fill_terms(Opcode::Eq, filler, columns),
        TableId::Chain => chain::fill(filler, columns),
        TableId::ChainTerm => chain::fill_terms(filler, columns),
        TableId::ChainStep => chain::fill_steps(filler, columns),
        TableId::Path => path::fill(filler, columns),
        TableId::PathStep => path::fill_steps(filler, columns),
        TableId::Sponge => sponge::fill(filler, columns),
        TableId::SpongeStep => sponge::fill_steps(filler, columns),
        TableId::DotQuad => reduction::fill_quads(filler, columns),
    }
}
