//! Elaboration of `if` and `match`.

use std::sync::Arc;

use super::builder::negate_mod;
use super::elaborate::{Elaborator, Flow, Result, Scope, Work};
use super::{Block, Check, HintKind, Operand, StatementKind, Value, Way};
use crate::ast::{self, Comparison, Condition, Expression, MatchArm, StatementKind as Tree};
use crate::diagnostics::Code;
use crate::source::Span;

/// Greatest number of arms that are found by hinted bits: five jumps and an assertion are less than
/// a range check and a table.
const MAX_GUARDED_ARMS: u32 = 16;

/// Greatest depth to which the rest of a function is nested in the arms of branches.
const MAX_TAIL_DEPTH: usize = 64;

/// What an arm of a branch asserts before it does anything else: a hint alone has led there.
#[derive(Clone, Copy)]
pub(super) enum Guard {
    /// The two are equal.
    Equal(Operand, Operand),
    /// They are not.
    Different(Operand, Operand),
}

impl Guard {
    /// What the arm for a case of a value asserts.
    pub(super) fn of(way: Way, value: Operand, case: u32) -> Option<Self> {
        match way {
            Way::Bits { .. } => Some(Self::Equal(value, Operand::Constant(case))),
            Way::Table { .. } => None,
        }
    }
}

impl<'a> Elaborator<'a> {
    pub(super) fn branch(
        &mut self,
        condition: &'a Condition,
        then: &'a [ast::Statement],
        otherwise: &'a [ast::Statement],
        work: &mut Vec<Work<'a>>,
        span: Span,
    ) -> Result<Flow> {
        let (left, right, known) = self.condition(condition)?;
        if let Some(holds) = known {
            self.open(Scope::new(), []);
            work.push(Work::PopScope);
            work.push(Work::Block(if holds { then } else { otherwise }));
            return Ok(Flow::Next);
        }
        let (equal, different) = match condition.comparison {
            Comparison::Equal => (then, otherwise),
            Comparison::NotEqual => (otherwise, then),
            _ => {
                return self.fail(
                    Code::NotConstant,
                    condition.span,
                    "`<` and `<=` in a branch need values known at compile time",
                    "branch on `==` or `!=`, or assert the order",
                );
            }
        };
        let continued = self.inline && (returns(then) || returns(otherwise));
        let before = self.scopes[self.base..].to_vec();
        let mut arms = Vec::new();
        // Where one arm leaves the function, the rest of the function belongs to the other: they
        // share cells.
        let tail = self.tail;
        let nests = tail
            && !self.inline
            && self.builder.level == 0
            && self.depth < MAX_TAIL_DEPTH
            && leaves(equal) != leaves(different);
        let guards = [Guard::Equal(left, right), Guard::Different(left, right)];
        for (guard, body) in guards.into_iter().zip([equal, different]) {
            let rest = nests && !leaves(body);
            self.tail = rest;
            let work = arm_work(body, work, continued || rest);
            arms.push(self.arm(Some(guard), &before, work, span)?);
        }
        self.tail = tail;
        if nests {
            work.clear();
        }
        let (blocks, results, flow) = self.join(before, arms, continued, span)?;
        self.builder.span = span;
        self.push_if(left, right, blocks, results);
        Ok(flow)
    }

    /// A cell that is 0 exactly where the two are equal.
    fn difference(&mut self, left: Operand, right: Operand) -> Operand {
        let difference = match (left, right) {
            (Operand::Constant(0), other) | (other, Operand::Constant(0)) => other,
            (Operand::Constant(_), other) => self.builder.subtract(other, left),
            _ => self.builder.subtract(left, right),
        };
        self.builder.cell(difference)
    }

    /// Asserts a guard.
    pub(super) fn guard(&mut self, guard: Guard) {
        match guard {
            Guard::Equal(left, right) => self.builder.push(StatementKind::Equal(left, right)),
            Guard::Different(left, right) => {
                let difference = self.difference(left, right);
                self.builder.invert(difference);
            }
        }
    }

    /// Adds a branch on left = right, whose blocks assert their guards.
    pub(super) fn push_if(
        &mut self,
        left: Operand,
        right: Operand,
        blocks: Vec<Block>,
        results: Vec<Value>,
    ) {
        let same = self.builder.value();
        let mut blocks = blocks.into_iter();
        if let (Some(equal), Some(otherwise)) = (blocks.next(), blocks.next()) {
            self.builder.push(StatementKind::If {
                left,
                right,
                same,
                equal,
                otherwise,
                results,
            });
        }
    }

    pub(super) fn match_arms(
        &mut self,
        value: &'a Expression,
        arms: &'a [MatchArm],
        work: &mut Vec<Work<'a>>,
        span: Span,
    ) -> Result<Flow> {
        let selector = self.operand(value)?;
        let mut patterns = Vec::new();
        for arm in arms {
            patterns.push(self.constant(&arm.pattern)?);
        }
        let first = patterns.first().copied().unwrap_or(0);
        // The checker sees literal patterns only; those of `Const` and `unroll` values have values
        // here.
        if (first..).zip(&patterns).any(|(at, pattern)| at != *pattern) {
            return self.fail(
                Code::MatchNotConsecutive,
                span,
                "the cases are not consecutive integers",
                "write one case for each value, in order",
            );
        }
        if let Operand::Constant(value) = selector {
            self.open(Scope::new(), []);
            work.push(Work::PopScope);
            return Ok(
                match patterns.iter().position(|pattern| *pattern == value) {
                    Some(at) => {
                        work.push(Work::Block(&arms[at].body));
                        Flow::Next
                    }
                    None => {
                        self.failure();
                        Flow::Never
                    }
                },
            );
        }
        let last = first.saturating_add(arms.len() as u32 - 1);
        let note = self.note_value(Check::Case { first, last }, value, selector);
        self.builder.note = Some(Arc::clone(&note));
        let way = self.way(selector, first, arms.len() as u32);
        self.builder.note = None;
        let continued = self.inline && arms.iter().any(|arm| returns(&arm.body));
        let before = self.scopes[self.base..].to_vec();
        let mut elaborated = Vec::new();
        let tail = std::mem::replace(&mut self.tail, false);
        for (arm, case) in arms.iter().zip(first..) {
            let work = arm_work(&arm.body, work, continued);
            let guard = Guard::of(way, selector, case);
            self.builder.note = Some(Arc::clone(&note));
            elaborated.push(self.arm(guard, &before, work, span)?);
        }
        self.tail = tail;
        let (arms, results, flow) = self.join(before, elaborated, continued, span)?;
        self.builder.span = span;
        self.builder
            .push(StatementKind::Switch { way, arms, results });
        Ok(flow)
    }

    /// Prepares a branch by a value to the arms of first, first + 1, …: few arms are found by
    /// hinted bits, many by value − first, which is asserted to be below their number.
    pub(super) fn way(&mut self, value: Operand, first: u32, arms: u32) -> Way {
        let last = first.saturating_add(arms - 1);
        if arms <= MAX_GUARDED_ARMS && last < 2 * MAX_GUARDED_ARMS {
            let number = (u32::BITS - last.leading_zeros()).max(1);
            let bits = self.builder.array(number);
            self.builder.push(StatementKind::Hint {
                kind: HintKind::Bits(number),
                operands: vec![value, Operand::Address(bits, 0)],
                defines: None,
            });
            return Way::Bits { bits, first };
        }
        let selector = self
            .builder
            .add(value, Operand::Constant(negate_mod(first)));
        self.builder.exists(selector, 0);
        let rest = self.builder.subtract(Operand::Constant(arms - 1), selector);
        self.builder.exists(rest, 0);
        Way::Table {
            selector: self.builder.cell(selector),
            destination: self.builder.value(),
        }
    }
}

fn arm_work<'a>(body: &'a [ast::Statement], rest: &[Work<'a>], continued: bool) -> Vec<Work<'a>> {
    if continued {
        let mut work = rest.to_vec();
        work.push(Work::PopScope);
        work.push(Work::Block(body));
        work
    } else {
        vec![Work::Block(body)]
    }
}

/// Whether a block surely leaves the function.
fn leaves(block: &[ast::Statement]) -> bool {
    block.last().is_some_and(|statement| match &statement.kind {
        Tree::Return { .. } | Tree::Panic { .. } => true,
        Tree::If {
            then, otherwise, ..
        } => leaves(then) && leaves(otherwise),
        _ => false,
    })
}

/// Whether a `return` stands in a block.
fn returns(block: &[ast::Statement]) -> bool {
    block.iter().any(|statement| match &statement.kind {
        Tree::Return { .. } => true,
        Tree::If {
            then, otherwise, ..
        } => returns(then) || returns(otherwise),
        Tree::For { body, .. } => returns(body),
        Tree::Match { arms, .. } => arms.iter().any(|arm| returns(&arm.body)),
        _ => false,
    })
}
