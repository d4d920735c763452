//! What a program printed: as text, and as JSON.

use leanvm_compiler::prints::{Line, Piece};
use leanvm_compiler::source::SourceMap;
use serde_json::{Value, json};

use crate::program::file::ProgramFile;
use crate::report::Report;

/// A line that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Printed {
    text: String,
    values: Vec<u32>,
    /// File and line of the `print`, of a guest program.
    place: Option<(String, u32)>,
}

/// What a program printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prints(Vec<Printed>);

impl Prints {
    /// What an execution printed, from the pc of each cycle that began, the values, and the hint of
    /// the last cycle that could not be computed, if there was one. A program in assembly prints a
    /// line for each value.
    pub(crate) fn new(
        file: &ProgramFile,
        pcs: impl IntoIterator<Item = u32>,
        values: Vec<u32>,
        failed_hint: Option<usize>,
    ) -> Self {
        match &file.guest {
            Some(guest) => {
                let lines = guest.compiled.prints.lines(pcs, values, failed_hint);
                Self::of_guest(&guest.sources, &lines)
            }
            None => {
                let line = |value| Printed {
                    text: Piece::Value(value).to_string(),
                    values: vec![value],
                    place: None,
                };
                Self(values.into_iter().map(line).collect())
            }
        }
    }

    /// The lines that a guest program printed.
    pub(crate) fn of_guest(sources: &SourceMap, lines: &[Line]) -> Self {
        let printed = |line: &Line| Printed {
            text: line.to_string(),
            values: line.values().collect(),
            place: sources.get(line.span.file).map(|file| {
                let position = file.position(line.span.start);
                (file.name().to_owned(), position.line)
            }),
        };
        Self(lines.iter().map(printed).collect())
    }

    /// All values, in order.
    pub(crate) fn values(&self) -> Vec<u32> {
        self.0.iter().flat_map(|line| line.values.clone()).collect()
    }

    /// For people, the lines; for programs, `printed` with the values and `prints` with the lines.
    pub(crate) fn report(&self) -> Report {
        let lines: Vec<Value> = self
            .0
            .iter()
            .map(|line| {
                let mut object = json!({ "text": line.text, "values": line.values });
                if let Some((file, number)) = &line.place {
                    object["file"] = json!(file);
                    object["line"] = json!(number);
                }
                object
            })
            .collect();
        Report {
            text: self
                .0
                .iter()
                .map(|line| format!("{}\n", line.text))
                .collect(),
            json: json!({ "printed": self.values(), "prints": lines }),
        }
    }
}
