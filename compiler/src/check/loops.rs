//! Loops: their bounds, their variable, and what is assigned after them.

use super::expressions::{Checker, Phase, Value};
use super::flow::{ScopeKind, Truth, VariableKind};
use crate::ast::{Expression, Identifier, LoopKind, Statement, StatementKind};
use crate::diagnostics::{Code, quoted};
use crate::source::Span;

/// The greatest number of iterations of a loop at compile time.
const MAX_UNROLL: u32 = 1 << 20;
/// The greatest number of bits of a count at run time.
const MAX_COUNT_BITS: u32 = 31;

impl Checker {
    pub(super) fn for_loop(&mut self, statement: &Statement) -> Truth {
        let StatementKind::For {
            variable,
            kind,
            start,
            end,
            body,
        } = &statement.kind
        else {
            return Truth::Yes;
        };
        let unrolled = *kind == LoopKind::Unroll;
        let bound = |this: &mut Self, bound: &Expression| {
            let value = if unrolled {
                this.compile_time(bound)
            } else {
                this.number(bound)
            };
            value.as_integer()
        };
        let first = bound(self, start);
        let end = bound(self, end);
        let iterations = first.zip(end).map(|(first, end)| end.saturating_sub(first));
        if let LoopKind::DynamicUnroll { bits } = kind {
            let known = self.compile_time(bits).as_integer();
            if known.is_some_and(|known| known > MAX_COUNT_BITS) {
                self.unroll_too_large(bits.span);
            }
        }
        if unrolled && iterations.is_some_and(|iterations| iterations > MAX_UNROLL) {
            self.unroll_too_large(statement.span);
        }
        let (scope, phase) = match kind {
            LoopKind::Unroll => (ScopeKind::Unroll, Phase::Compile),
            LoopKind::ParallelRange => (ScopeKind::ParallelLoop, Phase::Run),
            LoopKind::Range | LoopKind::DynamicUnroll { .. } => (ScopeKind::Loop, Phase::Run),
        };
        let before = self.variables.assigned.clone();
        self.variables.open(scope);
        self.loop_variable(variable, phase);
        let dead = usize::from(unrolled && iterations == Some(0));
        self.dead += dead;
        let body_end = self.block(body, ScopeKind::Plain);
        self.dead -= dead;
        self.variables.close();
        if !unrolled {
            for (index, old) in before.into_iter().enumerate() {
                // There may be no iteration. One that assigns an `Imu` is refused, once.
                let changed = self.variables.assigned[index] != old;
                if changed && self.variables.get(index).kind == VariableKind::Mut {
                    self.variables.assigned[index] = old;
                }
            }
            return Truth::Yes;
        }
        self.after_unroll(&before, iterations, statement.span);
        match (iterations, body_end) {
            (Some(0), _) | (_, Truth::Yes) => Truth::Yes,
            (Some(_), Truth::No) => Truth::No,
            _ => Truth::Depends,
        }
    }

    fn unroll_too_large(&mut self, span: Span) {
        self.report_live(
            Code::UnrollTooLarge,
            span,
            "a loop at compile time with too many iterations",
            "use `range`, which is a loop at run time",
        );
    }

    fn loop_variable(&mut self, variable: &Identifier, phase: Phase) {
        if &*variable.name == "_" {
            return;
        }
        self.shadows_constant(variable);
        self.variables.declare(
            &variable.name,
            variable.span,
            VariableKind::Fixed,
            Value::number(phase),
            Truth::Yes,
        );
    }

    /// What is assigned after the iterations of an unrolled loop whose body has been checked once.
    fn after_unroll(&mut self, before: &[Truth], iterations: Option<u32>, span: Span) {
        for (index, old) in before.iter().enumerate() {
            let new = self.variables.assigned[index];
            if new == *old {
                continue;
            }
            self.variables.assigned[index] = match iterations {
                Some(0) => *old,
                Some(1) => new,
                None => Truth::Depends,
                Some(_) => {
                    let variable = self.variables.get(index);
                    if variable.kind == VariableKind::Imu && new == Truth::Yes && *old == Truth::No
                    {
                        let message =
                            format!("{} is assigned in each iteration", quoted(&variable.name));
                        self.report_live(
                            Code::AssignedTwice,
                            span,
                            &message,
                            "declare it `Mut`, or in the loop",
                        );
                    }
                    new
                }
            };
        }
    }
}
