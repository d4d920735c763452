//! Lints about hints: what a prover may choose although the program looks as if it could not.
//!
//! A function is looked at by itself, after dead code is gone. An array whose address is passed on,
//! stored or added to is left alone, and so is whatever is returned: another function may constrain
//! it. Only what surely is not constrained is reported.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Array, Block, End, Function, HintKind, Operand, Relation, StatementKind, Value};
use crate::diagnostics::{Lint, Warning};
use crate::source::Span;

/// Cells that a call of a hint writes.
struct Hinted {
    span: Span,
    array: Array,
    first: u32,
    /// One past the last, if that is known: lists of private input have any length.
    end: Option<u32>,
    bits: bool,
}

/// How the statements of a function use cells and values.
#[derive(Default)]
struct Uses {
    hinted: Vec<Hinted>,
    /// Cells and values that something may constrain.
    constrained: HashSet<Operand>,
    /// Values with the operands that they are computed from.
    computed: HashMap<Value, Vec<Operand>>,
    /// Arrays that other code may reach.
    escaped: HashSet<Array>,
    /// Cells that surely are 0 or 1, or decide a branch.
    boolean: HashSet<Operand>,
    /// Values that are a cell plus a constant, or a constant minus a cell.
    shifted: HashMap<Value, Operand>,
    /// The two sides of products.
    products: Vec<[Operand; 2]>,
}

/// The warnings about the calls of hints in `calls`. A call that stands in several places, by
/// `@inline` or `unroll`, is reported where all of them are alike.
pub(crate) fn lint(functions: &[Function], calls: &BTreeSet<Span>) -> Vec<Warning> {
    let mut found: BTreeMap<(Span, Lint), (usize, BTreeSet<u32>)> = BTreeMap::new();
    let mut places: BTreeMap<Span, usize> = BTreeMap::new();
    for function in functions {
        let mut uses = Uses::default();
        uses.block(&function.body, calls);
        uses.finish();
        for hinted in &uses.hinted {
            *places.entry(hinted.span).or_default() += 1;
            let size = function.arrays[hinted.array.0 as usize].size;
            for (lint, cells) in uses.unchecked(hinted, size) {
                if !cells.is_empty() {
                    let (times, all) = found.entry((hinted.span, lint)).or_default();
                    *times += 1;
                    all.extend(cells);
                }
            }
        }
    }
    found
        .into_iter()
        .filter(|((span, _), (times, _))| places.get(span) == Some(times))
        .map(|((span, lint), (_, cells))| warning(lint, span, &cells))
        .collect()
}

fn warning(lint: Lint, span: Span, cells: &BTreeSet<u32>) -> Warning {
    const SHOWN: usize = 6;
    let mut shown: Vec<String> = cells.iter().take(SHOWN).map(u32::to_string).collect();
    if cells.len() > SHOWN {
        shown.push("…".to_owned());
    }
    let cells = shown.join(", ");
    let (message, remedy) = match lint {
        Lint::UncheckedBits => (
            format!("nothing makes these hinted bits 0 or 1: {cells}"),
            "for each bit b: `assert b * (1 - b) == 0`",
        ),
        _ => (
            format!("nothing constrains these hinted cells, so a prover may choose them: {cells}"),
            "assert what must hold of them, or leave the hint out",
        ),
    };
    Warning {
        lint,
        span,
        message,
        remedy: remedy.to_owned(),
    }
}

impl Uses {
    /// The cells of a hint that nothing constrains, and the bits that nothing makes 0 or 1; counted
    /// from the first.
    fn unchecked(&self, hinted: &Hinted, size: u32) -> [(Lint, Vec<u32>); 2] {
        let cell = |at: &u32| Operand::Cell(hinted.array, *at);
        let is_constrained = |at: &u32| self.constrained.contains(&cell(at));
        let mut cells = hinted.first..hinted.end.unwrap_or(size).min(size);
        if self.escaped.contains(&hinted.array) {
            cells = 0..0;
        }
        let (constrained, free): (Vec<u32>, Vec<u32>) = cells.partition(is_constrained);
        let is_loose = |at: &u32| hinted.bits && !self.boolean.contains(&cell(at));
        let loose = constrained.iter().copied().filter(is_loose).collect();
        // Behind the last cell that is looked at a list may have ended, and bits that nobody reads
        // do no harm.
        let last = constrained.last().copied().unwrap_or(u32::MAX);
        let free = free
            .into_iter()
            .filter(|at| *at < last && (!hinted.bits || constrained.is_empty()))
            .collect();
        let from_first = |cells: Vec<u32>| cells.into_iter().map(|at| at - hinted.first).collect();
        [
            (Lint::UnconstrainedHint, from_first(free)),
            (Lint::UncheckedBits, from_first(loose)),
        ]
    }

    /// What may be constrained through values, and products of a cell and its distance to a
    /// constant.
    fn finish(&mut self) {
        let mut left: Vec<Operand> = self.constrained.iter().copied().collect();
        while let Some(operand) = left.pop() {
            let Operand::Value(value) = operand else {
                continue;
            };
            for part in self.computed.get(&value).into_iter().flatten() {
                if self.constrained.insert(*part) {
                    left.push(*part);
                }
            }
        }
        let shifted = &self.shifted;
        let cell = |operand: &Operand| match operand {
            Operand::Value(value) => shifted.get(value).copied(),
            Operand::Cell(..) => Some(*operand),
            _ => None,
        };
        let same = self.products.iter().filter_map(|[left, right]| {
            let left = cell(left)?;
            (Some(left) == cell(right)).then_some(left)
        });
        self.boolean.extend(same);
    }

    fn constrain(&mut self, operand: Operand) {
        if let Operand::Address(array, _) = operand {
            self.escaped.insert(array);
        }
        self.constrained.insert(operand);
    }

    fn decide(&mut self, operand: Operand) {
        self.constrain(operand);
        self.boolean.insert(operand);
    }

    fn block(&mut self, block: &Block, calls: &BTreeSet<Span>) {
        for statement in &block.statements {
            self.statement(&statement.kind, statement.span, calls);
            for arm in statement.kind.arms() {
                self.block(arm, calls);
            }
        }
        if let End::Yield(operands)
        | End::Iteration {
            carried: operands, ..
        }
        | End::Return(operands) = &block.end
        {
            for operand in operands {
                self.constrain(*operand);
            }
        }
    }

    fn statement(&mut self, kind: &StatementKind, span: Span, calls: &BTreeSet<Span>) {
        match kind {
            StatementKind::Relation {
                relation,
                operands,
                defines,
                pure,
            } => self.relation(*relation, *operands, defines.filter(|_| *pure)),
            StatementKind::Equal(left, right) => {
                for operand in [*left, *right] {
                    self.decide(operand);
                }
            }
            StatementKind::If { left, right, .. } => {
                for operand in [*left, *right] {
                    self.decide(operand);
                }
            }
            StatementKind::Dereference { pointer, value, .. } => {
                self.decide(*pointer);
                self.constrain(*value);
            }
            StatementKind::Hint { kind, operands, .. } => {
                if calls.contains(&span) {
                    self.hint(kind, operands, span);
                }
            }
            StatementKind::Machine(_, operands)
            | StatementKind::Exit {
                carried: operands, ..
            }
            | StatementKind::Call {
                arguments: operands,
                ..
            } => {
                for operand in operands {
                    self.constrain(*operand);
                }
            }
            StatementKind::Switch { .. } | StatementKind::Array(_) => {}
            StatementKind::Loop(the_loop) => {
                let carried = the_loop.carried.iter().map(|carried| carried.initial);
                for operand in carried.chain([the_loop.initial, the_loop.iterations]) {
                    self.constrain(operand);
                }
                self.block(&the_loop.body, calls);
            }
            // Of later passes.
            StatementKind::Join { .. }
            | StatementKind::Outer { .. }
            | StatementKind::FrameAddress(_) => {}
        }
    }

    fn relation(&mut self, relation: Relation, operands: [Operand; 3], defines: Option<Value>) {
        let result = defines.map(Operand::Value);
        let parts = operands.into_iter().filter(|part| Some(*part) != result);
        let parts: Vec<Operand> = parts.collect();
        for part in &parts {
            if let Operand::Address(array, _) = part {
                self.escaped.insert(*array);
            }
        }
        let [left, right, _] = operands;
        match (relation, defines) {
            (Relation::Add, Some(value)) => {
                if let [Operand::Constant(_), cell] | [cell, Operand::Constant(_)] = parts[..] {
                    self.shifted.insert(value, cell);
                }
            }
            (Relation::Multiply, _) => self.products.push([left, right]),
            _ => {}
        }
        match defines {
            Some(value) => {
                self.computed.insert(value, parts);
            }
            None => self.constrained.extend(parts),
        }
    }

    fn hint(&mut self, kind: &HintKind, operands: &[Operand], span: Span) {
        let (target, length, bits) = match (kind, operands) {
            (HintKind::Witness(_), [target]) => (target, None, false),
            (HintKind::Bits(bits), [_, target]) => (target, Some(*bits), true),
            (HintKind::Inverse, [target, _]) => (target, Some(1), false),
            _ => return,
        };
        if let Operand::Address(array, first) | Operand::Cell(array, first) = target {
            self.hinted.push(Hinted {
                span,
                array: *array,
                first: *first,
                end: length.map(|length| first.saturating_add(length)),
                bits,
            });
        }
    }
}
