//! One claim on a program made of many, the prover's half.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::{Combination, FIRST_SLOT, LOG_SLOTS, ProgramClaim};
use crate::field::EF;
use crate::isa::Program;
use crate::multilinear::scaled_eq_table;
use crate::sumcheck::bind_first;
use crate::tables::log_height;
use crate::transcript::Sponge;
use crate::tuning::Tuning;

/// Entries that stay together in a parallel loop.
const MIN_LEN: usize = 1 << 10;

/// The values of the program function.
fn program_function(program: &Program) -> Vec<EF> {
    let rows = 1 << log_height(program.instructions().len());
    let mut values = EF::zero_vec(rows << LOG_SLOTS);
    for (pc, instruction) in program.instructions().iter().enumerate() {
        for (slot, field) in (FIRST_SLOT..).zip(instruction.fields()) {
            values[slot * rows + pc] = EF::from(field);
        }
    }
    values
}

/// The rounds that make one claim of these (§25.3 to §25.5), and the value of that claim.
pub fn combine(program: &Program, claims: &[ProgramClaim], tuning: &Tuning) -> (Vec<[EF; 2]>, EF) {
    let mut sponge = Sponge::new();
    let zeta = Combination::challenge(claims, &mut sponge);
    let mut values = program_function(program);
    let mut weights = EF::zero_vec(values.len());
    for (claim, scale) in claims.iter().zip(zeta.powers()) {
        let terms = scaled_eq_table(&claim.point, scale, tuning);
        let all = weights.par_iter_mut().zip(terms).with_min_len(MIN_LEN);
        all.for_each(|(weight, term)| *weight += term);
    }
    let mut rounds = Vec::new();
    while values.len() > 1 {
        let half = values.len() / 2;
        let (lows, highs) = (values.split_at(half), weights.split_at(half));
        let round = (lows.0, lows.1, highs.0, highs.1)
            .into_par_iter()
            .with_min_len(MIN_LEN)
            .map(|(low, high, weight, weight_high)| {
                let (step, weight_step) = (*high - *low, *weight_high - *weight);
                [*weight * step + weight_step * *low, weight_step * step]
            })
            .reduce(|| [EF::ZERO; 2], |[a, b], [c, d]| [a + c, b + d]);
        let challenge = Combination::round(&round, &mut sponge);
        bind_first(&mut values, half, challenge);
        bind_first(&mut weights, half, challenge);
        rounds.push(round);
    }
    (rounds, values[0])
}
