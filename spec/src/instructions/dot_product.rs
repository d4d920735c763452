//! SPEC §6 execution, §9 tables: DOT_PRODUCT, result = Σ left_i·right_i.

use super::poseidon::{HALF, inverse_of};
use super::reduction::{self, Rule};
use crate::execution::Machine;
use crate::field::{DEGREE, Element, Felt};
use crate::isa::Instruction;
use crate::rejection::Error;
use crate::tables::{Bus, Columns, Context, Evaluation};

/// Computes the reduction and defines or checks its result.
///
/// # Errors
/// `address-out-of-range`, `operand-undefined`, `relation-violated`.
pub fn execute(machine: &mut Machine, instruction: &Instruction) -> Result<(), Error> {
    reduction::execute(Rule::DotProduct, machine, instruction)
}

/// The row of a cycle in the table DOT_PRODUCT.
pub fn row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    reduction::owner_row(context, pc, fp)
}

/// The terms that DOT_QUAD has in a row.
const QUAD: usize = 4;

/// The rows of a cycle in the table DOT_TERM; `owner` is its row in the table DOT_PRODUCT.
pub fn term_rows(context: &Context<'_>, owner: usize, pc: u32, fp: Felt) -> Vec<Vec<Felt>> {
    reduction::term_rows(Rule::DotProduct, context, owner, pc, fp)
        .split_off(QUAD * num_quads(context, pc, fp))
}

/// §9.19: ⌊imm/4⌋ if base = 1 and v_0 and v_1 are multiples of 4, else none.
fn num_quads(context: &Context<'_>, pc: u32, fp: Felt) -> usize {
    let instruction = context.instruction(pc);
    let (_, values) = context.head_row(pc, fp);
    let is_aligned = |value: Felt| (value.value() as usize).is_multiple_of(QUAD);
    if instruction.base() && is_aligned(values[0]) && is_aligned(values[1]) {
        instruction.imm().value() as usize / QUAD
    } else {
        0
    }
}

/// The rows of a cycle in the table DOT_QUAD: the first of four terms has what they begin with.
pub fn quad_rows(context: &Context<'_>, owner: usize, pc: u32, fp: Felt) -> Vec<Vec<Felt>> {
    reduction::term_rows(Rule::DotProduct, context, owner, pc, fp)
        .into_iter()
        .step_by(QUAD)
        .take(num_quads(context, pc, fp))
        .map(|term| {
            let mut columns = Columns::new(&term);
            let [owner, remaining, left, right, _base] = columns.take();
            let acc: [Felt; DEGREE] = columns.take();
            let mut row = vec![owner, remaining, left, right];
            row.extend(acc);
            row.extend(context.cells(left, QUAD));
            row.extend(context.cells(right, QUAD * DEGREE));
            row
        })
        .collect()
}

/// Constraints and interactions of a row of DOT_PRODUCT; `index` is its virtual column `row`.
pub fn evaluate<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    reduction::evaluate_owner(Rule::DotProduct, columns, index, evaluation);
}

/// Constraints and interactions of a row of DOT_TERM.
pub fn evaluate_term<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    reduction::evaluate_term(Rule::DotProduct, columns, evaluation);
}

/// §9.19: interactions of a row of DOT_QUAD.
pub fn evaluate_quad<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let [owner, remaining, left, right] = columns.take();
    let acc: [E; DEGREE] = columns.take();
    let x: [E; QUAD] = columns.take();
    let cells = columns.list(QUAD * DEGREE);
    let constant = |integer| E::from(Felt::new(integer));
    let mut next = acc;
    for (x, element) in x.iter().zip(cells.chunks(DEGREE)) {
        for (coordinate, cell) in next.iter_mut().zip(element) {
            *coordinate += *x * *cell;
        }
    }
    let link = |remaining, left, right, acc: &[E]| {
        [&[owner, remaining, left, right, constant(1)][..], acc].concat()
    };
    evaluation.receive(Bus::DotLink, &link(remaining, left, right, &acc));
    evaluation.send(
        Bus::DotLink,
        &link(
            remaining - constant(4),
            left + constant(4),
            right + constant(20),
            &next,
        ),
    );
    evaluation.send_half(left * inverse_of(HALF), &x);
    for (i, half) in cells.chunks(HALF).enumerate() {
        let key = right * inverse_of(HALF) + constant(i as u64);
        evaluation.send_half(key, half);
    }
}
