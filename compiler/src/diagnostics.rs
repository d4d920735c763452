//! Diagnostics: what is wrong, where, and what to do about it.

use std::fmt::Write as _;

use crate::ast::MODULUS;
use crate::source::{SourceMap, Span, Symbol};

/// The kind of an error; stable, so that tests and tools can name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The file is larger than [`crate::source::MAX_SOURCE_BYTES`].
    SourceTooLarge,
    /// A character that no token starts with.
    UnexpectedCharacter,
    /// A character outside ASCII, outside of comments and strings.
    NonAsciiName,
    /// A tab in the indentation of a line.
    TabIndentation,
    /// An indentation that matches no open block, or one where none may start.
    BadIndentation,
    /// A string that does not end on its line.
    UnterminatedString,
    /// A bracket that is never closed, or closed by another.
    UnbalancedBracket,
    /// An integer literal that is not below the order of the field.
    IntegerTooLarge,
    /// An integer literal with a letter or an odd underscore in it.
    MalformedInteger,
    /// Blocks, brackets or operators nested too deeply.
    NestingTooDeep,
    /// A token where the grammar has another.
    UnexpectedToken,
    /// Python that this language does not have.
    UnsupportedSyntax,
    /// An annotation other than `Const`, `Mut`, `Imu`, `Imm`, or one at the wrong place.
    BadAnnotation,
    /// A module that the loader does not find.
    MissingImport,
    /// Modules that import each other.
    ImportCycle,
    /// Too many modules, or too much text in all.
    TooManyModules,
    /// Two functions, constants or parameters of one name.
    DuplicateName,
    /// A name that is declared in this place and elsewhere, so that one would hide the other.
    Shadowing,
    /// A name of the language that a program may not take.
    ReservedName,
    /// A name that means nothing here.
    UnknownName,
    /// A placeholder without a value.
    MissingPlaceholder,
    /// A call of a function that does not exist.
    UnknownFunction,
    /// A call with too few or too many arguments.
    WrongArity,
    /// A number of targets that differs from the number of results.
    WrongResultCount,
    /// A value that must be known at compile time and is not.
    NotConstant,
    /// A list where a number must stand, or the reverse.
    TypeMismatch,
    /// A division by zero at compile time.
    DivisionByZero,
    /// A constant index outside of its array.
    IndexOutOfBounds,
    /// An assignment to a variable that may be assigned once.
    AssignedTwice,
    /// A variable that is not assigned on every path.
    NotAssigned,
    /// An assignment to a parameter, a loop variable or a constant.
    NotAssignable,
    /// A path through a function that returns nothing while another returns something.
    MissingReturn,
    /// A `return` inside a loop or another place that cannot leave the function.
    ReturnInLoop,
    /// Patterns of a `match` that are not consecutive integers.
    MatchNotConsecutive,
    /// No function `main` without parameters.
    MissingMain,
    /// A range-check bound above 2^16.
    RangeCheckBound,
    /// Inline or `Const` recursion that does not end.
    RecursionTooDeep,
    /// A compile-time loop with too many iterations.
    UnrollTooLarge,
    /// An array that does not fit the memory.
    ArrayTooLarge,
    /// A program with too many instructions.
    ProgramTooLarge,
    /// A `Mut` variable changed in a loop whose iterations are independent.
    MutInParallelLoop,
}

/// Compile-time variables with their values, at most eight: `n = 5, i = 2`.
#[must_use]
pub fn shown_values(values: &[(Symbol, u32)]) -> String {
    const SHOWN: usize = 8;
    let shown = values.iter().take(SHOWN);
    let mut shown: Vec<String> = shown
        .map(|(name, value)| format!("{name} = {}", signed(*value)))
        .collect();
    if values.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// An element as people write it: those just below the order of the field are negative.
#[must_use]
pub fn signed(value: u32) -> i64 {
    const SMALL: u32 = 1 << 16;
    if value > MODULUS - SMALL {
        i64::from(value) - i64::from(MODULUS)
    } else {
        i64::from(value)
    }
}

/// One error with its place and a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// What is wrong, one line.
    pub message: String,
    /// What to do about it, one line.
    pub remedy: String,
    /// The compile-time variables there and their values, the innermost first.
    pub values: Vec<(Symbol, u32)>,
}

impl Diagnostic {
    /// A diagnostic from its parts.
    #[must_use]
    pub fn new(
        code: Code,
        span: Span,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            remedy: remedy.into(),
            values: Vec::new(),
        }
    }

    /// The same, where compile-time variables have these values.
    pub(crate) fn with_values(mut self, values: Vec<(Symbol, u32)>) -> Self {
        self.values = values;
        self
    }

    /// File, line, column, the source line with a caret, and the remedy.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        let heading = format!("error[{:?}]: {}", self.code, self.message);
        render(&heading, self.span, &self.values, &self.remedy, sources)
    }
}

/// What a program may do, and probably should not; stable names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lint {
    /// A variable that is never read.
    UnusedVariable,
    /// A function that `main` does not lead to.
    UnusedFunction,
    /// Hinted cells that nothing constrains.
    UnconstrainedHint,
    /// Hinted bits that nothing makes 0 or 1.
    UncheckedBits,
}

impl Lint {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::UnusedVariable,
        Self::UnusedFunction,
        Self::UnconstrainedHint,
        Self::UncheckedBits,
    ];

    /// Its name on the command line and in comments.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnusedVariable => "unused-variable",
            Self::UnusedFunction => "unused-function",
            Self::UnconstrainedHint => "unconstrained-hint",
            Self::UncheckedBits => "unchecked-bits",
        }
    }
}

/// One place where a lint holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub lint: Lint,
    /// Where.
    pub span: Span,
    /// What is odd, one line.
    pub message: String,
    /// What to do about it, one line.
    pub remedy: String,
}

impl Warning {
    /// File, line, column, the source line with a caret, and the remedy.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        let heading = format!("warning[{}]: {}", self.lint.name(), self.message);
        let remedy = format!(
            "{}; to keep it, write `# allow: {}`",
            self.remedy,
            self.lint.name()
        );
        render(&heading, self.span, &[], &remedy, sources)
    }

    /// Whether a comment `# allow: NAME, …` on its line, or alone on the line above, allows it.
    #[must_use]
    pub fn is_allowed(&self, sources: &SourceMap) -> bool {
        let Some(file) = sources.get(self.span.file) else {
            return false;
        };
        let line = file.position(self.span.start).line;
        let above = file.line(line.saturating_sub(1)).trim();
        let lines = [
            file.line(line),
            if above.starts_with('#') { above } else { "" },
        ];
        lines.into_iter().any(|line| {
            let allowed = line.split_once("# allow:").map_or("", |(_, names)| names);
            allowed
                .split(',')
                .any(|name| name.trim() == self.lint.name())
        })
    }
}

/// A heading, the place and the line, values if there are any, and the remedy.
fn render(
    heading: &str,
    span: Span,
    values: &[(Symbol, u32)],
    remedy: &str,
    sources: &SourceMap,
) -> String {
    let mut out = format!("{heading}\n");
    let Some(file) = sources.get(span.file) else {
        let _ = writeln!(out, " = help: {remedy}");
        return out;
    };
    let start = file.position(span.start);
    let end = file.position(span.end);
    let number = start.line.to_string();
    let margin = " ".repeat(number.len());
    let line = file.line(start.line);
    let width = line.chars().count() + 1;
    let from = (start.column as usize).min(width);
    let to = if end.line == start.line {
        (end.column as usize).min(width)
    } else {
        width
    };
    let (line, from, to) = window(line, from, to.max(from + 1));
    let shown: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let pad = " ".repeat(from - 1);
    let carets = "^".repeat(to - from);
    let (name, column) = (file.name(), start.column);
    let _ = writeln!(out, "{margin}--> {name}:{}:{column}", start.line);
    let _ = writeln!(out, "{margin} |");
    let _ = writeln!(out, "{number} | {shown}");
    let _ = writeln!(out, "{margin} | {pad}{carets}");
    if !values.is_empty() {
        let _ = writeln!(out, "{margin} = where: {}", shown_values(values));
    }
    let _ = writeln!(out, "{margin} = help: {remedy}");
    out
}

/// At most 160 characters of a line around the columns `from..to`, which move with it.
fn window(line: &str, from: usize, to: usize) -> (String, usize, usize) {
    const WIDTH: usize = 160;
    if line.chars().nth(WIDTH).is_none() {
        return (line.to_owned(), from, to);
    }
    let skip = (from - 1).saturating_sub(WIDTH / 2);
    let shown: String = line.chars().skip(skip).take(WIDTH).collect();
    let from = from - skip;
    let to = (to - skip).min(WIDTH + 1).max(from + 1);
    (shown, from, to)
}

/// All diagnostics, one below the other, at most twenty.
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = diagnostics
        .iter()
        .take(SHOWN)
        .map(|diagnostic| diagnostic.render(sources))
        .collect();
    let mut out = shown.join("\n");
    if diagnostics.len() > SHOWN {
        let _ = writeln!(out, "\n… and {} more", diagnostics.len() - SHOWN);
    }
    out
}
/// At most forty characters of a name, for a message.
fn shortened(name: &str) -> String {
    if name.chars().nth(40).is_none() {
        return name.to_owned();
    }
    name.chars().take(40).chain(['…']).collect()
}

/// A name between backticks, shortened for a message.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", shortened(name))
}
