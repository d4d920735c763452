//! SPEC §6 execution.
//!
//! Runs a program cycle by cycle. What an instruction does stands in its file of
//! [`crate::instructions`].

mod hints;

use std::collections::BTreeMap;

use crate::field::Felt;
use crate::instructions;
use crate::isa::{Instruction, Operand, Program};
use crate::layout::{self, Allocation, Layout};
use crate::memory::{CHUNK, MAX_CELLS, MAX_PUBLIC_INPUT, Memory};
use crate::rejection::{Error, Rejection};

/// What a program is run on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Input {
    /// The public input; elements are canonical (§6.1).
    pub public: Vec<Felt>,
    /// For each name the lists that witness hints take, in order.
    pub private: BTreeMap<String, Vec<Vec<Felt>>>,
}

/// The caps of an execution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The greatest number of cycles.
    pub cycles: u64,
    /// The cell cap; more than 2^26 counts as 2^26.
    pub cells: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cycles: 1 << 24,
            cells: MAX_CELLS,
        }
    }
}

/// A cycle: where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The index of the instruction.
    pub pc: u32,
    /// The frame pointer.
    pub fp: Felt,
}

/// An execution that has reached HALT.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Execution {
    /// The public input.
    pub public: Vec<Felt>,
    /// The frame pointer at the start and at the end.
    pub fp_0: u32,
    /// 8K, the number of cells of the public region.
    pub public_cells: u32,
    /// The M cells of the final memory, undefined ones as 0.
    pub memory: Vec<Felt>,
    /// The number of cells that are defined at HALT.
    pub used_cells: usize,
    /// The cycles, in order.
    pub cycles: Vec<Cycle>,
    /// The allocations, in order.
    pub allocations: Vec<Allocation>,
    /// The values of print hints.
    pub printed: Vec<Felt>,
    /// M of the first run.
    pub first_cells: usize,
    /// The used cells of the first run.
    pub first_used_cells: usize,
    /// The cells of the naive layout.
    pub naive_cells: u64,
}

/// An execution that was rejected before HALT.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stopped {
    /// Why.
    pub error: Error,
    /// The values of print hints up to there.
    pub printed: Vec<Felt>,
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

/// The value of an operand that has been read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A constant, fp + k, or a defined cell.
    Known(Felt),
    /// The address of an undefined cell.
    Undefined(Felt),
}

impl Value {
    /// The value of an operand that must be defined.
    ///
    /// # Errors
    /// `operand-undefined`.
    pub fn known(self) -> Result<Felt, Error> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Undefined(address) => Err(Error::new(
                Rejection::OperandUndefined,
                format!("cell {address} is undefined"),
            )),
        }
    }
}

/// The state of a running program.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The memory.
    pub memory: Memory,
    /// The index of the instruction.
    pub pc: u32,
    /// The frame pointer.
    pub fp: Felt,
}

impl Machine {
    /// Reads an operand: the constant k, fp + k, or the cell m\[fp + k\].
    ///
    /// # Errors
    /// `address-out-of-range`.
    pub fn read(&mut self, operand: Operand) -> Result<Value, Error> {
        match operand {
            Operand::Constant(k) => Ok(Value::Known(k)),
            Operand::Frame(k) => Ok(Value::Known(self.fp + k)),
            Operand::Memory(k) => match self.memory.read(self.fp + k)? {
                Some(value) => Ok(Value::Known(value)),
                None => Ok(Value::Undefined(self.fp + k)),
            },
        }
    }

    /// Reads all operands of an instruction in order.
    ///
    /// # Errors
    /// `address-out-of-range`.
    pub fn read_operands(&mut self, instruction: &Instruction) -> Result<Vec<Value>, Error> {
        let mut values = Vec::new();
        for operand in instruction.operands() {
            values.push(self.read(*operand)?);
        }
        Ok(values)
    }

    /// Reads the operands of an instruction, all of which must be defined.
    ///
    /// # Errors
    /// `address-out-of-range`, `operand-undefined`.
    pub fn known_operands(&mut self, instruction: &Instruction) -> Result<Vec<Felt>, Error> {
        let values = self.read_operands(instruction)?;
        values.into_iter().map(Value::known).collect()
    }

    /// Reads a cell that must be defined.
    ///
    /// # Errors
    /// `address-out-of-range`, `operand-undefined`.
    pub fn read_defined(&mut self, address: Felt) -> Result<Felt, Error> {
        match self.memory.read(address)? {
            Some(value) => Ok(value),
            None => Value::Undefined(address).known(),
        }
    }

    /// Reads n cells that must be defined, from an address on.
    ///
    /// # Errors
    /// `address-out-of-range`, `operand-undefined`.
    pub fn read_cells(&mut self, first: Felt, n: usize) -> Result<Vec<Felt>, Error> {
        let mut cells = Vec::new();
        for j in 0..n {
            cells.push(self.read_defined(first + Felt::new(j as u64))?);
        }
        Ok(cells)
    }

    /// Defines or checks cells, from an address on.
    ///
    /// # Errors
    /// `address-out-of-range`, `relation-violated`.
    pub fn define_cells(&mut self, first: Felt, values: &[Felt]) -> Result<(), Error> {
        for (j, value) in values.iter().enumerate() {
            self.memory.define(first + Felt::new(j as u64), *value)?;
        }
        Ok(())
    }
}

/// The number 8K of cells of the public region of n elements.
pub fn num_public_cells(n: usize) -> usize {
    let mut k = 1;
    while CHUNK as usize * k < n {
        k *= 2;
    }
    CHUNK as usize * k
}

/// What a run has beside the machine.
struct Run<'a> {
    machine: Machine,
    layout: Layout,
    /// The lists of each name that are left.
    private: BTreeMap<&'a str, &'a [Vec<Felt>]>,
    printed: Vec<Felt>,
}

impl<'a> Run<'a> {
    /// The state before the first cycle. A second run has the allocations of its plan.
    fn start(
        program: &Program,
        input: &'a Input,
        limits: &Limits,
        plan: Option<Vec<Allocation>>,
    ) -> Result<Self, Error> {
        let n = input.public.len();
        // §6.2, §5.4.
        if n > MAX_PUBLIC_INPUT {
            return Err(Error::new(
                Rejection::PublicInputTooLong,
                format!("{n} elements"),
            ));
        }
        let fp_0 = num_public_cells(n) as u32;
        let mut memory = Memory::new(limits.cells);
        for i in 0..fp_0 {
            let value = input.public.get(i as usize).copied().unwrap_or(Felt::ZERO);
            memory.define(Felt::new(u64::from(i)), value)?;
        }
        let layout = match plan {
            // §6.3.
            None => Layout::first(fp_0, program.frame_size(), limits.cells)?,
            Some(plan) => Layout::second(plan),
        };
        let mut private = BTreeMap::new();
        for (name, lists) in &input.private {
            private.insert(name.as_str(), lists.as_slice());
        }
        let machine = Machine {
            memory,
            pc: 0,
            fp: Felt::new(u64::from(fp_0)),
        };
        Ok(Self {
            machine,
            layout,
            private,
            printed: Vec::new(),
        })
    }

    /// Runs to HALT, at most so many cycles; the cycles.
    fn until_halt(&mut self, program: &Program, limit: u64) -> Result<Vec<Cycle>, Error> {
        let fp_0 = self.machine.fp;
        let mut cycles = Vec::new();
        loop {
            let (pc, fp) = (self.machine.pc, self.machine.fp);
            let refuse = |rejection, what: &str| {
                Err(Error::new(rejection, format!("pc {pc}, fp {fp}: {what}")))
            };
            // §6.4.
            let Some(instruction) = program.instructions().get(pc as usize) else {
                return refuse(Rejection::PcOutOfRange, "no instruction");
            };
            if pc == program.halt_pc() {
                // §6.5.
                if fp != fp_0 {
                    return refuse(
                        Rejection::FinalFrame,
                        &format!("halt in another frame than {fp_0}"),
                    );
                }
                // §6.6.
                if let Some((name, _)) = self.private.iter().find(|(_, lists)| !lists.is_empty()) {
                    return refuse(
                        Rejection::WitnessLeftOver,
                        &format!("lists of {name} are left"),
                    );
                }
                // §6.7.
                return Ok(cycles);
            }
            // §6.8.
            if cycles.len() as u64 >= limit {
                return refuse(Rejection::CycleLimit, &format!("{limit} cycles"));
            }
            // §6.9.
            let place = |error: Error| {
                Error::new(
                    error.rejection,
                    format!("pc {pc}, fp {fp}: {}", error.detail),
                )
            };
            let first = program.hints().partition_point(|hint| hint.pc < pc);
            for hint in program.hints()[first..]
                .iter()
                .take_while(|hint| hint.pc == pc)
            {
                hints::execute(self, hint).map_err(place)?;
            }
            // §6.10.
            instructions::execute(&mut self.machine, instruction).map_err(place)?;
            cycles.push(Cycle { pc, fp });
        }
    }
}

/// Runs a program to HALT, and again with the layout of a second run if that pays.
///
/// # Errors
/// Codes 20 to 35, the first in the order of SPEC §6, of the first run; with what it printed.
pub fn execute(program: &Program, input: &Input, limits: &Limits) -> Result<Execution, Stopped> {
    let (first, memory, allocations) = run(program, input, limits, None)?;
    let end = first.fp_0 + program.frame_size();
    let num_cells = first.memory.len() as u32;
    let Some(plan) = layout::plan(&memory, end, &allocations, num_cells) else {
        return Ok(first);
    };
    let limits = Limits {
        cycles: first.cycles.len() as u64,
        cells: num_cells - CHUNK,
    };
    match run(program, input, &limits, Some(plan)) {
        Ok((second, ..)) if stands(&first, &second) => Ok(Execution {
            first_cells: first.first_cells,
            first_used_cells: first.first_used_cells,
            ..second
        }),
        _ => Ok(first),
    }
}

/// §7.9: whether a second run that halts did what the first one did. (Its allocations are known to
/// have the same sizes.)
fn stands(first: &Execution, second: &Execution) -> bool {
    let pcs = |execution: &Execution| -> Vec<u32> {
        execution.cycles.iter().map(|cycle| cycle.pc).collect()
    };
    pcs(first) == pcs(second) && first.printed == second.printed
}

/// Runs a program to HALT, with the allocations of a plan if there is one; also the memory and the
/// allocations.
fn run(
    program: &Program,
    input: &Input,
    limits: &Limits,
    plan: Option<Vec<Allocation>>,
) -> Result<(Execution, Memory, Vec<Allocation>), Stopped> {
    let mut run = Run::start(program, input, limits, plan)?;
    let fp_0 = run.machine.fp;
    let cycles = match run.until_halt(program, limits.cycles) {
        Ok(cycles) => cycles,
        Err(error) => {
            let printed = run.printed;
            return Err(Stopped { error, printed });
        }
    };
    let memory = run.machine.memory;
    let num_cells = run.layout.num_cells(memory.accessed()) as usize;
    let allocations = run.layout.allocations;
    let execution = Execution {
        public: input.public.clone(),
        fp_0: fp_0.value(),
        public_cells: fp_0.value(),
        memory: memory.cells(num_cells),
        used_cells: memory.used_cells(),
        cycles,
        naive_cells: layout::naive_cells(fp_0.value(), program.frame_size(), &allocations),
        allocations: allocations.clone(),
        printed: run.printed,
        first_cells: num_cells,
        first_used_cells: memory.used_cells(),
    };
    Ok((execution, memory, allocations))
}

#[cfg(test)]
mod tests;
