//! What commands print: text for people, within [`WIDTH`] columns except for names and digits that
//! the user may copy, and JSON for programs.

use std::io::Write;
use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Row, Table as Columns};
use indicatif::HumanCount;
use serde_json::Value;
use textwrap::{WordSeparator, WordSplitter};

/// Columns of the text.
const WIDTH: u16 = 80;
/// Columns between two columns.
const GAP: u16 = 2;

/// The alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Side {
    fn cell(self, text: &str) -> Cell {
        Cell::new(text).set_alignment(match self {
            Self::Left => CellAlignment::Left,
            Self::Right => CellAlignment::Right,
        })
    }
}

fn columns() -> Columns {
    let mut columns = Columns::new();
    columns.load_style(NOTHING);
    columns
}

fn printed(mut columns: Columns) -> String {
    for column in columns.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    let text = columns.trim_fmt();
    if text.is_empty() { text } else { text + "\n" }
}

/// Rows of a label and a value. Words are aligned left, the figures of consecutive rows right. A
/// row with an indented label belongs to the one above.
#[derive(Default)]
pub(crate) struct Table(Vec<(String, Side, String)>);

impl Table {
    /// Adds words.
    pub(crate) fn row(&mut self, label: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.0.push((label.into(), Side::Left, value.into()));
        self
    }

    /// Adds a number, with its unit.
    pub(crate) fn figure(
        &mut self,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> &mut Self {
        self.0.push((label.into(), Side::Right, value.into()));
        self
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let labels = self.0.iter().map(|(label, ..)| label.chars().count());
        let width = labels.max().unwrap_or(0);
        let same_side = |(_, one, _): &(_, Side, _), (_, other, _): &(_, Side, _)| one == other;
        let block = |rows: &[(String, Side, String)]| {
            let mut block = columns();
            for (label, side, value) in rows {
                let label = format!("{label:width$}");
                block.add_row([Side::Left.cell(&label), side.cell(value)]);
            }
            printed(block)
        };
        self.0.chunk_by(same_side).map(block).collect()
    }
}

/// Rows of several cells below a head. What is too long for a line is cut, with an ellipsis.
pub(crate) struct Grid {
    sides: Vec<Side>,
    columns: Columns,
}

impl Grid {
    /// The head.
    pub(crate) fn new(head: &[(&str, Side)]) -> Self {
        let mut columns = columns();
        columns
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(WIDTH)
            .set_truncation_indicator("…")
            .set_header(head.iter().map(|(name, side)| side.cell(name)));
        Self {
            sides: head.iter().map(|(_, side)| *side).collect(),
            columns,
        }
    }

    /// Adds a row of as many cells as the head has.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let cells = self.sides.iter().zip(cells);
        let mut row = Row::from(cells.map(|(side, text)| side.cell(text)));
        row.max_height(1);
        self.columns.add_row(row);
        self
    }

    /// The text.
    pub(crate) fn text(self) -> String {
        printed(self.columns)
    }
}

/// A paragraph that begins with a label; further lines are indented below it. Words are not broken.
pub(crate) fn paragraph(label: &str, text: &str) -> String {
    let options = textwrap::Options::new(WIDTH.into())
        .initial_indent(label)
        .subsequent_indent("    ")
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(text, options)
}

/// A number with thousands separated.
pub(crate) fn number(value: usize) -> String {
    HumanCount(value as u64).to_string()
}

/// A time in the unit that suits it.
pub(crate) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{:.2} ms", seconds * 1e3)
    }
}

/// A share in percent.
pub(crate) fn share(part: usize, whole: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for display")]
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    format!("{share:.1} %")
}

/// The result of a command: text for people, JSON for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// For people.
    pub(crate) text: String,
    /// For programs; the fields of an object.
    pub(crate) json: Value,
}

impl Report {
    /// This report followed by another.
    pub(crate) fn then(mut self, other: Self) -> Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&other.text);
        merge(&mut self.json, other.json);
        self
    }
}

/// Adds the fields of one object to another.
pub(crate) fn merge(object: &mut Value, other: Value) {
    if let (Value::Object(object), Value::Object(other)) = (object, other) {
        object.extend(other);
    }
}

/// Prints to standard output.
///
/// # Errors
/// If it cannot be written to. A reader that has closed the pipe is not an error.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints a text, unless it is empty, to standard error. Failures to write are ignored: the exit
/// code has the verdict.
pub(crate) fn say(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_have_their_units() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(number),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(time(Duration::from_micros(1500)), "1.50 ms");
        assert_eq!(time(Duration::from_millis(1500)), "1.50 s");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(0, 0), "0.0 %");
    }

    #[test]
    fn words_stand_left_and_figures_right() {
        let mut table = Table::default();
        table
            .row("name", "a rather long text")
            .figure("cells", "1,234")
            .figure("  used", "9 %")
            .row("é", "x");
        assert_eq!(
            table.text(),
            "name    a rather long text\ncells   1,234\n  used    9 %\né       x\n"
        );
        assert_eq!(Table::default().text(), "");
    }

    #[test]
    fn digits_to_copy_are_not_cut() {
        let digits = "0123456789abcdef".repeat(8);
        let mut table = Table::default();
        table.row("key", digits.clone());
        assert_eq!(table.text(), format!("key  {digits}\n"));
        assert_eq!(paragraph("key: ", &digits), format!("key: {digits}"));
    }

    #[test]
    fn rows_of_many_cells_are_cut_to_the_width() {
        let mut grid = Grid::new(&[("cycles", Side::Right), ("line", Side::Left)]);
        grid.row(["1", "short"]).row(["1,000", &"long ".repeat(40)]);
        let text = grid.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["cycles  line", "     1  short"]);
        assert!(lines[2].starts_with(" 1,000  long long") && lines[2].ends_with('…'));
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn paragraphs_are_wrapped_between_words() {
        let text = paragraph("  remedy: ", &"word ".repeat(20));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("  remedy: word word") && lines[1].starts_with("    word"));
        assert!(lines.iter().all(|line| line.len() <= 80));
    }
}
