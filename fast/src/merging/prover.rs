//! From aggregates and merges to a merge.

use std::convert::Infallible;
use std::fmt;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::claims::{check_held, equivocations};
use super::input::{Told, input, told};
use super::{
    AnyAggregate, Claim, Equivocation, Merge, Statement, canonical_claims, check_numbers, programs,
    statement, union,
};
use crate::aggregation::work::{go_on, prove_run};
use crate::aggregation::{AggregateError, AggregationError, MAX_BYTES, Options, Progress};
use crate::execution::{Limits, execute};
use crate::isa::Program;
use crate::processor::Processor;
use crate::proof::Summary;
use crate::recursion::Witness;
use crate::rejection::Error;
use crate::threads;

/// Most children of a merge.
pub const MAX_CHILDREN: usize = 16;

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct Child<'a> {
    /// The aggregate or merge.
    pub aggregate: &'a AnyAggregate,
    /// What it states, in any order.
    pub claims: &'a [Claim],
}

/// A merge, and what there is to know of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merged {
    /// The merge.
    pub merge: Merge,
    /// What it states, in canonical order.
    pub claims: Vec<Claim>,
    /// The keys that have signed several messages for one slot, by all claims of the children.
    pub equivocations: Vec<Equivocation>,
    /// Time to verify the children.
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

/// Why there is no merge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// Nothing to merge.
    NoChildren,
    /// More than [`MAX_CHILDREN`].
    TooManyChildren {
        /// The number of children.
        given: usize,
    },
    /// A child does not show its claims.
    Child {
        /// Its index.
        index: usize,
        /// Why.
        reason: AggregateError,
    },
    /// The claims of the result are no list of claims.
    Claims(AggregateError),
    /// No child has a claim of the slot and the message of a claim to keep.
    ClaimNotHeld {
        /// Index of the claim.
        claim: usize,
    },
    /// No child has a key of a claim to keep, in a claim of the same slot and message.
    KeyNotHeld {
        /// Index of the claim.
        claim: usize,
        /// Index of the key in it.
        key: usize,
    },
    /// The merge has more bytes than a verifier takes: a rate with a greater `log_inv_rate` gives
    /// fewer.
    TooLong {
        /// The number of bytes.
        bytes: usize,
    },
    /// The work ends without a proof.
    Work(AggregationError<Infallible>),
}

impl fmt::Display for MergeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoChildren => write!(formatter, "there is nothing to merge"),
            Self::TooManyChildren { given } => {
                write!(formatter, "{given} children, at most {MAX_CHILDREN}")
            }
            Self::Child { index, reason } => write!(formatter, "child {index}: {reason}"),
            Self::Claims(reason) => write!(formatter, "the claims of the merge: {reason}"),
            Self::ClaimNotHeld { claim } => write!(
                formatter,
                "no child has a claim of the slot and message of claim {claim}"
            ),
            Self::KeyNotHeld { claim, key } => {
                write!(formatter, "no child has key {key} of claim {claim}")
            }
            Self::TooLong { bytes } => write!(
                formatter,
                "the merge has {bytes} bytes, and a verifier takes {MAX_BYTES}"
            ),
            Self::Work(error) => write!(formatter, "{error}"),
        }
    }
}

impl std::error::Error for MergeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Child { reason, .. } | Self::Claims(reason) => Some(reason),
            Self::Work(error) => Some(error),
            _ => None,
        }
    }
}

impl From<AggregationError<Infallible>> for MergeError {
    fn from(error: AggregationError<Infallible>) -> Self {
        Self::Work(error)
    }
}

/// The machine's refusal, which there is none of for children that are accepted.
const fn machine(error: Error) -> MergeError {
    MergeError::Work(AggregationError::Machine(error))
}

/// One proof of claims of children: of all of them, those of one slot and message united, or of
/// those to keep. A key that several children hold is no error.
///
/// Of the options, `skip_invalid` and `memory_limit` mean nothing here.
///
/// # Errors
/// The first in this order, all before a proof is begun: the number of children, the rate, the
/// first child that does not show its claims, claims that are no list or that no child holds.
/// [`MergeError::Work`] with [`AggregationError::Stopped`] at any time.
pub fn merge(
    children: &[Child<'_>],
    keep: Option<&[Claim]>,
    options: &Options<'_>,
) -> Result<Merged, MergeError> {
    threads::install(options.threads, || merge_here(children, keep, options))
        .map_err(|error| AggregationError::Threads(error.to_string()))?
}

/// [`merge`] on the threads of the caller.
pub(super) fn merge_here(
    children: &[Child<'_>],
    keep: Option<&[Claim]>,
    options: &Options<'_>,
) -> Result<Merged, MergeError> {
    let start = Instant::now();
    let prepared = prepare(children, keep, options)?;
    let checking = start.elapsed();
    options.tell(Progress::Phase("checking"));
    go_on(options, "checking")?;

    let start = Instant::now();
    let [_, program] = programs().map_err(machine)?;
    let Witness { input, claim } = prepared.witness;
    let run =
        execute(program, &input, &Limits::default()).map_err(|error| machine(error.into()))?;
    let execution = start.elapsed();
    options.tell(Progress::Phase("execution"));
    go_on(options, "execution")?;

    let proved = prove_run(program, &run, options)?;
    let merge = Merge::of_proof(claim, proved.proof);
    let bytes = merge.to_bytes().len();
    if bytes > MAX_BYTES {
        return Err(MergeError::TooLong { bytes });
    }
    Ok(Merged {
        merge,
        claims: prepared.claims,
        equivocations: equivocations(&prepared.held),
        checking,
        execution,
        cycles: run.cycles().len(),
        memory_cells: run.memory().len(),
        used_cells: run.used_cells(),
        summary: proved.summary,
        processor: proved.processor,
    })
}

/// What is known of a merge before it is executed.
struct Prepared {
    /// All claims of the children.
    held: Vec<Claim>,
    /// The claims of the result, in canonical order.
    claims: Vec<Claim>,
    witness: Witness,
}

/// Refuses a number of children or a rate.
fn check_given(given: usize, options: &Options<'_>) -> Result<(), MergeError> {
    if given == 0 {
        return Err(MergeError::NoChildren);
    }
    if given > MAX_CHILDREN {
        return Err(MergeError::TooManyChildren { given });
    }
    let rate = options.log_inv_rate;
    if !(1..=4).contains(&rate) {
        return Err(AggregationError::LogInvRate(rate).into());
    }
    Ok(())
}

/// Verifies the children.
fn prepare(
    children: &[Child<'_>],
    keep: Option<&[Claim]>,
    options: &Options<'_>,
) -> Result<Prepared, MergeError> {
    check_given(children.len(), options)?;
    let programs = programs().map_err(machine)?;
    let (statements, told) = verified(programs, children, options)?;
    let held = union(statements.iter().flat_map(|statement| &statement.claims));
    let claims = kept(&held, keep)?;
    let witness = input(programs, &statements, told, &claims).map_err(machine)?;
    Ok(Prepared {
        held,
        claims,
        witness,
    })
}

/// The input of the program for a merge, as [`merge`] makes it, and the claim on the programs that
/// it leaves.
///
/// # Errors
/// Those of [`merge`] before a proof is begun.
pub fn witness(children: &[Child<'_>], keep: Option<&[Claim]>) -> Result<Witness, MergeError> {
    prepare(children, keep, &Options::default()).map(|prepared| prepared.witness)
}

/// Verifies the children, and what the guest is told of them.
fn verified<'a>(
    programs: [&'a Program; 2],
    children: &[Child<'a>],
    options: &Options<'_>,
) -> Result<(Vec<Statement<'a>>, Vec<Told>), MergeError> {
    let results: Vec<_> = children
        .par_iter()
        .map(|child| {
            go_on(options, "checking")?;
            Ok::<_, MergeError>(verified_child(programs, child))
        })
        .collect::<Result<_, _>>()?;
    let named = |(index, result): (usize, Result<_, _>)| {
        result.map_err(|reason| MergeError::Child { index, reason })
    };
    results.into_iter().enumerate().map(named).collect()
}

fn verified_child<'a>(
    programs: [&'a Program; 2],
    child: &Child<'a>,
) -> Result<(Statement<'a>, Told), AggregateError> {
    let statement = statement(programs, child.claims, child.aggregate)?;
    let told = told(programs, &statement).map_err(AggregateError::Proof)?;
    if statement
        .program_claim
        .is_some_and(|claim| !claim.holds(&programs))
    {
        return Err(AggregateError::ProgramClaim);
    }
    Ok((statement, told))
}

/// The claims of the result, in canonical order.
pub(super) fn kept(held: &[Claim], keep: Option<&[Claim]>) -> Result<Vec<Claim>, MergeError> {
    let claims = keep.unwrap_or(held);
    check_numbers(claims).map_err(MergeError::Claims)?;
    let canonical = canonical_claims(claims).map_err(MergeError::Claims)?;
    check_held(claims, held)?;
    Ok(canonical)
}
