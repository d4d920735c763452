//! Executions recorded for tools: profiles, and the stack at a rejection.

use std::collections::BTreeMap;
use std::path::Path;

use leanvm_fast::execution::{
    Cycle, Execution, Input as FastInput, Limits as FastLimits, Recording, Stopped,
};
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::rejection::Rejection;

use crate::failure::{Failure, Refused, Rejected, Stage};
use crate::options::Limits;
use crate::program::blame::Scene;
use crate::program::engine;
use crate::program::explain;
use crate::program::file::ProgramFile;
use crate::program::input::{Input, Source};
use crate::program::places::Places;
use crate::program::printed::Prints;
use crate::program::stack::CallStack;
use crate::trace::Trace;

/// An execution to HALT.
pub(crate) struct Recorded {
    /// The program.
    pub(crate) program: Program,
    /// Its input.
    pub(crate) input: FastInput,
    /// The execution.
    pub(crate) execution: Execution,
    /// Whether each cell was defined at HALT.
    pub(crate) defined: Vec<bool>,
}

/// The elements of words, which are canonical because the input file was checked.
fn elements(words: &[u32]) -> Vec<F> {
    words
        .iter()
        .filter_map(|word| from_canonical(*word))
        .collect()
}

fn record(
    program: &Program,
    input: &Input,
    limits: Limits,
) -> (FastInput, Result<Execution, Stopped>, Recording) {
    let private: BTreeMap<String, Vec<Vec<F>>> = input
        .private
        .iter()
        .map(|(name, lists)| {
            let lists = lists.iter().map(|list| elements(list)).collect();
            (name.clone(), lists)
        })
        .collect();
    let input = FastInput {
        public: elements(&input.public),
        private,
    };
    let limits = FastLimits {
        cycles: limits.max_cycles,
        cells: limits.max_cells,
    };
    let (result, recording) = leanvm_fast::execution::record(program, &input, &limits);
    (input, result, recording)
}

/// Executes a program and records it.
pub(crate) fn execute(
    file: &ProgramFile,
    input: &Input,
    limits: Limits,
) -> Result<Recorded, Refused> {
    let program = engine::program(file)?;
    let (input, result, recording) = record(&program, input, limits);
    match result {
        Ok(execution) => Ok(Recorded {
            program,
            input,
            execution,
            defined: recording.defined,
        }),
        Err(Stopped { error, printed }) => {
            let (code, name) = (error.rejection.code(), error.rejection.name());
            let printed = printed.into_iter().map(to_canonical).collect();
            let rejected = Rejected {
                printed,
                ..Rejected::new(code, name, error.detail)
            };
            Err((Stage::Execution, rejected))
        }
    }
}

/// The failure of a command that executes a program; the last argument is where the input comes
/// from, and the proof if it may be to blame. If the execution is rejected, the failure has what
/// was printed before, and the stack.
pub(crate) fn failure(
    (stage, mut rejected): Refused,
    file: &ProgramFile,
    input: &Input,
    limits: Limits,
    (source, proof_path): (Source<'_>, Option<&Path>),
) -> Failure {
    let printed = std::mem::take(&mut rejected.printed);
    let code = rejected.code;
    let failure = Failure::rejected(rejected, stage, &file.path, source.path(), proof_path);
    let Some(program) = engine::program(file)
        .ok()
        .filter(|_| stage == Stage::Execution)
    else {
        return failure;
    };
    // Both engines stop at the same place, so this one shows where either of them did.
    let (elements, result, recording) = record(&program, input, limits);
    let Some(at) = &recording.rejected else {
        return failure;
    };
    let pcs = recording.cycles.iter().map(|cycle| cycle.pc);
    let prints = Prints::new(file, pcs, printed, at.hint);
    let places = Places::new(file, &program);
    let cycles = &recording.cycles;
    let scene = Scene::new(file, &program, &places, &elements.private, cycles, at);
    let failure = match scene.blame(code, input) {
        Some(blame) => failure.with_blame(blame),
        None if source == Source::LeftOut && scene.reads_public_input() => failure.or_remedy(
            "without --input all public values are 0: give those that the program expects by --input",
        ),
        None => failure,
    };
    // Lists that are left over are not the fault of the last line.
    let mut trace = (code != Rejection::WitnessLeftOver.code())
        .then(|| trace(file, &places, &program, cycles, at.hint))
        .flatten();
    if let (Some(trace), Err(stopped), Some(guest), Some(Cycle { pc, fp })) =
        (&mut trace, result, &file.guest, cycles.last())
    {
        let cell = |offset| {
            let address = to_canonical(*fp + from_canonical(offset)?);
            at.memory.get(address).map(to_canonical)
        };
        trace.explanation =
            explain::explanation(guest, stopped.error.rejection, (*pc, at.hint), cell);
    }
    failure.with_output(prints.report()).with_trace(trace)
}

/// The stack in the last cycle.
fn trace(
    file: &ProgramFile,
    places: &Places,
    program: &Program,
    cycles: &[Cycle],
    failed_hint: Option<usize>,
) -> Option<Trace> {
    let mut stack = CallStack::new(places, program.instructions());
    let place = |cycle: &Cycle| (cycle.pc, to_canonical(cycle.fp));
    for pair in cycles.windows(2) {
        if let [cycle, next] = pair {
            stack.advance(place(cycle), place(next));
        }
    }
    let last = cycles.last()?;
    Some(places.trace(&stack.pcs(last.pc), failed_hint, file.guest.as_ref()))
}
