//! SPEC §9 tables: constraints and interactions of a row.

use crate::field::{Element, Felt};
use crate::isa::Opcode;

/// The number of slots of a tuple.
pub const SLOTS: usize = 16;

/// The buses; slot 0 of a tuple is the number of its bus.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum Bus {
    /// pc, fp.
    State = 1,
    /// pc, word, k_0, k_1, k_2, k_3, imm.
    Bytecode = 2,
    /// address, value.
    Memory = 3,
    /// The key at slot 1, the eight cells at slots 8..16.
    Chunk = 4,
    /// owner, remaining, left, right, base, acc_0..acc_5.
    DotLink = 5,
    /// owner, remaining, left, right, base, acc_0..acc_5.
    EqLink = 6,
    /// The key at slot 1, the four cells at slots 4..8.
    Half = 7,
    /// owner, remaining, chains, digits, number, sum, base, then the eight cells of the context.
    ChainLink = 8,
    /// owner, then four elements each of tweak, value and parameter.
    StepLink = 9,
    /// owner, remaining, siblings, tweaks, then four elements each of node and parameter.
    PathLink = 10,
    /// owner, remaining, address, stride, then the eight elements of the state.
    SpongeLink = 11,
}

/// A tuple that a row sends or receives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interaction<E> {
    /// +1: sent once; −n: received n times.
    pub numerator: E,
    /// The tuple, its bus first, padded by zeros.
    pub slots: [E; SLOTS],
}

/// The constraints and interactions of a row, in the order of SPEC §9.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evaluation<E> {
    /// The values of the constraints.
    pub constraints: Vec<E>,
    /// The interactions.
    pub interactions: Vec<Interaction<E>>,
}

impl<E: Element> Evaluation<E> {
    /// Neither constraints nor interactions.
    pub fn new() -> Self {
        Self {
            constraints: Vec::new(),
            interactions: Vec::new(),
        }
    }

    /// Adds a constraint.
    pub fn constraint(&mut self, value: E) {
        self.constraints.push(value);
    }

    /// Adds an interaction; `tuple` is what follows the bus, of at most 15 slots.
    pub fn interaction(&mut self, numerator: E, bus: Bus, tuple: &[E]) {
        let mut slots = [E::from(Felt::ZERO); SLOTS];
        slots[0] = E::from(Felt::new(bus as u64));
        slots[1..=tuple.len()].copy_from_slice(tuple);
        self.interactions.push(Interaction { numerator, slots });
    }

    /// Sends a tuple.
    pub fn send(&mut self, bus: Bus, tuple: &[E]) {
        self.interaction(E::from(Felt::ONE), bus, tuple);
    }

    /// Receives a tuple.
    pub fn receive(&mut self, bus: Bus, tuple: &[E]) {
        self.interaction(-E::from(Felt::ONE), bus, tuple);
    }

    /// Sends MEMORY(address, value).
    pub fn send_memory(&mut self, address: E, value: E) {
        self.send(Bus::Memory, &[address, value]);
    }

    /// Adds an interaction CHUNK(key, cells).
    pub fn chunk(&mut self, numerator: E, key: E, cells: &[E]) {
        let mut tuple = vec![key];
        tuple.extend([E::from(Felt::ZERO); 6]);
        tuple.extend(cells);
        self.interaction(numerator, Bus::Chunk, &tuple);
    }

    /// Adds an interaction HALF(key, cells).
    pub fn half(&mut self, numerator: E, key: E, cells: &[E]) {
        let mut tuple = vec![key];
        tuple.extend([E::from(Felt::ZERO); 2]);
        tuple.extend(cells);
        self.interaction(numerator, Bus::Half, &tuple);
    }

    /// Sends CHUNK(key, cells).
    pub fn send_chunk(&mut self, key: E, cells: &[E]) {
        self.chunk(E::from(Felt::ONE), key, cells);
    }

    /// Sends HALF(key, cells).
    pub fn send_half(&mut self, key: E, cells: &[E]) {
        self.half(E::from(Felt::ONE), key, cells);
    }

    /// §9.3: what all instruction tables begin with, for given `word`, `imm` and next state.
    pub fn head(&mut self, head: &Head<E>, word: E, imm: E, next_pc: E, next_fp: E) {
        let zero = E::from(Felt::ZERO);
        let one = E::from(Felt::ONE);
        for operand in &head.operands {
            self.constraint(operand.mem * (operand.mem - one));
            self.constraint(operand.frame * (operand.frame - one));
            self.constraint(operand.mem * operand.frame);
        }
        self.receive(Bus::State, &[head.pc, head.fp]);
        self.send(Bus::State, &[next_pc, next_fp]);
        let mut k = [zero; 4];
        for (slot, operand) in k.iter_mut().zip(&head.operands) {
            *slot = operand.k;
        }
        self.send(Bus::Bytecode, &[head.pc, word, k[0], k[1], k[2], k[3], imm]);
        for operand in &head.operands {
            self.send_memory(operand.mem * (head.fp + operand.k), operand.cell);
        }
    }

    /// [`Self::head`] with pc' = pc + 1, fp' = fp.
    pub fn straight_line(&mut self, head: &Head<E>, word: E, imm: E) {
        self.head(head, word, imm, head.pc + E::from(Felt::ONE), head.fp);
    }
}

/// The columns of an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperandColumns<E> {
    k: E,
    mem: E,
    frame: E,
    cell: E,
}

/// The columns that all instruction tables begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head<E> {
    /// The index of the instruction.
    pub pc: E,
    /// The frame pointer.
    pub fp: E,
    opcode: Opcode,
    operands: Vec<OperandColumns<E>>,
}

impl<E: Element> Head<E> {
    /// v_i = mem_i·cell_i + (1 − mem_i)·k_i + frame_i·fp.
    pub fn values(&self) -> Vec<E> {
        let one = E::from(Felt::ONE);
        let value =
            |o: &OperandColumns<E>| o.mem * o.cell + (one - o.mem) * o.k + o.frame * self.fp;
        self.operands.iter().map(value).collect()
    }

    /// opcode + Σ 2^(5+2i)·mem_i + 2^(6+2i)·frame_i, to which the flags are to be added.
    pub fn word(&self) -> E {
        let mut word = E::from(Felt::new(self.opcode as u64));
        for (i, operand) in self.operands.iter().enumerate() {
            word += E::from(Felt::new(1 << (5 + 2 * i))) * operand.mem;
            word += E::from(Felt::new(1 << (6 + 2 * i))) * operand.frame;
        }
        word
    }
}

/// Reads the columns of a row in order.
#[derive(Clone, Debug)]
pub struct Columns<'a, E> {
    rest: &'a [E],
}

impl<'a, E: Element> Columns<'a, E> {
    /// From the first column on.
    pub fn new(columns: &'a [E]) -> Self {
        Self { rest: columns }
    }

    /// The next column.
    ///
    /// # Panics
    /// If there is none; so do the other methods.
    pub fn one(&mut self) -> E {
        let [column] = self.take();
        column
    }

    /// The next N columns.
    pub fn take<const N: usize>(&mut self) -> [E; N] {
        let (columns, rest) = self.rest.split_at(N);
        self.rest = rest;
        core::array::from_fn(|i| columns[i])
    }

    /// The next n columns.
    pub fn list(&mut self, n: usize) -> Vec<E> {
        let (columns, rest) = self.rest.split_at(n);
        self.rest = rest;
        columns.to_vec()
    }

    /// pc, fp, and k_i, mem_i, frame_i, cell_i for each operand.
    pub fn head(&mut self, opcode: Opcode) -> Head<E> {
        let [pc, fp] = self.take();
        let mut operands = Vec::new();
        for _ in 0..opcode.num_operands() {
            let [k, mem, frame, cell] = self.take();
            operands.push(OperandColumns {
                k,
                mem,
                frame,
                cell,
            });
        }
        Head {
            pc,
            fp,
            opcode,
            operands,
        }
    }
}
