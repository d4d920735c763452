//! `leanvm disasm`: a program as canonical assembly text, with the lines of the guest program that
//! each group of instructions comes from, as comments.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::Paths;
use crate::options::{Defines, Engine};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::places::Places;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `disasm`.
#[derive(Debug, Args)]
pub(crate) struct Disasm {
    /// Guest program (its lines are shown as comments), assembly text or binary program.
    program: PathBuf,
    #[command(flatten)]
    defines: Defines,
    /// Which implementation does it.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
}

impl Command for Disasm {
    fn name(&self) -> &'static str {
        "disasm"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.program)], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.program, &self.defines)?;
        let text = engine::disassembled(self.engine, &file).map_err(|(stage, rejected)| {
            Failure::rejected(rejected, stage, &file.path, None, None)
        })?;
        let text = with_sources(&text, &file);
        let json = json!({ "text": text });
        Ok(Report { text, json })
    }
}

/// Adds the lines of a guest program to its canonical text; the text of another program stays as it
/// is.
fn with_sources(text: &str, file: &ProgramFile) -> String {
    let Some(program) = file.guest.as_ref().and_then(|_| engine::program(file).ok()) else {
        return text.to_owned();
    };
    let places = Places::new(file, &program);
    let mut listing = String::new();
    let mut pending = String::new();
    let mut pc = 0;
    let mut shown = None;
    for line in text.lines() {
        if line.starts_with('.') {
            listing.push_str(&format!("{line}\n"));
            continue;
        }
        pending.push_str(&format!("{line}\n"));
        if line.ends_with(':') || line.starts_with("hint ") {
            continue;
        }
        if let Some(function) = places.entry(pc) {
            listing.push_str(&format!(
                "\n; function {}\n",
                places.functions[function].name
            ));
            shown = None;
        }
        let index = places.line(pc);
        if shown.replace(index) != Some(index) {
            let line = &places.lines[index];
            listing.push_str(&format!("; {}:{}: {}\n", line.file, line.number, line.text));
        }
        listing.push_str(&pending);
        pending.clear();
        pc += 1;
    }
    listing + &pending
}
