//! What the twins have in common: words and bytes.
//!
//! The types here belong to neither twin. Each side is converted into them through canonical words,
//! so that a mistake in a type cannot be a mistake of both.

use std::collections::BTreeMap;

/// The modulus p of SPEC §1.
pub const MODULUS: u32 = 2_130_706_433;

/// The words of a file whose length is a multiple of 4; what is left over is dropped.
#[must_use]
pub fn words_of(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
        .collect()
}

/// The bytes of words, each little-endian.
#[must_use]
pub fn bytes_of(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The bytes as hexadecimal digits.
#[must_use]
pub fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits, or `None` if the text is not hexadecimal.
#[must_use]
pub fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok())
        .collect()
}

/// Lists of private input by name.
pub type Private = BTreeMap<String, Vec<Vec<u32>>>;

/// A program in its binary form with an input and the limits of the runner.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The binary program.
    pub program: Vec<u8>,
    /// The public input; words that need not be canonical.
    pub public: Vec<u32>,
    /// The private input; words that need not be canonical.
    pub private: Private,
    /// The cap of cycles.
    pub cycles: u64,
    /// The cell cap.
    pub cells: u32,
}

impl Case {
    /// A case with limits that keep generated programs short and within the parameter set `tiny`.
    #[must_use]
    pub fn new(program: Vec<u8>, public: Vec<u32>, private: Private) -> Self {
        Self {
            program,
            public,
            private,
            cycles: 2048,
            cells: 1 << 12,
        }
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = crate::twins::SPEC
            .decode(&self.program)
            .map(|decoded| decoded.text);
        formatter
            .debug_struct("Case")
            .field("program", &hex_of(&self.program))
            .field("public", &self.public)
            .field("private", &self.private)
            .field("cycles", &self.cycles)
            .field("cells", &self.cells)
            .finish()?;
        match text {
            Ok(text) => write!(formatter, "\n{text}"),
            Err(name) => write!(formatter, "\nrejected by decoding: {name}"),
        }
    }
}

/// The name of a rejection of SPEC §2.
pub type Name = &'static str;

/// The outcome of an operation: a value or the name of the rejection.
pub type Outcome<T> = Result<T, Name>;

/// What a test counts an outcome under: the name of the rejection, or `accepted`.
#[must_use]
pub fn verdict<T>(outcome: &Outcome<T>) -> Name {
    outcome.as_ref().err().copied().unwrap_or("accepted")
}

/// What a twin makes of a binary program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The program encoded again.
    pub bytes: Vec<u8>,
    /// Its disassembly.
    pub text: String,
    /// Its digest.
    pub digest: Vec<u32>,
}

/// What a twin makes of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The first frame pointer.
    pub fp_0: u32,
    /// 8K.
    pub public_cells: u32,
    /// The final memory.
    pub memory: Vec<u32>,
    /// The number of used cells.
    pub used_cells: usize,
    /// (pc, fp) of each cycle.
    pub steps: Vec<(u32, u32)>,
    /// (address, size) of each allocation.
    pub allocations: Vec<(u32, u32)>,
    /// What print hints showed.
    pub printed: Vec<u32>,
    /// M of the first run.
    pub first_cells: usize,
    /// The number of used cells of the first run.
    pub first_used_cells: usize,
    /// The number of cells of the naive layout.
    pub naive_cells: u64,
}

/// A table of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Number of rows n_T.
    pub rows: usize,
    /// The columns; each has `rows` entries.
    pub columns: Vec<Vec<u32>>,
}

/// Slots of a tuple.
pub const SLOTS: usize = 16;

/// What SPEC §9 asks of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// The values of the constraints.
    pub constraints: Vec<u32>,
    /// Numerator and tuple of each interaction.
    pub interactions: Vec<(u32, [u32; SLOTS])>,
}

/// What happens in an event of the transcript of SPEC §10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum EventKind {
    /// A list that both sides know is absorbed.
    Absorb,
    /// A list is sent and absorbed.
    Send,
    /// A list is sent and not absorbed.
    Opening,
    /// A challenge of E is sampled.
    Sample,
    /// Indices are sampled.
    Indices,
    /// A nonce is sent and checked.
    Grind,
}

/// An event of the transcript of SPEC §10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happens.
    pub kind: EventKind,
    /// The label of sections 13 to 17.
    pub label: String,
    /// Canonical words.
    pub values: Vec<u32>,
}

/// A proof and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The proof file.
    pub proof: Vec<u8>,
    /// The events of the transcript.
    pub events: Vec<Event>,
}

/// What a prover does to its transcript.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// absorb(list).
    Absorb(Vec<u32>),
    /// A list is sent.
    Send(Vec<u32>),
    /// An opening is given.
    Opening(Vec<u32>),
    /// An element of E is sampled.
    Sample,
    /// indices(q, b).
    Indices(usize, u32),
    /// grind(b).
    Grind(u32),
}
