//! 192-bit integers for the hypercube of SPEC §22 leansig: the number of vectors is below 2^136.

use std::cmp::Ordering;

/// Digits in base 2^14 of an integer below 2^140.
pub(super) const LIMBS: usize = 10;

/// An integer below 2^192, words in base 2^64, the lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct U192([u64; 3]);

impl From<u64> for U192 {
    fn from(value: u64) -> Self {
        Self([value, 0, 0])
    }
}

impl U192 {
    /// self + other modulo 2^192.
    pub(super) fn add(self, other: Self) -> Self {
        let mut carry = false;
        let mut sum = self;
        for (x, y) in sum.0.iter_mut().zip(other.0) {
            (*x, carry) = x.carrying_add(y, carry);
        }
        sum
    }

    /// self − other modulo 2^192.
    pub(super) fn subtract(self, other: Self) -> Self {
        let mut borrow = false;
        let mut difference = self;
        for (x, y) in difference.0.iter_mut().zip(other.0) {
            (*x, borrow) = x.borrowing_sub(y, borrow);
        }
        difference
    }

    /// self·factor modulo 2^192.
    pub(super) fn multiply(self, factor: u32) -> Self {
        let mut carry = 0;
        let mut product = self;
        for x in &mut product.0 {
            (*x, carry) = x.carrying_mul(u64::from(factor), carry);
        }
        product
    }

    /// Quotient and remainder, where self < 2^40·divisor and divisor < 2^151.
    pub(super) fn divide(self, divisor: Self) -> (u64, Self) {
        let mut quotient = 0;
        let mut remainder = self;
        for shift in (0..40).rev() {
            let multiple = divisor.shift(shift);
            quotient <<= 1;
            if remainder >= multiple {
                remainder = remainder.subtract(multiple);
                quotient |= 1;
            }
        }
        (quotient, remainder)
    }

    /// The digits in base 2^14 of an integer below 2^140, the lowest first.
    pub(super) fn limbs(self) -> [u32; LIMBS] {
        std::array::from_fn(|i| {
            let shift = 14 * i as u32;
            let words =
                u128::from(self.word(shift / 64)) | (u128::from(self.word(shift / 64 + 1)) << 64);
            ((words >> (shift % 64)) & 0x3fff) as u32
        })
    }

    fn word(self, i: u32) -> u64 {
        self.0.get(i as usize).copied().unwrap_or(0)
    }

    /// self·2^bits modulo 2^192, for bits below 64.
    pub(super) fn shift(self, bits: u32) -> Self {
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
