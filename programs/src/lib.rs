//! Example guests of leanVM: assembly text (SPEC §8) with an input that is accepted and one that is
//! rejected.
//!
//! Data only. Their comments explain frames, calls and hints; `fibonacci.lasm` is the one to read
//! first.

pub mod artefacts;

/// A program with its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Name, also that of its files.
    pub name: &'static str,
    /// Assembly text.
    pub source: &'static str,
    /// Input file (JSON) with which it reaches HALT.
    pub input: &'static str,
    /// Input file with which it is rejected.
    pub failing_input: &'static str,
    /// Rejection code (SPEC §2) that `failing_input` leads to.
    pub rejection_code: u32,
}

macro_rules! guest {
    ($name:literal, $rejection_code:literal) => {
        Guest {
            name: $name,
            source: include_str!(concat!("../", $name, ".lasm")),
            input: include_str!(concat!("../", $name, ".json")),
            failing_input: include_str!(concat!("../", $name, ".fail.json")),
            rejection_code: $rejection_code,
        }
    };
}

/// All guests, by name.
pub const ALL: [Guest; 8] = [
    guest!("dot_product", 20),
    guest!("factorial", 20),
    guest!("fibonacci", 20),
    guest!("hash_chain", 20),
    guest!("linked_list", 31),
    guest!("merkle_path", 20),
    guest!("range_check", 24),
    guest!("switch", 33),
];

/// The guest of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Guest> {
    ALL.iter().find(|guest| guest.name == name)
}
