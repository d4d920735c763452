//! The security of each step of the protocol (SPEC Appendix B), for display.

use leanvm_fast::parameters::{ParameterSet as FastSet, Parameters};
use leanvm_fast::security::{Bound, HASH_COLLISION_BITS, Shape, bounds, union, weakest};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::measurements::Measurements;
use crate::options::ParameterSet;
use crate::program::outcome::Sizes;

/// The security of a proof, in bits.
pub(crate) struct Bits {
    /// The weakest step.
    pub(crate) weakest: f64,
    /// All steps together.
    pub(crate) union: f64,
}

impl Bits {
    /// Of the bounds of all steps.
    pub(crate) fn of(bounds: &[Bound]) -> Self {
        Self {
            weakest: weakest(bounds),
            union: union(bounds),
        }
    }

    /// The security of a proof: the least of its steps and of the hash.
    pub(crate) const fn total(&self) -> f64 {
        self.weakest.min(HASH_COLLISION_BITS)
    }

    /// For programs, together with the security of the hash.
    pub(crate) fn json(&self) -> Value {
        json!({ "weakest_step": self.weakest, "union": self.union, "hash_collision": HASH_COLLISION_BITS, "total": self.total() })
    }

    /// The row and the fields of a proof at a parameter set.
    pub(crate) fn measure(&self, list: &mut Measurements, set: ParameterSet) {
        let note = if set == ParameterSet::Production {
            ""
        } else {
            ", test parameters"
        };
        list.figure("security", format!("{:.1} bits{note}", self.total()))
            .field("security_bits", self.json());
    }
}

/// The parameters of a set at a rate.
pub(crate) fn parameters(set: ParameterSet, log_inv_rate: u32) -> Result<Parameters, Failure> {
    let set = match set {
        ParameterSet::Production => FastSet::Production,
        ParameterSet::Small => FastSet::Small,
        ParameterSet::Tiny => FastSet::Tiny,
    };
    Parameters::new(set, log_inv_rate)
        .map_err(|error| Failure::usage(error.to_string(), "choose a rate of 1 to 4"))
}

/// The security of a proof: the figures that hold for every proof of its stack.
pub(crate) fn bits(set: ParameterSet, log_inv_rate: u32, sizes: &Sizes) -> Result<Bits, Failure> {
    Ok(Bits::of(&bounds(
        &parameters(set, log_inv_rate)?,
        &Shape::worst(sizes.log_stack),
    )))
}
