//! The twins against each other: a file for each section of SPEC.md, and the vectors. One binary,
//! since linking each file by itself costs more than its tests.

mod aggregation;
mod assembly;
mod columns;
mod commitment;
mod common;
mod example;
mod execution;
mod field;
mod guest;
mod isa;
mod layout;
mod leansig;
mod leansig_aggregate;
mod leansig_guest;
mod lies;
mod lookup;
mod memory;
mod merging;
mod merkle;
mod multilinear;
mod parameters;
mod permutation;
mod poseidon;
mod proof;
mod prover;
mod recursion;
mod rejection;
mod sections;
mod sumcheck;
mod tables;
mod transcript;
mod vectors;
mod verifier;
mod xmss;
mod zerocheck;
