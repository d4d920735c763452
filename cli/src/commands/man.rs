//! `leanvm man`: manual pages, one for each command.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;
use serde_json::json;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::program::warnings::Warnings;
use crate::report::Report;

/// The version alone: that of the command line names the processor.
const SOURCE: &str = concat!("leanvm ", env!("CARGO_PKG_VERSION"));

/// Arguments of `man`, of the command line `A`.
#[derive(Debug, Args)]
pub(crate) struct Man<A> {
    /// The folder that the pages are written into: leanvm.1, leanvm-run.1, and so on.
    folder: PathBuf,
    #[arg(skip)]
    of: PhantomData<A>,
}

impl<A: CommandFactory> Command for Man<A> {
    fn name(&self) -> &'static str {
        "man"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::default()
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let mut command = A::command()
            .version(env!("CARGO_PKG_VERSION"))
            .disable_help_subcommand(true);
        command.build();
        let mut pages = Vec::new();
        add_pages(&command, &mut pages);
        let mut outputs = Vec::new();
        for (name, page) in pages {
            let path = self.folder.join(&name);
            outputs.push((name, Output::prepare(&path)?, page));
        }
        let mut names = Vec::new();
        for (name, output, page) in outputs {
            output.commit(&page)?;
            names.push(name);
        }
        let folder = self.folder.display().to_string();
        Ok(Report {
            text: format!("{folder}: {} pages\n", names.len()),
            json: json!({ "folder": folder, "pages": names }),
        })
    }
}

/// Adds the page of a command, by the name of its file, and those of its subcommands.
fn add_pages(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) {
    let page = Page::new(command.clone()).source(SOURCE);
    let mut bytes = Vec::new();
    page.render(&mut bytes)
        .expect("a list of bytes can be written to");
    pages.push((page.get_filename(), bytes));
    for subcommand in command.get_subcommands() {
        add_pages(subcommand, pages);
    }
}
