//! The dishonest prover, from the steps of `spec`: SPEC §19, §17 (oracle 0), §13 to §15, then the
//! opening of its own.
//!
//! Without a deceit, and with honest tables, its bytes are those of the prover of `spec`.

use leanvm_spec::commitment::code;
use leanvm_spec::field::{Ext, Felt};
use leanvm_spec::lookup::LeafClaim;
use leanvm_spec::merkle::Tree;
use leanvm_spec::multilinear::{evaluate, lift};
use leanvm_spec::parameters::{ParameterSet, Parameters};
use leanvm_spec::poseidon::PermutationClaims;
use leanvm_spec::proof::{Header, Sizes, Statement};
use leanvm_spec::rejection::{Error, Rejection};
use leanvm_spec::transcript::ProverTranscript;
use leanvm_spec::{lookup, poseidon, zerocheck};

use super::lookup::prove as false_sum;
use super::opening::Opening;
use super::poseidon::{carried, corrected};
use super::{Deceit, Liar, Oracle};
use crate::canonical::{Outcome, bytes_of};
use crate::twins::Options;

/// The proof of a liar.
///
/// # Errors
/// The rejection of sizes or parameters that no proof may have.
pub fn prove(liar: &Liar, options: &Options) -> Outcome<Vec<u8>> {
    let name = |error: Error| error.rejection.name();
    let set = ParameterSet::from_id(options.set).ok_or(Rejection::Parameters.name())?;
    let parameters = Parameters::new(set, options.log_inv_rate).map_err(name)?;
    let header = Header {
        parameters,
        rows: core::array::from_fn(|i| liar.tables[i + 1].num_rows as u32),
    };
    let statement = Statement {
        program: &liar.program,
        public: &liar.public,
    };
    let public_cells = statement.public_cells();
    let num_instructions = liar.program.instructions().len();
    let sizes = Sizes::new(&header, num_instructions, public_cells.len()).map_err(name)?;

    let mut transcript = ProverTranscript::new(false);
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    let stack = stack_of(liar, &sizes, &parameters);
    let (tree, point) = commit(liar.deceit, &parameters, &sizes, &stack, &mut transcript);
    let leaf_claim = reduce(liar, &sizes, public_cells.len(), &mut transcript);
    let permutations = permute(liar, &sizes, &leaf_claim.point, &mut transcript);
    let columns = zerocheck::prove(
        &liar.program,
        &sizes.tables,
        &sizes.leaves,
        &liar.tables,
        &leaf_claim,
        &permutations,
        &mut transcript,
    );
    let rounds = parameters.schedule(sizes.stacking.log_cells);
    let opening = Opening::new(liar.deceit, stack, tree, &mut transcript);
    opening.prove(
        &sizes.stacking,
        &columns.point,
        public_cells.len(),
        &point,
        &rounds,
    );

    let (elements, _) = transcript.finish();
    let mut words = header.encode();
    words.extend(elements.iter().map(|element| element.value()));
    Ok(bytes_of(&words))
}

/// The fractional sum.
fn reduce(liar: &Liar, sizes: &Sizes, fp_0: usize, transcript: &mut ProverTranscript) -> LeafClaim {
    let (program, leaves, tables) = (&liar.program, &sizes.leaves, &liar.tables);
    let fp_0 = Felt::new(fp_0 as u64);
    match liar.deceit {
        Deceit::Root => false_sum(program, fp_0, leaves, tables, false, transcript),
        Deceit::Layers => false_sum(program, fp_0, leaves, tables, true, transcript),
        _ => lookup::prove(program, leaves, tables, transcript),
    }
}

/// The permutations.
fn permute(
    liar: &Liar,
    sizes: &Sizes,
    point: &[Ext],
    transcript: &mut ProverTranscript,
) -> PermutationClaims {
    match liar.deceit {
        Deceit::Outputs => {
            let tables = corrected(&liar.tables);
            poseidon::prove(&sizes.tables, &tables, point, transcript)
        }
        Deceit::Permutations => carried(&sizes.tables, &liar.tables, point, transcript),
        _ => poseidon::prove(&sizes.tables, &liar.tables, point, transcript),
    }
}

/// The stack of the tables, and what the prover writes behind them.
fn stack_of(liar: &Liar, sizes: &Sizes, parameters: &Parameters) -> Vec<Felt> {
    let columns: Vec<_> = sizes
        .tables
        .iter()
        .map(|present| liar.tables[present.table.index()].columns.clone())
        .collect();
    let stacking = &sizes.stacking;
    let mut stack = stacking.stack(&columns);
    if liar.deceit == Deceit::Tail {
        let fold = parameters.schedule(stacking.log_cells)[0].fold;
        let end = stacking.width(fold) << (stacking.log_cells - fold);
        assert!(end > stacking.cells, "oracle 0 has no cell behind the last");
        for (cell, value) in (1..).zip(&mut stack[stacking.cells..end]) {
            *value = Felt::new(cell);
        }
    }
    stack
}

/// Oracle 0 and its out-of-domain sample; returns its tree and the point.
fn commit(
    deceit: Deceit,
    parameters: &Parameters,
    sizes: &Sizes,
    stack: &[Felt],
    transcript: &mut ProverTranscript,
) -> (Tree, Vec<Ext>) {
    let log_cells = sizes.stacking.log_cells;
    let round = parameters.schedule(log_cells)[0];
    let mut committed = stack.to_vec();
    if deceit == Deceit::Oracle(Oracle::First) {
        committed[0] += Felt::ONE;
    }
    let polynomials: Vec<Vec<Felt>> = committed
        .chunks(1 << (log_cells - round.fold))
        .take(sizes.stacking.width(round.fold))
        .map(<[Felt]>::to_vec)
        .collect();
    let tree = Tree::new(code::encode(&polynomials, round.log_rows));
    transcript.send("commitment.root", &tree.root());
    let point = transcript.sample_point("commitment.ood_point", log_cells as usize);
    let mut answer = evaluate(&lift(stack), &point);
    if deceit == Deceit::Answer(Oracle::First) {
        answer += Ext::ONE;
    }
    transcript.send_extension("commitment.ood_answer", &[answer]);
    (tree, point)
}
