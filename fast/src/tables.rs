//! SPEC §9 tables, of the prover.
//!
//! The trace of an execution as columns (structure of arrays, exactly n_T rows, no padding). The
//! tables with their sizes, and the constraints and interactions of a row, are those of
//! [`leanvm_verifier::tables`].

use crate::execution::Execution;
use crate::field::F;
use crate::isa::Program;

pub use leanvm_verifier::tables::*;

mod check;
mod generate;

pub use check::{Violation, check};
pub use generate::Plan;
pub(crate) use generate::{Filler, Tally, Witness};

/// The committed columns of a table; none if it is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// n_T.
    pub rows: usize,
    /// Each column has exactly `rows` cells.
    pub columns: Vec<Vec<F>>,
}

/// The tables of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// By table number.
    pub tables: [Table; TableId::COUNT],
}

impl Trace {
    /// The tables of an execution: [`Plan::trace`].
    ///
    /// # Panics
    /// If `execution` is not one of `program`.
    #[must_use]
    pub fn generate(program: &Program, execution: &Execution) -> Self {
        Plan::new(program, execution).trace()
    }

    /// The committed columns of a table.
    #[must_use]
    pub const fn table(&self, id: TableId) -> &Table {
        &self.tables[id.index()]
    }
}

#[cfg(test)]
pub(crate) mod tests;
