//! Scopes: what a name is bound to while a function is elaborated.

use std::rc::Rc;

use super::Operand;
use super::budget::VARIABLE;
use super::elaborate::{Data, Elaborator, Scope};
use super::list::List;
use crate::ast::ConstantValue;
use crate::source::Symbol;

impl Elaborator<'_> {
    /// The variables known at compile time that diagnostics and failures name, the innermost first.
    pub(super) fn known_here(&self) -> Vec<(Symbol, u32)> {
        let known = self.known.iter().rev();
        let known = known.filter(|(depth, ..)| *depth <= self.scopes.len());
        known
            .map(|(_, name, value)| (name.clone(), *value))
            .collect()
    }

    /// Opens a scope with a variable known at compile time.
    pub(super) fn open_with(&mut self, name: &Symbol, value: u32) {
        let scope = Scope::from([(name.clone(), Some(Data::Scalar(Operand::Constant(value))))]);
        self.open(scope, [(name.clone(), value)]);
    }

    /// Opens a scope with some variables known at compile time among its own.
    pub(super) fn open(&mut self, scope: Scope, known: impl IntoIterator<Item = (Symbol, u32)>) {
        self.scopes.push(Rc::new(scope));
        let depth = self.scopes.len();
        while self.known.last().is_some_and(|(at, ..)| *at >= depth) {
            self.known.pop();
        }
        let known = known.into_iter().map(|(name, value)| (depth, name, value));
        self.known.extend(known);
    }

    /// The variable of a name, if it is visible.
    pub(super) fn variable(&self, name: &str) -> Option<&Option<Data>> {
        self.scopes[self.base.min(self.scopes.len())..]
            .iter()
            .rev()
            .find_map(|scope| scope.get(name))
    }

    /// The place of a variable, if it is visible; in a scope that only this block holds from now
    /// on.
    pub(super) fn slot(&mut self, name: &str) -> Option<&mut Option<Data>> {
        let base = self.base.min(self.scopes.len());
        let at = base
            + self.scopes[base..]
                .iter()
                .rposition(|scope| scope.contains_key(name))?;
        self.scope_mut(at).get_mut(name)
    }

    fn scope_mut(&mut self, at: usize) -> &mut Scope {
        let scope = &mut self.scopes[at];
        if Rc::strong_count(scope) > 1 {
            self.builder.spent += VARIABLE * scope.len();
        }
        Rc::make_mut(scope)
    }

    /// Declares a variable in the innermost scope.
    pub(super) fn declare(&mut self, name: &Symbol, data: Option<Data>) {
        if let Some(at) = self.scopes.len().checked_sub(1) {
            self.builder.spent += VARIABLE;
            self.scope_mut(at).insert(name.clone(), data);
        }
    }

    /// Gives a variable a value: where it is declared, or in the innermost scope.
    pub(super) fn assign(&mut self, name: &Symbol, data: Data) {
        match self.slot(name) {
            Some(slot) => *slot = Some(data),
            None => self.declare(name, Some(data)),
        }
    }

    /// A constant of a module as data, made once.
    pub(super) fn constant_of_module(&mut self, name: &str) -> Option<Data> {
        if let Some(data) = self.constants.get(name) {
            return Some(data.clone());
        }
        let (name, value) = self.program.constants.get_key_value(name)?;
        let data = constant_data(value);
        self.constants.insert(name.clone(), data.clone());
        Some(data)
    }
}

fn constant_data(value: &ConstantValue) -> Data {
    match value {
        ConstantValue::Integer(value) => Data::Scalar(Operand::Constant(*value)),
        ConstantValue::List(values) => {
            Data::List(Rc::new(values.iter().map(constant_data).collect::<List>()))
        }
    }
}
