//! The production prover and verifier.

use std::ops::ControlFlow;
use std::time::Duration;

use leanvm_fast::execution::Execution;
use leanvm_fast::field::F;
pub(super) use leanvm_fast::field::{from_canonical as element, to_canonical as word};
use leanvm_fast::isa::Program;
use leanvm_fast::parameters::ParameterSet;
use leanvm_fast::proof::Summary;
use leanvm_fast::prover::{self, ProveError, ProveOptions, Proved};
use leanvm_fast::rejection::Error;

use crate::program::file::ProgramFile;
use crate::program::outcome::{Ran, Sizes};
use crate::program::printed::Prints;
use crate::progress::{PROVER_PHASES, Progress};

/// A field element.
pub(super) type Element = F;

/// The steps of proving, as the progress shows them.
pub(super) const STEPS: &[&str] = &PROVER_PHASES;

pub(super) fn ran(file: &ProgramFile, execution: &Execution) -> Ran {
    let pcs = execution.cycles().iter().map(|cycle| cycle.pc);
    let sizes = execution
        .allocations()
        .iter()
        .map(|allocation| allocation.size);
    let printed = execution.printed().iter().copied().map(word).collect();
    Ran {
        cycles: execution.cycles().len(),
        cells: execution.memory().len(),
        used_cells: execution.used_cells(),
        first_cells: execution.first_cells(),
        first_used_cells: execution.first_used_cells(),
        naive_cells: file
            .naive_cells(execution.fp_0(), pcs.clone(), sizes)
            .unwrap_or(execution.naive_cells()),
        prints: Prints::new(file, pcs, printed, None),
    }
}

pub(super) fn sizes(summary: &Summary) -> Sizes {
    Sizes::of(summary)
}

pub(super) fn phases(summary: &Summary) -> Vec<(&'static str, Duration)> {
    summary.phases.clone()
}

/// Proves; each phase is a step of the progress.
pub(super) fn prove(
    program: &Program,
    execution: &Execution,
    set: ParameterSet,
    log_inv_rate: u32,
    progress: &Progress,
) -> Result<Proved, Error> {
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
    prover::prove(program, execution, &options).map_err(|error| match error {
        ProveError::Refused(error) => error,
        other => unreachable!("the execution is of the program and goes on: {other}"),
    })
}
