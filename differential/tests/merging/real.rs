//! Real merges, which both twins accept.

use leanvm_differential::aggregation::aggregate_of_message;
use leanvm_differential::merging::{Claim as InBytes, Question, merged};
use leanvm_fast::execution::{Limits, execute};
use leanvm_fast::merging::{AnyAggregate, Child, Claim, union, witness};

use super::parts::{ARTEFACTS, LEAVES, NODE, ROOT, SLOT, claims_of};
use super::{refusal_by, with};

/// Another question.
type Change<'a> = &'a dyn Fn(&mut Question);

/// That both twins accept.
fn accepted(question: &Question) {
    assert_eq!(ARTEFACTS.verdict(question), Ok(()));
}

mod differential {
    use super::*;

    #[test]
    fn merges_of_leaves_and_of_merges_are_accepted() {
        for question in LEAVES.iter().chain([&*NODE, &*ROOT]) {
            accepted(question);
        }
        let numbers = |question: &Question| -> Vec<usize> {
            question
                .claims
                .iter()
                .map(|claim| claim.keys.len())
                .collect()
        };
        let mut both = numbers(&NODE);
        both.sort_unstable();
        assert_eq!(both, [2, 3]);
        let mut all = numbers(&ROOT);
        all.sort_unstable();
        // The third signer has signed in two leaves.
        assert_eq!(all, [2, 6]);
        // Neither order matters.
        accepted(&with(&ROOT, |q| {
            q.claims.reverse();
            q.claims
                .iter_mut()
                .for_each(|claim| claim.keys.rotate_left(1));
        }));
    }

    /// One claim, with some of its keys, of a merge of a merge.
    #[test]
    fn what_is_kept_of_a_merge_is_accepted_alone() {
        let whole = ROOT.claims.iter().find(|claim| claim.keys.len() == 6);
        let mut claim: InBytes = whole.expect("of six keys").clone();
        claim.keys.remove(4);
        claim.keys.remove(1);
        let kept = merged(&[&ROOT], Some(std::slice::from_ref(&claim)), 1);
        accepted(&kept);
        assert_eq!(kept.claims, [claim]);
        // It does not show more than that.
        let refused = refusal_by(&ARTEFACTS, &with(&kept, |q| q.claims = ROOT.claims.clone()));
        assert_eq!(refused.name, "proof");
    }

    /// Keys that are no run in a child, runs, and both, in a child and in two of which one is there
    /// twice: the guest accepts what the library tells it.
    #[test]
    fn any_choice_of_keys_is_accepted() {
        let seeds: Vec<[u8; 1]> = (10..31).map(|seed| [seed]).collect();
        let many = Question::from(aggregate_of_message(b"block", &seeds, SLOT, 1));
        let parts = [&many, &LEAVES[0]].map(|part| {
            let aggregate = AnyAggregate::from_bytes(&part.bytes).expect("its form");
            (aggregate, claims_of(&part.claims))
        });
        let [many, few] = parts
            .each_ref()
            .map(|(aggregate, claims)| Child { aggregate, claims });
        let all = union(many.claims.iter().chain(few.claims));
        let mut single_keys = 0;
        for (children, keys) in [
            (&[many][..], &many.claims[0].keys),
            (&[few, many, few], &all[0].keys),
        ] {
            // Of a mask of bits, repeated.
            for (mask, period) in [
                (1, 1),
                (1, 2),
                (2, 3),
                (0b0111, 4),
                (0xff01, 24),
                (0b101, 22),
            ] {
                let chosen = keys.iter().enumerate();
                let chosen = chosen.filter(|(place, _)| (mask >> (place % period)) & 1 == 1);
                let keep = Claim {
                    keys: chosen.map(|(_, key)| *key).collect(),
                    ..many.claims[0].clone()
                };
                let witness = witness(children, Some(&[keep])).expect("held");
                let run = execute(&ARTEFACTS.fast[1], &witness.input, &Limits::default());
                assert!(run.is_ok(), "{mask} of {period}");
                single_keys += usize::from(witness.input.private.contains_key("single"));
            }
        }
        assert!(single_keys > 3, "{single_keys}");
    }

    /// Each is another list of claims than the one that the proof is of.
    #[test]
    fn other_claims_than_those_of_a_merge_are_refused() {
        let stranger = LEAVES[2].claims[0].keys[3].clone();
        let swap_messages = |q: &mut Question| {
            let [a, b] = &mut q.claims[..] else {
                panic!("two claims")
            };
            std::mem::swap(&mut a.message, &mut b.message);
        };
        let swap_keys = |q: &mut Question| {
            let [a, b] = &mut q.claims[..] else {
                panic!("two claims")
            };
            std::mem::swap(&mut a.keys[0], &mut b.keys[0]);
        };
        let changes: [(&str, Change<'_>); 9] = [
            ("messages swapped", &swap_messages),
            ("keys swapped", &swap_keys),
            ("a key dropped", &|q| drop(q.claims[1].keys.pop())),
            ("a key added", &|q| q.claims[0].keys.push(stranger.clone())),
            ("a key replaced", &|q| {
                q.claims[0].keys[0] = stranger.clone()
            }),
            ("a claim dropped", &|q| drop(q.claims.pop())),
            ("another slot", &|q| q.claims[0].slot ^= 0x0001_0000),
            ("claims of another merge", &|q| {
                q.claims = ROOT.claims.clone()
            }),
            ("a claim of a child", &|q| {
                q.claims = LEAVES[0].claims.clone()
            }),
        ];
        for (what, change) in changes {
            let refused = refusal_by(&ARTEFACTS, &with(&NODE, change));
            // The challenges follow from the statement, so the lookup is the first that fails.
            assert_eq!((refused.name, refused.rejection), ("proof", 46), "{what}");
        }
        // The bytes of one merge with the program claim of another.
        let mixed = with(&NODE, |q| {
            q.bytes[2..422].copy_from_slice(&ROOT.bytes[2..422])
        });
        let refused = refusal_by(&ARTEFACTS, &mixed);
        assert_eq!((refused.name, refused.rejection), ("proof", 46));
    }
}
