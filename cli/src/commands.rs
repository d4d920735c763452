//! The command line: one module for each command, with its arguments and what it does.

mod aggregate;
mod asm;
mod bench;
mod compile;
mod completions;
mod disasm;
mod man;
mod merge;
mod profile;
mod prove;
mod run;
mod security;
mod serve;
mod test;
mod verify;
mod verify_aggregate;
mod xmss;

use std::sync::LazyLock;

use clap::{Parser, Subcommand};
use leanvm_fast::processor::Processor;

use crate::command::Command;

/// What `leanvm --version` says after the name.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    format!("{version} for {}", Processor::here().in_use())
});

/// What `leanvm --help` says. Not a doc comment: it shows JSON, whose brackets would be links.
const ABOUT: &str = "\
leanVM: compiles, runs, profiles, proves and verifies programs over KoalaBear.

A PROGRAM is a guest program (`.py`, see compiler/LANGUAGE.md), assembly text (SPEC.md section 8) or a binary program written by `leanvm compile` or `leanvm asm`. An input file \
is JSON: {\"public\": [1, 2], \"private\": {\"name\": [[3, 4], [5]]}}, integers below p = 2130706433; the verifier uses \"public\" only. \
`-` is standard input or standard output; what a command reports goes to standard error if its output goes to standard output.

Exit codes: 0 success; 1 rejected (a failed assertion, a proof that does not verify): the code of SPEC.md section 2, \
or the reason for which a signature is refused, is printed; \
2 unusable input: the file, the place and the remedy are printed.

The portable build for Linux holds builds for x86-64, x86-64-v3 and x86-64-v4 and starts the best that the processor has; LEANVM_LEVEL=baseline, v3 or v4 forces one. \
Other builds have one level. `leanvm --version` says which is in use. All of them write the same bytes.";

/// The arguments of `leanvm`.
#[derive(Debug, Parser)]
#[command(name = "leanvm", version = VERSION.as_str(), about = "Assembles, runs, proves and verifies programs over KoalaBear", long_about = ABOUT)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    command: Chosen,
    /// Print one JSON object on standard output instead of text, for errors too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Chosen {
    /// Assemble text into a binary program.
    Asm(asm::Asm),
    /// Compile a guest program into a binary program.
    Compile(compile::Compile),
    /// Print a program as canonical assembly text.
    Disasm(disasm::Disasm),
    /// Execute a program on an input, without a proof.
    Run(run::Run),
    /// Check that guest programs do what the header lines at their top say.
    Test(test::Test),
    /// Execute a program and print where cycles, hash calls and memory cells go.
    Profile(profile::Profile),
    /// Execute a program, prove the execution, verify the proof, write it.
    Prove(prove::Prove),
    /// Verify that a proof shows that a program accepts a public input.
    Verify(verify::Verify),
    /// Print the security of each step of the protocol.
    Security(security::Security),
    /// Make keys, sign, verify signatures.
    #[command(subcommand)]
    Xmss(xmss::Xmss),
    /// Prove in one proof that many signatures are valid.
    Aggregate(aggregate::Aggregate),
    /// Merge aggregates, merges and late signatures into one proof of all their claims, or of some.
    Merge(merge::Merge),
    /// Take signatures over HTTP, and aggregate them when asked to.
    Serve(serve::Serve),
    /// Measure what aggregates of several sizes take, by phase.
    ///
    /// What verifying takes is shown as permutations, of width 16 where nothing else is said. Its
    /// products in the extension field are counted in a test: `cargo test -p leanvm-verifier
    /// products -- --nocapture`.
    Bench(bench::Bench),
    /// Verify that an aggregate, or a merge, holds a signature of each signer of a list.
    VerifyAggregate(verify_aggregate::VerifyAggregate),
    /// Print a script by which a shell completes command lines of `leanvm`.
    Completions(completions::Completions<Arguments>),
    /// Write the manual pages, one for each command.
    Man(man::Man<Arguments>),
}

impl Arguments {
    /// The command that was chosen.
    pub(crate) fn chosen(&self) -> &dyn Command {
        match &self.command {
            Chosen::Asm(command) => command,
            Chosen::Compile(command) => command,
            Chosen::Disasm(command) => command,
            Chosen::Run(command) => command,
            Chosen::Test(command) => command,
            Chosen::Profile(command) => command,
            Chosen::Prove(command) => command,
            Chosen::Verify(command) => command,
            Chosen::Security(command) => command,
            Chosen::Xmss(xmss) => xmss.chosen(),
            Chosen::Aggregate(command) => command,
            Chosen::Merge(command) => command,
            Chosen::Serve(command) => command,
            Chosen::Bench(command) => command,
            Chosen::VerifyAggregate(command) => command,
            Chosen::Completions(command) => command,
            Chosen::Man(command) => command,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    /// Running into the default cap of 2^24 cycles takes seconds, so this checks the default
    /// itself.
    #[test]
    fn executions_are_capped_where_no_cap_is_given() {
        for arguments in [
            &["leanvm", "run", "p"][..],
            &["leanvm", "test", "p"],
            &["leanvm", "profile", "p"],
            &["leanvm", "prove", "p", "-o", "o"],
        ] {
            let limits = match Arguments::parse_from(arguments).command {
                Chosen::Run(run) => run.limits,
                Chosen::Test(test) => test.limits,
                Chosen::Profile(profile) => profile.limits,
                Chosen::Prove(prove) => prove.limits,
                other => panic!("{other:?} executes nothing"),
            };
            let caps = (limits.max_cycles, limits.max_cells);
            assert_eq!(caps, (1 << 24, 1 << 26), "{arguments:?}");
        }
    }
}
