//! SPEC §4 isa, §6 execution, §9 tables: PATH, with its table PATH_STEP.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::path::{PathColumns, PathStepColumns};

use crate::execution::{Machine, Operation};
use crate::field::{F, to_canonical};
use crate::instructions::permuted::{self, Run};
use crate::instructions::poseidon::aligned;
use crate::instructions::{known, operands};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF, HALF_CELLS};
use crate::permutation::compress_16;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES, TableId};

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    // §6.33, §6.34.
    let [key, node, siblings, tweaks] = known(machine, operation)?;
    // The sum is in F: behind the last address comes the first.
    let parameter = to_canonical(key + F::from_u32(HALF));
    let key = aligned(key, CHUNK)?;
    let node = aligned(node, HALF)?;
    let mut siblings = aligned(siblings, HALF)?;
    let mut tweaks = aligned(tweaks, CHUNK)?;
    // §6.38.
    let parameter = machine.memory.read_array::<HALF_CELLS>(parameter)?;
    let mut node = machine.memory.read_array::<HALF_CELLS>(node)?;
    // §6.39. An address past the cap ends the loop with a rejection, long before it could wrap
    // around.
    for level in 0..operation.imm {
        let [t_0, t_1, t_2, t_3, side, zeros @ ..] =
            machine.memory.read_array::<CHUNK_CELLS>(tweaks)?;
        if (side != F::ZERO && side != F::ONE) || zeros != [F::ZERO; 3] {
            return Err(Rejection::RelationViolated.at(format!(
                "the tweak of level {level}, at {tweaks}, does not end in 0 or 1 and three zeros"
            )));
        }
        let sibling = machine.memory.read_array::<HALF_CELLS>(siblings)?;
        let (left, right) = children(node, sibling, side);
        let mut input = [F::ZERO; 16];
        let parts = [[t_0, t_1, t_2, t_3], parameter, left, right];
        for (to, value) in input.iter_mut().zip(parts.as_flattened()) {
            *to = *value;
        }
        let output = compress_16(&input);
        node = std::array::from_fn(|j| output[j]);
        siblings += HALF;
        tweaks += CHUNK;
    }
    // §6.40.
    machine.memory.define_array(key, &node)
}

/// The left and the right child.
fn children(
    node: [F; HALF_CELLS],
    sibling: [F; HALF_CELLS],
    side: F,
) -> ([F; HALF_CELLS], [F; HALF_CELLS]) {
    if side == F::ZERO {
        (node, sibling)
    } else {
        (sibling, node)
    }
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = PathColumns::read(&INDICES);
    filler.by_row(columns, |step, row, tally| {
        let (instruction, values) = operands::fill(&at.head, filler.witness, step, row, tally);
        let memory = filler.witness.memory;
        let [key, node, ..] = values.map(to_canonical);
        row[*at.imm] = instruction.imm();
        let chunk = at
            .root
            .iter()
            .chain(at.parameter)
            .zip(&memory[key as usize..]);
        let half = at.node.iter().zip(&memory[node as usize..]);
        for (column, cell) in chunk.chain(half) {
            row[*column] = *cell;
        }
        tally.chunk(key / CHUNK);
        tally.half(node / HALF);
    });
}

pub(crate) fn fill_steps(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = PathStepColumns::read(&INDICES);
    let hash = TableId::PathStep.hash().expect("a hash table");
    let memory = filler.witness.memory;
    // The children of a row, of which one is the node.
    let set = |columns: &mut [&mut [F]], row: usize, node: [F; HALF_CELLS]| {
        let sibling = &memory[to_canonical(columns[*at.siblings][row]) as usize..];
        let sibling = std::array::from_fn(|j| sibling[j]);
        let (left, right) = children(node, sibling, columns[*at.side][row]);
        for j in 0..HALF_CELLS {
            columns[at.left[j]][row] = left[j];
            columns[at.right[j]][row] = right[j];
        }
    };
    filler.by_owner(columns, &filler.lengths(), |owners, columns, tally| {
        let (mut row, mut runs) = (0, Vec::new());
        for owner in owners {
            let (instruction, values) = operands::values::<4>(filler.witness, filler.cycles[owner]);
            let [key, node, mut siblings, mut tweaks] = values.map(to_canonical);
            let parameter = &memory[(key + HALF) as usize..];
            let node = &memory[node as usize..];
            let (first, length) = (row, to_canonical(instruction.imm()));
            for remaining in (1..=length).rev() {
                let tweak = &memory[tweaks as usize..];
                for (column, value) in [
                    (at.owner, F::from_usize(owner)),
                    (at.remaining, F::from_u32(remaining)),
                    (at.siblings, F::from_u32(siblings)),
                    (at.tweaks, F::from_u32(tweaks)),
                    (at.side, tweak[HALF_CELLS]),
                ] {
                    columns[*column][row] = value;
                }
                let tweak = at.tweak.iter().zip(tweak);
                for (column, value) in tweak.chain(at.parameter.iter().zip(parameter)) {
                    columns[*column][row] = *value;
                }
                tally.half(siblings / HALF);
                tally.chunk(tweaks / CHUNK);
                siblings += HALF;
                tweaks += CHUNK;
                row += 1;
            }
            set(columns, first, std::array::from_fn(|j| node[j]));
            runs.push(Run {
                first,
                length: length as usize,
            });
        }
        permuted::fill_runs(&hash, columns, runs, |columns, row| {
            let output = std::array::from_fn(|j| columns[at.y[j]][row] + columns[at.tweak[j]][row]);
            set(columns, row + 1, output);
        });
    });
}
