//! `leanvm aggregate`: one proof that many signatures are valid.

mod batch;
mod figures;
mod refused;
mod sample;
mod schemes;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{ArgGroup, Args};
use leanvm_fast::aggregation::{Options, Progress as Reached};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::options::{Secret, secret, whole};
use crate::program::warnings::Warnings;
use crate::progress::{PROVER_PHASES, Progress};
use crate::report::{Report, number};
use crate::signature::bytes;
use crate::signature::scheme::Scheme;
use batch::{Batch, Skipped};
use figures::{Figures, cpu_time};
use refused::{capacity, own_defect, refused, too_many};
use schemes::{LeansigDim64, Leanxmss42, Signatures};

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
    /// The aggregate; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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
        let started = Instant::now();
        let cost = claims.verify(&bytes).map_err(own_defect)?;
        let verifying = started.elapsed();
        progress.finish();
        for (output, bytes) in outputs.into_iter().zip([&bytes, &claims.to_json()]) {
            if let Some(output) = output {
                output.commit(bytes)?;
            }
        }

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
        let figures = Figures {
            claims: &claims,
            bytes: bytes.len(),
            log_inv_rate: arguments.log_inv_rate,
            origin: &batch.origin,
            skipped: &skipped,
            preparing,
            aggregating,
            cpu,
            verifying,
            cost,
            output: arguments.output.as_deref(),
            signers: arguments.signers.as_deref(),
        };
        Ok(figures.report(&report))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of seconds: {error}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn mebibytes(text: &str) -> Result<usize, String> {
    let number: usize = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of MiB: {error}"))?;
    number
        .checked_mul(1 << 20)
        .ok_or_else(|| format!("{number} MiB are more than there can be"))
}
