//! Variables, scopes, and what is assigned on which path.

use std::collections::HashMap;

use super::expressions::Value;
use crate::source::{Span, Symbol};

/// Whether something is so on the paths that lead here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// On none.
    No,
    /// On all.
    Yes,
    /// As values at compile time have it, which only the elaboration knows.
    Depends,
}

/// What may be done with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VariableKind {
    /// Assigned once.
    Imu,
    /// Assigned at will.
    Mut,
    /// A parameter or the variable of a loop.
    Fixed,
}

/// A variable that is visible.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: Symbol,
    pub(super) span: Span,
    pub(super) kind: VariableKind,
    pub(super) value: Value,
    /// The number of scopes open where it is declared.
    pub(super) depth: usize,
}

/// Why a scope is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// A function, a branch or an arm.
    Plain,
    /// The body of an `unroll`.
    Unroll,
    /// The body of a loop at run time.
    Loop,
    /// The body of a loop at run time whose iterations are independent.
    ParallelLoop,
}

#[derive(Clone, Debug)]
struct Scope {
    kind: ScopeKind,
    first: usize,
}

/// The variables of a function, innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    list: Vec<Variable>,
    /// Whether each is assigned.
    pub(super) assigned: Vec<Truth>,
    by_name: HashMap<Symbol, Vec<usize>>,
    /// Names of variables whose blocks have ended.
    gone: HashMap<Symbol, ()>,
    scopes: Vec<Scope>,
}

impl Variables {
    pub(super) fn open(&mut self, kind: ScopeKind) {
        let first = self.list.len();
        self.scopes.push(Scope { kind, first });
    }

    /// Ends a scope and gives its variables, with whether each is assigned.
    pub(super) fn close(&mut self) -> Vec<(Variable, Truth)> {
        let first = self.scopes.pop().map_or(0, |scope| scope.first);
        let variables = self.list.split_off(first);
        let assigned = self.assigned.split_off(first);
        for variable in &variables {
            if let Some(stack) = self.by_name.get_mut(&variable.name) {
                stack.pop();
            }
            self.gone.insert(variable.name.clone(), ());
        }
        variables.into_iter().zip(assigned).collect()
    }

    pub(super) fn declare(
        &mut self,
        name: &Symbol,
        span: Span,
        kind: VariableKind,
        value: Value,
        assigned: Truth,
    ) {
        let index = self.list.len();
        self.by_name.entry(name.clone()).or_default().push(index);
        self.list.push(Variable {
            name: name.clone(),
            span,
            kind,
            value,
            depth: self.scopes.len(),
        });
        self.assigned.push(assigned);
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name)?.last().copied()
    }

    /// The names that are visible, in no order.
    pub(super) fn visible(&self) -> Vec<&str> {
        self.list.iter().map(|variable| &*variable.name).collect()
    }

    pub(super) fn get(&self, index: usize) -> &Variable {
        &self.list[index]
    }

    /// Whether a variable of this name was visible in a block that has ended.
    pub(super) fn is_gone(&self, name: &str) -> bool {
        self.gone.contains_key(name)
    }

    /// The kinds of the scopes between a variable and here, outermost first.
    pub(super) fn crossed(&self, index: usize) -> impl Iterator<Item = ScopeKind> + '_ {
        self.scopes[self.list[index].depth..]
            .iter()
            .map(|scope| scope.kind)
    }

    /// Whether a loop at run time is open.
    pub(super) fn in_loop(&self) -> bool {
        self.scopes
            .iter()
            .any(|scope| matches!(scope.kind, ScopeKind::Loop | ScopeKind::ParallelLoop))
    }
}
