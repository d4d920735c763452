//! `leanvm test`: guest programs do what their headers say.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use leanvm_compiler::header::Header;
use leanvm_compiler::interpreter::Failure as Outcome;
use leanvm_compiler::prints::signed;
use serde_json::json;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{self, Kind, Paths};
use crate::options::{Engine, Limits, Runner};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::guest::{self, Guest};
use crate::program::input::{Input, Source};
use crate::program::interpret::Interpreted;
use crate::program::recorded;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Guest program (`.py`), or a folder: the guest programs in it and in its folders. A program
    /// says in lines such as `# public: 1 2`, `# private NAME: 3`, `# prints: 4` and `# outcome:
    /// NotEqual` what it is run on and what is expected; compiler/LANGUAGE.md has all of them.
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// What runs them.
    #[arg(long, value_enum, default_value_t)]
    engine: Runner,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// A program and its header.
struct Case {
    path: PathBuf,
    header: Option<Header>,
}

/// The result of a program.
enum Verdict {
    Passed,
    Failed(String),
    /// The program has no header, so nothing is expected of it.
    NoHeader,
}

impl Verdict {
    const fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NoHeader => "no header",
        }
    }
}

/// How a run ended.
struct Ended {
    /// The failure, if it failed.
    failure: Option<Failure>,
    /// Whether the header expects this outcome.
    expected: bool,
    printed: Vec<u32>,
}

impl Command for Test {
    fn name(&self) -> &'static str {
        "test"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.path)], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let mut cases = Vec::new();
        for path in programs(&self.path)? {
            cases.push(case(path)?);
        }
        if cases.iter().all(|case| case.header.is_none()) {
            return Err(Failure::unusable(
                &self.path,
                "there is no guest program with a header",
                "say in lines such as `# public: 1 2` and `# prints: 3` at the top of a program what is expected; compiler/LANGUAGE.md has them all",
            ));
        }
        let verdicts: Vec<(PathBuf, Verdict)> = cases
            .into_iter()
            .map(|case| {
                let verdict = match &case.header {
                    None => Verdict::NoHeader,
                    Some(header) => match run(&case.path, header, self.engine, self.limits) {
                        Ok(()) => Verdict::Passed,
                        Err(difference) => Verdict::Failed(difference),
                    },
                };
                (case.path, verdict)
            })
            .collect();
        summary(self.engine, &verdicts)
    }
}

/// The guest programs at a path, in the order of their paths; those in a folder, and in the folders
/// in it.
fn programs(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        if guest::is_source(path) {
            return Ok(vec![path.to_owned()]);
        }
        return Err(Failure::unusable(
            path,
            "is no guest program and no folder",
            "name a file `.py`, or a folder of such files",
        ));
    }
    let unreadable = |error: std::io::Error| files::unreadable(path, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // A link to a folder is not followed, because it may form a loop.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            found.extend(programs(&entry.path())?);
        } else if guest::is_source(&entry.path()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn case(path: PathBuf) -> Result<Case, Failure> {
    let text = files::read(&path, Kind::Program)?;
    let header = Header::parse(&String::from_utf8_lossy(&text)).map_err(|error| {
        let remedy = "compiler/LANGUAGE.md has the header lines";
        Failure::unusable(&path, error.message, remedy).at(format!("line {}", error.line))
    })?;
    Ok(Case { path, header })
}

/// Runs a program; the error says how it differs from its header.
fn run(path: &Path, header: &Header, runner: Runner, limits: Limits) -> Result<(), String> {
    let guest = match (guest::compile(path, &header.placeholders), &header.error) {
        (Err(refusal), Some(expected)) if refusal.is(expected) => return Ok(()),
        (Err(refusal), Some(expected)) => {
            let found = refusal.failure.text();
            return Err(format!("is refused otherwise than by {expected}\n{found}"));
        }
        (Err(refusal), None) => return Err(refusal.failure.text()),
        (Ok(_), Some(expected)) => return Err(format!("is accepted; {expected} is expected")),
        (Ok(guest), None) => guest,
    };
    let ended = match runner.engine() {
        Some(engine) => by_engine(engine, path, guest, header, limits),
        None => by_interpreter(path, header, limits)?,
    };
    match (ended.failure, header.outcome) {
        (None, Some(expected)) => {
            let hint = if expected == Outcome::DebugAssertion && runner != Runner::Interpreter {
                "; `--engine interpreter` checks every `debug_assert`"
            } else {
                ""
            };
            return Err(format!("succeeds; {expected} is expected{hint}"));
        }
        (Some(failure), None) => return Err(failure.text()),
        (Some(failure), Some(expected)) if !ended.expected => {
            let found = failure.text();
            return Err(format!("fails otherwise than by {expected}\n{found}"));
        }
        _ => {}
    }
    if ended.printed != header.prints {
        let shown = |values: &[u32]| {
            let words: Vec<String> = values
                .iter()
                .map(|value| signed(*value).to_string())
                .collect();
            words.join(" ")
        };
        return Err(format!(
            "prints {}\nexpected {}",
            shown(&ended.printed),
            shown(&header.prints)
        ));
    }
    Ok(())
}

fn by_engine(engine: Engine, path: &Path, guest: Guest, header: &Header, limits: Limits) -> Ended {
    let file = ProgramFile::of_guest(path, guest);
    let input = Input::of_header(header);
    match engine::run(engine, &file, &input, limits) {
        Ok(ran) => Ended {
            failure: None,
            expected: header.outcome.is_none(),
            printed: ran.prints.values(),
        },
        Err((stage, rejected)) => Ended {
            expected: header
                .outcome
                .is_some_and(|outcome| outcome.allows(rejected.code)),
            printed: rejected.printed.clone(),
            failure: Some(recorded::failure(
                (stage, rejected),
                &file,
                &input,
                limits,
                (Source::Header, None),
            )),
        },
    }
}

fn by_interpreter(path: &Path, header: &Header, limits: Limits) -> Result<Ended, String> {
    let (program, sources) =
        guest::check(path, &header.placeholders).map_err(|refusal| refusal.failure.text())?;
    let input = Input::of_header(header);
    let interpreted = Interpreted::new(program, sources, &input, limits);
    Ok(Ended {
        failure: interpreted.failure(path, &input, None),
        expected: interpreted.outcome() == header.outcome,
        printed: interpreted.prints().values(),
    })
}

/// A line for each program, followed by what is wrong with it, and the totals.
fn summary(runner: Runner, verdicts: &[(PathBuf, Verdict)]) -> Result<Report, Failure> {
    let count = |name: &str| {
        let of_name = verdicts
            .iter()
            .filter(|(_, verdict)| verdict.name() == name);
        of_name.count()
    };
    let (passed, failed, none) = (count("passed"), count("failed"), count("no header"));
    let mut text = String::new();
    let mut programs = Vec::new();
    for (path, verdict) in verdicts {
        text.push_str(&format!("{:<9}  {}\n", verdict.name(), path.display()));
        let mut object = json!({ "file": path.display().to_string(), "result": verdict.name() });
        if let Verdict::Failed(difference) = verdict {
            for line in difference.lines() {
                text.push_str(&format!("    {line}\n"));
            }
            object["difference"] = json!(difference);
        }
        programs.push(object);
    }
    let ignored = if none == 0 {
        String::new()
    } else {
        format!(", {none} without a header, of which nothing is expected")
    };
    text.push_str(&format!("\n{passed} passed, {failed} failed{ignored}\n"));
    let report = Report {
        text,
        json: json!({
            "engine": runner.name(),
            "passed": passed,
            "failed": failed,
            "without_header": none,
            "programs": programs,
        }),
    };
    if failed == 0 {
        return Ok(report);
    }
    let are = if failed == 1 {
        "program does"
    } else {
        "programs do"
    };
    Err(Failure::tests(format!("{failed} {are} not do what the header says")).with_output(report))
}
