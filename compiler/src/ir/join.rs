//! The arms of a branch, and how the control and the values of names go on behind them.

use std::rc::Rc;

use super::branches::Guard;
use super::budget::STATEMENT;
use super::elaborate::{Data, Elaborator, Flow, Result, Scope, Scopes, Work};
use super::{Block, End, Operand, Value};
use crate::diagnostics::Code;
use crate::source::{Span, Symbol};

/// An arm of a branch when it has been elaborated.
pub(super) struct Arm {
    /// Its statements.
    pub(super) block: Block,
    /// How it went on.
    pub(super) flow: Flow,
    /// The scopes at its end.
    pub(super) scopes: Scopes,
}

/// The joining of the arms of a branch.
struct Joint {
    /// The arms behind which the control goes on.
    live: Vec<usize>,
    /// The values that differ between them.
    results: Vec<Value>,
    /// For each arm, what it yields for them.
    yields: Vec<Vec<Operand>>,
    /// The branch.
    span: Span,
}

impl<'a> Elaborator<'a> {
    /// Elaborates an arm from the given scopes; it asserts its guard first, to which a note belongs
    /// that is given.
    pub(super) fn arm(
        &mut self,
        guard: Option<Guard>,
        scopes: &[Rc<Scope>],
        work: Vec<Work<'a>>,
        span: Span,
    ) -> Result<Arm> {
        self.scopes.truncate(self.base);
        self.scopes.extend_from_slice(scopes);
        self.open(Scope::new(), []);
        self.pay(STATEMENT + scopes.len() + work.len(), span)?;
        self.builder.open();
        let note = self.builder.note.take();
        if let Some(guard) = guard {
            self.builder.span = span;
            self.builder.note = note;
            self.guard(guard);
            self.builder.note = None;
        }
        let flow = self.deeper(span, |this| this.run(work))?;
        let block = self.builder.close(End::Never);
        let mut after = self.scopes.split_off(self.base.min(self.scopes.len()));
        after.truncate(scopes.len());
        Ok(Arm {
            block,
            flow,
            scopes: after,
        })
    }

    /// Joins the arms of a branch that started from `before`: ends, results and flow.
    pub(super) fn join(
        &mut self,
        mut before: Scopes,
        arms: Vec<Arm>,
        continued: bool,
        span: Span,
    ) -> Result<(Vec<Block>, Vec<Value>, Flow)> {
        let is_live = |arm: &Arm| match arm.flow {
            Flow::Next => true,
            Flow::Returned(_) => self.inline && continued,
            _ => false,
        };
        let mut joint = Joint {
            live: (0..arms.len()).filter(|i| is_live(&arms[*i])).collect(),
            results: Vec::new(),
            yields: vec![Vec::new(); arms.len()],
            span,
        };
        let flow = if continued {
            self.join_results(&arms, &mut joint)?
        } else if !joint.live.is_empty() {
            self.join_scopes(&mut before, &arms, &mut joint)?;
            Flow::Next
        } else if arms.iter().all(|arm| matches!(arm.flow, Flow::Never)) {
            Flow::Never
        } else {
            Flow::Ended
        };
        self.scopes.truncate(self.base);
        self.scopes.extend(before);
        let mut blocks = Vec::new();
        let mut live = joint.live.iter().peekable();
        for (i, arm) in arms.into_iter().enumerate() {
            let mut block = arm.block;
            block.end = if live.next_if_eq(&&i).is_some() {
                End::Yield(std::mem::take(&mut joint.yields[i]))
            } else if let Flow::Returned(values) = arm.flow {
                End::Return(self.scalars(&values, span)?)
            } else {
                End::Never
            };
            blocks.push(block);
        }
        Ok((blocks, joint.results, flow))
    }

    /// Joins what the arms return.
    fn join_results(&mut self, arms: &[Arm], joint: &mut Joint) -> Result<Flow> {
        let lists: Vec<Vec<Data>> = joint
            .live
            .iter()
            .map(|i| match &arms[*i].flow {
                Flow::Returned(values) => values.clone(),
                _ => Vec::new(),
            })
            .collect();
        let count = lists.iter().map(Vec::len).max().unwrap_or(0);
        let mut joined = Vec::new();
        for at in 0..count {
            let choices: Vec<Option<Data>> =
                lists.iter().map(|list| list.get(at).cloned()).collect();
            let Some(data) = self.join_data(&choices, joint)? else {
                return self.fail(
                    Code::WrongResultCount,
                    joint.span,
                    "paths return different numbers of results",
                    "return as many on each",
                );
            };
            joined.push(data);
        }
        Ok(match joint.live.is_empty() {
            true => Flow::Never,
            false => Flow::Returned(joined),
        })
    }

    /// Joins what the arms made of the variables of the scopes before them.
    fn join_scopes(&mut self, before: &mut Scopes, arms: &[Arm], joint: &mut Joint) -> Result<()> {
        for (level, scope) in before.iter_mut().enumerate() {
            let ends: Vec<&Rc<Scope>> = joint
                .live
                .iter()
                .filter_map(|i| arms[*i].scopes.get(level))
                .collect();
            if ends.iter().all(|end| Rc::ptr_eq(scope, end)) {
                continue;
            }
            self.pay_scope(scope.len() * (1 + joint.live.len()), joint.span)?;
            let mut names: Vec<Symbol> = scope.keys().cloned().collect();
            names.sort();
            let mut joined = Scope::clone(scope);
            for name in names {
                let choices: Vec<Option<Data>> = ends
                    .iter()
                    .map(|end| end.get(&name).cloned().flatten())
                    .collect();
                let data = self.join_data(&choices, joint)?;
                joined.insert(name, data);
            }
            *scope = Rc::new(joined);
        }
        Ok(())
    }

    /// The data that is one of the choices of the live arms; `None` if one of them has none.
    fn join_data(&mut self, choices: &[Option<Data>], joint: &mut Joint) -> Result<Option<Data>> {
        let span = joint.span;
        let Some(Some(first)) = choices.first() else {
            return Ok(None);
        };
        self.pay(choices.len(), span)?;
        if let Data::List(list) = first {
            // Lists that are not one in memory are compared element by element.
            let others = choices.iter().filter(
                |choice| matches!(choice, Some(Data::List(other)) if !Rc::ptr_eq(list, other)),
            );
            self.pay(list.size() * others.count(), span)?;
        }
        if choices.iter().all(|choice| choice.as_ref() == Some(first)) {
            return Ok(Some(first.clone()));
        }
        let mut operands = Vec::new();
        for choice in choices {
            match choice {
                Some(Data::Scalar(operand)) => operands.push(*operand),
                Some(Data::List(_)) => {
                    return self.fail(
                        Code::NotConstant,
                        span,
                        "a list changes in a branch that is decided at run time",
                        "lists exist at compile time only; use `Array`",
                    );
                }
                None => return Ok(None),
            }
        }
        let value = self.builder.value();
        joint.results.push(value);
        for (arm, operand) in joint.live.iter().zip(operands) {
            joint.yields[*arm].push(operand);
        }
        Ok(Some(Data::Scalar(Operand::Value(value))))
    }
}
