//! The `leanvm` command: assembles, runs, proves and verifies programs; makes and verifies
//! signatures. A library, for the binary and for programs that have the command in them.

#![warn(clippy::too_many_lines)]

mod aggregating;
mod command;
mod commands;
mod failure;
mod files;
mod hex;
mod measurements;
mod options;
mod program;
mod progress;
mod report;
mod restart;
mod signature;
mod trace;

use std::ffi::OsString;

use clap::Parser;
use leanvm_fast::processor::Processor;

use crate::commands::Arguments;
use crate::program::warnings::Warnings;

/// Runs the command with these arguments, the first of which is its name; the result is the exit
/// code. `itself` starts the command once more, before its arguments; if it is empty, the file of
/// this process does, which is right for the binary.
#[must_use]
pub fn main_from(arguments: &[OsString], itself: &[OsString]) -> u8 {
    restart::set(itself);
    match Arguments::try_parse_from(arguments) {
        Ok(arguments) => run(&arguments),
        Err(error) => {
            // Help and the version too, on standard output; what cannot be written is lost.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(2)
        }
    }
}

fn run(arguments: &Arguments) -> u8 {
    let command = arguments.chosen();
    let processor = Processor::here();
    let is_told = command.proves() && !arguments.json && !is_forced(processor.level);
    if processor.unused().is_some() && is_told {
        report::say(&format!("note: {processor}"));
    }
    let paths = command.paths();
    // If a command writes an output to standard output, nothing else is written there.
    let is_taken = paths
        .outputs
        .iter()
        .any(|path| files::is_standard_output(path));
    let mut warnings = Warnings::default();
    let result = files::check_distinct(&paths).and_then(|()| command.execute(&mut warnings));
    let with_warnings = |mut object: serde_json::Value| {
        if command.warns() {
            object["warnings"] = warnings.json.clone().into();
        }
        format!("{object}\n")
    };
    let (shown, said, code) = match result {
        Ok(report) if arguments.json => {
            let mut object = serde_json::json!({ "command": command.name(), "status": "ok" });
            report::merge(&mut object, report.json);
            (with_warnings(object), String::new(), 0)
        }
        Ok(report) => (report.text, String::new(), 0),
        Err(failure) if arguments.json => {
            let object = failure.json(command.name());
            (with_warnings(object), String::new(), failure.exit_code())
        }
        Err(failure) => {
            let shown = failure.output().to_owned();
            (shown, failure.text(), failure.exit_code())
        }
    };
    // What was found comes before the failure, so that a terminal shows them in this order.
    let printed = if is_taken {
        report::say(shown.trim_end());
        Ok(())
    } else {
        report::print(&shown)
    };
    report::say(&said);
    if !arguments.json {
        report::say(warnings.text.trim_end());
    }
    if let Err(error) = printed {
        let reason = files::plain(&error);
        report::say(&format!(
            "error: standard output cannot be written: {reason}"
        ));
        return if code == 0 { 2 } else { code };
    }
    code
}

/// Whether the user has forced this level of the portable build (`launcher/src/level.rs`), and so
/// knows that there are others.
fn is_forced(level: &str) -> bool {
    let name = level.strip_prefix("x86-64-").unwrap_or("baseline");
    std::env::var_os("LEANVM_LEVEL").is_some_and(|forced| forced == name)
}
