//! The text of SPEC.md itself: its form, and its steps, which the code cites.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use leanvm_spec::rejection::{Error, Rejection};
use leanvm_spec::{aggregation, leansig, xmss};

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
    assert_eq!(sections, (1..27).collect::<Vec<u32>>());
    assert!(steps.len() > 200, "{} steps", steps.len());
}

/// The code, if there is one, and the name of what a step rejects with.
fn rejection(lines: &str) -> Option<(Option<u32>, String)> {
    let (_, rest) = lines.split_once("reject ")?;
    let (code, rest) = rest.split_once('`')?;
    let (name, _) = rest.split_once('`')?;
    Some((code.trim().parse().ok(), name.to_owned()))
}

#[test]
fn steps_reject_with_the_codes_and_names_of_the_code() {
    let in_sections = |sections: std::ops::Range<u32>| -> BTreeSet<(Option<u32>, String)> {
        let steps = steps().into_iter();
        let steps = steps.filter(|((section, _), _)| sections.contains(section));
        steps.filter_map(|(_, lines)| rejection(&lines)).collect()
    };
    let name = |code: Option<u32>, name: &str| (code, name.to_owned());
    let protocol = Rejection::ALL.map(|r| name(Some(r.code()), r.name()));
    assert_eq!(in_sections(1..22), BTreeSet::from(protocol));
    let xmss = xmss::VerificationError::ALL.map(|r| name(Some(r.code()), r.name()));
    assert_eq!(in_sections(22..23), BTreeSet::from(xmss));
    use leansig::{AggregateError, VerificationError};
    let of_proof = Error::new(Rejection::ProofMagic, "");
    let leansig = [
        VerificationError::PublicKeyLength.name(),
        VerificationError::SignatureLength.name(),
        VerificationError::SignatureOffset.name(),
        VerificationError::ElementNotCanonical.name(),
        VerificationError::TargetSum.name(),
        VerificationError::RootMismatch.name(),
        AggregateError::Truncated.name(),
        AggregateError::TooLong.name(),
        AggregateError::Version.name(),
        AggregateError::Scheme.name(),
        AggregateError::NoClaims.name(),
        AggregateError::TooManyClaims.name(),
        AggregateError::DuplicateClaim.name(),
        AggregateError::Proof(of_proof.clone()).name(),
    ];
    assert_eq!(
        in_sections(23..24),
        leansig.iter().map(|reason| name(None, reason)).collect()
    );
    let aggregation = [
        aggregation::AggregateError::Truncated,
        aggregation::AggregateError::TooLong,
        aggregation::AggregateError::Version,
        aggregation::AggregateError::Scheme,
        aggregation::AggregateError::NoSigners,
        aggregation::AggregateError::TooManySigners,
        aggregation::AggregateError::DuplicateKey {
            first: 0,
            second: 1,
        },
        aggregation::AggregateError::Proof(of_proof),
    ];
    let aggregation = aggregation.map(|r| name(Some(r.code()), r.name()));
    assert_eq!(in_sections(24..25), BTreeSet::from(aggregation.clone()));
    let merging = [
        aggregation::AggregateError::NoClaims,
        aggregation::AggregateError::TooManyClaims,
        aggregation::AggregateError::DuplicateClaim {
            first: 0,
            second: 1,
        },
        aggregation::AggregateError::ProgramClaim,
        aggregation::AggregateError::ClaimCount,
        aggregation::AggregateError::FileTruncated,
        aggregation::AggregateError::FileMessage(0),
        aggregation::AggregateError::FileKey { claim: 0, key: 0 },
        aggregation::AggregateError::FileOrder {
            claim: 1,
            key: None,
        },
    ];
    let merging = merging.map(|r| name(Some(r.code()), r.name()));
    let all = aggregation.into_iter().chain(merging).collect();
    assert_eq!(in_sections(26..27), all);
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
    assert_eq!(sections, 26);
}
