//! Verdicts natively: the samples of the page, and the public vectors that a file can hold.

use std::cell::Cell;

use serde_json::{Value, json};

use leanvm_wasm::failure::Subject;
use leanvm_wasm::inspect::{Form, Inspection, inspect};
use leanvm_wasm::verify::{self, ClaimsOf};
use leanvm_wasm::{Failure, Kind};

const BLOCK: &[u8] = include_bytes!("../samples/block.agg");
const MERGED: &[u8] = include_bytes!("../samples/merged.agg");
const SIGNATURE: &[u8] = include_bytes!("../samples/signature.json");
const PROOF: &[u8] = include_bytes!("../samples/merkle_path.proof");
const PROGRAM: &[u8] = include_bytes!("../../../programs/merkle_path.lasm");
const INPUT: &[u8] = include_bytes!("../../../programs/merkle_path.json");

/// What to do where a sample does not verify.
const STALE: &str = "the protocol has changed: clients/wasm/samples/write makes the samples anew";

/// A clock that is two milliseconds further each time.
fn clock() -> impl Fn() -> f64 {
    let now = Cell::new(0.0);
    move || now.replace(now.get() + 2.0)
}

fn list(claims: &Value) -> Vec<u8> {
    json!({ "scheme": "leanxmss42", "claims": claims })
        .to_string()
        .into_bytes()
}

/// The claims of a file as a list of signers has them.
fn claims_of(file: &[u8]) -> Value {
    let Ok(Inspection::Aggregate(aggregate)) = inspect(file) else {
        panic!("{STALE}");
    };
    let one = |claim: &leanvm_wasm::inspect::Claim| {
        json!({
            "slot": claim.slot, "message": claim.message, "public_keys": claim.public_keys,
        })
    };
    aggregate.claims.unwrap().iter().map(one).collect()
}

#[test]
fn samples_verify() {
    let block = verify::aggregate(BLOCK, None, clock()).expect(STALE);
    assert_eq!((block.claims_of, block.keys), (ClaimsOf::File, 64));
    assert_eq!(block.milliseconds, 2.0);
    let own = list(&claims_of(BLOCK));
    let by_list = verify::aggregate(BLOCK, Some(&own), clock()).unwrap();
    assert_eq!((by_list.claims_of, by_list.keys), (ClaimsOf::List, 64));
    let merged = verify::aggregate(MERGED, None, clock()).expect(STALE);
    assert_eq!((merged.claims.len(), merged.keys), (2, 65));
    assert_eq!(verify::signature(SIGNATURE, clock()).expect(STALE).slot, 7);
    let proof = verify::program(PROGRAM, PROOF, Some(INPUT), "production", clock()).expect(STALE);
    assert_eq!(proof.public_elements, 18);
}

#[test]
fn what_is_looked_at_is_not_verified() {
    let Ok(Inspection::Aggregate(file)) = inspect(BLOCK) else {
        panic!("{STALE}");
    };
    assert_eq!((file.merge, file.form), (false, Form::File));
    assert_eq!((file.bytes, file.keys), (BLOCK.len(), Some(64)));
    assert_eq!(file.proof.as_ref().map(|proof| proof.log_inv_rate), Some(4));
    // A changed byte of the proof changes nothing of that.
    let mut changed = BLOCK.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(inspect(&changed), Ok(Inspection::Aggregate(file.clone())));
    // The bytes alone.
    let alone = &BLOCK[BLOCK.len() - file.aggregate_bytes..];
    let Ok(Inspection::Aggregate(alone)) = inspect(alone) else {
        panic!("bytes alone are an aggregate");
    };
    assert_eq!((alone.form, alone.claims), (Form::Bytes, None));
    assert_eq!(alone.proof, file.proof);
}

/// Kind, subject, section, code, number, and the rejection inside.
type Said = (
    Kind,
    Subject,
    Option<u32>,
    &'static str,
    Option<u32>,
    Option<&'static str>,
);

fn said<T>(result: Result<T, Failure>) -> Said {
    let failure = result.err().expect("it is refused");
    assert!(!failure.message.is_empty());
    let inner = failure.proof.as_ref().map(|proof| proof.code);
    let Failure {
        kind,
        subject,
        section,
        code,
        number,
        ..
    } = failure;
    (kind, subject, section, code, number, inner)
}

#[test]
fn refusals_have_the_codes_of_the_specification() {
    let refused =
        |file: &[u8], claims: &Value| said(verify::aggregate(file, Some(&list(claims)), clock()));
    let rejected = |section, code, number, inner| {
        let subject = match code {
            "no-claims" | "claim-count" | "duplicate-key" | "duplicate-claim" => Subject::Signers,
            _ => Subject::Aggregate,
        };
        (
            Kind::Rejected,
            subject,
            Some(section),
            code,
            Some(number),
            inner,
        )
    };
    let claims = claims_of(BLOCK);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = claims.clone();
        change(&mut changed);
        refused(BLOCK, &changed)
    };
    let other_claims = rejected(24, "proof", 8, Some("lookup-root"));
    assert_eq!(with(&|claims| claims[0]["slot"] = json!(5)), other_claims);
    assert_eq!(
        with(&|claims| claims[0]["message"] = json!("00")),
        other_claims
    );
    let key = |claims: &Value| claims[0]["public_keys"][0].clone();
    let without_key = |claims: &mut Value| {
        claims[0]["public_keys"].as_array_mut().unwrap().pop();
    };
    assert_eq!(with(&without_key), other_claims);
    let twice = |claims: &mut Value| claims[0]["public_keys"][1] = key(claims);
    assert_eq!(with(&twice), rejected(24, "duplicate-key", 7, None));
    assert_eq!(
        refused(BLOCK, &json!([])),
        rejected(24, "no-claims", 9, None)
    );
    let mut two = claims_of(MERGED);
    assert_eq!(refused(BLOCK, &two), rejected(24, "claim-count", 13, None));
    two[1] = two[0].clone();
    let expected = rejected(26, "duplicate-claim", 11, None);
    assert_eq!(refused(MERGED, &two), expected);

    for length in 0..BLOCK.len().min(200) {
        let (kind, _, section, ..) = said(verify::aggregate(&BLOCK[..length], None, clock()));
        let expected = match length {
            // Neither the kind of a file nor claims are there.
            0 | 1 => (Kind::Unusable, None),
            _ => (Kind::Rejected, Some(26)),
        };
        assert_eq!((kind, section), expected, "{length}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(digits: &Value) -> Vec<u8> {
    let digits = digits.as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
        .collect()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The bytes of a case: its own or those of its base, with words changed, cut and extended.
fn of_case(cases: &[Value], case: &Value, name: &str) -> Vec<u8> {
    let base = cases.iter().find(|other| other["id"] == case["base"]);
    let mut own = bytes(&base.unwrap_or(case)[name]);
    for change in case["changes"].as_array().unwrap() {
        let word = 4 * number(&change[0]) as usize;
        own[word..word + 4].copy_from_slice(&number(&change[1]).to_le_bytes());
    }
    if let Some(length) = case["length"].as_u64() {
        own.truncate(usize::try_from(length).unwrap());
    }
    own.extend(bytes(&case["appended"]));
    own
}

#[test]
fn program_proofs_have_the_verdicts_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../vectors/proof.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut accepted = 0;
    for case in cases {
        let zeros = number(&case["public_zeros"]) as usize;
        let public = case["public"].as_array().unwrap().iter().cloned();
        let public: Vec<Value> = public.chain(std::iter::repeat_n(json!(0), zeros)).collect();
        let input = json!({ "public": public }).to_string();
        let set = ["", "tiny", "small", "production"][number(&case["set"]) as usize];
        let (program, proof) = (bytes(&case["program"]), of_case(cases, case, "proof"));
        let verdict = verify::program(&program, &proof, Some(input.as_bytes()), set, clock());
        let code = match &verdict {
            Ok(_) => 0,
            Err(failure) => failure.number.expect("a rejection"),
        };
        assert_eq!(code, number(&case["code"]), "{}", case["id"]);
        accepted += usize::from(code == 0);
    }
    assert!(accepted > 1 && cases.len() > 30 + accepted, "{accepted}");
}

#[test]
fn signatures_of_leansig_have_the_verdicts_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../vectors/leansig.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut accepted = 0;
    for case in cases {
        let record = json!({
            "scheme": "leansig-dim64",
            "public_key": case["public_key"],
            "slot": case["slot"],
            "message": case["message"],
            "signature": hex(&of_case(cases, case, "signature")),
        });
        let verdict = verify::signature(record.to_string().as_bytes(), clock());
        let reason = verdict.as_ref().err().map_or("", |failure| failure.code);
        assert_eq!(reason, case["reason"], "{}", case["id"]);
        accepted += usize::from(reason.is_empty());
    }
    assert!(accepted > 1 && cases.len() > 20, "{accepted}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let aggregate =
        |signers: &str| said(verify::aggregate(BLOCK, Some(signers.as_bytes()), clock()));
    let unusable = |subject, code| (Kind::Unusable, subject, None, code, None, None);
    for (signers, code) in [
        ("", "json"),
        (r#"{"scheme": "rsa"}"#, "scheme"),
        (r#"{"scheme": "leanxmss42"}"#, "json"),
        (
            r#"{"scheme": "leanxmss42", "claims": [], "more": 1}"#,
            "json",
        ),
        (
            r#"{"scheme": "leanxmss42", "slot": 1, "message": "0", "public_keys": []}"#,
            "digits",
        ),
        (
            r#"{"scheme": "leanxmss42", "slot": 1, "message": "", "public_keys": ["00"]}"#,
            "field",
        ),
        (
            r#"{"scheme": "leansig-dim64", "claims": [{"public_key": "", "slot": 1, "message": ""}]}"#,
            "field",
        ),
    ] {
        assert_eq!(
            aggregate(signers),
            unusable(Subject::Signers, code),
            "{signers}"
        );
    }
    let alone = said(verify::aggregate(&[1, 42], None, clock()));
    assert_eq!(alone, unusable(Subject::Signers, "signers-missing"));
    for file in [&[][..], b"{}", b"text 1\x01", &[0, 1, 2], b"[]"] {
        let expected = unusable(Subject::File, "kind");
        assert_eq!(said(inspect(file)), expected, "{file:?}");
    }
    let set = said(verify::program(PROGRAM, PROOF, None, "large", clock()));
    assert_eq!(set, unusable(Subject::Proof, "parameter-set"));
    let nested = "[".repeat(100_000);
    assert_eq!(aggregate(&nested), unusable(Subject::Signers, "json"));
}
