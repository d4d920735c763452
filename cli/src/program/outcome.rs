//! The results of executing, proving and verifying, from either engine, and how they are reported.

use std::time::Duration;

use leanvm_fast::tables::TableId;

use crate::measurements::Measurements;
use crate::options::ParameterSet;
use crate::program::printed::Prints;
use crate::report::{number, share};

/// The result of an execution.
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

impl Ran {
    /// Cycles and memory: M and used cells, those of the first run (SPEC §7), the naive layout, M
    /// rounded up to a power of two. People are shown what the layout of the memory saves if they
    /// ask for it.
    pub(crate) fn measure(&self, list: &mut Measurements, verbose: bool) {
        list.count("cycles", "cycles", self.cycles);
        memory(list, self.cells, self.used_cells);
        let committed = self.cells.next_power_of_two();
        list.field("memory_cells_power_of_two", committed)
            .field("first_memory_cells", self.first_cells)
            .field("first_used_cells", self.first_used_cells)
            .field("naive_cells", self.naive_cells);
        if verbose {
            let naive = usize::try_from(self.naive_cells).unwrap_or(usize::MAX);
            list.figure("  next power of two", number(committed))
                .figure("  before the second pass", number(self.first_cells))
                .figure(
                    "  used before the second pass",
                    share(self.first_used_cells, self.first_cells),
                )
                .figure("  naive layout", number(naive));
        }
    }
}

/// The cells of a memory, and how many of them are used.
pub(crate) fn memory(list: &mut Measurements, cells: usize, used: usize) {
    list.count("memory cells", "memory_cells", cells)
        .figure("  used", share(used, cells))
        .field("used_cells", used);
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

impl Sizes {
    /// Of a proof of the fast engine.
    pub(crate) fn of(summary: &leanvm_fast::proof::Summary) -> Self {
        Self {
            rows: summary.rows.to_vec(),
            committed_cells: summary.stack_cells,
            log_stack: summary.log_stack,
            log_leaves: summary.log_leaves,
        }
    }

    /// The tables that have rows, and how many.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let rows = self.rows.iter().copied();
        let tables = TableId::ALL.into_iter().map(TableId::name).zip(rows);
        tables.filter(|(_, rows)| *rows > 0)
    }

    /// Rows, leaves and committed cells.
    pub(crate) fn measure(&self, list: &mut Measurements) {
        list.figure("rows", number(self.rows.iter().sum()));
        for table in TableId::ALL {
            list.field(&format!("rows.{}", table.name()), 0);
        }
        self.measure_tables(list);
        self.measure_commitment(list);
    }

    /// Rows of the tables that have any.
    pub(crate) fn measure_tables(&self, list: &mut Measurements) {
        for (table, rows) in self.tables() {
            list.count(format!("  {table}"), &format!("rows.{table}"), rows);
        }
    }

    /// Rows of the tables of hashes: one permutation each.
    pub(crate) fn hash_rows(&self) -> usize {
        let tables = TableId::ALL.iter().zip(&self.rows);
        tables
            .filter(|(id, _)| id.hash().is_some())
            .map(|(_, rows)| rows)
            .sum()
    }

    /// The cells of all rows. The committed ones cover a few more rows of each table (SPEC §17).
    fn row_cells(&self) -> usize {
        let columns = TableId::ALL.into_iter().map(TableId::num_columns);
        columns
            .zip(&self.rows)
            .map(|(columns, rows)| columns * rows)
            .sum()
    }

    /// Leaves and committed cells.
    pub(crate) fn measure_commitment(&self, list: &mut Measurements) {
        let committed = format!("{} of 2^{}", number(self.committed_cells), self.log_stack);
        list.figure("lookup leaves", format!("2^{}", self.log_leaves))
            .field("log_lookup_leaves", self.log_leaves)
            .figure("committed cells", committed)
            .field("committed_cells", self.committed_cells)
            .figure("  of rows", share(self.row_cells(), self.committed_cells))
            .field("row_cells", self.row_cells())
            .field("log_stack", self.log_stack);
    }
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
    /// Time of the execution.
    pub(crate) execution_time: Duration,
    /// Time of proving.
    pub(crate) proving_time: Duration,
    /// The times of its phases, if the engine reports them.
    pub(crate) phases: Vec<(&'static str, Duration)>,
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
