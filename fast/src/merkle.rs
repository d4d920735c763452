//! SPEC §15 merkle.
//!
//! The prover's tree over a row-major matrix: leaves and nodes are hashed a packed permutation at a time, one row or pair of children a lane.
//! The verifier's half is [`verify`].

use rayon::prelude::*;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_symmetric::Permutation;

use crate::field::{F, PackedF};
use crate::permutation::{DIGEST, Digest, hash, hash_pair, poseidon2_16, poseidon2_24};
use crate::tuning::{LANES, Tuning};

pub mod verify;

/// Elements of a row that one permutation absorbs.
const RATE: usize = 16;
/// Permutations of a task of a parallel loop, about.
const TASK: usize = 64;

/// A matrix of 2^l rows over F, its rows stored in bit-reversed order.
#[derive(Clone, Debug)]
pub struct Matrix {
    values: Vec<F>,
    width: usize,
    log_rows: usize,
}

impl Matrix {
    /// The matrix of the given rows, which are stored in bit-reversed order.
    ///
    /// # Panics
    /// If `values` is not 2^log_rows rows of `width` > 0 elements.
    #[must_use]
    pub fn new(values: Vec<F>, width: usize, log_rows: usize) -> Self {
        assert_eq!(values.len(), width << log_rows);
        assert!(width > 0);
        Self {
            values,
            width,
            log_rows,
        }
    }

    /// Elements of a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// log2 of the number of rows.
    #[must_use]
    pub const fn log_rows(&self) -> usize {
        self.log_rows
    }

    /// Row `index`.
    pub fn row(&self, index: usize) -> &[F] {
        let stored = reverse(index, self.log_rows);
        &self.values[stored * self.width..(stored + 1) * self.width]
    }
}

/// The index of `bits` bits in reverse.
const fn reverse(index: usize, bits: usize) -> usize {
    if bits == 0 {
        0
    } else {
        index.reverse_bits() >> (usize::BITS as usize - bits)
    }
}

/// The digests of a tree, leaves first, root last.
#[derive(Clone, Debug)]
pub struct Tree {
    layers: Vec<Vec<Digest>>,
}

impl Tree {
    /// The tree of a matrix.
    #[must_use]
    pub fn new(matrix: &Matrix, tuning: &Tuning) -> Self {
        let mut layers = vec![leaves(matrix, tuning)];
        while let Some(layer) = layers.last()
            && layer.len() > 1
        {
            layers.push(nodes(layer, tuning));
        }
        Self { layers }
    }

    /// The root.
    ///
    /// # Panics
    /// Never: a tree has a layer of one digest.
    pub fn root(&self) -> &Digest {
        &self.layers[self.layers.len() - 1][0]
    }

    /// The siblings that an opening of the rows at `indices`, ascending and distinct, gives.
    #[must_use]
    pub fn siblings(&self, indices: &[usize]) -> Vec<Digest> {
        let mut known = indices.to_vec();
        let mut siblings = Vec::new();
        for layer in &self.layers[..self.layers.len() - 1] {
            let mut parents = Vec::with_capacity(known.len());
            let mut rest = known.as_slice();
            while let Some((index, left)) = rest.split_first() {
                rest = left;
                if left.first() == Some(&(index ^ 1)) {
                    rest = &left[1..];
                } else {
                    siblings.push(layer[index ^ 1]);
                }
                parents.push(index / 2);
            }
            known = parents;
        }
        siblings
    }
}

/// The hashes of the rows, in order. Rows are hashed as they are stored, [`LANES`] at a time.
fn leaves(matrix: &Matrix, tuning: &Tuning) -> Vec<Digest> {
    let rows = 1 << matrix.log_rows;
    let width = matrix.width;
    let blocks = width.div_ceil(RATE);
    let mut stored = vec![[F::ZERO; DIGEST]; rows];
    if !tuning.is_packed(rows) {
        for (digest, row) in stored.iter_mut().zip(matrix.values.chunks_exact(width)) {
            *digest = hash(row);
        }
    } else {
        let task = LANES * (TASK >> tuning.log_chunk.min(3)).div_ceil(blocks);
        let work = |(digests, rows): (&mut [Digest], &[F])| {
            for (digests, rows) in digests
                .chunks_exact_mut(LANES)
                .zip(rows.chunks_exact(width * LANES))
            {
                hash_rows(rows, width, digests);
            }
        };
        let task = task.min(rows);
        if tuning.is_parallel(rows * blocks * RATE) {
            stored
                .par_chunks_mut(task)
                .zip(matrix.values.par_chunks(task * width))
                .for_each(work);
        } else {
            work((&mut stored, &matrix.values));
        }
    }
    let log_rows = matrix.log_rows;
    let order = |index: usize| stored[reverse(index, log_rows)];
    if tuning.is_parallel(rows) {
        (0..rows).into_par_iter().map(order).collect()
    } else {
        (0..rows).map(order).collect()
    }
}

/// `hash` of [`LANES`] consecutive rows.
fn hash_rows(rows: &[F], width: usize, digests: &mut [Digest]) {
    let mut state = [PackedF::ZERO; 24];
    state[RATE] = PackedF::from(F::from_usize(width));
    let mut first = 0;
    while first < width {
        let count = RATE.min(width - first);
        let block: [PackedF; RATE] = PackedF::pack_columns_fn(|lane| {
            let row = &rows[lane * width + first..][..count];
            row.try_into().unwrap_or_else(|_| {
                let mut padded = [F::ZERO; RATE];
                padded[..count].copy_from_slice(row);
                padded
            })
        });
        state[..RATE].copy_from_slice(&block);
        poseidon2_24().permute_mut(&mut state);
        first += RATE;
    }
    unpack_digests(&state, digests);
}

fn unpack_digests(state: &[PackedF], digests: &mut [Digest]) {
    for (lane, digest) in digests.iter_mut().enumerate() {
        *digest = std::array::from_fn(|i| state[i].as_slice()[lane]);
    }
}

/// The layer above a layer.
fn nodes(layer: &[Digest], tuning: &Tuning) -> Vec<Digest> {
    let count = layer.len() / 2;
    let (pairs, _) = layer.as_chunks::<2>();
    if !tuning.is_packed(count) {
        return pairs
            .iter()
            .map(|[left, right]| hash_pair(left, right))
            .collect();
    }
    let mut result = vec![[F::ZERO; DIGEST]; count];
    let work = |(out, pairs): (&mut [Digest], &[[Digest; 2]])| {
        for (out, pairs) in out.chunks_exact_mut(LANES).zip(pairs.chunks_exact(LANES)) {
            let input: [PackedF; 2 * DIGEST] = PackedF::pack_columns_fn(|lane| {
                let [left, right] = &pairs[lane];
                std::array::from_fn(|i| {
                    if i < DIGEST {
                        left[i]
                    } else {
                        right[i - DIGEST]
                    }
                })
            });
            let mut state = input;
            poseidon2_16().permute_mut(&mut state);
            let output: [PackedF; DIGEST] = std::array::from_fn(|i| state[i] + input[i]);
            unpack_digests(&output, out);
        }
    };
    let task = (LANES * (TASK >> tuning.log_chunk.min(3))).min(count);
    if tuning.is_parallel(count * RATE) {
        result
            .par_chunks_mut(task)
            .zip(pairs.par_chunks(task))
            .for_each(work);
    } else {
        work((&mut result, pairs));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::verify::{sibling_count, verify};
    use super::*;
    use crate::multilinear::tests::{Generator, TUNINGS};
    use crate::rejection::Rejection;

    fn naive_root(rows: &[Vec<F>]) -> Digest {
        let mut layer: Vec<Digest> = rows.iter().map(|row| hash(row)).collect();
        while layer.len() > 1 {
            layer = layer.chunks(2).map(|p| hash_pair(&p[0], &p[1])).collect();
        }
        layer[0]
    }

    #[test]
    fn roots_and_openings() {
        let mut random = Generator(5);
        for (log_rows, width) in [(0, 3), (1, 1), (3, 16), (5, 17), (6, 40), (8, 5)] {
            let rows: Vec<Vec<F>> = (0..1 << log_rows).map(|_| random.bases(width)).collect();
            let stored: Vec<F> = (0..1 << log_rows)
                .flat_map(|i| rows[reverse(i, log_rows)].clone())
                .collect();
            let matrix = Matrix::new(stored, width, log_rows);
            for tuning in TUNINGS.map(|t| t()) {
                let tree = Tree::new(&matrix, &tuning);
                assert_eq!(*tree.root(), naive_root(&rows));
                for _ in 0..4 {
                    let mut indices: Vec<usize> = (0..5)
                        .map(|_| random.word() as usize % (1 << log_rows))
                        .collect();
                    indices.sort_unstable();
                    indices.dedup();
                    let opened: Vec<&[F]> = indices.iter().map(|i| matrix.row(*i)).collect();
                    for (index, row) in indices.iter().zip(&opened) {
                        assert_eq!(*row, rows[*index]);
                    }
                    let siblings = tree.siblings(&indices);
                    assert_eq!(siblings.len(), sibling_count(&indices, log_rows));
                    let flat: Vec<F> = siblings.iter().flatten().copied().collect();
                    verify(tree.root(), log_rows, &indices, &opened, &flat).unwrap();
                    for i in 0..flat.len() {
                        let mut bad = flat.clone();
                        bad[i] += F::ONE;
                        let error = verify(tree.root(), log_rows, &indices, &opened, &bad);
                        assert_eq!(error.unwrap_err().rejection, Rejection::MerklePath);
                    }
                    for position in 0..indices.len() {
                        let mut row = opened[position].to_vec();
                        row[0] += F::ONE;
                        let mut bad = opened.clone();
                        bad[position] = &row;
                        let error = verify(tree.root(), log_rows, &indices, &bad, &flat);
                        assert_eq!(error.unwrap_err().rejection, Rejection::MerklePath);
                    }
                }
            }
        }
    }
}
