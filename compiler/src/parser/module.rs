//! Modules and functions.

use super::{Parsed, Parser};
use crate::ast::{Constant, Function, Import, Module, Parameter, ParameterKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::lexer::{Keyword, MAX_DIAGNOSTICS, Mark, TokenKind};
use crate::source::{FileId, Span};

impl Parser {
    pub(super) fn module(&mut self, file: FileId) -> Module {
        let mut module = Module {
            file,
            imports: Vec::new(),
            constants: Vec::new(),
            functions: Vec::new(),
        };
        while *self.peek() != TokenKind::End && self.diagnostics.len() < MAX_DIAGNOSTICS {
            let before = self.at;
            if let Err(error) = self.item(&mut module) {
                self.recover(*error);
                if self.at == before {
                    self.bump();
                }
            }
        }
        module
    }

    fn item(&mut self, module: &mut Module) -> Parsed<()> {
        match self.peek() {
            TokenKind::Keyword(Keyword::From) => module.imports.push(self.import()?),
            TokenKind::Keyword(Keyword::Import) => {
                return Err(self.unsupported(
                    self.span(),
                    "modules are imported whole",
                    "write `from module import *`",
                ));
            }
            TokenKind::Keyword(Keyword::Def) => {
                let function = self.function(false)?;
                module.functions.push(function);
            }
            TokenKind::Mark(Mark::At) => {
                self.bump();
                let decorator = self.expect_name("`inline`")?;
                if &*decorator.name != "inline" {
                    return Err(self.unsupported(
                        decorator.span,
                        "the only decorator is `@inline`",
                        "remove this one",
                    ));
                }
                self.expect_newline()?;
                let function = self.function(true)?;
                module.functions.push(function);
            }
            TokenKind::Name(_) => module.constants.push(self.constant()?),
            TokenKind::Keyword(Keyword::Pass) => {
                self.bump();
                self.expect_newline()?;
            }
            TokenKind::Text(_) => self.comment_text()?,
            TokenKind::Mark(Mark::Semicolon) | TokenKind::Newline => {
                self.bump();
            }
            TokenKind::Indent => return Err(self.bad_indentation()),
            TokenKind::Keyword(Keyword::If) => {
                return Err(self.unsupported(
                    self.span(),
                    "an `if` outside of functions",
                    "put it into a function; the program starts at `main`",
                ));
            }
            _ => {
                return Err(self.unexpected("an import, a constant or a function"));
            }
        }
        Ok(())
    }

    pub(super) fn bad_indentation(&self) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(
            Code::BadIndentation,
            self.span(),
            "a block that nothing opens",
            "indent the line as the one before it",
        ))
    }

    /// A string on a line of its own, which is a comment.
    pub(super) fn comment_text(&mut self) -> Parsed<()> {
        while matches!(self.peek(), TokenKind::Text(_)) {
            self.bump();
        }
        self.expect_newline()
    }

    fn import(&mut self) -> Parsed<Import> {
        let start = self.expect_keyword(Keyword::From)?;
        let mut module = self.expect_name("the name of a module")?.name.to_string();
        while self.take_mark(Mark::Dot) {
            module.push('.');
            module.push_str(&self.expect_name("the name of a module")?.name);
        }
        self.expect_keyword(Keyword::Import)?;
        if !self.is_mark(Mark::Multiply) {
            return Err(self.unsupported(
                self.span(),
                "modules are imported whole",
                "write `from module import *`",
            ));
        }
        let end = self.expect_mark(Mark::Multiply)?;
        self.expect_newline()?;
        Ok(Import {
            module: module.into(),
            span: start.to(end),
        })
    }

    fn constant(&mut self) -> Parsed<Constant> {
        let name = self.expect_name("the name of a constant")?;
        if !self.is_mark(Mark::Assign) {
            return Err(self.unexpected("`=` and the value of a constant"));
        }
        self.bump();
        let value = self.expression()?;
        if !self.take_mark(Mark::Semicolon) {
            self.expect_newline()?;
        }
        Ok(Constant { name, value })
    }

    fn function(&mut self, inline: bool) -> Parsed<Function> {
        let start = self.expect_keyword(Keyword::Def)?;
        let name = self.expect_name("the name of a function")?;
        let parameters = self.parameters()?;
        let span = start.to(self.span());
        let body = self.block()?;
        Ok(Function {
            name,
            inline,
            parameters,
            body,
            span,
        })
    }

    fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        self.expect_mark(Mark::OpenRound)?;
        let mut parameters = Vec::new();
        while !self.is_mark(Mark::CloseRound) {
            let name = self.expect_name("the name of a parameter")?;
            let kind = if self.take_mark(Mark::Colon) {
                self.parameter_kind()?
            } else {
                ParameterKind::Plain
            };
            parameters.push(Parameter { name, kind });
            if self.is_mark(Mark::Assign) {
                return Err(self.unsupported(
                    self.span(),
                    "parameters have no default values",
                    "give the argument at each call",
                ));
            }
            if !self.take_mark(Mark::Comma) {
                break;
            }
        }
        self.expect_mark(Mark::CloseRound)?;
        Ok(parameters)
    }

    fn parameter_kind(&mut self) -> Parsed<ParameterKind> {
        let annotation = self.expect_name("`Const` or `Mut`")?;
        match &*annotation.name {
            "Const" => Ok(ParameterKind::Const),
            "Mut" => Ok(ParameterKind::Mut),
            // A parameter is not assigned again unless it is `Mut`.
            "Imu" | "Imm" => Ok(ParameterKind::Plain),
            _ => Err(bad_annotation(annotation.span, "`Const` or `Mut`")),
        }
    }
}

pub(super) fn bad_annotation(span: Span, allowed: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(
        Code::BadAnnotation,
        span,
        "an annotation that has no meaning here",
        format!("write {allowed}, or nothing"),
    ))
}
