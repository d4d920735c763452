//! SPEC §6 execution, §9 tables: the list of instructions.
//!
//! Each instruction is a file: what it does, then its table (columns, constraints, interactions,
//! rows of a trace).

pub mod add;
pub mod chain;
pub mod deref;
pub mod dot_product;
pub mod eq;
pub mod jump;
pub mod mul;
pub mod path;
pub mod poseidon;
pub mod poseidon_halves;
pub mod reduction;
pub mod sponge;

use crate::execution::Machine;
use crate::isa::{Instruction, Opcode};
use crate::rejection::Error;

/// Executes an instruction and goes to (pc', fp').
///
/// # Errors
/// Codes 20 to 26.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    match instruction.opcode() {
        // pc' and fp' are those of the jump.
        Opcode::Jump => return jump::execute(machine, instruction),
        // An execution stops before HALT.
        Opcode::Halt => {}
        Opcode::Add => add::execute(machine, instruction)?,
        Opcode::Mul => mul::execute(machine, instruction)?,
        Opcode::Deref => deref::execute(machine, instruction)?,
        Opcode::Poseidon8 | Opcode::Poseidon16 | Opcode::Poseidon24 => {
            poseidon::execute(machine, instruction)?
        }
        Opcode::Poseidon16Halves => poseidon_halves::execute(machine, instruction)?,
        Opcode::DotProduct => dot_product::execute(machine, instruction)?,
        Opcode::Eq => eq::execute(machine, instruction)?,
        Opcode::Chain => chain::execute(machine, instruction)?,
        Opcode::Path => path::execute(machine, instruction)?,
        Opcode::Sponge => sponge::execute(machine, instruction)?,
    }
    machine.pc += 1;
    Ok(())
}
