//! Aggregates of signatures.

mod arguments;
mod records;
mod sample;

use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use leanvm_fast::aggregation::{
    self, AggregateError, AggregationError, Aggregator, Options, Progress, verify_aggregate,
};
use leanvm_fast::xmss::Message;
use serde_json::json;

pub(crate) use arguments::{Aggregate, VerifyAggregate};
pub(crate) use records::SignatureRecord;
use records::{Batch, Signers};

use crate::engine::TABLES;
use crate::failure::Failure;
use crate::files::{self, Output};
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
    let bar = spinner();
    let started = Instant::now();
    let batch = match (&arguments.input, arguments.signatures) {
        (Some(path), _) => Batch::read(path)?,
        (None, number) => {
            let number = number.map_or(1, NonZeroUsize::get);
            // No sample is made that no proof can hold.
            let capacity = capacity(arguments.log_inv_rate)?;
            if number > capacity {
                return Err(too_many(number, capacity));
            }
            sample::batch(number, &arguments.seed, !arguments.no_cache, &bar)?
        }
    };
    let preparing = started.elapsed();

    let told = |progress: Progress| match progress {
        Progress::Checked { done, total } => {
            bar.set_message(format!("checked {done} of {total} signatures"))
        }
        Progress::Phase(phase) => bar.set_message(format!("proving: {phase} done")),
        _ => {}
    };
    let mut options = Options::default()
        .log_inv_rate(arguments.log_inv_rate)
        .progress(&told);
    options.threads = arguments.threads.map(NonZeroUsize::from);
    let started = Instant::now();
    let (aggregate, report) = Aggregator::new()
        .aggregate_with_report(&batch.message, batch.slot, &batch.signatures, &options)
        .map_err(|error| refused(&error, &batch))?;
    let aggregating = started.elapsed();

    bar.set_message("verifying");
    let keys = batch.keys();
    let started = Instant::now();
    verify_aggregate(&batch.message, batch.slot, &keys, &aggregate).map_err(|error| {
        Failure::refused(error.name(), error.to_string(), arguments.output.as_deref())
            .with_note("the prover made a proof that its own verifier refuses: this is a defect of leanvm, please report it")
    })?;
    let verifying = started.elapsed();
    bar.finish_and_clear();
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
        .row("signatures", number(count))
        .row("  per second", format!("{per_second:.1}"))
        .row(batch.origin.label(), time(preparing))
        .row("aggregating", time(aggregating))
        .row("  checking", time(report.checking))
        .row("  executing", time(report.execution));
    for (phase, elapsed) in &report.summary.phases {
        table.row(format!("  {phase}"), time(*elapsed));
    }
    table
        .row("verifying", time(verifying))
        .row("aggregate", format!("{} bytes", number(bytes.len())))
        .row("cycles", number(report.cycles));
    let present = TABLES
        .iter()
        .zip(&report.summary.rows)
        .filter(|(_, rows)| **rows > 0);
    for (name, rows) in present.clone() {
        table.row(format!("  {name}"), number(*rows));
    }
    table
        .row("memory cells", number(report.cells))
        .row("  used", share(report.used_cells, report.cells))
        .row("lookup leaves", format!("2^{}", report.summary.log_leaves))
        .row(
            "committed cells",
            format!(
                "{} of 2^{}",
                number(report.summary.stack_cells),
                report.summary.log_stack
            ),
        );
    let peak = peak_memory();
    if let Some(bytes) = peak {
        table.row("peak memory", format!("{} MiB", number(bytes >> 20)));
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
    let bytes = files::read(&arguments.aggregate)?;
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
            _ => Failure::refused(error.name(), error.to_string(), Some(&arguments.aggregate)),
        })?;
    let elapsed = started.elapsed();
    let mut table = Table::default();
    table
        .row("aggregate", "valid")
        .row("scheme", SCHEME)
        .row("signers", number(keys.len()))
        .row("slot", signers.slot.to_string())
        .row("verifying", time(elapsed));
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

/// A spinner when standard error is a terminal.
fn spinner() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
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
