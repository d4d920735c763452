//! SPEC §15 zerocheck: G_T as an affine function of the columns and a rest.
//!
//! Of the terms of G_T (numerators, slots, constraints, the `y` of hash tables) most are affine in
//! the columns. Their sum is one function, which is bound like a column; only the rest is evaluated
//! term by term, and only the columns that the rest needs are bound.

use std::marker::PhantomData;
use std::sync::LazyLock;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use rayon::prelude::*;

use super::RowWeights;
use crate::allocator::collect;
use crate::field::{EF, F, PackedEF, PackedF};
use crate::lookup::leaves::TableView;
use crate::sumcheck::bind_first;
use crate::sumcheck::linear::LinearForm;
use crate::sumcheck::weights::Lanes;
use crate::tables::{Builder, Numerator, Ring, TableId};

/// A term of G_T of a row.
#[derive(Clone, Copy)]
enum Term {
    /// The numerator of interaction j.
    Numerator(usize),
    /// A slot of interaction j.
    Slot(usize, usize),
    /// Constraint k.
    Constraint(usize),
}

impl Term {
    /// What it is multiplied by.
    fn weight(self, weights: &RowWeights) -> EF {
        match self {
            Self::Numerator(j) => weights.interactions[j].numerator,
            Self::Slot(j, slot) => -weights.interactions[j].slots[slot],
            Self::Constraint(k) => weights.constraints[k],
        }
    }
}

/// Gives the terms of a row to `sink`, always in the same order.
struct Terms<C, R, S> {
    interactions: usize,
    constraints: usize,
    sink: S,
    rings: PhantomData<(C, R)>,
}

impl<C: Copy + From<F>, R: Ring<C>, S: FnMut(Term, R)> Builder for Terms<C, R, S> {
    type Constant = C;
    type Value = R;

    #[inline]
    fn constraint(&mut self, value: R) {
        (self.sink)(Term::Constraint(self.constraints), value);
        self.constraints += 1;
    }

    #[inline]
    fn interaction(&mut self, numerator: Numerator<R>, tuple: &[(usize, R)]) {
        (self.sink)(Term::Numerator(self.interactions), numerator.value());
        for (slot, value) in tuple {
            (self.sink)(Term::Slot(self.interactions, *slot), *value);
        }
        self.interactions += 1;
    }
}

#[inline]
fn terms<C: Copy + From<F>, R: Ring<C>>(id: TableId, row: &[R], sink: impl FnMut(Term, R)) {
    id.evaluate(
        row,
        &mut Terms {
            interactions: 0,
            constraints: 0,
            sink,
            rings: PhantomData,
        },
    );
}

/// What is known of a term without its weight.
enum Form {
    /// constant + Σ coefficient·column.
    Affine(F, Vec<(usize, F)>),
    /// Of a higher degree.
    Other,
}

/// The terms of a table in their order, and the columns that those have which are not affine.
struct Structure {
    terms: Vec<(Term, Form)>,
    columns: Vec<usize>,
}

/// By table.
static STRUCTURES: LazyLock<[Structure; TableId::COUNT]> =
    LazyLock::new(|| TableId::ALL.map(Structure::new));

impl Structure {
    /// Found by evaluating rows: a polynomial that is not affine is not so between two rows without
    /// structure, and one that has a column changes with it.
    fn new(id: TableId) -> Self {
        let width = id.num_columns() + id.num_virtual_columns();
        let values = |row: &[F]| {
            let mut list = Vec::new();
            terms::<F, F>(id, row, |term, value| list.push((term, value)));
            list
        };
        let row = |seed: u64| -> Vec<F> {
            let cell = |c: usize| F::from_u64(seed).exp_u64(1000 + c as u64);
            (0..width).map(cell).collect()
        };
        let with = |row: &[F], column: usize| {
            let mut row = row.to_vec();
            row[column] += F::ONE;
            values(&row)
        };
        let (left, right) = (row(3), row(5));
        let sum: Vec<F> = left.iter().zip(&right).map(|(a, b)| *a + *b).collect();
        let zeros = F::zero_vec(width);
        let at_zero = values(&zeros);
        let [at_left, at_right, at_sum] = [&left, &right, &sum].map(|row| values(row));
        let by_column: Vec<_> = (0..width)
            .map(|column| (with(&zeros, column), with(&left, column)))
            .collect();
        let mut columns = vec![false; width];
        let terms = at_zero.iter().enumerate().map(|(i, (term, constant))| {
            let is_affine = at_sum[i].1 + *constant == at_left[i].1 + at_right[i].1;
            if !is_affine {
                for (needed, (_, moved)) in columns.iter_mut().zip(&by_column) {
                    *needed |= moved[i].1 != at_left[i].1;
                }
                return (*term, Form::Other);
            }
            let coefficient = |(column, (unit, _)): (usize, &(Vec<(Term, F)>, _))| {
                let coefficient = unit[i].1 - *constant;
                (coefficient != F::ZERO).then_some((column, coefficient))
            };
            let linear = by_column.iter().enumerate().filter_map(coefficient);
            (*term, Form::Affine(*constant, linear.collect()))
        });
        Self {
            terms: terms.collect(),
            columns: (0..width).filter(|column| columns[*column]).collect(),
        }
    }
}

/// G_T of the rows of a table.
pub(super) struct RowSum<A> {
    id: TableId,
    /// By term: its weight, if it is not affine.
    weights: Vec<Option<A>>,
}

impl<A: Lanes> RowSum<A> {
    /// What is not affine of G_T of a row, of which the columns [`needed`] are read.
    #[inline]
    pub(super) fn rest<C, R>(&self, row: &[R]) -> A
    where
        C: Copy + From<F>,
        R: Ring<C>,
        A: std::ops::Mul<R, Output = A>,
    {
        let mut sum = A::ZERO;
        let mut weights = self.weights.iter();
        terms::<C, R>(self.id, row, |_, value| {
            if let Some(Some(weight)) = weights.next() {
                sum += *weight * value;
            }
        });
        sum
    }
}

/// The columns, virtual ones too, that [`RowSum::rest`] reads.
pub(super) fn needed(id: TableId) -> &'static [usize] {
    &STRUCTURES[id.index()].columns
}

/// The affine part of G_T, with the first variables bound: at vector x, `cells`_x + `constant` +
/// `row`·x·2^LOG. Cells behind the last are 0.
#[derive(Default)]
pub(super) struct Affine<A> {
    cells: Vec<A>,
    constant: A,
    row: EF,
}

impl<A: Lanes> Affine<A> {
    /// The value at vector x, and the step to vector x + half.
    #[inline]
    pub(super) fn line(&self, x: usize, half: usize) -> (A, A) {
        let cell = |x: usize| self.cells.get(x).copied().unwrap_or(A::ZERO);
        let (low, high) = (cell(x), cell(x + half));
        if self.row == EF::ZERO {
            return (low + self.constant, high - low);
        }
        let row = |x: usize| A::from(self.row * F::from_usize(x << A::LOG));
        (low + self.constant + row(x), high - low + row(half))
    }

    /// Binds the first variable, of which the lower half has `half` vectors.
    pub(super) fn bind(&mut self, half: usize, challenge: EF) {
        bind_first(&mut self.cells, half, challenge);
        self.constant += A::from(challenge * self.row * F::from_usize(half << A::LOG));
    }
}

impl Affine<PackedEF> {
    /// By element, the first `rows` of them.
    pub(super) fn unpack(&self, rows: usize) -> Affine<EF> {
        let lanes = |cell: &PackedEF| {
            let cell = *cell;
            (0..1 << PackedEF::LOG).map(move |lane| cell.lane(lane))
        };
        Affine {
            cells: self.cells.iter().flat_map(lanes).take(rows).collect(),
            constant: self.constant.lane(0),
            row: self.row,
        }
    }
}

/// G_T of a table: the affine part of its rows, and the rest.
pub(super) fn affine_and_rest(
    view: &TableView<'_>,
    weights: &RowWeights,
) -> (Affine<PackedEF>, RowSum<EF>) {
    let id = view.id;
    let structure = &STRUCTURES[id.index()];
    let mut constant = weights.constant;
    let mut linear = EF::zero_vec(view.width());
    let mut rest = Vec::with_capacity(structure.terms.len());
    for (term, form) in &structure.terms {
        let weight = term.weight(weights);
        let Form::Affine(value, coefficients) = form else {
            rest.push(Some(weight));
            continue;
        };
        rest.push(None);
        constant += weight * *value;
        for (column, coefficient) in coefficients {
            linear[*column] += weight * *coefficient;
        }
    }
    if let Some(hash) = &weights.hash {
        for (sum, weight) in linear[hash.columns.y_range()].iter_mut().zip(&hash.y) {
            *sum += *weight;
        }
    }
    let row = (0..view.width())
        .find(|column| view.column(*column).is_none())
        .map_or(EF::ZERO, |column| std::mem::take(&mut linear[column]));
    let used: Vec<(usize, EF)> = linear.into_iter().enumerate().collect();
    let lanes = PackedF::from_fn(F::from_usize);
    let affine = Affine {
        cells: combination(view, &used, view.rows.div_ceil(1 << PackedEF::LOG)),
        constant: PackedEF::from(row) * lanes + constant,
        row,
    };
    (affine, RowSum { id, weights: rest })
}

impl RowSum<EF> {
    /// For packed rows.
    pub(super) fn packed(&self) -> RowSum<PackedEF> {
        let packed = |weight: &Option<EF>| weight.map(PackedEF::from);
        RowSum {
            id: self.id,
            weights: self.weights.iter().map(packed).collect(),
        }
    }
}

/// Σ weight·column on the first vectors of rows.
pub(super) fn combination(
    view: &TableView<'_>,
    weights: &[(usize, EF)],
    vectors: usize,
) -> Vec<PackedEF> {
    let (columns, weights): (Vec<usize>, Vec<EF>) = weights
        .iter()
        .filter(|(_, weight)| *weight != EF::ZERO)
        .copied()
        .unzip();
    let form = LinearForm::new(&weights);
    let at = |values: &mut Vec<PackedF>, x: usize| {
        values.clear();
        values.extend(columns.iter().map(|column| view.load_column(*column, x)));
        form.of(values)
    };
    let vectors = (0..vectors).into_par_iter().with_min_len(1 << 6);
    collect(vectors.map_init(Vec::new, at))
}
