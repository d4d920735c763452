//! SPEC §26 merging.

use std::fmt::Write;
use std::sync::LazyLock;

use leanvm_differential::aggregation::{Refusal, aggregate};
use leanvm_differential::canonical::{MODULUS, bytes_of};
use leanvm_differential::merging::{Claim, Programs, Question};
use leanvm_differential::recursion::spec_claim;
use leanvm_differential::shape::HEADER_WORDS;
use leanvm_fast::assembly::assemble;
use leanvm_fast::execution::{Input, Limits, execute};
use leanvm_fast::field::{EF, coordinates, to_canonical};
use leanvm_fast::merging::{
    AnyAggregate, Merge, VARIABLES, canonical_claims, claims_digest, public_input, record,
};
use leanvm_fast::prover::{ProveOptions, prove};
use leanvm_fast::recursion::{ProgramClaim, variables};
use leanvm_programs::artefacts::LEANXMSS42;
use leanvm_spec::merging as spec;
use p3_field::PrimeCharacteristicRing;

use crate::recursion::Random;

mod file;
mod lies;
mod parts;
mod real;
mod refused;

/// Bytes before the proof of a merge.
const HEAD: usize = 422;

/// P_0, and a program of the height of P_1 that asks nothing of its public input: so a merge of any
/// claims is made without signatures.
static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let mut text = String::from("jump 1, end, fp\n");
    for _ in 0..1 << 15 {
        writeln!(text, "add 1, 2, 3").expect("a string grows");
    }
    text.push_str("end:\nhalt\n");
    let stand_in = assemble(&text).expect("it assembles").encode();
    Programs::decode([LEANXMSS42.program, &stand_in])
});

/// The bytes of a merge of claims, with this program claim.
fn merge(claims: &[Claim], program_claim: ProgramClaim) -> Vec<u8> {
    let [_, program] = &PROGRAMS.fast;
    let claims: Vec<_> = claims.iter().map(Claim::of_fast).collect();
    let claims = canonical_claims(&claims).expect("no claim and no key twice");
    let public = public_input(&claims, &program.digest(), &program_claim);
    let input = Input::new(&public).expect("canonical");
    let execution = execute(program, &input, &Limits::default()).expect("it halts");
    let options = ProveOptions {
        log_inv_rate: 4,
        ..ProveOptions::default()
    };
    let proof = prove(program, &execution, &options).expect("a proof").proof;
    Merge::of_proof(program_claim, proof).to_bytes()
}

/// A program claim that holds.
fn program_claim() -> ProgramClaim {
    let programs = PROGRAMS.fast.each_ref();
    assert_eq!(variables(&programs), VARIABLES);
    ProgramClaim::at(&programs, Random(11).elements(VARIABLES))
}

/// Slots of which the order by bytes is another one.
const SLOTS: [u32; 4] = [0, 7, 0x0001_0000, u32::MAX];
/// Elements of messages of which the order by bytes is another one.
const ELEMENTS: [u32; 3] = [0, 1, 0x0100];

/// Words below `most` without structure.
fn some_words(random: &mut Random, most: u32) -> [u32; 8] {
    let elements = random.elements(8).into_iter();
    let words: Vec<u32> = elements
        .map(|element| to_canonical(coordinates(element)[0]) % most)
        .collect();
    words.try_into().expect("eight")
}

/// Claims in no order. Slots and elements of messages have few values, so the order is often that
/// of a late element.
fn some_claims(random: &mut Random, count: usize, most_keys: u32) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    while claims.len() < count {
        let mut message = some_words(random, 3).map(|word| ELEMENTS[word as usize]);
        message[..4].fill(5);
        let slot = SLOTS[some_words(random, 4)[0] as usize];
        let message = bytes_of(&message);
        let mut known = claims.iter();
        if known.any(|claim| (claim.slot, &claim.message) == (slot, &message)) {
            continue;
        }
        let number = 1 + some_words(random, most_keys)[0];
        let keys = (0..number).map(|_| bytes_of(&some_words(random, MODULUS)));
        let keys = keys.collect();
        claims.push(Claim {
            slot,
            message,
            keys,
        });
    }
    claims
}

/// Three claims and a merge that states them.
static MERGED: LazyLock<Question> = LazyLock::new(|| {
    let claims = some_claims(&mut Random(12), 3, 3);
    let bytes = merge(&claims, program_claim());
    Question { claims, bytes }
});

/// The question with something changed.
fn with(question: &Question, change: impl FnOnce(&mut Question)) -> Question {
    let mut question = question.clone();
    change(&mut question);
    question
}

/// The refusal of both twins.
#[track_caller]
fn refusal(question: &Question) -> Refusal {
    refusal_by(&PROGRAMS, question)
}

/// The refusal of both twins with these programs.
#[track_caller]
fn refusal_by(programs: &Programs, question: &Question) -> Refusal {
    programs.verdict(question).expect_err("refused")
}

/// That the question is refused with this name.
#[track_caller]
fn refused(name: &str, question: &Question) {
    assert_eq!(refusal(question).name, name);
}

/// A key of the second claim stands there twice.
fn with_a_key_twice(claims: &mut [Claim]) {
    let key = claims[1].keys[0].clone();
    claims[1].keys.push(key);
}

mod differential {
    use super::*;

    #[test]
    fn the_twins_agree_on_order_records_digests_and_public_inputs() {
        let mut random = Random(13);
        for count in 1..40 {
            let mut claims = some_claims(&mut random, count, 4);
            let of_spec: Vec<_> = claims.iter().map(Claim::of_spec).collect();
            let of_spec = spec::canonical_claims(&of_spec);
            // The order in which they are given does not matter.
            claims.reverse();
            for claim in &mut claims {
                claim.keys.rotate_left(1);
            }
            let of_fast: Vec<_> = claims.iter().map(Claim::of_fast).collect();
            let of_fast = canonical_claims(&of_fast).expect("no claim and no key twice");
            let in_bytes: Vec<Claim> = of_fast.iter().map(Claim::from).collect();
            assert_eq!(
                in_bytes,
                of_spec.iter().map(Claim::from).collect::<Vec<_>>()
            );
            for (a, b) in of_fast.iter().zip(&of_spec) {
                assert_eq!(record(a), spec::record(b));
                assert_eq!(record(a).len(), 24);
            }
            let digest = claims_digest(&of_fast);
            let digest_of_spec = spec::claims_digest(&of_spec);
            assert_eq!(digest.map(to_canonical), digest_of_spec.map(|x| x.value()));
            let claim = ProgramClaim {
                point: random.elements(VARIABLES),
                value: random.element(),
            };
            let program = of_fast[0].message.0;
            let public = public_input(&of_fast, &program, &claim);
            let program = of_spec[0].message;
            let public_of_spec = spec::public_input(&of_spec, &program, &spec_claim(&claim));
            assert_eq!(public, public_of_spec);
            assert_eq!(public.len(), 24);
        }
    }

    #[test]
    fn an_aggregate_states_one_claim() {
        let question = Question::from(aggregate(2, 0xffff_0001, 4));
        assert_eq!(PROGRAMS.verdict(&question), Ok(()));
        let any = AnyAggregate::from_bytes(&question.bytes).expect("an aggregate");
        assert!(matches!(&any, AnyAggregate::Signatures(_)));
        assert_eq!(any.to_bytes(), question.bytes);
        let one = &question.claims[0];
        let again = one.keys[0].clone();
        let other = Claim {
            slot: 5,
            ..one.clone()
        };
        let with = |change: &dyn Fn(&mut Question)| with(&question, change);
        assert_eq!(
            PROGRAMS.verdict(&with(&|q| q.claims[0].keys.reverse())),
            Ok(())
        );
        refused("no-claims", &with(&|q| q.claims.clear()));
        refused("no-signers", &with(&|q| q.claims[0].keys.clear()));
        refused("proof", &with(&|q| q.claims[0].slot ^= 1));
        refused("proof", &with(&|q| q.bytes.truncate(2)));
        refused("claim-count", &with(&|q| q.claims.push(other.clone())));
        refused("claim-count", &with(&|q| q.claims.push(one.clone())));
        // The number of claims comes before what the header announces.
        let cut = with(&|q| {
            q.claims.push(other.clone());
            q.bytes.truncate(2);
        });
        refused("claim-count", &cut);
        let twice = refusal(&with(&|q| q.claims[0].keys.push(again.clone())));
        assert_eq!(
            (twice.name, twice.duplicate),
            ("duplicate-key", Some((0, 2)))
        );
        // As the other kind, its bytes are not one.
        refused(
            "program-claim",
            &with(&|q| {
                q.bytes[1] = 43;
                q.bytes[2..6].fill(0xff);
            }),
        );
    }

    #[test]
    fn a_merge_states_its_claims_in_any_order() {
        let question = &*MERGED;
        let any = AnyAggregate::from_bytes(&question.bytes).expect("a merge");
        assert!(matches!(&any, AnyAggregate::Merge(_)));
        assert_eq!(any.to_bytes(), question.bytes);
        let read = Merge::from_bytes(&question.bytes).expect("a merge");
        assert_eq!(AnyAggregate::from(read), any);
        assert_eq!(PROGRAMS.verdict(question), Ok(()));
        let other = with(question, |q| {
            q.claims.rotate_left(1);
            q.claims.iter_mut().for_each(|claim| claim.keys.reverse());
        });
        assert_ne!(&other, question);
        assert_eq!(PROGRAMS.verdict(&other), Ok(()));
    }

    #[test]
    fn other_statements_are_refused() {
        let question = &*MERGED;
        let more = some_claims(&mut Random(14), 8, 3);
        let claims = &question.claims;
        let is_new = |claim: &&Claim| {
            let known = claims.iter();
            let mut known = known.map(|known| (known.slot, &known.message));
            known.all(|known| known != (claim.slot, &claim.message))
        };
        let new = more.iter().find(is_new).expect("another claim");
        let changes: [&dyn Fn(&mut Question); 10] = [
            &|q| drop(q.claims.pop()),
            &|q| q.claims.push(new.clone()),
            &|q| q.claims[0].slot ^= 8,
            &|q| q.claims[1].message[0] ^= 1,
            &|q| q.claims[2].keys.push(new.keys[0].clone()),
            &|q| q.claims[2].keys[0] = new.keys[0].clone(),
            // The program claim, the digest of which the proof is of.
            &|q| q.bytes[2] ^= 1,
            &|q| q.bytes[HEAD - 4] ^= 1,
            &|q| q.bytes[HEAD + 4 * HEADER_WORDS] ^= 1,
            &|q| q.bytes.extend([0; 4]),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let error = refusal(&with(question, change));
            assert_eq!(error.name, "proof", "change {number}");
        }
    }

    /// The proof is of the program claim that is there.
    #[test]
    fn a_program_claim_that_does_not_hold_is_refused() {
        let question = &*MERGED;
        let mut lie = program_claim();
        lie.value += EF::ONE;
        let bytes = merge(&question.claims, lie);
        let question = with(question, |q| q.bytes = bytes);
        refused("program-claim", &question);
        // What is wrong with the proof comes before.
        refused("proof", &with(&question, |q| q.bytes.extend([0; 4])));
    }

    #[test]
    fn truncated_bytes_are_refused_at_each_length() {
        for length in 0..HEAD {
            refused("truncated", &with(&MERGED, |q| q.bytes.truncate(length)));
        }
        for length in HEAD..HEAD + 4 * HEADER_WORDS + 8 {
            let error = refusal(&with(&MERGED, |q| q.bytes.truncate(length)));
            assert_eq!(error.name, "proof", "{length}");
            assert_ne!(error.rejection, 0);
        }
    }

    #[test]
    fn words_that_are_not_canonical_are_refused_at_each_place() {
        for word in 0..105 {
            let place = 2 + 4 * word;
            let changed = |value: u32| {
                with(&MERGED, |q| {
                    q.bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
                    // Nothing behind it is looked at.
                    q.bytes.truncate(HEAD);
                    q.claims.clear();
                })
            };
            refused("no-claims", &changed(MODULUS - 1));
            refused("program-claim", &changed(MODULUS));
            refused("program-claim", &changed(u32::MAX));
        }
    }

    #[test]
    fn lists_of_a_wrong_size_are_refused() {
        let one = &MERGED.claims[0];
        let key = one.keys[0].clone();
        let lists = |slots: u32, keys: usize| -> Vec<Claim> {
            let keys = vec![key.clone(); keys];
            let claim = |slot| Claim {
                slot,
                message: one.message.clone(),
                keys: keys.clone(),
            };
            (0..slots).map(claim).collect()
        };
        // Neither duplicates nor a proof are looked at, so that at the most a header is refused.
        for kind in [42, 43] {
            let of = |claims: Vec<Claim>| {
                with(&MERGED, |q| {
                    q.bytes[1] = kind;
                    q.bytes.truncate(HEAD);
                    q.claims = claims;
                })
            };
            let most = if kind == 42 { "claim-count" } else { "proof" };
            refused("no-claims", &of(Vec::new()));
            refused(most, &of(lists(256, 256)));
            refused("too-many-claims", &of(lists(257, 1)));
            refused("too-many-claims", &of(lists(257, 256)));
            refused("too-many-signers", &of(lists(3, 21846)));
            let mut without = lists(255, 257);
            refused(most, &of(without.clone()));
            without[7].keys.clear();
            without[9].keys.clear();
            let error = refusal(&of(without));
            assert_eq!((error.name, error.claim), ("no-signers", Some(7)));
            let mut more = lists(256, 256);
            more[255].keys.push(key.clone());
            refused("too-many-signers", &of(more));
        }
    }

    #[test]
    fn claims_and_keys_twice_are_refused() {
        let question = &*MERGED;
        let two = |claims: &mut Vec<Claim>| {
            // Of one slot and message, with other keys.
            let (mut first, mut second) = (claims[2].clone(), claims[1].clone());
            first.keys = claims[0].keys.clone();
            second.keys = claims[0].keys.clone();
            claims.extend([first, second]);
        };
        let error = refusal(&with(question, |q| two(&mut q.claims)));
        assert_eq!(
            (error.name, error.duplicate),
            ("duplicate-claim", Some((2, 3)))
        );
        // Before a key twice, of whichever claim.
        let both = with(question, |q| {
            two(&mut q.claims);
            with_a_key_twice(&mut q.claims);
        });
        assert_eq!(refusal(&both), error);
        let twice = with(question, |q| {
            with_a_key_twice(&mut q.claims);
            let keys = &mut q.claims[2].keys;
            keys.insert(0, keys[0].clone());
        });
        let error = refusal(&twice);
        let last = twice.claims[1].keys.len() - 1;
        assert_eq!(error.name, "duplicate-key");
        assert_eq!((error.claim, error.duplicate), (Some(1), Some((0, last))));
        // What the header announces comes before, all else behind.
        let cut = |length: usize| with(&twice, |q| q.bytes.truncate(length));
        refused("proof", &cut(HEAD));
        refused("proof", &with(&twice, |q| q.bytes[HEAD] ^= 1));
        assert_eq!(refusal(&cut(HEAD + 4 * HEADER_WORDS)), error);
    }

    #[test]
    fn other_heads_are_refused() {
        let question = &*MERGED;
        let change = |change: &dyn Fn(&mut Vec<u8>)| {
            with(question, |q| {
                q.claims.clear();
                change(&mut q.bytes);
            })
        };
        refused("too-long", &change(&|bytes| bytes.resize((1 << 19) + 1, 0)));
        refused("no-claims", &change(&|bytes| bytes.resize(1 << 19, 0)));
        refused("version", &change(&|bytes| bytes[0] = 2));
        refused(
            "version",
            &change(&|bytes| bytes[..2].copy_from_slice(&[0, 0])),
        );
        for kind in [0, 41, 44, 64, 255] {
            refused("scheme", &change(&|bytes| bytes[1] = kind));
            refused(
                "scheme",
                &change(&|bytes| {
                    bytes[1] = kind;
                    bytes.truncate(2);
                }),
            );
        }
        assert!(Merge::from_bytes(&[1, 42]).is_err_and(|error| error.name() == "scheme"));
    }
}
