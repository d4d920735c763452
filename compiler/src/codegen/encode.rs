//! The binary program of SPEC §4, written word by word.

/// HALT, ADD, MUL, DEREF, JUMP of SPEC §4.
pub(super) const HALT: u32 = 1;
pub(super) const ADD: u32 = 2;
pub(super) const MULTIPLY: u32 = 3;
pub(super) const DEREFERENCE: u32 = 4;
pub(super) const JUMP: u32 = 5;

/// The kinds of hints of SPEC §4.
pub(super) const ALLOCATE: u32 = 0;
pub(super) const WITNESS: u32 = 1;
pub(super) const BITS: u32 = 2;
pub(super) const INVERSE: u32 = 3;
pub(super) const PRINT: u32 = 4;
pub(super) const EQUAL: u32 = 5;

const MAGIC: u32 = 0x314d_564c;
const VERSION: u32 = 1;

/// An operand of an instruction or hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// A constant.
    Constant(u32),
    /// m[fp + k].
    Memory(u32),
    /// fp + k.
    Frame(u32),
    /// The pc of a label.
    Label(usize),
    /// The size of the frame of a function.
    FrameSize(usize),
}

impl Argument {
    /// The mode bits (1 memory, 2 frame) and k.
    fn parts(self) -> (u32, u32) {
        match self {
            Self::Constant(k) => (0, k),
            Self::Memory(k) => (1, k),
            Self::Frame(k) => (2, k),
            Self::Label(_) | Self::FrameSize(_) => (0, 0),
        }
    }
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) opcode: u32,
    pub(super) flags: u32,
    pub(super) operands: Vec<Argument>,
    pub(super) immediate: u32,
}

/// A hint at a pc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) pc: u32,
    pub(super) kind: u32,
    pub(super) operands: Vec<Argument>,
    pub(super) immediate: u32,
    pub(super) name: String,
}

/// The bytes of a program whose labels are resolved.
pub(super) fn encode(frame_size: u32, instructions: &[Instruction], hints: &[Hint]) -> Vec<u8> {
    let mut words = vec![
        MAGIC,
        VERSION,
        frame_size,
        instructions.len() as u32,
        hints.len() as u32,
    ];
    for instruction in instructions {
        let mut word = instruction.opcode | instruction.flags;
        let mut constants = [0; 4];
        for (i, operand) in instruction.operands.iter().take(4).enumerate() {
            let (mode, k) = operand.parts();
            word |= mode << (5 + 2 * i);
            constants[i] = k;
        }
        words.push(word);
        words.extend(constants);
        words.push(instruction.immediate);
    }
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    for hint in hints {
        let mut flags = 0;
        let mut constants = [0; 3];
        for (i, operand) in hint.operands.iter().take(3).enumerate() {
            let (mode, k) = operand.parts();
            flags |= mode << (2 * i);
            constants[i] = k;
        }
        let [a, b, c] = constants;
        for word in [
            hint.pc,
            hint.kind,
            flags,
            a,
            b,
            c,
            hint.immediate,
            hint.name.len() as u32,
        ] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(hint.name.as_bytes());
        while !bytes.len().is_multiple_of(4) {
            bytes.push(0);
        }
    }
    bytes
}
