//! The text of SPEC.md itself: its form, its tables of numbers, and the steps of it that the code cites.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use leanvm_spec::isa::Opcode;
use leanvm_spec::parameters::{ParameterSet, Parameters};
use leanvm_spec::tables::{NUM_TABLES, TableId};

/// The most columns of a line of SPEC.md. No line is exempt.
const MAX_COLUMNS: usize = 100;

const TEXT: &str = include_str!("../../SPEC.md");

/// A step, `13.4`.
type Step = (u32, u32);

/// `13.4` at the start of a text, if a step is there.
fn step(text: &str) -> Option<Step> {
    let (section, rest) = text.split_once('.')?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(section) || !is_number(&rest[..digits]) {
        return None;
    }
    Some((section.parse().ok()?, rest[..digits].parse().ok()?))
}

/// The steps of SPEC.md in the order of the text, each with the lines up to the next one.
fn steps() -> Vec<(Step, String)> {
    let mut steps: Vec<(Step, String)> = Vec::new();
    let mut section = 0;
    let mut code = false;
    let mut open = false;
    for line in TEXT.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading
                .split_once(' ')
                .and_then(|(number, _)| number.parse().ok())
                .unwrap_or(u32::MAX);
            open = false;
        }
        if line.starts_with("```") {
            code = !code;
        }
        // In a list a step is bold, in a block of code it begins a line.
        let begin = if code {
            step(line.trim_start())
        } else {
            line.strip_prefix("- **").and_then(step)
        };
        match begin {
            Some(found) if found.0 == section => {
                steps.push((found, line.to_owned()));
                open = true;
            }
            _ if line.trim().is_empty() || line.starts_with("```") || line.starts_with("- ") => {
                open = open && code;
            }
            _ => {
                if let (true, Some((_, lines))) = (open, steps.last_mut()) {
                    lines.push(' ');
                    lines.push_str(line.trim());
                }
            }
        }
    }
    steps
}

/// The steps that the Rust sources under a folder cite (`§13.4`), with the files that do.
fn citations(folder: &Path, found: &mut BTreeMap<Step, BTreeSet<String>>) {
    for entry in folder.read_dir().expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("target") {
                citations(&path, found);
            }
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file is readable");
        for citation in text.split('§').skip(1) {
            if let Some(step) = step(citation) {
                let files = found.entry(step).or_default();
                files.insert(path.display().to_string());
            }
        }
    }
}

fn cited_in(folder: &str) -> BTreeMap<Step, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    citations(&root.join(folder), &mut found);
    found
}

#[test]
fn no_line_is_longer_than_100_columns() {
    let columns = |line: &str| line.chars().count();
    let too_long: Vec<String> = TEXT
        .lines()
        .zip(1..)
        .filter(|(line, _)| columns(line) > MAX_COLUMNS)
        .map(|(line, number)| format!("{number}: {} columns: {line}", columns(line)))
        .collect();
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
    assert!(TEXT.lines().count() > 1000, "SPEC.md is not read");
}

#[test]
fn all_rows_of_a_table_have_the_same_number_of_cells() {
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut tables = 0;
    let mut columns = 0;
    for (line, number) in TEXT.lines().zip(1..) {
        if !line.starts_with('|') {
            columns = 0;
            continue;
        }
        if columns == 0 {
            columns = cells(line);
            tables += 1;
        }
        assert_eq!(cells(line), columns, "line {number}: {line}");
        assert!(line.ends_with('|'), "line {number}: {line}");
    }
    assert!(tables > 30, "{tables} tables");
}

#[test]
fn every_greek_letter_is_once_in_the_table_of_symbols() {
    let (_, table) = TEXT
        .split_once("| symbol | meaning | section |")
        .expect("the table");
    let (table, _) = table.split_once("\n## 1 field").expect("its end");
    let is_symbol = |c: &char| ('α'..='ω').contains(c) || ('Γ'..='Ω').contains(c);
    let mut symbols = Vec::new();
    for row in table.lines() {
        let name = row.split('|').nth(1).unwrap_or_default();
        for part in name.split(", ") {
            symbols.push(part.trim().to_owned());
        }
    }
    let listed: BTreeSet<String> = symbols.iter().cloned().collect();
    let named = symbols
        .iter()
        .filter(|name| !name.is_empty() && *name != "---");
    assert_eq!(
        named.count(),
        listed
            .iter()
            .filter(|s| !s.is_empty() && *s != "---")
            .count()
    );
    for letter in TEXT.chars().filter(is_symbol) {
        // Σ and Π are a sum and a product.
        let listed = symbols.iter().any(|name| name.starts_with(letter));
        assert!(
            listed || letter == 'Σ' || letter == 'Π',
            "{letter} is not in the table"
        );
    }
}

#[test]
fn steps_are_numbered_from_1_in_each_section_and_reject_once() {
    let steps = steps();
    let mut next = BTreeMap::new();
    for ((section, number), lines) in &steps {
        let expected = next.entry(*section).or_insert(1);
        assert_eq!(number, expected, "section {section}: {lines}");
        *expected += 1;
        let rejections = lines.matches("reject ").count();
        assert!(
            rejections <= 1,
            "{section}.{number} rejects {rejections} times: {lines}"
        );
    }
    let sections: Vec<u32> = next.into_keys().collect();
    assert_eq!(sections, (1..24).collect::<Vec<u32>>());
    assert!(steps.len() > 200, "{} steps", steps.len());
}

#[test]
fn every_step_that_rejects_is_cited_where_each_twin_does_it() {
    for folder in ["spec/src", "fast"] {
        let cited = cited_in(folder);
        let rejecting = steps()
            .into_iter()
            .filter(|(_, lines)| lines.contains("reject "));
        let missing: Vec<String> = rejecting
            .filter(|(step, _)| !cited.contains_key(step))
            .map(|((section, number), lines)| format!("§{section}.{number}: {lines}"))
            .collect();
        assert!(
            missing.is_empty(),
            "not cited in {folder}:\n{}",
            missing.join("\n")
        );
    }
}

#[test]
fn every_step_that_code_cites_is_in_the_text() {
    let known: BTreeSet<Step> = steps().into_iter().map(|(step, _)| step).collect();
    for folder in ["spec", "fast", "differential", "cli", "compiler", "client"] {
        for (step, files) in cited_in(folder) {
            assert!(known.contains(&step), "§{}.{} in {files:?}", step.0, step.1);
        }
    }
}

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
fn every_section_is_definition_steps_and_reason() {
    let mut sections = 0;
    for section in TEXT.split("\n## ").skip(2) {
        let place = |part: &str| section.find(&format!("\n**{part}"));
        let name = section.lines().next().unwrap_or_default();
        let definition = place("Definition.**").expect(name);
        if name.starts_with("Appendix") {
            continue;
        }
        let (steps, why) = (place("Steps").expect(name), place("Why.**").expect(name));
        assert!(definition < steps && steps < why, "{name}");
        sections += 1;
    }
    assert_eq!(sections, 23);
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
    assert_eq!(heads.count(), 3);
    assert_eq!(
        sum("| columns | number | content |"),
        TableId::Memory.num_columns()
    );
    let (_, terms) = TEXT
        .split_once("\n| owner, remaining |")
        .expect("the terms");
    let terms = terms
        .lines()
        .take_while(|line| line.starts_with('|') || line.starts_with(' '));
    let terms = terms.filter_map(|line| line.split('|').nth(2));
    let terms: usize = terms
        .filter_map(|cell| cell.trim().parse::<usize>().ok())
        .sum();
    assert_eq!(2 + terms, TableId::DotTerm.num_columns());
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
        assert_eq!(row("query_pow", column), [word(set.query_pow())]);
        assert_eq!(row("out-of-domain samples", column), [set.ood_samples()]);
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
            assert_eq!(row("fold_pow_t", column), [round.fold_pow as usize]);
        }
    }
}
