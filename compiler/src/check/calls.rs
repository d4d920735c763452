//! Calls: arity, what arguments must be, and what a call gives.

use super::expressions::{Checker, Phase, Value};
use super::flow::{ScopeKind, Truth, VariableKind};
use super::{Builtin, Hint, MachineFunction, fold};
use crate::ast::{
    ConstantValue, Expression, ExpressionKind, Identifier, MatchRangeArm, ParameterKind,
};
use crate::diagnostics::{Code, quoted};
use crate::source::Span;

/// The cell cap of the machine.
const MAX_ARRAY: u32 = 1 << 26;
/// The greatest length of a reduction, a run of chains, a path or a sponge.
const MAX_LENGTH: u32 = 1 << 16;
/// The greatest base of `poseidon16_chain`.
const MAX_BASE: u32 = 1 << 8;
/// The greatest number of bits of an element.
const MAX_BITS: u32 = 31;
/// The greatest number of bytes of the name of a hint.
const MAX_HINT_NAME: usize = 64;

impl Checker {
    /// A call: the number of its results, if that is known, and the value of the only one.
    pub(super) fn call(&mut self, expression: &Expression) -> (Option<usize>, Value) {
        match &expression.kind {
            ExpressionKind::Call {
                function,
                arguments,
            } => match Builtin::from_name(&function.name) {
                Some(builtin) => self.builtin(builtin, function, arguments, expression.span),
                None => self.function_call(function, arguments),
            },
            ExpressionKind::MethodCall {
                receiver,
                method,
                arguments,
            } => self.method(receiver, method, arguments),
            ExpressionKind::MatchRange { value, arms } => self.match_range(value, arms),
            _ => (Some(1), self.expression(expression)),
        }
    }

    fn arity(&mut self, name: &Identifier, wanted: usize, found: usize) -> bool {
        if wanted != found {
            self.report(
                Code::WrongArity,
                name.span,
                &format!(
                    "{} takes {wanted} arguments, not {found}",
                    quoted(&name.name)
                ),
                &format!("give {wanted}"),
            );
        }
        wanted == found
    }

    fn function_call(
        &mut self,
        name: &Identifier,
        arguments: &[Expression],
    ) -> (Option<usize>, Value) {
        let Some(signature) = self.signatures.get(&name.name).cloned() else {
            for argument in arguments {
                // What was meant may take a string.
                if !matches!(argument.kind, ExpressionKind::Text(_)) {
                    self.expression(argument);
                }
            }
            let remedy = self.remedy_for_function(&name.name);
            self.report(
                Code::UnknownFunction,
                name.span,
                &format!("there is no function {}", quoted(&name.name)),
                &remedy,
            );
            return (None, Value::any());
        };
        if &*name.name == "main" {
            self.report(
                Code::UnknownFunction,
                name.span,
                "`main` is where the program starts and ends; it is not called",
                "move what it does to another function",
            );
        }
        self.arity(name, signature.parameters.len(), arguments.len());
        for (position, argument) in arguments.iter().enumerate() {
            match signature.parameters.get(position) {
                Some(ParameterKind::Const) => {
                    let value = if signature.inline {
                        self.expression(argument)
                    } else {
                        self.number(argument)
                    };
                    if value.phase == Phase::Run {
                        self.not_constant(argument.span);
                    }
                }
                Some(ParameterKind::Plain | ParameterKind::Mut) if !signature.inline => {
                    self.number(argument);
                }
                _ => {
                    self.expression(argument);
                }
            }
        }
        let value = if signature.inline {
            Value::any()
        } else {
            Value::number(Phase::Run)
        };
        (Some(signature.results), value)
    }

    fn builtin(
        &mut self,
        builtin: Builtin,
        name: &Identifier,
        arguments: &[Expression],
        span: Span,
    ) -> (Option<usize>, Value) {
        let results = Some(builtin.results());
        if !self.arity(name, builtin.arity(), arguments.len()) {
            return (results, Value::any());
        }
        let value = match builtin {
            Builtin::Array => {
                let size = self.number(&arguments[0]);
                let cells = size.as_integer();
                if cells.is_some_and(|cells| cells > MAX_ARRAY) {
                    self.report_live(
                        Code::ArrayTooLarge,
                        span,
                        "an array that no memory holds",
                        "take at most 2 ** 26 cells",
                    );
                }
                Value {
                    cells,
                    ..Value::number(Phase::Run)
                }
            }
            Builtin::DynArray => {
                self.list_argument(&arguments[0]);
                Value {
                    list: Some(true),
                    ..Value::any()
                }
            }
            Builtin::Len => {
                let list = self.list_argument(&arguments[0]);
                match &list.known {
                    Some(ConstantValue::List(list)) => Value::integer(list.len() as u32),
                    _ => Value::number(Phase::Compile),
                }
            }
            Builtin::Hint(hint) => {
                self.hint(hint, arguments);
                Value::number(Phase::Run)
            }
            Builtin::Machine(function) => {
                self.machine(function, arguments);
                Value::number(Phase::Run)
            }
            _ => {
                let values: Vec<Option<u32>> = arguments
                    .iter()
                    .map(|argument| self.compile_time(argument).as_integer())
                    .collect();
                let values: Option<Vec<u32>> = values.into_iter().collect();
                match values.map(|values| fold::builtin(builtin, &values)) {
                    Some(Ok(Some(value))) => Value::integer(value),
                    Some(Err(_)) => {
                        self.division_by_zero(span);
                        Value::number(Phase::Compile)
                    }
                    _ => Value::number(Phase::Compile),
                }
            }
        };
        (results, value)
    }

    fn list_argument(&mut self, argument: &Expression) -> Value {
        let value = self.expression(argument);
        if value.list == Some(false) {
            self.report_live(
                Code::TypeMismatch,
                argument.span,
                "a number where a list must stand",
                "lists are constants in square brackets, and `DynArray`; an `Array` has no length",
            );
        }
        value
    }

    fn hint(&mut self, hint: Hint, arguments: &[Expression]) {
        if hint == Hint::Witness {
            let valid = |name: &str| {
                (1..=MAX_HINT_NAME).contains(&name.len())
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            };
            if !matches!(&arguments[0].kind, ExpressionKind::Text(name) if valid(name)) {
                self.report(
                    Code::TypeMismatch,
                    arguments[0].span,
                    "not the name of a hint",
                    "write a string of 1 to 64 ASCII letters, digits and `_`",
                );
            }
            self.number(&arguments[1]);
            return;
        }
        self.number(&arguments[0]);
        self.number(&arguments[1]);
        if hint == Hint::DecomposeBits {
            let bits = self.compile_time(&arguments[2]);
            if bits.as_integer().is_some_and(|bits| bits > MAX_BITS) {
                self.report_live(
                    Code::IndexOutOfBounds,
                    arguments[2].span,
                    "more bits than an element has",
                    "ask for at most 31 bits",
                );
            }
        }
    }

    fn machine(&mut self, function: MachineFunction, arguments: &[Expression]) {
        if let MachineFunction::Poseidon { .. } | MachineFunction::PoseidonHalves = function {
            for argument in arguments {
                self.number(argument);
            }
            return;
        }
        let length = arguments.len() - 1;
        for (position, argument) in arguments.iter().enumerate() {
            if position == length {
                self.up_to(MAX_LENGTH, argument, "length");
            } else if function.base() == Some(position) {
                self.up_to(MAX_BASE, argument, "base");
            } else {
                self.number(argument);
            }
        }
    }

    /// A compile-time argument of an instruction, from 1 to `most`.
    fn up_to(&mut self, most: u32, argument: &Expression, what: &str) {
        let value = self.compile_time(argument).as_integer();
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            self.report_live(
                Code::IndexOutOfBounds,
                argument.span,
                &format!("a {what} that the instruction does not have"),
                &format!("the {what} is between 1 and {most}"),
            );
        }
    }

    fn method(
        &mut self,
        receiver: &Expression,
        method: &Identifier,
        arguments: &[Expression],
    ) -> (Option<usize>, Value) {
        let value = self.list_argument(receiver);
        if matches!(value.known, Some(ConstantValue::List(_))) {
            self.report(
                Code::NotAssignable,
                receiver.span,
                "a constant list does not change",
                "make a `DynArray` of it",
            );
        }
        self.changes_list(receiver);
        for argument in arguments {
            self.expression(argument);
        }
        match &*method.name {
            "push" => {
                self.arity(method, 1, arguments.len());
                (Some(0), Value::any())
            }
            "pop" => {
                self.arity(method, 0, arguments.len());
                (Some(1), Value::any())
            }
            _ => {
                self.report(
                    Code::UnknownFunction,
                    method.span,
                    &format!("there is no method {}", quoted(&method.name)),
                    "a `DynArray` has the methods `push` and `pop`",
                );
                (None, Value::any())
            }
        }
    }

    fn match_range(
        &mut self,
        value: &Expression,
        arms: &[MatchRangeArm],
    ) -> (Option<usize>, Value) {
        let selector = self.number(value);
        let mut expected: Option<u32> = None;
        let mut results: Option<usize> = None;
        let mut phase = selector.phase;
        for arm in arms {
            let start = self.compile_time(&arm.start).as_integer();
            let end = self.compile_time(&arm.end).as_integer();
            let gap = matches!((expected, start), (Some(a), Some(b)) if a != b);
            if gap || matches!((start, end), (Some(a), Some(b)) if a > b) {
                self.not_consecutive(arm.start.span.to(arm.end.span));
            }
            expected = end;
            self.shadows_constant(&arm.parameter);
            self.variables.open(ScopeKind::Plain);
            self.variables.declare(
                &arm.parameter.name,
                arm.parameter.span,
                VariableKind::Fixed,
                Value::number(Phase::Compile),
                Truth::Yes,
            );
            let (count, body) = self.call(&arm.body);
            self.variables.close();
            phase = phase.max(body.phase);
            match (results, count) {
                (Some(wanted), Some(found)) if wanted != found => {
                    self.result_count(arm.body.span, wanted, found);
                }
                (None, count) => results = count,
                _ => {}
            }
        }
        let value = match phase {
            Phase::Compile => Value::any(),
            Phase::Run => Value::number(Phase::Run),
        };
        (results, value)
    }

    /// Refuses a change of a list in a loop at run time within which it is not declared.
    pub(super) fn changes_list(&mut self, list: &Expression) {
        let mut root = list;
        while let ExpressionKind::Index { base, .. } = &root.kind {
            root = base;
        }
        let ExpressionKind::Name(name) = &root.kind else {
            return;
        };
        let Some(index) = self.variables.find(name) else {
            return;
        };
        let in_loop = self
            .variables
            .crossed(index)
            .any(|kind| matches!(kind, ScopeKind::Loop | ScopeKind::ParallelLoop));
        if in_loop {
            self.report_live(
                Code::NotConstant,
                list.span,
                "a list changes in a loop at run time",
                "write `unroll`, or store in an `Array`",
            );
        }
    }
}
