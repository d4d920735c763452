//! The security of each step of the protocol (SPEC Appendix B), for display.

use leanvm_fast::parameters::{ParameterSet as FastSet, Parameters};
use leanvm_fast::security::{Bound, HASH_COLLISION_BITS, Shape, bounds, union, weakest};
use serde_json::{Value, json};

use crate::arguments::{ParameterSet, Security};
use crate::engine::Sizes;
use crate::failure::Failure;
use crate::report::{Grid, Report, Side};

/// What the security of a proof comes down to.
pub(crate) struct Bits {
    /// The weakest step.
    pub(crate) weakest: f64,
    /// All steps together.
    union: f64,
}

impl Bits {
    fn of(bounds: &[Bound]) -> Self {
        Self {
            weakest: weakest(bounds),
            union: union(bounds),
        }
    }

    /// For programs, with the hash beside it.
    pub(crate) fn json(&self) -> Value {
        json!({ "weakest_step": self.weakest, "union": self.union, "hash_collision": HASH_COLLISION_BITS })
    }
}

fn parameters(set: ParameterSet, log_inv_rate: u32) -> Result<Parameters, Failure> {
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

/// The report of `leanvm security`.
pub(crate) fn report(arguments: &Security) -> Result<Report, Failure> {
    let parameters = parameters(arguments.params, arguments.log_inv_rate)?;
    // The first oracle has at most 2^24 rows (SPEC §17).
    let most = parameters
        .max_stack()
        .min(24 + parameters.first_fold() - parameters.log_inv_rate());
    let log_stack = arguments.stack.map_or(most, |log_stack| log_stack as usize);
    if !(parameters.min_stack()..=most).contains(&log_stack) {
        let detail = format!(
            "no proof at {}, rate 1/2^{}, has a stack of 2^{log_stack} cells",
            arguments.params.name(),
            arguments.log_inv_rate
        );
        return Err(Failure::usage(
            detail,
            format!("choose --stack from {} to {most}", parameters.min_stack()),
        ));
    }
    let bounds = bounds(&parameters, &Shape::worst(log_stack));
    let bits = Bits::of(&bounds);

    let mut grid = Grid::new(&[
        ("step", Side::Left),
        ("times", Side::Right),
        ("bits", Side::Right),
    ]);
    for bound in &bounds {
        grid.row([
            bound.step.as_str(),
            &bound.count.to_string(),
            &format!("{:.1}", bound.bits),
        ]);
    }
    for (step, bits) in [
        ("weakest step", bits.weakest),
        ("union of all steps", bits.union),
        ("hash collision, alone", HASH_COLLISION_BITS),
    ] {
        grid.row([step, "", &format!("{bits:.1}")]);
    }
    let mut text = format!(
        "parameters {}, rate 1/2^{}, stack of 2^{log_stack} cells\n\n",
        arguments.params.name(),
        arguments.log_inv_rate
    );
    text.push_str(&grid.text());
    if arguments.params != ParameterSet::Production {
        text.push_str("\nThese parameters are for tests.\n");
    }
    let steps: Vec<Value> = bounds
        .iter()
        .map(|bound| json!({ "step": bound.step, "count": bound.count, "bits": bound.bits }))
        .collect();
    let json = json!({
        "parameters": arguments.params.name(),
        "log_inv_rate": arguments.log_inv_rate,
        "log_stack": log_stack,
        "steps": steps,
        "bits": bits.json(),
    });
    Ok(Report { text, json })
}
