//! The executable specification of leanVM.
//!
//! Every module is the section of `SPEC.md` of the same name. Everything is written for reading:
//! plain loops over plain vectors, arithmetic on `u64` with `%`. The optimised twin is the crate
//! `leanvm-fast`, which shares no code with this one.
//!
//! | to understand | begin at |
//! | --- | --- |
//! | the machine | [`execution`], then [`instructions`] and [`memory`] |
//! | a proof | [`verifier`], which goes through the sections in order |
//! | a rule of a table | the file of the instruction in [`instructions`] |
//! | signatures, and one proof of many | [`xmss`], [`leansig`], [`aggregation`], [`merging`] |
//!
//! ```
//! use leanvm_spec::assembly::assemble;
//! use leanvm_spec::execution::{Input, Limits, execute};
//!
//! // The sum of the first two public elements is the third one.
//! let program = assemble(".frame 8\nadd m[fp-8], m[fp-7], m[fp-6]\nhalt").unwrap();
//! let run = |public: &[u64]| {
//!     let public = public.iter().map(|value| leanvm_spec::field::Felt::new(*value)).collect();
//!     execute(&program, &Input { public, ..Input::default() }, &Limits::default())
//! };
//! assert!(run(&[3, 4, 7]).is_ok());
//! assert!(run(&[3, 4, 8]).is_err());
//! ```

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
pub mod merging;
pub mod merkle;
pub mod multilinear;
pub mod parameters;
pub mod permutation;
pub mod poseidon;
pub mod proof;
pub mod prover;
pub mod recursion;
pub mod rejection;
pub mod sumcheck;
pub mod tables;
pub mod transcript;
pub mod verifier;
pub mod xmss;
pub mod zerocheck;
