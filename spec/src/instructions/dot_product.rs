//! SPEC §6 execution, §9 tables: DOT_PRODUCT, result = Σ left_i·right_i.

use super::reduction::{self, Rule};
use crate::execution::Machine;
use crate::field::{Element, Felt};
use crate::isa::Instruction;
use crate::rejection::Error;
use crate::tables::{Context, Evaluation};

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

/// The rows of a cycle in the table DOT_TERM; `owner` is its row in the table DOT_PRODUCT.
pub fn term_rows(context: &Context<'_>, owner: usize, pc: u32, fp: Felt) -> Vec<Vec<Felt>> {
    reduction::term_rows(Rule::DotProduct, context, owner, pc, fp)
}

/// Constraints and interactions of a row of DOT_PRODUCT; `index` is its virtual column `row`.
pub fn evaluate<E: Element>(columns: &[E], index: E, evaluation: &mut Evaluation<E>) {
    reduction::evaluate_owner(Rule::DotProduct, columns, index, evaluation);
}

/// Constraints and interactions of a row of DOT_TERM.
pub fn evaluate_term<E: Element>(columns: &[E], evaluation: &mut Evaluation<E>) {
    reduction::evaluate_term(Rule::DotProduct, columns, evaluation);
}
