//! SPEC §4 isa, §6 execution, §9 tables: POSEIDON_16_HALVES.
//!
//! Columns after those of the operands: imm, in (16), a, s, b, c (see [`super::checkpoints`]), f (4).

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::checkpoints::{COLUMNS_16, ROUNDS_16};
use crate::instructions::operands::{self, Operands};
use crate::instructions::poseidon::{CHUNK, send_chunk};
use crate::isa::Opcode;
use crate::tables::{Bus, Numerator, Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::execution::{Machine, Operation},
    crate::field::to_canonical,
    crate::instructions::checkpoints::Columns,
    crate::instructions::poseidon::aligned,
    crate::permutation::permute_16,
    crate::rejection::{Error, Rejection},
    crate::tables::Filler,
};

/// Cells of a half.
const HALF: u32 = 4;
/// The cells of each operand, which are also the alignment of its address: first, second, chunk, out.
#[cfg(feature = "prover")]
const LENGTHS: [u32; 4] = [HALF, HALF, CHUNK, HALF];
/// Cells of a half.
const CELLS: usize = HALF as usize;
/// Elements of the input.
const WIDTH: usize = 16;

/// Where the columns begin.
const IMM: usize = operands::offset(4);
const INPUT: usize = IMM + 1;
const CHECKPOINTS: usize = INPUT + WIDTH;
const F_COLUMNS: usize = CHECKPOINTS + COLUMNS_16;

/// The addresses of first, second, chunk and out: the offset is added to those of second and out.
fn with_offset<R: Copy + core::ops::Add<Output = R>>(
    [first, second, chunk, out]: [R; 4],
    imm: R,
) -> [R; 4] {
    [first, second + imm, chunk, out + imm]
}

#[cfg(feature = "prover")]
pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    // The operands are read, then must be defined, then be aligned, in order.
    let mut values = [F::ZERO; 4];
    for (value, operand) in values.iter_mut().zip(machine.read_all::<4>(operation)?) {
        *value = operand.known()?;
    }
    let mut addresses = [0; 4];
    let values = with_offset(values, F::from_u32(operation.imm));
    for ((address, value), length) in addresses.iter_mut().zip(values).zip(LENGTHS) {
        *address = aligned(value, length)?;
    }
    let [first, second, chunk, out] = addresses;
    let cells = (first..first + HALF)
        .chain(second..second + HALF)
        .chain(chunk..chunk + CHUNK);
    let mut input = [F::ZERO; WIDTH];
    for (element, address) in input.iter_mut().zip(cells) {
        *element = machine.memory.read_defined(address)?;
    }
    let mut output = input;
    permute_16(&mut output);
    for ((address, output), input) in (out..out + HALF).zip(output).zip(input) {
        machine
            .memory
            .define(address, output + input, Rejection::RelationViolated)?;
    }
    Ok(())
}

/// Scalar columns row by row, then the permutation on as many rows at a time as a packed element holds.
#[cfg(feature = "prover")]
pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let (quarter, eighth) = (F::from_u32(HALF).inverse(), F::from_u32(CHUNK).inverse());
    filler.by_block(columns, |rows, columns, tally| {
        let mut row = [F::ZERO; CHECKPOINTS];
        for (i, row_index) in rows.enumerate() {
            let (instruction, values) =
                operands::fill::<4>(filler.witness, filler.cycles[row_index], &mut row, tally);
            row[IMM] = instruction.imm();
            let [first, second, chunk, out] = with_offset(values, instruction.imm());
            for half in [first, second, out] {
                tally.half(to_canonical(half * quarter));
            }
            tally.chunk(to_canonical(chunk * eighth));
            let cells = |address: F, length: u32| {
                filler.witness.memory[to_canonical(address) as usize..]
                    .iter()
                    .take(length as usize)
            };
            let input = cells(first, HALF)
                .chain(cells(second, HALF))
                .chain(cells(chunk, CHUNK));
            for (to, cell) in row[INPUT..].iter_mut().zip(input) {
                *to = *cell;
            }
            for (column, value) in columns.iter_mut().zip(&row) {
                column[i] = *value;
            }
        }
        ROUNDS_16.fill(
            columns,
            &Columns {
                input: INPUT..CHECKPOINTS,
                without_feed_forward: None,
                fed_forward: CELLS,
                outputs: CELLS,
            },
        );
    });
}

#[inline]
pub(crate) fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 4>::constrain(row, sink);
    let input: [R; WIDTH] = std::array::from_fn(|j| row[INPUT + j]);
    let output = ROUNDS_16.permute::<C, R>(input, |column, value| {
        let committed = row[CHECKPOINTS + column];
        sink.constraint(committed - value);
        committed
    });
    let f: [R; CELLS] = std::array::from_fn(|j| row[F_COLUMNS + j]);
    for j in 0..CELLS {
        sink.constraint(f[j] - output[j] - input[j]);
    }

    let next = operands.next();
    let imm = row[IMM];
    operands.interact(row, sink, next, Opcode::Poseidon16Halves, R::ZERO, imm);
    let quarter = C::from(F::from_u32(HALF).inverse());
    let eighth = C::from(F::from_u32(CHUNK).inverse());
    let [first, second, chunk, out] = with_offset(operands.values, imm);
    let half = |start: usize| std::array::from_fn(|j| input[start + j]);
    send_half::<C, R, S>(sink, first * quarter, half(0));
    send_half::<C, R, S>(sink, second * quarter, half(CELLS));
    send_chunk::<C, R, S>(sink, chunk * eighth, std::array::from_fn(|j| input[8 + j]));
    send_half::<C, R, S>(sink, out * quarter, f);
}

/// Sends HALF(key, cells).
#[inline]
fn send_half<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(sink: &mut S, key: R, cells: [R; CELLS]) {
    let mut slots = [Bus::Half.slot::<C, R>(); 2 + CELLS];
    slots[1] = (1, key);
    for (j, cell) in cells.into_iter().enumerate() {
        slots[2 + j] = (CELLS + j, cell);
    }
    sink.interaction(Numerator::One, &slots);
}
