//! SPEC §4 isa: hints.

use super::{MAX_NAME, Operand, Reader};
use crate::field::Felt;
use crate::rejection::{Error, Rejection};

/// The kinds of hints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum HintKind {
    /// destination ← address of fresh cells.
    Alloc = 0,
    /// The next list of a private input is written.
    Witness = 1,
    /// The bits of a value are written.
    Bits = 2,
    /// destination ← value⁻¹, or 0 for 0.
    Inverse = 3,
    /// A value is shown to the user.
    Print = 4,
    /// destination ← 1 if left = right, else 0.
    Equal = 5,
}

impl HintKind {
    /// All kinds, in order.
    pub const ALL: [Self; 6] = [
        Self::Alloc,
        Self::Witness,
        Self::Bits,
        Self::Inverse,
        Self::Print,
        Self::Equal,
    ];

    /// The number of operands.
    pub fn num_operands(self) -> usize {
        match self {
            Self::Alloc | Self::Bits | Self::Inverse => 2,
            Self::Witness | Self::Print => 1,
            Self::Equal => 3,
        }
    }
}

/// The prover's advice, computed before the instruction at `pc`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// The instruction before which the hint runs.
    pub pc: u32,
    /// What the hint does.
    pub kind: HintKind,
    /// The operands; one that the kind does not have is the constant 0.
    pub operands: [Operand; 3],
    /// The alignment of an allocation, the number of bits, else 0.
    pub imm: u32,
    /// The name of the private input of a witness, else empty.
    pub name: String,
}

impl Hint {
    /// Reads and checks a hint of a program of `num_instructions` instructions.
    pub(super) fn decode(reader: &mut Reader<'_>, num_instructions: u32) -> Result<Self, Error> {
        // §4.1.
        let mut words = [0; 8];
        for word in &mut words {
            *word = reader.word()?;
        }
        let [pc, kind, flags, k_0, k_1, k_2, imm, name_length] = words;
        let mut name = Vec::new();
        for _ in 0..name_length.div_ceil(4) {
            name.extend(reader.word()?.to_le_bytes());
        }
        // §4.13.
        let mut k = [Felt::ZERO; 3];
        for (element, word) in k.iter_mut().zip([k_0, k_1, k_2]) {
            let Some(canonical) = Felt::from_canonical(word) else {
                return Err(Error::new(
                    Rejection::ElementNotCanonical,
                    format!("hint at pc {pc}: operand {word}"),
                ));
            };
            *element = canonical;
        }
        // §4.14.
        let refuse = |what: &str| {
            Err(Error::new(
                Rejection::HintMalformed,
                format!("hint at pc {pc}: {what}"),
            ))
        };
        if pc >= num_instructions {
            return refuse("no such instruction");
        }
        let Some(kind) = HintKind::ALL
            .into_iter()
            .find(|candidate| *candidate as u32 == kind)
        else {
            return refuse("unknown kind");
        };
        if flags >> 6 != 0 {
            return refuse("unknown flags");
        }
        let mut operands = [Operand::Constant(Felt::ZERO); 3];
        for i in 0..3 {
            match Operand::decode((flags >> (2 * i)) & 3, k[i]) {
                Some(operand)
                    if i < kind.num_operands() || operand == Operand::Constant(Felt::ZERO) =>
                {
                    operands[i] = operand
                }
                _ => {
                    return refuse(&format!(
                        "operand {i} has both modes, or does not exist and is not zero"
                    ));
                }
            }
        }
        let has_destination = matches!(kind, HintKind::Alloc | HintKind::Inverse | HintKind::Equal);
        if has_destination && !matches!(operands[0], Operand::Memory(_)) {
            return refuse("the destination is a memory operand");
        }
        let imm_allowed = match kind {
            HintKind::Alloc => imm == 1 || imm == 8,
            HintKind::Bits => imm <= 31,
            HintKind::Witness | HintKind::Inverse | HintKind::Print | HintKind::Equal => imm == 0,
        };
        if !imm_allowed {
            return refuse("bad imm");
        }
        let padding = name.split_off(name_length as usize);
        if padding.iter().any(|byte| *byte != 0) {
            return refuse("the padding of the name is not zero");
        }
        let letters = name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !letters || name.len() > MAX_NAME || name.is_empty() == (kind == HintKind::Witness) {
            return refuse("bad name");
        }
        let name = name.into_iter().map(char::from).collect();
        Ok(Self {
            pc,
            kind,
            operands,
            imm,
            name,
        })
    }

    /// The words of the binary form.
    pub(super) fn encode(&self) -> Vec<u32> {
        let mut flags = 0;
        for (i, operand) in self.operands.iter().enumerate() {
            flags += operand.flags() << (2 * i);
        }
        let [k_0, k_1, k_2] = self.operands.map(|operand| operand.k().value());
        let mut words = vec![
            self.pc,
            self.kind as u32,
            flags,
            k_0,
            k_1,
            k_2,
            self.imm,
            self.name.len() as u32,
        ];
        for chunk in self.name.as_bytes().chunks(4) {
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            words.push(u32::from_le_bytes(word));
        }
        words
    }
}
