//! SPEC §14 poseidon: prover against verifier on tables of all heights.

use p3_field::PrimeCharacteristicRing;

use super::*;
use crate::assembly::assemble;
use crate::field::{F, from_coordinates, to_canonical};
use crate::instructions::permuted;
use crate::lookup::leaves::{TableView, program_columns};
use crate::multilinear::evaluate_vector;
use crate::rejection::{Error, Rejection};
use crate::tables::{Table, TableId, Trace, log_height};
use crate::transcript::{ProverTranscript, VerifierTranscript};

fn element(seed: usize) -> EF {
    from_coordinates(std::array::from_fn(|k| {
        F::from_usize(seed * 977 + 31 * k + 1).exp_const_u64::<5>()
    }))
}

fn point(length: usize) -> Vec<EF> {
    (0..length).map(element).collect()
}

/// Hash tables of these numbers of rows; the columns that section 14 does not speak of are 7.
fn trace(rows: [usize; 7]) -> Trace {
    let tables = TableId::ALL.map(|id| {
        let Some(hash) = id.hash().filter(|hash| rows[hash.number] > 0) else {
            return Table::default();
        };
        let rows = rows[hash.number];
        let mut columns = vec![vec![F::from_u32(7); rows]; id.num_columns()];
        for column in hash.input_range() {
            let cell = |row: usize| F::from_usize(91 * row + column).exp_const_u64::<5>();
            columns[column] = (0..rows).map(cell).collect();
        }
        let mut parts: Vec<&mut [F]> = columns.iter_mut().map(Vec::as_mut_slice).collect();
        permuted::fill(&hash, &mut parts);
        Table { rows, columns }
    });
    Trace { tables }
}

const COORDINATES: usize = 14;

fn prove_trace(trace: &Trace, tuning: &Tuning) -> (PermutationClaims, Vec<u32>) {
    let program = program_columns(&assemble("halt").unwrap());
    let views = TableView::of(trace, &program);
    let mut transcript = ProverTranscript::new(false);
    let claims = prove(&views, &point(COORDINATES), tuning, &mut transcript);
    let (proof, _) = transcript.finish();
    (claims, proof.into_iter().map(to_canonical).collect())
}

fn verify_trace(trace: &Trace, proof: &[u32]) -> Result<PermutationClaims, Error> {
    let rows = TableId::ALL.map(|id| trace.table(id).rows);
    let mut transcript = VerifierTranscript::new(proof, false);
    let claims = verify(&rows, &point(COORDINATES), &mut transcript)?;
    transcript.finish()?;
    Ok(claims)
}

#[test]
fn claims_are_the_values_of_the_columns() {
    for rows in [
        [1, 0, 0, 0, 0, 0, 0],
        [0, 9, 0, 3, 0, 0, 0],
        [8, 1, 170, 20, 5, 9, 2],
        [0, 64, 0, 65, 0, 0, 0],
        [0, 0, 33, 0, 0, 0, 0],
        [0, 0, 0, 700, 130, 0, 0],
        [0, 0, 0, 0, 110, 32, 21],
        [0; 7],
    ] {
        let trace = trace(rows);
        let (claims, proof) = prove_trace(&trace, &Tuning::default());
        assert_eq!(
            prove_trace(&trace, &Tuning::smallest()),
            (claims.clone(), proof.clone())
        );
        assert_eq!(verify_trace(&trace, &proof), Ok(claims.clone()), "{rows:?}");
        assert_eq!(
            claims.tables.len(),
            rows.iter().filter(|rows| **rows > 0).count()
        );
        for of_table in &claims.tables {
            let table = trace.table(of_table.table);
            let hash = of_table.table.hash().unwrap();
            let height = log_height(table.rows);
            let lift = |column: usize| -> Vec<EF> {
                let mut values: Vec<EF> =
                    table.columns[column].iter().map(|x| EF::from(*x)).collect();
                values.resize(1 << height, EF::ZERO);
                values
            };
            let at = |at: &SkipPoint, columns: std::ops::Range<usize>| -> Vec<EF> {
                let weights = kernel(at, height, &Tuning::default()).to_scalars();
                let value = |column| {
                    lift(column)
                        .iter()
                        .zip(&weights)
                        .map(|(x, w)| *x * *w)
                        .sum()
                };
                columns.map(value).collect()
            };
            assert_eq!(of_table.s, at(&claims.s_point, hash.s_range()));
            assert_eq!(of_table.inputs, at(&claims.input_point, hash.input_range()));
            let own = &point(COORDINATES)[COORDINATES - height..];
            let y: Vec<EF> = hash
                .y_range()
                .map(|k| evaluate_vector(&lift(k), own))
                .collect();
            assert_eq!(of_table.y, y);
        }
    }
}

#[test]
fn each_changed_word_is_rejected() {
    let trace = trace([0, 9, 0, 3, 0, 0, 1]);
    let (_, proof) = prove_trace(&trace, &Tuning::default());
    for i in 0..proof.len() {
        let mut changed = proof.clone();
        changed[i] ^= 1;
        let rejection = verify_trace(&trace, &changed).unwrap_err().rejection;
        assert_eq!(rejection, Rejection::PoseidonLayer, "word {i}");
        let rejection = verify_trace(&trace, &proof[..i]).unwrap_err().rejection;
        assert_eq!(rejection, Rejection::ProofTruncated);
    }
}

#[test]
fn each_changed_cell_is_rejected() {
    let honest = trace([1, 9, 3, 3, 2, 1, 4]);
    for id in TableId::ALL {
        let Some(hash) = id.hash() else {
            continue;
        };
        for column in (hash.first..hash.y_range().end).step_by(3) {
            let mut trace = honest.clone();
            trace.tables[id.index()].columns[column][0] += F::ONE;
            let (_, proof) = prove_trace(&trace, &Tuning::default());
            let rejection = verify_trace(&trace, &proof).unwrap_err().rejection;
            assert_eq!(
                rejection,
                Rejection::PoseidonLayer,
                "{} column {column}",
                id.name()
            );
        }
    }
}

#[test]
fn points_have_the_extensions_of_their_tables() {
    let at = SkipPoint {
        y: point(5),
        z: element(99),
    };
    for height in 3..8 {
        let weights = kernel(&at, height, &Tuning::default()).to_scalars();
        let other: Vec<EF> = (0..height).map(|i| element(50 + i)).collect();
        assert_eq!(at.kernel_at(&other), evaluate_vector(&weights, &other));
        for rows in (1_usize << height) / 2 + 1..=1 << height {
            assert_eq!(at.activity(rows), weights[..rows].iter().copied().sum());
        }
    }
}
