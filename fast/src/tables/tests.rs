use std::collections::BTreeMap;
use std::marker::PhantomData;

use p3_field::{PackedValue, PrimeCharacteristicRing};

use super::*;
use crate::assembly::assemble;
use crate::execution::{Input, Limits, execute};
use crate::field::{EF, PackedEF, PackedF, from_coordinates};
use crate::parameters::{ParameterSet, Parameters};

/// CHAIN, PATH and SPONGE, with two owners each: chains of no step, of all steps and of some.
pub(crate) const LINKED: &str = "\
.frame 160
poseidon16_halves 0, 4, 0, fp+32
poseidon16_halves 4, 0, 0, fp+40
poseidon16_halves 0, 0, 0, fp+48
add 0, 35, m[fp+64]
add 0, 8, m[fp+65]
add 0, 2, m[fp+66]
chain 0, fp+32, 4, fp+64, 3
poseidon16_halves fp+32, 4, 0, fp+72
add 0, 1, m[fp+80]
chain fp+32, fp+72, 8, fp+80, 1
sponge 0, fp+36, 8, fp+88, 1
sponge fp+88, fp+36, 4, fp+96, 2
poseidon16_halves 4, 0, fp+32, fp+108
poseidon16_halves 4, 0, fp+40, fp+112
add 0, 1, m[fp+116]
add 0, 0, m[fp+117]
add 0, 0, m[fp+118]
add 0, 0, m[fp+119]
poseidon16_halves fp+32, 4, 0, fp+120
add 0, 0, m[fp+124]
add 0, 0, m[fp+125]
add 0, 0, m[fp+126]
add 0, 0, m[fp+127]
poseidon16_halves fp+36, 0, 0, fp+128
add 0, 1, m[fp+132]
add 0, 0, m[fp+133]
add 0, 0, m[fp+134]
add 0, 0, m[fp+135]
path fp+104, fp+88, fp+32, fp+112, 3
poseidon16_halves 0, fp+32, 0, fp+140
path fp+136, fp+96, fp+44, fp+120, 1
halt";

/// A dozen programs and their public inputs; every instruction and mode is among them.
fn programs() -> Vec<(String, Vec<u32>)> {
    let with = |text: &str, public: &[u32]| (text.to_string(), public.to_vec());
    let many_hashes = |n: usize| {
        let mut text = String::from(".frame 8\n");
        for i in 0..n {
            text += &format!("poseidon8 {}, {}\n", 8 * i, 8 * i + 8);
            text += &format!("poseidon16 0, {}, {}\n", 8 * i, 8 * (2000 + i));
            text += &format!(
                "poseidon16_halves {}, 4, {}, {}\n",
                4 * i,
                8 * i,
                4 * (7000 + i)
            );
        }
        text + "halt"
    };
    vec![
        with("halt", &[]),
        with(LINKED, &[1, 2, 3, 4, 5, 6, 7]),
        with(
            ".frame 8\nadd m[fp-8], 5, m[fp]\nmul m[fp], fp+3, m[fp+1]\nmul m[fp+2], 3, 12\nhalt",
            &[10],
        ),
        with(
            ".frame 8\nadd 8, 0, m[fp]\nderef m[fp], 1, m[fp+2]\nderef m[fp], 2, 9\nderef m[fp], 7, fp+1\nderef m[fp], 3, 9\nhalt",
            &[1],
        ),
        with(
            "jump 0, 0, m[fp]\njump 1, to, fp+1\nadd 0, 0, 1\nto: jump 1, end, 8\nend: halt",
            &[3],
        ),
        with(
            "poseidon8 0, 8\nposeidon8 8, 16, half\nposeidon8 0, 24, permute\nhalt",
            &[1, 2, 3],
        ),
        with(
            "poseidon16 0, 0, 8\nposeidon16 8, 0, 16, half\nposeidon16 0, 8, 24, permute\nhalt",
            &[1, 2, 3],
        ),
        with(
            "poseidon24 0, 0, 0, 8\nposeidon24 8, 0, 8, 16, half\nposeidon24 0, 8, 8, 24, permute\nhalt",
            &[1, 2, 3],
        ),
        with(
            "poseidon16_halves 0, 4, 8, fp+4\nposeidon16_halves 20, 20, 0, 24\nposeidon16_halves fp+8, 4, 0, 36\nadd 24, 0, m[fp+12]\nposeidon16_halves m[fp+12], 0, 8, fp+24\nposeidon16_halves 20, m[fp+12], 0, fp+36, -4\nhalt",
            &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        ),
        with(
            "hint alloc8 m[fp+8], 8\nposeidon8 fp-16, m[fp+8]\nposeidon8 0, 40, half\nadd 5, 0, m[fp+28]\nhalt",
            &[9; 9],
        ),
        with(
            "dot_ee 0, 1, fp, 2\ndot_be 3, 0, fp+5, 3\ndot_ee 0, 0, fp+10, 1\nhalt",
            &[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        ),
        with(
            "eq_ee 0, 1, fp, 2\neq_be 3, 0, fp+5, 3\neq_ee 0, 0, fp+10, 1\nhalt",
            &[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        ),
        with(
            "dot_be 0, 100, fp, 300\ndot_ee 0, 100, fp+5, 300\neq_be 7, 100, fp+10, 400\neq_ee 7, 100, fp+15, 380\nhalt",
            &[77; 2100],
        ),
        (many_hashes(1100), vec![4, 5, 6]),
    ]
}

fn trace_of(text: &str, public: &[u32]) -> (Program, Execution, Trace) {
    let program = assemble(text).unwrap();
    let input = Input {
        public: public.iter().copied().map(F::new).collect(),
        private: BTreeMap::new(),
    };
    let mut execution = execute(&program, &input, &Limits::default()).unwrap();
    execution.extend_memory(&Parameters::new(ParameterSet::Tiny, 1).unwrap());
    let trace = Trace::generate(&program, &execution);
    (program, execution, trace)
}

#[test]
fn honest_traces_pass() {
    let mut present = [false; TableId::COUNT];
    for (text, public) in programs() {
        let (program, execution, trace) = trace_of(&text, &public);
        assert_eq!(check(&trace, &program, execution.fp_0), Ok(()), "{text}");
        let rows = Plan::new(&program, &execution).row_counts();
        for (id, table) in TableId::ALL.into_iter().zip(&trace.tables) {
            assert_eq!(table.rows, rows[id.index()]);
            assert_eq!(
                table.columns.len(),
                if table.rows == 0 { 0 } else { id.num_columns() }
            );
            assert!(
                table
                    .columns
                    .iter()
                    .all(|column| column.len() == table.rows)
            );
            present[id.index()] |= table.rows > 0;
        }
    }
    assert_eq!(present, [true; TableId::COUNT]);
}

#[test]
fn any_changed_cell_is_found() {
    let mut found = 0;
    for (text, public) in programs().into_iter().take(12) {
        let (program, execution, trace) = trace_of(&text, &public);
        for id in TableId::ALL {
            let table = trace.table(id);
            for (k, column) in table.columns.iter().enumerate() {
                for (row, cell) in column.iter().enumerate() {
                    // Cells that nothing reads, and the second half of a chunk that the instruction
                    // does not name.
                    let unread = id == TableId::Memory
                        && k < 8
                        && table.columns[8 + k][row] == F::ZERO
                        && table.columns[16][row] == F::ZERO
                        && table.columns[17 + k / 4][row] == F::ZERO;
                    let hash = matches!(
                        id,
                        TableId::Poseidon8 | TableId::Poseidon16 | TableId::Poseidon24
                    );
                    let half =
                        k + 4 >= id.num_columns() && table.columns[half_column(id)][row] == F::ZERO;
                    if unread || hash && half {
                        continue;
                    }
                    let mut changed = trace.clone();
                    changed.tables[id.index()].columns[k][row] = *cell + F::ONE;
                    assert_ne!(
                        check(&changed, &program, execution.fp_0),
                        Ok(()),
                        "{} column {k} row {row} of {text}",
                        id.name()
                    );
                    found += 1;
                }
            }
        }
    }
    assert!(found > 3000, "{found}");
}

fn half_column(id: TableId) -> usize {
    match id {
        TableId::Poseidon8 => 10,
        TableId::Poseidon16 => 14,
        TableId::Poseidon24 => 18,
        _ => 0,
    }
}

#[test]
fn the_first_and_last_state_are_fixed() {
    let (program, execution, trace) = trace_of("add 1, 1, 2\nhalt", &[]);
    assert_eq!(check(&trace, &program, execution.fp_0), Ok(()));
    let tuple = std::array::from_fn(|slot| [1, 0, 8].get(slot).copied().unwrap_or(0));
    assert_eq!(
        check(&trace, &program, 16),
        Err(Violation::Balance { tuple })
    );
}

#[test]
fn traces_do_not_depend_on_the_number_of_threads() {
    let (text, public) = programs().pop().unwrap();
    let traces = [1, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| trace_of(&text, &public).2)
    });
    assert_eq!(traces[0], traces[1]);
}

/// Everything that a row gives, in order.
#[derive(Debug, Default, PartialEq)]
struct Recorder<R> {
    constraints: Vec<R>,
    interactions: Vec<Interaction<R>>,
}

/// A recorder with the ring of its constants.
struct Recording<C, R>(Recorder<R>, PhantomData<C>);

type Interaction<R> = (Numerator<R>, Vec<(usize, R)>);

impl<C: Copy + From<F>, R: Ring<C>> Builder for Recording<C, R> {
    type Constant = C;
    type Value = R;

    fn constraint(&mut self, value: R) {
        self.0.constraints.push(value);
    }

    fn interaction(&mut self, numerator: Numerator<R>, slots: &[(usize, R)]) {
        assert_eq!(slots[0].0, 0);
        assert!(
            slots.is_sorted_by(|left, right| left.0 < right.0) && slots[slots.len() - 1].0 < SLOTS
        );
        self.0.interactions.push((numerator, slots.to_vec()));
    }
}

impl<R: Copy> Recorder<R> {
    fn evaluate<C: Copy + From<F>>(id: TableId, row: &[R]) -> Self
    where
        R: Ring<C>,
    {
        let empty = Self {
            constraints: Vec::new(),
            interactions: Vec::new(),
        };
        let mut recording = Recording::<C, R>(empty, PhantomData);
        id.evaluate(row, &mut recording);
        recording.0
    }

    fn map<T>(&self, f: impl Fn(R) -> T) -> Recorder<T> {
        let numerator = |numerator: &Numerator<R>| match numerator {
            Numerator::One => Numerator::One,
            Numerator::MinusOne => Numerator::MinusOne,
            Numerator::Minus(value) => Numerator::Minus(f(*value)),
        };
        let slots = |slots: &Vec<(usize, R)>| {
            slots
                .iter()
                .map(|(slot, value)| (*slot, f(*value)))
                .collect()
        };
        Recorder {
            constraints: self.constraints.iter().map(|value| f(*value)).collect(),
            interactions: self
                .interactions
                .iter()
                .map(|(n, s)| (numerator(n), slots(s)))
                .collect(),
        }
    }

    fn values(&self) -> Vec<R> {
        let slots = self
            .interactions
            .iter()
            .flat_map(|(_, slots)| slots.iter().map(|(_, value)| *value));
        self.constraints.iter().copied().chain(slots).collect()
    }
}

/// Cells without structure.
fn pseudorandom(seed: u64, n: usize) -> Vec<F> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        F::from_u64(state >> 20)
    };
    (0..n).map(|_| next()).collect()
}

#[test]
fn all_rings_agree() {
    for id in TableId::ALL {
        let width = id.num_columns() + id.num_virtual_columns();
        let rows: Vec<Vec<F>> = (0..PackedF::WIDTH as u64)
            .map(|lane| pseudorandom(lane + 1, width))
            .collect();
        let packed: Vec<PackedF> = (0..width)
            .map(|k| PackedF::from_fn(|lane| rows[lane][k]))
            .collect();
        let packed_result = Recorder::evaluate::<F>(id, &packed);
        assert_eq!(Recorder::evaluate::<PackedF>(id, &packed), packed_result);
        for (lane, row) in rows.iter().enumerate() {
            let result = Recorder::evaluate::<F>(id, row);
            assert_eq!(
                (result.constraints.len(), result.interactions.len()),
                (id.num_constraints(), id.num_interactions()),
                "{}",
                id.name()
            );
            assert_eq!(packed_result.map(|value| value.as_slice()[lane]), result);
            let lifted: Vec<EF> = row.iter().copied().map(EF::from).collect();
            assert_eq!(Recorder::evaluate::<F>(id, &lifted), result.map(EF::from));
        }
        let extension: Vec<EF> = pseudorandom(99, 5 * width)
            .chunks(5)
            .map(|c| from_coordinates(std::array::from_fn(|i| c[i])))
            .collect();
        let packed: Vec<PackedEF> = extension.iter().copied().map(PackedEF::from).collect();
        let expected = Recorder::evaluate::<F>(id, &extension).map(PackedEF::from);
        assert_eq!(Recorder::evaluate::<PackedF>(id, &packed), expected);
    }
}

/// No column is declared that the evaluation does not take, and none is taken that is not declared.
#[test]
fn all_columns_are_taken() {
    for id in TableId::ALL {
        let row = pseudorandom(5, id.num_columns() + id.num_virtual_columns());
        let short = std::panic::catch_unwind(|| Recorder::evaluate::<F>(id, &row[1..]));
        assert!(short.is_err(), "{}", id.name());
        let exact = Recorder::evaluate::<F>(id, &row);
        assert_eq!(
            exact.interactions.len(),
            id.num_interactions(),
            "{}",
            id.name()
        );
    }
}

#[test]
fn degrees_are_those_of_the_specification() {
    for id in TableId::ALL {
        let width = id.num_columns() + id.num_virtual_columns();
        let (start, direction) = (pseudorandom(3, width), pseudorandom(4, width));
        // The values at 0..=degree + 1 along a line; the difference of order d vanishes for a
        // degree below d.
        let mut values: Vec<Vec<F>> = (0..=id.degree() as u32 + 1)
            .map(|t| {
                start
                    .iter()
                    .zip(&direction)
                    .map(|(s, d)| *s + *d * F::new(t))
                    .collect::<Vec<F>>()
            })
            .map(|row| Recorder::evaluate::<F>(id, &row).values())
            .collect();
        for order in 1..=id.degree() + 1 {
            values = values
                .windows(2)
                .map(|pair| pair[1].iter().zip(&pair[0]).map(|(b, a)| *b - *a).collect())
                .collect();
            let vanishes = values.iter().flatten().all(|value| *value == F::ZERO);
            assert_eq!(
                vanishes,
                order == id.degree() + 1,
                "{} at order {order}",
                id.name()
            );
        }
    }
}
