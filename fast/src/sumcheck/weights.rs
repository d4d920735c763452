//! SPEC §12 sumcheck, weights: the table of eq(r, ·) as a product of two short tables.
//!
//! With the last b of the coordinates r taken apart, eq(r, x) = eq(r_outer, block)·eq(r_inner, x in
//! block). A block is summed with the inner weights, packed, and the sum is multiplied once by the
//! outer weight: the same sum, with 2^b + 2^(k−b) weights instead of 2^k.

use p3_field::extension::PackedQuinticTrinomialExtensionField;
use p3_field::{
    Algebra, BasedVectorSpace, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
};

use crate::field::{EF, F, PackedF};
use crate::multilinear::scaled_eq_table;
use crate::tuning::{LOG_LANES, Tuning};

/// An element of E or a vector of them, one a lane.
pub trait Lanes: Algebra<EF> + Copy + Send + Sync {
    /// Logarithm of the number of lanes.
    const LOG: usize;
    /// The vector whose lane i is f(i).
    fn from_lanes(f: impl Fn(usize) -> EF) -> Self;
    /// Lane i.
    fn lane(self, i: usize) -> EF;
    /// The sum of the lanes.
    fn sum_lanes(self) -> EF {
        (0..1 << Self::LOG).map(|i| self.lane(i)).sum()
    }
}

impl Lanes for EF {
    const LOG: usize = 0;
    fn from_lanes(f: impl Fn(usize) -> EF) -> Self {
        f(0)
    }
    fn lane(self, _: usize) -> EF {
        self
    }
}

impl Lanes for PackedQuinticTrinomialExtensionField<F, PackedF> {
    const LOG: usize = LOG_LANES;
    fn from_lanes(f: impl Fn(usize) -> EF) -> Self {
        Self::from_ext_fn(f)
    }
    fn lane(self, i: usize) -> EF {
        let vectors: &[PackedF] = self.as_basis_coefficients_slice();
        EF::from_basis_coefficients_fn(|k| vectors[k].as_slice()[i])
    }
}

/// eq(point, ·) in blocks.
pub struct Weights<A> {
    /// The weights within a block.
    pub inner: Vec<A>,
    /// The weight of each block.
    pub outer: Vec<EF>,
}

impl<A: Lanes> Weights<A> {
    /// The weights eq(point, ·) in blocks of one chunk of `tuning`, or one packed element; the
    /// entry of row x is lane x mod 2^LOG of inner[(x / 2^LOG) mod inner.len()], times the weight
    /// of its block.
    ///
    /// # Panics
    /// If the point has fewer than `A::LOG` coordinates.
    #[must_use]
    pub fn new(point: &[EF], tuning: &Tuning) -> Self {
        assert!(
            point.len() >= A::LOG,
            "a packed table has at least a packed element"
        );
        let (outer, inner) =
            point.split_at(point.len() - point.len().min(tuning.log_chunk.max(A::LOG)));
        let scalars = scaled_eq_table(inner, EF::ONE, tuning);
        Self {
            inner: scalars
                .chunks(1 << A::LOG)
                .map(|lanes| A::from_lanes(|i| lanes[i]))
                .collect(),
            outer: scaled_eq_table(outer, EF::ONE, tuning),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::PackedEF;

    fn point(length: usize) -> Vec<EF> {
        (0..length)
            .map(|i| {
                crate::field::from_coordinates(std::array::from_fn(|k| F::from_usize(i * 91 + k)))
            })
            .collect()
    }

    fn check<A: Lanes>(length: usize) {
        let point = point(length);
        let weights = Weights::<A>::new(&point, &Tuning::default());
        for x in 0..1usize << length {
            let expected: EF = (0..length)
                .map(|i| {
                    if x >> (length - 1 - i) & 1 == 1 {
                        point[i]
                    } else {
                        EF::ONE - point[i]
                    }
                })
                .product();
            let (vector, lane) = (x >> A::LOG, x % (1 << A::LOG));
            let block = weights.inner.len();
            let actual = weights.outer[vector / block] * weights.inner[vector % block].lane(lane);
            assert_eq!(actual, expected);
        }
    }

    #[test]
    fn blocks_give_the_table() {
        for length in [0, 1, 5, 12] {
            check::<EF>(length);
        }
        for length in [LOG_LANES, 5, 12] {
            check::<PackedEF>(length);
        }
    }
}
