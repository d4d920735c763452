//! SPEC §6 execution, §9 tables: SPONGE, a state that absorbs blocks.
//!
//! The table SPONGE has a row for a sponge, SPONGE_STEP for a block.

use super::poseidon::{CHUNK, HALF, Permutation, check_alignment, compress, felt, inverse_of};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::constants_16;
use crate::rejection::Error;
use crate::tables::{Bus, Columns, Context, Evaluation};

/// Reads start and blocks, then defines or checks the chunk at `out`.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    // §6.33.
    let values = machine.known_operands(instruction)?;
    let [start, blocks, stride, out] = [values[0], values[1], values[2], values[3]];
    // §6.34.
    check_alignment(0, start, CHUNK)?;
    check_alignment(3, out, CHUNK)?;
    // §6.41.
    let mut state = machine.read_cells(start, CHUNK)?;
    let mut address = blocks;
    for _ in 0..instruction.imm().value() {
        let mut input = state;
        for half in [address, address + stride] {
            // §6.42.
            check_alignment(1, half, HALF)?;
            input.extend(machine.read_cells(half, HALF)?);
        }
        state = compress(&input, CHUNK);
        address += stride + stride;
    }
    // §6.43.
    machine.define_cells(out, &state)
}

/// The row of a cycle in the table SPONGE.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, values) = context.head_row(pc, fp);
    row.push(context.instruction(pc).imm());
    row.extend(context.cells(values[0], CHUNK));
    row.extend(context.cells(values[3], CHUNK));
    row
}

/// The rows of a cycle in the table SPONGE_STEP; `owner` is its row in SPONGE.
pub fn step_rows(context: &Context<'_>, owner: usize, pc: u32, fp: Felt) -> Vec<Vec<Felt>> {
    let (_, values) = context.head_row(pc, fp);
    let (mut address, stride) = (values[1], values[2]);
    let mut state = context.cells(values[0], CHUNK);
    let mut rows = Vec::new();
    for remaining in (1..=context.instruction(pc).imm().value()).rev() {
        let first = context.cells(address, HALF);
        let second = context.cells(address + stride, HALF);
        let input = [state, first, second].concat();
        let permutation = Permutation::of(&input, &constants_16());
        let mut row = vec![
            felt(owner),
            Felt::new(u64::from(remaining)),
            address,
            stride,
        ];
        row.extend(&input);
        row.extend(&permutation.s);
        row.extend(&permutation.y[..CHUNK]);
        rows.push(row);
        state = compress(&input, CHUNK);
        address += stride + stride;
    }
    rows
}

/// §9.17: constraints and interactions of a row of SPONGE; `index` is its virtual column `row`.
pub fn evaluate<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Sponge);
    let imm = columns.one();
    let start = columns.list(CHUNK);
    let end = columns.list(CHUNK);
    let v = head.values();
    evaluation.straight_line(&head, head.word(), imm);
    evaluation.send_chunk(v[0] * inverse_of(CHUNK), &start);
    evaluation.send_chunk(v[3] * inverse_of(CHUNK), &end);
    let link =
        |remaining, address, state: &[E]| [&[index, remaining, address, v[2]][..], state].concat();
    let last = v[1] + E::from(felt(2)) * v[2] * imm;
    evaluation.send(Bus::SpongeLink, &link(imm, v[1], &start));
    evaluation.receive(Bus::SpongeLink, &link(E::from(Felt::ZERO), last, &end));
}

/// §9.18: interactions of a row of SPONGE_STEP.
pub fn evaluate_step<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let [owner, remaining, address, stride] = columns.take();
    let input = columns.list(2 * CHUNK);
    columns.list(constants_16().internal.len());
    let y = columns.list(CHUNK);
    let (state, block) = input.split_at(CHUNK);
    let output: Vec<E> = (0..CHUNK).map(|j| y[j] + input[j]).collect();
    let link = |remaining, address, state: &[E]| {
        [&[owner, remaining, address, stride][..], state].concat()
    };
    evaluation.receive(Bus::SpongeLink, &link(remaining, address, state));
    let next = address + stride + stride;
    evaluation.send(
        Bus::SpongeLink,
        &link(remaining - E::from(Felt::ONE), next, &output),
    );
    evaluation.send_half(address * inverse_of(HALF), &block[..HALF]);
    evaluation.send_half((address + stride) * inverse_of(HALF), &block[HALF..]);
}
