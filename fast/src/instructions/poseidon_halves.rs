//! SPEC §4 isa, §6 execution, §9 tables: POSEIDON_16_HALVES.

use p3_field::{Field, PrimeCharacteristicRing};

use leanvm_verifier::instructions::poseidon_halves::{PoseidonHalvesColumns, with_offset};

use crate::execution::{Machine, Operation};
use crate::field::{F, to_canonical};
use crate::instructions::poseidon::aligned;
use crate::instructions::{known, operands, permuted};
use crate::memory::{CHUNK, HALF};
use crate::permutation::permute_16;
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES, TableId};

/// The cells of each operand, which are also the alignment of its address: first, second, chunk,
/// out.
const LENGTHS: [u32; 4] = [HALF, HALF, CHUNK, HALF];

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    // The operands are read, then must be defined, then be aligned, in order.
    let mut addresses = [0; 4];
    let values = with_offset(known(machine, operation)?, F::from_u32(operation.imm));
    for ((address, value), length) in addresses.iter_mut().zip(values).zip(LENGTHS) {
        *address = aligned(value, length)?;
    }
    let [first, second, chunk, out] = addresses;
    let cells = (first..first + HALF)
        .chain(second..second + HALF)
        .chain(chunk..chunk + CHUNK);
    let mut input = [F::ZERO; 16];
    for (element, address) in input.iter_mut().zip(cells) {
        *element = machine.memory.read_defined(address)?;
    }
    let mut output = input;
    permute_16(&mut output);
    for ((address, output), input) in (out..out + HALF).zip(output).zip(input) {
        machine
            .memory
            .define(address, output + input, Rejection::RelationViolated)?;
    }
    Ok(())
}

/// Scalar columns row by row, then the permutation on as many rows at a time as a packed element
/// holds.
pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = PoseidonHalvesColumns::read(&INDICES);
    let hash = TableId::Poseidon16Halves.hash().expect("a hash table");
    let (quarter, eighth) = (F::from_u32(HALF).inverse(), F::from_u32(CHUNK).inverse());
    filler.by_block(columns, |cycles, columns, tally| {
        // The columns before those of the permutation.
        let mut row = vec![F::ZERO; at.s[0]];
        for (i, step) in cycles.iter().enumerate() {
            let (instruction, values) =
                operands::fill(&at.head, filler.witness, *step, &mut row, tally);
            row[*at.imm] = instruction.imm();
            let [first, second, chunk, out] = with_offset(values, instruction.imm());
            for half in [first, second, out] {
                tally.half(to_canonical(half * quarter));
            }
            tally.chunk(to_canonical(chunk * eighth));
            let mut read = |at: &[usize], address: F| {
                let cells = &filler.witness.memory[to_canonical(address) as usize..];
                for (column, cell) in at.iter().zip(cells) {
                    row[*column] = *cell;
                }
            };
            read(at.first, first);
            read(at.second, second);
            read(at.chunk, chunk);
            for (column, value) in columns.iter_mut().zip(&row) {
                column[i] = *value;
            }
        }
        permuted::fill(&hash, columns);
    });
}
