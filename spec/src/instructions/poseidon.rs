//! SPEC §6 execution, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24.
//!
//! Width W = 16, 16, 24, N = 1, 2, 3 input chunks, P = 20, 20, 23 partial rounds.

use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::{
    Constants, constant, constants_16, constants_24, cube, external_layer, full_round,
    internal_layer,
};
use crate::rejection::{Error, Rejection};
use crate::tables::{Columns, Context, Evaluation};

const CHUNK: usize = 8;

/// What differs between the three instructions.
struct Shape {
    width: usize,
    num_inputs: usize,
    constants: Constants,
}

fn shape(opcode: Opcode) -> Shape {
    let num_inputs = opcode.num_operands() - 1;
    if num_inputs == 3 {
        Shape {
            width: 24,
            num_inputs,
            constants: constants_24(),
        }
    } else {
        Shape {
            width: 16,
            num_inputs,
            constants: constants_16(),
        }
    }
}

fn felt(integer: usize) -> Felt {
    Felt::new(integer as u64)
}

/// A permutation of `input`, padded by zeros, with the values that the table keeps.
struct Permutation {
    /// The state after two full rounds.
    a: Vec<Felt>,
    /// The inputs of the partial S-boxes, constants added.
    s: Vec<Felt>,
    /// The state after the partial rounds.
    b: Vec<Felt>,
    /// The state after two further full rounds.
    c: Vec<Felt>,
    /// The permuted state.
    y: Vec<Felt>,
}

impl Permutation {
    fn of(input: &[Felt], shape: &Shape) -> Self {
        let constants = &shape.constants;
        let mut state = input.to_vec();
        state.resize(shape.width, Felt::ZERO);
        external_layer(&mut state);
        full_round(&mut state, constants.external_initial[0]);
        full_round(&mut state, constants.external_initial[1]);
        let a = state.clone();
        full_round(&mut state, constants.external_initial[2]);
        full_round(&mut state, constants.external_initial[3]);
        let mut s = Vec::new();
        for word in constants.internal {
            state[0] += constant::<Felt>(*word);
            s.push(state[0]);
            state[0] = cube(state[0]);
            internal_layer(&mut state, constants.diagonal);
        }
        let b = state.clone();
        full_round(&mut state, constants.external_final[0]);
        full_round(&mut state, constants.external_final[1]);
        let c = state.clone();
        full_round(&mut state, constants.external_final[2]);
        full_round(&mut state, constants.external_final[3]);
        Self {
            a,
            s,
            b,
            c,
            y: state,
        }
    }
}

/// The first eight elements of the result: with feed-forward, or without if the flag permute is set.
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
    let shape = shape(instruction.opcode());
    let mut chunks = Vec::new();
    for value in machine.read_operands(instruction)? {
        chunks.push(value.known()?);
    }
    for (i, chunk) in chunks.iter().enumerate() {
        if chunk.value() % 8 != 0 {
            return Err(Error::new(
                Rejection::ChunkUnaligned,
                format!("operand {i} is {chunk}, not a multiple of 8"),
            ));
        }
    }
    let mut input = Vec::new();
    for chunk in &chunks[..shape.num_inputs] {
        for j in 0..CHUNK {
            input.push(machine.read_defined(*chunk + felt(j))?);
        }
    }
    let y = Permutation::of(&input, &shape).y;
    let output = if instruction.permute() {
        y
    } else {
        let mut output = first_chunk(&input, &y, false);
        output.truncate(if instruction.half() { 4 } else { CHUNK });
        output
    };
    for (j, element) in output.into_iter().enumerate() {
        machine
            .memory
            .define(chunks[shape.num_inputs] + felt(j), element)?;
    }
    Ok(())
}

/// The row of a cycle.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let instruction = context.instruction(pc);
    let shape = shape(instruction.opcode());
    let (mut row, chunks) = context.head_row(pc, fp);
    let mut input = Vec::new();
    for chunk in &chunks[..shape.num_inputs] {
        for j in 0..CHUNK {
            input.push(context.cell(*chunk + felt(j)));
        }
    }
    let permutation = Permutation::of(&input, &shape);
    row.push(Felt::new(u64::from(instruction.half())));
    row.push(Felt::new(u64::from(instruction.permute())));
    row.extend(&input);
    row.extend(&permutation.a);
    row.extend(&permutation.s);
    row.extend(&permutation.b);
    row.extend(&permutation.c);
    row.extend(first_chunk(&input, &permutation.y, instruction.permute()));
    row.extend(&permutation.y[CHUNK..]);
    for j in 4..CHUNK {
        row.push(context.cell(chunks[shape.num_inputs] + felt(j)));
    }
    row
}

/// Constraints and interactions of a row.
pub fn evaluate<E: Element>(opcode: Opcode, columns: &[E], evaluation: &mut Evaluation<E>) {
    let shape = shape(opcode);
    let width = shape.width;
    let word = |word: u64| E::from(Felt::new(word));
    let mut columns = Columns::new(columns);
    let head = columns.head(opcode);
    let half = columns.one();
    let permute = columns.one();
    let input = columns.list(CHUNK * shape.num_inputs);
    let a = columns.list(width);
    let s = columns.list(shape.constants.internal.len());
    let b = columns.list(width);
    let c = columns.list(width);
    let f = columns.list(CHUNK);
    let g = columns.list(width - CHUNK);
    let o = columns.list(4);

    let flags = word(1 << 13) * half + word(1 << 14) * permute;
    evaluation.straight_line(&head, head.word() + flags, word(0));
    evaluation.constraint(half * (half - word(1)));
    evaluation.constraint(permute * (permute - word(1)));
    evaluation.constraint(half * permute);
    let compress = word(1) - permute;
    let y = constrain_permutation(&shape.constants, &input, [&a, &s, &b, &c], evaluation);
    for j in 0..CHUNK {
        evaluation.constraint(f[j] - y[j] - compress * input[j]);
    }
    for j in 0..width - CHUNK {
        evaluation.constraint(g[j] - y[CHUNK + j]);
    }

    let v = head.values();
    let inverse_of_8 = E::from(Felt::new(8).pow(crate::field::MODULUS - 2));
    for (i, chunk) in input.chunks(CHUNK).enumerate() {
        evaluation.send_chunk(v[i] * inverse_of_8, chunk);
    }
    let mut q = f.clone();
    for j in 4..CHUNK {
        q[j] = (word(1) - half) * f[j] + half * o[j - 4];
    }
    let key = v[shape.num_inputs] * inverse_of_8;
    evaluation.send_chunk(key, &q);
    for (e, rest) in g.chunks(CHUNK).enumerate() {
        let chunk: Vec<E> = (0..CHUNK)
            .map(|j| permute * rest[j] + compress * q[j])
            .collect();
        evaluation.send_chunk(key + word(e as u64 + 1) * permute, &chunk);
    }
}

/// The constraints of the checkpoints a, s, b, c; returns the final state y.
fn constrain_permutation<E: Element>(
    constants: &Constants,
    input: &[E],
    [a, s, b, c]: [&[E]; 4],
    evaluation: &mut Evaluation<E>,
) -> Vec<E> {
    let mut state = input.to_vec();
    state.resize(a.len(), E::from(Felt::ZERO));
    external_layer(&mut state);
    full_round(&mut state, constants.external_initial[0]);
    full_round(&mut state, constants.external_initial[1]);
    checkpoint(&mut state, a, evaluation);
    full_round(&mut state, constants.external_initial[2]);
    full_round(&mut state, constants.external_initial[3]);
    for (i, word) in constants.internal.iter().enumerate() {
        evaluation.constraint(s[i] - (state[0] + constant::<E>(*word)));
        state[0] = cube(s[i]);
        internal_layer(&mut state, constants.diagonal);
    }
    checkpoint(&mut state, b, evaluation);
    full_round(&mut state, constants.external_final[0]);
    full_round(&mut state, constants.external_final[1]);
    checkpoint(&mut state, c, evaluation);
    full_round(&mut state, constants.external_final[2]);
    full_round(&mut state, constants.external_final[3]);
    state
}

/// The columns minus the computed values are zero, and the computation goes on from the columns.
fn checkpoint<E: Element>(state: &mut [E], columns: &[E], evaluation: &mut Evaluation<E>) {
    for (computed, column) in state.iter_mut().zip(columns) {
        evaluation.constraint(*column - *computed);
        *computed = *column;
    }
}
