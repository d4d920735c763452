//! `leanvm prove`: a program is executed, the execution proved, the proof verified and written.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use leanvm_fast::threads;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::measurements::Measurements;
use crate::options::{Defines, Engine, Limits, Lints, ParameterSet, whole};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::input::{self, Input, Source};
use crate::program::outcome::{ProveOptions, Proven};
use crate::program::recorded;
use crate::program::security;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `prove`.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Guest program, assembly text or binary program.
    program: PathBuf,
    #[command(flatten)]
    defines: Defines,
    #[command(flatten)]
    lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The proof; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "PROOF")]
    output: PathBuf,
    /// Which implementation proves and verifies. Both write the same bytes; `spec` is slow and
    /// meant for `tiny` and `small`.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Parameter set. `tiny` and `small` are for tests and give no security.
    #[arg(long, value_enum, default_value_t)]
    params: ParameterSet,
    /// log2 of the inverse rate of the first code: 1 proves fastest, 4 gives the shortest proof.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    log_inv_rate: u32,
    /// Threads of the fast engine, of which no more than the machine has cores are started; all
    /// cores if left out. The proof does not depend on it.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Also say what the layout of the memory saves.
    #[arg(short, long)]
    verbose: bool,
}

impl Command for Prove {
    fn name(&self) -> &'static str {
        "prove"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new(
            [Some(&self.program), self.input.as_deref()],
            [Some(&self.output)],
        )
    }

    fn proves(&self) -> bool {
        true
    }

    fn warns(&self) -> bool {
        true
    }

    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.program, &self.defines)?;
        file.warn(warnings, &self.lints);
        let input = input::read(self.input.as_deref())?;
        let output = Output::prepare(&self.output)?;
        let proven = self.proven(&file, &input)?;
        output.commit(&proven.proof)?;
        let report = self.measured(&proven)?.report();
        Ok(proven.ran.prints.report().then(report))
    }
}

impl Prove {
    fn proven(&self, file: &ProgramFile, input: &Input) -> Result<Proven, Failure> {
        let options = ProveOptions {
            set: self.params,
            log_inv_rate: self.log_inv_rate,
        };
        let work = || engine::prove(self.engine, file, input, self.limits, options);
        let threads = self
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        let result = threads::install(threads, work).map_err(|error| {
            Failure::usage(
                format!("threads cannot be started: {error}"),
                "ask for fewer --threads",
            )
        })?;
        result.map_err(|refused| {
            let source = Source::of(self.input.as_deref());
            let files = (source, Some(self.output.as_path()));
            recorded::failure(refused, file, input, self.limits, files)
        })
    }

    fn measured(&self, proven: &Proven) -> Result<Measurements, Failure> {
        let bits = security::bits(self.params, self.log_inv_rate, &proven.sizes)?;
        let mut list = Measurements::default();
        list.row("program", "accepted")
            .words("proof in", "output", self.output.display().to_string())
            .field("engine", self.engine.name())
            .field("parameters", self.params.name())
            .field("log_inv_rate", self.log_inv_rate);
        proven.ran.measure(&mut list, self.verbose);
        proven.sizes.measure(&mut list);
        list.time("executing", "seconds.execute", proven.execution_time)
            .time("proving", "seconds.prove", proven.proving_time)
            .phases(proven.phases.iter().copied())
            .time("verifying", "seconds.verify", proven.verifying_time)
            .bytes("proof", "proof_bytes", proven.proof.len())
            .processor();
        bits.measure(&mut list, self.params);
        Ok(list)
    }
}
