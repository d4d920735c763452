//! The lexer: text to tokens, with Python's layout.
//!
//! Lines join inside brackets and after a backslash. Indentation is by spaces; a tab in it is
//! refused. A string ends on its line, unless it has three quotes. A bracket that does not match
//! ends the reading; other errors are collected.

mod number;
#[cfg(test)]
mod tests;
mod text;
mod token;

pub use token::{Keyword, Mark, Token, TokenKind};

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileId, MAX_SOURCE_BYTES, SourceFile, Span};

/// The deepest nesting of brackets, blocks and operators.
pub const MAX_NESTING: usize = 256;

/// After so many errors the lexer and the parser stop.
pub const MAX_DIAGNOSTICS: usize = 100;

/// The tokens of a file, the last of which is [`TokenKind::End`]; brackets match and blocks are
/// closed.
///
/// # Errors
/// Every character, string, number, bracket or indentation that the language does not have.
pub fn tokenize(source: &SourceFile) -> Result<Vec<Token>, Vec<Diagnostic>> {
    let file = source.id();
    if source.text().len() > MAX_SOURCE_BYTES {
        let span = Span {
            file,
            start: 0,
            end: 0,
        };
        return Err(vec![Diagnostic::new(
            Code::SourceTooLarge,
            span,
            format!(
                "the file has {} bytes, more than {MAX_SOURCE_BYTES}",
                source.text().len()
            ),
            "split it into modules and import them",
        )]);
    }
    let mut lexer = Lexer {
        file,
        text: source.text(),
        bytes: source.text().as_bytes(),
        at: 0,
        tokens: Vec::new(),
        diagnostics: Vec::new(),
        indents: vec![0],
        brackets: Vec::new(),
        stopped: false,
    };
    lexer.run();
    if lexer.diagnostics.is_empty() {
        Ok(lexer.tokens)
    } else {
        Err(lexer.diagnostics)
    }
}

struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
    /// The columns of the open blocks; the first is 0.
    indents: Vec<usize>,
    /// The open brackets.
    brackets: Vec<(Mark, Span)>,
    /// Whether an error leaves no sense in what follows.
    stopped: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
        }
        while self.at < self.bytes.len() && !self.stopped {
            self.indentation();
            self.logical_line();
            self.stopped |= self.diagnostics.len() >= MAX_DIAGNOSTICS;
        }
        if self.stopped {
            return;
        }
        if let Some((mark, span)) = self.brackets.pop() {
            self.unbalanced(span, format!("`{}` is never closed", mark.text()));
            return;
        }
        self.end_line(self.at);
        for _ in 1..self.indents.len() {
            self.push(TokenKind::Dedent, self.at, self.at);
        }
        self.push(TokenKind::End, self.at, self.at);
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            file: self.file,
            start: start as u32,
            end: end as u32,
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        let span = self.span(start, end);
        self.tokens.push(Token { kind, span });
    }

    fn report(&mut self, code: Code, start: usize, end: usize, message: &str, remedy: &str) {
        let span = self.span(start, end);
        self.diagnostics
            .push(Diagnostic::new(code, span, message, remedy));
    }

    fn unbalanced(&mut self, span: Span, message: String) {
        let remedy = "close each bracket with its own kind";
        self.diagnostics.push(Diagnostic::new(
            Code::UnbalancedBracket,
            span,
            message,
            remedy,
        ));
        self.stopped = true;
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The length of the end of line at `at`, or 0.
    fn newline(&self) -> usize {
        match (self.peek(0), self.peek(1)) {
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => 0,
        }
    }

    /// Reads the spaces before the first token of a line and opens or closes blocks; skips blank
    /// lines and comments.
    fn indentation(&mut self) {
        loop {
            let start = self.at;
            let mut tab = None;
            while let Some(byte @ (b' ' | b'\t')) = self.peek(0) {
                if byte == b'\t' {
                    tab.get_or_insert(self.at);
                }
                self.at += 1;
            }
            let column = self.at - start;
            if self.peek(0) == Some(b'#') {
                self.comment();
            }
            let newline = self.newline();
            if newline > 0 {
                self.at += newline;
                continue;
            }
            if self.at == self.bytes.len() {
                return;
            }
            if let Some(tab) = tab {
                let remedy = "indent with spaces only, four for each block";
                self.report(
                    Code::TabIndentation,
                    tab,
                    tab + 1,
                    "a tab in the indentation",
                    remedy,
                );
                // The blocks of what follows are unknown.
                self.stopped = true;
                return;
            }
            self.open_or_close(start, column);
            return;
        }
    }

    fn open_or_close(&mut self, start: usize, column: usize) {
        let current = self.indents.last().copied().unwrap_or(0);
        if column > current {
            if self.indents.len() > MAX_NESTING {
                self.report(
                    Code::NestingTooDeep,
                    start,
                    self.at,
                    "blocks are nested too deeply",
                    "move inner blocks into functions",
                );
                self.stopped = true;
            }
            self.indents.push(column);
            self.push(TokenKind::Indent, start, self.at);
            return;
        }
        while self.indents.last().is_some_and(|open| *open > column) {
            self.indents.pop();
            self.push(TokenKind::Dedent, self.at, self.at);
        }
        if self.indents.last() != Some(&column) {
            self.report(
                Code::BadIndentation,
                start,
                self.at,
                "this indentation matches no open block",
                "indent the line as the block to which it belongs",
            );
            self.indents.push(column);
            self.stopped = true;
        }
    }

    /// Skips to the end of the line.
    fn comment(&mut self) {
        while self.peek(0).is_some() && self.newline() == 0 {
            self.at += 1;
        }
    }

    fn end_line(&mut self, start: usize) {
        let open = !matches!(
            self.tokens.last().map(|token| &token.kind),
            None | Some(TokenKind::Newline | TokenKind::Dedent | TokenKind::Indent)
        );
        if open {
            self.push(TokenKind::Newline, start, self.at);
        }
    }

    /// Reads tokens to the end of the line that no bracket and no backslash continues.
    fn logical_line(&mut self) {
        while let Some(byte) = self.peek(0) {
            if self.stopped {
                return;
            }
            let start = self.at;
            let newline = self.newline();
            match byte {
                _ if newline > 0 => {
                    self.at += newline;
                    if self.brackets.is_empty() {
                        self.end_line(start);
                        return;
                    }
                }
                b' ' | b'\t' => self.at += 1,
                b'#' => self.comment(),
                b'\\' => self.continuation(),
                b'"' | b'\'' => self.string(),
                b'0'..=b'9' => self.number(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.name(),
                _ if byte >= 0x80 => self.non_ascii(),
                _ => self.mark(),
            }
        }
    }

    /// A backslash at the end of a line joins the next.
    fn continuation(&mut self) {
        self.at += 1;
        let newline = self.newline();
        if newline == 0 {
            let (start, end) = (self.at - 1, self.at);
            self.report(
                Code::UnexpectedCharacter,
                start,
                end,
                "a backslash that is not at the end of its line",
                "remove it",
            );
        }
        self.at += newline;
    }

    fn name(&mut self) {
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            self.at += 1;
        }
        if self.peek(0).is_some_and(|byte| byte >= 0x80) {
            self.non_ascii();
            return;
        }
        let text = &self.text[start..self.at];
        if self
            .peek(0)
            .is_some_and(|byte| matches!(byte, b'"' | b'\''))
        {
            let prefix = text.to_ascii_lowercase();
            if matches!(
                prefix.as_str(),
                "f" | "r" | "b" | "u" | "rb" | "br" | "fr" | "rf"
            ) {
                let end = self.at;
                self.report(
                    Code::UnsupportedSyntax,
                    start,
                    end,
                    "a string with a prefix",
                    "write a plain string",
                );
                return;
            }
        }
        let kind = Keyword::from_text(text)
            .map_or_else(|| TokenKind::Name(text.into()), TokenKind::Keyword);
        self.push(kind, start, self.at);
    }

    /// Skips a run of characters outside of ASCII and what is joined to it.
    fn non_ascii(&mut self) {
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|byte| byte >= 0x80 || byte.is_ascii_alphanumeric() || byte == b'_')
        {
            self.at += 1;
        }
        let end = self.at;
        self.report(
            Code::NonAsciiName,
            start,
            end,
            "a character outside of ASCII",
            "names have the letters a to z and A to Z, digits and `_`",
        );
    }

    fn mark(&mut self) {
        let start = self.at;
        // The longest spelling that is an operator; every byte here is ASCII or ends the search.
        let found = (1..=3).rev().find_map(|length| {
            let text = self.text.get(start..start + length)?;
            Some((Mark::from_text(text)?, length))
        });
        let Some((mark, length)) = found else {
            self.at += 1;
            let end = self.at;
            self.report(
                Code::UnexpectedCharacter,
                start,
                end,
                "a character that starts no token",
                "remove it",
            );
            return;
        };
        self.at += length;
        let span = self.span(start, self.at);
        match mark {
            Mark::OpenRound | Mark::OpenSquare | Mark::OpenCurly => {
                if self.brackets.len() >= MAX_NESTING {
                    self.report(
                        Code::NestingTooDeep,
                        start,
                        start + 1,
                        "brackets are nested too deeply",
                        "give inner parts names of their own",
                    );
                    self.stopped = true;
                }
                self.brackets.push((mark, span));
            }
            Mark::CloseRound | Mark::CloseSquare | Mark::CloseCurly => self.close(mark, span),
            _ => {}
        }
        self.tokens.push(Token {
            kind: TokenKind::Mark(mark),
            span,
        });
    }

    fn close(&mut self, mark: Mark, span: Span) {
        let expected = match mark {
            Mark::CloseRound => Mark::OpenRound,
            Mark::CloseSquare => Mark::OpenSquare,
            _ => Mark::OpenCurly,
        };
        match self.brackets.pop() {
            Some((open, _)) if open == expected => {}
            Some((open, _)) => {
                let message = format!("`{}` is closed by `{}`", open.text(), mark.text());
                self.unbalanced(span, message);
            }
            None => self.unbalanced(span, format!("`{}` closes nothing", mark.text())),
        }
    }
}
