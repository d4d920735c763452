//! `leanvm completions`: what a shell needs to complete a command line.

use std::marker::PhantomData;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use crate::command::Command;
use crate::failure::Failure;
use crate::files::Paths;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `completions`, of the command line `A`.
#[derive(Debug, Args)]
pub(crate) struct Completions<A> {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
    #[arg(skip)]
    of: PhantomData<A>,
}

impl<A: CommandFactory> Command for Completions<A> {
    fn name(&self) -> &'static str {
        "completions"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::default()
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut A::command(), "leanvm", &mut script);
        let text = String::from_utf8_lossy(&script).into_owned();
        let json = json!({ "shell": self.shell.to_string(), "script": text });
        Ok(Report { text, json })
    }
}
