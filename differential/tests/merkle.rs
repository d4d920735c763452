//! SPEC §16 merkle.

use leanvm_differential::canonical::MODULUS;
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::merkle as fast;
use leanvm_fast::tuning::Tuning;
use leanvm_spec::field::Felt;
use leanvm_spec::merkle as spec;

fn entry(seed: usize, row: usize, column: usize) -> u32 {
    (seed as u32)
        .wrapping_mul(31)
        .wrapping_add((row * 1009 + column) as u32)
        .wrapping_mul(2_654_435_761)
        % MODULUS
}

fn bit_reversed(index: usize, bits: usize) -> usize {
    (0..bits).fold(0, |reversed, bit| reversed << 1 | (index >> bit & 1))
}

fn of_spec(digest: leanvm_spec::permutation::Digest) -> [u32; 8] {
    digest.map(Felt::value)
}

fn of_fast(digest: [F; 8]) -> [u32; 8] {
    digest.map(to_canonical)
}

mod differential {
    use leanvm_differential::oracles::proofs;

    use super::*;

    #[test]
    fn roots_and_siblings() {
        crate::common::for_each(60, 24, |bytes| {
            let seed = bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>();
            let log_rows = bytes.first().map_or(0, |first| usize::from(*first) % 7);
            let width = 1 + bytes.get(1).map_or(0, |second| usize::from(*second) % 20);
            let rows = |row: usize| (0..width).map(move |column| entry(seed, row, column));
            let matrix = (0..1 << log_rows)
                .map(|row| rows(row).map(|word| Felt::new(u64::from(word))).collect());
            let tree = spec::Tree::new(matrix.collect());
            // The matrix of `fast` is stored with bit-reversed rows.
            let stored = (0..1 << log_rows).flat_map(|place| rows(bit_reversed(place, log_rows)));
            let stored: Vec<F> = stored
                .map(|word| from_canonical(word).expect("reduced"))
                .collect();
            let block = width << (log_rows - log_rows.min(seed % 3));
            let blocks = stored.chunks(block).map(<[F]>::to_vec).collect();
            let matrix = fast::Matrix::new(blocks, width, log_rows);
            let mut indices: Vec<usize> = bytes
                .iter()
                .map(|byte| usize::from(*byte) % (1 << log_rows))
                .collect();
            indices.sort_unstable();
            indices.dedup();
            for tuning in [Tuning::default(), Tuning::smallest()] {
                let fast = fast::Tree::new(&matrix, &tuning);
                assert_eq!(
                    of_spec(tree.root()),
                    of_fast(*fast.root()),
                    "2^{log_rows} rows of {width}"
                );
                let siblings: Vec<_> = tree.siblings(&indices).into_iter().map(of_spec).collect();
                let of_fast: Vec<_> = fast.siblings(&indices).into_iter().map(of_fast).collect();
                assert_eq!(siblings, of_fast, "siblings of {indices:?} of 2^{log_rows}");
            }
        });
    }

    #[test]
    fn openings_of_proofs() {
        proofs::each_proof(|case, proved, _, options| {
            let rows = proofs::events_of(case, proved, options, "opening.rows");
            let siblings = proofs::events_of(case, proved, options, "opening.siblings");
            assert!(!rows.is_empty() && !siblings.is_empty());
            assert!(siblings.iter().all(|event| event.values.len() % 8 == 0));
        });
    }
}
