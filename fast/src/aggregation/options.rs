//! SPEC §24 aggregation: how to aggregate, what is told meanwhile, and why there is no aggregate.
//! The same for both schemes.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::processor::Processor;
use crate::proof::Summary;
use crate::prover::ProveError;
use crate::rejection::Error;
use crate::xmss::VerificationError;

/// How to aggregate.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Options<'a> {
    /// The rate of the code is 2^−log_inv_rate: 1 is fastest, 4 gives the smallest proofs.
    pub log_inv_rate: u32,
    /// Number of threads, of which no more are used than the machine runs at a time; none: those of
    /// the pool of the calling thread.
    pub threads: Option<NonZeroUsize>,
    /// Told what is done, on any thread.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    /// Whether to go on without the signatures that are not valid, which [`Report::skipped`] names:
    /// a verifier must leave out their keys. Of several valid ones of one claim the first is taken,
    /// and [`Report::repeated`] names the others, whose keys stay. So a peer that adds bad
    /// signatures or copies of good ones does not stop the work.
    pub skip_invalid: bool,
    /// Set by another thread to give up. It is looked at before each signature is checked and when
    /// a phase ends.
    pub cancel: Option<&'a AtomicBool>,
    /// When to give up. It is looked at where `cancel` is, so the work ends some time after it.
    pub deadline: Option<Instant>,
    /// Most bytes that the work may need, by the estimate of [`super::memory_needed`].
    pub memory_limit: Option<usize>,
}

impl Default for Options<'_> {
    /// Rate 1/2, the threads at hand, no progress; invalid signatures are refused; no limits.
    fn default() -> Self {
        Self {
            log_inv_rate: 1,
            threads: None,
            progress: None,
            skip_invalid: false,
            cancel: None,
            deadline: None,
            memory_limit: None,
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("log_inv_rate", &self.log_inv_rate)
            .field("threads", &self.threads)
            .field("skip_invalid", &self.skip_invalid)
            .field("cancel", &self.cancel)
            .field("deadline", &self.deadline)
            .field("memory_limit", &self.memory_limit)
            .finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// With another rate.
    #[must_use]
    pub const fn log_inv_rate(mut self, log_inv_rate: u32) -> Self {
        self.log_inv_rate = log_inv_rate;
        self
    }

    /// With a number of threads.
    #[must_use]
    pub const fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// With somebody to tell the progress.
    #[must_use]
    pub const fn progress(mut self, progress: &'a (dyn Fn(Progress) + Sync)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Without the signatures that are not valid.
    #[must_use]
    pub const fn skip_invalid(mut self) -> Self {
        self.skip_invalid = true;
        self
    }

    /// With a flag that gives up.
    #[must_use]
    pub const fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// With a time to give up.
    #[must_use]
    pub const fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// With a limit of memory, in bytes.
    #[must_use]
    pub const fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    /// Tells the progress.
    pub(crate) fn tell(&self, progress: Progress) {
        if let Some(listener) = self.progress {
            listener(progress);
        }
    }

    /// Why to give up now, if there is a reason.
    pub(super) fn stop(&self) -> Option<Stop> {
        if self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Some(Stop::Cancelled);
        }
        let deadline = self.deadline?;
        (Instant::now() >= deadline).then_some(Stop::Deadline)
    }
}

/// What has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many signatures of a total have been checked.
    Checked {
        /// Signatures that have been looked at.
        done: usize,
        /// All signatures.
        total: usize,
    },
    /// A phase has ended: `checking`, `execution`, or a phase of the prover.
    Phase(&'static str),
}

/// Why work was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// [`Options::cancel`] is set.
    Cancelled,
    /// [`Options::deadline`] is past.
    Deadline,
}

/// A signature that is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature<R = VerificationError> {
    /// Its index in the list.
    pub index: usize,
    /// Why.
    pub reason: R,
}

impl<R: fmt::Display> fmt::Display for InvalidSignature<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "signature {} is not valid: {}",
            self.index, self.reason
        )
    }
}

impl<R: fmt::Debug + fmt::Display> std::error::Error for InvalidSignature<R> {}

/// A valid signature of a claim of which there is one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// Index of the one before, which is taken.
    pub first: usize,
    /// Index of this one.
    pub second: usize,
}

impl fmt::Display for Repetition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, second } = self;
        write!(
            formatter,
            "signatures {first} and {second} are of one key for one slot and message"
        )
    }
}

/// Why there is no aggregate; `R` is the scheme's reason to refuse a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregationError<R = VerificationError> {
    /// No signature is given.
    NoSignatures,
    /// A rate that is not 1, 2, 3 or 4.
    LogInvRate(u32),
    /// More signatures than one proof can hold at this rate. With [`Options::skip_invalid`] those
    /// that are skipped do not count.
    TooMany {
        /// Number of signatures, or of those that were found until they were too many.
        given: usize,
        /// Number that fits.
        capacity: usize,
    },
    /// The work needs more memory than [`Options::memory_limit`].
    Memory {
        /// Bytes that it needs, by the estimate.
        needed: usize,
        /// The limit.
        limit: usize,
    },
    /// Signatures are not valid: all of them, by rising index. With [`Options::skip_invalid`]: none
    /// is valid.
    Invalid(Vec<InvalidSignature<R>>),
    /// Two valid signatures are for one claim: whoever counts claims would count it twice.
    Duplicate {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// The work was given up.
    Stopped {
        /// Why.
        cause: Stop,
        /// The phase in which, or after which, it was.
        phase: &'static str,
    },
    /// The threads cannot be had.
    Threads(String),
    /// The machine refuses the program, which it does not for valid signatures.
    Machine(Error),
    /// The prover ends without a proof, which it does not for valid signatures.
    Prover(ProveError),
}

impl<R: fmt::Display> fmt::Display for AggregationError<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSignatures => write!(formatter, "there is no signature to aggregate"),
            Self::LogInvRate(rate) => {
                write!(formatter, "log_inv_rate is 1, 2, 3 or 4, not {rate}")
            }
            Self::TooMany { given, capacity } => write!(
                formatter,
                "{given} signatures are too many for one proof at this rate: {capacity} fit"
            ),
            Self::Memory { needed, limit } => write!(
                formatter,
                "the work needs about {} MiB of memory, and the limit is {} MiB",
                needed >> 20,
                limit >> 20
            ),
            Self::Invalid(invalid) => {
                for (i, one) in invalid.iter().enumerate() {
                    let separator = if i == 0 { "" } else { "; " };
                    write!(formatter, "{separator}{one}")?;
                }
                Ok(())
            }
            &Self::Duplicate { first, second } => Repetition { first, second }.fmt(formatter),
            Self::Stopped { cause, phase } => {
                let cause = match cause {
                    Stop::Cancelled => "the work was cancelled",
                    Stop::Deadline => "the deadline passed",
                };
                write!(formatter, "{cause} during or after: {phase}")
            }
            Self::Threads(detail) => write!(formatter, "threads cannot be started: {detail}"),
            Self::Machine(error) => write!(formatter, "the machine refuses the program: {error}"),
            Self::Prover(error) => write!(formatter, "the prover ends without a proof: {error}"),
        }
    }
}

impl<R: fmt::Debug + fmt::Display> std::error::Error for AggregationError<R> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Machine(error) => Some(error),
            Self::Prover(error) => Some(error),
            _ => None,
        }
    }
}

/// Sizes and times of an aggregation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report<R = VerificationError> {
    /// The signatures that the aggregate is without, by rising index: none unless
    /// [`Options::skip_invalid`] says so.
    pub skipped: Vec<InvalidSignature<R>>,
    /// The signatures of claims that are in the aggregate by an earlier one, by rising index: none
    /// unless [`Options::skip_invalid`] says so.
    pub repeated: Vec<Repetition>,
    /// Time to check the signatures.
    pub checking: Duration,
    /// Time to run the program.
    pub execution: Duration,
    /// Cycles of the run.
    pub cycles: usize,
    /// Cells of the memory of the run.
    pub memory_cells: usize,
    /// Cells that have a value.
    pub used_cells: usize,
    /// Sizes of the proof and times of its phases.
    pub summary: Summary,
    /// The vector instructions that were used, and those that were there.
    pub processor: Processor,
}
