//! What `print` shows: one line for each statement that runs, its strings and values in order with
//! a space between two, as Python has it.

use std::fmt;

use crate::ast::MODULUS;
use crate::source::{Span, Symbol};

/// The elements within this distance below p are shown as negative numbers.
pub const NEGATIVES: u32 = 1 << 16;

/// An argument of `print`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A string.
    Text(Symbol),
    /// An element, in canonical form.
    Value(u32),
}

/// A printed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The `print` statement.
    pub span: Span,
    /// Its arguments.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// The values among the arguments.
    pub fn values(&self) -> impl Iterator<Item = u32> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Value(value) => Some(*value),
        })
    }
}

/// An element as a number near 0: −1 for p − 1, but p − 2^16 and less as they are.
#[must_use]
pub fn signed(value: u32) -> i64 {
    let distance = MODULUS.saturating_sub(value);
    if value < MODULUS && distance < NEGATIVES {
        -i64::from(distance)
    } else {
        i64::from(value)
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A terminal is not to be steered by a program's text.
            Self::Text(text) => {
                let text: String = text
                    .chars()
                    .map(|c| if c.is_control() { ' ' } else { c })
                    .collect();
                formatter.write_str(&text)
            }
            Self::Value(value) => signed(*value).fmt(formatter),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, piece) in self.pieces.iter().enumerate() {
            if i > 0 {
                formatter.write_str(" ")?;
            }
            piece.fmt(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_python_shows_them() {
        let shown = |pieces: Vec<Piece>| {
            let span = Span::default();
            Line { span, pieces }.to_string()
        };
        let text = |text: &str| Piece::Text(text.into());
        assert_eq!(shown(vec![]), "");
        assert_eq!(
            shown(vec![
                text("x ="),
                Piece::Value(5),
                Piece::Value(MODULUS - 1)
            ]),
            "x = 5 -1"
        );
        assert_eq!(shown(vec![text("a\u{1b}[1m\tb")]), "a [1m b");
        assert_eq!(
            [0, 5, MODULUS - 65_535, MODULUS - 65_536].map(signed),
            [0, 5, -65_535, i64::from(MODULUS) - 65_536]
        );
    }
}
