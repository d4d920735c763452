//! Each section `## N name` of SPEC.md is a file of each twin and a file of tests, and the twins know nothing of each other. In `fast` it may be
//! a file of the verifier, of the prover, or of both.

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

mod differential {
    use super::*;

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
