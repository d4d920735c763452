//! SPEC §18 parameters.
//!
//! The three sets of sizes and security parameters, and the schedule of the opening (SPEC §17).

use crate::rejection::{Error, Rejection};

/// The greatest number of rows of a table.
pub const MAX_ROWS: usize = 1 << 26;

/// A named set of parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterSet {
    /// For tests of a few rows, without security.
    Tiny,
    /// For tests, without security.
    Small,
    /// 124 bits of security.
    Production,
}

impl ParameterSet {
    /// All sets.
    pub const ALL: [Self; 3] = [Self::Tiny, Self::Small, Self::Production];

    /// The identifier in the header of a proof.
    pub const fn id(self) -> u32 {
        match self {
            Self::Tiny => 1,
            Self::Small => 2,
            Self::Production => 3,
        }
    }

    /// The set with this identifier.
    pub fn from_id(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.id() == id)
    }

    /// The name in SPEC.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Production => "production",
        }
    }

    /// The entry of a row of the table of SPEC §18.
    fn pick<T>(self, tiny: T, small: T, production: T) -> T {
        match self {
            Self::Tiny => tiny,
            Self::Small => small,
            Self::Production => production,
        }
    }

    /// The least number M of memory cells.
    pub fn min_cells(self) -> usize {
        self.pick(1 << 8, 1 << 10, 1 << 8)
    }

    /// The greatest number M of memory cells.
    pub fn max_cells(self) -> usize {
        self.pick(1 << 12, 1 << 16, 1 << 26)
    }

    /// The greatest number of instructions.
    pub fn max_instructions(self) -> usize {
        self.pick(1 << 10, 1 << 14, 1 << 20)
    }

    /// The greatest κ, the logarithm of the number of leaves of the fractional sum.
    pub fn max_log_leaves(self) -> u32 {
        self.pick(17, 20, 28)
    }

    /// The least μ, the number of variables of the stack.
    pub fn min_stack(self) -> u32 {
        self.pick(10, 14, 16)
    }

    /// The greatest μ.
    pub fn max_stack(self) -> u32 {
        self.pick(17, 19, 28)
    }

    /// The number of variables folded in round 0.
    pub fn first_fold(self) -> u32 {
        self.pick(2, 4, 7)
    }

    /// The number of variables folded in a later round.
    pub fn fold(self) -> u32 {
        self.pick(2, 4, 4)
    }

    /// The greatest number of variables of the final polynomial.
    pub fn final_max(self) -> u32 {
        self.pick(4, 4, 7)
    }

    /// The greatest logarithm of an inverse rate of a later oracle.
    pub fn max_log_inv_rate(self) -> u32 {
        self.pick(4, 6, 12)
    }

    /// The number of out-of-domain samples of each oracle.
    pub fn out_of_domain_samples(self) -> usize {
        1
    }
}

/// The number of queries at each rate R = 1..13 of `production`.
const QUERIES: [usize; 12] = [250, 121, 79, 59, 46, 38, 33, 29, 26, 23, 21, 19];

/// The bits of the proof of work before the queries, at each rate R = 1..13 of `production`.
const QUERY_POW: [u32; 12] = [11, 12, 13, 13, 14, 14, 13, 13, 13, 15, 16, 17];

/// The bits of soundness of a fold, without the logarithm of the rows, at each rate R = 1..13 of
/// `production`.
const FOLD_BITS: [u32; 12] = [129, 131, 131, 131, 129, 127, 127, 128, 128, 127, 128, 126];

/// The bits of security of each step of `production`, with the proof of work.
const SECURITY_BITS: u32 = 124;

/// A parameter set and a rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
    /// The set.
    pub set: ParameterSet,
    /// R_0, the logarithm of the inverse rate of oracle 0.
    pub log_inv_rate: u32,
}

/// A round t of the opening.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// μ_t, the number of variables of f_t.
    pub variables: u32,
    /// fold_t, the number of variables folded.
    pub fold: u32,
    /// R_t, the logarithm of the inverse rate of oracle t.
    pub log_inv_rate: u32,
    /// μ_t − fold_t + R_t, the logarithm of the number of rows of oracle t.
    pub log_rows: u32,
    /// The bits of the proof of work before each folding challenge.
    pub fold_pow: u32,
    /// q_t, the number of queries of oracle t, before repeats are dropped.
    pub queries: usize,
    /// The bits of the proof of work before the queries.
    pub query_pow: u32,
}

/// The sizes that the caps of SPEC §18 bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct AnnouncedSizes {
    /// The number of instructions.
    pub(crate) instructions: usize,
    /// M.
    pub(crate) cells: usize,
    /// 8K, the number of cells of the public region.
    pub(crate) public_cells: usize,
    /// The greatest n_T.
    pub(crate) rows: usize,
    /// κ.
    pub(crate) log_leaves: u32,
    /// μ.
    pub(crate) log_stack: u32,
}

impl Parameters {
    /// The parameters of a set and a rate.
    ///
    /// # Errors
    /// `parameters` if the rate is not 1, 2, 3 or 4 (§19.6).
    pub fn new(set: ParameterSet, log_inv_rate: u32) -> Result<Self, Error> {
        if (1..=4).contains(&log_inv_rate) {
            Ok(Self { set, log_inv_rate })
        } else {
            let detail = format!("log_inv_rate {log_inv_rate} is not in 1..=4");
            Err(Error::new(Rejection::Parameters, detail))
        }
    }

    /// q_t at the rate R_t.
    fn queries(&self, log_inv_rate: u32) -> usize {
        let production = QUERIES[log_inv_rate as usize - 1];
        self.set.pick(3, 5, production)
    }

    /// query_pow_t at the rate R_t.
    fn query_pow(&self, log_inv_rate: u32) -> u32 {
        let production = QUERY_POW[log_inv_rate as usize - 1];
        self.set.pick(2, 4, production)
    }

    /// fold_pow_t at the rate R_t.
    fn fold_pow(&self, log_inv_rate: u32, log_rows: u32) -> u32 {
        let fold_bits = FOLD_BITS[log_inv_rate as usize - 1];
        let production = (SECURITY_BITS + log_rows).saturating_sub(fold_bits);
        self.set.pick(0, 0, production)
    }

    /// The rounds of the opening of a stack of μ variables.
    pub fn schedule(&self, log_stack: u32) -> Vec<Round> {
        let mut rounds = Vec::new();
        let mut variables = log_stack;
        let mut fold = self.set.first_fold().min(variables);
        let mut log_inv_rate = self.log_inv_rate;
        loop {
            let log_rows = variables - fold + log_inv_rate;
            rounds.push(Round {
                variables,
                fold,
                log_inv_rate,
                log_rows,
                fold_pow: self.fold_pow(log_inv_rate, log_rows),
                queries: self.queries(log_inv_rate),
                query_pow: self.query_pow(log_inv_rate),
            });
            variables -= fold;
            if variables <= self.set.final_max() {
                return rounds;
            }
            fold = self.set.fold().min(variables);
            let step = if rounds.len() == 1 { 2 } else { 3 };
            log_inv_rate = (log_inv_rate + step).min(self.set.max_log_inv_rate());
        }
    }

    /// Checks the caps.
    ///
    /// # Errors
    /// `size-cap`.
    pub(crate) fn check_caps(&self, sizes: &AnnouncedSizes) -> Result<(), Error> {
        let set = self.set;
        let check = |name: &str, size: usize, least: usize, greatest: usize| {
            if (least..=greatest).contains(&size) {
                return Ok(());
            }
            let detail = format!("{name}: {size} is not in {least}..={greatest}");
            Err(Error::new(Rejection::SizeCap, detail))
        };
        let (leaves, stack) = (sizes.log_leaves as usize, sizes.log_stack as usize);
        // §18.1.
        check(
            "instructions",
            sizes.instructions,
            1,
            set.max_instructions(),
        )?;
        // §18.2.
        check("cells", sizes.cells, set.min_cells(), set.max_cells())?;
        check("cells", sizes.cells, sizes.public_cells, set.max_cells())?;
        // §18.3.
        check("rows", sizes.rows, 0, MAX_ROWS)?;
        // §18.4.
        check("log leaves", leaves, 0, set.max_log_leaves() as usize)?;
        // §18.5.
        check("log stack", stack, 0, set.max_stack() as usize)?;
        // §18.6.
        let fold = set.first_fold().min(sizes.log_stack);
        let log_rows = (sizes.log_stack - fold + self.log_inv_rate) as usize;
        check("log rows of oracle 0", log_rows, 0, 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_rates() {
        for set in ParameterSet::ALL {
            assert_eq!(ParameterSet::from_id(set.id()), Some(set));
        }
        assert_eq!(ParameterSet::from_id(0), None);
        assert_eq!(ParameterSet::from_id(4), None);
        for rate in [0, 5, u32::MAX] {
            let error = Parameters::new(ParameterSet::Tiny, rate).unwrap_err();
            assert_eq!(error.rejection, Rejection::Parameters);
        }
    }

    #[test]
    fn the_schedule_of_production_at_25_variables() {
        let parameters = Parameters::new(ParameterSet::Production, 1).unwrap();
        let rounds = parameters.schedule(25);
        let brief: Vec<[u32; 7]> = rounds
            .iter()
            .map(|r| {
                let q = r.queries as u32;
                let (fold_pow, query_pow) = (r.fold_pow, r.query_pow);
                [
                    r.variables,
                    r.fold,
                    r.log_inv_rate,
                    r.log_rows,
                    fold_pow,
                    q,
                    query_pow,
                ]
            })
            .collect();
        assert_eq!(
            brief,
            [
                [25, 7, 1, 19, 14, 250, 11],
                [18, 4, 3, 17, 10, 79, 13],
                [14, 4, 6, 16, 13, 38, 14],
                [10, 4, 9, 15, 11, 26, 13],
            ]
        );
    }

    #[test]
    fn every_schedule_fits_the_two_adicity_and_ends_small() {
        for set in ParameterSet::ALL {
            for rate in 1..=4 {
                let parameters = Parameters::new(set, rate).unwrap();
                for log_stack in set.min_stack()..=set.max_stack() {
                    let rounds = parameters.schedule(log_stack);
                    if rounds[0].log_rows > 24 {
                        assert_eq!((set, rate, log_stack), (ParameterSet::Production, 4, 28));
                        continue;
                    }
                    for round in &rounds {
                        assert!(round.log_rows <= 24 && round.fold_pow <= 24);
                    }
                    let last = rounds[rounds.len() - 1];
                    assert!(last.variables - last.fold <= set.final_max());
                }
            }
        }
    }

    #[test]
    fn each_cap_is_checked_at_its_edge() {
        let parameters = Parameters::new(ParameterSet::Production, 4).unwrap();
        let sizes = AnnouncedSizes {
            instructions: 1 << 20,
            cells: 1 << 26,
            public_cells: 1 << 20,
            rows: 1 << 26,
            log_leaves: 28,
            log_stack: 27,
        };
        parameters.check_caps(&sizes).unwrap();
        let mut cases = vec![sizes; 8];
        cases[0].instructions += 1;
        cases[1].cells += 1;
        cases[2].cells = (1 << 8) - 1;
        cases[3].public_cells = sizes.cells + 1;
        cases[4].rows += 1;
        cases[5].log_leaves += 1;
        cases[6].log_stack = 29;
        cases[7].log_stack = 28;
        for (number, case) in cases.iter().enumerate() {
            let error = parameters.check_caps(case).unwrap_err();
            assert_eq!(error.rejection, Rejection::SizeCap, "case {number}");
        }
        let parameters = Parameters::new(ParameterSet::Production, 3).unwrap();
        parameters.check_caps(&cases[7]).unwrap();
    }
}
