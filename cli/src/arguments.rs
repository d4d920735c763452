//! The command line.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::aggregate::{Aggregate, VerifyAggregate};
use crate::warnings::Lints;
use crate::xmss::Xmss;

/// What `leanvm --help` says. Not a doc comment: it shows JSON, whose brackets would be links.
const ABOUT: &str = "\
leanVM: compiles, runs, profiles, proves and verifies programs over KoalaBear.

A PROGRAM is a guest program (`.py`, see compiler/LANGUAGE.md), assembly text (SPEC.md section 8) or a binary program written by `leanvm compile` or `leanvm asm`. An input file \
is JSON: {\"public\": [1, 2], \"private\": {\"name\": [[3, 4], [5]]}}, integers below p = 2130706433; the verifier uses \"public\" only. \
`-` is standard input or standard output; what a command reports goes to standard error if its output goes to standard output.

Exit codes: 0 success; 1 rejected (a failed assertion, a proof that does not verify): the code of SPEC.md section 2, \
or the reason for which a signature is refused, is printed; \
2 unusable input: the file, the place and the remedy are printed.";

/// The arguments of `leanvm`.
#[derive(Debug, Parser)]
#[command(name = "leanvm", version, about = "Assembles, runs, proves and verifies programs over KoalaBear", long_about = ABOUT)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print one JSON object on standard output instead of text, for errors too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Assemble text into a binary program.
    Asm(Asm),
    /// Compile a guest program into a binary program.
    Compile(Compile),
    /// Print a program as canonical assembly text.
    Disasm(Disasm),
    /// Execute a program on an input, without a proof.
    Run(Run),
    /// Check that guest programs do what the header lines at their top say.
    Test(Test),
    /// Execute a program and print where cycles, hash calls and memory cells go.
    Profile(Profile),
    /// Execute a program, prove the execution, verify the proof, write it.
    Prove(Prove),
    /// Verify that a proof shows that a program accepts a public input.
    Verify(Verify),
    /// Print the security of each step of the protocol.
    Security(Security),
    /// Make keys, sign, verify signatures.
    #[command(subcommand)]
    Xmss(Xmss),
    /// Prove in one proof that many signatures are valid.
    Aggregate(Aggregate),
    /// Verify that an aggregate holds a signature of each signer of a list.
    VerifyAggregate(VerifyAggregate),
}

impl Command {
    /// Whether it is long work of the prover.
    pub(crate) const fn proves(&self) -> bool {
        matches!(self, Self::Prove(_) | Self::Aggregate(_))
    }

    /// Whether it compiles a program to use it, with warnings.
    pub(crate) const fn warns(&self) -> bool {
        matches!(
            self,
            Self::Compile(_) | Self::Run(_) | Self::Profile(_) | Self::Prove(_)
        )
    }

    /// The name on the command line.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Asm(_) => "asm",
            Self::Compile(_) => "compile",
            Self::Disasm(_) => "disasm",
            Self::Run(_) => "run",
            Self::Test(_) => "test",
            Self::Profile(_) => "profile",
            Self::Prove(_) => "prove",
            Self::Verify(_) => "verify",
            Self::Security(_) => "security",
            Self::Xmss(xmss) => xmss.name(),
            Self::Aggregate(_) => "aggregate",
            Self::VerifyAggregate(_) => "verify-aggregate",
        }
    }
}

/// Reads a whole number, and says of which range it has to be.
pub(crate) fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| {
            let (first, last) = (range.start(), range.end());
            format!("give a whole number from {first} to {last}")
        })
    }
}

/// The files of a command, as they are named on the command line.
#[derive(Default)]
pub(crate) struct Paths<'a> {
    /// Those that are read.
    pub(crate) inputs: Vec<&'a Path>,
    /// Those that are written.
    pub(crate) outputs: Vec<&'a Path>,
}

impl<'a> Paths<'a> {
    /// Those that are given.
    pub(crate) fn new<const I: usize, const O: usize>(
        inputs: [Option<&'a Path>; I],
        outputs: [Option<&'a Path>; O],
    ) -> Self {
        Self {
            inputs: inputs.into_iter().flatten().collect(),
            outputs: outputs.into_iter().flatten().collect(),
        }
    }
}

impl Command {
    /// Its files.
    pub(crate) fn paths(&self) -> Paths<'_> {
        match self {
            Self::Asm(it) => Paths::new([Some(&it.source)], [Some(&it.output)]),
            Self::Compile(it) => Paths::new([Some(&it.source)], [Some(&it.output)]),
            Self::Disasm(it) => Paths::new([Some(&it.program)], []),
            Self::Run(it) => Paths::new([Some(&it.program), it.input.as_deref()], []),
            Self::Test(it) => Paths::new([Some(&it.path)], []),
            Self::Profile(it) => Paths::new(
                [Some(&it.program), it.input.as_deref()],
                [
                    it.folded.as_deref(),
                    it.flame_graph.as_deref(),
                    it.memory_picture.as_deref(),
                ],
            ),
            Self::Prove(it) => {
                Paths::new([Some(&it.program), it.input.as_deref()], [Some(&it.output)])
            }
            Self::Verify(it) => Paths::new(
                [Some(&it.program), Some(&it.proof), it.input.as_deref()],
                [],
            ),
            Self::Security(_) => Paths::default(),
            Self::Xmss(xmss) => xmss.paths(),
            Self::Aggregate(it) => Paths::new(
                [it.input.as_deref()],
                [it.output.as_deref(), it.signers.as_deref()],
            ),
            Self::VerifyAggregate(it) => Paths::new([Some(&it.aggregate), Some(&it.input)], []),
        }
    }
}

/// The placeholders of a guest program.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Defines {
    /// Value of a placeholder of a guest program: `X_PLACEHOLDER=5`, `L_PLACEHOLDER=[1,[2,-3]]`. Once for each placeholder.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) define: Vec<String>,
}

/// Arguments of `asm`.
#[derive(Debug, Args)]
pub(crate) struct Asm {
    /// Assembly text.
    pub(crate) source: PathBuf,
    /// The binary program; written whole or not at all.
    #[arg(short, long, value_name = "OUT.lvm")]
    pub(crate) output: PathBuf,
    /// Which implementation does it.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Engine,
}

/// Arguments of `compile`.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// Guest program (`.py`); it imports from its own folder.
    pub(crate) source: PathBuf,
    /// The binary program; written whole or not at all. The same source gives the same bytes.
    #[arg(short, long, value_name = "OUT.lvm")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    #[command(flatten)]
    pub(crate) lints: Lints,
}

/// Arguments of `disasm`.
#[derive(Debug, Args)]
pub(crate) struct Disasm {
    /// Guest program (its lines are shown as comments), assembly text or binary program.
    pub(crate) program: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    /// Which implementation does it.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Engine,
}

/// Caps of an execution.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Limits {
    /// Most cycles; a program that runs longer is rejected (cycle-limit).
    #[arg(long, value_name = "N", default_value_t = 1 << 24, value_parser = whole::<u64>(1..=u64::MAX))]
    pub(crate) max_cycles: u64,
    /// Most memory cells, up to 2^26; a program that needs more is rejected (memory-exhausted or address-out-of-range).
    #[arg(long, value_name = "N", default_value_t = 1 << 26, value_parser = whole::<u32>(8..=1 << 26))]
    pub(crate) max_cells: u32,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Guest program, assembly text or binary program.
    pub(crate) program: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    #[command(flatten)]
    pub(crate) lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// What runs it.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Runner,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Also say what the layout of the memory saves.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Guest program (`.py`), or a folder: the guest programs in it and in its folders. A program says in lines such as `# public: 1 2`,
    /// `# private NAME: 3`, `# prints: 4` and `# outcome: NotEqual` what it is run on and what is expected; compiler/LANGUAGE.md has all of them.
    #[arg(value_name = "FILE|DIR")]
    pub(crate) path: PathBuf,
    /// What runs them.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Runner,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// Guest program, assembly text or binary program.
    pub(crate) program: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    #[command(flatten)]
    pub(crate) lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Cycles by call stack, a line each (`main;f;g 123`); written whole or not at all.
    #[arg(long, value_name = "OUT.folded")]
    pub(crate) folded: Option<PathBuf>,
    /// Flame graph of the cycles; written whole or not at all.
    #[arg(long, value_name = "OUT.svg")]
    pub(crate) flame_graph: Option<PathBuf>,
    /// Picture of the memory: used cells by function, unused cells; written whole or not at all.
    #[arg(long, value_name = "OUT.svg")]
    pub(crate) memory_picture: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// Arguments of `prove`.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Guest program, assembly text or binary program.
    pub(crate) program: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    #[command(flatten)]
    pub(crate) lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The proof; written whole or not at all, and only if it verifies.
    #[arg(short, long, value_name = "PROOF")]
    pub(crate) output: PathBuf,
    /// Which implementation proves and verifies. Both write the same bytes; `spec` is slow and meant for `tiny` and `small`.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Engine,
    /// Parameter set. `tiny` and `small` are for tests and give no security.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) params: ParameterSet,
    /// log2 of the inverse rate of the first code: 1 proves fastest, 4 gives the shortest proof.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    pub(crate) log_inv_rate: u32,
    /// Threads of the fast engine, of which no more than the machine has cores are started; all cores if left out. The proof does not depend on it.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Also say what the layout of the memory saves.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Guest program, assembly text or binary program.
    pub(crate) program: PathBuf,
    #[command(flatten)]
    pub(crate) defines: Defines,
    /// Proof written by `leanvm prove`.
    pub(crate) proof: PathBuf,
    /// Input file (JSON); only "public" is used; left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Which implementation verifies.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) engine: Engine,
    /// Parameter set that the proof must have; a proof of another is rejected (parameters).
    #[arg(long, value_enum, default_value_t)]
    pub(crate) params: ParameterSet,
}

/// Arguments of `security`.
#[derive(Debug, Args)]
pub(crate) struct Security {
    /// Parameter set.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) params: ParameterSet,
    /// log2 of the inverse rate of the first code.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    pub(crate) log_inv_rate: u32,
    /// log2 of the number of committed cells; the greatest that the set and rate allow if left out.
    #[arg(long, value_name = "LOG", value_parser = whole::<u32>(8..=28))]
    pub(crate) stack: Option<u32>,
}

/// An implementation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// The production prover and verifier.
    #[default]
    Fast,
    /// The executable specification.
    Spec,
}

impl Engine {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Spec => "spec",
        }
    }
}

/// What runs a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runner {
    /// The production machine.
    #[default]
    Fast,
    /// The executable specification.
    Spec,
    /// The reference interpreter of the guest language: runs the text itself, slowly, and checks every `debug_assert`. --max-cycles caps its
    /// statements, calls and turns of loops.
    Interpreter,
}

impl Runner {
    /// The implementation, unless it is the interpreter.
    pub(crate) const fn engine(self) -> Option<Engine> {
        match self {
            Self::Fast => Some(Engine::Fast),
            Self::Spec => Some(Engine::Spec),
            Self::Interpreter => None,
        }
    }

    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self.engine() {
            Some(engine) => engine.name(),
            None => "interpreter",
        }
    }
}

/// A parameter set of SPEC §17.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParameterSet {
    /// 124 bits in each step of the protocol, proven.
    #[default]
    Production,
    /// For tests, no security.
    Small,
    /// For tests, no security.
    Tiny,
}

impl ParameterSet {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Small => "small",
            Self::Tiny => "tiny",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn numbers_say_their_range() {
        let parse = super::whole::<u8>(1..=300);
        assert_eq!(parse("255"), Ok(255));
        for text in ["", "0", "256", "301", "-1", "1.0", "x"] {
            let expected = "give a whole number from 1 to 300".to_owned();
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
