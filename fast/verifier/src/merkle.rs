//! SPEC §16 merkle, the verifier's half.
//!
//! Scalar; indices are the verifier's own, rows and siblings untrusted.

use crate::cost::Permutations;
use crate::field::F;
use crate::permutation::{DIGEST, Digest, hash, hash_pair, permutations_of_hash};
use crate::rejection::{Error, Rejection};

/// One level up: the parents of ascending distinct nodes, and whether each has both its children
/// among them.
fn parents(known: &[usize]) -> Vec<(usize, bool)> {
    let mut result: Vec<(usize, bool)> = Vec::with_capacity(known.len());
    for index in known {
        match result.last_mut() {
            Some((parent, both)) if *parent == index >> 1 => *both = true,
            _ => result.push((index >> 1, false)),
        }
    }
    result
}

/// Number of siblings in the opening of the rows at `indices`, ascending and distinct.
#[must_use]
pub fn num_siblings(log_rows: usize, indices: &[usize]) -> usize {
    let mut known = indices.to_vec();
    let mut count: usize = 0;
    for _ in 0..log_rows {
        let above = parents(&known);
        count = count.saturating_add(above.iter().filter(|(_, both)| !both).count());
        known = above.into_iter().map(|(index, _)| index).collect();
    }
    count
}

/// Checks an opening: `rows` at `indices`, ascending and distinct, and the elements of the sibling
/// digests. Returns what it has computed.
///
/// # Errors
/// `merkle-path`.
pub fn verify(
    root: &Digest,
    log_rows: usize,
    indices: &[usize],
    rows: &[&[F]],
    siblings: &[F],
) -> Result<Permutations, Error> {
    let reject = || {
        Rejection::MerklePath.at(format!(
            "{} rows of 2^{log_rows} with {} sibling elements do not hash to the root",
            rows.len(),
            siblings.len()
        ))
    };
    let (digests, rest) = siblings.as_chunks::<DIGEST>();
    if !rest.is_empty() || rows.len() != indices.len() || indices.is_empty() {
        return Err(reject());
    }
    let mut digests = digests.iter();
    let mut permutations = Permutations {
        width_16: 0,
        width_24: rows.iter().map(|row| permutations_of_hash(row.len())).sum(),
    };
    // §16.1.
    let mut known: Vec<(usize, Digest)> = indices
        .iter()
        .zip(rows)
        .map(|(index, row)| (*index, hash(row)))
        .collect();
    // §16.2.
    for _ in 0..log_rows {
        let mut above = Vec::with_capacity(known.len());
        let mut nodes = known.iter().peekable();
        while let Some((index, digest)) = nodes.next() {
            let sibling = match nodes.next_if(|(next, _)| *next == index ^ 1) {
                Some((_, sibling)) => sibling,
                None => digests.next().ok_or_else(reject)?,
            };
            let parent = if index & 1 == 0 {
                hash_pair(digest, sibling)
            } else {
                hash_pair(sibling, digest)
            };
            above.push((index >> 1, parent));
        }
        permutations.width_16 = permutations.width_16.saturating_add(above.len());
        known = above;
    }
    // §16.3.
    let valid = digests.next().is_none() && known.iter().all(|(_, digest)| digest == root);
    if valid {
        Ok(permutations)
    } else {
        Err(reject())
    }
}
