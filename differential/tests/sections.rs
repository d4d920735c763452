//! Each section `## N name` of SPEC.md is a file of each twin and a file of tests, and the twins
//! know nothing of each other. In `fast` it may be a file of the verifier, of the prover, or of
//! both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sections that are text only: nothing of them runs, so nothing can differ.
const TEXT_ONLY: [&str; 1] = ["overview"];

/// Where the files of sections are. A house has a file in at least one of its folders.
const HOUSES: [&[&str]; 3] = [
    &["spec/src"],
    &["fast/verifier/src", "fast/src"],
    &["differential/tests"],
];

/// Files and folders of `fast` whose public types have no like in `spec`: they are how `fast` is
/// fast or what its clients handle.
const OF_FAST_ALONE: &[(&str, &str)] = &[
    (
        "fast/src/lookup",
        "leaves in vectors, and a table as rows of them",
    ),
    ("fast/src/sumcheck", "eq tables in blocks, of vectors"),
    (
        "fast/src/multilinear.rs",
        "one function for elements and vectors",
    ),
    (
        "fast/src/merkle.rs",
        "a matrix with its rows as the transform leaves them",
    ),
    (
        "fast/src/commitment",
        "the prover's oracles, kernels and vectors",
    ),
    (
        "fast/src/xmss",
        "seeds, key files, used slots, and what can be wrong with them",
    ),
    (
        "fast/src/aggregation",
        "the aggregator, its options and its report",
    ),
    ("fast/src/prover.rs", "an observer may end the work"),
    ("fast/src/leansig", "the private input of the guest"),
    ("fast/src/recursion", "the private input of the guest"),
    (
        "fast/src/merging",
        "who merges, and what claims have in common",
    ),
];

/// Public types that one twin alone has: section, name, twin, reason.
const ALONE: &[(&str, &str, &str, &str)] = &[
    ("field", "Element", "spec", "`fast` has the traits of p3"),
    ("field", "Felt", "spec", "p3's name is in `fast`"),
    ("field", "Ext", "spec", "p3's name is in `fast`"),
    ("field", "F", "fast", "p3's name"),
    ("field", "EF", "fast", "p3's name"),
    ("field", "PackedF", "fast", "a vector of elements"),
    ("field", "PackedEF", "fast", "a vector of elements"),
    ("isa", "Flags", "spec", "`fast` has the bits of the word"),
    ("execution", "Machine", "spec", "`fast` has it in private"),
    ("execution", "Value", "spec", "`fast` has it in private"),
    ("execution", "Recording", "fast", "what tools show of a run"),
    (
        "execution",
        "RejectedAt",
        "fast",
        "what tools show of a run",
    ),
    (
        "layout",
        "Layout",
        "spec",
        "`fast` has an allocator in private",
    ),
    (
        "tables",
        "Evaluation",
        "spec",
        "a list of what `fast` gives to a builder",
    ),
    ("tables", "Interaction", "spec", "an entry of that list"),
    ("tables", "Context", "spec", "`fast` has it in private"),
    (
        "recursion",
        "Combination",
        "fast",
        "the prover makes it step by step",
    ),
    (
        "merging",
        "Statement",
        "fast",
        "what a proof is of, in private in `spec`",
    ),
    ("tables", "Builder", "fast", "one evaluation for every ring"),
    ("tables", "Ring", "fast", "one evaluation for every ring"),
    ("tables", "Numerator", "fast", "saves a product by ±1"),
    (
        "tables",
        "State",
        "fast",
        "where a row leads, two arguments in `spec`",
    ),
    (
        "tables",
        "Stated",
        "fast",
        "flags and imm of a row, two arguments in `spec`",
    ),
    (
        "tables",
        "Shape",
        "fast",
        "numbers of a table, functions in `spec`",
    ),
    ("tables", "Rows", "fast", "what a row is, a match in `spec`"),
    (
        "tables",
        "BytecodeColumns",
        "fast",
        "places of columns, for filling",
    ),
    (
        "tables",
        "MemoryColumns",
        "fast",
        "places of columns, for filling",
    ),
    ("tables", "Plan", "fast", "sizes before the trace is made"),
    ("tables", "Trace", "fast", "an array, a list in `spec`"),
    (
        "tables",
        "Violation",
        "fast",
        "of a trace that is checked without a proof",
    ),
    (
        "transcript",
        "Common",
        "fast",
        "what prover and verifier share",
    ),
    (
        "lookup",
        "Boundary",
        "fast",
        "start and end of §13.2, which a test falsifies",
    ),
    (
        "zerocheck",
        "Waived",
        "spec",
        "for tests that take a constraint away",
    ),
    (
        "tables",
        "HashColumns",
        "fast",
        "places of columns, for the layers",
    ),
    (
        "poseidon",
        "HashTable",
        "spec",
        "`fast` has places of columns and rounds",
    ),
    (
        "poseidon",
        "Values",
        "spec",
        "what a dishonest prover changes",
    ),
    (
        "poseidon",
        "Rounds",
        "fast",
        "constants and matrices, of one width",
    ),
    (
        "zerocheck",
        "HashWeights",
        "fast",
        "F_T of a row, for prover and verifier",
    ),
    (
        "zerocheck",
        "Combiners",
        "fast",
        "G_T of a row, for prover and verifier",
    ),
    (
        "zerocheck",
        "InteractionWeights",
        "fast",
        "G_T of a row, for prover and verifier",
    ),
    (
        "zerocheck",
        "RowWeights",
        "fast",
        "G_T of a row, for prover and verifier",
    ),
    (
        "commitment",
        "Functional",
        "spec",
        "W as a list; `fast` never has all of it",
    ),
    (
        "commitment",
        "RectangleWeight",
        "spec",
        "W as a list; `fast` never has all of it",
    ),
    (
        "proof",
        "PublicCells",
        "fast",
        "the public region, made once for both of its uses",
    ),
    (
        "xmss",
        "Encoding",
        "fast",
        "digits with the hash that they are read from",
    ),
    ("xmss", "TweakType", "fast", "a number in `spec`"),
    (
        "xmss",
        "Witness",
        "fast",
        "what a guest is told of a signature",
    ),
    ("leansig", "Integer", "spec", "of any size"),
    ("leansig", "U192", "fast", "of a size that is enough"),
    (
        "leansig",
        "Tables",
        "fast",
        "sums that `spec` computes anew",
    ),
    ("leansig", "Order", "fast", "a key to sort by"),
    ("leansig", "Aggregate", "fast", "bytes in `spec`"),
    ("aggregation", "Aggregate", "fast", "bytes in `spec`"),
    (
        "aggregation",
        "FormError",
        "fast",
        "what both schemes refuse of the bytes",
    ),
    (
        "aggregation",
        "Duplicate",
        "fast",
        "two indices, of keys or of claims",
    ),
    ("merging", "Order", "fast", "a key to sort by"),
    ("merging", "Merge", "fast", "bytes in `spec`"),
    ("merging", "AnyAggregate", "fast", "bytes in `spec`"),
    (
        "merging",
        "RegistryError",
        "fast",
        "keys as bits, which clients exchange and no proof has",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// (number, name) of each section.
fn sections() -> Vec<(u32, String)> {
    let text = std::fs::read_to_string(root().join("SPEC.md")).expect("SPEC.md is readable");
    let heading = |line: &str| {
        let (number, name) = line.strip_prefix("## ")?.split_once(' ')?;
        Some((number.parse().ok()?, name.trim().to_owned()))
    };
    text.lines().filter_map(heading).collect()
}

/// The files of a section in a folder of sources, without those of tests.
fn files_of(folder: &str, section: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![
        root().join(folder).join(format!("{section}.rs")),
        root().join(folder).join(section),
    ];
    while let Some(path) = open.pop() {
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_file() {
            files.push(path);
        } else if let Ok(entries) = path.read_dir() {
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
    }
    files
}

/// The public types that a file declares outside its tests, or takes from the list of instructions
/// and tables.
fn public_types(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a source file is readable");
    let (code, _) = text
        .split_once("#[cfg(test)]\nmod tests {")
        .unwrap_or((&text, ""));
    let name = |line: &str| {
        let declared = line.trim_start().strip_prefix("pub ")?;
        if let Some(name) = declared.strip_prefix("use crate::instructions::") {
            return Some(name.trim_end_matches(';').to_owned());
        }
        let (kind, rest) = declared.split_once(' ')?;
        let is_type = ["struct", "enum", "trait", "type", "union"].contains(&kind);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        is_type.then(|| rest.chars().take_while(|c| is_name(*c)).collect())
    };
    code.lines().filter_map(name).collect()
}

/// The public types of a section of a twin, each with the file that declares it.
fn types_of(folders: &[&str], section: &str) -> BTreeMap<String, PathBuf> {
    let mut types = BTreeMap::new();
    for folder in folders {
        for file in files_of(folder, section) {
            for name in public_types(&file) {
                types.insert(name, file.clone());
            }
        }
    }
    types
}

mod differential {
    use super::*;

    #[test]
    fn public_types_have_one_name_in_both_twins() {
        let [spec_folders, fast_folders, _] = HOUSES;
        let mut wrong = Vec::new();
        let (mut shared, mut used, mut used_files) = (0, Vec::new(), Vec::new());
        for (_, section) in sections() {
            let spec = types_of(spec_folders, &section);
            let fast = types_of(fast_folders, &section);
            shared += spec.keys().filter(|name| fast.contains_key(*name)).count();
            for (twin, own, other) in [("spec", &spec, &fast), ("fast", &fast, &spec)] {
                for (name, file) in own.iter().filter(|(name, _)| !other.contains_key(*name)) {
                    let named = ALONE
                        .iter()
                        .find(|alone| (alone.0, alone.1, alone.2) == (&section, name, twin));
                    let of_fast = OF_FAST_ALONE
                        .iter()
                        .find(|(place, _)| file.starts_with(root().join(place)));
                    match (named, of_fast) {
                        (Some(_), Some((place, _))) => {
                            wrong.push(format!("{name} is named, though {place} is"));
                        }
                        (Some(named), None) => used.push(named),
                        (None, Some((place, _))) => used_files.push(place),
                        (None, None) => wrong.push(format!(
                            "{section}: {name} is in {twin} alone ({})",
                            file.display()
                        )),
                    }
                }
            }
        }
        let left = ALONE.iter().filter(|named| !used.contains(named));
        wrong.extend(left.map(|named| format!("not needed: {named:?}")));
        let left = OF_FAST_ALONE
            .iter()
            .filter(|(place, _)| !used_files.contains(&place));
        wrong.extend(left.map(|place| format!("not needed: {place:?}")));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(shared > 40, "{shared} types in both");
    }

    #[test]
    fn every_section_has_its_files_and_they_cite_it() {
        let sections = sections();
        assert!(
            sections.len() >= 20,
            "{} sections: are the headings still `## N name`?",
            sections.len()
        );
        let mut missing = Vec::new();
        for (position, (number, name)) in sections.iter().enumerate() {
            assert_eq!(
                *number as usize, position,
                "sections are numbered in order, from 0 on"
            );
            if TEXT_ONLY.contains(&name.as_str()) {
                continue;
            }
            for folders in HOUSES {
                let files: Vec<PathBuf> = folders
                    .iter()
                    .map(|folder| root().join(folder).join(format!("{name}.rs")))
                    .filter(|path| path.is_file())
                    .collect();
                if files.is_empty() {
                    missing.push(format!("{name}.rs is in none of {folders:?}"));
                }
                for file in files {
                    let text = std::fs::read_to_string(&file).expect("a source file is readable");
                    let first = text.lines().next().unwrap_or_default();
                    if !first.starts_with(&format!("//! SPEC §{number} {name}")) {
                        missing.push(format!(
                            "{} does not begin with `//! SPEC §{number} {name}`",
                            file.display()
                        ));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    /// Who depends on `leanvm-fast` finds all of a section in the module of its name.
    #[test]
    fn the_prover_gives_what_the_verifier_has() {
        let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap_or_default();
        let library = read("fast/src/lib.rs");
        let (_, rest) = library
            .split_once("pub use leanvm_verifier::{")
            .expect("the sections of the verifier alone");
        let (list, _) = rest.split_once('}').expect("the end of the list");
        let alone: Vec<&str> = list.split(',').map(str::trim).collect();
        let (mut of_verifier, mut of_both) = (0, 0);
        for (_, name) in sections() {
            let prover = read(&format!("fast/src/{name}.rs"));
            if read(&format!("fast/verifier/src/{name}.rs")).is_empty() {
                assert!(!prover.contains("pub use leanvm_verifier"), "{name}");
            } else if prover.is_empty() {
                assert!(alone.contains(&name.as_str()), "lib.rs: {name}");
                of_verifier += 1;
            } else {
                let line = format!("pub use leanvm_verifier::{name}::*;\n");
                assert!(prover.contains(&line), "{name}.rs: {line}");
                of_both += 1;
            }
        }
        assert!(of_verifier > 5 && of_both > 5, "{of_verifier}, {of_both}");
    }

    #[test]
    fn the_twins_do_not_depend_on_each_other() {
        let version = Command::new(env!("CARGO"))
            .arg("-vV")
            .output()
            .expect("cargo runs");
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let host = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .expect("cargo says its host");
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--filter-platform",
                host,
                "--manifest-path",
            ])
            .arg(root().join("Cargo.toml"))
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("metadata is JSON");
        let nodes = metadata["resolve"]["nodes"]
            .as_array()
            .expect("metadata has a graph");
        let id_of = |name: &str| {
            let packages = metadata["packages"]
                .as_array()
                .expect("metadata has packages");
            let package = packages.iter().find(|package| package["name"] == name);
            package.expect("the twins are packages")["id"].clone()
        };
        for (from, to) in [
            ("leanvm-spec", "leanvm-fast"),
            ("leanvm-spec", "leanvm-verifier"),
            ("leanvm-fast", "leanvm-spec"),
            ("leanvm-verifier", "leanvm-fast"),
        ] {
            let target = id_of(to);
            let mut reached = vec![id_of(from)];
            let mut next = 0;
            while next < reached.len() {
                let node = nodes
                    .iter()
                    .find(|node| node["id"] == reached[next])
                    .expect("a node of the graph");
                for dependency in node["dependencies"].as_array().expect("a list") {
                    if !reached.contains(dependency) {
                        reached.push(dependency.clone());
                    }
                }
                next += 1;
            }
            assert!(!reached.contains(&target), "{from} depends on {to}");
        }
    }

    #[test]
    fn no_section_is_without_a_test_under_the_filter() {
        for (_, name) in sections() {
            if TEXT_ONLY.contains(&name.as_str()) {
                continue;
            }
            let path = root().join("differential/tests").join(format!("{name}.rs"));
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let tests = text
                .split_once("mod differential {")
                .map_or(0, |(_, tests)| tests.matches("#[test]").count());
            assert!(
                tests > 0,
                "differential/tests/{name}.rs has no test in `mod differential`"
            );
        }
    }

    #[test]
    fn every_file_of_tests_is_a_module() {
        for tests in
            ["differential/tests", "cli/tests", "compiler/tests"].map(|path| root().join(path))
        {
            let read = |name| std::fs::read_to_string(tests.join(name)).expect("it is readable");
            let (main, manifest) = (read("main.rs"), read("../Cargo.toml"));
            let modules: Vec<&str> = main
                .lines()
                .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
                .collect();
            let mut files = 0;
            for entry in tests.read_dir().expect("the folder is readable") {
                let path = entry.expect("an entry").path();
                let name = path
                    .file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                if path.extension().is_some_and(|extension| extension == "rs") && name != "main" {
                    assert!(
                        modules.contains(&name.as_str())
                            || manifest.contains(&format!("path = \"tests/{name}.rs\"")),
                        "{} has no `mod` line in main.rs, and is no test of its own",
                        path.display()
                    );
                    files += 1;
                }
            }
            assert!(files > 2, "{}", tests.display());
        }
    }
}
