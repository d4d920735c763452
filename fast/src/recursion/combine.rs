//! One claim on programs made of many, the prover's half.
//!
//! The program function has a column of 2^h values for each number of a program and slot. Over the
//! variables of the columns, the sum is one of products of 2^(b + 3) values, a product for each
//! claim; only behind them stands a product of 2^h values, which is one for all claims.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::{Combination, FIRST_SLOT, LOG_SLOTS, ProgramClaim, greatest_height, variables};
use crate::field::{EF, F};
use crate::isa::Program;
use crate::multilinear::{eq_table, evaluate_base, scaled_eq_table};
use crate::sumcheck::bind_first;
use crate::transcript::Sponge;
use crate::tuning::Tuning;

/// Entries that stay together in a parallel loop.
const MIN_LEN: usize = 1 << 10;

/// The columns of the program function, by their index; those that are left out are 0.
fn columns(programs: &[&Program], height: usize) -> Vec<(usize, Vec<F>)> {
    let mut columns = Vec::new();
    for (number, program) in programs.iter().enumerate() {
        let fields = program.instructions().iter().map(|one| one.fields());
        let fields: Vec<_> = fields.collect();
        for slot in FIRST_SLOT..1 << LOG_SLOTS {
            let mut column = F::zero_vec(1 << height);
            for (to, fields) in column.iter_mut().zip(&fields) {
                *to = fields[slot - FIRST_SLOT];
            }
            columns.push(((number << LOG_SLOTS) + slot, column));
        }
    }
    columns
}

/// A sum of products, of values and weights.
struct Product {
    values: Vec<EF>,
    weights: Vec<EF>,
}

impl Product {
    /// The coefficients c_1 and c_2 of the round of its first variable.
    fn round(&self) -> [EF; 2] {
        let half = self.values.len() / 2;
        let (low, high) = self.values.split_at(half);
        let (weight, weight_high) = self.weights.split_at(half);
        (low, high, weight, weight_high)
            .into_par_iter()
            .with_min_len(MIN_LEN)
            .map(|(low, high, weight, weight_high)| {
                let (step, weight_step) = (*high - *low, *weight_high - *weight);
                [*weight * step + weight_step * *low, weight_step * step]
            })
            .reduce(|| [EF::ZERO; 2], |[a, b], [c, d]| [a + c, b + d])
    }

    fn bind(&mut self, challenge: EF) {
        let half = self.values.len() / 2;
        bind_first(&mut self.values, half, challenge);
        bind_first(&mut self.weights, half, challenge);
    }
}

/// The rounds, in the making.
struct Rounds {
    sponge: Sponge,
    rounds: Vec<[EF; 2]>,
    challenges: Vec<EF>,
}

impl Rounds {
    /// The rounds of the sum of these products, which have so many variables.
    fn bind_all(&mut self, variables: usize, products: &mut [Product]) {
        for _ in 0..variables {
            let round = products
                .iter()
                .map(Product::round)
                .fold([EF::ZERO; 2], |[a, b], [c, d]| [a + c, b + d]);
            let challenge = Combination::round(&round, &mut self.sponge);
            for product in &mut *products {
                product.bind(challenge);
            }
            self.rounds.push(round);
            self.challenges.push(challenge);
        }
    }
}

/// The rounds that make one claim of these claims on programs (§25.3 to §25.5), and the value of
/// that claim.
pub fn combine(
    programs: &[&Program],
    claims: &[ProgramClaim],
    tuning: &Tuning,
) -> (Vec<[EF; 2]>, EF) {
    let mut sponge = Sponge::new();
    let zeta = Combination::challenge(claims, &mut sponge);
    let height = greatest_height(programs);
    let split = variables(programs) - height;
    let columns = columns(programs, height);
    let mut rounds = Rounds {
        sponge,
        rounds: Vec::new(),
        challenges: Vec::new(),
    };

    let mut products: Vec<Product> = claims
        .iter()
        .zip(zeta.powers())
        .map(|(claim, scale)| {
            let (column, pc) = claim.point.split_at(split);
            let mut values = EF::zero_vec(1 << split);
            for (index, column) in &columns {
                values[*index] = evaluate_base(column, pc, tuning);
            }
            let weights = scaled_eq_table(column, scale, tuning);
            Product { values, weights }
        })
        .collect();
    rounds.bind_all(split, &mut products);

    let mut weights = EF::zero_vec(1 << height);
    for (claim, product) in claims.iter().zip(products) {
        let terms = scaled_eq_table(&claim.point[split..], product.weights[0], tuning);
        let all = weights.par_iter_mut().zip(terms).with_min_len(MIN_LEN);
        all.for_each(|(weight, term)| *weight += term);
    }
    let mut values = EF::zero_vec(1 << height);
    let of_columns = eq_table(&rounds.challenges);
    for (index, column) in columns {
        let all = values.par_iter_mut().zip(column).with_min_len(MIN_LEN);
        all.for_each(|(value, field)| *value += of_columns[index] * field);
    }
    let mut last = [Product { values, weights }];
    rounds.bind_all(height, &mut last);
    let [last] = last;
    (rounds.rounds, last.values[0])
}
