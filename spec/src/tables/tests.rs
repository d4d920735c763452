use std::collections::BTreeMap;

use super::*;
use crate::assembly::assemble;
use crate::execution::{Execution, Input, Limits, execute};
use crate::isa::Program;
use crate::poseidon::HashTable;

/// Small programs that together have every instruction in every mode.
const PROGRAMS: [&str; 16] = [
    "halt",
    "add 1, 2, 3\nhalt",
    "add 2, fp, m[fp]\nadd m[fp], m[fp], m[fp+1]\nhalt",
    "mul 2, m[fp], 3\nmul fp, fp, m[fp+1]\nhalt",
    "add 8, 0, m[fp+24]\nderef m[fp+24], 50, m[fp+1]\nderef m[fp+24], 51, fp+3\nderef m[fp+24], 52, -4\nhalt",
    "add 1, 0, m[fp]\njump m[fp], over, fp\nadd 1, 1, 3\nover: jump 0, m[fp+1], m[fp+2]\nhalt",
    "hint alloc m[fp], 4\nderef m[fp], 0, fp\nderef m[fp], 1, back\njump 1, call, m[fp]\ncall: jump 1, m[fp+1], m[fp]\nback: halt",
    "poseidon8 0, 64\nposeidon8 64, 72, half\nposeidon8 0, 80, permute\nhalt",
    "poseidon16 0, 8, 64\nposeidon16 8, 64, 72, half\nposeidon16 8, 0, 80, permute\nhalt",
    "poseidon24 0, 8, 16, 64\nposeidon24 0, 0, 64, 72, half\nposeidon24 8, 0, 8, 80, permute\nhalt",
    "poseidon16_halves 0, 12, 16, 64\nposeidon16_halves 64, 64, 0, 76\nposeidon16_halves 4, 0, 24, fp+40\nposeidon16_halves 4, 8, 24, fp+44, 4\nhalt",
    "dot_ee 0, 11, 64, 2\ndot_be 3, 11, 70, 3\nhalt",
    "dot_be 0, 4, 64, 5\ndot_be 8, 0, 70, 4\nhalt",
    "eq_ee 0, 11, 64, 2\neq_be 3, 11, 70, 3\ndot_ee 1, 2, 75, 1\nhalt",
    "poseidon16_halves 4, 0, 16, 128\nadd 0, 1, m[fp+104]\nchain 0, 128, 4, 136, 1\nsponge 0, 128, 4, 144, 1\nposeidon16_halves 4, 4, 16, 156\nposeidon16_halves 4, 16, 16, 160\nadd 0, 1, m[fp+132]\nadd 0, 0, m[fp+133]\nadd 0, 0, m[fp+134]\nadd 0, 0, m[fp+135]\npath 152, 144, 128, 160, 1\nhalt",
    "hint bits 5, 64, 3\nadd m[fp+32], 0, 1\nmul m[fp+33], 2, 0\nposeidon8 8, 72, half\nadd 1, 0, m[fp+44]\nhalt",
];

fn execution(text: &str) -> (Program, Execution) {
    let program =
        assemble(&format!(".frame 80\n{text}")).unwrap_or_else(|error| panic!("{error}: {text}"));
    let input = Input {
        public: (1..30).map(Felt::new).collect(),
        private: BTreeMap::new(),
    };
    let execution = execute(&program, &input, &Limits::default())
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    (program, execution)
}

/// The evaluation of a row.
fn row(program: &Program, tables: &[Table], table: TableId, index: usize) -> Evaluation<Felt> {
    let fields = program
        .instructions()
        .get(index)
        .map_or([Felt::ZERO; 6], |instruction| instruction.fields());
    evaluate(
        table,
        &tables[table.index()].row(index),
        Felt::new(index as u64),
        &fields,
    )
}

type Balance = BTreeMap<[Felt; SLOTS], Felt>;

fn add_to(balance: &mut Balance, evaluation: &Evaluation<Felt>, factor: Felt) {
    for interaction in &evaluation.interactions {
        let count = balance.entry(interaction.slots).or_default();
        *count += factor * interaction.numerator;
        if *count == Felt::ZERO {
            balance.remove(&interaction.slots);
        }
    }
}

/// The sum of all interactions, with the first state sent and the last received; empty if they
/// balance.
fn balance(program: &Program, execution: &Execution, tables: &[Table]) -> Balance {
    let mut ends = Evaluation::new();
    let fp_0 = Felt::new(u64::from(execution.fp_0));
    ends.send(Bus::State, &[Felt::ZERO, fp_0]);
    ends.receive(Bus::State, &[Felt::new(u64::from(program.halt_pc())), fp_0]);
    let mut balance = Balance::new();
    add_to(&mut balance, &ends, Felt::ONE);
    for table in TableId::ALL {
        for index in 0..tables[table.index()].num_rows {
            add_to(&mut balance, &row(program, tables, table, index), Felt::ONE);
        }
    }
    balance
}

#[test]
fn constraints_vanish_and_interactions_balance() {
    let mut present = [false; NUM_TABLES];
    for text in PROGRAMS {
        let (program, execution) = execution(text);
        let tables = trace(&program, &execution.memory, &execution.cycles);
        assert_eq!(tables.len(), NUM_TABLES);
        for table in TableId::ALL {
            for index in 0..tables[table.index()].num_rows {
                let constraints = row(&program, &tables, table, index).constraints;
                assert_eq!(
                    constraints,
                    vec![Felt::ZERO; constraints.len()],
                    "{text}: {table:?} {index}"
                );
                present[table.index()] = true;
            }
        }
        assert_eq!(
            balance(&program, &execution, &tables),
            Balance::new(),
            "{text}"
        );
    }
    assert_eq!(present, [true; NUM_TABLES]);
}

#[test]
fn shapes_are_those_of_the_specification() {
    for table in TableId::ALL {
        let evaluation = evaluate(
            table,
            &vec![Felt::ZERO; table.num_columns()],
            Felt::ZERO,
            &[Felt::ZERO; 6],
        );
        assert_eq!(
            evaluation.interactions.len(),
            table.num_interactions(),
            "{table:?}"
        );
        assert_eq!(
            evaluation.constraints.len(),
            table.num_constraints(),
            "{table:?}"
        );
    }
    for text in PROGRAMS {
        let (program, execution) = execution(text);
        for (table, rows) in
            TableId::ALL
                .into_iter()
                .zip(trace(&program, &execution.memory, &execution.cycles))
        {
            let expected = if rows.num_rows == 0 {
                0
            } else {
                table.num_columns()
            };
            assert_eq!(rows.columns.len(), expected, "{text}: {table:?}");
            assert!(
                rows.columns
                    .iter()
                    .all(|column| column.len() == rows.num_rows)
            );
        }
    }
}

/// The cells that no rule of the tables binds: those of memory that no row looks up, `o` of a hash
/// that is not half, and what only section 14 binds, `s` and the rest of `y`.
fn is_free(table: TableId, row: &[Felt], column: usize) -> bool {
    match table {
        TableId::Memory => {
            column < 8
                && row[8 + column] == Felt::ZERO
                && row[16] == Felt::ZERO
                && row[17 + column / 4] == Felt::ZERO
        }
        _ => {
            let Some(HashTable { input, s, y, .. }) = HashTable::of(table) else {
                return false;
            };
            if y.len() < 16 {
                return s.contains(&column);
            }
            let [half, permute] = [row[input.start - 2], row[input.start - 1]];
            s.contains(&column)
                || (y.start + 4..y.start + 8).contains(&column) && half == Felt::ONE
                || (y.start + 8..y.end).contains(&column) && permute == Felt::ZERO
                || column >= y.end && half == Felt::ZERO
        }
    }
}

#[test]
fn a_change_of_any_cell_is_noticed() {
    let mut noticed = 0;
    let mut free = 0;
    for text in PROGRAMS {
        let (program, execution) = execution(text);
        let mut tables = trace(&program, &execution.memory, &execution.cycles);
        for table in TableId::ALL {
            for index in 0..tables[table.index()].num_rows {
                let honest = row(&program, &tables, table, index);
                let cells = tables[table.index()].row(index);
                for (column, cell) in cells.iter().enumerate() {
                    tables[table.index()].columns[column][index] = *cell + Felt::ONE;
                    let changed = row(&program, &tables, table, index);
                    tables[table.index()].columns[column][index] = *cell;
                    // All else balances, so the change of this row is the balance.
                    let mut balance = Balance::new();
                    add_to(&mut balance, &honest, -Felt::ONE);
                    add_to(&mut balance, &changed, Felt::ONE);
                    let broken = changed.constraints.iter().any(|value| *value != Felt::ZERO)
                        || !balance.is_empty();
                    let expected = !is_free(table, &cells, column);
                    assert_eq!(
                        broken, expected,
                        "{text}: {table:?} row {index} column {column}"
                    );
                    noticed += usize::from(broken);
                    free += usize::from(!broken);
                }
            }
        }
    }
    assert!(noticed > 2000 && free > 20, "{noticed} {free}");
}

/// Everything that enters the zerocheck: constraints, numerators, slots.
fn all_values(evaluation: &Evaluation<Felt>) -> Vec<Felt> {
    let mut values = evaluation.constraints.clone();
    for interaction in &evaluation.interactions {
        values.push(interaction.numerator);
        values.extend(interaction.slots);
    }
    values
}

#[test]
fn degrees_are_those_of_the_specification() {
    for table in TableId::ALL {
        // On a line, differences of order degree + 1 vanish and those of order degree do not.
        let point = |t: u64| -> Vec<Felt> {
            (0..table.num_columns() as u64)
                .map(|i| Felt::new((i + 3).pow(5) + t * (i + 7).pow(6)))
                .collect()
        };
        let mut values: Vec<Vec<Felt>> = Vec::new();
        for t in 0..table.degree() as u64 + 2 {
            values.push(all_values(&evaluate(
                table,
                &point(t),
                Felt::new(t),
                &[Felt::new(5 * t); 6],
            )));
        }
        let zero = vec![Felt::ZERO; values[0].len()];
        for order in 1..=table.degree() + 1 {
            for t in 0..values.len() - 1 {
                values[t] = (0..zero.len())
                    .map(|i| values[t + 1][i] - values[t][i])
                    .collect();
            }
            values.pop();
            assert_eq!(
                values[0] == zero,
                order == table.degree() + 1,
                "{table:?} order {order}"
            );
        }
    }
}
