//! The sections of a proof in their order, over tables that need not be those of an execution.

use leanvm_spec::commitment::{self, Claims};
use leanvm_spec::field::Felt;
use leanvm_spec::isa::Program;
use leanvm_spec::parameters::{ParameterSet, Parameters};
use leanvm_spec::proof::{Header, Sizes, Statement};
use leanvm_spec::rejection::Rejection;
use leanvm_spec::tables::{Table, TableId};
use leanvm_spec::transcript::{ProverTranscript, VerifierTranscript};
use leanvm_spec::{lookup, poseidon, zerocheck};

use super::{events_of, name};
use crate::canonical::{Outcome, Proved, bytes_of, words_of};

/// A constraint by its table and its number there.
pub(super) type Constraint = (TableId, usize);

/// Proves tables as if these constraints were not there.
pub(super) fn prove_without(
    program: &Program,
    public: &[Felt],
    trace: &[Table],
    parameters: &Parameters,
    waived: &[Constraint],
) -> Outcome<Proved> {
    let header = Header {
        parameters: *parameters,
        rows: core::array::from_fn(|i| trace[i + 1].num_rows as u32),
    };
    let statement = Statement { program, public };
    let public_cells = statement.public_cells();
    let num_instructions = program.instructions().len();
    let sizes = Sizes::new(&header, num_instructions, public_cells.len()).map_err(name)?;
    let mut transcript = ProverTranscript::new(true);
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    let columns: Vec<Vec<Vec<Felt>>> = sizes
        .tables
        .iter()
        .map(|shape| trace[shape.table.index()].columns.clone())
        .collect();
    let stacking = sizes.stacking.clone();
    let committed = commitment::commit(parameters, stacking, &columns, &mut transcript);
    let leaf_claim = lookup::prove(program, &sizes.leaves, trace, &mut transcript);
    let point = &leaf_claim.point;
    let permutations = poseidon::prove(&sizes.tables, trace, point, &mut transcript);
    let column_claims = zerocheck::prove_without(
        program,
        &sizes.tables,
        &sizes.leaves,
        trace,
        &leaf_claim,
        &permutations,
        waived,
        &mut transcript,
    );
    let claims = Claims {
        point: &column_claims.point,
        column_values: &column_claims.values,
        public_cells: &public_cells,
    };
    commitment::open(parameters, committed, &claims, &mut transcript);
    let (elements, events) = transcript.finish();
    let mut words = header.encode();
    words.extend(elements.iter().map(|element| element.value()));
    Ok(Proved {
        proof: bytes_of(&words),
        events: events_of(events),
    })
}

/// What a verifier leaves out.
#[derive(Clone, Debug, Default)]
pub(super) struct Waived {
    /// Constraints.
    pub(super) constraints: Vec<Constraint>,
    /// The check of this layer of the permutations.
    pub(super) layer: Option<usize>,
}

/// Verifies as if what is waived were not there. The public input is within its cap.
pub(super) fn verify_without(
    program: &Program,
    public: &[Felt],
    proof: &[u8],
    set: u32,
    waived: &Waived,
) -> Outcome<()> {
    let words = words_of(proof);
    let set = ParameterSet::from_id(set).ok_or(Rejection::Parameters.name())?;
    let (header, elements) = Header::decode(&words, set).map_err(name)?;
    let statement = Statement { program, public };
    let public_cells = statement.public_cells();
    let num_instructions = program.instructions().len();
    let sizes = Sizes::new(&header, num_instructions, public_cells.len()).map_err(name)?;
    let mut transcript = VerifierTranscript::new(elements, false);
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    let parameters = &header.parameters;
    let stacking = sizes.stacking.clone();
    let commitment =
        commitment::receive_commitment(parameters, stacking, &mut transcript).map_err(name)?;
    let fp_0 = public_cells.len() as u32;
    let leaf_claim =
        lookup::verify(program.halt_pc(), fp_0, &sizes.leaves, &mut transcript).map_err(name)?;
    let point = &leaf_claim.point;
    let permutations =
        poseidon::verify_without(&sizes.tables, point, waived.layer, &mut transcript)
            .map_err(name)?;
    let column_claims = zerocheck::verify_without(
        program,
        &sizes.tables,
        &sizes.leaves,
        &leaf_claim,
        &permutations,
        &waived.constraints,
        &mut transcript,
    )
    .map_err(name)?;
    let claims = Claims {
        point: &column_claims.point,
        column_values: &column_claims.values,
        public_cells: &public_cells,
    };
    commitment::verify_opening(parameters, &commitment, &claims, &mut transcript).map_err(name)?;
    transcript.finish().map(drop).map_err(name)
}
