//! Elaboration of statements.

use super::budget::STATEMENT;
use super::builder::Place;
use super::elaborate::{Data, Elaborator, Flow, Result, Work};
use super::{HintKind, Operand, StatementKind};
use crate::ast::{self, Expression, ExpressionKind, StatementKind as Tree, Target, TargetKind};
use crate::diagnostics::Code;
use crate::source::Span;

impl<'a> Elaborator<'a> {
    /// Elaborates a statement.
    pub(super) fn statement(
        &mut self,
        statement: &'a ast::Statement,
        work: &mut Vec<Work<'a>>,
    ) -> Result<Flow> {
        let span = statement.span;
        match &statement.kind {
            Tree::Declare { name, .. } => self.declare(&name.name, None),
            Tree::Assign { targets, values } => self.assignment(targets, values, span)?,
            Tree::Update {
                target,
                operator,
                value,
            } => {
                let old = self.old_value(target)?;
                let right = self.operand(value)?;
                let new = self.noted_binary((*operator, value), old, right, span)?;
                self.target(target, Data::Scalar(new))?;
            }
            Tree::If {
                condition,
                then,
                otherwise,
            } => return self.branch(condition, then, otherwise, work, span),
            Tree::For {
                variable,
                kind,
                start,
                end,
                body,
            } => return self.for_loop(variable, kind, (start, end), body, work, span),
            Tree::Match { value, arms } => return self.match_arms(value, arms, work, span),
            Tree::Return { values } => {
                let data = if let [value] = values.as_slice() {
                    self.results(value)?
                } else {
                    let mut data = Vec::new();
                    for value in values {
                        data.push(self.expression(value)?);
                    }
                    data
                };
                // Callers read as many as the function has: one that is missing would be
                // unconstrained.
                if data.len() != self.results {
                    return self.fail(
                        Code::WrongResultCount,
                        span,
                        "a path returns another number of values than the function has results",
                        "return as many values on every path",
                    );
                }
                return Ok(Flow::Returned(data));
            }
            Tree::Assert { condition, .. } => self.assertion(condition)?,
            Tree::DebugAssert { condition, .. } => self.debug_assertion(condition)?,
            Tree::Panic { .. } => {
                self.failure();
                return Ok(Flow::Never);
            }
            Tree::Print { arguments } => self.print(arguments, span)?,
            Tree::Call(call) => {
                self.results(call)?;
            }
        }
        Ok(Flow::Next)
    }

    /// The value of a target before it is assigned.
    fn old_value(&mut self, target: &Target) -> Result<Operand> {
        let old = match &target.kind {
            TargetKind::Name { name, .. } => self.name(&name.name, name.span)?,
            TargetKind::Index { base, index } => self.index(base, index, target.span)?,
            TargetKind::Discard => Data::Scalar(Operand::Constant(0)),
        };
        self.scalar(&old, target.span)
    }

    /// Every argument has its value before any is shown.
    fn print(&mut self, arguments: &'a [Expression], span: Span) -> Result<()> {
        let mut pieces = Vec::new();
        for argument in arguments {
            pieces.push(match &argument.kind {
                ExpressionKind::Text(text) => (Some(text.clone()), Vec::new()),
                _ => (None, vec![self.operand(argument)?]),
            });
        }
        if pieces.is_empty() {
            pieces.push((Some("".into()), Vec::new()));
        }
        // Each is a statement, and is told apart for whoever shows it.
        self.pay(STATEMENT * pieces.len(), span)?;
        self.builder.span = span;
        let last = pieces.len() - 1;
        for (i, (text, operands)) in pieces.into_iter().enumerate() {
            let last = i == last;
            self.builder.push(StatementKind::Hint {
                kind: HintKind::Print { text, last },
                operands,
                defines: None,
            });
        }
        Ok(())
    }

    fn assignment(
        &mut self,
        targets: &[Target],
        values: &'a [Expression],
        span: Span,
    ) -> Result<()> {
        let mut data = Vec::new();
        if let [value] = values {
            data = self.results(value)?;
        } else {
            for value in values {
                data.push(self.expression(value)?);
            }
        }
        if data.len() != targets.len() {
            return self.fail(
                Code::WrongResultCount,
                span,
                "the number of values is not the number of targets",
                "name as many targets as there are values",
            );
        }
        for (target, data) in targets.iter().zip(data) {
            self.target(target, data)?;
        }
        Ok(())
    }

    fn target(&mut self, target: &Target, data: Data) -> Result<()> {
        match &target.kind {
            TargetKind::Discard => {}
            TargetKind::Name { name, annotation } => {
                // The checker leaves paths to this place that depend on values at compile time.
                if annotation.is_none()
                    && matches!(self.variable(&name.name), Some(Some(_)))
                    && !self.mutable.contains(&name.name)
                {
                    return self.fail(
                        Code::AssignedTwice,
                        name.span,
                        "this variable has a value already",
                        "declare it `Mut`, or take another name",
                    );
                }
                self.assign(&name.name, data);
            }
            TargetKind::Index { base, index } => {
                let base_data = self.expression(base)?;
                let base = self.scalar(&base_data, base.span)?;
                let index = self.operand(index)?;
                let value = self.scalar(&data, target.span)?;
                match self.checked_place(base, index, target.span)? {
                    Place::Frame(array, at) => {
                        self.builder
                            .push(StatementKind::Equal(Operand::Cell(array, at), value));
                    }
                    Place::Pointer(pointer, offset) => self.builder.store(pointer, offset, value),
                }
            }
        }
        Ok(())
    }
}
