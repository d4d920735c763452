//! The committed vectors are replayed through both twins.

use std::collections::BTreeSet;

use leanvm_differential::canonical::{bytes_of_hex, words_of};
use leanvm_differential::shape::TABLES;
use leanvm_differential::twins::SPEC;
use leanvm_differential::vectors;
use serde_json::Value;

const FORMATS: [&str; 10] = [
    "permutation",
    "encoding",
    "execution",
    "transcript",
    "proof",
    "xmss",
    "leansig",
    "aggregation",
    "merging",
    "aggregate_file",
];

fn read(name: &str) -> String {
    let path = vectors::folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

mod differential {
    use super::*;

    #[test]
    fn both_twins_satisfy_every_case() {
        for format in FORMATS {
            let (accepted, rejected) = vectors::replay(&read(&format!("{format}.json")));
            println!("{format}: {accepted} accepted, {rejected} rejected");
            assert!(accepted > 0, "{format} has no accepted case");
            assert!(
                rejected > 0 || format == "permutation",
                "{format} has no rejected case"
            );
        }
    }

    #[test]
    fn files_fit_the_schema() {
        let schema: Value = serde_json::from_str(&read("schema.json")).expect("the schema is JSON");
        for format in FORMATS {
            let file: Value = serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
            let violations = vectors::violations(&schema, &file);
            assert!(violations.is_empty(), "{format}.json: {violations:#?}");
            let mut broken = file.clone();
            broken["cases"][0]["result"] = "perhaps".into();
            assert!(
                !vectors::violations(&schema, &broken).is_empty(),
                "the schema takes anything"
            );
        }
    }

    #[test]
    fn ids_are_distinct_and_flags_are_explained() {
        for format in FORMATS {
            let file: Value = serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
            let mut ids = BTreeSet::new();
            for case in file["cases"].as_array().expect("cases") {
                assert!(
                    ids.insert(case["id"].to_string()),
                    "{format}: {} twice",
                    case["id"]
                );
                for flag in case["flags"].as_array().expect("flags") {
                    let flag = flag.as_str().expect("a flag is a string");
                    assert!(
                        file["flags"].get(flag).is_some(),
                        "{format}: flag {flag} is not explained"
                    );
                }
            }
        }
    }

    #[test]
    fn the_readme_has_a_section_for_each_format() {
        let readme = read("README.md");
        for format in FORMATS {
            assert!(
                readme.contains(&format!("\n## {format}.json\n")),
                "no section for {format}.json"
            );
        }
    }

    #[test]
    fn the_sections_that_a_file_names_are_in_the_text() {
        let text = include_str!("../../SPEC.md");
        for format in FORMATS {
            let file: Value = serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
            let named = file["section"].as_str().expect("sections");
            for section in named.split(", ").flat_map(|part| part.split(" to ")) {
                assert!(
                    text.contains(&format!("\n## {section}\n")),
                    "{format}.json names {section}"
                );
            }
        }
    }

    /// The codes that a file has, 0 for an accepted case.
    fn codes(format: &str) -> BTreeSet<u64> {
        let file: Value = serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
        let cases = file["cases"].as_array().expect("cases");
        cases
            .iter()
            .filter_map(|case| case["code"].as_u64())
            .collect()
    }

    #[test]
    fn every_code_has_a_case() {
        let all: BTreeSet<u64> = SPEC
            .rejections()
            .iter()
            .map(|(code, _)| u64::from(*code))
            .chain([0])
            .collect();
        // What a verifier gives: those of proofs, of their elements and of public input.
        let of_proofs: BTreeSet<u64> = all
            .iter()
            .copied()
            .filter(|code| [0, 8, 35].contains(code) || *code >= 40)
            .collect();
        assert_eq!(codes("proof"), of_proofs);
        let every: BTreeSet<u64> = ["encoding", "execution", "proof"]
            .into_iter()
            .flat_map(codes)
            .collect();
        assert_eq!(every, all);
    }

    #[test]
    fn proofs_have_every_table_and_every_set_at_every_rate() {
        let file: Value = serde_json::from_str(&read("proof.json")).expect("JSON");
        let (mut tables, mut rates) = (BTreeSet::new(), BTreeSet::new());
        for case in file["cases"].as_array().expect("cases") {
            if case["flags"][0] != "ordinary" {
                continue;
            }
            let proof = bytes_of_hex(case["proof"].as_str().expect("a string"));
            let words = words_of(&proof.expect("hexadecimal digits"));
            rates.insert((words[2], words[3]));
            tables.extend((1..TABLES).filter(|table| words[3 + table] > 0));
        }
        assert_eq!(tables, (1..TABLES).collect());
        let all = (1..=3).flat_map(|set| (1..=4).map(move |rate| (set, rate)));
        assert_eq!(rates, all.collect());
    }

    #[test]
    fn the_files_are_small() {
        let total: usize = FORMATS
            .iter()
            .map(|format| read(&format!("{format}.json")).len())
            .sum();
        assert!(total < 5_000_000, "{total} bytes");
    }
}
