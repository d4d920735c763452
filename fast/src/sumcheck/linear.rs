//! SPEC §12 sumcheck, linear forms with coefficients in E of vectors in F.

use p3_field::{Algebra, BasedVectorSpace, PrimeCharacteristicRing};

use crate::field::{DIMENSION, EF, F, PackedEF, PackedF, coordinates};

/// Σ_i weight_i·x_i: the coordinates of the weights, so that all products are in F.
pub struct LinearForm {
    weights: [Vec<F>; DIMENSION],
}

impl LinearForm {
    /// Products that one delayed reduction takes.
    const BLOCK: usize = 4;

    /// The form with these weights.
    #[must_use]
    pub fn new(weights: &[EF]) -> Self {
        Self {
            weights: std::array::from_fn(|k| {
                weights
                    .iter()
                    .map(|weight| coordinates(*weight)[k])
                    .collect()
            }),
        }
    }

    /// The number of weights.
    #[must_use]
    pub const fn len(&self) -> usize {
        let [first, ..] = &self.weights;
        first.len()
    }

    /// Whether the form is zero because it has no weights.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The form of as many values as there are weights.
    #[inline]
    pub fn of(&self, values: &[PackedF]) -> PackedEF {
        let (blocks, rest) = values.as_chunks::<{ Self::BLOCK }>();
        PackedEF::from_basis_coefficients_fn(|k| {
            let (of_blocks, of_rest) = self.weights[k].as_chunks::<{ Self::BLOCK }>();
            let mut sum = PackedF::ZERO;
            for (values, weights) in blocks.iter().zip(of_blocks) {
                sum += PackedF::mixed_dot_product(values, weights);
            }
            for (value, weight) in rest.iter().zip(of_rest) {
                sum += *value * *weight;
            }
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::from_coordinates;

    #[test]
    fn the_form_is_the_sum_of_products() {
        for length in 0..11 {
            let weights: Vec<EF> = (0..length)
                .map(|i| from_coordinates(std::array::from_fn(|k| F::from_usize(31 * i + k + 1))))
                .collect();
            let values: Vec<F> = (0..length).map(|i| F::from_usize(i * i + 7)).collect();
            let packed: Vec<PackedF> = values.iter().map(|value| PackedF::from(*value)).collect();
            let expected: EF = weights.iter().zip(values).map(|(w, v)| *w * v).sum();
            let form = LinearForm::new(&weights);
            assert_eq!(form.of(&packed), PackedEF::from(expected));
            assert_eq!((form.len(), form.is_empty()), (length, length == 0));
        }
    }
}
