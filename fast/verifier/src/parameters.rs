//! SPEC §18 parameters.
//!
//! The three parameter sets and the schedule of an opening (SPEC §17). Security of the production
//! set: Johnson radius, integer tables.

use crate::field::MODULUS;
use crate::instructions::dot_product::QUAD;
use crate::isa::MAX_BASE;
use crate::rejection::{Error, Rejection};

/// Cap of the rows of each table: log2.
pub const MAX_LOG_ROWS: usize = 26;
/// Greatest log2 of the number of rows of an oracle (the two-adicity of F).
pub const MAX_LOG_DOMAIN: usize = 24;

/// log2 of the least number of cells of every set.
const MIN_LOG_CELLS: usize = 8;
/// log2 of the greatest number of cells of every set.
const MAX_LOG_CELLS: usize = 26;
/// log2 of the greatest number of leaves of every set.
const MAX_LOG_LEAVES: usize = 28;

// A digit of CHAIN is the address of a cell, and one that is not below the base would need a run of
// p − 2^MAX_LOG_CELLS steps (A.13).
const _: () =
    assert!(MAX_BASE <= 1 << MIN_LOG_CELLS && MODULUS > (1 << MAX_LOG_CELLS) + (1 << MAX_LOG_ROWS));

// A closed walk of steps of a reduction, of 4 terms at most, would need p/4 rows (A.7).
const _: () = assert!(MODULUS / QUAD > 1 << MAX_LOG_LEAVES);

/// A parameter set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterSet {
    /// For exhaustive tests; no security.
    Tiny,
    /// For tests; no security.
    Small,
    /// 124 bits in the proven regime.
    Production,
}

impl ParameterSet {
    /// All sets.
    pub const ALL: [Self; 3] = [Self::Tiny, Self::Small, Self::Production];

    /// The word that names the set in a proof.
    #[must_use]
    pub const fn id(self) -> u32 {
        match self {
            Self::Tiny => 1,
            Self::Small => 2,
            Self::Production => 3,
        }
    }

    /// The set of a word of a proof.
    #[must_use]
    pub const fn from_id(id: u32) -> Option<Self> {
        match id {
            1 => Some(Self::Tiny),
            2 => Some(Self::Small),
            3 => Some(Self::Production),
            _ => None,
        }
    }

    /// The name of the set.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Production => "production",
        }
    }
}

/// One round of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// fold_t: variables bound in the round.
    pub fold: usize,
    /// R_t of the oracle of the round.
    pub log_inv_rate: usize,
    /// log2 of the number of rows of the oracle of the round.
    pub log_rows: usize,
    /// Grinding bits before each folding challenge.
    pub fold_pow: usize,
    /// Number of queries sampled.
    pub queries: usize,
    /// Grinding bits before the queries.
    pub query_pow: usize,
    /// μ_t: variables before the round.
    pub variables: usize,
    /// Whether the round is the last.
    pub last: bool,
}

/// Queries of the production set, by R.
const QUERIES: [usize; 13] = [0, 250, 121, 79, 59, 46, 38, 33, 29, 26, 23, 21, 19];
/// Grinding bits before the queries of the production set, by R.
const QUERY_POW: [usize; 13] = [0, 11, 12, 13, 13, 14, 14, 13, 13, 13, 15, 16, 17];
/// fold_bits of the production set, by R.
const FOLD_BITS: [usize; 13] = [
    0, 129, 131, 131, 131, 129, 127, 127, 128, 128, 127, 128, 126,
];

/// A parameter set with a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    set: ParameterSet,
    log_inv_rate: usize,
}

impl Parameters {
    /// The parameters of a set at a rate.
    ///
    /// # Errors
    /// `parameters` if log_inv_rate is not 1, 2, 3 or 4.
    pub fn new(set: ParameterSet, log_inv_rate: u32) -> Result<Self, Error> {
        let rate = match log_inv_rate {
            1 => 1,
            2 => 2,
            3 => 3,
            4 => 4,
            _ => {
                return Err(Rejection::Parameters
                    .at(format!("log_inv_rate is 1, 2, 3 or 4, not {log_inv_rate}")));
            }
        };
        Ok(Self {
            set,
            log_inv_rate: rate,
        })
    }

    const fn by_set<T: Copy>(&self, tiny: T, small: T, production: T) -> T {
        match self.set {
            ParameterSet::Tiny => tiny,
            ParameterSet::Small => small,
            ParameterSet::Production => production,
        }
    }

    /// The set.
    #[must_use]
    pub const fn set(&self) -> ParameterSet {
        self.set
    }

    /// R_0.
    #[must_use]
    pub const fn log_inv_rate(&self) -> usize {
        self.log_inv_rate
    }

    /// Least number of cells M.
    #[must_use]
    pub const fn min_cells(&self) -> usize {
        self.by_set(1 << MIN_LOG_CELLS, 1 << 10, 1 << MIN_LOG_CELLS)
    }

    /// Greatest number of cells M.
    #[must_use]
    pub const fn max_cells(&self) -> usize {
        self.by_set(1 << 12, 1 << 16, 1 << MAX_LOG_CELLS)
    }

    /// Greatest number of instructions.
    #[must_use]
    pub const fn max_instructions(&self) -> usize {
        self.by_set(1 << 10, 1 << 14, 1 << 20)
    }

    /// Greatest log2 of the number of leaves.
    #[must_use]
    pub const fn max_log_leaves(&self) -> usize {
        self.by_set(17, 20, MAX_LOG_LEAVES)
    }

    /// Least μ.
    #[must_use]
    pub const fn min_stack(&self) -> usize {
        self.by_set(10, 14, 16)
    }

    /// Greatest μ.
    #[must_use]
    pub const fn max_stack(&self) -> usize {
        self.by_set(17, 19, 28)
    }

    /// Greatest fold_0.
    #[must_use]
    pub const fn first_fold(&self) -> usize {
        self.by_set(2, 4, 7)
    }

    /// Greatest fold_t of a later round.
    #[must_use]
    pub const fn fold(&self) -> usize {
        self.by_set(2, 4, 4)
    }

    /// Greatest number of variables of the final polynomial.
    #[must_use]
    pub const fn final_max(&self) -> usize {
        self.by_set(4, 4, 7)
    }

    /// Greatest log_inv_rate of an oracle of a later round.
    #[must_use]
    pub const fn max_log_inv_rate(&self) -> usize {
        self.by_set(4, 6, 12)
    }

    /// Out-of-domain samples of an oracle.
    #[must_use]
    pub const fn out_of_domain_samples(&self) -> usize {
        1
    }

    /// fold_0 of a stack of μ variables.
    #[must_use]
    pub fn initial_fold(&self, variables: usize) -> usize {
        self.first_fold().min(variables)
    }

    /// Queries at R = log_inv_rate.
    fn queries(&self, log_inv_rate: usize) -> usize {
        match self.set {
            ParameterSet::Tiny => 3,
            ParameterSet::Small => 5,
            ParameterSet::Production => QUERIES.get(log_inv_rate).copied().unwrap_or(0),
        }
    }

    /// Grinding bits before the queries at R = log_inv_rate.
    fn query_pow(&self, log_inv_rate: usize) -> usize {
        match self.set {
            ParameterSet::Tiny => 2,
            ParameterSet::Small => 4,
            ParameterSet::Production => QUERY_POW.get(log_inv_rate).copied().unwrap_or(0),
        }
    }

    /// Grinding bits before each folding challenge of a round.
    fn fold_pow(&self, log_inv_rate: usize, log_rows: usize) -> usize {
        match self.set {
            ParameterSet::Tiny | ParameterSet::Small => 0,
            ParameterSet::Production => {
                (124 + log_rows).saturating_sub(FOLD_BITS.get(log_inv_rate).copied().unwrap_or(0))
            }
        }
    }

    /// The rounds of an opening of a stack of μ variables; the last one, and no other, has `last`.
    #[must_use]
    pub fn schedule(&self, variables: usize) -> Vec<Round> {
        let mut rounds = Vec::new();
        let mut fold = self.initial_fold(variables);
        let mut log_inv_rate = self.log_inv_rate;
        let mut variables = variables;
        loop {
            let rest = variables - fold;
            let log_rows = rest + log_inv_rate;
            let last = rest <= self.final_max();
            rounds.push(Round {
                fold,
                log_inv_rate,
                log_rows,
                fold_pow: self.fold_pow(log_inv_rate, log_rows),
                queries: self.queries(log_inv_rate),
                query_pow: self.query_pow(log_inv_rate),
                variables,
                last,
            });
            if last {
                return rounds;
            }
            let step = if rounds.len() == 1 { 2 } else { 3 };
            log_inv_rate = (log_inv_rate + step).min(self.max_log_inv_rate());
            variables = rest;
            fold = self.fold().min(variables);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        for set in ParameterSet::ALL {
            assert_eq!(ParameterSet::from_id(set.id()), Some(set));
        }
        assert_eq!(ParameterSet::from_id(0), None);
        assert_eq!(ParameterSet::from_id(4), None);
        for rate in [0, 5, u32::MAX] {
            assert_eq!(
                Parameters::new(ParameterSet::Tiny, rate)
                    .unwrap_err()
                    .rejection,
                Rejection::Parameters
            );
        }
    }

    #[test]
    fn schedules_stay_in_the_domain() {
        for set in ParameterSet::ALL {
            for rate in 1..=4 {
                let parameters = Parameters::new(set, rate).unwrap();
                for variables in parameters.min_stack()..=parameters.max_stack() {
                    let rounds = parameters.schedule(variables);
                    for (i, round) in rounds.iter().enumerate() {
                        assert!(i == 0 || round.log_rows <= MAX_LOG_DOMAIN);
                        assert_eq!(round.last, i + 1 == rounds.len());
                        assert_eq!(
                            round.log_rows,
                            round.variables - round.fold + round.log_inv_rate
                        );
                        assert!(round.fold_pow <= 24);
                    }
                }
            }
        }
    }

    #[test]
    fn production_schedule_at_22() {
        let rounds = Parameters::new(ParameterSet::Production, 1)
            .unwrap()
            .schedule(22);
        let summary: Vec<_> = rounds
            .iter()
            .map(|r| (r.fold, r.log_inv_rate, r.log_rows, r.fold_pow, r.queries))
            .collect();
        assert_eq!(
            summary,
            [(7, 1, 16, 11, 250), (4, 3, 14, 7, 79), (4, 6, 13, 10, 38)]
        );
    }
}
