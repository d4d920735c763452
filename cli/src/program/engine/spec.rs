//! The executable specification.

use std::time::Duration;

use leanvm_spec::execution::Execution;
use leanvm_spec::field::Felt;
use leanvm_spec::isa::Program;
use leanvm_spec::parameters::ParameterSet;
use leanvm_spec::proof::Summary;
use leanvm_spec::prover::{self, ProveOptions, Proved};
use leanvm_spec::rejection::Error;

use crate::program::file::ProgramFile;
use crate::program::outcome::{Ran, Sizes};
use crate::program::printed::Prints;
use crate::progress::Progress;

/// A field element.
pub(super) type Element = Felt;

/// The steps of proving, as the progress shows them.
pub(super) const STEPS: &[&str] = &["proving"];

pub(super) fn element(word: u32) -> Option<Felt> {
    Felt::from_canonical(word)
}

pub(super) fn word(element: Felt) -> u32 {
    element.value()
}

pub(super) fn ran(file: &ProgramFile, execution: &Execution) -> Ran {
    let pcs = execution.cycles.iter().map(|cycle| cycle.pc);
    let sizes = execution
        .allocations
        .iter()
        .map(|allocation| allocation.size);
    let printed = execution.printed.iter().copied().map(word).collect();
    Ran {
        cycles: execution.cycles.len(),
        cells: execution.memory.len(),
        used_cells: execution.used_cells,
        first_cells: execution.first_cells,
        first_used_cells: execution.first_used_cells,
        naive_cells: file
            .naive_cells(execution.public_cells, pcs.clone(), sizes)
            .unwrap_or(execution.naive_cells),
        prints: Prints::new(file, pcs, printed, None),
    }
}

pub(super) fn sizes(summary: &Summary) -> Sizes {
    Sizes {
        rows: summary.rows.clone(),
        committed_cells: summary.cells,
        log_stack: summary.log_stack as usize,
        log_leaves: summary.log_leaves as usize,
    }
}

/// The specification does not measure times.
pub(super) fn phases(_: &Summary) -> Vec<(&'static str, Duration)> {
    Vec::new()
}

/// Proves in one step.
pub(super) fn prove(
    program: &Program,
    execution: &Execution,
    set: ParameterSet,
    log_inv_rate: u32,
    progress: &Progress,
) -> Result<Proved, Error> {
    let options = ProveOptions {
        set,
        log_inv_rate,
        record_events: false,
    };
    let proved = prover::prove(program, execution, &options);
    progress.next();
    proved
}
