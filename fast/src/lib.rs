//! Production prover, verifier and machine of leanVM. SPEC.md is normative; each section `## N name` is the module `name`.

pub mod field;
pub mod permutation;
pub mod rejection;
