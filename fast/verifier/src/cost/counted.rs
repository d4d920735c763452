//! E for tests, which counts its products by thread: squares too, but not doubles, halves and
//! multiples by powers of 2. Permutations are counted too, all that happen.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use p3_field::extension::QuinticTrinomialExtensionField;
use p3_field::{
    Algebra, BasedVectorSpace, PrimeCharacteristicRing, impl_add_assign, impl_add_base_field,
    impl_sub_assign, impl_sub_base_field, ring_sum,
};

use super::Permutations;
use crate::field::F;

type Plain = QuinticTrinomialExtensionField<F>;

/// What has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) permutations: Permutations,
    /// Products of two elements of E.
    pub(crate) extension: usize,
    /// Products of an element of E and one of F.
    pub(crate) base: usize,
}

thread_local! {
    static COUNT: Cell<Count> = Cell::default();
    static PHASES: RefCell<Vec<Count>> = RefCell::default();
}

/// Counts something.
pub(crate) fn count(what: impl FnOnce(&mut Count)) {
    let mut count = COUNT.get();
    what(&mut count);
    COUNT.set(count);
}

/// A phase of a verification ends.
pub(crate) fn end_phase() {
    PHASES.with_borrow_mut(|phases| phases.push(COUNT.take()));
}

/// The result of a verification, and the count of each of its phases.
pub(crate) fn by_phase<T>(verify: impl FnOnce() -> T) -> (T, Vec<Count>) {
    COUNT.take();
    PHASES.take();
    (verify(), PHASES.take())
}

/// An element of E.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted(Plain);

impl Counted {
    /// Its coordinates.
    pub(crate) fn as_basis_coefficients_slice(&self) -> &[F] {
        self.0.as_basis_coefficients_slice()
    }

    /// Elements of these coordinates.
    pub(crate) const fn new_array(list: [[F; 5]; 1]) -> [Self; 1] {
        let [element] = Plain::new_array(list);
        [Self(element)]
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<F> for Counted {
    fn from(value: F) -> Self {
        Self(Plain::from(value))
    }
}

/// An operator, with what it counts.
macro_rules! operator {
    ($name:ident $method:ident, $other:ident: $type:ty => $value:expr, $count:expr) => {
        impl $name<$type> for Counted {
            type Output = Self;
            fn $method(self, $other: $type) -> Self {
                count($count);
                Self(self.0.$method($value))
            }
        }
    };
}

operator!(Add add, other: Self => other.0, |_| ());
operator!(Sub sub, other: Self => other.0, |_| ());
operator!(Mul mul, other: Self => other.0, |count| count.extension += 1);
operator!(Mul mul, other: F => other, |count| count.base += 1);

impl Neg for Counted {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<T> MulAssign<T> for Counted
where
    Self: Mul<T, Output = Self>,
{
    fn mul_assign(&mut self, other: T) {
        *self = *self * other;
    }
}

/// As that of p3: the first factor is not multiplied by 1.
impl Product for Counted {
    fn product<I: Iterator<Item = Self>>(iterator: I) -> Self {
        let product = iterator.reduce(|product, x| product * x);
        product.unwrap_or(Self::ONE)
    }
}

impl_add_assign!(Counted);
impl_sub_assign!(Counted);
impl_add_base_field!(Counted, F);
impl_sub_base_field!(Counted, F);
ring_sum!(Counted);

impl PrimeCharacteristicRing for Counted {
    type PrimeSubfield = F;

    const ZERO: Self = Self(Plain::ZERO);
    const ONE: Self = Self(Plain::ONE);
    const TWO: Self = Self(Plain::TWO);
    const NEG_ONE: Self = Self(Plain::NEG_ONE);

    fn from_prime_subfield(value: F) -> Self {
        Self(Plain::from_prime_subfield(value))
    }

    fn halve(&self) -> Self {
        Self(self.0.halve())
    }

    fn mul_2exp_u64(&self, exponent: u64) -> Self {
        Self(self.0.mul_2exp_u64(exponent))
    }
}

impl Algebra<F> for Counted {}
