//! Failures of making an aggregate.

use std::fmt::Display;

use leanvm_fast::aggregation::{self, AggregationError, Stop};

use crate::aggregating::batch::{Batch, listing};
use crate::aggregating::schemes::Signatures;
use crate::failure::Failure;
use crate::signature::claims::Refused;

/// The failure of an aggregate that its own verifier refuses.
pub(crate) fn own_defect(refused: Refused) -> Failure {
    let (name, reason) = refused.named();
    Failure::refused(name, reason, None)
        .with_summary("the prover made an aggregate that its own verifier refuses")
        .with_remedy("this is a defect of leanvm, please report it")
}

/// The number of signatures that an aggregate at a rate holds.
pub(crate) fn capacity(log_inv_rate: u32) -> Result<usize, Failure> {
    aggregation::capacity(log_inv_rate)
        .map_err(|error| Failure::usage(error.to_string(), "choose --log-inv-rate 1, 2, 3 or 4"))
}

/// The failure of more signatures than an aggregate holds.
pub(crate) fn too_many(given: usize, capacity: usize) -> Failure {
    Failure::usage(
        format!("{given} signatures are too many for one aggregate at this rate"),
        format!("{capacity} fit; make several aggregates"),
    )
}

/// The failure of an aggregation, with the file to blame.
pub(crate) fn refused<B: Signatures>(
    error: &AggregationError<B::Refusal>,
    batch: &Batch<B>,
) -> Failure {
    let index = |index: usize| batch.indices.get(index).copied().unwrap_or(index);
    let name = |of: usize| batch.origin.name(index(of));
    let usage = |remedy: &str| Failure::usage(error.to_string(), remedy);
    match error {
        AggregationError::Invalid(invalid) => {
            let [first, others @ ..] = invalid.as_slice() else {
                return usage("give at least one signature");
            };
            let index = index(first.index);
            let file = batch.origin.file(index);
            let mut failure =
                Failure::refused(B::name(&first.reason), first.reason.to_string(), file);
            if let Some(place) = batch.origin.place(index) {
                failure = failure.at(place);
            }
            let total = batch.indices.len();
            let failure = failure
                .with_summary(format!(
                    "{} of {total} signatures are not valid",
                    invalid.len()
                ))
                .with_remedy("remove them, or go on without them by --skip-invalid");
            if others.is_empty() {
                return failure;
            }
            let rows = invalid.iter();
            failure.with_listing(listing(
                rows.map(|one| (name(one.index), one.reason.to_string())),
            ))
        }
        AggregationError::Duplicate { first, second } => Failure::usage(
            format!(
                "{} and {} are of one public key for one slot and message, and an aggregate counts its signers",
                name(*first),
                name(*second)
            ),
            "give one signature of each signer",
        ),
        AggregationError::TooMany { given, capacity } => too_many(*given, *capacity),
        AggregationError::NoSignatures => usage("give at least one signature"),
        _ => ended(error),
    }
}

/// The failure of work that ends without a proof, whatever it is of.
pub(crate) fn ended<R: Display>(error: &AggregationError<R>) -> Failure {
    Failure::usage(
        error.to_string(),
        match error {
            AggregationError::Memory { .. } => {
                "raise --memory-limit, lower --log-inv-rate, or make several aggregates"
            }
            AggregationError::Stopped {
                cause: Stop::Deadline,
                ..
            } => "nothing was written: raise --deadline, or make several aggregates",
            AggregationError::Threads(_) => "ask for fewer --threads",
            _ => "this is a defect of leanvm, please report it",
        },
    )
}
