//! SPEC §15 zerocheck, the prover's half.
//!
//! A table enters at the round of its own first variable: before, it adds a constant to the round
//! polynomial, and c_0 is not sent. What is weighted by eq(r_T, ·) is summed with the weights of
//! the variables behind, and multiplied by the factor of the variables that are bound and of the
//! one at hand (`Prover::factor`). What section 14 claims of `s` and `in` are two products of two
//! functions (`Products`). It is read from the trace in packed F in its first round, held
//! in packed E afterwards, and in E when less than a packed element is left. Most of G_T is one
//! affine function (`affine`), and columns that only that has are not bound: their values come from
//! the trace at the end.
//!
//! Activity is never a column: with the first variables bound, it is one value on the first rows
//! and another on the rest (`Activity`), so it is linear on each of at most two ranges of rows and
//! is multiplied onto the sum of a range, which has the degree of G_T alone. Rows from n_T on are
//! skipped while the second value is 0.

use std::ops::Mul;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use rayon::prelude::*;

use super::affine::{Affine, RowSum, affine_and_rest, needed};
use super::claims::Products;
use super::{ColumnClaims, Combiners, DEGREE, RowWeights};
use crate::commitment::vector::Vector;
use crate::field::{EF, F, PackedEF, PackedF};
use crate::lookup::leaves::TableView;
use crate::lookup::{Fingerprint, LeafClaim, LeafLayout};
use crate::poseidon::PermutationClaims;
use crate::sumcheck::weights::{Lanes, Weights};
use crate::sumcheck::{self, bind_first};
use crate::tables::{Ring, TableId};
use crate::transcript::ProverTranscript;
use crate::tuning::{LANES, LOG_LANES, Tuning};

/// I_T with the first variables bound: `inside` on rows below `rows`, `outside` on the others.
#[derive(Clone, Copy)]
struct Activity {
    rows: usize,
    inside: EF,
    outside: EF,
}

/// The rows x < half of a round on which activity is linear: from `inside` or `outside` at x to
/// that at x + half.
struct Ranges {
    /// End of the first range.
    cut: usize,
    /// End of the second range: the rows behind it have no activity.
    end: usize,
    /// I_T at x and at x + half, on each range.
    values: [[EF; 2]; 2],
}

impl Activity {
    fn ranges(&self, half: usize) -> Ranges {
        let (inside, outside) = (self.inside, self.outside);
        if self.rows >= half {
            Ranges {
                cut: self.rows - half,
                end: half,
                values: [[inside, inside], [inside, outside]],
            }
        } else {
            Ranges {
                cut: self.rows,
                end: if outside == EF::ZERO { self.rows } else { half },
                values: [[inside, outside], [outside, outside]],
            }
        }
    }

    fn bind(&mut self, half: usize, challenge: EF) {
        let mixed = self.inside + (self.outside - self.inside) * challenge;
        if self.rows >= half {
            self.rows -= half;
            self.outside = mixed;
        } else {
            self.inside = mixed;
        }
    }
}

/// Rows of a table, in vectors of `R`.
trait Rows<R>: Sync {
    /// Number of columns, virtual ones too.
    fn width(&self) -> usize;
    /// These columns of the row vector x, and the steps from them to the row vector x + half.
    fn line(&self, columns: &[usize], x: usize, half: usize, low: &mut [R], step: &mut [R]);
}

impl Rows<PackedF> for TableView<'_> {
    fn width(&self) -> usize {
        Self::width(self)
    }

    fn line(
        &self,
        columns: &[usize],
        x: usize,
        half: usize,
        low: &mut [PackedF],
        step: &mut [PackedF],
    ) {
        for &column in columns {
            low[column] = self.load_column(column, x);
            step[column] = self.load_column(column, x + half) - low[column];
        }
    }
}

/// A column with the first variables bound.
enum Column<A> {
    /// Cells; those behind the last are 0. A column that is not needed has none.
    Cells(Vec<A>),
    /// The row index: the value at vector 0. That at vector x is x·2^LOG greater.
    RowIndex(A),
}

/// A table with the first variables bound.
struct Bound<A> {
    columns: Vec<Column<A>>,
    affine: Affine<A>,
}

impl<A: Lanes> Rows<A> for Bound<A> {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn line(&self, columns: &[usize], x: usize, half: usize, low: &mut [A], step: &mut [A]) {
        for &column in columns {
            (low[column], step[column]) = match &self.columns[column] {
                Column::Cells(cells) => {
                    let cell = |x: usize| cells.get(x).copied().unwrap_or(A::ZERO);
                    (cell(x), cell(x + half) - cell(x))
                }
                Column::RowIndex(first) => (
                    *first + EF::from_usize(x << A::LOG),
                    A::from(EF::from_usize(half << A::LOG)),
                ),
            };
        }
    }
}

impl<A: Lanes> Bound<A> {
    /// Binds the first of the variables, of which the lower half has `half` vectors.
    fn bind(&mut self, half: usize, challenge: EF, tuning: &Tuning) {
        let min_len = tuning.min_len((self.columns.len() * half) << A::LOG);
        let columns = self.columns.par_iter_mut().with_min_len(min_len);
        columns.for_each(|column| match column {
            Column::Cells(cells) => bind_first(cells, half, challenge),
            Column::RowIndex(first) => *first += challenge * EF::from_usize(half << A::LOG),
        });
        self.affine.bind(half, challenge);
    }
}

impl Bound<PackedEF> {
    /// The first variable of a table bound, whose affine part is given.
    fn of(
        view: &TableView<'_>,
        mut affine: Affine<PackedEF>,
        half: usize,
        challenge: EF,
        tuning: &Tuning,
    ) -> Self {
        affine.bind(half, challenge);
        let challenge = PackedEF::from(challenge);
        let vectors = view.rows.div_ceil(LANES).min(half);
        let needed = needed(view.id);
        let bind = |column: usize| {
            if !needed.contains(&column) {
                return Column::Cells(Vec::new());
            }
            if view.column(column).is_none() {
                let lanes = PackedF::from_fn(F::from_usize);
                return Column::RowIndex(challenge * EF::from_usize(half * LANES) + lanes);
            }
            let bound = |x: usize| {
                let low = view.load_column(column, x);
                challenge * (view.load_column(column, x + half) - low) + low
            };
            Column::Cells(
                (0..vectors)
                    .into_par_iter()
                    .with_min_len(1 << 8)
                    .map(bound)
                    .collect(),
            )
        };
        let min_len = tuning.min_len(view.width() * vectors * LANES);
        let columns = (0..view.width()).into_par_iter().with_min_len(min_len);
        Self {
            columns: columns.map(bind).collect(),
            affine,
        }
    }

    /// The table in E, when it has only one vector.
    fn unpack(&self) -> Bound<EF> {
        let unpack = |column: &Column<PackedEF>| match column {
            Column::Cells(cells) => Column::Cells(
                cells
                    .iter()
                    .flat_map(|cell| (0..LANES).map(|lane| cell.lane(lane)))
                    .collect(),
            ),
            Column::RowIndex(first) => Column::RowIndex(first.lane(0)),
        };
        Bound {
            columns: self.columns.iter().map(unpack).collect(),
            affine: self.affine.unpack(LANES),
        }
    }
}

impl Bound<EF> {
    /// A table of fewer rows than a round in packed form needs.
    fn short(view: &TableView<'_>, affine: &Affine<PackedEF>) -> Self {
        let lift = |column| {
            view.column(column)
                .map_or(Column::RowIndex(EF::ZERO), |cells| {
                    Column::Cells(cells.iter().map(|cell| EF::from(*cell)).collect())
                })
        };
        Self {
            columns: (0..view.width()).map(lift).collect(),
            affine: affine.unpack(view.rows),
        }
    }
}

enum State {
    /// The trace, of which only the affine part is made.
    Trace(Affine<PackedEF>),
    Packed(Bound<PackedEF>),
    Scalar(Bound<EF>),
}

/// A table on its way through the rounds.
struct Prover<'a> {
    view: &'a TableView<'a>,
    row_sum: RowSum<EF>,
    packed_row_sum: RowSum<PackedEF>,
    activity: Activity,
    state: State,
    /// r_T.
    point: &'a [EF],
    /// 2^(h_T − H) times eq of the challenges and the first coordinates of r_T.
    factor: EF,
    products: Products,
}

impl Prover<'_> {
    /// The table's round polynomial without the constant terms of other tables, for packed rows.
    fn packed_round(&self, weights: &Weights<PackedEF>, half: usize) -> Vec<EF> {
        let ranges = self.activity.ranges(half);
        let (id, row_sum) = (self.view.id, &self.packed_row_sum);
        let sums = match &self.state {
            State::Trace(affine) => {
                sums::<F, _, _>(id, self.view, affine, row_sum, weights, &ranges)
            }
            State::Packed(bound) => {
                sums::<PackedF, _, _>(id, bound, &bound.affine, row_sum, weights, &ranges)
            }
            State::Scalar(_) => unreachable!("a table never gets longer"),
        };
        polynomial(&sums, &ranges)
    }

    /// As [`packed_round`](Self::packed_round), for rows in E.
    fn scalar_round(&mut self, weights: &Weights<EF>, half: usize) -> Vec<EF> {
        match &self.state {
            State::Trace(affine) => {
                self.state = State::Scalar(Bound::short(self.view, affine));
            }
            State::Packed(bound) => self.state = State::Scalar(bound.unpack()),
            State::Scalar(_) => {}
        }
        let State::Scalar(bound) = &self.state else {
            unreachable!("made above");
        };
        let ranges = self.activity.ranges(half);
        let (id, affine) = (self.view.id, &bound.affine);
        let sums = sums::<F, _, _>(id, bound, affine, &self.row_sum, weights, &ranges);
        polynomial(&sums, &ranges)
    }

    /// The round polynomial from that of the sum without the factors eq.
    fn with_factors(&mut self, weighted: &[EF], rest: usize, tuning: &Tuning) -> Vec<EF> {
        let coordinate = self.coordinate(rest);
        let constant = self.factor * (EF::ONE - coordinate);
        let linear = self.factor * (coordinate.double() - EF::ONE);
        let mut coefficients = vec![EF::ZERO; weighted.len() + 1];
        for (k, coefficient) in weighted.iter().enumerate() {
            coefficients[k] += *coefficient * constant;
            coefficients[k + 1] += *coefficient * linear;
        }
        self.products.add_round(&mut coefficients, tuning);
        coefficients
    }

    /// The coordinate of r_T before the `rest` last ones.
    fn coordinate(&self, rest: usize) -> EF {
        self.point[self.point.len() - rest - 1]
    }

    fn bind(&mut self, rest: usize, challenge: EF, tuning: &Tuning) {
        let coordinate = self.coordinate(rest);
        let product = coordinate * challenge;
        self.factor *= product.double() + EF::ONE - coordinate - challenge;
        self.products.bind(challenge, tuning);
        let half = 1 << rest;
        match &mut self.state {
            State::Trace(affine) => {
                let affine = std::mem::take(affine);
                let bound = Bound::of(self.view, affine, half >> LOG_LANES, challenge, tuning);
                self.state = State::Packed(bound);
            }
            State::Packed(bound) => bound.bind(half >> LOG_LANES, challenge, tuning),
            State::Scalar(bound) => bound.bind(half, challenge, tuning),
        }
        self.activity.bind(half, challenge);
    }

    /// c̃(ρ_T) of the committed columns, when all variables are bound, to the challenges `point`.
    fn values(&self, point: &[EF], tuning: &Tuning) -> Vec<EF> {
        let unpacked;
        let bound = match &self.state {
            State::Scalar(bound) => bound,
            State::Packed(bound) => {
                unpacked = bound.unpack();
                &unpacked
            }
            State::Trace(_) => unreachable!("a table has at least three variables"),
        };
        let own = &point[point.len() - self.view.log_height()..];
        let weights = Vector::eq(own, EF::ONE, tuning);
        let value = |column: usize| match (&bound.columns[column], self.view.column(column)) {
            (Column::Cells(cells), Some(column)) => match cells.first() {
                Some(cell) => *cell,
                None => weights.dot_base(column),
            },
            _ => unreachable!("a committed column has cells"),
        };
        let columns = self.view.id.num_columns();
        let min_len = tuning.min_len(columns * self.view.rows);
        let committed = (0..columns).into_par_iter().with_min_len(min_len);
        committed.map(value).collect()
    }
}

/// Σ_x eq·G_T at the points 0..=degree of the lines, by range.
type Sums = [Vec<EF>; 2];

fn sums<C, R, A>(
    id: TableId,
    rows: &impl Rows<R>,
    affine: &Affine<A>,
    row_sum: &RowSum<A>,
    weights: &Weights<A>,
    ranges: &Ranges,
) -> Sums
where
    C: Copy + From<F>,
    R: Ring<C> + Send + Sync,
    A: Lanes + Mul<R, Output = A>,
{
    let columns = needed(id);
    let points = id.degree() + 1;
    let half = weights.inner.len() * weights.outer.len();
    let block = weights.inner.len();
    let vectors = ranges.end.div_ceil(1 << A::LOG);
    let zero = || [[EF::ZERO; TableId::MAX_DEGREE + 1]; 2];
    let total = weights.outer[..vectors.div_ceil(block)]
        .par_iter()
        .enumerate()
        .map_init(
            || vec![R::ZERO; 2 * rows.width()],
            |buffer, (index, outer)| {
                let (row, step) = buffer.split_at_mut(rows.width());
                let mut sums = [[A::ZERO; TableId::MAX_DEGREE + 1]; 2];
                for (i, weight) in weights.inner.iter().enumerate() {
                    let x = index * block + i;
                    if x >= vectors {
                        break;
                    }
                    let parts = split(*weight, x << A::LOG, ranges);
                    rows.line(columns, x, half, row, step);
                    let (mut affine, affine_step) = affine.line(x, half);
                    for point in 0..points {
                        if point > 0 {
                            for &column in columns {
                                row[column] += step[column];
                            }
                            affine += affine_step;
                        }
                        let value = row_sum.rest::<C, R>(row) + affine;
                        for (sums, weight) in sums.iter_mut().zip(parts) {
                            if let Some(weight) = weight {
                                sums[point] += weight * value;
                            }
                        }
                    }
                }
                sums.map(|sums| sums.map(|sum| sum.sum_lanes() * *outer))
            },
        )
        .reduce(zero, |left, right| {
            std::array::from_fn(|i| std::array::from_fn(|k| left[i][k] + right[i][k]))
        });
    total.map(|sums| sums[..points].to_vec())
}

/// The weight of the vector that begins at row `start`, in each range; on the border of the ranges,
/// the lanes that are in it.
fn split<A: Lanes>(weight: A, start: usize, ranges: &Ranges) -> [Option<A>; 2] {
    let stop = start + (1 << A::LOG);
    if stop <= ranges.cut {
        return [Some(weight), None];
    }
    if start >= ranges.cut && stop <= ranges.end {
        return [None, Some(weight)];
    }
    let part = |from: usize, to: usize| {
        A::from_lanes(|lane| {
            if (from..to).contains(&(start + lane)) {
                weight.lane(lane)
            } else {
                EF::ZERO
            }
        })
    };
    [
        Some(part(0, ranges.cut)),
        Some(part(ranges.cut, ranges.end)),
    ]
}

/// Σ over the ranges of I_T(X)·(the polynomial of the sums), as coefficients.
fn polynomial(sums: &Sums, ranges: &Ranges) -> Vec<EF> {
    let mut coefficients = vec![EF::ZERO; sums[0].len() + 1];
    for (sums, [constant, last]) in sums.iter().zip(ranges.values) {
        for (k, coefficient) in sumcheck::interpolate(sums).into_iter().enumerate() {
            coefficients[k] += coefficient * constant;
            coefficients[k + 1] += coefficient * (last - constant);
        }
    }
    coefficients
}

/// About as many columns as a table has, for the decision to divide work.
const COLUMNS: usize = 1 << 5;

/// Proves the zerocheck of the tables `views`, whose leaves have the claim `leaves` and whose
/// permutations the claims `permutations`.
pub fn prove(
    views: &[TableView<'_>],
    layout: &LeafLayout,
    fingerprint: &Fingerprint,
    leaves: &LeafClaim,
    permutations: &PermutationClaims,
    tuning: &Tuning,
    transcript: &mut ProverTranscript,
) -> ColumnClaims {
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let combiners = Combiners { lambda, gamma };
    let all = RowWeights::of_all(layout, &leaves.point, fingerprint, combiners);
    let height = views.iter().map(TableView::log_height).max().unwrap_or(0);
    let half = EF::ONE.halve();
    let mut tables: Vec<Prover<'_>> = views
        .par_iter()
        .zip(all)
        .map(|(view, (_, weights))| {
            let (affine, row_sum) = affine_and_rest(view, &weights);
            let log_height = view.log_height();
            let scale = half.exp_u64((height - log_height) as u64);
            let hash = weights.hash.as_ref();
            Prover {
                view,
                products: Products::new(view, hash, permutations, scale, tuning),
                packed_row_sum: row_sum.packed(),
                row_sum,
                activity: Activity {
                    rows: view.rows,
                    inside: EF::ONE,
                    outside: EF::ZERO,
                },
                state: State::Trace(affine),
                point: &leaves.point[leaves.point.len() - log_height..],
                factor: scale,
            }
        })
        .collect();
    let row_point = &leaves.point[leaves.point.len() - height..];
    let mut point = Vec::with_capacity(height);
    for rest in (0..height).rev() {
        let half = 1 << rest;
        let coordinates = &row_point[height - rest..];
        let mut round = [EF::ZERO; DEGREE + 1];
        let mut active: Vec<&mut Prover<'_>> = tables
            .iter_mut()
            .filter(|table| table.view.log_height() > rest)
            .collect();
        // The tables beside each other, as each has a part that is not divided.
        let min_len = tuning.min_len(COLUMNS * half * active.len());
        let active = active.par_iter_mut().with_min_len(min_len);
        let polynomials: Vec<Vec<EF>> = if half >= LANES {
            let weights = Weights::<PackedEF>::new(coordinates, tuning);
            let of_table = |table: &mut &mut Prover<'_>| {
                let weighted = table.packed_round(&weights, half);
                table.with_factors(&weighted, rest, tuning)
            };
            active.map(of_table).collect()
        } else {
            let weights = Weights::<EF>::new(coordinates, tuning);
            let of_table = |table: &mut &mut Prover<'_>| {
                let weighted = table.scalar_round(&weights, half);
                table.with_factors(&weighted, rest, tuning)
            };
            active.map(of_table).collect()
        };
        for polynomial in polynomials {
            for (sum, coefficient) in round.iter_mut().zip(polynomial) {
                *sum += coefficient;
            }
        }
        transcript.send_extension("zerocheck.round", &round[1..]);
        let challenge = transcript.sample("zerocheck.challenge");
        let bind = |table: &mut Prover<'_>| {
            if table.view.log_height() > rest {
                table.bind(rest, challenge, tuning);
            }
        };
        tables.par_iter_mut().with_min_len(min_len).for_each(bind);
        point.push(challenge);
    }
    let values: Vec<Vec<EF>> = tables
        .par_iter()
        .map(|table| table.values(&point, tuning))
        .collect();
    for list in &values {
        transcript.send_extension("zerocheck.columns", list);
    }
    ColumnClaims { point, values }
}
