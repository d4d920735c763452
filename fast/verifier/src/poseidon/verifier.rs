//! SPEC §14 poseidon, the verifier's half.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use super::{
    BLOCK, Combination, DEGREE, HashClaims, LOG_BLOCK, MIDDLE, NUM_LAYERS, PermutationClaims,
    ROUNDS_16, ROUNDS_24, Rounds, SKIP_DEGREE, SkipPoint, lagrange, last, transform,
};
use crate::field::{EF, F};
use crate::multilinear::eq_table;
use crate::rejection::{Error, Rejection};
use crate::sumcheck::{evaluate_polynomial, weighted_next};
use crate::tables::{HashColumns, TableId, log_height};
use crate::transcript::VerifierTranscript;

/// A present hash table.
struct Present {
    table: TableId,
    columns: HashColumns,
    rows: usize,
    /// The claims on the output of the next layer.
    claims: Vec<EF>,
}

impl Present {
    /// Number of the values of §14.6.
    const fn num_values(&self, layer: usize) -> usize {
        match layer {
            0 => self.columns.inputs,
            MIDDLE => self.columns.s.saturating_add(self.columns.width),
            _ => self.columns.width,
        }
    }
}

/// Verifies the permutations of the tables with `rows` rows each; `point` is r.
///
/// # Errors
/// `proof-truncated`, `element-not-canonical`, `poseidon-layer`.
///
/// # Soundness
/// The values that it returns are claims: the zerocheck has to prove them.
pub fn verify(
    rows: &[usize; TableId::COUNT],
    point: &[EF],
    transcript: &mut VerifierTranscript<'_>,
) -> Result<PermutationClaims, Error> {
    let present = TableId::ALL.into_iter().zip(rows).filter(|(_, n)| **n > 0);
    let mut hashes: Vec<Present> = present
        .filter_map(|(table, rows)| {
            Some(Present {
                table,
                columns: table.hash()?,
                rows: *rows,
                claims: Vec::new(),
            })
        })
        .collect();
    let mut result = PermutationClaims::default();
    let Some(height) = hashes.iter().map(|hash| log_height(hash.rows)).max() else {
        return Ok(result);
    };
    // §14.1.
    receive(transcript, "poseidon.outputs", &mut hashes, |hash| {
        hash.columns.y
    })?;
    for hash in &hashes {
        result.tables.push(HashClaims {
            table: hash.table,
            y: hash.claims.clone(),
            s: Vec::new(),
            inputs: Vec::new(),
        });
    }
    let own = last(point, height);
    let (y, row) = own
        .split_at_checked(own.len().saturating_sub(LOG_BLOCK))
        .unwrap_or((&[], own));
    // Z is not used before there is one.
    let mut at = SkipPoint {
        y: y.to_vec(),
        z: EF::ZERO,
    };
    let mut weights = [EF::ZERO; BLOCK];
    for (weight, value) in weights.iter_mut().zip(eq_table(row)) {
        *weight = value;
    }
    for layer in (0..NUM_LAYERS).rev() {
        // §14.2.
        let delta = transcript.sample("poseidon.delta");
        let mut claim = EF::ZERO;
        let mut combinations = Vec::with_capacity(hashes.len());
        for hash in &hashes {
            let combination = Combination::new(&hash.columns, layer, delta);
            claim += dot(&combination.claims, &hash.claims);
            if layer == MIDDLE {
                claim -= at.activity(hash.rows) * combination.constant;
            }
            combinations.push(combination);
        }
        // §14.3.
        let sent = transcript.receive_extension("poseidon.skip", SKIP_DEGREE)?;
        let moments = transform(weights, false);
        let (_, others) = moments.split_first().unwrap_or((&EF::ZERO, &[]));
        let cycle = others.iter().chain(&moments).chain(&moments);
        let known: EF = sent.iter().zip(cycle).map(|(c, moment)| *c * *moment).sum();
        // §14.4.
        let z = transcript.sample("poseidon.skip_challenge");
        let mut claim = claim - known + z * evaluate_polynomial(&sent, z);
        // §14.5.
        let mut y = Vec::with_capacity(at.y.len());
        for weight in &at.y {
            let coefficients = transcript.receive_extension("poseidon.round", DEGREE)?;
            let challenge = transcript.sample("poseidon.challenge");
            claim = weighted_next(claim, *weight, &coefficients, challenge);
            y.push(challenge);
        }
        at = SkipPoint { y, z };
        // §14.6.
        receive(transcript, "poseidon.values", &mut hashes, |hash| {
            hash.num_values(layer)
        })?;
        let mut sum = EF::ZERO;
        let all = hashes.iter_mut().zip(&combinations).zip(&mut result.tables);
        for ((hash, combination), claims) in all {
            let active = at.activity(hash.rows);
            let mut values = std::mem::take(&mut hash.claims);
            if layer == 0 {
                claims.inputs.clone_from(&values);
                values = first_layer(&hash.columns, &values, active);
            }
            sum += combination.evaluate(&values);
            if layer == MIDDLE {
                claims.s = values.drain(..hash.columns.s.min(values.len())).collect();
            }
            // §14.8.
            for (value, constant) in values.iter_mut().zip(constants(&hash.columns, layer)) {
                *value -= active * *constant;
            }
            hash.claims = values;
        }
        // §14.7.
        if sum != claim {
            return Err(Rejection::PoseidonLayer.at(format!(
                "poseidon.values: the cubes of layer {layer} are {sum} at the last point, the claim is {claim}"
            )));
        }
        weights = lagrange(z);
        if layer == MIDDLE {
            result.s_point = at.clone();
        }
    }
    // §14.9.
    result.input_point = at;
    Ok(result)
}

/// A list for each table, so many values, which are its claims.
fn receive(
    transcript: &mut VerifierTranscript<'_>,
    label: &'static str,
    hashes: &mut [Present],
    number: impl Fn(&Present) -> usize,
) -> Result<(), Error> {
    for hash in hashes {
        hash.claims = transcript.receive_extension(label, number(hash))?;
    }
    Ok(())
}

fn dot(left: &[EF], right: &[EF]) -> EF {
    left.iter()
        .zip(right)
        .map(|(left, right)| *left * *right)
        .sum()
}

/// rc_ℓ.
fn constants(hash: &HashColumns, layer: usize) -> &'static [F] {
    if hash.width == 24 {
        ROUNDS_24.full(layer)
    } else {
        ROUNDS_16.full(layer)
    }
}

/// u_0 of these `in`.
fn first_layer(hash: &HashColumns, inputs: &[EF], active: EF) -> Vec<EF> {
    fn of<const W: usize>(rounds: &Rounds<W>, inputs: &[EF], active: EF) -> Vec<EF>
    where
        LinearLayers: GenericPoseidon2LinearLayers<W>,
    {
        let mut state = [EF::ZERO; W];
        for (element, input) in state.iter_mut().zip(inputs) {
            *element = *input;
        }
        LinearLayers::external_linear_layer(&mut state);
        for (element, constant) in state.iter_mut().zip(rounds.full(0)) {
            *element += active * *constant;
        }
        state.to_vec()
    }
    if hash.width == 24 {
        of(&ROUNDS_24, inputs, active)
    } else {
        of(&ROUNDS_16, inputs, active)
    }
}
