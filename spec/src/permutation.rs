//! SPEC §3 permutation.
//!
//! Poseidon2 (Grassi, Khovratovich, Schofnegger, <https://eprint.iacr.org/2023/323>) over F with
//! S-box x³ at widths 16 and 24, its compression with feed-forward, and the two hash functions
//! built from it.

pub mod constants;

use crate::field::{Element, Felt};

/// What `hash` and `hash_pair` give.
pub type Digest = [Felt; 8];

/// The 4×4 matrix of the external layer.
const BLOCK: [[u32; 4]; 4] = [[2, 3, 1, 1], [1, 2, 3, 1], [1, 1, 2, 3], [3, 1, 1, 2]];

/// The constants of the permutation at one width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constants {
    /// Constants of the first four full rounds.
    pub(crate) external_initial: [&'static [u32]; 4],
    /// Constants of the partial rounds.
    pub(crate) internal: &'static [u32],
    /// Constants of the last four full rounds.
    pub(crate) external_final: [&'static [u32]; 4],
    /// The diagonal of the internal layer.
    pub(crate) diagonal: &'static [u32],
}

/// The constants at width 16.
pub(crate) fn constants_16() -> Constants {
    Constants {
        external_initial: core::array::from_fn(|round| &constants::EXTERNAL_INITIAL_16[round][..]),
        internal: &constants::INTERNAL_16,
        external_final: core::array::from_fn(|round| &constants::EXTERNAL_FINAL_16[round][..]),
        diagonal: &constants::DIAGONAL_16,
    }
}

/// The constants at width 24.
pub(crate) fn constants_24() -> Constants {
    Constants {
        external_initial: core::array::from_fn(|round| &constants::EXTERNAL_INITIAL_24[round][..]),
        internal: &constants::INTERNAL_24,
        external_final: core::array::from_fn(|round| &constants::EXTERNAL_FINAL_24[round][..]),
        diagonal: &constants::DIAGONAL_24,
    }
}

/// The width: there is an entry of the diagonal for each element of the state.
pub(crate) fn width(constants: &Constants) -> usize {
    constants.diagonal.len()
}

/// The element of the field at hand that a constant denotes.
pub fn constant<E: Element>(word: u32) -> E {
    E::from(Felt::new(u64::from(word)))
}

/// The S-box x³.
pub fn cube<E: Element>(x: E) -> E {
    x * x * x
}

/// The external layer: each block of four times the matrix `BLOCK`, then to each element the sum
/// over all blocks at its position.
pub fn external_layer<E: Element>(state: &mut [E]) {
    for block in state.chunks_exact_mut(4) {
        let mut product = [constant::<E>(0); 4];
        for (i, row) in BLOCK.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                product[i] += constant::<E>(*entry) * block[j];
            }
        }
        block.copy_from_slice(&product);
    }
    let mut sums = [constant::<E>(0); 4];
    for (i, x) in state.iter().enumerate() {
        sums[i % 4] += *x;
    }
    for (i, x) in state.iter_mut().enumerate() {
        *x += sums[i % 4];
    }
}

/// The internal layer: sum + diagonal_i·x_i at place i, with sum = Σ_i x_i.
pub fn internal_layer<E: Element>(state: &mut [E], diagonal: &[u32]) {
    let mut sum = constant::<E>(0);
    for x in state.iter() {
        sum += *x;
    }
    for (x, d) in state.iter_mut().zip(diagonal) {
        *x = sum + constant::<E>(*d) * *x;
    }
}

/// A full round: add constants, cube all, the external layer.
pub fn full_round<E: Element>(state: &mut [E], round_constants: &[u32]) {
    for (x, word) in state.iter_mut().zip(round_constants) {
        *x = cube(*x + constant::<E>(*word));
    }
    external_layer(state);
}

/// The permutation of a state whose width is that of the constants.
fn permute(state: &mut [Felt], constants: &Constants) {
    // §3.1.
    external_layer(state);
    // §3.2.
    for round in constants.external_initial {
        full_round(state, round);
    }
    // §3.3, a partial round: add the constant to x_0, cube x_0, the internal layer.
    for word in constants.internal {
        state[0] = cube(state[0] + constant::<Felt>(*word));
        internal_layer(state, constants.diagonal);
    }
    // §3.4.
    for round in constants.external_final {
        full_round(state, round);
    }
}

/// The permutation at width 16.
pub fn permute_16(state: &mut [Felt; 16]) {
    permute(state, &constants_16());
}

/// The permutation at width 24.
pub fn permute_24(state: &mut [Felt; 24]) {
    permute(state, &constants_24());
}

/// §3.5: the first 8 elements of permute_16(x) + x.
pub fn compress_16(input: &[Felt; 16]) -> Digest {
    let mut state = *input;
    permute_16(&mut state);
    core::array::from_fn(|i| state[i] + input[i])
}

/// §3.5: the first 8 elements of permute_24(x) + x.
pub fn compress_24(input: &[Felt; 24]) -> Digest {
    let mut state = *input;
    permute_24(&mut state);
    core::array::from_fn(|i| state[i] + input[i])
}

/// §3.6, §3.7: the sponge hash of fewer than 2^24 elements.
///
/// state\[16\] = n; for each block of 16 elements (the last padded by zeros): state\[0..16\] ←
/// block, state ← permute_24(state).
///
/// # Panics
/// If there are 2^24 elements or more.
pub fn hash(elements: &[Felt]) -> Digest {
    assert!(
        elements.len() < 1 << 24,
        "hash takes fewer than 2^24 elements"
    );
    let mut state = [Felt::ZERO; 24];
    state[16] = Felt::new(elements.len() as u64);
    for block in elements.chunks(16) {
        for (i, x) in state.iter_mut().take(16).enumerate() {
            *x = block.get(i).copied().unwrap_or(Felt::ZERO);
        }
        permute_24(&mut state);
    }
    core::array::from_fn(|i| state[i])
}

/// compress_16(left ‖ right).
pub fn hash_pair(left: &Digest, right: &Digest) -> Digest {
    compress_16(&core::array::from_fn(|i| {
        if i < 8 { left[i] } else { right[i - 8] }
    }))
}

#[cfg(test)]
mod tests {
    use p3_field::{PrimeCharacteristicRing, PrimeField32};
    use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear};
    use p3_poseidon2::ExternalLayerConstants;
    use p3_symmetric::Permutation;

    use super::*;

    // The known answers of `vectors/permutation.json`.
    const INPUT_16: [u32; 16] = [
        894848333, 1437655012, 1200606629, 1690012884, 71131202, 1749206695, 1717947831, 120589055,
        19776022, 42382981, 1831865506, 724844064, 171220207, 1299207443, 227047920, 1783754913,
    ];
    const OUTPUT_16: [u32; 16] = [
        190453639, 458899855, 383789123, 1958965770, 1470307143, 135446903, 1980271247, 26609194,
        337889870, 543343594, 900082402, 1267415354, 1018710090, 902823573, 1161524658, 1483653556,
    ];
    const INPUT_24: [u32; 24] = [
        886409618, 1327899896, 1902407911, 591953491, 648428576, 1844789031, 1198336108, 355597330,
        1799586834, 59617783, 790334801, 1968791836, 559272107, 31054313, 1042221543, 474748436,
        135686258, 263665994, 1962340735, 1741539604, 2026927696, 449439011, 1131357108, 50869465,
    ];
    const OUTPUT_24: [u32; 24] = [
        556605495, 885256863, 899046610, 1365261647, 799824470, 1363091631, 588658632, 173515151,
        783308499, 1346358755, 1865380489, 1166148328, 1402826941, 434428806, 928050984,
        1402941053, 201160368, 1850628943, 651578331, 12196116, 759351756, 948448587, 1529251366,
        456048743,
    ];
    fn felts<const N: usize>(words: [u32; N]) -> [Felt; N] {
        words.map(|word| Felt::new(u64::from(word)))
    }

    #[test]
    fn known_answers() {
        let mut state = felts(INPUT_16);
        permute_16(&mut state);
        assert_eq!(state, felts(OUTPUT_16));
        let mut state = felts(INPUT_24);
        permute_24(&mut state);
        assert_eq!(state, felts(OUTPUT_24));
    }

    #[test]
    fn permutations_equal_the_oracle() {
        let rounds = |list: &[[u32; 16]; 4]| list.map(|r| r.map(KoalaBear::from_u32)).to_vec();
        let oracle_16 = Poseidon2KoalaBear::<16>::new(
            ExternalLayerConstants::new(
                rounds(&constants::EXTERNAL_INITIAL_16),
                rounds(&constants::EXTERNAL_FINAL_16),
            ),
            constants::INTERNAL_16.map(KoalaBear::from_u32).to_vec(),
        );
        let rounds = |list: &[[u32; 24]; 4]| list.map(|r| r.map(KoalaBear::from_u32)).to_vec();
        let oracle_24 = Poseidon2KoalaBear::<24>::new(
            ExternalLayerConstants::new(
                rounds(&constants::EXTERNAL_INITIAL_24),
                rounds(&constants::EXTERNAL_FINAL_24),
            ),
            constants::INTERNAL_24.map(KoalaBear::from_u32).to_vec(),
        );
        for seed in 0..20_u64 {
            let start: [Felt; 24] =
                core::array::from_fn(|i| Felt::new((seed * 24 + i as u64).pow(7)));
            let mut ours: [Felt; 16] = core::array::from_fn(|i| start[i]);
            let theirs = oracle_16.permute(ours.map(|x| KoalaBear::from_u32(x.value())));
            permute_16(&mut ours);
            assert_eq!(ours.map(Felt::value), theirs.map(|x| x.as_canonical_u32()));
            let mut ours = start;
            let theirs = oracle_24.permute(ours.map(|x| KoalaBear::from_u32(x.value())));
            permute_24(&mut ours);
            assert_eq!(ours.map(Felt::value), theirs.map(|x| x.as_canonical_u32()));
        }
    }

    #[test]
    fn hash_pads_by_zeros_and_separates_lengths() {
        assert_eq!(hash(&[]), [Felt::ZERO; 8]);
        let mut state = [Felt::ZERO; 24];
        state[0] = Felt::new(5);
        state[16] = Felt::ONE;
        permute_24(&mut state);
        assert_eq!(hash(&[Felt::new(5)])[..], state[..8]);
        assert_ne!(hash(&[Felt::new(5)]), hash(&[Felt::new(5), Felt::ZERO]));
        let elements: Vec<Felt> = (0..17).map(Felt::new).collect();
        let mut state = [Felt::ZERO; 24];
        state[16] = Felt::new(17);
        state[..16].copy_from_slice(&elements[..16]);
        permute_24(&mut state);
        state[..16].fill(Felt::ZERO);
        state[0] = elements[16];
        permute_24(&mut state);
        assert_eq!(hash(&elements)[..], state[..8]);
    }

    #[test]
    fn compressions_feed_forward() {
        let input: [Felt; 16] = felts(INPUT_16);
        let output: [Felt; 16] = felts(OUTPUT_16);
        let expected: [Felt; 8] = core::array::from_fn(|i| input[i] + output[i]);
        assert_eq!(compress_16(&input), expected);
        let (left, right) = (
            core::array::from_fn(|i| input[i]),
            core::array::from_fn(|i| input[8 + i]),
        );
        assert_eq!(hash_pair(&left, &right), expected);
        let input: [Felt; 24] = felts(INPUT_24);
        let output: [Felt; 24] = felts(OUTPUT_24);
        assert_eq!(
            compress_24(&input),
            core::array::from_fn(|i| input[i] + output[i])
        );
    }
}
