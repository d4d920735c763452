//! SPEC §9 tables.
//!
//! A trace is a list of tables, a table a list of columns, a column a value per row. What a row
//! must fulfil is an [`Evaluation`]: constraints, which are zero, and interactions, which balance
//! over the whole trace. Evaluations are formulas in the columns, so that they are as well
//! evaluated at a point of E.

mod evaluation;
mod trace;

pub use evaluation::{Bus, Columns, Evaluation, Head, Interaction, OperandColumns, SLOTS};
pub use trace::{Context, Table, trace};

use crate::field::{Element, Felt};
use crate::instructions::{
    add, chain, deref, dot_product, eq, jump, mul, path, poseidon, poseidon_halves, sponge,
};
use crate::isa::Opcode;

/// The number of tables.
pub const NUM_TABLES: usize = 22;

/// The tables in the order T.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TableId {
    /// The program, with the number of cycles at each pc.
    Bytecode,
    /// The final memory, a chunk a row.
    Memory,
    /// Cycles of ADD.
    Add,
    /// Cycles of MUL.
    Mul,
    /// Cycles of DEREF.
    Deref,
    /// Cycles of JUMP.
    Jump,
    /// Cycles of POSEIDON_8.
    Poseidon8,
    /// Cycles of POSEIDON_16.
    Poseidon16,
    /// Cycles of POSEIDON_24.
    Poseidon24,
    /// Cycles of DOT_PRODUCT.
    DotProduct,
    /// The terms of the rows of DOT_PRODUCT.
    DotTerm,
    /// Cycles of EQ.
    Eq,
    /// The terms of the rows of EQ.
    EqTerm,
    /// Cycles of POSEIDON_16_HALVES.
    Poseidon16Halves,
    /// Cycles of CHAIN.
    Chain,
    /// The chains of the rows of CHAIN.
    ChainTerm,
    /// The steps of the rows of CHAIN_TERM.
    ChainStep,
    /// Cycles of PATH.
    Path,
    /// The levels of the rows of PATH.
    PathStep,
    /// Cycles of SPONGE.
    Sponge,
    /// The blocks of the rows of SPONGE.
    SpongeStep,
    /// Four terms each of the rows of DOT_PRODUCT.
    DotQuad,
}

impl TableId {
    /// All tables in the order T.
    pub const ALL: [Self; NUM_TABLES] = [
        Self::Bytecode,
        Self::Memory,
        Self::Add,
        Self::Mul,
        Self::Deref,
        Self::Jump,
        Self::Poseidon8,
        Self::Poseidon16,
        Self::Poseidon24,
        Self::DotProduct,
        Self::DotTerm,
        Self::Eq,
        Self::EqTerm,
        Self::Poseidon16Halves,
        Self::Chain,
        Self::ChainTerm,
        Self::ChainStep,
        Self::Path,
        Self::PathStep,
        Self::Sponge,
        Self::SpongeStep,
        Self::DotQuad,
    ];

    /// The number T of the table.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The number of columns.
    pub fn num_columns(self) -> usize {
        [
            1, 19, 14, 14, 11, 14, 60, 72, 95, 21, 20, 21, 20, 59, 29, 25, 37, 31, 45, 35, 48, 33,
        ][self.index()]
    }

    /// The number of interactions of a row.
    pub fn num_interactions(self) -> usize {
        [
            1, 11, 6, 6, 6, 6, 8, 10, 13, 13, 12, 13, 12, 11, 11, 7, 2, 11, 4, 11, 4, 8,
        ][self.index()]
    }

    /// The greatest degree of a constraint, numerator or slot.
    pub fn degree(self) -> usize {
        [
            1, 1, 2, 4, 2, 4, 2, 2, 2, 2, 3, 2, 4, 2, 2, 2, 1, 2, 2, 3, 1, 2,
        ][self.index()]
    }

    /// The number of constraints of a row.
    pub fn num_constraints(self) -> usize {
        let columns = vec![Felt::ZERO; self.num_columns()];
        evaluate(self, &columns, Felt::ZERO, &[Felt::ZERO; 6])
            .constraints
            .len()
    }

    /// The table of the cycles of an instruction; HALT has none.
    pub fn of(opcode: Opcode) -> Option<Self> {
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
            Opcode::Chain => Some(Self::Chain),
            Opcode::Path => Some(Self::Path),
            Opcode::Sponge => Some(Self::Sponge),
        }
    }
}

/// Constraints and interactions of a row, or their extension at a point.
///
/// `columns` are the columns of the table, `index` its virtual column `row`, `program` the six
/// fields of the instruction at `index`, which only BYTECODE uses.
///
/// # Panics
/// If `columns` are fewer than the table has.
pub fn evaluate<E: Element>(
    table: TableId,
    columns: &[E],
    index: E,
    program: &[E; 6],
) -> Evaluation<E> {
    let mut evaluation = Evaluation::new();
    match table {
        TableId::Bytecode => evaluate_bytecode(columns, index, program, &mut evaluation),
        TableId::Memory => evaluate_memory(columns, index, &mut evaluation),
        TableId::Add => add::evaluate(columns, &mut evaluation),
        TableId::Mul => mul::evaluate(columns, &mut evaluation),
        TableId::Deref => deref::evaluate(columns, &mut evaluation),
        TableId::Jump => jump::evaluate(columns, &mut evaluation),
        TableId::Poseidon8 => poseidon::evaluate(Opcode::Poseidon8, columns, &mut evaluation),
        TableId::Poseidon16 => poseidon::evaluate(Opcode::Poseidon16, columns, &mut evaluation),
        TableId::Poseidon24 => poseidon::evaluate(Opcode::Poseidon24, columns, &mut evaluation),
        TableId::DotProduct => dot_product::evaluate(columns, index, &mut evaluation),
        TableId::DotTerm => dot_product::evaluate_term(columns, &mut evaluation),
        TableId::Eq => eq::evaluate(columns, index, &mut evaluation),
        TableId::EqTerm => eq::evaluate_term(columns, &mut evaluation),
        TableId::Poseidon16Halves => poseidon_halves::evaluate(columns, &mut evaluation),
        TableId::Chain => chain::evaluate(columns, index, &mut evaluation),
        TableId::ChainTerm => chain::evaluate_term(columns, index, &mut evaluation),
        TableId::ChainStep => chain::evaluate_step(columns, &mut evaluation),
        TableId::Path => path::evaluate(columns, index, &mut evaluation),
        TableId::PathStep => path::evaluate_step(columns, &mut evaluation),
        TableId::Sponge => sponge::evaluate(columns, index, &mut evaluation),
        TableId::SpongeStep => sponge::evaluate_step(columns, &mut evaluation),
        TableId::DotQuad => dot_product::evaluate_quad(columns, &mut evaluation),
    }
    evaluation
}

/// §9.1: receives BYTECODE(row, word, k_0, k_1, k_2, k_3, imm) with numerator −multiplicity.
fn evaluate_bytecode<E: Element>(
    columns: &[E],
    index: E,
    program: &[E; 6],
    evaluation: &mut Evaluation<E>,
) {
    let [multiplicity] = Columns::new(columns).take();
    evaluation.interaction(
        -multiplicity,
        Bus::Bytecode,
        &[&[index][..], program].concat(),
    );
}

/// §9.2: receives MEMORY(8·row + j, cell_j) with numerator −scalar_j for j < 8, then CHUNK(row,
/// cells) with numerator −chunk, then HALF(2·row + h, four cells) with numerator −half_h for h < 2.
fn evaluate_memory<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let cells: [E; 8] = columns.take();
    let scalars: [E; 8] = columns.take();
    let chunk = columns.one();
    let halves: [E; 2] = columns.take();
    for j in 0..8 {
        let address = E::from(Felt::new(8)) * index + E::from(Felt::new(j as u64));
        evaluation.interaction(-scalars[j], Bus::Memory, &[address, cells[j]]);
    }
    evaluation.chunk(-chunk, index, &cells);
    for h in 0..2 {
        let key = E::from(Felt::new(2)) * index + E::from(Felt::new(h as u64));
        evaluation.half(-halves[h], key, &cells[4 * h..4 * h + 4]);
    }
}

#[cfg(test)]
mod tests;
