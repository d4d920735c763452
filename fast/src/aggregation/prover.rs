//! SPEC §23 aggregation: from signatures to a proof.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::{Aggregate, AggregateError, capacity, check_list, program, public_input};
use crate::execution::{Input, Limits, execute};
use crate::field::F;
use crate::processor::Processor;
use crate::proof::{Summary, public_elements};
use crate::prover::{ProveError, ProveOptions, prove};
use crate::rejection::Error;
use crate::xmss::{Message, PublicKey, Signature, VerificationError, Witness, witness};

/// How to aggregate.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Options<'a> {
    /// The rate of the code is 2^−log_inv_rate: 1 is fastest, 4 gives the smallest proofs.
    pub log_inv_rate: u32,
    /// Number of threads; none: those of the pool of the calling thread.
    pub threads: Option<NonZeroUsize>,
    /// Told what is done, on any thread.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl Default for Options<'_> {
    /// Rate 1/2, the threads at hand, no progress.
    fn default() -> Self {
        Self {
            log_inv_rate: 1,
            threads: None,
            progress: None,
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("log_inv_rate", &self.log_inv_rate)
            .field("threads", &self.threads)
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
}

/// What has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many signatures of a total have been checked.
    Checked {
        /// Signatures that are valid.
        done: usize,
        /// All signatures.
        total: usize,
    },
    /// A phase has ended: `execution`, or a phase of the prover.
    Phase(&'static str),
}

/// Why there is no aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregationError {
    /// No signature is given.
    NoSigners,
    /// A key is given twice: whoever counts the entries of a list would count its signer twice.
    DuplicateKey {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// More signatures than one proof can hold at this rate.
    TooManySigners {
        /// Number of signatures.
        given: usize,
        /// Number that fits.
        capacity: usize,
    },
    /// A signature is not valid; no time was spent on a proof.
    InvalidSignature {
        /// Its index; those before it are valid.
        index: usize,
        /// Why.
        reason: VerificationError,
    },
    /// A rate that is not 1, 2, 3 or 4.
    LogInvRate(u32),
    /// The threads cannot be had.
    Threads(String),
    /// The machine refuses the program, which it does not for valid signatures.
    Machine(Error),
    /// The prover ends without a proof, which it does not for valid signatures.
    Prover(ProveError),
}

impl fmt::Display for AggregationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSigners => write!(formatter, "there is no signature to aggregate"),
            Self::DuplicateKey { first, second } => write!(
                formatter,
                "signatures {first} and {second} are of one public key"
            ),
            Self::TooManySigners { given, capacity } => write!(
                formatter,
                "{given} signatures are too many for one proof at this rate: {capacity} fit"
            ),
            Self::InvalidSignature { index, reason } => {
                write!(formatter, "signature {index} is not valid: {reason}")
            }
            Self::LogInvRate(rate) => {
                write!(formatter, "log_inv_rate is 1, 2, 3 or 4, not {rate}")
            }
            Self::Threads(detail) => write!(formatter, "threads cannot be started: {detail}"),
            Self::Machine(error) => write!(formatter, "the machine refuses the program: {error}"),
            Self::Prover(error) => write!(formatter, "the prover ends without a proof: {error}"),
        }
    }
}

impl std::error::Error for AggregationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InvalidSignature { reason, .. } => Some(reason),
            Self::Machine(error) => Some(error),
            Self::Prover(error) => Some(error),
            _ => None,
        }
    }
}

impl From<AggregateError> for AggregationError {
    /// Of the errors of a list.
    fn from(error: AggregateError) -> Self {
        match error {
            AggregateError::DuplicateKey { first, second } => Self::DuplicateKey { first, second },
            AggregateError::TooManySigners { given } => Self::TooManySigners {
                given,
                capacity: super::MAX_SIGNERS,
            },
            AggregateError::Proof(error) => Self::Machine(error),
            _ => Self::NoSigners,
        }
    }
}

/// Sizes and times of an aggregation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Time to check the signatures.
    pub checking: Duration,
    /// Time to run the program.
    pub execution: Duration,
    /// Cycles of the run.
    pub cycles: usize,
    /// Cells of the memory of the run.
    pub cells: usize,
    /// Cells that have a value.
    pub used_cells: usize,
    /// Sizes of the proof and times of its phases.
    pub summary: Summary,
    /// The vector instructions that were used, and those that were there.
    pub processor: Processor,
}

/// Makes aggregates. It holds nothing that is costly, and may be used by many threads at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aggregator {
    _private: (),
}

impl Aggregator {
    /// An aggregator.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }

    /// One proof of all signatures of a message for a slot. Its verifier needs the public keys in this order. Same input, same bytes.
    ///
    /// # Errors
    /// The first in this order: no signature, an unknown rate, a key twice, too many, the first invalid signature with its index; all before a
    /// proof is begun.
    pub fn aggregate(
        &self,
        message: &Message,
        slot: u32,
        signatures: &[(PublicKey, Signature)],
        options: &Options<'_>,
    ) -> Result<Aggregate, AggregationError> {
        self.aggregate_with_report(message, slot, signatures, options)
            .map(|(aggregate, _)| aggregate)
    }

    /// As [`Aggregator::aggregate`], with sizes and times.
    ///
    /// # Errors
    /// As [`Aggregator::aggregate`].
    pub fn aggregate_with_report(
        &self,
        message: &Message,
        slot: u32,
        signatures: &[(PublicKey, Signature)],
        options: &Options<'_>,
    ) -> Result<(Aggregate, Report), AggregationError> {
        let work = || aggregate(message, slot, signatures, options);
        match options.threads {
            None => work(),
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(threads.get())
                .build()
                .map_err(|error| AggregationError::Threads(error.to_string()))?
                .install(work),
        }
    }
}

/// The witnesses of all signatures, or the first invalid one.
fn check(
    message: &Message,
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    options: &Options<'_>,
) -> Result<Vec<Witness>, AggregationError> {
    let done = AtomicUsize::new(0);
    let total = signatures.len();
    let results: Vec<Result<Witness, VerificationError>> = signatures
        .par_iter()
        .map(|(key, signature)| {
            let result = witness(key, slot, message, signature)?;
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            tell(options, Progress::Checked { done, total });
            Ok(result)
        })
        .collect();
    results
        .into_iter()
        .enumerate()
        .map(|(index, result)| {
            result.map_err(|reason| AggregationError::InvalidSignature { index, reason })
        })
        .collect()
}

fn tell(options: &Options<'_>, progress: Progress) {
    if let Some(listener) = options.progress {
        listener(progress);
    }
}

/// The lists that the program asks for.
fn private_input(
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    witnesses: &[Witness],
) -> BTreeMap<String, Vec<Vec<F>>> {
    let mut lists: [Vec<Vec<F>>; 5] = Default::default();
    for ((key, signature), witness) in signatures.iter().zip(witnesses) {
        let [keys, randomness, digits, chains, pairs] = &mut lists;
        keys.push(key.elements().to_vec());
        randomness.push(signature.randomness.to_vec());
        let encoding = &witness.encoding;
        let rest = encoding.lows[5] >> 6;
        digits.push(
            encoding
                .digits
                .iter()
                .chain(&encoding.highs[..6])
                .chain(&[rest & 0x1ff, rest >> 9])
                .map(|word| F::new(*word))
                .collect(),
        );
        chains.extend(signature.chains.iter().map(|start| start.to_vec()));
        let path = witness.nodes.iter().zip(&signature.path).enumerate();
        pairs.push(
            path.flat_map(|(level, (node, sibling))| {
                if (slot >> level) & 1 == 0 {
                    [*node, *sibling]
                } else {
                    [*sibling, *node]
                }
            })
            .flatten()
            .collect(),
        );
    }
    ["public_key", "randomness", "digits", "chain", "pairs"]
        .map(str::to_owned)
        .into_iter()
        .zip(lists)
        .collect()
}

/// What the program is run on.
pub(super) fn input(
    message: &Message,
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    witnesses: &[Witness],
) -> Result<Input, Error> {
    let keys: Vec<PublicKey> = signatures.iter().map(|(key, _)| *key).collect();
    Ok(Input {
        public: public_elements(&public_input(message, slot, &keys))?,
        private: private_input(slot, signatures, witnesses),
    })
}

fn aggregate(
    message: &Message,
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    options: &Options<'_>,
) -> Result<(Aggregate, Report), AggregationError> {
    if signatures.is_empty() {
        return Err(AggregationError::NoSigners);
    }
    let capacity = capacity(options.log_inv_rate)
        .map_err(|_| AggregationError::LogInvRate(options.log_inv_rate))?;
    let given = signatures.len();
    if given > capacity {
        return Err(AggregationError::TooManySigners { given, capacity });
    }
    check_list(signatures.iter().map(|(key, _)| key))?;

    let start = Instant::now();
    let witnesses = check(message, slot, signatures, options)?;
    let checking = start.elapsed();

    let start = Instant::now();
    let program = program().map_err(AggregationError::Machine)?;
    let execution = input(message, slot, signatures, &witnesses)
        .and_then(|input| Ok(execute(program, &input, &Limits::default())?))
        .map_err(AggregationError::Machine)?;
    drop(witnesses);
    let elapsed = start.elapsed();
    tell(options, Progress::Phase("execution"));

    let tell_phase = |phase| {
        tell(options, Progress::Phase(phase));
        ControlFlow::Continue(())
    };
    let prove_options = ProveOptions {
        log_inv_rate: options.log_inv_rate,
        observer: Some(&tell_phase),
        ..ProveOptions::default()
    };
    let proved = prove(program, &execution, &prove_options).map_err(AggregationError::Prover)?;
    let report = Report {
        checking,
        execution: elapsed,
        cycles: execution.steps().len(),
        cells: execution.memory().len(),
        used_cells: execution.used_cells(),
        summary: proved.summary,
        processor: proved.processor,
    };
    let aggregate = Aggregate {
        proof: proved.proof,
    };
    Ok((aggregate, report))
}
