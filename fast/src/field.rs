//! SPEC §1 field: the packed forms, of the instruction set that this crate is compiled for.

use p3_field::{ExtensionField, Field};

pub use leanvm_verifier::field::*;

/// The packed base field.
pub type PackedF = <F as Field>::Packing;
/// The packed extension field.
pub type PackedEF = <EF as ExtensionField<F>>::ExtensionPacking;
