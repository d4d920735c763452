use super::*;
use crate::assembly::assemble;
use crate::multilinear::evaluate;
use crate::proof::Sizes;
use crate::verifier::tests::{ALL_INSTRUCTIONS, Example};

struct Case {
    example: Example,
    sizes: Sizes,
    trace: Vec<Table>,
}

impl Case {
    fn new() -> Self {
        let example = Example::of_all_instructions();
        let (sizes, trace) = example.sizes_and_trace();
        Self {
            example,
            sizes,
            trace,
        }
    }

    fn prove(&self) -> (Vec<u32>, LeafClaim) {
        let mut transcript = ProverTranscript::new(false);
        transcript.absorb("start", &[Felt::ONE]);
        let leaves = &self.sizes.leaves;
        let leaf_claim = prove(&self.example.program, leaves, &self.trace, &mut transcript);
        let (proof, _) = transcript.finish();
        (proof.iter().map(|x| x.value()).collect(), leaf_claim)
    }

    fn verify(&self, words: &[u32], fp_0: u32) -> Result<LeafClaim, Error> {
        let mut transcript = VerifierTranscript::new(words, false);
        transcript.absorb("start", &[Felt::ONE]);
        let halt_pc = self.example.program.halt_pc();
        verify(halt_pc, fp_0, &self.sizes.leaves, &mut transcript)
    }
}

#[test]
fn the_reduction_is_a_true_claim_on_the_leaves() {
    let case = Case::new();
    let (words, leaf_claim) = case.prove();
    assert_eq!(case.verify(&words, 8).unwrap(), leaf_claim);
    let layer = leaf_layer(
        &case.example.program,
        &case.sizes.leaves,
        &case.trace,
        &leaf_claim.fingerprint,
    );
    let point = &leaf_claim.point;
    assert_eq!(leaf_claim.numerator, evaluate(&layer.numerators, point));
    assert_eq!(leaf_claim.denominator, evaluate(&layer.denominators, point));
}

#[test]
fn a_trace_that_does_not_balance_is_refused() {
    let mut case = Case::new();
    let (words, _) = case.prove();
    // Another first frame, another value of a cell, another multiplicity.
    let error = case.verify(&words, 9).unwrap_err();
    assert_eq!(error.rejection, Rejection::LookupRoot);
    for (table, column) in [
        (TableId::Memory, 1),
        (TableId::Bytecode, 0),
        (TableId::Add, 3),
    ] {
        let original = case.trace.clone();
        case.trace[table.index()].columns[column][0] += Felt::ONE;
        let error = case.verify(&case.prove().0, 8).unwrap_err();
        assert_eq!(error.rejection, Rejection::LookupRoot);
        case.trace = original;
    }
}

/// A prover may count a half as it likes, name an address between two halves, or write another
/// result: no HALF tuple of the memory is the one sent.
#[test]
fn false_halves_are_refused() {
    let honest = Case::new();
    let (memory, halves) = (TableId::Memory, TableId::Poseidon16Halves);
    let refused = |case: &Case| {
        let outcome = case.verify(&case.prove().0, 8).map_err(|e| e.rejection);
        assert_eq!(outcome.map(|_| ()), Err(Rejection::LookupRoot));
    };
    for (table, column, row) in [
        (memory, 17, 0),
        (memory, 18, 0),
        (memory, 18, 5),
        (halves, 18, 0),
        (halves, 19, 0),
        (halves, 26, 0),
        (halves, 34, 0),
        (halves, 55, 0),
        (halves, 58, 0),
    ] {
        let mut case = Case::new();
        case.trace[table.index()].columns[column][row] += Felt::ONE;
        refused(&case);
    }
    // Program and row agree on the address, the row has the four cells there.
    for address in 1..4 {
        let operand = format!("poseidon16_halves {address},");
        let source = ALL_INSTRUCTIONS.replace("poseidon16_halves 0,", &operand);
        let mut case = Case::new();
        case.example.program = assemble(&source).unwrap();
        let cells = case.example.execution.memory[address..address + 4].to_vec();
        let columns = &mut case.trace[halves.index()].columns;
        assert_eq!(columns[2][0], Felt::ZERO);
        columns[2][0] = Felt::new(address as u64);
        for (column, cell) in columns[19..23].iter_mut().zip(cells) {
            column[0] = cell;
        }
        refused(&case);
    }
    assert!(honest.verify(&honest.prove().0, 8).is_ok());
}

#[test]
fn a_change_of_the_root_or_of_a_layer_is_refused() {
    let case = Case::new();
    let (words, leaf_claim) = case.prove();
    let mut layers = 0;
    for i in 0..words.len() {
        let mut changed = words.clone();
        changed[i] = Felt::new(u64::from(words[i]) + 1).value();
        match case.verify(&changed, 8) {
            Ok(other) => panic!("word {i}: {}", other == leaf_claim),
            Err(error) if i < 20 => assert_eq!(error.rejection, Rejection::LookupRoot),
            Err(error) => {
                layers += 1;
                assert_eq!(error.rejection, Rejection::LookupLayer);
            }
        }
    }
    assert!(layers > 0);
}

#[test]
fn a_zero_denominator_is_refused() {
    let case = Case::new();
    let (mut words, _) = case.prove();
    words[..20].fill(0);
    let error = case.verify(&words, 8).unwrap_err();
    assert_eq!(error.rejection, Rejection::LookupRoot);
}

#[test]
fn blocks_are_aligned_and_by_falling_height() {
    let leaves = Case::new().sizes.leaves;
    assert_eq!(leaves.blocks.len(), TableId::ALL.len());
    let mut next = 0;
    for block in &leaves.blocks {
        assert_eq!(block.first, next);
        assert_eq!(block.first % (1 << block.log_height), 0);
        next += block.table.num_interactions() << block.log_height;
    }
    assert_eq!(leaves.blocks[0].table, TableId::Bytecode);
    assert_eq!(leaves.blocks[1].table, TableId::Memory);
    assert!(
        leaves
            .blocks
            .is_sorted_by_key(|b| (u32::MAX - b.log_height, b.table))
    );
    assert_eq!(leaves.log_leaves, log2_ceil(next));
}
