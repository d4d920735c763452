//! Tampering with proofs: a change of any element is rejected by both verifiers, with the same code.

use std::collections::{BTreeMap, BTreeSet};

use super::prove::verify;
use crate::canonical::{Case, Event, MODULUS, Proved, bytes_of, words_of};
use crate::shape::TABLES;

/// Words of a proof before the first element.
pub const HEADER: usize = 4 + TABLES - 1;

/// What a proof of SPEC §13 to §16 consists of: the label of everything that is sent, opened or ground, and the codes with which a
/// changed element can be rejected.
///
/// A change is absorbed at once, except for openings: so what fails is the first check behind it. A nonce that still fits,
/// and indices that change with it, lead to the checks of the opening.
pub const MANIFEST: [(&str, &[u32]); 15] = [
    ("commitment.root", &[46]),
    ("commitment.ood_answer", &[46]),
    ("lookup.root", &[46]),
    ("lookup.round", &[47]),
    ("lookup.layer", &[47]),
    ("zerocheck.round", &[48]),
    ("zerocheck.columns", &[48]),
    ("opening.round", &[45, 49, 50, 51]),
    ("opening.fold_nonce", &[45, 49]),
    ("opening.root", &[45, 49]),
    ("opening.ood_answer", &[45, 49]),
    ("opening.final", &[45, 49, 50]),
    ("opening.query_nonce", &[45, 49, 40, 41]),
    ("opening.rows", &[49]),
    ("opening.siblings", &[49]),
];

/// Labels that are sampled or absorbed, and have no place in the proof.
pub const BOUND: [&str; 18] = [
    "statement",
    "program",
    "public",
    "commitment.ood_point",
    "lookup.alpha",
    "lookup.theta",
    "lookup.point",
    "lookup.lambda",
    "lookup.challenge",
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
        let length = match event.kind.as_str() {
            "Send" | "Opening" => event.values.len(),
            "Grind" => 1,
            _ => 0,
        };
        if length > 0 {
            places.push((event.label.clone(), next..next + length));
            next += length;
        }
    }
    places
}

/// The codes seen for each label.
pub type Seen = BTreeMap<String, BTreeSet<u32>>;

/// Changes elements of each event of a proof, `per_event` of them at most, and each word of the header.
///
/// # Panics
/// If a changed proof is accepted, or rejected with a code that the manifest does not have, or if the twins disagree.
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
            .find(|(name, _)| name == label)
            .map(|(_, codes)| *codes);
        let allowed = allowed.unwrap_or_else(|| panic!("`{label}` is not in the manifest"));
        let step = range.len().div_ceil(per_event).max(1);
        for (i, place) in range.clone().step_by(step).enumerate() {
            // A different change at each place: plus one, minus one, some other element.
            let delta = [1, MODULUS - 1, 1_234_567_891][(i + number) % 3];
            let code = reject(&|proof| {
                proof[place] = super::super::generators::model::add(proof[place], delta)
            });
            let code = code.unwrap_or_else(|| {
                panic!("a change of `{label}` at word {place} is accepted: {case:?}")
            });
            assert!(
                allowed.contains(&code),
                "a change of `{label}` at word {place} is rejected with code {code}, not {allowed:?}"
            );
            seen.entry(label.clone()).or_default().insert(code);
        }
        assert_eq!(
            reject(&|proof| proof[range.start] = MODULUS),
            Some(8),
            "`{label}` is not checked to be canonical"
        );
        assert_eq!(
            reject(&|proof| proof.truncate(range.start)),
            Some(40),
            "a proof that ends before `{label}`"
        );
    }
    for place in 0..HEADER {
        for value in [
            words[place].wrapping_add(1),
            words[place].wrapping_sub(1),
            u32::MAX,
        ] {
            let code = reject(&|proof| proof[place] = value);
            assert!(
                code.is_some(),
                "word {place} of the header may be {value}: {case:?}"
            );
        }
        assert_eq!(
            reject(&|proof| proof.truncate(place)),
            Some(40),
            "a header of {place} words"
        );
    }
    assert_eq!(
        reject(&|proof| proof.push(0)),
        Some(41),
        "a proof with a word more"
    );
    let mut partial = proved.proof.clone();
    partial.push(0);
    assert_eq!(
        verify(&case.program, &case.public, &partial, set),
        Err(40),
        "a proof with a byte more"
    );
}
