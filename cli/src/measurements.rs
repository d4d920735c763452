//! What a command measures, as one list: each entry is a row of the table for people, a field of
//! the JSON for programs, or both.
//!
//! A field has a path of names with dots between them: `seconds.prove` is the field `prove` of the
//! object `seconds`.

use std::time::Duration;

use leanvm_fast::processor::Processor;
use serde_json::{Map, Value, json};

use crate::report::{Report, Table, number, time};

/// The list, in the order of the table.
#[derive(Default)]
pub(crate) struct Measurements {
    table: Table,
    json: Map<String, Value>,
}

impl Measurements {
    /// Words that are shown only.
    pub(crate) fn row(&mut self, label: impl Into<String>, text: impl Into<String>) -> &mut Self {
        self.table.row(label, text);
        self
    }

    /// A number that is shown only, with its unit.
    pub(crate) fn figure(
        &mut self,
        label: impl Into<String>,
        text: impl Into<String>,
    ) -> &mut Self {
        self.table.figure(label, text);
        self
    }

    /// A value for programs only, or in addition to a row that shows it in another form.
    pub(crate) fn field(&mut self, path: &str, value: impl Into<Value>) -> &mut Self {
        insert(&mut self.json, path, value.into());
        self
    }

    /// Words.
    pub(crate) fn words(
        &mut self,
        label: impl Into<String>,
        path: &str,
        text: impl Into<String>,
    ) -> &mut Self {
        let text = text.into();
        self.row(label, text.as_str()).field(path, text)
    }

    /// A number of things.
    pub(crate) fn count(
        &mut self,
        label: impl Into<String>,
        path: &str,
        count: usize,
    ) -> &mut Self {
        self.figure(label, number(count)).field(path, count)
    }

    /// A length in bytes.
    pub(crate) fn bytes(
        &mut self,
        label: impl Into<String>,
        path: &str,
        bytes: usize,
    ) -> &mut Self {
        self.figure(label, format!("{} bytes", number(bytes)))
            .field(path, bytes)
    }

    /// A time.
    pub(crate) fn time(
        &mut self,
        label: impl Into<String>,
        path: &str,
        elapsed: Duration,
    ) -> &mut Self {
        self.figure(label, time(elapsed))
            .field(path, elapsed.as_secs_f64())
    }

    /// The times of the phases of proving, if the prover reports them.
    pub(crate) fn phases<'a>(
        &mut self,
        phases: impl IntoIterator<Item = (&'a str, Duration)>,
    ) -> &mut Self {
        self.field("seconds.phases", Map::new());
        for (phase, elapsed) in phases {
            let path = format!("seconds.phases.{phase}");
            self.time(format!("  {phase}"), &path, elapsed);
        }
        self
    }

    /// The instruction set that this build is for, the vector instructions that it uses and the
    /// best that the processor has: times depend on them. Text has a note instead, where they
    /// differ.
    pub(crate) fn processor(&mut self) -> &mut Self {
        let here = Processor::here();
        let (used, available) = (here.used.name(), here.available.name());
        let processor = json!({ "level": here.level, "used": used, "available": available });
        self.field("processor", processor)
    }

    /// The table and the JSON.
    pub(crate) fn report(&self) -> Report {
        Report {
            text: self.table.text(),
            json: Value::Object(self.json.clone()),
        }
    }
}

/// Sets the field at a path; the objects on the way are created if they are missing.
fn insert(object: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((name, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let inner = object
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_list_makes_the_table_and_the_json() {
        let mut list = Measurements::default();
        list.words("written to", "output", "a.proof")
            .count("cycles", "cycles", 1234)
            .time("proving", "seconds.prove", Duration::from_millis(1500))
            .phases([("trace", Duration::from_millis(500))])
            .bytes("proof", "proof_bytes", 1000)
            .row("program", "accepted")
            .field("accepted", true);
        let report = list.report();
        assert_eq!(
            report.text,
            "written to  a.proof\ncycles            1,234\nproving          1.50 s\n  trace       500.00 ms\nproof       1,000 bytes\nprogram     accepted\n"
        );
        assert_eq!(
            report.json,
            json!({
                "output": "a.proof",
                "cycles": 1234,
                "seconds": { "prove": 1.5, "phases": { "trace": 0.5 } },
                "proof_bytes": 1000,
                "accepted": true,
            })
        );
    }

    #[test]
    fn a_prover_that_tells_no_phases_has_an_empty_list_of_them() {
        let mut list = Measurements::default();
        list.phases([]);
        assert_eq!(list.report().json, json!({ "seconds": { "phases": {} } }));
    }
}
