//! SPEC §4 isa, §6 execution, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24, with N = 1, 2, 3 input chunks and width W = 16, 16, 24.
//!
//! Columns after those of the operands: half, permute, in (8N), a, s, b, c (see [`super::checkpoints`]), f (8), g (W − 8), o (4).

use p3_field::{Field, PrimeCharacteristicRing};
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::F;
use crate::instructions::checkpoints::{COLUMNS_16, COLUMNS_24, ROUNDS_16, ROUNDS_24, Rounds};
use crate::instructions::operands::{self, Operands, boolean};
use crate::isa::{HALF, Opcode, PERMUTE};
use crate::tables::{Bus, Numerator, Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{Machine, Operation},
    crate::field::to_canonical,
    crate::instructions::checkpoints::Columns,
    crate::permutation::{permute_16, permute_24},
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
};

/// Cells of a chunk.
pub(super) const CHUNK: u32 = 8;
const LANES: usize = CHUNK as usize;

#[cfg(feature = "prover")]
pub(crate) fn execute<const N: usize>(
    machine: &mut Machine,
    operation: &Operation,
) -> Result<(), Error> {
    // The operands are read, then must be defined, then be aligned, in order.
    let mut addresses = [0; 4];
    let mut values = [F::ZERO; 4];
    let operands = machine.read_all::<4>(operation)?;
    for (value, operand) in values.iter_mut().zip(operands).take(N + 1) {
        *value = operand.known()?;
    }
    for (address, value) in addresses.iter_mut().zip(values).take(N + 1) {
        *address = aligned(value, CHUNK)?;
    }
    let mut input = [F::ZERO; 24];
    for (chunk, address) in input.chunks_exact_mut(LANES).zip(addresses).take(N) {
        for (cell, address) in chunk.iter_mut().zip(address..) {
            *cell = machine.memory.read_defined(address)?;
        }
    }
    let output = permute::<N>(&input);
    let (length, feed_forward) = match (operation.permute, operation.half) {
        (true, _) => (width(N), false),
        (false, true) => (LANES / 2, true),
        (false, false) => (LANES, true),
    };
    for (j, address) in (0..length).zip(addresses[N]..) {
        let value = if feed_forward {
            output[j] + input[j]
        } else {
            output[j]
        };
        machine
            .memory
            .define(address, value, Rejection::RelationViolated)?;
    }
    Ok(())
}

/// The address of a block of `length` cells, which must be a multiple of `length`.
#[inline]
#[cfg(feature = "prover")]
pub(super) fn aligned(address: F, length: u32) -> Result<u32, Error> {
    let address = to_canonical(address);
    if address.is_multiple_of(length) {
        Ok(address)
    } else {
        Err(Rejection::ChunkUnaligned.at(format!("{address} is not a multiple of {length}")))
    }
}

const fn width(n: usize) -> usize {
    if n == 3 { 24 } else { 16 }
}

#[cfg(feature = "prover")]
fn permute<const N: usize>(input: &[F; 24]) -> [F; 24] {
    let mut state = *input;
    if N == 3 {
        permute_24(&mut state);
    } else if let Some(first) = state.first_chunk_mut() {
        permute_16(first);
    }
    state
}

/// Where the columns of a table begin.
#[derive(Clone, Copy)]
struct Layout {
    half: usize,
    input: usize,
    checkpoints: usize,
    f: usize,
    o: usize,
}

const fn layout(n: usize) -> Layout {
    let half = operands::offset(n + 1);
    let input = half + 2;
    let checkpoints = input + LANES * n;
    let f = checkpoints + if n == 3 { COLUMNS_24 } else { COLUMNS_16 };
    Layout {
        half,
        input,
        checkpoints,
        f,
        o: f + width(n),
    }
}

#[cfg(feature = "prover")]
pub(crate) fn fill_8(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<1, 2, 16>(filler, columns, &ROUNDS_16);
}

#[cfg(feature = "prover")]
pub(crate) fn fill_16(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<2, 3, 16>(filler, columns, &ROUNDS_16);
}

#[cfg(feature = "prover")]
pub(crate) fn fill_24(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<3, 4, 24>(filler, columns, &ROUNDS_24);
}

/// Scalar columns row by row, then the permutation on as many rows at a time as a packed element holds.
#[cfg(feature = "prover")]
fn fill<const N: usize, const M: usize, const W: usize>(
    filler: &Filler<'_, '_>,
    columns: &mut [Vec<F>],
    rounds: &Rounds<W>,
) where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let at = layout(N);
    let eighth = F::from_u32(CHUNK).inverse();
    filler.by_block(columns, |rows, columns, tally| {
        let mut row = vec![F::ZERO; at.input];
        for (i, row_index) in rows.enumerate() {
            let (instruction, values) =
                operands::fill::<M>(filler.witness, filler.cycles[row_index], &mut row, tally);
            row[at.half] = F::from_bool(instruction.half());
            row[at.half + 1] = F::from_bool(instruction.permute());
            for (column, value) in columns.iter_mut().zip(&row) {
                column[i] = *value;
            }
            for (chunk, value) in values.iter().enumerate() {
                tally.chunk(to_canonical(*value * eighth));
                let cells = &filler.witness.memory[to_canonical(*value) as usize..][..LANES];
                if chunk < N {
                    for (column, cell) in columns[at.input + LANES * chunk..].iter_mut().zip(cells)
                    {
                        column[i] = *cell;
                    }
                } else {
                    for (column, cell) in columns[at.o..].iter_mut().zip(&cells[LANES / 2..]) {
                        column[i] = *cell;
                    }
                    for e in 1..W / LANES {
                        let step = if instruction.permute() { e } else { 0 };
                        tally.chunk(to_canonical(*value * eighth + F::from_usize(step)));
                    }
                }
            }
        }
        rounds.fill(
            columns,
            &Columns {
                input: at.input..at.checkpoints,
                without_feed_forward: Some(at.half + 1),
                fed_forward: LANES,
                outputs: W,
            },
        );
    });
}

#[inline]
pub(crate) fn evaluate_8<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    evaluate::<C, R, S, 1, 2, 16>(row, sink, &ROUNDS_16, Opcode::Poseidon8);
}

#[inline]
pub(crate) fn evaluate_16<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    evaluate::<C, R, S, 2, 3, 16>(row, sink, &ROUNDS_16, Opcode::Poseidon16);
}

#[inline]
pub(crate) fn evaluate_24<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
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
    state[..LANES * N].copy_from_slice(input);
    let output = rounds.permute::<C, R>(state, |column, value| {
        let committed = row[at.checkpoints + column];
        sink.constraint(committed - value);
        committed
    });
    let (f, g) = row[at.f..at.o].split_at(LANES);
    let not_permute = R::ONE - permute;
    for j in 0..LANES {
        sink.constraint(f[j] - output[j] - not_permute * input[j]);
    }
    for (g, output) in g.iter().zip(&output[LANES..]) {
        sink.constraint(*g - *output);
    }

    let flags = half * C::from(F::new(HALF)) + permute * C::from(F::new(PERMUTE));
    operands.interact(row, sink, operands.next(), opcode, flags, R::ZERO);
    let eighth = C::from(F::from_u32(CHUNK).inverse());
    for (value, chunk) in operands.values.iter().zip(input.chunks_exact(LANES)) {
        send_chunk::<C, R, S>(sink, *value * eighth, std::array::from_fn(|j| chunk[j]));
    }
    let key = operands.values[N] * eighth;
    let q: [R; LANES] = std::array::from_fn(|j| {
        if j < LANES / 2 {
            f[j]
        } else {
            f[j] + half * (row[at.o + j - LANES / 2] - f[j])
        }
    });
    send_chunk::<C, R, S>(sink, key, q);
    let mut next_key = key;
    for chunk in g.chunks_exact(LANES) {
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
pub(super) fn send_chunk<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    sink: &mut S,
    key: R,
    cells: [R; LANES],
) {
    let mut slots = [Bus::Chunk.slot::<C, R>(); 2 + LANES];
    slots[1] = (1, key);
    for (j, cell) in cells.into_iter().enumerate() {
        slots[2 + j] = (LANES + j, cell);
    }
    sink.interaction(Numerator::One, &slots);
}
