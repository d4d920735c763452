//! SPEC §9 tables.
//!
//! The tables with their shapes, and the constraints and interactions of a row, written once for
//! every ring: E for the verifier; F and packed F for the first rounds of the prover, E and packed
//! E for the later ones. A table is a file, of this folder or of [`crate::instructions`], where the
//! list of tables is too.

use std::ops::Range;

use p3_field::{Algebra, PrimeCharacteristicRing};

use crate::field::F;
use crate::isa::{Instruction, Opcode, Program};
use crate::memory::{CHUNK_CELLS, HALF_CELLS};
use crate::multilinear::log2_ceil;
use crate::numbered::numbered;
use crate::permutation::constants;

pub mod bytecode;
mod columns;
pub mod memory;

pub use crate::instructions::TableId;
pub(crate) use columns::there;
pub use columns::{Columns, Head, INDICES, MAX_COLUMNS, OperandColumns, State, Stated};

/// A ring over which rows are evaluated, with constants of type C: C = F for F, packed F and E; C =
/// packed F for packed F and packed E.
pub trait Ring<C>: PrimeCharacteristicRing + Algebra<C> + Copy {}

impl<C, R: PrimeCharacteristicRing + Algebra<C> + Copy> Ring<C> for R {}

numbered! {
    /// The buses of SPEC §9.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[expect(missing_docs, reason = "SPEC §9 is their documentation")]
    pub enum Bus: u32 by number {
        State = 1,
        Bytecode = 2,
        Memory = 3,
        Chunk = 4,
        DotLink = 5,
        EqLink = 6,
        Half = 7,
        ChainLink = 8,
        StepLink = 9,
        PathLink = 10,
        SpongeLink = 11,
    }
}

/// log2 of the slots of a tuple.
pub const LOG_SLOTS: usize = 4;
/// Number of slots of a tuple.
pub const SLOTS: usize = 1 << LOG_SLOTS;

/// h_T = max(3, log2ceil(n_T)).
#[must_use]
pub fn log_height(rows: usize) -> usize {
    log2_ceil(rows).max(3)
}

/// The numerator of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numerator<R> {
    /// A send, +1.
    One,
    /// A receive, −1.
    MinusOne,
    /// A receive with a multiplicity, −x.
    Minus(R),
}

impl<R: PrimeCharacteristicRing> Numerator<R> {
    /// As an element of the ring.
    #[inline]
    #[must_use]
    pub fn value(self) -> R {
        match self {
            Self::One => R::ONE,
            Self::MinusOne => R::NEG_ONE,
            Self::Minus(multiplicity) => -multiplicity,
        }
    }
}

/// Takes the constraints of a row in the order of SPEC §9, and its interactions in the order of
/// SPEC §9; nothing is promised about the order of the former relative to the latter.
pub trait Builder {
    /// Constants of the ring.
    type Constant: Copy + From<F>;
    /// The values of columns.
    type Value: Ring<Self::Constant>;

    /// A value that is 0 on every row.
    fn constraint(&mut self, value: Self::Value);

    /// An interaction: the slots that are not always 0, by increasing slot; the first is slot 0,
    /// the bus.
    fn interaction(&mut self, numerator: Numerator<Self::Value>, tuple: &[(usize, Self::Value)]);

    /// A constant, to be added to a value or multiplied with one.
    #[inline]
    fn fixed(number: u32) -> Self::Constant {
        Self::Constant::from(F::new(number))
    }

    /// A constant as a value.
    #[inline]
    fn constant(number: u32) -> Self::Value {
        Self::Value::from(Self::fixed(number))
    }

    /// Slot 0 of a tuple.
    #[inline]
    fn bus(bus: Bus) -> (usize, Self::Value) {
        (0, Self::constant(bus.number()))
    }

    /// b·(b − 1) = 0.
    #[inline]
    fn boolean(&mut self, bit: Self::Value) {
        self.constraint(bit * (bit - Self::Value::ONE));
    }

    /// Sends MEMORY(address, value).
    #[inline]
    fn send_memory(&mut self, address: Self::Value, value: Self::Value) {
        self.interaction(
            Numerator::One,
            &[Self::bus(Bus::Memory), (1, address), (2, value)],
        );
    }

    /// CHUNK(key, cells).
    #[inline]
    fn chunk(
        &mut self,
        numerator: Numerator<Self::Value>,
        key: Self::Value,
        cells: &[Self::Value; CHUNK_CELLS],
    ) {
        // In full, so that the slots are constants wherever this is inlined.
        let [a, b, c, d, e, f, g, h] = *cells;
        let tuple = [
            Self::bus(Bus::Chunk),
            (1, key),
            (CHUNK_CELLS, a),
            (CHUNK_CELLS + 1, b),
            (CHUNK_CELLS + 2, c),
            (CHUNK_CELLS + 3, d),
            (CHUNK_CELLS + 4, e),
            (CHUNK_CELLS + 5, f),
            (CHUNK_CELLS + 6, g),
            (CHUNK_CELLS + 7, h),
        ];
        self.interaction(numerator, &tuple);
    }

    /// HALF(key, cells).
    #[inline]
    fn half(
        &mut self,
        numerator: Numerator<Self::Value>,
        key: Self::Value,
        cells: &[Self::Value; HALF_CELLS],
    ) {
        let [a, b, c, d] = *cells;
        let tuple = [
            Self::bus(Bus::Half),
            (1, key),
            (HALF_CELLS, a),
            (HALF_CELLS + 1, b),
            (HALF_CELLS + 2, c),
            (HALF_CELLS + 3, d),
        ];
        self.interaction(numerator, &tuple);
    }
}

/// What a row of a table is, of which the number of rows follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// An instruction of the program.
    Program,
    /// A chunk of the memory.
    Memory,
    /// A cycle of this instruction.
    Cycles(Opcode),
    /// One of the terms, `imm` a cycle, of this instruction, or of those that are in no quad.
    Terms(Opcode),
    /// Four of the terms of this instruction.
    Quads(Opcode),
    /// One of the steps of the terms, as many as their digits say, of this instruction.
    Steps(Opcode),
}

/// What is fixed about a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name in SPEC §9.
    pub name: &'static str,
    /// What a row is.
    pub rows: Rows,
    /// Number of committed columns.
    pub columns: usize,
    /// Number of virtual columns, which follow the committed ones in the rows that
    /// [`TableId::evaluate`] takes: the row index, and for BYTECODE also word, k_0..k_4, imm of the
    /// program.
    pub virtual_columns: usize,
    /// Number of interactions of a row.
    pub interactions: usize,
    /// Number of constraints of a row.
    pub constraints: usize,
    /// Greatest degree, in the columns, of a constraint, numerator or slot.
    pub degree: usize,
    /// Where the columns of the permutation are, if it is a hash table.
    pub hash: Option<HashColumns>,
}

/// The columns `in`, `s` and `y` of a hash table, which follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashColumns {
    /// t, the number among the hash tables.
    pub number: usize,
    /// Elements of the state.
    pub width: usize,
    /// The first column of `in`.
    pub first: usize,
    /// Number of columns `in`.
    pub inputs: usize,
    /// Number of columns `s`.
    pub s: usize,
    /// Number of columns `y`.
    pub y: usize,
}

/// Most hash tables.
pub(crate) const MAX_HASHES: usize = 8;
/// The powers of a challenge that a hash table has for the claims of a kind (SPEC §14, §15).
pub(crate) const HASH_POWERS: usize = 64;

impl HashColumns {
    /// Whether `in`, `s` and `y` are columns of a table of so many, the partial rounds have one
    /// column `s` each, and each column has powers of the challenges of its own.
    const fn is_sound(&self, columns: usize) -> bool {
        let partial_rounds = match self.width {
            16 => constants::INTERNAL_16.len(),
            24 => constants::INTERNAL_24.len(),
            _ => return false,
        };
        self.number < MAX_HASHES
            && self.inputs <= self.width
            && self.s == partial_rounds
            && self.y <= self.width
            && self.y_range().end <= columns
            && self.width + self.s <= HASH_POWERS
    }

    /// The columns `in`.
    #[must_use]
    pub const fn input_range(&self) -> Range<usize> {
        self.first..self.first + self.inputs
    }

    /// The columns `s`.
    #[must_use]
    pub const fn s_range(&self) -> Range<usize> {
        let start = self.first + self.inputs;
        start..start + self.s
    }

    /// The columns `y`.
    #[must_use]
    pub const fn y_range(&self) -> Range<usize> {
        let start = self.first + self.inputs + self.s;
        start..start + self.y
    }
}

// A column that is not there, or that shares a power with another, would go unnoticed: no claim
// would be made of it.
const _: () = {
    let (mut numbers, mut rest) = (0, TableId::ALL.as_slice());
    while let [first, tail @ ..] = rest {
        if let Some(hash) = first.hash() {
            assert!(hash.is_sound(first.num_columns()));
            assert!(numbers >> hash.number & 1 == 0);
            numbers |= 1 << hash.number;
        }
        rest = tail;
    }
};

impl TableId {
    /// Number of tables.
    pub const COUNT: usize = Self::ALL.len();

    /// The greatest degree of a table.
    pub const MAX_DEGREE: usize = {
        let (mut greatest, mut rest) = (0, Self::ALL.as_slice());
        while let [first, tail @ ..] = rest {
            if first.degree() > greatest {
                greatest = first.degree();
            }
            rest = tail;
        }
        greatest
    };

    /// The greatest number of interactions of a row.
    pub const MAX_INTERACTIONS: usize = {
        let (mut greatest, mut rest) = (0, Self::ALL.as_slice());
        while let [first, tail @ ..] = rest {
            if first.num_interactions() > greatest {
                greatest = first.num_interactions();
            }
            rest = tail;
        }
        greatest
    };

    /// The name in SPEC §9.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.shape().name
    }

    /// Number of committed columns.
    #[must_use]
    pub const fn num_columns(self) -> usize {
        self.shape().columns
    }

    /// Number of virtual columns: [`Shape::virtual_columns`].
    #[must_use]
    pub const fn num_virtual_columns(self) -> usize {
        self.shape().virtual_columns
    }

    /// Number of interactions of a row.
    #[must_use]
    pub const fn num_interactions(self) -> usize {
        self.shape().interactions
    }

    /// Number of constraints of a row.
    #[must_use]
    pub const fn num_constraints(self) -> usize {
        self.shape().constraints
    }

    /// Greatest degree, in the columns, of a constraint, numerator or slot.
    #[must_use]
    pub const fn degree(self) -> usize {
        self.shape().degree
    }

    /// Where the columns of the permutation are, of a hash table.
    #[must_use]
    pub const fn hash(self) -> Option<HashColumns> {
        self.shape().hash
    }

    /// The table of the cycles of an instruction; none for HALT.
    #[must_use]
    pub fn of(opcode: Opcode) -> Option<Self> {
        let is_its = |id: &Self| id.shape().rows == Rows::Cycles(opcode);
        Self::ALL.into_iter().find(is_its)
    }

    /// The values of the virtual columns at a row; of the program extended by zero rows for
    /// BYTECODE.
    #[must_use]
    pub fn virtual_values(self, program: &Program, row: usize) -> Vec<F> {
        let mut values = Vec::with_capacity(self.num_virtual_columns());
        if self.num_virtual_columns() > 0 {
            values.push(F::from_usize(row));
        }
        if self == Self::Bytecode {
            values.extend(
                program
                    .instructions()
                    .get(row)
                    .map_or([F::ZERO; 6], Instruction::fields),
            );
        }
        values
    }
}
