//! Notes: what an assertion is about in the words of the program, for whoever explains its failure.
//!
//! A note goes with the statements of an assertion through all passes and changes none of them: a
//! value that the code does not need is not kept for its sake.

use std::sync::Arc;

use super::Operand;
use super::budget::STATEMENT;
use super::elaborate::{Data, Elaborator};
use crate::ast::{Comparison, Condition, Expression, ExpressionKind};
use crate::source::{Span, Symbol};

/// What is asserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// `assert`, of two sides.
    Assert(Comparison),
    /// `debug_assert`, of two sides.
    DebugAssert(Comparison),
    /// That a `match` or `match_range` has a case for a value.
    Case {
        /// The value of the first case.
        first: u32,
        /// That of the last.
        last: u32,
    },
    /// That a divisor is not 0.
    Divisor,
    /// That a `dynamic_unroll` has at most so many iterations.
    Iterations(u32),
}

/// An assertion, with the operands whose values say why it fails.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// What is asserted.
    pub(crate) check: Check,
    /// The text of the condition, or of the value that is looked at.
    pub(crate) span: Span,
    /// Expressions of the text, with their values: an operand plus a constant.
    pub(crate) values: Vec<(Span, Operand, u32)>,
    /// The variables that are known at compile time where it stands.
    pub(crate) constants: Arc<[(Symbol, u32)]>,
}

impl Elaborator<'_> {
    /// A note about expressions, of which the first few are the sides of the assertion.
    fn note(&mut self, check: Check, span: Span, sides: &[(&Expression, Operand)]) -> Arc<Note> {
        let mut values = Vec::new();
        for (side, operand) in sides {
            if !matches!(side.kind, ExpressionKind::Integer(_)) {
                values.push((side.span, *operand));
            }
        }
        let mut names: Vec<&Symbol> = Vec::new();
        for (side, _) in sides {
            if !matches!(side.kind, ExpressionKind::Name(_)) {
                self.parts(side, &mut names, &mut values);
            }
        }
        // What is a constant apart from another value may have no cell of its own.
        let split = values.into_iter().map(|(span, operand)| {
            let (base, offset) = self.builder.split(operand);
            (span, base, offset)
        });
        let values: Vec<(Span, Operand, u32)> = split.collect();
        self.builder.spent += STATEMENT + 4 * values.len();
        Arc::new(Note {
            check,
            span,
            values,
            constants: self.known_here().into(),
        })
    }

    /// The variables of an expression that are numbers, each once.
    fn parts<'e>(
        &self,
        expression: &'e Expression,
        names: &mut Vec<&'e Symbol>,
        values: &mut Vec<(Span, Operand)>,
    ) {
        let mut next = |part: &'e Expression| self.parts(part, names, values);
        match &expression.kind {
            ExpressionKind::Name(name) => {
                if !names.contains(&name)
                    && let Some(Some(Data::Scalar(operand))) = self.variable(name)
                    && !matches!(operand, Operand::Address(..))
                {
                    names.push(name);
                    values.push((expression.span, *operand));
                }
            }
            ExpressionKind::Negate(inner) => next(inner),
            ExpressionKind::Binary { left, right, .. } => {
                next(left);
                next(right);
            }
            // Where an array lies says nothing, what is in it does.
            ExpressionKind::Index { base, index } => match self.element(base, index) {
                Some(operand) => values.push((expression.span, operand)),
                None => next(index),
            },
            ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(next),
            ExpressionKind::MatchRange { value, .. } => next(value),
            ExpressionKind::Integer(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::List(_)
            | ExpressionKind::MethodCall { .. } => {}
        }
    }

    /// The element of a list or of an array in a frame, at an index that is written as a number or
    /// a name known at compile time.
    fn element(&self, base: &Expression, index: &Expression) -> Option<Operand> {
        let known = |expression: &Expression| match &expression.kind {
            ExpressionKind::Integer(value) => Some(Data::Scalar(Operand::Constant(*value))),
            ExpressionKind::Name(name) => self.variable(name).cloned().flatten(),
            _ => None,
        };
        let Data::Scalar(Operand::Constant(at)) = known(index)? else {
            return None;
        };
        match known(base)? {
            Data::List(list) => match list.items().get(at as usize)? {
                Data::Scalar(operand) => Some(*operand),
                Data::List(_) => None,
            },
            Data::Scalar(Operand::Address(array, first)) => {
                Some(Operand::Cell(array, first.checked_add(at)?))
            }
            Data::Scalar(_) => None,
        }
    }

    /// From now on statements belong to an assertion about a condition.
    pub(super) fn note_condition(
        &mut self,
        check: Check,
        condition: &Condition,
        (left, right): (Operand, Operand),
    ) {
        let sides = [(&condition.left, left), (&condition.right, right)];
        self.builder.note = Some(self.note(check, condition.span, &sides));
    }

    /// The note of an assertion about one value.
    pub(super) fn note_value(
        &mut self,
        check: Check,
        expression: &Expression,
        value: Operand,
    ) -> Arc<Note> {
        self.note(check, expression.span, &[(expression, value)])
    }

    /// The note of the number of iterations of a loop.
    pub(super) fn note_iterations(
        &mut self,
        bits: u32,
        span: Span,
        start: (&Expression, Operand),
        end: (&Expression, Operand),
    ) -> Arc<Note> {
        self.note(Check::Iterations(bits), span, &[start, end])
    }
}
