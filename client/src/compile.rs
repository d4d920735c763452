//! From a text of the guest language to a program.

use std::collections::BTreeMap;
use std::fmt;

use leanvm_compiler::check::{LoadedText, Placeholders};
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_verifier::isa::Program;

/// Stack of the thread that compiles: blocks of the text may be nested.
const STACK_BYTES: usize = 64 << 20;

/// Why a text is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// The text has errors; each with its place, its reason and a remedy.
    Text(String),
    /// No thread could be started; why.
    Thread(String),
}

impl fmt::Display for CompileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(diagnostics) => {
                write!(formatter, "the text does not compile\n{diagnostics}")
            }
            Self::Thread(reason) => write!(formatter, "no thread can be started: {reason}"),
        }
    }
}

impl std::error::Error for CompileError {}

/// Compiles a text of the guest language, `compiler/LANGUAGE.md`, that imports nothing and has no
/// placeholders. It runs on a thread of its own, so that the stack of the caller does not bound how
/// deeply the text may be nested. `leanvm_compiler::compile` has loaders and placeholders.
///
/// # Errors
/// [`CompileError::Text`] with every error of the text, [`CompileError::Thread`].
pub fn compile(text: &str) -> Result<Program, CompileError> {
    let work = || {
        let entry = LoadedText {
            name: "program".to_owned(),
            text: text.to_owned(),
        };
        let mut sources = SourceMap::default();
        let placeholders = Placeholders::new();
        let mut modules = BTreeMap::<String, String>::new();
        leanvm_compiler::compile::compile(entry, &mut modules, &placeholders, &mut sources)
            .map(|compiled| compiled.program)
            .map_err(|diagnostics| CompileError::Text(render_all(&diagnostics, &sources)))
    };
    let joined = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map(std::thread::ScopedJoinHandle::join)
    });
    let bytes = match joined {
        Ok(Ok(compiled)) => compiled?,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => return Err(CompileError::Thread(error.to_string())),
    };
    Program::decode(&bytes).map_err(|error| CompileError::Text(error.to_string()))
}
