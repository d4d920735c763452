//! The tables of numbers of SPEC.md are those of the code.

use std::collections::BTreeSet;

use leanvm_spec::isa::Opcode;
use leanvm_spec::parameters::{ParameterSet, Parameters};
use leanvm_spec::tables::{NUM_TABLES, TableId};

const TEXT: &str = include_str!("../../SPEC.md");

/// The rows of the table that begins with this line, each as its cells.
fn table(head: &str) -> Vec<Vec<&'static str>> {
    let (_, rest) = TEXT.split_once(&format!("\n{head}\n")).expect(head);
    let rows = rest
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// `2^10` or `17`.
fn number(text: &str) -> usize {
    let parse = |text: &str| text.trim().parse().expect(text);
    match text.split_once('^') {
        Some((base, exponent)) => usize::pow(parse(base), parse(exponent) as u32),
        None => parse(text),
    }
}

#[test]
fn the_tables_of_section_9_are_those_of_the_code() {
    let rows = table("| T | table | rows n_T | columns | interactions | degree |");
    assert_eq!(rows.len(), NUM_TABLES);
    for (row, id) in rows.iter().zip(TableId::ALL) {
        let name: String = row[1].replace('_', "").to_lowercase();
        assert_eq!(name, format!("{id:?}").to_lowercase());
        let numbers: Vec<usize> = [0, 3, 4, 5].map(|i| number(row[i])).to_vec();
        let ours = [
            id.index(),
            id.num_columns(),
            id.num_interactions(),
            id.degree(),
        ];
        assert_eq!(numbers, ours, "{name}");
    }
    // pc, fp and four columns for each operand, then the columns of the hashes.
    let hashes = table("| columns | POSEIDON_8 | POSEIDON_16 | POSEIDON_24 | HALVES | content |");
    let of_hashes = [
        (TableId::Poseidon8, 2),
        (TableId::Poseidon16, 3),
        (TableId::Poseidon24, 4),
        (TableId::Poseidon16Halves, 4),
    ];
    for (column, (id, operands)) in of_hashes.into_iter().enumerate() {
        let own = hashes.iter().map(|row| row[1 + column]);
        let own: usize = own.filter(|cell| !cell.is_empty()).map(number).sum();
        assert_eq!(2 + 4 * operands + own, id.num_columns(), "{id:?}");
    }
    let sum = |head: &str| -> usize { table(head).iter().map(|row| number(row[1])).sum() };
    let heads = TEXT.match_indices("\n| columns | number | content |\n");
    assert_eq!(heads.count(), 5);
    assert_eq!(
        sum("| columns | number | content |"),
        TableId::Memory.num_columns()
    );
    let terms = TEXT.split("\n| owner, remaining |").skip(1);
    for (terms, id) in terms.zip([TableId::DotTerm, TableId::ChainTerm, TableId::DotQuad]) {
        let terms = terms
            .lines()
            .take_while(|line| line.starts_with('|') || line.starts_with(' '));
        let terms = terms.filter_map(|line| line.split('|').nth(2));
        let terms: usize = terms
            .filter_map(|cell| cell.trim().parse::<usize>().ok())
            .sum();
        assert_eq!(2 + terms, id.num_columns(), "{id:?}");
    }
}

#[test]
fn the_opcodes_of_section_4_are_those_of_the_code() {
    let rows = table("| opcode | name | operands 0.. | imm | flags |");
    let listed: Vec<(u32, String, usize)> = rows
        .iter()
        .filter(|row| row[2] != "reserved")
        .map(|row| {
            let operands = row[2].split(", ").filter(|name| !name.is_empty()).count();
            let name = row[1].replace('_', "").to_lowercase();
            (number(row[0]) as u32, name, operands)
        })
        .collect();
    let ours: Vec<(u32, String, usize)> = Opcode::ALL
        .map(|opcode| {
            let name = format!("{opcode:?}").to_lowercase();
            (opcode as u32, name, opcode.num_operands())
        })
        .to_vec();
    assert_eq!(listed, ours);
}

#[test]
fn the_parameters_of_section_17_are_those_of_the_code() {
    let rows = table("| | tiny | small | production |");
    let row = |name: &str, column: usize| -> Vec<usize> {
        let row = rows
            .iter()
            .find(|row| row[0].starts_with(name))
            .expect(name);
        row[1 + column].split(", ").map(number).collect()
    };
    for (column, set) in ParameterSet::ALL.into_iter().enumerate() {
        let word = |value: u32| value as usize;
        assert_eq!(row("id", column), [word(set.id())]);
        assert_eq!(row("min_cells", column), [set.min_cells(), set.max_cells()]);
        assert_eq!(row("max_instructions", column), [set.max_instructions()]);
        assert_eq!(row("max_log_leaves", column), [word(set.max_log_leaves())]);
        let stack = [set.min_stack(), set.max_stack()].map(word);
        assert_eq!(row("min_stack", column), stack);
        let folds = [set.first_fold(), set.fold(), set.final_max()].map(word);
        assert_eq!(row("first_fold", column), folds);
        assert_eq!(
            row("max_log_inv_rate", column),
            [word(set.max_log_inv_rate())]
        );
        assert_eq!(
            row("out-of-domain samples", column),
            [set.out_of_domain_samples()]
        );
    }
    // By rate: the first rounds of schedules begin at R = 1 to 4, later ones reach 12.
    let heads = "| R | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 |";
    let by_rate = table(heads);
    let mut seen = BTreeSet::new();
    for rate in 1..=4 {
        let parameters = Parameters::new(ParameterSet::Production, rate).expect("a rate");
        for log_stack in 16..=28 {
            for round in parameters.schedule(log_stack) {
                let column = round.log_inv_rate as usize;
                let of_row = |name: &str| {
                    let row = by_rate.iter().find(|row| row[0] == name).expect(name);
                    number(row[column])
                };
                assert_eq!(of_row("queries"), round.queries);
                assert_eq!(of_row("query_pow"), round.query_pow as usize);
                let fold_pow = (124 + round.log_rows as usize).saturating_sub(of_row("fold_bits"));
                assert_eq!(fold_pow, round.fold_pow as usize);
                seen.insert(column);
            }
        }
    }
    assert_eq!(seen, (1..=12).collect::<BTreeSet<usize>>());
    for (column, set) in [ParameterSet::Tiny, ParameterSet::Small]
        .into_iter()
        .enumerate()
    {
        let parameters = Parameters::new(set, 1).expect("a rate");
        for round in parameters.schedule(set.min_stack()) {
            assert_eq!(row("queries", column), [round.queries]);
            assert_eq!(row("query_pow_t", column), [round.query_pow as usize]);
            assert_eq!(row("fold_pow_t", column), [round.fold_pow as usize]);
        }
    }
}
