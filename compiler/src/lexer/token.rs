//! Tokens.

use crate::diagnostics::quoted;
use crate::source::{Span, Symbol};

/// A token where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The end of a logical line.
    Newline,
    /// A line that is indented deeper than the one before.
    Indent,
    /// The end of an indented block.
    Dedent,
    /// The end of the text.
    End,
    /// A name that is not a keyword.
    Name(Symbol),
    /// An integer below the order of the field.
    Integer(u32),
    /// A text, without its quotes.
    Text(Symbol),
    /// A keyword of Python, in this language or not.
    Keyword(Keyword),
    /// An operator, a bracket or a separator.
    Mark(Mark),
}

/// Defines an enum whose variants each have a spelling.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant),*
        }

        impl $name {
            /// The spelling.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The variant of a spelling.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

spelled!(
    /// The keywords of Python; `match`, `case`, `print` and `_` are names, as there.
    Keyword {
        And = "and", As = "as", Assert = "assert", Async = "async", Await = "await", Break = "break",
        Class = "class", Continue = "continue", Def = "def", Del = "del", Elif = "elif", Else = "else",
        Except = "except", False = "False", Finally = "finally", For = "for", From = "from", Global = "global",
        If = "if", Import = "import", In = "in", Is = "is", Lambda = "lambda", None = "None",
        Nonlocal = "nonlocal", Not = "not", Or = "or", Pass = "pass", Raise = "raise", Return = "return",
        True = "True", Try = "try", While = "while", With = "with", Yield = "yield",
    }
);

spelled!(
    /// The operators, brackets and separators of Python; the parser says which this language has.
    Mark {
        PowerAssign = "**=", FloorDivideAssign = "//=", ShiftLeftAssign = "<<=", ShiftRightAssign = ">>=",
        Equal = "==", NotEqual = "!=", LessOrEqual = "<=", GreaterOrEqual = ">=", Arrow = "->", Walrus = ":=",
        AddAssign = "+=", SubtractAssign = "-=", MultiplyAssign = "*=", DivideAssign = "/=",
        RemainderAssign = "%=", AndAssign = "&=", OrAssign = "|=", XorAssign = "^=",
        Power = "**", FloorDivide = "//", ShiftLeft = "<<", ShiftRight = ">>",
        Add = "+", Subtract = "-", Multiply = "*", Divide = "/", Remainder = "%",
        Assign = "=", Less = "<", Greater = ">", Comma = ",", Colon = ":", Dot = ".", Semicolon = ";", At = "@",
        BitAnd = "&", BitOr = "|", BitXor = "^", BitNot = "~",
        OpenRound = "(", CloseRound = ")", OpenSquare = "[", CloseSquare = "]", OpenCurly = "{", CloseCurly = "}",
    }
);

impl TokenKind {
    /// The token in words, for a message.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Newline => "the end of the line".into(),
            Self::Indent => "a deeper indentation".into(),
            Self::Dedent => "the end of the block".into(),
            Self::End => "the end of the file".into(),
            Self::Name(name) => quoted(name),
            Self::Integer(value) => format!("`{value}`"),
            Self::Text(_) => "a string".into(),
            Self::Keyword(keyword) => format!("`{}`", keyword.text()),
            Self::Mark(mark) => format!("`{}`", mark.text()),
        }
    }
}
