//! Production machine and prover of leanVM, with the verifiers. SPEC.md is normative; each section
//! `## N name` is the module `name`.
//!
//! All that a verifier reaches is the crate `leanvm-verifier`, which is scalar, without `unsafe`
//! and without threads. This crate stands above it: execution, proving, signing and aggregation, on
//! threads. A module has the verifier's half of its section too, from there, so that a client
//! depends on one of the two crates.
//!
//! | to | begin at |
//! | --- | --- |
//! | write a program | [`assembly::assemble`], or the crate `leanvm-compiler` |
//! | run it | [`execution::execute`] |
//! | prove the run, verify the proof | [`prover::prove`], [`verifier::verify`] |
//! | keep a key, sign | [`xmss::keyfile::KeyFile`], [`xmss::SecretKey`] |
//! | aggregate signatures | [`aggregation`], [`leansig`] |
//! | merge aggregates | [`merging`] |
//! | read how proving works | [`prover`], which goes through the sections in order |
//!
//! Programs that only use leanVM find all of this in one module of the crate `leanvm-client`.
//!
//! # Speed
//!
//! The packed arithmetic is chosen when compiling, and the default of the compiler is none: **a
//! client that sets nothing gets a build that proves about five times as slowly, signs eight times
//! and makes keys twenty times as slowly as its processor can.** Compile with `RUSTFLAGS="-C
//! target-cpu=native"` for the machine at hand, or with `-C target-cpu=x86-64-v3` (AVX2) or `-C
//! target-cpu=x86-64-v4` (AVX-512) for machines that have those. [`processor::Processor::here`]
//! tells what is in use and what the processor has; so do the values that proving and aggregating
//! return, and one event of `tracing` (level `WARN`) where a build is slower than it could be. The
//! bytes are the same.
//!
//! # Stack
//!
//! What is called on a thread with 64 KiB of stack works: the verifiers and the machine need no
//! more, and proving runs on the threads of rayon.
//!
//! # Rust
//!
//! Rust 1.93, which p3 0.8 needs.

pub use leanvm_verifier::{
    assembly, cost, isa, parameters, permutation, proof, rejection, security, verifier,
};

pub mod aggregation;
pub mod allocator;
pub mod commitment;
mod compression;
pub mod execution;
pub mod field;
mod instructions;
pub mod layout;
pub mod leansig;
pub mod lookup;
pub mod memory;
pub mod merging;
pub mod merkle;
pub mod multilinear;
pub mod poseidon;
pub mod processor;
pub mod prover;
pub mod recursion;
pub mod sumcheck;
pub mod tables;
pub mod threads;
pub mod transcript;
pub mod tuning;
pub mod xmss;
pub mod zerocheck;
