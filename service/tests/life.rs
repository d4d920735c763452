//! From signatures to an aggregate.

use leanvm_fast::merging::{AggregateFile, Claim, verify_claims};
use serde_json::json;

use crate::common::{MESSAGE, SLOT, id, record, records, start};

#[test]
fn signatures_become_an_aggregate() {
    let (service, _folder) = start(|_| {});
    let [alice, bob] = records();
    let answer = service.submit(&alice);
    let accepted = json!({ "index": 0, "status": "accepted" });
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "accepted": 1, "duplicate": 0, "refused": 0, "results": [accepted] })
    );
    // Again, with another one.
    let answer = service.submit(&json!([alice, bob]));
    assert_eq!(answer.status, 200);
    let results = &answer.json()["results"];
    assert_eq!(
        [&results[0]["status"], &results[1]["status"]],
        ["duplicate", "accepted"]
    );

    let asked = service.ask(60_000);
    let id = id(&asked);
    assert!(
        asked
            .head
            .contains(&format!("\r\nlocation: /v1/aggregates/{id}"))
    );
    let json = service.ended(&id);
    assert_eq!(json["state"], "done", "{json}");
    assert_eq!(json["result"]["signers"], 2);
    let bytes = service.get(&format!("/v1/aggregates/{id}/file")).body;
    assert_eq!(json["result"]["bytes"], bytes.len());

    let file = AggregateFile::from_bytes(&bytes).expect("a file");
    let claims: Vec<Claim> = file
        .claims()
        .iter()
        .map(|one| one.claim().clone())
        .collect();
    assert_eq!(verify_claims(&claims, file.aggregate()), Ok(()));
    assert_eq!(
        (claims.len(), claims[0].slot, claims[0].keys.len()),
        (1, SLOT, 2)
    );
    assert_eq!(file.claims()[0].message_bytes(), [0xc0, 0xff, 0xee]);
    for key in [b"alice", b"bobby"] {
        let signed = record(key).decode().expect("a record");
        assert!(claims[0].keys.contains(&signed.key));
    }
    for (name, expected) in [
        ("leanvm_signatures_total{result=\"accepted\"}", 2),
        ("leanvm_signatures_total{result=\"duplicate\"}", 1),
        ("leanvm_aggregates_total{result=\"done\"}", 1),
        ("leanvm_signatures_held", 2),
        ("leanvm_queue_depth", 0),
        ("leanvm_proving_seconds_count", 1),
        ("leanvm_aggregate_seconds_count", 1),
        ("leanvm_submission_seconds_count", 2),
    ] {
        assert_eq!(service.metric(name), expected, "{name}");
    }
}

#[test]
fn the_bytes_of_a_signature_do_too() {
    let (service, _folder) = start(|_| {});
    let signed = record(b"alice").decode().expect("a record");
    let record = record(b"alice");
    let bytes = signed.signature.to_bytes();
    let send = |query: &str, bytes: &[u8]| {
        let head = format!(
            "POST /v1/signatures{query} HTTP/1.1\r\nhost: it\r\nconnection: close\r\n\
             content-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
            bytes.len()
        );
        service.send(&[head.as_bytes(), bytes].concat())
    };
    let key = &record.public_key;
    let query = format!("?public_key={key}&slot={SLOT}&message={MESSAGE}");
    assert_eq!(send(&query, &bytes).json()["accepted"], 1);
    assert_eq!(send(&query, &bytes).json()["duplicate"], 1);
    send(&query, &bytes[1..]).is(422, "malformed");
    send("?slot=5", &bytes).is(400, "query");
    send("?slot=x", &bytes).is(400, "query");
    send("?slut=5", &bytes).is(400, "query");
}

#[test]
fn a_deadline_passes() {
    let (service, _folder) = start(|_| {});
    service.submit(&records()[0]);
    let id = id(&service.ask(1));
    let json = service.ended(&id);
    assert_eq!(
        (&json["state"], &json["error"]["code"]),
        (&json!("late"), &json!("deadline"))
    );
    service
        .get(&format!("/v1/aggregates/{id}/file"))
        .is(409, "no-file");
    assert_eq!(
        service.metric("leanvm_aggregates_total{result=\"late\"}"),
        1
    );
}

#[test]
fn requests_are_cancelled_whether_they_wait_or_not() {
    let (service, _folder) = start(|_| {});
    service.submit(&records()[0]);
    let ids: Vec<String> = (0..3).map(|_| id(&service.ask_slow())).collect();
    for id in &ids {
        let answer = service.request("DELETE", &format!("/v1/aggregates/{id}"), b"");
        assert_eq!(
            (answer.status, &answer.json()["state"]),
            (200, &json!("cancelled"))
        );
        let again = service.request("DELETE", &format!("/v1/aggregates/{id}"), b"");
        assert_eq!((again.status, again.json()), (200, answer.json()));
    }
    assert_eq!(
        service.metric("leanvm_aggregates_total{result=\"cancelled\"}"),
        3
    );
    // The next one is made.
    let id = id(&service.ask(60_000));
    assert_eq!(service.ended(&id)["state"], "done");
    let answer = service.request("DELETE", &format!("/v1/aggregates/{id}"), b"");
    answer.is(409, "ended");
}

#[test]
fn the_progress_is_shown() {
    let (service, _folder) = start(|_| {});
    service.submit(&records()[0]);
    let id = id(&service.ask_slow());
    let mut seen = Vec::new();
    loop {
        let json = service.get(&format!("/v1/aggregates/{id}")).json();
        if json["state"] == "done" {
            break;
        }
        if let Some(phase) = json["progress"]["phase"].as_str() {
            assert_eq!(json["progress"]["of"], 10);
            seen.push((json["progress"]["done"].as_u64(), phase.to_owned()));
        }
    }
    seen.dedup();
    assert!(
        seen.len() > 2 && seen.is_sorted_by_key(|(done, _)| *done),
        "{seen:?}"
    );
}
