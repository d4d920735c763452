//! SPEC §9 tables, a check of a trace without a proof: every constraint is 0 on every row and every
//! bus balances.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;

use super::{Builder, Bus, Numerator, SLOTS, TableId, Trace};
use crate::field::{F, to_canonical};
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
        *self.balance.entry(slots).or_insert(F::ZERO) += match numerator {
            Numerator::One => F::ONE,
            Numerator::MinusOne => F::NEG_ONE,
            Numerator::Minus(multiplicity) => -multiplicity,
        };
        self.interactions += 1;
    }
}

/// Checks every constraint of every row and the balance of all buses, with the first and last state
/// that the verifier adds. For tests and for finding out why a proof fails: it keeps every tuple.
///
/// # Errors
/// The first violated constraint, or the least tuple that does not balance.
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
    match checker.balance.into_iter().find(|(_, sum)| *sum != F::ZERO) {
        Some((tuple, _)) => Err(Violation::Balance { tuple }),
        None => Ok(()),
    }
}
