//! SPEC §15 zerocheck: the claims on `s` and `in` of a hash table, which are at points of their
//! own.

use p3_field::PrimeCharacteristicRing;

use super::HashWeights;
use super::affine::combination;
use crate::commitment::vector::{Vector, round};
use crate::field::EF;
use crate::lookup::leaves::TableView;
use crate::multilinear::unpack;
use crate::poseidon::{HashClaims, PermutationClaims, SkipPoint, kernel};
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
        weights: Option<&HashWeights>,
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
                kernel: kernel(point, view.log_height(), tuning),
                claim: scaled.iter().zip(values).map(|(w, v)| *w * *v).sum(),
                function: function(view, first, &scaled, tuning),
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

/// Σ_j weights_j·column_(first + j) on all rows.
fn function(view: &TableView<'_>, first: usize, weights: &[EF], tuning: &Tuning) -> Vector {
    let weights: Vec<_> = (first..).zip(weights.iter().copied()).collect();
    let height = 1_usize << view.log_height();
    let entries = combination(view, &weights, height.div_ceil(LANES));
    if tuning.is_packed(height) {
        Vector::Packed(entries)
    } else {
        let mut entries = unpack(&entries);
        entries.truncate(height);
        Vector::Scalar(entries)
    }
}
