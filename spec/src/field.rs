//! SPEC §1 field.
//!
//! [`Felt`] is an element of F = Z/p, stored as its canonical form. [`Ext`] is an element of E =
//! F\[X\]/(X^5 + X^2 − 1), stored as its five coordinates, that of X^0 first.

use core::fmt;
use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// The modulus p = 2^31 − 2^24 + 1 of the base field.
pub const MODULUS: u64 = (1 << 31) - (1 << 24) + 1;

/// The greatest k for which F has a subgroup of order 2^k.
pub const TWO_ADICITY: u32 = 24;

/// The degree of the extension field over the base field.
pub const DEGREE: usize = 5;

/// What formulas that hold over F as well as over E are written with.
pub trait Element:
    Copy
    + PartialEq
    + fmt::Debug
    + From<Felt>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
}

impl Element for Felt {}
impl Element for Ext {}

/// An element of the base field F, in canonical form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Felt(u32);

impl Felt {
    /// The neutral element of addition.
    pub const ZERO: Self = Self(0);
    /// The neutral element of multiplication.
    pub const ONE: Self = Self(1);
    /// 3, which generates the multiplicative group of F.
    pub const GENERATOR: Self = Self(3);

    /// The residue of an integer modulo p.
    pub const fn new(integer: u64) -> Self {
        Self((integer % MODULUS) as u32)
    }

    /// The element whose canonical form is `word`, or `None` if `word` is not in 0..p (§1.1).
    pub fn from_canonical(word: u32) -> Option<Self> {
        if u64::from(word) < MODULUS {
            Some(Self(word))
        } else {
            None
        }
    }

    /// The canonical form, an integer in 0..p.
    pub const fn value(self) -> u32 {
        self.0
    }

    /// self^exponent, with 0^0 = 1.
    pub fn pow(self, exponent: u64) -> Self {
        let mut power = Self::ONE;
        for bit in (0..64).rev() {
            power *= power;
            if (exponent >> bit) & 1 == 1 {
                power *= self;
            }
        }
        power
    }

    /// The multiplicative inverse, or `None` for zero: x^(p−2) = x^(−1) by Fermat.
    pub fn inverse(self) -> Option<Self> {
        if self == Self::ZERO {
            None
        } else {
            Some(self.pow(MODULUS - 2))
        }
    }
}

/// The generator 3^((p−1)/2^k) of the subgroup of F^× of order 2^k, or `None` if k > 24.
pub fn root_of_unity(k: u32) -> Option<Felt> {
    if k > TWO_ADICITY {
        return None;
    }
    Some(Felt::GENERATOR.pow((MODULUS - 1) >> k))
}

impl fmt::Debug for Felt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl fmt::Display for Felt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl Add for Felt {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(u64::from(self.0) + u64::from(other.0))
    }
}

impl Sub for Felt {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(u64::from(self.0) + MODULUS - u64::from(other.0))
    }
}

impl Mul for Felt {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(u64::from(self.0) * u64::from(other.0))
    }
}

impl Neg for Felt {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl AddAssign for Felt {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Felt {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Felt {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

/// An element of the extension field E.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Ext([Felt; DEGREE]);

impl Ext {
    /// The neutral element of addition.
    pub const ZERO: Self = Self([Felt::ZERO; DEGREE]);
    /// The neutral element of multiplication.
    pub const ONE: Self = Self([Felt::ONE, Felt::ZERO, Felt::ZERO, Felt::ZERO, Felt::ZERO]);

    /// The element with these coordinates, that of X^0 first.
    pub const fn new(coordinates: [Felt; DEGREE]) -> Self {
        Self(coordinates)
    }

    /// The five coordinates, that of X^0 first (§1.2).
    pub const fn coordinates(self) -> [Felt; DEGREE] {
        self.0
    }

    /// self^exponent, with 0^0 = 1.
    pub fn pow(self, exponent: u64) -> Self {
        let mut power = Self::ONE;
        for bit in (0..64).rev() {
            power *= power;
            if (exponent >> bit) & 1 == 1 {
                power *= self;
            }
        }
        power
    }

    /// The multiplicative inverse, or `None` for zero: x^(p^5−2) = x^(−1) by Fermat.
    ///
    /// The digits of p^5 − 2 in base p, the most significant first, are p−1, p−1, p−1, p−1, p−2.
    pub fn inverse(self) -> Option<Self> {
        if self == Self::ZERO {
            return None;
        }
        let mut power = Self::ONE;
        for digit in [
            MODULUS - 1,
            MODULUS - 1,
            MODULUS - 1,
            MODULUS - 1,
            MODULUS - 2,
        ] {
            power = power.pow(MODULUS) * self.pow(digit);
        }
        Some(power)
    }
}

impl From<Felt> for Ext {
    fn from(element: Felt) -> Self {
        Self([element, Felt::ZERO, Felt::ZERO, Felt::ZERO, Felt::ZERO])
    }
}

impl Add for Ext {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl Sub for Ext {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] - other.0[i]))
    }
}

impl Mul for Ext {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let mut product = [Felt::ZERO; 2 * DEGREE - 1];
        for i in 0..DEGREE {
            for j in 0..DEGREE {
                product[i + j] += self.0[i] * other.0[j];
            }
        }
        // X^d = X^(d−5)·X^5 = X^(d−5) − X^(d−3).
        for d in (DEGREE..2 * DEGREE - 1).rev() {
            let coefficient = product[d];
            product[d - 5] += coefficient;
            product[d - 3] -= coefficient;
        }
        Self(core::array::from_fn(|i| product[i]))
    }
}

impl Mul<Felt> for Ext {
    type Output = Self;
    fn mul(self, scalar: Felt) -> Self {
        Self(self.0.map(|coordinate| coordinate * scalar))
    }
}

impl Neg for Ext {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl AddAssign for Ext {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Ext {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Ext {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

#[cfg(test)]
mod tests {
    use p3_field::extension::QuinticTrinomialExtensionField;
    use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing, PrimeField32};
    use p3_koala_bear::KoalaBear;

    use super::*;

    type Oracle = QuinticTrinomialExtensionField<KoalaBear>;

    /// A fixed list of elements with the edge cases first.
    fn sample() -> Vec<Felt> {
        let mut list = vec![0, 1, 2, MODULUS - 1, MODULUS - 2, 1 << 24, 1 << 30];
        let mut seed: u64 = 0x1234_5678_9abc_def1;
        for _ in 0..40 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            list.push(seed >> 33);
        }
        list.into_iter().map(Felt::new).collect()
    }

    fn sample_extension() -> Vec<Ext> {
        let base = sample();
        let mut list = vec![Ext::ZERO, Ext::ONE];
        for window in base.windows(5) {
            list.push(Ext::new([
                window[0], window[1], window[2], window[3], window[4],
            ]));
        }
        list
    }

    fn oracle(element: Felt) -> KoalaBear {
        KoalaBear::from_u32(element.value())
    }

    fn oracle_extension(element: Ext) -> Oracle {
        Oracle::from_basis_coefficients_fn(|i| oracle(element.coordinates()[i]))
    }

    fn back(element: Oracle) -> Ext {
        let coordinates: &[KoalaBear] = element.as_basis_coefficients_slice();
        Ext::new(core::array::from_fn(|i| {
            Felt::new(u64::from(coordinates[i].as_canonical_u32()))
        }))
    }

    #[test]
    fn base_field_equals_the_oracle() {
        for a in sample() {
            assert_eq!(
                a.inverse().map(Felt::value),
                oracle(a).try_inverse().map(|i| i.as_canonical_u32())
            );
            assert_eq!((-a).value(), (-oracle(a)).as_canonical_u32());
            for b in sample() {
                assert_eq!((a + b).value(), (oracle(a) + oracle(b)).as_canonical_u32());
                assert_eq!((a - b).value(), (oracle(a) - oracle(b)).as_canonical_u32());
                assert_eq!((a * b).value(), (oracle(a) * oracle(b)).as_canonical_u32());
            }
        }
    }

    #[test]
    fn extension_field_equals_the_oracle() {
        for a in sample_extension() {
            assert_eq!(a.inverse(), oracle_extension(a).try_inverse().map(back));
            assert_eq!(-a, back(-oracle_extension(a)));
            assert_eq!(a.pow(12345), back(oracle_extension(a).exp_u64(12345)));
            for b in sample_extension() {
                assert_eq!(a + b, back(oracle_extension(a) + oracle_extension(b)));
                assert_eq!(a - b, back(oracle_extension(a) - oracle_extension(b)));
                assert_eq!(a * b, back(oracle_extension(a) * oracle_extension(b)));
            }
            for scalar in sample() {
                assert_eq!(a * scalar, a * Ext::from(scalar));
            }
        }
    }

    #[test]
    fn the_modulus_of_the_extension_is_as_specified() {
        let x = Ext::new([Felt::ZERO, Felt::ONE, Felt::ZERO, Felt::ZERO, Felt::ZERO]);
        assert_eq!(x.pow(5) + x.pow(2) - Ext::ONE, Ext::ZERO);
    }

    #[test]
    fn roots_of_unity_have_their_order() {
        for k in 1..=TWO_ADICITY {
            let root = root_of_unity(k).expect("k is at most 24");
            assert_eq!(root.pow(1 << k), Felt::ONE);
            assert_eq!(root.pow(1 << (k - 1)), -Felt::ONE);
        }
        assert_eq!(root_of_unity(0), Some(Felt::ONE));
        assert_eq!(root_of_unity(25), None);
    }

    #[test]
    fn canonical_words_end_below_the_modulus() {
        assert_eq!(Felt::from_canonical(2_130_706_432), Some(-Felt::ONE));
        assert_eq!(Felt::from_canonical(2_130_706_433), None);
        assert_eq!(Felt::new(u64::MAX).value(), (u64::MAX % MODULUS) as u32);
    }
}
