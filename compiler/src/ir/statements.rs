//! Elaboration of statements.

use std::sync::Arc;

use super::budget::STATEMENT;
use super::elaborate::{Data, Elaborator, Flow, Guard, Result, Scope, Work};
use super::{Block, Check, HintKind, Operand, Relation, StatementKind, Value, Way};
use crate::ast::{
    self, BinaryOperator, Comparison, Condition, Expression, ExpressionKind, MatchArm,
    StatementKind as Tree, Target, TargetKind,
};
use crate::diagnostics::Code;
use crate::ir::builder::{Place, negate_mod, power_mod};
use crate::source::Span;

/// Greatest bound of a range check: the smallest memory of the production parameters.
const MAX_RANGE_CHECK: u32 = 1 << 16;

/// Greatest number of bits of the bound of a `debug_assert` that a run checks.
const MAX_DEBUG_BITS: u32 = 29;

/// Greatest number of arms that are found by hinted bits: five jumps and an assertion are less than a range check and a table.
const MAX_GUARDED_ARMS: u32 = 16;

/// Greatest depth to which the rest of a function is nested in the arms of branches.
const MAX_TAIL_DEPTH: usize = 64;

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
                let old = match &target.kind {
                    TargetKind::Name { name, .. } => self.name(&name.name, name.span)?,
                    TargetKind::Index { base, index } => self.index(base, index, target.span)?,
                    TargetKind::Discard => Data::Scalar(Operand::Constant(0)),
                };
                let old = self.scalar(&old, target.span)?;
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
                // Callers read as many as the function has: one that is missing would be unconstrained.
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

    /// Both sides of a condition, and whether it holds if that is known.
    fn condition(&mut self, condition: &Condition) -> Result<(Operand, Operand, Option<bool>)> {
        let left = self.operand(&condition.left)?;
        let right = self.operand(&condition.right)?;
        let known = if let (Operand::Constant(a), Operand::Constant(b)) = (left, right) {
            Some(match condition.comparison {
                Comparison::Equal => a == b,
                Comparison::NotEqual => a != b,
                Comparison::Less => a < b,
                Comparison::LessOrEqual => a <= b,
            })
        } else {
            None
        };
        Ok((left, right, known))
    }

    fn branch(
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
        // Where one arm leaves the function, the rest of the function belongs to the other: they share cells.
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

    fn match_arms(
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
        // The checker sees literal patterns only; those of `Const` and `unroll` values have values here.
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

    /// Prepares a branch by a value to the arms of first, first + 1, …: few arms are found by hinted bits, many by
    /// value − first, which is asserted to be below their number.
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

    /// Adds a statement that always fails.
    pub(super) fn failure(&mut self) {
        self.builder.push(StatementKind::Relation {
            relation: Relation::Add,
            operands: [
                Operand::Constant(0),
                Operand::Constant(0),
                Operand::Constant(1),
            ],
            defines: None,
            pure: false,
        });
    }

    fn assertion(&mut self, condition: &Condition) -> Result<()> {
        let (left, right, known) = self.condition(condition)?;
        self.note_condition(
            Check::Assert(condition.comparison),
            condition,
            (left, right),
        );
        let asserted = self.asserted(condition, (left, right), known);
        self.builder.note = None;
        asserted
    }

    fn asserted(
        &mut self,
        condition: &Condition,
        (left, right): (Operand, Operand),
        known: Option<bool>,
    ) -> Result<()> {
        let span = condition.span;
        match condition.comparison {
            Comparison::Less => return self.less(left, right, span),
            Comparison::LessOrEqual => return self.less_or_equal(left, right, span),
            _ => {}
        }
        match (known, condition.comparison) {
            (Some(true), _) => {}
            (Some(false), _) => self.failure(),
            (None, Comparison::Equal) => self.builder.push(StatementKind::Equal(left, right)),
            (None, _) => self.guard(Guard::Different(left, right)),
        }
        Ok(())
    }

    /// A check by hints alone: two of them write to one cell, or one has a value that does not fit.
    fn debug_assertion(&mut self, condition: &Condition) -> Result<()> {
        let (left, right, known) = self.condition(condition)?;
        let check = Check::DebugAssert(condition.comparison);
        self.note_condition(check, condition, (left, right));
        let mut fails = None;
        match (condition.comparison, known) {
            (_, Some(true)) => {}
            (_, Some(false)) => fails = Some((1, Operand::Constant(0), Operand::Constant(1))),
            (Comparison::Equal, None) => fails = Some((1, left, right)),
            (Comparison::NotEqual, None) => fails = Some((0, left, right)),
            (Comparison::Less, None) if right == Operand::Constant(0) => {
                fails = Some((1, Operand::Constant(0), Operand::Constant(1)));
            }
            (comparison, None) => {
                if let Operand::Constant(bound) = right {
                    let greatest = bound - u32::from(comparison == Comparison::Less);
                    self.debug_at_most(left, greatest);
                }
            }
        }
        if let Some((expected, left, right)) = fails {
            let cell = self.builder.value();
            self.builder.push(StatementKind::Hint {
                kind: HintKind::Inverse,
                operands: vec![Operand::Value(cell), Operand::Constant(expected)],
                defines: Some(cell),
            });
            self.builder.push(StatementKind::Hint {
                kind: HintKind::Equal,
                operands: vec![Operand::Value(cell), left, right],
                defines: None,
            });
        }
        self.builder.note = None;
        Ok(())
    }

    /// Two hints that fail unless a value is at most a bound: both it and the distance to the bound fit into the bits of
    /// the bound, whose sum does not wrap around.
    fn debug_at_most(&mut self, value: Operand, greatest: u32) {
        let bits = u32::BITS - greatest.leading_zeros();
        if bits > MAX_DEBUG_BITS {
            return;
        }
        let mut values = vec![value];
        if !(greatest + 1).is_power_of_two() {
            values.push(self.builder.subtract(Operand::Constant(greatest), value));
        }
        for value in values {
            let array = self.builder.array(bits.max(1));
            self.builder.push(StatementKind::Hint {
                kind: HintKind::Bits(bits),
                operands: vec![value, Operand::Address(array, 0)],
                defines: None,
            });
        }
    }

    fn check_bound(&self, bound: Operand, span: Span) -> Result<()> {
        match bound {
            Operand::Constant(bound) if bound > MAX_RANGE_CHECK => self.fail(
                Code::RangeCheckBound,
                span,
                "the bound of a range check is above 65536, the smallest memory of a proof",
                "split the value into smaller limbs",
            ),
            _ => Ok(()),
        }
    }

    /// a < b: both a and b − 1 − a are addresses.
    pub(super) fn less(&mut self, a: Operand, b: Operand, span: Span) -> Result<()> {
        match (a, b) {
            (Operand::Constant(a), Operand::Constant(b)) if a < b => return Ok(()),
            (Operand::Constant(_), Operand::Constant(_)) | (_, Operand::Constant(0)) => {
                self.failure();
                return Ok(());
            }
            (Operand::Constant(a), _) if a < MAX_RANGE_CHECK => {}
            _ => {
                self.check_bound(b, span)?;
                self.builder.exists(a, 0);
            }
        }
        let rest = self.builder.subtract(b, a);
        self.builder.exists(rest, negate_mod(1));
        Ok(())
    }

    /// a ≤ b: both a and b − a are addresses.
    fn less_or_equal(&mut self, a: Operand, b: Operand, span: Span) -> Result<()> {
        match (a, b) {
            (Operand::Constant(a), Operand::Constant(b)) if a <= b => return Ok(()),
            (Operand::Constant(_), Operand::Constant(_)) => {
                self.failure();
                return Ok(());
            }
            (Operand::Constant(a), _) if a < MAX_RANGE_CHECK => {}
            _ => {
                self.check_bound(b, span)?;
                self.builder.exists(a, 0);
            }
        }
        let rest = self.builder.subtract(b, a);
        self.builder.exists(rest, 0);
        Ok(())
    }

    /// a op b, where b is the value of an expression.
    pub(super) fn noted_binary(
        &mut self,
        (operator, right): (BinaryOperator, &Expression),
        a: Operand,
        b: Operand,
        span: Span,
    ) -> Result<Operand> {
        if operator == BinaryOperator::Divide && !matches!(b, Operand::Constant(_)) {
            self.builder.note = Some(self.note_value(Check::Divisor, right, b));
        }
        let result = self.binary(operator, a, b, span);
        self.builder.note = None;
        result
    }

    /// a op b.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        a: Operand,
        b: Operand,
        span: Span,
    ) -> Result<Operand> {
        let zero = |this: &Self| {
            this.fail(
                Code::DivisionByZero,
                span,
                "a division by zero",
                "make sure that the divisor is not zero",
            )
        };
        Ok(match (operator, a, b) {
            (BinaryOperator::Add, ..) => self.builder.add(a, b),
            (BinaryOperator::Subtract, ..) => self.builder.subtract(a, b),
            (BinaryOperator::Multiply, ..) => self.builder.multiply(a, b),
            (BinaryOperator::Divide, _, Operand::Constant(0)) => return zero(self),
            (BinaryOperator::Divide, _, Operand::Constant(b)) => {
                let inverse = super::builder::invert_mod(b);
                self.builder.multiply(a, Operand::Constant(inverse))
            }
            (BinaryOperator::Divide, ..) => {
                let inverse = self.builder.invert(b);
                self.builder.multiply(a, inverse)
            }
            (_, Operand::Constant(a), Operand::Constant(b)) => Operand::Constant(match operator {
                BinaryOperator::Power => power_mod(a, b),
                _ if b == 0 => return zero(self),
                BinaryOperator::FloorDivide => a / b,
                _ => a % b,
            }),
            _ => {
                return self.fail(
                    Code::NotConstant,
                    span,
                    "`//`, `%` and `**` need values known at compile time",
                    "use constants, or a hint and an assertion",
                );
            }
        })
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
