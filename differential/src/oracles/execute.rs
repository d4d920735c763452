//! Execution: the rejection code, or the final memory, the steps, the layout and what was printed.

use super::{same, same_rejection};
use crate::canonical::{Case, Executed, Outcome, Table};
use crate::twins::{FAST, Options, SPEC};

/// Both twins execute the case alike, and print alike if they reject it.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree.
pub fn execute(case: &Case) -> Outcome<Executed> {
    let (spec, fast) = (SPEC.execute(case), FAST.execute(case));
    if let Some(name) = same_rejection("execution", case, &spec, &fast) {
        printed(case).ok();
        return Err(name);
    }
    let (spec, fast) = (spec?, fast?);
    same("fp_0", case, spec.fp_0, fast.fp_0);
    same(
        "the number of public cells",
        case,
        spec.public_cells,
        fast.public_cells,
    );
    same("the list of (pc, fp)", case, &spec.steps, &fast.steps);
    same(
        "the list of allocations",
        case,
        &spec.allocations,
        &fast.allocations,
    );
    same(
        "M of the first run",
        case,
        spec.first_cells,
        fast.first_cells,
    );
    same("M", case, spec.memory.len(), fast.memory.len());
    same(
        "the number of used cells",
        case,
        spec.used_cells,
        fast.used_cells,
    );
    same(
        "the first cell that differs",
        case,
        spec.memory
            .iter()
            .zip(&fast.memory)
            .position(|(a, b)| a != b),
        None,
    );
    Ok(same("the execution", case, spec, fast))
}

/// Both twins print the same values until HALT or a rejection.
///
/// # Errors
/// The name of the rejection of what cannot be executed at all, on which both agree.
///
/// # Panics
/// If the twins disagree.
pub fn printed(case: &Case) -> Outcome<Vec<u32>> {
    let (spec, fast) = (SPEC.printed(case), FAST.printed(case));
    same("what is printed", case, spec, fast)
}

/// Both twins have the same tables, column by column.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree.
pub fn tables(case: &Case, options: &Options) -> Outcome<Vec<Table>> {
    let (spec, fast) = (SPEC.tables(case, options), FAST.tables(case, options));
    if let Some(name) = same_rejection("the trace", case, &spec, &fast) {
        return Err(name);
    }
    let (spec, fast) = (spec?, fast?);
    same("the number of tables", case, spec.len(), fast.len());
    for (number, (a, b)) in spec.iter().zip(&fast).enumerate() {
        same(
            &format!("the number of rows of table {number}"),
            case,
            a.rows,
            b.rows,
        );
        same(
            &format!("the number of columns of table {number}"),
            case,
            a.columns.len(),
            b.columns.len(),
        );
        for (k, (left, right)) in a.columns.iter().zip(&b.columns).enumerate() {
            same(&format!("column {k} of table {number}"), case, left, right);
        }
    }
    Ok(spec)
}
