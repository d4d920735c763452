//! SPEC §13 lookup, the leaves of a trace.
//!
//! Rows are evaluated in vectors of lanes and written to the block of each interaction; rows that
//! are not there stay 0/1. Blocks shorter than a vector are the last ones and are made one row at a
//! time.

use std::ops::{Mul, SubAssign};

use p3_field::{PackedValue, PrimeCharacteristicRing};
use rayon::prelude::*;

use super::{Fingerprint, LeafLayout, Leaves};
use crate::allocator::{collect, large};
use crate::field::{EF, F, PackedEF, PackedF};
use crate::sumcheck::weights::Lanes;
use crate::tables::{Builder, Numerator, Ring, SLOTS, TableId, Trace, log_height};
use crate::tuning::{LANES, LOG_LANES, Tuning};

/// A table as rows that `TableId::evaluate` takes: the committed columns, then the virtual ones.
pub struct TableView<'a> {
    /// The table.
    pub id: TableId,
    /// n_T.
    pub rows: usize,
    columns: Vec<Option<&'a [F]>>,
}

/// The six program columns, n_0 rows.
#[must_use]
pub fn program_columns(program: &crate::isa::Program) -> [Vec<F>; 6] {
    let fields: Vec<[F; 6]> = program
        .instructions()
        .iter()
        .map(crate::isa::Instruction::fields)
        .collect();
    std::array::from_fn(|i| fields.iter().map(|row| row[i]).collect())
}

impl<'a> TableView<'a> {
    /// The present tables of a trace.
    #[must_use]
    pub fn of(trace: &'a Trace, program_columns: &'a [Vec<F>; 6]) -> Vec<Self> {
        let view = |id: TableId| {
            let table = trace.table(id);
            let mut columns: Vec<_> = table.columns.iter().map(|c| Some(c.as_slice())).collect();
            if id.num_virtual_columns() > 0 {
                columns.push(None);
            }
            if id == TableId::Bytecode {
                columns.extend(program_columns.iter().map(|c| Some(c.as_slice())));
            }
            Self {
                id,
                rows: table.rows,
                columns,
            }
        };
        let present = |id: &TableId| trace.table(*id).rows > 0;
        TableId::ALL.into_iter().filter(present).map(view).collect()
    }

    /// h_T.
    #[must_use]
    pub fn log_height(&self) -> usize {
        log_height(self.rows)
    }

    /// Number of columns, virtual ones too.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The cells of column `column`, or `None` for the row index.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<&'a [F]> {
        self.columns[column]
    }

    /// Rows `LANES`·vector and on, one a lane; cells beyond the last row are 0, row indices go on.
    pub fn load(&self, vector: usize, row: &mut [PackedF]) {
        for (column, value) in row.iter_mut().enumerate() {
            *value = self.load_column(column, vector);
        }
    }

    /// A column of these rows.
    #[inline]
    #[must_use]
    pub fn load_column(&self, column: usize, vector: usize) -> PackedF {
        let start = vector * LANES;
        let Some(cells) = self.columns[column] else {
            return PackedF::from_fn(|lane| F::from_usize(start + lane));
        };
        match cells.get(start..start + LANES) {
            Some(cells) => *PackedF::from_slice(cells),
            None => PackedF::from_fn(|lane| cells.get(start + lane).copied().unwrap_or(F::ZERO)),
        }
    }

    /// One row.
    pub fn load_row(&self, index: usize, row: &mut [F]) {
        for (value, column) in row.iter_mut().zip(&self.columns) {
            *value = column.map_or(F::from_usize(index), |cells| {
                cells.get(index).copied().unwrap_or(F::ZERO)
            });
        }
    }
}

/// Collects the fractions of a row.
struct Fractions<'a, A, R> {
    alpha: A,
    slots: &'a [A; SLOTS],
    list: [(R, A); TableId::MAX_INTERACTIONS],
    length: usize,
}

impl<A, R> Builder for Fractions<'_, A, R>
where
    A: Copy + Mul<R, Output = A> + SubAssign,
    R: Ring<F>,
{
    type Constant = F;
    type Value = R;

    #[inline]
    fn constraint(&mut self, _: R) {}

    #[inline]
    fn interaction(&mut self, numerator: Numerator<R>, tuple: &[(usize, R)]) {
        let mut denominator = self.alpha;
        for (slot, value) in tuple {
            denominator -= self.slots[*slot] * *value;
        }
        self.list[self.length] = (numerator.value(), denominator);
        self.length += 1;
    }
}

/// The leaves of the present tables.
#[must_use]
pub fn build(
    views: &[TableView<'_>],
    layout: &LeafLayout,
    fingerprint: &Fingerprint,
    tuning: &Tuning,
) -> Leaves {
    let vectors = layout.total.div_ceil(LANES);
    let mut numerators = large(PackedF::zero_vec(vectors));
    let mut denominators = collect(rayon::iter::repeat_n(PackedEF::ONE, vectors));
    let (mut p_rest, mut q_rest) = (&mut numerators[..], &mut denominators[..]);
    let mut short: Vec<(F, EF)> = Vec::new();
    for blocks in &layout.blocks {
        let Some(view) = views.iter().find(|view| view.id == blocks.table) else {
            continue;
        };
        if (1 << blocks.log_height) < LANES {
            fill_short(view, 1 << blocks.log_height, fingerprint, &mut short);
            continue;
        }
        let height = 1 << (blocks.log_height - LOG_LANES);
        let (p, q);
        (p, p_rest) = p_rest.split_at_mut(height * blocks.interactions);
        (q, q_rest) = q_rest.split_at_mut(height * blocks.interactions);
        fill(view, height, fingerprint, tuning, p, q);
    }
    for (lanes, (p, q)) in short.chunks(LANES).zip(p_rest.iter_mut().zip(q_rest)) {
        let lane = |i: usize| lanes.get(i).copied().unwrap_or((F::ZERO, EF::ONE));
        *p = PackedF::from_fn(|i| lane(i).0);
        *q = PackedEF::from_lanes(|i| lane(i).1);
    }
    Leaves {
        log_leaves: layout.log_leaves,
        numerators,
        denominators,
    }
}

/// The blocks of a table, `height` vectors each.
fn fill(
    view: &TableView<'_>,
    height: usize,
    fingerprint: &Fingerprint,
    tuning: &Tuning,
    numerators: &mut [PackedF],
    denominators: &mut [PackedEF],
) {
    let chunk = (tuning.chunk() / LANES).max(1);
    let mut tasks: Vec<Vec<_>> = (0..height.div_ceil(chunk)).map(|_| Vec::new()).collect();
    let blocks = numerators.chunks_mut(height);
    for (p, q) in blocks.zip(denominators.chunks_mut(height)) {
        let parts = p.chunks_mut(chunk).zip(q.chunks_mut(chunk));
        for (task, part) in tasks.iter_mut().zip(parts) {
            task.push(part);
        }
    }
    let slots = fingerprint.slots.map(PackedEF::from);
    let alpha = PackedEF::from(fingerprint.alpha);
    tasks.into_par_iter().enumerate().for_each(|(i, mut task)| {
        let mut row = vec![PackedF::ZERO; view.width()];
        for offset in 0..chunk.min(height) {
            let vector = i * chunk + offset;
            let present = view.rows.saturating_sub(vector * LANES);
            if present == 0 {
                break;
            }
            view.load(vector, &mut row);
            let mut sink = Fractions {
                alpha,
                slots: &slots,
                list: [(PackedF::ZERO, PackedEF::ONE); TableId::MAX_INTERACTIONS],
                length: 0,
            };
            view.id.evaluate(&row, &mut sink);
            for ((p, q), (numerator, denominator)) in task.iter_mut().zip(sink.list) {
                (p[offset], q[offset]) = (numerator, denominator);
                if present < LANES {
                    let there = |lane| lane < present;
                    p[offset] = PackedF::from_fn(|lane| {
                        if there(lane) {
                            numerator.as_slice()[lane]
                        } else {
                            F::ZERO
                        }
                    });
                    q[offset] = PackedEF::from_lanes(|lane| {
                        if there(lane) {
                            denominator.lane(lane)
                        } else {
                            EF::ONE
                        }
                    });
                }
            }
        }
    });
}

/// The blocks of a table, `height` leaves each, appended.
fn fill_short(
    view: &TableView<'_>,
    height: usize,
    fingerprint: &Fingerprint,
    leaves: &mut Vec<(F, EF)>,
) {
    let first = leaves.len();
    let interactions = view.id.num_interactions();
    leaves.resize(first + height * interactions, (F::ZERO, EF::ONE));
    let mut row = vec![F::ZERO; view.width()];
    for index in 0..view.rows {
        view.load_row(index, &mut row);
        let mut sink = Fractions {
            alpha: fingerprint.alpha,
            slots: &fingerprint.slots,
            list: [(F::ZERO, EF::ONE); TableId::MAX_INTERACTIONS],
            length: 0,
        };
        view.id.evaluate(&row, &mut sink);
        for (j, fraction) in sink.list[..interactions].iter().enumerate() {
            leaves[first + j * height + index] = *fraction;
        }
    }
}
