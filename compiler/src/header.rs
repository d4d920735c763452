//! The header of a program: the comment lines at its top that say what it is run on and what is
//! expected (LANGUAGE.md has the table).

use std::collections::BTreeSet;

use crate::ast::MODULUS;
use crate::check::{Placeholders, closest};
use crate::interpreter::{Failure, Input};
use crate::parser::parse_constant;
use crate::source::SourceFile;

/// The first words of header lines.
const KEYS: [&str; 6] = [
    "public",
    "private",
    "placeholder",
    "prints",
    "outcome",
    "error",
];

/// What the header of a program says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// What the program is run on.
    pub input: Input,
    /// The values of its placeholders.
    pub placeholders: Placeholders,
    /// All printed values, in order.
    pub prints: Vec<u32>,
    /// The failure that ends the run, unless it succeeds.
    pub outcome: Option<Failure>,
    /// The name of the diagnostic with which the text is refused, unless it is accepted.
    pub error: Option<String>,
}

/// A header line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Header {
    /// Reads the header of a text; a text without header lines has none. Other comments may stand
    /// between its lines.
    ///
    /// # Errors
    /// A number that is none, an outcome that does not exist, an outcome beside a diagnostic, a
    /// line that is misspelt or repeated (but `private`, of which each line is a list).
    pub fn parse(text: &str) -> Result<Option<Self>, HeaderError> {
        let mut header = Self::default();
        let mut found = BTreeSet::new();
        for (index, line) in text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .enumerate()
        {
            let Some((key, value)) = line[1..].trim().split_once(':') else {
                continue;
            };
            let line = index + 1;
            let refused = |message: String| HeaderError { line, message };
            if !header.set(key, value).map_err(refused)? {
                let word = key.split(' ').next().unwrap_or(key);
                if let Some(meant) = closest(word, KEYS) {
                    let message = format!("`{word}` is no header line; did you mean `{meant}`?");
                    return Err(refused(message));
                }
                continue;
            }
            if !found.insert(key) && !key.starts_with("private ") {
                return Err(refused(format!("a second line `{key}`")));
            }
            if header.outcome.is_some() && header.error.is_some() {
                return Err(refused("a text that is refused has no outcome".to_owned()));
            }
        }
        Ok((!found.is_empty()).then_some(header))
    }

    /// Takes a line; whether it is one of a header.
    fn set(&mut self, key: &str, value: &str) -> Result<bool, String> {
        match key.split_once(' ').unwrap_or((key, "")) {
            ("public", "") => self.input.public = numbers(value)?,
            ("private", name) if !name.is_empty() => {
                let lists = self.input.private.entry(name.to_owned()).or_default();
                lists.push(numbers(value)?);
            }
            ("placeholder", name) if !name.is_empty() => {
                let constant = parse_constant(&SourceFile::new("header", value.trim()))
                    .map_err(|_| format!("`{}` is no constant", value.trim()))?;
                self.placeholders.insert(name.to_owned(), constant);
            }
            ("prints", "") => self.prints = numbers(value)?,
            ("outcome", "") => self.outcome = Some(outcome(value.trim())?),
            ("error", "") => self.error = Some(value.trim().to_owned()),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Numbers between blanks; a negative one is its element.
fn numbers(text: &str) -> Result<Vec<u32>, String> {
    let number = |word: &str| {
        let value: i64 = word.parse().ok()?;
        let value = if value < 0 {
            value.checked_add(i64::from(MODULUS))?
        } else {
            value
        };
        u32::try_from(value).ok()
    };
    text.split_whitespace()
        .map(|word| number(word).ok_or_else(|| format!("`{word}` is no number of 32 bits")))
        .collect()
}

fn outcome(name: &str) -> Result<Failure, String> {
    let known = Failure::ALL.iter().find(|failure| failure.name() == name);
    known.copied().ok_or_else(|| {
        let names: Vec<&str> = Failure::ALL.iter().map(|failure| failure.name()).collect();
        let names = names.join(", ");
        format!("there is no outcome `{name}`; the outcomes are {names}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let text = "# Adds.\n# public: 1 2\n# private a: 3\n# private b:\n# private a: -1 4\n# placeholder N_PLACEHOLDER: [1, [2]]\n# prints: 4\n# note: nothing\n# outcome: NotEqual\ndef main():\n# public: 9\n";
        let header = Header::parse(text).unwrap().expect("a header");
        assert_eq!(header.input.public, [1, 2]);
        let lists = [vec![3], vec![MODULUS - 1, 4]];
        assert_eq!(header.input.private["a"], lists);
        assert_eq!(header.input.private["b"], [Vec::new()]);
        assert_eq!(header.placeholders.len(), 1);
        assert_eq!(header.prints, [4]);
        assert_eq!(header.outcome, Some(Failure::NotEqual));
        assert_eq!(header.error, None);
        assert_eq!(Header::parse("# a: b\n# private\nx = 1\n"), Ok(None));
    }

    #[test]
    fn the_reference_lists_the_outcomes() {
        let chapter = include_str!("../LANGUAGE.md");
        let (_, list) = chapter.split_once("\nThe outcomes are").expect("the list");
        let (list, _) = list.split_once("\n\n").expect("its end");
        let mut listed: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
        let mut outcomes: Vec<&str> = Failure::ALL.iter().map(|failure| failure.name()).collect();
        listed.sort_unstable();
        outcomes.sort_unstable();
        assert_eq!(listed, outcomes);
    }

    #[test]
    fn lines_that_cannot_be_used_are_named() {
        for (text, line, expected) in [
            ("# public: 1 x", 1, "`x` is no number"),
            ("# public: 1\n# prints: 4294967296", 2, "`4294967296` is no"),
            ("# prints: -2130706434", 1, "`-2130706434` is no"),
            ("# outcome: Equals", 1, "there is no outcome `Equals`"),
            ("# placeholder N_PLACEHOLDER: x", 1, "`x` is no constant"),
            ("# outcome: Equal\n# error: Shadowing", 2, "has no outcome"),
            ("# public: 1\n# public: 2", 2, "a second line `public`"),
            ("# prints:\n# prints:", 2, "a second line `prints`"),
            (
                "# placeholder A_PLACEHOLDER: 1\n# placeholder A_PLACEHOLDER: 1",
                2,
                "a second line `placeholder A_PLACEHOLDER`",
            ),
            ("# x\n# pubilc: 1", 2, "did you mean `public`?"),
            ("# print: 1", 1, "did you mean `prints`?"),
            ("# Outcome: Equal", 1, "did you mean `outcome`?"),
            ("# privat a: 1", 1, "did you mean `private`?"),
        ] {
            let error = Header::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(expected), "{}", error.message);
        }
    }
}
