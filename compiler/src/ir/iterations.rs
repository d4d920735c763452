//! Iterations whose frames would leave cells unused. The frames of the iterations of a loop follow
//! each other.
//!
//! *Split*: an iteration that takes a small arm of a branch would leave the cells of the large one
//! unused. What follows such a branch is copied into its arms: each path through the iteration then
//! ends by itself, and the next frame follows the cells of that path.
//!
//! *Unrolled*: a frame with chunks is a multiple of 8 cells, so an iteration with few cells would
//! leave up to seven unused. Several iterations get one frame, and the loop may be left after each
//! of them.

use std::collections::{HashMap, HashSet};

use super::optimise::{visit_notes, visit_operands};
use super::{
    Array, Block, Branch, End, Function, Loop, Operand, Relation, Statement, StatementKind, Value,
    Way,
};
use crate::source::Span;

/// Gives several iterations of the loop of a level one frame. Whether it did.
pub(crate) fn unroll_loop(function: &mut Function, level: u32, number: u32) -> bool {
    let mut body = function.body.take();
    let mut splitter = Splitter {
        function,
        uneven: HashSet::new(),
        budget: MAX_COPIED,
        paths: 0,
    };
    let found = find(&mut body, level).is_some_and(|found| splitter.unroll(found, number));
    function.body = body;
    found
}

/// The loop of a level.
fn find(block: &mut Block, level: u32) -> Option<&mut Loop> {
    for statement in &mut block.statements {
        let found = match &mut statement.kind {
            StatementKind::Loop(the_loop) => match the_loop.level == level {
                true => Some(&mut **the_loop),
                false => find(&mut the_loop.body, level),
            },
            kind => {
                let mut arms = kind.arms_mut().into_iter();
                arms.find_map(|arm| find(arm, level))
            }
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Greatest number of statements that are copied for one loop.
const MAX_COPIED: usize = 400;

/// Splits the iteration of the loop of a level at its branches in `uneven`, as far as what follows
/// them may be copied. Whether it did.
pub(crate) fn split_iteration(
    function: &mut Function,
    level: u32,
    uneven: &HashSet<Branch>,
) -> bool {
    let mut body = function.body.take();
    let mut splitter = Splitter {
        function,
        uneven: uneven.clone(),
        budget: MAX_COPIED,
        paths: 0,
    };
    let found = find(&mut body, level).is_some_and(|found| splitter.split(found));
    function.body = body;
    found
}

struct Splitter<'a> {
    function: &'a mut Function,
    uneven: HashSet<Branch>,
    /// Statements that may still be copied.
    budget: usize,
    paths: u32,
}

/// New names of values, arrays and levels in a copy.
#[derive(Default)]
struct Names {
    values: HashMap<Value, Operand>,
    arrays: HashMap<Array, Array>,
    levels: HashMap<u32, u32>,
}

impl Names {
    fn value(&self, value: &mut Value) {
        if let Some(Operand::Value(name)) = self.values.get(value) {
            *value = *name;
        }
    }

    fn array(&self, array: &mut Array) {
        if let Some(name) = self.arrays.get(array) {
            *array = *name;
        }
    }

    fn operand(&self, operand: &mut Operand) {
        match operand {
            Operand::Value(value) => {
                if let Some(name) = self.values.get(value) {
                    *operand = *name;
                }
            }
            Operand::Cell(array, _) | Operand::Address(array, _) => self.array(array),
            Operand::Constant(_) => {}
        }
    }
}

impl Splitter<'_> {
    fn split(&mut self, the_loop: &mut Loop) -> bool {
        if the_loop.unrolled > 1 {
            return false;
        }
        the_loop.body = self.path(the_loop.body.take());
        if let End::Iteration { carried, .. } = &mut the_loop.body.end {
            // Nothing was split: one path, as before.
            the_loop.body.end = End::Yield(std::mem::take(carried));
            return false;
        }
        true
    }

    fn unroll(&mut self, the_loop: &mut Loop, number: u32) -> bool {
        let End::Yield(carried) = &the_loop.body.end else {
            return false;
        };
        // Exits count iterations one by one, so this is done once. A loop of few iterations would
        // leave the frame empty.
        if the_loop.unrolled > 1
            || matches!(the_loop.iterations, Operand::Constant(all) if all < number)
        {
            return false;
        }
        let cost = size(&the_loop.body.statements).map(|size| size * number as usize);
        if cost.is_none_or(|cost| cost > self.budget) {
            return false;
        }
        let mut whole = the_loop.body.clone();
        let mut yields = carried.clone();
        let inner: Vec<Value> = the_loop.carried.iter().map(|c| c.inner).collect();
        // What the first iteration fetches of the frame outside, the others need not.
        let is_fetched = |statement: &Statement| {
            matches!(
                statement.kind,
                StatementKind::Outer {
                    defines: Some(_),
                    ..
                }
            )
        };
        let mut rest = the_loop.body.clone();
        rest.statements.retain(|statement| !is_fetched(statement));
        for _ in 1..number {
            let Some((next, place)) = self.push_exit(the_loop, &mut whole, &yields) else {
                return false;
            };
            whole.end = End::Yield(yields);
            the_loop.end_counter = next;
            let counter = Operand::Value(next);
            whole = self.continued(
                whole,
                &inner,
                &rest,
                Some((the_loop.counter, counter)),
                place,
            );
            let End::Yield(operands) = &whole.end else {
                return false;
            };
            yields = operands.clone();
        }
        the_loop.body = whole;
        the_loop.unrolled = number;
        if !matches!(the_loop.iterations, Operand::Constant(_)) {
            the_loop.bound = Some(self.fresh(the_loop.frames, &Names::default()));
        }
        true
    }

    /// Adds an exit from the loop behind an iteration that is not empty; the counter of the
    /// iteration that follows, and the place.
    fn push_exit(
        &mut self,
        the_loop: &Loop,
        whole: &mut Block,
        carried: &[Operand],
    ) -> Option<(Value, (Span, Option<u32>))> {
        let last = whole.statements.last()?.clone();
        let mut fresh = |value| self.fresh(value, &Names::default());
        let next = fresh(the_loop.next);
        let kind = StatementKind::Exit {
            counter: the_loop.end_counter,
            next,
            last: fresh(the_loop.last),
            again: fresh(the_loop.again),
            carried: carried.to_vec(),
        };
        let place = (last.span, last.inline_call);
        whole.statements.push(Statement {
            kind,
            note: None,
            ..last
        });
        Some((next, place))
    }

    /// The block, whose paths end the iteration.
    fn path(&mut self, mut block: Block) -> Block {
        let End::Yield(carried) = std::mem::replace(&mut block.end, End::Never) else {
            return block;
        };
        let is_uneven = |statement: &Statement| {
            let branch = statement.kind.branch();
            branch.is_some_and(|branch| self.uneven.contains(&branch))
        };
        if let Some(at) = block.statements.iter().position(is_uneven) {
            let rest = block.statements.split_off(at + 1);
            let place = (block.statements[at].span, block.statements[at].inline_call);
            let branch = &mut block.statements[at].kind;
            let copies = branch.arms_mut().len();
            let cost = size(&rest).map(|size| size * copies);
            if let Some(budget) = cost.and_then(|cost| self.budget.checked_sub(cost)) {
                self.budget = budget;
                let end = End::Yield(carried);
                let rest = Block {
                    statements: rest,
                    end,
                };
                let results = branch.results_mut().map(std::mem::take).unwrap_or_default();
                for arm in branch.arms_mut() {
                    if matches!(arm.end, End::Yield(_)) {
                        let whole = self.continued(arm.take(), &results, &rest, None, place);
                        *arm = self.path(whole);
                    }
                }
                return block;
            }
            block.statements.extend(rest);
        }
        block.end = End::Iteration {
            path: self.paths,
            carried,
        };
        self.paths += 1;
        block
    }

    /// A block, and a copy of what follows, where `results` are what the block yields and another
    /// name may be given too.
    fn continued(
        &mut self,
        mut arm: Block,
        results: &[Value],
        rest: &Block,
        other: Option<(Value, Operand)>,
        (span, inline_call): (Span, Option<u32>),
    ) -> Block {
        let End::Yield(yields) = std::mem::replace(&mut arm.end, End::Never) else {
            return arm;
        };
        let mut names = Names::default();
        names.values.extend(other);
        for (result, operand) in results.iter().zip(yields) {
            if let Operand::Value(_) = operand {
                names.values.insert(*result, operand);
                continue;
            }
            // What follows may need a cell.
            let copy = self.fresh(*result, &names);
            names.values.insert(*result, Operand::Value(copy));
            arm.statements.push(Statement {
                kind: StatementKind::Relation {
                    relation: Relation::Add,
                    operands: [operand, Operand::Constant(0), Operand::Value(copy)],
                    defines: Some(copy),
                    pure: true,
                },
                span,
                inline_call,
                note: None,
            });
        }
        let mut copy = rest.clone();
        self.define(&mut copy, &mut names);
        visit_operands(&mut copy, &mut |operand| names.operand(operand));
        visit_notes(&mut copy, &mut |operand| names.operand(operand));
        arm.statements.extend(copy.statements);
        arm.end = copy.end;
        arm
    }

    fn fresh(&mut self, value: Value, names: &Names) -> Value {
        let level = self.function.value_levels[value.0 as usize];
        let level = names.levels.get(&level).copied().unwrap_or(level);
        self.function.value(level)
    }

    fn fresh_level(&self) -> u32 {
        let arrays = self.function.arrays.iter().map(|array| array.level);
        let values = self.function.value_levels.iter().copied();
        values.chain(arrays).max().unwrap_or(0) + 1
    }

    /// Renames what a block defines.
    fn define(&mut self, block: &mut Block, names: &mut Names) {
        for statement in &mut block.statements {
            let branch = statement.kind.branch();
            if let StatementKind::Array(array) = &mut statement.kind {
                let mut info = self.function.arrays[array.0 as usize];
                info.level = names.levels.get(&info.level).copied().unwrap_or(info.level);
                self.function.arrays.push(info);
                let name = Array(self.function.arrays.len() as u32 - 1);
                names.arrays.insert(*array, name);
                *array = name;
            }
            if let StatementKind::Loop(the_loop) = &mut statement.kind {
                let level = self.fresh_level();
                names.levels.insert(the_loop.level, level);
                the_loop.level = level;
            }
            for value in statement.kind.definitions_mut() {
                let name = self.fresh(*value, names);
                names.values.insert(*value, Operand::Value(name));
                *value = name;
            }
            match &mut statement.kind {
                StatementKind::Join { frame, .. } => names.value(frame),
                StatementKind::Outer { enclosing, .. } => names.value(enclosing),
                StatementKind::Exit { counter, .. } => names.value(counter),
                StatementKind::Loop(the_loop) => {
                    self.define(&mut the_loop.body, names);
                    names.value(&mut the_loop.end_counter);
                }
                StatementKind::Switch {
                    way: Way::Bits { bits, .. },
                    ..
                } => names.array(bits),
                _ => {}
            }
            if branch.is_some_and(|branch| self.uneven.contains(&branch)) {
                self.uneven.extend(statement.kind.branch());
            }
            for arm in statement.kind.arms_mut() {
                self.define(arm, names);
            }
        }
    }
}

/// The number of statements, or `None` if there is one that is not copied: a return leaves the
/// function.
fn size(statements: &[Statement]) -> Option<usize> {
    let mut sum = statements.len();
    for statement in statements {
        if let StatementKind::Loop(the_loop) = &statement.kind {
            sum += size(&the_loop.body.statements)?;
        }
        for arm in statement.kind.arms() {
            if matches!(arm.end, End::Return(_)) {
                return None;
            }
            sum += size(&arm.statements)?;
        }
    }
    Some(sum)
}
