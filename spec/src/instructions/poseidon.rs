//! SPEC §6 execution, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24.
//!
//! Width 16, 16, 24; 1, 2, 3 input chunks; 20, 20, 23 partial rounds.

use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::{
    Constants, constant, constants_16, constants_24, cube, external_layer, full_round,
    internal_layer, width,
};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Context, Evaluation};

/// The cells of a chunk.
pub(super) const CHUNK: usize = 8;
/// The cells of a half.
pub(super) const HALF: usize = 4;

/// The number of input chunks and the constants of the width.
fn shape(opcode: Opcode) -> (usize, Constants) {
    let num_inputs = opcode.num_operands() - 1;
    if num_inputs == 3 {
        (num_inputs, constants_24())
    } else {
        (num_inputs, constants_16())
    }
}

/// A permutation of an input padded by zeros.
pub(crate) struct Permutation {
    /// The inputs of the partial S-boxes, constants added.
    pub(crate) s: Vec<Felt>,
    /// The permuted state.
    pub(crate) y: Vec<Felt>,
}

impl Permutation {
    pub(crate) fn of(input: &[Felt], constants: &Constants) -> Self {
        let mut state = input.to_vec();
        state.resize(width(constants), Felt::ZERO);
        let mut s = Vec::new();
        external_layer(&mut state);
        for round in constants.external_initial {
            full_round(&mut state, round);
        }
        for word in constants.internal {
            state[0] += constant::<Felt>(*word);
            s.push(state[0]);
            state[0] = cube(state[0]);
            internal_layer(&mut state, constants.diagonal);
        }
        for round in constants.external_final {
            full_round(&mut state, round);
        }
        Self { s, y: state }
    }
}

/// The first n elements of compress_16 of an input padded by zeros.
pub(super) fn compress(input: &[Felt], n: usize) -> Vec<Felt> {
    let y = Permutation::of(input, &constants_16()).y;
    (0..n).map(|j| y[j] + input[j]).collect()
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

/// Reads the input chunks, then defines or checks the output cells.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    let (num_inputs, constants) = shape(instruction.opcode());
    // §6.21.
    let chunks = machine.known_operands(instruction)?;
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
        let length = if instruction.half() { 4 } else { CHUNK };
        (0..length).map(|j| y[j] + input[j]).collect()
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
    row.extend(&permutation.s);
    row.extend(&permutation.y);
    for j in 4..CHUNK {
        row.push(context.cell(chunks[num_inputs] + felt(j)));
    }
    row
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(opcode: Opcode, columns: &[E], evaluation: &mut Evaluation<E>) {
    let (num_inputs, constants) = shape(opcode);
    let word = |word: u64| E::from(Felt::new(word));
    let mut columns = Columns::new(columns);
    let head = columns.head(opcode);
    let half = columns.one();
    let permute = columns.one();
    let input = columns.list(CHUNK * num_inputs);
    columns.list(constants.internal.len());
    let y = columns.list(width(&constants));
    let o = columns.list(4);

    // §9.8.
    let flags = word(1 << 13) * half + word(1 << 14) * permute;
    evaluation.straight_line(&head, head.word() + flags, word(0));
    evaluation.constraint(half * (half - word(1)));
    evaluation.constraint(permute * (permute - word(1)));
    evaluation.constraint(half * permute);

    let v = head.values();
    let inverse_of_8 = inverse_of::<E>(CHUNK);
    for (i, chunk) in input.chunks(CHUNK).enumerate() {
        evaluation.send_chunk(v[i] * inverse_of_8, chunk);
    }
    let mut out = Vec::new();
    for j in 0..CHUNK {
        out.push(y[j] + (word(1) - permute) * input[j]);
    }
    for j in 4..CHUNK {
        out[j] += half * (o[j - 4] - y[j] - input[j]);
    }
    let key = v[num_inputs] * inverse_of_8;
    evaluation.send_chunk(key, &out);
    for e in 1..y.len() / CHUNK {
        let chunk: Vec<E> = (0..CHUNK)
            .map(|j| out[j] + permute * (y[CHUNK * e + j] - y[j]))
            .collect();
        evaluation.send_chunk(key + word(e as u64) * permute, &chunk);
    }
}
