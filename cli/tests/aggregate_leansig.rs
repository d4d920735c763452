//! Aggregates of signatures of the scheme leansig-dim64 on the command line: those of the vectors,
//! and real ones where they are available.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{Folder, Outcome, leanvm, text};

/// The records of the valid signatures of a file of vectors.
fn records(path: &Path, valid: impl Fn(&Value) -> bool) -> Vec<Value> {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let record = |case: &Value| {
        json!({
            "scheme": "leansig-dim64",
            "public_key": case["public_key"],
            "slot": case["slot"],
            "message": case["message"],
            "signature": case["signature"],
        })
    };
    let cases = file["cases"].as_array().unwrap().iter();
    cases.filter(|case| valid(case)).map(record).collect()
}

/// Signatures of three keys for three slots and messages.
fn made() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/leansig.json");
    let records = records(Path::new(path), |case| case["result"] == "accepted");
    assert_eq!(records.len(), 3);
    records
}

fn aggregate(folder: &Folder, records: &[Value], more: &[&str]) -> Outcome {
    let input = folder.write("signatures.json", json!(records).to_string());
    let (output, signers) = (folder.path("a.agg"), folder.path("signers.json"));
    let arguments = [
        "aggregate",
        "--input",
        text(&input),
        "-o",
        text(&output),
        "--signers",
        text(&signers),
        "--json",
    ];
    leanvm(arguments.iter().chain(more))
}

const SCHEME: [&str; 2] = ["--scheme", "leansig-dim64"];

fn verify(aggregate: &Path, signers: &Path) -> Outcome {
    let arguments = [
        "verify-aggregate",
        text(aggregate),
        "--input",
        text(signers),
        "--json",
    ];
    leanvm(arguments)
}

#[test]
fn from_signatures_to_an_aggregate_that_another_process_verifies() {
    let folder = Folder::new();
    aggregate(&folder, &made(), &SCHEME)
        .accepted()
        .has(json!({ "scheme": "leansig-dim64", "signatures": 3 }));
    let (proof, signers) = (folder.path("a.agg"), folder.path("signers.json"));
    verify(&proof, &signers)
        .accepted()
        .has(json!({ "valid": true, "claims": 3 }));

    other_claims_are_refused(&folder);
    other_schemes_are_refused(&folder);
}

fn other_claims_are_refused(folder: &Folder) {
    let (proof, signers) = (folder.path("a.agg"), folder.path("signers.json"));
    let list: Value = serde_json::from_slice(&std::fs::read(&signers).unwrap()).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut changed = list.clone();
        change(&mut changed);
        assert_ne!(changed, list);
        verify(&proof, &folder.write("changed.json", changed.to_string()))
    };
    changed(&|list| list["claims"].as_array_mut().unwrap().reverse()).accepted();
    let plain = "does not show that these claims have signatures";
    for (change, code, expected) in [
        (
            &(|list: &mut Value| list["claims"][0]["slot"] = json!(6)) as &dyn Fn(&mut Value),
            1,
            plain,
        ),
        (
            &|list| list["claims"][0]["message"] = json!("07".repeat(32)),
            1,
            plain,
        ),
        (
            &|list| list["claims"][0]["public_key"] = list["claims"][1]["public_key"].clone(),
            1,
            plain,
        ),
        (
            &|list| drop(list["claims"].as_array_mut().unwrap().pop()),
            1,
            plain,
        ),
        (
            &|list| list["claims"][0] = list["claims"][1].clone(),
            2,
            "duplicate-claim",
        ),
        (&|list| list["claims"] = json!([]), 2, "no-claims"),
        (
            &|list| list["claims"][1]["message"] = json!("00"),
            2,
            "a message of leansig-dim64 has 32 bytes",
        ),
        (
            &|list| list["claims"][1]["public_key"] = json!("00"),
            2,
            "claims[1].public_key",
        ),
        (
            &|list| list["scheme"] = json!("leanxmss42"),
            2,
            "unknown field `public_key`",
        ),
    ] {
        let outcome = changed(change);
        assert_eq!(outcome.code, code, "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains(expected),
            "{expected} in {}",
            outcome.stdout
        );
    }
}

fn other_schemes_are_refused(folder: &Folder) {
    let proof = folder.path("a.agg");
    let other = json!({"scheme": "leanxmss42", "slot": 5, "message": "00", "public_keys": ["00".repeat(32)]});
    let outcome = verify(&proof, &folder.write("other.json", other.to_string()));
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("not an aggregate of leanxmss42"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn what_cannot_be_aggregated() {
    let folder = Folder::new();
    let refused = |records: &[Value], more: &[&str], code: i32, expected: &str| {
        let outcome = aggregate(&folder, records, more);
        assert_eq!(outcome.code, code, "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains(expected),
            "{expected} in {}",
            outcome.stdout
        );
        assert_eq!(folder.names(), ["signatures.json"]);
    };
    let good = made();
    refused(&good, &[], 2, "of the scheme leansig-dim64, not leanxmss42");
    refused(&[], &SCHEME, 2, "there is no signature in it");
    let mut twice = good.clone();
    twice.push(good[1].clone());
    refused(&twice, &SCHEME, 2, "signature 1 and signature 3");
    let mut broken = good.clone();
    broken[0]["slot"] = json!(1);
    broken[2]["message"] = json!("09".repeat(32));
    refused(&broken, &SCHEME, 1, "2 of 3 signatures are not valid");
    refused(
        &broken,
        &SCHEME,
        1,
        "signature 2: the encoded message misses the target sum",
    );
    broken[1]["signature"] = json!("00");
    refused(
        &broken,
        &SCHEME,
        2,
        "signature: the signature does not have 3112 bytes",
    );
    let outcome = leanvm([
        "aggregate",
        "--signatures",
        "1",
        "--scheme",
        "leansig-dim64",
        "--json",
    ]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stdout.contains("there is no sample"),
        "{}",
        outcome.stdout
    );

    let skip = [SCHEME[0], SCHEME[1], "--skip-invalid"];
    broken[0] = good[0].clone();
    let report = aggregate(&folder, &broken, &skip)
        .accepted()
        .has(json!({ "signatures": 1 }));
    let indices: Vec<_> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["index"])
        .collect();
    assert_eq!(indices, [1, 2]);
    verify(&folder.path("a.agg"), &folder.path("signers.json")).accepted();
}

/// Signatures of others, in the folder that `LEANVM_VECTORS` names or beside the repository.
#[test]
fn real_signatures_are_aggregated_and_verified() {
    let folder = std::env::var_os("LEANVM_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors")),
        PathBuf::from,
    );
    let path = folder.join("leansig_dim64.json");
    if !path.exists() {
        assert!(
            std::env::var_os("CI").is_none_or(|value| value != "true"),
            "{} is absent",
            path.display()
        );
        println!("SKIPPED: {} is absent", path.display());
        return;
    }
    let records = records(&path, |case| case["valid"] == true);
    assert!(!records.is_empty());
    let folder = Folder::new();
    aggregate(&folder, &records, &SCHEME)
        .accepted()
        .has(json!({ "signatures": records.len() }));
    verify(&folder.path("a.agg"), &folder.path("signers.json")).accepted();
}
