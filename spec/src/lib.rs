//! The executable specification of leanVM.
//!
//! Every module is the section of `SPEC.md` of the same name. Everything is written for reading: plain loops over plain
//! vectors, arithmetic on `u64` with `%`. The optimised twin is the crate `leanvm-fast`, which shares no code with this one.

pub mod aggregation;
pub mod assembly;
pub mod commitment;
pub mod execution;
pub mod field;
pub mod instructions;
pub mod isa;
pub mod layout;
pub mod leansig;
pub mod lookup;
pub mod memory;
pub mod merkle;
pub mod multilinear;
pub mod parameters;
pub mod permutation;
pub mod proof;
pub mod prover;
pub mod rejection;
pub mod sumcheck;
pub mod tables;
pub mod transcript;
pub mod verifier;
pub mod xmss;
pub mod zerocheck;
