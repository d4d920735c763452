//! SPEC §19 prover.
//!
//! From an execution to a proof: header and statement, tables, stack and oracle 0, lookup, zerocheck, opening. The bytes depend on the program, the
//! input and the parameters alone, neither on the number of threads nor on [`Tuning`].

use std::borrow::Cow;
use std::time::{Duration, Instant};

use crate::commitment;
use crate::execution::{Execution, Input};
use crate::field::to_canonical;
use crate::isa::Program;
use crate::lookup::leaves::{self, TableView, program_columns};
use crate::lookup::{self, Challenges};
use crate::parameters::{ParameterSet, Parameters};
use crate::proof::{Header, PublicCells, Sizes, Summary, bytes, statement};
use crate::rejection::{Error, Rejection};
use crate::tables::{TableId, Trace};
use crate::transcript::{Event, ProverTranscript};
use crate::tuning::Tuning;
use crate::zerocheck;

/// How to prove.
#[derive(Clone, Copy, Debug)]
pub struct ProveOptions {
    /// The parameter set.
    pub set: ParameterSet,
    /// R_0: 1, 2, 3 or 4.
    pub log_inv_rate: u32,
    /// Whether the events of the transcript are kept.
    pub record_events: bool,
    /// Thresholds; no byte of the proof depends on them.
    pub tuning: Tuning,
}

impl Default for ProveOptions {
    /// The set `production` at rate 1/2, without events.
    fn default() -> Self {
        Self {
            set: ParameterSet::Production,
            log_inv_rate: 1,
            record_events: false,
            tuning: Tuning::default(),
        }
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
}

/// Measures phases.
struct Clock<'a> {
    observe: &'a dyn Fn(&'static str),
    start: Instant,
    phases: Vec<(&'static str, Duration)>,
}

impl Clock<'_> {
    fn phase(&mut self, name: &'static str) {
        let now = Instant::now();
        self.phases.push((name, now - self.start));
        self.start = now;
        (self.observe)(name);
    }
}

/// Proves that `execution` is one of `program` on `input`.
///
/// # Errors
/// `parameters` for an unknown rate, `public-input-too-long`, `size-cap` if the execution is outside the caps of the parameter set.
///
/// # Panics
/// If `execution` is not one of `program` on `input`.
pub fn prove(
    program: &Program,
    input: &Input,
    execution: &Execution,
    options: &ProveOptions,
) -> Result<Proved, Error> {
    prove_observed(program, input, execution, options, &|_| ())
}

/// As [`prove`]; `observe` is told the name of each phase when it has ended.
///
/// # Errors
/// As [`prove`].
///
/// # Panics
/// As [`prove`].
pub fn prove_observed(
    program: &Program,
    input: &Input,
    execution: &Execution,
    options: &ProveOptions,
    observe: &dyn Fn(&'static str),
) -> Result<Proved, Error> {
    let tuning = &options.tuning;
    let parameters = Parameters::new(options.set, options.log_inv_rate)?;
    let public = PublicCells::new(&input.public)?;
    assert_eq!(public.cells.len(), execution.public_cells as usize);
    let mut clock = Clock {
        observe,
        start: Instant::now(),
        phases: Vec::new(),
    };

    // Sizes, checked before the tables are made; at least min_cells cells.
    let mut execution = Cow::Borrowed(execution);
    if execution.memory.len() < parameters.min_cells() {
        execution.to_mut().extend_memory(parameters.min_cells());
    }
    let mut rows = [0; TableId::COUNT - 1];
    let counts = Trace::row_counts(program, &execution);
    for (to, from) in rows.iter_mut().zip(&counts[1..]) {
        *to = u32::try_from(*from).map_err(|_| Rejection::SizeCap)?;
    }
    let header = Header { parameters, rows };
    let sizes = Sizes::new(&header, program, &public)?;
    let trace = Trace::generate(program, &execution);
    clock.phase("trace");

    // §18: the statement.
    let mut transcript = ProverTranscript::with_tuning(options.record_events, *tuning);
    transcript.absorb("statement", &statement(&header, program, &public));
    transcript.absorb("program", &program.digest());
    transcript.absorb("public", &public.cells);

    // §16: the stack and oracle 0.
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
    clock.phase("commitment");

    // §13: the lookup.
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", lookup::LOG_SLOTS);
    let theta = theta.try_into().expect("as many as asked for");
    let challenges = Challenges::new(alpha, theta);
    let program_columns = program_columns(program);
    let views = TableView::of(&trace, &program_columns);
    let leaves = leaves::build(&views, &sizes.leaves, &challenges, tuning);
    clock.phase("leaves");
    let leaf_claim = lookup::prover::prove(&leaves, tuning, &mut transcript);
    drop(leaves);
    clock.phase("lookup");

    // §14: the zerocheck.
    let claims = zerocheck::prover::prove(
        &views,
        &sizes.leaves,
        &challenges,
        &leaf_claim,
        tuning,
        &mut transcript,
    );
    clock.phase("zerocheck");

    // §16: claims and opening.
    commitment::open(
        committed,
        &claims.point,
        public.log_chunks,
        &mut transcript,
        tuning,
    );
    clock.phase("opening");

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
    })
}
