//! The `leanvm` command: assembles, runs, proves and verifies programs; makes and verifies signatures.

mod aggregate;
mod arguments;
mod blame;
mod cells;
mod commands;
mod engine;
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
mod xmss;

use std::process::ExitCode;

use clap::Parser;
use leanvm_fast::processor::Processor;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let command = arguments.command.name();
    let processor = Processor::here();
    if processor.unused().is_some() && arguments.command.proves() && !arguments.json {
        eprintln!("note: {processor}");
    }
    let (text, code) = match commands::execute(arguments.command) {
        Ok(report) if arguments.json => {
            let mut object = serde_json::json!({ "command": command, "status": "ok" });
            if let (Some(object), serde_json::Value::Object(fields)) =
                (object.as_object_mut(), report.json)
            {
                object.extend(fields);
            }
            (format!("{object}\n"), 0)
        }
        Ok(report) => (report.text, 0),
        Err(failure) if arguments.json => {
            (format!("{}\n", failure.json(command)), failure.exit_code())
        }
        Err(failure) => {
            // First what there is to show nevertheless, then what failed: a terminal shows the two in this order.
            let shown = report::print(failure.output());
            eprintln!("{}", failure.text());
            if let Err(error) = shown {
                eprintln!("error: standard output cannot be written: {error}");
            }
            return ExitCode::from(failure.exit_code());
        }
    };
    match report::print(&text) {
        Ok(()) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: standard output cannot be written: {error}");
            ExitCode::from(2)
        }
    }
}
