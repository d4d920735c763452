//! SPEC §26 merging: tests.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::Instant;

use super::*;
use crate::aggregation::{
    Aggregate, AggregateError, AggregationError, MAX_SIGNERS, Options, Progress, Stop, aggregate,
};
use crate::field::EF;
use crate::recursion::variables;
use crate::rejection::Rejection;
use crate::xmss::{Message, PublicKey, SecretKey, Seed, Signature};
use p3_field::PrimeCharacteristicRing;

const SLOT: u32 = 7;

/// An aggregate or a merge, and what it states.
struct Part {
    aggregate: AnyAggregate,
    claims: Vec<Claim>,
}

impl Part {
    fn child(&self) -> Child<'_> {
        Child {
            aggregate: &self.aggregate,
            claims: &self.claims,
        }
    }
}

fn message(text: &str) -> Message {
    Message::from_bytes(text.as_bytes()).unwrap()
}

/// The key of a signer and its signature of a message.
fn signed(signer: u8, text: &str) -> (PublicKey, Signature) {
    let slots = u64::from(SLOT)..u64::from(SLOT) + 1;
    let mut key = SecretKey::generate(slots, Seed::of_known_bytes(&[signer]).unwrap()).unwrap();
    (*key.public_key(), key.sign(SLOT, &message(text)).unwrap())
}

/// The claim that these signers have signed a message.
fn claim(text: &str, signers: impl IntoIterator<Item = u8>) -> Claim {
    let keys = signers.into_iter().map(|signer| signed(signer, text).0);
    Claim {
        slot: SLOT,
        message: message(text),
        keys: keys.collect(),
    }
}

fn leaf(text: &str, signers: std::ops::Range<u8>, log_inv_rate: u32) -> Part {
    let list: Vec<_> = signers.clone().map(|signer| signed(signer, text)).collect();
    let options = Options::default().log_inv_rate(log_inv_rate);
    Part {
        aggregate: aggregate(&message(text), SLOT, &list, &options)
            .unwrap()
            .into(),
        claims: vec![claim(text, signers)],
    }
}

/// Signers 0 to 2 and 2 to 5 of `block` and 0 of `other`, at three rates.
static LEAVES: LazyLock<[Part; 3]> = LazyLock::new(|| {
    [
        leaf("block", 0..3, 1),
        leaf("block", 2..6, 4),
        leaf("other", 0..1, 2),
    ]
});

/// The children of [`MERGED`], of which one is there twice.
fn children() -> [Child<'static>; 4] {
    [0, 1, 0, 2].map(|leaf| LEAVES[leaf].child())
}

/// Their merge, by one thread; what it told meanwhile.
static MERGED: LazyLock<(Merged, Vec<Progress>)> = LazyLock::new(|| {
    let told = Mutex::new(Vec::new());
    let listen = |progress| told.lock().unwrap().push(progress);
    let options = Options::default()
        .threads(NonZeroUsize::MIN)
        .progress(&listen);
    let merged = merge(&children(), None, &options).unwrap();
    (merged, told.into_inner().unwrap())
});

/// Claims in canonical order.
fn canonical(claims: &[Claim]) -> Vec<Claim> {
    canonical_claims(claims).unwrap()
}

/// The error of a merge of which nothing is proven.
#[track_caller]
fn error(children: &[Child<'_>], keep: Option<&[Claim]>) -> MergeError {
    merge(children, keep, &Options::default()).unwrap_err()
}

/// Why the second child of two, which is not what it is said to be, is refused.
#[track_caller]
fn reason(aggregate: &AnyAggregate, claims: &[Claim]) -> AggregateError {
    let child = Child { aggregate, claims };
    match error(&[LEAVES[0].child(), child], None) {
        MergeError::Child { index: 1, reason } => reason,
        other => panic!("{other}"),
    }
}

#[track_caller]
fn rejection(aggregate: &AnyAggregate, claims: &[Claim]) -> Rejection {
    match reason(aggregate, claims) {
        AggregateError::Proof(error) => error.rejection,
        other => panic!("{other}"),
    }
}

#[test]
fn the_program_claim_is_one_on_both_programs() {
    assert_eq!(variables(&programs().unwrap()), VARIABLES);
}

#[test]
fn claims_of_children_are_united() {
    let (merged, told) = &*MERGED;
    let expected = canonical(&[claim("other", 0..1), claim("block", 0..6)]);
    assert_eq!(merged.claims, expected);
    let aggregate = AnyAggregate::from(merged.merge.clone());
    assert_eq!(verify_claims(&merged.claims, &aggregate), Ok(()));
    let read = AnyAggregate::from_bytes(&merged.merge.to_bytes());
    assert_eq!(read.as_ref(), Ok(&aggregate));
    // The first signer has signed both.
    let both = merged.claims.iter().map(|claim| claim.message);
    assert_eq!(
        merged.equivocations,
        [Equivocation {
            key: signed(0, "block").0,
            slot: SLOT,
            messages: both.collect(),
        }]
    );
    assert_eq!(
        told[..2],
        [Progress::Phase("checking"), Progress::Phase("execution")]
    );
    assert!(told.len() > 4, "{told:?}");
    assert!(merged.used_cells <= merged.memory_cells && merged.cycles > 100_000);
}

/// A child that is a merge, alone; with more threads and another rate.
#[test]
fn claims_and_keys_are_left_out_of_a_merge() {
    let (merged, _) = &*MERGED;
    let node = Part {
        aggregate: merged.merge.clone().into(),
        claims: merged.claims.clone(),
    };
    let keep = claim("block", [5, 1, 2]);
    let keep = std::slice::from_ref(&keep);
    let options = Options::default().log_inv_rate(3);
    let kept = merge(&[node.child()], Some(keep), &options).unwrap();
    assert_eq!(kept.claims, canonical(keep));
    // What is not kept was claimed all the same.
    assert_eq!(kept.equivocations, merged.equivocations);
    let aggregate = AnyAggregate::from(kept.merge);
    assert_eq!(verify_claims(keep, &aggregate), Ok(()));
    assert!(verify_claims(&merged.claims, &aggregate).is_err());
    let more = claim("block", [5, 1, 2, 0]);
    assert!(verify_claims(&[more], &aggregate).is_err());

    // A program claim that is not that of the proof.
    let AnyAggregate::Merge(merge) = &node.aggregate else {
        panic!("a merge")
    };
    let mut other = merge.program_claim().clone();
    other.value += EF::ONE;
    let other = Merge::of_proof(other, merge.proof().to_vec()).into();
    assert_eq!(rejection(&other, &node.claims), Rejection::LookupRoot);
    assert_eq!(
        rejection(&node.aggregate, &node.claims[1..]),
        Rejection::LookupRoot
    );
}

#[test]
fn many_children_become_a_tree() {
    let children = [0, 1, 2].map(|leaf| LEAVES[leaf].child());
    let options = Options::default().log_inv_rate(2);
    let merged = merge_tree(&children, 2, None, &options).unwrap();
    let all = union(children.iter().flat_map(|child| child.claims));
    assert_eq!(merged.claims, all);
    verify_claims(&all, &merged.merge.into()).unwrap();
    assert_eq!(merged.equivocations.len(), 1);
    // What is wrong is found before the first proof.
    let refused = |children: &[Child<'_>], keep: Option<&[Claim]>| {
        let told = Mutex::new(Vec::new());
        let listener = |progress| told.lock().unwrap().push(progress);
        let options = options.progress(&listener);
        let error = merge_tree(children, 2, keep, &options).unwrap_err();
        assert_eq!(told.into_inner().unwrap(), []);
        error
    };
    let other = [claim("other", 1..2)];
    let mut children = children;
    assert_eq!(
        refused(&children, Some(&other)),
        MergeError::KeyNotHeld { claim: 0, key: 0 }
    );
    children[2].claims = &other;
    let error = refused(&children, None);
    assert!(
        matches!(error, MergeError::Child { index: 2, .. }),
        "{error}"
    );
    assert_eq!(refused(&[], None), MergeError::NoChildren);
}

#[test]
fn the_bytes_do_not_depend_on_the_threads() {
    let options = Options::default().threads(NonZeroUsize::new(3).unwrap());
    let merged = merge(&children(), None, &options).unwrap();
    assert_eq!(merged.merge, MERGED.0.merge);
}

#[test]
fn numbers_of_children_and_rates_are_refused_in_this_order() {
    let [child, ..] = children();
    let with_rate = |children: &[Child<'_>], rate| {
        let options = Options::default().log_inv_rate(rate);
        merge(children, None, &options).map(|merged| merged.claims)
    };
    let rate = |rate| Err(MergeError::from(AggregationError::LogInvRate(rate)));
    assert_eq!(with_rate(&[], 0), Err(MergeError::NoChildren));
    let given = 17;
    assert_eq!(
        with_rate(&vec![child; given], 0),
        Err(MergeError::TooManyChildren { given })
    );
    // Before any child is looked at.
    let none = Child {
        claims: &[],
        ..child
    };
    for wrong in [0, 5, u32::MAX] {
        assert_eq!(with_rate(&[none], wrong), rate(wrong));
    }
    assert_eq!(
        with_rate(&vec![none; MAX_CHILDREN], 1),
        Err(MergeError::Child {
            index: 0,
            reason: AggregateError::NoClaims
        })
    );
}

#[test]
fn children_that_do_not_show_their_claims_are_refused() {
    let Part { aggregate, claims } = &LEAVES[1];
    let [one] = &claims[..] else {
        panic!("one claim")
    };
    let with = |change: &dyn Fn(&mut Claim)| {
        let mut claim = one.clone();
        change(&mut claim);
        [claim]
    };
    for other in [
        with(&|claim| claim.keys.truncate(3)),
        with(&|claim| claim.keys.push(signed(9, "block").0)),
        with(&|claim| claim.slot += 1),
        with(&|claim| claim.message = message("other")),
    ] {
        assert_eq!(rejection(aggregate, &other), Rejection::LookupRoot);
    }
    assert_eq!(reason(aggregate, &[]), AggregateError::NoClaims);
    let two = [one.clone(), claim("other", 0..1)];
    assert_eq!(
        reason(aggregate, &two),
        AggregateError::ClaimCount { given: 2 }
    );
    assert_eq!(
        reason(aggregate, &with(&|claim| claim.keys.clear())),
        AggregateError::NoSignersOfClaim { claim: 0 }
    );
    assert_eq!(
        reason(aggregate, &with(&|claim| claim.keys.push(claim.keys[1]))),
        AggregateError::DuplicateKey {
            first: 1,
            second: 4
        }
    );
    let AnyAggregate::Signatures(whole) = aggregate else {
        panic!("signatures")
    };
    let cut = |length| Aggregate::of_proof(whole.proof()[..length].to_vec()).into();
    assert_eq!(rejection(&cut(0), claims), Rejection::ProofTruncated);
    let last = whole.proof().len() - 4;
    assert_eq!(rejection(&cut(last), claims), Rejection::ProofTruncated);
    // An aggregate is no merge.
    let point = vec![EF::ZERO; VARIABLES];
    let value = EF::ZERO;
    let program_claim = crate::recursion::ProgramClaim { point, value };
    let other = Merge::of_proof(program_claim, whole.proof().to_vec()).into();
    assert!(matches!(reason(&other, claims), AggregateError::Proof(_)));
    // Of several the first is named, also where others are looked at at the same time.
    let bad = Child {
        aggregate,
        claims: &[],
    };
    let good = LEAVES[0].child();
    let refused = error(&[good, good, bad, good, bad], None);
    assert_eq!(refused.to_string(), "child 2: the list of claims is empty");
}

#[test]
fn what_no_child_holds_is_not_kept() {
    let kept = |claims: &[Claim]| error(&children(), Some(claims));
    let (block, other) = (claim("block", [4, 0]), claim("other", [0]));
    assert_eq!(kept(&[]), MergeError::Claims(AggregateError::NoClaims));
    assert_eq!(
        kept(&[block.clone(), claim("other", [])]),
        MergeError::Claims(AggregateError::NoSignersOfClaim { claim: 1 })
    );
    assert_eq!(
        kept(&[block.clone(), other.clone(), claim("block", [1])]),
        MergeError::Claims(AggregateError::DuplicateClaim {
            first: 0,
            second: 2
        })
    );
    assert_eq!(
        kept(&[other.clone(), claim("block", [1, 3, 1])]),
        MergeError::Claims(AggregateError::DuplicateKeyOfClaim {
            claim: 1,
            first: 0,
            second: 2
        })
    );
    let given = MAX_SIGNERS + 1;
    let key = block.keys[0];
    let many = Claim {
        keys: vec![key; given],
        ..block.clone()
    };
    assert_eq!(
        kept(&[many]),
        MergeError::Claims(AggregateError::TooManySigners { given })
    );
    let later = Claim {
        slot: SLOT + 1,
        ..block.clone()
    };
    for unknown in [claim("third", [0]), later] {
        assert_eq!(
            kept(&[block.clone(), unknown]),
            MergeError::ClaimNotHeld { claim: 1 }
        );
    }
    // The second signer has signed, but another message.
    assert_eq!(
        kept(&[block, claim("other", [0, 1])]),
        MergeError::KeyNotHeld { claim: 1, key: 1 }
    );
}

#[test]
fn work_is_given_up() {
    let stopped = |options: &Options<'_>| match merge(&children(), None, options).map(drop) {
        Err(MergeError::Work(AggregationError::Stopped { cause, phase })) => (cause, phase),
        other => panic!("{other:?}"),
    };
    let set = AtomicBool::new(true);
    let cancel = Options::default().cancel(&set);
    assert_eq!(stopped(&cancel), (Stop::Cancelled, "checking"));
    let deadline = Options::default().deadline(Instant::now());
    assert_eq!(stopped(&deadline), (Stop::Deadline, "checking"));
    // When a phase ends.
    for phase in ["checking", "execution"] {
        let flag = AtomicBool::new(false);
        let listen = |progress| {
            if progress == Progress::Phase(phase) {
                flag.store(true, Ordering::Relaxed);
            }
        };
        let options = Options::default().cancel(&flag).progress(&listen);
        assert_eq!(stopped(&options), (Stop::Cancelled, phase));
    }
}

#[test]
fn claims_of_lists_are_united_in_canonical_order() {
    let later = Claim {
        slot: SLOT + 1,
        ..claim("block", [3])
    };
    let lists = [
        claim("block", [2, 0]),
        later.clone(),
        claim("other", [1]),
        claim("block", [0, 1, 0]),
    ];
    let expected = canonical(&[claim("other", [1]), claim("block", 0..3), later.clone()]);
    assert_eq!(union(&lists), expected);
    assert_eq!(union(lists.iter().rev()), expected);
    assert_eq!(union([]), []);
    let found: BTreeSet<_> = equivocations(&lists)
        .into_iter()
        .map(|one| (one.key.to_bytes(), one.slot, one.messages.len()))
        .collect();
    let second = signed(1, "other").0.to_bytes();
    assert_eq!(found, BTreeSet::from([(second, SLOT, 2)]));
    // Another slot is no equivocation.
    assert_eq!(equivocations(&[claim("other", [3]), later]), []);
}
