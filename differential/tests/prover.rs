//! SPEC §20 prover.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leanvm_differential::canonical::{Case, Name, Private, verdict};
use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
use leanvm_differential::oracles::decode::assemble;
use leanvm_differential::oracles::prove::{prove, prove_on_threads};
use leanvm_differential::twins::{BOTH, FAST, Options, SPEC};

mod differential {
    use super::*;

    #[test]
    fn valid_cases_at_tiny() {
        const CASES: u32 = 100;
        let start = std::time::Instant::now();
        let proven = RefCell::new(0_u32);
        crate::common::for_each(CASES, 600, |bytes| {
            let case = from_bytes::<Valid>(bytes).0;
            let options = Options {
                set: 1,
                log_inv_rate: 1 + u32::from(bytes.len() % 4 == 1),
                threads: [1, 2, 3, 7][bytes.len() / 4 % 4],
                smallest_tuning: bytes.len() % 2 == 0,
            };
            let outcome = prove(&case, &options);
            assert!(outcome.is_ok() || outcome == Err("size-cap"), "{outcome:?}");
            *proven.borrow_mut() += u32::from(outcome.is_ok());
        });
        let (proven, seconds) = (proven.into_inner(), start.elapsed().as_secs_f64());
        println!(
            "{proven} of {CASES} valid cases are proven by both twins, {:.0} cases a minute",
            f64::from(60 * CASES) / seconds
        );
        assert!(
            proven * 10 >= CASES * 9,
            "only {proven} of {CASES} valid cases are proven"
        );
    }

    /// What the provers make of the tables is what they make of the execution: so it is with tables
    /// of a liar that they can be tested.
    #[test]
    fn proofs_of_tables() {
        for tiny in &tiny::ALL {
            let case = tiny.case();
            let honest = prove(&case, &Options::TINY).expect("the tiny programs prove");
            let tables = SPEC
                .tables(&case, &Options::TINY)
                .expect("they have tables");
            for twin in BOTH {
                let proved =
                    twin.prove_tables(&case.program, &case.public, &tables, &Options::TINY);
                assert_eq!(
                    proved.as_ref(),
                    Ok(&honest),
                    "{} {}",
                    twin.name(),
                    tiny.name
                );
            }
        }
    }

    #[test]
    fn tiny_programs_and_every_rate() {
        for tiny in &tiny::ALL {
            // A high rate only where the proof is small.
            let greatest = if ["halt", "arithmetic"].contains(&tiny.name) {
                4
            } else {
                1
            };
            for log_inv_rate in 1..=greatest {
                let options = Options {
                    log_inv_rate,
                    threads: 2,
                    smallest_tuning: true,
                    set: 1,
                };
                assert!(
                    prove(&tiny.case(), &options).is_ok(),
                    "{} at rate {log_inv_rate}",
                    tiny.name
                );
            }
        }
    }

    #[test]
    fn a_program_at_small() {
        assert!(
            prove(
                &tiny::HASHES.case(),
                &Options {
                    set: 2,
                    ..Options::TINY
                }
            )
            .is_ok()
        );
    }

    #[test]
    fn threads_and_tuning_do_not_matter() {
        for tiny in &tiny::ALL {
            assert!(
                prove_on_threads(&tiny.case(), &Options::TINY).is_ok(),
                "{}",
                tiny.name
            );
        }
        crate::common::for_each(4, 600, |bytes| {
            let _ = prove_on_threads(
                &from_bytes::<Valid>(bytes).0,
                &Options {
                    log_inv_rate: 3,
                    ..Options::TINY
                },
            );
        });
    }

    #[test]
    fn broken_cases_are_not_proven() {
        let seen = RefCell::new(BTreeMap::<Name, u32>::new());
        crate::common::for_each(60, 300, |bytes| {
            let outcome = prove(&from_bytes::<Broken>(bytes).0, &Options::TINY);
            *seen.borrow_mut().entry(verdict(&outcome)).or_default() += 1;
        });
        println!("proving broken cases, by rejection: {:?}", seen.borrow());
        assert!(seen.borrow().len() >= 8, "few outcomes: {seen:?}");
    }

    #[test]
    fn executions_beyond_the_caps() {
        let beyond = |text: &str, public: usize| {
            let program = assemble(text).expect("the text is right");
            let mut case = Case::new(program, vec![1; public], Private::new());
            case.cells = 1 << 20;
            case.cycles = 1 << 20;
            prove(&case, &Options::TINY).err()
        };
        assert_eq!(beyond(".frame 4096\nhalt\n", 0), Some("size-cap"), "cells");
        assert_eq!(beyond("halt\n", 4097), Some("size-cap"), "public cells");
        assert_eq!(
            beyond(&format!("{}halt\n", "add 0, 0, 0\n".repeat(1024)), 0),
            Some("size-cap"),
            "instructions"
        );
        assert_eq!(
            beyond("dot_be 0, 0, fp, 1\ndot_be 0, 0, fp+8, 800\nhalt\n", 4000),
            Some("size-cap"),
            "stack"
        );
    }

    #[test]
    fn unknown_sets_and_rates() {
        for (set, log_inv_rate) in [(0, 1), (4, 1), (1, 0), (1, 5)] {
            let options = Options {
                set,
                log_inv_rate,
                ..Options::TINY
            };
            let case = tiny::HALT.case();
            assert_eq!(SPEC.prove(&case, &options).err(), Some("parameters"));
            assert_eq!(FAST.prove(&case, &options).err(), Some("parameters"));
        }
    }
}
