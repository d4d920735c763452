use super::*;
use crate::aggregation::{Options, aggregate};
use crate::xmss::{Message, SecretKey, Seed};

fn leaf(numbers: std::ops::Range<usize>, message: &[u8], rate: u32) -> (AnyAggregate, Vec<Claim>) {
    let message = Message::from_bytes(message).expect("short");
    let slot = 7;
    let mut signed = Vec::new();
    for number in numbers {
        let seed = Seed::of_known_bytes(format!("{number:032}").as_bytes()).expect("long enough");
        let mut key = SecretKey::generate(0..8, seed).expect("a key");
        signed.push((*key.public_key(), key.sign(slot, &message).expect("signs")));
    }
    let options = Options::default().log_inv_rate(rate);
    let aggregate = aggregate(&message, slot, &signed, &options).expect("an aggregate");
    let keys = signed.iter().map(|(key, _)| *key).collect();
    (
        aggregate.into(),
        vec![Claim {
            slot,
            message,
            keys,
        }],
    )
}

#[test]
fn draft() {
    let leaves = [
        leaf(0..3, b"block", 2),
        leaf(2..6, b"block", 1),
        leaf(0..1, b"other", 4),
    ];
    let children: Vec<Child<'_>> = leaves
        .iter()
        .map(|(aggregate, claims)| Child { aggregate, claims })
        .collect();
    let options = Options::default().log_inv_rate(2);
    let merged = merge(&children[..2], None, &options).expect("merges");
    eprintln!(
        "{} {:?} {:?} {:?}",
        merged.cycles, merged.checking, merged.execution, merged.summary
    );
    let first = AnyAggregate::from(merged.merge);
    verify_claims(&merged.claims, &first).expect("verifies");
    assert_eq!(merged.claims[0].keys.len(), 6);
    let node = Child {
        aggregate: &first,
        claims: &merged.claims,
    };
    let merged = merge(&[node, children[2]], None, &options).expect("merges");
    assert_eq!(merged.claims.len(), 2);
    assert_eq!(merged.equivocations.len(), 1);
    let second = AnyAggregate::from(merged.merge);
    verify_claims(&merged.claims, &second).expect("verifies");
    let node = Child {
        aggregate: &second,
        claims: &merged.claims,
    };
    let kept = merge(&[node], Some(&merged.claims[..1]), &options).expect("merges");
    let third = AnyAggregate::from(kept.merge);
    verify_claims(&kept.claims, &third).expect("verifies");
    eprintln!("{} bytes", third.to_bytes().len());
}
