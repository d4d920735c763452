//! SPEC §9 tables.
//!
//! The tables with their sizes, and the constraints and interactions of a row, written once for every ring: E for the verifier; F and packed F
//! for the first rounds of the prover, E and packed E for the later ones.

use p3_field::{Algebra, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::{add, deref, jump, mul, poseidon, poseidon_halves, reduction};
use crate::isa::{Instruction, Opcode, Program};
use crate::multilinear::log2_ceil;
use crate::numbered::numbered;

/// A ring over which rows are evaluated, with constants of type C: C = F for F, packed F and E; C = packed F for packed F and packed E.
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
    }
}

impl Bus {
    /// Slot 0 of a tuple.
    #[inline]
    pub(crate) fn slot<C: From<F>, R: Ring<C>>(self) -> (usize, R) {
        (0, R::from(C::from(F::new(self.number()))))
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

/// Takes the constraints of a row in the order of SPEC §9, and its interactions in the order of SPEC §9; nothing is promised about the order of
/// the former relative to the latter.
pub trait Sink<R> {
    /// A value that is 0 on every row.
    fn constraint(&mut self, value: R);

    /// An interaction: the slots that are not always 0, by increasing slot; the first is slot 0, the bus.
    fn interaction(&mut self, numerator: Numerator<R>, slots: &[(usize, R)]);
}

numbered! {
    /// The tables; the number is T.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[expect(missing_docs, reason = "SPEC §9 is their documentation")]
    pub enum TableId: usize by index {
        Bytecode = 0,
        Memory = 1,
        Add = 2,
        Mul = 3,
        Deref = 4,
        Jump = 5,
        Poseidon8 = 6,
        Poseidon16 = 7,
        Poseidon24 = 8,
        DotProduct = 9,
        DotTerm = 10,
        Eq = 11,
        EqTerm = 12,
        Poseidon16Halves = 13,
    }
}

/// What is fixed about a table.
struct Shape {
    name: &'static str,
    columns: usize,
    virtual_columns: usize,
    interactions: usize,
    constraints: usize,
    degree: usize,
}

impl TableId {
    /// Number of tables.
    pub const COUNT: usize = Self::ALL.len();

    const fn shape(self) -> Shape {
        let (name, columns, virtual_columns, interactions, constraints, degree) = match self {
            Self::Bytecode => ("BYTECODE", 1, 7, 1, 0, 1),
            Self::Memory => ("MEMORY", 19, 1, 11, 0, 1),
            Self::Add => ("ADD", 14, 0, 6, 10, 2),
            Self::Mul => ("MUL", 14, 0, 6, 10, 4),
            Self::Deref => ("DEREF", 11, 0, 6, 6, 2),
            Self::Jump => ("JUMP", 14, 0, 6, 10, 4),
            Self::Poseidon8 => ("POSEIDON_8", 108, 0, 8, 6 + 3 + 68 + 16, 9),
            Self::Poseidon16 => ("POSEIDON_16", 120, 0, 10, 9 + 3 + 68 + 16, 9),
            Self::Poseidon24 => ("POSEIDON_24", 167, 0, 13, 12 + 3 + 95 + 24, 9),
            Self::DotProduct => ("DOT_PRODUCT", 21, 1, 13, 10, 2),
            Self::DotTerm => ("DOT_TERM", 20, 0, 12, 1, 3),
            Self::Eq => ("EQ", 21, 1, 13, 10, 2),
            Self::EqTerm => ("EQ_TERM", 20, 0, 12, 1, 4),
            Self::Poseidon16Halves => ("POSEIDON_16_HALVES", 107, 0, 11, 12 + 68 + 4, 9),
        };
        Shape {
            name,
            columns,
            virtual_columns,
            interactions,
            constraints,
            degree,
        }
    }

    /// The name in SPEC §9.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.shape().name
    }

    /// Number of committed columns.
    #[must_use]
    pub const fn columns(self) -> usize {
        self.shape().columns
    }

    /// Number of virtual columns, which follow the committed ones in the rows that [`TableId::evaluate`] takes: the row index, and for BYTECODE
    /// also word, k_0..k_4, imm of the program.
    #[must_use]
    pub const fn virtual_columns(self) -> usize {
        self.shape().virtual_columns
    }

    /// Number of interactions of a row.
    #[must_use]
    pub const fn interactions(self) -> usize {
        self.shape().interactions
    }

    /// Number of constraints of a row.
    #[must_use]
    pub const fn constraints(self) -> usize {
        self.shape().constraints
    }

    /// Greatest degree, in the columns, of a constraint, numerator or slot.
    #[must_use]
    pub const fn degree(self) -> usize {
        self.shape().degree
    }

    /// The table of an instruction; none for HALT.
    #[must_use]
    pub const fn of(opcode: Opcode) -> Option<Self> {
        match opcode {
            Opcode::Halt => None,
            Opcode::Add => Some(Self::Add),
            Opcode::Mul => Some(Self::Mul),
            Opcode::Deref => Some(Self::Deref),
            Opcode::Jump => Some(Self::Jump),
            Opcode::Poseidon8 => Some(Self::Poseidon8),
            Opcode::Poseidon16 => Some(Self::Poseidon16),
            Opcode::Poseidon24 => Some(Self::Poseidon24),
            Opcode::DotProduct => Some(Self::DotProduct),
            Opcode::Eq => Some(Self::Eq),
            Opcode::Poseidon16Halves => Some(Self::Poseidon16Halves),
        }
    }

    /// Gives the constraints and interactions of one row to `sink`. `row` holds the committed columns, then the virtual ones.
    ///
    /// # Panics
    /// If `row` is shorter than that.
    #[inline]
    pub fn evaluate<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(self, row: &[R], sink: &mut S) {
        match self {
            Self::Bytecode => evaluate_bytecode::<C, R, S>(row, sink),
            Self::Memory => evaluate_memory::<C, R, S>(row, sink),
            Self::Add => add::evaluate::<C, R, S>(row, sink),
            Self::Mul => mul::evaluate::<C, R, S>(row, sink),
            Self::Deref => deref::evaluate::<C, R, S>(row, sink),
            Self::Jump => jump::evaluate::<C, R, S>(row, sink),
            Self::Poseidon8 => poseidon::evaluate_8::<C, R, S>(row, sink),
            Self::Poseidon16 => poseidon::evaluate_16::<C, R, S>(row, sink),
            Self::Poseidon24 => poseidon::evaluate_24::<C, R, S>(row, sink),
            Self::DotProduct => reduction::evaluate_owner::<C, R, S>(Opcode::DotProduct, row, sink),
            Self::DotTerm => reduction::evaluate_term::<C, R, S>(Opcode::DotProduct, row, sink),
            Self::Eq => reduction::evaluate_owner::<C, R, S>(Opcode::Eq, row, sink),
            Self::EqTerm => reduction::evaluate_term::<C, R, S>(Opcode::Eq, row, sink),
            Self::Poseidon16Halves => poseidon_halves::evaluate::<C, R, S>(row, sink),
        }
    }

    /// The values of the virtual columns at a row; of the program extended by zero rows for BYTECODE.
    #[must_use]
    pub fn virtual_values(self, program: &Program, row: usize) -> Vec<F> {
        let mut values = Vec::with_capacity(self.virtual_columns());
        if self.virtual_columns() > 0 {
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

/// Row: multiplicity, row index, word, k_0..k_4, imm.
#[inline]
fn evaluate_bytecode<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let mut slots = [Bus::Bytecode.slot::<C, R>(); 8];
    for (slot, value) in (1..).zip(&row[1..8]) {
        slots[slot] = (slot, *value);
    }
    sink.interaction(Numerator::Minus(row[0]), &slots);
}

/// Row: cells (8), scalar (8), chunk, half (2), row index.
#[inline]
fn evaluate_memory<C: Copy + From<F>, R: Ring<C>, S: Sink<R>>(row: &[R], sink: &mut S) {
    let row_index = row[19];
    let first = row_index.mul_2exp_u64(3);
    for (j, (cell, count)) in (0..).zip(row[..8].iter().zip(&row[8..16])) {
        let slots = [
            Bus::Memory.slot::<C, R>(),
            (1, first + C::from(F::new(j))),
            (2, *cell),
        ];
        sink.interaction(Numerator::Minus(*count), &slots);
    }
    let mut slots = [Bus::Chunk.slot::<C, R>(); 10];
    slots[1] = (1, row_index);
    for (j, cell) in row[..8].iter().enumerate() {
        slots[2 + j] = (8 + j, *cell);
    }
    sink.interaction(Numerator::Minus(row[16]), &slots);
    let first = row_index.double();
    for (h, (cells, count)) in (0..).zip(row[..8].chunks_exact(4).zip(&row[17..19])) {
        let mut slots = [Bus::Half.slot::<C, R>(); 6];
        slots[1] = (1, first + C::from(F::new(h)));
        for (j, cell) in cells.iter().enumerate() {
            slots[2 + j] = (4 + j, *cell);
        }
        sink.interaction(Numerator::Minus(*count), &slots);
    }
}
