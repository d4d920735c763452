//! `leanvm verify-aggregate`: an aggregate holds a signature of each signer of a list.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use leanvm_fast::rejection::{Error, Rejection};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{self, Kind, Paths};
use crate::measurements::Measurements;
use crate::program::warnings::Warnings;
use crate::report::Report;
use crate::signature::claims::{Claims, Refused};

/// Arguments of `verify-aggregate`.
#[derive(Debug, Args)]
pub(crate) struct VerifyAggregate {
    /// Aggregate written by `leanvm aggregate`.
    aggregate: PathBuf,
    /// The list of signers that the aggregate must hold, in any order, as `leanvm aggregate
    /// --signers` writes it. It names the scheme.
    #[arg(short, long, value_name = "FILE")]
    input: PathBuf,
}

impl Command for VerifyAggregate {
    fn name(&self) -> &'static str {
        "verify-aggregate"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.aggregate), Some(&self.input)], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let bytes = files::read(&self.aggregate, Kind::Aggregate)?;
        let claims = Claims::read(&self.input)?;
        let started = Instant::now();
        claims
            .verify(&bytes)
            .map_err(|refused| self.not_shown(refused, &claims))?;
        let elapsed = started.elapsed();
        let mut list = Measurements::default();
        list.row("aggregate", "valid")
            .field("valid", true)
            .field("aggregate_bytes", bytes.len())
            .words("scheme", "scheme", claims.scheme().name());
        match &claims {
            Claims::Leanxmss42 { slot, .. } => list
                .count("signers", "signers", claims.len())
                .figure("slot", slot.to_string())
                .field("slot", *slot),
            Claims::LeansigDim64(_) => list
                .count("claims", "claims", claims.len())
                .field("slot", None::<u32>),
        };
        list.time("verifying", "seconds", elapsed);
        Ok(list.report())
    }
}

impl VerifyAggregate {
    /// The failure of an aggregate that does not show the claims of the list.
    fn not_shown(&self, refused: Refused, claims: &Claims) -> Failure {
        let (aggregate, list) = (&self.aggregate, &self.input);
        let scheme = claims.scheme().name();
        match refused {
        Refused::Form { name, reason } => Failure::refused(name, reason, Some(aggregate))
            .with_summary(format!("this is not an aggregate of {scheme} signatures"))
            .with_remedy(format!(
                "give a file written by `leanvm aggregate --scheme {scheme} -o`, or the list that was written with it"
            )),
        Refused::List { name, reason } => Failure::unusable(
            list,
            format!("{name}: {reason}"),
            "give the list that `leanvm aggregate --signers` wrote: each signer once, and at least one",
        ),
        // The challenges follow from the statement, so another statement fails in the lookup, the
        // first check that depends on them.
        Refused::Proof(error) if error.rejection == Rejection::LookupRoot => {
            let (summary, what) = match claims {
                Claims::Leanxmss42 { .. } => (
                    "this aggregate does not show that these signers signed this message for this slot",
                    "the slot, the message or the signers",
                ),
                Claims::LeansigDim64(_) => (
                    "this aggregate does not show that these claims have signatures",
                    "the claims",
                ),
            };
            proof_failure(&error, aggregate)
                .with_summary(summary)
                .with_remedy(format!(
                    "compare {what} in {} with those that were aggregated; if they are the same, the aggregate is damaged",
                    list.display()
                ))
        }
        Refused::Proof(error) => proof_failure(&error, aggregate)
            .with_summary("this aggregate is damaged, or was made by another version of leanvm")
            .with_remedy("get the file again, or make it again with `leanvm aggregate`"),
    }
    }
}

fn proof_failure(error: &Error, aggregate: &Path) -> Failure {
    Failure::refused("proof", error.to_string(), Some(aggregate))
}
