//! SPEC §21 verifier.

use std::collections::BTreeSet;

use leanvm_differential::canonical::{Case, MODULUS, Proved};
use leanvm_differential::generators::{Valid, from_bytes, tiny};
use leanvm_differential::oracles::code_of;
use leanvm_differential::oracles::fuzz::verify_mutated;
use leanvm_differential::oracles::prove::{prove, verify};
use leanvm_differential::oracles::tamper::{BOUND, MANIFEST, Seen, tamper};
use leanvm_differential::shape::TABLES;
use leanvm_differential::twins::{FAST, Options, SPEC};

fn proven(case: &Case, options: &Options) -> Proved {
    prove(case, options).unwrap_or_else(|name| panic!("rejected, {name}: {case:?}"))
}

/// The labels that SPEC.md names.
fn labels() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
    let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
    let is_label = |word: &str| {
        let sections = [
            "lookup.",
            "poseidon.",
            "zerocheck.",
            "commitment.",
            "opening.",
        ];
        sections.iter().any(|section| word.starts_with(section))
            && !word.contains(char::is_whitespace)
    };
    text.split('`')
        .filter(|word| is_label(word))
        .map(str::to_owned)
        .collect()
}

mod differential {
    use super::*;

    #[test]
    fn the_manifest_has_every_label_of_the_text() {
        let labels = labels();
        assert!(
            labels.len() > 20,
            "{labels:?}: are labels still between backticks?"
        );
        let covered: BTreeSet<String> = MANIFEST
            .iter()
            .map(|(label, _)| *label)
            .chain(BOUND)
            .map(str::to_owned)
            .collect();
        let missing: Vec<_> = labels.difference(&covered).collect();
        assert!(missing.is_empty(), "no tampering with {missing:?}");
        let named: BTreeSet<String> = labels
            .into_iter()
            .chain(["statement", "program", "public"].map(str::to_owned))
            .collect();
        let unknown: Vec<_> = covered.difference(&named).collect();
        assert!(unknown.is_empty(), "SPEC.md does not have {unknown:?}");
    }

    #[test]
    fn the_manifest_has_rejections_of_the_text_only() {
        for name in MANIFEST.iter().flat_map(|(_, names)| *names) {
            assert!(code_of(name) > 0, "{name}");
        }
    }

    #[test]
    fn every_event_of_tiny_proofs() {
        let mut seen = Seen::new();
        for (tiny, rate) in [
            (&tiny::ARITHMETIC, 1),
            (&tiny::REDUCTIONS, 3),
            (&tiny::HASHES, 4),
        ] {
            let options = Options {
                log_inv_rate: rate,
                ..Options::TINY
            };
            let case = tiny.case();
            tamper(&case, &proven(&case, &options), 1, 2, &mut seen);
        }
        let random = from_bytes::<Valid>(&[0x5a; 300]).0;
        tamper(&random, &proven(&random, &Options::TINY), 1, 1, &mut seen);
        println!("rejections by label: {seen:?}");
        let untouched: Vec<_> = MANIFEST
            .iter()
            .map(|(label, _)| *label)
            .filter(|label| !seen.contains_key(*label))
            .collect();
        // Folds are ground in production only.
        assert_eq!(untouched, ["opening.fold_nonce"]);
    }

    #[test]
    fn folding_nonces_of_production() {
        let options = Options {
            set: 3,
            log_inv_rate: 4,
            threads: 2,
            smallest_tuning: false,
        };
        let case = tiny::HALT.case();
        let proved = FAST.prove(&case, &options).expect("production takes it");
        assert!(
            proved
                .events
                .iter()
                .any(|event| event.label == "opening.fold_nonce"),
            "nothing is ground before folding"
        );
        let events =
            verify(&case.program, &case.public, &proved.proof, 3).expect("an honest proof");
        leanvm_differential::oracles::lockstep("production", &proved.events, &events);
        let places = leanvm_differential::oracles::tamper::places(&proved.events);
        let (_, place) = places
            .iter()
            .find(|(label, _)| label == "opening.fold_nonce")
            .expect("it is there");
        let mut words = leanvm_differential::canonical::words_of(&proved.proof);
        words[place.start] += 1;
        let outcome = verify(
            &case.program,
            &case.public,
            &leanvm_differential::canonical::bytes_of(&words),
            3,
        );
        assert!(
            matches!(outcome, Err("grinding" | "merkle-path")),
            "{:?}",
            outcome.err()
        );
    }

    #[test]
    fn proofs_of_other_statements() {
        let case = tiny::ARITHMETIC.case();
        let proof = proven(&case, &Options::TINY).proof;
        assert!(verify(&case.program, &case.public, &proof, 1).is_ok());
        let other = tiny::HALT.case().program;
        assert_eq!(
            verify(&other, &case.public, &proof, 1).err(),
            Some("lookup-root"),
            "a proof of another program"
        );
        assert_eq!(
            verify(&case.program, &[3, 4, 13], &proof, 1).err(),
            Some("lookup-root")
        );
        assert_eq!(
            verify(&case.program, &[3, 4, 12, 0], &proof, 1).err(),
            Some("lookup-root"),
            "the number of elements is bound"
        );
        assert_eq!(
            verify(&case.program, &[3, 4], &proof, 1).err(),
            Some("lookup-root")
        );
        assert_eq!(
            verify(&case.program, &[MODULUS, 4, 12], &proof, 1).err(),
            Some("element-not-canonical")
        );
        // The number of elements, what the header announces, then the elements.
        assert_eq!(
            verify(&case.program, &[MODULUS, 4, 12], &[], 1).err(),
            Some("proof-truncated"),
            "the header comes before the elements"
        );
        assert_eq!(
            verify(&case.program, &[MODULUS; 4097], &proof, 1).err(),
            Some("size-cap"),
            "and so do the caps"
        );
        assert_eq!(
            verify(
                &case.program,
                &[MODULUS, 4, 12],
                &proof[..4 * (3 + TABLES)],
                1
            )
            .err(),
            Some("element-not-canonical"),
            "all else comes after them"
        );
        assert_eq!(
            verify(&case.program, &vec![0; (1 << 20) + 1], &[], 1).err(),
            Some("public-input-too-long")
        );
        assert_eq!(
            verify(&case.program, &vec![0; 4097], &proof, 1).err(),
            Some("size-cap"),
            "more public cells than memory"
        );
        assert_eq!(
            verify(&case.program, &case.public, &[], 1).err(),
            Some("proof-truncated")
        );
        assert_eq!(
            verify(&case.program, &case.public, &[0], 1).err(),
            Some("proof-truncated")
        );
    }

    #[test]
    fn other_tables_than_those_of_the_proof() {
        // A proof of one program says nothing of the same program with one constant changed.
        let case = tiny::LOOP.case();
        let proof = SPEC
            .prove(&case, &Options::TINY)
            .expect("the tiny programs prove")
            .proof;
        assert!(verify(&case.program, &case.public, &proof, 1).is_ok());
        let mut words = leanvm_differential::canonical::words_of(&case.program);
        words[5 + 6 + 5] += 1;
        let changed = leanvm_differential::canonical::bytes_of(&words);
        assert_eq!(
            verify(&changed, &case.public, &proof, 1).err(),
            Some("lookup-root")
        );
    }

    #[test]
    fn mutated_proofs() {
        crate::common::for_each(200, 60, verify_mutated);
    }
}
