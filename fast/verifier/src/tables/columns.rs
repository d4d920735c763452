//! SPEC §9 tables: the columns of a row by name.
//!
//! A table has a struct that takes its columns in their order. Of the values of a row it is made to
//! evaluate the row; of [`INDICES`] it says where each column is, for the prover, which fills them.

use p3_field::PrimeCharacteristicRing;

use super::{Builder, Bus, Numerator};
use crate::isa::Opcode;

/// Most columns of a table, virtual ones too.
pub const MAX_COLUMNS: usize = 256;

/// The number of each column.
pub static INDICES: [usize; MAX_COLUMNS] = {
    let mut indices = [0; MAX_COLUMNS];
    let mut rest: &mut [usize] = &mut indices;
    let mut number = 0;
    while let [first, tail @ ..] = rest {
        *first = number;
        number += 1;
        rest = tail;
    }
    indices
};

/// Takes the columns of a row in order. The row has the width of its table, which the caller knows:
/// no proof announces it.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a, T> {
    rest: &'a [T],
}

#[cfg_attr(
    not(test),
    expect(
        clippy::expect_used,
        reason = "a row has the width of its table: the verifier makes both"
    )
)]
pub(crate) fn there<T>(columns: Option<T>) -> T {
    columns.expect("a row has the columns of its table")
}

impl<'a, T> Columns<'a, T> {
    /// From the first column on.
    #[inline]
    pub const fn new(row: &'a [T]) -> Self {
        Self { rest: row }
    }

    /// The next column.
    ///
    /// # Panics
    /// If there is none; so do the other methods.
    #[inline]
    pub fn one(&mut self) -> &'a T {
        let (column, rest) = there(self.rest.split_first());
        self.rest = rest;
        column
    }

    /// The next N columns.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> &'a [T; N] {
        let (columns, rest) = there(self.rest.split_first_chunk());
        self.rest = rest;
        columns
    }

    /// The next n columns.
    #[inline]
    pub fn list(&mut self, n: usize) -> &'a [T] {
        let (columns, rest) = there(self.rest.split_at_checked(n));
        self.rest = rest;
        columns
    }

    /// The next n times N columns.
    #[inline]
    pub fn arrays<const N: usize>(&mut self, n: usize) -> &'a [[T; N]] {
        let (arrays, _) = self.list(n * N).as_chunks();
        arrays
    }

    /// pc, fp, and those of N operands.
    #[inline]
    pub fn head<const N: usize>(&mut self) -> Head<'a, T, N> {
        Head {
            pc: self.one(),
            fp: self.one(),
            operands: std::array::from_fn(|_| {
                let [k, mem, frame, cell] = self.array();
                OperandColumns {
                    k,
                    mem,
                    frame,
                    cell,
                }
            }),
        }
    }

    /// Whether all columns are taken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// The columns of operand i.
#[derive(Clone, Copy, Debug)]
pub struct OperandColumns<'a, T> {
    /// k_i.
    pub k: &'a T,
    /// mem_i.
    pub mem: &'a T,
    /// frame_i.
    pub frame: &'a T,
    /// cell_i.
    pub cell: &'a T,
}

/// The columns that all instruction tables begin with, for N operands.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a, T, const N: usize> {
    /// pc.
    pub pc: &'a T,
    /// fp.
    pub fp: &'a T,
    /// The operands.
    pub operands: [OperandColumns<'a, T>; N],
}

/// The state that a row leads to.
#[derive(Clone, Copy, Debug)]
pub struct State<V> {
    /// pc'.
    pub pc: V,
    /// fp'.
    pub fp: V,
}

/// What a row says of its instruction, beside the operands.
#[derive(Clone, Copy, Debug)]
pub struct Stated<V> {
    /// The opcode.
    pub opcode: Opcode,
    /// What half, permute and base add to the word.
    pub flags: V,
    /// The column imm, or zero.
    pub imm: V,
}

impl<V: PrimeCharacteristicRing + Copy> Stated<V> {
    /// Neither flags nor imm.
    #[inline]
    pub const fn plain(opcode: Opcode) -> Self {
        Self {
            opcode,
            flags: V::ZERO,
            imm: V::ZERO,
        }
    }
}

impl<V: PrimeCharacteristicRing + Copy, const N: usize> Head<'_, V, N> {
    /// v_i = mem_i·cell_i + (1 − mem_i)·k_i + frame_i·fp.
    #[inline]
    pub fn values(&self) -> [V; N] {
        self.operands.map(|operand| {
            let OperandColumns {
                k,
                mem,
                frame,
                cell,
            } = operand;
            *mem * (*cell - *k) + *k + *frame * *self.fp
        })
    }

    /// (pc + 1, fp).
    #[inline]
    pub fn next(&self) -> State<V> {
        State {
            pc: *self.pc + V::ONE,
            fp: *self.fp,
        }
    }

    /// Gives the constraints of the operands.
    #[inline]
    pub fn constrain<B: Builder<Value = V>>(&self, builder: &mut B) {
        for operand in &self.operands {
            builder.boolean(*operand.mem);
            builder.boolean(*operand.frame);
            builder.constraint(*operand.mem * *operand.frame);
        }
    }

    /// Gives the STATE, BYTECODE and operand interactions.
    #[inline]
    pub fn interact<B: Builder<Value = V>>(
        &self,
        stated: Stated<V>,
        next: State<V>,
        builder: &mut B,
    ) {
        let state = B::bus(Bus::State);
        builder.interaction(Numerator::MinusOne, &[state, (1, *self.pc), (2, *self.fp)]);
        builder.interaction(Numerator::One, &[state, (1, next.pc), (2, next.fp)]);
        let mut word = stated.flags + B::constant(stated.opcode.code());
        let mut k = [V::ZERO; 4];
        for ((operand, k), bit) in self.operands.iter().zip(&mut k).zip([5, 7, 9, 11]) {
            word += (*operand.mem + operand.frame.double()).mul_2exp_u64(bit);
            *k = *operand.k;
        }
        let [k_0, k_1, k_2, k_3] = k;
        builder.interaction(
            Numerator::One,
            &[
                B::bus(Bus::Bytecode),
                (1, *self.pc),
                (2, word),
                (3, k_0),
                (4, k_1),
                (5, k_2),
                (6, k_3),
                (7, stated.imm),
            ],
        );
        for operand in &self.operands {
            builder.send_memory(*operand.mem * (*self.fp + *operand.k), *operand.cell);
        }
    }
}
