//! The executable specification of leanVM.
//!
//! Every module is the section of `SPEC.md` of the same name. Everything is written for reading: plain loops over plain
//! vectors, arithmetic on `u64` with `%`. The optimised twin is the crate `leanvm-fast`, which shares no code with this one.

pub mod assembly;
pub mod execution;
pub mod field;
pub mod instructions;
pub mod isa;
pub mod layout;
pub mod memory;
pub mod permutation;
pub mod rejection;
pub mod tables;
