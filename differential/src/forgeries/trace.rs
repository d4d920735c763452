//! The trace that a forger edits.

use core::ops::Range;
use std::collections::BTreeMap;

use leanvm_spec::field::Felt;
use leanvm_spec::poseidon::HashTable;
use leanvm_spec::tables::TableId;

use super::{BYTECODE, MEMORY, Rule, bus};
use crate::canonical::{Case, Evaluation, MODULUS, Private, SLOTS, Table, bytes_of};
use crate::generators::model::{add, sub};
use crate::oracles::execute::tables;
use crate::shape::{COLUMNS, TABLES};
use crate::twins::{Options, SPEC, Twin};

/// The public input of all traces.
const PUBLIC: core::ops::RangeInclusive<u32> = 1..=32;
/// The first frame pointer.
pub(super) const FP_0: u32 = 32;
/// The size of the main frame.
const FRAME: u32 = 160;
/// Cells that no execution here defines.
pub(super) const SPARE: u32 = 240;

/// Program, public input and tables; the rows of a table by their numbers. A row of MEMORY that is
/// not there is one of zeros, which takes part in nothing.
#[derive(Clone, Debug)]
pub struct Trace {
    program: Vec<[u32; 6]>,
    tables: [BTreeMap<u32, Vec<u32>>; TABLES],
}

impl Trace {
    /// The trace of a program in assembly, without its frame. Hints are given to the runner and are
    /// no part of the trace.
    pub(super) fn of(text: &str) -> Self {
        let bytes = SPEC
            .assemble(&format!(".frame {FRAME}\n{text}\nhalt\n"))
            .unwrap_or_else(|name| panic!("rejected, {name}: {text}"));
        let case = Case::new(bytes, PUBLIC.collect(), Private::new());
        let tables =
            tables(&case, &Options::TINY).unwrap_or_else(|name| panic!("rejected, {name}: {text}"));
        let words = crate::canonical::words_of(&case.program);
        let rows = |table: &Table| {
            let row = |number: usize| table.columns.iter().map(|column| column[number]).collect();
            (0..).zip((0..table.rows).map(row)).collect()
        };
        Self {
            program: words[5..]
                .chunks_exact(6)
                .take(words[3] as usize)
                .map(|fields| core::array::from_fn(|i| fields[i]))
                .collect(),
            tables: core::array::from_fn(|table| rows(&tables[table])),
        }
    }

    /// The binary form of the program.
    #[must_use]
    pub fn program(&self) -> Vec<u8> {
        let mut words = vec![0x314d_564c, 1, FRAME, self.program.len() as u32, 0];
        words.extend(self.program.iter().flatten());
        bytes_of(&words)
    }

    /// The public input.
    #[must_use]
    pub fn public(&self) -> Vec<u32> {
        PUBLIC.collect()
    }

    /// The least M that the rows of MEMORY need.
    #[must_use]
    pub fn cells(&self) -> usize {
        let last = self.tables[MEMORY].last_key_value();
        last.map_or(0, |(row, _)| 8 * (*row as usize + 1))
    }

    /// The columns of all tables.
    ///
    /// # Panics
    /// If a row is missing before the last one.
    #[must_use]
    pub fn columns(&self) -> Vec<Table> {
        let table = |(number, rows): (usize, &BTreeMap<u32, Vec<u32>>)| {
            assert!(rows.keys().copied().eq(0..rows.len() as u32));
            let columns = if rows.is_empty() { 0 } else { COLUMNS[number] };
            Table {
                rows: rows.len(),
                columns: (0..columns)
                    .map(|column| rows.values().map(|row| row[column]).collect())
                    .collect(),
            }
        };
        self.tables.iter().enumerate().map(table).collect()
    }

    /// (T, row) of all rows.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, u32)> {
        let rows = |(table, rows): (usize, &BTreeMap<u32, Vec<u32>>)| {
            rows.keys().map(|row| (table, *row)).collect::<Vec<_>>()
        };
        self.tables.iter().enumerate().flat_map(rows)
    }

    /// The tuples that the verifier sends and receives: the first and the last state.
    pub(super) fn ends(&self) -> [([u32; SLOTS], u32); 2] {
        let halt_pc = self.program.len() as u32 - 1;
        [(state(0), 1), (state(halt_pc), MODULUS - 1)]
    }

    /// n_T.
    pub(super) fn rows(&self, table: usize) -> u32 {
        self.tables[table].len() as u32
    }

    pub(super) fn row(&self, table: usize, row: u32) -> &[u32] {
        &self.tables[table][&row]
    }

    /// A cell of a table.
    pub(super) fn at(&mut self, table: usize, row: u32, column: usize) -> &mut u32 {
        let row = self.tables[table]
            .get_mut(&row)
            .expect("a row of the table");
        &mut row[column]
    }

    /// Adds to a cell of a table.
    pub(super) fn add(&mut self, table: usize, row: u32, column: usize, value: u32) {
        let cell = self.at(table, row, column);
        *cell = add(*cell, value);
    }

    /// Puts a row before all others of a table, whose numbers nothing speaks of.
    pub(super) fn put_first(&mut self, table: usize, row: Vec<u32>) {
        let rows = core::mem::take(&mut self.tables[table]);
        let all = core::iter::once(row).chain(rows.into_values());
        self.tables[table] = (0..).zip(all).collect();
    }

    /// Takes the row of the cycle at `pc` out of an instruction table.
    pub(super) fn remove(&mut self, table: usize, pc: u32) {
        let rows = core::mem::take(&mut self.tables[table]);
        let rest = rows.into_values().filter(|row| row[0] != pc);
        self.tables[table] = (0..).zip(rest).collect();
    }

    /// The six fields of an instruction.
    pub(super) fn instruction(&mut self, pc: u32) -> &mut [u32; 6] {
        &mut self.program[pc as usize]
    }

    pub(super) fn memory(&self, address: u32) -> u32 {
        let row = self.tables[MEMORY].get(&(address / 8));
        row.map_or(0, |row| row[address as usize % 8])
    }

    pub(super) fn set_memory(&mut self, address: u32, value: u32) {
        let rows = self.tables[MEMORY].entry(address / 8);
        rows.or_insert_with(|| vec![0; COLUMNS[MEMORY]])[address as usize % 8] = value;
    }

    /// The evaluation of a row by a twin.
    pub(super) fn evaluation(&self, twin: &dyn Twin, table: usize, row: u32) -> Evaluation {
        let program = self.program.get(row as usize).unwrap_or(&[0; 6]);
        twin.evaluate(table, self.row(table, row), row, program)
    }

    /// The tuple of an interaction of a row.
    pub(super) fn tuple(&self, table: usize, row: u32, number: usize) -> [u32; SLOTS] {
        self.evaluation(SPEC, table, row).interactions[number].1
    }

    /// The cells of memory that a tuple speaks of: their addresses and their slots.
    fn cells_of(tuple: &[u32; SLOTS]) -> Vec<(u32, usize)> {
        let (length, slot) = match tuple[0] {
            bus::MEMORY => (1, 2),
            bus::CHUNK => (8, 8),
            bus::HALF => (4, 4),
            other => panic!("bus {other} is not one of memory"),
        };
        let cell = |j: u32| (length * tuple[1] + j, slot + j as usize);
        (0..length).map(cell).collect()
    }

    /// Adds 1 to the last of the cells that a tuple speaks of.
    pub(super) fn add_to_last_cell(&mut self, tuple: &[u32; SLOTS]) {
        let cells = Self::cells_of(tuple);
        let (address, _) = cells[cells.len() - 1];
        self.set_memory(address, add(self.memory(address), 1));
    }

    /// What the tables that are looked up have at the key of a tuple.
    pub(super) fn found(&self, mut tuple: [u32; SLOTS]) -> [u32; SLOTS] {
        if tuple[0] == bus::BYTECODE {
            let pc = tuple[1] as usize;
            tuple[2..8].copy_from_slice(&self.program[pc]);
            return tuple;
        }
        for (address, slot) in Self::cells_of(&tuple) {
            tuple[slot] = self.memory(address);
        }
        tuple
    }

    /// Makes the memory say what lookups of a row say.
    pub(super) fn store(&mut self, table: usize, row: u32, lookups: Range<usize>) {
        for (_, tuple) in &self.evaluation(SPEC, table, row).interactions[lookups] {
            for (address, slot) in Self::cells_of(tuple) {
                self.set_memory(address, tuple[slot]);
            }
        }
    }

    /// Computes `s` and `y` from `in`, if the table is one of hashes.
    pub(super) fn hash(&mut self, table: usize, row: u32) {
        let Some(columns) = HashTable::of(TableId::ALL[table]) else {
            return;
        };
        let (s, y) = columns.permutation(&self.felts(table, row, &columns.input));
        self.set(table, row, columns.s.start, &[s, y].concat());
    }

    /// Columns of a row as elements.
    pub(super) fn felts(&self, table: usize, row: u32, columns: &Range<usize>) -> Vec<Felt> {
        let cells = &self.row(table, row)[columns.clone()];
        cells
            .iter()
            .map(|cell| Felt::new(u64::from(*cell)))
            .collect()
    }

    /// Writes the columns of a row from one on.
    pub(super) fn set(&mut self, table: usize, row: u32, column: usize, values: &[Felt]) {
        for (j, value) in values.iter().enumerate() {
            *self.at(table, row, column + j) = value.value();
        }
    }

    /// Makes the program say what row 0 of an instruction table says.
    pub(super) fn adopt(&mut self, table: usize) {
        let [_, pc, fields @ ..] = self.tuple(table, 0, 2);
        self.instruction(pc).copy_from_slice(&fields[..6]);
    }

    /// Counts the lookups of BYTECODE and MEMORY by their keys, with a tuple in the place of an
    /// interaction of a row.
    pub(super) fn recount(&mut self, forged: Option<(Rule, u32, [u32; SLOTS])>) {
        for row in self.tables[BYTECODE].values_mut() {
            row[0] = 0;
        }
        for row in self.tables[MEMORY].values_mut() {
            row[8..].fill(0);
        }
        for (table, row) in self.places().collect::<Vec<_>>() {
            let interactions = self.evaluation(SPEC, table, row).interactions;
            for (number, (numerator, mut tuple)) in interactions.into_iter().enumerate() {
                if let Some((rule, forged_row, instead)) = forged
                    && (rule, forged_row) == (Rule::interaction(table, number), row)
                {
                    tuple = instead;
                }
                let key = tuple[1];
                let (table, row, column) = match tuple[0] {
                    // The tables that are looked up themselves.
                    _ if table <= MEMORY => continue,
                    bus::BYTECODE => (BYTECODE, key, 0),
                    bus::MEMORY => (MEMORY, key / 8, 8 + key % 8),
                    bus::CHUNK => (MEMORY, key, 16),
                    bus::HALF => (MEMORY, key / 2, 17 + key % 2),
                    _ => continue,
                };
                self.add(table, row, column as usize, numerator);
            }
        }
    }
}

/// The tuple of the state (pc, fp_0).
pub(super) fn state(pc: u32) -> [u32; SLOTS] {
    let mut tuple = [0; SLOTS];
    tuple[..3].copy_from_slice(&[bus::STATE, pc, FP_0]);
    tuple
}

/// −x.
pub(super) fn negative(x: u32) -> u32 {
    sub(0, x)
}
