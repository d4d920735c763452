//! SPEC §9 tables, a check of a trace without a proof: every constraint is 0 on every row, every
//! permutation is one (§14) and every bus balances.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;

use super::{Builder, Bus, Numerator, SLOTS, Table, TableId, Trace};
use crate::field::{F, to_canonical};
use crate::instructions::permuted;
use crate::isa::Program;

/// What is wrong with a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A constraint is not 0.
    Constraint {
        /// The table.
        table: TableId,
        /// The row.
        row: usize,
        /// The index of the constraint.
        constraint: usize,
    },
    /// A cell of `s` or `y` of a hash table is not that of the permutation of `in`.
    Permutation {
        /// The table.
        table: TableId,
        /// The row.
        row: usize,
        /// The column.
        column: usize,
    },
    /// The numerators of a tuple do not add up to 0.
    Balance {
        /// The tuple, canonical.
        tuple: [u32; SLOTS],
    },
}

#[derive(Default)]
struct Checker {
    constraints: usize,
    violated: Option<usize>,
    interactions: usize,
    balance: BTreeMap<[u32; SLOTS], F>,
}

impl Builder for Checker {
    type Constant = F;
    type Value = F;

    fn constraint(&mut self, value: F) {
        if value != F::ZERO && self.violated.is_none() {
            self.violated = Some(self.constraints);
        }
        self.constraints += 1;
    }

    fn interaction(&mut self, numerator: Numerator<F>, tuple: &[(usize, F)]) {
        let mut slots = [0; SLOTS];
        for (slot, value) in tuple {
            slots[*slot] = to_canonical(*value);
        }
        *self.balance.entry(slots).or_insert(F::ZERO) += numerator.value();
        self.interactions += 1;
    }
}

/// Checks every constraint and permutation of every row and the balance of all buses, with the
/// first and last state that the verifier adds. For tests and for finding out why a proof fails: it
/// keeps every tuple.
///
/// # Errors
/// The first violated constraint or permutation, or the least tuple that does not balance.
///
/// # Panics
/// If a table has not as many constraints or interactions as it declares.
pub fn check(trace: &Trace, program: &Program, fp_0: u32) -> Result<(), Violation> {
    let mut checker = Checker::default();
    let state = |pc: u32| {
        [
            (0, F::from_u32(Bus::State.number())),
            (1, F::from_u32(pc)),
            (2, F::from_u32(fp_0)),
        ]
    };
    checker.interaction(Numerator::One, &state(0));
    checker.interaction(Numerator::MinusOne, &state(program.halt_pc()));
    for (id, table) in TableId::ALL.into_iter().zip(&trace.tables) {
        for row_index in 0..table.rows {
            let mut row: Vec<F> = table
                .columns
                .iter()
                .map(|column| column[row_index])
                .collect();
            row.extend(id.virtual_values(program, row_index));
            (checker.constraints, checker.interactions) = (0, 0);
            id.evaluate(&row, &mut checker);
            if let Some(constraint) = checker.violated {
                return Err(Violation::Constraint {
                    table: id,
                    row: row_index,
                    constraint,
                });
            }
            assert_eq!(
                (checker.constraints, checker.interactions),
                (id.num_constraints(), id.num_interactions()),
                "{}",
                id.name()
            );
        }
    }
    for (table, rows) in TableId::ALL.into_iter().zip(&trace.tables) {
        if let Some((column, row)) = false_permutation(table, rows) {
            return Err(Violation::Permutation { table, row, column });
        }
    }
    match checker.balance.into_iter().find(|(_, sum)| *sum != F::ZERO) {
        Some((tuple, _)) => Err(Violation::Balance { tuple }),
        None => Ok(()),
    }
}

/// The column and row of a cell that is not what the permutation makes of the columns `in`.
fn false_permutation(id: TableId, table: &Table) -> Option<(usize, usize)> {
    let hash = id.hash().filter(|_| table.rows > 0)?;
    let mut filled = table.columns.clone();
    let mut columns: Vec<&mut [F]> = filled.iter_mut().map(Vec::as_mut_slice).collect();
    permuted::fill(&hash, &mut columns);
    let mut computed = hash.s_range().chain(hash.y_range());
    computed.find_map(|column| {
        let cells = table.columns[column].iter().zip(&filled[column]);
        let row = cells.into_iter().position(|(cell, truth)| cell != truth)?;
        Some((column, row))
    })
}
