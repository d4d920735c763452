//! What the iterations of a loop need of the level outside, carried from one to the next instead of
//! fetched by each.

use std::collections::{HashMap, HashSet};

use super::Localiser;
use crate::ir::builder::add_mod;
use crate::ir::optimise::visit_operands;
use crate::ir::{
    Block, Carried, End, HintKind, Loop, Operand, Relation, Statement, StatementKind, Value,
};

impl Localiser<'_> {
    /// A value of the level outside that an iteration only adds to its counter, as in `a[i]`: the
    /// sum is carried and grows by 1, instead of being made from its parts in each iteration.
    pub(super) fn reduce(&mut self, the_loop: &mut Loop) {
        let mut uses: HashMap<Operand, u32> = HashMap::new();
        visit_operands(&mut the_loop.body, &mut |operand| {
            *uses.entry(*operand).or_default() += 1;
        });
        if !matches!(the_loop.body.end, End::Yield(_)) {
            return;
        }
        let counter = Operand::Value(the_loop.counter);
        let quiet = quiet(&the_loop.body);
        let mut fetched: HashMap<Operand, (usize, Operand)> = HashMap::new();
        let mut dropped = HashSet::new();
        let mut sums = Vec::new();
        for (at, statement) in the_loop.body.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Outer {
                    inner,
                    outer,
                    defines: Some(_),
                    ..
                } if uses.get(inner) == Some(&2) => {
                    fetched.insert(*inner, (at, *outer));
                }
                StatementKind::Relation {
                    relation: Relation::Add,
                    operands: [left, right, _],
                    defines: Some(sum),
                    pure: true,
                } => {
                    let other = if *left == counter {
                        *right
                    } else if *right == counter {
                        *left
                    } else {
                        continue;
                    };
                    if let Some((from, outer)) = fetched.remove(&other)
                        && (at < quiet || self.is_defined(self.here(), outer))
                    {
                        dropped.extend([from, at]);
                        sums.push((*sum, outer));
                    }
                }
                _ => {}
            }
        }
        let mut at = 0;
        the_loop.body.statements.retain(|_| {
            at += 1;
            !dropped.contains(&(at - 1))
        });
        for (sum, outer) in sums {
            self.carry_sum(the_loop, sum, outer);
        }
    }

    fn carry_sum(&mut self, the_loop: &mut Loop, sum: Value, outer: Operand) {
        let depth = self.here();
        let initial = match (outer, the_loop.initial) {
            (Operand::Address(array, offset), Operand::Constant(first)) => {
                Operand::Address(array, add_mod(offset, first))
            }
            _ => {
                let level = self.contexts[depth].level;
                let initial = Operand::Value(self.function.value(level));
                self.relation(depth, [outer, the_loop.initial, initial], initial);
                initial
            }
        };
        let next = Operand::Value(self.function.value(the_loop.level));
        let (span, inline_call) = (self.span, self.inline_call);
        the_loop.body.statements.push(Statement {
            kind: addition([Operand::Value(sum), Operand::Constant(1), next], next),
            span,
            inline_call,
            note: None,
        });
        if let End::Yield(yields) = &mut the_loop.body.end {
            yields.push(next);
        }
        let after = self.function.value(self.contexts[depth].level);
        the_loop.carried.push(Carried {
            initial,
            inner: sum,
            outer: after,
        });
    }

    fn relation(&mut self, depth: usize, operands: [Operand; 3], defines: Operand) {
        self.push(depth, addition(operands, defines));
        for operand in operands {
            self.define(operand);
        }
    }

    /// Where the number of iterations is constant and all that an iteration needs of the level
    /// outside are values that are defined before the loop, or that an iteration needs before it
    /// can have defined them, these are carried from iteration to iteration: then no iteration
    /// needs the address of the frame outside.
    pub(super) fn carry(&mut self, the_loop: &mut Loop) {
        let needed: HashSet<Operand> = the_loop
            .body
            .statements
            .iter()
            .take(quiet(&the_loop.body) + 1)
            .flat_map(|statement| needs(&statement.kind))
            .collect();
        let depth = self.here();
        let mut found = Vec::new();
        for statement in &the_loop.body.statements {
            match &statement.kind {
                StatementKind::Outer {
                    inner,
                    outer,
                    enclosing,
                    defines,
                } if *enclosing == the_loop.enclosing => match defines {
                    Some(value) if self.is_defined(depth, *outer) || needed.contains(inner) => {
                        found.push((*value, *outer));
                    }
                    _ => return,
                },
                StatementKind::If {
                    equal, otherwise, ..
                } if equal.looks_out(the_loop.enclosing)
                    || otherwise.looks_out(the_loop.enclosing) =>
                {
                    return;
                }
                StatementKind::Switch { arms, .. }
                    if arms.iter().any(|arm| arm.looks_out(the_loop.enclosing)) =>
                {
                    return;
                }
                _ => {}
            }
        }
        let End::Yield(yields) = &mut the_loop.body.end else {
            return;
        };
        if !matches!(the_loop.iterations, Operand::Constant(_)) {
            return;
        }
        for (value, outer) in found {
            yields.push(Operand::Value(value));
            let after = self.function.value(self.contexts[depth].level);
            the_loop.carried.push(Carried {
                initial: outer,
                inner: value,
                outer: after,
            });
        }
        let enclosing = the_loop.enclosing;
        the_loop.body.statements.retain(|statement| {
            !matches!(&statement.kind, StatementKind::Outer { enclosing: at, .. } if *at == enclosing)
        });
    }
}

fn addition(operands: [Operand; 3], defines: Operand) -> StatementKind {
    StatementKind::Relation {
        relation: Relation::Add,
        operands,
        defines: match defines {
            Operand::Value(value) => Some(value),
            _ => None,
        },
        pure: true,
    }
}

/// The number of statements of a block before the first that may define a cell other than that of
/// its own result.
fn quiet(block: &Block) -> usize {
    block
        .statements
        .iter()
        .position(|statement| {
            !matches!(
                &statement.kind,
                StatementKind::Relation {
                    defines: Some(_),
                    pure: true,
                    ..
                } | StatementKind::Outer {
                    defines: Some(_),
                    ..
                } | StatementKind::Hint {
                    defines: Some(_),
                    ..
                } | StatementKind::Hint {
                    kind: HintKind::Print { .. },
                    ..
                } | StatementKind::FrameAddress(_)
                    | StatementKind::Array(_)
            )
        })
        .unwrap_or(block.statements.len())
}

/// The operands that a statement itself needs to be defined, whatever path is taken.
fn needs(kind: &StatementKind) -> Vec<Operand> {
    match kind {
        StatementKind::Relation { operands, .. } => operands.to_vec(),
        StatementKind::Dereference { pointer, .. } => vec![*pointer],
        StatementKind::Machine(_, operands) => operands.clone(),
        StatementKind::If { left, right, .. } => vec![*left, *right],
        _ => Vec::new(),
    }
}
