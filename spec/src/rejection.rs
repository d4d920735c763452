//! SPEC §2 rejection.
//!
//! [`Rejection`] is the normative reason for which an operation ends; [`Error`] carries it with a
//! detail for people.

use core::fmt;

/// The reason for which a program, an execution or a proof is refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum Rejection {
    /// A program file ends early, or has bytes left over.
    ProgramTruncated = 1,
    /// Wrong magic or version word.
    ProgramMagic = 2,
    /// No instruction.
    ProgramEmpty = 3,
    /// More instructions or hints than the caps allow.
    ProgramTooLong = 4,
    /// Opcode not in the table of section 4.
    OpcodeUnknown = 5,
    /// Opcode reserved for a later version.
    OpcodeReserved = 6,
    /// An operand mode that the instruction does not allow, an unused field that is not zero.
    OperandMode = 7,
    /// A word that should be a field element is ≥ p.
    ElementNotCanonical = 8,
    /// The last instruction is not HALT, or HALT stands elsewhere.
    HaltMissing = 9,
    /// A JUMP with a constant destination ≥ number of instructions.
    JumpOutside = 10,
    /// An unknown hint kind, a hint at a pc that does not exist, a bad name or operand of a hint.
    HintMalformed = 11,
    /// A length, or a base of CHAIN, of 0 or above the cap.
    LengthZero = 12,
    /// Assembly text that section 8 does not define.
    AssemblySyntax = 13,
    /// An instruction's relation is false on defined cells (a failed assertion).
    RelationViolated = 20,
    /// An instruction reads an undefined cell, or has more than one unknown.
    OperandUndefined = 21,
    /// MUL with one unknown factor, the other factor 0, product not 0.
    DivisionByZero = 22,
    /// MUL with one unknown factor, the other factor 0, product 0.
    FactorUndetermined = 23,
    /// A cell address at or above the cell cap.
    AddressOutOfRange = 24,
    /// A chunk address that is not a multiple of 8, or a half address that is not a multiple of 4.
    ChunkUnaligned = 25,
    /// A JUMP condition that is neither 0 nor 1.
    JumpCondition = 26,
    /// Pc is not the index of an instruction.
    PcOutOfRange = 27,
    /// HALT reached with fp ≠ fp_0.
    FinalFrame = 28,
    /// More cycles than the cap.
    CycleLimit = 29,
    /// An allocation beyond the cell cap.
    MemoryExhausted = 30,
    /// A witness hint finds no data.
    WitnessMissing = 31,
    /// Private data not consumed at HALT.
    WitnessLeftOver = 32,
    /// A hint cannot be computed (value too large for its bits).
    HintFailed = 33,
    /// A hint writes to a cell another value than it has.
    HintConflict = 34,
    /// Public input above the cap.
    PublicInputTooLong = 35,
    /// A proof ends early.
    ProofTruncated = 40,
    /// A proof has bytes left over.
    ProofLeftOver = 41,
    /// Wrong magic or version.
    ProofMagic = 42,
    /// Unknown parameter set or rate, or not the set that the verifier asked for.
    Parameters = 43,
    /// An announced size outside the caps of the parameter set.
    SizeCap = 44,
    /// A nonce that does not give the required zero bits.
    Grinding = 45,
    /// The lookup sum is not zero, or a denominator is zero.
    LookupRoot = 46,
    /// A layer of the fractional sum is inconsistent.
    LookupLayer = 47,
    /// The final evaluation of the batched zerocheck is wrong.
    Constraint = 48,
    /// An opening does not hash to the root.
    MerklePath = 49,
    /// The final evaluation of the opening is wrong.
    CommitmentClaim = 51,
    /// A layer of the permutation is inconsistent.
    PoseidonLayer = 52,
}

impl Rejection {
    /// All rejections, in the order of their codes.
    pub const ALL: [Self; 41] = [
        Self::ProgramTruncated,
        Self::ProgramMagic,
        Self::ProgramEmpty,
        Self::ProgramTooLong,
        Self::OpcodeUnknown,
        Self::OpcodeReserved,
        Self::OperandMode,
        Self::ElementNotCanonical,
        Self::HaltMissing,
        Self::JumpOutside,
        Self::HintMalformed,
        Self::LengthZero,
        Self::AssemblySyntax,
        Self::RelationViolated,
        Self::OperandUndefined,
        Self::DivisionByZero,
        Self::FactorUndetermined,
        Self::AddressOutOfRange,
        Self::ChunkUnaligned,
        Self::JumpCondition,
        Self::PcOutOfRange,
        Self::FinalFrame,
        Self::CycleLimit,
        Self::MemoryExhausted,
        Self::WitnessMissing,
        Self::WitnessLeftOver,
        Self::HintFailed,
        Self::HintConflict,
        Self::PublicInputTooLong,
        Self::ProofTruncated,
        Self::ProofLeftOver,
        Self::ProofMagic,
        Self::Parameters,
        Self::SizeCap,
        Self::Grinding,
        Self::LookupRoot,
        Self::LookupLayer,
        Self::Constraint,
        Self::MerklePath,
        Self::CommitmentClaim,
        Self::PoseidonLayer,
    ];

    /// The code of SPEC §2.
    pub const fn code(self) -> u32 {
        self as u32
    }

    /// The name of SPEC §2.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgramTruncated => "program-truncated",
            Self::ProgramMagic => "program-magic",
            Self::ProgramEmpty => "program-empty",
            Self::ProgramTooLong => "program-too-long",
            Self::OpcodeUnknown => "opcode-unknown",
            Self::OpcodeReserved => "opcode-reserved",
            Self::OperandMode => "operand-mode",
            Self::ElementNotCanonical => "element-not-canonical",
            Self::HaltMissing => "halt-missing",
            Self::JumpOutside => "jump-outside",
            Self::HintMalformed => "hint-malformed",
            Self::LengthZero => "length-zero",
            Self::AssemblySyntax => "assembly-syntax",
            Self::RelationViolated => "relation-violated",
            Self::OperandUndefined => "operand-undefined",
            Self::DivisionByZero => "division-by-zero",
            Self::FactorUndetermined => "factor-undetermined",
            Self::AddressOutOfRange => "address-out-of-range",
            Self::ChunkUnaligned => "chunk-unaligned",
            Self::JumpCondition => "jump-condition",
            Self::PcOutOfRange => "pc-out-of-range",
            Self::FinalFrame => "final-frame",
            Self::CycleLimit => "cycle-limit",
            Self::MemoryExhausted => "memory-exhausted",
            Self::WitnessMissing => "witness-missing",
            Self::WitnessLeftOver => "witness-left-over",
            Self::HintFailed => "hint-failed",
            Self::HintConflict => "hint-conflict",
            Self::PublicInputTooLong => "public-input-too-long",
            Self::ProofTruncated => "proof-truncated",
            Self::ProofLeftOver => "proof-left-over",
            Self::ProofMagic => "proof-magic",
            Self::Parameters => "parameters",
            Self::SizeCap => "size-cap",
            Self::Grinding => "grinding",
            Self::LookupRoot => "lookup-root",
            Self::LookupLayer => "lookup-layer",
            Self::Constraint => "constraint",
            Self::MerklePath => "merkle-path",
            Self::CommitmentClaim => "commitment-claim",
            Self::PoseidonLayer => "poseidon-layer",
        }
    }
}

/// A rejection with the place where it was met. The detail is for people and not normative.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The normative reason.
    pub rejection: Rejection,
    /// The place (pc, line, operand) and, where there is one, the remedy.
    pub detail: String,
}

impl Error {
    /// A rejection with its detail.
    pub fn new(rejection: Rejection, detail: impl Into<String>) -> Self {
        Self {
            rejection,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name(), self.code())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.rejection, self.detail)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_specification_lists_exactly_these_codes() {
        let specification = include_str!("../../SPEC.md");
        let start = specification
            .find("## 2 rejection")
            .expect("section 2 exists");
        let end = specification
            .find("## 3 permutation")
            .expect("section 3 exists");
        let rows: Vec<(u32, &str)> = specification[start..end]
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('|').map(str::trim).skip(1);
                let code = cells.next()?.parse().ok()?;
                Some((code, cells.next()?.trim_matches('`')))
            })
            .collect();
        let ours: Vec<(u32, &str)> = Rejection::ALL
            .iter()
            .map(|r| (r.code(), r.name()))
            .collect();
        assert_eq!(ours, rows);
        assert!(rows.len() >= 40);
    }

    #[test]
    fn an_error_displays_name_code_and_detail() {
        let error = Error::new(Rejection::OpcodeUnknown, "instruction 3");
        assert_eq!(error.to_string(), "opcode-unknown (5): instruction 3");
    }
}
