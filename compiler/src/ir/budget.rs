//! The budget of a compilation: a bound on what a text grows to, whatever makes it grow.
//!
//! Everything that elaboration makes or copies is paid for, in units of about eight bytes or a step
//! of a few nanoseconds. When the budget is gone, the diagnostic names the innermost construct that
//! most of it went into.

use super::elaborate::{Elaborator, Result};
use super::instance_name;
use crate::ast::{self, StatementKind as Tree};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Symbol};

/// What a program may cost; about 2^20 statements.
const BUDGET: usize = 1 << 25;
/// What a statement costs, beside its operands, and an inline call.
pub(super) const STATEMENT: usize = 32;
/// What a variable costs when the scope that it is in is copied.
pub(super) const VARIABLE: usize = 2;
/// Greatest number of instances of functions.
pub(super) const MAX_INSTANCES: usize = 1 << 14;

const REMEDY: &str = "use `range` instead of `unroll`, functions instead of `@inline`, values at run time instead of `Const`";

/// What a diagnostic about the budget says of a construct.
enum Blame {
    /// Nothing yet.
    Nothing,
    /// The construct at which the budget ends.
    Last,
    /// The innermost construct that at least half of it went into.
    Most,
}

/// Which construct a diagnostic about the budget names.
pub(super) struct Blamed(Blame);

impl Default for Blamed {
    fn default() -> Self {
        Self(Blame::Nothing)
    }
}

impl Elaborator<'_> {
    /// Pays for something that is made or copied.
    pub(super) fn pay(&mut self, units: usize, span: Span) -> Result<()> {
        self.builder.spent = self.builder.spent.saturating_add(units);
        if self.builder.spent <= BUDGET {
            return Ok(());
        }
        self.fail(
            Code::ProgramTooLarge,
            span,
            "the program grows too large",
            REMEDY,
        )
    }

    /// Pays for the copy of a scope.
    pub(super) fn pay_scope(&mut self, variables: usize, span: Span) -> Result<()> {
        self.pay(VARIABLE * variables, span)
    }

    /// The result of a construct that began when so much had been spent: if the budget ended in it,
    /// the diagnostic may name it.
    pub(super) fn blame<T>(
        &mut self,
        result: Result<T>,
        began: usize,
        construct: impl FnOnce() -> String,
        span: Span,
    ) -> Result<T> {
        result.map_err(|diagnostic| {
            if diagnostic.code != Code::ProgramTooLarge {
                return diagnostic;
            }
            let most = self.builder.spent - began >= BUDGET / 2;
            let message = match (&self.blamed.0, most) {
                (Blame::Most, _) | (Blame::Last, false) => return diagnostic,
                (_, true) => {
                    self.blamed.0 = Blame::Most;
                    format!("the program grows too large; most of it is {}", construct())
                }
                (Blame::Nothing, false) => {
                    self.blamed.0 = Blame::Last;
                    format!("the program grows too large; it ends in {}", construct())
                }
            };
            Diagnostic::new(Code::ProgramTooLarge, span, message, REMEDY)
        })
    }

    /// The diagnostic of one instance too many.
    pub(super) fn too_many_instances<T>(
        &self,
        name: &Symbol,
        constants: &[(Symbol, u32)],
        span: Span,
    ) -> Result<T> {
        self.fail(
            Code::RecursionTooDeep,
            span,
            &format!(
                "more than {MAX_INSTANCES} specialisations of functions with `Const` parameters; the last is `{}`",
                instance_name(name, constants)
            ),
            "make the recursion end, or pass the parameter at run time",
        )
    }
}

/// What a statement is called in a diagnostic.
pub(super) fn statement_name(statement: &ast::Statement) -> String {
    match &statement.kind {
        Tree::Declare { .. } => "a declaration",
        Tree::Assign { .. } | Tree::Update { .. } => "an assignment",
        Tree::If { .. } => "an `if`",
        Tree::For { kind, .. } => match kind {
            ast::LoopKind::Range => "a loop over `range`",
            ast::LoopKind::ParallelRange => "a loop over `parallel_range`",
            ast::LoopKind::Unroll => "a loop over `unroll`",
            ast::LoopKind::DynamicUnroll { .. } => "a loop over `dynamic_unroll`",
        },
        Tree::Match { .. } => "a `match`",
        Tree::Return { .. } => "a `return`",
        Tree::Assert { .. } | Tree::Panic { .. } => "an `assert`",
        Tree::DebugAssert { .. } => "a `debug_assert`",
        Tree::Print { .. } => "a `print`",
        Tree::Call(_) => "a call",
    }
    .to_owned()
}
