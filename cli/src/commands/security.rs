//! `leanvm security`: the security of each step of the protocol (SPEC Appendix B).

use clap::Args;
use leanvm_fast::security::{Bound, HASH_COLLISION_BITS, Shape, bounds};
use serde_json::{Value, json};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::Paths;
use crate::options::{ParameterSet, whole};
use crate::program::security::{Bits, parameters};
use crate::program::warnings::Warnings;
use crate::report::{Grid, Report, Side};

/// Arguments of `security`.
#[derive(Debug, Args)]
pub(crate) struct Security {
    /// Parameter set.
    #[arg(long, value_enum, default_value_t)]
    params: ParameterSet,
    /// log2 of the inverse rate of the first code.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    log_inv_rate: u32,
    /// log2 of the number of committed cells; the greatest that the set and rate allow if left out.
    #[arg(long, value_name = "LOG", value_parser = whole::<u32>(8..=28))]
    stack: Option<u32>,
}

impl Command for Security {
    fn name(&self) -> &'static str {
        "security"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::default()
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let parameters = parameters(self.params, self.log_inv_rate)?;
        // The first oracle has at most 2^24 rows (SPEC §18).
        let most = parameters
            .max_stack()
            .min(24 + parameters.first_fold() - parameters.log_inv_rate());
        let log_stack = self.stack.map_or(most, |log_stack| log_stack as usize);
        if !(parameters.min_stack()..=most).contains(&log_stack) {
            let detail = format!(
                "no proof at {}, rate 1/2^{}, has a stack of 2^{log_stack} cells",
                self.params.name(),
                self.log_inv_rate
            );
            return Err(Failure::usage(
                detail,
                format!("choose --stack from {} to {most}", parameters.min_stack()),
            ));
        }
        let bounds = bounds(&parameters, &Shape::worst(log_stack));
        let bits = Bits::of(&bounds);
        let mut text = format!(
            "parameters {}, rate 1/2^{}, stack of 2^{log_stack} cells\n\n",
            self.params.name(),
            self.log_inv_rate
        );
        text.push_str(&grid(&bounds, &bits));
        if self.params != ParameterSet::Production {
            text.push_str("\nThese parameters are for tests.\n");
        }
        let step = |bound: &Bound| {
            let basis = bound.basis.name();
            json!({ "step": bound.step, "basis": basis, "count": bound.count, "bits": bound.bits })
        };
        let json = json!({
            "parameters": self.params.name(),
            "log_inv_rate": self.log_inv_rate,
            "log_stack": log_stack,
            "steps": bounds.iter().map(step).collect::<Vec<Value>>(),
            "bits": bits.json(),
        });
        Ok(Report { text, json })
    }
}

/// The steps, and the security of all of them.
fn grid(bounds: &[Bound], bits: &Bits) -> String {
    let mut grid = Grid::new(&[
        ("step", Side::Left),
        ("times", Side::Right),
        ("bits", Side::Right),
        ("rests on", Side::Left),
    ]);
    for bound in bounds {
        grid.row([
            bound.step.as_str(),
            &bound.count.to_string(),
            &format!("{:.1}", bound.bits),
            bound.basis.name(),
        ]);
    }
    for (step, bits) in [
        ("weakest step", bits.weakest),
        ("union of all steps", bits.union),
        ("hash collision", HASH_COLLISION_BITS),
        ("security: least of steps and hash", bits.total()),
    ] {
        grid.row([step, "", &format!("{bits:.1}"), ""]);
    }
    grid.text()
}
