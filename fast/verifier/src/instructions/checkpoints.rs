//! SPEC §9 tables: the permutation with checkpoints, of width 16 and 24.
//!
//! Columns `a` (W), `s` (P), `b` (W), `c` (W): the states after two full rounds, at the partial
//! S-boxes, after the partial rounds and after two more full rounds. Between checkpoints the degree
//! is at most 9.

use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::F;
use crate::permutation::constants;
use crate::tables::{Builder, Columns, Ring};

/// The columns a, s, b, c of a table.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoints<'a, T, const W: usize> {
    /// The state after two full rounds.
    pub a: &'a [T; W],
    /// The inputs of the partial S-boxes, constants added.
    pub s: &'a [T],
    /// The state after the partial rounds.
    pub b: &'a [T; W],
    /// The state after two more full rounds.
    pub c: &'a [T; W],
}

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
    /// The columns a, s, b, c, which are the next.
    #[inline]
    pub fn read<'a, T>(&self, columns: &mut Columns<'a, T>) -> Checkpoints<'a, T, W> {
        Checkpoints {
            a: columns.array(),
            s: columns.list(self.partial.len()),
            b: columns.array(),
            c: columns.array(),
        }
    }

    /// Permutes `state`. `checkpoint` gets each checkpoint column and the value computed for it;
    /// the computation goes on from what it returns.
    #[inline]
    pub fn permute<C, R, T>(
        &self,
        mut state: [R; W],
        columns: &Checkpoints<'_, T, W>,
        mut checkpoint: impl FnMut(&T, R) -> R,
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
        commit(&mut state, columns.a, &mut checkpoint);
        full_round::<C, R, W>(&mut state, initial_2);
        full_round::<C, R, W>(&mut state, initial_3);
        for (constant, column) in self.partial.iter().zip(columns.s) {
            let input = checkpoint(column, state[0] + C::from(*constant));
            state[0] = input.cube();
            LinearLayers::internal_linear_layer(&mut state);
        }
        commit(&mut state, columns.b, &mut checkpoint);
        full_round::<C, R, W>(&mut state, last_0);
        full_round::<C, R, W>(&mut state, last_1);
        commit(&mut state, columns.c, &mut checkpoint);
        full_round::<C, R, W>(&mut state, last_2);
        full_round::<C, R, W>(&mut state, last_3);
        state
    }

    /// Gives the constraints of the checkpoints for the permutation of `input`, which zeros follow;
    /// the result is the permuted state.
    ///
    /// Always inlined, so that the sum of a builder is not written to memory for each of so many
    /// constraints.
    #[inline(always)]
    pub(super) fn constrain<B: Builder>(
        &self,
        input: &[B::Value],
        columns: &Checkpoints<'_, B::Value, W>,
        builder: &mut B,
    ) -> [B::Value; W]
    where
        LinearLayers: GenericPoseidon2LinearLayers<W>,
    {
        let mut state = [B::Value::ZERO; W];
        for (to, from) in state.iter_mut().zip(input) {
            *to = *from;
        }
        self.permute::<B::Constant, _, _>(state, columns, |column, value| {
            builder.constraint(*column - value);
            *column
        })
    }
}

/// The checkpoints of a whole state.
#[inline]
fn commit<R: Copy, T, const W: usize>(
    state: &mut [R; W],
    columns: &[T; W],
    checkpoint: &mut impl FnMut(&T, R) -> R,
) {
    for (element, column) in state.iter_mut().zip(columns) {
        *element = checkpoint(column, *element);
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
    use p3_field::Field;

    use crate::permutation::{permute_16, permute_24};
    use crate::tables::INDICES;

    type PackedF = <F as Field>::Packing;

    #[test]
    fn checkpoints_lie_on_the_permutation() {
        let input: [F; 24] = std::array::from_fn(|i| F::from_usize(i * i + 1));
        let (mut expected_16, mut expected_24) = (std::array::from_fn(|i| input[i]), input);
        let input_16: [F; 16] = expected_16;
        let mut columns = Columns::new(&INDICES);
        let at = ROUNDS_16.read(&mut columns);
        let mut met = 0;
        let actual = ROUNDS_16.permute::<F, F, _>(input_16, &at, |column, value| {
            assert_eq!(*column, met);
            met += 1;
            value
        });
        permute_16(&mut expected_16);
        assert_eq!((actual, met), (expected_16, 68));
        assert_eq!(columns.list(1), [68]);
        permute_24(&mut expected_24);
        let mut columns = Columns::new(&INDICES);
        let at = ROUNDS_24.read(&mut columns);
        let input = input.map(PackedF::from);
        let actual = ROUNDS_24.permute::<F, PackedF, _>(input, &at, |_, value| value);
        assert_eq!(actual, expected_24.map(PackedF::from));
        assert_eq!(columns.list(1), [95]);
    }
}
