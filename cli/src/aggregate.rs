//! Aggregates of signatures.

mod arguments;
mod records;
mod sample;

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use leanvm_fast::aggregation::{
    self, AggregateError, AggregationError, Aggregator, Options, Progress as Reached,
    verify_aggregate,
};
use leanvm_fast::xmss::Message;
use serde_json::json;

pub(crate) use arguments::{Aggregate, VerifyAggregate};
pub(crate) use records::SignatureRecord;
use records::{Batch, Signers};

use crate::engine::{PROVER_PHASES, TABLES};
use crate::failure::Failure;
use crate::files::{self, Kind, Output};
use crate::progress::Progress;
use crate::report::{Report, Table, number, share, time};

/// The scheme of the signatures in an aggregate.
pub(crate) const SCHEME: &str = "leanxmss42";

/// Proves that a folder of signatures, or a sample of them, are valid.
pub(crate) fn aggregate(arguments: &Aggregate) -> Result<Report, Failure> {
    let output = arguments
        .output
        .as_deref()
        .map(Output::prepare)
        .transpose()?;
    let signers_output = arguments
        .signers
        .as_deref()
        .map(Output::prepare)
        .transpose()?;
    let progress = progress(arguments);
    let started = Instant::now();
    let batch = match (&arguments.input, arguments.signatures) {
        (Some(path), _) => Batch::read(path)?,
        (None, number) => {
            let number = number.unwrap_or(1);
            // No sample is made that no proof can hold.
            let capacity = capacity(arguments.log_inv_rate)?;
            if number > capacity {
                return Err(too_many(number, capacity));
            }
            sample::batch(number, &arguments.seed, !arguments.no_cache)?
        }
    };
    let preparing = started.elapsed();

    progress.next();
    let told = |reached: Reached| match reached {
        Reached::Checked { done, total } => {
            progress.reach(done as u64, total as u64);
            if done == total {
                progress.next();
            }
        }
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
    let started = Instant::now();
    let (aggregate, report) = Aggregator::new()
        .aggregate_with_report(&batch.message, batch.slot, &batch.signatures, &options)
        .map_err(|error| refused(&error, &batch))?;
    let aggregating = started.elapsed();

    let keys = batch.keys();
    let started = Instant::now();
    verify_aggregate(&batch.message, batch.slot, &keys, &aggregate).map_err(|error| {
        Failure::refused(error.name(), error.to_string(), arguments.output.as_deref())
            .with_note("the prover made a proof that its own verifier refuses: this is a defect of leanvm, please report it")
    })?;
    let verifying = started.elapsed();
    progress.finish();
    let bytes = aggregate.to_bytes();
    if let Some(output) = output {
        output.commit(&bytes)?;
    }
    if let Some(output) = signers_output {
        output.commit(&batch.signers().to_json())?;
    }

    let count = batch.signatures.len();
    #[expect(clippy::cast_precision_loss, reason = "for display")]
    let per_second = count as f64 / aggregating.as_secs_f64();
    let mut table = Table::default();
    table
        .figure("signatures", number(count))
        .figure("  per second", format!("{per_second:.1}"))
        .figure(batch.origin.label(), time(preparing))
        .figure("aggregating", time(aggregating))
        .figure("  checking", time(report.checking))
        .figure("  executing", time(report.execution));
    for (phase, elapsed) in &report.summary.phases {
        table.figure(format!("  {phase}"), time(*elapsed));
    }
    table
        .figure("verifying", time(verifying))
        .figure("aggregate", format!("{} bytes", number(bytes.len())))
        .figure("cycles", number(report.cycles));
    let present = TABLES
        .iter()
        .zip(&report.summary.rows)
        .filter(|(_, rows)| **rows > 0);
    for (name, rows) in present.clone() {
        table.figure(format!("  {name}"), number(*rows));
    }
    table
        .figure("memory cells", number(report.cells))
        .figure("  used", share(report.used_cells, report.cells))
        .figure("lookup leaves", format!("2^{}", report.summary.log_leaves))
        .figure(
            "committed cells",
            format!(
                "{} of 2^{}",
                number(report.summary.stack_cells),
                report.summary.log_stack
            ),
        );
    let peak = peak_memory();
    if let Some(bytes) = peak {
        table.figure("peak memory", format!("{} MiB", number(bytes >> 20)));
    }
    for (label, path) in [
        ("written to", &arguments.output),
        ("signers", &arguments.signers),
    ] {
        if let Some(path) = path {
            table.row(label, path.display().to_string());
        }
    }
    let seconds = |duration: &Duration| duration.as_secs_f64();
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": SCHEME,
            "signatures": count,
            "signatures_per_second": per_second,
            "log_inv_rate": arguments.log_inv_rate,
            "aggregate_bytes": bytes.len(),
            "cycles": report.cycles,
            "memory_cells": report.cells,
            "used_cells": report.used_cells,
            "rows": present.map(|(name, rows)| ((*name).to_owned(), json!(rows))).collect::<serde_json::Map<_, _>>(),
            "log_lookup_leaves": report.summary.log_leaves,
            "committed_cells": report.summary.stack_cells,
            "log_stack": report.summary.log_stack,
            "peak_memory_bytes": peak,
            "output": arguments.output.as_ref().map(|path| path.display().to_string()),
            "signers": arguments.signers.as_ref().map(|path| path.display().to_string()),
            "seconds": {
                "prepare": seconds(&preparing),
                "aggregate": seconds(&aggregating),
                "check": seconds(&report.checking),
                "execute": seconds(&report.execution),
                "phases": report.summary.phases.iter().map(|(phase, elapsed)| ((*phase).to_owned(), json!(seconds(elapsed)))).collect::<serde_json::Map<_, _>>(),
                "verify": seconds(&verifying),
            },
        }),
    })
}

/// Verifies that an aggregate holds a signature of each signer of a list.
pub(crate) fn verify(arguments: &VerifyAggregate) -> Result<Report, Failure> {
    let signers = Signers::read(&arguments.input)?;
    let (message, keys) = signers.decoded(&arguments.input)?;
    let bytes = files::read(&arguments.aggregate, Kind::Aggregate)?;
    let started = Instant::now();
    aggregation::Aggregate::from_bytes(&bytes)
        .and_then(|aggregate| verify_aggregate(&message, signers.slot, &keys, &aggregate))
        .map_err(|error| match error {
            AggregateError::NoSigners
            | AggregateError::TooManySigners { .. }
            | AggregateError::DuplicateKey { .. } => Failure::unusable(
                &arguments.input,
                error.to_string(),
                "list each signer of the aggregate once, in the order of the aggregation",
            ),
            _ => Failure::refused(error.name(), error.to_string(), Some(&arguments.aggregate))
                .with_summary("this aggregate does not show that these signers signed this message for this slot")
                .with_remedy("check that the aggregate and --input belong together, and that the aggregate is whole"),
        })?;
    let elapsed = started.elapsed();
    let mut table = Table::default();
    table
        .row("aggregate", "valid")
        .row("scheme", SCHEME)
        .figure("signers", number(keys.len()))
        .figure("slot", signers.slot.to_string())
        .figure("verifying", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": SCHEME,
            "valid": true,
            "signers": keys.len(),
            "slot": signers.slot,
            "aggregate_bytes": bytes.len(),
            "seconds": elapsed.as_secs_f64(),
        }),
    })
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
fn refused(error: &AggregationError, batch: &Batch) -> Failure {
    let file = |index: usize| batch.origin.file(index);
    match error {
        AggregationError::InvalidSignature { index, reason } => {
            Failure::refused(reason.name(), error.to_string(), file(*index))
        }
        AggregationError::DuplicateKey { first, second } => {
            let detail = match (file(*first), file(*second)) {
                (Some(first), Some(second)) => format!(
                    "{} and {} are of one public key, and an aggregate counts its signers",
                    first.display(),
                    second.display()
                ),
                _ => error.to_string(),
            };
            Failure::usage(detail, "give one signature of each signer")
        }
        AggregationError::TooManySigners { given, capacity } => too_many(*given, *capacity),
        AggregationError::NoSigners => {
            Failure::usage(error.to_string(), "give at least one signature")
        }
        AggregationError::Threads(_) => {
            Failure::usage(error.to_string(), "ask for fewer --threads")
        }
        _ => Failure::usage(
            error.to_string(),
            "this is a defect of leanvm, please report it",
        ),
    }
}

/// The steps of an aggregation.
fn progress(arguments: &Aggregate) -> Progress {
    let first = match arguments.signatures {
        Some(signatures) => format!("making {} keys and signatures", number(signatures)),
        None => "reading signatures".to_owned(),
    };
    let steps = ["checking signatures", "executing"].into_iter();
    let steps = steps.chain(PROVER_PHASES).chain(["verifying"]);
    Progress::start([first].into_iter().chain(steps.map(str::to_owned)))
}

/// The greatest memory that this process has had, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
