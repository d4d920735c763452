//! SPEC §6 execution, §9 tables: PATH, the root of a path in a Merkle tree.
//!
//! The table PATH has a row for a path, PATH_STEP for a level.

use super::poseidon::{CHUNK, HALF, Permutation, check_alignment, compress, felt, inverse_of};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::constants_16;
use crate::rejection::{Error, Rejection};
use crate::tables::{Bus, Columns, Context, Evaluation};

/// The alignment of each operand: key, node, siblings, tweaks.
const ALIGNMENTS: [usize; 4] = [CHUNK, HALF, HALF, CHUNK];

/// tweak ‖ parameter ‖ left ‖ right; the node is the right child if `side` is 1.
fn step_input(
    tweak: &[Felt],
    parameter: &[Felt],
    side: Felt,
    node: &[Felt],
    sibling: &[Felt],
) -> Vec<Felt> {
    let (left, right) = if side == Felt::ONE {
        (sibling, node)
    } else {
        (node, sibling)
    };
    [tweak, parameter, left, right].concat()
}

/// Reads parameter, node, tweaks and siblings, then defines or checks the root.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    // §6.33.
    let values = machine.known_operands(instruction)?;
    // §6.34.
    for (i, address) in values.iter().enumerate() {
        check_alignment(i, *address, ALIGNMENTS[i])?;
    }
    let [key, node, siblings, tweaks] = [values[0], values[1], values[2], values[3]];
    // §6.38.
    let parameter = machine.read_cells(key + felt(HALF), HALF)?;
    let mut node = machine.read_cells(node, HALF)?;
    for level in 0..instruction.imm().value() as usize {
        // §6.39.
        let chunk = machine.read_cells(tweaks + felt(CHUNK * level), CHUNK)?;
        let side = chunk[HALF];
        if side != Felt::ZERO && side != Felt::ONE || chunk[HALF + 1..] != [Felt::ZERO; 3] {
            return Err(Error::new(
                Rejection::RelationViolated,
                format!("the tweak of level {level} does not end in 0 or 1 and three zeros"),
            ));
        }
        let sibling = machine.read_cells(siblings + felt(HALF * level), HALF)?;
        let input = step_input(&chunk[..HALF], &parameter, side, &node, &sibling);
        node = compress(&input, HALF);
    }
    // §6.40.
    machine.define_cells(key, &node)
}

/// The row of a cycle in the table PATH.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, values) = context.head_row(pc, fp);
    row.push(context.instruction(pc).imm());
    row.extend(context.cells(values[0], CHUNK));
    row.extend(context.cells(values[1], HALF));
    row
}

/// The rows of a cycle in the table PATH_STEP; `owner` is its row in PATH.
pub fn step_rows(context: &Context<'_>, owner: usize, pc: u32, fp: Felt) -> Vec<Vec<Felt>> {
    let (_, values) = context.head_row(pc, fp);
    let [key, node, siblings, tweaks] = [values[0], values[1], values[2], values[3]];
    let parameter = context.cells(key + felt(HALF), HALF);
    let mut node = context.cells(node, HALF);
    let length = context.instruction(pc).imm().value() as usize;
    let mut rows = Vec::new();
    for level in 0..length {
        let sibling_address = siblings + felt(HALF * level);
        let tweak_address = tweaks + felt(CHUNK * level);
        let chunk = context.cells(tweak_address, CHUNK);
        let sibling = context.cells(sibling_address, HALF);
        let side = chunk[HALF];
        let input = step_input(&chunk[..HALF], &parameter, side, &node, &sibling);
        let permutation = Permutation::of(&input, &constants_16());
        let mut row = vec![
            felt(owner),
            felt(length - level),
            sibling_address,
            tweak_address,
            side,
        ];
        row.extend(&input);
        row.extend(&permutation.s);
        row.extend(&permutation.y[..HALF]);
        rows.push(row);
        node = compress(&input, HALF);
    }
    rows
}

/// §9.15: constraints and interactions of a row of PATH; `index` is its virtual column `row`.
pub fn evaluate<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Path);
    let imm = columns.one();
    let key = columns.list(CHUNK);
    let node = columns.list(HALF);
    let (root, parameter) = key.split_at(HALF);
    let constant = |integer| E::from(felt(integer));
    let v = head.values();
    evaluation.straight_line(&head, head.word(), imm);
    evaluation.send_chunk(v[0] * inverse_of(CHUNK), &key);
    evaluation.send_half(v[1] * inverse_of(HALF), &node);
    evaluation.send(
        Bus::PathLink,
        &[&[index, imm, v[2], v[3]][..], &node, parameter].concat(),
    );
    let end_siblings = v[2] + constant(HALF) * imm;
    let end_tweaks = v[3] + constant(CHUNK) * imm;
    evaluation.receive(
        Bus::PathLink,
        &[
            &[index, constant(0), end_siblings, end_tweaks][..],
            root,
            parameter,
        ]
        .concat(),
    );
}

/// §9.16: constraint and interactions of a row of PATH_STEP.
pub fn evaluate_step<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let [owner, remaining, siblings, tweaks, side] = columns.take();
    let input = columns.list(4 * HALF);
    columns.list(constants_16().internal.len());
    let y = columns.list(HALF);
    let constant = |integer| E::from(felt(integer));
    let (tweak, parameter) = (&input[..4], &input[4..8]);
    let (left, right) = (&input[8..12], &input[12..]);
    evaluation.constraint(side * (side - constant(1)));
    let mut node = Vec::new();
    let mut sibling = Vec::new();
    for j in 0..HALF {
        node.push(left[j] + side * (right[j] - left[j]));
        sibling.push(right[j] + side * (left[j] - right[j]));
    }
    let output: Vec<E> = (0..HALF).map(|j| y[j] + input[j]).collect();
    evaluation.receive(
        Bus::PathLink,
        &[&[owner, remaining, siblings, tweaks][..], &node, parameter].concat(),
    );
    let after = [
        owner,
        remaining - constant(1),
        siblings + constant(HALF),
        tweaks + constant(CHUNK),
    ];
    evaluation.send(Bus::PathLink, &[&after, &output[..], parameter].concat());
    evaluation.send_half(siblings * inverse_of(HALF), &sibling);
    let ending = [side, constant(0), constant(0), constant(0)];
    evaluation.send_chunk(tweaks * inverse_of(CHUNK), &[tweak, &ending].concat());
}
