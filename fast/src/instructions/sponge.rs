//! SPEC §4 isa, §6 execution, §9 tables: SPONGE, with its table SPONGE_STEP.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::sponge::{SpongeColumns, SpongeStepColumns};

use crate::execution::{Machine, Operation};
use crate::field::{F, to_canonical};
use crate::instructions::permuted::{self, Run};
use crate::instructions::poseidon::aligned;
use crate::instructions::{known, operands};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF, HALF_CELLS};
use crate::permutation::compress_16;
use crate::rejection::Error;
use crate::tables::{Filler, INDICES, TableId};

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    // §6.33, §6.34.
    let [start, mut blocks, stride, out] = known(machine, operation)?;
    let start = aligned(start, CHUNK)?;
    let out = aligned(out, CHUNK)?;
    // §6.41.
    let mut state = machine.memory.read_array::<CHUNK_CELLS>(start)?;
    for _ in 0..operation.imm {
        let mut input = [F::ZERO; 16];
        let (before, block) = input.split_at_mut(CHUNK_CELLS);
        before.copy_from_slice(&state);
        for (half, address) in block
            .chunks_exact_mut(HALF_CELLS)
            .zip([blocks, blocks + stride])
        {
            // §6.42.
            let address = aligned(address, HALF)?;
            half.copy_from_slice(&machine.memory.read_array::<HALF_CELLS>(address)?);
        }
        state = compress_16(&input);
        blocks += stride.double();
    }
    // §6.43.
    machine.memory.define_array(out, &state)
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = SpongeColumns::read(&INDICES);
    filler.by_row(columns, |step, row, tally| {
        let (instruction, values) = operands::fill(&at.head, filler.witness, step, row, tally);
        let [start, _, _, out] = values.map(to_canonical);
        row[*at.imm] = instruction.imm();
        for (at, address) in [(at.start, start), (at.end, out)] {
            for (column, cell) in at.iter().zip(&filler.witness.memory[address as usize..]) {
                row[*column] = *cell;
            }
            tally.chunk(address / CHUNK);
        }
    });
}

pub(crate) fn fill_steps(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = SpongeStepColumns::read(&INDICES);
    let hash = TableId::SpongeStep.hash().expect("a hash table");
    let memory = filler.witness.memory;
    filler.by_owner(columns, &filler.lengths(), |owners, columns, tally| {
        let (mut row, mut runs) = (0, Vec::new());
        for owner in owners {
            let (instruction, values) = operands::values::<4>(filler.witness, filler.cycles[owner]);
            let [start, mut address, stride, _] = values;
            let (first, length) = (row, to_canonical(instruction.imm()));
            let start = &memory[to_canonical(start) as usize..];
            for (column, value) in at.state.iter().zip(start) {
                columns[*column][first] = *value;
            }
            for remaining in (1..=length).rev() {
                for (column, value) in [
                    (at.owner, F::from_usize(owner)),
                    (at.remaining, F::from_u32(remaining)),
                    (at.address, address),
                    (at.stride, stride),
                ] {
                    columns[*column][row] = value;
                }
                for (at, address) in [(at.first, address), (at.second, address + stride)] {
                    let address = to_canonical(address);
                    for (column, value) in at.iter().zip(&memory[address as usize..]) {
                        columns[*column][row] = *value;
                    }
                    tally.half(address / HALF);
                }
                address += stride.double();
                row += 1;
            }
            runs.push(Run {
                first,
                length: length as usize,
            });
        }
        permuted::fill_runs(&hash, columns, runs, |columns, row| {
            for j in 0..CHUNK_CELLS {
                columns[at.state[j]][row + 1] = columns[at.y[j]][row] + columns[at.state[j]][row];
            }
        });
    });
}
