//! SPEC §2 rejection.
//!
//! A [`Rejection`] is a code of the table of SPEC §2; an [`Error`] carries it with a detail for
//! people, which is not normative.

use std::fmt;

use crate::numbered::numbered;

/// The table of SPEC §2: each rejection with its code and its name.
macro_rules! rejections {
    ($($(#[$documentation:meta])* $rejection:ident = $code:literal, $name:literal;)*) => {
        numbered! {
        /// Why an operation ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rejection: u32 by code {
            $($(#[$documentation])* $rejection = $code,)*
        }
        }

        impl Rejection {
            /// The name of the table of SPEC §2.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rejection => $name,)*
                }
            }
        }
    };
}

rejections! {
    /// A program file ends early, or has bytes left over.
    ProgramTruncated = 1, "program-truncated";
    /// Wrong magic or version word.
    ProgramMagic = 2, "program-magic";
    /// No instruction.
    ProgramEmpty = 3, "program-empty";
    /// More instructions or hints than the caps allow.
    ProgramTooLong = 4, "program-too-long";
    /// Opcode not in the table of section 4.
    OpcodeUnknown = 5, "opcode-unknown";
    /// Opcode reserved for a later version.
    OpcodeReserved = 6, "opcode-reserved";
    /// An operand mode that the instruction does not allow, an unused field that is not zero.
    OperandMode = 7, "operand-mode";
    /// A word that should be a field element is ≥ p.
    ElementNotCanonical = 8, "element-not-canonical";
    /// The last instruction is not HALT, or HALT stands elsewhere.
    HaltMissing = 9, "halt-missing";
    /// A JUMP with a constant destination ≥ number of instructions.
    JumpOutside = 10, "jump-outside";
    /// An unknown hint kind, a hint at a pc that does not exist, a bad name or operand of a hint.
    HintMalformed = 11, "hint-malformed";
    /// A length, or a base of CHAIN, of 0 or above the cap.
    LengthZero = 12, "length-zero";
    /// Assembly text that section 8 does not define.
    AssemblySyntax = 13, "assembly-syntax";
    /// An instruction's relation is false on defined cells (a failed assertion).
    RelationViolated = 20, "relation-violated";
    /// An instruction reads an undefined cell, or has more than one unknown.
    OperandUndefined = 21, "operand-undefined";
    /// MUL with one unknown factor, the other factor 0, product not 0.
    DivisionByZero = 22, "division-by-zero";
    /// MUL with one unknown factor, the other factor 0, product 0.
    FactorUndetermined = 23, "factor-undetermined";
    /// A cell address at or above the cell cap.
    AddressOutOfRange = 24, "address-out-of-range";
    /// A chunk address that is not a multiple of 8, or a half address that is not a multiple of 4.
    ChunkUnaligned = 25, "chunk-unaligned";
    /// A JUMP condition that is neither 0 nor 1.
    JumpCondition = 26, "jump-condition";
    /// Pc is not the index of an instruction.
    PcOutOfRange = 27, "pc-out-of-range";
    /// HALT reached with fp ≠ `fp_0`.
    FinalFrame = 28, "final-frame";
    /// More cycles than the cap.
    CycleLimit = 29, "cycle-limit";
    /// An allocation beyond the cell cap.
    MemoryExhausted = 30, "memory-exhausted";
    /// A witness hint finds no data.
    WitnessMissing = 31, "witness-missing";
    /// Private data not consumed at HALT.
    WitnessLeftOver = 32, "witness-left-over";
    /// A hint cannot be computed (value too large for its bits).
    HintFailed = 33, "hint-failed";
    /// A hint writes to a cell another value than it has.
    HintConflict = 34, "hint-conflict";
    /// Public input above the cap.
    PublicInputTooLong = 35, "public-input-too-long";
    /// A proof ends early.
    ProofTruncated = 40, "proof-truncated";
    /// A proof has bytes left over.
    ProofLeftOver = 41, "proof-left-over";
    /// Wrong magic or version.
    ProofMagic = 42, "proof-magic";
    /// Unknown parameter set or rate, or not the set that the verifier asked for.
    Parameters = 43, "parameters";
    /// An announced size outside the caps of the parameter set.
    SizeCap = 44, "size-cap";
    /// A nonce that does not give the required zero bits.
    Grinding = 45, "grinding";
    /// The lookup sum is not zero, or a denominator is zero.
    LookupRoot = 46, "lookup-root";
    /// A layer of the fractional sum is inconsistent.
    LookupLayer = 47, "lookup-layer";
    /// The final evaluation of the batched zerocheck is wrong.
    Constraint = 48, "constraint";
    /// An opening does not hash to the root.
    MerklePath = 49, "merkle-path";
    /// The final evaluation of the opening is wrong.
    CommitmentClaim = 51, "commitment-claim";
    /// A layer of the permutation is inconsistent.
    PoseidonLayer = 52, "poseidon-layer";
}

impl Rejection {
    /// This rejection with a detail: the place, the values and, where there is one, the remedy.
    #[must_use]
    pub fn at(self, detail: impl Into<String>) -> Error {
        Error {
            rejection: self,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name(), self.code())
    }
}

/// A rejection and its detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The normative code.
    pub rejection: Rejection,
    /// The place and the values, for people; never empty.
    pub detail: String,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.rejection, self.detail)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_those_of_the_specification() {
        let specification = include_str!("../../../SPEC.md");
        let mut expected = Vec::new();
        for line in specification.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if let [_, code, name, _, _] = cells[..]
                && let (Ok(code), Some(name)) = (code.parse::<u32>(), name.strip_prefix('`'))
            {
                expected.push((code, name.trim_end_matches('`').to_string()));
            }
        }
        assert!(!expected.is_empty());
        let actual: Vec<_> = Rejection::ALL
            .iter()
            .map(|r| (r.code(), r.name().to_string()))
            .collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn display() {
        assert_eq!(
            Rejection::PcOutOfRange.at("pc 9").to_string(),
            "pc-out-of-range (27): pc 9"
        );
    }
}
