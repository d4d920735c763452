//! Non-negative integers of any size, for the hypercube of SPEC §23 leansig.

use core::cmp::Ordering;

/// A non-negative integer: words in base 2^32, the lowest first, the last not zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integer(Vec<u32>);

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self::from_words(vec![value as u32, (value >> 32) as u32])
    }
}

impl Integer {
    /// The integer of these words, the lowest first.
    pub fn from_words(mut words: Vec<u32>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }

    /// The words, the lowest first, without zeros at the end.
    pub fn words(&self) -> &[u32] {
        &self.0
    }

    /// Word i, which is 0 beyond the last.
    fn word(&self, i: usize) -> u64 {
        self.0.get(i).copied().map_or(0, u64::from)
    }

    /// self + other.
    pub fn add(&self, other: &Self) -> Self {
        let mut words = Vec::new();
        let mut carry = 0;
        for i in 0..=self.0.len().max(other.0.len()) {
            let sum = self.word(i) + other.word(i) + carry;
            words.push(sum as u32);
            carry = sum >> 32;
        }
        Self::from_words(words)
    }

    /// self − other.
    ///
    /// # Panics
    /// If other > self.
    pub fn subtract(&self, other: &Self) -> Self {
        assert!(self >= other, "the difference is negative");
        let mut words = Vec::new();
        let mut borrow = 0;
        for i in 0..self.0.len() {
            let difference = (1 << 32) + self.word(i) - other.word(i) - borrow;
            words.push(difference as u32);
            borrow = 1 - (difference >> 32);
        }
        Self::from_words(words)
    }

    /// self·factor + summand.
    pub fn multiply_add(&self, factor: u32, summand: u32) -> Self {
        let mut words = Vec::new();
        let mut carry = u64::from(summand);
        for i in 0..=self.0.len() {
            let product = self.word(i) * u64::from(factor) + carry;
            words.push(product as u32);
            carry = product >> 32;
        }
        Self::from_words(words)
    }

    /// Quotient and remainder by a word that is not 0.
    pub fn divide_by_word(&self, divisor: u32) -> (Self, u32) {
        let mut words = vec![0; self.0.len()];
        let mut remainder = 0;
        for i in (0..self.0.len()).rev() {
            let dividend = (remainder << 32) + self.word(i);
            words[i] = (dividend / u64::from(divisor)) as u32;
            remainder = dividend % u64::from(divisor);
        }
        (Self::from_words(words), remainder as u32)
    }

    /// self modulo a divisor that is not 0, bit by bit.
    pub fn remainder(&self, divisor: &Self) -> Self {
        let mut remainder = Self::from(0);
        for word in self.0.iter().rev() {
            for bit in (0..32).rev() {
                remainder = remainder.multiply_add(2, (word >> bit) & 1);
                if remainder >= *divisor {
                    remainder = remainder.subtract(divisor);
                }
            }
        }
        remainder
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        for i in (0..self.0.len().max(other.0.len())).rev() {
            let order = self.word(i).cmp(&other.word(i));
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
