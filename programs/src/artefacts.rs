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
    source: u64,
    program: u64,
    digest: [u32; 8],
}

/// FNV-1a, 64 bits. It tells accidents, not attacks.
#[must_use]
pub const fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash ^= bytes[i] as u64;
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

macro_rules! artefact {
    ($name:literal) => {{
        const SOURCE: &[u8] = include_bytes!(concat!("../", $name, ".py"));
        const PROGRAM: &[u8] = include_bytes!(concat!("../artefacts/", $name, ".lvm"));
        const STAMP: Stamp = include!(concat!("../artefacts/", $name, ".stamp"));
        const {
            assert!(
                checksum(SOURCE) == STAMP.source && checksum(PROGRAM) == STAMP.program,
                "the artefact is not of this text: cargo run -p leanvm-compiler --features artefacts --bin write_artefacts"
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

/// All artefacts, by name.
pub const ALL: [Artefact; 2] = [LEANSIG_DIM64, LEANXMSS42];
