//! SPEC §1 field.
//!
//! F is p3's KoalaBear, E its quintic extension by X^5 + X^2 − 1. The canonical form is the integer
//! in `0..MODULUS`; p3 keeps Montgomery form inside, so every conversion to and from bytes goes
//! through this module.

#[cfg(not(test))]
use p3_field::BasedVectorSpace;
#[cfg(not(test))]
use p3_field::extension::QuinticTrinomialExtensionField;
use p3_field::{PrimeField32, TwoAdicField};
use p3_koala_bear::KoalaBear;

/// The base field.
pub type F = KoalaBear;
/// The extension field `F[X]/(X^5 + X^2 − 1)`.
#[cfg(not(test))]
pub type EF = QuinticTrinomialExtensionField<F>;
/// The extension field, which counts its products.
#[cfg(test)]
pub type EF = crate::cost::counted::Counted;

/// The modulus p = 2^31 − 2^24 + 1.
pub const MODULUS: u32 = (1 << 31) - (1 << 24) + 1;
/// Dimension of E over F.
pub const DIMENSION: usize = 5;
/// Greatest k such that F has a subgroup of order 2^k.
pub const TWO_ADICITY: usize = 24;

/// The element of canonical form `value`, or `None` if it is at least p (§1.1).
#[inline]
#[must_use]
pub const fn from_canonical(value: u32) -> Option<F> {
    if value < MODULUS {
        Some(F::new(value))
    } else {
        None
    }
}

/// The canonical form of an element.
#[inline]
#[must_use]
pub fn to_canonical(value: F) -> u32 {
    value.as_canonical_u32()
}

/// The five coordinates of an element of E, that of X^0 first.
#[inline]
pub fn coordinates(value: EF) -> [F; DIMENSION] {
    let mut result = [F::new(0); DIMENSION];
    for (to, from) in result.iter_mut().zip(value.as_basis_coefficients_slice()) {
        *to = *from;
    }
    result
}

/// The element of E of the given coordinates, that of X^0 first.
#[inline]
pub fn from_coordinates(coordinates: [F; DIMENSION]) -> EF {
    let [element] = EF::new_array([coordinates]);
    element
}

/// The generator 3^((p−1)/2^k) of the subgroup of order 2^k.
///
/// # Panics
/// If k > 24.
pub fn root_of_unity(k: usize) -> F {
    assert!(k <= TWO_ADICITY, "F has no subgroup of order 2^{k}");
    F::two_adic_generator(k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use p3_field::PrimeCharacteristicRing;

    #[test]
    fn extension_modulus() {
        let x = from_coordinates([0, 1, 0, 0, 0].map(F::new));
        let power = x * x * x * x * x;
        assert_eq!(
            coordinates(power),
            [F::ONE, F::ZERO, F::NEG_ONE, F::ZERO, F::ZERO]
        );
    }

    #[test]
    fn roots_are_powers_of_three() {
        for k in 0..=TWO_ADICITY {
            let expected = F::new(3).exp_u64(u64::from(MODULUS - 1) >> k);
            assert_eq!(root_of_unity(k), expected);
        }
    }

    #[test]
    fn canonical_forms() {
        assert_eq!(from_canonical(MODULUS), None);
        assert_eq!(from_canonical(MODULUS - 1), Some(F::NEG_ONE));
        assert_eq!(to_canonical(F::NEG_ONE), MODULUS - 1);
    }
}
