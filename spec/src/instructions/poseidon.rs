//! SPEC §6 execution, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24.
//!
//! Width 16, 16, 24; 1, 2, 3 input chunks; 20, 20, 23 partial rounds.

use super::checkpoints::{Checkpoints, Permutation};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::{Constants, constants_16, constants_24, width};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Context, Evaluation};

/// The cells of a chunk.
pub(super) const CHUNK: usize = 8;

/// The number of input chunks and the constants of the width.
fn shape(opcode: Opcode) -> (usize, Constants) {
    let num_inputs = opcode.num_operands() - 1;
    if num_inputs == 3 {
        (num_inputs, constants_24())
    } else {
        (num_inputs, constants_16())
    }
}

pub(super) fn felt(integer: usize) -> Felt {
    Felt::new(integer as u64)
}

/// Whether an address, that of operand i, is a multiple of `alignment`.
///
/// # Errors
/// `chunk-unaligned`.
pub(super) fn check_alignment(i: usize, address: Felt, alignment: usize) -> Result<(), Error> {
    if (address.value() as usize).is_multiple_of(alignment) {
        return Ok(());
    }
    Err(Error::new(
        Rejection::ChunkUnaligned,
        format!("operand {i} is {address}, not a multiple of {alignment}"),
    ))
}

/// 8⁻¹ for chunks, 4⁻¹ for halves.
pub(super) fn inverse_of<E: Element>(alignment: usize) -> E {
    E::from(felt(alignment).pow(crate::field::MODULUS - 2))
}

/// The first eight elements of the result: with feed-forward, or without if the flag permute is
/// set.
fn first_chunk(input: &[Felt], y: &[Felt], permute: bool) -> Vec<Felt> {
    (0..CHUNK)
        .map(|j| if permute { y[j] } else { y[j] + input[j] })
        .collect()
}

/// Reads the input chunks, then defines or checks the output cells.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let (num_inputs, constants) = shape(instruction.opcode());
    let mut chunks = Vec::new();
    for value in machine.read_operands(instruction)? {
        // §6.21.
        chunks.push(value.known()?);
    }
    // §6.22.
    for (i, chunk) in chunks.iter().enumerate() {
        check_alignment(i, *chunk, CHUNK)?;
    }
    let mut input = Vec::new();
    for chunk in &chunks[..num_inputs] {
        for j in 0..CHUNK {
            // §6.23.
            input.push(machine.read_defined(*chunk + felt(j))?);
        }
    }
    let y = Permutation::of(&input, &constants).y;
    let output = if instruction.permute() {
        y
    } else {
        let mut output = first_chunk(&input, &y, false);
        output.truncate(if instruction.half() { 4 } else { CHUNK });
        output
    };
    // §6.24.
    for (j, element) in output.into_iter().enumerate() {
        machine
            .memory
            .define(chunks[num_inputs] + felt(j), element)?;
    }
    Ok(())
}

/// The row of a cycle.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let instruction = context.instruction(pc);
    let (num_inputs, constants) = shape(instruction.opcode());
    let (mut row, chunks) = context.head_row(pc, fp);
    let mut input = Vec::new();
    for chunk in &chunks[..num_inputs] {
        for j in 0..CHUNK {
            input.push(context.cell(*chunk + felt(j)));
        }
    }
    let permutation = Permutation::of(&input, &constants);
    row.push(Felt::new(u64::from(instruction.half())));
    row.push(Felt::new(u64::from(instruction.permute())));
    row.extend(&input);
    row.extend(&permutation.checkpoints);
    row.extend(first_chunk(&input, &permutation.y, instruction.permute()));
    row.extend(&permutation.y[CHUNK..]);
    for j in 4..CHUNK {
        row.push(context.cell(chunks[num_inputs] + felt(j)));
    }
    row
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(opcode: Opcode, columns: &[E], evaluation: &mut Evaluation<E>) {
    let (num_inputs, constants) = shape(opcode);
    let width = width(&constants);
    let word = |word: u64| E::from(Felt::new(word));
    let mut columns = Columns::new(columns);
    let head = columns.head(opcode);
    let half = columns.one();
    let permute = columns.one();
    let input = columns.list(CHUNK * num_inputs);
    let checkpoints = Checkpoints::read(&mut columns, &constants);
    let f = columns.list(CHUNK);
    let g = columns.list(width - CHUNK);
    let o = columns.list(4);

    // §9.9.
    let flags = word(1 << 13) * half + word(1 << 14) * permute;
    evaluation.straight_line(&head, head.word() + flags, word(0));
    evaluation.constraint(half * (half - word(1)));
    evaluation.constraint(permute * (permute - word(1)));
    evaluation.constraint(half * permute);
    let compress = word(1) - permute;
    let y = checkpoints.constrain(&input, &constants, evaluation);
    for j in 0..CHUNK {
        evaluation.constraint(f[j] - y[j] - compress * input[j]);
    }
    for j in 0..width - CHUNK {
        evaluation.constraint(g[j] - y[CHUNK + j]);
    }

    let v = head.values();
    let inverse_of_8 = inverse_of::<E>(CHUNK);
    for (i, chunk) in input.chunks(CHUNK).enumerate() {
        evaluation.send_chunk(v[i] * inverse_of_8, chunk);
    }
    let mut q = f.clone();
    for j in 4..CHUNK {
        q[j] = (word(1) - half) * f[j] + half * o[j - 4];
    }
    let key = v[num_inputs] * inverse_of_8;
    evaluation.send_chunk(key, &q);
    for (e, rest) in g.chunks(CHUNK).enumerate() {
        let chunk: Vec<E> = (0..CHUNK)
            .map(|j| permute * rest[j] + compress * q[j])
            .collect();
        evaluation.send_chunk(key + word(e as u64 + 1) * permute, &chunk);
    }
}
