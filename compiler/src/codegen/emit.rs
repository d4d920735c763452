//! Emission: instructions and hints of each function, with labels.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::encode::{ADD, ALLOCATE, Argument, DEREFERENCE, Hint, Instruction, JUMP, MULTIPLY};
use super::layout::{Frame, Layout};
use super::notes::{self, Notes, Source};
use super::prints::Prints;
use crate::ast::MODULUS;
use crate::ir::{
    Block, End, Function, HintKind, Loop, Note, Operand, Program, Relation, Statement,
    StatementKind, Value, Way,
};
use crate::source::Span;

/// Code that is emitted after the function that it belongs to.
struct Deferred<'a> {
    label: usize,
    block: &'a Block,
    targets: Vec<Argument>,
    join: usize,
    size: u32,
    span: Place,
}

/// The loop whose iteration is being emitted.
#[derive(Clone)]
struct OpenLoop<'a> {
    the_loop: &'a Loop,
    /// Start of an iteration.
    body: usize,
    /// Behind the loop.
    after: usize,
    /// The frame outside, as an iteration sees it.
    leave: Argument,
    /// For iterations with a frame of their own: where the carried variables go in the frame outside.
    outer: Option<Vec<u32>>,
    /// Whether an iteration has the address of the frame outside.
    looks_out: bool,
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

    /// The next instruction is where the label is; hints before it belong to the path that falls through.
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
            StatementKind::Hint { kind, operands, .. } => {
                if let HintKind::Print { text, last } = kind {
                    let here = self.instructions.len() as u32;
                    let (span, _) = self.span;
                    self.prints
                        .push(here, self.hints.len(), text.clone(), *last, span);
                    if text.is_some() {
                        return;
                    }
                }
                if let (HintKind::Witness(_), [Operand::Address(array, at)]) =
                    (kind, operands.as_slice())
                {
                    let arrays = &self.program.functions[self.function].arrays;
                    let room = arrays[array.0 as usize].size.saturating_sub(*at);
                    self.witness_rooms.insert(self.hints.len(), room);
                }
                let operands = operands.iter().map(|o| self.argument(*o)).collect();
                let (kind, immediate, name) = match kind {
                    HintKind::Allocate(alignment) => (ALLOCATE, *alignment, ""),
                    HintKind::Witness(name) => (1, 0, name.as_str()),
                    HintKind::Bits(bits) => (2, *bits, ""),
                    HintKind::Inverse => (3, 0, ""),
                    HintKind::Equal => (5, 0, ""),
                    HintKind::Print { .. } => (4, 0, ""),
                };
                self.hint(kind, operands, immediate, name.to_owned());
            }
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
            } => {
                let (left, right) = (self.argument(*left), self.argument(*right));
                let same = self.cell(*same);
                self.hint(5, vec![same, left, right], 0, String::new());
                self.branch(same, [equal, otherwise], results);
            }
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

    /// inner = an operand of the frame outside. `enclosing` is a cell of this frame.
    fn outer(&mut self, inner: Operand, outer: Operand, enclosing: Value) {
        let inner = self.argument(inner);
        let level = self.program.functions[self.function].value_levels[enclosing.0 as usize];
        let outside = self.outside.get(&level).copied();
        let outside = outside.unwrap_or_else(|| unreachable!("an iteration is within its loop"));
        let size = std::mem::replace(&mut self.size, outside);
        let outer = self.argument(outer);
        self.size = size;
        let enclosing = self.cell(enclosing);
        match outer {
            Argument::Memory(offset) => {
                self.emit_with(DEREFERENCE, 0, &[enclosing, inner], offset);
            }
            Argument::Frame(offset) => {
                self.emit(ADD, &[enclosing, Argument::Constant(offset), inner]);
            }
            other => self.copy(other, inner),
        }
    }

    fn frame(&self, level: u32) -> Frame {
        self.layout()
            .frames
            .get(&level)
            .cloned()
            .unwrap_or_default()
    }

    /// Jumps to the arm `equal` if `same` is 1. The prover chooses `same`; each arm asserts what it relies on.
    fn branch(&mut self, same: Argument, [equal, otherwise]: [&'a Block; 2], results: &[Value]) {
        let targets: Vec<Argument> = results.iter().map(|value| self.cell(*value)).collect();
        let (label, join) = (self.label(), self.label());
        let span = self.span;
        self.jump(same, label, HERE);
        self.block(otherwise, &targets);
        self.span = span;
        if matches!(otherwise.end, End::Yield(_)) {
            self.deferred.push(Deferred {
                label,
                block: equal,
                targets,
                join,
                size: self.size,
                span,
            });
        } else {
            self.bind(label);
            self.block(equal, &targets);
            self.span = span;
        }
        self.bind(join);
    }

    fn switch(&mut self, way: Way, arms: &'a [Block], results: &[Value]) {
        let targets: Vec<Argument> = results.iter().map(|value| self.cell(*value)).collect();
        let join = self.label();
        match way {
            Way::Table {
                selector,
                destination,
            } => self.table(selector, destination, arms, &targets, join),
            Way::Bits { bits, first } => {
                let size = self.program.functions[self.function].arrays[bits.0 as usize].size;
                let place = |bit| self.argument(Operand::Cell(bits, size - 1 - bit));
                let bits: Vec<Argument> = (0..size).map(place).collect();
                self.tree(&bits, first, arms, &targets, join, true);
            }
        }
        self.bind(join);
    }

    /// The arms of first, first + 1, …; `bits` are those of the value, least significant first, and jumped on where two
    /// of the arms differ. The last arm falls through to `join`.
    fn tree(
        &mut self,
        bits: &[Argument],
        first: u32,
        arms: &'a [Block],
        targets: &[Argument],
        join: usize,
        falls: bool,
    ) {
        let span = self.span;
        if let [arm] = arms {
            self.block(arm, targets);
            self.span = span;
            if matches!(arm.end, End::Yield(_)) && !falls {
                self.jump(ONE, join, HERE);
            }
            return;
        }
        let last = first + arms.len() as u32 - 1;
        let bit = (first ^ last).ilog2();
        let middle = last >> bit << bit;
        let high = self.label();
        self.jump(bits[bit as usize], high, HERE);
        let (low_arms, high_arms) = arms.split_at((middle - first) as usize);
        self.tree(bits, first, low_arms, targets, join, false);
        self.bind(high);
        self.tree(bits, middle, high_arms, targets, join, falls);
    }

    fn table(
        &mut self,
        selector: Operand,
        destination: Value,
        arms: &'a [Block],
        targets: &[Argument],
        join: usize,
    ) {
        let span = self.span;
        let destination = self.cell(destination);
        let table = self.label();
        let selector = self.argument(selector);
        self.emit(ADD, &[selector, Argument::Label(table), destination]);
        self.emit(JUMP, &[ONE, destination, HERE]);
        self.bind(table);
        let labels: Vec<usize> = arms.iter().map(|_| self.label()).collect();
        for label in &labels {
            self.jump(ONE, *label, HERE);
        }
        for (label, arm) in labels.into_iter().zip(arms) {
            self.span = span;
            self.bind(label);
            self.block(arm, targets);
            if matches!(arm.end, End::Yield(_)) {
                self.jump(ONE, join, HERE);
            }
        }
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

    fn iterate(&mut self, the_loop: &'a Loop) {
        let span = self.span;
        let frame = self.frame(the_loop.level);
        let area = self.layout().areas.get(&the_loop.frames).copied();
        let body = self.label();
        let after = self.label();
        let initial = self.argument(the_loop.initial);
        let carried: Vec<Argument> = the_loop
            .carried
            .iter()
            .map(|carried| self.argument(carried.initial))
            .collect();
        let looks_out = the_loop.body.looks_out(the_loop.enclosing) || area.is_none();
        let outer: Vec<u32> = the_loop
            .carried
            .iter()
            .map(|c| self.value(c.outer))
            .collect();
        let leave;
        if let Some(start) = area {
            let at = |i: usize| Argument::Memory(start + i as u32);
            if looks_out {
                self.copy(HERE, at(0));
            }
            self.copy(initial, at(1));
            for (i, carried) in carried.iter().enumerate() {
                self.copy(*carried, at(2 + i));
            }
            self.jump(ONE, body, Argument::Frame(start));
            let number = match the_loop.iterations {
                Operand::Constant(number) => number,
                _ => 1,
            };
            leave = Argument::Frame(negate(start + (number - 1) * frame.size));
        } else {
            let size = match the_loop.iterations {
                Operand::Constant(number) => {
                    let frames = u64::from(number.div_ceil(the_loop.unrolled));
                    let total = frames * u64::from(frame.size) + u64::from(frame.header);
                    Argument::Constant(total.min(u64::from(MODULUS) - 1) as u32)
                }
                number => {
                    let (cells, total) = (self.cell(the_loop.cells), self.cell(the_loop.total));
                    let number = self.argument(number);
                    let (mut each, mut rest) = (frame.size, frame.header);
                    if let Some(bound) = the_loop.bound {
                        // The last of the shared frames may not be full. With what is added for that, a negative number
                        // of iterations, which never ends, could become few cells; so many cells alone there are not.
                        self.frame_hint(self.cell(bound), number, 1);
                        each = frame.size.div_ceil(the_loop.unrolled);
                        rest += frame.size;
                    }
                    self.emit(MULTIPLY, &[number, Argument::Constant(each), cells]);
                    self.emit(ADD, &[cells, Argument::Constant(rest), total]);
                    total
                }
            };
            let pointer = self.cell(the_loop.frames);
            let alignment = if frame.aligned { 8 } else { 1 };
            self.frame_hint(pointer, size, alignment);
            self.emit_with(DEREFERENCE, 0, &[pointer, HERE], 0);
            self.emit_with(DEREFERENCE, 0, &[pointer, initial], 1);
            for (i, carried) in carried.iter().enumerate() {
                self.emit_with(DEREFERENCE, 0, &[pointer, *carried], 2 + i as u32);
            }
            self.jump(ONE, body, pointer);
            leave = self.cell(the_loop.enclosing);
        }
        let outside = std::mem::replace(&mut self.size, frame.size);
        self.outside.insert(the_loop.level, outside);
        let open_loop = OpenLoop {
            the_loop,
            body,
            after,
            leave,
            outer: area.is_none().then_some(outer),
            looks_out,
        };
        let around = self.open_loop.replace(open_loop);
        self.bind(body);
        self.iterations.push(IterationCode {
            label: body,
            function: self.function,
            level: the_loop.level,
        });
        self.block(&the_loop.body, &[]);
        self.span = span;
        if let End::Yield(carried) = &the_loop.body.end {
            self.iteration_end(carried);
        }
        self.open_loop = around;
        self.size = outside;
        self.bind(after);
    }

    fn open_loop(&self) -> OpenLoop<'a> {
        let open_loop = self.open_loop.clone();
        open_loop.unwrap_or_else(|| unreachable!("iterations end within their loop"))
    }

    /// Between iterations that share a frame.
    fn exit(&mut self, [counter, next, last, again]: [&Value; 4], carried: &[Operand]) {
        let OpenLoop {
            after,
            leave,
            outer,
            ..
        } = self.open_loop();
        let on = self.label();
        let again = self.count(counter, next, last, again);
        self.jump(again, on, HERE);
        self.emit(ADD, &[self.cell(*next), ZERO, ZERO]);
        for (operand, outer) in carried.iter().zip(outer.into_iter().flatten()) {
            let operands = [Argument::Memory(0), self.argument(*operand)];
            self.emit_with(DEREFERENCE, 0, &operands, outer);
        }
        self.jump(ONE, after, leave);
        self.bind(on);
    }

    /// Counts an iteration, and hints whether there is another one.
    fn count(&mut self, counter: &Value, next: &Value, last: &Value, again: &Value) -> Argument {
        let (next, last, again) = (self.cell(*next), self.cell(*last), self.cell(*again));
        self.emit(ADD, &[self.cell(*counter), ONE, next]);
        // The prover chooses `again`, but leaves only where `next` is 0: one who goes on there needs p further iterations, more
        // than the caps of SPEC §17 allow rows.
        self.hint(5, vec![last, next, ZERO], 0, String::new());
        self.hint(5, vec![again, last, ZERO], 0, String::new());
        again
    }

    /// The end of an iteration: the next one, whose frame follows at the distance `size`, or none.
    fn iteration_end(&mut self, carried: &[Operand]) {
        let OpenLoop {
            the_loop,
            body,
            after,
            leave,
            outer,
            looks_out,
        } = self.open_loop();
        let targets = (2..).map(|i| Argument::Memory(self.size + i));
        let targets: Vec<Argument> = targets.take(carried.len()).collect();
        for (operand, target) in carried.iter().zip(&targets) {
            self.copy(self.argument(*operand), *target);
        }
        if looks_out {
            self.copy(Argument::Memory(0), Argument::Memory(self.size));
        }
        let again = self.count(
            &the_loop.end_counter,
            &the_loop.next,
            &the_loop.last,
            &the_loop.again,
        );
        self.jump(again, body, Argument::Frame(self.size));
        self.emit(ADD, &[self.cell(the_loop.next), ZERO, ZERO]);
        for (target, outer) in targets.iter().zip(outer.into_iter().flatten()) {
            self.emit_with(DEREFERENCE, 0, &[Argument::Memory(0), *target], outer);
        }
        self.jump(ONE, after, leave);
    }
}
