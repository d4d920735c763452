//! SPEC §9 tables: what the instruction tables begin with.
//!
//! Columns pc, fp, then k_i, mem_i, frame_i, cell_i of each operand.

use p3_field::PrimeCharacteristicRing;

use crate::field::F;
use crate::isa::Opcode;
use crate::tables::{Bus, Numerator, Ring, Sink};

/// Number of columns before those of operand i; with i the number of operands, of all that this module describes.
#[must_use]
pub const fn offset(i: usize) -> usize {
    2 + 4 * i
}

/// The values of the columns of this module at one row.
pub struct Operands<R, const N: usize> {
    /// pc.
    pub pc: R,
    /// fp.
    pub fp: R,
    /// v_i.
    pub values: [R; N],
}

impl<R: Copy, const N: usize> Operands<R, N> {
    /// Gives the constraints of the operands.
    #[inline]
    pub fn constrain<C, S>(row: &[R], sink: &mut S) -> Self
    where
        R: Ring<C>,
        S: Sink<R>,
    {
        let (pc, fp) = (row[0], row[1]);
        let values = std::array::from_fn(|i| {
            let [k, mem, frame, cell] = columns(row, i);
            boolean(mem, sink);
            boolean(frame, sink);
            sink.constraint(mem * frame);
            mem * (cell - k) + k + frame * fp
        });
        Self { pc, fp, values }
    }

    /// (pc + 1, fp).
    #[inline]
    pub fn next<C>(&self) -> (R, R)
    where
        R: Ring<C>,
    {
        (self.pc + R::ONE, self.fp)
    }

    /// Gives the STATE, BYTECODE and operand interactions. `flags` is what half, permute and base add to the word.
    #[inline]
    pub fn interact<C, S>(
        &self,
        row: &[R],
        sink: &mut S,
        next: (R, R),
        opcode: Opcode,
        flags: R,
        imm: R,
    ) where
        C: Copy + From<F>,
        R: Ring<C>,
        S: Sink<R>,
    {
        let state = Bus::State.slot::<C, R>();
        sink.interaction(Numerator::MinusOne, &[state, (1, self.pc), (2, self.fp)]);
        sink.interaction(Numerator::One, &[state, (1, next.0), (2, next.1)]);
        let mut word = flags + constant::<C, R>(opcode.code());
        let mut k = [R::ZERO; 4];
        for ((i, operand), k) in (0..).zip(0..N).zip(&mut k) {
            let [k_i, mem, frame, _] = columns(row, operand);
            word += (mem + frame.double()).mul_2exp_u64(5 + 2 * i);
            *k = k_i;
        }
        let slots = [
            Bus::Bytecode.slot::<C, R>(),
            (1, self.pc),
            (2, word),
            (3, k[0]),
            (4, k[1]),
            (5, k[2]),
            (6, k[3]),
            (7, imm),
        ];
        sink.interaction(Numerator::One, &slots);
        for i in 0..N {
            let [k, mem, _, cell] = columns(row, i);
            send_memory::<C, R, S>(sink, mem * (self.fp + k), cell);
        }
    }
}

/// `value` as an element of R.
#[inline]
pub fn constant<C: From<F>, R: Ring<C>>(value: u32) -> R {
    R::from(C::from(F::new(value)))
}

/// b·(b − 1) = 0.
#[inline]
pub fn boolean<R: PrimeCharacteristicRing + Copy, S: Sink<R>>(bit: R, sink: &mut S) {
    sink.constraint(bit * (bit - R::ONE));
}

/// Sends MEMORY(address, value).
#[inline]
pub fn send_memory<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(sink: &mut S, address: R, value: R) {
    sink.interaction(
        Numerator::One,
        &[Bus::Memory.slot::<C, R>(), (1, address), (2, value)],
    );
}

#[inline]
fn columns<R: Copy>(row: &[R], i: usize) -> [R; 4] {
    std::array::from_fn(|j| row[offset(i) + j])
}
