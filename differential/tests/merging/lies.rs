//! The named lies of SPEC.md, A.15: inputs of the guest `merge` that are consistent in all but one
//! lie. The guest refuses each; the guest without the one check that names it accepts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use leanvm_differential::merging::{Claim as InBytes, Programs, Question, guest};
use leanvm_fast::execution::{Execution, Input, Limits, execute};
use leanvm_fast::field::{EF, F, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::merging::{
    self, AnyAggregate, Claim, Merge, Statement, VARIABLES, claims_digest, record, witness,
};
use leanvm_fast::prover::{ProveOptions, prove};
use leanvm_fast::recursion::ProgramClaim;
use leanvm_fast::verifier::{VerifyOptions, verify};
use leanvm_fast::xmss::{Message, PublicKey};
use leanvm_programs::artefacts::MERGE;
use p3_field::PrimeCharacteristicRing;

use super::parts::{ARTEFACTS, Child, LEAVES, NODE, ROOT, Shown, claims_of, input, push};
use super::refusal_by;
use crate::recursion::Random;

/// The text of the guest.
static TEXT: LazyLock<&str> = LazyLock::new(|| std::str::from_utf8(MERGE.source).expect("a text"));

/// P_0 and P_1.
fn programs() -> [&'static Program; 2] {
    ARTEFACTS.fast.each_ref()
}

/// The run, or the name of the rejection.
fn run(program: &Program, input: &Input) -> Result<Execution, &'static str> {
    execute(program, input, &Limits::default()).map_err(|stopped| stopped.error.rejection.name())
}

/// The guest with another text in place of one that stands there once.
fn changed_guest(text: &str, other: &str) -> Program {
    assert_eq!(TEXT.matches(text).count(), 1, "{text}");
    guest(&TEXT.replace(text, other))
}

/// Both leaves of [`NODE`], as they are.
static CHILDREN: LazyLock<[Child; 2]> =
    LazyLock::new(|| [0, 1].map(|leaf| Child::of(programs(), &LEAVES[leaf])));

/// The claim of a leaf.
fn claim(leaf: usize) -> Claim {
    CHILDREN[leaf].claims[0].clone()
}

/// A claim of a leaf, of which it is the source.
fn shown(leaf: usize) -> Shown {
    Shown {
        claim: claim(leaf),
        source: leaf,
    }
}

/// The input that shows these from [`CHILDREN`].
fn showing(shown: &[Shown]) -> Input {
    input(programs(), &*CHILDREN, shown).0
}

/// The claim of the first leaf as the only one.
fn one() -> Input {
    showing(&[shown(0)])
}

/// Elements that are no key of a child.
fn stranger() -> [F; 8] {
    std::array::from_fn(|i| F::from_usize(1000 + i))
}

/// The key of these elements.
fn key(elements: [F; 8]) -> PublicKey {
    let [root, parameter] = [0, 4].map(|first| std::array::from_fn(|i| elements[first + i]));
    PublicKey { root, parameter }
}

/// A list of a name.
fn list<'a>(input: &'a mut Input, name: &str, number: usize) -> &'a mut Vec<F> {
    &mut input.private.get_mut(name).expect("there")[number]
}

/// The input, claiming these.
fn claiming(mut input: Input, claims: &[Claim]) -> Input {
    input.public[..8].copy_from_slice(&claims_digest(claims));
    input
}

/// The claim with its last key replaced.
fn with_last_key(mut claim: Claim, elements: [F; 8]) -> Claim {
    *claim.keys.last_mut().expect("it has keys") = key(elements);
    claim
}

/// Where the memory of the run of an input has cells, from multiples of 8 on.
fn addresses(input: &Input, cells: &[F]) -> Vec<usize> {
    let execution = run(programs()[1], input).expect("an honest input");
    let memory = execution.memory();
    let fits = |address: &usize| memory[*address..].starts_with(cells);
    (0..memory.len()).step_by(8).filter(fits).collect()
}

/// Where the one list of these cells is.
fn address(input: &Input, cells: &[F]) -> usize {
    let all = addresses(input, cells);
    assert_eq!(all.len(), 1);
    all[0]
}

/// The keys of a claim, one after another.
fn elements(claim: &Claim) -> Vec<F> {
    claim.keys.iter().flat_map(PublicKey::elements).collect()
}

/// A chunk that is no key: the message, which lies before the keys, or what the hash of the list
/// begins with, which lies behind them. The claim that it is the last key of the first leaf, and
/// the distance of the chunk from the keys, in keys.
fn chunk_as_key(before: bool) -> (Claim, F) {
    let input = one();
    let keys = address(&input, &elements(&claim(0)));
    let start = std::array::from_fn(|i| F::from_usize(if i == 0 { 3 } else { 0 }));
    let chunk = if before { claim(0).message.0 } else { start };
    let mut found = addresses(&input, &chunk).into_iter();
    let place = found.find(|place| (*place < keys) == before);
    let place = place.expect("such a chunk");
    let distance = (F::from_usize(place) - F::from_usize(keys)) / F::from_u32(8);
    (with_last_key(claim(0), chunk), distance)
}

/// The chunk is a piece of the list.
fn chosen_from(before: bool) -> Input {
    let (claim, distance) = chunk_as_key(before);
    let mut input = claiming(one(), &[claim]);
    // Pieces 0 and 1 are those of the source, 2 and 3 those that are chosen.
    list(&mut input, "piece", 3)[2] = distance;
    input
}

/// The claim of the first leaf with another slot or message.
fn restated(change: impl FnOnce(&mut Claim)) -> Input {
    let mut shown = shown(0);
    change(&mut shown.claim);
    showing(&[shown])
}

/// The keys of the first leaf as a list of single ones, again and again up to eight, the last of
/// which is at another place, in cells from the first. What is there is said to be the key.
fn single_keys(last: F, key_there: [F; 8]) -> Input {
    let mut input = one();
    let mut false_claim = claim(0);
    let keys = false_claim.keys.clone();
    false_claim.keys.extend_from_within(..);
    false_claim.keys.extend_from_slice(&keys[..2]);
    list(&mut input, "claim", 0)[0] = F::from_u32(8);
    list(&mut input, "pieces", 1)[0] = F::ONE;
    input.private.get_mut("piece").expect("there").pop();
    *list(&mut input, "piece", 2) = [8, 17, 0].map(F::from_u32).to_vec();
    let mut places = [0, 8, 16, 0, 8, 16, 0, 0].map(F::from_u32).to_vec();
    places[7] = last;
    input.private.insert("single".to_owned(), vec![places]);
    claiming(input, &[with_last_key(false_claim, key_there)])
}

/// As [`chunk_as_key`], the chunk being the place of a single key.
fn chosen_alone(before: bool) -> Input {
    let honest = single_keys(F::from_u32(8), claim(0).keys[1].elements());
    let keys = address(&honest, &elements(&claim(0)));
    let start = std::array::from_fn(|i| F::from_usize(if i == 0 { 3 } else { 0 }));
    let chunk = if before { claim(0).message.0 } else { start };
    let mut found = addresses(&honest, &chunk).into_iter();
    let place = found.find(|place| (*place < keys) == before);
    let place = place.expect("such a chunk");
    single_keys(F::from_usize(place) - F::from_usize(keys), chunk)
}

fn key_of_no_child() -> Input {
    let mut input = one();
    list(&mut input, "keys", 0)[16..].copy_from_slice(&stranger());
    claiming(input, &[with_last_key(claim(0), stranger())])
}

fn messages_exchanged() -> Input {
    let (mut first, mut second) = (shown(0), shown(1));
    std::mem::swap(&mut first.claim.message, &mut second.claim.message);
    showing(&[first, second])
}

/// The record of the claim that is shown is its source: so the hash of its keys is what it is.
fn claim_is_its_own_source() -> Input {
    let honest = one();
    let mut false_claim = shown(0);
    false_claim.claim.keys = vec![key(stranger()); 3];
    let records = [record(&claim(0)), record(&claim(1))].concat();
    let cells: Vec<F> = records.into_iter().map(F::new).collect();
    let records = address(&honest, &cells);
    let head = &honest.private["claim"][0];
    let all = addresses(&honest, head);
    let own = all.iter().find(|place| **place > records + 24);
    let distance = F::from_usize(*own.expect("its record")) - F::from_usize(records);
    let mut input = showing(&[false_claim]);
    list(&mut input, "source", 0)[0] = distance / F::from_u32(24);
    input
}

fn record_of_no_child() -> Input {
    let mut false_claim = claim(0);
    false_claim.keys = vec![key(stranger())];
    let mut input = showing(&[Shown {
        claim: false_claim.clone(),
        source: 2,
    }]);
    list(&mut input, "numbers", 0)[1] += F::ONE;
    let record = record(&false_claim).into_iter().map(F::new);
    list(&mut input, "records", 0).extend(record);
    input
}

/// A piece that says to have so many keys that any place is within.
fn piece_of_another_size() -> Input {
    let (claim, distance) = chunk_as_key(false);
    let mut input = claiming(one(), &[claim]);
    let piece = list(&mut input, "piece", 3);
    (piece[0], piece[2]) = (F::from_u32(3) - distance, distance);
    input
}

/// A key behind those that are hashed.
fn key_that_is_not_hashed() -> Input {
    let mut input = one();
    list(&mut input, "keys", 0).extend(stranger());
    list(&mut input, "sources", 0)[1] += F::ONE;
    list(&mut input, "piece", 3)[2] += F::ONE;
    claiming(input, &[with_last_key(claim(0), stranger())])
}

/// As that, where the last piece that is hashed says to have one key more.
fn piece_of_a_source_of_another_size() -> Input {
    let mut input = key_that_is_not_hashed();
    list(&mut input, "piece", 1)[0] += F::ONE;
    input
}

fn other_claims() -> Input {
    claiming(one(), &[with_last_key(claim(0), stranger())])
}

fn other_program_claim() -> Input {
    let (mut input, mut left) = input(programs(), &*CHILDREN, &[shown(0)]);
    left.value += EF::ONE;
    input.public[16..].copy_from_slice(&left.digest());
    input
}

/// Of no child, no claim is shown. The claim on the programs may be any.
fn no_children() -> Input {
    input(programs(), &[], &[]).0
}

fn too_many_children() -> Input {
    let children = vec![CHILDREN[0].clone(); 17];
    input(programs(), &children, &[shown(0)]).0
}

/// A name, the check without which the guest accepts, and what it is told.
type Lie = (&'static str, &'static str, fn() -> Input);

const LIES: [Lie; 18] = [
    (
        "key_of_no_child",
        "assert list[i] == record[LIST_HASH + i]",
        key_of_no_child,
    ),
    (
        "key_behind_the_sources",
        "assert piece[2] <= n - piece[0]",
        || chosen_from(false),
    ),
    (
        "key_before_the_sources",
        "assert piece[2] <= n - piece[0]",
        || chosen_from(true),
    ),
    (
        "single_key_behind_the_sources",
        "assert places[i] <= last",
        || chosen_alone(false),
    ),
    (
        "single_key_before_the_sources",
        "assert places[i] <= last",
        || chosen_alone(true),
    ),
    (
        "high_half_of_another_slot",
        "assert record[SLOT_HIGH] == claim[SLOT_HIGH]",
        || restated(|claim| claim.slot ^= 0x0001_0000),
    ),
    (
        "low_half_of_another_slot",
        "assert record[SLOT_LOW] == claim[SLOT_LOW]",
        || restated(|claim| claim.slot ^= 1),
    ),
    ("another_message", "assert record[i] == claim[i]", || {
        restated(|claim| claim.message = Message([F::ONE; 8]))
    }),
    (
        "messages_exchanged",
        "assert record[i] == claim[i]",
        messages_exchanged,
    ),
    (
        "claim_is_its_own_source",
        "assert index[0] < num_records",
        claim_is_its_own_source,
    ),
    (
        "record_of_no_child",
        "assert next_record == records + CLAIM_RECORD * numbers[1]",
        record_of_no_child,
    ),
    (
        "piece_of_another_size",
        "assert piece[0] == 2 ** k",
        piece_of_another_size,
    ),
    (
        "piece_of_a_source_of_another_size",
        "assert piece[0] == 2 ** k",
        piece_of_a_source_of_another_size,
    ),
    (
        "key_that_is_not_hashed",
        "assert end == keys + 8 * sources[1]",
        key_that_is_not_hashed,
    ),
    (
        "other_claims",
        "assert claims[i] == public[i], \"other claims\"",
        other_claims,
    ),
    (
        "other_program_claim",
        "assert digest[i] == public[CLAIM_DIGEST + i], \"another claim on the programs\"",
        other_program_claim,
    ),
    (
        "no_children",
        "assert numbers[2] - 1 < MAX_CHILDREN, \"no child, or too many\"",
        no_children,
    ),
    (
        "too_many_children",
        "assert numbers[2] - 1 < MAX_CHILDREN, \"no child, or too many\"",
        too_many_children,
    ),
];

/// P_0, and a merge that lets pieces lie behind the keys of the sources: it compares their places
/// with an address, which is great. It has as many instructions as P_1.
static EVIL: LazyLock<[Program; 2]> = LazyLock::new(|| {
    let check = "assert piece[2] <= n - piece[0]";
    let evil = changed_guest(check, "assert piece[2] <= n * keys");
    let [aggregates, merges] = programs();
    assert_eq!(evil.instructions().len(), merges.instructions().len());
    [aggregates.clone(), evil]
});

/// The proof of a run of this program on an input, with the program claim that is left.
pub(super) fn proven(program: &Program, input: &Input, left: ProgramClaim) -> Merge {
    let execution = run(program, input).expect("it halts");
    let proof = prove(program, &execution, &ProveOptions::default()).expect("a proof");
    Merge::of_proof(left, proof.proof)
}

/// What a verifier is asked about these claims.
pub(super) fn question(claims: &[Claim], merge: &Merge) -> Question {
    Question {
        claims: claims.iter().map(InBytes::from).collect(),
        bytes: merge.to_bytes(),
    }
}

/// The input of the evil program of a merge of the first leaf, of which the claim has a key of no
/// child; the program claim that is left, and the claim.
fn evil_input() -> (Input, ProgramClaim, [Claim; 1]) {
    let (honest, left) = input(EVIL.each_ref(), &*CHILDREN, &[shown(0)]);
    let (mut false_claim, distance) = chunk_as_key(false);
    // Canonical order: the chunk is 3 and zeros.
    false_claim.keys.rotate_right(1);
    let claims = [false_claim];
    let mut input = claiming(honest, &claims);
    *list(&mut input, "piece", 2) = vec![F::ONE, F::ZERO, distance];
    *list(&mut input, "piece", 3) = vec![F::TWO, F::ONE, F::ZERO];
    (input, left, claims)
}

/// That merge.
static EVIL_MERGE: LazyLock<Question> = LazyLock::new(|| {
    let (input, left, claims) = evil_input();
    question(&claims, &proven(&EVIL[1], &input, left))
});

/// P_0, and a merge that asks the prover for the digest that the transcript of a child absorbs.
static TRUSTING: LazyLock<Programs> = LazyLock::new(|| {
    let call = "program_claims[count + 1] = verify(MERGE, public + OWN_DIGEST, cells)";
    let trusting = changed_guest(
        call,
        "absorbed = Array(8)
    hint_witness(\"absorbed\", absorbed)
    program_claims[count + 1] = verify(MERGE, absorbed, cells)",
    );
    programs_of([programs()[0], &trusting])
});

/// The programs, as both twins have them.
fn programs_of(fast: [&Program; 2]) -> Programs {
    let bytes = fast.map(Program::encode);
    Programs::decode(bytes.each_ref().map(Vec::as_slice))
}

/// A public input in words.
fn public_words(input: &Input) -> Vec<u32> {
    input.public.iter().map(|x| to_canonical(*x)).collect()
}

/// [`NODE`], [`ROOT`] and a leaf of a claim that both have.
static FAMILY: LazyLock<[Child; 3]> =
    LazyLock::new(|| [&*NODE, &*ROOT, &LEAVES[0]].map(|child| Child::of(programs(), child)));

/// The input that shows the first claim of the first of these children.
fn first_claim(children: &[Child]) -> Input {
    let shown = Shown {
        claim: children[0].claims[0].clone(),
        source: 0,
    };
    input(programs(), children, &[shown]).0
}

/// How a child is said to be.
type Restate = fn(&mut Child);

/// Other statements of a child than the one that its proof is of. All else is consistent with what
/// is said.
const RESTATEMENTS: [(&str, Restate); 9] = [
    ("fewer keys", |child| child.claims[0].keys.truncate(1)),
    ("a key more", |child| {
        child.claims[0].keys.push(key(stranger()))
    }),
    ("another key", |child| {
        child.claims[0].keys[0] = key(stranger())
    }),
    ("keys in another order", |child| {
        child.claims[0].keys.swap(0, 1)
    }),
    ("low half of the slot", |child| child.claims[0].slot ^= 1),
    ("high half of the slot", |child| {
        child.claims[0].slot ^= 1 << 16
    }),
    ("message", |child| child.claims[0].message.0[7] += F::ONE),
    ("claims in another order", |child| {
        child.claims.rotate_left(1)
    }),
    ("a claim more", |child| {
        child.claims.push(child.claims[0].clone());
        child.kind[1] += 1;
    }),
];

mod differential {
    use super::*;

    /// What this file tells the guest is what the library tells it, where it is the truth.
    #[test]
    fn without_a_lie_the_input_is_that_of_the_library() {
        let parts = [&LEAVES[0], &LEAVES[1]].map(|leaf| {
            let aggregate = AnyAggregate::from_bytes(&leaf.bytes).expect("its form");
            (aggregate, claims_of(&leaf.claims))
        });
        let children = parts
            .each_ref()
            .map(|(aggregate, claims)| merging::Child { aggregate, claims });
        let honest = witness(&children, Some(&[claim(0)])).expect("accepted children");
        let (input, left) = input(programs(), &*CHILDREN, &[shown(0)]);
        assert_eq!(input, honest.input);
        assert_eq!(left, honest.claim);
        assert!(left.holds(&programs()));
        for shown in [&[shown(0)][..], &[shown(0), shown(1)], &[shown(1)], &[]] {
            assert_eq!(run(programs()[1], &showing(shown)).err(), None);
        }
    }

    #[test]
    fn lies_are_refused_by_one_check() {
        assert_eq!(&guest(&TEXT), programs()[1]);
        let checks: BTreeSet<&str> = LIES.iter().map(|(_, check, _)| *check).collect();
        let without: BTreeMap<&str, Program> = checks
            .into_iter()
            .map(|check| (check, changed_guest(check, "pass")))
            .collect();
        for (name, check, input) in LIES {
            let input = input();
            let refused = run(programs()[1], &input).err();
            assert!(
                matches!(refused, Some("relation-violated" | "address-out-of-range")),
                "{name}: {refused:?}"
            );
            assert_eq!(run(&without[check], &input).err(), None, "{name}");
        }
    }

    /// But where the constants lie, which is no matter of claims, and what is known when it is
    /// compiled.
    #[test]
    fn every_assertion_of_the_guest_has_a_lie() {
        let of_text: BTreeSet<&str> = TEXT
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("assert "))
            .collect();
        let of_lies = LIES.iter().map(|(_, check, _)| *check);
        let all = of_lies.chain([
            "assert constants == CONSTANTS",
            "assert MOST <= MAX_LOG_INSTRUCTIONS[SET]",
        ]);
        assert_eq!(of_text, all.collect());
    }

    /// The digest of the public input is that of the program of all merges below.
    #[test]
    fn a_child_of_another_program_is_refused() {
        let evil = EVIL.each_ref();
        assert_eq!(programs_of(evil).verdict(&EVIL_MERGE), Ok(()));
        assert_eq!(refusal_by(&ARTEFACTS, &EVIL_MERGE).name, "proof");
        let child = Child::of(evil, &EVIL_MERGE);
        let claims = child.claims.clone();
        let shown = Shown {
            claim: claims[0].clone(),
            source: 0,
        };
        // P_1, the true one, is told that its own digest is the evil one.
        let (input, left) = input(evil, &[child], &[shown]);
        assert!(left.holds(&evil) && !left.holds(&programs()));
        let merge = proven(programs()[1], &input, left);
        let public = public_words(&input);
        let accepted = verify(
            programs()[1],
            &public,
            merge.proof(),
            &VerifyOptions::default(),
        );
        accepted.expect("the proof is one of P_1");
        // The verifier has the true one.
        let refused = refusal_by(&ARTEFACTS, &question(&claims, &merge));
        assert_eq!((refused.name, refused.rejection), ("proof", 46));
        // And so has the prover, if the verifier is to accept.
        let mut other = input.clone();
        other.public[8..16].copy_from_slice(&programs()[1].digest());
        assert_eq!(run(programs()[1], &other).err(), Some("relation-violated"));
    }

    /// A prover of another program may absorb the digest of P_1, or here, what is the same for the
    /// guest, say which digest a proof has absorbed. The program claim alone refuses what follows.
    #[test]
    fn a_child_of_another_program_leaves_a_false_program_claim() {
        let [aggregates, trusting] = TRUSTING.fast.each_ref();
        let evil = EVIL.each_ref();
        let (mut input, left, claims) = evil_input();
        // The evil merge has no child that is one, so it may state any digest.
        input.public[8..16].copy_from_slice(&trusting.digest());
        let child = proven(evil[1], &input, left);
        let child = Child::stated(
            evil,
            &Statement {
                program: 1,
                proof: child.proof(),
                program_claim: Some(child.program_claim()),
                claims: claims.to_vec(),
                public: public_words(&input),
            },
        );
        let shown = Shown {
            claim: claims[0].clone(),
            source: 0,
        };
        let (mut input, left) = super::input(evil, &[child], &[shown]);
        input.public[8..16].copy_from_slice(&trusting.digest());
        push(&mut input, "absorbed", evil[1].digest());
        assert!(left.holds(&evil) && !left.holds(&[aggregates, trusting]));
        let merge = proven(trusting, &input, left);
        let refused = refusal_by(&TRUSTING, &question(&claims, &merge));
        assert_eq!((refused.name, refused.code), ("program-claim", 12));
    }

    /// The statement of a child is absorbed by its transcript, of which no single check is.
    #[test]
    fn other_statements_of_a_child_are_refused() {
        for child in [&FAMILY[0], &FAMILY[2]] {
            assert_eq!(
                run(programs()[1], &first_claim(std::slice::from_ref(child))).err(),
                None
            );
            for (what, restate) in RESTATEMENTS {
                let mut other = child.clone();
                restate(&mut other);
                if other.claims == child.claims {
                    // A leaf has one claim.
                    continue;
                }
                let refused = run(programs()[1], &first_claim(&[other])).err();
                assert!(refused.is_some(), "{what}");
            }
        }
    }

    #[test]
    fn other_program_claims_of_children_are_refused() {
        let honest = &FAMILY[..2];
        assert_eq!(run(programs()[1], &first_claim(honest)).err(), None);
        let refused = |what: &str, change: &dyn Fn(&mut [Child])| {
            let mut children = honest.to_vec();
            change(&mut children);
            let refused = run(programs()[1], &first_claim(&children)).err();
            assert_eq!(refused, Some("relation-violated"), "{what}");
        };
        refused("exchanged", &|children| {
            let [a, b] = children else { panic!("two") };
            std::mem::swap(&mut a.on_programs[0], &mut b.on_programs[0]);
        });
        refused("that of the proof", &|children| {
            children[0].on_programs[0] = children[0].on_programs[1].clone();
        });
        refused("true, at another point", &|children| {
            let point = Random(21).elements(VARIABLES);
            children[0].on_programs[0] = ProgramClaim::at(&programs(), point);
        });
        for child in [0, 1] {
            refused("false", &|children| {
                children[child].on_programs[0].value += EF::ONE;
            });
            // What a proof leaves is not told: in the combination it is what it is.
            refused("another of the proof", &|children| {
                children[child].on_programs[1].value += EF::ONE;
            });
        }
    }

    #[test]
    fn children_of_the_other_kind_are_refused() {
        let [node, _, leaf] = &*FAMILY;
        let mut as_aggregate = node.clone();
        as_aggregate.kind[0] = 0;
        as_aggregate.claims.truncate(1);
        as_aggregate.on_programs.remove(0);
        let mut as_merge = leaf.clone();
        as_merge.kind[0] = 1;
        as_merge.on_programs.insert(0, node.on_programs[0].clone());
        for child in [as_aggregate, as_merge] {
            assert!(run(programs()[1], &first_claim(&[child])).is_err());
        }
        // Any number that is not 0 is the kind of a merge.
        let mut other = node.clone();
        other.kind[0] = 77;
        assert_eq!(run(programs()[1], &first_claim(&[other])).err(), None);
    }

    #[test]
    fn the_appendix_names_them_all() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
        let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
        let (_, table) = text
            .split_once("**Lies about merges.**")
            .expect("the table");
        let (table, _) = table.split_once("## Appendix B").expect("the end");
        let of_text: BTreeSet<(&str, &str)> = table
            .lines()
            .filter_map(|line| {
                let (name, rest) = line.strip_prefix("| `")?.split_once("` | `")?;
                Some((name, rest.split_once('`')?.0))
            })
            .collect();
        // Without its message.
        let condition =
            |check: &'static str| check.split_once(", \"").map_or(check, |(check, _)| check);
        let of_code: BTreeSet<(&str, &str)> = LIES
            .iter()
            .map(|(name, check, _)| (*name, condition(check)))
            .collect();
        assert_eq!(of_code.len(), LIES.len());
        assert_eq!(of_text, of_code);
    }
}
