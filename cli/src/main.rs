//! The `leanvm` command: assembles, runs, proves and verifies programs; makes and verifies signatures.

mod aggregate;
mod arguments;
mod blame;
mod cells;
mod commands;
mod engine;
mod explain;
mod failure;
mod files;
mod guest;
mod hex;
mod input;
mod interpret;
mod listing;
mod measure;
mod picture;
mod places;
mod printed;
mod profile;
mod progress;
mod recorded;
mod report;
mod security;
mod stack;
mod test;
mod warnings;
mod xmss;

use std::process::ExitCode;

use clap::Parser;
use leanvm_fast::processor::Processor;

use crate::warnings::Warnings;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let command = arguments.command.name();
    let processor = Processor::here();
    if processor.unused().is_some() && arguments.command.proves() && !arguments.json {
        report::say(&format!("note: {processor}"));
    }
    let paths = arguments.command.paths();
    // What a command writes to standard output stands there alone.
    let is_taken = paths
        .outputs
        .iter()
        .any(|path| files::is_standard_output(path));
    let mut warnings = Warnings::default();
    let result = files::check_distinct(&paths)
        .and_then(|()| commands::execute(&arguments.command, &mut warnings));
    let with_warnings = |mut object: serde_json::Value| {
        if arguments.command.warns() {
            object["warnings"] = warnings.json.clone().into();
        }
        format!("{object}\n")
    };
    let (shown, said, code) = match result {
        Ok(report) if arguments.json => {
            let mut object = serde_json::json!({ "command": command, "status": "ok" });
            report::merge(&mut object, report.json);
            (with_warnings(object), String::new(), 0)
        }
        Ok(report) => (report.text, String::new(), 0),
        Err(failure) if arguments.json => {
            let object = failure.json(command);
            (with_warnings(object), String::new(), failure.exit_code())
        }
        Err(failure) => {
            let shown = failure.output().to_owned();
            (shown, failure.text(), failure.exit_code())
        }
    };
    // First what there is to show, then what failed: a terminal shows the two in this order.
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
        return ExitCode::from(if code == 0 { 2 } else { code });
    }
    ExitCode::from(code)
}
