//! The binary program of SPEC §4, written by the harness itself: a third implementation of the
//! encoding, from the text alone.
//!
//! It checks nothing, so that broken programs can be written too.

use crate::canonical::bytes_of;

/// "LVM1".
pub const MAGIC: u32 = 0x314d_564c;

/// HALT.
pub const HALT: u32 = 1;
/// ADD.
pub const ADD: u32 = 2;
/// MUL.
pub const MUL: u32 = 3;
/// DEREF.
pub const DEREF: u32 = 4;
/// JUMP.
pub const JUMP: u32 = 5;
/// POSEIDON_8; the wider ones follow.
pub const POSEIDON_8: u32 = 6;
/// DOT_PRODUCT.
pub const DOT_PRODUCT: u32 = 9;
/// EQ.
pub const EQ: u32 = 10;
/// CHAIN.
pub const CHAIN: u32 = 12;
/// PATH.
pub const PATH: u32 = 13;
/// SPONGE.
pub const SPONGE: u32 = 14;
/// POSEIDON_16_HALVES.
pub const POSEIDON_16_HALVES: u32 = 15;

/// The flag half.
pub const HALF: u32 = 1;
/// The flag permute.
pub const PERMUTE: u32 = 2;
/// The flag base.
pub const BASE: u32 = 4;

/// An operand of an instruction or of a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The constant k.
    Constant(u32),
    /// fp + k.
    Frame(u32),
    /// m[fp + k].
    Memory(u32),
}

impl Operand {
    const fn parts(self) -> (u32, u32) {
        match self {
            Self::Constant(k) => (0, k),
            Self::Memory(k) => (1, k),
            Self::Frame(k) => (2, k),
        }
    }
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The opcode.
    pub opcode: u32,
    /// The operands, in order.
    pub operands: Vec<Operand>,
    /// The immediate.
    pub imm: u32,
    /// A sum of [`HALF`], [`PERMUTE`] and [`BASE`].
    pub flags: u32,
}

impl Instruction {
    /// An instruction without immediate and flags.
    #[must_use]
    pub fn new(opcode: u32, operands: &[Operand]) -> Self {
        Self {
            opcode,
            operands: operands.to_vec(),
            imm: 0,
            flags: 0,
        }
    }

    /// The six words.
    #[must_use]
    pub fn words(&self) -> [u32; 6] {
        let mut words = [0; 6];
        words[0] = self.opcode + (self.flags << 13);
        for (i, operand) in self.operands.iter().enumerate().take(4) {
            let (mode, k) = operand.parts();
            words[0] += mode << (5 + 2 * i);
            words[1 + i] = k;
        }
        words[5] = self.imm;
        words
    }
}

/// A hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The instruction before which it is computed.
    pub pc: u32,
    /// The kind.
    pub kind: u32,
    /// The operands, in order.
    pub operands: Vec<Operand>,
    /// The immediate.
    pub imm: u32,
    /// The name.
    pub name: String,
}

impl Hint {
    /// The words of the hint.
    #[must_use]
    pub fn words(&self) -> Vec<u32> {
        let mut words = vec![
            self.pc,
            self.kind,
            0,
            0,
            0,
            0,
            self.imm,
            self.name.len() as u32,
        ];
        for (i, operand) in self.operands.iter().enumerate().take(3) {
            let (mode, k) = operand.parts();
            words[2] += mode << (2 * i);
            words[3 + i] = k;
        }
        for block in self.name.as_bytes().chunks(4) {
            let mut word = [0; 4];
            word[..block.len()].copy_from_slice(block);
            words.push(u32::from_le_bytes(word));
        }
        words
    }
}

/// A program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The size of the main frame.
    pub frame_size: u32,
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// The hints.
    pub hints: Vec<Hint>,
}

impl Program {
    /// The words of the file.
    #[must_use]
    pub fn words(&self) -> Vec<u32> {
        let mut words = vec![
            MAGIC,
            1,
            self.frame_size,
            self.instructions.len() as u32,
            self.hints.len() as u32,
        ];
        for instruction in &self.instructions {
            words.extend(instruction.words());
        }
        for hint in &self.hints {
            words.extend(hint.words());
        }
        words
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        bytes_of(&self.words())
    }
}
