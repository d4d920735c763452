//! Lints about names: variables and functions that nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use super::CheckedProgram;
use crate::ast::{
    Block, Condition, Expression, ExpressionKind, Function, Identifier, LoopKind, StatementKind,
    Target, TargetKind,
};
use crate::diagnostics::{Lint, Warning, quoted};
use crate::source::{Span, Symbol};

/// The warnings about names in the functions of a program, in the order of the text.
pub(crate) fn lint(program: &CheckedProgram) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut names: Vec<Names> = Vec::new();
    for checked in &program.functions {
        let mut used = Names::default();
        used.block(&checked.function.body);
        warnings.extend(used.unused_variables());
        names.push(used);
    }
    warnings.extend(unused_functions(program, &names));
    warnings.sort_by_key(|warning| warning.span);
    warnings
}

/// Functions in the file of `main` that it does not lead to: other files are libraries.
fn unused_functions(program: &CheckedProgram, names: &[Names]) -> Vec<Warning> {
    let mut reached = BTreeSet::from([program.main]);
    let mut left = vec![program.main];
    while let Some(index) = left.pop() {
        for callee in &names[index].called {
            if let Some(callee) = program.by_name.get(callee)
                && reached.insert(*callee)
            {
                left.push(*callee);
            }
        }
    }
    let file = program.functions[program.main].function.span.file;
    let is_unused = |(index, function): &(usize, &Function)| {
        !reached.contains(index)
            && function.span.file == file
            && !function.name.name.starts_with('_')
    };
    let functions = program.functions.iter().map(|checked| &checked.function);
    functions
        .enumerate()
        .filter(is_unused)
        .map(|(_, function)| Warning {
            lint: Lint::UnusedFunction,
            span: function.name.span,
            message: format!("{} is never called", quoted(&function.name.name)),
            remedy: "remove it, or begin its name with `_`".to_owned(),
        })
        .collect()
}

/// The names of a function.
#[derive(Default)]
struct Names {
    /// Variables that are assigned, with the first place.
    assigned: BTreeMap<Symbol, Span>,
    read: BTreeSet<Symbol>,
    called: BTreeSet<Symbol>,
}

impl Names {
    fn unused_variables(&self) -> impl Iterator<Item = Warning> + '_ {
        let unused = self
            .assigned
            .iter()
            .filter(|(name, _)| !self.read.contains(*name) && !name.starts_with('_'));
        unused.map(|(name, span)| Warning {
            lint: Lint::UnusedVariable,
            span: *span,
            message: format!("{} is never read", quoted(name)),
            remedy: "remove it, or write `_` for it".to_owned(),
        })
    }

    fn assign(&mut self, name: &Identifier) {
        self.assigned.entry(name.name.clone()).or_insert(name.span);
    }

    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(&statement.kind);
        }
    }

    fn statement(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::Declare { name, .. } => self.assign(name),
            StatementKind::Assign { targets, values } => {
                self.expressions(values);
                for target in targets {
                    self.target(target);
                }
            }
            StatementKind::Update { target, value, .. } => {
                self.expression(value);
                self.target(target);
            }
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => {
                self.condition(condition);
                self.block(then);
                self.block(otherwise);
            }
            StatementKind::For {
                kind,
                start,
                end,
                body,
                ..
            } => {
                self.expression(start);
                self.expression(end);
                if let LoopKind::DynamicUnroll { bits } = kind {
                    self.expression(bits);
                }
                self.block(body);
            }
            StatementKind::Match { value, arms } => {
                self.expression(value);
                for arm in arms {
                    self.expression(&arm.pattern);
                    self.block(&arm.body);
                }
            }
            StatementKind::Assert { condition, .. }
            | StatementKind::DebugAssert { condition, .. } => self.condition(condition),
            StatementKind::Panic { .. } => {}
            StatementKind::Return { values } => self.expressions(values),
            StatementKind::Print { arguments } => self.expressions(arguments),
            StatementKind::Call(call) => self.expression(call),
        }
    }

    fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Discard => {}
            TargetKind::Name { name, .. } => self.assign(name),
            TargetKind::Index { base, index } => {
                self.expression(base);
                self.expression(index);
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        self.expression(&condition.left);
        self.expression(&condition.right);
    }

    fn expressions(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Integer(_) | ExpressionKind::Text(_) => {}
            ExpressionKind::Name(name) => {
                self.read.insert(name.clone());
            }
            ExpressionKind::List(items) => self.expressions(items),
            ExpressionKind::Negate(inner) => self.expression(inner),
            ExpressionKind::Binary { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Index { base, index } => {
                self.expression(base);
                self.expression(index);
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                self.called.insert(function.name.clone());
                self.expressions(arguments);
            }
            ExpressionKind::MethodCall {
                receiver,
                arguments,
                ..
            } => {
                self.expression(receiver);
                self.expressions(arguments);
            }
            ExpressionKind::MatchRange { value, arms } => {
                self.expression(value);
                for arm in arms {
                    self.expression(&arm.start);
                    self.expression(&arm.end);
                    self.expression(&arm.body);
                }
            }
        }
    }
}
