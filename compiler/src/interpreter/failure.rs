//! Why a run of the interpreter ends early.

use std::fmt;

/// The table of failures: what each is, what it says of the program, and the codes of SPEC §2 with
/// which the compiled program may be rejected.
macro_rules! failures {
    ($($(#[doc = $doc:literal])+ $name:ident: $meaning:literal, [$($code:literal),*];)+) => {
        /// Why a run ends early. Which rejection of SPEC §6 the compiled program has is a matter of
        /// its instructions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Failure {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Failure {
            /// All failures.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The name, as headers of programs have it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// What it says of the program, for people.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }

            /// Whether the compiled program may be rejected with a code of SPEC §2 where the
            /// interpreter fails so.
            #[must_use]
            pub fn allows(self, code: u32) -> bool {
                let codes: &[u32] = match self {
                    $(Self::$name => &[$($code),*],)+
                };
                codes.contains(&code)
            }
        }
    };
}

failures! {
    /// An input that is not below p, or a public input of more than 2^20 elements.
    InputRefused: "the input has an element that is not below p, or too many of them", [8, 35];
    // A hint may be written before or after the relation that it contradicts.
    /// `assert a == b`, a store into a cell that has another value, or an instruction that finds
    /// another result.
    NotEqual: "two values that have to be equal differ", [20, 22, 23, 34];
    /// `assert a != b` of equal values.
    Equal: "two values that have to differ are equal", [20, 22, 23];
    /// `assert a < b` or `a <= b` that does not hold, a `dynamic_unroll` of too many iterations, a
    /// digit of `poseidon16_chain` that is not below the base, or a side of `poseidon16_path` that
    /// is not 0 or 1.
    OutOfRange: "a value is not below its bound", [20, 22, 23, 24, 33];
    /// `assert False`.
    AssertFalse: "a place is reached that must not be reached", [20, 22, 23];
    // Where the compiled program checks it at all, it is by hints.
    /// `debug_assert`, which no proof checks.
    DebugAssertion: "a condition of `debug_assert` does not hold", [33, 34];
    /// A `match` or `match_range` of a value without a case.
    NoCase: "a value has no case", [20, 22, 23, 24, 33];
    /// A cell without a value where one is needed.
    Undefined: "a cell that has no value is needed", [21];
    /// A division by 0.
    DivisionByZero: "a division by 0", [20, 22, 23];
    /// An address that is not below 2^26.
    AddressOutOfRange: "an address is not below 2^26", [24];
    /// More memory than 2^26 cells.
    MemoryExhausted: "more than 2^26 cells are needed", [30];
    /// `hint_witness` without a list left.
    WitnessMissing: "a private list is taken that the input does not have", [31];
    /// Private input left over at the end.
    WitnessLeftOver: "private lists are left over", [32];
    /// A hint for a cell that has another value.
    HintConflict: "a hint is for a cell that has another value", [20, 34];
    /// A hint for a value outside of its range.
    HintFailed: "a value does not fit into the bits that are asked for", [33];
    /// A chunk whose address is not a multiple of 8, or a half whose address is not a multiple of
    /// 4.
    ChunkUnaligned: "a pointer to a chunk is no multiple of 8, or one to a half no multiple of 4", [25];
    /// More statements, calls and iterations of loops than allowed.
    StepLimit: "the run is longer than allowed", [29, 30];
    /// Calls nested too deeply for this interpreter.
    DepthLimit: "calls are nested too deeply", [];
    /// What the compiler refuses when it elaborates: an index outside of a compile-time list, a
    /// list where a number is needed, and so on.
    IllFormed: "the compiler refuses what the run comes to", [];
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
