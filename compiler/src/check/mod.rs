//! The checker: imports, constants, names, arity, assignment and returns.

mod builtins;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use builtins::{Builtin, Hint, MachineFunction, PoseidonForm};

use crate::ast::Function;
use crate::source::Symbol;

/// A value known at compile time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstantValue {
    /// A field element in [0, p).
    Integer(u32),
    /// A list, which may be nested and ragged.
    List(Arc<[ConstantValue]>),
}

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
