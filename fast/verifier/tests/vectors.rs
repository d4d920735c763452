//! The public vectors of proofs, signatures and aggregates: what a verifier-only build decides,
//! rejection by rejection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use leanvm_verifier::aggregation::{Aggregate, AggregateError, verify_aggregate};
use leanvm_verifier::isa::Program;
use leanvm_verifier::merging::{
    AggregateFile, AnyAggregate, Claim, canonical_claims, programs, public_input, record,
    verify_claims,
};
use leanvm_verifier::parameters::ParameterSet;
use leanvm_verifier::verifier::{VerifyOptions, verify};
use leanvm_verifier::xmss::{Message, PublicKey, VerificationError, verify_encodings};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hexadecimal[i..i + 2], 16).unwrap())
        .collect()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The proof of a case: its own bytes, or those of its base, changed, cut and extended.
fn proof(cases: &[Value], case: &Value) -> Vec<u8> {
    let base = case["base"].as_str().unwrap();
    let own = cases
        .iter()
        .find(|other| !base.is_empty() && other["id"] == base)
        .unwrap_or(case);
    let mut proof = bytes(own["proof"].as_str().unwrap());
    for change in case["changes"].as_array().unwrap() {
        let word = 4 * number(&change[0]) as usize;
        proof[word..word + 4].copy_from_slice(&number(&change[1]).to_le_bytes());
    }
    if let Some(length) = case["length"].as_u64() {
        proof.truncate(usize::try_from(length).unwrap());
    }
    proof.extend(bytes(case["appended"].as_str().unwrap()));
    proof
}

#[test]
fn proofs_have_the_verdicts_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../vectors/proof.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut accepted = 0;
    for case in cases {
        let program = Program::decode(&bytes(case["program"].as_str().unwrap())).unwrap();
        let public = case["public"].as_array().unwrap().iter().map(number);
        let zeros = number(&case["public_zeros"]) as usize;
        let public: Vec<u32> = public.chain(std::iter::repeat_n(0, zeros)).collect();
        let options = VerifyOptions {
            set: ParameterSet::from_id(number(&case["set"])).unwrap(),
            record_events: false,
        };
        let code = match verify(&program, &public, &proof(cases, case), &options) {
            Ok(_) => 0,
            Err(error) => error.rejection.code(),
        };
        assert_eq!(code, number(&case["code"]), "{}", case["id"]);
        accepted += usize::from(code == 0);
    }
    assert!(
        accepted > 1 && cases.len() > 30 + accepted,
        "{accepted} of {}",
        cases.len()
    );
}

/// The bytes of an aggregate, likewise.
fn aggregate(cases: &[Value], case: &Value) -> Vec<u8> {
    let base = cases.iter().find(|other| other["id"] == case["base"]);
    let mut aggregate = bytes(base.unwrap_or(case)["aggregate"].as_str().unwrap());
    for change in case["changes"].as_array().unwrap() {
        aggregate[number(&change[0]) as usize] = u8::try_from(number(&change[1])).unwrap();
    }
    if let Some(length) = case["length"].as_u64() {
        aggregate.truncate(usize::try_from(length).unwrap());
    }
    aggregate.resize(aggregate.len() + number(&case["appended"]) as usize, 0);
    aggregate
}

/// The code of a verdict, and that of the rejection inside.
fn codes(verdict: &Result<(), AggregateError>) -> (u32, u32) {
    match verdict {
        Ok(()) => (0, 0),
        Err(AggregateError::Proof(error)) => (8, error.rejection.code()),
        Err(error) => (error.code(), 0),
    }
}

#[test]
fn aggregates_have_the_verdicts_of_the_vectors() {
    let file: Value =
        serde_json::from_str(include_str!("../../../vectors/aggregation.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let text = |value: &Value| bytes(value.as_str().unwrap());
    let mut accepted = 0;
    for case in cases {
        let aggregate = aggregate(cases, case);
        let message = Message::from_canonical_bytes(&text(&case["message"])).unwrap();
        let keys: Vec<PublicKey> = case["public_keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| PublicKey::from_bytes(&text(key)).unwrap())
            .collect();
        let read = Aggregate::from_bytes(&aggregate).map_err(AggregateError::from);
        let slot = number(&case["slot"]);
        let verdict =
            read.and_then(|aggregate| verify_aggregate(&message, slot, &keys, &aggregate));
        let (reason, code) = codes(&verdict);
        assert_eq!(
            (reason, code),
            (number(&case["reason_code"]), number(&case["code"])),
            "{}",
            case["id"]
        );
        accepted += usize::from(reason == 0);
    }
    assert!(
        accepted == 7 && cases.len() > 20,
        "{accepted} of {}",
        cases.len()
    );
}

#[test]
fn claims_have_the_verdicts_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../vectors/merging.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let text = |value: &Value| bytes(value.as_str().unwrap());
    let key = |key: &Value| PublicKey::from_bytes(&text(key)).unwrap();
    let claim = |claim: &Value| Claim {
        slot: number(&claim["slot"]),
        message: Message::from_canonical_bytes(&text(&claim["message"])).unwrap(),
        keys: claim["public_keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(key)
            .collect(),
    };
    let (mut reasons, mut merges) = (BTreeMap::new(), 0);
    for case in cases {
        let claims: Vec<Claim> = case["claims"]
            .as_array()
            .unwrap()
            .iter()
            .map(claim)
            .collect();
        let read = AnyAggregate::from_bytes(&aggregate(cases, case));
        let verdict = match &read {
            Ok(aggregate) => verify_claims(&claims, aggregate),
            Err(error) => Err(AggregateError::from(*error)),
        };
        let expected = (number(&case["reason_code"]), number(&case["code"]));
        assert_eq!(codes(&verdict), expected, "{}", case["id"]);
        let name = verdict.as_ref().map_or_else(AggregateError::name, |()| "");
        assert_eq!(name, case["reason"], "{}", case["id"]);
        *reasons.entry(expected.0).or_insert(0) += 1;
        if case["records"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
        {
            let claims = canonical_claims(&claims).unwrap();
            let records: Vec<Vec<u32>> = claims.iter().map(record).collect();
            assert_eq!(Value::from(records), case["records"], "{}", case["id"]);
            if let Ok(AnyAggregate::Merge(merge)) = &read {
                let digest = programs().unwrap()[1].digest();
                let public = public_input(&claims, &digest, merge.program_claim());
                assert_eq!(Value::from(public), case["public_input"], "{}", case["id"]);
                merges += 1;
            }
        }
    }
    // All but too many keys, of which a file would be long.
    let found: Vec<u32> = reasons.keys().copied().collect();
    assert_eq!(found, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13]);
    assert_eq!(reasons[&0], 4);
    assert!(merges > 10, "{merges}");
    assert!(reasons[&8] > 10, "{reasons:?}");
}

#[test]
fn files_of_claims_are_read_as_in_the_vectors() {
    let text = include_str!("../../../vectors/aggregate_file.json");
    let file: Value = serde_json::from_str(text).unwrap();
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|x| format!("{x:02x}")).collect() };
    let mut reasons = BTreeSet::new();
    for case in file["cases"].as_array().unwrap() {
        let bytes = bytes(case["file"].as_str().unwrap());
        let read = AggregateFile::from_bytes(&bytes).map_err(AggregateError::from);
        let (code, name) = read
            .as_ref()
            .map_or_else(|error| (error.code(), error.name()), |_| (0, ""));
        assert_eq!(Value::from(code), case["reason_code"], "{}", case["id"]);
        assert_eq!(name, case["reason"], "{}", case["id"]);
        reasons.insert(code);
        let Ok(read) = read else { continue };
        assert_eq!(read.to_bytes(), bytes, "{}", case["id"]);
        let claims = case["claims"].as_array().unwrap();
        assert_eq!(read.claims().len(), claims.len(), "{}", case["id"]);
        for (of_file, expected) in read.claims().iter().zip(claims) {
            let claim = of_file.claim();
            assert_eq!(Value::from(claim.slot), expected["slot"]);
            assert_eq!(hex(of_file.message_bytes()), expected["message_bytes"]);
            let message = claim.message.to_canonical_bytes();
            assert_eq!(hex(&message), expected["message"]);
            let keys = claim.keys.iter().map(|key| hex(&key.to_bytes()));
            assert_eq!(Value::from_iter(keys), expected["public_keys"]);
        }
    }
    let all = [0, 1, 3, 4, 5, 6, 9, 10, 12, 14, 15, 16, 17];
    assert_eq!(reasons, BTreeSet::from(all));
}

#[test]
fn signatures_have_the_verdicts_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../vectors/xmss.json")).unwrap();
    let (mut accepted, mut rejected) = (0, 0);
    for case in file["cases"].as_array().unwrap() {
        if case["function"] != "verify" {
            continue;
        }
        let member = |name: &str| bytes(case[name].as_str().unwrap());
        let (key, message) = (member("public_key"), member("message"));
        let outcome = verify_encodings(&key, number(&case["slot"]), &message, &member("signature"));
        let reason = outcome.map_or_else(VerificationError::name, |()| "");
        assert_eq!(case["reason"], reason, "{}", case["id"]);
        match outcome {
            Ok(()) => accepted += 1,
            Err(_) => rejected += 1,
        }
    }
    assert!(accepted > 3 && rejected > 30, "{accepted}, {rejected}");
}
