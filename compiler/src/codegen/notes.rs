//! What the assertions of a program are about: where the values of their texts lie at run time.

use std::sync::Arc;

pub use crate::ir::Check;
use crate::source::{Span, Symbol};

/// The value of an expression at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Known at compile time.
    Constant(u32),
    /// In a cell of the frame.
    Cell {
        /// Its distance from the frame.
        offset: u32,
        /// What is added to its value.
        plus: u32,
    },
}

/// An assertion at its place in the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is asserted.
    pub check: Check,
    /// The text of the condition, or of the value that is looked at.
    pub span: Span,
    /// Expressions of the text, as far as the code has their values.
    pub values: Vec<(Span, Source)>,
    /// The variables of `unroll` and `match_range` and the `Const` parameters around, the innermost
    /// first.
    pub constants: Arc<[(Symbol, u32)]>,
}

/// The assertions of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    notes: Vec<Note>,
    /// By pc.
    instructions: Vec<Option<u32>>,
    /// By index.
    hints: Vec<Option<u32>>,
}

impl Notes {
    /// The index of a note, which may be that of the statement before.
    pub(super) fn add(&mut self, note: Note) -> u32 {
        if self.notes.last() != Some(&note) {
            self.notes.push(note);
        }
        self.notes.len() as u32 - 1
    }

    /// The next instruction has this one.
    pub(super) fn instruction(&mut self, note: Option<u32>) {
        self.instructions.push(note);
    }

    /// The next hint has this one.
    pub(super) fn hint(&mut self, note: Option<u32>) {
        self.hints.push(note);
    }

    /// The assertion that a pc belongs to.
    #[must_use]
    pub fn at(&self, pc: u32) -> Option<&Note> {
        self.get(*self.instructions.get(pc as usize)?)
    }

    /// The assertion that a hint belongs to.
    #[must_use]
    pub fn at_hint(&self, hint: usize) -> Option<&Note> {
        self.get(*self.hints.get(hint)?)
    }

    fn get(&self, note: Option<u32>) -> Option<&Note> {
        self.notes.get(note? as usize)
    }
}
