//! The shape of a proof from its header alone, computed by the harness itself from SPEC §9, §13,
//! §15, §17 and §18.

use crate::canonical::words_of;
use crate::twins::Options;

/// Number of tables.
pub const TABLES: usize = 22;
/// Words of the header of a proof (SPEC §19).
pub const HEADER_WORDS: usize = 4 + TABLES - 1;
/// The name of each table.
pub const NAMES: [&str; TABLES] = [
    "BYTECODE",
    "MEMORY",
    "ADD",
    "MUL",
    "DEREF",
    "JUMP",
    "POSEIDON_8",
    "POSEIDON_16",
    "POSEIDON_24",
    "DOT_PRODUCT",
    "DOT_TERM",
    "EQ",
    "EQ_TERM",
    "POSEIDON_16_HALVES",
    "CHAIN",
    "CHAIN_TERM",
    "CHAIN_STEP",
    "PATH",
    "PATH_STEP",
    "SPONGE",
    "SPONGE_STEP",
    "DOT_QUAD",
];
/// Columns of each table.
pub const COLUMNS: [usize; TABLES] = [
    1, 19, 14, 14, 11, 14, 60, 72, 95, 21, 20, 21, 20, 59, 29, 25, 37, 31, 45, 35, 48, 33,
];
/// Interactions of each table.
pub const INTERACTIONS: [usize; TABLES] = [
    1, 11, 6, 6, 6, 6, 8, 10, 13, 13, 12, 13, 12, 11, 11, 7, 2, 11, 4, 11, 4, 8,
];
/// Coefficients of a round of the zerocheck.
pub const ZEROCHECK_ROUND: usize = 6;

/// Of each hash table T: T, and the numbers of its columns `in`, `s` and `y` and the width.
pub const HASHES: [(usize, [usize; 4]); 7] = [
    (6, [8, 20, 16, 16]),
    (7, [16, 20, 16, 16]),
    (8, [24, 23, 24, 24]),
    (13, [16, 20, 4, 16]),
    (16, [12, 20, 4, 16]),
    (18, [16, 20, 4, 16]),
    (20, [16, 20, 8, 16]),
];

/// The least k with 2^k ≥ n.
#[must_use]
pub fn log2ceil(n: usize) -> usize {
    n.next_power_of_two().trailing_zeros() as usize
}

/// Sizes of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// n_T.
    pub rows: [usize; TABLES],
    /// m.
    pub log_leaves: usize,
    /// H.
    pub log_height: usize,
    /// The number of cells of the stack.
    pub cells: usize,
    /// μ.
    pub log_stack: usize,
}

/// n rounded up as SPEC §17 says.
#[must_use]
pub fn cover(n: usize) -> usize {
    let bits = (usize::BITS - n.leading_zeros()) as usize;
    n.next_multiple_of(1 << 3.max(bits.saturating_sub(5)))
}

impl Shape {
    /// The shape of a proof of a program with so many instructions.
    ///
    /// # Panics
    /// If the proof has no header.
    #[must_use]
    pub fn of(proof: &[u8], instructions: usize, options: &Options) -> Self {
        let words = words_of(proof);
        let mut rows = [instructions; TABLES];
        for (table, n) in rows.iter_mut().enumerate().skip(1) {
            *n = words[3 + table] as usize;
        }
        let present: Vec<usize> = (0..TABLES).filter(|table| rows[*table] > 0).collect();
        let height = |table: &usize| log2ceil(rows[*table]).max(3);
        let leaves: usize = present
            .iter()
            .map(|table| INTERACTIONS[*table] << height(table))
            .sum();
        let cells: usize = present
            .iter()
            .map(|table| COLUMNS[*table] * cover(rows[*table]))
            .sum();
        let min_stack = [10, 14, 16][options.set as usize - 1];
        Self {
            rows,
            log_leaves: log2ceil(leaves),
            log_height: present.iter().map(height).max().unwrap_or(3),
            cells,
            log_stack: log2ceil(cells).max(min_stack),
        }
    }
}
