//! The map from message hashes to the hypercube {0..7}^64, SPEC §23 leansig. Its tables are public
//! for the prover.

use std::sync::LazyLock;

use super::integer::U192;
use crate::field::{F, MODULUS, to_canonical};

/// The number of chains, the dimension of the hypercube.
pub const CHAINS: usize = 64;
/// The greatest coordinate.
pub const GREATEST: usize = 7;
/// The last layer that a hash may be mapped to.
pub const FINAL_LAYER: usize = 77;
/// The sum of the coordinates of a valid encoding.
pub const TARGET_SUM: usize = 375;
/// Elements of a message hash.
pub const MESSAGE_HASH: usize = 15;

const DISTANCES: usize = FINAL_LAYER + 1;

/// What the map needs, computed once.
#[derive(Debug)]
pub struct Tables {
    /// within\[n\]\[d\]: the number of vectors of {0..7}^n at a distance of at most d from the top.
    pub within: [[U192; DISTANCES]; CHAINS + 1],
    /// powers\[k\] = p^k modulo the number of vectors in all layers.
    pub powers: [U192; MESSAGE_HASH],
}

impl Tables {
    /// The number of vectors of length n at a distance below d.
    #[must_use]
    pub fn below(&self, n: usize, d: usize) -> U192 {
        let row = self.within.get(n);
        d.checked_sub(1)
            .and_then(|d| row?.get(d))
            .copied()
            .unwrap_or_default()
    }

    /// The number of vectors in all layers.
    #[must_use]
    pub fn total(&self) -> U192 {
        self.below(CHAINS, DISTANCES)
    }
}

/// Vectors of length n at distance d: j is taken off the first coordinate, so the number is that of
/// length n − 1 at distances d − 7 to d, which is within(n − 1, d) − within(n − 1, d − 8).
pub static TABLES: LazyLock<Box<Tables>> = LazyLock::new(|| {
    let mut tables = Box::new(Tables {
        within: [[U192::default(); DISTANCES]; CHAINS + 1],
        powers: [U192::default(); MESSAGE_HASH],
    });
    tables.within[0] = [U192::from(1); DISTANCES];
    for n in 1..=CHAINS {
        let mut row = [U192::default(); DISTANCES];
        let mut sum = U192::default();
        for (d, number) in row.iter_mut().enumerate() {
            let layer = tables
                .below(n - 1, d + 1)
                .wrapping_sub(tables.below(n - 1, d.saturating_sub(GREATEST)));
            sum = sum.wrapping_add(layer);
            *number = sum;
        }
        if let Some(to) = tables.within.get_mut(n) {
            *to = row;
        }
    }
    let total = tables.total();
    let mut power = U192::from(1);
    for to in &mut tables.powers {
        *to = power;
        power = power.multiply(MODULUS).divide(total).1;
    }
    tables
});

/// §23.6, §23.7: the vector of {0..7}^64 that a message hash is mapped to.
///
/// The vectors whose coordinate is lowered by less than j number
/// Σ_{i<j} (within(rest, d−i) − within(rest, d−i−1)) = within(rest, d) − within(rest, d−j),
/// so that j is the greatest with within(rest, d) − within(rest, d−j) ≤ index.
#[must_use]
pub fn hypercube_vector(hash: &[F; MESSAGE_HASH]) -> [usize; CHAINS] {
    let tables = &**TABLES;
    // Below 15·2^31·2^136 < 2^171.
    let sum = hash
        .iter()
        .rev()
        .zip(tables.powers)
        .map(|(element, power)| power.multiply(to_canonical(*element)))
        .fold(U192::default(), U192::wrapping_add);
    let mut index = sum.divide(tables.total()).1;
    let mut distance = 0;
    while index >= tables.below(CHAINS, distance + 1) && distance < FINAL_LAYER {
        distance += 1;
    }
    index = index.wrapping_sub(tables.below(CHAINS, distance));

    std::array::from_fn(|i| {
        let rest = CHAINS - 1 - i;
        let all = tables.below(rest, distance + 1);
        let lowered = |j: usize| all.wrapping_sub(tables.below(rest, distance + 1 - j));
        // With no coordinate left the last one takes the whole distance: within(0, d) − within(0,
        // d−j) = 0 for j ≤ d.
        let mut j = 0;
        while j < distance.min(GREATEST) && lowered(j + 1) <= index {
            j += 1;
        }
        index = index.wrapping_sub(lowered(j));
        distance -= j;
        GREATEST - j
    })
}
