//! An aggregate of the public vectors, sent as SSZ.

use leanvm_ssz::{AggregateWithClaims, Ssz};
use leanvm_verifier::aggregation::AggregateError;
use leanvm_verifier::merging::{AnyAggregate, Claim};
use leanvm_verifier::xmss::{Message, PublicKey};
use serde_json::Value;

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn two_signers() -> AggregateWithClaims {
    let text = include_str!("../../../vectors/aggregation.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["id"] == "two_signers");
    let case = case.unwrap();
    let keys = case["public_keys"].as_array().unwrap().iter();
    AggregateWithClaims {
        claims: vec![Claim {
            slot: case["slot"].as_u64().unwrap().try_into().unwrap(),
            message: Message::from_canonical_bytes(&bytes(&case["message"])).unwrap(),
            keys: keys
                .map(|key| PublicKey::from_bytes(&bytes(key)).unwrap())
                .collect(),
        }],
        aggregate: AnyAggregate::from_bytes(&bytes(&case["aggregate"])).unwrap(),
    }
}

#[test]
fn an_aggregate_is_verified_behind_its_encoding() {
    let sent = two_signers().to_ssz().unwrap();
    let mut received = AggregateWithClaims::from_ssz(&sent).unwrap();
    assert_eq!(received.claims[0].keys.len(), 2);
    assert_eq!(received.verify(), Ok(()));
    received.claims[0].slot += 1;
    assert!(matches!(received.verify(), Err(AggregateError::Proof(_))));
}
