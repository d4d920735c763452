//! SPEC §9 tables: the permutation with checkpoints, of width 16 and 24.
//!
//! Columns `a` (W), `s` (P), `b` (W), `c` (W): the states after two full rounds, at the partial S-boxes, after the partial rounds and after two
//! more full rounds. Between checkpoints the degree is at most 9.

use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::F;
use crate::permutation::constants;
use crate::tables::Ring;

/// Number of checkpoint columns at width 16.
pub const COLUMNS_16: usize = 3 * 16 + constants::INTERNAL_16.len();
/// Number of checkpoint columns at width 24.
pub const COLUMNS_24: usize = 3 * 24 + constants::INTERNAL_24.len();

/// The round constants of a width.
#[derive(Debug)]
pub struct Rounds<const W: usize> {
    initial: [[F; W]; 4],
    partial: &'static [F],
    last: [[F; W]; 4],
}

/// Width 16.
pub static ROUNDS_16: Rounds<16> = Rounds {
    initial: constants::EXTERNAL_INITIAL_16,
    partial: &constants::INTERNAL_16,
    last: constants::EXTERNAL_FINAL_16,
};
/// Width 24.
pub static ROUNDS_24: Rounds<24> = Rounds {
    initial: constants::EXTERNAL_INITIAL_24,
    partial: &constants::INTERNAL_24,
    last: constants::EXTERNAL_FINAL_24,
};

impl<const W: usize> Rounds<W> {
    /// Number of checkpoint columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        3 * W + self.partial.len()
    }

    /// Permutes `state`. `checkpoint` gets the index of each checkpoint column and the value computed for it; the computation goes on from what
    /// it returns.
    #[inline]
    pub fn permute<C, R>(
        &self,
        mut state: [R; W],
        mut checkpoint: impl FnMut(usize, R) -> R,
    ) -> [R; W]
    where
        C: Copy + From<F>,
        R: Ring<C>,
        LinearLayers: GenericPoseidon2LinearLayers<W>,
    {
        let [initial_0, initial_1, initial_2, initial_3] = &self.initial;
        let [last_0, last_1, last_2, last_3] = &self.last;
        LinearLayers::external_linear_layer(&mut state);
        full_round::<C, R, W>(&mut state, initial_0);
        full_round::<C, R, W>(&mut state, initial_1);
        let mut column = 0;
        commit(&mut state, &mut column, &mut checkpoint);
        full_round::<C, R, W>(&mut state, initial_2);
        full_round::<C, R, W>(&mut state, initial_3);
        for constant in self.partial {
            let input = checkpoint(column, state[0] + C::from(*constant));
            column += 1;
            state[0] = input.cube();
            LinearLayers::internal_linear_layer(&mut state);
        }
        commit(&mut state, &mut column, &mut checkpoint);
        full_round::<C, R, W>(&mut state, last_0);
        full_round::<C, R, W>(&mut state, last_1);
        commit(&mut state, &mut column, &mut checkpoint);
        full_round::<C, R, W>(&mut state, last_2);
        full_round::<C, R, W>(&mut state, last_3);
        state
    }
}

/// The checkpoints of a whole state.
#[inline]
fn commit<R: Copy, const W: usize>(
    state: &mut [R; W],
    column: &mut usize,
    checkpoint: &mut impl FnMut(usize, R) -> R,
) {
    for element in state {
        *element = checkpoint(*column, *element);
        *column += 1;
    }
}

/// One copy of the code for the eight full rounds: over packed E it is long.
#[inline(never)]
fn full_round<C, R, const W: usize>(state: &mut [R; W], constants: &[F; W])
where
    C: Copy + From<F>,
    R: Ring<C>,
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    for (element, constant) in state.iter_mut().zip(constants) {
        *element = (*element + C::from(*constant)).cube();
    }
    LinearLayers::external_linear_layer(state);
}

#[cfg(test)]
mod tests {
    use super::*;
    use p3_field::{Field, PrimeCharacteristicRing};

    use crate::permutation::{permute_16, permute_24};

    type PackedF = <F as Field>::Packing;

    #[test]
    fn checkpoints_lie_on_the_permutation() {
        let input: [F; 24] = std::array::from_fn(|i| F::from_usize(i * i + 1));
        let (mut expected_16, mut expected_24) = (std::array::from_fn(|i| input[i]), input);
        let mut columns = 0;
        let input_16: [F; 16] = expected_16;
        let actual = ROUNDS_16.permute::<F, F>(input_16, |column, value| {
            assert_eq!(column, columns);
            columns += 1;
            value
        });
        permute_16(&mut expected_16);
        assert_eq!((actual, columns), (expected_16, COLUMNS_16));
        permute_24(&mut expected_24);
        let actual = ROUNDS_24.permute::<F, PackedF>(input.map(PackedF::from), |_, value| value);
        assert_eq!(actual, expected_24.map(PackedF::from));
    }
}
