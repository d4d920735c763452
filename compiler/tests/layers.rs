//! The order of the passes: a module uses those before it only.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate. Each uses itself and those that stand before it.
const ORDER: [&str; 13] = [
    "source",
    "ast",
    "diagnostics",
    "prints",
    "lexer",
    "parser",
    "check",
    "interpreter",
    "ir",
    "frames",
    "codegen",
    "compile",
    "header",
];

/// The files of a module: its own and those of its folder.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.with_extension("rs")];
    if let Ok(folder) = fs::read_dir(path) {
        for entry in folder {
            let path = entry.expect("an entry").path();
            if path.extension().is_some() {
                found.extend(files(&path.with_extension("")));
            }
        }
    }
    found
}

/// The texts of a module, which is in a file `name.rs` and a folder `name` beside it.
fn texts(module: &str) -> Vec<(PathBuf, String)> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        (path, text)
    };
    files(&sources.join(module)).into_iter().map(read).collect()
}

/// The modules that a line of code names: `crate::check::…`, or each of `crate::{check, ir}`.
fn named(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, start) in line.match_indices("crate::") {
        let rest = &line[at + start.len()..];
        let list = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split('}').next());
        for path in list.unwrap_or(rest).split(',') {
            let end = |letter: char| !(letter.is_alphanumeric() || letter == '_');
            names.extend(path.trim_start().split(end).next());
            if list.is_none() {
                break;
            }
        }
    }
    names
}

#[test]
fn a_module_uses_those_before_it() {
    let mut uses = 0;
    for (at, module) in ORDER.iter().enumerate() {
        for (path, text) in texts(module) {
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            for name in text.lines().filter(is_code).flat_map(named) {
                assert!(
                    ORDER[..=at].contains(&name),
                    "{} uses `{name}`, which is none of {:?}",
                    path.display(),
                    &ORDER[..=at]
                );
                uses += 1;
            }
        }
    }
    assert!(uses > 100, "{uses} uses");
}

/// The root of the crate has the modules that are in the list.
#[test]
fn every_module_has_its_place() {
    let root = include_str!("../src/lib.rs").lines();
    let mut modules: Vec<&str> = root
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .filter_map(|line| line.strip_suffix(';'))
        .collect();
    let mut ordered = ORDER.to_vec();
    modules.sort_unstable();
    ordered.sort_unstable();
    assert_eq!(modules, ordered);
}

#[test]
fn uses_are_found() {
    assert_eq!(named("use crate::check::{A, B};"), ["check"]);
    assert_eq!(named("use crate::{check, ir};"), ["check", "ir"]);
    assert_eq!(named("f(crate::ast::X, crate::ir::Y)"), ["ast", "ir"]);
    assert!(named("use super::x; use std::fmt;").is_empty());
}
