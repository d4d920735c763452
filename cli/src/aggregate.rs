//! Aggregates of signatures.

mod arguments;
mod figures;
mod records;
mod sample;
mod schemes;

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use leanvm_fast::aggregation::{self, AggregationError, Options, Progress as Reached, Stop};
use leanvm_fast::rejection::{Error, Rejection};
use leanvm_fast::xmss::Message;
use serde_json::json;

pub(crate) use arguments::{Aggregate, VerifyAggregate};
use figures::Figures;
pub(crate) use records::SignatureRecord;
use records::{Batch, Skipped, listing};
use schemes::{Claims, LeansigDim64, Leanxmss42, Refused, Signatures};

use crate::engine::PROVER_PHASES;
use crate::failure::Failure;
use crate::files::{self, Kind, Output};
use crate::progress::Progress;
use crate::report::{Report, Table, number, time};
use crate::xmss::Scheme;

/// Proves that a folder of signatures, or a sample of them, are valid.
pub(crate) fn aggregate(arguments: &Aggregate) -> Result<Report, Failure> {
    let started = Instant::now();
    let prepare = |path: &Option<_>| path.as_deref().map(Output::prepare).transpose();
    let outputs = [prepare(&arguments.output)?, prepare(&arguments.signers)?];
    let progress = progress(arguments);
    let skip = arguments.skip_invalid;
    match (arguments.scheme, &arguments.input) {
        (Scheme::Leanxmss42, Some(path)) => {
            let batch = Batch::<Leanxmss42>::read(path, skip)?;
            make(&batch, arguments, started, progress, outputs)
        }
        (Scheme::Leanxmss42, None) => {
            let number = arguments.signatures.unwrap_or(1);
            // No sample is made that no proof can hold.
            let capacity = capacity(arguments.log_inv_rate)?;
            if number > capacity {
                return Err(too_many(number, capacity));
            }
            let batch = sample::batch(number, &arguments.seed, !arguments.no_cache)?;
            make(&batch, arguments, started, progress, outputs)
        }
        (Scheme::LeansigDim64, Some(path)) => {
            let batch = Batch::<LeansigDim64>::read(path, skip)?;
            make(&batch, arguments, started, progress, outputs)
        }
        (Scheme::LeansigDim64, None) => Err(Failure::usage(
            "there is no sample of leansig-dim64, with which leanvm does not sign",
            "give signatures by --input",
        )),
    }
}

/// Makes and verifies the aggregate, and writes the outputs: it, and the list of signers.
fn make<B: Signatures>(
    batch: &Batch<B>,
    arguments: &Aggregate,
    begun: Instant,
    progress: Progress,
    outputs: [Option<Output>; 2],
) -> Result<Report, Failure> {
    let preparing = begun.elapsed();
    progress.next();
    let told = |reached: Reached| match reached {
        Reached::Checked { done, total } => progress.reach(done as u64, total as u64),
        Reached::Phase(_) => {
            progress.next();
        }
        _ => {}
    };
    let mut options = Options::default()
        .log_inv_rate(arguments.log_inv_rate)
        .progress(&told);
    options.threads = arguments
        .threads
        .and_then(|threads| NonZeroUsize::new(threads.into()));
    options.skip_invalid = arguments.skip_invalid;
    options.deadline = arguments.deadline.and_then(|time| begun.checked_add(time));
    options.memory_limit = arguments.memory_limit;
    let started = Instant::now();
    let (bytes, report) = batch
        .signatures
        .aggregate(&options)
        .map_err(|error| refused::<B>(&error, batch))?;
    let aggregating = started.elapsed();

    let without: Vec<usize> = report.skipped.iter().map(|one| one.index).collect();
    let claims = batch.signatures.claims(&without);
    let started = Instant::now();
    claims.verify(&bytes).map_err(own_defect)?;
    let verifying = started.elapsed();
    progress.finish();
    for (output, bytes) in outputs.into_iter().zip([bytes.clone(), claims.to_json()]) {
        if let Some(output) = output {
            output.commit(&bytes)?;
        }
    }

    let mut skipped = batch.skipped.clone();
    skipped.extend(report.skipped.iter().map(|one| Skipped {
        index: batch.indices[one.index],
        reason: one.reason.to_string(),
    }));
    skipped.sort_by_key(|one| one.index);
    let figures = Figures {
        claims: &claims,
        bytes: bytes.len(),
        origin: &batch.origin,
        skipped: &skipped,
        preparing,
        aggregating,
        verifying,
    };
    Ok(figures.report(&report, arguments))
}

/// Verifies that an aggregate shows what a list of signers says.
pub(crate) fn verify(arguments: &VerifyAggregate) -> Result<Report, Failure> {
    let bytes = files::read(&arguments.aggregate, Kind::Aggregate)?;
    let claims = Claims::read(&arguments.input)?;
    let scheme = claims.scheme().name();
    let started = Instant::now();
    claims
        .verify(&bytes)
        .map_err(|refused| not_shown(refused, &claims, arguments))?;
    let elapsed = started.elapsed();
    let (kind, slot) = match &claims {
        Claims::Leanxmss42 { slot, .. } => ("signers", Some(*slot)),
        Claims::LeansigDim64(_) => ("claims", None),
    };
    let mut table = Table::default();
    table
        .row("aggregate", "valid")
        .row("scheme", scheme)
        .figure(kind, number(claims.len()));
    if let Some(slot) = slot {
        table.figure("slot", slot.to_string());
    }
    table.figure("verifying", time(elapsed));
    let mut json = json!({
        "scheme": scheme,
        "valid": true,
        "slot": slot,
        "aggregate_bytes": bytes.len(),
        "seconds": elapsed.as_secs_f64(),
    });
    json[kind] = json!(claims.len());
    Ok(Report {
        text: table.text(),
        json,
    })
}

/// Why an aggregate does not show what a list says.
fn not_shown(refused: Refused, claims: &Claims, arguments: &VerifyAggregate) -> Failure {
    let (aggregate, list) = (&arguments.aggregate, &arguments.input);
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
            "list each signer of the aggregate once",
        ),
        // The challenges follow from the statement, so another statement fails in the lookup, the first check that depends on them.
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

fn proof_failure(error: &Error, aggregate: &Path) -> Failure {
    Failure::refused("proof", error.to_string(), Some(aggregate))
}

/// The prover is wrong.
fn own_defect(refused: Refused) -> Failure {
    let (name, reason) = match refused {
        Refused::Form { name, reason } | Refused::List { name, reason } => (name, reason),
        Refused::Proof(error) => ("proof", error.to_string()),
    };
    Failure::refused(name, reason, None)
        .with_summary("the prover made an aggregate that its own verifier refuses")
        .with_remedy("this is a defect of leanvm, please report it")
}

/// A message of any bytes.
pub(crate) fn message_of(bytes: &[u8]) -> Result<Message, Failure> {
    Message::from_bytes(bytes).map_err(|_| {
        Failure::usage(
            "the message has 2^25 bytes or more",
            "sign a hash of it instead",
        )
    })
}

fn capacity(log_inv_rate: u32) -> Result<usize, Failure> {
    aggregation::capacity(log_inv_rate)
        .map_err(|error| Failure::usage(error.to_string(), "choose --log-inv-rate 1, 2, 3 or 4"))
}

fn too_many(given: usize, capacity: usize) -> Failure {
    Failure::usage(
        format!("{given} signatures are too many for one aggregate at this rate"),
        format!("{capacity} fit; make several aggregates"),
    )
}

/// Why there is no aggregate, with the file to blame.
fn refused<B: Signatures>(error: &AggregationError<B::Refusal>, batch: &Batch<B>) -> Failure {
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
        AggregationError::Memory { .. } => {
            usage("raise --memory-limit, lower --log-inv-rate, or make several aggregates")
        }
        AggregationError::Stopped {
            cause: Stop::Deadline,
            ..
        } => usage("nothing was written: raise --deadline, or make several aggregates"),
        AggregationError::NoSignatures => usage("give at least one signature"),
        AggregationError::Threads(_) => usage("ask for fewer --threads"),
        _ => usage("this is a defect of leanvm, please report it"),
    }
}

/// Shows the steps of the work.
fn progress(arguments: &Aggregate) -> Progress {
    let first = match arguments.signatures {
        Some(signatures) => format!("making {} keys and signatures", number(signatures)),
        None => "reading signatures".to_owned(),
    };
    let steps = ["checking signatures", "executing"].into_iter();
    let steps = steps.chain(PROVER_PHASES).chain(["verifying"]);
    Progress::start([first].into_iter().chain(steps.map(str::to_owned)))
}
