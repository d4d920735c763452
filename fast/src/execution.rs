//! SPEC §6 execution.
//!
//! Runs a program cycle by cycle. Instructions are decoded once; addresses are canonical integers,
//! values are elements. What an instruction does is in its file of `crate::instructions`.

mod halted;
mod input;

use std::collections::BTreeMap;

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::{F, MODULUS, to_canonical};
use crate::instructions;
use crate::isa::{Hint, HintKind, Instruction, Opcode, Operand, Program};
use crate::layout::{self, Allocation, Allocator};
use crate::memory::{CHUNK, CHUNK_CELLS, MAX_CELLS, MAX_PUBLIC_INPUT, Memory};
use crate::rejection::{Error, Rejection};

pub use halted::Execution;
pub use input::Input;

/// The cycle cap.
pub const MAX_CYCLES: u64 = 1 << 24;

/// Caps of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Greatest number of cycles.
    pub cycles: u64,
    /// Greatest number of cells; at most 2^26 counts.
    pub cells: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cycles: MAX_CYCLES,
            cells: MAX_CELLS,
        }
    }
}

/// An execution that was rejected before HALT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Why, and where.
    pub error: Error,
    /// What was printed until then.
    pub printed: Vec<F>,
}

impl From<Error> for Stopped {
    /// Rejected before anything was printed.
    fn from(error: Error) -> Self {
        Self {
            error,
            printed: Vec::new(),
        }
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        stopped.error
    }
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(formatter)
    }
}

impl std::error::Error for Stopped {}

/// An operand as the machine reads it, with canonical k.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Constant(F),
    Memory(u32),
    Frame(u32),
}

impl From<Operand> for Source {
    fn from(operand: Operand) -> Self {
        match operand {
            Operand::Constant(k) => Self::Constant(k),
            Operand::Memory(k) => Self::Memory(to_canonical(k)),
            Operand::Frame(k) => Self::Frame(to_canonical(k)),
        }
    }
}

/// The value of an operand: known, or that of an undefined cell.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Known(F),
    Unknown(u32),
}

impl Value {
    /// The value, which must be defined.
    #[inline]
    pub(crate) fn known(self) -> Result<F, Error> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(address) => {
                Err(Rejection::OperandUndefined.at(format!("cell {address} is undefined")))
            }
        }
    }
}

/// A decoded instruction.
pub(crate) struct Operation {
    pub(crate) opcode: Opcode,
    pub(crate) sources: [Source; 4],
    pub(crate) imm: u32,
    pub(crate) half: bool,
    pub(crate) permute: bool,
    pub(crate) base: bool,
}

impl From<&Instruction> for Operation {
    fn from(instruction: &Instruction) -> Self {
        Self {
            opcode: instruction.opcode(),
            sources: std::array::from_fn(|i| instruction.operand(i).into()),
            imm: to_canonical(instruction.imm()),
            half: instruction.half(),
            permute: instruction.permute(),
            base: instruction.base(),
        }
    }
}

/// What an instruction sees of the machine.
pub(crate) struct Machine {
    pub(crate) memory: Memory,
    pub(crate) fp: u32,
}

impl Machine {
    /// Reads an operand; its address is checked even if the cell is undefined.
    #[inline]
    pub(crate) fn read(&mut self, source: Source) -> Result<Value, Error> {
        match source {
            Source::Constant(k) => Ok(Value::Known(k)),
            Source::Frame(k) => Ok(Value::Known(F::from_u32(add(self.fp, k)))),
            Source::Memory(k) => {
                let address = add(self.fp, k);
                Ok(self
                    .memory
                    .read(address)?
                    .map_or(Value::Unknown(address), Value::Known))
            }
        }
    }

    /// Reads the first N operands.
    #[inline]
    pub(crate) fn read_all<const N: usize>(
        &mut self,
        operation: &Operation,
    ) -> Result<[Value; N], Error> {
        let mut values = [Value::Unknown(0); N];
        for (value, source) in values.iter_mut().zip(operation.sources) {
            *value = self.read(source)?;
        }
        Ok(values)
    }
}

/// a + b in Z/p, for canonical a and b.
#[inline]
pub(crate) const fn add(a: u32, b: u32) -> u32 {
    let sum = a + b;
    if sum >= MODULUS { sum - MODULUS } else { sum }
}

/// The number 8K of public cells for n public elements.
#[must_use]
pub const fn num_public_cells(n: usize) -> usize {
    n.div_ceil(CHUNK_CELLS).next_power_of_two() * CHUNK_CELLS
}

/// A cycle: where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The index of the instruction.
    pub pc: u32,
    /// The frame pointer.
    pub fp: F,
}

/// What tools see of an execution beyond its result.
#[derive(Debug, Default)]
pub struct Recording {
    /// The cycles that were begun. Of an execution that is rejected in a cycle, that
    /// cycle is the last.
    pub cycles: Vec<Cycle>,
    /// Whether each of the M cells was defined at HALT; empty if the execution is rejected.
    pub defined: Vec<bool>,
    /// If the execution is rejected, where.
    pub rejected: Option<RejectedAt>,
}

/// The state in which an execution is rejected.
#[derive(Debug)]
pub struct RejectedAt {
    /// The index of the hint that cannot be computed, if it is one.
    pub hint: Option<usize>,
    /// The memory.
    pub memory: Memory,
    /// The allocations, in order; the frame of `main` is none of them.
    pub allocations: Vec<Allocation>,
}

/// Runs a program, and once more if the layout of a second run pays.
///
/// ```
/// use leanvm_fast::assembly::assemble;
/// use leanvm_fast::execution::{Input, Limits, execute};
///
/// // The sum of the first two public elements is the third one.
/// let program = assemble(".frame 8\nadd m[fp-8], m[fp-7], m[fp-6]\nhalt")?;
/// execute(&program, &Input::new(&[3, 4, 7])?, &Limits::default())?;
///
/// let refused = execute(&program, &Input::new(&[3, 4, 8])?, &Limits::default());
/// assert_eq!(refused.unwrap_err().error.rejection.name(), "relation-violated");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Codes 20 to 35, the first in the order of SPEC §6, of the first run; with what it printed.
pub fn execute(program: &Program, input: &Input, limits: &Limits) -> Result<Execution, Stopped> {
    let (halted, first) = run_twice(program, input, limits, &mut Recording::default())?;
    Ok(halted.into_execution(program, input, &first))
}

/// Runs a program and records it, to the end or to its rejection.
pub fn record(
    program: &Program,
    input: &Input,
    limits: &Limits,
) -> (Result<Execution, Stopped>, Recording) {
    let mut recording = Recording::default();
    let result = run_twice(program, input, limits, &mut recording).map(|(halted, first)| {
        recording.defined = halted.memory.defined();
        recording.defined.resize(halted.cells(), false);
        halted.into_execution(program, input, &first)
    });
    if let Ok(execution) = &result {
        recording.cycles.clone_from(&execution.cycles);
    }
    (result, recording)
}

/// What remains of a first run.
struct First {
    cells: usize,
    used_cells: usize,
    naive_cells: u64,
}

/// The run that stands. A run that is rejected is recorded.
fn run_twice(
    program: &Program,
    input: &Input,
    limits: &Limits,
    recording: &mut Recording,
) -> Result<(Halted, First), Stopped> {
    let code = Code {
        operations: program.instructions().iter().map(Operation::from).collect(),
        halt_pc: program.halt_pc(),
        hints: HintIndex::new(program),
    };
    let runner = Runner::new(program, input, limits, None)?;
    let halted = run(&code, runner, limits.cycles, recording)?;
    let first = First {
        cells: halted.cells(),
        used_cells: halted.memory.used_cells(),
        naive_cells: layout::naive_cells(
            halted.fp_0,
            program.frame_size(),
            &halted.allocator.allocations,
        ),
    };
    let second = second_run(program, input, &code, &halted);
    Ok((second.unwrap_or(halted), first))
}

/// The second run, if there is one and it stands.
fn second_run(program: &Program, input: &Input, code: &Code<'_>, first: &Halted) -> Option<Halted> {
    #[expect(clippy::cast_possible_truncation, reason = "M ≤ 2^26")]
    let cells = first.cells() as u32;
    let plan = layout::plan(
        &first.memory,
        first.fp_0 + program.frame_size(),
        &first.allocator.allocations,
        cells,
    )?;
    let cycles = first.cycles.len() as u64;
    let limits = Limits {
        cycles,
        cells: cells - CHUNK,
    };
    let runner = Runner::new(program, input, &limits, Some(plan)).ok()?;
    let second = run(code, runner, cycles, &mut Recording::default()).ok()?;
    let pcs = |halted: &Halted| {
        halted
            .cycles
            .iter()
            .map(|cycle| cycle.pc)
            .collect::<Vec<_>>()
    };
    // §7.9.
    let stands = pcs(first) == pcs(&second) && first.printed == second.printed;
    stands.then_some(second)
}

/// A program made ready for running.
struct Code<'a> {
    operations: Vec<Operation>,
    halt_pc: u32,
    hints: HintIndex<'a>,
}

/// A run that has reached HALT.
struct Halted {
    fp_0: u32,
    memory: Memory,
    allocator: Allocator,
    cycles: Vec<Cycle>,
    printed: Vec<F>,
}

impl Halted {
    /// M.
    fn cells(&self) -> usize {
        self.allocator.cells(self.memory.len())
    }

    fn into_execution(self, program: &Program, input: &Input, first: &First) -> Execution {
        let cells = self.cells();
        Execution {
            program: program.digest(),
            public: input.public.clone(),
            fp_0: self.fp_0,
            used_cells: self.memory.used_cells(),
            allocations: self.allocator.allocations,
            memory: self.memory.finish(cells),
            cycles: self.cycles,
            printed: self.printed,
            first_cells: first.cells,
            first_used_cells: first.used_cells,
            naive_cells: first.naive_cells,
        }
    }
}

/// Runs to HALT, or to a rejection, which is recorded.
fn run(
    code: &Code<'_>,
    mut runner: Runner<'_>,
    limit: u64,
    recording: &mut Recording,
) -> Result<Halted, Stopped> {
    let fp_0 = runner.machine.fp;
    let mut cycles = Vec::new();
    let mut hint = None;
    let result = until_halt(code, &mut runner, limit, &mut cycles, &mut hint);
    let Runner {
        machine: Machine { memory, .. },
        allocator,
        printed,
        ..
    } = runner;
    if let Err(error) = result {
        recording.cycles = cycles;
        recording.rejected = Some(RejectedAt {
            hint,
            memory,
            allocations: allocator.allocations,
        });
        return Err(Stopped { error, printed });
    }
    Ok(Halted {
        fp_0,
        memory,
        allocator,
        cycles,
        printed,
    })
}

/// The cycles that are begun, at most `limit`, and the hint that cannot be computed, if
/// that ends it.
fn until_halt(
    code: &Code<'_>,
    runner: &mut Runner<'_>,
    limit: u64,
    cycles: &mut Vec<Cycle>,
    failed_hint: &mut Option<usize>,
) -> Result<(), Error> {
    let Code {
        operations,
        halt_pc,
        hints,
    } = code;
    let fp_0 = runner.machine.fp;
    let (mut pc, mut fp_element) = (0, F::from_u32(fp_0));
    loop {
        // §6.4.
        let Some(operation) = operations.get(pc as usize) else {
            return Err(
                Rejection::PcOutOfRange.at(format!("pc {pc} of {} instructions", operations.len()))
            );
        };
        if pc == *halt_pc {
            // §6.5.
            if runner.machine.fp != fp_0 {
                return Err(Rejection::FinalFrame
                    .at(format!("fp {} at HALT, fp_0 is {fp_0}", runner.machine.fp)));
            }
            // §6.6, §6.7.
            return runner.check_consumed();
        }
        // §6.8.
        if cycles.len() as u64 >= limit {
            return Err(Rejection::CycleLimit.at(format!("{limit} cycles without HALT")));
        }
        let place = |error: Error, what: &str, fp: u32| {
            error
                .rejection
                .at(format!("pc {pc} ({what}), fp {fp}: {}", error.detail))
        };
        cycles.push(Cycle { pc, fp: fp_element });
        // §6.9.
        for (index, hint) in hints.at(pc) {
            if let Err(error) = runner.hint(hint) {
                *failed_hint = Some(index);
                return Err(place(error, "hint", runner.machine.fp));
            }
        }
        // §6.10.
        let jump = instructions::execute(&mut runner.machine, operation)
            .map_err(|error| place(error, operation.opcode.name(), runner.machine.fp))?;
        if let Some((destination, frame)) = jump {
            pc = to_canonical(destination);
            runner.machine.fp = to_canonical(frame);
            fp_element = frame;
        } else {
            pc += 1;
        }
    }
}

/// The hints of each pc.
struct HintIndex<'a> {
    hints: &'a [Hint],
    /// The hints of pc are `starts[pc]..starts[pc + 1]`.
    starts: Vec<u32>,
}

impl<'a> HintIndex<'a> {
    fn new(program: &'a Program) -> Self {
        let hints = program.hints();
        let mut starts = vec![0; program.instructions().len() + 1];
        for hint in hints {
            starts[hint.pc as usize + 1] += 1;
        }
        for pc in 1..starts.len() {
            starts[pc] += starts[pc - 1];
        }
        Self { hints, starts }
    }

    /// The hints of a pc with their indices.
    #[inline]
    fn at(&self, pc: u32) -> impl Iterator<Item = (usize, &'a Hint)> {
        let range = self.starts[pc as usize] as usize..self.starts[pc as usize + 1] as usize;
        range.clone().zip(&self.hints[range])
    }
}

struct Runner<'a> {
    machine: Machine,
    allocator: Allocator,
    /// The lists of each name that are left.
    private: BTreeMap<&'a str, &'a [Vec<F>]>,
    printed: Vec<F>,
}

impl<'a> Runner<'a> {
    /// The state before the first cycle; a second run has the allocations of its plan.
    fn new(
        program: &Program,
        input: &'a Input,
        limits: &Limits,
        plan: Option<Vec<Allocation>>,
    ) -> Result<Self, Error> {
        let n = input.public.len();
        // §6.2, §5.4.
        if n > MAX_PUBLIC_INPUT {
            return Err(Rejection::PublicInputTooLong
                .at(format!("{n} elements, the cap is {MAX_PUBLIC_INPUT}")));
        }
        let mut memory = Memory::new(limits.cells);
        let padded = input
            .public
            .iter()
            .copied()
            .chain(std::iter::repeat(F::ZERO));
        let mut fp = 0;
        for value in padded.take(num_public_cells(n)) {
            memory.define(fp, value, Rejection::RelationViolated)?;
            fp += 1;
        }
        let allocator = match plan {
            // §6.3.
            None => Allocator::bump(fp, program.frame_size(), memory.cap())?,
            Some(plan) => Allocator::planned(plan),
        };
        let private = input
            .private
            .iter()
            .map(|(name, lists)| (name.as_str(), lists.as_slice()))
            .collect();
        Ok(Self {
            machine: Machine { memory, fp },
            allocator,
            private,
            printed: Vec::new(),
        })
    }

    fn check_consumed(&self) -> Result<(), Error> {
        match self.private.iter().find(|(_, lists)| !lists.is_empty()) {
            Some((name, lists)) => {
                Err(Rejection::WitnessLeftOver
                    .at(format!("{} lists of {name} are left", lists.len())))
            }
            None => Ok(()),
        }
    }

    /// §6.32.
    fn write(&mut self, address: u32, value: F) -> Result<(), Error> {
        self.machine
            .memory
            .define(address, value, Rejection::HintConflict)
    }

    /// Writes from `pointer` on. The first address is below the cap or refused, so that the
    /// addresses after it do not wrap around.
    fn write_all(&mut self, pointer: F, values: impl Iterator<Item = F>) -> Result<(), Error> {
        for (address, value) in (to_canonical(pointer)..).zip(values) {
            self.write(address, value)?;
        }
        Ok(())
    }

    /// §6.28.
    fn value(&mut self, source: Source) -> Result<F, Error> {
        self.machine.read(source)?.known()
    }

    fn hint(&mut self, hint: &Hint) -> Result<(), Error> {
        let [first, second, third] = hint.operands.map(Source::from);
        let destination = match first {
            Source::Memory(k) => add(self.machine.fp, k),
            Source::Constant(_) | Source::Frame(_) => 0,
        };
        match hint.kind {
            HintKind::Alloc => {
                let size = self.value(second)?;
                // §6.29.
                let address = self.allocator.allocate(to_canonical(size), hint.imm)?;
                self.write(destination, F::from_u32(address))
            }
            HintKind::Witness => {
                let pointer = self.value(first)?;
                // §6.30.
                let lists = self.private.get_mut(hint.name.as_str());
                let Some((list, rest)) = lists.as_ref().and_then(|lists| lists.split_first())
                else {
                    return Err(
                        Rejection::WitnessMissing.at(format!("no list of {} is left", hint.name))
                    );
                };
                if let Some(lists) = lists {
                    *lists = rest;
                }
                self.write_all(pointer, list.iter().copied())
            }
            HintKind::Bits => {
                let value = to_canonical(self.value(first)?);
                let pointer = self.value(second)?;
                // §6.31.
                if value >> hint.imm != 0 {
                    return Err(Rejection::HintFailed
                        .at(format!("{value} does not fit into {} bits", hint.imm)));
                }
                self.write_all(
                    pointer,
                    (0..hint.imm)
                        .rev()
                        .map(|i| F::from_bool(value >> i & 1 == 1)),
                )
            }
            HintKind::Inverse => {
                let value = self.value(second)?;
                self.write(destination, value.try_inverse().unwrap_or(F::ZERO))
            }
            HintKind::Equal => {
                let left = self.value(second)?;
                let right = self.value(third)?;
                self.write(destination, F::from_bool(left == right))
            }
            HintKind::Print => {
                let value = self.value(first)?;
                self.printed.push(value);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
