//! `leanvm merge`: one proof of all that aggregates, merges and late signatures show.

mod children;
mod figures;
mod keep;
mod late;
mod refused;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use leanvm_fast::aggregation::{Options, Progress as Reached};
use leanvm_fast::merging::{self, Child, Claim, MAX_CHILDREN, Merged, union};

use crate::aggregating::done::Done;
use crate::aggregating::made::{Made, cpu_time};
use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::options::{seconds, whole};
use crate::program::warnings::Warnings;
use crate::progress::{PROVER_PHASES, Progress};
use crate::report::{Report, number};
use crate::signature::claims::{Claims, Signed};
use children::Part;
use figures::{Equivocations, Figures, Messages};
use keep::{Keep, Wanted, keep};
use late::Late;
use refused::{nothing, refused, too_many};

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// Aggregates and merges, at most 16, as `leanvm aggregate` and `leanvm merge` write them with
    /// their claims. Claims of one slot and message become one; others stay apart. A signer may be
    /// in several files.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Late signatures, of any messages and slots: a folder or a JSON file, as `leanvm aggregate`
    /// takes it. Those of each slot and message become an aggregate first, which counts as one of
    /// the 16; those of signers that a file has are left out.
    #[arg(short, long, value_name = "FOLDER|FILE")]
    input: Option<PathBuf>,
    /// Keep the claims of a slot, of all messages or of one (HEX, @FILE or hex@FILE), and leave out
    /// all others. Once for each.
    #[arg(long, value_name = "slot=SLOT[,message=HEX]", value_parser = keep)]
    keep: Vec<Keep>,
    /// The merge with its claims; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the merge alone, without messages, slots and keys: what goes over a network to
    /// verifiers who know these.
    #[arg(long, requires = "output")]
    bytes_only: bool,
    /// Go on without the late signatures that cannot be used or are not valid, and name them.
    #[arg(long, requires = "input")]
    skip_invalid: bool,
    /// Give up when so many seconds are past, at the end of a phase of the work. Nothing is written
    /// then.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    deadline: Option<Duration>,
    /// Also write the list of signers, which `leanvm verify-aggregate` reads: who has signed which
    /// message for which slot, as JSON.
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
    /// log2 of the inverse rate of the first code: 1 is fastest, 4 gives the smallest merges. Files
    /// may be of other rates.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    log_inv_rate: u32,
    /// Threads, of which no more than the machine has cores are started; all cores if left out. The
    /// merge does not depend on it.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    threads: Option<u16>,
}

impl Command for Merge {
    fn name(&self) -> &'static str {
        "merge"
    }

    fn paths(&self) -> Paths<'_> {
        let files = self.files.iter().map(PathBuf::as_path);
        let messages = self.keep.iter().filter_map(Keep::file);
        Paths {
            inputs: files.chain(self.input.as_deref()).chain(messages).collect(),
            outputs: [self.output.as_deref(), self.signers.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    fn proves(&self) -> bool {
        true
    }

    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        let begun = Instant::now();
        let prepare = |path: &Option<_>| path.as_deref().map(Output::prepare).transpose();
        let outputs = [prepare(&self.output)?, prepare(&self.signers)?];
        let mut read = self.read()?;
        let reading = begun.elapsed();
        let progress = read.progress();
        let cpu = cpu_time();
        let started = Instant::now();
        self.aggregate(&mut read, begun, &progress)?;
        let aggregating = started.elapsed();
        let started = Instant::now();
        let merged = self.merge(&read, begun, &progress)?;
        let merging = started.elapsed();
        let cpu = cpu_time()
            .zip(cpu)
            .map(|(end, start)| end.saturating_sub(start));
        let with_claims = self.output.is_some() && !self.bytes_only;
        let messages = Messages::of(read.held());
        let (signed, done) = verified(&merged, &messages, with_claims)?;
        progress.finish();
        done.write(outputs)?;
        let equivocations = Equivocations {
            list: &merged.equivocations,
            messages: &messages,
        };
        warnings.text.push_str(&equivocations.warning());
        let figures = Figures {
            signed: &signed,
            made: Made {
                checking: merged.checking,
                execution: merged.execution,
                cycles: merged.cycles,
                memory_cells: merged.memory_cells,
                used_cells: merged.used_cells,
                summary: &merged.summary,
                done: &done,
            },
            log_inv_rate: self.log_inv_rate,
            children: read.parts.len(),
            late: read.late.as_ref(),
            equivocations,
            reading,
            aggregating,
            merging,
            cpu,
            output: self.output.as_deref(),
            signers: self.signers.as_deref(),
        };
        Ok(figures.report())
    }
}

/// What is merged.
struct Read {
    /// From files, then those that are made of late signatures.
    parts: Vec<Part>,
    late: Option<Late>,
    wanted: Wanted,
}

impl Read {
    /// All claims, also those of signatures that are no part yet.
    fn held(&self) -> impl Iterator<Item = &Signed> + Clone {
        let groups = self.late.iter().flat_map(|late| &late.groups);
        let parts = self.parts.iter().flat_map(|part| &part.signed);
        parts.chain(groups.map(|group| &group.signed))
    }

    /// The claims that are kept, those of one slot and message united.
    fn kept(&self) -> Vec<Claim> {
        let claims = self.held().map(|one| &one.claim);
        union(claims.filter(|claim| self.wanted.keeps(claim)))
    }

    /// Shows the steps of the work.
    fn progress(&self) -> Progress {
        let groups = self.late.iter().flat_map(|late| &late.groups);
        let groups = groups.map(|group| {
            let (count, slot) = (number(group.len()), group.signed.claim.slot);
            format!("aggregating {count} signatures for slot {slot}")
        });
        let steps = ["checking aggregates", "executing"].into_iter();
        let steps = steps.chain(PROVER_PHASES).chain(["verifying"]);
        Progress::start(groups.chain(steps.map(str::to_owned)))
    }
}

impl Merge {
    /// Reads all files, and refuses what can be refused before any work.
    fn read(&self) -> Result<Read, Failure> {
        if self.files.is_empty() && self.input.is_none() {
            return Err(nothing());
        }
        if self.files.len() > MAX_CHILDREN {
            return Err(too_many(self.files.len(), 0));
        }
        let progress = Progress::start(["reading aggregates and signatures"]);
        let wanted = Wanted::read(&self.keep)?;
        let parts = self.files.iter().map(|path| Part::read(path));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let late = self.input.as_deref();
        let late = late.map(|path| Late::read(path, self.skip_invalid, &parts));
        let mut read = Read {
            late: late.transpose()?,
            parts,
            wanted,
        };
        read.wanted.check(read.held())?;
        let groups = read.late.as_mut().map_or(0, |late| {
            late.keep(&read.wanted);
            late.groups.len()
        });
        if read.parts.len() + groups > MAX_CHILDREN {
            return Err(too_many(read.parts.len(), groups));
        }
        merging::check_numbers(&read.kept())
            .map_err(|error| refused(&merging::MergeError::Claims(error), &read.parts))?;
        let signed = read.held().cloned().collect();
        if self.output.is_some() && !self.bytes_only {
            Claims::Leanxmss42(signed).check_messages()?;
        }
        progress.finish();
        Ok(read)
    }

    /// The options of the library; a deadline counts from the beginning of the command.
    fn options<'a>(&self, begun: Instant) -> Options<'a> {
        let mut options = Options::default().log_inv_rate(self.log_inv_rate);
        options.threads = self
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        options.skip_invalid = self.skip_invalid;
        options.deadline = self.deadline.and_then(|time| begun.checked_add(time));
        options
    }

    /// Makes parts of late signatures.
    fn aggregate(
        &self,
        read: &mut Read,
        begun: Instant,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let Some(late) = &mut read.late else {
            return Ok(());
        };
        let told = |reached: Reached| {
            if let Reached::Checked { done, total } = reached {
                progress.reach(done as u64, total as u64);
            }
        };
        let options = self.options(begun).progress(&told);
        for group in std::mem::take(&mut late.groups) {
            read.parts.extend(late.aggregate(&group, &options)?);
            progress.next();
        }
        late.skipped.sort_by_key(|one| one.index);
        if read.parts.is_empty() {
            return Err(nothing_valid(late));
        }
        read.wanted.check(read.held())
    }

    fn merge(&self, read: &Read, begun: Instant, progress: &Progress) -> Result<Merged, Failure> {
        let told = |reached: Reached| {
            if let Reached::Phase(_) = reached {
                progress.next();
            }
        };
        let options = self.options(begun).progress(&told);
        let children = read.parts.iter().map(|part| Child {
            aggregate: &part.aggregate,
            claims: &part.claims,
        });
        let children: Vec<Child<'_>> = children.collect();
        merging::merge(&children, Some(&read.kept()), &options)
            .map_err(|error| refused(&error, &read.parts))
    }
}

/// The failure of late signatures of which none is valid, where there is nothing else.
fn nothing_valid(late: &Late) -> Failure {
    let reason = late.skipped.first().map_or("", |one| one.reason.as_str());
    let count = number(late.skipped.len());
    Failure::usage(
        format!("none of {count} signatures is valid; the first: {reason}"),
        "give a file, or a signature that is valid",
    )
}

/// Verifies a merge.
fn verified(
    merged: &Merged,
    messages: &Messages,
    with_claims: bool,
) -> Result<(Vec<Signed>, Done), Failure> {
    let signed = merged.claims.iter().map(|claim| Signed {
        message_bytes: messages.bytes(claim.slot, claim.message),
        claim: claim.clone(),
    });
    let signed: Vec<Signed> = signed.collect();
    let bytes = merged.merge.to_bytes();
    let done = Done::of(Claims::Leanxmss42(signed.clone()), bytes, with_claims)?;
    Ok((signed, done))
}
