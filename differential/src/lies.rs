//! Dishonest provers that are consistent in everything but one lie.
//!
//! A [`Liar`] holds the statement, the tables and the [`Deceit`] with which it commits and opens.
//! [`prover`] makes the proof from the steps of `spec`; where the tables are all that is dishonest,
//! [`Twin::prove_tables`](crate::twins::Twin::prove_tables) makes it too. The lies have names in
//! [`named`]. The forgeries of each single rule of the tables are in
//! [`forgeries`](crate::forgeries).

mod lookup;
pub mod named;
mod opening;
mod poseidon;
pub mod prover;

use leanvm_spec::assembly::assemble;
use leanvm_spec::execution::Cycle;
use leanvm_spec::field::Felt;
use leanvm_spec::isa::Program;
use leanvm_spec::tables::{Bus, Table, TableId, evaluate, trace};

use crate::canonical::{self, Case, Private};
use crate::twins::SPEC;

/// The least number of memory cells of the set `tiny`.
const CELLS: usize = 1 << 8;

/// An oracle of SPEC §17.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// Oracle 0, of the stack.
    First,
    /// Oracle 1.
    Second,
    /// That of the last round.
    Last,
}

impl Oracle {
    /// Whether it is the oracle of round `number` of so many rounds.
    fn is(self, number: usize, rounds: usize) -> bool {
        match self {
            Self::First => number == 0,
            Self::Second => number == 1,
            Self::Last => number + 1 == rounds,
        }
    }
}

/// What a prover does other than SPEC §17 and §10 say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deceit {
    /// Nothing.
    None,
    /// The root of the fractional sum balances although the leaves do not; the layers are those of
    /// the leaves.
    Root,
    /// As `Root`, with layers of which each agrees with the one before it.
    Layers,
    /// The outputs that are claimed of hashes are true, but not those of the columns.
    Outputs,
    /// Those of the columns are claimed, which are not true, and each layer agrees with the claims
    /// on it. For the program of one hash of halves.
    Permutations,
    /// The out-of-domain answer of this oracle is one more than the truth.
    Answer(Oracle),
    /// This oracle is of another polynomial than the one that the prover goes on with.
    Oracle(Oracle),
    /// From this oracle on, which is not the first, the prover goes on with another polynomial than
    /// the fold.
    Polynomial(Oracle),
    /// As `Polynomial`, with a polynomial that has the same inner product with W.
    SameProduct(Oracle),
    /// The final polynomial is another than the fold.
    Final,
    /// As `Final`, with a polynomial that has the same inner product with W.
    FinalSameProduct,
    /// The cells of the stack behind the last table, as far as oracle 0 has columns, are not 0.
    Tail,
    /// Each nonce is the second smallest that fits.
    Nonces,
}

fn words(elements: &[Felt]) -> Vec<u32> {
    elements.iter().map(|element| element.value()).collect()
}

/// What a prover claims, commits to and how it opens.
#[derive(Clone, Debug)]
pub struct Liar {
    /// The program of the statement.
    pub program: Program,
    /// The public input of the statement.
    pub public: Vec<Felt>,
    /// The memory from which [`Self::retrace`] makes the tables.
    pub memory: Vec<Felt>,
    /// The cycles from which [`Self::retrace`] makes the tables.
    pub cycles: Vec<Cycle>,
    /// The tables in the order T. A column may have cells behind the last row, which are then
    /// committed too.
    pub tables: Vec<Table>,
    /// How the prover commits and opens.
    pub deceit: Deceit,
}

impl Liar {
    /// The honest tables of a program on a public input, with as many memory cells as `tiny` asks
    /// for.
    ///
    /// # Panics
    /// If the text does not assemble or the program does not run to HALT.
    #[must_use]
    pub fn honest(text: &str, public: &[u32]) -> Self {
        let program = assemble(text).expect("the text assembles");
        let case = Case::new(program.encode(), public.to_vec(), Private::new());
        let executed = SPEC.execute(&case).expect("the program runs to HALT");
        let felt = |word: u32| Felt::new(u64::from(word));
        let mut liar = Self {
            program,
            public: public.iter().copied().map(felt).collect(),
            memory: executed.memory.iter().copied().map(felt).collect(),
            cycles: executed
                .steps
                .iter()
                .map(|&(pc, fp)| Cycle { pc, fp: felt(fp) })
                .collect(),
            tables: Vec::new(),
            deceit: Deceit::None,
        };
        let cells = liar.memory.len().max(CELLS);
        liar.extend_memory(cells);
        liar
    }

    /// The tables, from a memory of at least so many cells.
    pub fn extend_memory(&mut self, cells: usize) {
        let cells = cells.max(self.memory.len());
        self.memory.resize(cells, Felt::ZERO);
        self.retrace();
    }

    /// Makes the tables anew from program, memory and cycles.
    pub fn retrace(&mut self) {
        self.tables = trace(&self.program, &self.memory, &self.cycles);
    }

    /// Claims another program for the tables as they are.
    ///
    /// # Panics
    /// If the text does not assemble.
    pub fn claim_program(&mut self, text: &str) {
        self.program = assemble(text).expect("the text assembles");
    }

    /// A cell of a table.
    pub fn cell(&mut self, table: TableId, column: usize, row: usize) -> &mut Felt {
        &mut self.tables[table.index()].columns[column][row]
    }

    /// Writes a cell of the memory, in the memory and in its table.
    pub fn write(&mut self, address: usize, value: Felt) {
        self.memory[address] = value;
        *self.cell(TableId::Memory, address % 8, address / 8) = value;
    }

    /// Appends a row to a table, present or not.
    pub fn push_row(&mut self, table: TableId, row: &[Felt]) {
        let rows = &mut self.tables[table.index()];
        rows.columns.resize(row.len(), Vec::new());
        for (column, value) in rows.columns.iter_mut().zip(row) {
            column.push(*value);
        }
        rows.num_rows += 1;
    }

    /// Removes the last row of a table.
    pub fn pop_row(&mut self, table: TableId) {
        let rows = &mut self.tables[table.index()];
        rows.num_rows -= 1;
        let left = rows.num_rows;
        rows.columns
            .iter_mut()
            .for_each(|column| column.truncate(left));
        if left == 0 {
            rows.columns.clear();
        }
    }

    /// Counts the multiplicities of BYTECODE and MEMORY anew, from the rows of the other tables as
    /// they are. What is looked up outside is not counted.
    pub fn recount(&mut self) {
        let (bytecode, memory) = (TableId::Bytecode.index(), TableId::Memory.index());
        self.tables[bytecode].columns[0].fill(Felt::ZERO);
        for column in &mut self.tables[memory].columns[8..] {
            column.fill(Felt::ZERO);
        }
        for table in &TableId::ALL[2..] {
            for row in 0..self.tables[table.index()].num_rows {
                let cells = self.tables[table.index()].row(row);
                let evaluation = evaluate(*table, &cells, Felt::new(row as u64), &[Felt::ZERO; 6]);
                for interaction in evaluation.interactions {
                    let bus = interaction.slots[0].value();
                    let key = interaction.slots[1].value() as usize;
                    let (table, column, row) = match bus {
                        _ if bus == Bus::Bytecode as u32 => (bytecode, 0, key),
                        _ if bus == Bus::Memory as u32 => (memory, 8 + key % 8, key / 8),
                        _ if bus == Bus::Chunk as u32 => (memory, 16, key),
                        _ if bus == Bus::Half as u32 => (memory, 17 + key % 2, key / 2),
                        _ => continue,
                    };
                    if let Some(count) = self.tables[table].columns[column].get_mut(row) {
                        *count += interaction.numerator;
                    }
                }
            }
        }
    }

    /// The tables in words, if nothing but them is dishonest and each has exactly n_T rows.
    #[must_use]
    pub fn honest_but_for_tables(&self) -> Option<Vec<canonical::Table>> {
        let exact = |table: &Table| {
            let rows = table.num_rows;
            table.columns.iter().all(|column| column.len() == rows)
        };
        let in_words = |table: &Table| canonical::Table {
            rows: table.num_rows,
            columns: table.columns.iter().map(|column| words(column)).collect(),
        };
        let provable = self.deceit == Deceit::None && self.tables.iter().all(exact);
        provable.then(|| self.tables.iter().map(in_words).collect())
    }

    /// The binary program of the statement.
    #[must_use]
    pub fn program_bytes(&self) -> Vec<u8> {
        self.program.encode()
    }

    /// The public input of the statement as words.
    #[must_use]
    pub fn public_words(&self) -> Vec<u32> {
        words(&self.public)
    }
}
