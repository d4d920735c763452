//! Programs that mostly run.
//!
//! The builder executes what it writes in a [`Model`] of the memory, and writes only instructions
//! whose relation then holds. It knows no permutation and no extension field: cells written by
//! those instructions are defined, but of unknown value.

mod hashes;

use arbitrary::Unstructured;

use super::model::{Model, Value, add, combine, inverse, mul, sub};
use crate::canonical::{Case, MODULUS, Private};
use crate::encoding::{
    ADD, BASE, CHAIN, DEREF, DOT_PRODUCT, EQ, HALF, HALT, Hint, Instruction, JUMP, MUL, Operand,
    PATH, PERMUTE, POSEIDON_8, POSEIDON_16_HALVES, Program, SPONGE,
};

const MAX_ATOMS: u32 = 28;
const MAX_HEAP: u32 = 1800;

type Result<T> = arbitrary::Result<T>;
/// An operation of F.
type Operation = fn(u32, u32) -> u32;

/// A random case that should run to HALT.
///
/// # Errors
/// None in practice: an exhausted source gives zeros.
pub fn case(source: &mut Unstructured<'_>) -> Result<Case> {
    let mut builder = Builder::new(source)?;
    let atoms = builder.up_to(MAX_ATOMS)?;
    for _ in 0..atoms {
        builder.atom()?;
    }
    let Builder {
        mut program,
        public,
        private,
        ..
    } = builder;
    let pc = program.instructions.len() as u32;
    if program.hints.last().is_some_and(|hint| hint.pc == pc) {
        program
            .instructions
            .push(Instruction::new(ADD, &[Operand::Constant(0); 3]));
    }
    program.instructions.push(Instruction::new(HALT, &[]));
    Ok(Case::new(program.bytes(), public, private))
}

/// A random element, small or special more often than not.
///
/// # Errors
/// None in practice.
pub fn element(source: &mut Unstructured<'_>) -> Result<u32> {
    Ok(match source.int_in_range(0..=5u8)? {
        0 => 0,
        1 => 1,
        2 => source.int_in_range(0..=40)?,
        3 => MODULUS - 1 - source.int_in_range(0..=8)?,
        _ => source.arbitrary::<u32>()? % MODULUS,
    })
}

struct Builder<'b, 'u> {
    source: &'b mut Unstructured<'u>,
    program: Program,
    public: Vec<u32>,
    private: Private,
    model: Model,
    fp: u32,
    /// The cells of the current frame that are not used yet.
    free: core::ops::Range<u32>,
    /// The bump pointer.
    next: u32,
    depth: u32,
    /// Earlier instructions on chunks, halves and runs whose operands do not depend on fp.
    repeatable: Vec<Instruction>,
}

impl<'b, 'u> Builder<'b, 'u> {
    fn new(source: &'b mut Unstructured<'u>) -> Result<Self> {
        let length = source.int_in_range(0..=24u32)?;
        let mut public = Vec::new();
        for _ in 0..length {
            public.push(element(source)?);
        }
        let fp = 8 * length.div_ceil(8).next_power_of_two();
        let frame_size = source.int_in_range(24..=120u32)?;
        let mut model = Model::default();
        for address in 0..fp {
            model.define(
                address,
                Some(public.get(address as usize).copied().unwrap_or(0)),
            );
        }
        Ok(Self {
            source,
            program: Program {
                frame_size,
                ..Program::default()
            },
            public,
            private: Private::new(),
            model,
            fp,
            free: fp..fp + frame_size,
            next: fp + frame_size,
            depth: 0,
            repeatable: Vec::new(),
        })
    }

    fn up_to(&mut self, greatest: u32) -> Result<u32> {
        self.source.int_in_range(0..=greatest)
    }

    fn coin(&mut self) -> Result<bool> {
        Ok(self.up_to(1)? == 1)
    }

    fn pick(&mut self, list: &[u32]) -> Result<Option<u32>> {
        if list.is_empty() {
            return Ok(None);
        }
        let index = self.up_to(list.len() as u32 - 1)?;
        Ok(list.get(index as usize).copied())
    }

    fn pc(&self) -> u32 {
        self.program.instructions.len() as u32
    }

    fn emit(&mut self, opcode: u32, operands: &[Operand]) {
        self.program
            .instructions
            .push(Instruction::new(opcode, operands));
    }

    fn hint(&mut self, kind: u32, operands: &[Operand], imm: u32, name: &str) {
        let hint = Hint {
            pc: self.pc(),
            kind,
            operands: operands.to_vec(),
            imm,
            name: name.to_owned(),
        };
        self.program.hints.push(hint);
    }

    /// The operand m[fp + k] for an address.
    fn cell(&self, address: u32) -> Operand {
        Operand::Memory(sub(address, self.fp))
    }

    /// An operand whose value is the given one: a constant, an offset from fp, or a cell that holds
    /// it.
    fn holding(&mut self, value: u32) -> Result<Operand> {
        let holders = self.model.holders(value);
        Ok(match self.up_to(2)? {
            0 => Operand::Constant(value),
            1 => Operand::Frame(sub(value, self.fp)),
            _ => self
                .pick(&holders)?
                .map_or(Operand::Constant(value), |address| self.cell(address)),
        })
    }

    /// An operand that is defined.
    fn defined(&mut self) -> Result<(Operand, Value)> {
        Ok(match self.up_to(7)? {
            0 => {
                let value = element(self.source)?;
                (Operand::Constant(value), Some(value))
            }
            1 => {
                let offset = self.up_to(20)?;
                (Operand::Frame(offset), Some(self.fp + offset))
            }
            _ => {
                let list = self.model.defined().to_vec();
                let address = self.pick(&list)?.unwrap_or(0);
                (self.cell(address), self.model.value(address))
            }
        })
    }

    /// An operand of known value.
    fn known(&mut self) -> Result<(Operand, u32)> {
        for _ in 0..4 {
            if let (operand, Some(value)) = self.defined()? {
                return Ok((operand, value));
            }
        }
        let value = element(self.source)?;
        Ok((Operand::Constant(value), value))
    }

    /// A cell that no relation has defined; sometimes one that is joined with others.
    fn undefined(&mut self) -> Result<Option<u32>> {
        let joined = self.model.joined();
        if !joined.is_empty() && self.coin()? {
            return self.pick(&joined);
        }
        Ok(self.free.next())
    }

    /// The address of `size` fresh cells: of the frame, or of an alloc hint.
    fn region(&mut self, size: u32, aligned: bool) -> Result<Option<u32>> {
        let start = if aligned {
            self.free.start.next_multiple_of(8)
        } else {
            self.free.start
        };
        if start + size <= self.free.end && self.coin()? {
            self.free.start = start + size;
            return Ok(Some(start));
        }
        self.allocate(size, aligned)
    }

    /// The address of `size` fresh cells of an alloc hint; a cell of the frame holds it.
    fn allocate(&mut self, size: u32, aligned: bool) -> Result<Option<u32>> {
        let alignment = if aligned { 8 } else { 1 };
        let address = self.next.next_multiple_of(alignment);
        if address + size > MAX_HEAP {
            return Ok(None);
        }
        let Some(destination) = self.free.next() else {
            return Ok(None);
        };
        let size_operand = self.holding(size)?;
        self.hint(0, &[self.cell(destination), size_operand], alignment, "");
        self.model.define(destination, Some(address));
        self.next = address + size;
        Ok(Some(address))
    }

    fn atom(&mut self) -> Result<()> {
        match self.up_to(19)? {
            0 | 1 => self.relation(ADD),
            2 | 3 => self.relation(MUL),
            4 | 5 => self.deref(),
            6 => self.jump(),
            7 => self.call(),
            8 => self.counted_loop(),
            9 | 10 => self.poseidon(),
            11 => self.reduction(DOT_PRODUCT),
            12 => self.reduction(EQ),
            13 => self.witness(),
            14 => self.bits(),
            15 => self.halves(),
            16 => self.chains(),
            17 => self.path(),
            18 => self.sponge(),
            _ => self.small_hint(),
        }
    }

    /// ADD or MUL with any of the three operands unknown, or none.
    fn relation(&mut self, opcode: u32) -> Result<()> {
        let (apply, solve): (Operation, Operation) = if opcode == ADD {
            (add, sub)
        } else {
            (mul, |result, factor| mul(result, inverse(factor)))
        };
        let direction = self.up_to(3)?;
        if direction == 3 {
            let ((left, a), (right, b)) = (self.known()?, self.known()?);
            let result = self.holding(apply(a, b))?;
            self.emit(opcode, &[left, right, result]);
            return Ok(());
        }
        let ((first, a), (second, b)) = (self.defined()?, self.defined()?);
        if direction < 2 && opcode == MUL && a.is_none_or(|factor| factor == 0) {
            return Ok(());
        }
        let Some(address) = self.undefined()? else {
            return Ok(());
        };
        let unknown = self.cell(address);
        match direction {
            0 => self.emit(opcode, &[unknown, first, second]),
            1 => self.emit(opcode, &[first, unknown, second]),
            _ => self.emit(opcode, &[first, second, unknown]),
        }
        let value = if direction == 2 {
            combine(apply, a, b)
        } else {
            combine(solve, b, a)
        };
        self.model.define(address, value);
        Ok(())
    }

    /// DEREF: a read, a write, a join or a check.
    fn deref(&mut self) -> Result<()> {
        let known = self.model.known();
        let Some(pointer) = self.pick(&known)? else {
            return Ok(());
        };
        let base = self.model.value(pointer).unwrap_or(0);
        let defined = self.model.defined().to_vec();
        let (target, value) = match self.up_to(3)? {
            0 => {
                let target = self.pick(&defined)?.unwrap_or(0);
                let Some(cell) = self.undefined()? else {
                    return Ok(());
                };
                let value = self.model.value(target);
                self.model.define(cell, value);
                (target, self.cell(cell))
            }
            1 => {
                let (operand, value) = self.defined()?;
                let Some(target) = self.undefined()? else {
                    return Ok(());
                };
                self.model.define(target, value);
                (target, operand)
            }
            2 => {
                let (Some(target), Some(cell)) = (self.undefined()?, self.undefined()?) else {
                    return Ok(());
                };
                self.model.join(target, cell);
                (target, self.cell(cell))
            }
            _ => {
                let Some(target) = self.pick(&known)? else {
                    return Ok(());
                };
                let value = self.model.value(target).unwrap_or(0);
                (target, self.holding(value)?)
            }
        };
        self.program.instructions.push(Instruction {
            opcode: DEREF,
            operands: vec![self.cell(pointer), value],
            imm: sub(target, base),
            flags: 0,
        });
        Ok(())
    }

    /// A jump forward over instructions that are never executed, or one that is not taken.
    fn jump(&mut self) -> Result<()> {
        let taken = self.coin()?;
        let condition = self.holding(u32::from(taken))?;
        if !taken {
            let destination = if self.coin()? {
                Operand::Constant(0)
            } else {
                self.defined()?.0
            };
            let destination = match destination {
                Operand::Constant(_) => Operand::Constant(0),
                other => other,
            };
            let frame = match (self.coin()?, self.free.start < self.free.end) {
                (true, true) => self.cell(self.free.start),
                _ => self.defined()?.0,
            };
            self.emit(JUMP, &[condition, destination, frame]);
            return Ok(());
        }
        let skipped = self.up_to(2)?;
        let target = self.pc() + 1 + skipped;
        let destination = match self.holding(target)? {
            Operand::Constant(_) => Operand::Constant(target),
            other => other,
        };
        let frame = self.holding(self.fp)?;
        self.emit(JUMP, &[condition, destination, frame]);
        for _ in 0..skipped {
            let opcode = ADD + self.up_to(1)?;
            let operand = Operand::Memory(element(self.source)?);
            self.emit(opcode, &[operand, Operand::Constant(1), operand]);
        }
        Ok(())
    }

    /// A call: a frame, an argument through DEREF, instructions in the frame, a result, the return.
    fn call(&mut self) -> Result<()> {
        if self.depth >= 2 {
            return Ok(());
        }
        let size = 16 + self.up_to(16)?;
        let aligned = self.coin()?;
        let Some(frame) = self.allocate(size, aligned)? else {
            return Ok(());
        };
        let holder = self.cell(*self.model.holders(frame).last().unwrap_or(&0));
        let (argument, argument_value) = self.defined()?;
        self.store(holder, 0, Operand::Frame(0));
        self.store(holder, 1, argument);
        let caller = (self.fp, self.free.clone());
        let destination = Operand::Constant(self.pc() + 1);
        self.emit(JUMP, &[Operand::Constant(1), destination, holder]);
        self.fp = frame;
        self.free = frame + 2..frame + size;
        self.model.define(frame, Some(caller.0));
        self.model.define(frame + 1, argument_value);
        self.depth += 1;
        for _ in 0..self.up_to(5)? {
            self.atom()?;
        }
        self.depth -= 1;
        let mut free = caller.1;
        if let Some(result) = free.next() {
            let (operand, value) = self.defined()?;
            self.store(Operand::Memory(0), sub(result, caller.0), operand);
            self.model.define(result, value);
        }
        let destination = Operand::Constant(self.pc() + 1);
        self.emit(
            JUMP,
            &[Operand::Constant(1), destination, Operand::Memory(0)],
        );
        self.fp = caller.0;
        self.free = free;
        Ok(())
    }

    fn store(&mut self, pointer: Operand, offset: u32, value: Operand) {
        self.program.instructions.push(Instruction {
            opcode: DEREF,
            operands: vec![pointer, value],
            imm: offset,
            flags: 0,
        });
    }

    /// A loop of a few rounds, each in a frame of its own: 0 counter, 1 accumulator, 2 caller, 3
    /// next frame, 4 counter − 1, 5 inverse of the counter, 6 whether it is not 0, 7 product, 8
    /// next accumulator.
    fn counted_loop(&mut self) -> Result<()> {
        const SIZE: u32 = 9;
        let rounds = self.up_to(4)?;
        if self.next + (rounds + 2) * SIZE > MAX_HEAP {
            return Ok(());
        }
        let factor = element(self.source)?;
        let (start, mut accumulator) = self.defined()?;
        let Some(result) = self.free.next() else {
            return Ok(());
        };
        let Some(frame) = self.allocate(SIZE, false)? else {
            return Ok(());
        };
        let holder = self.cell(*self.model.holders(frame).last().unwrap_or(&0));
        self.store(holder, 0, Operand::Constant(rounds));
        self.store(holder, 1, start);
        self.store(holder, 2, Operand::Frame(0));
        let body = Operand::Constant(self.pc() + 1);
        self.emit(JUMP, &[Operand::Constant(1), body, holder]);
        let m = Operand::Memory;
        self.hint(0, &[m(3), Operand::Constant(SIZE)], 1, "");
        self.hint(3, &[m(5), m(0)], 0, "");
        self.emit(ADD, &[m(4), Operand::Constant(1), m(0)]);
        self.emit(MUL, &[m(0), m(5), m(6)]);
        self.emit(MUL, &[m(1), Operand::Constant(factor), m(7)]);
        self.emit(ADD, &[m(7), m(0), m(8)]);
        self.store(m(3), 0, m(4));
        self.store(m(3), 1, m(8));
        self.store(m(3), 2, m(2));
        self.emit(JUMP, &[m(6), body, m(3)]);
        self.store(m(2), sub(result, self.fp), m(8));
        let after = Operand::Constant(self.pc() + 1);
        self.emit(JUMP, &[Operand::Constant(1), after, m(2)]);
        for counter in (0..=rounds).rev() {
            accumulator = combine(add, combine(mul, accumulator, Some(factor)), Some(counter));
        }
        self.model.define(result, accumulator);
        self.next += (rounds + 1) * SIZE;
        Ok(())
    }

    fn repeat(&mut self) -> Result<bool> {
        if self.repeatable.is_empty() || self.up_to(5)? != 0 {
            return Ok(false);
        }
        let index = self.up_to(self.repeatable.len() as u32 - 1)?;
        self.program
            .instructions
            .extend(self.repeatable.get(index as usize).cloned());
        Ok(true)
    }

    fn finish(&mut self, instruction: Instruction) {
        if instruction
            .operands
            .iter()
            .all(|operand| matches!(operand, Operand::Constant(_)))
        {
            self.repeatable.push(instruction.clone());
        }
        self.program.instructions.push(instruction);
    }

    fn elements(&mut self, number: u32) -> Result<Vec<u32>> {
        (0..number).map(|_| element(self.source)).collect()
    }

    /// Has a list of private input written to undefined cells from an address on.
    fn advise(&mut self, address: u32, list: &[u32]) -> Result<()> {
        let name = ["a", "path_2", "Z9"][self.up_to(2)? as usize];
        let pointer = self.holding(address)?;
        // The second time, the hint finds the cells defined with the values that it writes.
        let times = if self.up_to(7)? == 0 { 2 } else { 1 };
        for _ in 0..times {
            self.hint(1, &[pointer], 0, name);
            self.private
                .entry(name.to_owned())
                .or_default()
                .push(list.to_vec());
        }
        for (cell, value) in (address..).zip(list) {
            self.model.define(cell, Some(*value));
        }
        Ok(())
    }

    fn witness(&mut self) -> Result<()> {
        let length = self.up_to(16)?;
        let list = self.elements(length)?;
        let aligned = self.coin()?;
        let Some(address) = self.region(length, aligned)? else {
            return Ok(());
        };
        self.advise(address, &list)
    }

    fn bits(&mut self) -> Result<()> {
        let (operand, value) = self.known()?;
        let least = 32 - value.leading_zeros();
        let count = if self.coin()? {
            least
        } else {
            least + self.up_to(31 - least)?
        };
        let Some(address) = self.region(count, false)? else {
            return Ok(());
        };
        let pointer = self.holding(address)?;
        self.hint(2, &[operand, pointer], count, "");
        for i in 0..count {
            self.model
                .define(address + i, Some((value >> (count - 1 - i)) & 1));
        }
        Ok(())
    }

    fn small_hint(&mut self) -> Result<()> {
        let (operand, value) = self.defined()?;
        let kind = 3 + self.up_to(2)?;
        if kind == 4 {
            self.hint(4, &[operand], 0, "");
            return Ok(());
        }
        let Some(address) = self.undefined()? else {
            return Ok(());
        };
        if kind == 5 {
            let (right, is_equal) = if self.coin()? {
                (operand, Some(1))
            } else {
                let (right, other) = self.defined()?;
                (right, combine(|a, b| u32::from(a == b), value, other))
            };
            self.hint(5, &[self.cell(address), operand, right], 0, "");
            self.model.define(address, is_equal);
            return Ok(());
        }
        self.hint(3, &[self.cell(address), operand], 0, "");
        self.model.define(address, value.map(inverse));
        Ok(())
    }
}
