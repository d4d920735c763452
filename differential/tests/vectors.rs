//! The committed vectors are replayed through both twins.

use std::collections::BTreeSet;

use leanvm_differential::vectors;

const FORMATS: [&str; 8] = [
    "permutation",
    "encoding",
    "execution",
    "transcript",
    "proof",
    "xmss",
    "leansig",
    "aggregation",
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
        let schema: serde_json::Value =
            serde_json::from_str(&read("schema.json")).expect("the schema is JSON");
        for format in FORMATS {
            let file: serde_json::Value =
                serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
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
            let file: serde_json::Value =
                serde_json::from_str(&read(&format!("{format}.json"))).expect("JSON");
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
    fn the_files_are_small() {
        let total: usize = FORMATS
            .iter()
            .map(|format| read(&format!("{format}.json")).len())
            .sum();
        assert!(total < 1_500_000, "{total} bytes");
    }
}
