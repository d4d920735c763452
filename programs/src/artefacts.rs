//! Compiled guests that the library carries.
//!
//! `cargo run -p leanvm-compiler --features artefacts --bin write_artefacts` makes them from their
//! texts. This file does not compile while an artefact is not of the text beside it, and a test of
//! the compiler makes them anew and compares the bytes.

/// A compiled guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Name: that of its text, `NAME.py`, and of its program, `artefacts/NAME.lvm`.
    pub name: &'static str,
    /// The text in the guest language.
    pub source: &'static [u8],
    /// The binary program of SPEC §4.
    pub program: &'static [u8],
    /// The digest of the program, canonical.
    pub digest: [u32; 8],
}

/// What the tool states about an artefact.
struct Stamp {
    /// The sum of the checksums of the text and its modules.
    texts: u64,
    /// Bytes of the program; a test compares their values.
    program_bytes: usize,
    digest: [u32; 8],
}

/// FNV-1a of words of eight bytes, the last one with zeros. It tells accidents, not attacks.
#[must_use]
pub const fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk() {
        hash = step(hash, *word);
        rest = behind;
    }
    if rest.is_empty() {
        return hash;
    }
    let mut word = [0; 8];
    word.split_at_mut(rest.len()).0.copy_from_slice(rest);
    step(hash, word)
}

const fn step(hash: u64, word: [u8; 8]) -> u64 {
    (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3)
}

macro_rules! artefact {
    ($name:literal $(, $module:literal)*) => {{
        const SOURCE: &[u8] = include_bytes!(concat!("../", $name, ".py"));
        const PROGRAM: &[u8] = include_bytes!(concat!("../artefacts/", $name, ".lvm"));
        const STAMP: Stamp = include!(concat!("../artefacts/", $name, ".stamp"));
        const {
            let texts = checksum(SOURCE);
            $(let texts = texts.wrapping_add(checksum(include_bytes!(concat!("../", $module, ".py"))));)*
            assert!(
                texts == STAMP.texts && PROGRAM.len() == STAMP.program_bytes,
                "the artefact is not of these texts: cargo run -p leanvm-compiler --features artefacts --bin write_artefacts"
            );
        }
        Artefact {
            name: $name,
            source: SOURCE,
            program: PROGRAM,
            digest: STAMP.digest,
        }
    }};
}

/// Verifies signatures of the scheme `leansig_dim64`.
pub const LEANSIG_DIM64: Artefact = artefact!("leansig_dim64");

/// Verifies signatures of the scheme `leanxmss42`.
pub const LEANXMSS42: Artefact = artefact!("leanxmss42");

/// Verifies proofs of `leanxmss42` and of itself.
pub const MERGE: Artefact = artefact!(
    "merge",
    "recursion/constants",
    "recursion/field",
    "recursion/lookup",
    "recursion/merkle",
    "recursion/opening",
    "recursion/poseidon",
    "recursion/program",
    "recursion/sizes",
    "recursion/stacking",
    "recursion/tables",
    "recursion/transcript",
    "recursion/verifier",
    "recursion/zerocheck"
);

/// All artefacts, by name.
pub const ALL: [Artefact; 3] = [LEANSIG_DIM64, LEANXMSS42, MERGE];
