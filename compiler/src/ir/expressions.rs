//! Elaboration of expressions.

use std::rc::Rc;

use super::builder::{Place, invert_mod, power_mod};
use super::elaborate::{Data, Elaborator, Result};
use super::list::List;
use super::{Check, Operand};
use crate::ast::{BinaryOperator, Expression, ExpressionKind};
use crate::check::{Builtin, MAX_LIST_DEPTH, MAX_LIST_SIZE};
use crate::diagnostics::Code;
use crate::source::Span;

/// What an element of a list costs.
pub(super) const ELEMENT: usize = 2;
/// Greatest array in a frame.
const MAX_FRAME_ARRAY: u32 = 1 << 16;
/// Greatest array in the frame when it stands in a branch or loop.
const MAX_BLOCK_ARRAY: u32 = 256;
/// Greatest array at all.
const MAX_ARRAY: u32 = 1 << 26;

impl Elaborator<'_> {
    /// The value of an expression that has one.
    pub(super) fn expression(&mut self, expression: &Expression) -> Result<Data> {
        let span = expression.span;
        self.pay(1, span)?;
        Ok(match &expression.kind {
            ExpressionKind::Integer(value) => Data::Scalar(Operand::Constant(*value)),
            ExpressionKind::Text(_) => {
                return self.fail(
                    Code::TypeMismatch,
                    span,
                    "a string stands where a number must",
                    "strings are for messages, hints and `print`",
                );
            }
            ExpressionKind::Name(name) => self.name(name, span)?,
            ExpressionKind::List(items) => {
                let mut list = Vec::new();
                for item in items {
                    list.push(self.expression(item)?);
                }
                self.list(list, span)?
            }
            ExpressionKind::Negate(inner) => {
                let inner = self.operand(inner)?;
                Data::Scalar(self.binary(
                    BinaryOperator::Subtract,
                    Operand::Constant(0),
                    inner,
                    span,
                )?)
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
            } => {
                let left = self.operand(left)?;
                let divisor = self.operand(right)?;
                Data::Scalar(self.noted_binary((*operator, right), left, divisor, span)?)
            }
            ExpressionKind::Index { base, index } => self.index(base, index, span)?,
            ExpressionKind::Call { .. }
            | ExpressionKind::MethodCall { .. }
            | ExpressionKind::MatchRange { .. } => {
                let mut results = self.results(expression)?;
                match (results.pop(), results.is_empty()) {
                    (Some(result), true) => result,
                    _ => {
                        return self.fail(
                            Code::WrongResultCount,
                            span,
                            "a call without exactly one result stands where a value must",
                            "assign the results to as many targets",
                        );
                    }
                }
            }
        })
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
                let inverse = invert_mod(b);
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

    /// A number.
    pub(super) fn operand(&mut self, expression: &Expression) -> Result<Operand> {
        let data = self.expression(expression)?;
        self.scalar(&data, expression.span)
    }

    /// A number known at compile time.
    pub(super) fn constant(&mut self, expression: &Expression) -> Result<u32> {
        match self.operand(expression)? {
            Operand::Constant(value) => Ok(value),
            _ => self.fail(
                Code::NotConstant,
                expression.span,
                "this value must be known at compile time",
                "use constants, `Const` parameters or variables of `unroll`",
            ),
        }
    }

    /// The value of a name.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Result<Data> {
        match self.variable(name) {
            Some(Some(data)) => Ok(data.clone()),
            Some(None) => self.fail(
                Code::NotAssigned,
                span,
                "the variable has no value here",
                "assign it on every path that leads here",
            ),
            None => match self.constant_of_module(name) {
                Some(data) => Ok(data),
                None => self.fail(
                    Code::UnknownName,
                    span,
                    "an unknown name",
                    "define it before it is used",
                ),
            },
        }
    }

    /// The element of a list, or the cell of an array or pointer.
    pub(super) fn index(
        &mut self,
        base: &Expression,
        index: &Expression,
        span: Span,
    ) -> Result<Data> {
        match self.expression(base)? {
            Data::List(list) => {
                let at = self.constant(index)?;
                match list.items().get(at as usize) {
                    Some(data) => Ok(data.clone()),
                    None => self.fail(
                        Code::IndexOutOfBounds,
                        index.span,
                        "the index is not below the length of the list",
                        "use an index from 0 to the length minus 1",
                    ),
                }
            }
            Data::Scalar(base) => {
                let index = self.operand(index)?;
                Ok(Data::Scalar(
                    match self.checked_place(base, index, span)? {
                        Place::Frame(array, at) => Operand::Cell(array, at),
                        Place::Pointer(pointer, offset) => self.builder.load(pointer, offset),
                    },
                ))
            }
        }
    }

    /// The place of base + index, within the bounds if those are known.
    pub(super) fn checked_place(
        &mut self,
        base: Operand,
        index: Operand,
        span: Span,
    ) -> Result<Place> {
        let place = self.builder.place(base, index);
        if let Place::Frame(array, at) = place
            && at >= self.builder.arrays[array.0 as usize].size
        {
            return self.fail(
                Code::IndexOutOfBounds,
                span,
                "the index is not below the size of the array",
                "use an index from 0 to the size minus 1",
            );
        }
        Ok(place)
    }

    /// A list of its own with these elements.
    pub(super) fn list(
        &mut self,
        items: impl IntoIterator<Item = Data>,
        span: Span,
    ) -> Result<Data> {
        let list: List = items.into_iter().collect();
        self.pay(ELEMENT * (1 + list.items().len()), span)?;
        self.check_list(&list, span)?;
        Ok(Data::List(Rc::new(list)))
    }

    /// Refuses a list that is too large or too deep.
    pub(super) fn check_list(&self, list: &List, span: Span) -> Result<()> {
        if list.size() <= MAX_LIST_SIZE && list.depth() <= MAX_LIST_DEPTH {
            return Ok(());
        }
        self.fail(
            Code::ArrayTooLarge,
            span,
            &format!(
                "a list of {} elements and lists in all, {} lists within each other; at most {MAX_LIST_SIZE} and {MAX_LIST_DEPTH}",
                list.size(),
                list.depth()
            ),
            "keep the values in an `Array`, or read them from the input",
        )
    }

    /// `Array(n)`.
    pub(super) fn new_array(&mut self, size: Operand, span: Span) -> Result<Data> {
        Ok(Data::Scalar(match size {
            Operand::Constant(size) if size > MAX_ARRAY => {
                return self.fail(
                    Code::ArrayTooLarge,
                    span,
                    "the array is larger than the memory",
                    "memory has at most 2^26 cells",
                );
            }
            Operand::Constant(size)
                if size <= MAX_BLOCK_ARRAY
                    || (size <= MAX_FRAME_ARRAY && self.builder.depth() <= 1) =>
            {
                Operand::Address(self.builder.array(size), 0)
            }
            size => self.builder.allocate(size),
        }))
    }

    /// A built-in that is a function of numbers known at compile time.
    pub(super) fn compile_time(
        &mut self,
        builtin: Builtin,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Data> {
        let mut values = [0u32; 2];
        for (value, argument) in values.iter_mut().zip(arguments) {
            *value = self.constant(argument)?;
        }
        let [a, b] = values;
        let value = match builtin {
            Builtin::Log2Ceil => {
                if a <= 1 {
                    0
                } else {
                    32 - (a - 1).leading_zeros()
                }
            }
            Builtin::SaturatingSub => a.saturating_sub(b),
            _ if b == 0 => {
                return self.fail(
                    Code::DivisionByZero,
                    span,
                    "a division by zero",
                    "make sure that the divisor is not zero",
                );
            }
            Builtin::DivCeil => a.div_ceil(b),
            Builtin::DivFloor => a / b,
            _ => {
                (u64::from(a).div_ceil(u64::from(b)) * u64::from(b)
                    % u64::from(crate::ast::MODULUS)) as u32
            }
        };
        Ok(Data::Scalar(Operand::Constant(value)))
    }
}
