//! SPEC §3 permutation.
//!
//! p3's Poseidon2 with the constants of set A, scalar and packed, and the compression and hash
//! built on it. Source: Poseidon2, ePrint 2023/323.

use std::sync::LazyLock;

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::Poseidon2KoalaBear;
use p3_poseidon2::ExternalLayerConstants;
use p3_symmetric::Permutation;

use crate::field::F;

pub mod constants;

/// Elements of a digest.
pub const DIGEST: usize = 8;
/// A digest.
pub type Digest = [F; DIGEST];

static POSEIDON2_16: LazyLock<Poseidon2KoalaBear<16>> = LazyLock::new(|| {
    Poseidon2KoalaBear::new(
        ExternalLayerConstants::new(
            constants::EXTERNAL_INITIAL_16.to_vec(),
            constants::EXTERNAL_FINAL_16.to_vec(),
        ),
        constants::INTERNAL_16.to_vec(),
    )
});

static POSEIDON2_24: LazyLock<Poseidon2KoalaBear<24>> = LazyLock::new(|| {
    Poseidon2KoalaBear::new(
        ExternalLayerConstants::new(
            constants::EXTERNAL_INITIAL_24.to_vec(),
            constants::EXTERNAL_FINAL_24.to_vec(),
        ),
        constants::INTERNAL_24.to_vec(),
    )
});

/// The permutation of width 16, for scalar and packed states.
#[must_use]
pub fn poseidon2_16() -> &'static Poseidon2KoalaBear<16> {
    &POSEIDON2_16
}

/// The permutation of width 24, for scalar and packed states.
#[must_use]
pub fn poseidon2_24() -> &'static Poseidon2KoalaBear<24> {
    &POSEIDON2_24
}

/// permute_16.
pub fn permute_16(state: &mut [F; 16]) {
    #[cfg(test)]
    crate::cost::counted::count(|count| count.permutations.width_16 += 1);
    POSEIDON2_16.permute_mut(state);
}

/// permute_24.
pub fn permute_24(state: &mut [F; 24]) {
    #[cfg(test)]
    crate::cost::counted::count(|count| count.permutations.width_24 += 1);
    POSEIDON2_24.permute_mut(state);
}

/// The first elements of a permuted state plus its input.
fn feed_forward(state: &[F], input: &[F]) -> Digest {
    let mut digest = [F::ZERO; DIGEST];
    for (to, (state, input)) in digest.iter_mut().zip(state.iter().zip(input)) {
        *to = *state + *input;
    }
    digest
}

/// §3.5: compress_16(x), the first 8 elements of permute_16(x) + x.
pub fn compress_16(input: &[F; 16]) -> Digest {
    let mut state = *input;
    permute_16(&mut state);
    feed_forward(&state, input)
}

/// §3.5: compress_24(x), the first 8 elements of permute_24(x) + x.
pub fn compress_24(input: &[F; 24]) -> Digest {
    let mut state = *input;
    permute_24(&mut state);
    feed_forward(&state, input)
}

/// Elements that a permutation of `hash` absorbs.
const RATE: usize = 16;

/// §3.6, §3.7: hash(x_0, …, x_(n−1)).
///
/// # Panics
/// If n ≥ 2^24.
pub fn hash(input: &[F]) -> Digest {
    hash_in(&mut [F::ZERO; 24], input)
}

/// The permutations of [`hash`] of so many elements.
#[must_use]
pub const fn permutations_of_hash(length: usize) -> usize {
    length.div_ceil(RATE)
}

/// [`hash`] by a state, which is 0 and is left as the last permutation leaves it: a short input can
/// be computed back from it.
pub(crate) fn hash_in(state: &mut [F; 24], input: &[F]) -> Digest {
    assert!(input.len() < 1 << 24, "hash takes fewer than 2^24 elements");
    state[RATE] = F::from_usize(input.len());
    for block in input.chunks(RATE) {
        let (rate, _) = state.split_at_mut(RATE);
        rate.fill(F::ZERO);
        for (to, from) in rate.iter_mut().zip(block) {
            *to = *from;
        }
        permute_24(state);
    }
    let mut digest = [F::ZERO; DIGEST];
    for (to, from) in digest.iter_mut().zip(state) {
        *to = *from;
    }
    digest
}

/// §3.8: hash_pair(left, right) = compress_16(left ‖ right).
pub fn hash_pair(left: &Digest, right: &Digest) -> Digest {
    let mut input = [F::ZERO; 2 * DIGEST];
    let (first, second) = input.split_at_mut(DIGEST);
    first.copy_from_slice(left);
    second.copy_from_slice(right);
    compress_16(&input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear;
    use p3_poseidon2::GenericPoseidon2LinearLayers;

    #[test]
    fn known_answer_16() {
        let mut state = F::new_array([
            894848333, 1437655012, 1200606629, 1690012884, 71131202, 1749206695, 1717947831,
            120589055, 19776022, 42382981, 1831865506, 724844064, 171220207, 1299207443, 227047920,
            1783754913,
        ]);
        permute_16(&mut state);
        assert_eq!(
            state,
            F::new_array([
                190453639, 458899855, 383789123, 1958965770, 1470307143, 135446903, 1980271247,
                26609194, 337889870, 543343594, 900082402, 1267415354, 1018710090, 902823573,
                1161524658, 1483653556
            ])
        );
    }

    #[test]
    fn diagonal_16() {
        for i in 0..16 {
            let mut state = [F::ZERO; 16];
            state[i] = F::ONE;
            let mut expected = [F::ONE; 16];
            expected[i] += constants::DIAGONAL_16[i];
            GenericPoseidon2LinearLayersKoalaBear::internal_linear_layer(&mut state);
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn known_answer_24() {
        let mut state = F::new_array([
            886409618, 1327899896, 1902407911, 591953491, 648428576, 1844789031, 1198336108,
            355597330, 1799586834, 59617783, 790334801, 1968791836, 559272107, 31054313,
            1042221543, 474748436, 135686258, 263665994, 1962340735, 1741539604, 2026927696,
            449439011, 1131357108, 50869465,
        ]);
        permute_24(&mut state);
        assert_eq!(
            state,
            F::new_array([
                556605495, 885256863, 899046610, 1365261647, 799824470, 1363091631, 588658632,
                173515151, 783308499, 1346358755, 1865380489, 1166148328, 1402826941, 434428806,
                928050984, 1402941053, 201160368, 1850628943, 651578331, 12196116, 759351756,
                948448587, 1529251366, 456048743
            ])
        );
    }

    #[test]
    fn diagonal_24() {
        for i in 0..24 {
            let mut state = [F::ZERO; 24];
            state[i] = F::ONE;
            let mut expected = [F::ONE; 24];
            expected[i] += constants::DIAGONAL_24[i];
            GenericPoseidon2LinearLayersKoalaBear::internal_linear_layer(&mut state);
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn hash_absorbs_blocks_of_sixteen() {
        assert_eq!(hash(&[]), [F::ZERO; 8]);
        let input: Vec<F> = (1..=17).map(F::from_usize).collect();
        let mut state = [F::ZERO; 24];
        state[..16].copy_from_slice(&input[..16]);
        state[16] = F::from_usize(17);
        permute_24(&mut state);
        state[..16].fill(F::ZERO);
        state[0] = input[16];
        permute_24(&mut state);
        assert_eq!(hash(&input), state[..8]);
    }

    #[test]
    fn compression_feeds_forward() {
        let input: [F; 16] = std::array::from_fn(F::from_usize);
        let mut state = input;
        permute_16(&mut state);
        let expected: Digest = std::array::from_fn(|i| state[i] + input[i]);
        assert_eq!(
            hash_pair(
                &std::array::from_fn(|i| input[i]),
                &std::array::from_fn(|i| input[8 + i])
            ),
            expected
        );
    }
}
