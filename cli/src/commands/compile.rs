//! `leanvm compile`: a guest program becomes a binary program.

use std::path::PathBuf;

use clap::Args;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::measurements::Measurements;
use crate::options::{Defines, Lints};
use crate::program::engine;
use crate::program::guest;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `compile`.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// Guest program (`.py`); it imports from its own folder.
    source: PathBuf,
    /// The binary program; written whole or not at all. The same source gives the same bytes.
    #[arg(short, long, value_name = "OUT.lvm")]
    output: PathBuf,
    #[command(flatten)]
    defines: Defines,
    #[command(flatten)]
    lints: Lints,
}

impl Command for Compile {
    fn name(&self) -> &'static str {
        "compile"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.source)], [Some(&self.output)])
    }

    fn warns(&self) -> bool {
        true
    }

    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        let output = Output::prepare(&self.output)?;
        let guest = guest::compiled(&self.source, &self.defines)?;
        warnings.add(&guest.compiled.warnings, &guest.sources, &self.lints);
        let compiled = guest.compiled;
        let digest = engine::digest(&compiled.program).map_err(|(stage, rejected)| {
            Failure::rejected(rejected, stage, &self.source, None, None)
        })?;
        output.commit(&compiled.program)?;
        let mut list = Measurements::default();
        list.field("bytes", compiled.program.len())
            .count("instructions", "instructions", compiled.spans.len())
            .count("functions", "functions", compiled.functions.len())
            .words("digest", "digest", digest)
            .words("written to", "output", self.output.display().to_string());
        Ok(list.report())
    }
}
