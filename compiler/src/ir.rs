//! The intermediate representation: what elaboration gives and code generation reads. It is
//! monomorphic.
//!
//! Functions have no compile-time parameters left; inline calls, unrolled loops and decided
//! branches are gone. A value is assigned once (static single assignment); the join of a branch and
//! the iterations of a loop pass values explicitly. Control flow stays structured. Arrays of
//! constant size live in the frame: their cells are operands like values.
//!
//! A *level* is a frame at run time: that of the function, or that of one iteration of a loop.
//! After [`localise`] each statement uses operands of its own level only.

mod assertions;
mod branches;
mod budget;
mod builder;
mod calls;
mod elaborate;
mod expressions;
mod iterations;
mod join;
mod lints;
mod list;
mod localise;
mod loops;
mod notes;
mod optimise;
mod scopes;
mod statements;

pub(crate) use elaborate::elaborate;
pub(crate) use iterations::{split_iteration, unroll_loop};
pub(crate) use lints::lint;
pub(crate) use localise::localise;
pub use notes::Check;
pub(crate) use notes::Note;
pub(crate) use optimise::{allocate_chunks, optimise};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::shown_values;
use crate::source::{Span, Symbol};

/// A value assigned once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Value(pub(crate) u32);

/// An array of constant size in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Array(pub(crate) u32);

/// What a statement reads, or asserts about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Operand {
    /// A field element.
    Constant(u32),
    /// A value.
    Value(Value),
    /// The cell of an array at a constant index.
    Cell(Array, u32),
    /// The address of an array plus a constant.
    Address(Array, u32),
}

/// Addition or multiplication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Relation {
    /// left + right = result
    Add,
    /// left · right = result
    Multiply,
}

/// A variable that a loop carries.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    /// Its value before the first iteration.
    pub(crate) initial: Operand,
    /// Its value in an iteration.
    pub(crate) inner: Value,
    /// Its value after the last iteration.
    pub(crate) outer: Value,
}

/// A loop of at least one iteration.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    /// Before the first iteration: first index minus end.
    pub(crate) initial: Operand,
    /// In an iteration: index minus end; the last iteration has −1.
    pub(crate) counter: Value,
    /// The same, in the last of the iterations that share a frame.
    pub(crate) end_counter: Value,
    /// In an iteration: the counter of the next one.
    pub(crate) next: Value,
    /// In an iteration: hinted, whether it is the last.
    pub(crate) last: Value,
    /// In an iteration: hinted, whether there is a next one.
    pub(crate) again: Value,
    /// Number of iterations.
    pub(crate) iterations: Operand,
    /// Outside: the cells of all iterations, if their number is not constant.
    pub(crate) cells: Value,
    /// Outside: these and those that follow the last iteration.
    pub(crate) total: Value,
    /// Outside: address of the first iteration's frame, if it is allocated.
    pub(crate) frames: Value,
    /// In an iteration: the frame of the level outside.
    pub(crate) enclosing: Value,
    /// The variables carried.
    pub(crate) carried: Vec<Carried>,
    /// An iteration, or the iterations that share a frame; it yields the carried variables for the
    /// next.
    pub(crate) body: Block,
    /// How many iterations share a frame.
    pub(crate) unrolled: u32,
    /// Outside, if they do and their number is not constant: as many cells, which no negative
    /// number of iterations gets.
    pub(crate) bound: Option<Value>,
    /// Level of the body.
    pub(crate) level: u32,
}

/// The operation of an instruction of the machine that no other kind of statement stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    /// SPEC §4 opcode.
    pub(crate) opcode: u32,
    /// Flag bits of the word.
    pub(crate) flags: u32,
    /// Its immediate.
    pub(crate) immediate: u32,
}

/// The kinds of hint that code uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HintKind {
    /// Fresh cells, aligned to 1 or 8.
    Allocate(u32),
    /// Private input.
    Witness(String),
    /// Bits of a value.
    Bits(u32),
    /// Inverse, written to a cell.
    Inverse,
    /// Whether two values are equal, written to a cell.
    Equal,
    /// An argument of `print`: a string, or the operand.
    Print {
        /// The string.
        text: Option<Symbol>,
        /// Whether it is the last of its statement.
        last: bool,
    },
}

/// How a branch to one of many arms finds its arm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// By a jump into a table of jumps.
    Table {
        /// The number of the arm, checked to be below the number of arms.
        selector: Operand,
        /// The address of the jump.
        destination: Value,
    },
    /// By jumps on hinted bits. The arms themselves assert what they rely on.
    Bits {
        /// The bits of a value, most significant first.
        bits: Array,
        /// The value of the first arm.
        first: u32,
    },
}

/// Which branch: what it jumps by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Branch {
    /// A hinted bit, or an address.
    Value(Value),
    /// Hinted bits.
    Bits(Array),
}

/// What a statement does.
#[derive(Clone, Debug)]
pub(crate) enum StatementKind {
    /// left op right = result.
    Relation {
        /// Which.
        relation: Relation,
        /// left, right, result.
        operands: [Operand; 3],
        /// The value that it defines, one of the operands.
        defines: Option<Value>,
        /// Whether it may be dropped when that value is not used.
        pure: bool,
    },
    /// Two operands are equal; either may be undefined.
    Equal(Operand, Operand),
    /// As `Equal` of two cells of this frame, by a pointer to the frame.
    Join {
        /// The address of the frame.
        frame: Value,
        /// A cell.
        left: Operand,
        /// Another.
        right: Operand,
        /// The value that it defines.
        defines: Option<Value>,
    },
    /// The address of the frame of this level.
    FrameAddress(Value),
    /// m[pointer + offset] = value.
    Dereference {
        /// A cell.
        pointer: Operand,
        /// A constant.
        offset: u32,
        /// The value.
        value: Operand,
        /// The value that it defines.
        defines: Option<Value>,
    },
    /// An equality with an operand of the level outside.
    Outer {
        /// An operand here.
        inner: Operand,
        /// The operand there that is equal to it.
        outer: Operand,
        /// The frame there.
        enclosing: Value,
        /// The value that it defines.
        defines: Option<Value>,
    },
    /// An array comes into being.
    Array(Array),
    /// A hint.
    Hint {
        /// Which.
        kind: HintKind,
        /// Its operands.
        operands: Vec<Operand>,
        /// The cell that it defines, its first operand.
        defines: Option<Value>,
    },
    /// An instruction of the machine.
    Machine(Machine, Vec<Operand>),
    /// A call.
    Call {
        /// The function.
        function: usize,
        /// Its arguments.
        arguments: Vec<Operand>,
        /// Its results.
        results: Vec<Value>,
        /// The frame, if it is allocated.
        frame: Value,
    },
    /// A branch on left = right. The arms themselves assert what they rely on, since the jump is on
    /// a hint.
    If {
        /// One side.
        left: Operand,
        /// The other.
        right: Operand,
        /// Hinted: whether they are equal.
        same: Value,
        /// Where they are equal, which it asserts.
        equal: Block,
        /// Where they are not, which it asserts.
        otherwise: Block,
        /// What the arms yield.
        results: Vec<Value>,
    },
    /// A branch to one of the arms.
    Switch {
        /// How the arm is found.
        way: Way,
        /// The arms.
        arms: Vec<Block>,
        /// What the arms yield.
        results: Vec<Value>,
    },
    /// A loop.
    Loop(Box<Loop>),
    /// Between two iterations that share a frame: the loop may end here.
    Exit {
        /// The counter of the iteration before.
        counter: Value,
        /// That of the iteration that follows.
        next: Value,
        /// Hinted, whether there is none.
        last: Value,
        /// Hinted, whether there is one.
        again: Value,
        /// The carried variables for the iteration that follows.
        carried: Vec<Operand>,
    },
}

/// A call of an `@inline` function whose body stands in another function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineCall {
    /// The function called.
    pub function: Symbol,
    /// The call.
    pub span: Span,
    /// The inline call, if any, in whose body this one stands.
    pub within: Option<u32>,
}

impl StatementKind {
    /// The branch that it is.
    pub(crate) fn branch(&self) -> Option<Branch> {
        match self {
            Self::If { same, .. } => Some(Branch::Value(*same)),
            Self::Switch { way, .. } => Some(match way {
                Way::Table { destination, .. } => Branch::Value(*destination),
                Way::Bits { bits, .. } => Branch::Bits(*bits),
            }),
            _ => None,
        }
    }

    /// The arms of a branch.
    pub(crate) fn arms(&self) -> Vec<&Block> {
        match self {
            Self::If {
                equal, otherwise, ..
            } => vec![equal, otherwise],
            Self::Switch { arms, .. } => arms.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The arms of a branch.
    pub(crate) fn arms_mut(&mut self) -> Vec<&mut Block> {
        match self {
            Self::If {
                equal, otherwise, ..
            } => vec![equal, otherwise],
            Self::Switch { arms, .. } => arms.iter_mut().collect(),
            _ => Vec::new(),
        }
    }

    /// What the arms of a branch yield.
    fn results_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self {
            Self::If { results, .. } | Self::Switch { results, .. } => Some(results),
            _ => None,
        }
    }

    /// The values that it defines, but for those that its blocks define.
    fn definitions_mut(&mut self) -> Vec<&mut Value> {
        match self {
            Self::Relation { defines, .. }
            | Self::Join { defines, .. }
            | Self::Dereference { defines, .. }
            | Self::Outer { defines, .. }
            | Self::Hint { defines, .. } => defines.iter_mut().collect(),
            Self::FrameAddress(value) => vec![value],
            Self::Call { results, frame, .. } => results.iter_mut().chain([frame]).collect(),
            Self::If { same, results, .. } => results.iter_mut().chain([same]).collect(),
            Self::Switch { way, results, .. } => {
                let mut values: Vec<&mut Value> = results.iter_mut().collect();
                if let Way::Table { destination, .. } = way {
                    values.push(destination);
                }
                values
            }
            Self::Exit {
                next, last, again, ..
            } => vec![next, last, again],
            Self::Loop(the_loop) => {
                let carried = the_loop.carried.iter_mut();
                carried
                    .flat_map(|carried| [&mut carried.inner, &mut carried.outer])
                    .chain([
                        &mut the_loop.counter,
                        &mut the_loop.next,
                        &mut the_loop.last,
                        &mut the_loop.again,
                        &mut the_loop.cells,
                        &mut the_loop.total,
                        &mut the_loop.frames,
                        &mut the_loop.enclosing,
                    ])
                    .chain(the_loop.bound.as_mut())
                    .collect()
            }
            Self::Equal(..) | Self::Machine(..) | Self::Array(_) => Vec::new(),
        }
    }

    /// Whether it may leave the function.
    pub(crate) fn may_return(&self) -> bool {
        let leaves = |block: &Block| {
            matches!(block.end, End::Return(_))
                || block
                    .statements
                    .iter()
                    .any(|statement| statement.kind.may_return())
        };
        match self {
            Self::If {
                equal, otherwise, ..
            } => leaves(equal) || leaves(otherwise),
            Self::Switch { arms, .. } => arms.iter().any(leaves),
            _ => false,
        }
    }
}

/// A statement and where its text stands.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// What it does.
    pub(crate) kind: StatementKind,
    /// The text.
    pub(crate) span: Span,
    /// The inline call in whose body it stands.
    pub(crate) inline_call: Option<u32>,
    /// The assertion that it belongs to.
    pub(crate) note: Option<Arc<Note>>,
}

/// How a block ends.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// It goes on after the construct that it is part of, with these values.
    Yield(Vec<Operand>),
    /// It ends the iteration of the loop that it is part of, with the carried variables of the
    /// next.
    Iteration {
        /// Which of the paths through the iteration.
        path: u32,
        /// The variables.
        carried: Vec<Operand>,
    },
    /// It leaves the function.
    Return(Vec<Operand>),
    /// No execution gets here.
    Never,
}

/// Statements and an end.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// In order.
    pub(crate) statements: Vec<Statement>,
    /// The end.
    pub(crate) end: End,
}

impl Block {
    /// Takes it away.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(
            self,
            Self {
                statements: Vec::new(),
                end: End::Never,
            },
        )
    }

    /// Whether a path through the block ends an iteration.
    pub(crate) fn ends_iteration(&self) -> bool {
        matches!(self.end, End::Iteration { .. })
            || self
                .statements
                .last()
                .is_some_and(|last| last.kind.arms().into_iter().any(Self::ends_iteration))
    }

    /// Whether the block reads a frame outside by its address, a value of the level of the block.
    pub(crate) fn looks_out(&self, enclosing: Value) -> bool {
        self.statements
            .iter()
            .any(|statement| match &statement.kind {
                StatementKind::Outer { enclosing: at, .. } => *at == enclosing,
                StatementKind::If {
                    equal, otherwise, ..
                } => equal.looks_out(enclosing) || otherwise.looks_out(enclosing),
                StatementKind::Switch { arms, .. } => {
                    arms.iter().any(|arm| arm.looks_out(enclosing))
                }
                _ => false,
            })
    }
}

/// An array in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArrayInfo {
    /// Number of cells.
    pub(crate) size: u32,
    /// Level of the frame.
    pub(crate) level: u32,
}

/// The name of an instance of a function: `f`, or `f(n = 5)`.
pub(crate) fn instance_name(name: &Symbol, constants: &[(Symbol, u32)]) -> String {
    if constants.is_empty() {
        return name.to_string();
    }
    format!("{name}({})", shown_values(constants))
}

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: Symbol,
    /// Its `Const` parameters and their values.
    pub(crate) constants: Vec<(Symbol, u32)>,
    /// Its header.
    pub(crate) span: Span,
    /// Its parameters.
    pub(crate) parameters: Vec<Value>,
    /// Number of results.
    pub(crate) results: usize,
    /// Its body.
    pub(crate) body: Block,
    /// The level of each value.
    pub(crate) value_levels: Vec<u32>,
    /// The arrays.
    pub(crate) arrays: Vec<ArrayInfo>,
}

impl Function {
    /// A fresh value of a level.
    pub(crate) fn value(&mut self, level: u32) -> Value {
        self.value_levels.push(level);
        Value(self.value_levels.len() as u32 - 1)
    }
}

/// A program; the first function is `main`.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The functions.
    pub(crate) functions: Vec<Function>,
    /// The inline calls of all functions.
    pub(crate) inline_calls: Vec<InlineCall>,
    /// The calls of hints in the text.
    pub(crate) hint_calls: BTreeSet<Span>,
}
