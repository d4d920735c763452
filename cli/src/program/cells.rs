//! The cells that each cycle of an execution accesses (SPEC §6), derived from the final memory.

use std::collections::BTreeMap;

use leanvm_fast::field::{F, MODULUS, to_canonical};
use leanvm_fast::isa::{Hint, HintKind, Instruction, Opcode, Operand, Program};

/// Walks through the cycles of an execution.
pub(crate) struct Accesses<'a> {
    program: &'a Program,
    private: &'a BTreeMap<String, Vec<Vec<F>>>,
    /// The memory at the end.
    cells: &'a dyn Fn(u32) -> Option<F>,
    /// The hints of pc are `hint_starts[pc]..hint_starts[pc + 1]`.
    hint_starts: Vec<usize>,
    /// How many lists of each private input are taken.
    taken: BTreeMap<&'a str, usize>,
}

/// a + b in F, of canonical forms.
pub(crate) fn add(a: u32, b: u32) -> u32 {
    ((u64::from(a) + u64::from(b)) % u64::from(MODULUS)) as u32
}

impl<'a> Accesses<'a> {
    /// Before the first cycle of an execution of a program on a private input; `cells` is the final
    /// memory.
    pub(crate) fn new(
        program: &'a Program,
        private: &'a BTreeMap<String, Vec<Vec<F>>>,
        cells: &'a dyn Fn(u32) -> Option<F>,
    ) -> Self {
        let hints = program.hints();
        let count = program.instructions().len();
        Self {
            program,
            private,
            cells,
            hint_starts: (0..=count)
                .map(|pc| hints.partition_point(|hint| (hint.pc as usize) < pc))
                .collect(),
            taken: BTreeMap::new(),
        }
    }

    fn cell(&self, address: u32) -> u32 {
        (self.cells)(address).map_or(0, to_canonical)
    }

    /// The value of an operand; visits its cell if it has one.
    fn read(&self, operand: Operand, fp: u32, visit: &mut impl FnMut(u32, u32)) -> u32 {
        let k = to_canonical(operand.k());
        match operand {
            Operand::Constant(_) => k,
            Operand::Frame(_) => add(fp, k),
            Operand::Memory(_) => {
                visit(add(fp, k), 1);
                self.cell(add(fp, k))
            }
        }
    }

    /// Visits the cells of the next cycle, at (pc, fp), as ranges: the hint that accesses them, or
    /// none for the instruction; the first address; the number of cells.
    pub(crate) fn cycle(
        &mut self,
        pc: u32,
        fp: u32,
        visit: &mut impl FnMut(Option<usize>, u32, u32),
    ) {
        let program = self.program;
        let at = pc as usize;
        for index in self.hint_starts[at]..self.hint_starts[at + 1] {
            let hint = &program.hints()[index];
            self.hint(hint, fp, &mut |address, count| {
                visit(Some(index), address, count);
            });
        }
        if let Some(instruction) = program.instructions().get(at) {
            self.instruction(instruction, fp, &mut |address, count| {
                visit(None, address, count);
            });
        }
    }

    /// The number of hashes of an instruction at (pc, fp).
    pub(crate) fn hashes(&self, pc: u32, fp: u32) -> usize {
        let Some(instruction) = self.program.instructions().get(pc as usize) else {
            return 0;
        };
        let imm = to_canonical(instruction.imm());
        let hashes = match instruction.opcode() {
            Opcode::Poseidon8
            | Opcode::Poseidon16
            | Opcode::Poseidon24
            | Opcode::Poseidon16Halves => 1,
            Opcode::Path | Opcode::Sponge => imm,
            Opcode::Chain => {
                let value = |i| self.read(instruction.operand(i), fp, &mut |_, _| {});
                // Each chain has as many as its digit is below the last position.
                let sum_of_digits = self.cell(add(value(3), imm));
                (imm * (value(2) - 1)).saturating_sub(sum_of_digits)
            }
            _ => 0,
        };
        hashes as usize
    }

    fn hint(&mut self, hint: &'a Hint, fp: u32, visit: &mut impl FnMut(u32, u32)) {
        let values = hint.operands.map(|operand| self.read(operand, fp, visit));
        match hint.kind {
            HintKind::Witness => {
                let taken = self.taken.entry(&hint.name).or_default();
                let lists = self.private.get(&hint.name);
                let length = lists
                    .and_then(|lists| lists.get(*taken))
                    .map_or(0, Vec::<F>::len);
                *taken += 1;
                visit(values[0], length as u32);
            }
            HintKind::Bits => visit(values[1], hint.imm),
            _ => {}
        }
    }

    fn instruction(&self, instruction: &Instruction, fp: u32, visit: &mut impl FnMut(u32, u32)) {
        let opcode = instruction.opcode();
        let mut values = [0; 4];
        for (i, value) in values.iter_mut().enumerate().take(opcode.operands()) {
            *value = self.read(instruction.operand(i), fp, visit);
        }
        let imm = to_canonical(instruction.imm());
        let chunks = match opcode {
            Opcode::Halt | Opcode::Add | Opcode::Mul | Opcode::Jump => return,
            Opcode::Deref => {
                visit(add(values[0], imm), 1);
                return;
            }
            Opcode::DotProduct | Opcode::Eq => {
                let stride = if instruction.base() { 1 } else { 5 };
                visit(values[0], stride * imm);
                visit(values[1], 5 * imm);
                visit(values[2], 5);
                return;
            }
            Opcode::Poseidon16Halves => {
                values[1] = add(values[1], imm);
                values[3] = add(values[3], imm);
                for (address, count) in values.into_iter().zip([4, 4, 8, 4]) {
                    visit(address, count);
                }
                return;
            }
            Opcode::Chain => {
                visit(values[0], 8);
                visit(values[3], imm);
                for half in [0, 4] {
                    for place in 0..imm {
                        visit(add(values[1], 8 * place + half), 4);
                    }
                }
                visit(add(values[3], imm), 1);
                return;
            }
            Opcode::Path => {
                for (address, count) in values.into_iter().zip([8, 4, 4 * imm, 8 * imm]) {
                    visit(address, count);
                }
                return;
            }
            Opcode::Sponge => {
                visit(values[0], 8);
                let mut half = values[1];
                for _ in 0..2 * imm {
                    visit(half, 4);
                    half = add(half, values[2]);
                }
                visit(values[3], 8);
                return;
            }
            Opcode::Poseidon8 => 1,
            Opcode::Poseidon16 => 2,
            Opcode::Poseidon24 => 3,
        };
        for address in &values[..chunks] {
            visit(*address, 8);
        }
        let width = if chunks == 3 { 24 } else { 16 };
        let outputs = match (instruction.half(), instruction.permute()) {
            (true, _) => 4,
            (_, true) => width,
            _ => 8,
        };
        visit(values[chunks], outputs);
    }
}
