//! SPEC §15 zerocheck: the claims on `s` and `in` of a hash table, which are at points of their
//! own.

use p3_field::{PackedValue, PrimeCharacteristicRing};
use rayon::prelude::*;

use super::HashWeights;
use crate::commitment::vector::{Vector, round};
use crate::field::{EF, PackedEF, PackedF};
use crate::lookup::leaves::TableView;
use crate::multilinear::{pack, unpack};
use crate::poseidon::{HashClaims, PermutationClaims, SkipPoint, kernel};
use crate::sumcheck::linear::LinearForm;
use crate::tuning::{LANES, Tuning};

/// Σ_x kernel(x)·function(x) = claim.
struct Product {
    kernel: Vector,
    function: Vector,
    claim: EF,
    /// c_1, c_2 of the round at hand.
    round: [EF; 2],
}

/// The products of a hash table; none of another.
#[derive(Default)]
pub(super) struct Products(Vec<Product>);

impl Products {
    /// Those of a table, times `scale`.
    pub(super) fn new(
        view: &TableView<'_>,
        weights: Option<&HashWeights<EF>>,
        permutations: &PermutationClaims,
        scale: EF,
        tuning: &Tuning,
    ) -> Self {
        let of_table = |claims: &&HashClaims| claims.table == view.id;
        let claims = permutations.tables.iter().find(of_table);
        let (Some(weights), Some(claims)) = (weights, claims) else {
            return Self::default();
        };
        let product = |point: &SkipPoint, first: usize, weights: &[EF], values: &[EF]| {
            let scaled: Vec<EF> = weights.iter().map(|weight| *weight * scale).collect();
            Product {
                kernel: vector(kernel(point, view.log_height(), tuning), tuning),
                claim: scaled.iter().zip(values).map(|(w, v)| *w * *v).sum(),
                function: combination(view, first, &scaled, tuning),
                round: [EF::ZERO; 2],
            }
        };
        let columns = &weights.columns;
        let (s, inputs) = (columns.s_range().start, columns.input_range().start);
        Self(vec![
            product(&permutations.s_point, s, &weights.s, &claims.s),
            product(
                &permutations.input_point,
                inputs,
                &weights.inputs,
                &claims.inputs,
            ),
        ])
    }

    /// Adds the round polynomials to the coefficients of one.
    pub(super) fn add_round(&mut self, coefficients: &mut [EF], tuning: &Tuning) {
        for product in &mut self.0 {
            let (start, square) = round(&product.function, &product.kernel, tuning);
            let linear = product.claim - start.double() - square;
            product.round = [linear, square];
            coefficients[1] += linear;
            coefficients[2] += square;
            product.claim = start;
        }
    }

    /// Binds the first variable, after its round.
    pub(super) fn bind(&mut self, challenge: EF, tuning: &Tuning) {
        for product in &mut self.0 {
            let [linear, square] = product.round;
            product.claim += challenge * (linear + challenge * square);
            product.function.fold(challenge, tuning);
            product.kernel.fold(challenge, tuning);
        }
    }
}

fn vector(entries: Vec<EF>, tuning: &Tuning) -> Vector {
    if tuning.is_packed(entries.len()) {
        Vector::Packed(pack(&entries))
    } else {
        Vector::Scalar(entries)
    }
}

/// Σ_j weights_j·column_(first + j) on all rows.
fn combination(view: &TableView<'_>, first: usize, weights: &[EF], tuning: &Tuning) -> Vector {
    let columns: Vec<_> = (first..first + weights.len())
        .map(|column| view.column(column).expect("a committed column"))
        .collect();
    let form = LinearForm::new(weights);
    let height = 1_usize << view.log_height();
    let at = |x: usize| {
        let mut values = [PackedF::ZERO; 24];
        for (value, cells) in values.iter_mut().zip(&columns) {
            *value = match cells.get(x * LANES..(x + 1) * LANES) {
                Some(cells) => *PackedF::from_slice(cells),
                None => PackedF::from_fn(|lane| {
                    cells.get(x * LANES + lane).copied().unwrap_or_default()
                }),
            };
        }
        form.of(&values[..columns.len()])
    };
    let vectors = (0..height.div_ceil(LANES)).into_par_iter();
    let entries: Vec<PackedEF> = vectors.with_min_len(1 << 6).map(at).collect();
    if tuning.is_packed(height) {
        Vector::Packed(entries)
    } else {
        let mut entries = unpack(&entries);
        entries.truncate(height);
        Vector::Scalar(entries)
    }
}
