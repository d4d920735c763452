//! `leanvm run`: a program is executed, without a proof.

use std::path::PathBuf;

use clap::Args;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{self, Paths};
use crate::measurements::Measurements;
use crate::options::{Defines, Engine, Limits, Lints, Runner};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::guest;
use crate::program::input::{self, Source};
use crate::program::interpret::Interpreted;
use crate::program::recorded;
use crate::program::warnings::Warnings;
use crate::progress::Progress;
use crate::report::Report;

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Guest program, assembly text or binary program.
    program: PathBuf,
    #[command(flatten)]
    defines: Defines,
    #[command(flatten)]
    lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// What runs it.
    #[arg(long, value_enum, default_value_t)]
    engine: Runner,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Also say what the layout of the memory saves.
    #[arg(short, long)]
    verbose: bool,
}

impl Command for Run {
    fn name(&self) -> &'static str {
        "run"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.program), self.input.as_deref()], [])
    }

    fn warns(&self) -> bool {
        true
    }

    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        match self.engine.engine() {
            Some(engine) => self.by_engine(engine, warnings),
            None => self.by_interpreter(warnings),
        }
    }
}

impl Run {
    fn by_engine(&self, engine: Engine, warnings: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.program, &self.defines)?;
        file.warn(warnings, &self.lints);
        let input = input::read(self.input.as_deref())?;
        let progress = Progress::start(["executing"]);
        let ran = engine::run(engine, &file, &input, self.limits).map_err(|refused| {
            let files = (Source::of(self.input.as_deref()), None);
            recorded::failure(refused, &file, &input, self.limits, files)
        })?;
        let elapsed = progress.finish();
        let mut list = Measurements::default();
        list.row("program", "accepted")
            .field("engine", self.engine.name());
        ran.measure(&mut list, self.verbose);
        list.time("executing", "seconds.execute", elapsed);
        Ok(ran.prints.report().then(list.report()))
    }

    fn by_interpreter(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        if !guest::is_source(&self.program) && !files::is_stream(&self.program) {
            return Err(Failure::usage(
                format!(
                    "{} is no guest program (`.py`), and the interpreter runs nothing else",
                    self.program.display()
                ),
                "leave out --engine interpreter",
            ));
        }
        let (program, sources) = guest::checked(&self.program, &self.defines)?;
        warnings.add(&guest::warnings(&program), &sources, &self.lints);
        let input = input::read(self.input.as_deref())?;
        let progress = Progress::start(["interpreting"]);
        let interpreted = Interpreted::new(program, sources, &input, self.limits);
        let elapsed = progress.finish();
        if let Some(failure) = interpreted.failure(&self.program, &input, self.input.as_deref()) {
            return Err(failure);
        }
        let mut list = Measurements::default();
        list.row("program", "accepted")
            .field("engine", self.engine.name())
            .time("interpreting", "seconds.execute", elapsed);
        Ok(interpreted.prints().report().then(list.report()))
    }
}
