//! POSEIDON_8, POSEIDON_16, POSEIDON_24 and POSEIDON_16_HALVES; the permutations of all tables of
//! hashes.

use core::ops::Range;

use leanvm_spec::poseidon::HashTable;
use leanvm_spec::tables::TableId;

use super::instructions::{Subject, set_modes};
use super::runs::Run;
use super::trace::{Trace, negative};
use super::*;
use crate::generators::model::inverse;
use crate::shape::HASHES;

/// Where the columns, constraints and interactions of an instruction that hashes are.
struct Hash {
    table: usize,
    columns: HashTable,
    /// The first constraint behind those of the operands.
    first: usize,
    /// The lookups of the output.
    outputs: Range<usize>,
}

impl Hash {
    fn all() -> impl Iterator<Item = Self> {
        [POSEIDON_8, POSEIDON_16, POSEIDON_24, POSEIDON_16_HALVES]
            .map(Self::of)
            .into_iter()
    }

    fn of(table: usize) -> Self {
        let operands = Subject::of(table).operands;
        let columns = HashTable::of(TableId::ALL[table]).expect("a hash table");
        let lookups = 3 + operands;
        Self {
            table,
            first: 3 * operands,
            outputs: if table == POSEIDON_16_HALVES {
                lookups + 3..lookups + 4
            } else {
                let chunks = operands - 1;
                lookups + chunks..lookups + chunks + columns.y.len() / 8
            },
            columns,
        }
    }

    /// Computes s and y from the input, and makes the memory have the output.
    fn compute(&self, trace: &mut Trace) {
        trace.hash(self.table, 0);
        trace.store(self.table, 0, self.outputs.clone());
    }
}

/// For each column s and y a row in which it is one greater, and all that is computed from it is:
/// the output in memory, or the rest of the run and where it ends; the tables allow it.
pub(super) fn permutations() -> Vec<Forgery> {
    let mut list = Vec::new();
    for (table, _) in HASHES {
        let columns = HashTable::of(TableId::ALL[table]).expect("a hash table");
        let HashTable { input, s, y, .. } = &columns;
        let honest = Subject::of(runs::instruction(table)).trace();
        for (number, column) in (s.start..y.end).enumerate() {
            let mut trace = honest.clone();
            trace.add(table, 0, column, 1);
            if s.contains(&column) {
                let [input, s] = [input, s].map(|range| trace.felts(table, 0, range));
                trace.set(table, 0, y.start, &columns.outputs(&input, &s));
            }
            match Run::of(table) {
                Some(run) => run.carry(&mut trace, 0),
                None => trace.store(table, 0, Hash::of(table).outputs),
            }
            trace.recount(None);
            list.push(Forgery {
                rule: Rule {
                    table,
                    kind: Kind::Permutation,
                    number,
                },
                row: 0,
                implied: None,
                instead: None,
                trace,
            });
        }
    }
    list
}

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    for hash in Hash::all() {
        let honest = Subject::of(hash.table).trace();
        list.extend(inputs(&hash, &honest));
        list.extend(outputs(&hash, &honest));
        if hash.table != POSEIDON_16_HALVES {
            list.extend(flags(&hash, &honest));
        }
    }
    list
}

/// The first cell of each half or chunk of the input is one greater than in memory.
fn inputs(hash: &Hash, honest: &Trace) -> Vec<Forgery> {
    let starts: &[usize] = if hash.table == POSEIDON_16_HALVES {
        &[0, 4, 8]
    } else {
        &[0, 8, 16][..hash.columns.input.len() / 8]
    };
    let first = hash.outputs.start - starts.len();
    let forgery = |(i, start): (usize, &usize)| {
        let mut trace = honest.clone();
        trace.add(hash.table, 0, hash.columns.input.start + start, 1);
        hash.compute(&mut trace);
        Forgery::of_lookup(hash.table, first + i, trace)
    };
    starts.iter().enumerate().map(forgery).collect()
}

/// The memory has another value in each chunk or half of the output.
fn outputs(hash: &Hash, honest: &Trace) -> Vec<Forgery> {
    let forgery = |number| Forgery::of_other_cell(hash.table, number, honest);
    hash.outputs.clone().map(forgery).collect()
}

/// The flags half and permute that make the word of a program with permute.
fn flags(hash: &Hash, honest: &Trace) -> [Forgery; 3] {
    let HashTable { input, y, .. } = &hash.columns;
    let forgery = |number: usize, half: u32, permute: u32, mem_0: u32| {
        let mut trace = honest.clone();
        set_modes(&mut trace, hash.table, 0, mem_0, 0);
        *trace.at(hash.table, 0, input.start - 2) = half;
        *trace.at(hash.table, 0, input.start - 1) = permute;
        // The first of the cells `o`.
        trace.add(hash.table, 0, y.end, 1);
        hash.compute(&mut trace);
        trace.adopt(hash.table);
        Forgery::of_constraint(hash.table, hash.first + number, trace)
    };
    // The output goes to the chunks V, V + permute and V + 2·permute, so permute is a difference of
    // row numbers of MEMORY. In the word it can stand for other bits, 32 at least, only as 1 −
    // 32/2^14 = 1 + 127·2^15.
    let permute = add(1, negative(inverse(1 << 9)));
    [
        forgery(0, 2, 0, 0),
        forgery(1, 0, permute, 1),
        forgery(2, 1, 1, 0).implied(Implied::ByDecoding),
    ]
}
