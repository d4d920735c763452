//! What commands print.

use std::io::Write;
use std::time::Duration;

use serde_json::Value;

/// Rows of a label and a value, in two columns; a row with an indented label belongs to the one above.
#[derive(Default)]
pub(crate) struct Table(Vec<(String, String)>);

impl Table {
    /// Adds a row.
    pub(crate) fn row(&mut self, label: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.0.push((label.into(), value.into()));
        self
    }

    /// The text, a line each.
    pub(crate) fn text(&self) -> String {
        let label_width = self
            .0
            .iter()
            .map(|(label, _)| label.chars().count())
            .max()
            .unwrap_or(0);
        let value_width = self
            .0
            .iter()
            .map(|(_, value)| value.chars().count())
            .max()
            .unwrap_or(0);
        self.0
            .iter()
            .map(|(label, value)| format!("{label:label_width$}  {value:>value_width$}\n"))
            .collect()
    }
}

/// A number with thousands separated.
pub(crate) fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// What a command found: text for people, JSON for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// For people.
    pub(crate) text: String,
    /// For programs; the fields of an object.
    pub(crate) json: Value,
}

impl Report {
    /// This one, and another one below it.
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
/// If it cannot be written to, other than by a reader that went away.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_tables_are_aligned() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(number),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(time(Duration::from_micros(1500)), "1.50 ms");
        assert_eq!(time(Duration::from_millis(1500)), "1.50 s");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(0, 0), "0.0 %");
        assert_eq!(
            Table::default().row("a", "1").row("long", "22").text(),
            "a      1\nlong  22\n"
        );
    }
}
