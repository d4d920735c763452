//! Code generation: emission and linking. It reads the program and the layouts of its frames, and
//! changes neither.

mod emit;
mod encode;
mod naive;
mod notes;
mod prints;

use std::collections::BTreeMap;

use emit::Emitter;
use encode::Argument;

pub use naive::Naive;
pub use notes::{Check, Note, Notes, Source};
pub use prints::Prints;

use crate::diagnostics::{Code, Diagnostic, Warning};
use crate::frames::Layout;
pub use crate::ir::InlineCall;
use crate::ir::{Program, instance_name};
use crate::source::{Span, Symbol};

/// Greatest number of instructions, and of hints, of SPEC §4.
const MAX_INSTRUCTIONS: usize = 1 << 20;

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
    /// The cells from the pointer on of an array in a frame to which a witness hint, by its index,
    /// writes.
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

/// Emits and links a program whose functions are localised and laid out.
///
/// # Errors
///
/// Too many instructions.
pub(crate) fn generate(program: &Program, layouts: &[Layout]) -> Result<Compiled, Diagnostic> {
    let mut emitter = Emitter::new(program, layouts);
    let starts = emitter.program();
    let functions = functions(program, layouts, &starts, emitter.instructions.len() as u32);
    if emitter.instructions.len().max(emitter.hints.len()) > MAX_INSTRUCTIONS {
        return Err(too_large(&functions));
    }
    link(&mut emitter, layouts);
    let naive = Naive::of(program, layouts, &emitter, &starts);
    let main_frame = layouts[0].frame().size;
    let (spans, inlined) = emitter.spans.into_iter().unzip();
    Ok(Compiled {
        program: encode::encode(main_frame, &emitter.instructions, &emitter.hints),
        spans,
        inlined,
        hint_spans: emitter.hint_spans,
        witness_rooms: emitter.witness_rooms,
        inline_calls: program.inline_calls.clone(),
        functions,
        naive,
        notes: emitter.notes,
        prints: emitter.prints,
        warnings: Vec::new(),
    })
}

/// The functions, each up to the start of the next or to the end of the program.
fn functions(program: &Program, layouts: &[Layout], starts: &[u32], end: u32) -> Vec<FunctionCode> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    let code = program.functions.iter().zip(layouts);
    code.zip(starts.iter().zip(ends))
        .map(|((function, layout), (start, end))| FunctionCode {
            name: function.name.clone(),
            constants: function.constants.clone(),
            span: function.span,
            start: *start,
            end,
            frame_size: layout.frame().size,
        })
        .collect()
}

/// The diagnostic of a program that is too long; the last of the largest functions is named.
fn too_large(functions: &[FunctionCode]) -> Diagnostic {
    let size = |function: &FunctionCode| function.end - function.start;
    let largest = functions.iter().max_by_key(|function| size(function));
    let (span, message) = match largest {
        Some(function) => (
            function.span,
            format!(
                "; the largest function is `{}`, with {} instructions",
                function.shown(),
                size(function)
            ),
        ),
        None => (Span::default(), String::new()),
    };
    Diagnostic::new(
        Code::ProgramTooLarge,
        span,
        format!("the program has more than 2^20 instructions or hints{message}"),
        "use `range` instead of `unroll`, functions instead of `@inline`",
    )
}

/// Puts constants in the place of labels and of the sizes of frames.
fn link(emitter: &mut Emitter<'_>, layouts: &[Layout]) {
    let labels = &emitter.labels;
    let resolve = |argument: &mut Argument| match *argument {
        Argument::Label(label) => *argument = Argument::Constant(labels[label]),
        Argument::FrameSize(function) => {
            *argument = Argument::Constant(layouts[function].frame().size);
        }
        _ => {}
    };
    let instructions = emitter.instructions.iter_mut();
    let hints = emitter.hints.iter_mut();
    instructions
        .flat_map(|instruction| &mut instruction.operands)
        .chain(hints.flat_map(|hint| &mut hint.operands))
        .for_each(resolve);
}
