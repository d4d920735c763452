//! The sections of a proof in their order, over tables that need not be those of an execution.

use leanvm_fast::commitment;
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::lookup::leaves::{self, TableView, program_columns};
use leanvm_fast::lookup::{self, Fingerprint};
use leanvm_fast::parameters::Parameters;
use leanvm_fast::proof::{Header, PublicCells, Sizes, Statement, bytes};
use leanvm_fast::tables::{LOG_SLOTS, Trace};
use leanvm_fast::transcript::ProverTranscript;
use leanvm_fast::tuning::Tuning;
use leanvm_fast::{poseidon, zerocheck};

use super::{events_of, name};
use crate::canonical::{Outcome, Proved};

/// Proves tables.
pub(super) fn prove(
    program: &Program,
    public: &[F],
    trace: &Trace,
    parameters: Parameters,
    tuning: &Tuning,
) -> Outcome<Proved> {
    let public = PublicCells::new(public).map_err(name)?;
    let header = Header {
        parameters,
        rows: std::array::from_fn(|i| trace.tables[i + 1].rows as u32),
    };
    let sizes = Sizes::new(&header, program, public.cells.len()).map_err(name)?;
    let mut transcript = ProverTranscript::with_tuning(true, *tuning);
    let statement = Statement {
        program,
        public: &public,
    };
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    let columns: Vec<&[Vec<F>]> = trace
        .tables
        .iter()
        .filter(|table| table.rows > 0)
        .map(|table| table.columns.as_slice())
        .collect();
    let stacking = &sizes.stacking;
    let committed = commitment::commit(&parameters, stacking, &columns, &mut transcript, tuning);
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", LOG_SLOTS);
    let theta = theta.try_into().expect("as many as asked for");
    let fingerprint = Fingerprint::new(alpha, theta);
    let program_columns = program_columns(program);
    let views = TableView::of(trace, &program_columns);
    let leaves = leaves::build(&views, &sizes.leaves, &fingerprint, tuning);
    let claim = lookup::prove(&leaves, tuning, &mut transcript);
    let permutations = poseidon::prove(&views, &claim.point, tuning, &mut transcript);
    let columns = zerocheck::prove(
        &views,
        &sizes.leaves,
        &fingerprint,
        &claim,
        &permutations,
        tuning,
        &mut transcript,
    );
    let log_chunks = public.log_chunks;
    commitment::open(
        committed,
        &columns.point,
        log_chunks,
        &mut transcript,
        tuning,
    );
    let (elements, events) = transcript.finish();
    Ok(Proved {
        proof: bytes(
            header
                .encode()
                .chain(elements.into_iter().map(to_canonical)),
        ),
        events: events_of(events),
    })
}
