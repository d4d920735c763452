//! Warnings about a guest program: text for people, a list for programs.

use leanvm_compiler::diagnostics::Warning;
use leanvm_compiler::source::SourceMap;
use serde_json::{Value, json};

use crate::options::Lints;

/// The warnings of a command, in both forms.
#[derive(Default)]
pub(crate) struct Warnings {
    /// For people.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Vec<Value>,
}

impl Warnings {
    /// Adds the warnings about a guest program, except those that the command line or the program
    /// allows.
    pub(crate) fn add(&mut self, warnings: &[Warning], sources: &SourceMap, lints: &Lints) {
        let is_wanted = |warning: &&Warning| {
            let name = warning.lint.name();
            let is_allowed = lints.allow.iter().any(|allowed| allowed == name);
            !is_allowed && !warning.is_allowed(sources)
        };
        for warning in warnings.iter().filter(is_wanted) {
            self.text.push_str(&warning.render(sources));
            self.json.push(object(warning, sources));
        }
    }
}

fn object(warning: &Warning, sources: &SourceMap) -> Value {
    let file = sources.get(warning.span.file);
    let position = file.map(|file| file.position(warning.span.start));
    json!({
        "lint": warning.lint.name(),
        "file": file.map(|file| file.name()),
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
        "message": warning.message,
        "remedy": warning.remedy,
    })
}
