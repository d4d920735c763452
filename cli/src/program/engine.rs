//! The two implementations behind one set of functions. They share no types, so one macro adapts
//! each of them; what differs is in a file for each.

mod fast;
mod spec;

use crate::failure::{Refused, Stage};
use crate::hex;
use crate::options::{Engine, Limits, ParameterSet};
use crate::program::file::ProgramFile;
use crate::program::input::Input;
use crate::program::outcome::{Accepted, ProveOptions, Proven, Ran};

macro_rules! engine {
    ($name:ident, $implementation:ident, $twin:ident) => {
        mod $name {
            use std::collections::BTreeMap;
            use std::time::Instant;

            use $implementation::assembly::{assemble, disassemble};
            use $implementation::execution;
            use $implementation::isa::Program;
            use $implementation::rejection::Error;
            use $implementation::{parameters, verifier};

            use crate::failure::{Refused, Rejected, Stage};
            use crate::options::{Limits, ParameterSet};
            use crate::program::engine::{log_inv_rate, $twin as twin};
            use crate::program::file::{Content, ProgramFile};
            use crate::program::input::Input;
            use crate::program::outcome::{Accepted, ProveOptions, Proven, Ran};
            use crate::progress::Progress;

            pub(super) fn rejected(stage: Stage) -> impl Fn(Error) -> Refused {
                move |Error { rejection, detail }| {
                    let rejected = Rejected::new(rejection.code(), rejection.name(), detail);
                    (stage, rejected)
                }
            }

            fn stopped(stopped: execution::Stopped) -> Refused {
                let (stage, mut refused) = rejected(Stage::Execution)(stopped.error);
                refused.printed = stopped.printed.into_iter().map(twin::word).collect();
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

            /// The elements of words, which are canonical because the input file was checked.
            fn elements<C: FromIterator<twin::Element>>(words: &[u32]) -> Result<C, Refused> {
                let refuse = |word: u32| {
                    let detail = format!("{word} is not below p");
                    let rejected = Rejected::new(8, "element-not-canonical", detail);
                    (Stage::Execution, rejected)
                };
                words
                    .iter()
                    .map(|word| twin::element(*word).ok_or_else(|| refuse(*word)))
                    .collect()
            }

            fn execute(
                program: &Program,
                input: &Input,
                limits: Limits,
            ) -> Result<execution::Execution, Refused> {
                let mut private = BTreeMap::new();
                for (name, lists) in &input.private {
                    let lists: Result<Vec<Vec<_>>, Refused> =
                        lists.iter().map(|list| elements(list)).collect();
                    private.insert(name.clone(), lists?);
                }
                let input = execution::Input {
                    public: elements(&input.public)?,
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
                Ok(twin::ran(file, &execute(&program, input, limits)?))
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
                let steps = twin::STEPS.iter().copied().chain(["verifying"]);
                let progress = Progress::start(["executing"].into_iter().chain(steps));
                let execution = execute(&program, input, limits)?;
                let execution_time = progress.next();
                let started = Instant::now();
                let (set, log_inv_rate) = (set(options.set), options.log_inv_rate);
                let proved = twin::prove(&program, &execution, set, log_inv_rate, &progress)
                    .map_err(rejected(Stage::Proving))?;
                let proving_time = started.elapsed();
                let verify_options = verify_options(options.set);
                verifier::verify(&program, &input.public, &proved.proof, &verify_options)
                    .map_err(rejected(Stage::OwnProof))?;
                let verifying_time = progress.finish();
                Ok(Proven {
                    sizes: twin::sizes(&proved.summary),
                    ran: twin::ran(file, &execution),
                    proof: proved.proof,
                    execution_time,
                    proving_time,
                    phases: twin::phases(&proved.summary),
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
                    sizes: twin::sizes(&verified.summary),
                    log_inv_rate: log_inv_rate(proof),
                    verifying_time,
                })
            }
        }
    };
}

engine!(fast_engine, leanvm_fast, fast);
engine!(spec_engine, leanvm_spec, spec);

/// The binary form of a program.
pub(crate) fn assembled(engine: Engine, file: &ProgramFile) -> Result<Vec<u8>, Refused> {
    match engine {
        Engine::Fast => fast_engine::assembled(file),
        Engine::Spec => spec_engine::assembled(file),
    }
}

/// The program, for tools that look into it.
pub(crate) fn program(file: &ProgramFile) -> Result<leanvm_fast::isa::Program, Refused> {
    fast_engine::program(file)
}

/// The digest of a binary program (SPEC §4), in hexadecimal: eight canonical words, little-endian.
pub(crate) fn digest(program: &[u8]) -> Result<String, Refused> {
    let program = leanvm_fast::isa::Program::decode(program)
        .map_err(fast_engine::rejected(Stage::Program))?;
    let words = program.digest().map(leanvm_fast::field::to_canonical);
    Ok(hex::encode(words.map(u32::to_le_bytes).as_flattened()))
}

/// The canonical text of a program.
pub(crate) fn disassembled(engine: Engine, file: &ProgramFile) -> Result<String, Refused> {
    match engine {
        Engine::Fast => fast_engine::disassembled(file),
        Engine::Spec => spec_engine::disassembled(file),
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
        Engine::Fast => fast_engine::run(file, input, limits),
        Engine::Spec => spec_engine::run(file, input, limits),
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
        Engine::Fast => fast_engine::prove(file, input, limits, options),
        Engine::Spec => spec_engine::prove(file, input, limits, options),
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
        Engine::Fast => fast_engine::verify(file, input, proof, required),
        Engine::Spec => spec_engine::verify(file, input, proof, required),
    }
}

/// The rate that the header of an accepted proof names (SPEC §19).
fn log_inv_rate(proof: &[u8]) -> u32 {
    proof
        .get(12..16)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::program::file::Content;
    use crate::progress::PROVER_PHASES;

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
        let phases = proven.phases.iter().map(|(phase, _)| *phase);
        assert_eq!(phases.collect::<Vec<_>>(), PROVER_PHASES);
    }
}
