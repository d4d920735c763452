//! Expressions and calls of functions.

use std::collections::BTreeMap;

use super::execute::{Flow, Interpreter, Value, list, stop};
use super::{Failure, Stop, field};
use crate::ast::{BinaryOperator, Expression, ExpressionKind, Identifier, MatchRangeArm};
use crate::check::Builtin;
use crate::source::Span;

impl Interpreter<'_> {
    /// A list of expressions; one call among them alone gives all its results.
    pub(super) fn evaluate_results(
        &mut self,
        expressions: &[Expression],
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        if let [single] = expressions {
            return self.evaluate_many(single);
        }
        let mut values = Vec::new();
        for expression in expressions {
            values.push(self.evaluate(expression)?);
        }
        self.step(span)?;
        Ok(values)
    }

    pub(super) fn evaluate_element(&mut self, expression: &Expression) -> Result<u64, Stop> {
        let value = self.evaluate(expression)?;
        self.element(&value, expression.span)
    }

    pub(super) fn evaluate(&mut self, expression: &Expression) -> Result<Value, Stop> {
        let mut values = self.evaluate_many(expression)?;
        match values.pop() {
            Some(value) if values.is_empty() => Ok(value),
            _ => Err(stop(Failure::IllFormed, expression.span)),
        }
    }

    fn evaluate_many(&mut self, expression: &Expression) -> Result<Vec<Value>, Stop> {
        self.enter(expression.span)?;
        let values = self.evaluate_inner(expression)?;
        self.leave();
        Ok(values)
    }

    fn evaluate_inner(&mut self, expression: &Expression) -> Result<Vec<Value>, Stop> {
        let span = expression.span;
        Ok(vec![match &expression.kind {
            ExpressionKind::Integer(integer) => Value::Element(u64::from(*integer)),
            ExpressionKind::Text(_) => return Err(stop(Failure::IllFormed, span)),
            ExpressionKind::Name(name) => self.lookup(name, span)?,
            ExpressionKind::List(elements) => {
                let mut values = Vec::new();
                for element in elements {
                    values.push(self.evaluate(element)?);
                }
                list(values)
            }
            ExpressionKind::Negate(inner) => {
                let element = self.evaluate_element(inner)?;
                Value::Element(field::subtract(0, element))
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let left = self.evaluate_element(left)?;
                let right = self.evaluate_element(right)?;
                Value::Element(operate(*operator, left, right, span)?)
            }
            ExpressionKind::Index { base, index } => self.index(base, index, span)?,
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                if let Some(index) = self.program.by_name.get(&function.name) {
                    let mut values = Vec::new();
                    for argument in arguments {
                        values.push(self.evaluate(argument)?);
                    }
                    return self.call_function(*index, values, span);
                }
                let Some(builtin) = Builtin::from_name(&function.name) else {
                    return Err(stop(Failure::IllFormed, span));
                };
                return self.call_builtin(builtin, arguments, span);
            }
            ExpressionKind::MethodCall {
                receiver,
                method,
                arguments,
            } => {
                return self.call_method(receiver, method, arguments, span);
            }
            ExpressionKind::MatchRange { value, arms } => {
                return self.match_range(value, arms, span);
            }
        }])
    }

    fn call_method(
        &mut self,
        receiver: &Expression,
        method: &Identifier,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        let Value::List(elements) = self.evaluate(receiver)? else {
            return Err(stop(Failure::IllFormed, span));
        };
        match (&*method.name, arguments) {
            ("push", [argument]) => {
                let value = self.evaluate(argument)?;
                self.step(span)?;
                elements.borrow_mut().push(value);
                Ok(Vec::new())
            }
            ("pop", []) => {
                let last = elements.borrow_mut().pop();
                Ok(vec![last.ok_or_else(|| stop(Failure::IllFormed, span))?])
            }
            _ => Err(stop(Failure::IllFormed, span)),
        }
    }

    fn match_range(
        &mut self,
        value: &Expression,
        arms: &[MatchRangeArm],
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        let selected = self.evaluate_element(value)?;
        for arm in arms {
            let start = self.evaluate_element(&arm.start)?;
            let end = self.evaluate_element(&arm.end)?;
            if start <= selected && selected < end {
                self.scopes.push(BTreeMap::new());
                self.declare(&arm.parameter.name, Some(Value::Element(selected)));
                let values = self.evaluate_many(&arm.body)?;
                self.scopes.pop();
                return Ok(values);
            }
        }
        Err(stop(Failure::NoCase, span))
    }

    pub(super) fn index(
        &mut self,
        base: &Expression,
        index: &Expression,
        span: Span,
    ) -> Result<Value, Stop> {
        let base = self.evaluate(base)?;
        let index = self.evaluate_element(index)?;
        if let Value::List(elements) = &base {
            let element = elements.borrow().get(index as usize).cloned();
            return element.ok_or_else(|| stop(Failure::IllFormed, span));
        }
        let address = field::add(self.element(&base, span)?, index);
        let value = self.memory.read(address);
        Ok(match value.map_err(|failure| stop(failure, span))? {
            Some(element) => Value::Element(element),
            None => Value::Cell(address),
        })
    }

    pub(super) fn call_function(
        &mut self,
        index: usize,
        arguments: Vec<Value>,
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        self.step(span)?;
        let program = self.program;
        let function = &program.functions[index].function;
        if function.parameters.len() != arguments.len() {
            return Err(stop(Failure::IllFormed, span));
        }
        let mut parameters = BTreeMap::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            parameters.insert(parameter.name.name.clone(), Some(argument));
        }
        let caller = std::mem::replace(&mut self.scopes, vec![parameters]);
        let flow = self.block(&function.body, None).map_err(|mut stop| {
            stop.calls.push((function.name.name.clone(), span));
            stop
        })?;
        self.scopes = caller;
        Ok(match flow {
            Flow::Next => Vec::new(),
            Flow::Return(values) => values,
        })
    }
}

/// An operator on elements.
pub(super) fn operate(
    operator: BinaryOperator,
    left: u64,
    right: u64,
    span: Span,
) -> Result<u64, Stop> {
    let divides = matches!(
        operator,
        BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Remainder
    );
    if divides && right == 0 {
        return Err(stop(Failure::DivisionByZero, span));
    }
    Ok(match operator {
        BinaryOperator::Add => field::add(left, right),
        BinaryOperator::Subtract => field::subtract(left, right),
        BinaryOperator::Multiply => field::multiply(left, right),
        BinaryOperator::Divide => field::multiply(left, field::inverse(right)),
        BinaryOperator::FloorDivide => left / right,
        BinaryOperator::Remainder => left % right,
        BinaryOperator::Power => field::power(left, right),
    })
}
