//! Runs, variables and statements.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::evaluate::operate;
use super::memory::{CELL_CAP, Memory};
use super::{Failure, Hasher, Input, Run, Stop, field};
use crate::ast::{
    BinaryOperator, Block, Comparison, Condition, ConstantValue, Expression, ExpressionKind,
    LoopKind, MODULUS, MatchArm, Statement, StatementKind, Target, TargetKind,
};
use crate::check::CheckedProgram;
use crate::prints::{Line, Piece};
use crate::source::{Span, Symbol};

/// How deep blocks, expressions and calls may nest, all together.
pub(super) const MAX_DEPTH: u32 = 60_000;

/// What a variable holds.
#[derive(Clone)]
pub(super) enum Value {
    /// An element of F.
    Element(u64),
    /// A cell that had no value when it was read.
    Cell(u64),
    /// A list of compile time.
    List(Rc<RefCell<Vec<Value>>>),
}

/// How a block ends.
pub(super) enum Flow {
    /// At its last statement.
    Next,
    /// With a `return`.
    Return(Vec<Value>),
}

/// The variables of a call, by block; one that is declared without a value has none.
pub(super) type Scopes = Vec<BTreeMap<Symbol, Option<Value>>>;

/// The state of a run.
pub(super) struct Interpreter<'a> {
    pub(super) program: &'a CheckedProgram,
    constants: BTreeMap<Symbol, Value>,
    pub(super) hasher: &'a dyn Hasher,
    pub(super) memory: Memory,
    pub(super) private: BTreeMap<String, VecDeque<Vec<u32>>>,
    pub(super) asked: BTreeMap<String, usize>,
    lines: Vec<Line>,
    pub(super) scopes: Scopes,
    steps_left: u64,
    depth: u32,
}

/// A failure at a place, without a message.
pub(super) fn stop(failure: Failure, span: Span) -> Stop {
    Stop {
        failure,
        span,
        message: None,
        calls: Vec::new(),
    }
}

/// A list of its own.
pub(super) fn list(elements: Vec<Value>) -> Value {
    Value::List(Rc::new(RefCell::new(elements)))
}

fn constant(value: &ConstantValue) -> Value {
    match value {
        ConstantValue::Integer(integer) => Value::Element(u64::from(*integer)),
        ConstantValue::List(elements) => list(elements.iter().map(constant).collect()),
    }
}

/// Runs `main`.
pub(super) fn run(
    program: &CheckedProgram,
    input: &Input,
    hasher: &dyn Hasher,
    max_steps: u64,
    gap: u64,
) -> Run {
    let mut interpreter = Interpreter {
        program,
        constants: program
            .constants
            .iter()
            .map(|(name, value)| (name.clone(), constant(value)))
            .collect(),
        hasher,
        memory: Memory::default(),
        private: input
            .private
            .iter()
            .map(|(name, lists)| (name.clone(), lists.iter().cloned().collect()))
            .collect(),
        asked: BTreeMap::new(),
        lines: Vec::new(),
        scopes: Vec::new(),
        steps_left: max_steps,
        depth: 0,
    };
    let outcome = interpreter.main(input, gap);
    Run {
        outcome,
        lines: interpreter.lines,
        asked: interpreter.asked,
        outside: interpreter.memory.outside,
        allocations: interpreter.memory.into_allocations(),
    }
}

impl Interpreter<'_> {
    fn main(&mut self, input: &Input, gap: u64) -> Result<(), Stop> {
        let span = self.program.functions[self.program.main].function.span;
        let private = input.private.values().flatten().flatten();
        if input.public.len() > 1 << 20 || input.public.iter().chain(private).any(|x| *x >= MODULUS)
        {
            return Err(stop(Failure::InputRefused, span));
        }
        self.memory = Memory::new(&input.public, gap);
        self.call_function(self.program.main, Vec::new(), span)?;
        if self.private.values().any(|lists| !lists.is_empty()) {
            return Err(stop(Failure::WitnessLeftOver, span));
        }
        Ok(())
    }

    pub(super) fn step(&mut self, span: Span) -> Result<(), Stop> {
        if self.steps_left == 0 {
            return Err(stop(Failure::StepLimit, span));
        }
        self.steps_left -= 1;
        Ok(())
    }

    pub(super) fn enter(&mut self, span: Span) -> Result<(), Stop> {
        if self.depth == MAX_DEPTH {
            return Err(stop(Failure::DepthLimit, span));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    // Values

    /// The element, unless the value is a cell still without a value, or a list.
    pub(super) fn element(&mut self, value: &Value, span: Span) -> Result<u64, Stop> {
        match value {
            Value::Element(element) => Ok(*element),
            Value::Cell(address) => self.read(*address, span),
            Value::List(_) => Err(stop(Failure::IllFormed, span)),
        }
    }

    /// The value of a cell, which must have one.
    pub(super) fn read(&mut self, address: u64, span: Span) -> Result<u64, Stop> {
        let value = self.memory.read(address);
        value
            .map_err(|failure| stop(failure, span))?
            .ok_or_else(|| stop(Failure::Undefined, span))
    }

    /// Defines a cell, or checks it.
    pub(super) fn define(&mut self, address: u64, value: u64, span: Span) -> Result<(), Stop> {
        let defined = self.memory.define(address, value);
        defined.map_err(|failure| stop(failure, span))
    }

    /// The two are equal from now on.
    fn equate(&mut self, left: &Value, right: &Value, span: Span) -> Result<(), Stop> {
        let equated = match (left, right) {
            (Value::Element(a), Value::Element(b)) if a == b => Ok(()),
            (Value::Element(_), Value::Element(_)) => Err(Failure::NotEqual),
            (Value::Cell(address), Value::Element(element))
            | (Value::Element(element), Value::Cell(address)) => {
                self.memory.define(*address, *element)
            }
            (Value::Cell(a), Value::Cell(b)) => self.memory.join(*a, *b),
            (Value::List(_), _) | (_, Value::List(_)) => Err(Failure::IllFormed),
        };
        equated.map_err(|failure| stop(failure, span))
    }

    // Variables

    pub(super) fn declare(&mut self, name: &Symbol, value: Option<Value>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.clone(), value);
        }
    }

    fn assign(&mut self, name: &Symbol, value: Value) {
        for scope in self.scopes.iter_mut().rev() {
            if let Some(variable) = scope.get_mut(name) {
                *variable = Some(value);
                return;
            }
        }
        self.declare(name, Some(value));
    }

    pub(super) fn lookup(&self, name: &Symbol, span: Span) -> Result<Value, Stop> {
        let variable = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        match variable {
            Some(value) => value.clone(),
            None => self.constants.get(name).cloned(),
        }
        .ok_or_else(|| stop(Failure::IllFormed, span))
    }

    // Statements

    /// A block in a scope of its own, which starts with one variable if given.
    pub(super) fn block(
        &mut self,
        block: &Block,
        first: Option<(&Symbol, Value)>,
    ) -> Result<Flow, Stop> {
        self.scopes.push(BTreeMap::new());
        if let Some((name, value)) = first {
            self.declare(name, Some(value));
        }
        let mut flow = Flow::Next;
        for statement in block {
            flow = self.statement(statement)?;
            if matches!(flow, Flow::Return(_)) {
                break;
            }
        }
        self.scopes.pop();
        Ok(flow)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Flow, Stop> {
        let span = statement.span;
        self.step(span)?;
        self.enter(span)?;
        let flow = self.statement_inner(statement)?;
        self.leave();
        Ok(flow)
    }

    fn statement_inner(&mut self, statement: &Statement) -> Result<Flow, Stop> {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Declare { name, .. } => self.declare(&name.name, None),
            StatementKind::Assign { targets, values } => {
                let values = self.evaluate_results(values, span)?;
                if values.len() != targets.len() {
                    return Err(stop(Failure::IllFormed, span));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.write(target, value)?;
                }
            }
            StatementKind::Update {
                target,
                operator,
                value,
            } => self.update(target, *operator, value)?,
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => {
                let holds = self.holds(condition)?;
                return self.block(if holds { then } else { otherwise }, None);
            }
            StatementKind::For {
                variable,
                kind,
                start,
                end,
                body,
            } => return self.repeat(&variable.name, kind, (start, end), body, span),
            StatementKind::Match { value, arms } => return self.match_arms(value, arms, span),
            StatementKind::Return { values } => {
                return Ok(Flow::Return(self.evaluate_results(values, span)?));
            }
            StatementKind::Assert { condition, message } => {
                let asserted = self.assert(condition);
                asserted.map_err(|stop| Stop {
                    span: match stop.span == condition.span {
                        // Of the assertion itself, the statement.
                        true => span,
                        false => stop.span,
                    },
                    message: message.clone(),
                    ..stop
                })?;
            }
            StatementKind::DebugAssert { condition, message } => {
                if !self.holds(condition)? {
                    return Err(Stop {
                        message: message.clone(),
                        ..stop(Failure::DebugAssertion, span)
                    });
                }
            }
            StatementKind::Panic { message } => {
                return Err(Stop {
                    message: message.clone(),
                    ..stop(Failure::AssertFalse, span)
                });
            }
            StatementKind::Print { arguments } => self.print(arguments, span)?,
            StatementKind::Call(call) => {
                self.evaluate_results(std::slice::from_ref(call), span)?;
            }
        }
        Ok(Flow::Next)
    }

    fn print(&mut self, arguments: &[Expression], span: Span) -> Result<(), Stop> {
        let mut pieces = Vec::new();
        for argument in arguments {
            pieces.push(match &argument.kind {
                ExpressionKind::Text(text) => Piece::Text(text.clone()),
                _ => Piece::Value(self.evaluate_element(argument)? as u32),
            });
        }
        if pieces.is_empty() {
            pieces.push(Piece::Text("".into()));
        }
        self.lines.push(Line { span, pieces });
        Ok(())
    }

    fn match_arms(
        &mut self,
        value: &Expression,
        arms: &[MatchArm],
        span: Span,
    ) -> Result<Flow, Stop> {
        let selected = self.evaluate_element(value)?;
        for arm in arms {
            if self.evaluate_element(&arm.pattern)? == selected {
                return self.block(&arm.body, None);
            }
        }
        Err(stop(Failure::NoCase, span))
    }

    fn repeat(
        &mut self,
        variable: &Symbol,
        kind: &LoopKind,
        (start, end): (&Expression, &Expression),
        body: &Block,
        span: Span,
    ) -> Result<Flow, Stop> {
        let start = self.evaluate_element(start)?;
        let end = self.evaluate_element(end)?;
        let iterations = match kind {
            LoopKind::Range | LoopKind::ParallelRange => field::subtract(end, start),
            LoopKind::Unroll => end.saturating_sub(start),
            LoopKind::DynamicUnroll { bits } => {
                let bits = self.evaluate_element(bits)?;
                let iterations = field::subtract(end, start);
                if bits < 31 && iterations >> bits != 0 {
                    return Err(stop(Failure::OutOfRange, span));
                }
                iterations
            }
        };
        for iteration in 0..iterations {
            self.step(span)?;
            let value = Value::Element(field::add(start, iteration));
            if let Flow::Return(values) = self.block(body, Some((variable, value)))? {
                return Ok(Flow::Return(values));
            }
        }
        Ok(Flow::Next)
    }

    fn write(&mut self, target: &Target, value: Value) -> Result<(), Stop> {
        match &target.kind {
            TargetKind::Discard => {}
            // A variable that is annotated again is the one that is there.
            TargetKind::Name { name, .. } => self.assign(&name.name, value),
            TargetKind::Index { base, index } => {
                let base = self.evaluate(base)?;
                let index = self.evaluate_element(index)?;
                if let Value::List(elements) = &base {
                    let mut elements = elements.borrow_mut();
                    let element = elements.get_mut(index as usize);
                    *element.ok_or_else(|| stop(Failure::IllFormed, target.span))? = value;
                } else {
                    let base = self.element(&base, target.span)?;
                    let cell = Value::Cell(field::add(base, index));
                    self.equate(&cell, &value, target.span)?;
                }
            }
        }
        Ok(())
    }

    fn update(
        &mut self,
        target: &Target,
        operator: BinaryOperator,
        value: &Expression,
    ) -> Result<(), Stop> {
        let span = target.span;
        let before = match &target.kind {
            TargetKind::Discard => return Err(stop(Failure::IllFormed, span)),
            TargetKind::Name { name, .. } => self.lookup(&name.name, span)?,
            TargetKind::Index { base, index } => self.index(base, index, span)?,
        };
        let before = self.element(&before, span)?;
        let operand = self.evaluate_element(value)?;
        let after = operate(operator, before, operand, span)?;
        self.write(target, Value::Element(after))
    }

    // Conditions

    fn holds(&mut self, condition: &Condition) -> Result<bool, Stop> {
        let left = self.evaluate_element(&condition.left)?;
        let right = self.evaluate_element(&condition.right)?;
        Ok(match condition.comparison {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
        })
    }

    fn assert(&mut self, condition: &Condition) -> Result<(), Stop> {
        let span = condition.span;
        if condition.comparison == Comparison::Equal {
            let left = self.evaluate(&condition.left)?;
            let right = self.evaluate(&condition.right)?;
            return self.equate(&left, &right, span);
        }
        let left = self.evaluate_element(&condition.left)?;
        let right = self.evaluate_element(&condition.right)?;
        let greatest = match condition.comparison {
            Comparison::Less => field::subtract(right, 1),
            _ => right,
        };
        if condition.comparison == Comparison::NotEqual {
            return match left == right {
                true => Err(stop(Failure::Equal, span)),
                false => Ok(()),
            };
        }
        // Both are addresses that the proof dereferences, so that their sum does not wrap around.
        if left < CELL_CAP && field::subtract(greatest, left) < CELL_CAP {
            return Ok(());
        }
        Err(stop(Failure::OutOfRange, span))
    }
}
