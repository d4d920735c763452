//! The crate stands alone: what it depends on, and that its rules bind all of its files.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every package of the tree, by name, but for what only runs while compiling. Of p3, the field and
/// the permutation are used; they bring the rest with them, of which nothing is called.
const TREE: [&str; 29] = [
    "either",
    "itertools",
    "leanvm-programs",
    "leanvm-verifier",
    "lock_api",
    "num-bigint",
    "num-integer",
    "num-traits",
    "p3-dft",
    "p3-field",
    "p3-koala-bear",
    "p3-matrix",
    "p3-maybe-rayon",
    "p3-mds",
    "p3-monty-31",
    "p3-poseidon1",
    "p3-poseidon2",
    "p3-symmetric",
    "p3-util",
    "pin-project-lite",
    "rand",
    "rand_core",
    "scopeguard",
    "serde",
    "serde_core",
    "spin",
    "thiserror",
    "tracing",
    "tracing-core",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_tree_of_dependencies_is_this() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "-p", "leanvm-verifier"])
        .args(["-e", "normal,no-proc-macro", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut names: Vec<&str> = lines
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, TREE);
}

/// All source files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The compiler holds the rules; this holds that no place is exempt from them but those that are
/// known.
#[test]
fn the_rules_bind_every_file() {
    let folder = root().join("fast/verifier/src");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a source file is readable");
    let library = read(&folder.join("lib.rs"));
    let (_, rules) = library
        .split_once("#![forbid(unsafe_code)]")
        .expect("lib.rs forbids unsafe code");
    for lint in [
        "as_conversions",
        "expect_used",
        "indexing_slicing",
        "panic",
        "unreachable",
        "unwrap_used",
    ] {
        assert!(rules.contains(&format!("        clippy::{lint}")), "{lint}");
    }
    let files = sources(&folder);
    assert!(files.len() > 30, "{}", files.len());
    let mut exempt = Vec::new();
    for file in files {
        let text = read(&file);
        let code = text
            .split_once("\n#[cfg(test)]\n")
            .map_or(&*text, |(code, _)| code);
        let name = file.strip_prefix(&folder).expect("it is below").to_owned();
        for word in ["rayon", "std::thread", "unsafe {", "Mutex", "Atomic"] {
            assert!(!code.contains(word), "{}: {word}", name.display());
        }
        let dense: String = code.split_whitespace().collect();
        let places = dense.matches("expect(clippy::").count() + dense.matches("allow(").count();
        if places > 0 {
            exempt.push((name.display().to_string(), places));
        }
    }
    exempt.sort();
    assert_eq!(exempt, [("tables/columns.rs".to_owned(), 1)]);
}
