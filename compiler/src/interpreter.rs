//! The reference interpreter: what a program means, on its syntax tree.
//!
//! It is plain and slow. `@inline`, `Const`, `unroll`, `parallel_range`, `dynamic_unroll` and
//! `match_range` are calls and loops; what is known at compile time is not told apart from the
//! rest. An array is an allocation in write-once memory with the equality classes of SPEC §5.
//! Compiled code agrees with it in outcome, prints and memory by allocation; addresses differ.

mod builtins;
mod evaluate;
mod execute;
mod failure;
mod field;
mod memory;
mod runs;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use failure::Failure;

use crate::check::CheckedProgram;
use crate::prints::Line;
use crate::source::{Span, Symbol};

/// The permutations behind the hash instructions, on canonical elements.
pub trait Hasher: Sync {
    /// Poseidon2 of width 16.
    fn permute_16(&self, state: &mut [u32; 16]);
    /// Poseidon2 of width 24.
    fn permute_24(&self, state: &mut [u32; 24]);
}

/// What a program is run on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The public input.
    pub public: Vec<u32>,
    /// The lists of each name, in the order of their use.
    pub private: BTreeMap<String, Vec<Vec<u32>>>,
}

/// A failure with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind.
    pub failure: Failure,
    /// The statement or expression.
    pub span: Span,
    /// The message of an assertion.
    pub message: Option<Symbol>,
    /// The functions that are active, the innermost first, each with its call; that of `main` is
    /// its header.
    pub calls: Vec<(Symbol, Span)>,
}

/// An array of the program, as it is at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The call of `Array`.
    pub span: Span,
    /// Where this interpreter placed it.
    pub address: u32,
    /// The number of cells.
    pub size: u32,
    /// The value of each defined cell, by its index.
    pub cells: BTreeMap<u32, u32>,
}

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Whether `main` returned.
    pub outcome: Result<(), Stop>,
    /// What was printed, in order.
    pub lines: Vec<Line>,
    /// Whether a cell was touched that is neither public input nor of an array. What it holds in a
    /// compiled program is not defined by the language.
    pub outside: bool,
    /// The arrays, in the order of allocation.
    pub allocations: Vec<Allocation>,
    /// How many lists of each name of the private input were taken, or asked for.
    pub asked: BTreeMap<String, usize>,
}

impl Run {
    /// The printed values, in order.
    #[must_use]
    pub fn prints(&self) -> Vec<u32> {
        self.lines.iter().flat_map(Line::values).collect()
    }
}

/// A bound on steps that ordinary programs do not meet.
pub const DEFAULT_STEPS: u64 = 1 << 24;

/// The stack of the thread that interprets; [`execute::MAX_DEPTH`] nested blocks and expressions
/// fit.
const STACK_BYTES: usize = 512 << 20;

/// The cells between two arrays, so that an index past the end of one does not meet the next.
pub const DEFAULT_GAP: u64 = 8;

/// Runs a program.
///
/// # Panics
/// If no thread can be started.
#[must_use]
pub fn interpret(
    program: &CheckedProgram,
    input: &Input,
    hasher: &dyn Hasher,
    max_steps: u64,
) -> Run {
    interpret_with_gap(program, input, hasher, max_steps, DEFAULT_GAP)
}

/// Runs a program with at least `gap` cells between two arrays. A run that depends on it depends on
/// addresses.
///
/// # Panics
/// If no thread can be started.
#[must_use]
pub fn interpret_with_gap(
    program: &CheckedProgram,
    input: &Input,
    hasher: &dyn Hasher,
    max_steps: u64,
    gap: u64,
) -> Run {
    let gap = gap.min(memory::CELL_CAP);
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || {
                execute::run(program, input, hasher, max_steps, gap)
            })
            .expect("a thread starts")
            .join()
            .expect("the interpreter does not panic")
    })
}
