//! The names that the language itself gives a meaning to.

/// A function of the language, as opposed to one of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `Array(n)`: a pointer to n fresh cells.
    Array,
    /// `DynArray([…])`: a list that exists at compile time only.
    DynArray,
    /// `len(list)`.
    Len,
    /// `log2_ceil(n)`: the least k with 2^k ≥ n; 0 for 0.
    Log2Ceil,
    /// `div_ceil(a, b)`.
    DivCeil,
    /// `div_floor(a, b)`.
    DivFloor,
    /// `next_multiple_of(a, b)`.
    NextMultipleOf,
    /// `saturating_sub(a, b)`.
    SaturatingSub,
    /// `hint_…`: see [`Hint`].
    Hint(Hint),
    /// An instruction of the machine: see [`MachineFunction`].
    Machine(MachineFunction),
}

/// A value of the prover's choosing; nothing is proven about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// `hint_witness("name", pointer)`: the next entry of that name, written from the pointer on.
    Witness,
    /// `hint_decompose_bits(value, pointer, n)`: n bits of the value, the most significant first.
    DecomposeBits,
    /// `hint_inverse(value, pointer)`: the inverse, or 0 of 0, to one cell.
    Inverse,
}

/// An instruction of the machine under its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MachineFunction {
    /// `poseidon2_8(in, out)`, `poseidon2_16(l, r, out)`, `poseidon2_24(a, b, c, out)` and forms.
    Poseidon {
        /// Input chunks: 1, 2 or 3.
        chunks: u8,
        /// What is written.
        form: PoseidonForm,
    },
    /// `poseidon16_halves(first, second, chunk, out)`.
    PoseidonHalves,
    /// `dot_product_ee(l, r, out, n)`, `dot_product_be(l, r, out, n)`.
    DotProduct {
        /// Whether the left operand has base-field elements.
        base: bool,
    },
    /// `eq_ee(l, r, out, n)`, `eq_be(l, r, out, n)`.
    Eq {
        /// Whether the left operand has base-field elements.
        base: bool,
    },
    /// `poseidon16_chain(context, chains, base, digits, n)`.
    Chain,
    /// `poseidon16_path(key, node, siblings, tweaks, n)`.
    Path,
    /// `poseidon16_sponge(start, blocks, stride, out, n)`.
    Sponge,
}

/// What a hash instruction writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoseidonForm {
    /// One chunk of the compression.
    Full,
    /// `_half`: the first four cells of the compression.
    Half,
    /// `_permute`: every chunk of the permutation.
    Permute,
}

impl MachineFunction {
    /// The position of the argument that is a base, from 1 to 2^8 and known at compile time.
    #[must_use]
    pub(crate) fn base(self) -> Option<usize> {
        (self == Self::Chain).then_some(2)
    }
}

impl Builtin {
    /// The names of all built-ins.
    pub const NAMES: [&str; 28] = [
        "Array",
        "DynArray",
        "len",
        "log2_ceil",
        "div_ceil",
        "div_floor",
        "next_multiple_of",
        "saturating_sub",
        "hint_witness",
        "hint_decompose_bits",
        "hint_inverse",
        "poseidon2_8",
        "poseidon2_8_half",
        "poseidon2_8_permute",
        "poseidon2_16",
        "poseidon2_16_half",
        "poseidon2_16_permute",
        "poseidon2_24",
        "poseidon2_24_half",
        "poseidon2_24_permute",
        "poseidon16_halves",
        "dot_product_ee",
        "dot_product_be",
        "eq_ee",
        "eq_be",
        "poseidon16_chain",
        "poseidon16_path",
        "poseidon16_sponge",
    ];

    /// The built-in of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Array" => Self::Array,
            "DynArray" => Self::DynArray,
            "len" => Self::Len,
            "log2_ceil" => Self::Log2Ceil,
            "div_ceil" => Self::DivCeil,
            "div_floor" => Self::DivFloor,
            "next_multiple_of" => Self::NextMultipleOf,
            "saturating_sub" => Self::SaturatingSub,
            "hint_witness" => Self::Hint(Hint::Witness),
            "hint_decompose_bits" => Self::Hint(Hint::DecomposeBits),
            "hint_inverse" => Self::Hint(Hint::Inverse),
            "poseidon16_halves" => Self::Machine(MachineFunction::PoseidonHalves),
            "dot_product_ee" => Self::Machine(MachineFunction::DotProduct { base: false }),
            "dot_product_be" => Self::Machine(MachineFunction::DotProduct { base: true }),
            "eq_ee" => Self::Machine(MachineFunction::Eq { base: false }),
            "eq_be" => Self::Machine(MachineFunction::Eq { base: true }),
            "poseidon16_chain" => Self::Machine(MachineFunction::Chain),
            "poseidon16_path" => Self::Machine(MachineFunction::Path),
            "poseidon16_sponge" => Self::Machine(MachineFunction::Sponge),
            _ => {
                let rest = name.strip_prefix("poseidon2_")?;
                let (width, form) = match rest.split_once('_') {
                    None => (rest, PoseidonForm::Full),
                    Some((width, "half")) => (width, PoseidonForm::Half),
                    Some((width, "permute")) => (width, PoseidonForm::Permute),
                    Some(_) => return None,
                };
                let chunks = match width {
                    "8" => 1,
                    "16" => 2,
                    "24" => 3,
                    _ => return None,
                };
                Self::Machine(MachineFunction::Poseidon { chunks, form })
            }
        })
    }

    /// The number of arguments.
    #[must_use]
    pub const fn arity(self) -> usize {
        match self {
            Self::Array | Self::DynArray | Self::Len | Self::Log2Ceil => 1,
            Self::DivCeil | Self::DivFloor | Self::NextMultipleOf | Self::SaturatingSub => 2,
            Self::Hint(Hint::Witness | Hint::Inverse) => 2,
            Self::Hint(Hint::DecomposeBits) => 3,
            Self::Machine(MachineFunction::Poseidon { chunks, .. }) => chunks as usize + 1,
            Self::Machine(
                MachineFunction::Chain | MachineFunction::Path | MachineFunction::Sponge,
            ) => 5,
            Self::Machine(_) => 4,
        }
    }

    /// The number of results: 1 for a value, 0 for a hint or an instruction of the machine.
    #[must_use]
    pub const fn results(self) -> usize {
        match self {
            Self::Hint(_) | Self::Machine(_) => 0,
            _ => 1,
        }
    }
}
