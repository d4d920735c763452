//! SPEC §9 tables: what the instruction tables begin with.
//!
//! Columns pc, fp, then k_i, mem_i, frame_i, cell_i of each operand.

use p3_field::PrimeCharacteristicRing;

use crate::field::F;
use crate::isa::Opcode;
use crate::tables::{Bus, Numerator, Ring, Sink};

#[cfg(feature = "prover")]
use {
    crate::field::to_canonical,
    crate::isa::{Instruction, Operand},
    crate::tables::{Filler, Tally, Witness},
};

/// Number of columns before those of operand i; with i the number of operands, of all that this module describes.
pub(crate) const fn offset(i: usize) -> usize {
    2 + 4 * i
}

/// The values of the columns of this module at one row.
pub(crate) struct Operands<R, const N: usize> {
    pub(crate) pc: R,
    pub(crate) fp: R,
    /// v_i.
    pub(crate) values: [R; N],
}

impl<R: Copy, const N: usize> Operands<R, N> {
    /// Gives the constraints of the operands.
    #[inline]
    pub(crate) fn constrain<C, S>(row: &[R], sink: &mut S) -> Self
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
    pub(crate) fn next<C>(&self) -> (R, R)
    where
        R: Ring<C>,
    {
        (self.pc + R::ONE, self.fp)
    }

    /// Gives the STATE, BYTECODE and operand interactions. `flags` is what half, permute and base add to the word.
    #[inline]
    pub(crate) fn interact<C, S>(
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
        let mut word = flags + constant::<C, R>(opcode as u32);
        let mut k = [R::ZERO; 4];
        for (i, k) in k.iter_mut().take(N).enumerate() {
            let [k_i, mem, frame, _] = columns(row, i);
            word += (mem + frame.double()).mul_2exp_u64(5 + 2 * i as u64);
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
pub(crate) fn constant<C: From<F>, R: Ring<C>>(value: u32) -> R {
    R::from(C::from(F::new(value)))
}

/// b·(b − 1) = 0.
#[inline]
pub(crate) fn boolean<R: PrimeCharacteristicRing + Copy, S: Sink<R>>(bit: R, sink: &mut S) {
    sink.constraint(bit * (bit - R::ONE));
}

/// Sends MEMORY(address, value).
#[inline]
pub(crate) fn send_memory<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(
    sink: &mut S,
    address: R,
    value: R,
) {
    sink.interaction(
        Numerator::One,
        &[Bus::Memory.slot::<C, R>(), (1, address), (2, value)],
    );
}

#[inline]
fn columns<R: Copy>(row: &[R], i: usize) -> [R; 4] {
    std::array::from_fn(|j| row[offset(i) + j])
}

/// Operand i of an instruction: the address of its lookup, the cell there, and the value v_i.
#[inline]
#[cfg(feature = "prover")]
fn operand(memory: &[F], instruction: &Instruction, fp: F, i: usize) -> (u32, F, F) {
    let looked_up = |address: u32| (address, memory[address as usize]);
    match instruction.operand(i) {
        Operand::Constant(k) => {
            let (address, cell) = looked_up(0);
            (address, cell, k)
        }
        Operand::Frame(k) => {
            let (address, cell) = looked_up(0);
            (address, cell, fp + k)
        }
        Operand::Memory(k) => {
            let (address, cell) = looked_up(to_canonical(fp + k));
            (address, cell, cell)
        }
    }
}

/// The instruction of the cycle `step` and its values v_i.
#[inline]
#[cfg(feature = "prover")]
pub(crate) fn values<const N: usize>(witness: &Witness<'_>, step: u32) -> (Instruction, [F; N]) {
    let (pc, fp) = witness.steps[step as usize];
    let instruction = witness.program.instructions()[pc as usize];
    (
        instruction,
        std::array::from_fn(|i| operand(witness.memory, &instruction, fp, i).2),
    )
}

/// Writes the columns of this module for the cycle `step`; the result is the instruction and its values v_i.
#[inline]
#[cfg(feature = "prover")]
pub(crate) fn fill<const N: usize>(
    witness: &Witness<'_>,
    step: u32,
    row: &mut [F],
    tally: &mut Tally<'_>,
) -> (Instruction, [F; N]) {
    let (pc, fp) = witness.steps[step as usize];
    let instruction = witness.program.instructions()[pc as usize];
    row[0] = F::from_u32(pc);
    row[1] = fp;
    let values = std::array::from_fn(|i| {
        let (address, cell, value) = operand(witness.memory, &instruction, fp, i);
        tally.scalar(address);
        let (k, flags) = (instruction.operand(i).k(), instruction.operand(i).flags());
        row[offset(i)..offset(i + 1)].copy_from_slice(&[
            k,
            F::from_bool(flags == 1),
            F::from_bool(flags == 2),
            cell,
        ]);
        value
    });
    (instruction, values)
}

/// Fills the rows of a table whose columns beyond those of the operands are few: one row at a time.
#[cfg(feature = "prover")]
pub(crate) fn fill_rows(
    filler: &Filler<'_, '_>,
    columns: &mut [Vec<F>],
    write: impl Fn(&Witness<'_>, u32, &mut [F], &mut Tally<'_>) + Sync,
) {
    filler.by_row(columns, |row_index, row, tally| {
        write(filler.witness, filler.cycles[row_index], row, tally)
    });
}
