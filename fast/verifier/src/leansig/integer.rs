//! 192-bit integers for the hypercube of SPEC §23 leansig: the number of vectors is below 2^136.
//! Public for the prover.

use std::cmp::Ordering;

/// Digits in base 2^14 of an integer below 2^140.
pub const LIMBS: usize = 10;

/// An integer below 2^192, words in base 2^64, the lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct U192([u64; 3]);

impl From<u64> for U192 {
    fn from(value: u64) -> Self {
        Self([value, 0, 0])
    }
}

impl U192 {
    /// self + other modulo 2^192.
    #[must_use]
    pub fn wrapping_add(self, other: Self) -> Self {
        let mut carry = false;
        let mut sum = self;
        for (x, y) in sum.0.iter_mut().zip(other.0) {
            (*x, carry) = x.carrying_add(y, carry);
        }
        sum
    }

    /// self − other modulo 2^192.
    #[must_use]
    pub fn wrapping_sub(self, other: Self) -> Self {
        let mut borrow = false;
        let mut difference = self;
        for (x, y) in difference.0.iter_mut().zip(other.0) {
            (*x, borrow) = x.borrowing_sub(y, borrow);
        }
        difference
    }

    /// self·factor modulo 2^192.
    #[must_use]
    pub fn multiply(self, factor: u32) -> Self {
        let mut carry = 0;
        let mut product = self;
        for x in &mut product.0 {
            (*x, carry) = x.carrying_mul(u64::from(factor), carry);
        }
        product
    }

    /// Quotient and remainder, where self < 2^40·divisor and divisor < 2^151.
    #[must_use]
    pub fn divide(self, divisor: Self) -> (u64, Self) {
        let mut quotient = 0;
        let mut remainder = self;
        for shift in (0..40).rev() {
            let multiple = divisor.shift(shift);
            quotient <<= 1;
            if remainder >= multiple {
                remainder = remainder.wrapping_sub(multiple);
                quotient |= 1;
            }
        }
        (quotient, remainder)
    }

    /// The digits in base 2^14 of an integer below 2^140, the lowest first.
    #[must_use]
    pub fn limbs(self) -> [u32; LIMBS] {
        let [first, second, third] = self.0;
        let mut low = u128::from(first) | u128::from(second) << 64;
        let mut high = u128::from(third);
        [0; LIMBS].map(|_| {
            let limb = u32::try_from(low & 0x3fff).unwrap_or(0);
            low = low >> 14 | (high & 0x3fff) << 114;
            high >>= 14;
            limb
        })
    }

    /// self·2^bits modulo 2^192, for bits below 64.
    #[must_use]
    pub fn shift(self, bits: u32) -> Self {
        let mut carry = 0;
        let mut shifted = self;
        for x in &mut shifted.0 {
            (*x, carry) = x.carrying_mul(1 << bits, carry);
        }
        shifted
    }
}

impl Ord for U192 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

impl PartialOrd for U192 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
