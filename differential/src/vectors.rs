//! The vectors: files that let a third implementation check itself.
//!
//! They are written from `spec` alone and replayed through both twins, so that they are an oracle
//! of both. [`files`] makes them, [`replay`] reads them again.

mod aggregate_file;
mod aggregation;
mod encoding;
mod execution;
mod leansig;
mod merging;
mod permutation;
mod proof;
mod schema;
mod transcript;
mod xmss;

use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

pub use schema::violations;

use crate::canonical::Outcome;
use crate::oracles::code_of;

/// What a case expects.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Expected {
    /// `accepted` or `rejected`.
    pub result: String,
    /// The rejection code of SPEC §2; 0 if accepted.
    pub code: u32,
}

impl Expected {
    /// The expectation that an outcome is.
    #[must_use]
    pub fn of<T>(outcome: &Outcome<T>) -> Self {
        let result = if outcome.is_ok() {
            "accepted"
        } else {
            "rejected"
        };
        Self {
            result: result.to_owned(),
            code: outcome.as_ref().err().map_or(0, |name| code_of(name)),
        }
    }
}

/// A file of vectors before it is text.
struct File {
    format: &'static str,
    section: &'static str,
    flags: &'static [(&'static str, &'static str)],
    /// Further members, each an object that is written a line each member.
    extra: Vec<(&'static str, Map<String, Value>)>,
    cases: Vec<Value>,
}

fn value(case: &impl Serialize) -> Value {
    serde_json::to_value(case).expect("cases are plain data")
}

impl File {
    /// The text: a case a line.
    fn text(&self) -> String {
        let mut text = format!(
            "{{\n\"format\": \"{}\",\n\"section\": \"{}\",\n\"flags\": {{\n",
            self.format, self.section
        );
        let flags: Vec<String> = self
            .flags
            .iter()
            .map(|(flag, note)| format!("  {}: {}", value(flag), value(note)))
            .collect();
        let _ = write!(text, "{}\n}},\n", flags.join(",\n"));
        for (name, object) in &self.extra {
            let lines: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("  \"{key}\": {value}"))
                .collect();
            let _ = write!(text, "\"{name}\": {{\n{}\n}},\n", lines.join(",\n"));
        }
        let cases: Vec<String> = self.cases.iter().map(|case| format!("  {case}")).collect();
        let _ = write!(text, "\"cases\": [\n{}\n]\n}}\n", cases.join(",\n"));
        text
    }
}

/// The folder of the vectors in this repository.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors"))
}

/// (file name, text) of every file that is written by the tool.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let files = [
        permutation::file(),
        encoding::file(),
        execution::file(),
        transcript::file(),
        proof::file(),
        xmss::file(),
        leansig::file(),
        aggregation::file(),
        merging::file(),
        aggregate_file::file(),
    ];
    files
        .iter()
        .map(|file| (format!("{}.json", file.format), file.text()))
        .collect()
}

/// Replays every case of a file through both twins; the number of accepted and of rejected cases.
///
/// # Panics
/// At the first case that a twin does not satisfy, with its id.
#[must_use]
pub fn replay(text: &str) -> (usize, usize) {
    let file: Value = serde_json::from_str(text).expect("a vector file is JSON");
    let cases = file["cases"].as_array().expect("a vector file has cases");
    match file["format"].as_str() {
        Some("permutation") => permutation::replay(&file["constants"], cases),
        Some("encoding") => encoding::replay(cases),
        Some("execution") => execution::replay(cases),
        Some("transcript") => transcript::replay(cases),
        Some("proof") => proof::replay(cases),
        Some("xmss") => xmss::replay(cases),
        Some("leansig") => leansig::replay(cases),
        Some("aggregation") => aggregation::replay(&file["program"], cases),
        Some("merging") => merging::replay(&file["programs"], cases),
        Some("aggregate_file") => aggregate_file::replay(cases),
        other => panic!("unknown format {other:?}"),
    }
    let rejected = cases
        .iter()
        .filter(|case| case["result"] == "rejected")
        .count();
    (cases.len() - rejected, rejected)
}

/// Reads a case.
fn parse<T: serde::de::DeserializeOwned>(case: &Value) -> T {
    T::deserialize(case).unwrap_or_else(|error| panic!("case {}: {error}", case["id"]))
}
