//! The checker: imports, constants, names, arity, assignment and returns.
//!
//! All modules of a program share one space of names. What depends on the value of a `Const`
//! parameter, of the variable of an `unroll` or of an argument of an `@inline` function is not
//! decided here but by the elaboration, which has the values: [`check`] refuses what is wrong
//! whatever they are.

mod builtins;
mod calls;
mod expressions;
mod flow;
mod fold;
mod functions;
mod imports;
mod lints;
mod loops;
mod statements;
mod suggest;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use builtins::{Builtin, Hint, MachineFunction, PoseidonForm};
pub(crate) use expressions::{MAX_LIST_DEPTH, MAX_LIST_SIZE};
pub use imports::{FileLoader, LINTER_MODULE, LoadedText, Loader, MAX_MODULES, load_modules};
pub(crate) use lints::lint;
pub use suggest::closest;

use crate::ast::{ConstantValue, Function, Identifier, Module};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::source::{SourceMap, Span, Symbol};

/// The values of the placeholders by name; every name ends with `_PLACEHOLDER`.
pub type Placeholders = BTreeMap<String, ConstantValue>;

/// A program whose modules are joined and whose names, arities and assignments are checked.
#[derive(Clone, Debug)]
pub struct CheckedProgram {
    /// The module constants and the placeholders with their values.
    pub constants: BTreeMap<Symbol, ConstantValue>,
    /// The functions of all modules, in order of first import and of text.
    pub functions: Vec<CheckedFunction>,
    /// The index of each function in `functions`.
    pub by_name: BTreeMap<Symbol, usize>,
    /// The index of `main`.
    pub main: usize,
}

/// A function and what the checker knows of it.
#[derive(Clone, Debug)]
pub struct CheckedFunction {
    /// The function as it is written.
    pub function: Function,
    /// The number of results of every `return`.
    pub results: usize,
}

impl CheckedProgram {
    /// The function of a name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&CheckedFunction> {
        self.functions.get(*self.by_name.get(name)?)
    }
}

/// Loads, parses and checks a program.
///
/// # Errors
/// Those of [`load_modules`] and of [`check`].
pub fn front_end(
    entry: LoadedText,
    loader: &mut dyn Loader,
    placeholders: &Placeholders,
    sources: &mut SourceMap,
) -> Result<CheckedProgram, Vec<Diagnostic>> {
    let modules = load_modules(entry, loader, sources)?;
    check(modules, placeholders)
}

/// Checks modules, each of which stands after those that it imports; the last has `main`.
///
/// # Errors
/// Every error that is found, in the order of the text.
pub fn check(
    modules: Vec<Module>,
    placeholders: &Placeholders,
) -> Result<CheckedProgram, Vec<Diagnostic>> {
    let end = modules.last().map_or_else(Span::default, |module| Span {
        file: module.file,
        ..Span::default()
    });
    let mut checker = expressions::Checker::new(placeholders);
    let mut functions: Vec<CheckedFunction> = Vec::new();
    let mut by_name: BTreeMap<Symbol, usize> = BTreeMap::new();
    for module in modules {
        for constant in &module.constants {
            checker.constant(constant);
        }
        for function in module.functions {
            let name = function.name.clone();
            if checker.new_function_name(&name, &by_name) {
                by_name.insert(name.name, functions.len());
            }
            functions.push(CheckedFunction {
                function,
                results: 0,
            });
        }
    }
    for name in by_name.keys() {
        let identifier = &functions[by_name[name]].function.name;
        checker.function_against_constants(identifier);
    }
    functions::count_results(&mut functions, &by_name);
    checker.signatures = functions::signatures(&functions, &by_name);
    for function in &functions {
        checker.function(&function.function, function.results);
    }
    let main = by_name.get("main").copied();
    checker.main_function(main.map(|index| &functions[index]), end);
    let mut diagnostics = std::mem::take(&mut checker.diagnostics);
    match main {
        Some(main) if diagnostics.is_empty() => Ok(CheckedProgram {
            constants: checker.into_constants(),
            functions,
            by_name,
            main,
        }),
        _ => {
            diagnostics.sort_by_key(|diagnostic| diagnostic.span);
            diagnostics.dedup();
            Err(diagnostics)
        }
    }
}

impl expressions::Checker {
    /// Whether a name may be that of a function; reports why not.
    fn new_function_name(&mut self, name: &Identifier, seen: &BTreeMap<Symbol, usize>) -> bool {
        if Builtin::from_name(&name.name).is_some() || RESERVED.contains(&&*name.name) {
            self.report(
                Code::ReservedName,
                name.span,
                &format!("{} is a function of the language", quoted(&name.name)),
                "give the function another name",
            );
            return false;
        }
        if seen.contains_key(&name.name) {
            self.report(
                Code::DuplicateName,
                name.span,
                &format!("two functions have the name {}", quoted(&name.name)),
                "rename one; all modules of a program share their names",
            );
            return false;
        }
        true
    }

    /// Reports a `main` that cannot be started, or that there is none, at the end of its file.
    fn main_function(&mut self, main: Option<&CheckedFunction>, end: Span) {
        match main {
            None => self.report(
                Code::MissingMain,
                end,
                "the program has no function `main`",
                "write `def main():`",
            ),
            Some(CheckedFunction { function, .. })
                if function.inline || !function.parameters.is_empty() =>
            {
                self.report(
                    Code::MissingMain,
                    function.span,
                    "`main` has parameters or is inline",
                    "write `def main():`; the public input starts at address 0",
                )
            }
            Some(CheckedFunction { function, results }) if *results > 0 => self.report(
                Code::MissingMain,
                function.span,
                "`main` returns a value, which nothing takes",
                "write `return` alone; what is public is asserted about the public input",
            ),
            Some(_) => {}
        }
    }

    fn function_against_constants(&mut self, name: &Identifier) {
        if self.constants.contains_key(&name.name) {
            self.report(
                Code::DuplicateName,
                name.span,
                &format!(
                    "a function and a constant have the name {}",
                    quoted(&name.name)
                ),
                "rename one; all modules of a program share their names",
            );
        }
    }
}

/// Names of the language that are no built-in functions of [`Builtin`].
const RESERVED: [&str; 7] = [
    "range",
    "unroll",
    "parallel_range",
    "dynamic_unroll",
    "match_range",
    "print",
    "debug_assert",
];
