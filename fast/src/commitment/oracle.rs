//! SPEC §17 commitment: oracles, the encoded and hashed matrices.
//!
//! A vector of 2^k columns of 2^l coefficients each becomes a row-major matrix of coefficients,
//! zero-padded to the domain, which one batched transform evaluates. The transform leaves its rows
//! in bit-reversed order, and so [`Matrix`] keeps them.

use std::sync::LazyLock;

use p3_dft::{Radix2DitParallel, TwoAdicSubgroupDft};
use p3_field::{PackedFieldExtension, PackedValue, PrimeCharacteristicRing};
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use rayon::prelude::*;

use super::vector::Vector;
use crate::allocator::large;
use crate::field::{DIMENSION, F, PackedF, coordinates, root_of_unity};
use crate::merkle::{Matrix, Tree, reverse, transpose};
use crate::permutation::Digest;
use crate::tuning::{LANES, Tuning};

static TRANSFORM: LazyLock<Radix2DitParallel<F>> = LazyLock::new(Radix2DitParallel::default);

/// Rows that a task of a transposition handles: a multiple of the lanes.
const TILE: usize = 16;
/// Greatest log_inv_rate for which each coset of the message domain is transformed by itself.
const MAX_LOG_COSETS: usize = 4;

/// An encoded matrix and its tree.
#[derive(Clone, Debug)]
pub struct Oracle {
    matrix: Matrix,
    tree: Tree,
}

impl Oracle {
    /// Oracle 0: the columns are the blocks of 2^log_block cells of the stack.
    #[must_use]
    pub fn of_base(stack: &[F], log_block: usize, log_inv_rate: usize, tuning: &Tuning) -> Self {
        let width = stack.len() >> log_block;
        let log_rows = log_block + log_inv_rate;
        let mut values = large(F::zero_vec(width << log_block));
        let fill = |(tile, rows): (usize, &mut [F])| {
            transpose_rows(stack, log_block, tile * TILE, width, rows);
        };
        if tuning.is_parallel(values.len()) {
            values
                .par_chunks_mut(TILE * width)
                .enumerate()
                .for_each(fill);
        } else {
            values.chunks_mut(TILE * width).enumerate().for_each(fill);
        }
        Self::of_coefficients(values, width, log_rows, tuning)
    }

    /// A later oracle: 2^log_columns columns of elements of E.
    #[must_use]
    pub fn of_extension(
        vector: &Vector,
        log_columns: usize,
        log_inv_rate: usize,
        tuning: &Tuning,
    ) -> Self {
        let log_block = vector.log_length() - log_columns;
        let log_rows = log_block + log_inv_rate;
        let width = DIMENSION << log_columns;
        let mut values = large(F::zero_vec(width << log_block));
        let fill = |(row, out): (usize, &mut [F])| {
            let (out, _) = out.as_chunks_mut::<DIMENSION>();
            for (column, out) in out.iter_mut().enumerate() {
                let index = (column << log_block) + row;
                *out = coordinates(match vector {
                    Vector::Packed(values) => {
                        values[index / LANES].extract(index.rem_euclid(LANES))
                    }
                    Vector::Scalar(values) => values[index],
                });
            }
        };
        if tuning.is_parallel(values.len()) {
            values.par_chunks_mut(width).enumerate().for_each(fill);
        } else {
            values.chunks_mut(width).enumerate().for_each(fill);
        }
        Self::of_coefficients(values, width, log_rows, tuning)
    }

    /// Evaluates the rows of coefficients on the domain of 2^log_rows points.
    ///
    /// With R = log_inv_rate, point q·2^R + c is point q of the coset by ω^c of the subgroup as
    /// large as the message; in bit-reversed order the points of coset c are block reverse(c). So
    /// each coset is a transform of the message's own size, without padding.
    fn of_coefficients(values: Vec<F>, width: usize, log_rows: usize, tuning: &Tuning) -> Self {
        let log_block = (values.len() / width).trailing_zeros() as usize;
        let rate = log_rows - log_block;
        // The view restores the natural order; the matrix below it is the stored, bit-reversed one.
        let blocks = if rate <= MAX_LOG_COSETS {
            let root = root_of_unity(log_rows);
            let copy = |_| {
                let mut message = large(Vec::with_capacity(values.len()));
                message.extend_from_slice(&values);
                message
            };
            let mut messages: Vec<_> = (1..1 << rate).map(copy).collect();
            messages.push(values);
            messages
                .into_iter()
                .enumerate()
                .map(|(block, message)| {
                    let shift = root.exp_u64(reverse(block, rate) as u64);
                    let message = RowMajorMatrix::new(message, width);
                    TRANSFORM
                        .coset_dft_batch(message, shift)
                        .bit_reverse_rows()
                        .values
                })
                .collect()
        } else {
            let mut padded = values;
            padded.resize(width << log_rows, F::ZERO);
            let message = RowMajorMatrix::new(padded, width);
            vec![TRANSFORM.dft_batch(message).bit_reverse_rows().values]
        };
        let matrix = Matrix::new(blocks, width, log_rows);
        let tree = Tree::new(&matrix, tuning);
        Self { matrix, tree }
    }

    /// The root.
    pub fn root(&self) -> &Digest {
        self.tree.root()
    }

    /// The row at a point of the domain.
    pub fn row(&self, index: usize) -> &[F] {
        self.matrix.row(index)
    }

    /// log2 of the number of rows.
    #[must_use]
    pub const fn log_rows(&self) -> usize {
        self.matrix.log_rows()
    }

    /// The elements of `opening.siblings`.
    #[must_use]
    pub fn siblings(&self, indices: &[usize]) -> Vec<F> {
        self.tree.siblings(indices).into_flattened()
    }
}

/// Rows first.. of the matrix whose columns are the blocks of the stack, by squares of [`LANES`].
fn transpose_rows(stack: &[F], log_block: usize, first: usize, width: usize, rows: &mut [F]) {
    let height = rows.len() / width;
    let squares = if height.is_multiple_of(LANES) {
        width / LANES
    } else {
        0
    };
    let cell = |column: usize, row: usize| (column << log_block) + first + row;
    for row in (0..height).step_by(LANES).take_while(|_| squares > 0) {
        for column in (0..squares * LANES).step_by(LANES) {
            let mut square: [PackedF; LANES] = std::array::from_fn(|i| {
                let start = cell(column + i, row);
                *PackedF::from_slice(&stack[start..start + LANES])
            });
            transpose(&mut square);
            for (i, cells) in square.iter().enumerate() {
                let start = (row + i) * width + column;
                rows[start..start + LANES].copy_from_slice(cells.as_slice());
            }
        }
    }
    for (row, out) in rows.chunks_exact_mut(width).enumerate() {
        for (column, out) in out.iter_mut().enumerate().skip(squares * LANES) {
            *out = stack[cell(column, row)];
        }
    }
}
