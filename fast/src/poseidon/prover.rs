//! SPEC §14 poseidon: the prover, layer by layer.

use std::ops::Range;

use p3_field::{PrimeCharacteristicRing, batch_multiplicative_inverse};
use rayon::prelude::*;

use super::blocks::{Blocks, RoundWeights, cube_roots};
use super::layers::Layers;
use super::{
    Combination, DEGREE, HashClaims, LOG_BLOCK, MIDDLE, NUM_LAYERS, PermutationClaims, SkipPoint,
    kernel, lagrange,
};
use crate::commitment::vector::Vector;
use crate::field::{EF, PackedEF};
use crate::lookup::leaves::TableView;
use crate::sumcheck::weights::Weights;
use crate::tables::HashColumns;
use crate::transcript::ProverTranscript;
use crate::tuning::{LANES, Tuning};

/// A present hash table.
struct Hash<'a> {
    view: &'a TableView<'a>,
    columns: HashColumns,
    layers: Layers,
}

impl Hash<'_> {
    /// Σ_x weights_x·column_x for these columns, of which the first `rows` cells count.
    fn evaluate(
        &self,
        columns: Range<usize>,
        weights: &Vector,
        rows: usize,
        tuning: &Tuning,
    ) -> Vec<EF> {
        let value = |column: usize| {
            let cells = self.view.column(column).expect("a committed column");
            weights.dot_base(&cells[..cells.len().min(rows)])
        };
        let min_len = tuning.min_len(columns.len() * rows);
        let columns = columns.into_par_iter().with_min_len(min_len);
        columns.map(value).collect()
    }
}

/// Proves the permutations of the hash tables among `views`; `point` is r.
pub fn prove(
    views: &[TableView<'_>],
    point: &[EF],
    tuning: &Tuning,
    transcript: &mut ProverTranscript,
) -> PermutationClaims {
    let hashes: Vec<Hash<'_>> = views
        .iter()
        .filter_map(|view| {
            let columns = view.id.hash()?;
            let layers = Layers::new(view, &columns);
            Some(Hash {
                view,
                columns,
                layers,
            })
        })
        .collect();
    let mut result = PermutationClaims::default();
    let Some(variables) = hashes.iter().map(|hash| hash.layers.log_blocks()).max() else {
        return result;
    };
    for hash in &hashes {
        let own = &point[point.len() - hash.view.log_height()..];
        let weights = Vector::eq(own, EF::ONE, tuning);
        result.tables.push(HashClaims {
            table: hash.view.id,
            y: hash.evaluate(hash.columns.y_range(), &weights, hash.view.rows, tuning),
            s: Vec::new(),
            inputs: Vec::new(),
        });
    }
    for table in &result.tables {
        transcript.send_extension("poseidon.outputs", &table.y);
    }

    let last = point.len() - LOG_BLOCK;
    let mut y = point[last - variables..last].to_vec();
    for layer in (0..NUM_LAYERS).rev() {
        let delta = transcript.sample("poseidon.delta");
        let combinations: Vec<Combination> = hashes
            .iter()
            .map(|hash| Combination::new(&hash.columns, layer, delta))
            .collect();
        // The tables beside each other, as each has a part that is not divided.
        let skip = |(hash, combination): (&Hash<'_>, _)| {
            let own = &y[variables - hash.layers.log_blocks()..];
            hash.layers.skip(layer, combination, own, tuning)
        };
        let zero = || [EF::ZERO; super::SKIP_DEGREE + 1];
        let message = hashes
            .par_iter()
            .zip(&combinations)
            .map(skip)
            .reduce(zero, |left, right| {
                std::array::from_fn(|k| left[k] + right[k])
            });
        transcript.send_extension("poseidon.skip", &message[1..]);
        let z = transcript.sample("poseidon.skip_challenge");
        let scales: Vec<Vec<EF>> = combinations
            .iter()
            .map(|combination| cube_roots(&combination.cubes))
            .collect();
        let inverses: Vec<Vec<EF>> = scales
            .iter()
            .map(|scales| batch_multiplicative_inverse(scales))
            .collect();
        let mut blocks: Vec<Blocks> = hashes
            .par_iter()
            .zip(&combinations)
            .zip(scales.par_iter().zip(&inverses))
            .map(|((hash, combination), (scales, inverses))| {
                let columns = hash.layers.bind(layer, &lagrange(z), scales, tuning);
                let linear = subtracted(combination, inverses, &columns);
                Blocks::new(hash.layers.log_blocks(), columns, linear)
            })
            .collect();
        y = rounds(&mut blocks, &y, tuning, transcript);
        let at = SkipPoint { y: y.clone(), z };
        let all = hashes
            .iter()
            .zip(&blocks)
            .zip(&inverses)
            .zip(&mut result.tables);
        for (((hash, blocks), inverses), claims) in all {
            if layer == 0 {
                let weights = kernel(&at, hash.view.log_height(), tuning);
                claims.inputs = hash.evaluate(
                    hash.columns.input_range(),
                    &weights,
                    weights.length(),
                    tuning,
                );
                transcript.send_extension("poseidon.values", &claims.inputs);
                continue;
            }
            let scaled = blocks.values();
            let own: Vec<EF> = scaled
                .iter()
                .zip(inverses)
                .map(|(value, inverse)| *value * *inverse)
                .collect();
            if layer == MIDDLE {
                claims.s = own[..hash.columns.s].to_vec();
            }
            transcript.send_extension("poseidon.values", &own);
        }
        match layer {
            MIDDLE => result.s_point = at,
            0 => result.input_point = at,
            _ => {}
        }
    }
    result
}

/// Σ_i δ'_{T,i}·ŝ_i of the scaled columns; `inverses` are those of their scales.
fn subtracted(
    combination: &Combination,
    inverses: &[EF],
    columns: &[Vec<PackedEF>],
) -> Vec<PackedEF> {
    let weights: Vec<EF> = combination
        .linear
        .iter()
        .zip(inverses)
        .map(|(weight, inverse)| *weight * *inverse)
        .collect();
    if weights.is_empty() {
        return Vec::new();
    }
    let sum = |x: usize| weights.iter().zip(columns).map(|(w, c)| c[x] * *w).sum();
    (0..columns[0].len())
        .into_par_iter()
        .with_min_len(1 << 6)
        .map(sum)
        .collect()
}

/// About as many columns as a layer has, for the decision to divide work.
const COLUMNS: usize = 1 << 4;

/// The sumcheck over the blocks; returns its challenges.
fn rounds(
    blocks: &mut [Blocks],
    y: &[EF],
    tuning: &Tuning,
    transcript: &mut ProverTranscript,
) -> Vec<EF> {
    let mut challenges = Vec::with_capacity(y.len());
    for rest in (0..y.len()).rev() {
        let coordinates = &y[y.len() - rest..];
        let weights = if 1 << rest >= LANES {
            RoundWeights::Packed(Weights::new(coordinates, tuning))
        } else {
            RoundWeights::Scalar(Weights::new(coordinates, tuning))
        };
        let mut tables: Vec<&mut Blocks> = blocks
            .iter_mut()
            .filter(|table| table.enters(rest))
            .collect();
        let min_len = tuning.min_len((COLUMNS * tables.len()) << rest);
        let sums = tables
            .par_iter_mut()
            .with_min_len(min_len)
            .map(|table| table.round(&weights, tuning))
            .reduce(
                || [EF::ZERO; DEGREE],
                |left, right| std::array::from_fn(|k| left[k] + right[k]),
            );
        transcript.send_extension("poseidon.round", &sums);
        let challenge = transcript.sample("poseidon.challenge");
        tables
            .par_iter_mut()
            .with_min_len(min_len)
            .for_each(|table| table.bind(challenge, tuning));
        challenges.push(challenge);
    }
    challenges
}
