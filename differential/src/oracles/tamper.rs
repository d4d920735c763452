//! Tampering with proofs: a change of any element is rejected by both verifiers, for the same
//! reason.

use std::collections::{BTreeMap, BTreeSet};

use super::prove::verify;
use crate::canonical::{Case, Event, EventKind, MODULUS, Name, Proved, bytes_of, words_of};
use crate::shape::TABLES;

/// Words of a proof before the first element.
pub const HEADER: usize = 4 + TABLES - 1;

/// What a proof of SPEC §13 to §17 consists of: the label of everything that is sent, opened or
/// ground, and the rejections that a changed element can have.
///
/// A change is absorbed at once, except for openings: so what fails is the first check behind it. A
/// nonce that still fits, and indices that change with it, lead to the checks of the opening.
pub const MANIFEST: [(&str, &[Name]); 19] = [
    ("commitment.root", &["lookup-root"]),
    ("commitment.ood_answer", &["lookup-root"]),
    ("lookup.root", &["lookup-root"]),
    ("lookup.round", &["lookup-layer"]),
    ("lookup.layer", &["lookup-layer"]),
    ("poseidon.outputs", &["poseidon-layer"]),
    ("poseidon.skip", &["poseidon-layer"]),
    ("poseidon.round", &["poseidon-layer"]),
    ("poseidon.values", &["poseidon-layer"]),
    ("zerocheck.round", &["constraint"]),
    ("zerocheck.columns", &["constraint"]),
    (
        "opening.round",
        &["grinding", "merkle-path", "commitment-claim"],
    ),
    ("opening.fold_nonce", &["grinding", "merkle-path"]),
    ("opening.root", &["grinding", "merkle-path"]),
    ("opening.ood_answer", &["grinding", "merkle-path"]),
    (
        "opening.final",
        &["grinding", "merkle-path", "commitment-claim"],
    ),
    (
        "opening.query_nonce",
        &[
            "grinding",
            "merkle-path",
            "proof-truncated",
            "proof-left-over",
        ],
    ),
    ("opening.rows", &["merkle-path"]),
    ("opening.siblings", &["merkle-path"]),
];

/// Labels that are sampled or absorbed, and have no place in the proof.
pub const BOUND: [&str; 21] = [
    "statement",
    "program",
    "public",
    "commitment.ood_point",
    "lookup.alpha",
    "lookup.theta",
    "lookup.point",
    "lookup.lambda",
    "lookup.challenge",
    "poseidon.delta",
    "poseidon.skip_challenge",
    "poseidon.challenge",
    "zerocheck.lambda",
    "zerocheck.gamma",
    "zerocheck.challenge",
    "opening.public_point",
    "opening.columns",
    "opening.combine",
    "opening.ood_point",
    "opening.fold",
    "opening.queries",
];

/// The label and the range of elements of each event that is in the proof.
#[must_use]
pub fn places(events: &[Event]) -> Vec<(String, core::ops::Range<usize>)> {
    let mut next = HEADER;
    let mut places = Vec::new();
    for event in events {
        let length = match event.kind {
            EventKind::Send | EventKind::Opening => event.values.len(),
            EventKind::Grind => 1,
            EventKind::Absorb | EventKind::Sample | EventKind::Indices => 0,
        };
        if length > 0 {
            places.push((event.label.clone(), next..next + length));
            next += length;
        }
    }
    places
}

/// The rejections seen for each label.
pub type Seen = BTreeMap<String, BTreeSet<Name>>;

/// Changes elements of each event of a proof, `per_event` of them at most, and each word of the
/// header.
///
/// # Panics
/// If a changed proof is accepted, or rejected for a reason that the manifest does not have, or if
/// the twins disagree.
pub fn tamper(case: &Case, proved: &Proved, set: u32, per_event: usize, seen: &mut Seen) {
    let words = words_of(&proved.proof);
    let places = places(&proved.events);
    assert_eq!(
        places.last().map(|(_, range)| range.end),
        Some(words.len()),
        "events do not cover the proof"
    );
    let reject = |change: &dyn Fn(&mut Vec<u32>)| {
        let mut changed = words.clone();
        change(&mut changed);
        verify(&case.program, &case.public, &bytes_of(&changed), set).err()
    };
    for (number, (label, range)) in places.iter().enumerate() {
        let allowed = MANIFEST
            .iter()
            .find(|(of, _)| of == label)
            .map(|(_, names)| *names);
        let allowed = allowed.unwrap_or_else(|| panic!("`{label}` is not in the manifest"));
        let step = range.len().div_ceil(per_event).max(1);
        for (i, place) in range.clone().step_by(step).enumerate() {
            // A different change at each place: plus one, minus one, some other element.
            let delta = [1, MODULUS - 1, 1_234_567_891][(i + number) % 3];
            let name = reject(&|proof| {
                proof[place] = super::super::generators::model::add(proof[place], delta)
            });
            let name = name.unwrap_or_else(|| {
                panic!("a change of `{label}` at word {place} is accepted: {case:?}")
            });
            assert!(
                allowed.contains(&name),
                "a change of `{label}` at word {place} is rejected with {name}, not {allowed:?}"
            );
            seen.entry(label.clone()).or_default().insert(name);
        }
        assert_eq!(
            reject(&|proof| proof[range.start] = MODULUS),
            Some("element-not-canonical"),
            "`{label}` is not checked to be canonical"
        );
        assert_eq!(
            reject(&|proof| proof.truncate(range.start)),
            Some("proof-truncated"),
            "a proof that ends before `{label}`"
        );
    }
    for place in 0..HEADER {
        for value in [
            words[place].wrapping_add(1),
            words[place].wrapping_sub(1),
            u32::MAX,
        ] {
            assert!(
                reject(&|proof| proof[place] = value).is_some(),
                "word {place} of the header may be {value}: {case:?}"
            );
        }
        assert_eq!(
            reject(&|proof| proof.truncate(place)),
            Some("proof-truncated"),
            "a header of {place} words"
        );
    }
    assert_eq!(
        reject(&|proof| proof.push(0)),
        Some("proof-left-over"),
        "a proof with a word more"
    );
    let mut partial = proved.proof.clone();
    partial.push(0);
    assert_eq!(
        verify(&case.program, &case.public, &partial, set),
        Err("proof-truncated"),
        "a proof with a byte more"
    );
}
