//! Emission: instructions and hints of each function, with labels.

mod branches;
mod loops;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::encode::{
    ADD, ALLOCATE, Argument, BITS, DEREFERENCE, EQUAL, Hint, INVERSE, Instruction, JUMP, MULTIPLY,
    PRINT, WITNESS,
};
use super::notes::{self, Notes, Source};
use super::prints::Prints;
use crate::ast::MODULUS;
use crate::frames::Layout;
use crate::ir::{
    Block, End, Function, HintKind, Note, Operand, Program, Relation, Statement, StatementKind,
    Value,
};
use crate::source::Span;
use loops::OpenLoop;

/// Code that is emitted after the function that it belongs to.
struct Deferred<'a> {
    label: usize,
    block: &'a Block,
    targets: Vec<Argument>,
    join: usize,
    size: u32,
    span: Place,
}

/// The first instruction of the iterations of a loop.
pub(super) struct IterationCode {
    pub(super) label: usize,
    pub(super) function: usize,
    pub(super) level: u32,
}

/// Where the text of an instruction stands: its span, and the inline call in whose body.
pub(super) type Place = (Span, Option<u32>);

/// The code of a program.
pub(super) struct Emitter<'a> {
    program: &'a Program,
    layouts: &'a [Layout],
    pub(super) instructions: Vec<Instruction>,
    pub(super) spans: Vec<Place>,
    pub(super) hints: Vec<Hint>,
    pub(super) hint_spans: Vec<Place>,
    pub(super) prints: Prints,
    /// The cells of arrays in frames to which witness hints write.
    pub(super) witness_rooms: BTreeMap<usize, u32>,
    pub(super) notes: Notes,
    /// The assertion that the statement at hand belongs to.
    note: Option<u32>,
    /// The indices of the alloc hints for frames, ascending.
    pub(super) frame_hints: Vec<usize>,
    /// The loops.
    pub(super) iterations: Vec<IterationCode>,
    /// The pc of each label.
    pub(super) labels: Vec<u32>,
    entries: Vec<usize>,
    halt: usize,
    function: usize,
    /// Distance to the frame of the next iteration, at the current level.
    size: u32,
    /// The same at the level outside of a level.
    outside: HashMap<u32, u32>,
    open_loop: Option<OpenLoop<'a>>,
    span: Place,
    deferred: Vec<Deferred<'a>>,
}

fn negate(k: u32) -> u32 {
    (MODULUS - k) % MODULUS
}

fn add(a: u32, b: u32) -> u32 {
    ((u64::from(a) + u64::from(b)) % u64::from(MODULUS)) as u32
}

const ZERO: Argument = Argument::Constant(0);
const ONE: Argument = Argument::Constant(1);
const HERE: Argument = Argument::Frame(0);

impl<'a> Emitter<'a> {
    /// No code yet.
    pub(super) fn new(program: &'a Program, layouts: &'a [Layout]) -> Self {
        let mut emitter = Self {
            program,
            layouts,
            instructions: Vec::new(),
            spans: Vec::new(),
            hints: Vec::new(),
            hint_spans: Vec::new(),
            prints: Prints::default(),
            witness_rooms: BTreeMap::new(),
            notes: Notes::default(),
            note: None,
            frame_hints: Vec::new(),
            iterations: Vec::new(),
            labels: Vec::new(),
            entries: Vec::new(),
            halt: 0,
            function: 0,
            size: 0,
            outside: HashMap::new(),
            open_loop: None,
            span: Place::default(),
            deferred: Vec::new(),
        };
        emitter.halt = emitter.label();
        for _ in &program.functions {
            let label = emitter.label();
            emitter.entries.push(label);
        }
        emitter
    }

    fn label(&mut self) -> usize {
        self.labels.push(0);
        self.labels.len() - 1
    }

    /// The next instruction is where the label is; hints before it belong to the path that falls
    /// through.
    fn bind(&mut self, label: usize) {
        self.separate();
        self.labels[label] = self.instructions.len() as u32;
    }

    /// What comes next has no part in the hints so far, nor in what is printed.
    fn separate(&mut self) {
        let here = self.instructions.len() as u32;
        if self.hints.last().is_some_and(|hint| hint.pc == here) || self.prints.end_at(here) {
            self.emit(ADD, &[ZERO, ZERO, ZERO]);
        }
    }

    fn emit(&mut self, opcode: u32, operands: &[Argument]) {
        self.emit_with(opcode, 0, operands, 0);
    }

    fn emit_with(&mut self, opcode: u32, flags: u32, operands: &[Argument], immediate: u32) {
        self.instructions.push(Instruction {
            opcode,
            flags,
            operands: operands.to_vec(),
            immediate,
        });
        self.spans.push(self.span);
        self.notes.instruction(self.note);
    }

    fn hint(&mut self, kind: u32, operands: Vec<Argument>, immediate: u32, name: String) {
        self.hint_spans.push(self.span);
        self.notes.hint(self.note);
        self.hints.push(Hint {
            pc: self.instructions.len() as u32,
            kind,
            operands,
            immediate,
            name,
        });
    }

    /// Allocates a frame, or the frames of all iterations of a loop.
    fn frame_hint(&mut self, pointer: Argument, size: Argument, alignment: u32) {
        self.frame_hints.push(self.hints.len());
        self.hint(ALLOCATE, vec![pointer, size], alignment, String::new());
    }

    fn jump(&mut self, condition: Argument, destination: usize, frame: Argument) {
        self.emit(JUMP, &[condition, Argument::Label(destination), frame]);
    }

    fn copy(&mut self, from: Argument, to: Argument) {
        if from != to {
            self.emit(ADD, &[from, ZERO, to]);
        }
    }

    fn layout(&self) -> &'a Layout {
        &self.layouts[self.function]
    }

    fn value(&self, value: Value) -> u32 {
        let Some(location) = self.layout().values.get(&value) else {
            unreachable!("every value has a cell: a wrong one would be no relation at all");
        };
        location.offset + if location.next { self.size } else { 0 }
    }

    fn cell(&self, value: Value) -> Argument {
        Argument::Memory(self.value(value))
    }

    fn argument(&self, operand: Operand) -> Argument {
        let start = |array: crate::ir::Array| {
            let start = self.layout().arrays.get(&array.0).copied();
            start.unwrap_or_else(|| unreachable!("every array has cells"))
        };
        match operand {
            Operand::Constant(c) => Argument::Constant(c),
            Operand::Value(value) => self.cell(value),
            Operand::Cell(array, at) => Argument::Memory(add(start(array), at)),
            Operand::Address(array, at) => Argument::Frame(add(start(array), at)),
        }
    }

    /// Emits all functions; the pcs of their starts.
    pub(super) fn program(&mut self) -> Vec<u32> {
        let program = self.program;
        let mut starts = Vec::new();
        for (index, function) in program.functions.iter().enumerate() {
            starts.push(self.instructions.len() as u32);
            self.one(index, function);
        }
        self.span = (program.functions[0].span, None);
        self.bind(self.halt);
        self.emit(super::encode::HALT, &[]);
        starts
    }

    fn one(&mut self, index: usize, function: &'a Function) {
        self.function = index;
        self.size = 0;
        self.span = (function.span, None);
        self.bind(self.entries[index]);
        let targets = self.returns();
        self.block(&function.body, &targets);
        while let Some(arm) = self.deferred.pop() {
            self.size = arm.size;
            self.span = arm.span;
            self.bind(arm.label);
            self.block(arm.block, &arm.targets);
            if matches!(arm.block.end, End::Yield(_)) {
                self.jump(ONE, arm.join, HERE);
            }
        }
        self.separate();
    }

    fn returns(&self) -> Vec<Argument> {
        let function = &self.program.functions[self.function];
        let first = if self.function == 0 { 0 } else { 2 };
        (0..function.results)
            .map(|i| Argument::Memory((first + function.parameters.len() + i) as u32))
            .collect()
    }

    fn block(&mut self, block: &'a Block, yields: &[Argument]) {
        let size = self.size;
        if let End::Iteration { path, .. } = &block.end {
            let strides = &self.layout().strides;
            let stride = strides
                .get(&(self.open_loop().the_loop.level, *path))
                .copied();
            self.size = stride.unwrap_or_else(|| unreachable!("every path has a stride"));
        }
        for statement in &block.statements {
            self.span = (statement.span, statement.inline_call);
            self.note = statement.note.as_ref().map(|note| self.note(note));
            self.statement(statement);
            self.note = None;
        }
        match &block.end {
            End::Yield(operands) => {
                for (operand, target) in operands.iter().zip(yields) {
                    self.copy(self.argument(*operand), *target);
                }
            }
            End::Return(operands) => {
                for (operand, target) in operands.iter().zip(self.returns()) {
                    self.copy(self.argument(*operand), target);
                }
                if self.function == 0 {
                    self.jump(ONE, self.halt, HERE);
                } else {
                    let operands = [ONE, Argument::Memory(0), Argument::Memory(1)];
                    self.emit(JUMP, &operands);
                }
            }
            End::Iteration { carried, .. } => self.iteration_end(carried),
            End::Never => {}
        }
        self.size = size;
    }

    /// The index of a note, with the cells of its values.
    fn note(&mut self, note: &Note) -> u32 {
        let source = |operand: &Operand, plus: u32| {
            let offset = match operand {
                Operand::Constant(constant) => return Some(Source::Constant(add(*constant, plus))),
                Operand::Value(value) => {
                    let location = self.layout().values.get(value)?;
                    location.offset + if location.next { self.size } else { 0 }
                }
                Operand::Cell(array, at) => add(*self.layout().arrays.get(&array.0)?, *at),
                Operand::Address(..) => return None,
            };
            Some(Source::Cell { offset, plus })
        };
        let values = note.values.iter();
        let values =
            values.filter_map(|(span, operand, plus)| Some((*span, source(operand, *plus)?)));
        let note = notes::Note {
            check: note.check,
            span: note.span,
            values: values.collect(),
            constants: Arc::clone(&note.constants),
        };
        self.notes.add(note)
    }

    fn statement(&mut self, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::Relation {
                relation, operands, ..
            } => {
                let opcode = match relation {
                    Relation::Add => ADD,
                    Relation::Multiply => MULTIPLY,
                };
                let operands = operands.map(|operand| self.argument(operand));
                self.emit(opcode, &operands);
            }
            StatementKind::Equal(a, b) => self.copy(self.argument(*b), self.argument(*a)),
            StatementKind::Join {
                frame, left, right, ..
            } => {
                let (left, right) = (self.argument(*left), self.argument(*right));
                if let Argument::Memory(offset) = left
                    && left != right
                {
                    self.emit_with(DEREFERENCE, 0, &[self.cell(*frame), right], offset);
                }
            }
            StatementKind::FrameAddress(value) => self.emit(ADD, &[HERE, ZERO, self.cell(*value)]),
            StatementKind::Dereference {
                pointer,
                offset,
                value,
                ..
            } => {
                let operands = [self.argument(*pointer), self.argument(*value)];
                self.emit_with(DEREFERENCE, 0, &operands, *offset);
            }
            StatementKind::Outer {
                inner,
                outer,
                enclosing,
                ..
            } => self.outer(*inner, *outer, *enclosing),
            StatementKind::Hint { kind, operands, .. } => self.hint_statement(kind, operands),
            StatementKind::Machine(machine, operands) => {
                let operands: Vec<Argument> = operands.iter().map(|o| self.argument(*o)).collect();
                self.emit_with(machine.opcode, machine.flags, &operands, machine.immediate);
            }
            StatementKind::Array(_) => {}
            StatementKind::Call {
                function,
                arguments,
                results,
                frame,
            } => self.call(*function, arguments, results, *frame),
            StatementKind::If {
                left,
                right,
                same,
                equal,
                otherwise,
                results,
            } => self.branch(*same, [*left, *right], [equal, otherwise], results),
            StatementKind::Switch { way, arms, results } => self.switch(*way, arms, results),
            StatementKind::Loop(the_loop) => self.iterate(the_loop),
            StatementKind::Exit {
                counter,
                next,
                last,
                again,
                carried,
            } => self.exit([counter, next, last, again], carried),
        }
    }

    fn hint_statement(&mut self, kind: &HintKind, operands: &[Operand]) {
        if let HintKind::Print { text, last } = kind {
            let here = self.instructions.len() as u32;
            let (span, _) = self.span;
            self.prints
                .push(here, self.hints.len(), text.clone(), *last, span);
            if text.is_some() {
                return;
            }
        }
        if let (HintKind::Witness(_), [Operand::Address(array, at)]) = (kind, operands) {
            let arrays = &self.program.functions[self.function].arrays;
            let room = arrays[array.0 as usize].size.saturating_sub(*at);
            self.witness_rooms.insert(self.hints.len(), room);
        }
        let operands = operands.iter().map(|o| self.argument(*o)).collect();
        let (kind, immediate, name) = match kind {
            HintKind::Allocate(alignment) => (ALLOCATE, *alignment, ""),
            HintKind::Witness(name) => (WITNESS, 0, name.as_str()),
            HintKind::Bits(bits) => (BITS, *bits, ""),
            HintKind::Inverse => (INVERSE, 0, ""),
            HintKind::Equal => (EQUAL, 0, ""),
            HintKind::Print { .. } => (PRINT, 0, ""),
        };
        self.hint(kind, operands, immediate, name.to_owned());
    }

    fn call(&mut self, function: usize, arguments: &[Operand], results: &[Value], frame: Value) {
        let after = self.label();
        let area = self.layout().areas.get(&frame).copied();
        let arguments: Vec<Argument> = arguments.iter().map(|o| self.argument(*o)).collect();
        if let Some(start) = area {
            let at = |i: usize| Argument::Memory(start + i as u32);
            for (i, argument) in arguments.iter().enumerate() {
                self.copy(*argument, at(2 + i));
            }
            self.copy(Argument::Label(after), at(0));
            self.copy(HERE, at(1));
            self.jump(ONE, self.entries[function], Argument::Frame(start));
            self.bind(after);
            return;
        }
        let pointer = self.cell(frame);
        let alignment = if self.layouts[function].frame().aligned {
            8
        } else {
            1
        };
        let size = Argument::FrameSize(function);
        self.frame_hint(pointer, size, alignment);
        self.emit_with(DEREFERENCE, 0, &[pointer, Argument::Label(after)], 0);
        self.emit_with(DEREFERENCE, 0, &[pointer, HERE], 1);
        for (i, argument) in arguments.iter().enumerate() {
            self.emit_with(DEREFERENCE, 0, &[pointer, *argument], 2 + i as u32);
        }
        self.jump(ONE, self.entries[function], pointer);
        self.bind(after);
        for (i, result) in results.iter().enumerate() {
            let operands = [pointer, self.cell(*result)];
            self.emit_with(DEREFERENCE, 0, &operands, (2 + arguments.len() + i) as u32);
        }
    }
}
