//! Elaboration of loops.

use std::rc::Rc;

use super::branches::Guard;
use super::budget::STATEMENT;
use super::builder::{add_mod, negate_mod};
use super::elaborate::{Data, Elaborator, Flow, Result, Scope, Work};
use super::{Block, Carried, End, HintKind, Loop, Operand, Relation, StatementKind, Value};
use crate::ast::{
    self, Expression, Identifier, LoopKind, MODULUS, StatementKind as Tree, TargetKind,
};
use crate::diagnostics::Code;
use crate::source::{Span, Symbol};

/// Greatest number of bits of a value that a range check with a constant bound bounds.
const MAX_ADDRESS_BITS: u32 = 16;
/// Number of bits that every element fits into.
const ELEMENT_BITS: u32 = 31;
/// Greatest number of iterations of an unrolled loop.
const MAX_UNROLL: u32 = 1 << 20;

impl<'a> Elaborator<'a> {
    /// Elaborates a loop.
    pub(super) fn for_loop(
        &mut self,
        variable: &'a Identifier,
        kind: &'a LoopKind,
        (start, end): (&'a Expression, &'a Expression),
        body: &'a [ast::Statement],
        work: &mut Vec<Work<'a>>,
        span: Span,
    ) -> Result<Flow> {
        if *kind == LoopKind::Unroll {
            work.push(self.unrolled(variable, (start, end), body, span)?);
            return Ok(Flow::Next);
        }
        let (first, after) = (start, end);
        let start = self.operand(first)?;
        let end = self.operand(after)?;
        if let LoopKind::DynamicUnroll { bits } = kind {
            self.bounded(bits, (first, start), (after, end), span)?;
        }
        if start == end {
            return Ok(Flow::Next);
        }
        let names = self.carried_names(body, span)?;
        self.pay(names.len() * (STATEMENT + self.scopes.len()), span)?;
        let carried = self.carried_initial(&names, span)?;
        if let (Operand::Constant(first), Operand::Constant(after)) = (start, end) {
            let first = add_mod(first, negate_mod(after));
            let number = Operand::Constant(negate_mod(first));
            let bounds = (Operand::Constant(first), number, end);
            let outer = self.run_time_loop(variable, bounds, body, carried, &names, span)?;
            self.assign_carried(&names, &outer);
            return Ok(Flow::Next);
        }
        self.builder.open();
        self.guard(Guard::Equal(start, end));
        let skipped = self.builder.close(End::Yield(carried.clone()));
        self.builder.open();
        self.guard(Guard::Different(start, end));
        let initial = self.builder.subtract(start, end);
        let iterations = self.builder.subtract(end, start);
        let bounds = (initial, iterations, end);
        let outer = self.run_time_loop(variable, bounds, body, carried, &names, span)?;
        let entered = self
            .builder
            .close(End::Yield(outer.into_iter().map(Operand::Value).collect()));
        let results: Vec<Value> = names.iter().map(|_| self.builder.value()).collect();
        self.assign_carried(&names, &results);
        self.builder.span = span;
        self.push_if(start, end, vec![skipped, entered], results);
        Ok(Flow::Next)
    }

    /// The iterations of a loop at compile time.
    fn unrolled(
        &mut self,
        variable: &'a Identifier,
        (start, end): (&Expression, &Expression),
        body: &'a [ast::Statement],
        span: Span,
    ) -> Result<Work<'a>> {
        let next = self.constant(start)?;
        let end = self.constant(end)?;
        if next > end && next > MODULUS / 2 {
            return self.fail(
                Code::UnrollTooLarge,
                span,
                "an unrolled loop from a negative number",
                "begin at 0 and subtract in the body, or use `range`",
            );
        }
        if end.saturating_sub(next) > MAX_UNROLL {
            return self.fail(
                Code::UnrollTooLarge,
                span,
                "an unrolled loop of more than 2^20 iterations",
                "use `range`",
            );
        }
        Ok(Work::Unroll {
            variable,
            next,
            end,
            body,
            began: self.builder.spent,
            span,
        })
    }

    /// Asserts that the number of iterations of a `dynamic_unroll` is below a power of two.
    fn bounded(
        &mut self,
        bits: &Expression,
        first: (&Expression, Operand),
        after: (&Expression, Operand),
        span: Span,
    ) -> Result<()> {
        let bits = self.constant(bits)?;
        self.builder.note = Some(self.note_iterations(bits, span, first, after));
        let iterations = self.builder.subtract(after.1, first.1);
        if bits <= MAX_ADDRESS_BITS {
            self.less(iterations, Operand::Constant(1 << bits), span)?;
        } else if bits < ELEMENT_BITS {
            self.fits(iterations, bits);
        }
        self.builder.note = None;
        Ok(())
    }

    fn assign_carried(&mut self, names: &[Symbol], values: &[Value]) {
        for (name, value) in names.iter().zip(values) {
            self.assign(name, Data::Scalar(Operand::Value(*value)));
        }
    }

    /// Asserts that a value is below 2^bits, less than p: it is the sum of hinted bits.
    fn fits(&mut self, value: Operand, bits: u32) {
        if let Operand::Constant(value) = value {
            if value >> bits != 0 {
                self.failure();
            }
            return;
        }
        let array = self.builder.array(bits);
        self.builder.push(StatementKind::Hint {
            kind: HintKind::Bits(bits),
            operands: vec![value, Operand::Address(array, 0)],
            defines: None,
        });
        let mut sum = Operand::Constant(0);
        for at in 0..bits {
            let bit = Operand::Cell(array, at);
            self.builder.push(StatementKind::Relation {
                relation: Relation::Multiply,
                operands: [bit; 3],
                defines: None,
                pure: false,
            });
            let double = self.builder.multiply(Operand::Constant(2), sum);
            sum = self.builder.add(double, bit);
        }
        self.builder.push(StatementKind::Equal(sum, value));
    }

    /// The variables around a loop that its body assigns, in order.
    fn carried_names(&mut self, body: &[ast::Statement], span: Span) -> Result<Vec<Symbol>> {
        let names = self.assigned_in.entry(span).or_insert_with(|| {
            let mut names = Vec::new();
            assigned(body, &mut names);
            names.sort();
            names.dedup();
            names.into()
        });
        let names = Rc::clone(names);
        self.pay(4 * names.len(), span)?;
        let carried = names
            .iter()
            .filter(|name| matches!(self.variable(name), Some(Some(_))));
        Ok(carried.cloned().collect())
    }

    fn carried_initial(&self, names: &[Symbol], span: Span) -> Result<Vec<Operand>> {
        names
            .iter()
            .map(|name| match self.variable(name) {
                Some(Some(data)) => self.scalar(data, span),
                _ => Ok(Operand::Constant(0)),
            })
            .collect()
    }

    /// Adds a loop of at least one iteration; the values of the carried variables after it.
    fn run_time_loop(
        &mut self,
        variable: &'a Identifier,
        (initial, iterations, end): (Operand, Operand, Operand),
        body: &'a [ast::Statement],
        carried: Vec<Operand>,
        names: &[Symbol],
        span: Span,
    ) -> Result<Vec<Value>> {
        let outside = self.builder.level;
        let mut the_loop = self.new_loop(initial, iterations, carried);
        let before = self.scopes[self.base..].to_vec();
        for (name, carried) in names.iter().zip(&the_loop.carried) {
            self.assign(name, Data::Scalar(Operand::Value(carried.inner)));
        }
        self.builder.open();
        let index = self.builder.add(Operand::Value(the_loop.counter), end);
        let binding = Some(Data::Scalar(index));
        let scope = Scope::from([(variable.name.clone(), binding)]);
        self.open(scope, []);
        let flow = self.deeper(span, |this| this.run(vec![Work::Block(body)]))?;
        if matches!(flow, Flow::Returned(_) | Flow::Ended) {
            return self.fail(
                Code::ReturnInLoop,
                span,
                "a `return` inside a loop at run time",
                "carry the result in a `Mut` variable and return after the loop",
            );
        }
        let yields = self.carried_initial(names, span)?;
        let end = if matches!(flow, Flow::Never) {
            End::Never
        } else {
            End::Yield(yields)
        };
        the_loop.body = self.builder.close(end);
        self.builder.level = outside;
        self.scopes.truncate(self.base);
        self.scopes.extend(before);
        self.builder.span = span;
        let outer = the_loop.carried.iter().map(|c| c.outer).collect();
        self.builder.push(StatementKind::Loop(Box::new(the_loop)));
        Ok(outer)
    }

    /// A loop without a body, at a level of its own, which is the current one from now on.
    fn new_loop(&mut self, initial: Operand, iterations: Operand, carried: Vec<Operand>) -> Loop {
        let builder = &mut self.builder;
        let outer: Vec<Value> = carried.iter().map(|_| builder.value()).collect();
        let cells = builder.value();
        let total = builder.value();
        let frames = builder.value();
        builder.level = builder.levels;
        builder.levels += 1;
        let enclosing = builder.value();
        let counter = builder.value();
        let next = builder.value();
        let last = builder.value();
        let again = builder.value();
        let of = |(initial, outer)| Carried {
            initial,
            inner: builder.value(),
            outer,
        };
        let carried = carried.into_iter().zip(outer).map(of).collect();
        Loop {
            initial,
            counter,
            end_counter: counter,
            next,
            last,
            again,
            iterations,
            cells,
            total,
            frames,
            enclosing,
            carried,
            body: Block {
                statements: Vec::new(),
                end: End::Never,
            },
            unrolled: 1,
            bound: None,
            level: self.builder.level,
        }
    }
}

/// The names that a block assigns.
fn assigned(block: &[ast::Statement], names: &mut Vec<Symbol>) {
    for statement in block {
        match &statement.kind {
            Tree::Assign { targets, .. } => {
                for target in targets {
                    if let TargetKind::Name { name, .. } = &target.kind {
                        names.push(name.name.clone());
                    }
                }
            }
            Tree::Update { target, .. } => {
                if let TargetKind::Name { name, .. } = &target.kind {
                    names.push(name.name.clone());
                }
            }
            Tree::If {
                then, otherwise, ..
            } => {
                assigned(then, names);
                assigned(otherwise, names);
            }
            Tree::For { body, .. } => assigned(body, names),
            Tree::Match { arms, .. } => {
                for arm in arms {
                    assigned(&arm.body, names);
                }
            }
            _ => {}
        }
    }
}
