//! SPEC §14 poseidon: the layers of all rows, and the polynomial of §14.3.
//!
//! A *tile* is as many blocks as a packed element has lanes: lane i of the element of z is the row
//! z of block i. So Z is bound within elements, and the lanes are the last variables of what is
//! left.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing, TwoAdicField};
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;
use rayon::prelude::*;

use super::{
    BLOCK, Combination, DEGREE, LOG_BLOCK, MIDDLE, NUM_LAYERS, ROUNDS_16, ROUNDS_24, Rounds,
    SKIP_DEGREE, roots, transform,
};
use crate::allocator::collect;
use crate::field::{EF, F, PackedEF, PackedF};
use crate::lookup::leaves::TableView;
use crate::multilinear::scaled_eq_table;
use crate::sumcheck::linear::LinearForm;
use crate::sumcheck::weights::Lanes;
use crate::tables::HashColumns;
use crate::tuning::{LANES, LOG_LANES, Tuning};

/// The values of a column in a tile.
type Tile = [PackedF; BLOCK];

/// The columns of the layers of a hash table: u_0 to u_7, before u_3 the `s`.
pub(super) struct Layers {
    /// log2 of the blocks.
    log_blocks: usize,
    /// Columns of all layers.
    columns: usize,
    /// Columns by tile; the tiles behind the last are 0.
    tiles: Vec<Tile>,
    width: usize,
    /// Number of the `s`.
    boxes: usize,
}

impl Layers {
    /// Computes the layers of a hash table.
    pub(super) fn new(view: &TableView<'_>, hash: &HashColumns) -> Self {
        if hash.width == 24 {
            Self::of(&ROUNDS_24, view, hash)
        } else {
            Self::of(&ROUNDS_16, view, hash)
        }
    }

    fn of<const W: usize>(rounds: &Rounds<W>, view: &TableView<'_>, hash: &HashColumns) -> Self
    where
        LinearLayers: GenericPoseidon2LinearLayers<W>,
    {
        let column = |k: usize| view.column(k).expect("a committed column");
        let inputs: Vec<&[F]> = hash.input_range().map(column).collect();
        let s: Vec<&[F]> = hash.s_range().map(column).collect();
        let rows = inputs.iter().chain(&s).map(|cells| cells.len()).max();
        let num_tiles = rows.unwrap_or(0).div_ceil(BLOCK * LANES);
        let mut layers = Self {
            log_blocks: view.log_height() - LOG_BLOCK,
            columns: NUM_LAYERS * W + s.len(),
            tiles: Vec::new(),
            width: W,
            boxes: s.len(),
        };
        let tiles = rayon::iter::repeat_n([PackedF::ZERO; BLOCK], num_tiles * layers.columns);
        layers.tiles = collect(tiles);
        let places: Vec<usize> = (0..NUM_LAYERS).map(|layer| layers.first(layer)).collect();
        let by_tile = layers.tiles.par_chunks_mut(layers.columns).enumerate();
        by_tile.for_each(|(tile, columns)| {
            for z in 0..BLOCK {
                let row = |lane: usize| (tile * LANES + lane) * BLOCK + z;
                let load = |cells: &[F]| {
                    PackedF::from_fn(|lane| cells.get(row(lane)).copied().unwrap_or(F::ZERO))
                };
                let active = PackedF::from_fn(|lane| F::from_bool(row(lane) < view.rows));
                let mut state = [PackedF::ZERO; W];
                for (element, cells) in state.iter_mut().zip(&inputs) {
                    *element = load(cells);
                }
                let mut boxes = [PackedF::ZERO; 24];
                for (value, cells) in boxes.iter_mut().zip(&s) {
                    *value = load(cells);
                }
                let store = |layer: usize, state: &[PackedF; W]| {
                    let first = places[layer];
                    let (before, values) = columns[first..].split_at_mut(match layer {
                        MIDDLE => s.len(),
                        _ => 0,
                    });
                    for (column, value) in before.iter_mut().zip(boxes) {
                        column[z] = value;
                    }
                    for (column, value) in values.iter_mut().zip(state) {
                        column[z] = *value;
                    }
                };
                rounds.permute::<F, PackedF>(state, active, |i, _| boxes[i], store);
            }
        });
        layers
    }

    /// The first column of a layer.
    const fn first(&self, layer: usize) -> usize {
        let boxes = if layer > MIDDLE { self.boxes } else { 0 };
        layer * self.width + boxes
    }

    /// Number of columns of a layer.
    const fn number(&self, layer: usize) -> usize {
        self.first(layer + 1) - self.first(layer)
    }

    /// log2 of the blocks.
    pub(super) const fn log_blocks(&self) -> usize {
        self.log_blocks
    }

    /// The columns of a layer by tile.
    fn tiles(&self, layer: usize) -> impl IndexedParallelIterator<Item = &[Tile]> {
        let columns = self.first(layer)..self.first(layer + 1);
        let tiles = self.tiles.par_chunks(self.columns);
        tiles.map(move |tile| &tile[columns.clone()])
    }

    /// The coefficients of Σ_b eq(y_T, b)·g_T(b) in Z.
    pub(super) fn skip(
        &self,
        layer: usize,
        combination: &Combination,
        y: &[EF],
        tuning: &Tuning,
    ) -> [EF; SKIP_DEGREE + 1] {
        let (outer, lanes) = y.split_at(y.len() - y.len().min(LOG_LANES));
        let outer = scaled_eq_table(outer, EF::ONE, tuning);
        let lanes = scaled_eq_table(lanes, EF::ONE, tuning);
        let cubes = LinearForm::new(&combination.cubes);
        let linear = LinearForm::new(&combination.linear);
        let number = self.number(layer);
        let cosets = Cosets::new();
        let zero = || [PackedEF::ZERO; NUM_POINTS];
        let sums = self
            .tiles(layer)
            .zip(&outer)
            .with_min_len(tuning.chunk() / (BLOCK * LANES) + 1)
            .fold(
                || (zero(), vec![PackedF::ZERO; NUM_POINTS * number]),
                |(mut sums, mut buffer), (tile, weight)| {
                    for (j, column) in tile.iter().enumerate() {
                        let points = cosets.extend(column);
                        for (p, value) in points.into_iter().enumerate() {
                            buffer[p * number + j] = value;
                        }
                    }
                    let on_h = buffer.chunks(number).zip(&mut sums[DEGREE * BLOCK..]);
                    for (values, sum) in on_h {
                        *sum += linear.of(&values[..linear.len()]) * *weight;
                    }
                    buffer.iter_mut().for_each(|value| *value = value.cube());
                    for (values, sum) in buffer.chunks(number).zip(&mut sums) {
                        *sum += cubes.of(values) * *weight;
                    }
                    (sums, buffer)
                },
            )
            .map(|(sums, _)| sums)
            .reduce(zero, |mut left, right| {
                left.iter_mut()
                    .zip(right)
                    .for_each(|(left, right)| *left += right);
                left
            });
        let total = sums.map(|sum| {
            let terms = lanes.iter().enumerate();
            terms
                .map(|(lane, weight)| sum.lane(lane) * *weight)
                .sum::<EF>()
        });
        cosets.interpolate(&total)
    }

    /// The columns of a layer with Z bound, column j times `scales_j`, packed over the blocks.
    pub(super) fn bind(
        &self,
        layer: usize,
        lagrange: &[EF],
        scales: &[EF],
        tuning: &Tuning,
    ) -> Vec<Vec<PackedEF>> {
        let weights: Vec<LinearForm> = scales
            .iter()
            .map(|scale| {
                let scaled: Vec<EF> = lagrange.iter().map(|value| *value * *scale).collect();
                LinearForm::new(&scaled)
            })
            .collect();
        let bind = |(j, weights): (usize, &LinearForm)| {
            let tiles = self.tiles(layer).with_min_len(1 << 6);
            tiles.map(|tile| weights.of(&tile[j])).collect()
        };
        let operations = (self.number(layer) * BLOCK) << self.log_blocks;
        let columns = weights.par_iter().enumerate();
        let columns = columns.with_min_len(tuning.min_len(operations));
        columns.map(bind).collect()
    }
}

/// Points at which a layer is evaluated for §14.3, and the linear terms on H.
const NUM_POINTS: usize = (DEGREE + 1) * BLOCK;

/// H, the powers of ξ, and two cosets of it: 24 points for 22 coefficients.
struct Cosets {
    roots: [F; BLOCK],
    /// The powers of the shifts of the cosets, shift^8 being −1 and a square root of −1; the k-th
    /// at the place of k with its bits reversed.
    shifts: [[F; BLOCK]; DEGREE - 1],
    /// The square root of −1.
    fourth: F,
}

/// k with its three bits reversed.
const REVERSED: [usize; BLOCK] = [0, 4, 2, 6, 1, 5, 3, 7];

impl Cosets {
    fn new() -> Self {
        let shift = |log: usize| F::two_adic_generator(LOG_BLOCK + log);
        let powers = |shift: F| REVERSED.map(|k| shift.exp_u64(k as u64));
        Self {
            roots: roots(),
            shifts: [powers(shift(1)), powers(shift(2))],
            fourth: shift(2).exp_u64(BLOCK as u64),
        }
    }

    /// The values on H, which are given, and 8 times those on the two cosets.
    #[inline]
    fn extend(&self, values: &Tile) -> [PackedF; DEGREE * BLOCK] {
        let mut points = [PackedF::ZERO; DEGREE * BLOCK];
        let (on_h, others) = points.split_at_mut(BLOCK);
        on_h.copy_from_slice(values);
        let mut coefficients = *values;
        self.inverse(&mut coefficients);
        for (points, shifts) in others.chunks_mut(BLOCK).zip(&self.shifts) {
            for ((point, coefficient), shift) in points.iter_mut().zip(coefficients).zip(shifts) {
                *point = coefficient * *shift;
            }
            if let Some(points) = points.first_chunk_mut() {
                self.forward(points);
            }
        }
        points
    }

    /// From values to 8 times the coefficients, in the order of reversed bits.
    #[inline]
    fn inverse(&self, v: &mut Tile) {
        for half in [4, 2, 1] {
            for start in (0..BLOCK).step_by(2 * half) {
                for j in 0..half {
                    let (low, high) = (v[start + j], v[start + j + half]);
                    v[start + j] = low + high;
                    let difference = low - high;
                    v[start + j + half] = match j {
                        0 => difference,
                        _ => difference * self.roots[BLOCK - j * (BLOCK / (2 * half))],
                    };
                }
            }
        }
    }

    /// From coefficients in the order of reversed bits to values.
    #[inline]
    fn forward(&self, v: &mut Tile) {
        for half in [1, 2, 4] {
            for start in (0..BLOCK).step_by(2 * half) {
                for j in 0..half {
                    let low = v[start + j];
                    let high = match j {
                        0 => v[start + half],
                        _ => v[start + j + half] * self.roots[j * (BLOCK / (2 * half))],
                    };
                    v[start + j] = low + high;
                    v[start + j + half] = low - high;
                }
            }
        }
    }

    /// The coefficients of a polynomial of which the cubic part is known on the 24 points, 8^3
    /// times too great on the cosets, and the linear part, which is subtracted, on H.
    fn interpolate(&self, values: &[EF; NUM_POINTS]) -> [EF; SKIP_DEGREE + 1] {
        let eighth = F::from_usize(BLOCK).inverse();
        let (lists, _) = values.as_chunks::<BLOCK>();
        let coefficients = |list: &[EF; BLOCK]| transform(*list, true).map(|c| c * eighth);
        let on_coset = |number: usize| {
            let mut list = coefficients(&lists[1 + number]);
            let scale = eighth.cube();
            for (place, k) in REVERSED.into_iter().enumerate() {
                list[k] *= self.shifts[number][place].inverse() * scale;
            }
            list
        };
        // Σ_m q_m·X^(8m) is Σ_m q_m·c^m on a coset of X^8 = c.
        let (at_1, at_minus_1, at_fourth) = (coefficients(&lists[0]), on_coset(0), on_coset(1));
        let linear = coefficients(&lists[DEGREE]);
        let mut polynomial = [EF::ZERO; DEGREE * BLOCK];
        for k in 0..BLOCK {
            let even = (at_1[k] + at_minus_1[k]).halve();
            let odd = (at_1[k] - at_minus_1[k]).halve();
            let difference = at_fourth[k] - odd * self.fourth;
            polynomial[k] = (even + difference).halve() - linear[k];
            polynomial[BLOCK + k] = odd;
            polynomial[2 * BLOCK + k] = (even - difference).halve();
        }
        std::array::from_fn(|k| polynomial[k])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sumcheck::evaluate_polynomial;

    #[test]
    fn cosets_interpolate_cubes() {
        let cosets = Cosets::new();
        let column: Tile = std::array::from_fn(|z| PackedF::from(F::from_usize(z * z + 5)));
        let lane = |value: PackedF| value.as_slice()[0];
        let extended = cosets.extend(&column).map(lane);
        let mut values = [EF::ZERO; NUM_POINTS];
        for (p, value) in extended.into_iter().enumerate() {
            values[p] = EF::from(value.cube());
        }
        for z in 0..BLOCK {
            values[DEGREE * BLOCK + z] = EF::from(lane(column[z]) * F::from_u32(9));
        }
        let polynomial = cosets.interpolate(&values);
        let point = EF::from_u32(12345);
        let weights = super::super::lagrange(point);
        let at_point: EF = weights.iter().zip(column).map(|(w, c)| *w * lane(c)).sum();
        let expected = at_point.cube() - at_point * F::from_u32(9);
        assert_eq!(evaluate_polynomial(&polynomial, point), expected);
    }
}
