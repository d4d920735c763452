//! SPEC §17 commitment: the first fold_0 rounds without the weight W in memory.
//!
//! The stack is k blocks of 2^(μ−fold_0) cells; hi is the index of a block, lo that in a block.
//! Every weight of the first claims is a sum of terms A(hi)·B(lo − offset), with B a *kernel*: eq
//! of the last row and column coordinates, of the public point, or of an out-of-domain point. For a
//! term, V(hi) = Σ_lo B(lo − offset)·S(hi, lo) makes Σ S·W = Σ_hi A(hi)·V(hi), and binding the
//! block variables commutes with the sum over lo: the first rounds are the plain sumcheck of Σ A·V
//! over fold_0 variables. Afterwards W(r, lo) = Σ Ã(r)·B(lo − offset) is built once, of L entries.
//! So one pass over S per kernel replaces fold_0 rounds on two vectors of 2^μ entries: it is the
//! same sum in another order.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::stacking::{COLUMN_VARIABLES, LOG_COLUMNS, Rectangle, Stacking};
use super::vector::Vector;
use crate::field::{EF, F};
use crate::memory::{CHUNK_CELLS, LOG_CHUNK};
use crate::multilinear::{eq_index, scaled_eq_table};
use crate::tables::TableId;
use crate::tuning::Tuning;

/// What a kernel is the eq table of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// The last `rows` coordinates of ρ after the last `columns` coordinates of β.
    Rows {
        /// log2 of the rows.
        rows: usize,
        /// log2 of the columns.
        columns: usize,
    },
    /// The last coordinates of the public point.
    Public {
        /// Their number.
        variables: usize,
    },
}

/// A kernel at its place in a block: A(hi) and V(hi).
#[derive(Clone, Debug)]
pub struct Term {
    shape: Shape,
    offset: usize,
    /// A.
    pub scales: Vec<EF>,
    /// V.
    pub partials: Vec<EF>,
}

/// The points of the claims.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a> {
    /// ρ.
    pub rho: &'a [EF],
    /// β.
    pub beta: &'a [EF],
    /// u.
    pub public: &'a [EF],
}

impl Points<'_> {
    /// The kernel of a shape.
    fn kernel(&self, shape: Shape, tuning: &Tuning) -> Vector {
        match shape {
            Shape::Rows { rows, columns } => {
                let mut point = self.beta[COLUMN_VARIABLES - columns..].to_vec();
                point.extend_from_slice(&self.rho[self.rho.len() - rows..]);
                Vector::eq(&point, EF::ONE, tuning)
            }
            Shape::Public { variables } => {
                let point = &self.public[self.public.len() - variables..];
                Vector::eq(point, EF::ONE, tuning)
            }
        }
    }
}

/// The terms of claims 0 and 1.
#[derive(Clone, Debug)]
pub struct Terms {
    terms: Vec<Term>,
    kernels: Vec<(Shape, Vector)>,
}

struct Builder<'a> {
    stacking: &'a Stacking,
    points: &'a Points<'a>,
    tuning: &'a Tuning,
    terms: Vec<Term>,
}

impl Builder<'_> {
    fn add(&mut self, shape: Shape, offset: usize, block: usize, scale: EF) {
        let found = self
            .terms
            .iter()
            .position(|term| term.shape == shape && term.offset == offset);
        let position = found.unwrap_or_else(|| {
            self.terms.push(Term {
                shape,
                offset,
                scales: EF::zero_vec(1 << self.stacking.fold()),
                partials: Vec::new(),
            });
            self.terms.len() - 1
        });
        self.terms[position].scales[block] += scale;
    }

    /// W_0 on a rectangle.
    fn rectangle(&mut self, rectangle: &Rectangle) {
        let Points { rho, beta, .. } = *self.points;
        let log_block = self.stacking.log_block();
        let (a, c) = (rectangle.log_rows, rectangle.log_columns);
        let point = &rho[rho.len() - rectangle.log_height..];
        let (row_prefix, row_point) = point.split_at(point.len() - a);
        let (column_prefix, column_point) = beta.split_at(COLUMN_VARIABLES - c);
        let scale = eq_index(row_prefix, rectangle.first_row >> a)
            * eq_index(column_prefix, rectangle.column_prefix());
        // The bits of an address in the rectangle are those of the column, then those of the row;
        // the last log_block are in the block.
        let rows = a.min(log_block);
        let columns = c.min(log_block - rows);
        let mut high = column_point[..c - columns].to_vec();
        high.extend_from_slice(&row_point[..a - rows]);
        let first = rectangle.offset >> log_block;
        let offset = rectangle.offset & ((1 << log_block) - 1);
        let shape = Shape::Rows { rows, columns };
        for (block, scale) in scaled_eq_table(&high, scale, self.tuning)
            .into_iter()
            .enumerate()
        {
            self.add(shape, offset, first + block, scale);
        }
    }

    /// W_1, scaled.
    fn public(&mut self, rectangle: &Rectangle, scale: EF) {
        let Points { beta, public, .. } = *self.points;
        let log_block = self.stacking.log_block();
        let variables = public.len().min(log_block);
        let high = &public[..public.len() - variables];
        for column in 0..CHUNK_CELLS {
            let start = rectangle.offset + (column << rectangle.log_rows);
            let scale = scale * eq_index(beta, (TableId::Memory.index() << LOG_COLUMNS) + column);
            let first = start >> log_block;
            let offset = start & ((1 << log_block) - 1);
            let shape = Shape::Public { variables };
            for (block, scale) in scaled_eq_table(high, scale, self.tuning)
                .into_iter()
                .enumerate()
            {
                self.add(shape, offset, first + block, scale);
            }
        }
    }
}

impl Terms {
    /// The terms of claim 0 and of claim 1 scaled by ζ, with V from the stack.
    ///
    /// # Panics
    /// If MEMORY is not among the tables or has fewer chunks than the public region.
    #[must_use]
    pub fn new(
        stacking: &Stacking,
        stack: &[F],
        points: &Points<'_>,
        zeta: EF,
        tuning: &Tuning,
    ) -> Self {
        let mut builder = Builder {
            stacking,
            points,
            tuning,
            terms: Vec::new(),
        };
        for rectangle in stacking.rectangles() {
            builder.rectangle(rectangle);
        }
        let public = stacking.public_rectangle().expect("MEMORY is present");
        assert!(
            points.public.len() <= public.log_rows && public.log_columns >= LOG_CHUNK,
            "the public chunks are in one rectangle"
        );
        builder.public(public, zeta);
        let mut terms = builder.terms;

        let mut shapes: Vec<Shape> = terms.iter().map(|term| term.shape).collect();
        shapes.sort_unstable();
        shapes.dedup();
        let kernels: Vec<(Shape, Vector)> = shapes
            .into_iter()
            .map(|shape| (shape, points.kernel(shape, tuning)))
            .collect();

        let places: Vec<(&Vector, usize)> = terms
            .iter()
            .map(|term| (kernel(&kernels, term.shape), term.offset))
            .collect();
        let of_block = |block: &[F]| -> Vec<EF> {
            places
                .iter()
                .map(|(kernel, offset)| kernel.dot_base(&block[*offset..][..kernel.length()]))
                .collect()
        };
        let length = 1 << stacking.log_block();
        let partials: Vec<Vec<EF>> = if tuning.is_parallel(stack.len()) {
            stack.par_chunks(length).map(of_block).collect()
        } else {
            stack.chunks(length).map(of_block).collect()
        };
        for (i, term) in terms.iter_mut().enumerate() {
            term.partials = EF::zero_vec(1 << stacking.fold());
            for (partial, block) in term.partials.iter_mut().zip(&partials) {
                *partial = block[i];
            }
        }
        Self { terms, kernels }
    }

    /// A and V of each term.
    #[must_use]
    pub fn factors(&self) -> Vec<(Vec<EF>, Vec<EF>)> {
        self.terms
            .iter()
            .map(|term| (term.scales.clone(), term.partials.clone()))
            .collect()
    }

    /// Adds Σ scale·B to the weight of L entries, a scale a term.
    pub fn add_to(&self, weight: &mut Vector, scales: &[EF], tuning: &Tuning) {
        for (term, scale) in self.terms.iter().zip(scales) {
            weight.add_scaled(
                kernel(&self.kernels, term.shape),
                term.offset,
                *scale,
                tuning,
            );
        }
    }
}

fn kernel(kernels: &[(Shape, Vector)], shape: Shape) -> &Vector {
    let position = kernels
        .binary_search_by_key(&shape, |(shape, _)| *shape)
        .expect("each shape has a kernel");
    &kernels[position].1
}
