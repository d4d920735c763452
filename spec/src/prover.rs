//! SPEC §20 prover.

use crate::commitment::{self, Claims};
use crate::execution::Execution;
use crate::field::Felt;
use crate::isa::Program;
use crate::parameters::{ParameterSet, Parameters};
use crate::proof::{Header, Sizes, Statement, Summary};
use crate::rejection::Error;
use crate::tables::trace;
use crate::transcript::{Event, ProverTranscript};
use crate::{lookup, poseidon, zerocheck};

/// How to prove.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProveOptions {
    /// The parameter set.
    pub set: ParameterSet,
    /// R_0.
    pub log_inv_rate: u32,
    /// Whether the events of the transcript are wanted.
    pub record_events: bool,
}

/// A proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proved {
    /// The bytes of the proof file.
    pub proof: Vec<u8>,
    /// The events of the transcript, if they were wanted.
    pub events: Vec<Event>,
    /// What was proved, in numbers.
    pub summary: Summary,
}

/// Proves an execution of a program, for the public input that it had.
///
/// # Errors
/// `parameters` for a rate that is not of SPEC §18; `size-cap` if the execution is too large for
/// the set.
///
/// # Panics
/// If the execution is not one of the program.
pub fn prove(
    program: &Program,
    execution: &Execution,
    options: &ProveOptions,
) -> Result<Proved, Error> {
    let parameters = Parameters::new(options.set, options.log_inv_rate)?;
    // §20.1.
    let mut memory = execution.memory.clone();
    let num_cells = memory.len().max(options.set.min_cells());
    memory.resize(num_cells, Felt::ZERO);
    // §20.2.
    let trace = trace(program, &memory, &execution.cycles);
    let header = Header {
        parameters,
        rows: core::array::from_fn(|i| trace[i + 1].num_rows as u32),
    };
    let statement = Statement {
        program,
        public: &execution.public,
    };
    let public_cells = statement.public_cells();
    let num_instructions = program.instructions().len();
    let sizes = Sizes::new(&header, num_instructions, public_cells.len())?;

    let mut transcript = ProverTranscript::new(options.record_events);
    // §20.3.
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    let columns: Vec<Vec<Vec<Felt>>> = sizes
        .tables
        .iter()
        .map(|shape| trace[shape.table.index()].columns.clone())
        .collect();
    // §20.4.
    let stacking = sizes.stacking.clone();
    let committed = commitment::commit(&parameters, stacking, &columns, &mut transcript);
    // §20.5.
    let leaf_claim = lookup::prove(program, &sizes.leaves, &trace, &mut transcript);
    // §20.6.
    let point = &leaf_claim.point;
    let permutations = poseidon::prove(&sizes.tables, &trace, point, &mut transcript);
    // §20.7.
    let column_claims = zerocheck::prove(
        program,
        &sizes.tables,
        &sizes.leaves,
        &trace,
        &leaf_claim,
        &permutations,
        &mut transcript,
    );
    let claims = Claims {
        point: &column_claims.point,
        column_values: &column_claims.values,
        public_cells: &public_cells,
    };
    // §20.8.
    commitment::open(&parameters, committed, &claims, &mut transcript);

    let (elements, events) = transcript.finish();
    let mut words = header.encode();
    words.extend(elements.iter().map(|element| element.value()));
    Ok(Proved {
        proof: words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        events,
        summary: Summary::new(&parameters, &sizes),
    })
}
