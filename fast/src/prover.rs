//! SPEC §20 prover.
//!
//! From an execution to a proof: header and statement, tables, stack and oracle 0, lookup,
//! permutations, zerocheck, opening. The bytes depend on the program, the input and the parameters
//! alone, neither on the number of threads nor on [`Tuning`].

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tracing::span::EnteredSpan;

use crate::commitment;
use crate::execution::Execution;
use crate::field::to_canonical;
use crate::isa::Program;
use crate::lookup::leaves::{self, TableView, program_columns};
use crate::lookup::{self, Fingerprint};
use crate::parameters::{ParameterSet, Parameters};
use crate::processor::Processor;
use crate::proof::{Header, PublicCells, Sizes, Statement, Summary, bytes};
use crate::rejection::{Error, Rejection};
use crate::tables::{LOG_SLOTS, Plan, TableId};
use crate::transcript::{Event, ProverTranscript};
use crate::tuning::Tuning;
use crate::{poseidon, zerocheck};

/// Told the name of each phase when it has ended; `Break` ends the work there.
pub type Observer<'a> = &'a (dyn Fn(&'static str) -> ControlFlow<()> + Sync);

/// How to prove.
#[derive(Clone, Copy)]
pub struct ProveOptions<'a> {
    /// The parameter set.
    pub set: ParameterSet,
    /// R_0: 1, 2, 3 or 4.
    pub log_inv_rate: u32,
    /// Whether the events of the transcript are kept.
    pub record_events: bool,
    /// Thresholds; no byte of the proof depends on them.
    pub tuning: Tuning,
    /// Who is told of the phases and may end the work.
    pub observer: Option<Observer<'a>>,
}

impl Default for ProveOptions<'_> {
    /// The set `production` at rate 1/2, without events and observer.
    fn default() -> Self {
        Self {
            set: ParameterSet::Production,
            log_inv_rate: 1,
            record_events: false,
            tuning: Tuning::default(),
            observer: None,
        }
    }
}

impl fmt::Debug for ProveOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProveOptions")
            .field("set", &self.set)
            .field("log_inv_rate", &self.log_inv_rate)
            .field("record_events", &self.record_events)
            .field("tuning", &self.tuning)
            .finish_non_exhaustive()
    }
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProveError {
    /// The execution is one of another program.
    OtherProgram,
    /// The rate is unknown, or the execution is outside the caps of the parameter set.
    Refused(Error),
    /// The observer ended the work when this phase had ended.
    Interrupted(&'static str),
}

impl fmt::Display for ProveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherProgram => write!(
                formatter,
                "the execution is of another program; execute the program that is to be proved"
            ),
            Self::Refused(error) => write!(formatter, "{error}"),
            Self::Interrupted(phase) => {
                write!(formatter, "the work was ended after the phase {phase}")
            }
        }
    }
}

impl std::error::Error for ProveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            Self::OtherProgram | Self::Interrupted(_) => None,
        }
    }
}

impl From<Error> for ProveError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A proof and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The proof file.
    pub proof: Vec<u8>,
    /// The events of the transcript, if they were asked for.
    pub events: Vec<Event>,
    /// Sizes and times.
    pub summary: Summary,
    /// The vector instructions that were used, and those that were there.
    pub processor: Processor,
}

/// The phases, in order.
const PHASES: [&str; 7] = [
    "trace",
    "commitment",
    "leaves",
    "lookup",
    "permutations",
    "zerocheck",
    "opening",
];

/// Measures phases and tells of them. Each is a span of `tracing`, `phase` of level `DEBUG`, whose
/// field `name` is its name.
struct Clock<'a> {
    observer: Option<Observer<'a>>,
    start: Instant,
    phases: Vec<(&'static str, Duration)>,
    span: EnteredSpan,
}

/// The span of a phase.
fn span(name: Option<&&str>) -> EnteredSpan {
    name.map_or_else(tracing::Span::none, |name| {
        tracing::debug_span!("phase", name)
    })
    .entered()
}

impl<'a> Clock<'a> {
    /// The first phase begins.
    fn start(observer: Option<Observer<'a>>) -> Self {
        Self {
            observer,
            start: Instant::now(),
            phases: Vec::new(),
            span: span(PHASES.first()),
        }
    }

    /// A phase has ended.
    fn phase(&mut self, name: &'static str) -> Result<(), ProveError> {
        let now = Instant::now();
        debug_assert_eq!(PHASES.get(self.phases.len()), Some(&name));
        self.phases.push((name, now - self.start));
        self.start = now;
        // One ends before the next begins.
        self.span = span(None);
        self.span = span(PHASES.get(self.phases.len()));
        match self
            .observer
            .map_or(ControlFlow::Continue(()), |tell| tell(name))
        {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ProveError::Interrupted(name)),
        }
    }
}

/// Proves an execution of `program`, for the public input that it had, on the current pool of
/// rayon.
///
/// ```
/// use leanvm_fast::assembly::assemble;
/// use leanvm_fast::execution::{Input, Limits, execute};
/// use leanvm_fast::prover::{ProveOptions, prove};
/// use leanvm_fast::verifier::{VerifyOptions, verify};
///
/// let program = assemble(".frame 8\nadd m[fp-8], m[fp-7], m[fp-6]\nhalt")?;
/// let execution = execute(&program, &Input::new(&[3, 4, 7])?, &Limits::default())?;
/// let proof = prove(&program, &execution, &ProveOptions::default())?.proof;
/// verify(&program, &[3, 4, 7], &proof, &VerifyOptions::default())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ProveError::OtherProgram`]; [`ProveError::Refused`] with `parameters` for an unknown rate,
/// `size-cap` if the execution is outside the caps of the parameter set;
/// [`ProveError::Interrupted`] if the observer says so.
pub fn prove(
    program: &Program,
    execution: &Execution,
    options: &ProveOptions<'_>,
) -> Result<Proved, ProveError> {
    if !execution.is_of(program) {
        return Err(ProveError::OtherProgram);
    }
    Processor::warn_once();
    // On a thread of the pool, so that the stack of the caller does not matter.
    rayon::scope(|_| prove_on_pool(program, execution, options))
}

fn prove_on_pool(
    program: &Program,
    execution: &Execution,
    options: &ProveOptions<'_>,
) -> Result<Proved, ProveError> {
    let tuning = &options.tuning;
    let parameters = Parameters::new(options.set, options.log_inv_rate)?;
    let public = PublicCells::new(execution.public())?;
    let mut clock = Clock::start(options.observer);

    // §20.1, §20.2: at least min_cells cells; sizes, checked before the tables are made.
    let mut execution = Cow::Borrowed(execution);
    if execution.memory().len() < parameters.min_cells() {
        execution.to_mut().extend_memory(&parameters);
    }
    let mut rows = [0; TableId::COUNT - 1];
    let plan = Plan::new(program, &execution);
    for (to, from) in rows.iter_mut().zip(&plan.row_counts()[1..]) {
        *to = u32::try_from(*from).map_err(|_| Rejection::SizeCap.at(format!("{from} rows")))?;
    }
    let header = Header { parameters, rows };
    let sizes = Sizes::new(&header, program, public.cells.len())?;
    let trace = plan.trace();
    drop(plan);
    clock.phase("trace")?;

    // §20.3: the statement.
    let mut transcript = ProverTranscript::with_tuning(options.record_events, *tuning);
    let statement = Statement {
        program,
        public: &public,
    };
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }

    // §20.4: the stack and oracle 0.
    let columns: Vec<&[Vec<_>]> = trace
        .tables
        .iter()
        .filter(|table| table.rows > 0)
        .map(|table| table.columns.as_slice())
        .collect();
    let committed = commitment::commit(
        &parameters,
        &sizes.stacking,
        &columns,
        &mut transcript,
        tuning,
    );
    clock.phase("commitment")?;

    // §20.5: the lookup.
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", LOG_SLOTS);
    let theta = theta.try_into().expect("as many as asked for");
    let fingerprint = Fingerprint::new(alpha, theta);
    let program_columns = program_columns(program);
    let views = TableView::of(&trace, &program_columns);
    let leaves = leaves::build(&views, &sizes.leaves, &fingerprint, tuning);
    clock.phase("leaves")?;
    let leaf_claim = lookup::prove(&leaves, tuning, &mut transcript);
    drop(leaves);
    clock.phase("lookup")?;

    // §20.6: the permutations.
    let permutations = poseidon::prove(&views, &leaf_claim.point, tuning, &mut transcript);
    clock.phase("permutations")?;

    // §20.7: the zerocheck.
    let claims = zerocheck::prove(
        &views,
        &sizes.leaves,
        &fingerprint,
        &leaf_claim,
        &permutations,
        tuning,
        &mut transcript,
    );
    clock.phase("zerocheck")?;

    // §20.8: claims and opening.
    commitment::open(
        committed,
        &claims.point,
        public.log_chunks,
        &mut transcript,
        tuning,
    );
    clock.phase("opening")?;

    let (elements, events) = transcript.finish();
    let mut summary = sizes.summary(&parameters);
    summary.phases = clock.phases;
    Ok(Proved {
        proof: bytes(
            header
                .encode()
                .chain(elements.into_iter().map(to_canonical)),
        ),
        events,
        summary,
        processor: Processor::here(),
    })
}

#[cfg(test)]
mod tests;
