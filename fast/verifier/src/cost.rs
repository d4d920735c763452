//! What verifying takes, for whoever writes a verifier as a program: permutations, counted where
//! they happen.
//!
//! Products of elements of E depend on sizes only, and are counted in tests: `cargo test -p
//! leanvm-verifier products -- --nocapture` prints them, by phase, for the proofs of the vectors.

use std::ops::AddAssign;

#[cfg(test)]
pub(crate) mod counted;
#[cfg(test)]
mod tests;

/// Permutations by width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permutations {
    /// Of the transcript, of the nodes of trees, and of lists of keys or claims.
    pub width_16: usize,
    /// Of the rows of trees, and of lists of claims of `leansig_dim64`.
    pub width_24: usize,
}

impl AddAssign for Permutations {
    fn add_assign(&mut self, other: Self) {
        self.width_16 = self.width_16.saturating_add(other.width_16);
        self.width_24 = self.width_24.saturating_add(other.width_24);
    }
}

/// The permutations of a verification. The digest of the program is there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Of the phases in order, with their names: an aggregate begins with the `list` of its keys or
    /// claims; the others are `statement`, `commitment`, `lookup`, `permutations`, `zerocheck`,
    /// `opening`, and of the opening apart the rows and nodes of its `trees`.
    pub phases: Vec<(&'static str, Permutations)>,
}

impl Cost {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> Permutations {
        let mut total = Permutations::default();
        for (_, permutations) in &self.phases {
            total += *permutations;
        }
        total
    }

    /// With what hashing the list of an aggregate has taken.
    pub(crate) fn with_list(mut self, permutations: Permutations) -> Self {
        self.phases.insert(0, ("list", permutations));
        self
    }
}
