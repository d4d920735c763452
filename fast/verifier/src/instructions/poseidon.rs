//! SPEC §4 isa, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24, with N = 1, 2, 3 input chunks and width W = 16, 16, 24.
//!
//! Columns after those of the operands: half, permute, in (8N), a, s, b, c (see [`super::checkpoints`]), f (8), g (W − 8), o (4).

use p3_field::{Field, PrimeCharacteristicRing};
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::F;
use crate::instructions::checkpoints::{COLUMNS_16, COLUMNS_24, ROUNDS_16, ROUNDS_24, Rounds};
use crate::instructions::operands::{self, Operands, boolean};
use crate::isa::{HALF, Opcode, PERMUTE};
use crate::memory::{CHUNK, CHUNK_CELLS};
use crate::tables::{Bus, Numerator, Ring, Sink};

/// W.
#[must_use]
pub const fn width(n: usize) -> usize {
    if n == 3 { 24 } else { 16 }
}

/// Where the columns of a table begin.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// half, which permute follows.
    pub half: usize,
    /// in.
    pub input: usize,
    /// a, s, b, c.
    pub checkpoints: usize,
    /// f, which g follows.
    pub f: usize,
    /// o.
    pub o: usize,
}

/// Where the columns of the table with n input chunks begin.
#[must_use]
pub const fn layout(n: usize) -> Layout {
    let half = operands::offset(n + 1);
    let input = half + 2;
    let checkpoints = input + CHUNK_CELLS * n;
    let f = checkpoints + if n == 3 { COLUMNS_24 } else { COLUMNS_16 };
    Layout {
        half,
        input,
        checkpoints,
        f,
        o: f + width(n),
    }
}

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate_8<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    evaluate::<C, R, S, 1, 2, 16>(row, sink, &ROUNDS_16, Opcode::Poseidon8);
}

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate_16<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    evaluate::<C, R, S, 2, 3, 16>(row, sink, &ROUNDS_16, Opcode::Poseidon16);
}

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate_24<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    evaluate::<C, R, S, 3, 4, 24>(row, sink, &ROUNDS_24, Opcode::Poseidon24);
}

#[inline]
fn evaluate<C, R, S, const N: usize, const M: usize, const W: usize>(
    row: &[R],
    sink: &mut S,
    rounds: &Rounds<W>,
    opcode: Opcode,
) where
    C: Copy + From<F>,
    R: Ring<C>,
    S: Sink<R>,
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let at = layout(N);
    let operands = Operands::<R, M>::constrain(row, sink);
    let (half, permute) = (row[at.half], row[at.half + 1]);
    boolean(half, sink);
    boolean(permute, sink);
    sink.constraint(half * permute);
    let input = &row[at.input..at.checkpoints];
    let mut state = [R::ZERO; W];
    state[..CHUNK_CELLS * N].copy_from_slice(input);
    let output = rounds.permute::<C, R>(state, |column, value| {
        let committed = row[at.checkpoints + column];
        sink.constraint(committed - value);
        committed
    });
    let (f, g) = row[at.f..at.o].split_at(CHUNK_CELLS);
    let not_permute = R::ONE - permute;
    for j in 0..CHUNK_CELLS {
        sink.constraint(f[j] - output[j] - not_permute * input[j]);
    }
    for (g, output) in g.iter().zip(&output[CHUNK_CELLS..]) {
        sink.constraint(*g - *output);
    }

    let flags = half * C::from(F::new(HALF)) + permute * C::from(F::new(PERMUTE));
    operands.interact(row, sink, operands.next(), opcode, flags, R::ZERO);
    let eighth = C::from(F::from_u32(CHUNK).inverse());
    for (value, chunk) in operands.values.iter().zip(input.chunks_exact(CHUNK_CELLS)) {
        send_chunk::<C, R, S>(sink, *value * eighth, std::array::from_fn(|j| chunk[j]));
    }
    let key = operands.values[N] * eighth;
    let q: [R; CHUNK_CELLS] = std::array::from_fn(|j| {
        if j < CHUNK_CELLS / 2 {
            f[j]
        } else {
            f[j] + half * (row[at.o + j - CHUNK_CELLS / 2] - f[j])
        }
    });
    send_chunk::<C, R, S>(sink, key, q);
    let mut next_key = key;
    for chunk in g.chunks_exact(CHUNK_CELLS) {
        next_key += permute;
        send_chunk::<C, R, S>(
            sink,
            next_key,
            std::array::from_fn(|j| q[j] + permute * (chunk[j] - q[j])),
        );
    }
}

/// Sends CHUNK(key, cells).
#[inline]
pub fn send_chunk<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    sink: &mut S,
    key: R,
    cells: [R; CHUNK_CELLS],
) {
    let mut slots = [Bus::Chunk.slot::<C, R>(); 2 + CHUNK_CELLS];
    slots[1] = (1, key);
    for (j, cell) in cells.into_iter().enumerate() {
        slots[2 + j] = (CHUNK_CELLS + j, cell);
    }
    sink.interaction(Numerator::One, &slots);
}
