//! SPEC §6 execution, §9 tables: CHAIN, a run of hash chains.
//!
//! The table CHAIN has a row for a run, CHAIN_TERM for a chain, CHAIN_STEP for a hash.

use super::poseidon::{CHUNK, HALF, Permutation, check_alignment, compress, felt, inverse_of};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::{Instruction, Opcode};
use crate::permutation::constants_16;
use crate::rejection::{Error, Rejection};
use crate::tables::{Bus, Columns, Context, Evaluation};

/// The input of the step of a chain to a position: tweak ‖ value ‖ parameter, before the zeros.
fn step_input(context: &[Felt], base: Felt, i: usize, position: Felt, value: &[Felt]) -> Vec<Felt> {
    let mut input = [&context[..HALF], value, &context[HALF..]].concat();
    input[0] += base * felt(i) + position;
    input
}

/// Reads context, digits and starts, then defines or checks ends and sum.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `chunk-unaligned`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    // §6.33.
    let values = machine.known_operands(instruction)?;
    let [context_address, chains, base, digits] = [values[0], values[1], values[2], values[3]];
    // §6.34.
    check_alignment(0, context_address, CHUNK)?;
    check_alignment(1, chains, CHUNK)?;
    // §6.35.
    let context = machine.read_cells(context_address, CHUNK)?;
    let length = instruction.imm().value() as usize;
    let mut numbers = machine.read_cells(digits, length)?;
    numbers.push(Felt::ZERO);
    let mut values = Vec::new();
    for i in 0..length {
        values.push(machine.read_cells(chains + felt(CHUNK * i), HALF)?);
    }
    // §6.36.
    let mut sum = Felt::ZERO;
    for i in 0..length {
        let digit = numbers[i] - base * numbers[i + 1];
        if digit.value() >= base.value() {
            return Err(Error::new(
                Rejection::RelationViolated,
                format!("digit {i} is {digit}, not below {base}"),
            ));
        }
        sum += digit;
        for position in digit.value() + 1..base.value() {
            let position = Felt::new(u64::from(position));
            let input = step_input(&context, base, i, position, &values[i]);
            values[i] = compress(&input, HALF);
        }
    }
    // §6.37.
    for (i, end) in values.iter().enumerate() {
        machine.define_cells(chains + felt(CHUNK * i + HALF), end)?;
    }
    machine.memory.define(digits + felt(length), sum)
}

/// The row of a cycle in the table CHAIN.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, values) = context.head_row(pc, fp);
    let imm = context.instruction(pc).imm();
    row.push(imm);
    row.extend(context.cells(values[0], CHUNK));
    row.push(context.cell(values[3]));
    row.push(context.cell(values[3] + imm));
    row
}

/// The rows of a cycle in the table CHAIN_TERM, and those in CHAIN_STEP; `owner` is its row in
/// CHAIN, `first_term` the number of rows of CHAIN_TERM before.
pub fn term_rows(
    context: &Context<'_>,
    owner: usize,
    first_term: usize,
    pc: u32,
    fp: Felt,
) -> (Vec<Vec<Felt>>, Vec<Vec<Felt>>) {
    let (_, values) = context.head_row(pc, fp);
    let [context_address, chains, base, digits] = [values[0], values[1], values[2], values[3]];
    let halves = context.cells(context_address, CHUNK);
    let (mut terms, mut steps) = (Vec::new(), Vec::new());
    let (mut number, mut sum) = (Felt::ZERO, Felt::ZERO);
    for i in (0..context.instruction(pc).imm().value() as usize).rev() {
        let after = context.cell(digits + felt(i));
        let digit = after - base * number;
        let ends = context.cells(chains + felt(CHUNK * i), CHUNK);
        let mut value = ends[..HALF].to_vec();
        for position in digit.value() + 1..base.value() {
            let position = Felt::new(u64::from(position));
            let input = step_input(&halves, base, i, position, &value);
            let permutation = Permutation::of(&input, &constants_16());
            let mut step = vec![felt(first_term + terms.len())];
            step.extend(&input);
            step.extend(&permutation.s);
            step.extend(&permutation.y[..HALF]);
            steps.push(step);
            value = compress(&input, HALF);
        }
        let mut term = vec![felt(owner), felt(i + 1), chains, digits, number, sum, base];
        term.extend(&halves);
        term.extend([digit, context.cell(digit)]);
        term.extend(ends);
        terms.push(term);
        (number, sum) = (after, sum + digit);
    }
    (terms, steps)
}

/// §9.12: constraints and interactions of a row of CHAIN; `index` is its virtual column `row`.
pub fn evaluate<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let head = columns.head(Opcode::Chain);
    let imm = columns.one();
    let context = columns.list(CHUNK);
    let [number, sum] = columns.take();
    let zero = E::from(Felt::ZERO);
    let v = head.values();
    evaluation.straight_line(&head, head.word(), imm);
    evaluation.send_chunk(v[0] * inverse_of(CHUNK), &context);
    evaluation.send_memory(v[3] + imm, sum);
    let link = |remaining, number, sum| {
        [
            &[index, remaining, v[1], v[3], number, sum, v[2]][..],
            &context,
        ]
        .concat()
    };
    evaluation.send(Bus::ChainLink, &link(imm, zero, zero));
    evaluation.receive(Bus::ChainLink, &link(zero, number, sum));
}

/// §9.13: interactions of a row of CHAIN_TERM; `index` is its virtual column `row`.
pub fn evaluate_term<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let [owner, remaining, chains, digits, number, sum, base] = columns.take();
    let context = columns.list(CHUNK);
    let [digit, cell] = columns.take();
    let ends = columns.list(CHUNK);
    let one = E::from(Felt::ONE);
    let i = remaining - one;
    let after = base * number + digit;
    let link = |remaining, number, sum| {
        [
            &[owner, remaining, chains, digits, number, sum, base][..],
            &context,
        ]
        .concat()
    };
    evaluation.receive(Bus::ChainLink, &link(remaining, number, sum));
    evaluation.send(Bus::ChainLink, &link(i, after, sum + digit));
    evaluation.send_chunk(chains * inverse_of(CHUNK) + i, &ends);
    evaluation.send_memory(digits + i, after);
    evaluation.send_memory(digit, cell);
    let step = |position, value: &[E]| {
        let mut tweak = context[..HALF].to_vec();
        tweak[0] += base * i + position;
        [&[index][..], &tweak, value, &context[HALF..]].concat()
    };
    evaluation.send(Bus::StepLink, &step(digit, &ends[..HALF]));
    evaluation.receive(Bus::StepLink, &step(base - one, &ends[HALF..]));
}

/// §9.14: interactions of a row of CHAIN_STEP.
pub fn evaluate_step<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let owner = columns.one();
    let input = columns.list(3 * HALF);
    columns.list(constants_16().internal.len());
    let y = columns.list(HALF);
    let (tweak, value, parameter) = (&input[..4], &input[4..8], &input[8..]);
    let mut tweak_before = tweak.to_vec();
    tweak_before[0] -= E::from(Felt::ONE);
    let output: Vec<E> = (0..HALF).map(|j| y[j] + input[j]).collect();
    evaluation.receive(
        Bus::StepLink,
        &[&[owner][..], &tweak_before, value, parameter].concat(),
    );
    evaluation.send(
        Bus::StepLink,
        &[&[owner][..], tweak, &output, parameter].concat(),
    );
}
