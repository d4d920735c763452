//! SPEC §16 merkle, the prover's half.
//!
//! The verifier's half is [`leanvm_verifier::merkle`]. Here is the tree over a row-major matrix.
//! Leaves and nodes are hashed a packed permutation at a time, one row or pair of children a lane.

use rayon::prelude::*;

use p3_field::{PackedFieldPow2, PackedValue, PrimeCharacteristicRing};
use p3_symmetric::Permutation;

use crate::field::{F, PackedF};
use crate::permutation::{DIGEST, Digest, hash, hash_pair, poseidon2_16, poseidon2_24};
use crate::tuning::{LANES, Tuning};

pub use leanvm_verifier::merkle::*;

/// Elements of a row that one permutation absorbs.
const RATE: usize = 16;
/// Permutations of a task of a parallel loop, about.
const TASK: usize = 64;

/// A matrix of 2^l rows over F, its rows stored in bit-reversed order, in a power of two of blocks
/// of equal height.
#[derive(Clone, Debug)]
pub struct Matrix {
    blocks: Vec<Vec<F>>,
    width: usize,
    log_rows: usize,
    log_height: usize,
}

impl Matrix {
    /// The matrix of the given blocks, whose rows one after another are those of the matrix in
    /// bit-reversed order.
    ///
    /// # Panics
    /// If the blocks are not 2^log_rows rows of `width` > 0 elements.
    #[must_use]
    pub fn new(blocks: Vec<Vec<F>>, width: usize, log_rows: usize) -> Self {
        assert!(width > 0 && blocks.len().is_power_of_two());
        let log_height = log_rows - blocks.len().trailing_zeros() as usize;
        assert!(
            blocks
                .iter()
                .all(|block| block.len() == width << log_height)
        );
        Self {
            blocks,
            width,
            log_rows,
            log_height,
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
        let block = &self.blocks[stored >> self.log_height];
        let row = stored & ((1 << self.log_height) - 1);
        &block[row * self.width..(row + 1) * self.width]
    }
}

/// The index of `bits` bits in reverse.
#[must_use]
pub const fn reverse(index: usize, bits: usize) -> usize {
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

/// The hashes of the rows, in order. Rows are hashed as they are stored.
fn leaves(matrix: &Matrix, tuning: &Tuning) -> Vec<Digest> {
    let rows = 1 << matrix.log_rows;
    let mut stored = vec![[F::ZERO; DIGEST]; rows];
    for (digests, block) in stored
        .chunks_exact_mut(1 << matrix.log_height)
        .zip(&matrix.blocks)
    {
        block_leaves(block, matrix.width, digests, tuning);
    }
    let log_rows = matrix.log_rows;
    let order = |index: usize| stored[reverse(index, log_rows)];
    if tuning.is_parallel(rows) {
        (0..rows).into_par_iter().map(order).collect()
    } else {
        (0..rows).map(order).collect()
    }
}

/// The hashes of the rows of a block, [`LANES`] at a time.
fn block_leaves(values: &[F], width: usize, digests: &mut [Digest], tuning: &Tuning) {
    let rows = digests.len();
    if !tuning.is_packed(rows) {
        for (digest, row) in digests.iter_mut().zip(values.chunks_exact(width)) {
            *digest = hash(row);
        }
        return;
    }
    let blocks = width.div_ceil(RATE);
    let task = LANES * (TASK >> tuning.log_chunk.min(3)).div_ceil(blocks);
    let task = task.min(rows);
    let work = |(digests, rows): (&mut [Digest], &[F])| {
        for (digests, rows) in digests
            .chunks_exact_mut(LANES)
            .zip(rows.chunks_exact(width * LANES))
        {
            hash_rows(rows, width, digests);
        }
    };
    if tuning.is_parallel(rows * blocks * RATE) {
        digests
            .par_chunks_mut(task)
            .zip(values.par_chunks(task * width))
            .for_each(work);
    } else {
        work((digests, values));
    }
}

/// Transposes a square of [`LANES`] packed elements, by log2 [`LANES`] rounds of interleaving.
#[inline]
pub fn transpose(square: &mut [PackedF; LANES]) {
    let mut block = 1;
    while block < LANES {
        for i in 0..LANES {
            if i & block == 0 {
                (square[i], square[i | block]) = square[i].interleave(square[i | block], block);
            }
        }
        block *= 2;
    }
}

/// `hash` of [`LANES`] consecutive rows.
fn hash_rows(rows: &[F], width: usize, digests: &mut [Digest]) {
    let mut state = [PackedF::ZERO; 24];
    state[RATE] = PackedF::from(F::from_usize(width));
    let (full, rest) = (width / RATE, width.rem_euclid(RATE));
    for block in 0..full {
        for first in (0..RATE).step_by(LANES) {
            let mut square: [PackedF; LANES] = std::array::from_fn(|lane| {
                let start = lane * width + block * RATE + first;
                *PackedF::from_slice(&rows[start..start + LANES])
            });
            transpose(&mut square);
            state[first..first + LANES].copy_from_slice(&square);
        }
        poseidon2_24().permute_mut(&mut state);
    }
    if rest > 0 {
        let (last, padding) = state[..RATE].split_at_mut(rest);
        for (i, element) in last.iter_mut().enumerate() {
            *element = PackedF::from_fn(|lane| rows[lane * width + full * RATE + i]);
        }
        padding.fill(PackedF::ZERO);
        poseidon2_24().permute_mut(&mut state);
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
            let height = stored.len() >> (log_rows / 3);
            let blocks = stored.chunks(height).map(<[F]>::to_vec).collect();
            let matrix = Matrix::new(blocks, width, log_rows);
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
                    assert_eq!(siblings.len(), num_siblings(log_rows, &indices));
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
