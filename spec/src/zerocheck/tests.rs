use std::collections::BTreeSet;

use super::*;
use crate::field::DEGREE;
use crate::multilinear::evaluate;
use crate::proof::Sizes;
use crate::verifier::tests::Example;
use crate::{lookup, poseidon};

struct Case {
    example: Example,
    sizes: Sizes,
    trace: Vec<Table>,
    leaf_claim: LeafClaim,
    permutations: PermutationClaims,
}

impl Case {
    /// The example, with a cell of its trace falsified before the lookup and the permutations.
    fn new(falsify: Option<(TableId, usize, usize)>) -> Self {
        Self::with(|trace| {
            if let Some((table, column, row)) = falsify {
                trace[table.index()].columns[column][row] += Felt::ONE;
            }
        })
    }

    /// The example, with its trace changed before the lookup and the permutations.
    fn with(change: impl FnOnce(&mut [Table])) -> Self {
        let example = Example::of_all_instructions();
        let (sizes, mut trace) = example.sizes_and_trace();
        change(&mut trace);
        let mut transcript = ProverTranscript::new(false);
        transcript.absorb("start", &[Felt::ONE]);
        let leaves = &sizes.leaves;
        let leaf_claim = lookup::prove(&example.program, leaves, &trace, &mut transcript);
        let point = &leaf_claim.point;
        let permutations = poseidon::prove(&sizes.tables, &trace, point, &mut transcript);
        Self {
            example,
            sizes,
            trace,
            leaf_claim,
            permutations,
        }
    }

    fn prove(&self) -> (Vec<u32>, ColumnClaims) {
        let mut transcript = ProverTranscript::new(false);
        transcript.absorb("start", &[Felt::ONE]);
        let values = prove(
            &self.example.program,
            &self.sizes.tables,
            &self.sizes.leaves,
            &self.trace,
            &self.leaf_claim,
            &self.permutations,
            &mut transcript,
        );
        let (proof, _) = transcript.finish();
        (proof.iter().map(|x| x.value()).collect(), values)
    }

    fn verify(&self, words: &[u32]) -> Result<ColumnClaims, Error> {
        let mut transcript = VerifierTranscript::new(words, false);
        transcript.absorb("start", &[Felt::ONE]);
        verify(
            &self.example.program,
            &self.sizes.tables,
            &self.sizes.leaves,
            &self.leaf_claim,
            &self.permutations,
            &mut transcript,
        )
    }
}

#[test]
fn the_degree_of_a_round_is_that_of_the_greatest_table() {
    let degrees = TableId::ALL.into_iter().map(TableId::degree);
    assert_eq!(degrees.max().map(|degree| 2 + degree), Some(ROUND_DEGREE));
}

#[test]
fn the_values_are_those_of_the_columns() {
    let case = Case::new(None);
    let (words, values) = case.prove();
    assert_eq!(case.verify(&words).unwrap(), values);
    assert_eq!(values.values.len(), TableId::ALL.len());
    for (shape, columns) in case.sizes.tables.iter().zip(&values.values) {
        let point = &values.point[values.point.len() - shape.log_height() as usize..];
        for (column, &value) in case.trace[shape.table.index()].columns.iter().zip(columns) {
            assert_eq!(value, evaluate(&lift(column), point));
        }
    }
}

#[test]
fn a_violated_constraint_is_refused() {
    // For each instruction a column that a constraint binds; the lookup is of the same falsified
    // trace.
    for falsify in [
        (TableId::Add, 13, 0),
        (TableId::Mul, 13, 0),
        (TableId::Deref, 3, 0),
        (TableId::Jump, 3, 0),
        (TableId::Poseidon16, 15, 0),
        (TableId::Poseidon24, 19, 0),
        (TableId::DotProduct, 15, 1),
        (TableId::DotTerm, 4, 2),
        (TableId::Eq, 15, 1),
        (TableId::EqTerm, 4, 2),
    ] {
        let case = Case::new(Some(falsify));
        let (words, _) = case.prove();
        let rejection = case.verify(&words).map(|_| ()).map_err(|e| e.rejection);
        assert_eq!(rejection, Err(Rejection::Constraint), "{falsify:?}");
    }
}

#[test]
fn every_change_of_the_proof_or_of_the_claim_is_refused() {
    let mut case = Case::new(None);
    let (words, honest) = case.prove();
    let num_rounds = honest.point.len();
    let mut free = BTreeSet::new();
    for i in 0..words.len() {
        let mut changed = words.clone();
        changed[i] = Felt::new(u64::from(words[i]) + 1).value();
        match case.verify(&changed) {
            // Only the commitment binds a column that no constraint and no interaction of these
            // rows depends on.
            Ok(values) => {
                assert_ne!(values.values, honest.values);
                free.insert((i - num_rounds * ROUND_DEGREE * DEGREE) / DEGREE);
            }
            Err(error) => assert_eq!(error.rejection, Rejection::Constraint),
        }
    }
    // The last four columns of the tables that have no row with the flag `half`.
    let mut expected = BTreeSet::new();
    let mut end = 0;
    for shape in &case.sizes.tables {
        end += shape.columns;
        if matches!(shape.table, TableId::Poseidon8 | TableId::Poseidon24) {
            expected.extend(end - 4..end);
        }
    }
    assert_eq!(free, expected);
    case.leaf_claim.numerator += Ext::ONE;
    let error = case.verify(&words).unwrap_err();
    assert_eq!(error.rejection, Rejection::Constraint);
    case.leaf_claim.numerator += -Ext::ONE;
    case.leaf_claim.denominator += Ext::ONE;
    let error = case.verify(&words).unwrap_err();
    assert_eq!(error.rejection, Rejection::Constraint);
}

#[test]
fn each_claim_of_the_permutations_is_refused_if_it_is_false() {
    let mut case = Case::new(None);
    let (words, _) = case.prove();
    for table in 0..case.permutations.tables.len() {
        let claims = case.permutations.tables[table].clone();
        for list in 0..3 {
            for i in 0..[&claims.y, &claims.s, &claims.input][list].len() {
                let changed = &mut case.permutations.tables[table];
                [&mut changed.y, &mut changed.s, &mut changed.input][list][i] += Ext::ONE;
                let error = case.verify(&words).unwrap_err();
                assert_eq!(error.rejection, Rejection::Constraint, "{table} {list} {i}");
                case.permutations.tables[table] = claims.clone();
            }
        }
    }
    for point in 0..2 {
        let mut changed = case.permutations.clone();
        [&mut changed.s_point, &mut changed.input_point][point].z += Ext::ONE;
        std::mem::swap(&mut changed, &mut case.permutations);
        let error = case.verify(&words).unwrap_err();
        assert_eq!(error.rejection, Rejection::Constraint, "point {point}");
        std::mem::swap(&mut changed, &mut case.permutations);
    }
    assert!(case.verify(&words).is_ok());
}

#[test]
fn the_program_is_extended_by_zero_rows() {
    let case = Case::new(None);
    let point = crate::multilinear::tests::sample_ext(3, 5);
    let fields = program_at(&case.example.program, &point);
    for (i, &field) in fields.iter().enumerate() {
        let column: Vec<Felt> = (0..32)
            .map(|row| program_row(&case.example.program, row)[i])
            .collect();
        assert_eq!(field, evaluate(&lift(&column), &point));
    }
    assert!(case.example.program.instructions().len() < 32);
}

/// A violated constraint whose sum is added to the claim on the numerators or the denominators,
/// both of which a prover chooses in the fractional sum: each constraint has a weight of its own,
/// so neither hides it.
#[test]
fn a_violation_is_not_hidden_in_the_claims_of_the_leaves() {
    let mut row = None;
    let mut case = Case::with(|trace| {
        // A row of ADD with a constant left operand gets mem_0 = 2 and cell_0 = k_0, so that its
        // value is still k_0: only mem_0·(mem_0 − 1) is not zero, but 2.
        let table = &mut trace[TableId::Add.index()];
        let columns = &mut table.columns;
        row = (0..table.num_rows)
            .find(|&row| columns[3][row] == Felt::ZERO && columns[4][row] == Felt::ZERO);
        let row = row.expect("a row with a constant left operand");
        columns[3][row] = Felt::new(2);
        columns[5][row] = columns[2][row];
    });
    let (words, _) = case.prove();
    let shape = case.sizes.tables.iter().find(|s| s.table == TableId::Add);
    let height = shape.expect("additions").log_height() as usize;
    let point = &case.leaf_claim.point[case.leaf_claim.point.len() - height..];
    let violation = crate::multilinear::eq_table(point)[row.unwrap_or(0)] * Felt::new(2);
    let honest = (case.leaf_claim.numerator, case.leaf_claim.denominator);
    for (numerator, denominator) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        case.leaf_claim.numerator = honest.0 + violation * Felt::new(numerator);
        case.leaf_claim.denominator = honest.1 + violation * Felt::new(denominator);
        let error = case.verify(&words).unwrap_err();
        assert_eq!(error.rejection, Rejection::Constraint);
    }
}
