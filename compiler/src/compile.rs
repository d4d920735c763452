//! From source text to the binary program of SPEC §4, with its source map.

use crate::check::{CheckedProgram, LoadedText, Loader, Placeholders, front_end};
pub use crate::codegen::{
    Check, Compiled, FunctionCode, InlineCall, Naive, Note, Notes, Prints, Source,
};
use crate::diagnostics::Diagnostic;
use crate::source::SourceMap;
use crate::{check, codegen, frames, ir};

/// Stack of the thread that compiles: blocks and inline calls of the text may be nested.
const STACK_BYTES: usize = 256 << 20;

/// Compiles a program: `entry`, and the modules that it imports from `loader`. Their texts are
/// added to `sources`, to which the spans of diagnostics and of the result refer. Warnings that a
/// comment of the text allows are left out.
///
/// ```
/// use leanvm_compiler::check::{LoadedText, Placeholders};
/// use leanvm_compiler::compile::compile;
/// use leanvm_compiler::diagnostics::render_all;
/// use leanvm_compiler::source::SourceMap;
///
/// let entry = |text: &str| LoadedText { name: "main.py".into(), text: text.into() };
/// // No module is imported.
/// let mut modules = std::collections::BTreeMap::<String, String>::new();
/// let (none, mut sources) = (Placeholders::new(), SourceMap::new());
///
/// let text = "def main():\n    p = 0\n    assert p[0] * p[0] == 9\n    return\n";
/// let compiled = compile(entry(text), &mut modules, &none, &mut sources).expect("no errors");
/// assert_eq!(compiled.functions[0].shown(), "main");
///
/// let text = "def main():\n    return x\n";
/// let errors = compile(entry(text), &mut modules, &none, &mut sources).expect_err("no `x`");
/// assert!(render_all(&errors, &sources).contains("`x` means nothing here"));
/// ```
///
/// # Errors
///
/// Every error of the text that the checker finds, else the first that elaboration finds.
pub fn compile(
    entry: LoadedText,
    loader: &mut dyn Loader,
    placeholders: &Placeholders,
    sources: &mut SourceMap,
) -> Result<Compiled, Vec<Diagnostic>> {
    let mut compiled = compile_checked(&front_end(entry, loader, placeholders, sources)?)?;
    compiled
        .warnings
        .retain(|warning| !warning.is_allowed(sources));
    Ok(compiled)
}

/// Compiles a checked program, with all warnings.
///
/// # Errors
///
/// What only elaboration can see: values that are not constant, indices out of bounds, budgets.
pub fn compile_checked(checked: &CheckedProgram) -> Result<Compiled, Vec<Diagnostic>> {
    let compile = || {
        let mut program = ir::elaborate(checked)?;
        program.functions.iter_mut().for_each(ir::optimise);
        let mut warnings = check::lint(checked);
        warnings.extend(ir::lint(&program.functions, &program.hint_calls));
        warnings.sort_by_key(|warning| warning.span);
        for function in &mut program.functions {
            ir::localise(function)?;
        }
        let layouts = frames::decide(&mut program)?;
        let compiled = codegen::generate(&program, &layouts)?;
        Ok(Compiled {
            warnings,
            ..compiled
        })
    };
    let result = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, compile)
            .map(std::thread::ScopedJoinHandle::join)
    });
    match result {
        Ok(Ok(compiled)) => compiled.map_err(|diagnostic| vec![diagnostic]),
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        // No thread to be had: the stack at hand must do.
        Err(_) => compile().map_err(|diagnostic| vec![diagnostic]),
    }
}
