//! Proofs that do not verify: cut, changed, of another statement; and executions that have no
//! proof. Both engines reject alike.

use std::path::Path;

use crate::common::{ADDER, Case, Outcome, leanvm, text};

/// A proof of ADDER on 1 + 2 = 3 at `small`.
struct Proven {
    case: Case,
    proof: Vec<u8>,
}

impl Proven {
    fn new() -> Self {
        let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
        case.prove("small").accepted();
        let proof = std::fs::read(case.folder.path("proof")).expect("the proof is written");
        Self { case, proof }
    }

    /// The outcome of verifying other bytes, the same from both engines.
    #[track_caller]
    fn verify(&self, program: &Path, input: &Path, proof: &[u8], params: &str) -> Outcome {
        let proof = self.case.folder.write("tampered", proof);
        let verify = |engine| {
            leanvm([
                "verify",
                text(program),
                text(&proof),
                "-i",
                text(input),
                "--params",
                params,
                "--engine",
                engine,
            ])
        };
        let (fast, spec) = (verify("fast"), verify("spec"));
        assert_eq!((fast.code, fast.rejection()), (spec.code, spec.rejection()));
        fast
    }

    #[track_caller]
    fn tampered(&self, proof: &[u8]) -> Outcome {
        self.verify(&self.case.program, &self.case.input, proof, "small")
    }

    /// The proof with one word replaced.
    fn with_word(&self, index: usize, word: u32) -> Vec<u8> {
        let mut proof = self.proof.clone();
        proof[4 * index..4 * index + 4].copy_from_slice(&word.to_le_bytes());
        proof
    }
}

#[test]
fn proofs_cut_or_extended() {
    let proven = Proven::new();
    proven.tampered(&proven.proof).accepted();
    for length in [
        0,
        3,
        4,
        63,
        64,
        100,
        proven.proof.len() / 2 / 4 * 4,
        proven.proof.len() - 4,
        proven.proof.len() - 1,
    ] {
        let code = proven.tampered(&proven.proof[..length]).code;
        assert_eq!(code, 1, "length {length}");
    }
    proven
        .tampered(&proven.proof[..proven.proof.len() - 4])
        .rejected("proof-truncated (40)");
    proven
        .tampered(&proven.proof[..proven.proof.len() - 1])
        .rejected("proof-truncated (40)");
    for no_proof in [&b""[..], b"halt\n", &[0; 64]] {
        let outcome = proven.tampered(no_proof);
        assert!(outcome.rejection().is_some(), "{outcome:?}");
        outcome.mentions("rejected: this file is no proof");
    }
    proven
        .tampered(&[proven.proof.as_slice(), &[0; 4]].concat())
        .rejected("proof-left-over (41)");
}

#[test]
fn proofs_with_a_flipped_bit() {
    let proven = Proven::new();
    let mut rejections = std::collections::BTreeSet::new();
    for i in 0..40 {
        let mut proof = proven.proof.clone();
        let position = i * (proof.len() - 1) / 39;
        proof[position] ^= 1 << (i % 8);
        let outcome = proven.tampered(&proof);
        assert_eq!(outcome.code, 1, "byte {position}: {outcome:?}");
        rejections.extend(outcome.rejection().map(str::to_owned));
    }
    assert!(rejections.len() >= 4, "{rejections:?}");
}

#[test]
fn proofs_with_a_wrong_header() {
    let proven = Proven::new();
    proven
        .tampered(&proven.with_word(0, 0))
        .rejected("proof-magic (42)");
    proven
        .tampered(&proven.with_word(1, 2))
        .rejected("proof-magic (42)");
    proven
        .tampered(&proven.with_word(2, 9))
        .rejected("parameters (43)");
    proven
        .tampered(&proven.with_word(3, 5))
        .rejected("parameters (43)");
    // Other parameters than those asked for.
    proven
        .verify(
            &proven.case.program,
            &proven.case.input,
            &proven.proof,
            "tiny",
        )
        .rejected("parameters (43)")
        .mentions("--params");
    proven
        .verify(
            &proven.case.program,
            &proven.case.input,
            &proven.proof,
            "production",
        )
        .rejected("parameters (43)");
    // Sizes beyond the caps; nothing is allocated for them, or this test would not end.
    for table in 1..=21 {
        proven
            .tampered(&proven.with_word(3 + table, u32::MAX))
            .rejected("size-cap (44)");
        proven
            .tampered(&proven.with_word(3 + table, 1 << 26))
            .rejected("size-cap (44)");
    }
    proven
        .tampered(&proven.with_word(25, 2_130_706_433))
        .rejected("element-not-canonical (8)");
}

#[test]
fn proofs_of_another_statement() {
    let proven = Proven::new();
    let folder = &proven.case.folder;
    let other_program = folder.write("other", ADDER.replace("deref m[fp], 2", "deref m[fp], 3"));
    assert_eq!(
        proven
            .verify(&other_program, &proven.case.input, &proven.proof, "small")
            .code,
        1
    );
    let other_input = folder.write("other.json", "{\"public\": [2, 1, 3]}");
    let outcome = proven.verify(&proven.case.program, &other_input, &proven.proof, "small");
    assert_eq!(outcome.code, 1);
    let program = text(&proven.case.program);
    outcome.mentions(&format!(
        "rejected: this proof does not show that {program} accepts this public input"
    ));
    // The same cells, but another number of public elements.
    let longer_input = folder.write("longer.json", "{\"public\": [1, 2, 3, 0]}");
    assert_eq!(
        proven
            .verify(&proven.case.program, &longer_input, &proven.proof, "small")
            .code,
        1
    );
    // Private input is not of the statement.
    let with_private = folder.write(
        "private.json",
        "{\"public\": [1, 2, 3], \"private\": {\"a\": [[1]]}}",
    );
    proven
        .verify(&proven.case.program, &with_private, &proven.proof, "small")
        .accepted();
}

#[test]
fn executions_beyond_the_caps_of_a_parameter_set() {
    let program = ".frame 100000\nhalt\n";
    let case = Case::new(program, "{}");
    case.prove("tiny")
        .rejected("size-cap (44)")
        .mentions("--params");
    case.prove("small").rejected("size-cap (44)");
    assert_eq!(case.folder.names(), ["input.json", "program"]);
}
