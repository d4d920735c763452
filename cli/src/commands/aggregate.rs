//! `leanvm aggregate`: one proof that many signatures are valid.

mod figures;
mod sample;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{ArgGroup, Args};
use leanvm_fast::aggregation::{self, Options, Progress as Reached};

use crate::aggregating::batch::{Batch, Skipped};
use crate::aggregating::done::Done;
use crate::aggregating::made::{Made, cpu_time};
use crate::aggregating::refused::{capacity, refused, too_many};
use crate::aggregating::schemes::{LeansigDim64, Leanxmss42, Signatures};
use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::options::{Secret, mebibytes, seconds, secret, whole};
use crate::program::warnings::Warnings;
use crate::progress::{PROVER_PHASES, Progress};
use crate::report::{Report, number};
use crate::signature::bytes;
use crate::signature::scheme::Scheme;
use figures::Figures;

/// Arguments of `aggregate`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").args(["signatures", "input"]).required(true)))]
pub(crate) struct Aggregate {
    /// Aggregate a sample: so many keys and signatures, made from --seed and kept for the next
    /// time.
    #[arg(long, value_name = "N", value_parser = whole::<usize>(1..=1 << 20))]
    signatures: Option<usize>,
    /// Aggregate a folder of signatures: its `.json` files, as `leanvm xmss sign` writes them. Or
    /// one JSON file with an array of them.
    #[arg(short, long, value_name = "FOLDER|FILE")]
    input: Option<PathBuf>,
    /// The aggregate; written whole or not at all, and only if it verifies. Message, slot and keys
    /// are in the file beside it (leanxmss42), so that `leanvm merge` takes it as it is.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the aggregate alone, without message, slot and keys: what goes over a network to
    /// verifiers who know these. For leansig-dim64 there is no other form.
    #[arg(long, requires = "output")]
    bytes_only: bool,
    /// Scheme of the signatures: those of leanxmss42 are of one message and slot, those of
    /// leansig-dim64 of any.
    #[arg(long, value_enum, default_value_t)]
    scheme: Scheme,
    /// Go on without the signatures that cannot be used or are not valid, and name them; the list
    /// of --signers is without them too.
    #[arg(long)]
    skip_invalid: bool,
    /// The slot that is wanted: signatures for another one cannot be used. For leanxmss42; else the
    /// first signature decides.
    #[arg(long, requires = "message", conflicts_with = "signatures")]
    slot: Option<u32>,
    /// The message that is wanted, as `leanvm xmss sign` takes it.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE", requires = "slot")]
    message: Option<String>,
    /// Give up when so many seconds are past, at the end of a phase of the work. Nothing is written
    /// then.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    deadline: Option<Duration>,
    /// Do not begin work that would need more MiB of memory, by an estimate from the number of
    /// signatures.
    #[arg(long, value_name = "MIB", value_parser = mebibytes)]
    memory_limit: Option<usize>,
    /// Also write the list of signers, which `leanvm verify-aggregate` reads: who has signed which
    /// message for which slot, as JSON.
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
    /// log2 of the inverse rate of the first code: 1 is fastest, 4 gives the smallest aggregates.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    log_inv_rate: u32,
    /// Threads, of which no more than the machine has cores are started; all cores if left out. The
    /// aggregate does not depend on it.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    threads: Option<u16>,
    /// What the keys of a sample are made from: they are as secret as this text.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "leanvm",
        value_parser = secret,
        conflicts_with = "input"
    )]
    seed: Secret,
    /// Neither read nor write the kept sample.
    #[arg(long, conflicts_with = "input")]
    no_cache: bool,
}

impl Command for Aggregate {
    fn name(&self) -> &'static str {
        "aggregate"
    }

    fn paths(&self) -> Paths<'_> {
        let message = self.message.as_deref().and_then(bytes::file_of);
        Paths::new(
            [self.input.as_deref(), message],
            [self.output.as_deref(), self.signers.as_deref()],
        )
    }

    fn proves(&self) -> bool {
        true
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let begun = Instant::now();
        let prepare = |path: &Option<_>| path.as_deref().map(Output::prepare).transpose();
        let outputs = [prepare(&self.output)?, prepare(&self.signers)?];
        let work = Work {
            arguments: self,
            begun,
            progress: self.progress(),
            outputs,
        };
        let skip = self.skip_invalid;
        match (self.scheme, &self.input) {
            (Scheme::LeansigDim64, _) if self.slot.is_some() => Err(Failure::usage(
                "signatures of leansig-dim64 may be of any slot and message",
                "leave out --slot and --message",
            )),
            (Scheme::Leanxmss42, Some(path)) => {
                work.make(&Batch::<Leanxmss42>::read(path, skip, self.wanted()?)?)
            }
            (Scheme::Leanxmss42, None) => {
                let number = self.signatures.unwrap_or(1);
                // Checked before a sample is made that is too large for an aggregate.
                let capacity = capacity(self.log_inv_rate)?;
                if number > capacity {
                    return Err(too_many(number, capacity));
                }
                work.make(&sample::batch(number, &self.seed, !self.no_cache)?)
            }
            (Scheme::LeansigDim64, Some(path)) => {
                work.make(&Batch::<LeansigDim64>::read(path, skip)?)
            }
            (Scheme::LeansigDim64, None) => Err(Failure::usage(
                "there is no sample of leansig-dim64, with which leanvm does not sign",
                "give signatures by --input",
            )),
        }
    }
}

impl Aggregate {
    /// Shows the steps of the work.
    fn progress(&self) -> Progress {
        let first = match self.signatures {
            Some(signatures) => format!("making {} keys and signatures", number(signatures)),
            None => "reading signatures".to_owned(),
        };
        let steps = ["checking signatures", "executing"].into_iter();
        let steps = steps.chain(PROVER_PHASES).chain(["verifying"]);
        Progress::start([first].into_iter().chain(steps.map(str::to_owned)))
    }

    /// The message and the slot that are asked for.
    fn wanted(&self) -> Result<Option<(Vec<u8>, u32)>, Failure> {
        let (Some(message), Some(slot)) = (&self.message, self.slot) else {
            return Ok(None);
        };
        let message = bytes::read("--message", message)?.bytes;
        Ok(Some((message.to_vec(), slot)))
    }

    /// The options of the library; a deadline counts from the beginning of the command.
    fn options<'a>(&self, begun: Instant) -> Options<'a> {
        let mut options = Options::default().log_inv_rate(self.log_inv_rate);
        options.threads = self
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        options.skip_invalid = self.skip_invalid;
        options.deadline = self.deadline.and_then(|time| begun.checked_add(time));
        options.memory_limit = self.memory_limit;
        options
    }
}

/// An aggregation that has begun.
struct Work<'a> {
    arguments: &'a Aggregate,
    begun: Instant,
    progress: Progress,
    /// The aggregate, and the list of signers.
    outputs: [Option<Output>; 2],
}

impl Work<'_> {
    /// Makes the aggregate of the signatures that were read or made, verifies it and writes the
    /// outputs.
    fn make<B: Signatures>(self, batch: &Batch<B>) -> Result<Report, Failure> {
        let Self {
            arguments,
            begun,
            progress,
            outputs,
        } = self;
        let with_claims = arguments.output.is_some() && !arguments.bytes_only;
        if with_claims {
            batch.signatures.claims(&[]).check_messages()?;
        }
        let preparing = begun.elapsed();
        progress.next();
        let told = |reached: Reached| match reached {
            Reached::Checked { done, total } => progress.reach(done as u64, total as u64),
            Reached::Phase(_) => {
                progress.next();
            }
            _ => {}
        };
        let options = arguments.options(begun).progress(&told);
        let cpu = cpu_time();
        let started = Instant::now();
        let (bytes, report) = batch
            .signatures
            .aggregate(&options)
            .map_err(|error| refused::<B>(&error, batch))?;
        let aggregating = started.elapsed();
        let cpu = cpu_time()
            .zip(cpu)
            .map(|(end, start)| end.saturating_sub(start));

        let bad = report.skipped.iter().map(|one| one.index);
        let repeated = report.repeated.iter().map(|one| one.second);
        let mut without: Vec<usize> = bad.chain(repeated).collect();
        without.sort_unstable();
        let claims = batch.signatures.claims(&without);
        let done = Done::of(claims, bytes, with_claims)?;
        progress.finish();
        done.write(outputs)?;

        let skipped = all_skipped(batch, &report);
        let figures = Figures {
            claims: &done.claims,
            made: Made {
                checking: report.checking,
                execution: report.execution,
                cycles: report.cycles,
                memory_cells: report.memory_cells,
                used_cells: report.used_cells,
                summary: &report.summary,
                done: &done,
            },
            log_inv_rate: arguments.log_inv_rate,
            origin: &batch.origin,
            skipped: &skipped,
            preparing,
            aggregating,
            cpu,
            output: arguments.output.as_deref(),
            signers: arguments.signers.as_deref(),
        };
        Ok(figures.report())
    }
}

/// The signatures that could not be used, and those that the library has skipped.
fn all_skipped<B: Signatures>(
    batch: &Batch<B>,
    report: &aggregation::Report<B::Refusal>,
) -> Vec<Skipped> {
    let mut skipped = batch.skipped.clone();
    skipped.extend(report.skipped.iter().map(|one| Skipped {
        index: batch.indices[one.index],
        reason: one.reason.to_string(),
    }));
    skipped.extend(report.repeated.iter().map(|one| Skipped {
        index: batch.indices[one.second],
        reason: format!(
            "of one public key, slot and message with {}, which is taken",
            batch.origin.name(batch.indices[one.first])
        ),
    }));
    skipped.sort_by_key(|one| one.index);
    skipped
}
