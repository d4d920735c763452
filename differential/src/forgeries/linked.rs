//! CHAIN, PATH and SPONGE with the tables of their runs.

use leanvm_spec::field::Felt;

use super::instructions::Subject;
use super::runs::{Run, SIDE};
use super::trace::{Trace, negative};
use super::*;

/// Columns and an interaction of CHAIN_TERM: the digit, and the lookup of the cell at it.
const DIGIT: usize = 15;
const CELL_AT_DIGIT: usize = 4;
/// t_0 of CHAIN_STEP.
const TWEAK: usize = 1;
/// Columns and an interaction of PATH_STEP: the left child, the right child, the lookup of the
/// tweak.
const LEFT: usize = 13;
const RIGHT: usize = 17;
const TWEAK_CHUNK: usize = 3;

/// The lookups whose last cell nothing else reads.
const LOOKUPS: [(usize, &[usize]); 6] = [
    (CHAIN, &[7, 8]),
    (CHAIN_TERM, &[2, 3]),
    (PATH, &[7, 8]),
    (PATH_STEP, &[2, TWEAK_CHUNK]),
    (SPONGE, &[7, 8]),
    (SPONGE_STEP, &[2, 3]),
];

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    let honest = |table| Subject::of(runs::instruction(table)).trace();
    for table in [CHAIN_TERM, CHAIN_STEP, PATH_STEP, SPONGE_STEP] {
        list.extend(run(table).links(&honest(table)));
    }
    for (table, numbers) in LOOKUPS {
        let forgery = |number: &usize| Forgery::of_other_cell(table, *number, &honest(table));
        list.extend(numbers.iter().map(forgery));
    }
    list.push(digit(&honest(CHAIN)));
    list.push(side(&honest(PATH)));
    list
}

fn run(table: usize) -> &'static Run {
    Run::of(table).expect("a table of runs")
}

/// The digit of the last chain is one less than 0, and its run one step longer.
fn digit(honest: &Trace) -> Forgery {
    let mut trace = honest.clone();
    assert_eq!(trace.row(CHAIN_TERM, 0)[DIGIT], 0);
    // Not a cell of memory; the honest row reads cell 0.
    *trace.at(CHAIN_TERM, 0, DIGIT) = negative(1);
    let instead = honest.tuple(CHAIN_TERM, 0, CELL_AT_DIGIT);
    let mut step = trace.row(CHAIN_STEP, 0).to_vec();
    step[TWEAK] = add(step[TWEAK], negative(1));
    trace.put_first(CHAIN_STEP, step);
    run(CHAIN_STEP).recompute(&mut trace, 0);
    run(CHAIN_TERM).recompute(&mut trace, 0);
    Forgery::of_interaction(CHAIN_TERM, CELL_AT_DIGIT, 0, instead, trace)
}

/// A node x and its sibling y at side 2: left + 2·(right − left) = x and right − 2·(right − left) =
/// y, so that left = (x + 2y)/3 and right = (2x + y)/3.
fn side(honest: &Trace) -> Forgery {
    let mut trace = honest.clone();
    let children = [LEFT, RIGHT].map(|column| trace.felts(PATH_STEP, 0, &(column..column + 4)));
    let (node, sibling) = match trace.row(PATH_STEP, 0)[SIDE] {
        0 => (&children[0], &children[1]),
        _ => (&children[1], &children[0]),
    };
    let third = Felt::new(3).inverse().expect("not 0");
    for (j, (x, y)) in node.iter().zip(sibling).enumerate() {
        trace.set(PATH_STEP, 0, LEFT + j, &[(*x + *y + *y) * third]);
        trace.set(PATH_STEP, 0, RIGHT + j, &[(*x + *x + *y) * third]);
    }
    *trace.at(PATH_STEP, 0, SIDE) = 2;
    trace.store(PATH_STEP, 0, TWEAK_CHUNK..TWEAK_CHUNK + 1);
    run(PATH_STEP).recompute(&mut trace, 0);
    Forgery::of_constraint(PATH_STEP, 0, trace)
}
