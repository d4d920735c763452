//! `leanvm verify-aggregate`: an aggregate, or a merge, holds a signature of each signer of a list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use leanvm_fast::merging::order;
use leanvm_fast::rejection::{Error, Rejection};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{self, Kind, Paths};
use crate::measurements::Measurements;
use crate::program::warnings::Warnings;
use crate::report::{Report, paragraph};
use crate::signature::claims::{Claims, Refused, Signed};
use crate::signature::shown;
use crate::signature::stored::Stored;

/// Arguments of `verify-aggregate`.
#[derive(Debug, Args)]
pub(crate) struct VerifyAggregate {
    /// Aggregate written by `leanvm aggregate` or `leanvm merge`, with or without its claims.
    aggregate: PathBuf,
    /// The list of signers that the aggregate must hold, in any order, as `leanvm aggregate
    /// --signers` writes it. It names the scheme, and it alone decides: the claims in the file
    /// are not looked at. Without it these are verified and shown; what they should be is then for
    /// you to compare.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
}

impl Command for VerifyAggregate {
    fn name(&self) -> &'static str {
        "verify-aggregate"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(self.aggregate.as_path()), self.input.as_deref()], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let bytes = files::read(&self.aggregate, Kind::Aggregate)?;
        let list = self.input.as_deref().map(Claims::read).transpose()?;
        let stored = Stored::of(bytes).map_err(|error| self.no_aggregate(error.into()))?;
        let claims = match (list, &stored.claims) {
            (Some(list), _) => list,
            (None, Some(own)) => Claims::Leanxmss42(own.clone()),
            (None, None) => return Err(self.no_list()),
        };
        let started = Instant::now();
        claims
            .verify(&stored.bytes)
            .map_err(|refused| self.not_shown(refused, &claims, stored.claims.as_deref()))?;
        let elapsed = started.elapsed();
        let mut list = Measurements::default();
        list.row("aggregate", "valid")
            .field("valid", true)
            .field("aggregate_bytes", stored.bytes.len())
            .field(
                "claims_of",
                if self.input.is_some() { "list" } else { "file" },
            )
            .words("scheme", "scheme", claims.scheme().name());
        match &claims {
            Claims::Leanxmss42(stated) => self.measure_claims(&mut list, stated, claims.len()),
            Claims::LeansigDim64(_) => {
                list.count("claims", "claims", claims.len())
                    .field("slot", None::<u32>);
            }
        }
        list.time("verifying", "seconds", elapsed);
        let mut report = list.report();
        if let (None, Claims::Leanxmss42(stated)) = (&self.input, &claims) {
            report.text += &format!("\n{}\n{}\n", shown::text(stated), paragraph("note: ", OWN));
        }
        Ok(report)
    }
}

/// What is said where a file is verified by its own claims.
const OWN: &str = "these claims are the file's own, and whoever made it chose them. Compare slots, \
messages and signers with those that you expect, or give your list by --input";

impl VerifyAggregate {
    /// What a list of signers says. The keys are shown only where the file is their source.
    fn measure_claims(&self, list: &mut Measurements, stated: &[Signed], signers: usize) {
        list.count("signers", "signers", signers);
        match stated {
            [one] => list
                .figure("slot", one.claim.slot.to_string())
                .field("slot", one.claim.slot),
            _ => list
                .figure("claims", stated.len().to_string())
                .field("slot", None::<u32>),
        };
        list.field("claims", stated.len())
            .field("claim_list", shown::list(stated, self.input.is_none()));
    }

    fn no_list(&self) -> Failure {
        Failure::unusable(
            &self.aggregate,
            "these are the bytes alone, which carry neither messages nor keys",
            "give the list of signers by --input",
        )
    }

    /// The failure of bytes that are no aggregate of any kind.
    fn no_aggregate(&self, refused: Refused) -> Failure {
        let (name, reason) = refused.named();
        Failure::refused(name, reason, Some(&self.aggregate))
            .with_summary("this is not an aggregate")
            .with_remedy("give a file written by `leanvm aggregate -o` or `leanvm merge -o`")
    }

    /// The failure of an aggregate that does not show the claims of the list, or its own.
    fn not_shown(&self, refused: Refused, claims: &Claims, own: Option<&[Signed]>) -> Failure {
        let aggregate = &self.aggregate;
        let scheme = claims.scheme().name();
        match (refused, &self.input) {
        (Refused::Form { name, reason }, _) => Failure::refused(name, reason, Some(aggregate))
            .with_summary(format!("this is not an aggregate of {scheme} signatures"))
            .with_remedy(format!(
                "give a file written by `leanvm aggregate --scheme {scheme} -o`, or the list that was written with it"
            )),
        (Refused::List { name, reason }, Some(list)) => Failure::unusable(
            list,
            format!("{name}: {reason}"),
            "give the list that `leanvm aggregate --signers` wrote: each signer once, and at least one",
        ),
        (Refused::List { name, reason }, None) => {
            self.no_aggregate(Refused::List { name, reason })
        }
        // The challenges follow from the statement, so another statement fails in the lookup, the
        // first check that depends on them.
        (Refused::Proof(error), Some(list)) if error.rejection == Rejection::LookupRoot => {
            let (summary, what) = summary_and_subject(claims);
            let failure = proof_failure(&error, aggregate)
                .with_summary(summary)
                .with_remedy(format!(
                    "compare {what} in {} with those that were aggregated; if they are the same, the aggregate is damaged",
                    list.display()
                ));
            match (claims, own) {
                (Claims::Leanxmss42(stated), Some(own)) => match difference(stated, own) {
                    Some(difference) => failure.with_note(&difference),
                    None => failure,
                },
                _ => failure,
            }
        }
        (Refused::Proof(error), None) if error.rejection == Rejection::LookupRoot => {
            proof_failure(&error, aggregate)
                .with_summary("this aggregate does not show the claims that are in its own file")
                .with_remedy("get the file again; if it is the same, do not trust who made it")
        }
        (Refused::Proof(error), _) => proof_failure(&error, aggregate)
            .with_summary("this aggregate is damaged, or was made by another version of leanvm")
            .with_remedy("get the file again, or make it again with `leanvm aggregate`"),
    }
    }
}

fn proof_failure(error: &Error, aggregate: &Path) -> Failure {
    Failure::refused("proof", error.to_string(), Some(aggregate))
}

/// What is not shown, and what to compare.
fn summary_and_subject(claims: &Claims) -> (&'static str, &'static str) {
    match claims {
        Claims::Leanxmss42(claims) if claims.len() == 1 => (
            "this aggregate does not show that these signers signed this message for this slot",
            "the slot, the message or the signers",
        ),
        Claims::Leanxmss42(_) => (
            "this aggregate does not show that these signers signed these messages for these slots",
            "the slots, the messages or the signers",
        ),
        Claims::LeansigDim64(_) => (
            "this aggregate does not show that these claims have signatures",
            "the claims",
        ),
    }
}

/// In what a list differs from the claims of the file, which are a hint only.
fn difference(list: &[Signed], own: &[Signed]) -> Option<String> {
    let signed = |claims: &[Signed]| -> BTreeSet<_> {
        let keys = claims.iter().flat_map(|one| {
            let order = order(&one.claim);
            let keys = one.claim.keys.iter();
            keys.map(move |key| (order, key.to_bytes()))
        });
        keys.collect()
    };
    let (list, own) = (signed(list), signed(own));
    let more = list.difference(&own).count();
    let fewer = own.difference(&list).count();
    (more + fewer > 0).then(|| {
        format!(
            "by the claims in the file, which prove nothing, signers only in the list: {more}, only in the file: {fewer}"
        )
    })
}
