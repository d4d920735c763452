//! Levels: after this pass a statement of a loop's iteration uses operands of that iteration only.
//!
//! What an iteration needs of the level outside is fetched where it is first needed. Copies of
//! cells that may be undefined become joins, since an addition needs all but one of its operands.

mod carried;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{
    Block, End, Function, Loop, Note, Operand, Statement, StatementKind, Value, Way, instance_name,
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
        // Values loaded in this block and not passed on yet: these can be loaded right where they
        // are needed.
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
                self.passed_on(operand, &mut fresh);
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

    fn statement(&mut self, mut kind: StatementKind, fresh: &mut HashSet<Value>) {
        let depth = self.here();
        if let StatementKind::Equal(a, b) = kind {
            let level = self.contexts[depth].level;
            let store = matches!((a, b), (Operand::Cell(array, _), Operand::Value(value))
                if fresh.remove(&value)
                    && self.function.arrays[array.0 as usize].level == level);
            match store {
                true => self.push(depth, kind),
                false => self.equal(a, b),
            }
            return;
        }
        let defines = self.operands(&mut kind, fresh);
        self.push(depth, kind);
        for operand in defines {
            self.define(operand);
        }
    }

    /// Makes the operands of a statement and of its blocks local; those that are defined behind it.
    fn operands(&mut self, kind: &mut StatementKind, fresh: &mut HashSet<Value>) -> Vec<Operand> {
        let mut defines = Vec::new();
        match kind {
            StatementKind::Relation { operands, .. } => self.each(operands, &mut defines),
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
                self.each(operands, &mut defines);
            }
            StatementKind::Call { arguments, .. } => {
                for argument in arguments {
                    self.passed_on(argument, fresh);
                }
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
                self.iterations(the_loop, fresh);
                let carried = the_loop.carried.iter();
                defines.extend(carried.map(|carried| Operand::Value(carried.outer)));
            }
            StatementKind::Equal(..)
            | StatementKind::Join { .. }
            | StatementKind::FrameAddress(_)
            | StatementKind::Outer { .. }
            | StatementKind::Exit { .. }
            | StatementKind::Array(_) => {}
        }
        defines
    }

    /// Operands that are defined behind the statement.
    fn each(&mut self, operands: &mut [Operand], defines: &mut Vec<Operand>) {
        for operand in operands {
            self.operand(operand);
            defines.push(*operand);
        }
    }

    /// An operand whose value goes to another place.
    fn passed_on(&mut self, operand: &mut Operand, fresh: &mut HashSet<Value>) {
        self.copyable(operand, fresh);
        if let Operand::Value(value) = operand {
            fresh.remove(value);
        }
    }

    fn iterations(&mut self, the_loop: &mut Loop, fresh: &mut HashSet<Value>) {
        self.operand(&mut the_loop.initial);
        self.operand(&mut the_loop.iterations);
        for carried in &mut the_loop.carried {
            self.passed_on(&mut carried.initial, fresh);
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
}
