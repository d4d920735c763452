//! What the verifiers refuse of an aggregate or a merge, the guest refuses of a child, at the check
//! that stands for the same rule: see `recursion/refused.rs`, which has the table.

use std::collections::{BTreeMap, BTreeSet};

use leanvm_differential::aggregation::Verdict;
use leanvm_differential::canonical::{Name, bytes_of, words_of};
use leanvm_differential::merging::{Claim as InBytes, Question, placeholders};
use leanvm_differential::recursion::path;
use leanvm_differential::replay::{Replay, replay};
use leanvm_differential::stops::{Change, Guest};
use leanvm_fast::aggregation::AggregateError;
use leanvm_fast::execution::Input;
use leanvm_fast::field::EF;
use leanvm_fast::isa::Program;
use leanvm_fast::merging::{AnyAggregate, Claim, statement};
use leanvm_fast::parameters::ParameterSet;
use leanvm_fast::recursion::{ProgramClaim, witness_of_events};
use leanvm_fast::rejection::Rejection;
use p3_field::PrimeCharacteristicRing;

use super::lies::{proven, question as stating};
use super::parts::{ARTEFACTS, Child, LEAVES, NODE, Shown, input, input_of_rounds};
use super::with;
use crate::recursion::Random;
use crate::recursion::refused::{Agreed, READING, Seen, changed, compare, fields, note};

/// Another question.
type Restate<'a> = &'a dyn Fn(&mut Question);

const SET: ParameterSet = ParameterSet::Production;

/// P_0 and P_1.
fn programs() -> [&'static Program; 2] {
    ARTEFACTS.fast.each_ref()
}

/// P_1, with a text changed.
fn guest(change: Option<Change<'_>>) -> Guest {
    Guest::new(&path("merge"), &placeholders(), change)
}

/// What the guest is told of an aggregate or a merge, and what it leaves.
struct Told {
    input: Input,
    left: ProgramClaim,
    /// What a reader refuses of the proof.
    reading: Result<(), Name>,
}

/// The input of the guest with one child, which need not be accepted, of which it shows the first
/// claim.
///
/// # Errors
/// What is refused before the proof is read.
fn told(question: &Question) -> Result<Told, AggregateError> {
    let aggregate = AnyAggregate::from_bytes(&question.bytes)?;
    let claims: Vec<Claim> = question.claims.iter().map(InBytes::of_fast).collect();
    let stated = statement(programs(), &claims, &aggregate)?;
    let program = programs()[stated.program];
    let read = replay(program, &stated.public, stated.proof, SET);
    let Replay { events, reading } = read.map_err(AggregateError::Proof)?;
    let witness = witness_of_events(program, &stated.public, stated.proof, SET, events);
    let child = Child::told(
        programs(),
        &stated,
        witness.expect("its header has been read"),
    );
    let shown = Shown {
        claim: child.claims[0].clone(),
        source: 0,
    };
    let (input, left) = input(programs(), &[child], &[shown]);
    Ok(Told {
        input,
        left,
        reading: reading.map_err(|error| error.rejection.name()),
    })
}

/// The name of a code of section 2.
fn name_of(code: u32) -> Name {
    let mut all = Rejection::ALL.iter();
    let found = all.find(|rejection| rejection.code() == code);
    found.expect("a code of section 2").name()
}

/// What the verifiers that have given this verdict and a guest agree on.
fn judged(guest: &Guest, question: &Question, verdict: Verdict) -> Result<Agreed, String> {
    let Told { input, reading, .. } = match told(question) {
        Ok(told) => told,
        Err(error) => {
            let refused = verdict.expect_err("it cannot be told");
            assert_eq!(refused.name, error.name());
            return Ok(Agreed::Read(refused.name));
        }
    };
    let verdict = verdict.map_err(|refusal| {
        assert_eq!(refusal.name, "proof");
        name_of(refusal.rejection)
    });
    match verdict {
        Err(name) if READING.contains(&name) => {
            assert_eq!(reading, verdict, "the reading differs");
            return Ok(Agreed::Read(name));
        }
        Err(_) => {}
        Ok(()) => assert_eq!(reading, verdict, "the reading differs"),
    }
    compare(verdict, guest.run(&input))
}

/// What both twins and P_1 agree on.
#[track_caller]
fn agreed(guest: &Guest, question: &Question, what: &str) -> Agreed {
    let judged = judged(guest, question, ARTEFACTS.verdict(question));
    judged.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The proof of a question, in words.
fn proof_of(question: &Question) -> (usize, Vec<u32>) {
    let head = match question.bytes[1] {
        42 => 2,
        _ => super::HEAD,
    };
    (head, words_of(&question.bytes[head..]))
}

/// Changes some fields of each label of the proof. `spec` verifies the first of each label only,
/// since that takes long.
fn change_some_fields(honest: &Question, per_label: usize) {
    let guest = guest(None);
    assert_eq!(&guest.program, programs()[1]);
    assert_eq!(agreed(&guest, honest, "honest"), Agreed::Accepted);
    let aggregate = AnyAggregate::from_bytes(&honest.bytes).expect("its form");
    let claims: Vec<Claim> = honest.claims.iter().map(InBytes::of_fast).collect();
    let stated = statement(programs(), &claims, &aggregate).expect("a list of claims");
    let program = programs()[stated.program];
    let read = replay(program, &stated.public, stated.proof, SET).expect("a header");
    let mut by_label: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (label, range) in fields(&read.events) {
        by_label.entry(label).or_default().push(range);
    }
    let (head, words) = proof_of(honest);
    let mut random = Random(41);
    let mut seen = Seen::new();
    for (label, ranges) in &by_label {
        for number in 0..per_label {
            // The last is the one behind which the fewest checks come.
            let place = match number {
                0 => ranges.len() - 1,
                _ => random.below(ranges.len()),
            };
            let words = changed(&words, ranges[place].clone(), &mut random);
            let other = with(honest, |q| {
                q.bytes.truncate(head);
                q.bytes.extend(bytes_of(&words));
            });
            let verdict = match number {
                0 => ARTEFACTS.verdict(&other),
                _ => ARTEFACTS.fast_verdict(&other),
            };
            let judged = judged(&guest, &other, verdict);
            let judged = judged.unwrap_or_else(|error| panic!("{label} {place}: {error}"));
            note(&mut seen, label, judged);
        }
    }
    println!("{} changes: {seen:?}", seen.values().sum::<usize>());
}

mod differential {
    use super::*;

    #[test]
    fn fields_of_an_aggregate() {
        change_some_fields(&LEAVES[0], 3);
    }

    #[test]
    fn fields_of_a_merge() {
        change_some_fields(&NODE, 2);
    }

    /// Another statement than that of the proof: each part of a claim, and the program claim.
    #[test]
    fn other_statements() {
        let guest = guest(None);
        let stranger = LEAVES[2].claims[0].keys[3].clone();
        let changes: [(&str, Restate<'_>); 7] = [
            ("low half of the slot", &|q| q.claims[0].slot ^= 1),
            ("high half of the slot", &|q| q.claims[0].slot ^= 1 << 16),
            ("message", &|q| q.claims[0].message[4] ^= 1),
            ("a key", &|q| q.claims[0].keys[0] = stranger.clone()),
            ("part of a key", &|q| q.claims[0].keys[0][4] ^= 1),
            ("a key less", &|q| drop(q.claims[0].keys.pop())),
            ("a key more", &|q| q.claims[0].keys.push(stranger.clone())),
        ];
        for honest in [&LEAVES[0], &*NODE] {
            for (what, change) in changes {
                let other = with(honest, change);
                assert_eq!(agreed(&guest, &other, what), Agreed::Checked(1), "{what}");
            }
        }
        let fewer = with(&NODE, |q| drop(q.claims.pop()));
        assert_eq!(agreed(&guest, &fewer, "a claim less"), Agreed::Checked(1));
        for word in [0, 1, 7, 52, 100, 104] {
            let other = with(&NODE, |q| q.bytes[2 + 4 * word] ^= 1);
            let of_other = agreed(&guest, &other, "the program claim");
            assert_eq!(of_other, Agreed::Checked(1), "{word}");
        }
    }

    /// What is refused before a proof is checked is no input of the guest.
    #[test]
    fn what_cannot_be_told() {
        let guest = guest(None);
        let mut seen = BTreeSet::new();
        let mut read = |name: Name, honest: &Question, change: &dyn Fn(&mut Question)| {
            let agreed = agreed(&guest, &with(honest, change), name);
            assert_eq!(agreed, Agreed::Read(name));
            seen.insert(name);
        };
        let leaf = &LEAVES[0];
        read("truncated", leaf, &|q| q.bytes.truncate(1));
        read("truncated", &NODE, &|q| {
            q.bytes.truncate(super::super::HEAD - 1)
        });
        read("too-long", leaf, &|q| q.bytes.resize((1 << 19) + 1, 0));
        read("version", leaf, &|q| q.bytes[0] = 2);
        read("scheme", leaf, &|q| q.bytes[1] = 41);
        read("no-signers", &NODE, &|q| q.claims[1].keys.clear());
        read("too-many-signers", leaf, &|q| {
            let key = q.claims[0].keys[0].clone();
            q.claims[0].keys.resize((1 << 16) + 1, key);
        });
        read("duplicate-key", &NODE, &|q| {
            let key = q.claims[0].keys[0].clone();
            q.claims[0].keys.push(key);
        });
        read("no-claims", leaf, &|q| q.claims.clear());
        read("too-many-claims", &NODE, &|q| {
            let claim = q.claims[0].clone();
            q.claims.resize(257, claim);
        });
        read("duplicate-claim", &NODE, &|q| {
            q.claims.push(q.claims[0].clone());
        });
        read("program-claim", &NODE, &|q| q.bytes[2..6].fill(0xff));
        read("claim-count", leaf, &|q| q.claims = NODE.claims.clone());
        // What a proof announces.
        for (word, value) in [(0, 0), (1, 9), (2, 1), (3, 5), (4, 1), (5, u32::MAX)] {
            for honest in [leaf, &*NODE] {
                let (head, _) = proof_of(honest);
                let place = head + 4 * word;
                let value = u32::to_le_bytes(value);
                read("proof", honest, &|q| {
                    q.bytes[place..place + 4].copy_from_slice(&value);
                });
            }
        }
        // And how long it is: its words are read before any is left over or lacking.
        for honest in [leaf, &*NODE] {
            let (_, words) = proof_of(honest);
            let longer = with(honest, |q| q.bytes.extend([0; 4]));
            let shorter = with(honest, |q| q.bytes.truncate(q.bytes.len() - 4));
            assert!(words.len() > 1000);
            for (name, other) in [("proof-left-over", longer), ("proof-truncated", shorter)] {
                assert_eq!(agreed(&guest, &other, name), Agreed::Read(name));
            }
        }
        assert_eq!(seen.len(), 13, "{seen:?}");
    }

    /// A merge of which the rounds of the combination are false: P_1 accepts it as a child, and
    /// what it leaves is false. The verifiers, who know the programs, refuse it.
    #[test]
    fn a_false_program_claim_is_passed_on() {
        let leaf = Child::of(programs(), &LEAVES[0]);
        let shown = Shown {
            claim: leaf.claims[0].clone(),
            source: 0,
        };
        let claims = [shown.claim.clone()];
        let (input, left) = input_of_rounds(programs(), &[leaf], &[shown], |rounds| {
            rounds[3][1] += EF::ONE;
        });
        assert!(!left.holds(&programs()));
        let merge = stating(&claims, &proven(programs()[1], &input, left));
        let refused = ARTEFACTS.verdict(&merge).expect_err("a false claim");
        assert_eq!((refused.name, refused.code), ("program-claim", 12));
        let told = told(&merge).expect("it is read");
        assert_eq!(guest(None).run(&told.input), Ok(()));
        assert_eq!(told.reading, Ok(()));
        assert!(!told.left.holds(&programs()));
    }

    /// P_1 without the last check of a proof accepts what the verifiers refuse.
    #[test]
    fn without_a_check_a_child_is_accepted() {
        let honest = &LEAVES[0];
        let (head, words) = proof_of(honest);
        // The last round, behind which nothing is ground.
        let words = changed(&words, words.len() - 10..words.len(), &mut Random(42));
        let other = with(honest, |q| {
            q.bytes.truncate(head);
            q.bytes.extend(bytes_of(&words));
        });
        assert_eq!(
            agreed(&guest(None), &other, "the last round"),
            Agreed::Checked(7)
        );
        let check = "dot_product_ee(final, weight, last_claim + 3, 1)";
        let without = guest(Some([check, "pass"]));
        let told = told(&other).expect("it is read");
        assert_eq!(without.run(&told.input), Ok(()));
        assert_eq!(
            judged(&without, &other, ARTEFACTS.verdict(&other)),
            Err("the guest accepts what is refused: commitment-claim".to_owned())
        );
    }
}
