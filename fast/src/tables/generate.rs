//! SPEC §9 tables, trace generation.
//!
//! The cycles of each table are listed first; then each table is filled in blocks of rows, in
//! parallel. Rows write to disjoint parts of the columns, and lookups are counted by additions,
//! which commute: the result does not depend on the order of the threads.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::bytecode::BytecodeColumns;
use super::memory::MemoryColumns;
use leanvm_verifier::instructions::dot_product::QUAD;

use super::{INDICES, Rows, Table, TableId, Trace};
use crate::execution::{Cycle, Execution};
use crate::field::{F, to_canonical};
use crate::instructions;
use crate::isa::{Opcode, Program};
use crate::memory::{CHUNK_CELLS, HALF_CELLS};

/// Rows that one task fills.
const BLOCK: usize = 1 << 10;

/// What the rows are a function of.
pub(crate) struct Witness<'a> {
    pub(crate) program: &'a Program,
    pub(crate) memory: &'a [F],
    pub(crate) cycles: &'a [Cycle],
}

/// What the tables of an execution are made from: the cycles of each, and their sizes.
#[derive(Debug)]
pub struct Plan<'a> {
    program: &'a Program,
    execution: &'a Execution,
    /// For each instruction table, the indices of its cycles, in order.
    cycles: [Vec<u32>; TableId::COUNT],
    /// Number of cycles at each pc.
    multiplicities: Vec<u32>,
}

impl<'a> Plan<'a> {
    /// The plan of an execution.
    ///
    /// # Panics
    /// If `execution` is not one of `program`.
    #[must_use]
    pub fn new(program: &'a Program, execution: &'a Execution) -> Self {
        let tables: Vec<Option<TableId>> = program
            .instructions()
            .iter()
            .map(|instruction| TableId::of(instruction.opcode()))
            .collect();
        let mut multiplicities = vec![0; tables.len()];
        for cycle in &execution.cycles {
            multiplicities[cycle.pc as usize] += 1;
        }
        let mut totals = [0; TableId::COUNT];
        for (table, count) in tables.iter().zip(&multiplicities) {
            if let Some(table) = table {
                totals[table.index()] += *count as usize;
            }
        }
        let mut cycles = totals.map(Vec::with_capacity);
        for (index, cycle) in (0..).zip(&execution.cycles) {
            if let Some(table) = tables[cycle.pc as usize] {
                cycles[table.index()].push(index);
            }
        }
        Self {
            program,
            execution,
            cycles,
            multiplicities,
        }
    }

    /// n_T of each table, without making the tables: for checks of the caps before memory is taken.
    #[must_use]
    pub fn row_counts(&self) -> [usize; TableId::COUNT] {
        let instructions = self.program.instructions();
        let terms = |opcode: Opcode| -> usize {
            let rows = instructions.iter().zip(&self.multiplicities);
            rows.filter(|(instruction, _)| instruction.opcode() == opcode)
                .map(|(instruction, count)| {
                    (to_canonical(instruction.imm()) as usize).saturating_mul(*count as usize)
                })
                .fold(0, usize::saturating_add)
        };
        let witness = self.witness();
        let steps = |opcode: Opcode| -> usize {
            let cycles = self.cycles(opcode).iter();
            cycles
                .map(|cycle| instructions::chain::steps(&witness, *cycle))
                .fold(0, usize::saturating_add)
        };
        let quads = |opcode: Opcode| -> usize {
            let cycles = self.cycles(opcode).iter();
            cycles
                .map(|cycle| instructions::reduction::quads(&witness, *cycle))
                .sum()
        };
        TableId::ALL.map(|table| match table.shape().rows {
            Rows::Program => instructions.len(),
            Rows::Memory => self.execution.memory.len() / CHUNK_CELLS,
            Rows::Cycles(opcode) => self.cycles(opcode).len(),
            Rows::Terms(opcode) => terms(opcode) - QUAD as usize * quads(opcode),
            Rows::Quads(opcode) => quads(opcode),
            Rows::Steps(opcode) => steps(opcode),
        })
    }

    fn witness(&self) -> Witness<'a> {
        Witness {
            program: self.program,
            memory: &self.execution.memory,
            cycles: &self.execution.cycles,
        }
    }

    /// The indices of the cycles of an instruction, in order.
    fn cycles(&self, opcode: Opcode) -> &[u32] {
        TableId::of(opcode).map_or(&[], |table| &self.cycles[table.index()])
    }

    /// Makes the tables. The result does not depend on the number of threads.
    #[must_use]
    pub fn trace(&self) -> Trace {
        generate(self)
    }
}

fn generate(plan: &Plan<'_>) -> Trace {
    let execution = plan.execution;
    let witness = plan.witness();
    let rows = plan.row_counts();
    let counts = Counts::new(execution.memory.len());
    let mut tables = TableId::ALL.map(|id| {
        let rows = rows[id.index()];
        let columns = if rows == 0 { 0 } else { id.num_columns() };
        Table {
            rows,
            columns: (0..columns)
                .into_par_iter()
                .map(|_| vec![F::ZERO; rows])
                .collect(),
        }
    });
    for (id, table) in TableId::ALL
        .into_iter()
        .zip(&mut tables)
        .filter(|(_, table)| table.rows > 0)
    {
        match id.shape().rows {
            Rows::Program => {
                let counts = plan.multiplicities.iter();
                let multiplicity = *BytecodeColumns::read(&INDICES).multiplicity;
                table.columns[multiplicity] = counts.copied().map(F::from_u32).collect();
            }
            // Needs the counts of all other tables.
            Rows::Memory => {}
            Rows::Cycles(opcode)
            | Rows::Terms(opcode)
            | Rows::Quads(opcode)
            | Rows::Steps(opcode) => {
                let filler = Filler {
                    witness: &witness,
                    cycles: plan.cycles(opcode),
                    counts: &counts,
                };
                instructions::fill(id, &filler, &mut table.columns);
            }
        }
    }
    counts.fill_memory(
        &execution.memory,
        &mut tables[TableId::Memory.index()].columns,
    );
    Trace { tables }
}

/// Number of lookups of each cell, of each chunk and of each half.
struct Counts {
    scalar: Vec<AtomicU32>,
    chunk: Vec<AtomicU32>,
    half: Vec<AtomicU32>,
}

impl Counts {
    fn new(cells: usize) -> Self {
        let zeros = |n: usize| (0..n).into_par_iter().map(|_| AtomicU32::new(0)).collect();
        Self {
            scalar: zeros(cells),
            chunk: zeros(cells / CHUNK_CELLS),
            half: zeros(cells / HALF_CELLS),
        }
    }

    fn fill_memory(&self, memory: &[F], columns: &mut [Vec<F>]) {
        let at = MemoryColumns::read(&INDICES);
        let count = |count: &AtomicU32| F::from_u32(count.load(Ordering::Relaxed));
        columns.par_iter_mut().enumerate().for_each(|(k, column)| {
            let place = |list: &[usize]| list.iter().position(|number| *number == k);
            let rows = column.iter_mut().enumerate();
            if let Some(j) = place(at.cells) {
                rows.for_each(|(i, value)| *value = memory[CHUNK_CELLS * i + j]);
            } else if let Some(j) = place(at.scalar) {
                rows.for_each(|(i, value)| *value = count(&self.scalar[CHUNK_CELLS * i + j]));
            } else if let Some(h) = place(at.half) {
                rows.for_each(|(i, value)| *value = count(&self.half[2 * i + h]));
            } else {
                rows.for_each(|(i, value)| *value = count(&self.chunk[i]));
            }
        });
    }
}

/// Counts the lookups of one task.
pub(crate) struct Tally<'a> {
    counts: &'a Counts,
    /// Lookups of address 0, which are many: kept apart so that the threads do not contend for one
    /// counter.
    zeros: u32,
}

impl Tally<'_> {
    /// One MEMORY send.
    #[inline]
    pub(crate) fn scalar(&mut self, address: u32) {
        if address == 0 {
            self.zeros += 1;
        } else {
            self.counts.scalar[address as usize].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// One CHUNK send.
    #[inline]
    pub(crate) fn chunk(&mut self, key: u32) {
        self.counts.chunk[key as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// One HALF send.
    #[inline]
    pub(crate) fn half(&mut self, key: u32) {
        self.counts.half[key as usize].fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        if self.zeros > 0 {
            self.counts.scalar[0].fetch_add(self.zeros, Ordering::Relaxed);
        }
    }
}

/// Fills a table.
pub(crate) struct Filler<'a, 'w> {
    pub(crate) witness: &'a Witness<'w>,
    /// The cycle of each row (of each owner row, for a table of terms).
    pub(crate) cycles: &'a [u32],
    counts: &'a Counts,
}

impl Filler<'_, '_> {
    fn tally(&self) -> Tally<'_> {
        Tally {
            counts: self.counts,
            zeros: 0,
        }
    }

    /// Fills block by block: `write` gets the cycles of a block and their part of each column.
    pub(crate) fn by_block(
        &self,
        columns: &mut [Vec<F>],
        write: impl Fn(&[u32], &mut [&mut [F]], &mut Tally<'_>) + Sync,
    ) {
        let rows = self.cycles.len();
        let ends: Vec<usize> = (1..=rows.div_ceil(BLOCK))
            .map(|block| (block * BLOCK).min(rows))
            .collect();
        split(columns, &ends)
            .into_par_iter()
            .enumerate()
            .for_each(|(block, mut columns)| {
                let cycles = &self.cycles[block * BLOCK..ends[block]];
                write(cycles, &mut columns, &mut self.tally());
            });
    }

    /// Fills row by row: `write` gets the cycle of a row and its cells.
    pub(crate) fn by_row(
        &self,
        columns: &mut [Vec<F>],
        write: impl Fn(u32, &mut [F], &mut Tally<'_>) + Sync,
    ) {
        self.by_block(columns, |cycles, columns, tally| {
            let mut row = vec![F::ZERO; columns.len()];
            for (i, step) in cycles.iter().enumerate() {
                write(*step, &mut row, tally);
                for (column, value) in columns.iter_mut().zip(&row) {
                    column[i] = *value;
                }
            }
        });
    }

    /// The number of terms of each owner: imm.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        let length = |cycle: &u32| {
            let pc = self.witness.cycles[*cycle as usize].pc;
            to_canonical(self.witness.program.instructions()[pc as usize].imm()) as usize
        };
        self.cycles.iter().map(length).collect()
    }

    /// Fills a table whose rows belong to owners, as many rows to each as `lengths` says: `write`
    /// gets some owners and their part of each column.
    pub(crate) fn by_owner(
        &self,
        columns: &mut [Vec<F>],
        lengths: &[usize],
        write: impl Fn(Range<usize>, &mut [&mut [F]], &mut Tally<'_>) + Sync,
    ) {
        // Blocks of whole owners with at least BLOCK rows, but the last.
        let (mut blocks, mut ends) = (Vec::new(), Vec::new());
        let (mut first, mut start, mut end) = (0, 0, 0);
        for (owner, length) in lengths.iter().enumerate() {
            end += length;
            if end - start >= BLOCK || owner + 1 == lengths.len() {
                blocks.push(first..owner + 1);
                ends.push(end);
                (first, start) = (owner + 1, end);
            }
        }
        split(columns, &ends)
            .into_par_iter()
            .zip(blocks)
            .for_each(|(mut columns, owners)| {
                write(owners, &mut columns, &mut self.tally());
            });
    }
}

/// Cuts all columns at the same rows: the parts of each block, by column.
fn split<'a>(columns: &'a mut [Vec<F>], ends: &[usize]) -> Vec<Vec<&'a mut [F]>> {
    let mut blocks: Vec<Vec<&mut [F]>> = ends
        .iter()
        .map(|_| Vec::with_capacity(columns.len()))
        .collect();
    for column in columns {
        let (mut rest, mut start) = (column.as_mut_slice(), 0);
        for (block, end) in blocks.iter_mut().zip(ends) {
            let (head, tail) = rest.split_at_mut(end - start);
            block.push(head);
            (rest, start) = (tail, *end);
        }
    }
    blocks
}
