//! Expressions: names, arity, and what is known at compile time.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::flow::{Truth, Variables};
use super::functions::Signature;
use super::{Placeholders, fold};
use crate::ast::{BinaryOperator, Constant, ConstantValue, Expression, ExpressionKind, Identifier};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::parser::is_placeholder;
use crate::source::{Span, Symbol};

/// The greatest size of a constant list: all lists and integers in it, counted as often as they
/// occur.
pub(crate) const MAX_LIST_SIZE: usize = 1 << 20;
/// The greatest depth of a constant list.
pub(crate) const MAX_LIST_DEPTH: usize = 256;

/// When a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// At compile time, or as the elaboration has it.
    Compile,
    /// At run time only.
    Run,
}

/// What is known of the value of an expression.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) phase: Phase,
    /// The value, if it is known here.
    pub(super) known: Option<ConstantValue>,
    /// The size and depth of `known`, or more.
    pub(super) size: (usize, usize),
    /// Whether it is a list: nothing if only the elaboration knows.
    pub(super) list: Option<bool>,
    /// The number of cells, if it is an `Array` of known size.
    pub(super) cells: Option<u32>,
}

impl Value {
    /// A number of which nothing is known.
    pub(super) const fn number(phase: Phase) -> Self {
        Self {
            phase,
            known: None,
            size: (1, 0),
            list: Some(false),
            cells: None,
        }
    }

    /// A number or a list that the elaboration knows.
    pub(super) fn any() -> Self {
        Self {
            list: None,
            ..Self::number(Phase::Compile)
        }
    }

    pub(super) fn integer(value: u32) -> Self {
        Self {
            known: Some(ConstantValue::Integer(value)),
            ..Self::number(Phase::Compile)
        }
    }

    fn known(value: ConstantValue, size: (usize, usize)) -> Self {
        let list = matches!(value, ConstantValue::List(_));
        Self {
            known: Some(value),
            size,
            list: Some(list),
            ..Self::number(Phase::Compile)
        }
    }

    /// The value, if it is a known integer.
    pub(super) const fn as_integer(&self) -> Option<u32> {
        match &self.known {
            Some(ConstantValue::Integer(value)) => Some(*value),
            _ => None,
        }
    }
}

fn measure(value: &ConstantValue) -> (usize, usize) {
    match value {
        ConstantValue::Integer(_) => (1, 0),
        ConstantValue::List(list) => list
            .iter()
            .map(measure)
            .fold((1, 1), |(size, depth), below| {
                (size.saturating_add(below.0), depth.max(below.1 + 1))
            }),
    }
}

/// The state of the checks.
pub(super) struct Checker {
    pub(super) constants: BTreeMap<Symbol, Value>,
    pub(super) signatures: BTreeMap<Symbol, Signature>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) variables: Variables,
    /// The results of the function that is being checked.
    pub(super) results: usize,
    /// The number of blocks around that no execution reaches.
    pub(super) dead: usize,
    /// The names of the placeholders that have values.
    pub(super) placeholders: Vec<Symbol>,
    /// The number of diagnostics that suggest a name.
    pub(super) suggestions: usize,
}

impl Checker {
    pub(super) fn new(placeholders: &Placeholders) -> Self {
        let constants: BTreeMap<Symbol, Value> = placeholders
            .iter()
            .filter(|(name, _)| is_placeholder(name))
            .map(|(name, value)| {
                let value = Value::known(value.clone(), measure(value));
                (Symbol::from(name.as_str()), value)
            })
            .collect();
        Self {
            placeholders: constants.keys().cloned().collect(),
            suggestions: 0,
            constants,
            signatures: BTreeMap::new(),
            diagnostics: Vec::new(),
            variables: Variables::default(),
            results: 0,
            dead: 0,
        }
    }

    pub(super) fn into_constants(self) -> BTreeMap<Symbol, ConstantValue> {
        self.constants
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.known?)))
            .collect()
    }

    pub(super) fn report(&mut self, code: Code, span: Span, message: &str, remedy: &str) {
        self.diagnostics
            .push(Diagnostic::new(code, span, message, remedy));
    }

    /// Reports what is wrong only where an execution may come.
    pub(super) fn report_live(&mut self, code: Code, span: Span, message: &str, remedy: &str) {
        if self.dead == 0 {
            self.report(code, span, message, remedy);
        }
    }

    /// Evaluates a module constant.
    pub(super) fn constant(&mut self, constant: &Constant) {
        let before = self.diagnostics.len();
        let mut value = self.expression(&constant.value);
        let name = &constant.name;
        if value.known.is_none() {
            if self.diagnostics.len() == before {
                self.not_constant(constant.value.span);
            }
            // Further uses say nothing more.
            value = Value::any();
        }
        if self.constants.contains_key(&name.name) {
            self.report(
                Code::DuplicateName,
                name.span,
                &format!("two constants have the name {}", quoted(&name.name)),
                "rename one; all modules of a program share their names",
            );
            return;
        }
        self.constants.insert(name.name.clone(), value);
    }

    pub(super) fn not_constant(&mut self, span: Span) {
        self.report_live(
            Code::NotConstant,
            span,
            "this must be known at compile time",
            "use constants, `Const` parameters and variables of `unroll`",
        );
    }

    /// An expression whose value is a number, and must be known at compile time.
    pub(super) fn compile_time(&mut self, expression: &Expression) -> Value {
        let value = self.number(expression);
        if value.phase == Phase::Run {
            self.not_constant(expression.span);
        }
        value
    }

    /// An expression whose value is a number.
    pub(super) fn number(&mut self, expression: &Expression) -> Value {
        let value = self.expression(expression);
        if value.list == Some(true) {
            self.report_live(
                Code::TypeMismatch,
                expression.span,
                "a list where a number must stand",
                "take an element with `[i]`",
            );
            return Value::any();
        }
        value
    }

    /// An expression with one value.
    pub(super) fn expression(&mut self, expression: &Expression) -> Value {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Integer(value) => Value::integer(*value),
            ExpressionKind::Text(_) => {
                self.report_live(
                    Code::TypeMismatch,
                    span,
                    "a string where a value must stand",
                    "strings are messages and names of hints",
                );
                Value::any()
            }
            ExpressionKind::Name(name) => self.name(name, span),
            ExpressionKind::List(list) => self.list(list, span),
            ExpressionKind::Negate(operand) => {
                let operand = self.number(operand);
                self.folded(BinaryOperator::Subtract, &Value::integer(0), &operand, span)
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let left = self.number(left);
                let right = self.number(right);
                self.folded(*operator, &left, &right, span)
            }
            ExpressionKind::Index { base, index } => self.index(base, index),
            ExpressionKind::Call { .. }
            | ExpressionKind::MethodCall { .. }
            | ExpressionKind::MatchRange { .. } => {
                let (results, value) = self.call(expression);
                if results.is_some_and(|results| results != 1) {
                    self.result_count(span, 1, results.unwrap_or(0));
                }
                value
            }
        }
    }

    pub(super) fn result_count(&mut self, span: Span, wanted: usize, found: usize) {
        self.report(
            Code::WrongResultCount,
            span,
            &format!("{found} results where {wanted} must be"),
            match found {
                0 => "give the function a `return` with results that it reaches",
                _ => "write as many targets as there are results",
            },
        );
    }

    fn name(&mut self, name: &Symbol, span: Span) -> Value {
        if let Some(index) = self.variables.find(name) {
            if self.variables.assigned[index] == Truth::No {
                self.report_live(
                    Code::NotAssigned,
                    span,
                    &format!("{} has no value on every path to here", quoted(name)),
                    "assign it on each path, or before",
                );
            }
            return self.variables.get(index).value.clone();
        }
        if let Some(value) = self.constants.get(name) {
            return value.clone();
        }
        if is_placeholder(name) {
            let remedy = self.remedy_for_placeholder(name);
            self.report(
                Code::MissingPlaceholder,
                span,
                &format!("the placeholder {} has no value", quoted(name)),
                &remedy,
            );
        } else if self.variables.is_gone(name) {
            self.report(
                Code::UnknownName,
                span,
                &format!("{} is a variable of a block that has ended", quoted(name)),
                "declare it before the block: `name: Imu` or `name: Mut`",
            );
        } else {
            let remedy = self.remedy_for_name(name);
            self.report(
                Code::UnknownName,
                span,
                &format!("{} means nothing here", quoted(name)),
                &remedy,
            );
        }
        Value::any()
    }

    fn list(&mut self, list: &[Expression], span: Span) -> Value {
        let mut elements = Vec::new();
        let mut size = (1, 1);
        for element in list {
            let value = self.expression(element);
            size.0 = usize::saturating_add(size.0, value.size.0);
            size.1 = usize::max(size.1, value.size.1 + 1);
            elements.push(value.known);
        }
        if size.0 > MAX_LIST_SIZE || size.1 > MAX_LIST_DEPTH {
            self.report(
                Code::ArrayTooLarge,
                span,
                &format!("a list of more than {MAX_LIST_SIZE} elements in all"),
                "read the values from the input",
            );
            return Value::any();
        }
        let known: Option<Arc<[ConstantValue]>> = elements.into_iter().collect();
        match known {
            Some(list) => Value::known(ConstantValue::List(list), size),
            None => Value {
                list: Some(true),
                ..Value::any()
            },
        }
    }

    pub(super) fn folded(
        &mut self,
        operator: BinaryOperator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Value {
        let phase = left.phase.max(right.phase);
        let integer_only = matches!(
            operator,
            BinaryOperator::FloorDivide | BinaryOperator::Remainder | BinaryOperator::Power
        );
        if integer_only && phase == Phase::Run {
            self.report_live(
                Code::NotConstant,
                span,
                "`//`, `%` and `**` exist at compile time only",
                "multiply for a power; for a quotient, take a hint and assert `a == q * b + r` and `r < b`",
            );
        }
        let divides = matches!(
            operator,
            BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Remainder
        );
        if divides && right.as_integer() == Some(0) {
            self.division_by_zero(span);
            return Value::number(phase);
        }
        match (left.as_integer(), right.as_integer()) {
            (Some(left), Some(right)) => match fold::binary(operator, left, right) {
                Ok(value) => Value::integer(value),
                Err(_) => Value::number(phase),
            },
            _ => Value::number(phase),
        }
    }

    pub(super) fn division_by_zero(&mut self, span: Span) {
        self.report_live(
            Code::DivisionByZero,
            span,
            "a division by zero",
            "divide by something else",
        );
    }

    pub(super) fn index(&mut self, base: &Expression, index: &Expression) -> Value {
        let span = index.span;
        let array = self.expression(base);
        if array.list == Some(true) {
            let index = self.compile_time(index);
            let (Some(ConstantValue::List(list)), Some(at)) = (&array.known, index.as_integer())
            else {
                return Value::any();
            };
            let Some(element) = list.get(at as usize) else {
                self.out_of_bounds(span, list.len());
                return Value::any();
            };
            let depth = array.size.1.saturating_sub(1);
            return Value::known(element.clone(), (array.size.0, depth));
        }
        let index = self.number(index);
        if let (Some(cells), Some(at)) = (array.cells, index.as_integer())
            && at >= cells
        {
            self.out_of_bounds(span, cells as usize);
        }
        match array.list {
            // A list or a pointer: only the elaboration knows.
            None => Value::any(),
            Some(_) => Value::number(Phase::Run),
        }
    }

    fn out_of_bounds(&mut self, span: Span, length: usize) {
        self.report_live(
            Code::IndexOutOfBounds,
            span,
            &format!("an index outside of an array of {length}"),
            "indices run from 0 to the length minus 1",
        );
    }

    pub(super) fn not_consecutive(&mut self, span: Span) {
        self.report_live(
            Code::MatchNotConsecutive,
            span,
            "the cases of a match are consecutive integers, and this is not the next",
            "order the cases and fill the gaps, with `assert False` where no execution comes",
        );
    }

    /// Reports a variable that has the name of a constant.
    pub(super) fn shadows_constant(&mut self, name: &Identifier) {
        if self.constants.contains_key(&name.name) {
            self.report(
                Code::Shadowing,
                name.span,
                &format!("{} is a constant", quoted(&name.name)),
                "give the variable another name",
            );
        }
    }
}
