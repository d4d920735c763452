//! SPEC §10 transcript.

use leanvm_differential::canonical::{MODULUS, Operation};
use leanvm_differential::generators::tiny;
use leanvm_differential::oracles::lockstep;
use leanvm_differential::twins::{BOTH, FAST, Options, SPEC};

/// A random script: a byte for the operation, a byte for its length, then its elements.
fn script(bytes: &[u8]) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (number, pair) in bytes.chunks_exact(2).enumerate() {
        let length = usize::from(pair[1] % 20);
        let list: Vec<u32> = (0..length)
            .map(|i| (bytes.len() * 7919 + number * 104_729 + i * i) as u32 % MODULUS)
            .collect();
        operations.push(match pair[0] % 6 {
            0 => Operation::Absorb(list),
            1 => Operation::Send(list),
            2 => Operation::Opening(list),
            3 => Operation::Sample,
            4 => Operation::Indices(length, u32::from(pair[1]) % 25),
            _ => Operation::Grind(u32::from(pair[1]) % 9),
        });
    }
    operations
}

mod differential {
    use super::*;

    #[test]
    fn random_scripts() {
        crate::common::for_each(300, 40, |bytes| {
            let operations = script(bytes);
            let (spec_proof, spec) = SPEC.prover_transcript(&operations);
            let (fast_proof, fast) = FAST.prover_transcript(&operations);
            lockstep("spec prover, fast prover", &spec, &fast);
            assert_eq!(spec_proof, fast_proof);
            for twin in BOTH {
                let events = twin
                    .verifier_transcript(&operations, &spec_proof)
                    .expect("an honest proof");
                lockstep(&format!("prover, {} verifier", twin.name()), &spec, &events);
            }
        });
    }

    #[test]
    fn changed_words() {
        let rejected = std::cell::RefCell::new(std::collections::BTreeSet::new());
        crate::common::for_each(400, 30, |bytes| {
            let operations = script(bytes);
            let (mut proof, _) = SPEC.prover_transcript(&operations);
            match bytes.first().map(|first| first % 4) {
                Some(0) => drop(proof.pop()),
                Some(1) => proof.push(1),
                Some(2) if !proof.is_empty() => {
                    let place = bytes.len() % proof.len();
                    proof[place] = MODULUS;
                }
                _ if !proof.is_empty() => {
                    let place = bytes.len() % proof.len();
                    proof[place] = (proof[place] + 1) % MODULUS;
                }
                _ => {}
            }
            let outcomes = BOTH.map(|twin| twin.verifier_transcript(&operations, &proof));
            assert_eq!(outcomes[0], outcomes[1], "{operations:?} on {proof:?}");
            rejected
                .borrow_mut()
                .extend(outcomes[0].as_ref().err().copied());
        });
        assert_eq!(
            rejected.into_inner().into_iter().collect::<Vec<_>>(),
            [
                "element-not-canonical",
                "grinding",
                "proof-left-over",
                "proof-truncated"
            ]
        );
    }

    /// One line an event of the proof of each tiny program: kind, label, number of values.
    #[test]
    fn event_logs() {
        for tiny in [tiny::HALT, tiny::ARITHMETIC, tiny::HASHES] {
            let proved = SPEC
                .prove(&tiny.case(), &Options::TINY)
                .expect("the tiny programs prove");
            let lines: Vec<String> = proved
                .events
                .iter()
                .map(|event| {
                    format!(
                        "{} {} {}",
                        format!("{:?}", event.kind).to_lowercase(),
                        event.label,
                        event.values.len()
                    )
                })
                .collect();
            insta::assert_snapshot!(format!("event_log_{}", tiny.name), lines.join("\n"));
        }
    }
}
