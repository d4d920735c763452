//! SPEC §4 isa, §6 execution, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24, with N = 1, 2, 3
//! input chunks and width W = 16, 16, 24.

use p3_field::{Field, PrimeCharacteristicRing};

use leanvm_verifier::instructions::poseidon::PoseidonColumns;

use crate::execution::{Machine, Operation};
use crate::field::{F, to_canonical};
use crate::instructions::{operands, permuted};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF_CELLS};
use crate::permutation::{permute_16, permute_24};
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES, TableId};

pub(crate) fn execute<const N: usize>(
    machine: &mut Machine,
    operation: &Operation,
) -> Result<(), Error> {
    // The operands are read, then must be defined (§6.21), then be aligned (§6.22), in order.
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
    for (chunk, address) in input.chunks_exact_mut(CHUNK_CELLS).zip(addresses).take(N) {
        for (cell, address) in chunk.iter_mut().zip(address..) {
            // §6.23.
            *cell = machine.memory.read_defined(address)?;
        }
    }
    let output = permute::<N>(&input);
    // §6.24.
    let (length, feed_forward) = match (operation.permute, operation.half) {
        (true, _) => (if N == 3 { 24 } else { 16 }, false),
        (false, true) => (CHUNK_CELLS / 2, true),
        (false, false) => (CHUNK_CELLS, true),
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
pub(super) fn aligned(address: F, length: u32) -> Result<u32, Error> {
    let address = to_canonical(address);
    if address.is_multiple_of(length) {
        Ok(address)
    } else {
        Err(Rejection::ChunkUnaligned.at(format!("{address} is not a multiple of {length}")))
    }
}

fn permute<const N: usize>(input: &[F; 24]) -> [F; 24] {
    let mut state = *input;
    if N == 3 {
        permute_24(&mut state);
    } else if let Some(first) = state.first_chunk_mut() {
        permute_16(first);
    }
    state
}

pub(crate) fn fill_8(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<2, 16>(TableId::Poseidon8, filler, columns);
}

pub(crate) fn fill_16(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<3, 16>(TableId::Poseidon16, filler, columns);
}

pub(crate) fn fill_24(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    fill::<4, 24>(TableId::Poseidon24, filler, columns);
}

/// Scalar columns row by row, then the permutation on as many rows at a time as a packed element
/// holds.
fn fill<const M: usize, const W: usize>(
    id: TableId,
    filler: &Filler<'_, '_>,
    columns: &mut [Vec<F>],
) {
    let at = PoseidonColumns::<_, M, W>::read(&INDICES);
    let hash = id.hash().expect("a hash table");
    let eighth = F::from_u32(CHUNK).inverse();
    filler.by_block(columns, |cycles, columns, tally| {
        // The columns before those of the input.
        let mut row = vec![F::ZERO; at.input[0][0]];
        for (i, step) in cycles.iter().enumerate() {
            let (instruction, values) =
                operands::fill(&at.head, filler.witness, *step, &mut row, tally);
            row[*at.half] = F::from_bool(instruction.half());
            row[*at.permute] = F::from_bool(instruction.permute());
            for (column, value) in columns.iter_mut().zip(&row) {
                column[i] = *value;
            }
            let mut write = |at: &[usize], cells: &[F]| {
                for (column, cell) in at.iter().zip(cells) {
                    columns[*column][i] = *cell;
                }
            };
            let memory = |value: F| &filler.witness.memory[to_canonical(value) as usize..];
            let [inputs @ .., output] = values.as_slice() else {
                unreachable!("there are operands");
            };
            for (at, value) in at.input.iter().zip(inputs) {
                tally.chunk(to_canonical(*value * eighth));
                write(at, &memory(*value)[..CHUNK_CELLS]);
            }
            let key = *output * eighth;
            tally.chunk(to_canonical(key));
            write(
                at.o,
                &memory(*output)[CHUNK_CELLS - HALF_CELLS..CHUNK_CELLS],
            );
            for e in 1..W / CHUNK_CELLS {
                let step = if instruction.permute() { e } else { 0 };
                tally.chunk(to_canonical(key + F::from_usize(step)));
            }
        }
        permuted::fill(&hash, columns);
    });
}
