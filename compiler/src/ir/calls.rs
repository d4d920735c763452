//! Elaboration of calls: functions, built-ins, hints, instructions of the machine, `match_range`.

use std::rc::Rc;
use std::sync::Arc;

use super::branches::Guard;
use super::budget::STATEMENT;
use super::builder::{Place, negate_mod};
use super::elaborate::{Data, Elaborator, Flow, Result, Scope, Work};
use super::expressions::ELEMENT;
use super::join::Arm;
use super::list::{List, measure};
use super::{Check, End, HintKind, Machine, Operand, StatementKind};
use crate::ast::{self, Expression, ExpressionKind, Identifier, MatchRangeArm, ParameterKind};
use crate::check::{Builtin, CheckedFunction, Hint, MachineFunction, PoseidonForm};
use crate::diagnostics::Code;
use crate::source::{Span, Symbol};

/// The `Const` parameters of an inline call with their values.
fn constants_among(function: &ast::Function, scope: &Scope) -> Vec<(Symbol, u32)> {
    let constant = |parameter: &ast::Parameter| match scope.get(&parameter.name.name) {
        Some(Some(Data::Scalar(Operand::Constant(value))))
            if parameter.kind == ParameterKind::Const =>
        {
            Some((parameter.name.name.clone(), *value))
        }
        _ => None,
    };
    function.parameters.iter().filter_map(constant).collect()
}

/// Whether another variable, an outer block or a list holds this list too.
fn shared(list: &Rc<List>) -> bool {
    Rc::strong_count(list) > 1
}

impl Elaborator<'_> {
    /// The results of an expression: of a call as many as it has, else one.
    pub(super) fn results(&mut self, expression: &Expression) -> Result<Vec<Data>> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, span),
            ExpressionKind::MethodCall {
                receiver,
                method,
                arguments,
            } => self.method(receiver, method, arguments, span),
            ExpressionKind::MatchRange { value, arms } => self.match_range(value, arms, span),
            _ => Ok(vec![self.expression(expression)?]),
        }
    }

    fn call(
        &mut self,
        function: &Identifier,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Vec<Data>> {
        let program = self.program;
        if let Some(index) = program.by_name.get(&function.name) {
            let checked = &program.functions[*index];
            return self.user_call(*index, checked, arguments, span);
        }
        let Some(builtin) = Builtin::from_name(&function.name) else {
            return self.fail(
                Code::UnknownFunction,
                function.span,
                "an unknown function",
                "define it, or import the module that does",
            );
        };
        self.check_arity(builtin.arity(), arguments.len(), span)?;
        Ok(match (builtin, arguments) {
            (Builtin::Array, [size]) => {
                let size = self.operand(size)?;
                vec![self.new_array(size, span)?]
            }
            (Builtin::DynArray, [list]) => match self.expression(list)? {
                Data::List(items) if shared(&items) => {
                    vec![self.list(items.items().iter().cloned(), span)?]
                }
                data => vec![data],
            },
            (Builtin::Len, [list]) => match self.expression(list)? {
                Data::List(list) => {
                    vec![Data::Scalar(Operand::Constant(list.items().len() as u32))]
                }
                Data::Scalar(_) => {
                    return self.fail(
                        Code::TypeMismatch,
                        span,
                        "`len` of a number",
                        "`len` takes a constant array or a `DynArray`",
                    );
                }
            },
            (Builtin::Hint(hint), _) => {
                self.hint_calls.insert(span);
                self.hint(hint, arguments, span)?;
                Vec::new()
            }
            (Builtin::Machine(machine), _) => {
                self.machine(machine, arguments, span)?;
                Vec::new()
            }
            _ => vec![self.compile_time(builtin, arguments, span)?],
        })
    }

    fn check_arity(&self, expected: usize, given: usize, span: Span) -> Result<()> {
        if expected == given {
            return Ok(());
        }
        self.fail(
            Code::WrongArity,
            span,
            &format!("{given} arguments where {expected} are expected"),
            "give one argument for each parameter",
        )
    }

    fn user_call(
        &mut self,
        index: usize,
        checked: &CheckedFunction,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Vec<Data>> {
        let program = self.program;
        let function = &program.functions[index].function;
        self.check_arity(function.parameters.len(), arguments.len(), span)?;
        let mut data = Vec::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            data.push(if parameter.kind == ParameterKind::Const {
                Data::Scalar(Operand::Constant(self.constant(argument)?))
            } else {
                self.expression(argument)?
            });
        }
        self.builder.span = span;
        if function.inline {
            return self.expand(index, checked, data, span);
        }
        let mut constants = Vec::new();
        let mut operands = Vec::new();
        for (parameter, (data, argument)) in
            function.parameters.iter().zip(data.iter().zip(arguments))
        {
            let operand = self.scalar(data, argument.span)?;
            match (parameter.kind, operand) {
                (ParameterKind::Const, Operand::Constant(value)) => constants.push(Some(value)),
                _ => {
                    constants.push(None);
                    operands.push(operand);
                }
            }
        }
        let function = self.instance(index, constants, span)?;
        self.pay(checked.results, span)?;
        let results: Vec<_> = (0..checked.results).map(|_| self.builder.value()).collect();
        let frame = self.builder.value();
        self.builder.push(StatementKind::Call {
            function,
            arguments: operands,
            results: results.clone(),
            frame,
        });
        Ok(results
            .into_iter()
            .map(|value| Data::Scalar(Operand::Value(value)))
            .collect())
    }

    /// Elaborates the body of an `@inline` function where it is called.
    fn expand(
        &mut self,
        index: usize,
        checked: &CheckedFunction,
        arguments: Vec<Data>,
        span: Span,
    ) -> Result<Vec<Data>> {
        let program = self.program;
        let function = &program.functions[index].function;
        let base = std::mem::replace(&mut self.base, self.scopes.len());
        let inline = std::mem::replace(&mut self.inline, true);
        let results = std::mem::replace(&mut self.results, checked.results);
        let names = self.mutable_names(index);
        let mutable = std::mem::replace(&mut self.mutable, names);
        let parameters = function.parameters.iter().zip(arguments);
        let scope: Scope = parameters
            .map(|(parameter, data)| (parameter.name.name.clone(), Some(data)))
            .collect();
        let began = self.builder.spent;
        let constants = constants_among(function, &scope);
        self.open(scope, constants);
        let inline_call = self.inline_call(&function.name.name, span)?;
        let outside = self.builder.inline_call.replace(inline_call);
        let flow = self.deeper(span, |this| this.run(vec![Work::Block(&function.body)]));
        let name = &function.name.name;
        let flow = self.blame(flow, began, || format!("an inline call of `{name}`"), span)?;
        if matches!(flow, Flow::Next | Flow::Ended) {
            self.may_end(function.span)?;
        }
        self.builder.inline_call = outside;
        self.builder.span = span;
        self.scopes.truncate(self.base);
        self.base = base;
        self.inline = inline;
        self.results = results;
        self.mutable = mutable;
        Ok(match flow {
            Flow::Returned(values) => values,
            // A call that always fails: any values do.
            Flow::Never => vec![Data::Scalar(Operand::Constant(0)); checked.results],
            Flow::Next | Flow::Ended => Vec::new(),
        })
    }

    fn method(
        &mut self,
        receiver: &Expression,
        method: &Identifier,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Vec<Data>> {
        let mut path = Vec::new();
        let mut root = receiver;
        while let ExpressionKind::Index { base, index } = &root.kind {
            path.push(self.constant(index)? as usize);
            root = base;
        }
        let mut pushed = Vec::new();
        for argument in arguments {
            pushed.push(self.expression(argument)?);
        }
        let ExpressionKind::Name(name) = &root.kind else {
            return self.no_list(span);
        };
        self.pay(ELEMENT, span)?;
        // Taken out of its scope: whoever shares it then is another variable, or the state before a
        // block at run time, and would not see the change.
        let Some(mut whole) = self.slot(name).and_then(Option::take) else {
            return self.no_list(span);
        };
        let added = pushed.last().map(measure);
        let mut list = &mut whole;
        for (below, at) in path.into_iter().enumerate().rev() {
            let items = self.own_list(list, span)?;
            if let Some(added) = added {
                items.grow(added, below + 2);
            }
            let Some(item) = items.get_mut(at) else {
                return self.fail(
                    Code::IndexOutOfBounds,
                    span,
                    "the index is not below the length of the list",
                    "use an index from 0 to the length minus 1",
                );
            };
            list = item;
        }
        let items = self.own_list(list, span)?;
        let popped = self.change(items, method, pushed.pop(), span)?;
        if let Data::List(whole) = &whole {
            self.check_list(whole, span)?;
        }
        self.assign(name, whole);
        Ok(popped)
    }

    /// What a method of a list does, and its result if it has one.
    fn change(
        &self,
        items: &mut List,
        method: &Identifier,
        argument: Option<Data>,
        span: Span,
    ) -> Result<Vec<Data>> {
        let mut popped = Vec::new();
        match (&*method.name, argument) {
            ("push", Some(value)) => items.push(value),
            ("pop", None) => match items.pop() {
                Some(value) => popped.push(value),
                None => {
                    return self.fail(
                        Code::IndexOutOfBounds,
                        span,
                        "`pop` of an empty list",
                        "push before",
                    );
                }
            },
            _ => {
                return self.fail(
                    Code::UnknownFunction,
                    method.span,
                    "an unknown method",
                    "lists have `push(value)` and `pop()`",
                );
            }
        }
        Ok(popped)
    }

    /// The elements of a list that nothing else holds.
    fn own_list<'d>(&self, data: &'d mut Data, span: Span) -> Result<&'d mut List> {
        match data {
            Data::List(items) if shared(items) => self.shared_list(span),
            Data::List(items) => Ok(Rc::make_mut(items)),
            Data::Scalar(_) => self.no_list(span),
        }
    }

    fn shared_list<T>(&self, span: Span) -> Result<T> {
        self.fail(
            Code::NotConstant,
            span,
            "a list changes that another variable, or the code around a block at run time, holds too",
            "change it in the block and under the name in which it is made, outside of branches, loops and lambdas at run time",
        )
    }

    fn no_list<T>(&self, span: Span) -> Result<T> {
        self.fail(
            Code::TypeMismatch,
            span,
            "`push` and `pop` need a variable that is a list",
            "make it by `DynArray([])`",
        )
    }

    fn match_range(
        &mut self,
        value: &Expression,
        arms: &[MatchRangeArm],
        span: Span,
    ) -> Result<Vec<Data>> {
        let began = self.builder.spent;
        let results = self.match_cases(value, arms, span);
        self.blame(results, began, || "a `match_range`".to_owned(), span)
    }

    fn match_cases(
        &mut self,
        value: &Expression,
        arms: &[MatchRangeArm],
        span: Span,
    ) -> Result<Vec<Data>> {
        let selector = self.operand(value)?;
        let cases = self.cases(arms, span)?;
        let first = cases[0].0;
        if let Operand::Constant(value) = selector
            && let Some((at, arm)) = cases.iter().find(|(at, _)| *at == value)
        {
            return self.lambda(*at, arm);
        }
        let last = first + (cases.len() as u32 - 1);
        let note = self.note_value(Check::Case { first, last }, value, selector);
        self.builder.note = Some(Arc::clone(&note));
        let way = self.way(selector, first, cases.len() as u32);
        self.builder.note = None;
        let before = self.scopes[self.base..].to_vec();
        let mut elaborated = Vec::new();
        for (at, arm) in cases {
            self.pay(STATEMENT, arm.body.span)?;
            self.builder.open();
            if let Some(guard) = Guard::of(way, selector, at) {
                self.builder.span = span;
                self.builder.note = Some(Arc::clone(&note));
                self.guard(guard);
                self.builder.note = None;
            }
            let results = self.deeper(span, |this| this.lambda(at, arm))?;
            let block = self.builder.close(End::Never);
            elaborated.push(Arm {
                block,
                flow: Flow::Returned(results),
                scopes: Vec::new(),
            });
        }
        let inline = std::mem::replace(&mut self.inline, true);
        let joined = self.join(before, elaborated, true, span);
        self.inline = inline;
        let (blocks, results, flow) = joined?;
        self.builder.span = span;
        self.builder.push(StatementKind::Switch {
            way,
            arms: blocks,
            results,
        });
        Ok(match flow {
            Flow::Returned(values) => values,
            _ => Vec::new(),
        })
    }

    /// The cases of a `match_range`, at least one: their values follow each other.
    fn cases<'c>(
        &mut self,
        arms: &'c [MatchRangeArm],
        span: Span,
    ) -> Result<Vec<(u32, &'c MatchRangeArm)>> {
        let mut cases = Vec::new();
        for arm in arms {
            let start = self.constant(&arm.start)?;
            let end = self.constant(&arm.end)?;
            self.pay(end.saturating_sub(start) as usize, span)?;
            cases.extend((start..end).map(|at| (at, arm)));
        }
        let Some((first, _)) = cases.first().copied() else {
            return self.fail(
                Code::MatchNotConsecutive,
                span,
                "`match_range` over an empty range",
                "give at least one case",
            );
        };
        let consecutive = cases
            .iter()
            .enumerate()
            .all(|(i, (at, _))| *at as usize == first as usize + i);
        if !consecutive || cases.len() > 1 << 16 {
            return self.fail(
                Code::MatchNotConsecutive,
                span,
                "the ranges are not consecutive, or too long",
                "start each range where the one before ends; at most 65536 cases",
            );
        }
        Ok(cases)
    }

    fn lambda(&mut self, at: u32, arm: &MatchRangeArm) -> Result<Vec<Data>> {
        self.open_with(&arm.parameter.name, at);
        let results = self.results(&arm.body);
        self.scopes.pop();
        results
    }

    fn hint(&mut self, hint: Hint, arguments: &[Expression], span: Span) -> Result<()> {
        let (kind, operands) = match (hint, arguments) {
            (Hint::Witness, [name, pointer]) => {
                let name = self.witness_name(name)?;
                (HintKind::Witness(name), vec![self.operand(pointer)?])
            }
            (Hint::DecomposeBits, [value, pointer, bits]) => {
                let operands = vec![self.operand(value)?, self.operand(pointer)?];
                let number = self.constant(bits)?;
                if number > 31 {
                    return self.fail(
                        Code::RangeCheckBound,
                        bits.span,
                        "an element has at most 31 bits",
                        "use at most 31",
                    );
                }
                (HintKind::Bits(number), operands)
            }
            (Hint::Inverse, [value, pointer]) => return self.inverse_hint(value, pointer, span),
            _ => return Ok(()),
        };
        self.builder.span = span;
        self.builder.push(StatementKind::Hint {
            kind,
            operands,
            defines: None,
        });
        Ok(())
    }

    /// The name of private input.
    fn witness_name(&self, name: &Expression) -> Result<String> {
        let ExpressionKind::Text(text) = &name.kind else {
            return self.fail(
                Code::TypeMismatch,
                name.span,
                "the name of private input must be a string",
                "write `hint_witness(\"name\", pointer)`",
            );
        };
        let is_name = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(is_name) {
            return self.fail(
                Code::TypeMismatch,
                name.span,
                "not a name of private input",
                "use 1 to 64 ASCII letters, digits and `_`",
            );
        }
        Ok(text.to_string())
    }

    fn inverse_hint(&mut self, value: &Expression, pointer: &Expression, span: Span) -> Result<()> {
        let value = self.operand(value)?;
        let pointer = self.operand(pointer)?;
        self.builder.span = span;
        match self.checked_place(pointer, Operand::Constant(0), span)? {
            Place::Frame(array, at) => self.builder.push(StatementKind::Hint {
                kind: HintKind::Inverse,
                operands: vec![Operand::Cell(array, at), value],
                defines: None,
            }),
            Place::Pointer(pointer, offset) => {
                let inverse = self.builder.value();
                self.builder.push(StatementKind::Hint {
                    kind: HintKind::Inverse,
                    operands: vec![Operand::Value(inverse), value],
                    defines: Some(inverse),
                });
                self.builder.store(pointer, offset, Operand::Value(inverse));
            }
        }
        Ok(())
    }

    fn machine(
        &mut self,
        machine: MachineFunction,
        arguments: &[Expression],
        span: Span,
    ) -> Result<()> {
        let (opcode, flags, count) = match machine {
            MachineFunction::Poseidon { chunks, form } => {
                let flags = match form {
                    PoseidonForm::Full => 0,
                    PoseidonForm::Half => 1 << 13,
                    PoseidonForm::Permute => 1 << 14,
                };
                (5 + u32::from(chunks), flags, arguments.len())
            }
            MachineFunction::PoseidonHalves => (15, 0, 4),
            MachineFunction::DotProduct { base } => (9, u32::from(base) << 15, 3),
            MachineFunction::Eq { base } => (10, u32::from(base) << 15, 3),
            MachineFunction::Chain => (12, 0, 4),
            MachineFunction::Path => (13, 0, 4),
            MachineFunction::Sponge => (14, 0, 4),
        };
        let mut operands = Vec::new();
        for (position, argument) in arguments[..count].iter().enumerate() {
            operands.push(match machine.base() {
                Some(base) if base == position => {
                    let remedy = "take chains of fewer positions";
                    Operand::Constant(self.up_to(1 << 8, argument, "base", remedy)?)
                }
                _ => self.operand(argument)?,
            });
        }
        let mut immediate = 0;
        if let [length] = &arguments[count..] {
            immediate = self.up_to(1 << 16, length, "length", "split it over several calls")?;
        }
        if machine == MachineFunction::PoseidonHalves {
            immediate = self.offset_of_halves(&mut operands);
        }
        self.builder.span = span;
        self.builder.push(StatementKind::Machine(
            Machine {
                opcode,
                flags,
                immediate,
            },
            operands,
        ));
        Ok(())
    }

    /// A compile-time argument of an instruction, from 1 to `most`.
    fn up_to(&mut self, most: u32, argument: &Expression, what: &str, remedy: &str) -> Result<u32> {
        let value = self.constant(argument)?;
        if !(1..=most).contains(&value) {
            return self.fail(
                Code::ArrayTooLarge,
                argument.span,
                &format!("the {what} is not from 1 to {most}"),
                remedy,
            );
        }
        Ok(value)
    }

    /// The offset that the instruction adds to `second` and `out`, and these without it: a pointer
    /// plus a constant needs no sum then.
    fn offset_of_halves(&mut self, operands: &mut [Operand]) -> u32 {
        let [_, second, _, out] = operands else {
            return 0;
        };
        let (second_base, second_offset) = self.builder.split(*second);
        let (out_base, out_offset) = self.builder.split(*out);
        let is_pointer = |base| matches!(base, Operand::Value(_) | Operand::Cell(..));
        let offset = match (is_pointer(second_base), is_pointer(out_base)) {
            (true, false) => second_offset,
            (false, true) => out_offset,
            // What is left of `out` may be a sum again: in a chain the same for all links.
            (true, true) if second_base == out_base || second_offset == out_offset => second_offset,
            _ => 0,
        };
        for operand in [second, out] {
            *operand = self
                .builder
                .add(*operand, Operand::Constant(negate_mod(offset)));
        }
        offset
    }
}
