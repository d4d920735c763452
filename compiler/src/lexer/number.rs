//! Integer literals.

use super::{Lexer, TokenKind};
use crate::ast::MODULUS;
use crate::diagnostics::Code;

impl Lexer<'_> {
    /// Reads a literal with all letters, digits, `_` and `.` that are joined to it, so that one
    /// error names all of it.
    pub(super) fn number(&mut self) {
        let start = self.at;
        while self
            .peek(0)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            || (self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|b| b.is_ascii_digit()))
        {
            self.at += 1;
        }
        let (end, literal) = (self.at, &self.text[start..self.at]);
        match parse(literal) {
            Some(value) if value < u64::from(MODULUS) => {
                self.push(TokenKind::Integer(value as u32), start, end);
            }
            Some(_) => self.report(
                Code::IntegerTooLarge,
                start,
                end,
                "an integer that is not below the order of the field, 2130706433",
                "write its remainder by 2130706433",
            ),
            None => self.report(
                Code::MalformedInteger,
                start,
                end,
                "not an integer",
                "write decimal digits, or 0x, 0o or 0b and digits; the language has integers only",
            ),
        }
    }
}

/// The value of a literal, saturated at 2^64 − 1; nothing if it is malformed.
fn parse(literal: &str) -> Option<u64> {
    let lower = literal.to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((lower.strip_prefix(prefix)?, radix)));
    let (digits, radix) = match prefixed {
        // An underscore may follow a prefix.
        Some((digits, radix)) => (digits.strip_prefix('_').unwrap_or(digits), radix),
        None => (lower.as_str(), 10),
    };
    if digits.is_empty()
        || digits.starts_with('_')
        || digits.ends_with('_')
        || digits.contains("__")
    {
        return None;
    }
    let mut value = 0u64;
    for digit in digits.chars().filter(|digit| *digit != '_') {
        let digit = u64::from(digit.to_digit(radix)?);
        value = value.saturating_mul(u64::from(radix)).saturating_add(digit);
    }
    // Python refuses 010, which reads as octal elsewhere.
    if radix == 10 && digits.starts_with('0') && value != 0 {
        return None;
    }
    Some(value)
}
