//! POSEIDON_8, POSEIDON_16, POSEIDON_24 and POSEIDON_16_HALVES.

use super::instructions::{Subject, set_modes};
use super::trace::{Trace, negative};
use super::*;
use crate::generators::model::inverse;
use crate::twins::SPEC;

/// Where the columns, constraints and interactions of a table of hashes are.
struct Hash {
    table: usize,
    /// The first column of the input.
    input: usize,
    /// The number of columns of the input.
    inputs: usize,
    /// The first constraint of the checkpoints. From there on each constraint is a column of
    /// `computed` minus what it is computed as.
    first: usize,
    /// The columns a, s, b, c, f, g.
    computed: core::ops::Range<usize>,
    /// The lookups of the output.
    outputs: core::ops::Range<usize>,
}

impl Hash {
    fn of(table: usize) -> Self {
        let operands = Subject::of(table).operands;
        let head = 2 + 4 * operands;
        let lookups = 3 + operands;
        if table == POSEIDON_16_HALVES {
            return Self {
                table,
                input: head + 1,
                inputs: 16,
                first: 3 * operands,
                computed: head + 17..head + 17 + 68 + 4,
                outputs: lookups + 3..lookups + 4,
            };
        }
        let chunks = operands - 1;
        let (width, checkpoints) = if chunks == 3 { (24, 95) } else { (16, 68) };
        let input = head + 2;
        let start = input + 8 * chunks;
        Self {
            table,
            input,
            inputs: 8 * chunks,
            first: 3 * operands + 3,
            computed: start..start + checkpoints + width,
            outputs: lookups + chunks..lookups + chunks + width / 8,
        }
    }

    /// Computes the columns from the one at `column` on from those before, and makes the memory
    /// have the output.
    fn compute(&self, trace: &mut Trace, column: usize) {
        for column in column..self.computed.end {
            let constraint = self.first + column - self.computed.start;
            let difference = trace.evaluation(SPEC, self.table, 0).constraints[constraint];
            trace.add(self.table, 0, column, negative(difference));
        }
        trace.store(self.table, self.outputs.clone());
    }
}

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    for table in [POSEIDON_8, POSEIDON_16, POSEIDON_24, POSEIDON_16_HALVES] {
        let hash = Hash::of(table);
        let honest = Subject::of(table).trace();
        list.extend(checkpoints(&hash, &honest));
        list.extend(inputs(&hash, &honest));
        list.extend(outputs(&hash, &honest));
        if table != POSEIDON_16_HALVES {
            list.extend(flags(&hash, &honest));
        }
    }
    list
}

/// A computed column is one greater, and all that is computed from it is.
fn checkpoints(hash: &Hash, honest: &Trace) -> Vec<Forgery> {
    let forgery = |column: usize| {
        let mut trace = honest.clone();
        trace.add(hash.table, 0, column, 1);
        hash.compute(&mut trace, column + 1);
        let constraint = hash.first + column - hash.computed.start;
        Forgery::of_constraint(hash.table, constraint, trace)
    };
    hash.computed.clone().map(forgery).collect()
}

/// The first cell of each half or chunk of the input is one greater than in memory.
fn inputs(hash: &Hash, honest: &Trace) -> Vec<Forgery> {
    let starts: &[usize] = if hash.table == POSEIDON_16_HALVES {
        &[0, 4, 8]
    } else {
        &[0, 8, 16][..hash.inputs / 8]
    };
    let first = hash.outputs.start - starts.len();
    let forgery = |(i, start): (usize, &usize)| {
        let mut trace = honest.clone();
        trace.add(hash.table, 0, hash.input + start, 1);
        hash.compute(&mut trace, hash.computed.start);
        Forgery::of_lookup(hash.table, first + i, trace)
    };
    starts.iter().enumerate().map(forgery).collect()
}

/// The memory has another value in each chunk or half of the output.
fn outputs(hash: &Hash, honest: &Trace) -> Vec<Forgery> {
    let forgery = |number: usize| {
        let length = if hash.table == POSEIDON_16_HALVES {
            4
        } else {
            8
        };
        let address = length * honest.tuple(hash.table, 0, number)[1];
        let mut trace = honest.clone();
        trace.set_memory(address, add(trace.memory(address), 1));
        Forgery::of_lookup(hash.table, number, trace)
    };
    hash.outputs.clone().map(forgery).collect()
}

/// The flags half and permute that make the word of a program with permute.
fn flags(hash: &Hash, honest: &Trace) -> [Forgery; 3] {
    let constraint = hash.first - 3;
    let forgery = |number: usize, half: u32, permute: u32, mem_0: u32| {
        let mut trace = honest.clone();
        set_modes(&mut trace, hash.table, 0, mem_0, 0);
        *trace.at(hash.table, 0, hash.input - 2) = half;
        *trace.at(hash.table, 0, hash.input - 1) = permute;
        // The first of the cells `o`.
        trace.add(hash.table, 0, hash.computed.end, 1);
        hash.compute(&mut trace, hash.computed.start);
        trace.adopt(hash.table);
        Forgery::of_constraint(hash.table, constraint + number, trace)
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
