//! SPEC §4 isa.
//!
//! Programs, instructions and hints, and their binary form. A [`Program`] is valid: it is made only
//! by [`Program::decode`] and by the assembler, which decodes what it encodes.

mod hint;
mod instruction;

pub use hint::{Hint, HintKind};
pub use instruction::{Flags, Instruction, Opcode, Operand};

use crate::field::Felt;
use crate::permutation::hash;
use crate::rejection::{Error, Rejection};

/// The first word of a binary program, "LVM1".
pub const MAGIC: u32 = 0x314d_564c;
/// The second word of a binary program.
pub const VERSION: u32 = 1;
/// The greatest number of instructions, and of hints.
pub const MAX_LENGTH: u32 = 1 << 20;
/// The greatest size of the main frame.
pub const MAX_FRAME_SIZE: u32 = 1 << 22;
/// The greatest length of a reduction, a run of chains, a path or a sponge.
pub const MAX_TERMS: u32 = 1 << 16;
/// The greatest base of CHAIN.
pub const MAX_BASE: u32 = 1 << 8;
/// The greatest number of bytes of a name.
pub const MAX_NAME: usize = 64;

/// A valid program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    frame_size: u32,
    instructions: Vec<Instruction>,
    hints: Vec<Hint>,
}

impl Program {
    /// The size of the main frame.
    pub fn frame_size(&self) -> u32 {
        self.frame_size
    }

    /// The instructions; the index of one is its pc.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The hints, sorted by pc.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// Number of instructions − 1.
    pub fn halt_pc(&self) -> u32 {
        self.instructions.len() as u32 - 1
    }

    /// The digest, `hash` of the 6·n elements of the instructions.
    pub fn digest(&self) -> [Felt; 8] {
        let mut elements = Vec::new();
        for instruction in &self.instructions {
            elements.extend(instruction.fields());
        }
        hash(&elements)
    }

    /// The binary form.
    pub fn encode(&self) -> Vec<u8> {
        encode_parts(self.frame_size, &self.instructions, &self.hints)
    }

    /// Decodes a binary program.
    ///
    /// # Errors
    /// Codes 1 to 12, the first in the order of SPEC §4.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader { bytes, position: 0 };
        // §4.2, §4.3.
        for (expected, name) in [(MAGIC, "magic"), (VERSION, "version")] {
            let word = reader.word()?;
            if word != expected {
                return Err(Error::new(
                    Rejection::ProgramMagic,
                    format!("{name} {word:#x} is not {expected:#x}"),
                ));
            }
        }
        // §4.4.
        let frame_size = reader.word()?;
        let num_instructions = reader.word()?;
        let num_hints = reader.word()?;
        if frame_size > MAX_FRAME_SIZE || num_instructions > MAX_LENGTH || num_hints > MAX_LENGTH {
            let detail = format!(
                "frame size {frame_size}, {num_instructions} instructions, {num_hints} hints"
            );
            return Err(Error::new(Rejection::ProgramTooLong, detail));
        }
        // §4.5.
        if num_instructions == 0 {
            return Err(Error::new(
                Rejection::ProgramEmpty,
                "a program ends with halt",
            ));
        }
        // Instruction by instruction.
        let mut instructions = Vec::new();
        for pc in 0..num_instructions {
            let mut words = [0; 6];
            for word in &mut words {
                *word = reader.word()?;
            }
            instructions.push(Instruction::decode(&words, pc)?);
        }
        check_halt(&instructions)?;
        check_jumps(&instructions)?;
        // The hints.
        let mut hints: Vec<Hint> = Vec::new();
        for _ in 0..num_hints {
            let hint = Hint::decode(&mut reader, num_instructions)?;
            // §4.14.
            if hints.last().is_some_and(|previous| hint.pc < previous.pc) {
                return Err(Error::new(
                    Rejection::HintMalformed,
                    format!("the hint at pc {} is out of order", hint.pc),
                ));
            }
            hints.push(hint);
        }
        // §4.15.
        if reader.position != bytes.len() {
            return Err(Error::new(
                Rejection::ProgramTruncated,
                "bytes are left over",
            ));
        }
        Ok(Self {
            frame_size,
            instructions,
            hints,
        })
    }
}

/// §4.11: the last instruction is HALT and no other is.
fn check_halt(instructions: &[Instruction]) -> Result<(), Error> {
    for (pc, instruction) in instructions.iter().enumerate() {
        if (instruction.opcode() == Opcode::Halt) != (pc + 1 == instructions.len()) {
            return Err(Error::new(
                Rejection::HaltMissing,
                format!("pc {pc}: halt stands at the end and only there"),
            ));
        }
    }
    Ok(())
}

/// §4.12: constant destinations of jumps are instructions.
fn check_jumps(instructions: &[Instruction]) -> Result<(), Error> {
    for (pc, instruction) in instructions.iter().enumerate() {
        if instruction.opcode() != Opcode::Jump {
            continue;
        }
        if let Operand::Constant(destination) = instruction.operand(1)
            && destination.value() as usize >= instructions.len()
        {
            return Err(Error::new(
                Rejection::JumpOutside,
                format!("pc {pc}: destination {destination}"),
            ));
        }
    }
    Ok(())
}

/// The binary form of parts that need not be valid.
pub(crate) fn encode_parts(
    frame_size: u32,
    instructions: &[Instruction],
    hints: &[Hint],
) -> Vec<u8> {
    let mut words = vec![
        MAGIC,
        VERSION,
        frame_size,
        instructions.len() as u32,
        hints.len() as u32,
    ];
    for instruction in instructions {
        words.extend(instruction.fields().map(Felt::value));
    }
    for hint in hints {
        words.extend(hint.encode());
    }
    let mut bytes = Vec::new();
    for word in words {
        bytes.extend(word.to_le_bytes());
    }
    bytes
}

/// Reads words from the start of a file to its end.
struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl Reader<'_> {
    /// §4.1.
    fn word(&mut self) -> Result<u32, Error> {
        let rest = &self.bytes[self.position..];
        let Some(word) = rest.first_chunk::<4>() else {
            return Err(Error::new(
                Rejection::ProgramTruncated,
                format!("no word at byte {}", self.position),
            ));
        };
        self.position += 4;
        Ok(u32::from_le_bytes(*word))
    }
}

#[cfg(test)]
mod tests;
