//! Proving and verifying: events in lockstep, bytes, and the four pairs of prover and verifier.

use super::{lockstep, same, same_rejection};
use crate::canonical::{Case, Event, Outcome, Proved, hex_of};
use crate::twins::{BOTH, FAST, Options, SPEC};

/// Both twins prove the case alike, and both accept both proofs with the same events.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree, or a verifier refuses an honest proof.
pub fn prove(case: &Case, options: &Options) -> Outcome<Proved> {
    let (spec, fast) = (SPEC.prove(case, options), FAST.prove(case, options));
    if let Some(name) = same_rejection("proving", case, &spec, &fast) {
        return Err(name);
    }
    let (spec, fast) = (spec?, fast?);
    lockstep("spec prover, fast prover", &spec.events, &fast.events);
    same("the proof", case, &spec.proof, &fast.proof);
    for (prover, proved) in [("spec", &spec), ("fast", &fast)] {
        for verifier in BOTH {
            let pair = format!("{prover} prover, {} verifier", verifier.name());
            match verifier.verify(&case.program, &case.public, &proved.proof, options.set) {
                Ok(events) => lockstep(&pair, &proved.events, &events),
                Err(name) => {
                    panic!("{pair}: an honest proof is rejected, {name}: {case:?}")
                }
            }
        }
    }
    Ok(spec)
}

/// The proofs of `fast` do not depend on the number of threads or on the tuning.
///
/// # Errors
/// The name of the rejection.
///
/// # Panics
/// If a proof differs.
pub fn prove_on_threads(case: &Case, options: &Options) -> Outcome<Proved> {
    let first = FAST.prove(case, options);
    for threads in [1, 2, 3, 7] {
        for smallest_tuning in [false, true] {
            let other = Options {
                threads,
                smallest_tuning,
                ..*options
            };
            let proved = FAST.prove(case, &other);
            if let (Ok(first), Ok(proved)) = (&first, &proved) {
                lockstep(
                    &format!("{threads} threads, smallest tuning: {smallest_tuning}"),
                    &first.events,
                    &proved.events,
                );
            }
            assert_eq!(first, proved, "the proof depends on {other:?}");
        }
    }
    first
}

/// Both twins verify the bytes alike.
///
/// # Errors
/// The name of the rejection on which both agree.
///
/// # Panics
/// If the twins disagree.
pub fn verify(program: &[u8], public: &[u32], proof: &[u8], set: u32) -> Outcome<Vec<Event>> {
    let spec = SPEC.verify(program, public, proof, set);
    let fast = FAST.verify(program, public, proof, set);
    if let Some(name) = same_rejection("verifying", &hex_of(proof), &spec, &fast) {
        return Err(name);
    }
    let (spec, fast) = (spec?, fast?);
    lockstep("spec verifier, fast verifier", &spec, &fast);
    Ok(spec)
}
