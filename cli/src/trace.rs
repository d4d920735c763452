//! The stack at a rejection, as failures show it.

use serde_json::{Value, json};

/// A function, or the instructions behind a label of assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name, with its compile-time arguments.
    pub(crate) name: String,
    /// Whether it is inlined into its callers.
    pub(crate) inline: bool,
}

impl Function {
    /// The name as profiles and traces show it.
    pub(crate) fn shown(&self) -> String {
        if self.inline {
            format!("{} [inline]", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The file.
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) number: u32,
    /// Without indentation and control characters.
    pub(crate) text: String,
}

/// One function of a stack and the line at which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The function.
    pub(crate) function: Function,
    /// The line.
    pub(crate) line: Line,
    /// Counted from 1.
    pub(crate) column: u32,
}

/// Where an execution was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// What failed, in the words of the program.
    pub(crate) explanation: Option<String>,
    /// The message of the assertion that failed.
    pub(crate) message: Option<String>,
    /// The innermost first.
    pub(crate) entries: Vec<Entry>,
}

/// Most entries of a trace that are shown.
const SHOWN: usize = 24;

/// A line as comments, tables and traces show it.
pub(crate) fn shown(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl Trace {
    /// For people: what failed, and in which line.
    pub(crate) fn headline(&self) -> String {
        let mut text = String::new();
        if let Some(explanation) = &self.explanation {
            text.push_str(&format!("\n  {explanation}"));
        }
        if let Some(message) = &self.message {
            text.push_str(&format!("\n  message: {}", shown(message)));
        }
        if let Some(Entry { line, column, .. }) = self.entries.first() {
            let Line {
                file,
                number,
                text: line,
            } = line;
            text.push_str(&format!("\n  at {file}:{number}:{column}: {line}"));
        }
        text
    }

    /// For people: the stack.
    pub(crate) fn text(&self) -> String {
        let mut text = "\n  stack, innermost first:".to_owned();
        let left_out = self.entries.len().saturating_sub(SHOWN);
        for (i, entry) in self.entries.iter().enumerate() {
            if left_out > 0 && (SHOWN / 2..SHOWN / 2 + left_out).contains(&i) {
                if i == SHOWN / 2 {
                    text.push_str(&format!("\n    … {left_out} more"));
                }
                continue;
            }
            let Entry {
                function,
                line,
                column,
            } = entry;
            text.push_str(&format!(
                "\n    {}:{}:{column} in {}\n      {}",
                line.file,
                line.number,
                function.shown(),
                line.text
            ));
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        self.entries
            .iter()
            .map(|entry| {
                json!({
                    "function": entry.function.name,
                    "inline": entry.function.inline,
                    "file": entry.line.file,
                    "line": entry.line.number,
                    "column": entry.column,
                    "text": entry.line.text,
                })
            })
            .collect()
    }
}
