//! Production prover, verifier and machine of leanVM. SPEC.md is normative; each section `## N name` is the module `name`.
//!
//! With the default feature `prover` the library executes, proves and verifies, on threads. Without it (`default-features = false`) it decodes
//! programs and verifies, on the calling thread alone, and neither the prover nor rayon is built.
//!
//! # Speed
//!
//! The packed arithmetic is chosen when compiling, and the default of the compiler is none: **a client that sets nothing gets a build that proves
//! about five times as slowly, signs eight times and makes keys twenty times as slowly as its processor can.** Compile with
//! `RUSTFLAGS="-C target-cpu=native"` for the machine at hand, or with `-C target-cpu=x86-64-v3` (AVX2) or `-C target-cpu=x86-64-v4` (AVX-512) for
//! machines that have those. [`processor::Processor::here`] tells what is in use and what the processor has; so do the values that proving and
//! aggregating return, and one event of `tracing` (level `WARN`) where a build is slower than it could be. The bytes are the same.
//!
//! # Stack
//!
//! What is called on a thread with 64 KiB of stack works: the verifiers and the machine need no more, and proving runs on the threads of rayon.
//!
//! # Rust
//!
//! Rust 1.93, also for the verifiers alone: p3 0.8 needs it.

pub mod aggregation;
#[cfg(feature = "prover")]
pub mod allocator;
pub mod assembly;
pub mod commitment;
#[cfg(feature = "prover")]
pub mod execution;
pub mod field;
mod instructions;
pub mod isa;
#[cfg(feature = "prover")]
pub mod layout;
pub mod leansig;
pub mod lookup;
#[cfg(feature = "prover")]
pub mod memory;
pub mod merkle;
pub mod multilinear;
pub mod parameters;
pub mod permutation;
pub mod processor;
pub mod proof;
#[cfg(feature = "prover")]
pub mod prover;
pub mod rejection;
pub mod security;
pub mod sumcheck;
pub mod tables;
#[cfg(feature = "prover")]
pub mod threads;
pub mod transcript;
#[cfg(feature = "prover")]
pub mod tuning;
pub mod verifier;
pub mod xmss;
pub mod zerocheck;
