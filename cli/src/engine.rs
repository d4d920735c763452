//! The two implementations behind one set of functions. They share no types, so each is adapted by the same macro.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::arguments::{Defines, Engine, Limits, ParameterSet};
use crate::failure::{Rejected, Stage};
use crate::files::{self, Kind};
use crate::guest::{self, Guest};
use crate::input::Input;
use crate::printed::Prints;
use crate::progress::Progress;

/// Names of the tables of SPEC §9, in order.
pub(crate) const TABLES: [&str; 14] = [
    "BYTECODE",
    "MEMORY",
    "ADD",
    "MUL",
    "DEREF",
    "JUMP",
    "POSEIDON_8",
    "POSEIDON_16",
    "POSEIDON_24",
    "DOT_PRODUCT",
    "DOT_TERM",
    "EQ",
    "EQ_TERM",
    "POSEIDON_16_HALVES",
];

/// The phases of the fast prover, in order.
pub(crate) const PROVER_PHASES: [&str; 6] = [
    "trace",
    "commitment",
    "leaves",
    "lookup",
    "zerocheck",
    "opening",
];

/// A program file.
pub(crate) struct ProgramFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it is.
    pub(crate) content: Content,
    /// Of a guest program, what its compilation tells.
    pub(crate) guest: Option<Guest>,
}

/// What a program file contains.
pub(crate) enum Content {
    /// Assembly text.
    Assembly(String),
    /// A binary program.
    Binary(Vec<u8>),
}

impl ProgramFile {
    /// A compiled guest program.
    pub(crate) fn of_guest(path: &std::path::Path, guest: Guest) -> Self {
        Self {
            path: path.to_owned(),
            content: Content::Binary(guest.compiled.program.clone()),
            guest: Some(guest),
        }
    }

    /// Reads a program: a guest program if it is named `.py` or is one on standard input, binary if it has the magic word, is named `.lvm` or is not text.
    pub(crate) fn read(
        path: &std::path::Path,
        defines: &Defines,
    ) -> Result<Self, crate::failure::Failure> {
        if guest::is_source(path) {
            return Ok(Self::of_guest(path, guest::compiled(path, defines)?));
        }
        let bytes = files::read(path, Kind::Program)?;
        if files::is_stream(path) && guest::is_source_text(&bytes) {
            let guest = guest::compiled_text(path, bytes, defines)?;
            return Ok(Self::of_guest(path, guest));
        }
        if !defines.define.is_empty() {
            return Err(crate::failure::Failure::usage(
                format!(
                    "{} is no guest program (`.py`), so that it has no placeholders",
                    path.display()
                ),
                "leave out --define",
            ));
        }
        let is_binary = files::kind_of(&bytes) == Some(Kind::Program)
            || path.extension().is_some_and(|extension| extension == "lvm");
        let content = if is_binary {
            Content::Binary(bytes)
        } else {
            String::from_utf8(bytes).map_or_else(
                |error| Content::Binary(error.into_bytes()),
                Content::Assembly,
            )
        };
        Ok(Self {
            path: path.to_owned(),
            content,
            guest: None,
        })
    }
}

/// A rejection and what went on when it was met.
pub(crate) type Refused = (Stage, Rejected);

/// What an execution shows.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// Number of cycles.
    pub(crate) cycles: usize,
    /// M.
    pub(crate) cells: usize,
    /// Cells defined at HALT.
    pub(crate) used_cells: usize,
    /// M of the first run.
    pub(crate) first_cells: usize,
    /// Cells defined at the end of the first run.
    pub(crate) first_used_cells: usize,
    /// Cells of the naive layout: of the guest language, else that of SPEC §7.
    pub(crate) naive_cells: u64,
    /// What was printed.
    pub(crate) prints: Prints,
}

/// The sizes of a proof.
#[derive(Clone, Debug)]
pub(crate) struct Sizes {
    /// Rows of each table.
    pub(crate) rows: Vec<usize>,
    /// Committed cells before they are rounded up to the stack.
    pub(crate) committed_cells: usize,
    /// μ.
    pub(crate) log_stack: usize,
    /// m.
    pub(crate) log_leaves: usize,
}

/// What to prove with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProveOptions {
    /// Parameter set.
    pub(crate) set: ParameterSet,
    /// log2 of the inverse rate of the first code.
    pub(crate) log_inv_rate: u32,
}

/// A proof that its own verifier accepts.
#[derive(Clone, Debug)]
pub(crate) struct Proven {
    /// The bytes.
    pub(crate) proof: Vec<u8>,
    /// The execution.
    pub(crate) ran: Ran,
    /// Sizes.
    pub(crate) sizes: Sizes,
    /// Time of execution, of proving (with its phases), of verifying.
    pub(crate) execution_time: Duration,
    /// Time of proving.
    pub(crate) proving_time: Duration,
    /// Its parts, where the engine tells them.
    pub(crate) phases: Vec<(String, Duration)>,
    /// Time of verifying.
    pub(crate) verifying_time: Duration,
}

/// An accepted proof.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    /// Sizes.
    pub(crate) sizes: Sizes,
    /// log2 of the inverse rate of the first code.
    pub(crate) log_inv_rate: u32,
    /// Time of verifying.
    pub(crate) verifying_time: Duration,
}

macro_rules! engine {
    ($name:ident, $implementation:ident, from_word: $from_word:expr, to_word: $to_word:expr, sizes: $sizes:path, phases: $phases:path, steps: $steps:expr, prove: $prove:path, ran: $ran:path) => {
        mod $name {
            use $implementation::assembly::{assemble, disassemble};
            use $implementation::execution;
            use $implementation::isa::Program;
            use $implementation::rejection::Error;
            use $implementation::{parameters, verifier};

            use super::*;

            fn rejected(stage: Stage) -> impl Fn(Error) -> Refused {
                move |error| {
                    (
                        stage,
                        Rejected {
                            code: error.rejection.code(),
                            name: error.rejection.name(),
                            detail: error.detail,
                            printed: Vec::new(),
                        },
                    )
                }
            }

            fn stopped(stopped: execution::Stopped) -> Refused {
                let (stage, mut refused) = rejected(Stage::Execution)(stopped.error);
                refused.printed = stopped.printed.into_iter().map($to_word).collect();
                (stage, refused)
            }

            pub(super) fn program(file: &ProgramFile) -> Result<Program, Refused> {
                match &file.content {
                    Content::Assembly(text) => assemble(text),
                    Content::Binary(bytes) => Program::decode(bytes),
                }
                .map_err(rejected(Stage::Program))
            }

            pub(super) fn assembled(file: &ProgramFile) -> Result<Vec<u8>, Refused> {
                Ok(program(file)?.encode())
            }

            pub(super) fn disassembled(file: &ProgramFile) -> Result<String, Refused> {
                Ok(disassemble(&program(file)?))
            }

            /// The elements of canonical words; reading the input file has checked them.
            fn elements<T, C: FromIterator<T>>(
                words: &[u32],
                from_word: impl Fn(u32) -> Option<T>,
            ) -> Result<C, Refused> {
                let refuse = |word: u32| {
                    (
                        Stage::Execution,
                        Rejected {
                            code: 8,
                            name: "element-not-canonical",
                            detail: format!("{word} is not below p"),
                            printed: Vec::new(),
                        },
                    )
                };
                words
                    .iter()
                    .map(|word| from_word(*word).ok_or_else(|| refuse(*word)))
                    .collect()
            }

            fn execute(
                program: &Program,
                input: &Input,
                limits: Limits,
            ) -> Result<execution::Execution, Refused> {
                let mut private = std::collections::BTreeMap::new();
                for (name, lists) in &input.private {
                    let lists: Result<Vec<Vec<_>>, Refused> = lists
                        .iter()
                        .map(|list| elements(list, $from_word))
                        .collect();
                    private.insert(name.clone(), lists?);
                }
                let input = execution::Input {
                    public: elements(&input.public, $from_word)?,
                    private,
                };
                let limits = execution::Limits {
                    cycles: limits.max_cycles,
                    cells: limits.max_cells,
                };
                execution::execute(program, &input, &limits).map_err(stopped)
            }

            pub(super) fn run(
                file: &ProgramFile,
                input: &Input,
                limits: Limits,
            ) -> Result<Ran, Refused> {
                let program = program(file)?;
                Ok($ran(file, &execute(&program, input, limits)?))
            }

            const fn set(set: ParameterSet) -> parameters::ParameterSet {
                match set {
                    ParameterSet::Production => parameters::ParameterSet::Production,
                    ParameterSet::Small => parameters::ParameterSet::Small,
                    ParameterSet::Tiny => parameters::ParameterSet::Tiny,
                }
            }

            const fn verify_options(required: ParameterSet) -> verifier::VerifyOptions {
                verifier::VerifyOptions {
                    set: set(required),
                    record_events: false,
                }
            }

            pub(super) fn prove(
                file: &ProgramFile,
                input: &Input,
                limits: Limits,
                options: ProveOptions,
            ) -> Result<Proven, Refused> {
                let program = program(file)?;
                let steps = $steps.into_iter().chain(["verifying"]);
                let progress = Progress::start(["executing"].into_iter().chain(steps));
                let execution = execute(&program, input, limits)?;
                let execution_time = progress.next();
                let started = Instant::now();
                let (set, log_inv_rate) = (set(options.set), options.log_inv_rate);
                let proved = $prove(&program, &execution, set, log_inv_rate, &progress)
                    .map_err(rejected(Stage::Proving))?;
                let proving_time = started.elapsed();
                let verify_options = verify_options(options.set);
                verifier::verify(&program, &input.public, &proved.proof, &verify_options)
                    .map_err(rejected(Stage::OwnProof))?;
                let verifying_time = progress.finish();
                Ok(Proven {
                    sizes: $sizes(&proved.summary),
                    ran: $ran(file, &execution),
                    proof: proved.proof,
                    execution_time,
                    proving_time,
                    phases: $phases(&proved.summary),
                    verifying_time,
                })
            }

            pub(super) fn verify(
                file: &ProgramFile,
                input: &Input,
                proof: &[u8],
                required: ParameterSet,
            ) -> Result<Accepted, Refused> {
                let program = program(file)?;
                let progress = Progress::start(["verifying"]);
                let verified =
                    verifier::verify(&program, &input.public, proof, &verify_options(required))
                        .map_err(rejected(Stage::Verification))?;
                let verifying_time = progress.finish();
                Ok(Accepted {
                    sizes: $sizes(&verified.summary),
                    log_inv_rate: log_inv_rate(proof),
                    verifying_time,
                })
            }
        }
    };
}

engine!(
    fast, leanvm_fast,
    from_word: leanvm_fast::field::from_canonical,
    to_word: leanvm_fast::field::to_canonical,
    sizes: fast_sizes,
    phases: fast_phases,
    steps: PROVER_PHASES,
    prove: fast_prove,
    ran: fast_ran
);
engine!(
    spec, leanvm_spec,
    from_word: leanvm_spec::field::Felt::from_canonical,
    to_word: leanvm_spec::field::Felt::value,
    sizes: spec_sizes,
    phases: spec_phases,
    steps: ["proving"],
    prove: spec_prove,
    ran: spec_ran
);

fn fast_ran(file: &ProgramFile, execution: &leanvm_fast::execution::Execution) -> Ran {
    let pcs = execution.steps().iter().map(|(pc, _)| *pc);
    let sizes = execution.allocations().iter().map(|(_, size)| *size);
    let word = |value: &_| leanvm_fast::field::to_canonical(*value);
    Ran {
        cycles: execution.steps().len(),
        cells: execution.memory().len(),
        used_cells: execution.used_cells(),
        first_cells: execution.first_cells(),
        first_used_cells: execution.first_used_cells(),
        naive_cells: naive_cells(file, execution.fp_0(), pcs.clone(), sizes)
            .unwrap_or(execution.naive_cells()),
        prints: Prints::new(
            file,
            pcs,
            execution.printed().iter().map(word).collect(),
            None,
        ),
    }
}

fn spec_ran(file: &ProgramFile, execution: &leanvm_spec::execution::Execution) -> Ran {
    let pcs = execution.steps.iter().map(|(pc, _)| *pc);
    let sizes = execution.allocations.iter().map(|(_, size)| *size);
    let word = |value: &leanvm_spec::field::Felt| value.value();
    Ran {
        cycles: execution.steps.len(),
        cells: execution.memory.len(),
        used_cells: execution.used_cells,
        first_cells: execution.first_cells,
        first_used_cells: execution.first_used_cells,
        naive_cells: naive_cells(file, execution.public_cells, pcs.clone(), sizes)
            .unwrap_or(execution.naive_cells),
        prints: Prints::new(
            file,
            pcs,
            execution.printed.iter().map(word).collect(),
            None,
        ),
    }
}

/// The cells of the naive layout of a guest program.
fn naive_cells(
    file: &ProgramFile,
    public_cells: u32,
    pcs: impl Iterator<Item = u32>,
    sizes: impl Iterator<Item = u32>,
) -> Option<u64> {
    let guest = file.guest.as_ref()?;
    Some(guest.compiled.naive.cells(public_cells, pcs, sizes))
}

fn fast_sizes(summary: &leanvm_fast::proof::Summary) -> Sizes {
    Sizes {
        rows: summary.rows.to_vec(),
        committed_cells: summary.stack_cells,
        log_stack: summary.log_stack,
        log_leaves: summary.log_leaves,
    }
}

fn fast_phases(summary: &leanvm_fast::proof::Summary) -> Vec<(String, Duration)> {
    summary
        .phases
        .iter()
        .map(|(phase, elapsed)| ((*phase).to_owned(), *elapsed))
        .collect()
}

/// Proves, a step of the progress for each phase.
fn fast_prove(
    program: &leanvm_fast::isa::Program,
    execution: &leanvm_fast::execution::Execution,
    set: leanvm_fast::parameters::ParameterSet,
    log_inv_rate: u32,
    progress: &Progress,
) -> Result<leanvm_fast::prover::Proved, leanvm_fast::rejection::Error> {
    use leanvm_fast::prover::{ProveError, ProveOptions, prove};
    let observer = |_: &'static str| {
        progress.next();
        ControlFlow::Continue(())
    };
    let options = ProveOptions {
        set,
        log_inv_rate,
        observer: Some(&observer),
        ..ProveOptions::default()
    };
    prove(program, execution, &options).map_err(|error| match error {
        ProveError::Refused(error) => error,
        other => unreachable!("the execution is of the program and goes on: {other}"),
    })
}

/// Proves in one step.
fn spec_prove(
    program: &leanvm_spec::isa::Program,
    execution: &leanvm_spec::execution::Execution,
    set: leanvm_spec::parameters::ParameterSet,
    log_inv_rate: u32,
    progress: &Progress,
) -> Result<leanvm_spec::prover::Proved, leanvm_spec::rejection::Error> {
    use leanvm_spec::prover::{ProveOptions, prove};
    let options = ProveOptions {
        set,
        log_inv_rate,
        record_events: false,
    };
    let proved = prove(program, execution, &options);
    progress.next();
    proved
}

fn spec_sizes(summary: &leanvm_spec::proof::Summary) -> Sizes {
    Sizes {
        rows: summary.rows.clone(),
        committed_cells: summary.cells,
        log_stack: summary.log_stack as usize,
        log_leaves: summary.log_leaves as usize,
    }
}

/// The specification takes no times.
fn spec_phases(_: &leanvm_spec::proof::Summary) -> Vec<(String, Duration)> {
    Vec::new()
}

/// The binary form of a program.
pub(crate) fn assembled(engine: Engine, file: &ProgramFile) -> Result<Vec<u8>, Refused> {
    match engine {
        Engine::Fast => fast::assembled(file),
        Engine::Spec => spec::assembled(file),
    }
}

/// The program, for tools that look into it.
pub(crate) fn program(file: &ProgramFile) -> Result<leanvm_fast::isa::Program, Refused> {
    fast::program(file)
}

/// The digest of a binary program (SPEC §4), in hexadecimal: eight canonical words, little-endian.
pub(crate) fn digest(program: &[u8]) -> Result<String, Refused> {
    let program = leanvm_fast::isa::Program::decode(program).map_err(|error| {
        let rejected = Rejected {
            code: error.rejection.code(),
            name: error.rejection.name(),
            detail: error.detail,
            printed: Vec::new(),
        };
        (Stage::Program, rejected)
    })?;
    let words = program.digest().map(leanvm_fast::field::to_canonical);
    let bytes = words.iter().flat_map(|word| word.to_le_bytes());
    Ok(bytes.map(|byte| format!("{byte:02x}")).collect())
}

/// The canonical text of a program.
pub(crate) fn disassembled(engine: Engine, file: &ProgramFile) -> Result<String, Refused> {
    match engine {
        Engine::Fast => fast::disassembled(file),
        Engine::Spec => spec::disassembled(file),
    }
}

/// Executes a program.
pub(crate) fn run(
    engine: Engine,
    file: &ProgramFile,
    input: &Input,
    limits: Limits,
) -> Result<Ran, Refused> {
    match engine {
        Engine::Fast => fast::run(file, input, limits),
        Engine::Spec => spec::run(file, input, limits),
    }
}

/// Executes a program, proves the execution and verifies the proof.
pub(crate) fn prove(
    engine: Engine,
    file: &ProgramFile,
    input: &Input,
    limits: Limits,
    options: ProveOptions,
) -> Result<Proven, Refused> {
    match engine {
        Engine::Fast => fast::prove(file, input, limits, options),
        Engine::Spec => spec::prove(file, input, limits, options),
    }
}

/// Verifies a proof.
pub(crate) fn verify(
    engine: Engine,
    file: &ProgramFile,
    input: &Input,
    proof: &[u8],
    required: ParameterSet,
) -> Result<Accepted, Refused> {
    match engine {
        Engine::Fast => fast::verify(file, input, proof, required),
        Engine::Spec => spec::verify(file, input, proof, required),
    }
}

/// The rate that the header of an accepted proof names (SPEC §18).
fn log_inv_rate(proof: &[u8]) -> u32 {
    proof
        .get(12..16)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phases_of_the_prover_are_the_steps_of_the_progress() {
        let file = ProgramFile {
            path: PathBuf::from("p.lasm"),
            content: Content::Assembly("halt\n".to_owned()),
            guest: None,
        };
        let limits = Limits {
            max_cycles: 1,
            max_cells: 1 << 8,
        };
        let options = ProveOptions {
            set: ParameterSet::Tiny,
            log_inv_rate: 1,
        };
        let proven = prove(Engine::Fast, &file, &Input::default(), limits, options)
            .expect("the program accepts");
        let phases: Vec<&str> = proven
            .phases
            .iter()
            .map(|(phase, _)| phase.as_str())
            .collect();
        assert_eq!(phases, PROVER_PHASES);
    }
}
