//! SPEC §9 tables: the rows of a trace.

use super::{Bus, NUM_TABLES, TableId, evaluate};
use crate::execution::Cycle;
use crate::field::Felt;
use crate::instructions::{chain, deref, dot_product, eq, path, poseidon, poseidon_halves, sponge};
use crate::isa::{Instruction, Opcode, Operand, Program};

/// A table of a trace; an absent one has no rows and no columns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// n_T.
    pub num_rows: usize,
    /// The columns, each of n_T values.
    pub columns: Vec<Vec<Felt>>,
}

impl Table {
    fn from_rows(rows: &[Vec<Felt>]) -> Self {
        let num_columns = rows.first().map_or(0, Vec::len);
        let columns = (0..num_columns)
            .map(|i| rows.iter().map(|row| row[i]).collect())
            .collect();
        Self {
            num_rows: rows.len(),
            columns,
        }
    }

    /// The values of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> Vec<Felt> {
        self.columns.iter().map(|column| column[row]).collect()
    }
}

/// What every column is a function of, beside (pc, fp).
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    program: &'a Program,
    memory: &'a [Felt],
}

impl Context<'_> {
    /// The instruction at `pc`.
    ///
    /// # Panics
    /// If there is none, which no execution leads to.
    pub fn instruction(&self, pc: u32) -> &Instruction {
        &self.program.instructions()[pc as usize]
    }

    /// A cell of the final memory.
    ///
    /// # Panics
    /// If the address is outside, which no execution leads to.
    pub fn cell(&self, address: Felt) -> Felt {
        self.memory[address.value() as usize]
    }

    /// n cells of the final memory, from an address on.
    ///
    /// # Panics
    /// If one is outside, which no execution leads to.
    pub fn cells(&self, first: Felt, n: usize) -> Vec<Felt> {
        (0..n)
            .map(|j| self.cell(first + Felt::new(j as u64)))
            .collect()
    }

    /// The columns that all instruction tables begin with, and the values of the operands.
    pub fn head_row(&self, pc: u32, fp: Felt) -> (Vec<Felt>, Vec<Felt>) {
        let mut row = vec![Felt::new(u64::from(pc)), fp];
        let mut values = Vec::new();
        let unused = self.cell(Felt::ZERO);
        for operand in self.instruction(pc).operands() {
            let (mem, frame, cell, value) = match *operand {
                Operand::Constant(k) => (Felt::ZERO, Felt::ZERO, unused, k),
                Operand::Memory(k) => (Felt::ONE, Felt::ZERO, self.cell(fp + k), self.cell(fp + k)),
                Operand::Frame(k) => (Felt::ZERO, Felt::ONE, unused, fp + k),
            };
            row.extend([operand.k(), mem, frame, cell]);
            values.push(value);
        }
        (row, values)
    }
}

/// The tables of an execution, in the order T, from the final memory (of M cells) and its cycles.
///
/// # Panics
/// If memory and cycles are not those of an execution of the program.
pub fn trace(program: &Program, memory: &[Felt], cycles: &[Cycle]) -> Vec<Table> {
    let context = Context { program, memory };
    let mut rows: Vec<Vec<Vec<Felt>>> = vec![Vec::new(); NUM_TABLES];
    for &Cycle { pc, fp } in cycles {
        let opcode = context.instruction(pc).opcode();
        let Some(table) = TableId::of(opcode) else {
            continue;
        };
        let owner = rows[table.index()].len();
        let row = match opcode {
            Opcode::Halt | Opcode::Add | Opcode::Mul | Opcode::Jump => context.head_row(pc, fp).0,
            Opcode::Deref => deref::row(&context, pc, fp),
            Opcode::Poseidon8 | Opcode::Poseidon16 | Opcode::Poseidon24 => {
                poseidon::row(&context, pc, fp)
            }
            Opcode::Poseidon16Halves => poseidon_halves::row(&context, pc, fp),
            Opcode::DotProduct => {
                rows[TableId::DotTerm.index()]
                    .extend(dot_product::term_rows(&context, owner, pc, fp));
                rows[TableId::DotQuad.index()]
                    .extend(dot_product::quad_rows(&context, owner, pc, fp));
                dot_product::row(&context, pc, fp)
            }
            Opcode::Eq => {
                rows[TableId::EqTerm.index()].extend(eq::term_rows(&context, owner, pc, fp));
                eq::row(&context, pc, fp)
            }
            Opcode::Chain => {
                let first_term = rows[TableId::ChainTerm.index()].len();
                let (terms, steps) = chain::term_rows(&context, owner, first_term, pc, fp);
                rows[TableId::ChainTerm.index()].extend(terms);
                rows[TableId::ChainStep.index()].extend(steps);
                chain::row(&context, pc, fp)
            }
            Opcode::Path => {
                rows[TableId::PathStep.index()].extend(path::step_rows(&context, owner, pc, fp));
                path::row(&context, pc, fp)
            }
            Opcode::Sponge => {
                rows[TableId::SpongeStep.index()]
                    .extend(sponge::step_rows(&context, owner, pc, fp));
                sponge::row(&context, pc, fp)
            }
        };
        rows[table.index()].push(row);
    }
    let sends = count_sends(&rows, program.instructions().len(), memory.len());
    rows[TableId::Memory.index()] = memory_rows(memory, &sends);
    rows[TableId::Bytecode.index()] = sends
        .bytecode
        .into_iter()
        .map(|count| vec![count])
        .collect();
    rows.iter().map(|rows| Table::from_rows(rows)).collect()
}

/// How often each tuple of BYTECODE and MEMORY is sent.
struct Sends {
    bytecode: Vec<Felt>,
    memory: Vec<Felt>,
    chunk: Vec<Felt>,
    half: Vec<Felt>,
}

fn count_sends(rows: &[Vec<Vec<Felt>>], num_instructions: usize, num_cells: usize) -> Sends {
    let mut sends = Sends {
        bytecode: vec![Felt::ZERO; num_instructions],
        memory: vec![Felt::ZERO; num_cells],
        chunk: vec![Felt::ZERO; num_cells / 8],
        half: vec![Felt::ZERO; num_cells / 4],
    };
    for table in TableId::ALL {
        for (index, row) in rows[table.index()].iter().enumerate() {
            let evaluation = evaluate(table, row, Felt::new(index as u64), &[Felt::ZERO; 6]);
            for interaction in evaluation.interactions {
                let key = interaction.slots[1].value() as usize;
                for (bus, counts) in [
                    (Bus::Bytecode, &mut sends.bytecode),
                    (Bus::Memory, &mut sends.memory),
                    (Bus::Chunk, &mut sends.chunk),
                    (Bus::Half, &mut sends.half),
                ] {
                    if interaction.slots[0] == Felt::new(bus as u64) {
                        counts[key] += interaction.numerator;
                    }
                }
            }
        }
    }
    sends
}

fn memory_rows(memory: &[Felt], sends: &Sends) -> Vec<Vec<Felt>> {
    let mut rows = Vec::new();
    for (i, chunk) in sends.chunk.iter().enumerate() {
        let mut row = memory[8 * i..8 * i + 8].to_vec();
        row.extend(&sends.memory[8 * i..8 * i + 8]);
        row.push(*chunk);
        row.extend(&sends.half[2 * i..2 * i + 2]);
        rows.push(row);
    }
    rows
}
