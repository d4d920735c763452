//! SPEC §9 tables: the permutation with the values that a table keeps.
//!
//! Columns `a` (one for each element of the state): the state after two full rounds; `s` (one for
//! each partial round): the inputs of the partial S-boxes, constants added; `b`: the state after
//! the partial rounds; `c`: the state after two further full rounds.

use crate::field::{Element, Felt};
use crate::permutation::{
    Constants, constant, cube, external_layer, full_round, internal_layer, width,
};
use crate::tables::{Columns, Evaluation};

/// A permutation of an input padded by zeros.
pub(super) struct Permutation {
    /// The columns a, s, b, c.
    pub(super) checkpoints: Vec<Felt>,
    /// The permuted state.
    pub(super) y: Vec<Felt>,
}

impl Permutation {
    pub(super) fn of(input: &[Felt], constants: &Constants) -> Self {
        let mut state = input.to_vec();
        state.resize(width(constants), Felt::ZERO);
        let mut checkpoints = Vec::new();
        external_layer(&mut state);
        full_round(&mut state, constants.external_initial[0]);
        full_round(&mut state, constants.external_initial[1]);
        checkpoints.extend(&state);
        full_round(&mut state, constants.external_initial[2]);
        full_round(&mut state, constants.external_initial[3]);
        for word in constants.internal {
            state[0] += constant::<Felt>(*word);
            checkpoints.push(state[0]);
            state[0] = cube(state[0]);
            internal_layer(&mut state, constants.diagonal);
        }
        checkpoints.extend(&state);
        full_round(&mut state, constants.external_final[0]);
        full_round(&mut state, constants.external_final[1]);
        checkpoints.extend(&state);
        full_round(&mut state, constants.external_final[2]);
        full_round(&mut state, constants.external_final[3]);
        Self {
            checkpoints,
            y: state,
        }
    }
}

/// The columns of the checkpoints.
pub(super) struct Checkpoints<E> {
    a: Vec<E>,
    s: Vec<E>,
    b: Vec<E>,
    c: Vec<E>,
}

impl<E: Element> Checkpoints<E> {
    /// Reads the columns a, s, b, c.
    pub(super) fn read(columns: &mut Columns<'_, E>, constants: &Constants) -> Self {
        let width = width(constants);
        Self {
            a: columns.list(width),
            s: columns.list(constants.internal.len()),
            b: columns.list(width),
            c: columns.list(width),
        }
    }

    /// §9.8: their constraints for the permutation of `input` padded by zeros; returns the final
    /// state y.
    pub(super) fn constrain(
        &self,
        input: &[E],
        constants: &Constants,
        evaluation: &mut Evaluation<E>,
    ) -> Vec<E> {
        let mut state = input.to_vec();
        state.resize(width(constants), E::from(Felt::ZERO));
        external_layer(&mut state);
        full_round(&mut state, constants.external_initial[0]);
        full_round(&mut state, constants.external_initial[1]);
        checkpoint(&mut state, &self.a, evaluation);
        full_round(&mut state, constants.external_initial[2]);
        full_round(&mut state, constants.external_initial[3]);
        for (s, word) in self.s.iter().zip(constants.internal) {
            evaluation.constraint(*s - (state[0] + constant::<E>(*word)));
            state[0] = cube(*s);
            internal_layer(&mut state, constants.diagonal);
        }
        checkpoint(&mut state, &self.b, evaluation);
        full_round(&mut state, constants.external_final[0]);
        full_round(&mut state, constants.external_final[1]);
        checkpoint(&mut state, &self.c, evaluation);
        full_round(&mut state, constants.external_final[2]);
        full_round(&mut state, constants.external_final[3]);
        state
    }
}

/// The columns minus the computed values are zero, and the computation goes on from the columns.
fn checkpoint<E: Element>(state: &mut [E], columns: &[E], evaluation: &mut Evaluation<E>) {
    for (computed, column) in state.iter_mut().zip(columns) {
        evaluation.constraint(*column - *computed);
        *computed = *column;
    }
}
