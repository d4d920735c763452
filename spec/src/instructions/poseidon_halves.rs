//! SPEC §6 execution, §9 tables: POSEIDON_16_HALVES.

use super::poseidon::{CHUNK, HALF, Permutation, check_alignment, felt, inverse_of};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::constants_16;
use crate::rejection::Error;
use crate::tables::{Columns, Context, Evaluation};

/// The number of cells of each operand, which is also the alignment of its address: first, second,
/// chunk, out.
const LENGTHS: [usize; 4] = [HALF, HALF, CHUNK, HALF];
/// The place of `out` among the operands.
const OUT: usize = 3;

/// The addresses of first, second, chunk and out: the offset is added to those of second and out.
fn addresses<E: Element>(values: &[E], imm: E) -> [E; 4] {
    [values[0], values[1] + imm, values[2], values[OUT] + imm]
}

/// Reads two halves and a chunk, then defines or checks the half at `out`.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    // §6.21.
    let values = machine.known_operands(instruction)?;
    let addresses = addresses(&values, instruction.imm());
    // §6.22.
    for (i, address) in addresses.iter().enumerate() {
        check_alignment(i, *address, LENGTHS[i])?;
    }
    let mut input = Vec::new();
    for i in 0..OUT {
        for j in 0..LENGTHS[i] {
            // §6.23.
            input.push(machine.read_defined(addresses[i] + felt(j))?);
        }
    }
    let y = Permutation::of(&input, &constants_16()).y;
    // §6.24.
    for j in 0..HALF {
        machine
            .memory
            .define(addresses[OUT] + felt(j), y[j] + input[j])?;
    }
    Ok(())
}

/// The row of a cycle.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, values) = context.head_row(pc, fp);
    let imm = context.instruction(pc).imm();
    let addresses = addresses(&values, imm);
    row.push(imm);
    let mut input = Vec::new();
    for i in 0..OUT {
        for j in 0..LENGTHS[i] {
            input.push(context.cell(addresses[i] + felt(j)));
        }
    }
    let permutation = Permutation::of(&input, &constants_16());
    row.extend(&input);
    row.extend(&permutation.s);
    row.extend(&permutation.y[..HALF]);
    row
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Poseidon16Halves);
    let imm = columns.one();
    let input = columns.list(2 * CHUNK);
    columns.list(constants_16().internal.len());
    let y = columns.list(HALF);

    // §9.9.
    evaluation.straight_line(&head, head.word(), imm);

    let v = addresses(&head.values(), imm);
    let (inverse_of_4, inverse_of_8) = (inverse_of::<E>(HALF), inverse_of::<E>(CHUNK));
    evaluation.send_half(v[0] * inverse_of_4, &input[..4]);
    evaluation.send_half(v[1] * inverse_of_4, &input[4..8]);
    evaluation.send_chunk(v[2] * inverse_of_8, &input[8..]);
    let out: Vec<E> = (0..HALF).map(|j| y[j] + input[j]).collect();
    evaluation.send_half(v[3] * inverse_of_4, &out);
}
