//! SPEC §20 prover: sizes from which the prover uses packed and parallel code.
//!
//! No result depends on them, and every value works. [`Tuning::smallest`] sends tiny inputs through
//! each packed and parallel path, for tests.

use p3_field::PackedValue;

use crate::field::PackedF;

/// Lanes of a packed element on the instruction set this crate is compiled for; a power of two.
pub const LANES: usize = PackedF::WIDTH;
/// log2 of [`LANES`].
pub const LOG_LANES: usize = LANES.trailing_zeros() as usize;

/// Size thresholds of the prover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Least number of elementary operations (field products or so) that is worth dividing between
    /// threads.
    pub parallel: usize,
    /// Least length of a vector that is worth the packed form.
    pub packed: usize,
    /// log2 of the number of entries of one task of a parallel loop.
    pub log_chunk: usize,
    /// Number of nonces that one task of a grind tries.
    pub grind_chunk: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            parallel: 1 << 12,
            packed: 4 * LANES,
            log_chunk: 10,
            grind_chunk: 1 << 10,
        }
    }
}

impl Tuning {
    /// The tuning under which the smallest inputs take each packed and parallel path.
    #[must_use]
    pub const fn smallest() -> Self {
        Self {
            parallel: 1,
            packed: 1,
            log_chunk: 1,
            grind_chunk: 1,
        }
    }

    /// Whether a loop of `operations` elementary operations is divided between threads.
    #[inline]
    #[must_use]
    pub const fn is_parallel(&self, operations: usize) -> bool {
        operations >= self.parallel
    }

    /// The least number of items of a parallel loop that stay together, of which all take
    /// `operations` elementary operations: all of them, if the loop is not worth dividing.
    #[inline]
    #[must_use]
    pub const fn min_len(&self, operations: usize) -> usize {
        if self.is_parallel(operations) {
            1
        } else {
            usize::MAX
        }
    }

    /// Whether a vector of `length` entries (a power of two) is handled in packed form: it fills at
    /// least one packed element.
    #[inline]
    #[must_use]
    pub const fn is_packed(&self, length: usize) -> bool {
        length >= self.packed && length >= LANES
    }

    /// Number of entries of one task of a parallel loop.
    #[inline]
    #[must_use]
    pub const fn chunk(&self) -> usize {
        let most = (usize::BITS / 2) as usize;
        1 << if self.log_chunk < most {
            self.log_chunk
        } else {
            most
        }
    }
}
