//! Blocks and statements.

use super::module::bad_annotation;
use super::{Parsed, Parser};
use crate::ast::{
    Annotation, BinaryOperator, Block, Expression, ExpressionKind, Identifier, LoopKind, MatchArm,
    Statement, StatementKind, Target, TargetKind,
};
use crate::lexer::{Keyword, MAX_DIAGNOSTICS, Mark, TokenKind};
use crate::source::{Span, Symbol};

/// One side of `=`: an expression and the annotation after it.
type Side = (Expression, Option<Annotation>);

impl Parser {
    /// `:` and a block: the rest of the line, or deeper lines, or nothing.
    pub(super) fn block(&mut self) -> Parsed<Block> {
        self.expect_mark(Mark::Colon)?;
        self.enter()?;
        let mut block = Vec::new();
        let result = self.block_body(&mut block);
        self.leave();
        result.map(|()| block)
    }

    fn block_body(&mut self, block: &mut Block) -> Parsed<()> {
        if *self.peek() != TokenKind::Newline {
            return self.simple_line(block);
        }
        self.bump();
        if *self.peek() != TokenKind::Indent {
            return Ok(());
        }
        self.bump();
        loop {
            match self.peek() {
                TokenKind::Dedent => {
                    self.bump();
                    return Ok(());
                }
                TokenKind::End => return Ok(()),
                _ if self.diagnostics.len() >= MAX_DIAGNOSTICS => return Ok(()),
                _ => {
                    if let Err(error) = self.statement(block) {
                        self.recover(*error);
                    }
                }
            }
        }
    }

    fn statement(&mut self, block: &mut Block) -> Parsed<()> {
        let statement = match self.peek() {
            TokenKind::Keyword(Keyword::If) => self.if_statement()?,
            TokenKind::Keyword(Keyword::For) => self.for_statement()?,
            TokenKind::Name(name) if &**name == "match" && self.opens_match() => {
                self.match_statement()?
            }
            TokenKind::Indent => return Err(self.bad_indentation()),
            TokenKind::Keyword(Keyword::Def) => {
                return Err(self.unsupported(
                    self.span(),
                    "a function stands at the top of a module",
                    "move it out",
                ));
            }
            TokenKind::Keyword(Keyword::From | Keyword::Import) => {
                return Err(self.unsupported(
                    self.span(),
                    "an import stands at the top of a module",
                    "move it out",
                ));
            }
            _ => return self.simple_line(block),
        };
        block.push(statement);
        Ok(())
    }

    /// Whether `match` opens a block: its line ends with a colon.
    fn opens_match(&self) -> bool {
        if let TokenKind::Mark(Mark::Assign | Mark::Colon | Mark::Dot | Mark::Comma) =
            self.peek_at(1).kind
        {
            return false;
        }
        let line = self.tokens[self.at..]
            .iter()
            .take_while(|token| !matches!(token.kind, TokenKind::Newline | TokenKind::End));
        line.last()
            .is_some_and(|token| token.kind == TokenKind::Mark(Mark::Colon))
    }

    /// Simple statements between semicolons, and the end of the line.
    fn simple_line(&mut self, block: &mut Block) -> Parsed<()> {
        loop {
            self.simple(block)?;
            if !self.take_mark(Mark::Semicolon) {
                return self.expect_newline();
            }
            if matches!(self.peek(), TokenKind::Newline | TokenKind::End) {
                return self.expect_newline();
            }
        }
    }

    fn simple(&mut self, block: &mut Block) -> Parsed<()> {
        let start = self.span();
        let kind = match self.peek() {
            TokenKind::Keyword(Keyword::Pass) => {
                self.bump();
                return Ok(());
            }
            TokenKind::Text(_) => {
                while matches!(self.peek(), TokenKind::Text(_)) {
                    self.bump();
                }
                return Ok(());
            }
            TokenKind::Keyword(Keyword::Return) => {
                self.bump();
                let values = if self.at_end_of_simple() {
                    Vec::new()
                } else {
                    self.values()?
                };
                StatementKind::Return { values }
            }
            TokenKind::Keyword(Keyword::Assert) => self.assert_statement()?,
            TokenKind::Name(name) if &**name == "debug_assert" => self.debug_assert_statement()?,
            TokenKind::Name(name)
                if &**name == "print" && self.peek_at(1).kind == mark(Mark::OpenRound) =>
            {
                let ExpressionKind::Call { arguments, .. } = self.expression()?.kind else {
                    return Err(self.unsupported(
                        start,
                        "`print` is a statement",
                        "print on a line of its own",
                    ));
                };
                StatementKind::Print { arguments }
            }
            _ => return self.assignment(block),
        };
        let span = start.to(self.last_span());
        block.push(Statement { kind, span });
        Ok(())
    }

    fn at_end_of_simple(&self) -> bool {
        matches!(
            self.peek(),
            TokenKind::Newline | TokenKind::End | TokenKind::Mark(Mark::Semicolon)
        )
    }

    fn assert_statement(&mut self) -> Parsed<StatementKind> {
        self.expect_keyword(Keyword::Assert)?;
        if self.is_keyword(Keyword::False) && self.ends_condition(1) {
            self.bump();
            let message = self.message()?;
            return Ok(StatementKind::Panic { message });
        }
        let condition = self.condition()?;
        let message = self.message()?;
        Ok(StatementKind::Assert { condition, message })
    }

    fn ends_condition(&self, ahead: usize) -> bool {
        matches!(
            self.peek_at(ahead).kind,
            TokenKind::Newline
                | TokenKind::End
                | TokenKind::Mark(Mark::Comma | Mark::Semicolon | Mark::CloseRound)
        )
    }

    /// `, "message"`, or nothing.
    fn message(&mut self) -> Parsed<Option<Symbol>> {
        if !self.take_mark(Mark::Comma) {
            return Ok(None);
        }
        let mut message = String::new();
        if !matches!(self.peek(), TokenKind::Text(_)) {
            return Err(self.unexpected("a string"));
        }
        while let TokenKind::Text(text) = self.peek() {
            message.push_str(text);
            self.bump();
        }
        Ok(Some(message.into()))
    }

    fn debug_assert_statement(&mut self) -> Parsed<StatementKind> {
        self.bump();
        let call = self.take_mark(Mark::OpenRound);
        let condition = self.condition()?;
        let message = if call && self.peek_at(1).kind == mark(Mark::CloseRound) {
            self.take_mark(Mark::Comma);
            None
        } else {
            self.message()?
        };
        if call {
            self.take_mark(Mark::Comma);
            self.expect_mark(Mark::CloseRound)?;
        }
        Ok(StatementKind::DebugAssert { condition, message })
    }

    fn if_statement(&mut self) -> Parsed<Statement> {
        let start = self.bump().span;
        let condition = self.condition()?;
        let span = start.to(self.last_span());
        let then = self.block()?;
        let otherwise = if self.is_keyword(Keyword::Elif) {
            self.enter()?;
            let nested = self.if_statement();
            self.leave();
            vec![nested?]
        } else if self.take_keyword(Keyword::Else) {
            if self.is_keyword(Keyword::If) {
                return Err(self.unsupported(self.span(), "`else if`", "write `elif`"));
            }
            self.block()?
        } else {
            Vec::new()
        };
        let kind = StatementKind::If {
            condition,
            then,
            otherwise,
        };
        Ok(Statement { kind, span })
    }

    fn for_statement(&mut self) -> Parsed<Statement> {
        let start = self.bump().span;
        let variable = self.expect_name("the variable of the loop")?;
        self.expect_keyword(Keyword::In)?;
        let expected = "`range`, `unroll`, `parallel_range` or `dynamic_unroll`";
        let name = match self.peek() {
            TokenKind::Name(name) => name.clone(),
            _ => return Err(self.unexpected(expected)),
        };
        let arity = match &*name {
            "range" | "unroll" | "parallel_range" => 2,
            "dynamic_unroll" => 3,
            _ => return Err(self.unexpected(expected)),
        };
        let ExpressionKind::Call { arguments, .. } = self.expression()?.kind else {
            return Err(self.unexpected("the bounds of the loop"));
        };
        let call = self.last_span();
        let mut arguments = arguments;
        if arguments.len() + 1 == arity && arity == 2 {
            let zero = Expression {
                kind: ExpressionKind::Integer(0),
                span: arguments[0].span,
            };
            arguments.insert(0, zero);
        }
        if arguments.len() != arity {
            return Err(self.unsupported(
                call,
                "a loop with too few or too many bounds",
                "write `range(a, b)`, or `dynamic_unroll(a, b, bits)`; steps are always 1",
            ));
        }
        let kind = match &*name {
            "range" => LoopKind::Range,
            "unroll" => LoopKind::Unroll,
            "parallel_range" => LoopKind::ParallelRange,
            _ => LoopKind::DynamicUnroll {
                bits: arguments.remove(2),
            },
        };
        let end = arguments.remove(1);
        let first = arguments.remove(0);
        let span = start.to(self.last_span());
        let body = self.block()?;
        let kind = StatementKind::For {
            variable,
            kind,
            start: first,
            end,
            body,
        };
        Ok(Statement { kind, span })
    }

    fn match_statement(&mut self) -> Parsed<Statement> {
        let start = self.bump().span;
        let value = self.expression()?;
        let span = start.to(self.last_span());
        self.expect_mark(Mark::Colon)?;
        self.expect_newline()?;
        if *self.peek() != TokenKind::Indent {
            return Err(self.unexpected("an indented `case`"));
        }
        self.bump();
        let mut arms = Vec::new();
        while !matches!(self.peek(), TokenKind::Dedent | TokenKind::End)
            && self.diagnostics.len() < MAX_DIAGNOSTICS
        {
            match self.match_arm() {
                Ok(arm) => arms.push(arm),
                Err(error) => self.recover(*error),
            }
        }
        if *self.peek() == TokenKind::Dedent {
            self.bump();
        }
        let kind = StatementKind::Match { value, arms };
        Ok(Statement { kind, span })
    }

    fn match_arm(&mut self) -> Parsed<MatchArm> {
        let start = self.span();
        if !self.is_word("case") {
            return Err(self.unexpected("`case`"));
        }
        self.bump();
        if self.is_word("_") {
            return Err(self.unsupported(
                self.span(),
                "a `match` has no default",
                "write one `case` for each of consecutive integers",
            ));
        }
        let pattern = self.expression()?;
        let span = start.to(self.last_span());
        let body = self.block()?;
        Ok(MatchArm {
            pattern,
            body,
            span,
        })
    }

    /// A declaration, an assignment, an update or a call.
    fn assignment(&mut self, block: &mut Block) -> Parsed<()> {
        let start = self.span();
        let (mut sides, tuple) = self.sides()?;
        let kind = if self.take_mark(Mark::Assign) {
            let targets = sides
                .into_iter()
                .map(|side| self.target(side))
                .collect::<Parsed<Vec<_>>>()?;
            let values = self.values()?;
            if self.is_mark(Mark::Assign) {
                return Err(self.unsupported(
                    self.span(),
                    "one assignment on a line",
                    "assign each target on its own line",
                ));
            }
            StatementKind::Assign { targets, values }
        } else if let Some(operator) = self.update_operator() {
            if sides.len() != 1 || tuple {
                return Err(self.unsupported(
                    self.span(),
                    "an update has one target",
                    "update each variable on its own line",
                ));
            }
            let target = self.target(sides.remove(0))?;
            if let TargetKind::Discard
            | TargetKind::Name {
                annotation: Some(_),
                ..
            } = target.kind
            {
                return Err(self.unsupported(
                    target.span,
                    "an update of nothing",
                    "assign the variable first",
                ));
            }
            self.bump();
            let value = self.expression()?;
            StatementKind::Update {
                target,
                operator,
                value,
            }
        } else if sides.iter().all(|(_, annotation)| annotation.is_some()) {
            return self.declarations(sides, block);
        } else if sides.len() == 1 && !tuple && is_call(&sides[0].0) {
            StatementKind::Call(sides.remove(0).0)
        } else if self.at_end_of_simple() {
            return Err(self.unsupported(
                start.to(self.last_span()),
                "a value that nothing uses",
                "assign it, or remove the line",
            ));
        } else {
            return Err(self.unexpected("`=` or the end of the line"));
        };
        let span = start.to(self.last_span());
        block.push(Statement { kind, span });
        Ok(())
    }

    /// `x: Imu, y: Mut` without values.
    fn declarations(&mut self, sides: Vec<Side>, block: &mut Block) -> Parsed<()> {
        for side in sides {
            let target = self.target(side)?;
            if let TargetKind::Name {
                name,
                annotation: Some(annotation),
            } = target.kind
            {
                let kind = StatementKind::Declare { name, annotation };
                let span = target.span;
                block.push(Statement { kind, span });
            }
        }
        Ok(())
    }

    /// Expressions with annotations between commas, and whether a comma stands; round brackets
    /// around all are dropped.
    fn sides(&mut self) -> Parsed<(Vec<Side>, bool)> {
        let bracketed = self.is_mark(Mark::OpenRound) && self.is_tuple();
        if bracketed {
            self.bump();
        }
        let mut sides = Vec::new();
        let mut tuple = false;
        loop {
            let expression = self.expression()?;
            let annotation = if self.take_mark(Mark::Colon) {
                Some(self.annotation()?)
            } else {
                None
            };
            sides.push((expression, annotation));
            if !self.take_mark(Mark::Comma) {
                break;
            }
            tuple = true;
            let closes = self.is_mark(Mark::CloseRound) || self.is_mark(Mark::Assign);
            if closes || self.at_end_of_simple() {
                break;
            }
        }
        if bracketed {
            self.expect_mark(Mark::CloseRound)?;
        }
        Ok((sides, tuple))
    }

    /// The values after `=` or `return`.
    fn values(&mut self) -> Parsed<Vec<Expression>> {
        let (sides, _) = self.sides()?;
        sides
            .into_iter()
            .map(|(expression, annotation)| match annotation {
                None => Ok(expression),
                Some(_) => Err(bad_annotation(expression.span, "a value")),
            })
            .collect()
    }

    /// Whether the round bracket at the next token holds a comma of its own and ends its side.
    fn is_tuple(&self) -> bool {
        let mut depth = 0usize;
        let mut comma = false;
        for (offset, token) in self.tokens[self.at..].iter().enumerate() {
            match token.kind {
                TokenKind::Mark(Mark::OpenRound | Mark::OpenSquare | Mark::OpenCurly) => depth += 1,
                TokenKind::Mark(Mark::Comma) => comma |= depth == 1,
                TokenKind::Mark(Mark::CloseRound | Mark::CloseSquare | Mark::CloseCurly) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        let ends = matches!(
                            self.peek_at(offset + 1).kind,
                            TokenKind::Newline
                                | TokenKind::End
                                | TokenKind::Mark(Mark::Assign | Mark::Semicolon)
                        );
                        return comma && ends;
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn annotation(&mut self) -> Parsed<Annotation> {
        let name = self.expect_name("`Imu` or `Mut`")?;
        match &*name.name {
            "Imu" | "Imm" => Ok(Annotation::Imu),
            "Mut" => Ok(Annotation::Mut),
            _ => Err(bad_annotation(name.span, "`Imu` or `Mut`")),
        }
    }

    fn target(&self, (expression, annotation): Side) -> Parsed<Target> {
        let span = expression.span;
        let kind = match expression.kind {
            ExpressionKind::Name(name) if &*name == "_" && annotation.is_none() => {
                TargetKind::Discard
            }
            ExpressionKind::Name(name) => TargetKind::Name {
                name: Identifier { name, span },
                annotation,
            },
            ExpressionKind::Index { base, index } if annotation.is_none() => TargetKind::Index {
                base: *base,
                index: *index,
            },
            ExpressionKind::Index { .. } => {
                return Err(bad_annotation(span, "`a[i] = …`"));
            }
            _ => return Err(self.not_a_target(span)),
        };
        Ok(Target { kind, span })
    }

    fn not_a_target(&self, span: Span) -> Box<crate::diagnostics::Diagnostic> {
        self.unsupported(
            span,
            "this cannot be assigned",
            "assign to a variable, to `a[i]` or to `_`; to compare, write `assert a == b`",
        )
    }

    fn update_operator(&self) -> Option<BinaryOperator> {
        let TokenKind::Mark(mark) = *self.peek() else {
            return None;
        };
        Some(match mark {
            Mark::AddAssign => BinaryOperator::Add,
            Mark::SubtractAssign => BinaryOperator::Subtract,
            Mark::MultiplyAssign => BinaryOperator::Multiply,
            Mark::DivideAssign => BinaryOperator::Divide,
            Mark::FloorDivideAssign => BinaryOperator::FloorDivide,
            Mark::RemainderAssign => BinaryOperator::Remainder,
            Mark::PowerAssign => BinaryOperator::Power,
            _ => return None,
        })
    }
}

const fn mark(mark: Mark) -> TokenKind {
    TokenKind::Mark(mark)
}

const fn is_call(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Call { .. }
            | ExpressionKind::MethodCall { .. }
            | ExpressionKind::MatchRange { .. }
    )
}
