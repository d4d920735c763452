//! Executions recorded for tools: profiles, and the stack at a rejection.

use std::collections::BTreeMap;

use leanvm_fast::execution::{Execution, Input as FastInput, Limits as FastLimits, Recording};
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::isa::{HintKind, Program};
use leanvm_fast::rejection::{Error, Rejection};

use crate::arguments::Limits;
use crate::engine::{self, ProgramFile, Refused};
use crate::failure::{Rejected, Stage};
use crate::input::Input;
use crate::places::{Places, Trace};
use crate::stack::CallStack;

/// An execution to HALT.
pub(crate) struct Recorded {
    /// The program.
    pub(crate) program: Program,
    /// What it was run on.
    pub(crate) input: FastInput,
    /// What came out.
    pub(crate) execution: Execution,
    /// Whether each cell was defined at HALT.
    pub(crate) defined: Vec<bool>,
}

/// Input words, which are canonical: reading the input file has checked them.
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
) -> (FastInput, Result<Execution, Error>, Recording) {
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
        Err(error) => Err((
            Stage::Execution,
            Rejected {
                code: error.rejection.code(),
                name: error.rejection.name(),
                detail: error.detail,
            },
        )),
    }
}

/// The stack at the cycle in which an execution is rejected.
pub(crate) fn trace(
    stage: Stage,
    file: &ProgramFile,
    input: &Input,
    limits: Limits,
) -> Option<Trace> {
    if stage != Stage::Execution {
        return None;
    }
    let program = engine::program(file).ok()?;
    let (_, result, recording) = record(&program, input, limits);
    let error = result.err()?;
    let places = Places::new(file, &program);
    let mut stack = CallStack::new(&places, program.instructions());
    let steps = &recording.steps;
    for pair in steps.windows(2) {
        if let [(pc, fp), (next_pc, next_fp)] = pair {
            let (fp, next_fp) = (to_canonical(*fp), to_canonical(*next_fp));
            stack.advance((*pc, fp), (*next_pc, next_fp));
        }
    }
    let (pc, _) = steps.last()?;
    let hint = failed_hint(&program, *pc, &error);
    Some(places.trace(&stack.pcs(*pc), hint, file.guest.as_ref()))
}

/// The hint at a pc that cannot be computed: the first there of the kind that the rejection is about.
fn failed_hint(program: &Program, pc: u32, error: &Error) -> Option<usize> {
    if !error.detail.contains("(hint)") {
        return None;
    }
    let kind = match error.rejection {
        Rejection::MemoryExhausted => Some(HintKind::Alloc),
        Rejection::WitnessMissing => Some(HintKind::Witness),
        Rejection::HintFailed => Some(HintKind::Bits),
        _ => None,
    };
    program
        .hints()
        .iter()
        .position(|hint| hint.pc == pc && kind.is_none_or(|kind| hint.kind == kind))
}
