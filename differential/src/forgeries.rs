//! SPEC §9 tables: for each constraint and each interaction rows that only it refuses.
//!
//! A forgery is the trace of an execution with edited rows, consistent in all else: what depends on
//! the edit is computed from it, the memory and the program say what the rows say, and the lookups
//! are counted again. A constraint is taken away by not asking for it. An interaction is taken away
//! by letting the forged row take part with a tuple of the forger's choice: on the bus STATE and on
//! those of links each row of a table sends as much as it receives, so a table that lost one of the
//! two altogether could not balance with any rows.

mod hashes;
mod instructions;
mod linked;
mod lookups;
mod reductions;
mod runs;
mod trace;

use std::collections::BTreeMap;

use crate::canonical::SLOTS;
use crate::generators::model::add;
use crate::shape::{NAMES, TABLES};
use crate::twins::Twin;

pub use trace::Trace;

const BYTECODE: usize = 0;
const MEMORY: usize = 1;
const ADD: usize = 2;
const MUL: usize = 3;
const DEREF: usize = 4;
const JUMP: usize = 5;
const POSEIDON_8: usize = 6;
const POSEIDON_16: usize = 7;
const POSEIDON_24: usize = 8;
const DOT_PRODUCT: usize = 9;
const DOT_TERM: usize = 10;
const EQ: usize = 11;
const EQ_TERM: usize = 12;
const POSEIDON_16_HALVES: usize = 13;
const CHAIN: usize = 14;
const CHAIN_TERM: usize = 15;
const CHAIN_STEP: usize = 16;
const PATH: usize = 17;
const PATH_STEP: usize = 18;
const SPONGE: usize = 19;
const SPONGE_STEP: usize = 20;
const DOT_QUAD: usize = 21;

/// The buses of SPEC §9 whose tuples are looked up in BYTECODE or MEMORY, and STATE.
mod bus {
    pub(super) const STATE: u32 = 1;
    pub(super) const BYTECODE: u32 = 2;
    pub(super) const MEMORY: u32 = 3;
    pub(super) const CHUNK: u32 = 4;
    pub(super) const HALF: u32 = 7;
}

/// What a rule is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A constraint.
    Constraint,
    /// An interaction.
    Interaction,
    /// That a column `s` or `y` of a hash table is that of the permutation (§14), which is no rule
    /// of the table.
    Permutation,
}

/// A rule of a table, by its number there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// T.
    pub table: usize,
    /// The kinds are numbered apart.
    pub kind: Kind,
    /// The number, from 0 on.
    pub number: usize,
}

impl Rule {
    fn constraint(table: usize, number: usize) -> Self {
        Self {
            table,
            kind: Kind::Constraint,
            number,
        }
    }

    fn interaction(table: usize, number: usize) -> Self {
        Self {
            table,
            kind: Kind::Interaction,
            number,
        }
    }

    /// All rules of a twin's tables.
    #[must_use]
    pub fn all(twin: &dyn Twin) -> Vec<Self> {
        let mut rules = Vec::new();
        for table in 0..TABLES {
            let columns = vec![0; crate::shape::COLUMNS[table]];
            let evaluation = twin.evaluate(table, &columns, 0, &[0; 6]);
            let constraints = 0..evaluation.constraints.len();
            rules.extend(constraints.map(|number| Self::constraint(table, number)));
            let interactions = 0..evaluation.interactions.len();
            rules.extend(interactions.map(|number| Self::interaction(table, number)));
        }
        rules
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = NAMES[self.table];
        write!(formatter, "{table} {:?} {}", self.kind, self.number)
    }
}

/// What implies a rule that no forgery needs to break alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Implied {
    /// The lookup of the program, since decoding refuses the words of operands with both modes and
    /// of hashes with both flags: the program of the forgery is not one.
    ByDecoding,
    /// The other tables' rules and this one: the forgery breaks both.
    By(Rule),
}

/// Rows that only one rule refuses.
#[derive(Clone, Debug)]
pub struct Forgery {
    /// The rule.
    pub rule: Rule,
    /// The row of its table that breaks it.
    pub row: u32,
    /// What else has to be missing.
    pub implied: Option<Implied>,
    /// The tuple that stands for the row's, if the rule is an interaction.
    pub instead: Option<[u32; SLOTS]>,
    /// The rows.
    pub trace: Trace,
}

/// What is wrong with rows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Violation {
    /// A constraint is not zero.
    Constraint {
        /// Which.
        rule: Rule,
        /// On which row.
        row: u32,
    },
    /// The numerators of a tuple do not add up to zero.
    Balance([u32; SLOTS]),
}

impl Forgery {
    /// The forgery of a constraint.
    fn of_constraint(table: usize, number: usize, mut trace: Trace) -> Self {
        trace.recount(None);
        Self {
            rule: Rule::constraint(table, number),
            row: 0,
            implied: None,
            instead: None,
            trace,
        }
    }

    /// The forgery of an interaction of a row.
    fn of_interaction(
        table: usize,
        number: usize,
        row: u32,
        instead: [u32; SLOTS],
        mut trace: Trace,
    ) -> Self {
        let rule = Rule::interaction(table, number);
        trace.recount(Some((rule, row, instead)));
        Self {
            rule,
            row,
            implied: None,
            instead: Some(instead),
            trace,
        }
    }

    /// The forgery of a lookup of row 0, which stands for one that finds what is there.
    fn of_lookup(table: usize, number: usize, trace: Trace) -> Self {
        let instead = trace.found(trace.tuple(table, 0, number));
        Self::of_interaction(table, number, 0, instead, trace)
    }

    /// The forgery of a lookup of row 0, which finds another value in its last cell than the row
    /// has; nothing else reads that cell.
    fn of_other_cell(table: usize, number: usize, honest: &Trace) -> Self {
        let mut trace = honest.clone();
        trace.add_to_last_cell(&honest.tuple(table, 0, number));
        Self::of_lookup(table, number, trace)
    }

    fn implied(mut self, by: Implied) -> Self {
        self.implied = Some(by);
        self
    }

    /// What a twin's tables refuse if they have all rules but these.
    #[must_use]
    pub fn violations(&self, twin: &dyn Twin, without: &[Rule]) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut balance: BTreeMap<[u32; SLOTS], u32> = BTreeMap::new();
        let mut count = |tuple, numerator| {
            let sum = balance.entry(tuple).or_default();
            *sum = add(*sum, numerator);
        };
        for (tuple, numerator) in self.trace.ends() {
            count(tuple, numerator);
        }
        for (table, row) in self.trace.places() {
            let evaluation = self.trace.evaluation(twin, table, row);
            for (number, value) in evaluation.constraints.into_iter().enumerate() {
                let rule = Rule::constraint(table, number);
                if value != 0 && !without.contains(&rule) {
                    violations.push(Violation::Constraint { rule, row });
                }
            }
            for (number, (numerator, tuple)) in evaluation.interactions.into_iter().enumerate() {
                let rule = Rule::interaction(table, number);
                let forged = (rule, row) == (self.rule, self.row) && without.contains(&rule);
                count(self.instead.filter(|_| forged).unwrap_or(tuple), numerator);
            }
        }
        let unbalanced = balance.into_iter().filter(|(_, sum)| *sum != 0);
        violations.extend(unbalanced.map(|(tuple, _)| Violation::Balance(tuple)));
        violations.sort();
        violations
    }

    /// What a twin whose tables have all rules refuses: the rules that the forgery breaks, and
    /// nothing else.
    #[must_use]
    pub fn expected(&self) -> Vec<Violation> {
        let mut expected: Vec<Violation> = match self.instead {
            Some(instead) => {
                let tuple = self
                    .trace
                    .tuple(self.rule.table, self.row, self.rule.number);
                [tuple, instead].map(Violation::Balance).to_vec()
            }
            None => {
                let row = self.row;
                let violation = |rule| Violation::Constraint { rule, row };
                self.broken().into_iter().map(violation).collect()
            }
        };
        expected.sort();
        expected
    }

    /// The constraints and interactions that the forgery breaks.
    #[must_use]
    pub fn broken(&self) -> Vec<Rule> {
        match self.implied {
            Some(Implied::By(other)) => vec![self.rule, other],
            _ if self.rule.kind == Kind::Permutation => Vec::new(),
            _ => vec![self.rule],
        }
    }
}

/// The forgeries of each column `s` and `y` of the hash tables.
#[must_use]
pub fn permutations() -> Vec<Forgery> {
    hashes::permutations()
}

/// Rows that no rule refuses, other than those of the honest prover: terms instead of quads.
#[must_use]
pub fn quads_as_terms() -> Forgery {
    Forgery {
        rule: Rule::interaction(DOT_QUAD, 0),
        row: 0,
        implied: None,
        instead: None,
        trace: reductions::quads_as_terms(),
    }
}

/// The forgeries of all constraints and interactions.
#[must_use]
pub fn all() -> Vec<Forgery> {
    let mut list = lookups::forgeries();
    list.extend(instructions::forgeries());
    list.extend(hashes::forgeries());
    list.extend(reductions::forgeries());
    list.extend(linked::forgeries());
    list.sort_by_key(|forgery| forgery.rule);
    list
}
