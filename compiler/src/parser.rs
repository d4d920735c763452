//! The parser: tokens to the syntax tree, by recursive descent with Python's precedence.
//!
//! No tree is higher than [`MAX_NESTING`], so that the passes that follow may recurse. After an
//! error the parser goes on with the next line, so that one run reports several.

mod expression;
mod module;
mod statement;
#[cfg(test)]
mod tests;

use crate::ast::{ConstantValue, Identifier, Module};
use crate::diagnostics::{Code, Diagnostic};
use crate::lexer::{Keyword, MAX_NESTING, Mark, Token, TokenKind, tokenize};
use crate::source::{SourceFile, Span};

/// The tree of a file.
///
/// # Errors
/// Everything that is not in the grammar, up to a hundred errors.
pub fn parse(source: &SourceFile) -> Result<Module, Vec<Diagnostic>> {
    let mut parser = Parser::new(tokenize(source)?);
    let module = parser.module(source.id());
    if parser.diagnostics.is_empty() {
        Ok(module)
    } else {
        Err(parser.diagnostics)
    }
}

/// The value of a placeholder as a user writes it: an integer, `-` and an integer, or a nested list
/// of them.
///
/// # Errors
/// Anything else.
pub fn parse_constant(source: &SourceFile) -> Result<ConstantValue, Vec<Diagnostic>> {
    let mut parser = Parser::new(tokenize(source)?);
    parser.constant_value().map_err(|error| vec![*error])
}

/// A parsed part, or why there is none.
type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Parser {
    /// Ends with [`TokenKind::End`].
    tokens: Vec<Token>,
    at: usize,
    /// The depth of the recursion.
    depth: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Parser {
    const fn new(tokens: Vec<Token>) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            diagnostics: Vec::new(),
        }
    }

    /// The token `ahead` of the next one; the last token for ever after the end.
    fn peek_at(&self, ahead: usize) -> &Token {
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &TokenKind {
        &self.peek_at(0).kind
    }

    fn span(&self) -> Span {
        self.peek_at(0).span
    }

    /// The span of the token before the next one.
    fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    fn bump(&mut self) -> Token {
        let token = self.peek_at(0).clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn is_mark(&self, mark: Mark) -> bool {
        *self.peek() == TokenKind::Mark(mark)
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        *self.peek() == TokenKind::Keyword(keyword)
    }

    /// Whether the next token is this name, which is no keyword.
    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), TokenKind::Name(name) if &**name == word)
    }

    fn take_mark(&mut self, mark: Mark) -> bool {
        let found = self.is_mark(mark);
        if found {
            self.bump();
        }
        found
    }

    fn take_keyword(&mut self, keyword: Keyword) -> bool {
        let found = self.is_keyword(keyword);
        if found {
            self.bump();
        }
        found
    }

    fn expect_mark(&mut self, mark: Mark) -> Parsed<Span> {
        if self.is_mark(mark) {
            return Ok(self.bump().span);
        }
        Err(self.unexpected(&format!("`{}`", mark.text())))
    }

    fn expect_keyword(&mut self, keyword: Keyword) -> Parsed<Span> {
        if self.is_keyword(keyword) {
            return Ok(self.bump().span);
        }
        Err(self.unexpected(&format!("`{}`", keyword.text())))
    }

    fn expect_name(&mut self, what: &str) -> Parsed<Identifier> {
        if let TokenKind::Name(name) = self.peek() {
            let name = name.clone();
            let span = self.bump().span;
            return Ok(Identifier { name, span });
        }
        Err(self.unexpected(what))
    }

    fn expect_newline(&mut self) -> Parsed<()> {
        match self.peek() {
            TokenKind::Newline => {
                self.bump();
                Ok(())
            }
            TokenKind::End => Ok(()),
            _ => Err(self.unexpected("the end of the line")),
        }
    }

    /// One step down the tree; [`Self::leave`] goes back.
    fn enter(&mut self) -> Parsed<()> {
        if self.depth >= MAX_NESTING {
            return Err(self.too_deep(self.span()));
        }
        self.depth += 1;
        Ok(())
    }

    const fn leave(&mut self) {
        self.depth -= 1;
    }

    #[expect(
        clippy::unused_self,
        reason = "reads like the other makers of diagnostics"
    )]
    fn too_deep(&self, span: Span) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(
            Code::NestingTooDeep,
            span,
            format!("nested or chained more than {MAX_NESTING} deep"),
            "give inner parts names or functions of their own",
        ))
    }

    /// A diagnostic at the next token, which stands where `expected` should.
    fn unexpected(&self, expected: &str) -> Box<Diagnostic> {
        let span = self.span();
        let found = self.peek();
        if let Some(remedy) = unsupported(found) {
            return Box::new(Diagnostic::new(
                Code::UnsupportedSyntax,
                span,
                format!("{} has no meaning here", found.describe()),
                remedy,
            ));
        }
        let remedy = match found {
            TokenKind::Keyword(Keyword::Else | Keyword::Elif) => {
                "put it at the indentation of its `if`, behind the block of that".to_owned()
            }
            TokenKind::Mark(Mark::Assign) if expected == "`:`" => "compare by `==`".to_owned(),
            _ => format!("write {expected} here"),
        };
        Box::new(Diagnostic::new(
            Code::UnexpectedToken,
            span,
            format!("expected {expected}, found {}", found.describe()),
            remedy,
        ))
    }

    fn unsupported(&self, span: Span, message: &str, remedy: &str) -> Box<Diagnostic> {
        debug_assert!(self.depth <= MAX_NESTING);
        Box::new(Diagnostic::new(
            Code::UnsupportedSyntax,
            span,
            message,
            remedy,
        ))
    }

    /// Keeps an error and goes to the start of the next line of the same or an outer block.
    fn recover(&mut self, error: Diagnostic) {
        self.diagnostics.push(error);
        let mut blocks = 0usize;
        loop {
            match self.peek() {
                TokenKind::End => return,
                TokenKind::Dedent if blocks == 0 => return,
                TokenKind::Dedent => {
                    blocks -= 1;
                    self.bump();
                    if blocks == 0 {
                        return;
                    }
                }
                TokenKind::Indent => {
                    blocks += 1;
                    self.bump();
                }
                TokenKind::Newline => {
                    self.bump();
                    if blocks == 0 && *self.peek() != TokenKind::Indent {
                        return;
                    }
                }
                _ => {
                    self.bump();
                }
            }
        }
    }
}

/// What to write instead of a token of Python that this language does not have where it stands.
fn unsupported(kind: &TokenKind) -> Option<&'static str> {
    let remedy = match kind {
        TokenKind::Keyword(keyword) => match keyword {
            Keyword::And => "nest one `if` in another, or write two assertions",
            Keyword::Or => "write a second branch, or multiply differences",
            Keyword::Not => "turn the comparison round: `==` and `!=`",
            Keyword::While => "write a `for` over `range(a, b)`",
            Keyword::Break | Keyword::Continue => "put the rest of the body in an `if`",
            Keyword::Is => "write `==`",
            Keyword::If => "write an `if` statement that assigns on both branches",
            Keyword::None => "write 0",
            Keyword::Lambda => "a `lambda` stands in `match_range` only",
            Keyword::In => "`in` stands in `for` only",
            Keyword::Class => "use functions and arrays",
            Keyword::Try | Keyword::Except | Keyword::Finally | Keyword::Raise => {
                "write `assert`; a program cannot recover from a failure"
            }
            Keyword::With
            | Keyword::Async
            | Keyword::Await
            | Keyword::Yield
            | Keyword::Global
            | Keyword::Nonlocal
            | Keyword::Del
            | Keyword::As => "the language does not have it; remove it",
            _ => return None,
        },
        TokenKind::Mark(mark) => match mark {
            Mark::Equal
            | Mark::NotEqual
            | Mark::Less
            | Mark::LessOrEqual
            | Mark::Greater
            | Mark::GreaterOrEqual => {
                "a comparison is no value: it stands once in `if`, `assert` or `debug_assert`"
            }
            Mark::ShiftLeft => "multiply by `2 ** k`",
            Mark::ShiftRight => "at compile time, divide by `2 ** k` with `//`",
            Mark::BitAnd | Mark::BitOr | Mark::BitXor | Mark::BitNot => {
                "decompose into bits and compute with them"
            }
            Mark::ShiftLeftAssign
            | Mark::ShiftRightAssign
            | Mark::AndAssign
            | Mark::OrAssign
            | Mark::XorAssign => "write the operation out in arithmetic",
            Mark::Walrus => "assign on a line of its own",
            Mark::At => "only `@inline` exists, above a function",
            Mark::Arrow => "the results of a function have no annotation; remove it",
            Mark::OpenCurly | Mark::CloseCurly => "the language has no sets or dictionaries",
            _ => return None,
        },
        _ => return None,
    };
    Some(remedy)
}

/// Whether a name ends as placeholders do.
pub(crate) fn is_placeholder(name: &str) -> bool {
    name.ends_with("_PLACEHOLDER")
}
