//! SPEC §6 execution, §9 tables: what DOT_PRODUCT and EQ share.
//!
//! A reduction goes over `imm` pairs (left_i, right_i) of elements of E. Its accumulator starts at
//! [`Rule::start`] and each pair takes it to [`Rule::step`]. The owner table has a row for a
//! reduction, the term table a row for a pair.

use crate::execution::Machine;
use crate::field::{DEGREE, Element, Ext, Felt};
use crate::isa::{Instruction, Opcode};
use crate::rejection::Error;
use crate::tables::{Bus, Columns, Context, Evaluation};

/// Which reduction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Σ x·y.
    DotProduct,
    /// Π (x·y + (1 − x)(1 − y)).
    Eq,
}

impl Rule {
    /// The accumulator before the first pair.
    pub fn start(self) -> Ext {
        match self {
            Self::DotProduct => Ext::ZERO,
            Self::Eq => Ext::ONE,
        }
    }

    /// The accumulator after a pair, in coordinates: acc + x·y, or acc·(2xy − x − y + 1).
    pub fn step<E: Element>(self, acc: [E; DEGREE], x: [E; DEGREE], y: [E; DEGREE]) -> [E; DEGREE] {
        let product = multiply(x, y);
        match self {
            Self::DotProduct => core::array::from_fn(|i| acc[i] + product[i]),
            Self::Eq => {
                let mut factor: [E; DEGREE] =
                    core::array::from_fn(|i| product[i] + product[i] - x[i] - y[i]);
                factor[0] += E::from(Felt::ONE);
                multiply(acc, factor)
            }
        }
    }

    fn opcode(self) -> Opcode {
        match self {
            Self::DotProduct => Opcode::DotProduct,
            Self::Eq => Opcode::Eq,
        }
    }

    fn bus(self) -> Bus {
        match self {
            Self::DotProduct => Bus::DotLink,
            Self::Eq => Bus::EqLink,
        }
    }
}

/// The product in E of two elements given by coordinates that may themselves be in E (of a column
/// at a point).
fn multiply<E: Element>(left: [E; DEGREE], right: [E; DEGREE]) -> [E; DEGREE] {
    let mut product = [E::from(Felt::ZERO); 2 * DEGREE - 1];
    for i in 0..DEGREE {
        for j in 0..DEGREE {
            product[i + j] += left[i] * right[j];
        }
    }
    // X^d = X^(d−5) − X^(d−3).
    for d in (DEGREE..2 * DEGREE - 1).rev() {
        let coefficient = product[d];
        product[d - 5] += coefficient;
        product[d - 3] -= coefficient;
    }
    core::array::from_fn(|i| product[i])
}

fn felt(integer: usize) -> Felt {
    Felt::new(integer as u64)
}

/// Reads all pairs, then defines or checks the five result cells.
pub(super) fn execute(
    rule: Rule,
    machine: &mut Machine,
    instruction: &Instruction,
) -> Result<(), Error> {
    // §6.25.
    let addresses = machine.known_operands(instruction)?;
    let (mut left, mut right, result) = (addresses[0], addresses[1], addresses[2]);
    let mut acc = rule.start().coordinates();
    // §6.26.
    for _ in 0..instruction.imm().value() {
        let mut x = [Felt::ZERO; DEGREE];
        let x_coordinates = if instruction.base() { 1 } else { DEGREE };
        for (j, coordinate) in x.iter_mut().take(x_coordinates).enumerate() {
            *coordinate = machine.read_defined(left + felt(j))?;
        }
        let mut y = [Felt::ZERO; DEGREE];
        for (j, coordinate) in y.iter_mut().enumerate() {
            *coordinate = machine.read_defined(right + felt(j))?;
        }
        acc = rule.step(acc, x, y);
        left += felt(x_coordinates);
        right += felt(DEGREE);
    }
    // §6.27.
    for (j, coordinate) in acc.into_iter().enumerate() {
        machine.memory.define(result + felt(j), coordinate)?;
    }
    Ok(())
}

/// The row of a cycle in the owner table.
pub(super) fn owner_row(context: &Context<'_>, pc: u32, fp: Felt) -> Vec<Felt> {
    let (mut row, values) = context.head_row(pc, fp);
    let instruction = context.instruction(pc);
    row.push(instruction.imm());
    row.push(Felt::new(u64::from(instruction.base())));
    for j in 0..DEGREE {
        row.push(context.cell(values[2] + felt(j)));
    }
    row
}

/// §9.10: constraints and interactions of a row of the owner table; `index` is its virtual column
/// `row`.
pub(super) fn evaluate_owner<E: Element>(
    rule: Rule,
    columns: &[E],
    index: E,
    evaluation: &mut Evaluation<E>,
) {
    let mut columns = Columns::new(columns);
    let head = columns.head(rule.opcode());
    let imm = columns.one();
    let base = columns.one();
    let result: [E; DEGREE] = columns.take();
    let constant = |integer| E::from(Felt::new(integer));
    let v = head.values();
    evaluation.straight_line(&head, head.word() + constant(1 << 15) * base, imm);
    evaluation.constraint(base * (base - constant(1)));
    for (j, cell) in result.into_iter().enumerate() {
        evaluation.send_memory(v[2] + constant(j as u64), cell);
    }
    let start = rule.start().coordinates().map(E::from);
    let end_left = v[0] + (constant(5) - constant(4) * base) * imm;
    let end_right = v[1] + constant(5) * imm;
    evaluation.send(
        rule.bus(),
        &[&[index, imm, v[0], v[1], base][..], &start].concat(),
    );
    evaluation.receive(
        rule.bus(),
        &[
            &[index, constant(0), end_left, end_right, base][..],
            &result,
        ]
        .concat(),
    );
}

/// The rows of a cycle in the term table; `owner` is the row of the cycle in the owner table.
pub(super) fn term_rows(
    rule: Rule,
    context: &Context<'_>,
    owner: usize,
    pc: u32,
    fp: Felt,
) -> Vec<Vec<Felt>> {
    let (_, values) = context.head_row(pc, fp);
    let instruction = context.instruction(pc);
    let base = instruction.base();
    let (mut left, mut right) = (values[0], values[1]);
    let mut acc = rule.start().coordinates();
    let mut rows = Vec::new();
    for remaining in (1..=instruction.imm().value()).rev() {
        // x_j = m[left + j], but m[0] for j ≥ 1 if base = 1.
        let mut x: [Felt; DEGREE] = core::array::from_fn(|j| {
            context.cell(if base && j >= 1 {
                Felt::ZERO
            } else {
                left + felt(j)
            })
        });
        let y: [Felt; DEGREE] = core::array::from_fn(|j| context.cell(right + felt(j)));
        let mut row = vec![
            felt(owner),
            Felt::new(u64::from(remaining)),
            left,
            right,
            Felt::new(u64::from(base)),
        ];
        row.extend(acc);
        row.extend(x);
        row.extend(y);
        rows.push(row);
        if base {
            x[1..].fill(Felt::ZERO);
        }
        acc = rule.step(acc, x, y);
        left += felt(if base { 1 } else { DEGREE });
        right += felt(DEGREE);
    }
    rows
}

/// §9.11: constraints and interactions of a row of the term table.
pub(super) fn evaluate_term<E: Element>(rule: Rule, columns: &[E], evaluation: &mut Evaluation<E>) {
    let mut columns = Columns::new(columns);
    let [owner, remaining, left, right, base] = columns.take();
    let acc: [E; DEGREE] = columns.take();
    let x_cells: [E; DEGREE] = columns.take();
    let y: [E; DEGREE] = columns.take();
    let constant = |integer| E::from(Felt::new(integer));
    let extension = constant(1) - base;
    evaluation.constraint(base * (base - constant(1)));
    let x = core::array::from_fn(|j| {
        if j == 0 {
            x_cells[0]
        } else {
            extension * x_cells[j]
        }
    });
    let next = rule.step(acc, x, y);
    evaluation.receive(
        rule.bus(),
        &[&[owner, remaining, left, right, base][..], &acc].concat(),
    );
    let next_left = left + constant(5) - constant(4) * base;
    let next_right = right + constant(5);
    evaluation.send(
        rule.bus(),
        &[
            &[owner, remaining - constant(1), next_left, next_right, base][..],
            &next,
        ]
        .concat(),
    );
    evaluation.send_memory(left, x_cells[0]);
    for (j, cell) in x_cells.into_iter().enumerate().skip(1) {
        evaluation.send_memory(extension * (left + constant(j as u64)), cell);
    }
    for (j, cell) in y.into_iter().enumerate() {
        evaluation.send_memory(right + constant(j as u64), cell);
    }
}
