//! SPEC §14 poseidon: the permutation of width 16 and 24, round by round.

use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use super::{MIDDLE, NUM_LAYERS};
use crate::field::F;
use crate::permutation::constants;
use crate::tables::{Ring, there};

/// The round constants of a width.
#[derive(Debug)]
pub struct Rounds<const W: usize> {
    /// rc_ℓ.
    full: [[F; W]; NUM_LAYERS],
    /// rc'_i.
    pub partial: &'static [F],
}

/// The constants of eight full rounds.
const fn full<const W: usize>(initial: [[F; W]; 4], last: [[F; W]; 4]) -> [[F; W]; NUM_LAYERS] {
    let ([a, b, c, d], [e, f, g, h]) = (initial, last);
    [a, b, c, d, e, f, g, h]
}

/// Width 16.
pub static ROUNDS_16: Rounds<16> = Rounds {
    full: full(constants::EXTERNAL_INITIAL_16, constants::EXTERNAL_FINAL_16),
    partial: &constants::INTERNAL_16,
};
/// Width 24.
pub static ROUNDS_24: Rounds<24> = Rounds {
    full: full(constants::EXTERNAL_INITIAL_24, constants::EXTERNAL_FINAL_24),
    partial: &constants::INTERNAL_24,
};

impl<const W: usize> Rounds<W>
where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    /// rc_ℓ.
    ///
    /// # Panics
    /// If there is no such layer.
    #[inline]
    pub fn full(&self, layer: usize) -> &[F; W] {
        there(self.full.get(layer))
    }

    /// The layers u_0 to u_7 of the permutation of `state`, each given to `layer` with its number
    /// ℓ, and the permuted state. `active` is I_T; `s_box` gets the input of each partial S-box and
    /// returns the one that is cubed.
    #[inline]
    pub fn permute<C, R>(
        &self,
        mut state: [R; W],
        active: R,
        mut s_box: impl FnMut(usize, R) -> R,
        mut layer: impl FnMut(usize, &[R; W]),
    ) -> [R; W]
    where
        C: Copy + From<F>,
        R: Ring<C>,
    {
        LinearLayers::external_linear_layer(&mut state);
        for (number, constants) in self.full.iter().enumerate() {
            for (element, constant) in state.iter_mut().zip(constants) {
                *element += active * C::from(*constant);
            }
            layer(number, &state);
            for element in &mut state {
                *element = element.cube();
            }
            LinearLayers::external_linear_layer(&mut state);
            if number == MIDDLE {
                for (i, constant) in self.partial.iter().enumerate() {
                    let first = there(state.first_mut());
                    *first = s_box(i, *first + active * C::from(*constant)).cube();
                    LinearLayers::internal_linear_layer(&mut state);
                }
            }
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p3_field::{Field, PrimeCharacteristicRing};

    use crate::permutation::{permute_16, permute_24};

    type PackedF = <F as Field>::Packing;

    #[test]
    fn the_rounds_are_those_of_the_permutation() {
        let input: [F; 24] = std::array::from_fn(|i| F::from_usize(i * i + 1));
        let (mut expected_16, mut expected_24) = (std::array::from_fn(|i| input[i]), input);
        let input_16: [F; 16] = expected_16;
        let (mut boxes, mut layers) = (0, 0);
        let s_box = |i, value| {
            assert_eq!(i, boxes);
            boxes += 1;
            value
        };
        let layer = |i, _: &[F; 16]| {
            assert_eq!(i, layers);
            layers += 1;
        };
        let actual = ROUNDS_16.permute::<F, F>(input_16, F::ONE, s_box, layer);
        permute_16(&mut expected_16);
        assert_eq!((actual, boxes, layers), (expected_16, 20, 8));
        permute_24(&mut expected_24);
        let input = input.map(PackedF::from);
        let actual =
            ROUNDS_24.permute::<F, PackedF>(input, PackedF::ONE, |_, value| value, |_, _| {});
        assert_eq!(actual, expected_24.map(PackedF::from));
    }

    #[test]
    fn without_activity_zeros_are_mapped_to_zeros() {
        let zeros = [F::ZERO; 16];
        let layer = |_, state: &[F; 16]| assert_eq!(*state, zeros);
        let actual = ROUNDS_16.permute::<F, F>(zeros, F::ZERO, |_, value| value, layer);
        assert_eq!(actual, zeros);
    }
}
