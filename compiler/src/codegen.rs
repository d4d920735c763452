//! Code generation: frame layout, emission, linking.

mod emit;
mod encode;
mod layout;
mod naive;
mod notes;
mod prints;

use std::collections::{BTreeMap, HashMap};

use emit::Emitter;
use encode::{ALLOCATE, Argument};
use layout::Layout;

pub use naive::Naive;
pub use notes::{Check, Note, Notes, Source};
pub use prints::Prints;

use crate::diagnostics::{Code, Diagnostic, Warning};
pub use crate::ir::InlineCall;
use crate::ir::{
    Block, Function, Program, StatementKind, allocate_chunks, instance_name, split_iteration,
    unroll_loop,
};
use crate::source::{Span, Symbol};

/// Greatest number of instructions, and of hints, of SPEC §4.
const MAX_INSTRUCTIONS: usize = 1 << 20;
/// Greatest frame; that of `main` is capped by SPEC §4.
const MAX_FRAME: u32 = 1 << 22;

/// Greatest number of values in functions that are laid out once more for the sake of a loop.
const MAX_WORK: usize = 1 << 20;

/// The code of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCode {
    /// Its name.
    pub name: Symbol,
    /// Its `Const` parameters and their values.
    pub constants: Vec<(Symbol, u32)>,
    /// Its header.
    pub span: Span,
    /// Its first pc.
    pub start: u32,
    /// One past its last pc.
    pub end: u32,
    /// The size of its frame.
    pub frame_size: u32,
}

impl FunctionCode {
    /// Its name with its compile-time arguments: `f(n = 5)`.
    #[must_use]
    pub fn shown(&self) -> String {
        instance_name(&self.name, &self.constants)
    }
}

/// A linked program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The binary program of SPEC §4.
    pub program: Vec<u8>,
    /// The text of each instruction.
    pub spans: Vec<Span>,
    /// The inline call, an index of `inline_calls`, in whose body each instruction stands.
    pub inlined: Vec<Option<u32>>,
    /// The text of each hint, and the inline call in whose body it stands.
    pub hint_spans: Vec<(Span, Option<u32>)>,
    /// The cells from the pointer on of an array in a frame to which a witness hint, by its index, writes.
    pub witness_rooms: BTreeMap<usize, u32>,
    /// The calls of `@inline` functions.
    pub inline_calls: Vec<InlineCall>,
    /// The functions, by start.
    pub functions: Vec<FunctionCode>,
    /// The naive layout.
    pub naive: Naive,
    /// What the assertions are about.
    pub notes: Notes,
    /// The `print` statements.
    pub prints: Prints,
    /// What the program may do and probably should not, in the order of the text.
    pub warnings: Vec<Warning>,
}

/// Emits and links a program whose functions are localised.
///
/// # Errors
///
/// Too many instructions, or too large a frame of `main`.
pub(crate) fn generate(program: &mut Program) -> Result<Compiled, Diagnostic> {
    let layouts = layouts(program);
    let program = &*program;
    for (function, layout) in program.functions.iter().zip(&layouts) {
        if layout.frames.values().any(|frame| frame.size > MAX_FRAME) {
            return Err(Diagnostic::new(
                Code::ArrayTooLarge,
                function.span,
                format!(
                    "the frame of `{}` is larger than 2^22 cells",
                    instance_name(&function.name, &function.constants)
                ),
                "make the arrays smaller, or give them a size at run time",
            ));
        }
    }
    let mut emitter = Emitter::new(program, &layouts);
    let starts = emitter.program();
    if emitter.instructions.len().max(emitter.hints.len()) > MAX_INSTRUCTIONS {
        let ends = starts.iter().skip(1).copied();
        let ends = ends.chain([emitter.instructions.len() as u32]);
        let sizes = starts.iter().zip(ends).map(|(start, end)| end - start);
        let largest = program
            .functions
            .iter()
            .zip(sizes)
            .max_by_key(|(_, size)| *size);
        let (function, size) = largest.unwrap_or((&program.functions[0], 0));
        return Err(Diagnostic::new(
            Code::ProgramTooLarge,
            function.span,
            format!(
                "the program has more than 2^20 instructions or hints; the largest function is `{}`, with {size} instructions",
                instance_name(&function.name, &function.constants)
            ),
            "use `range` instead of `unroll`, functions instead of `@inline`",
        ));
    }
    let resolve = |argument: &mut Argument| match *argument {
        Argument::Label(label) => *argument = Argument::Constant(emitter.labels[label]),
        Argument::FrameSize(function) => {
            *argument = Argument::Constant(layouts[function].frame().size);
        }
        _ => {}
    };
    for instruction in &mut emitter.instructions {
        instruction.operands.iter_mut().for_each(resolve);
    }
    for hint in &mut emitter.hints {
        hint.operands.iter_mut().for_each(resolve);
    }
    let functions = program
        .functions
        .iter()
        .enumerate()
        .map(|(i, function)| FunctionCode {
            name: function.name.clone(),
            constants: function.constants.clone(),
            span: function.span,
            start: starts[i],
            end: starts
                .get(i + 1)
                .copied()
                .unwrap_or(emitter.instructions.len() as u32),
            frame_size: layouts[i].frame().size,
        })
        .collect();
    let (spans, inlined) = std::mem::take(&mut emitter.spans).into_iter().unzip();
    let mut naive = Naive::new(emitter.instructions.len());
    let frames = starts.iter().enumerate().map(|(i, start)| (*start, i, 0));
    let iterations = emitter
        .iterations
        .iter()
        .map(|code| (emitter.labels[code.label], code.function, code.level));
    let cells: Vec<HashMap<u32, u64>> = program
        .functions
        .iter()
        .zip(&layouts)
        .map(|(function, layout)| naive::frames(function, layout))
        .collect();
    for (pc, function, level) in frames.chain(iterations) {
        naive.frame(pc, cells[function].get(&level).copied().unwrap_or(0));
    }
    for (i, hint) in emitter.hints.iter().enumerate() {
        if hint.kind == ALLOCATE {
            naive.allocation(hint.pc, emitter.frame_hints.binary_search(&i).is_err());
        }
    }
    Ok(Compiled {
        naive,
        notes: std::mem::take(&mut emitter.notes),
        prints: std::mem::take(&mut emitter.prints),
        warnings: Vec::new(),
        program: encode::encode(
            layouts[0].frame().size,
            &emitter.instructions,
            &emitter.hints,
        ),
        spans,
        inlined,
        hint_spans: std::mem::take(&mut emitter.hint_spans),
        witness_rooms: std::mem::take(&mut emitter.witness_rooms),
        inline_calls: program.inline_calls.clone(),
        functions,
    })
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

/// The layout of a function, whose loops are split where their iterations are uneven, else unrolled where they are padded.
fn layout(
    function: &mut Function,
    is_main: bool,
    layouts: &[Option<Layout>],
    work: &mut usize,
) -> Layout {
    let plan = |function: &Function| layout::plan(function, is_main, layouts);
    let mut layout = plan(function);
    if !is_main && layout.frame().is_padded() {
        // Chunks elsewhere, so that the frame can be as large as it is used.
        let mut other = function.clone();
        allocate_chunks(&mut other, 0);
        let plan = plan(&other);
        if !plan.frame().is_padded() {
            (*function, layout) = (other, plan);
        }
    }
    let mut tried = Vec::new();
    let untried = |levels: &[u32], tried: &[u32]| {
        let mut levels = levels.iter().copied();
        levels.find(|level| !tried.contains(level))
    };
    while let Some(level) = untried(&layout.uneven_loops, &tried) {
        if !afford(function, 1, work) {
            return layout;
        }
        tried.push(level);
        if split_iteration(function, level, &layout.uneven_branches) {
            layout = plan(function);
        }
    }
    tried.clear();
    while let Some(level) = untried(&layout.padded_loops, &tried) {
        if !afford(function, 3, work) {
            return layout;
        }
        tried.push(level);
        // As few iterations as are enough, at most eight.
        for number in [2, 4, 8] {
            let mut unrolled = function.clone();
            if unroll_loop(&mut unrolled, level, number) {
                let plan = plan(&unrolled);
                if number == 8 || !plan.padded_loops.contains(&level) {
                    (*function, layout) = (unrolled, plan);
                    break;
                }
            }
        }
    }
    layout
}

/// Whether a function may be laid out so many times more.
fn afford(function: &Function, times: usize, work: &mut usize) -> bool {
    let size = function.value_levels.len() * times;
    let left = work.checked_sub(size);
    *work = left.unwrap_or(*work);
    left.is_some()
}

/// The layouts of all functions, callees first; a recursive call finds no layout and allocates its frame.
fn layouts(program: &mut Program) -> Vec<Layout> {
    let mut layouts: Vec<Option<Layout>> = vec![None; program.functions.len()];
    let mut entered = vec![false; program.functions.len()];
    let mut stack = vec![(0, false)];
    let mut work = MAX_WORK;
    while let Some((index, done)) = stack.pop() {
        let function = &mut program.functions[index];
        if done {
            layouts[index] = Some(layout(function, index == 0, &layouts, &mut work));
        } else if !entered[index] {
            entered[index] = true;
            stack.push((index, true));
            let mut found = Vec::new();
            callees(&function.body, &mut found);
            stack.extend(found.into_iter().map(|callee| (callee, false)));
        }
    }
    layouts.into_iter().map(Option::unwrap_or_default).collect()
}
