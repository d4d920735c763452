//! Expressions and conditions.
//!
//! From loose to tight: `+ -`, `* / // %`, unary `-`, `**` (to the right), then calls, indices and
//! methods.

use super::{Parsed, Parser};
use crate::ast::{
    BinaryOperator, Comparison, Condition, ConstantValue, Expression, ExpressionKind, Identifier,
    MODULUS, MatchRangeArm,
};
use crate::diagnostics::{Code, Diagnostic};
use crate::lexer::{Keyword, MAX_NESTING, Mark, TokenKind};
use crate::source::Span;

/// An expression and the height of its tree.
pub(super) struct Tree {
    pub(super) expression: Expression,
    height: usize,
}

/// How tightly a binary operator binds, and which it is.
const fn binary(mark: Mark) -> Option<(u8, BinaryOperator)> {
    Some(match mark {
        Mark::Add => (1, BinaryOperator::Add),
        Mark::Subtract => (1, BinaryOperator::Subtract),
        Mark::Multiply => (2, BinaryOperator::Multiply),
        Mark::Divide => (2, BinaryOperator::Divide),
        Mark::FloorDivide => (2, BinaryOperator::FloorDivide),
        Mark::Remainder => (2, BinaryOperator::Remainder),
        _ => return None,
    })
}

impl Parser {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        Ok(self.tree()?.expression)
    }

    fn tree(&mut self) -> Parsed<Tree> {
        self.enter()?;
        let tree = self.operators(1);
        self.leave();
        tree
    }

    /// Puts a node above parts whose highest has `below`.
    fn node(&self, kind: ExpressionKind, span: Span, below: usize) -> Parsed<Tree> {
        if below >= MAX_NESTING {
            return Err(self.too_deep(span));
        }
        Ok(Tree {
            expression: Expression { kind, span },
            height: below + 1,
        })
    }

    /// A chain of operators that bind at least as tightly as `least`, to the left.
    fn operators(&mut self, least: u8) -> Parsed<Tree> {
        let mut left = self.unary()?;
        loop {
            let TokenKind::Mark(mark) = *self.peek() else {
                return Ok(left);
            };
            let Some((tightness, operator)) = binary(mark).filter(|(t, _)| *t >= least) else {
                return Ok(left);
            };
            self.bump();
            let right = self.operators(tightness + 1)?;
            left = self.binary_node(operator, left, right)?;
        }
    }

    fn binary_node(&self, operator: BinaryOperator, left: Tree, right: Tree) -> Parsed<Tree> {
        let span = left.expression.span.to(right.expression.span);
        let below = left.height.max(right.height);
        let kind = ExpressionKind::Binary {
            operator,
            left: Box::new(left.expression),
            right: Box::new(right.expression),
        };
        self.node(kind, span, below)
    }

    fn unary(&mut self) -> Parsed<Tree> {
        let start = self.span();
        if self.take_mark(Mark::Subtract) {
            self.enter()?;
            let operand = self.unary();
            self.leave();
            let operand = operand?;
            let span = start.to(operand.expression.span);
            let kind = ExpressionKind::Negate(Box::new(operand.expression));
            return self.node(kind, span, operand.height);
        }
        let base = self.postfix()?;
        if !self.take_mark(Mark::Power) {
            return Ok(base);
        }
        self.enter()?;
        let exponent = self.unary();
        self.leave();
        self.binary_node(BinaryOperator::Power, base, exponent?)
    }

    fn postfix(&mut self) -> Parsed<Tree> {
        let mut tree = self.primary()?;
        loop {
            if self.take_mark(Mark::OpenSquare) {
                let index = self.tree()?;
                if self.is_mark(Mark::Colon) || self.is_mark(Mark::Comma) {
                    return Err(self.unsupported(
                        self.span(),
                        "an index is one expression",
                        "write `a[i]`, and `a[i][j]` for a nested list",
                    ));
                }
                let span = tree
                    .expression
                    .span
                    .to(self.expect_mark(Mark::CloseSquare)?);
                let below = tree.height.max(index.height);
                let kind = ExpressionKind::Index {
                    base: Box::new(tree.expression),
                    index: Box::new(index.expression),
                };
                tree = self.node(kind, span, below)?;
            } else if self.take_mark(Mark::Dot) {
                let method = self.expect_name("the name of a method")?;
                if !self.is_mark(Mark::OpenRound) {
                    return Err(self.unsupported(
                        method.span,
                        "a value has no attributes",
                        "a `DynArray` has the methods `push` and `pop`",
                    ));
                }
                let (arguments, height) = self.arguments()?;
                let span = tree.expression.span.to(self.last_span());
                let below = tree.height.max(height);
                let kind = ExpressionKind::MethodCall {
                    receiver: Box::new(tree.expression),
                    method,
                    arguments,
                };
                tree = self.node(kind, span, below)?;
            } else if self.is_mark(Mark::OpenRound) {
                return Err(self.unsupported(
                    self.span(),
                    "only a function can be called, by its name",
                    "write the name of a function before the bracket",
                ));
            } else {
                return Ok(tree);
            }
        }
    }

    /// `(e, …)`: the arguments and the height of the highest.
    fn arguments(&mut self) -> Parsed<(Vec<Expression>, usize)> {
        self.expect_mark(Mark::OpenRound)?;
        self.list_until(Mark::CloseRound)
    }

    /// Expressions between commas up to a closing bracket.
    fn list_until(&mut self, close: Mark) -> Parsed<(Vec<Expression>, usize)> {
        let mut list = Vec::new();
        let mut height = 0;
        while !self.is_mark(close) {
            let tree = self.tree()?;
            if self.is_mark(Mark::Assign) {
                return Err(self.unsupported(
                    self.span(),
                    "arguments have no names",
                    "give the arguments in the order of the parameters",
                ));
            }
            height = height.max(tree.height);
            list.push(tree.expression);
            if !self.take_mark(Mark::Comma) {
                break;
            }
        }
        self.expect_mark(close)?;
        Ok((list, height))
    }

    fn primary(&mut self) -> Parsed<Tree> {
        let span = self.span();
        match self.peek().clone() {
            TokenKind::Integer(value) => {
                self.bump();
                self.node(ExpressionKind::Integer(value), span, 0)
            }
            TokenKind::Keyword(keyword @ (Keyword::True | Keyword::False)) => {
                self.bump();
                let value = u32::from(keyword == Keyword::True);
                self.node(ExpressionKind::Integer(value), span, 0)
            }
            TokenKind::Text(mut text) => {
                self.bump();
                // Adjacent strings are one string.
                while let TokenKind::Text(more) = self.peek() {
                    text = format!("{text}{more}").into();
                    self.bump();
                }
                self.node(ExpressionKind::Text(text), span.to(self.last_span()), 0)
            }
            TokenKind::Name(name) => {
                self.bump();
                if !self.is_mark(Mark::OpenRound) {
                    return self.node(ExpressionKind::Name(name), span, 0);
                }
                if &*name == "match_range" {
                    return self.match_range(span);
                }
                let (arguments, height) = self.arguments()?;
                let function = Identifier { name, span };
                let kind = ExpressionKind::Call {
                    function,
                    arguments,
                };
                self.node(kind, span.to(self.last_span()), height)
            }
            TokenKind::Mark(Mark::OpenRound) => {
                self.bump();
                let mut tree = self.tree()?;
                if self.is_mark(Mark::Comma) {
                    return Err(self.unsupported(
                        self.span(),
                        "a tuple is no value",
                        "tuples stand alone on a side of `=` and after `return`",
                    ));
                }
                tree.expression.span = span.to(self.expect_mark(Mark::CloseRound)?);
                Ok(tree)
            }
            TokenKind::Mark(Mark::OpenSquare) => {
                self.bump();
                let (list, height) = self.list_until(Mark::CloseSquare)?;
                self.node(
                    ExpressionKind::List(list),
                    span.to(self.last_span()),
                    height,
                )
            }
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// `(v, range(a, b), lambda i: e, …)` after `match_range`.
    fn match_range(&mut self, start: Span) -> Parsed<Tree> {
        self.expect_mark(Mark::OpenRound)?;
        let value = self.tree()?;
        let mut height = value.height;
        let mut arms = Vec::new();
        while self.take_mark(Mark::Comma) && !self.is_mark(Mark::CloseRound) {
            if !self.is_word("range") {
                return Err(self.unexpected("`range(a, b)` and a `lambda`"));
            }
            self.bump();
            self.expect_mark(Mark::OpenRound)?;
            let from = self.tree()?;
            self.expect_mark(Mark::Comma)?;
            let to = self.tree()?;
            self.take_mark(Mark::Comma);
            self.expect_mark(Mark::CloseRound)?;
            self.expect_mark(Mark::Comma)?;
            self.expect_keyword(Keyword::Lambda)?;
            let parameter = self.expect_name("the parameter of the `lambda`")?;
            self.expect_mark(Mark::Colon)?;
            let body = self.tree()?;
            height = height.max(from.height).max(to.height).max(body.height);
            arms.push(MatchRangeArm {
                start: from.expression,
                end: to.expression,
                parameter,
                body: body.expression,
            });
        }
        if arms.is_empty() {
            return Err(self.unexpected("`, range(a, b), lambda i: …`"));
        }
        let end = self.expect_mark(Mark::CloseRound)?;
        let kind = ExpressionKind::MatchRange {
            value: Box::new(value.expression),
            arms,
        };
        self.node(kind, start.to(end), height)
    }

    /// A comparison, which may stand in round brackets; a bare expression is compared with 0.
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        if self.is_mark(Mark::OpenRound) && self.closes_condition() {
            self.enter()?;
            self.bump();
            let condition = self.condition();
            self.leave();
            let condition = condition?;
            self.expect_mark(Mark::CloseRound)?;
            return Ok(condition);
        }
        let left = self.expression()?;
        let TokenKind::Mark(mark) = *self.peek() else {
            return Ok(truth(left));
        };
        let (comparison, swapped) = match mark {
            Mark::Equal => (Comparison::Equal, false),
            Mark::NotEqual => (Comparison::NotEqual, false),
            Mark::Less => (Comparison::Less, false),
            Mark::LessOrEqual => (Comparison::LessOrEqual, false),
            Mark::Greater => (Comparison::Less, true),
            Mark::GreaterOrEqual => (Comparison::LessOrEqual, true),
            _ => return Ok(truth(left)),
        };
        self.bump();
        let right = self.expression()?;
        let span = left.span.to(right.span);
        let (left, right) = if swapped {
            (right, left)
        } else {
            (left, right)
        };
        Ok(Condition {
            comparison,
            left,
            right,
            span,
        })
    }

    /// Whether the round bracket at the next token closes before what may follow a condition, and
    /// so is around all of it.
    fn closes_condition(&self) -> bool {
        let mut depth = 0usize;
        for (offset, token) in self.tokens[self.at..].iter().enumerate() {
            match token.kind {
                TokenKind::Mark(Mark::OpenRound | Mark::OpenSquare | Mark::OpenCurly) => depth += 1,
                TokenKind::Mark(Mark::CloseRound | Mark::CloseSquare | Mark::CloseCurly) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return matches!(
                            self.peek_at(offset + 1).kind,
                            TokenKind::Newline
                                | TokenKind::End
                                | TokenKind::Mark(
                                    Mark::Colon | Mark::Comma | Mark::CloseRound | Mark::Semicolon
                                )
                        );
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// The value of a literal or of a nested list of literals, and nothing after it.
    pub(super) fn constant_value(&mut self) -> Parsed<ConstantValue> {
        let expression = self.expression()?;
        self.expect_newline()?;
        literal_value(&expression)
    }
}

/// `e != 0`.
fn truth(left: Expression) -> Condition {
    let span = left.span;
    let zero = Expression {
        kind: ExpressionKind::Integer(0),
        span,
    };
    Condition {
        comparison: Comparison::NotEqual,
        left,
        right: zero,
        span,
    }
}

fn literal_value(expression: &Expression) -> Parsed<ConstantValue> {
    match &expression.kind {
        ExpressionKind::Integer(value) => Ok(ConstantValue::Integer(*value)),
        ExpressionKind::Negate(operand) => match operand.kind {
            ExpressionKind::Integer(0) => Ok(ConstantValue::Integer(0)),
            ExpressionKind::Integer(value) => Ok(ConstantValue::Integer(MODULUS - value)),
            _ => Err(not_literal(operand.span)),
        },
        ExpressionKind::List(list) => list
            .iter()
            .map(literal_value)
            .collect::<Parsed<Vec<_>>>()
            .map(|list| ConstantValue::List(list.into())),
        _ => Err(not_literal(expression.span)),
    }
}

fn not_literal(span: Span) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(
        Code::NotConstant,
        span,
        "not a literal",
        "give a placeholder an integer or a nested list of integers",
    ))
}
