//! SPEC §4 isa, §9 tables: the constraints and interactions of the instructions, one file each.
//!
//! Where the columns of a table begin is public for the prover, which fills them.

pub mod add;
pub mod checkpoints;
pub mod deref;
pub mod jump;
pub mod mul;
pub mod operands;
pub mod poseidon;
pub mod poseidon_halves;
pub mod reduction;
