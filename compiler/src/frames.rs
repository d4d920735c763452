//! Frames: decides what each function has where in memory, and changes functions so that their
//! frames leave few cells unused.
//!
//! A function is laid out after those that it calls, since their frames may lie in its own. Where
//! the layout leaves cells unused, the function is changed and laid out again: arrays of chunks are
//! allocated elsewhere, uneven iterations are split, padded ones share a frame. Code generation
//! reads the result and changes nothing.

mod layout;
#[cfg(test)]
mod tests;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Block, Function, Program, StatementKind, allocate_chunks, instance_name, split_iteration,
    unroll_loop,
};

pub(crate) use layout::{Frame, Layout};

/// Greatest frame; that of `main` is capped by SPEC §4.
const MAX_FRAME: u32 = 1 << 22;

/// Greatest number of values in functions that are laid out once more for the sake of a loop.
const MAX_WORK: usize = 1 << 20;

/// The layouts of the functions of a program, which are changed where that saves cells.
///
/// # Errors
///
/// A frame that is too large.
pub(crate) fn decide(program: &mut Program) -> Result<Vec<Layout>, Diagnostic> {
    let layouts = layouts(program);
    let is_too_large = |layout: &Layout| layout.frames.values().any(|frame| frame.size > MAX_FRAME);
    match layouts.iter().position(is_too_large) {
        None => Ok(layouts),
        Some(index) => {
            let function = &program.functions[index];
            Err(Diagnostic::new(
                Code::ArrayTooLarge,
                function.span,
                format!(
                    "the frame of `{}` is larger than 2^22 cells",
                    instance_name(&function.name, &function.constants)
                ),
                "make the arrays smaller, or give them a size at run time",
            ))
        }
    }
}

fn callees(block: &Block, found: &mut Vec<usize>) {
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Call { function, .. } => found.push(*function),
            StatementKind::If {
                equal, otherwise, ..
            } => {
                callees(equal, found);
                callees(otherwise, found);
            }
            StatementKind::Switch { arms, .. } => {
                for arm in arms {
                    callees(arm, found);
                }
            }
            StatementKind::Loop(the_loop) => callees(&the_loop.body, found),
            _ => {}
        }
    }
}

/// The layouts that are found, callees first, and what may still be spent on finding better ones.
struct Pass {
    layouts: Vec<Option<Layout>>,
    /// Values in functions that may still be laid out once more.
    work: usize,
}

impl Pass {
    /// The layout of a function, which is changed where that saves cells.
    fn function(&mut self, function: &mut Function, is_main: bool) -> Layout {
        let mut layout = layout::plan(function, is_main, &self.layouts);
        if !is_main && layout.frame().is_padded() {
            self.allocate(function, &mut layout);
        }
        let affordable = self.split(function, is_main, &mut layout);
        if affordable {
            self.unroll(function, is_main, &mut layout);
        }
        layout
    }

    /// Puts the chunks of a function, other than `main`, elsewhere if its frame can then be as
    /// large as it is used.
    fn allocate(&self, function: &mut Function, layout: &mut Layout) {
        let mut other = function.clone();
        allocate_chunks(&mut other, 0);
        let plan = layout::plan(&other, false, &self.layouts);
        if !plan.frame().is_padded() {
            (*function, *layout) = (other, plan);
        }
    }

    /// Splits the uneven iterations of loops. Whether there was work enough for all of them.
    fn split(&mut self, function: &mut Function, is_main: bool, layout: &mut Layout) -> bool {
        let mut tried = Vec::new();
        while let Some(level) = untried(&layout.uneven_loops, &tried) {
            if !self.afford(function, 1) {
                return false;
            }
            tried.push(level);
            if split_iteration(function, level, &layout.uneven_branches) {
                *layout = layout::plan(function, is_main, &self.layouts);
            }
        }
        true
    }

    /// Gives several iterations of padded loops one frame: as few as are enough, at most eight.
    fn unroll(&mut self, function: &mut Function, is_main: bool, layout: &mut Layout) {
        let mut tried = Vec::new();
        while let Some(level) = untried(&layout.padded_loops, &tried) {
            if !self.afford(function, 3) {
                return;
            }
            tried.push(level);
            for number in [2, 4, 8] {
                let mut unrolled = function.clone();
                if unroll_loop(&mut unrolled, level, number) {
                    let plan = layout::plan(&unrolled, is_main, &self.layouts);
                    if number == 8 || !plan.padded_loops.contains(&level) {
                        (*function, *layout) = (unrolled, plan);
                        break;
                    }
                }
            }
        }
    }

    /// Whether a function may be laid out so many times more.
    fn afford(&mut self, function: &Function, times: usize) -> bool {
        let size = function.value_levels.len() * times;
        let left = self.work.checked_sub(size);
        self.work = left.unwrap_or(self.work);
        left.is_some()
    }
}

fn untried(levels: &[u32], tried: &[u32]) -> Option<u32> {
    let mut levels = levels.iter().copied();
    levels.find(|level| !tried.contains(level))
}

/// The layouts of all functions, callees first; a recursive call finds no layout and allocates its
/// frame.
fn layouts(program: &mut Program) -> Vec<Layout> {
    let mut pass = Pass {
        layouts: vec![None; program.functions.len()],
        work: MAX_WORK,
    };
    let mut entered = vec![false; program.functions.len()];
    let mut stack = vec![(0, false)];
    while let Some((index, done)) = stack.pop() {
        let function = &mut program.functions[index];
        if done {
            let layout = pass.function(function, index == 0);
            pass.layouts[index] = Some(layout);
        } else if !entered[index] {
            entered[index] = true;
            stack.push((index, true));
            let mut found = Vec::new();
            callees(&function.body, &mut found);
            stack.extend(found.into_iter().map(|callee| (callee, false)));
        }
    }
    pass.layouts
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}
