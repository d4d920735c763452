//! SPEC §17 commitment: vectors over E in packed or scalar form, and the plain sumcheck of a
//! product on them.
//!
//! A vector is packed as long as it fills packed elements; binding variables shortens it until
//! [`Vector::fold`] makes it scalar.

use p3_field::{BasedVectorSpace, PackedFieldExtension, PackedValue, PrimeCharacteristicRing};
use rayon::prelude::*;

use crate::field::{DIMENSION, EF, F, PackedEF, PackedF, coordinates};
use crate::multilinear::{
    Entry, bind, eq_table_packed, evaluate, evaluate_packed, scaled_eq_table, sum_lanes, unpack,
};
use crate::sumcheck::weights::Lanes;
use crate::tuning::{LANES, Tuning};

/// Products that one delayed reduction takes.
const BLOCK: usize = 4;

/// A vector of 2^k elements of E.
#[derive(Clone, Debug)]
pub enum Vector {
    /// Entry i·LANES + lane in lane `lane` of element i.
    Packed(Vec<PackedEF>),
    /// One by one.
    Scalar(Vec<EF>),
}

impl Vector {
    /// The zero vector of 2^log_length entries.
    #[must_use]
    pub fn zero(log_length: usize, tuning: &Tuning) -> Self {
        if tuning.is_packed(1 << log_length) {
            Self::Packed(PackedEF::zero_vec((1 << log_length) / LANES))
        } else {
            Self::Scalar(EF::zero_vec(1 << log_length))
        }
    }

    /// scale·eq(point, ·).
    #[must_use]
    pub fn eq(point: &[EF], scale: EF, tuning: &Tuning) -> Self {
        if tuning.is_packed(1 << point.len()) {
            Self::Packed(eq_table_packed(point, scale, tuning))
        } else {
            Self::Scalar(scaled_eq_table(point, scale, tuning))
        }
    }

    /// Number of entries.
    #[must_use]
    pub const fn length(&self) -> usize {
        match self {
            Self::Packed(values) => values.len() * LANES,
            Self::Scalar(values) => values.len(),
        }
    }

    /// log2 of the number of entries.
    #[must_use]
    pub const fn log_length(&self) -> usize {
        self.length().trailing_zeros() as usize
    }

    /// The entries.
    #[must_use]
    pub fn to_scalars(&self) -> Vec<EF> {
        match self {
            Self::Packed(values) => unpack(values),
            Self::Scalar(values) => values.clone(),
        }
    }

    /// The extension at a point.
    pub fn evaluate(&self, point: &[EF], tuning: &Tuning) -> EF {
        match self {
            Self::Packed(values) => evaluate_packed(values, point, tuning),
            Self::Scalar(values) => evaluate(values, point, tuning),
        }
    }

    /// Binds variable 0.
    pub fn fold(&mut self, r: EF, tuning: &Tuning) {
        match self {
            Self::Packed(values) => {
                if tuning.is_packed(values.len() * LANES / 2) {
                    bind(values, r, tuning);
                } else {
                    let mut values = unpack(values);
                    bind(&mut values, r, tuning);
                    *self = Self::Scalar(values);
                }
            }
            Self::Scalar(values) => bind(values, r, tuning),
        }
    }

    /// Adds scale·table to the entries from `offset` on.
    ///
    /// # Panics
    /// If the range is not inside the vector or not aligned to the length of the table.
    pub fn add_scaled(&mut self, table: &Self, offset: usize, scale: EF, tuning: &Tuning) {
        match (self, table) {
            (Self::Packed(to), Self::Packed(from)) => {
                add_scaled(&mut to[offset / LANES..][..from.len()], from, scale, tuning);
            }
            (Self::Scalar(to), Self::Scalar(from)) => {
                add_scaled(&mut to[offset..][..from.len()], from, scale, tuning);
            }
            (Self::Packed(to), Self::Scalar(from)) => {
                for (i, value) in from.iter().enumerate() {
                    let index = offset + i;
                    to[index / LANES].add_assign_lane(index.rem_euclid(LANES), *value * scale);
                }
            }
            (Self::Scalar(to), Self::Packed(from)) => {
                let from = unpack(from);
                add_scaled(&mut to[offset..][..from.len()], &from, scale, tuning);
            }
        }
    }

    /// Adds Σ_c scales_c·α_c^x to entry x.
    ///
    /// x is cut into high and low bits: the powers of the low bits are one table for all high ones,
    /// and each tile of the vector is a product of a coefficient row over E with that table,
    /// reduced once per `BLOCK` terms.
    pub fn add_powers(&mut self, alphas: &[F], scales: &[EF], tuning: &Tuning) {
        let length = self.length();
        match self {
            Self::Scalar(values) => {
                for (alpha, scale) in alphas.iter().zip(scales) {
                    let mut power = *scale;
                    for value in values.iter_mut() {
                        *value += power;
                        power *= *alpha;
                    }
                }
            }
            Self::Packed(values) => {
                let tile = length.min(tuning.chunk().max(LANES)) / LANES;
                let terms = alphas.len().next_multiple_of(BLOCK);
                let mut table = PackedF::zero_vec(tile * terms);
                for (term, alpha) in alphas.iter().enumerate() {
                    let mut power = PackedF::from_fn(|lane| alpha.exp_u64(lane as u64));
                    let step = alpha.exp_u64(LANES as u64);
                    for entry in table.iter_mut().skip(term).step_by(terms) {
                        *entry = power;
                        power *= step;
                    }
                }
                let steps: Vec<F> = alphas
                    .iter()
                    .map(|alpha| alpha.exp_u64((tile * LANES) as u64))
                    .collect();
                let work = |(high, values): (usize, &mut [PackedEF])| {
                    let mut rows = vec![vec![PackedF::ZERO; terms]; DIMENSION];
                    for (term, (step, scale)) in steps.iter().zip(scales).enumerate() {
                        let scale = *scale * step.exp_u64(high as u64);
                        for (row, coordinate) in rows.iter_mut().zip(coordinates(scale)) {
                            row[term] = PackedF::from(coordinate);
                        }
                    }
                    for (value, powers) in values.iter_mut().zip(table.chunks_exact(terms)) {
                        *value += from_dots(&rows, powers);
                    }
                };
                if tuning.is_parallel(length * terms) {
                    values.par_chunks_mut(tile).enumerate().for_each(work);
                } else {
                    values.chunks_mut(tile).enumerate().for_each(work);
                }
            }
        }
    }

    /// Σ_x self(x)·base(x) over the first entries.
    pub fn dot_base(&self, base: &[F]) -> EF {
        match self {
            Self::Packed(values) => {
                let (whole, rest) = base.split_at(base.len() / LANES * LANES);
                let packed = PackedF::pack_slice(whole);
                let last = values.get(packed.len()).copied().unwrap_or(PackedEF::ZERO);
                let of_rest = rest.iter().enumerate();
                sum_lanes(crate::multilinear::dot_base(
                    packed,
                    &values[..packed.len()],
                )) + of_rest
                    .map(|(lane, value)| Lanes::lane(last, lane) * *value)
                    .sum::<EF>()
            }
            Self::Scalar(values) => values.iter().zip(base).map(|(w, v)| *w * *v).sum(),
        }
    }

    /// Σ_j scales_j·block_j for the blocks of 2^log_block entries of a base vector.
    #[must_use]
    pub fn combine(base: &[F], log_block: usize, scales: &[EF], tuning: &Tuning) -> Self {
        let length = 1 << log_block;
        if !tuning.is_packed(length) {
            let mut sum = EF::zero_vec(length);
            for (block, scale) in base.chunks_exact(length).zip(scales) {
                for (sum, cell) in sum.iter_mut().zip(block) {
                    *sum += *scale * *cell;
                }
            }
            return Self::Scalar(sum);
        }
        let width = base.len() >> log_block;
        let terms = width.next_multiple_of(BLOCK);
        let mut rows = vec![vec![PackedF::ZERO; terms]; DIMENSION];
        for (j, scale) in scales.iter().take(width).enumerate() {
            for (row, coordinate) in rows.iter_mut().zip(coordinates(*scale)) {
                row[j] = PackedF::from(coordinate);
            }
        }
        let base = PackedF::pack_slice(base);
        let stride = length / LANES;
        let mut result = PackedEF::zero_vec(stride);
        let tile = (tuning.chunk() / LANES).clamp(1, stride);
        let work = |(index, out): (usize, &mut [PackedEF])| {
            let first = index * tile;
            // The cells of a tile, term by term, so that each block is read in runs.
            let mut cells = PackedF::zero_vec(out.len() * terms);
            for j in 0..width {
                let run = &base[j * stride + first..][..out.len()];
                for (cell, value) in cells.iter_mut().skip(j).step_by(terms).zip(run) {
                    *cell = *value;
                }
            }
            for (out, cells) in out.iter_mut().zip(cells.chunks_exact(terms)) {
                *out = from_dots(&rows, cells);
            }
        };
        if tuning.is_parallel(base.len()) {
            result.par_chunks_mut(tile).enumerate().for_each(work);
        } else {
            result.chunks_mut(tile).enumerate().for_each(work);
        }
        Self::Packed(result)
    }
}

/// The element whose coordinate d is Σ_i rows_d,i·values_i, reduced once per [`BLOCK`] products.
fn from_dots(rows: &[Vec<PackedF>], values: &[PackedF]) -> PackedEF {
    let (values, _) = values.as_chunks::<BLOCK>();
    PackedEF::from_basis_coefficients_fn(|d| {
        let (row, _) = rows[d].as_chunks::<BLOCK>();
        row.iter()
            .zip(values)
            .map(|(row, values)| PackedF::dot_product(row, values))
            .sum::<PackedF>()
    })
}

fn add_scaled<P: Entry>(to: &mut [P], from: &[P], scale: EF, tuning: &Tuning) {
    let add = |(to, from): (&mut P, &P)| *to += *from * scale;
    if tuning.is_parallel(from.len()) {
        to.par_iter_mut()
            .with_min_len(tuning.chunk())
            .zip(from.par_iter())
            .for_each(add);
    } else {
        to.iter_mut().zip(from).for_each(add);
    }
}

/// One round of the plain sumcheck of f·w: (s(0), c_2) of the round polynomial s.
pub fn round(f: &Vector, w: &Vector, tuning: &Tuning) -> (EF, EF) {
    match (f, w) {
        // In a single packed element variable 0 is across the lanes.
        (Vector::Packed(f), Vector::Packed(w)) if f.len() > 1 => {
            let (start, square) = round_entries(f, w, tuning);
            (sum_lanes(start), sum_lanes(square))
        }
        (Vector::Scalar(f), Vector::Scalar(w)) => round_entries(f, w, tuning),
        _ => round(
            &Vector::Scalar(f.to_scalars()),
            &Vector::Scalar(w.to_scalars()),
            tuning,
        ),
    }
}

/// (Σ f(0,x)·w(0,x), Σ (f(1,x) − f(0,x))·(w(1,x) − w(0,x))).
#[must_use]
pub fn round_entries<P: Entry>(f: &[P], w: &[P], tuning: &Tuning) -> (P, P) {
    let (f0, f1) = f.split_at(f.len() / 2);
    let (w0, w1) = w.split_at(w.len() / 2);
    let part = |f0: &[P], f1: &[P], w0: &[P], w1: &[P]| {
        let mut sums = (P::ZERO, P::ZERO);
        for ((f0, f1), (w0, w1)) in f0.iter().zip(f1).zip(w0.iter().zip(w1)) {
            sums.0 += *f0 * *w0;
            sums.1 += (*f1 - *f0) * (*w1 - *w0);
        }
        sums
    };
    if tuning.is_parallel(f.len()) {
        let chunk = tuning.chunk();
        f0.par_chunks(chunk)
            .zip(f1.par_chunks(chunk))
            .zip(w0.par_chunks(chunk).zip(w1.par_chunks(chunk)))
            .map(|((f0, f1), (w0, w1))| part(f0, f1, w0, w1))
            .reduce(|| (P::ZERO, P::ZERO), |a, b| (a.0 + b.0, a.1 + b.1))
    } else {
        part(f0, f1, w0, w1)
    }
}

/// ω^i for the given indices i, ω the generator of the domain of 2^log_rows points.
#[must_use]
pub fn domain_points(log_rows: usize, indices: &[usize]) -> Vec<F> {
    let root = crate::field::root_of_unity(log_rows);
    indices.iter().map(|i| root.exp_u64(*i as u64)).collect()
}
