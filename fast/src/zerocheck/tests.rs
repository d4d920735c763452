//! SPEC §13 lookup, §14 poseidon, §15 zerocheck on real traces, without the commitment.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;

use super::ColumnClaims;
use crate::assembly::assemble;
use crate::commitment::TableShape;
use crate::execution::{Input, Limits, execute};
use crate::field::{EF, F, to_canonical};
use crate::isa::Program;
use crate::lookup::leaves::{self, TableView, program_columns};
use crate::lookup::{Boundary, Fingerprint, LeafLayout};
use crate::multilinear::scaled_eq_table;
use crate::parameters::{ParameterSet, Parameters};
use crate::poseidon::PermutationClaims;
use crate::rejection::{Error, Rejection};
use crate::tables::tests::LINKED;
use crate::tables::{HashColumns, TableId, Trace, log_height};
use crate::transcript::{ProverTranscript, VerifierTranscript};
use crate::tuning::Tuning;

struct Case {
    program: Program,
    fp_0: u32,
    trace: Trace,
}

/// Each table at least once, and heights from 8 to more than a chunk.
fn cases() -> Vec<Case> {
    let mut long = String::from(".frame 700\nadd 1, 0, m[fp]\n");
    for i in 0..600 {
        long += &format!("add m[fp+{i}], {i}, m[fp+{}]\n", i + 1);
    }
    let texts = [
        "halt".to_string(),
        ".frame 8\nadd m[fp-8], 5, m[fp]\nmul m[fp], fp+3, m[fp+1]\nmul m[fp+2], 3, 12\nhalt".to_string(),
        "jump 0, 0, m[fp]\njump 1, to, fp+1\nadd 0, 0, 1\nto: jump 1, end, 8\nend: halt".to_string(),
        "poseidon8 0, 8\nposeidon16 0, 0, 16\nposeidon24 0, 8, 8, 24, permute\nposeidon8 0, 48, half\nposeidon16_halves 0, 4, 8, 60\nhalt".to_string(),
        LINKED.to_string(),
        "dot_be 0, 0, fp, 42\neq_ee 7, 0, fp+15, 38\nderef m[fp-512], 4, 2\nhalt".to_string(),
        long + "add m[fp+600], 0, m[fp+601]\nhalt",
    ];
    texts
        .iter()
        .map(|text| case(text, if text.contains("dot") { 300 } else { 3 }))
        .collect()
}

fn case(text: &str, public: usize) -> Case {
    forged(text, public, None)
}

/// The trace of an execution in which the final value of one cell is another: all columns agree
/// with that memory.
fn forged(text: &str, public: usize, cell: Option<usize>) -> Case {
    let program = assemble(text).unwrap();
    let input = Input {
        public: vec![F::TWO; public],
        private: BTreeMap::new(),
    };
    let mut execution = execute(&program, &input, &Limits::default()).unwrap();
    execution.extend_memory(&Parameters::new(ParameterSet::Tiny, 1).unwrap());
    if let Some(cell) = cell {
        execution.memory[cell] += F::ONE;
    }
    let trace = Trace::generate(&program, &execution);
    Case {
        program,
        fp_0: execution.fp_0,
        trace,
    }
}

fn layout(case: &Case) -> LeafLayout {
    let present: Vec<_> = TableId::ALL
        .into_iter()
        .map(|id| (id, case.trace.table(id).rows))
        .filter(|(_, rows)| *rows > 0)
        .map(|(table, rows)| TableShape {
            table,
            rows,
            columns: table.num_columns(),
        })
        .collect();
    LeafLayout::new(&present).unwrap()
}

fn prove(case: &Case, tuning: &Tuning) -> (ColumnClaims, Vec<u32>) {
    let mut transcript = ProverTranscript::new(false);
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", 4);
    let fingerprint = Fingerprint::new(alpha, theta.try_into().unwrap());
    let columns = program_columns(&case.program);
    let views = TableView::of(&case.trace, &columns);
    let layout = layout(case);
    let leaves = leaves::build(&views, &layout, &fingerprint, tuning);
    let claim = crate::lookup::prove(&leaves, tuning, &mut transcript);
    let permutations = crate::poseidon::prove(&views, &claim.point, tuning, &mut transcript);
    let claims = super::prove(
        &views,
        &layout,
        &fingerprint,
        &claim,
        &permutations,
        tuning,
        &mut transcript,
    );
    let proof = transcript.finish().0;
    (claims, proof.into_iter().map(to_canonical).collect())
}

fn verify(case: &Case, proof: &[u32]) -> Result<ColumnClaims, Error> {
    let mut transcript = VerifierTranscript::new(proof, false);
    let fingerprint = crate::lookup::fingerprint(&mut transcript)?;
    let fp_0 = F::from_u32(case.fp_0);
    let boundary = Boundary {
        start: fingerprint.state(F::ZERO, fp_0),
        end: fingerprint.state(F::from_u32(case.program.halt_pc()), fp_0),
    };
    let layout = layout(case);
    let claim = crate::lookup::verify(layout.log_leaves, &boundary, &mut transcript)?;
    let rows = TableId::ALL.map(|id| case.trace.table(id).rows);
    let permutations = crate::poseidon::verify(&rows, &claim.point, &mut transcript)?;
    let claims = super::verify(
        &case.program,
        &rows,
        &layout,
        &fingerprint,
        &claim,
        &permutations,
        &mut transcript,
    )?;
    transcript.finish()?;
    Ok(claims)
}

#[test]
fn honest_traces() {
    let mut met = [false; TableId::COUNT];
    for case in cases() {
        let (claims, proof) = prove(&case, &Tuning::default());
        assert_eq!(
            prove(&case, &Tuning::smallest()),
            (claims.clone(), proof.clone())
        );
        assert_eq!(verify(&case, &proof), Ok(claims.clone()));
        let present = TableId::ALL
            .into_iter()
            .filter(|id| case.trace.table(*id).rows > 0);
        for (id, values) in present.zip(claims.values) {
            met[id.index()] = true;
            let table = case.trace.table(id);
            let own = &claims.point[claims.point.len() - log_height(table.rows)..];
            let weights = scaled_eq_table(own, EF::ONE, &Tuning::default());
            let expected: Vec<EF> = table
                .columns
                .iter()
                .map(|column| column.iter().zip(&weights).map(|(x, w)| *w * *x).sum())
                .collect();
            assert_eq!(values, expected, "{}", id.name());
        }
    }
    assert_eq!(met, [true; TableId::COUNT]);
}

#[test]
fn each_changed_word_is_rejected() {
    let case = case("mul 2, 3, 6\nhalt", 3);
    let (_, proof) = prove(&case, &Tuning::default());
    let mut codes = BTreeMap::new();
    for i in 0..proof.len() {
        let mut changed = proof.clone();
        changed[i] ^= 1;
        let rejection = verify(&case, &changed).unwrap_err().rejection;
        *codes.entry(rejection).or_insert(0) += 1;
        assert_eq!(
            verify(&case, &proof[..i]).unwrap_err().rejection,
            Rejection::ProofTruncated
        );
    }
    let layers = layout(&case).log_leaves - 1;
    // A change of the root that keeps the sum, as when one half is 0, is met in the first layer.
    let lookup = 20 + 20 * layers + 5 * layers * (layers + 1);
    let (root, layer) = (
        codes[&Rejection::LookupRoot],
        codes[&Rejection::LookupLayer],
    );
    assert!(root >= 10);
    assert_eq!(root + layer, lookup);
    assert_eq!(codes[&Rejection::Constraint], proof.len() - lookup);
}

/// Whether nothing in the first row binds the column: a cell that nobody reads, the upper half of a
/// chunk that is not halved.
fn is_free(case: &Case, id: TableId, column: usize) -> bool {
    let columns = &case.trace.table(id).columns;
    let operands = match id {
        TableId::Memory => {
            return column < 8
                && columns[8 + column][0] == F::ZERO
                && columns[16][0] == F::ZERO
                && columns[17 + column / 4][0] == F::ZERO;
        }
        TableId::Poseidon8 => 2,
        TableId::Poseidon16 => 3,
        TableId::Poseidon24 => 4,
        _ => return false,
    };
    let half = 2 + 4 * operands;
    column >= columns.len() - 4 && columns[half][0] == F::ZERO
}

/// Every other column is bound by a constraint or a bus: a change of its first cell is found.
#[test]
fn each_changed_column_is_rejected() {
    let mut changed = 0;
    for mut case in cases().into_iter().take(5) {
        for id in TableId::ALL {
            for column in 0..case.trace.table(id).columns.len() {
                let free = is_free(&case, id, column);
                case.trace.tables[id.index()].columns[column][0] += F::ONE;
                let (_, proof) = prove(&case, &Tuning::default());
                let rejection = verify(&case, &proof).map_err(|e| e.rejection);
                assert!(
                    match rejection {
                        Ok(_) => free,
                        Err(code) => {
                            let computed = |hash: HashColumns| {
                                (hash.s_range().start..hash.y_range().end).contains(&column)
                            };
                            !free
                                && match code {
                                    Rejection::LookupRoot | Rejection::Constraint => true,
                                    Rejection::PoseidonLayer => id.hash().is_some_and(computed),
                                    _ => false,
                                }
                        }
                    },
                    "{} column {column}",
                    id.name()
                );
                case.trace.tables[id.index()].columns[column][0] -= F::ONE;
                changed += 1;
            }
        }
    }
    assert!(changed > 500);
}

/// A false relation over a memory that all rows agree on is found by the constraint or the bus that
/// states it.
#[test]
fn each_false_relation_is_rejected() {
    for (text, cell) in [
        ("add 2, 3, m[fp]", 8),
        ("mul 2, 3, m[fp]", 8),
        ("mul m[fp-8], m[fp], 8", 8),
        ("deref m[fp-8], 20, 5", 22),
        ("poseidon8 0, 16", 16),
        ("poseidon8 0, 16, half", 19),
        ("poseidon8 0, 16, permute", 31),
        ("poseidon16 0, 0, 16", 23),
        ("poseidon24 0, 0, 0, 16", 17),
        ("poseidon24 0, 0, 0, 16, permute", 39),
        ("poseidon16_halves 0, 4, 0, 20", 20),
        ("poseidon16_halves 0, 4, 0, 20", 23),
        ("poseidon16_halves 0, 8, 0, 24, -4", 21),
        ("dot_ee 0, 0, fp+8, 1", 16),
        ("dot_be 0, 0, fp+8, 1", 20),
        ("eq_ee 0, 0, fp+8, 1", 16),
        ("eq_be 0, 0, fp+8, 1", 20),
    ] {
        let text = format!(".frame 64\n{text}\nhalt");
        let honest = forged(&text, 3, None);
        let (_, proof) = prove(&honest, &Tuning::default());
        assert!(verify(&honest, &proof).is_ok(), "{text}");
        let case = forged(&text, 3, Some(cell));
        let (_, proof) = prove(&case, &Tuning::default());
        let code = verify(&case, &proof).map_err(|e| e.rejection);
        assert!(
            matches!(code, Err(Rejection::LookupRoot | Rejection::Constraint)),
            "{text}"
        );
    }
}

/// A prover may count a half as it likes, name an address between two halves, or write another
/// result: no HALF tuple of the memory is the one sent.
#[test]
fn false_halves_are_rejected() {
    let text = "poseidon16_halves 0, 4, 8, 28\nhalt";
    let rejection = |case: &Case| {
        let (_, proof) = prove(case, &Tuning::default());
        verify(case, &proof).map(|_| ()).map_err(|e| e.rejection)
    };
    let refused = Err(Rejection::LookupRoot);
    let (memory, halves) = (TableId::Memory, TableId::Poseidon16Halves);
    for (table, column, row) in [(memory, 17, 0), (memory, 18, 0), (memory, 18, 9)] {
        let mut case = case(text, 12);
        case.trace.tables[table.index()].columns[column][row] += F::ONE;
        assert_eq!(rejection(&case), refused, "column {column}, row {row}");
    }
    for cell in 28..32 {
        assert_eq!(rejection(&forged(text, 12, Some(cell))), refused);
    }
    // Program and row agree on the address, and the four cells there are those of the row.
    for (address, expected) in [(0, Ok(())), (1, refused), (2, refused), (3, refused)] {
        let mut case = case(text, 12);
        let other = text.replace("halves 0", &format!("halves {address}"));
        case.program = assemble(&other).unwrap();
        let columns = &mut case.trace.tables[halves.index()].columns;
        assert_eq!((columns[2][0], columns[19][0]), (F::ZERO, F::TWO));
        columns[2][0] = F::from_u32(address);
        assert_eq!(rejection(&case), expected, "address {address}");
    }
}

/// A violated constraint whose sum is added to the claim on the numerators or the denominators,
/// both of which a prover chooses in the fractional sum: each constraint has a weight of its own,
/// so neither hides it.
#[test]
fn a_violation_is_not_hidden_in_the_claims_of_the_leaves() {
    let mut case = case("add 5, m[fp-8], m[fp]\nhalt", 3);
    // Row 0 of ADD with mem_0 = 2 and cell_0 = k_0 = 5, whose value is still 5: only mem_0·(mem_0 −
    // 1) is not zero, but 2.
    let add = &mut case.trace.tables[TableId::Add.index()].columns;
    assert_eq!((add[2][0], add[3][0]), (F::from_u32(5), F::ZERO));
    (add[3][0], add[5][0]) = (F::TWO, add[2][0]);

    let tuning = Tuning::default();
    let columns = program_columns(&case.program);
    let views = TableView::of(&case.trace, &columns);
    let layout = layout(&case);
    let mut transcript = ProverTranscript::new(false);
    transcript.absorb("start", &[F::ONE]);
    let alpha = transcript.sample("lookup.alpha");
    let theta = transcript.sample_point("lookup.theta", 4);
    let fingerprint = Fingerprint::new(alpha, theta.try_into().unwrap());
    let leaves = leaves::build(&views, &layout, &fingerprint, &tuning);
    let claim = crate::lookup::prove(&leaves, &tuning, &mut transcript);

    let mut transcript = ProverTranscript::new(false);
    transcript.absorb("start", &[F::ONE]);
    let none = PermutationClaims::default();
    super::prove(
        &views,
        &layout,
        &fingerprint,
        &claim,
        &none,
        &tuning,
        &mut transcript,
    );
    let proof: Vec<u32> = transcript
        .finish()
        .0
        .into_iter()
        .map(to_canonical)
        .collect();
    let height = log_height(case.trace.table(TableId::Add).rows);
    let point = &claim.point[claim.point.len() - height..];
    let violation = scaled_eq_table(point, EF::ONE, &tuning)[0].double();
    let rows = TableId::ALL.map(|id| case.trace.table(id).rows);
    for (numerator, denominator) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let mut claim = claim.clone();
        claim.numerator += violation * F::from_u32(numerator);
        claim.denominator += violation * F::from_u32(denominator);
        let mut transcript = VerifierTranscript::new(&proof, false);
        transcript.absorb("start", &[F::ONE]);
        let program = &case.program;
        let verdict = super::verify(
            program,
            &rows,
            &layout,
            &fingerprint,
            &claim,
            &none,
            &mut transcript,
        );
        assert_eq!(verdict.unwrap_err().rejection, Rejection::Constraint);
    }
}
