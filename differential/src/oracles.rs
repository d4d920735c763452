//! Both twins on one case: an oracle returns what they agree on, and panics with the place where
//! they do not.

pub mod decode;
pub mod execute;
pub mod fuzz;
pub mod guest;
pub mod proofs;
pub mod prove;
pub mod tamper;

use std::fmt::Debug;

use crate::canonical::{Event, Name, Outcome};
use crate::twins::SPEC;

/// The value that both twins have.
///
/// # Panics
/// If they differ.
pub fn same<T: PartialEq + Debug>(what: &str, context: &dyn Debug, spec: T, fast: T) -> T {
    assert!(
        spec == fast,
        "{what} differs\nspec: {spec:?}\nfast: {fast:?}\nof {context:?}"
    );
    spec
}

/// The name of the rejection of both twins, or `None` if both accept.
///
/// # Panics
/// If one accepts and the other rejects, or if they reject for different reasons.
pub fn same_rejection<T>(
    what: &str,
    context: &dyn Debug,
    spec: &Outcome<T>,
    fast: &Outcome<T>,
) -> Option<Name> {
    same(
        &format!("{what}: the rejection"),
        context,
        spec.as_ref().err().copied(),
        fast.as_ref().err().copied(),
    )
}

/// The code of a rejection of SPEC §2.
///
/// # Panics
/// If nothing has that name.
#[must_use]
pub fn code_of(name: Name) -> u32 {
    let rejections = SPEC.rejections();
    let found = rejections.iter().find(|(_, other)| *other == name);
    found
        .unwrap_or_else(|| panic!("no rejection is named {name}"))
        .0
}

/// Compares two transcripts event by event.
///
/// # Panics
/// At the first event that differs, with its index, label and values.
pub fn lockstep(what: &str, left: &[Event], right: &[Event]) {
    for (index, (a, b)) in left.iter().zip(right).enumerate() {
        assert!(
            (a.kind, &a.label) == (b.kind, &b.label),
            "{what}: event {index} is {:?} `{}` on one side, {:?} `{}` on the other",
            a.kind,
            a.label,
            b.kind,
            b.label
        );
        let place =
            (0..a.values.len().max(b.values.len())).find(|i| a.values.get(*i) != b.values.get(*i));
        if let Some(place) = place {
            panic!(
                "{what}: event {index}, {:?} `{}`, differs first at value {place} of {}: {:?} and {:?}",
                a.kind,
                a.label,
                a.values.len(),
                a.values.get(place),
                b.values.get(place)
            );
        }
    }
    assert_eq!(
        left.len(),
        right.len(),
        "{what}: one side has more events, from event {} on",
        left.len().min(right.len())
    );
}
