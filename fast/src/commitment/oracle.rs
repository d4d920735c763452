//! SPEC §16 commitment: oracles, the encoded and hashed matrices.
//!
//! A vector of 2^k columns of 2^l coefficients each becomes a row-major matrix of coefficients, zero-padded to the domain, which one batched
//! transform evaluates. The transform leaves its rows in bit-reversed order, and so [`Matrix`] keeps them.

use std::sync::LazyLock;

use p3_dft::{Radix2DitParallel, TwoAdicSubgroupDft};
use p3_field::{PackedFieldExtension, PrimeCharacteristicRing};
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use rayon::prelude::*;

use super::vector::Vector;
use crate::field::{DIMENSION, F, coordinates};
use crate::merkle::{Matrix, Tree};
use crate::permutation::Digest;
use crate::tuning::{LANES, Tuning};

static TRANSFORM: LazyLock<Radix2DitParallel<F>> = LazyLock::new(Radix2DitParallel::default);

/// Rows that a task of a transposition handles.
const TILE: usize = 16;

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
        let mut values = F::zero_vec(width << log_rows);
        let fill = |(tile, rows): (usize, &mut [F])| {
            let first = tile * TILE;
            for (column, cells) in stack.chunks_exact(1 << log_block).enumerate() {
                for (row, cell) in rows.chunks_exact_mut(width).zip(&cells[first..]) {
                    row[column] = *cell;
                }
            }
        };
        let coefficients = &mut values[..width << log_block];
        if tuning.is_parallel(coefficients.len()) {
            coefficients
                .par_chunks_mut(TILE * width)
                .enumerate()
                .for_each(fill);
        } else {
            coefficients
                .chunks_mut(TILE * width)
                .enumerate()
                .for_each(fill);
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
        let mut values = F::zero_vec(width << log_rows);
        let fill = |(row, out): (usize, &mut [F])| {
            let (out, _) = out.as_chunks_mut::<DIMENSION>();
            for (column, out) in out.iter_mut().enumerate() {
                let index = (column << log_block) + row;
                *out = coordinates(match vector {
                    Vector::Packed(values) => values[index / LANES].extract(index % LANES),
                    Vector::Scalar(values) => values[index],
                });
            }
        };
        let coefficients = &mut values[..width << log_block];
        if tuning.is_parallel(coefficients.len()) {
            coefficients
                .par_chunks_mut(width)
                .enumerate()
                .for_each(fill);
        } else {
            coefficients.chunks_mut(width).enumerate().for_each(fill);
        }
        Self::of_coefficients(values, width, log_rows, tuning)
    }

    fn of_coefficients(values: Vec<F>, width: usize, log_rows: usize, tuning: &Tuning) -> Self {
        let evaluations = TRANSFORM.dft_batch(RowMajorMatrix::new(values, width));
        // The view restores the natural order; the matrix below it is the stored, bit-reversed one.
        let stored = evaluations.bit_reverse_rows();
        let matrix = Matrix::new(stored.values, width, log_rows);
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
