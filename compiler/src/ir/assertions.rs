//! Elaboration of assertions.

use super::branches::Guard;
use super::builder::negate_mod;
use super::elaborate::{Elaborator, Result};
use super::{Check, HintKind, Operand, Relation, StatementKind};
use crate::ast::{Comparison, Condition};
use crate::diagnostics::Code;
use crate::source::Span;

/// Greatest constant bound of a range check, which may make the memory as large.
const MAX_RANGE_CHECK: u32 = 1 << 16;

/// Greatest number of bits of the bound of a `debug_assert` that a run checks.
const MAX_DEBUG_BITS: u32 = 29;

impl Elaborator<'_> {
    /// Both sides of a condition, and whether it holds if that is known.
    pub(super) fn condition(
        &mut self,
        condition: &Condition,
    ) -> Result<(Operand, Operand, Option<bool>)> {
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

    pub(super) fn assertion(&mut self, condition: &Condition) -> Result<()> {
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
    pub(super) fn debug_assertion(&mut self, condition: &Condition) -> Result<()> {
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

    /// Two hints that fail unless a value is at most a bound: both it and the distance to the bound
    /// fit into the bits of the bound, whose sum does not wrap around.
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
                "the bound of a range check is above 65536",
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
}
