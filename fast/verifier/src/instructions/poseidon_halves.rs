//! SPEC §4 isa, §9 tables: POSEIDON_16_HALVES.
//!
//! Columns after those of the operands: imm, in (16), a, s, b, c (see [`super::checkpoints`]), f (4).

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::checkpoints::{COLUMNS_16, ROUNDS_16};
use crate::instructions::operands::{self, Operands};
use crate::instructions::poseidon::send_chunk;
use crate::isa::Opcode;
use crate::memory::{CHUNK, HALF, HALF_CELLS};
use crate::tables::{Bus, Numerator, Ring, Sink};

/// Elements of the input.
pub const WIDTH: usize = 16;

/// The column imm.
pub const IMM: usize = operands::offset(4);
/// The first column of in.
pub const INPUT: usize = IMM + 1;
/// The first column of a, s, b, c.
pub const CHECKPOINTS: usize = INPUT + WIDTH;
const F_COLUMNS: usize = CHECKPOINTS + COLUMNS_16;

/// The addresses of first, second, chunk and out: the offset is added to those of second and out.
pub fn with_offset<R: Copy + core::ops::Add<Output = R>>(
    [first, second, chunk, out]: [R; 4],
    imm: R,
) -> [R; 4] {
    [first, second + imm, chunk, out + imm]
}

/// The constraints and interactions of a row.
#[inline]
pub fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let operands = Operands::<R, 4>::constrain(row, sink);
    let input: [R; WIDTH] = std::array::from_fn(|j| row[INPUT + j]);
    let output = ROUNDS_16.permute::<C, R>(input, |column, value| {
        let committed = row[CHECKPOINTS + column];
        sink.constraint(committed - value);
        committed
    });
    let f: [R; HALF_CELLS] = std::array::from_fn(|j| row[F_COLUMNS + j]);
    for j in 0..HALF_CELLS {
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
    send_half::<C, R, S>(sink, second * quarter, half(HALF_CELLS));
    send_chunk::<C, R, S>(sink, chunk * eighth, std::array::from_fn(|j| input[8 + j]));
    send_half::<C, R, S>(sink, out * quarter, f);
}

/// Sends HALF(key, cells).
#[inline]
fn send_half<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    sink: &mut S,
    key: R,
    cells: [R; HALF_CELLS],
) {
    let mut slots = [Bus::Half.slot::<C, R>(); 2 + HALF_CELLS];
    slots[1] = (1, key);
    for (j, cell) in cells.into_iter().enumerate() {
        slots[2 + j] = (HALF_CELLS + j, cell);
    }
    sink.interaction(Numerator::One, &slots);
}
