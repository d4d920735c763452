//! SPEC §4 isa.
//!
//! Programs, instructions and hints, and their binary form. A [`Program`] is always valid: it can
//! only be made by [`Program::decode`] or by the assembler, which goes through it.

use std::sync::OnceLock;

use p3_field::PrimeCharacteristicRing;

use crate::field::{F, MODULUS, from_canonical, to_canonical};
use crate::numbered::numbered;
use crate::permutation::{Digest, hash};
use crate::rejection::{Error, Rejection};

pub use crate::instructions::Opcode;

/// First word of a binary program, "LVM1".
pub const MAGIC: u32 = 0x314d_564c;
/// Second word of a binary program.
pub const VERSION: u32 = 1;
/// Greatest number of instructions, and of hints.
pub const MAX_INSTRUCTIONS: u32 = 1 << 20;
/// Greatest size of the main frame.
pub const MAX_FRAME_SIZE: u32 = 1 << 22;
/// Greatest length of a reduction, a run of chains, a path or a sponge.
pub const MAX_LENGTH: u32 = 1 << 16;
/// Greatest base of CHAIN.
pub const MAX_BASE: u32 = 1 << 8;
/// Greatest number of bytes of the name of a hint.
pub const MAX_NAME: u32 = 64;
/// Bit of `word` that asks for half an output chunk.
pub const HALF: u32 = 1 << 13;
/// Bit of `word` that asks for the whole permutation.
pub const PERMUTE: u32 = 1 << 14;
/// Bit of `word` that puts the left operands into F.
pub const BASE: u32 = 1 << 15;

/// What an instruction does with `imm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Imm {
    /// Nothing: it is 0.
    Absent,
    /// An offset; in assembly behind the operands, or left out where it is 0.
    Offset,
    /// An offset that is added to operand 0, which is a cell; in assembly behind it.
    OffsetOfPointer,
    /// A length; in assembly behind the operands.
    Length,
    /// A length, and operand 2 is a constant in 1..=[`MAX_BASE`].
    LengthAndBase,
}

/// A word of assembly that begins an instruction, and the flags that it sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mnemonic {
    pub(crate) text: &'static str,
    pub(crate) flags: u32,
}

/// The form of an instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// The name in the table of SPEC §4.
    pub(crate) name: &'static str,
    /// Its words in assembly.
    pub(crate) mnemonics: &'static [Mnemonic],
    /// Number of operands.
    pub(crate) operands: usize,
    /// What `imm` is.
    pub(crate) imm: Imm,
    /// The flags that it may have, of [`HALF`], [`PERMUTE`] and [`BASE`].
    pub(crate) flags: u32,
}

impl Opcode {
    /// Number of operands.
    #[must_use]
    pub const fn operands(self) -> usize {
        self.form().operands
    }

    /// Whether this is POSEIDON_n, which has the flags half and permute.
    #[must_use]
    pub const fn is_hash(self) -> bool {
        self.form().flags == HALF | PERMUTE
    }

    /// Whether `imm` is an offset.
    #[must_use]
    pub const fn has_offset(self) -> bool {
        matches!(self.form().imm, Imm::Offset | Imm::OffsetOfPointer)
    }

    /// Whether `imm` is a length.
    #[must_use]
    pub const fn has_length(self) -> bool {
        matches!(self.form().imm, Imm::Length | Imm::LengthAndBase)
    }

    /// The name in the table of SPEC §4.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.form().name
    }

    fn decode(code: u32) -> Result<Self, Rejection> {
        match code {
            11 => Err(Rejection::OpcodeReserved),
            _ => Self::ALL
                .into_iter()
                .find(|opcode| opcode.code() == code)
                .ok_or(Rejection::OpcodeUnknown),
        }
    }
}

/// An operand of an instruction or hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The constant k.
    Constant(F),
    /// The cell m[fp + k].
    Memory(F),
    /// The address fp + k.
    Frame(F),
}

impl Operand {
    /// The two flags (mem, fp) as bits 0 and 1.
    #[inline]
    #[must_use]
    pub const fn flags(self) -> u32 {
        match self {
            Self::Constant(_) => 0,
            Self::Memory(_) => 1,
            Self::Frame(_) => 2,
        }
    }

    /// k.
    #[inline]
    pub const fn k(self) -> F {
        match self {
            Self::Constant(k) | Self::Memory(k) | Self::Frame(k) => k,
        }
    }

    const fn new(flags: u32, k: F) -> Option<Self> {
        match flags & 3 {
            0 => Some(Self::Constant(k)),
            1 => Some(Self::Memory(k)),
            2 => Some(Self::Frame(k)),
            _ => None,
        }
    }
}

/// An instruction: the six elements `(word, k_0, k_1, k_2, k_3, imm)`. One taken from a [`Program`]
/// is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    word: u32,
    opcode: Opcode,
    k: [F; 4],
    imm: F,
}

impl Instruction {
    /// Assembles the word from its parts.
    #[must_use]
    pub(crate) fn new(opcode: Opcode, operands: &[Operand], imm: F, flags: u32) -> Self {
        let mut word = opcode.code() + flags;
        let mut k = [F::ZERO; 4];
        for ((i, operand), k) in (0..).zip(operands).zip(&mut k) {
            word += operand.flags() << (5 + 2 * i);
            *k = operand.k();
        }
        Self {
            word,
            opcode,
            k,
            imm,
        }
    }

    /// The instruction of six words, checked for itself (§4.6 to §4.10).
    fn decode(words: [u32; 6]) -> Result<Self, Error> {
        let mut elements = [F::ZERO; 6];
        for (i, (element, word)) in elements.iter_mut().zip(words).enumerate() {
            // §4.6.
            *element = from_canonical(word)
                .ok_or_else(|| Rejection::ElementNotCanonical.at(format!("word {i} is {word}")))?;
        }
        let [word, _, _, _, _, imm_word] = words;
        let [_, k_0, k_1, k_2, k_3, imm] = elements;
        let [_, _, _, base_word, _, _] = words;
        // §4.7, §4.8.
        let opcode = Opcode::decode(word & 31)
            .map_err(|rejection| rejection.at(format!("opcode {}", word & 31)))?;
        let result = Self {
            word,
            opcode,
            k: [k_0, k_1, k_2, k_3],
            imm,
        };
        // §4.9.
        result.check_modes()?;
        // §4.10.
        if opcode.has_length() && !(1..=MAX_LENGTH).contains(&imm_word) {
            return Err(
                Rejection::LengthZero.at(format!("length {imm_word} is not in 1..={MAX_LENGTH}"))
            );
        }
        if opcode.form().imm == Imm::LengthAndBase && !(1..=MAX_BASE).contains(&base_word) {
            return Err(
                Rejection::LengthZero.at(format!("base {base_word} is not in 1..={MAX_BASE}"))
            );
        }
        Ok(result)
    }

    fn check_modes(&self) -> Result<(), Error> {
        let refuse =
            |what: &str| Err(Rejection::OperandMode.at(format!("{}: {what}", self.opcode.name())));
        for (i, k) in self.k.iter().enumerate() {
            let flags = self.word >> (5 + 2 * i) & 3;
            if i >= self.opcode.operands() && (flags != 0 || *k != F::ZERO) {
                return refuse(
                    "a field of an operand that the instruction does not have is not zero",
                );
            }
            if flags == 3 {
                return refuse("an operand with both modes");
            }
        }
        let form = self.opcode.form();
        if form.imm == Imm::OffsetOfPointer && self.word >> 5 & 3 != 1 {
            return refuse("the pointer is not a memory operand");
        }
        if form.imm == Imm::LengthAndBase && self.word >> 9 & 3 != 0 {
            return refuse("the base is not a constant");
        }
        if self.word >> 16 != 0 {
            return refuse("bits 16 and up of the word are not zero");
        }
        let flags = self.word & (HALF | PERMUTE | BASE);
        if flags & !form.flags != 0 || flags == HALF | PERMUTE {
            return refuse("a flag that the instruction does not allow");
        }
        if self.imm != F::ZERO && form.imm == Imm::Absent {
            return refuse("an imm that the instruction does not use");
        }
        Ok(())
    }

    /// `(word, k_0, k_1, k_2, k_3, imm)`.
    pub fn fields(&self) -> [F; 6] {
        let [k_0, k_1, k_2, k_3] = self.k;
        [F::from_u32(self.word), k_0, k_1, k_2, k_3, self.imm]
    }

    /// The word of opcode, modes and flags.
    #[must_use]
    pub const fn word(&self) -> u32 {
        self.word
    }

    /// The opcode.
    #[inline]
    #[must_use]
    pub const fn opcode(&self) -> Opcode {
        self.opcode
    }

    /// Operand i; the constant 0 where the instruction has none.
    #[inline]
    #[must_use]
    pub fn operand(&self, i: usize) -> Operand {
        let k = self.k.get(i);
        k.and_then(|k| Operand::new(self.word >> (5 + 2 * i), *k))
            .unwrap_or(Operand::Constant(F::ZERO))
    }

    /// k_0..k_4.
    pub const fn k(&self) -> [F; 4] {
        self.k
    }

    /// The offset of DEREF and POSEIDON_16_HALVES, the length of other instructions.
    #[inline]
    pub const fn imm(&self) -> F {
        self.imm
    }

    /// Whether the half flag is set.
    #[inline]
    #[must_use]
    pub const fn half(&self) -> bool {
        self.word & HALF != 0
    }

    /// Whether the permute flag is set.
    #[inline]
    #[must_use]
    pub const fn permute(&self) -> bool {
        self.word & PERMUTE != 0
    }

    /// Whether the base flag is set.
    #[inline]
    #[must_use]
    pub const fn base(&self) -> bool {
        self.word & BASE != 0
    }
}

numbered! {
    /// The kinds of hints of SPEC §4.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[expect(missing_docs, reason = "SPEC §4 is their documentation")]
    pub enum HintKind: u32 by code {
        Alloc = 0,
        Witness = 1,
        Bits = 2,
        Inverse = 3,
        Print = 4,
        Equal = 5,
    }
}

impl HintKind {
    /// Number of operands.
    #[must_use]
    pub const fn operands(self) -> usize {
        match self {
            Self::Alloc | Self::Bits | Self::Inverse => 2,
            Self::Witness | Self::Print => 1,
            Self::Equal => 3,
        }
    }

    fn decode(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A hint: the prover's advice, never of the statement. One taken from a [`Program`] is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The instruction before which the hint runs.
    pub pc: u32,
    /// What it does.
    pub kind: HintKind,
    /// Its operands; the constant 0 where the kind has none.
    pub operands: [Operand; 3],
    /// Alignment of an alloc, number of bits.
    pub imm: u32,
    /// Name of the private input of a witness, else empty.
    pub name: String,
}

impl Hint {
    fn decode(reader: &mut Reader<'_>, instructions: u32, previous_pc: u32) -> Result<Self, Error> {
        let words = reader.words::<8>()?;
        let [pc, kind, flags, k_0, k_1, k_2, imm, name_length] = words;
        let name = reader.padded_bytes(name_length)?;
        // §4.13.
        let mut k = [F::ZERO; 3];
        for (element, word) in k.iter_mut().zip([k_0, k_1, k_2]) {
            *element = from_canonical(word).ok_or_else(|| {
                Rejection::ElementNotCanonical.at(format!("an operand of a hint is {word}"))
            })?;
        }
        // §4.14.
        let refuse =
            |what: &str| Err(Rejection::HintMalformed.at(format!("hint at pc {pc}: {what}")));
        let Some(kind) = HintKind::decode(kind) else {
            return refuse("unknown kind");
        };
        if pc >= instructions || pc < previous_pc {
            return refuse("no such instruction, or hints not sorted by pc");
        }
        if flags >> 6 != 0 {
            return refuse("bits 6 and up of the flags are not zero");
        }
        let mut operands = [Operand::Constant(F::ZERO); 3];
        for (i, (operand, k)) in operands.iter_mut().zip(k).enumerate() {
            match Operand::new(flags >> (2 * i), k) {
                Some(decoded) if i < kind.operands() || decoded == *operand => *operand = decoded,
                _ => {
                    return refuse(
                        "an operand with both modes, or one that the kind does not have",
                    );
                }
            }
        }
        let [destination, _, _] = operands;
        let has_destination = matches!(kind, HintKind::Alloc | HintKind::Inverse | HintKind::Equal);
        if has_destination && !matches!(destination, Operand::Memory(_)) {
            return refuse("the destination is not a memory operand");
        }
        let imm_is_valid = match kind {
            HintKind::Alloc => imm == 1 || imm == 8,
            HintKind::Bits => imm <= 31,
            _ => imm == 0,
        };
        if !imm_is_valid {
            return refuse("imm is not allowed for this kind");
        }
        let length = to_usize(name_length);
        let (text, padding) = name.split_at_checked(length).unwrap_or((name, &[]));
        let well_named = if kind == HintKind::Witness {
            length >= 1 && name_length <= MAX_NAME
        } else {
            length == 0
        };
        if !well_named
            || padding.iter().any(|byte| *byte != 0)
            || !text
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        {
            return refuse("bad name");
        }
        Ok(Self {
            pc,
            kind,
            operands,
            imm,
            name: text.iter().copied().map(char::from).collect(),
        })
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        let flags = self
            .operands
            .iter()
            .enumerate()
            .map(|(i, operand)| operand.flags() << (2 * i))
            .sum();
        let [k_0, k_1, k_2] = self.operands.map(|operand| to_canonical(operand.k()));
        // A name has at most 64 bytes.
        let length = u32::try_from(self.name.len()).unwrap_or(u32::MAX);
        for word in [
            self.pc,
            self.kind.code(),
            flags,
            k_0,
            k_1,
            k_2,
            self.imm,
            length,
        ] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(self.name.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
}

/// A valid program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    frame_size: u32,
    instructions: Vec<Instruction>,
    hints: Vec<Hint>,
    digest: CachedDigest,
}

/// The digest of a program, once it has been asked for. It follows from the instructions, so all of
/// them are equal.
#[derive(Clone, Debug, Default)]
struct CachedDigest(OnceLock<Digest>);

impl PartialEq for CachedDigest {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for CachedDigest {}

impl Program {
    /// Decodes a binary program.
    ///
    /// # Errors
    /// Codes 1 to 12, the first in the order of SPEC §4.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader { rest: bytes };
        // §4.2, §4.3.
        if reader.word()? != MAGIC || reader.word()? != VERSION {
            return Err(Rejection::ProgramMagic.at("this is not a program of version 1"));
        }
        // §4.4.
        let [frame_size, num_instructions, num_hints] = reader.words()?;
        if frame_size > MAX_FRAME_SIZE
            || num_instructions > MAX_INSTRUCTIONS
            || num_hints > MAX_INSTRUCTIONS
        {
            let detail = format!(
                "frame of {frame_size} cells, {num_instructions} instructions, {num_hints} hints"
            );
            return Err(Rejection::ProgramTooLong.at(detail));
        }
        if num_instructions == 0 {
            // §4.5.
            return Err(Rejection::ProgramEmpty.at("add at least HALT"));
        }
        // Capacity follows the bytes that are there, not the announced counts.
        let mut instructions = Vec::with_capacity(to_usize(num_instructions).min(bytes.len() / 24));
        for pc in 0..num_instructions {
            let words = reader.words::<6>()?;
            let instruction = Instruction::decode(words)
                .map_err(|error| error.rejection.at(format!("pc {pc}: {}", error.detail)))?;
            instructions.push(instruction);
        }
        // §4.11.
        for (pc, instruction) in instructions.iter().enumerate() {
            let is_last = pc + 1 == instructions.len();
            if (instruction.opcode == Opcode::Halt) != is_last {
                return Err(Rejection::HaltMissing.at(format!(
                    "pc {pc}: the last instruction, and no other, is HALT"
                )));
            }
        }
        for (pc, instruction) in instructions.iter().enumerate() {
            // §4.12.
            if let (Opcode::Jump, Operand::Constant(destination)) =
                (instruction.opcode, instruction.operand(1))
                && to_canonical(destination) >= num_instructions
            {
                return Err(Rejection::JumpOutside.at(format!(
                    "pc {pc}: destination {destination} of {num_instructions} instructions"
                )));
            }
        }
        let mut hints: Vec<Hint> = Vec::with_capacity(to_usize(num_hints).min(bytes.len() / 32));
        for _ in 0..num_hints {
            let previous_pc = hints.last().map_or(0, |hint| hint.pc);
            hints.push(Hint::decode(&mut reader, num_instructions, previous_pc)?);
        }
        // §4.15.
        if reader.rest.is_empty() {
            Ok(Self {
                frame_size,
                instructions,
                hints,
                digest: CachedDigest::default(),
            })
        } else {
            Err(Rejection::ProgramTruncated.at(format!("{} bytes left over", reader.rest.len())))
        }
    }

    /// The binary form of possibly invalid parts, for the assembler.
    pub(crate) fn encode_parts(
        frame_size: u32,
        instructions: &[Instruction],
        hints: &[Hint],
    ) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(20 + 24 * instructions.len() + 48 * hints.len());
        // A count of 2^32 or more needs a text that no memory holds.
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        for word in [
            MAGIC,
            VERSION,
            frame_size,
            count(instructions.len()),
            count(hints.len()),
        ] {
            bytes.extend(word.to_le_bytes());
        }
        for instruction in instructions {
            for field in instruction.fields() {
                bytes.extend(to_canonical(field).to_le_bytes());
            }
        }
        for hint in hints {
            hint.encode(&mut bytes);
        }
        bytes
    }

    /// The binary form; [`Program::decode`] is its inverse.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Self::encode_parts(self.frame_size, &self.instructions, &self.hints)
    }

    /// `hash` of the 6·n elements of the instructions.
    pub fn digest(&self) -> Digest {
        *self.digest.0.get_or_init(|| {
            let elements: Vec<F> = self
                .instructions
                .iter()
                .flat_map(Instruction::fields)
                .collect();
            hash(&elements)
        })
    }

    /// Size of the main frame.
    #[must_use]
    pub const fn frame_size(&self) -> u32 {
        self.frame_size
    }

    /// The instructions, at least one.
    #[inline]
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The hints, by increasing pc.
    #[must_use]
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// Number of instructions − 1.
    #[must_use]
    pub fn halt_pc(&self) -> u32 {
        // At least one instruction and at most 2^20.
        u32::try_from(self.instructions.len()).unwrap_or(u32::MAX) - 1
    }
}

fn to_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Words from untrusted bytes.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn word(&mut self) -> Result<u32, Error> {
        // §4.1.
        let (head, rest) = self.rest.split_first_chunk::<4>().ok_or_else(|| {
            Rejection::ProgramTruncated.at(format!(
                "a word is needed, {} bytes are left",
                self.rest.len()
            ))
        })?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*head))
    }

    fn words<const N: usize>(&mut self) -> Result<[u32; N], Error> {
        let mut result = [0; N];
        for word in &mut result {
            *word = self.word()?;
        }
        Ok(result)
    }

    /// `length` bytes padded to a word.
    fn padded_bytes(&mut self, length: u32) -> Result<&'a [u8], Error> {
        let padded = to_usize(length).next_multiple_of(4);
        let (head, rest) = self.rest.split_at_checked(padded).ok_or_else(|| {
            Rejection::ProgramTruncated.at(format!(
                "a name of {length} bytes, {} bytes are left",
                self.rest.len()
            ))
        })?;
        self.rest = rest;
        Ok(head)
    }
}

// The word of an instruction, at most 16 bits, is canonical.
const _: () = assert!(1 << 16 < MODULUS);

#[cfg(test)]
mod tests;
