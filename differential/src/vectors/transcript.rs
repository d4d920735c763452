//! `transcript.json`: the sponge of SPEC §10.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expected, File, parse, value};
use crate::canonical::{EventKind, MODULUS, Operation};
use crate::twins::{BOTH, SPEC};

#[derive(Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    operations: Vec<Operation>,
    /// The elements of the proof, as the verifier finds them.
    proof: Vec<u32>,
    /// (kind, values) of each event, if accepted.
    events: Vec<(EventKind, Vec<u32>)>,
    #[serde(flatten)]
    expected: Expected,
}

fn scripts() -> Vec<(&'static str, &'static str, Vec<Operation>)> {
    use Operation::{Absorb, Grind, Indices, Opening, Sample, Send};
    vec![
        ("nothing", "ordinary", vec![]),
        ("sample_of_the_zero_state", "ordinary", vec![Sample, Sample]),
        ("absorb_one", "ordinary", vec![Absorb(vec![1]), Sample]),
        (
            "absorb_padded",
            "ordinary",
            vec![Absorb(vec![1, 0, 0, 0, 0, 0, 0, 0]), Sample],
        ),
        (
            "absorb_two_chunks",
            "ordinary",
            vec![Absorb((1..=9).collect()), Sample, Sample],
        ),
        (
            "absorb_nothing",
            "ordinary",
            vec![Sample, Absorb(vec![]), Sample],
        ),
        (
            "absorb_after_squeeze",
            "ordinary",
            vec![Sample, Absorb(vec![5]), Sample],
        ),
        (
            "send",
            "ordinary",
            vec![Send(vec![1, 2, 3]), Sample, Send(vec![MODULUS - 1]), Sample],
        ),
        (
            "opening_is_not_absorbed",
            "ordinary",
            vec![Send(vec![1]), Opening(vec![2, 3]), Sample],
        ),
        (
            "indices",
            "ordinary",
            vec![
                Absorb(vec![7]),
                Indices(11, 5),
                Indices(8, 24),
                Indices(3, 0),
                Sample,
            ],
        ),
        (
            "grind",
            "grind",
            vec![
                Absorb(vec![7]),
                Grind(0),
                Grind(2),
                Sample,
                Grind(8),
                Sample,
            ],
        ),
        ("grind_first", "grind", vec![Grind(5), Indices(9, 7)]),
    ]
}

fn case_of(id: &str, flag: &str, operations: &[Operation], proof: Vec<u32>) -> Value {
    let outcome = SPEC.verifier_transcript(operations, &proof);
    let expected = Expected::of(&outcome);
    let events = outcome
        .unwrap_or_default()
        .into_iter()
        .map(|event| (event.kind, event.values))
        .collect();
    let operations = operations.to_vec();
    value(&Case {
        id: id.to_owned(),
        flags: vec![flag.to_owned()],
        operations,
        proof,
        events,
        expected,
    })
}

pub(super) fn file() -> File {
    let mut cases = Vec::new();
    for (id, flag, operations) in scripts() {
        let (proof, _) = SPEC.prover_transcript(&operations);
        cases.push(case_of(id, flag, &operations, proof));
    }
    let send = [Operation::Send(vec![1, 2, 3]), Operation::Opening(vec![4])];
    cases.push(case_of("send_truncated", "length", &send, vec![1, 2]));
    cases.push(case_of("opening_truncated", "length", &send, vec![1, 2, 3]));
    cases.push(case_of("a_word_more", "length", &send, vec![1, 2, 3, 4, 5]));
    cases.push(case_of("sent_p", "element", &send, vec![1, 2, MODULUS, 4]));
    cases.push(case_of(
        "opened_p",
        "element",
        &send,
        vec![1, 2, 3, MODULUS],
    ));
    cases.push(case_of(
        "truncated_before_not_canonical",
        "length",
        &send,
        vec![MODULUS],
    ));
    let (nonce, _) = SPEC.prover_transcript(&[Operation::Grind(8)]);
    cases.push(case_of(
        "wrong_nonce",
        "grind",
        &[Operation::Grind(8)],
        vec![nonce[0] + 1],
    ));
    cases.push(case_of("no_nonce", "grind", &[Operation::Grind(8)], vec![]));
    File {
        format: "transcript",
        section: "10 transcript",
        flags: &[
            ("ordinary", "nothing special"),
            ("grind", "a nonce is found or checked"),
            ("length", "the proof ends early or late"),
            ("element", "a word of the proof is not canonical"),
        ],
        extra: Vec::new(),
        cases,
    }
}

pub(super) fn replay(cases: &[Value]) {
    for case in cases {
        let case: Case = parse(case);
        for twin in BOTH {
            let context = format!("{}, {}", case.id, twin.name());
            let outcome = twin.verifier_transcript(&case.operations, &case.proof);
            assert_eq!(Expected::of(&outcome), case.expected, "{context}");
            let Ok(events) = outcome else { continue };
            let (proof, of_prover) = twin.prover_transcript(&case.operations);
            assert_eq!(proof, case.proof, "{context}");
            assert_eq!(of_prover, events, "{context}");
            let events: Vec<_> = events
                .into_iter()
                .map(|event| (event.kind, event.values))
                .collect();
            assert_eq!(events, case.events, "{context}");
        }
    }
}
