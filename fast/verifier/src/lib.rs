//! The verifiers of leanVM, alone: proofs of programs, signatures, aggregates of signatures.
//! SPEC.md is normative; each section `## N name` that a verifier needs is the module `name`.
//!
//! | to verify | begin at |
//! | --- | --- |
//! | a proof that a program ran | [`verifier::verify`] |
//! | a signature | [`xmss::verify`], [`leansig::verify`] |
//! | one proof of many signatures | [`aggregation::verify_aggregate`], [`leansig::verify_aggregate`] |
//! | one proof of several messages and slots | [`merging::verify_claims`] |
//!
//! Everything here is scalar and runs on the calling thread, which needs 64 KiB of stack. Any bytes
//! give a verdict: nothing panics, and sizes are checked against their caps before anything is
//! allocated by them. So the whole crate has no `unsafe`, and no indexing, no `as`, no `unwrap`,
//! `expect` or `panic!`; where a precondition is not the business of untrusted bytes, an
//! expectation at that place says why.
//!
//! The prover, `leanvm-fast`, stands above this crate: what it takes from here is public, and each
//! such item says so where a client has no use for it.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod numbered;

pub mod aggregation;
pub mod assembly;
pub mod commitment;
pub mod cost;
pub mod field;
pub mod instructions;
pub mod isa;
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
pub mod recursion;
pub mod rejection;
pub mod security;
pub mod sumcheck;
pub mod tables;
pub mod transcript;
pub mod verifier;
pub mod xmss;
pub mod zerocheck;
