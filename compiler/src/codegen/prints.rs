//! Where a program prints: the lines of an execution, recovered from its path and the values of its
//! print hints.

use crate::prints::{Line, Piece};
use crate::source::{Span, Symbol};

/// An argument of a `print` at its place in the code.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Point {
    /// Before the instruction there.
    pc: u32,
    /// The index of the hint of a value; a string stands before the hint of this index.
    hint: u32,
    /// The string, unless it is a value.
    text: Option<Symbol>,
    /// Whether the line ends here.
    last: bool,
    span: Span,
}

/// The `print` statements of a compiled program, which has hints for their values only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    /// By increasing pc.
    points: Vec<Point>,
}

impl Prints {
    /// Adds an argument: a string, or the value of the hint of that index.
    pub(super) fn push(
        &mut self,
        pc: u32,
        hint: usize,
        text: Option<Symbol>,
        last: bool,
        span: Span,
    ) {
        self.points.push(Point {
            pc,
            hint: hint as u32,
            text,
            last,
            span,
        });
    }

    /// Whether the last argument so far is printed at a pc.
    pub(super) fn end_at(&self, pc: u32) -> bool {
        self.points.last().is_some_and(|point| point.pc == pc)
    }

    /// The lines of an execution: the pc of each cycle that was begun, the printed values, and if a
    /// hint could not be computed in the last of the cycles, its index. A line that was not
    /// finished ends where the execution does.
    #[must_use]
    pub fn lines(
        &self,
        pcs: impl IntoIterator<Item = u32>,
        values: impl IntoIterator<Item = u32>,
        failed_hint: Option<usize>,
    ) -> Vec<Line> {
        let mut values = values.into_iter();
        let mut lines: Vec<Line> = Vec::new();
        let mut open = false;
        let mut pcs = pcs.into_iter().peekable();
        while let Some(pc) = pcs.next() {
            let stop = failed_hint.filter(|_| pcs.peek().is_none());
            let first = self.points.partition_point(|point| point.pc < pc);
            let here = self.points[first..].iter();
            for point in here.take_while(|point| point.pc == pc) {
                if stop.is_some_and(|stop| point.hint as usize > stop) {
                    break;
                }
                let piece = match &point.text {
                    Some(text) => Piece::Text(text.clone()),
                    None => match values.next() {
                        Some(value) => Piece::Value(value),
                        None => break,
                    },
                };
                match lines.last_mut().filter(|_| open) {
                    Some(line) => line.pieces.push(piece),
                    None => lines.push(Line {
                        span: point.span,
                        pieces: vec![piece],
                    }),
                }
                open = !point.last;
            }
        }
        lines
    }
}
