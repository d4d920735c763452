//! SPEC §16 merkle.
//!
//! A matrix of 2^l rows is committed by the root of a binary tree of hashes of its rows.

use crate::field::Felt;
use crate::permutation::{Digest, hash, hash_pair};
use crate::rejection::{Error, Rejection};

/// A committed matrix: its rows and the digests of all levels, the leaves first, the root last.
#[derive(Clone, Debug)]
pub struct Tree {
    rows: Vec<Vec<Felt>>,
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// The tree of a matrix.
    ///
    /// # Panics
    /// If the number of rows is not a power of two.
    pub fn new(rows: Vec<Vec<Felt>>) -> Self {
        assert!(rows.len().is_power_of_two());
        let mut level: Vec<Digest> = rows.iter().map(|row| hash(row)).collect();
        let mut levels = vec![level.clone()];
        while level.len() > 1 {
            level = level
                .chunks_exact(2)
                .map(|pair| hash_pair(&pair[0], &pair[1]))
                .collect();
            levels.push(level.clone());
        }
        Self { rows, levels }
    }

    /// The root.
    pub fn root(&self) -> Digest {
        self.levels[self.levels.len() - 1][0]
    }

    /// The base-2 logarithm of the number of rows.
    pub fn log_rows(&self) -> u32 {
        self.levels.len() as u32 - 1
    }

    /// The rows at these indices, which ascend and are distinct.
    pub fn rows(&self, indices: &[usize]) -> Vec<Vec<Felt>> {
        indices.iter().map(|&i| self.rows[i].clone()).collect()
    }

    /// The siblings that the verifier does not know, level by level from the leaves.
    pub fn siblings(&self, indices: &[usize]) -> Vec<Digest> {
        sibling_positions(self.log_rows(), indices)
            .into_iter()
            .map(|(level, index)| self.levels[level][index])
            .collect()
    }
}

/// The (level, index) of each sibling of an opening, in the order in which they are given.
fn sibling_positions(log_rows: u32, indices: &[usize]) -> Vec<(usize, usize)> {
    let mut known = indices.to_vec();
    let mut positions = Vec::new();
    for level in 0..log_rows as usize {
        for &index in &known {
            let sibling = index ^ 1;
            if known.binary_search(&sibling).is_err() {
                positions.push((level, sibling));
            }
        }
        for index in &mut known {
            *index /= 2;
        }
        known.dedup();
    }
    positions
}

/// The number of siblings in an opening of these indices, which ascend and are distinct.
pub fn num_siblings(log_rows: u32, indices: &[usize]) -> usize {
    sibling_positions(log_rows, indices).len()
}

/// Checks that the rows at these indices, which ascend and are distinct, hash to the root.
///
/// # Errors
/// `merkle-path`, also when the number of rows or siblings is not that of the indices.
pub fn verify(
    root: &Digest,
    log_rows: u32,
    indices: &[usize],
    rows: &[Vec<Felt>],
    siblings: &[Digest],
) -> Result<(), Error> {
    // §16.1.
    let mut known: Vec<(usize, Digest)> = Vec::new();
    for (&index, row) in indices.iter().zip(rows) {
        known.push((index, hash(row)));
    }
    // §16.2.
    let mut siblings = siblings.iter();
    for level in 0..log_rows {
        let mut parents = Vec::new();
        let mut nodes = known.into_iter().peekable();
        while let Some((index, digest)) = nodes.next() {
            // The right sibling is known, or the sibling is in the opening.
            let right = nodes.next_if(|(other, _)| index % 2 == 0 && *other == index + 1);
            let sibling = match right {
                Some((_, right)) => right,
                None => *siblings.next().ok_or_else(|| {
                    Error::new(Rejection::MerklePath, format!("level {level}: no sibling"))
                })?,
            };
            let parent = if index % 2 == 0 {
                hash_pair(&digest, &sibling)
            } else {
                hash_pair(&sibling, &digest)
            };
            parents.push((index / 2, parent));
        }
        known = parents;
    }
    // §16.3.
    if known == [(0, *root)] && siblings.next().is_none() && indices.len() == rows.len() {
        Ok(())
    } else {
        Err(Error::new(
            Rejection::MerklePath,
            "the opening does not hash to the root",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(log_rows: u32, width: u64) -> Tree {
        let rows = (0..1_u64 << log_rows)
            .map(|i| (0..width).map(|j| Felt::new(i * width + j + 1)).collect())
            .collect();
        Tree::new(rows)
    }

    #[test]
    fn every_set_of_rows_of_a_small_tree_opens() {
        let tree = tree(3, 5);
        for set in 1..256_usize {
            let indices: Vec<usize> = (0..8).filter(|i| (set >> i) & 1 == 1).collect();
            let siblings = tree.siblings(&indices);
            assert_eq!(siblings.len(), num_siblings(3, &indices));
            let rows = tree.rows(&indices);
            verify(&tree.root(), 3, &indices, &rows, &siblings).unwrap();
        }
        assert_eq!(num_siblings(3, &[0, 1, 2, 3, 4, 5, 6, 7]), 0);
        assert_eq!(num_siblings(3, &[0, 1, 2]), 2);
    }

    #[test]
    fn a_change_of_any_element_is_found() {
        let tree = tree(4, 3);
        let indices = [1, 4, 5, 15];
        let rows = tree.rows(&indices);
        let siblings = tree.siblings(&indices);
        let refused = |indices: &[usize], rows: &[Vec<Felt>], siblings: &[Digest]| {
            let result = verify(&tree.root(), 4, indices, rows, siblings);
            assert_eq!(result.unwrap_err().rejection, Rejection::MerklePath);
        };
        for i in 0..rows.len() {
            for j in 0..3 {
                let mut changed = rows.clone();
                changed[i][j] += Felt::ONE;
                refused(&indices, &changed, &siblings);
            }
        }
        assert!(!siblings.is_empty());
        for i in 0..siblings.len() {
            for j in 0..8 {
                let mut changed = siblings.clone();
                changed[i][j] += Felt::ONE;
                refused(&indices, &rows, &changed);
            }
        }
        refused(&[0, 4, 5, 15], &rows, &siblings);
        refused(&indices, &rows, &siblings[1..]);
        refused(&indices, &rows[..3], &siblings);
        refused(&[], &[], &[]);
    }

    #[test]
    fn a_tree_of_one_row_is_its_hash() {
        let tree = tree(0, 20);
        let rows = tree.rows(&[0]);
        assert_eq!(tree.root(), hash(&rows[0]));
        verify(&tree.root(), 0, &[0], &rows, &[]).unwrap();
    }
}
