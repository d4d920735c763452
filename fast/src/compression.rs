//! SPEC §3 permutation: compressions of many inputs, as many at a time as a packed element holds.

use p3_field::PackedValue;
use p3_symmetric::Permutation;

use crate::field::{F, PackedF};
use crate::permutation::{Digest, poseidon2_16};

/// compress_16 of each input, in their order.
pub(crate) fn compress_all(inputs: &[[F; 16]]) -> Vec<Digest> {
    let mut outputs = Vec::with_capacity(inputs.len());
    for group in inputs.chunks(PackedF::WIDTH) {
        // The lanes behind the last input repeat it.
        let input: [PackedF; 16] =
            std::array::from_fn(|i| PackedF::from_fn(|lane| group[lane.min(group.len() - 1)][i]));
        let state = poseidon2_16().permute(input);
        outputs.extend((0..group.len()).map(|lane| -> Digest {
            std::array::from_fn(|i| state[i].as_slice()[lane] + input[i].as_slice()[lane])
        }));
    }
    outputs
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;
    use crate::permutation::compress_16;

    #[test]
    fn each_is_compressed() {
        for number in [0, 1, PackedF::WIDTH, 2 * PackedF::WIDTH + 3] {
            let input = |k: usize| std::array::from_fn(|i| F::from_usize(100 * k + i));
            let inputs: Vec<[F; 16]> = (0..number).map(input).collect();
            let expected: Vec<Digest> = inputs.iter().map(compress_16).collect();
            assert_eq!(compress_all(&inputs), expected);
        }
    }
}
