//! String literals.

use super::{Lexer, TokenKind};
use crate::diagnostics::Code;

impl Lexer<'_> {
    /// Reads a string between single or double quotes, one or three.
    pub(super) fn string(&mut self) {
        let start = self.at;
        let quote = self.bytes[start];
        let triple = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        let width = if triple { 3 } else { 1 };
        self.at += width;
        let mut value = String::new();
        let mut plain = self.at;
        loop {
            let newline = self.newline();
            match self.peek(0) {
                Some(byte) if byte == quote && (!triple || self.closes_triple(quote)) => break,
                Some(b'\\') if self.peek(1).is_some() => {
                    value.push_str(&self.text[plain..self.at]);
                    self.escape(&mut value);
                    plain = self.at;
                }
                Some(_) if newline == 0 => self.at += 1,
                Some(_) if triple => self.at += newline,
                _ => {
                    let end = self.at;
                    self.report(
                        Code::UnterminatedString,
                        start,
                        end,
                        "a string that does not end",
                        "close it with the quotes that open it",
                    );
                    return;
                }
            }
        }
        value.push_str(&self.text[plain..self.at]);
        self.at += width;
        self.push(TokenKind::Text(value.into()), start, self.at);
    }

    fn closes_triple(&self, quote: u8) -> bool {
        self.peek(1) == Some(quote) && self.peek(2) == Some(quote)
    }

    /// Reads a backslash and what it stands for; as in Python, an unknown escape stands for itself.
    fn escape(&mut self, value: &mut String) {
        self.at += 1;
        let newline = self.newline();
        if newline > 0 {
            self.at += newline;
            return;
        }
        let Some(escaped) = self.text[self.at..].chars().next() else {
            return;
        };
        match escaped {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            '0' => value.push('\0'),
            '\\' | '\'' | '"' => value.push(escaped),
            _ => value.extend(['\\', escaped]),
        }
        self.at += escaped.len_utf8();
    }
}
