//! Emission of loops, whose iterations have frames of their own.

use super::{Emitter, HERE, IterationCode, ONE, ZERO, negate};
use crate::ast::MODULUS;
use crate::codegen::encode::{ADD, Argument, DEREFERENCE, EQUAL, MULTIPLY};
use crate::frames::Frame;
use crate::ir::{End, Loop, Operand, Value};

/// The loop whose iteration is being emitted.
#[derive(Clone)]
pub(super) struct OpenLoop<'a> {
    /// It.
    pub(super) the_loop: &'a Loop,
    /// Start of an iteration.
    body: usize,
    /// Behind the loop.
    after: usize,
    /// The frame outside, as an iteration sees it.
    leave: Argument,
    /// For iterations with a frame of their own: where the carried variables go in the frame
    /// outside.
    outer: Option<Vec<u32>>,
    /// Whether an iteration has the address of the frame outside.
    looks_out: bool,
}

impl<'a> Emitter<'a> {
    pub(super) fn iterate(&mut self, the_loop: &'a Loop) {
        let span = self.span;
        let frame = self.frame(the_loop.level);
        let area = self.layout().areas.get(&the_loop.frames).copied();
        let body = self.label();
        let after = self.label();
        let looks_out = the_loop.body.looks_out(the_loop.enclosing) || area.is_none();
        let outer: Vec<u32> = the_loop
            .carried
            .iter()
            .map(|c| self.value(c.outer))
            .collect();
        let leave = match area {
            Some(start) => self.enter_area(the_loop, &frame, start, looks_out, body),
            None => self.enter_allocated(the_loop, &frame, body),
        };
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

    /// The first values of the counter and of the carried variables.
    fn initial(&self, the_loop: &Loop) -> Vec<Argument> {
        let carried = the_loop.carried.iter().map(|carried| carried.initial);
        let initial = [the_loop.initial].into_iter().chain(carried);
        initial.map(|operand| self.argument(operand)).collect()
    }

    /// Jumps to the first iteration, whose frame is within the one outside; the frame outside, as
    /// the last iteration sees it.
    fn enter_area(
        &mut self,
        the_loop: &Loop,
        frame: &Frame,
        start: u32,
        looks_out: bool,
        body: usize,
    ) -> Argument {
        if looks_out {
            self.copy(HERE, Argument::Memory(start));
        }
        for (i, initial) in self.initial(the_loop).into_iter().enumerate() {
            self.copy(initial, Argument::Memory(start + 1 + i as u32));
        }
        self.jump(ONE, body, Argument::Frame(start));
        let number = match the_loop.iterations {
            Operand::Constant(number) => number,
            _ => 1,
        };
        Argument::Frame(negate(start + (number - 1) * frame.size))
    }

    /// Allocates the frames and jumps to the first iteration; the frame outside, as an iteration
    /// sees it.
    fn enter_allocated(&mut self, the_loop: &Loop, frame: &Frame, body: usize) -> Argument {
        let initial = self.initial(the_loop);
        let size = self.frames_size(the_loop, frame);
        let pointer = self.cell(the_loop.frames);
        let alignment = if frame.aligned { 8 } else { 1 };
        self.frame_hint(pointer, size, alignment);
        self.emit_with(DEREFERENCE, 0, &[pointer, HERE], 0);
        for (i, initial) in initial.into_iter().enumerate() {
            self.emit_with(DEREFERENCE, 0, &[pointer, initial], 1 + i as u32);
        }
        self.jump(ONE, body, pointer);
        self.cell(the_loop.enclosing)
    }

    /// The cells of the frames of all iterations, and of the header that follows the last.
    fn frames_size(&mut self, the_loop: &Loop, frame: &Frame) -> Argument {
        let number = match the_loop.iterations {
            Operand::Constant(number) => {
                let frames = u64::from(number.div_ceil(the_loop.unrolled));
                let total = frames * u64::from(frame.size) + u64::from(frame.header);
                return Argument::Constant(total.min(u64::from(MODULUS) - 1) as u32);
            }
            number => self.argument(number),
        };
        let (cells, total) = (self.cell(the_loop.cells), self.cell(the_loop.total));
        let (mut each, mut rest) = (frame.size, frame.header);
        if let Some(bound) = the_loop.bound {
            // The last of the shared frames may not be full. With what is added for that, a
            // negative number of iterations, which never ends, could become few cells; so many
            // cells alone there are not.
            self.frame_hint(self.cell(bound), number, 1);
            each = frame.size.div_ceil(the_loop.unrolled);
            rest += frame.size;
        }
        self.emit(MULTIPLY, &[number, Argument::Constant(each), cells]);
        self.emit(ADD, &[cells, Argument::Constant(rest), total]);
        total
    }

    pub(super) fn open_loop(&self) -> OpenLoop<'a> {
        let open_loop = self.open_loop.clone();
        open_loop.unwrap_or_else(|| unreachable!("iterations end within their loop"))
    }

    /// Between iterations that share a frame.
    pub(super) fn exit(&mut self, [counter, next, last, again]: [&Value; 4], carried: &[Operand]) {
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
        // The prover chooses `again`, but leaves only where `next` is 0: one who goes on there
        // needs p further iterations, more than the caps of SPEC §18 allow rows.
        self.hint(EQUAL, vec![last, next, ZERO], 0, String::new());
        self.hint(EQUAL, vec![again, last, ZERO], 0, String::new());
        again
    }

    /// The end of an iteration: the next one, whose frame follows at the distance `size`, or none.
    pub(super) fn iteration_end(&mut self, carried: &[Operand]) {
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

    /// inner = an operand of the frame outside. `enclosing` is a cell of this frame.
    pub(super) fn outer(&mut self, inner: Operand, outer: Operand, enclosing: Value) {
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
}
