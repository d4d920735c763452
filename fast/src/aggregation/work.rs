//! SPEC §24 aggregation: from signatures to a proof, the same for both schemes.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use super::capacity::Bounds;
use super::options::{AggregationError, InvalidSignature, Options, Progress, Repetition, Report};
use crate::aggregation::order::canonical;
use crate::execution::{Execution, Input, Limits, execute};
use crate::isa::Program;
use crate::prover::{ProveError, ProveOptions, Proved, prove};
use crate::rejection::Error;
use crate::threads;

/// Signatures that are checked at a time.
const CHUNK: usize = 1 << 12;
/// Signatures that one task checks.
const GROUP: usize = 1 << 4;
/// Most signatures that are checked where those that are not needed are skipped.
pub(super) const MAX_GIVEN: usize = 1 << 20;

/// What a scheme adds to the common work.
pub(crate) trait Scheme: Sync {
    /// A signature and what it is of.
    type Signed: Sync;
    /// The place of a claim in the canonical order.
    type Order: Ord;
    /// What the program is told of a signature.
    type Witness: Send;
    /// Why a signature is refused.
    type Refusal: Send;

    /// The program.
    fn program(&self) -> Result<&'static Program, Error>;
    /// How much of everything signatures take.
    fn bounds(&self) -> &Bounds;
    /// The place of a claim in the canonical order.
    fn order(&self, signed: &Self::Signed) -> Self::Order;
    /// Verifies signatures, each by itself.
    fn witnesses(&self, signed: &[Self::Signed]) -> Vec<Result<Self::Witness, Self::Refusal>>;
    /// The input of the program for signatures in canonical order.
    fn input(&self, signed: Vec<(&Self::Signed, Self::Witness)>) -> Result<Input, Error>;
}

type Outcome<S, T> = Result<T, AggregationError<<S as Scheme>::Refusal>>;
/// A proof, and what is said of it.
pub(crate) type Proven<S> = (Vec<u8>, Report<<S as Scheme>::Refusal>);

/// The proof of a list of signatures.
pub(crate) fn aggregate<S: Scheme>(
    scheme: &S,
    signed: &[S::Signed],
    options: &Options<'_>,
) -> Outcome<S, Proven<S>> {
    threads::install(options.threads, || prove_all(scheme, signed, options))
        .map_err(|error| AggregationError::Threads(error.to_string()))?
}

/// Refuses what follows from the number of signatures.
fn check_number<R>(
    bounds: &Bounds,
    program: &Program,
    given: usize,
    options: &Options<'_>,
) -> Result<(), AggregationError<R>> {
    if given == 0 {
        return Err(AggregationError::NoSignatures);
    }
    let rate = options.log_inv_rate;
    let refused = |_| AggregationError::LogInvRate(rate);
    if !bounds.take(program, given, rate).map_err(refused)? {
        let capacity = bounds.capacity(program, rate).map_err(refused)?;
        return Err(AggregationError::TooMany { given, capacity });
    }
    if let Some(limit) = options.memory_limit {
        let needed = bounds
            .memory_needed(program, given, rate)
            .map_err(AggregationError::Machine)?;
        if needed > limit {
            return Err(AggregationError::Memory { needed, limit });
        }
    }
    Ok(())
}

/// Gives up if there is a reason.
pub(crate) fn go_on<R>(
    options: &Options<'_>,
    phase: &'static str,
) -> Result<(), AggregationError<R>> {
    match options.stop() {
        Some(cause) => Err(AggregationError::Stopped { cause, phase }),
        None => Ok(()),
    }
}

type Checked<'a, S> = Vec<(usize, &'a <S as Scheme>::Signed, <S as Scheme>::Witness)>;

/// What checking says of signatures, each list by rising index.
struct Findings<'a, S: Scheme> {
    valid: Checked<'a, S>,
    invalid: Vec<InvalidSignature<S::Refusal>>,
    /// Empty where repetitions are refused.
    repeated: Vec<Repetition>,
}

/// Refuses what follows from the number of signatures before any is looked at. Those that will be
/// skipped do not count: whoever adds signatures would stop the work by their number.
fn check_given<S: Scheme>(
    scheme: &S,
    program: &Program,
    given: usize,
    options: &Options<'_>,
) -> Outcome<S, ()> {
    if !options.skip_invalid {
        return check_number(scheme.bounds(), program, given, options);
    }
    if given > MAX_GIVEN {
        return Err(AggregationError::TooMany {
            given,
            capacity: MAX_GIVEN,
        });
    }
    check_number(scheme.bounds(), program, given.min(1), options)
}

/// Verifies all signatures. Those that will be proved are counted as they are found, so that no
/// more of them are held than fit.
fn check<'a, S: Scheme>(
    scheme: &S,
    program: &Program,
    signed: &'a [S::Signed],
    options: &Options<'_>,
) -> Outcome<S, Findings<'a, S>> {
    let done = AtomicUsize::new(0);
    let total = signed.len();
    let mut findings = Findings {
        valid: Vec::new(),
        invalid: Vec::new(),
        repeated: Vec::new(),
    };
    let mut firsts = BTreeMap::new();
    let mut indices = 0..;
    for chunk in signed.chunks(CHUNK) {
        let results = chunk
            .par_chunks(GROUP)
            .map(|group| {
                go_on(options, "checking")?;
                let results = scheme.witnesses(group);
                let done = group.len() + done.fetch_add(group.len(), Ordering::Relaxed);
                options.tell(Progress::Checked { done, total });
                Ok(results)
            })
            .collect::<Outcome<S, Vec<_>>>()?;
        let results = results.into_iter().flatten();
        for ((one, result), index) in chunk.iter().zip(results).zip(&mut indices) {
            match result {
                Ok(witness) => {
                    let first = *firsts.entry(scheme.order(one)).or_insert(index);
                    if first == index || !options.skip_invalid {
                        findings.valid.push((index, one, witness));
                    } else {
                        let second = index;
                        findings.repeated.push(Repetition { first, second });
                    }
                }
                Err(reason) => findings.invalid.push(InvalidSignature { index, reason }),
            }
        }
        if !findings.valid.is_empty() {
            check_number(scheme.bounds(), program, findings.valid.len(), options)?;
        }
    }
    Ok(findings)
}

/// The run of the program on signatures that are valid.
///
/// # Errors
/// [`AggregationError::Duplicate`], and [`AggregationError::Machine`].
pub(super) fn run<S: Scheme>(scheme: &S, valid: Checked<'_, S>) -> Outcome<S, Execution> {
    let indices: Vec<usize> = valid.iter().map(|(index, ..)| *index).collect();
    let given = |place: usize| indices.get(place).copied().unwrap_or(place);
    let sorted = canonical(valid, |(_, one, _)| scheme.order(one)).map_err(|pair| {
        AggregationError::Duplicate {
            first: given(pair.first),
            second: given(pair.second),
        }
    })?;
    let sorted = sorted.into_iter().map(|(_, one, witness)| (one, witness));
    scheme
        .input(sorted.collect())
        .and_then(|input| Ok(execute(scheme.program()?, &input, &Limits::default())?))
        .map_err(AggregationError::Machine)
}

/// The proof of a run; progress is told, and there may be a reason to give up, after each phase.
pub(crate) fn prove_run<R>(
    program: &Program,
    execution: &Execution,
    options: &Options<'_>,
) -> Result<Proved, AggregationError<R>> {
    let stopped = OnceLock::new();
    let observer = |phase| {
        options.tell(Progress::Phase(phase));
        match options.stop() {
            Some(cause) => {
                stopped.get_or_init(|| cause);
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    };
    let prove_options = ProveOptions {
        log_inv_rate: options.log_inv_rate,
        observer: Some(&observer),
        ..ProveOptions::default()
    };
    prove(program, execution, &prove_options).map_err(|error| match (error, stopped.get()) {
        (ProveError::Interrupted(phase), Some(&cause)) => {
            AggregationError::Stopped { cause, phase }
        }
        (error, _) => AggregationError::Prover(error),
    })
}

fn prove_all<S: Scheme>(
    scheme: &S,
    signed: &[S::Signed],
    options: &Options<'_>,
) -> Outcome<S, Proven<S>> {
    let program = scheme.program().map_err(AggregationError::Machine)?;
    check_given(scheme, program, signed.len(), options)?;

    let start = Instant::now();
    let Findings {
        valid,
        invalid,
        repeated,
    } = check(scheme, program, signed, options)?;
    if valid.is_empty() || !(invalid.is_empty() || options.skip_invalid) {
        return Err(AggregationError::Invalid(invalid));
    }
    let checking = start.elapsed();
    options.tell(Progress::Phase("checking"));
    go_on(options, "checking")?;

    let start = Instant::now();
    let proved_signatures = valid.len();
    let execution = run(scheme, valid)?;
    let elapsed = start.elapsed();
    debug_assert!(scheme.bounds().hold(program, &execution, proved_signatures));
    options.tell(Progress::Phase("execution"));
    go_on(options, "execution")?;

    let proved = prove_run(program, &execution, options)?;
    let report = Report {
        skipped: invalid,
        repeated,
        checking,
        execution: elapsed,
        cycles: execution.cycles().len(),
        memory_cells: execution.memory().len(),
        used_cells: execution.used_cells(),
        summary: proved.summary,
        processor: proved.processor,
    };
    Ok((proved.proof, report))
}
