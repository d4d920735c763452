//! SPEC §4 isa: instructions.

use super::{MAX_BASE, MAX_TERMS};
use crate::field::Felt;
use crate::rejection::{Error, Rejection};

/// The opcodes of instructions that exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum Opcode {
    /// Ends the execution.
    Halt = 1,
    /// left + right = result.
    Add = 2,
    /// left·right = result.
    Mul = 3,
    /// m\[pointer + imm\] = value.
    Deref = 4,
    /// Goes elsewhere if the condition is 1.
    Jump = 5,
    /// Hash of one chunk.
    Poseidon8 = 6,
    /// Hash of two chunks.
    Poseidon16 = 7,
    /// Hash of three chunks.
    Poseidon24 = 8,
    /// result = Σ left_i·right_i.
    DotProduct = 9,
    /// result = Π (left_i·right_i + (1 − left_i)(1 − right_i)).
    Eq = 10,
    /// A run of hash chains.
    Chain = 12,
    /// The root of a path in a Merkle tree.
    Path = 13,
    /// A state that absorbs blocks.
    Sponge = 14,
    /// Hash of two halves and a chunk to a half.
    Poseidon16Halves = 15,
}

impl Opcode {
    /// All opcodes, in order.
    pub const ALL: [Self; 14] = [
        Self::Halt,
        Self::Add,
        Self::Mul,
        Self::Deref,
        Self::Jump,
        Self::Poseidon8,
        Self::Poseidon16,
        Self::Poseidon24,
        Self::DotProduct,
        Self::Eq,
        Self::Chain,
        Self::Path,
        Self::Sponge,
        Self::Poseidon16Halves,
    ];

    /// The number of operands.
    pub fn num_operands(self) -> usize {
        match self {
            Self::Halt => 0,
            Self::Deref | Self::Poseidon8 => 2,
            Self::Add | Self::Mul | Self::Jump | Self::Poseidon16 | Self::DotProduct | Self::Eq => {
                3
            }
            Self::Poseidon24 | Self::Poseidon16Halves | Self::Chain | Self::Path | Self::Sponge => {
                4
            }
        }
    }

    /// Whether this is POSEIDON_n.
    pub fn is_poseidon(self) -> bool {
        matches!(self, Self::Poseidon8 | Self::Poseidon16 | Self::Poseidon24)
    }

    /// Whether `imm` is an offset.
    pub fn has_offset(self) -> bool {
        matches!(self, Self::Deref | Self::Poseidon16Halves)
    }

    /// Whether this is DOT_PRODUCT or EQ.
    pub fn is_reduction(self) -> bool {
        matches!(self, Self::DotProduct | Self::Eq)
    }

    /// Whether `imm` is a length.
    pub fn has_length(self) -> bool {
        self.is_reduction() || matches!(self, Self::Chain | Self::Path | Self::Sponge)
    }

    fn decode(code: u32) -> Result<Self, Rejection> {
        for opcode in Self::ALL {
            if opcode as u32 == code {
                return Ok(opcode);
            }
        }
        if code == 11 {
            Err(Rejection::OpcodeReserved)
        } else {
            Err(Rejection::OpcodeUnknown)
        }
    }
}

/// An operand of an instruction or of a hint, with its k.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// The constant k.
    Constant(Felt),
    /// The cell m\[fp + k\].
    Memory(Felt),
    /// The address fp + k.
    Frame(Felt),
}

impl Operand {
    /// The operand of the two mode flags (bit 0: mem, bit 1: fp), or `None` if both are set.
    pub(super) fn decode(flags: u32, k: Felt) -> Option<Self> {
        match flags {
            0 => Some(Self::Constant(k)),
            1 => Some(Self::Memory(k)),
            2 => Some(Self::Frame(k)),
            _ => None,
        }
    }

    /// The two mode flags.
    pub(super) fn flags(self) -> u32 {
        match self {
            Self::Constant(_) => 0,
            Self::Memory(_) => 1,
            Self::Frame(_) => 2,
        }
    }

    /// k.
    pub fn k(self) -> Felt {
        match self {
            Self::Constant(k) | Self::Memory(k) | Self::Frame(k) => k,
        }
    }
}

/// The flags of a word beside the modes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flags {
    /// Only the first half of the output chunk is bound.
    pub half: bool,
    /// The output is the whole permutation.
    pub permute: bool,
    /// The left operands are in F.
    pub base: bool,
}

/// An instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    word: u32,
    opcode: Opcode,
    operands: [Operand; 4],
    imm: Felt,
}

impl Instruction {
    /// The instruction of these parts; missing operands are the constant 0.
    pub(crate) fn new(opcode: Opcode, list: &[Operand], imm: Felt, flags: Flags) -> Self {
        let mut operands = [Operand::Constant(Felt::ZERO); 4];
        let mut word = opcode as u32;
        for (i, operand) in list.iter().enumerate() {
            operands[i] = *operand;
            word += operand.flags() << (5 + 2 * i);
        }
        word += u32::from(flags.half) << 13;
        word += u32::from(flags.permute) << 14;
        word += u32::from(flags.base) << 15;
        Self {
            word,
            opcode,
            operands,
            imm,
        }
    }

    /// Decodes and checks the six words of the instruction at `pc`.
    pub(super) fn decode(words: &[u32; 6], pc: u32) -> Result<Self, Error> {
        let refuse = |rejection: Rejection, what: &str| {
            Err(Error::new(rejection, format!("pc {pc}: {what}")))
        };
        // §4.6.
        let mut fields = [Felt::ZERO; 6];
        for i in 0..6 {
            match Felt::from_canonical(words[i]) {
                Some(field) => fields[i] = field,
                None => {
                    return refuse(
                        Rejection::ElementNotCanonical,
                        &format!("field {i} is {}", words[i]),
                    );
                }
            }
        }
        let (word, imm) = (words[0], fields[5]);
        // §4.7, §4.8.
        let opcode = match Opcode::decode(word % 32) {
            Ok(opcode) => opcode,
            Err(rejection) => return refuse(rejection, &format!("opcode {}", word % 32)),
        };
        // §4.9: modes, unused fields and flags.
        let mut operands = [Operand::Constant(Felt::ZERO); 4];
        for i in 0..4 {
            let Some(operand) = Operand::decode((word >> (5 + 2 * i)) & 3, fields[1 + i]) else {
                return refuse(
                    Rejection::OperandMode,
                    &format!("operand {i} has both modes"),
                );
            };
            if i >= opcode.num_operands() && operand != Operand::Constant(Felt::ZERO) {
                return refuse(
                    Rejection::OperandMode,
                    &format!("operand {i} does not exist and is not zero"),
                );
            }
            operands[i] = operand;
        }
        if opcode == Opcode::Deref && !matches!(operands[0], Operand::Memory(_)) {
            return refuse(
                Rejection::OperandMode,
                "the pointer of a deref is a memory operand",
            );
        }
        let base = operands[2];
        if opcode == Opcode::Chain && !matches!(base, Operand::Constant(_)) {
            return refuse(Rejection::OperandMode, "the base of a chain is a constant");
        }
        let uses_imm = opcode.has_offset() || opcode.has_length();
        if !uses_imm && imm != Felt::ZERO {
            return refuse(Rejection::OperandMode, "imm is not used and not zero");
        }
        let instruction = Self {
            word,
            opcode,
            operands,
            imm,
        };
        let (half, permute) = (instruction.half(), instruction.permute());
        if (half || permute) && !opcode.is_poseidon()
            || instruction.base() && !opcode.is_reduction()
            || half && permute
            || word >> 16 != 0
        {
            return refuse(Rejection::OperandMode, "a flag that does not apply");
        }
        // §4.10.
        if opcode.has_length() && !(1..=MAX_TERMS).contains(&imm.value()) {
            return refuse(Rejection::LengthZero, &format!("length {imm}"));
        }
        if opcode == Opcode::Chain && !(1..=MAX_BASE).contains(&base.k().value()) {
            return refuse(Rejection::LengthZero, &format!("base {}", base.k()));
        }
        Ok(instruction)
    }

    /// (word, k_0, k_1, k_2, k_3, imm).
    pub fn fields(&self) -> [Felt; 6] {
        let [k_0, k_1, k_2, k_3] = self.operands.map(Operand::k);
        [
            Felt::new(u64::from(self.word)),
            k_0,
            k_1,
            k_2,
            k_3,
            self.imm,
        ]
    }

    /// The word of opcode, modes and flags.
    pub fn word(&self) -> u32 {
        self.word
    }

    /// The opcode.
    pub fn opcode(&self) -> Opcode {
        self.opcode
    }

    /// Operand i < 4; one that the instruction does not have is the constant 0.
    ///
    /// # Panics
    /// If i ≥ 4.
    pub fn operand(&self, i: usize) -> Operand {
        self.operands[i]
    }

    /// The operands that the instruction has.
    pub fn operands(&self) -> &[Operand] {
        &self.operands[..self.opcode.num_operands()]
    }

    /// An offset or a length, else 0.
    pub fn imm(&self) -> Felt {
        self.imm
    }

    /// The flag half.
    pub fn half(&self) -> bool {
        (self.word >> 13) & 1 == 1
    }

    /// The flag permute.
    pub fn permute(&self) -> bool {
        (self.word >> 14) & 1 == 1
    }

    /// The flag base.
    pub fn base(&self) -> bool {
        (self.word >> 15) & 1 == 1
    }
}
