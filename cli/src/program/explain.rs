//! Failed assertions in the words of the program: what was asserted, and the values that it was
//! asserted of.

use leanvm_compiler::ast::MODULUS;
use leanvm_compiler::compile::{Check, Note, Source};
use leanvm_compiler::diagnostics::{shown_values, signed};
use leanvm_compiler::source::{SourceMap, Span};
use leanvm_fast::rejection::Rejection;

use crate::program::guest::Guest;

/// Most characters of a condition that are shown.
const SHOWN: usize = 100;

/// Describes the assertion to which a rejection at a pc, or of a hint there, belongs; `cell` reads
/// the frame.
pub(crate) fn explanation(
    guest: &Guest,
    rejection: Rejection,
    (pc, hint): (u32, Option<usize>),
    cell: impl Fn(u32) -> Option<u32>,
) -> Option<String> {
    let is_about_values = matches!(
        rejection,
        Rejection::RelationViolated
            | Rejection::OperandUndefined
            | Rejection::DivisionByZero
            | Rejection::FactorUndetermined
            | Rejection::AddressOutOfRange
            | Rejection::HintFailed
            | Rejection::HintConflict
    );
    let notes = &guest.compiled.notes;
    let note = match hint {
        Some(hint) => notes.at_hint(hint),
        None => notes.at(pc),
    };
    let note = note.filter(|_| is_about_values)?;
    let mut text = described(note, &guest.sources);
    let values = values(note, &guest.sources, cell);
    if !values.is_empty() {
        text.push_str(": ");
        text.push_str(&values.join(", "));
    }
    let constants = note.constants.iter().cloned();
    let others: Vec<_> = constants
        .filter(|constant| !values.contains(&shown_values(std::slice::from_ref(constant))))
        .collect();
    if !others.is_empty() {
        text.push_str(", where ");
        text.push_str(&shown_values(&others));
    }
    Some(text)
}

fn described(note: &Note, sources: &SourceMap) -> String {
    let condition = excerpt(sources, note.span);
    match note.check {
        Check::Assert(_) => format!("assert {condition} failed"),
        Check::DebugAssert(_) => format!("debug_assert({condition}) failed"),
        Check::Case { first, last } => {
            format!("no case for {condition}, the cases are {first} to {last}")
        }
        Check::Divisor => format!("division by {condition}"),
        Check::Iterations(bits) => format!("a `dynamic_unroll` of 2^{bits} iterations or more"),
    }
}

/// The values of the expressions of a note, each text once.
fn values(note: &Note, sources: &SourceMap, cell: impl Fn(u32) -> Option<u32>) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for (span, source) in &note.values {
        let name = excerpt(sources, *span);
        let value = match source {
            Source::Constant(value) => Some(*value),
            Source::Cell { offset, plus } => cell(*offset).map(|value| sum(value, *plus)),
        };
        let value = match value {
            Some(value) => format!("{name} = {}", signed(value)),
            None => format!("{name} has no value"),
        };
        if !shown.contains(&value) {
            shown.push(value);
        }
    }
    shown
}

/// The sum of two elements.
fn sum(left: u32, right: u32) -> u32 {
    ((u64::from(left) + u64::from(right)) % u64::from(MODULUS)) as u32
}

/// The text of a span on one line.
fn excerpt(sources: &SourceMap, span: Span) -> String {
    let text = sources
        .get(span.file)
        .and_then(|file| file.text().get(span.start as usize..span.end as usize))
        .unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().nth(SHOWN).is_none() {
        return line;
    }
    line.chars().take(SHOWN).chain(['…']).collect()
}
