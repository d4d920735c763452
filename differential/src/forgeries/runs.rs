//! Runs: the rows of a table between the link that an owner sends and the one that it receives.

use core::ops::Range;

use super::trace::Trace;
use super::*;

/// A run of the owner's row 0. Its rows are those of the table `rows` whose first column is 0, in
/// their order.
pub(super) struct Run {
    /// The table of the owner.
    pub(super) owner: usize,
    /// The table of the rows.
    pub(super) rows: usize,
    /// The number of the owner's send; its receive follows.
    send: usize,
    /// The slots of a tuple that have what a row computes from what the row before has there.
    slots: Range<usize>,
    /// The first of the columns of a row with what it receives there.
    column: usize,
    /// The first of the columns of the owner with what it receives there.
    result: usize,
    /// The owner's lookups of these.
    results: Range<usize>,
    /// The lookups of a row that depend on what it receives there.
    stored: Range<usize>,
}

/// The interactions of a row of a run.
const RECEIVED: usize = 0;
const SENT: usize = 1;

/// The column `side` of PATH_STEP.
pub(super) const SIDE: usize = 4;

const RUNS: [Run; 7] = [
    reduction(DOT_PRODUCT, DOT_TERM),
    Run {
        column: 4,
        ..reduction(DOT_PRODUCT, DOT_QUAD)
    },
    reduction(EQ, EQ_TERM),
    // The number and the sum of the digits.
    Run {
        owner: CHAIN,
        rows: CHAIN_TERM,
        send: 9,
        slots: 5..7,
        column: 4,
        result: 27,
        results: 8..9,
        stored: 3..4,
    },
    // The value, of which the first chain has an end.
    Run {
        owner: CHAIN_TERM,
        rows: CHAIN_STEP,
        send: 5,
        slots: 6..10,
        column: 5,
        result: 21,
        results: 2..3,
        stored: 0..0,
    },
    // The node, of which the key has the last; the column is that of a left child.
    Run {
        owner: PATH,
        rows: PATH_STEP,
        send: 9,
        slots: 5..9,
        column: 13,
        result: 19,
        results: 7..8,
        stored: 0..0,
    },
    // The state.
    Run {
        owner: SPONGE,
        rows: SPONGE_STEP,
        send: 9,
        slots: 5..13,
        column: 4,
        result: 27,
        results: 8..9,
        stored: 0..0,
    },
];

/// The accumulator, of which the owner has the last.
const fn reduction(owner: usize, rows: usize) -> Run {
    Run {
        owner,
        rows,
        send: 11,
        slots: 6..11,
        column: 5,
        result: 16,
        results: 6..11,
        stored: 0..0,
    }
}

/// The table of the instruction that a table is of.
pub(super) fn instruction(table: usize) -> usize {
    Run::of(table).map_or(table, |run| instruction(run.owner))
}

impl Run {
    /// That of the rows of a table, if they are a run.
    pub(super) fn of(table: usize) -> Option<&'static Self> {
        RUNS.iter().find(|run| run.rows == table)
    }

    /// The numbers of its rows.
    fn numbers(&self, trace: &Trace) -> Vec<u32> {
        let rows = 0..trace.rows(self.rows);
        rows.filter(|row| trace.row(self.rows, *row)[0] == 0)
            .collect()
    }

    /// The columns of a row with what it receives.
    fn columns(&self, trace: &Trace, row: u32) -> Range<usize> {
        let is_right = self.rows == PATH_STEP && trace.row(self.rows, row)[SIDE] == 1;
        let first = self.column + if is_right { 4 } else { 0 };
        first..first + self.slots.len()
    }

    /// Computes what a row computes.
    fn compute(&self, trace: &mut Trace, row: u32) {
        trace.hash(self.rows, row);
        trace.store(self.rows, row, self.stored.clone());
    }

    /// Computes all that comes after a row: the other rows of the run and the result, and makes the
    /// memory have it.
    pub(super) fn carry(&self, trace: &mut Trace, from: u32) {
        let numbers = self.numbers(trace);
        let start = numbers.iter().position(|row| *row == from);
        for i in start.expect("a row of the run")..numbers.len() {
            let values = &trace.tuple(self.rows, numbers[i], SENT)[self.slots.clone()];
            let next = numbers.get(i + 1).copied();
            let (table, row, column) = match next {
                Some(next) => (self.rows, next, self.columns(trace, next).start),
                None => (self.owner, 0, self.result),
            };
            for (j, value) in values.iter().enumerate() {
                *trace.at(table, row, column + j) = *value;
            }
            if let Some(next) = next {
                self.compute(trace, next);
            }
        }
        trace.store(self.owner, 0, self.results.clone());
    }

    /// Computes a row and all that comes after it.
    pub(super) fn recompute(&self, trace: &mut Trace, from: u32) {
        self.compute(trace, from);
        self.carry(trace, from);
    }

    /// A row receives another value, and all that comes after it is computed from that.
    fn other(&self, honest: &Trace, row: u32) -> Trace {
        let mut trace = honest.clone();
        let column = self.columns(&trace, row).end - 1;
        trace.add(self.rows, row, column, 1);
        self.recompute(&mut trace, row);
        trace
    }

    /// The forgeries of the links.
    pub(super) fn links(&self, honest: &Trace) -> [Forgery; 4] {
        let (owner, rows) = (self.owner, self.rows);
        let last_row = self.numbers(honest).len() as u32 - 1;
        // The first row does not begin where the owner says.
        let first = self.other(honest, 0);
        let begins = first.tuple(rows, 0, RECEIVED);
        // The second row does not go on where the first ends: either of the two may be the one
        // that is not bound.
        let second = self.other(honest, 1);
        let (ends, goes_on) = (second.tuple(rows, 0, SENT), second.tuple(rows, 1, RECEIVED));
        // The result is not where the last row ends.
        let mut last = honest.clone();
        last.add(owner, 0, self.result + self.slots.len() - 1, 1);
        last.store(owner, 0, self.results.clone());
        let result = last.tuple(rows, last_row, SENT);
        [
            Forgery::of_interaction(owner, self.send, 0, begins, first),
            Forgery::of_interaction(rows, SENT, 0, goes_on, second.clone()),
            Forgery::of_interaction(rows, RECEIVED, 1, ends, second),
            Forgery::of_interaction(owner, self.send + 1, 0, result, last),
        ]
    }
}
