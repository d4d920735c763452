//! Honest proofs for the tests of the sections of the proof.

use crate::canonical::{Case, Event, Proved};
use crate::generators::{Valid, from_bytes, tiny};
use crate::oracles::{lockstep, prove::prove};
use crate::shape::Shape;
use crate::twins::{BOTH, Options};

/// Cases with both twins' agreed proof: the tiny programs and two random ones.
///
/// # Panics
/// If the twins disagree on one, or `check` panics.
pub fn each_proof(check: impl Fn(&Case, &Proved, &Shape, &Options)) {
    let mut cases: Vec<Case> = tiny::ALL.iter().map(tiny::Tiny::case).collect();
    for seed in 0..2_u32 {
        let bytes: Vec<u8> = (0..400_u32)
            .map(|i| {
                ((i + 1) * (2 * seed + 3))
                    .wrapping_mul(2_654_435_761_u32.rotate_left(i))
                    .to_le_bytes()[2]
            })
            .collect();
        cases.push(from_bytes::<Valid>(&bytes).0);
    }
    for (number, case) in cases.iter().enumerate() {
        // A high rate only where the proof is small.
        let log_inv_rate = [4, 3, 2].get(number).copied().unwrap_or(1);
        let options = Options {
            log_inv_rate,
            threads: 2,
            smallest_tuning: number % 2 == 0,
            set: 1,
        };
        let proved =
            prove(case, &options).unwrap_or_else(|name| panic!("rejected, {name}: {case:?}"));
        let words = crate::canonical::words_of(&case.program);
        let shape = Shape::of(&proved.proof, words[3] as usize, &options);
        check(case, &proved, &shape, &options);
    }
}

/// The events whose label begins with `prefix`, after a check that both verifiers have them.
///
/// # Panics
/// If a verifier rejects, or has other events.
pub fn events_of(case: &Case, proved: &Proved, options: &Options, prefix: &str) -> Vec<Event> {
    let filter = |events: &[Event]| -> Vec<Event> {
        events
            .iter()
            .filter(|event| event.label.starts_with(prefix))
            .cloned()
            .collect()
    };
    let mine = filter(&proved.events);
    for twin in BOTH {
        let events = twin
            .verify(&case.program, &case.public, &proved.proof, options.set)
            .expect("an honest proof");
        lockstep(
            &format!("prover, {} verifier, `{prefix}`", twin.name()),
            &mine,
            &filter(&events),
        );
    }
    mine
}

/// The number of events with this label.
pub fn count(events: &[Event], label: &str) -> usize {
    events.iter().filter(|event| event.label == label).count()
}
