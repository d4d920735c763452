//! Every cell of the final memory is public input, a hint, or determined by the relations: else a
//! constraint was dropped.
//!
//! The relations of all steps are linearised at the memory of the run. With public input and hints
//! held, a change of the other cells that keeps all relations must be zero: the matrix has full
//! column rank. A cell that is read but never defined is the exception; such cells are joined to
//! each other only.

use std::collections::{BTreeMap, BTreeSet};

use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{Cycle, Execution, Limits, execute};
use leanvm_fast::field::to_canonical;
use leanvm_fast::isa::{HintKind, Instruction, Opcode, Operand, Program};

use super::generator::{Choices, PUBLIC, SMALL, Style, generate};
use super::machine::machine_input;
use super::{Case, GUESTS, Input, case, front_end, guest_file, parse_input, programs};

const P: u64 = 2_130_706_433;

/// A linear form in the changes of cells.
type Row = BTreeMap<u64, u64>;

struct Machine<'a> {
    program: &'a Program,
    execution: &'a Execution,
    memory: Vec<u64>,
}

fn k(operand: Operand) -> u64 {
    u64::from(to_canonical(operand.k()))
}

impl Machine<'_> {
    fn value(&self, operand: Operand, fp: u64) -> u64 {
        match operand {
            Operand::Constant(_) => k(operand),
            Operand::Frame(_) => (fp + k(operand)) % P,
            Operand::Memory(_) => self.memory[((fp + k(operand)) % P) as usize],
        }
    }

    fn step(&self, index: usize) -> (u64, u64, &Instruction) {
        let Cycle { pc, fp } = self.execution.cycles()[index];
        let instruction = &self.program.instructions()[pc as usize];
        (u64::from(pc), u64::from(to_canonical(fp)), instruction)
    }

    /// The cell of an operand, if it is one.
    fn cell(&self, operand: Operand, fp: u64) -> Option<u64> {
        matches!(operand, Operand::Memory(_)).then(|| (fp + k(operand)) % P)
    }

    /// The linearised relations of a step; pointers and the inputs of hashes are determined
    /// elsewhere.
    fn rows(&self, index: usize) -> Vec<Row> {
        let (_, fp, instruction) = self.step(index);
        let opcode = instruction.opcode();
        let value = |i: usize| self.value(instruction.operand(i), fp);
        let cell = |i: usize| self.cell(instruction.operand(i), fp);
        let row = |terms: &[(Option<u64>, u64)]| {
            let mut row = Row::new();
            for (cell, coefficient) in terms {
                if let Some(cell) = cell {
                    let entry = row.entry(*cell).or_default();
                    *entry = (*entry + coefficient) % P;
                }
            }
            row
        };
        let imm = u64::from(to_canonical(instruction.imm()));
        let fixed = |cells: std::ops::Range<u64>| cells.map(|cell| row(&[(Some(cell), 1)]));
        match opcode {
            Opcode::Add => vec![row(&[(cell(0), 1), (cell(1), 1), (cell(2), P - 1)])],
            Opcode::Mul => vec![row(&[
                (cell(0), value(1)),
                (cell(1), value(0)),
                (cell(2), P - 1),
            ])],
            Opcode::Deref => vec![row(&[(Some((value(0) + imm) % P), 1), (cell(1), P - 1)])],
            Opcode::Jump if value(0) == 1 => (0..3).map(|i| row(&[(cell(i), 1)])).collect(),
            Opcode::Jump => vec![row(&[(cell(0), 1)])],
            _ if opcode.is_hash() => {
                let out = opcode.operands() - 1;
                let written = match (instruction.half(), instruction.permute()) {
                    (true, _) => 4,
                    (_, true) => 8 * out.max(2) as u64,
                    _ => 8,
                };
                fixed(value(out)..value(out) + written).collect()
            }
            Opcode::Poseidon16Halves => {
                let out = (value(3) + imm) % P;
                fixed(out..out + 4).collect()
            }
            Opcode::DotProduct | Opcode::Eq => fixed(value(2)..value(2) + 5).collect(),
            Opcode::Chain => {
                let ends = (0..imm).flat_map(|i| fixed(value(1) + 8 * i + 4..value(1) + 8 * i + 8));
                ends.chain(fixed(value(3) + imm..value(3) + imm + 1))
                    .collect()
            }
            Opcode::Path => fixed(value(0)..value(0) + 4).collect(),
            Opcode::Sponge => fixed(value(3)..value(3) + 8).collect(),
            _ => Vec::new(),
        }
    }

    /// The cells that hints write.
    fn hinted(&self, input: &Input) -> BTreeSet<u64> {
        let mut cells = BTreeSet::new();
        let mut consumed: BTreeMap<&str, usize> = BTreeMap::new();
        for index in 0..self.execution.cycles().len() {
            let (pc, fp, _) = self.step(index);
            for hint in self.program.hints() {
                if u64::from(hint.pc) != pc {
                    continue;
                }
                let value = |i: usize| self.value(hint.operands[i], fp);
                match hint.kind {
                    HintKind::Alloc | HintKind::Inverse | HintKind::Equal => {
                        cells.insert((fp + k(hint.operands[0])) % P);
                    }
                    HintKind::Bits => cells.extend(value(1)..value(1) + u64::from(hint.imm)),
                    HintKind::Witness => {
                        let list = consumed.entry(&hint.name).or_default();
                        let length = input.private[&hint.name][*list].len() as u64;
                        *list += 1;
                        cells.extend(value(0)..value(0) + length);
                    }
                    HintKind::Print => {}
                }
            }
        }
        cells
    }

    /// The cells that are not determined if the instruction at `dropped` had no relation.
    fn free_cells(&self, hinted: &BTreeSet<u64>, dropped: Option<u32>) -> Vec<u64> {
        let public = u64::from(self.execution.fp_0());
        let mut rows = Vec::new();
        let mut columns = BTreeSet::new();
        for index in 0..self.execution.cycles().len() {
            let relations = self.rows(index);
            columns.extend(relations.iter().flat_map(|row| row.keys().copied()));
            if dropped != Some(self.execution.cycles()[index].pc) {
                rows.extend(relations);
            }
        }
        // By cell: the cells that are equal to it by a join, and whether it is only in joins.
        let mut joined: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        let mut related = BTreeSet::new();
        let mut pivots: BTreeMap<u64, Row> = BTreeMap::new();
        for mut row in rows {
            let cells: Vec<(u64, u64)> = row.iter().map(|(cell, c)| (*cell, *c)).collect();
            match cells[..] {
                [(a, x), (b, y)] if x + y == P && (x == 1 || y == 1) => {
                    joined.entry(a).or_default().insert(b);
                    joined.entry(b).or_default().insert(a);
                }
                _ => related.extend(cells.iter().map(|(cell, _)| *cell)),
            }
            row.retain(|cell, c| *cell >= public && !hinted.contains(cell) && *c != 0);
            while let Some((&cell, &coefficient)) = row.last_key_value() {
                let Some(pivot) = pivots.get(&cell) else {
                    let inverse = power(coefficient, P - 2);
                    row.values_mut().for_each(|c| *c = *c * inverse % P);
                    pivots.insert(cell, row);
                    break;
                };
                for (other, c) in pivot {
                    let entry = row.entry(*other).or_default();
                    *entry = (*entry + (P - coefficient) * c) % P;
                }
                row.retain(|_, c| *c != 0);
            }
        }
        columns.retain(|cell| *cell >= public && !hinted.contains(cell));
        let never_defined = |cell: u64| {
            let mut class = BTreeSet::from([cell]);
            let mut stack = vec![cell];
            while let Some(next) = stack.pop() {
                for other in joined.get(&next).into_iter().flatten() {
                    if class.insert(*other) {
                        stack.push(*other);
                    }
                }
            }
            class.iter().all(|cell| {
                !related.contains(cell)
                    && self.memory[*cell as usize] == 0
                    && *cell >= public
                    && !hinted.contains(cell)
            })
        };
        columns
            .into_iter()
            .filter(|cell| !pivots.contains_key(cell) && !never_defined(*cell))
            .collect()
    }
}

fn power(base: u64, exponent: u64) -> u64 {
    (0..31).rev().fold(1, |result, bit| {
        let square = result * result % P;
        match exponent >> bit & 1 {
            1 => square * base % P,
            _ => square,
        }
    })
}

/// The cells of a successful run that no relation determines and no hint gave, with nothing dropped
/// and for each relation dropped alone.
fn free_cells(text: &str, case: &Case, drop_each: bool) -> Option<(Vec<u64>, Vec<bool>)> {
    let mut sources = SourceMap::new();
    let checked = front_end("program", text, case, &mut sources).ok()?;
    let linked = compile_checked(&checked).ok()?;
    let program = Program::decode(&linked.program).expect("a program");
    let input = machine_input(&case.input);
    let execution = execute(&program, &input, &Limits::default()).ok()?;
    let machine = Machine {
        program: &program,
        execution: &execution,
        memory: execution
            .memory()
            .iter()
            .map(|x| u64::from(to_canonical(*x)))
            .collect(),
    };
    let hinted = machine.hinted(&case.input);
    let free = machine.free_cells(&hinted, None);
    let mut found = Vec::new();
    if drop_each {
        let executed: BTreeSet<u32> = execution.cycles().iter().map(|cycle| cycle.pc).collect();
        for pc in executed {
            if program.instructions()[pc as usize].opcode() != Opcode::Jump {
                let more = machine.free_cells(&hinted, Some(pc));
                found.push(more.len() > free.len());
            }
        }
    }
    Some((free, found))
}

#[test]
fn cells_of_conformance_programs_are_determined() {
    let mut compared = 0;
    for (name, text) in programs() {
        let case = case(&text);
        // Long loops take long here.
        if name == "loop_long" {
            continue;
        }
        if let Some((free, _)) = free_cells(&text, &case, false) {
            assert_eq!(free, [], "{name}");
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared} programs");
}

#[test]
fn cells_of_guests_are_determined() {
    for (name, _) in GUESTS {
        let case = Case {
            input: parse_input(&guest_file(&format!("{name}.json"))),
            ..Case::default()
        };
        let text = guest_file(&format!("{name}.py"));
        let (free, _) = free_cells(&text, &case, false).expect("it succeeds");
        assert_eq!(free, [], "{name}");
    }
}

#[test]
fn cells_of_random_programs_are_determined() {
    let mut compared = 0;
    for seed in 0..100 {
        let mut choices = Choices::new(seed);
        let mut case = Case::default();
        case.input.public = (0..PUBLIC).map(|_| choices.below(SMALL) as u32).collect();
        let text = generate(seed, Style::default());
        if let Some((free, _)) = free_cells(&text, &case, false) {
            assert_eq!(free, [], "seed {seed}\n{text}");
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared} programs");
}

/// The tests above are not vacuous: without one relation, a cell is free, unless assertions or the
/// path of the run, on which branches depend, determine it too.
#[test]
fn a_dropped_constraint_is_found() {
    let mut found = 0;
    let mut dropped = 0;
    for (name, text) in programs() {
        if !["arithmetic", "swap", "recursion", "array_run_time"].contains(&name.as_str()) {
            continue;
        }
        let (_, drops) = free_cells(&text, &case(&text), true).expect("it succeeds");
        dropped += drops.len();
        found += drops.iter().filter(|found| **found).count();
    }
    println!("{found} of {dropped} dropped relations are found");
    assert!(3 * found > dropped, "{found} of {dropped}");
}
