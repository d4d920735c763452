//! Commit, open and verify; tampering; independence of threads and tuning.

use p3_field::PrimeCharacteristicRing;

use super::{Claims, Stacking, TableShape, commit, open, receive_commitment, verify_opening};
use crate::field::{EF, F, MODULUS, to_canonical};
use crate::multilinear::evaluate_base;
use crate::multilinear::tests::Generator;
use crate::parameters::{ParameterSet, Parameters};
use crate::rejection::{Error, Rejection};
use crate::tables::TableId;
use crate::transcript::{Event, ProverTranscript, VerifierTranscript};
use crate::tuning::Tuning;

struct Case {
    parameters: Parameters,
    stacking: Stacking,
    columns: Vec<Vec<Vec<F>>>,
    rho: Vec<EF>,
    values: Vec<Vec<EF>>,
    public: Vec<F>,
}

fn case(set: ParameterSet, rate: u32, shapes: &[(usize, usize, usize)], chunks: usize) -> Case {
    let mut random = Generator(shapes.len() as u64 + 100 * u64::from(rate));
    let parameters = Parameters::new(set, rate).unwrap();
    let shapes: Vec<TableShape> = shapes
        .iter()
        .map(|&(table, rows, columns)| TableShape {
            table: TableId::ALL[table],
            rows,
            columns,
        })
        .collect();
    let stacking = Stacking::new(&parameters, &shapes).unwrap();
    let columns: Vec<Vec<Vec<F>>> = shapes
        .iter()
        .map(|s| (0..s.columns).map(|_| random.bases(s.rows)).collect())
        .collect();
    let height = shapes.iter().map(TableShape::log_height).max().unwrap();
    let rho = random.extensions(height);
    let mut values = Vec::new();
    for (shape, columns) in shapes.iter().zip(&columns) {
        let mut of_table = Vec::new();
        for column in columns {
            let mut column = column.clone();
            column.resize(1 << shape.log_height(), F::ZERO);
            let point = &rho[height - shape.log_height()..];
            of_table.push(evaluate_base(&column, point, &Tuning::default()));
        }
        values.push(of_table);
    }
    let memory = shapes
        .iter()
        .position(|s| s.table == TableId::Memory)
        .unwrap();
    let public = (0..chunks)
        .flat_map(|i| (0..8).map(move |j| (i, j)))
        .map(|(i, j)| columns[memory][j][i])
        .collect();
    Case {
        parameters,
        stacking,
        columns,
        rho,
        values,
        public,
    }
}

impl Case {
    fn prove(&self, tuning: &Tuning) -> (Vec<u32>, Vec<Event>) {
        let mut transcript = ProverTranscript::with_tuning(true, *tuning);
        let columns: Vec<&[Vec<F>]> = self.columns.iter().map(Vec::as_slice).collect();
        let committed = commit(
            &self.parameters,
            &self.stacking,
            &columns,
            &mut transcript,
            tuning,
        );
        let log_chunks = (self.public.len() / 8).ilog2() as usize;
        open(committed, &self.rho, log_chunks, &mut transcript, tuning);
        let (proof, events) = transcript.finish();
        (proof.into_iter().map(to_canonical).collect(), events)
    }

    fn verify(&self, proof: &[u32]) -> Result<Vec<Event>, Error> {
        let mut transcript = VerifierTranscript::new(proof, true);
        let commitment = receive_commitment(&self.parameters, &self.stacking, &mut transcript)?;
        let claims = Claims {
            point: &self.rho,
            column_values: &self.values,
            public_cells: &self.public,
        };
        verify_opening(
            &self.parameters,
            &self.stacking,
            &commitment,
            &claims,
            &mut transcript,
        )?;
        transcript.finish()
    }

    /// The code of the rejection of a proof.
    fn rejection(&self, proof: &[u32]) -> Option<Rejection> {
        self.verify(proof).err().map(|error| error.rejection)
    }
}

fn cases() -> Vec<Case> {
    let tables: &[(usize, usize, usize)] = &[(0, 9, 1), (1, 32, 17), (2, 1, 14), (12, 21, 20)];
    let bigger: &[(usize, usize, usize)] = &[
        (0, 300, 1),
        (1, 128, 17),
        (3, 70, 14),
        (6, 8, 108),
        (12, 43, 20),
    ];
    let memory: &[(usize, usize, usize)] = &[(1, 1024, 17), (2, 2000, 14)];
    let skewed: &[(usize, usize, usize)] = &[(0, 7, 1), (1, 8192, 17), (9, 1111, 21)];
    vec![
        case(ParameterSet::Tiny, 1, tables, 1),
        case(ParameterSet::Tiny, 4, bigger, 32),
        case(ParameterSet::Tiny, 2, memory, 1024),
        case(ParameterSet::Small, 1, bigger, 2),
        case(ParameterSet::Small, 2, memory, 16),
        case(ParameterSet::Small, 3, skewed, 4096),
        case(ParameterSet::Production, 3, skewed, 8192),
        case(ParameterSet::Production, 1, bigger, 4),
    ]
}

#[test]
fn round_trips() {
    for case in cases() {
        let (proof, events) = case.prove(&Tuning::default());
        assert_eq!(case.verify(&proof), Ok(events));
        assert_eq!(
            case.prove(&Tuning::smallest()).0,
            proof,
            "the proof does not depend on the tuning"
        );
    }
}

#[test]
fn threads_do_not_matter() {
    for case in cases().into_iter().step_by(3).take(2) {
        for tuning in [Tuning::default(), Tuning::smallest()] {
            let expected = case.prove(&tuning);
            for threads in [1, 2, 3, 7] {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                assert_eq!(pool.install(|| case.prove(&tuning)), expected);
            }
        }
    }
}

#[test]
fn every_tampered_element_is_rejected() {
    let mut seen = std::collections::BTreeSet::new();
    for (case, count) in cases().iter().zip([1500, 300, 30, 200, 50, 20, 10, 10]) {
        let (proof, _) = case.prove(&Tuning::default());
        let step = proof.len().div_ceil(count);
        for position in (0..proof.len()).step_by(step) {
            let mut bad = proof.clone();
            bad[position] = (bad[position] + 1) % MODULUS;
            let rejection = case.rejection(&bad);
            assert!(rejection.is_some(), "element {position}");
            seen.extend(rejection);
            bad[position] = MODULUS;
            assert_eq!(case.rejection(&bad), Some(Rejection::ElementNotCanonical));
            assert_eq!(
                case.rejection(&proof[..position]),
                Some(Rejection::ProofTruncated)
            );
        }
        let longer = [proof.as_slice(), &[0]].concat();
        assert_eq!(case.rejection(&longer), Some(Rejection::ProofLeftOver));
    }
    for rejection in [Rejection::Grinding, Rejection::MerklePath] {
        assert!(seen.contains(&rejection), "{rejection:?}");
    }
}

#[test]
fn false_claims_are_rejected() {
    for mut case in cases().into_iter().take(5) {
        let (proof, _) = case.prove(&Tuning::default());
        let tables = case.values.iter().map(Vec::len).enumerate();
        let places: Vec<_> = tables
            .flat_map(|(t, n)| (0..n).map(move |k| (t, k)))
            .collect();
        for (t, k) in places {
            case.values[t][k] += EF::ONE;
            assert_eq!(case.rejection(&proof), Some(Rejection::CommitmentClaim));
            case.values[t][k] -= EF::ONE;
        }
        for i in 0..case.public.len().min(40) {
            case.public[i] += F::ONE;
            assert_eq!(case.rejection(&proof), Some(Rejection::CommitmentClaim));
            case.public[i] -= F::ONE;
        }
        assert_eq!(case.rejection(&proof), None);
    }
}
