//! From a checked program to the binary program of SPEC §4, with its source map.

use crate::check::CheckedProgram;
pub use crate::codegen::{FunctionCode, Linked};
use crate::diagnostics::Diagnostic;
use crate::{codegen, core};

/// Stack of the thread that compiles: the text may nest blocks and calls deeply.
const STACK_BYTES: usize = 256 << 20;

/// Compiles a checked program.
///
/// # Errors
///
/// What only elaboration can see: constants that are not, bounds, budgets.
pub fn compile_checked(program: &CheckedProgram) -> Result<Linked, Vec<Diagnostic>> {
    let compile = || {
        let mut core = core::elaborate(program)?;
        for function in &mut core.functions {
            core::remove_dead_code(function);
            core::localise(function);
        }
        codegen::generate(&core)
    };
    let result = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, compile)
            .map(|thread| thread.join())
    });
    match result {
        Ok(Ok(linked)) => linked.map_err(|diagnostic| vec![diagnostic]),
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => compile().map_err(|diagnostic| vec![diagnostic]),
    }
}
