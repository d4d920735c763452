//! SPEC §14 poseidon: the sumcheck over the blocks (§14.5).
//!
//! Cubing is a bijection of E, so column j is held times ψ_j^(1/3) (φ_i^(1/3) for `s`), and the
//! cubes need no weight: a table's polynomial is Σ of cubes minus one linear function.

use p3_field::extension::HasFrobenius;
use p3_field::{BasedVectorSpace, PrimeCharacteristicRing, PrimeField32};
use rayon::prelude::*;

use crate::field::{DIMENSION, EF, F, PackedEF, PackedF};
use crate::sumcheck::bind_first;
use crate::sumcheck::weights::{Lanes, Weights};
use crate::tuning::{LANES, Tuning};

/// x^(1/3) of each x, as many at a time as a packed element holds: with p = 3m + 2, 1/3 modulo
/// |E| − 1 has the digits 2m + 1, m, 2m + 1, m, 2m + 1 in base p.
pub(super) fn cube_roots(values: &[EF]) -> Vec<EF> {
    // X^(k·p): to the power p is linear over F.
    let images: [EF; DIMENSION] = std::array::from_fn(|k| {
        EF::from_basis_coefficients_fn(|i| F::from_bool(i == k)).frobenius()
    });
    let frobenius = |x: PackedEF| -> PackedEF {
        let coordinates: &[PackedF] = x.as_basis_coefficients_slice();
        let terms = images.iter().zip(coordinates);
        terms.map(|(image, c)| PackedEF::from(*image) * *c).sum()
    };
    let mut roots = Vec::with_capacity(values.len());
    for group in values.chunks(LANES) {
        let x = PackedEF::from_lanes(|lane| group.get(lane).copied().unwrap_or(EF::ONE));
        let low = x.exp_u64(u64::from((F::ORDER_U32 - 2) / 3));
        let high = low.square() * x;
        let root = [low, high, low, high]
            .iter()
            .fold(high, |root, digit| frobenius(root) * *digit);
        roots.extend((0..group.len()).map(|lane| root.lane(lane)));
    }
    roots
}

/// Functions of the blocks with the first variables bound.
pub(super) struct Bound<A> {
    /// The columns, all of one length; what is behind is 0.
    columns: Vec<Vec<A>>,
    /// What is subtracted from the sum of cubes, if anything is.
    linear: Vec<A>,
}

/// The coefficients c_1, c_2, c_3 of a round.
type Round = [EF; 3];

impl<A: Lanes> Bound<A> {
    /// The round polynomial, of which the lower half has the blocks of `weights`.
    fn round(&self, weights: &Weights<A>, min_len: usize) -> Round {
        let block = weights.inner.len();
        let half = block * weights.outer.len();
        let length = self.columns.first().map_or(0, Vec::len);
        let count = length.min(half);
        let zero = || [EF::ZERO; 4];
        let of_block = |(index, outer): (usize, &EF)| {
            let mut total = [A::ZERO; 4];
            for (i, weight) in weights.inner.iter().enumerate() {
                let x = index * block + i;
                if x >= count {
                    break;
                }
                let terms = self.terms(x, half);
                for (total, term) in total.iter_mut().zip(terms) {
                    *total += *weight * term;
                }
                if let Some(low) = self.linear.get(x) {
                    let high = self.linear.get(x + half).copied().unwrap_or(A::ZERO);
                    total[3] += *weight * (high - *low);
                }
            }
            total.map(|sum| sum.sum_lanes() * *outer)
        };
        let [low, high, cube, linear] = weights.outer[..count.div_ceil(block)]
            .par_iter()
            .enumerate()
            .with_min_len(min_len)
            .map(of_block)
            .reduce(zero, |left, right| {
                std::array::from_fn(|k| left[k] + right[k])
            });
        [low.double() + low - linear, high.double() + high, cube]
    }

    /// Σ a²d, Σ ad², Σ d³ over the columns, a at x and d from there to x + half.
    #[inline]
    fn terms(&self, x: usize, half: usize) -> [A; 3] {
        if x + half >= self.columns[0].len() {
            let cubes: A = self.columns.iter().map(|column| column[x].cube()).sum();
            return [-cubes, cubes, -cubes];
        }
        let mut sums = [A::ZERO; 3];
        for column in &self.columns {
            let low = column[x];
            let step = column[x + half] - low;
            let square = step.square();
            sums[0] += low.square() * step;
            sums[1] += low * square;
            sums[2] += square * step;
        }
        sums
    }

    /// Binds the first variable, of which the lower half has `half` entries.
    fn bind(&mut self, half: usize, challenge: EF, min_len: usize) {
        let bind = |column: &mut Vec<A>| bind_first(column, half, challenge);
        bind(&mut self.linear);
        let columns = self.columns.par_iter_mut().with_min_len(min_len);
        columns.for_each(bind);
    }
}

impl Bound<PackedEF> {
    fn unpack(&self, length: usize) -> Bound<EF> {
        let unpack = |column: &Vec<PackedEF>| -> Vec<EF> {
            let lanes = column
                .iter()
                .flat_map(|x| (0..LANES).map(|lane| x.lane(lane)));
            lanes.take(length).collect()
        };
        Bound {
            columns: self.columns.iter().map(unpack).collect(),
            linear: unpack(&self.linear),
        }
    }
}

enum State {
    Packed(Bound<PackedEF>),
    Scalar(Bound<EF>),
}

/// A table on its way through the rounds.
pub(super) struct Blocks {
    state: State,
    /// Variables that are left.
    variables: usize,
}

impl Blocks {
    /// Of the scaled columns, packed, and what is subtracted from the sum of their cubes.
    pub(super) fn new(
        variables: usize,
        columns: Vec<Vec<PackedEF>>,
        linear: Vec<PackedEF>,
    ) -> Self {
        let bound = Bound { columns, linear };
        Self {
            state: State::Packed(bound),
            variables,
        }
    }

    /// Whether its next variable is the one before the `rest` last ones.
    pub(super) const fn enters(&self, rest: usize) -> bool {
        self.variables > rest
    }

    /// The least number of items of a parallel loop of the next round that stay together.
    fn min_len(&self, tuning: &Tuning) -> usize {
        let columns = match &self.state {
            State::Packed(bound) => bound.columns.len(),
            State::Scalar(bound) => bound.columns.len(),
        };
        tuning.min_len(columns << self.variables)
    }

    /// The round polynomial, for the weights of the blocks of its lower half.
    pub(super) fn round(&mut self, weights: &RoundWeights, tuning: &Tuning) -> Round {
        let min_len = self.min_len(tuning);
        match (&self.state, weights) {
            (State::Packed(bound), RoundWeights::Packed(weights)) => bound.round(weights, min_len),
            (State::Scalar(bound), RoundWeights::Scalar(weights)) => bound.round(weights, min_len),
            (State::Packed(bound), RoundWeights::Scalar(weights)) => {
                let bound = bound.unpack(1 << self.variables);
                let round = bound.round(weights, min_len);
                self.state = State::Scalar(bound);
                round
            }
            (State::Scalar(_), RoundWeights::Packed(_)) => unreachable!("no table gets longer"),
        }
    }

    /// Binds the next variable.
    pub(super) fn bind(&mut self, challenge: EF, tuning: &Tuning) {
        let min_len = self.min_len(tuning);
        self.variables -= 1;
        let half = 1 << self.variables;
        match &mut self.state {
            State::Packed(bound) => bound.bind(half / LANES, challenge, min_len),
            State::Scalar(bound) => bound.bind(half, challenge, min_len),
        }
    }

    /// The values of the columns, when all variables are bound.
    pub(super) fn values(&self) -> Vec<EF> {
        let unpacked;
        let bound = match &self.state {
            State::Scalar(bound) => bound,
            State::Packed(bound) => {
                unpacked = bound.unpack(1);
                &unpacked
            }
        };
        let first = |column: &Vec<EF>| column.first().copied().unwrap_or(EF::ZERO);
        bound.columns.iter().map(first).collect()
    }
}

/// The weights of a round, packed if its lower half fills a packed element.
pub(super) enum RoundWeights {
    Packed(Weights<PackedEF>),
    Scalar(Weights<EF>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::from_coordinates;

    #[test]
    fn cubes_of_cube_roots() {
        for number in [0, 1, 20, 40] {
            let x = |i| from_coordinates(std::array::from_fn(|k| F::from_usize(i * i + k * i)));
            let values: Vec<EF> = (0..number).map(x).collect();
            let cubes: Vec<EF> = cube_roots(&values).iter().map(|root| root.cube()).collect();
            assert_eq!(cubes, values);
        }
    }
}
