//! Levels: after this pass a statement of a loop's iteration uses operands of that iteration only.
//!
//! What an iteration needs of the level outside is fetched where it is first needed. Copies of cells that may be undefined become
//! joins, since an addition needs all but one of its operands.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::builder::add_mod;
use super::optimise::visit_operands;
use super::{
    Block, Carried, End, Function, HintKind, Loop, Note, Operand, Relation, Statement,
    StatementKind, Value, Way, instance_name,
};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

#[derive(Default)]
struct Scope {
    statements: Vec<Statement>,
    fetched: HashMap<Operand, Value>,
    defined: HashSet<Operand>,
    frame: Option<Value>,
}

struct Context {
    level: u32,
    enclosing: Option<Value>,
    scopes: Vec<Scope>,
}

/// Greatest number of statements of a function whose operands are local.
const MAX_STATEMENTS: usize = 1 << 20;

struct Localiser<'a> {
    function: &'a mut Function,
    /// Statements that may still be made.
    left: usize,
    contexts: Vec<Context>,
    span: Span,
    inline_call: Option<u32>,
    note: Option<Arc<Note>>,
}

/// Makes the operands of each statement local to its level.
///
/// # Errors
///
/// Loops within each other fetch more from the levels outside than a program may have.
pub(crate) fn localise(function: &mut Function) -> Result<(), Diagnostic> {
    let body = function.body.take();
    let span = function.span;
    let mut localiser = Localiser {
        function,
        left: MAX_STATEMENTS,
        contexts: vec![Context {
            level: 0,
            enclosing: None,
            scopes: Vec::new(),
        }],
        span,
        inline_call: None,
        note: None,
    };
    let (body, _) = localiser.block(body);
    let left = localiser.left;
    function.body = body;
    if left > 0 {
        return Ok(());
    }
    Err(Diagnostic::new(
        Code::ProgramTooLarge,
        span,
        format!(
            "the program grows too large; it ends in `{}`, whose loops within each other use too many variables from outside",
            instance_name(&function.name, &function.constants)
        ),
        "keep them in an `Array`, or nest fewer loops",
    ))
}

impl Localiser<'_> {
    fn here(&self) -> usize {
        self.contexts.len() - 1
    }

    fn push(&mut self, depth: usize, kind: StatementKind) {
        let (span, inline_call) = (self.span, self.inline_call);
        // What is made beyond the limit is not looked at.
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        self.left = left;
        let note = self.note.as_ref().filter(|_| depth == self.here());
        let note = note.map(|note| self.local_note(depth, note));
        if let Some(scope) = self.contexts[depth].scopes.last_mut() {
            scope.statements.push(Statement {
                kind,
                span,
                inline_call,
                note,
            });
        }
    }

    /// A note with the operands that the level has: nothing is fetched for it.
    fn local_note(&self, depth: usize, note: &Arc<Note>) -> Arc<Note> {
        let level = self.contexts[depth].level;
        let local = |operand: Operand| {
            if self.level(operand).is_none_or(|at| at == level) {
                return Some(operand);
            }
            let mut scopes = self.contexts[depth].scopes.iter();
            let fetched = scopes.find_map(|scope| scope.fetched.get(&operand));
            fetched.copied().map(Operand::Value)
        };
        if note
            .values
            .iter()
            .all(|(_, operand, _)| local(*operand) == Some(*operand))
        {
            return Arc::clone(note);
        }
        let values = note.values.iter();
        let values =
            values.filter_map(|(span, operand, plus)| Some((*span, local(*operand)?, *plus)));
        Arc::new(Note {
            values: values.collect(),
            ..Note::clone(note)
        })
    }

    fn level(&self, operand: Operand) -> Option<u32> {
        match operand {
            Operand::Constant(_) => None,
            Operand::Value(value) => Some(self.function.value_levels[value.0 as usize]),
            Operand::Cell(array, _) | Operand::Address(array, _) => {
                Some(self.function.arrays[array.0 as usize].level)
            }
        }
    }

    fn is_defined(&self, depth: usize, operand: Operand) -> bool {
        matches!(operand, Operand::Constant(_) | Operand::Address(..))
            || self.contexts[depth]
                .scopes
                .iter()
                .any(|scope| scope.defined.contains(&operand))
    }

    fn define(&mut self, operand: Operand) {
        let depth = self.here();
        if let Some(scope) = self.contexts[depth].scopes.last_mut() {
            scope.defined.insert(operand);
        }
    }

    /// The operand in the frame of a context.
    fn local(&mut self, depth: usize, operand: Operand) -> Operand {
        let level = self.contexts[depth].level;
        if self.level(operand).is_none_or(|at| at == level) || depth == 0 {
            return operand;
        }
        let fetched = self.contexts[depth]
            .scopes
            .iter()
            .find_map(|scope| scope.fetched.get(&operand));
        if let Some(value) = fetched {
            return Operand::Value(*value);
        }
        let outer = self.local(depth - 1, operand);
        let value = self.function.value(level);
        let enclosing = self.contexts[depth].enclosing.unwrap_or(value);
        self.push(
            depth,
            StatementKind::Outer {
                inner: Operand::Value(value),
                outer,
                enclosing,
                defines: Some(value),
            },
        );
        let defined = self.is_defined(depth - 1, outer);
        if let Some(scope) = self.contexts[depth].scopes.last_mut() {
            scope.fetched.insert(operand, value);
            if defined {
                scope.defined.insert(Operand::Value(value));
            }
        }
        Operand::Value(value)
    }

    fn operand(&mut self, operand: &mut Operand) {
        *operand = self.local(self.here(), *operand);
    }

    fn frame(&mut self) -> Value {
        let depth = self.here();
        let known = self.contexts[depth]
            .scopes
            .iter()
            .find_map(|scope| scope.frame);
        known.unwrap_or_else(|| {
            let level = self.contexts[depth].level;
            let frame = self.function.value(level);
            self.push(depth, StatementKind::FrameAddress(frame));
            if let Some(scope) = self.contexts[depth].scopes.last_mut() {
                scope.frame = Some(frame);
            }
            frame
        })
    }

    /// An operand that can be copied: itself if it is defined, or a cell joined with it.
    fn copyable(&mut self, operand: &mut Operand, fresh: &HashSet<Value>) {
        self.operand(operand);
        let coalesces = matches!(operand, Operand::Value(value) if fresh.contains(value));
        if self.is_defined(self.here(), *operand) || coalesces {
            return;
        }
        let frame = self.frame();
        let level = self.contexts[self.here()].level;
        let value = self.function.value(level);
        self.push(
            self.here(),
            StatementKind::Join {
                frame,
                left: *operand,
                right: Operand::Value(value),
                defines: Some(value),
            },
        );
        *operand = Operand::Value(value);
    }

    fn block(&mut self, block: Block) -> (Block, Vec<bool>) {
        let depth = self.here();
        let around = (self.span, self.inline_call);
        self.contexts[depth].scopes.push(Scope::default());
        // Values loaded in this block and not passed on yet: these can be loaded right where they are needed.
        let mut fresh = HashSet::new();
        for statement in block.statements {
            self.span = statement.span;
            self.inline_call = statement.inline_call;
            self.note = statement.note;
            self.statement(statement.kind, &mut fresh);
        }
        self.note = None;
        let mut end = block.end;
        let mut defined = Vec::new();
        if let End::Yield(operands) | End::Return(operands) = &mut end {
            for operand in operands {
                self.copyable(operand, &fresh);
                if let Operand::Value(value) = operand {
                    fresh.remove(value);
                }
                defined.push(self.is_defined(depth, *operand));
            }
        }
        // What the construct around the block adds stands where that construct does.
        (self.span, self.inline_call) = around;
        let scope = self.contexts[depth].scopes.pop().unwrap_or_default();
        (
            Block {
                statements: scope.statements,
                end,
            },
            defined,
        )
    }

    fn arms(&mut self, arms: Vec<Block>, results: &[Value]) -> Vec<Block> {
        let mut all = vec![true; results.len()];
        let mut blocks = Vec::new();
        for arm in arms {
            let (block, defined) = self.block(arm);
            if matches!(block.end, End::Yield(_)) {
                for (all, defined) in all.iter_mut().zip(defined) {
                    *all &= defined;
                }
            }
            blocks.push(block);
        }
        for (result, defined) in results.iter().zip(all) {
            if defined {
                self.define(Operand::Value(*result));
            }
        }
        blocks
    }

    fn equal(&mut self, a: Operand, b: Operand) {
        let depth = self.here();
        let level = self.contexts[depth].level;
        for (cell, other) in [(a, b), (b, a)] {
            if let Operand::Cell(array, _) = cell
                && self.function.arrays[array.0 as usize].level != level
                && let Some(enclosing) = self.contexts[depth].enclosing
            {
                // A store into an array outside: straight through the frame there.
                let inner = self.local(depth, other);
                let outer = self.local(depth - 1, cell);
                return self.push(
                    depth,
                    StatementKind::Outer {
                        inner,
                        outer,
                        enclosing,
                        defines: None,
                    },
                );
            }
        }
        let (left, right) = (self.local(depth, a), self.local(depth, b));
        if left == right {
            return;
        }
        if self.is_defined(depth, left) || self.is_defined(depth, right) {
            self.push(depth, StatementKind::Equal(left, right));
            self.define(left);
            self.define(right);
            return;
        }
        let frame = self.frame();
        self.push(
            depth,
            StatementKind::Join {
                frame,
                left,
                right,
                defines: None,
            },
        );
    }

    /// A value of the level outside that an iteration only adds to its counter, as in `a[i]`: the sum is carried and grows by 1,
    /// instead of being made from its parts in each iteration.
    fn reduce(&mut self, the_loop: &mut Loop) {
        let mut uses: HashMap<Operand, u32> = HashMap::new();
        visit_operands(&mut the_loop.body, &mut |operand| {
            *uses.entry(*operand).or_default() += 1;
        });
        if !matches!(the_loop.body.end, End::Yield(_)) {
            return;
        }
        let counter = Operand::Value(the_loop.counter);
        let quiet = quiet(&the_loop.body);
        let mut fetched: HashMap<Operand, (usize, Operand)> = HashMap::new();
        let mut dropped = HashSet::new();
        let mut sums = Vec::new();
        for (at, statement) in the_loop.body.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Outer {
                    inner,
                    outer,
                    defines: Some(_),
                    ..
                } if uses.get(inner) == Some(&2) => {
                    fetched.insert(*inner, (at, *outer));
                }
                StatementKind::Relation {
                    relation: Relation::Add,
                    operands: [left, right, _],
                    defines: Some(sum),
                    pure: true,
                } => {
                    let other = if *left == counter {
                        *right
                    } else if *right == counter {
                        *left
                    } else {
                        continue;
                    };
                    if let Some((from, outer)) = fetched.remove(&other)
                        && (at < quiet || self.is_defined(self.here(), outer))
                    {
                        dropped.extend([from, at]);
                        sums.push((*sum, outer));
                    }
                }
                _ => {}
            }
        }
        let mut at = 0;
        the_loop.body.statements.retain(|_| {
            at += 1;
            !dropped.contains(&(at - 1))
        });
        for (sum, outer) in sums {
            self.carry_sum(the_loop, sum, outer);
        }
    }

    fn carry_sum(&mut self, the_loop: &mut Loop, sum: Value, outer: Operand) {
        let depth = self.here();
        let initial = match (outer, the_loop.initial) {
            (Operand::Address(array, offset), Operand::Constant(first)) => {
                Operand::Address(array, add_mod(offset, first))
            }
            _ => {
                let level = self.contexts[depth].level;
                let initial = Operand::Value(self.function.value(level));
                self.relation(depth, [outer, the_loop.initial, initial], initial);
                initial
            }
        };
        let next = Operand::Value(self.function.value(the_loop.level));
        let (span, inline_call) = (self.span, self.inline_call);
        the_loop.body.statements.push(Statement {
            kind: addition([Operand::Value(sum), Operand::Constant(1), next], next),
            span,
            inline_call,
            note: None,
        });
        if let End::Yield(yields) = &mut the_loop.body.end {
            yields.push(next);
        }
        let after = self.function.value(self.contexts[depth].level);
        the_loop.carried.push(Carried {
            initial,
            inner: sum,
            outer: after,
        });
    }

    fn relation(&mut self, depth: usize, operands: [Operand; 3], defines: Operand) {
        self.push(depth, addition(operands, defines));
        for operand in operands {
            self.define(operand);
        }
    }

    /// Where the number of iterations is constant and all that an iteration needs of the level outside are values that are defined
    /// before the loop, or that an iteration needs before it can have defined them, these are carried from iteration to iteration: then no
    /// iteration needs the address of the frame outside.
    fn carry(&mut self, the_loop: &mut Loop) {
        let needed: HashSet<Operand> = the_loop
            .body
            .statements
            .iter()
            .take(quiet(&the_loop.body) + 1)
            .flat_map(|statement| needs(&statement.kind))
            .collect();
        let depth = self.here();
        let mut found = Vec::new();
        for statement in &the_loop.body.statements {
            match &statement.kind {
                StatementKind::Outer {
                    inner,
                    outer,
                    enclosing,
                    defines,
                } if *enclosing == the_loop.enclosing => match defines {
                    Some(value) if self.is_defined(depth, *outer) || needed.contains(inner) => {
                        found.push((*value, *outer));
                    }
                    _ => return,
                },
                StatementKind::If {
                    equal, otherwise, ..
                } if equal.looks_out(the_loop.enclosing)
                    || otherwise.looks_out(the_loop.enclosing) =>
                {
                    return;
                }
                StatementKind::Switch { arms, .. }
                    if arms.iter().any(|arm| arm.looks_out(the_loop.enclosing)) =>
                {
                    return;
                }
                _ => {}
            }
        }
        let End::Yield(yields) = &mut the_loop.body.end else {
            return;
        };
        if !matches!(the_loop.iterations, Operand::Constant(_)) {
            return;
        }
        for (value, outer) in found {
            yields.push(Operand::Value(value));
            let after = self.function.value(self.contexts[depth].level);
            the_loop.carried.push(Carried {
                initial: outer,
                inner: value,
                outer: after,
            });
        }
        let enclosing = the_loop.enclosing;
        the_loop.body.statements.retain(|statement| {
            !matches!(&statement.kind, StatementKind::Outer { enclosing: at, .. } if *at == enclosing)
        });
    }

    fn statement(&mut self, mut kind: StatementKind, fresh: &mut HashSet<Value>) {
        let depth = self.here();
        let mut defines = Vec::new();
        match &mut kind {
            StatementKind::Relation { operands, .. } => {
                for operand in operands {
                    self.operand(operand);
                    defines.push(*operand);
                }
            }
            StatementKind::Equal(a, b) => {
                let level = self.contexts[depth].level;
                let store = matches!((*a, *b), (Operand::Cell(array, _), Operand::Value(value))
                    if fresh.remove(&value)
                        && self.function.arrays[array.0 as usize].level == level);
                if store {
                    return self.push(depth, kind);
                }
                return self.equal(*a, *b);
            }
            StatementKind::Dereference {
                pointer,
                value,
                defines: loaded,
                ..
            } => {
                self.operand(pointer);
                self.operand(value);
                defines.push(*pointer);
                if let Some(loaded) = loaded {
                    fresh.insert(*loaded);
                }
            }
            StatementKind::Hint { operands, .. } | StatementKind::Machine(_, operands) => {
                for operand in operands {
                    self.operand(operand);
                    defines.push(*operand);
                }
            }
            StatementKind::Call {
                arguments,
                results,
                frame: _,
                ..
            } => {
                for argument in arguments {
                    self.copyable(argument, fresh);
                    if let Operand::Value(value) = argument {
                        fresh.remove(value);
                    }
                }
                let _ = results;
            }
            StatementKind::If {
                left,
                right,
                equal,
                otherwise,
                results,
                ..
            } => {
                for side in [left, right] {
                    self.operand(side);
                    self.define(*side);
                }
                let arms = vec![equal.take(), otherwise.take()];
                let mut arms = self.arms(arms, results).into_iter();
                if let (Some(first), Some(second)) = (arms.next(), arms.next()) {
                    (*equal, *otherwise) = (first, second);
                }
            }
            StatementKind::Switch { way, arms, results } => {
                if let Way::Table { selector, .. } = way {
                    self.operand(selector);
                    self.define(*selector);
                }
                *arms = self.arms(std::mem::take(arms), results);
            }
            StatementKind::Loop(the_loop) => {
                self.operand(&mut the_loop.initial);
                self.operand(&mut the_loop.iterations);
                for carried in &mut the_loop.carried {
                    self.copyable(&mut carried.initial, fresh);
                    if let Operand::Value(value) = carried.initial {
                        fresh.remove(&value);
                    }
                    defines.push(Operand::Value(carried.outer));
                }
                let mut scope = Scope::default();
                scope.defined.insert(Operand::Value(the_loop.counter));
                for carried in &the_loop.carried {
                    scope.defined.insert(Operand::Value(carried.inner));
                }
                self.contexts.push(Context {
                    level: the_loop.level,
                    enclosing: Some(the_loop.enclosing),
                    scopes: vec![scope],
                });
                let (body, _) = self.block(the_loop.body.take());
                the_loop.body = body;
                self.contexts.pop();
                self.reduce(the_loop);
                self.carry(the_loop);
            }
            StatementKind::Join { .. }
            | StatementKind::FrameAddress(_)
            | StatementKind::Outer { .. }
            | StatementKind::Exit { .. }
            | StatementKind::Array(_) => {}
        }
        self.push(depth, kind);
        for operand in defines {
            self.define(operand);
        }
    }
}

fn addition(operands: [Operand; 3], defines: Operand) -> StatementKind {
    StatementKind::Relation {
        relation: Relation::Add,
        operands,
        defines: match defines {
            Operand::Value(value) => Some(value),
            _ => None,
        },
        pure: true,
    }
}

/// The number of statements of a block before the first that may define a cell other than that of its own result.
fn quiet(block: &Block) -> usize {
    block
        .statements
        .iter()
        .position(|statement| {
            !matches!(
                &statement.kind,
                StatementKind::Relation {
                    defines: Some(_),
                    pure: true,
                    ..
                } | StatementKind::Outer {
                    defines: Some(_),
                    ..
                } | StatementKind::Hint {
                    defines: Some(_),
                    ..
                } | StatementKind::Hint {
                    kind: HintKind::Print { .. },
                    ..
                } | StatementKind::FrameAddress(_)
                    | StatementKind::Array(_)
            )
        })
        .unwrap_or(block.statements.len())
}

/// The operands that a statement itself needs to be defined, whatever path is taken.
fn needs(kind: &StatementKind) -> Vec<Operand> {
    match kind {
        StatementKind::Relation { operands, .. } => operands.to_vec(),
        StatementKind::Dereference { pointer, .. } => vec![*pointer],
        StatementKind::Machine(_, operands) => operands.clone(),
        StatementKind::If { left, right, .. } => vec![*left, *right],
        _ => Vec::new(),
    }
}
