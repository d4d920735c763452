//! Arguments that several commands have.

use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use leanvm_compiler::diagnostics::Lint;
use zeroize::Zeroizing;

/// Reads a whole number; the error says the range.
pub(crate) fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| {
            let (first, last) = (range.start(), range.end());
            format!("give a whole number from {first} to {last}")
        })
    }
}

/// Reads a number of seconds.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of seconds: {error}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// Reads a number of MiB, as bytes.
pub(crate) fn mebibytes(text: &str) -> Result<usize, String> {
    let number: usize = text
        .parse()
        .map_err(|error| format!("`{text}` is not a number of MiB: {error}"))?;
    number
        .checked_mul(1 << 20)
        .ok_or_else(|| format!("{number} MiB are more than there can be"))
}

/// A secret on the command line, wiped when the arguments are dropped.
///
/// Some copies cannot be wiped from here: the arguments in the memory of the process, which the
/// system also shows to others (`ps`) while it runs; the copies that `clap` makes of them before it
/// calls [`secret`]; the history of a shell. A secret in a file (`@FILE`) has none of these.
pub(crate) type Secret = Zeroizing<String>;

/// Reads a secret.
pub(crate) fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Zeroizing::new(text.to_owned()))
}

/// The placeholders of a guest program.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Defines {
    /// Value of a placeholder of a guest program: `X_PLACEHOLDER=5`, `L_PLACEHOLDER=[1,[2,-3]]`.
    /// Once for each placeholder.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) define: Vec<String>,
}

/// Which warnings are not wanted.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Lints {
    /// A kind of warning about a guest program that is not to be given (compiler/LANGUAGE.md has
    /// them). Once for each.
    #[arg(long, value_name = "LINT", value_parser = PossibleValuesParser::new(Lint::ALL.map(Lint::name)))]
    pub(crate) allow: Vec<String>,
}

/// Caps of an execution.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Limits {
    /// Most cycles; a program that runs longer is rejected (cycle-limit).
    #[arg(long, value_name = "N", default_value_t = 1 << 24, value_parser = whole::<u64>(1..=u64::MAX))]
    pub(crate) max_cycles: u64,
    /// Most memory cells, up to 2^26; a program that needs more is rejected (memory-exhausted or
    /// address-out-of-range).
    #[arg(long, value_name = "N", default_value_t = 1 << 26, value_parser = whole::<u32>(8..=1 << 26))]
    pub(crate) max_cells: u32,
}

/// An implementation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// The production prover and verifier.
    #[default]
    Fast,
    /// The executable specification.
    Spec,
}

impl Engine {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Spec => "spec",
        }
    }
}

/// What runs a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runner {
    /// The production machine.
    #[default]
    Fast,
    /// The executable specification.
    Spec,
    /// The reference interpreter of the guest language: runs the text itself, slowly, and checks
    /// every `debug_assert`. --max-cycles caps its statements, calls and iterations of loops.
    Interpreter,
}

impl Runner {
    /// The implementation, unless it is the interpreter.
    pub(crate) const fn engine(self) -> Option<Engine> {
        match self {
            Self::Fast => Some(Engine::Fast),
            Self::Spec => Some(Engine::Spec),
            Self::Interpreter => None,
        }
    }

    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self.engine() {
            Some(engine) => engine.name(),
            None => "interpreter",
        }
    }
}

/// A parameter set of SPEC §18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParameterSet {
    /// 124 bits in each step of the protocol, proven.
    #[default]
    Production,
    /// For tests, no security.
    Small,
    /// For tests, no security.
    Tiny,
}

impl ParameterSet {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Small => "small",
            Self::Tiny => "tiny",
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_say_their_range() {
        let parse = super::whole::<u8>(1..=300);
        assert_eq!(parse("255"), Ok(255));
        for text in ["", "0", "256", "301", "-1", "1.0", "x"] {
            let expected = "give a whole number from 1 to 300".to_owned();
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }
}
