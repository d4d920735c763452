use std::collections::BTreeSet;

use super::*;
use crate::commitment::stacking::TableShape;
use crate::field::MODULUS;
use crate::multilinear::tests::sample_ext;
use crate::parameters::{ParameterSet, Round};
use crate::rejection::Rejection;
use crate::transcript::Event;

/// Random columns of two tables, committed and opened.
struct Case {
    parameters: Parameters,
    stacking: Stacking,
    public_cells: Vec<Felt>,
    point: Vec<Ext>,
    values: Vec<Vec<Ext>>,
    words: Vec<u32>,
    events: Vec<Event>,
}

impl Case {
    fn new(set: ParameterSet, log_inv_rate: u32, memory_rows: usize, add_rows: usize) -> Self {
        let parameters = Parameters::new(set, log_inv_rate).unwrap();
        let mut tables = vec![TableShape::new(TableId::Memory, memory_rows)];
        if add_rows > 0 {
            tables.push(TableShape::new(TableId::Add, add_rows));
        }
        let mut seed = 0;
        let mut columns = Vec::new();
        for shape in &tables {
            let mut table = Vec::new();
            for _ in 0..shape.columns {
                seed += 1;
                let column: Vec<Felt> = sample_ext(seed, shape.rows)
                    .iter()
                    .map(|x| x.coordinates()[0])
                    .collect();
                table.push(column);
            }
            columns.push(table);
        }
        // The first two chunks are public.
        let public_cells = (0..16).map(|i| columns[0][i % 8][i / 8]).collect();
        let num_variables = tables.iter().map(TableShape::log_height).max().unwrap() as usize;
        let point = sample_ext(1000, num_variables);
        let mut values = Vec::new();
        for (shape, table) in tables.iter().zip(&columns) {
            let local = &point[num_variables - shape.log_height() as usize..];
            values.push(table.iter().map(|c| evaluate(&lift(c), local)).collect());
        }
        let stacking = Stacking::new(&tables, set.min_stack());
        let mut case = Self {
            parameters,
            stacking,
            public_cells,
            point,
            values,
            words: Vec::new(),
            events: Vec::new(),
        };
        let mut transcript = ProverTranscript::new(true);
        let stacking = case.stacking.clone();
        let committed = commit(&parameters, stacking, &columns, &mut transcript);
        open(&parameters, committed, &case.claims(), &mut transcript);
        let (proof, events) = transcript.finish();
        case.words = proof.iter().map(|x| x.value()).collect();
        case.events = events;
        case
    }

    fn claims(&self) -> Claims<'_> {
        Claims {
            point: &self.point,
            column_values: &self.values,
            public_cells: &self.public_cells,
        }
    }

    fn verify(&self) -> Result<Vec<Event>, Error> {
        let mut transcript = VerifierTranscript::new(&self.words, true);
        let stacking = self.stacking.clone();
        let commitment = receive_commitment(&self.parameters, stacking, &mut transcript)?;
        verify_opening(
            &self.parameters,
            &commitment,
            &self.claims(),
            &mut transcript,
        )?;
        transcript.finish()
    }

    fn rejection(&self) -> Rejection {
        self.verify().expect_err("the case is false").rejection
    }
}

#[test]
fn random_columns_open_in_lockstep() {
    for (set, rate, memory_rows, add_rows) in [
        (ParameterSet::Tiny, 1, 8, 0),
        (ParameterSet::Tiny, 4, 40, 70),
        (ParameterSet::Tiny, 2, 32, 300),
        (ParameterSet::Small, 3, 100, 200),
    ] {
        let case = Case::new(set, rate, memory_rows, add_rows);
        assert_eq!(case.verify().unwrap(), case.events);
        let rounds = case.parameters.schedule(case.stacking.log_cells);
        assert!(rounds.len() > 1);
    }
}

#[test]
fn a_change_of_any_element_is_refused() {
    let mut case = Case::new(ParameterSet::Tiny, 1, 8, 3);
    let mut met = BTreeSet::new();
    for i in 0..case.words.len() {
        let word = case.words[i];
        case.words[i] = ((u64::from(word) + 1) % MODULUS) as u32;
        met.insert(case.rejection());
        case.words[i] = MODULUS as u32;
        let rejection = case.rejection();
        // A falsified nonce or root may change the number of the elements that are taken.
        assert_eq!(rejection, Rejection::ElementNotCanonical, "word {i}");
        case.words[i] = word;
    }
    let expected = [
        Rejection::Grinding,
        Rejection::MerklePath,
        Rejection::CommitmentClaim,
    ];
    assert!(met.is_superset(&BTreeSet::from(expected)), "{met:?}");
    while case.words.pop().is_some() {
        assert_eq!(case.rejection(), Rejection::ProofTruncated);
    }
}

#[test]
fn false_claims_are_refused() {
    let mut case = Case::new(ParameterSet::Tiny, 2, 40, 70);
    for table in 0..2 {
        for column in 0..case.values[table].len() {
            case.values[table][column] += Ext::ONE;
            assert_eq!(case.rejection(), Rejection::CommitmentClaim);
            case.values[table][column] += -Ext::ONE;
        }
    }
    for cell in 0..16 {
        case.public_cells[cell] += Felt::ONE;
        assert_eq!(case.rejection(), Rejection::CommitmentClaim);
        case.public_cells[cell] += -Felt::ONE;
    }
    for coordinate in 0..case.point.len() {
        case.point[coordinate] += Ext::ONE;
        assert_eq!(case.rejection(), Rejection::CommitmentClaim);
        case.point[coordinate] += -Ext::ONE;
    }
    case.words.push(0);
    assert_eq!(case.rejection(), Rejection::ProofLeftOver);
}

#[test]
fn a_row_that_is_not_of_the_code_is_refused() {
    // Oracle 0 is of another stack than the one that is opened.
    let case = Case::new(ParameterSet::Tiny, 1, 8, 3);
    let mut transcript = ProverTranscript::new(false);
    let columns: Vec<Vec<Vec<Felt>>> = case
        .stacking
        .tables
        .iter()
        .map(|shape| vec![vec![Felt::ONE; shape.rows]; shape.columns])
        .collect();
    let stacking = case.stacking.clone();
    let mut committed = commit(&case.parameters, stacking, &columns, &mut transcript);
    committed.stack[0] += Felt::ONE;
    open(&case.parameters, committed, &case.claims(), &mut transcript);
    let (proof, _) = transcript.finish();
    let falsified = Case {
        words: proof.iter().map(|x| x.value()).collect(),
        ..case
    };
    assert_eq!(falsified.rejection(), Rejection::CommitmentClaim);
}

/// A single round in which oracle 0 is of `committed` and the final polynomial of the ones.
fn single_round(committed: Felt) -> Result<(), Error> {
    let parameters = Parameters::new(ParameterSet::Tiny, 1).unwrap();
    let rounds = [Round {
        variables: 6,
        fold: 2,
        log_inv_rate: 1,
        log_rows: 5,
        fold_pow: 3,
        queries: 3,
        query_pow: 2,
    }];
    let stack = vec![Felt::ONE; 64];
    let mut columns = vec![vec![Felt::ONE; 16]; 4];
    columns[1][1] = committed;
    let tree = Tree::new(code::encode(&columns, 5));
    let root = tree.root();
    let point = sample_ext(1, 6);
    let claims = vec![(Functional::Equality(point), Ext::ONE)];
    let combine = sample_ext(2, 1)[0];
    let mut transcript = ProverTranscript::new(false);
    opening::Prover::new(&parameters, &stack, tree, combine, &claims)
        .prove(&rounds, &mut transcript);
    let (proof, _) = transcript.finish();
    let words: Vec<u32> = proof.iter().map(|x| x.value()).collect();
    let mut transcript = VerifierTranscript::new(&words, false);
    opening::Verifier::new(&parameters, root, 4, combine, claims)
        .verify(&rounds, &mut transcript)?;
    transcript.finish().map(|_| ())
}

#[test]
fn a_final_polynomial_that_is_not_the_oracle_is_refused() {
    single_round(Felt::ONE).unwrap();
    let error = single_round(Felt::new(2)).unwrap_err();
    assert_eq!(error.rejection, Rejection::CommitmentClaim);
}
