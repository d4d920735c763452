//! `leanvm asm`: assembly text becomes a binary program.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::options::{Defines, Engine};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::warnings::Warnings;
use crate::report::{Report, number};

/// Arguments of `asm`.
#[derive(Debug, Args)]
pub(crate) struct Asm {
    /// Assembly text.
    source: PathBuf,
    /// The binary program; written whole or not at all.
    #[arg(short, long, value_name = "OUT.lvm")]
    output: PathBuf,
    /// Which implementation does it.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
}

impl Command for Asm {
    fn name(&self) -> &'static str {
        "asm"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.source)], [Some(&self.output)])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.source, &Defines::default())?;
        let output = Output::prepare(&self.output)?;
        let bytes = engine::assembled(self.engine, &file).map_err(|(stage, rejected)| {
            Failure::rejected(rejected, stage, &file.path, None, None)
        })?;
        output.commit(&bytes)?;
        let (path, length) = (self.output.display().to_string(), bytes.len());
        Ok(Report {
            text: format!("{path}: {} bytes\n", number(length)),
            json: json!({ "output": path, "bytes": length }),
        })
    }
}
