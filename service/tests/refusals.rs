//! What is refused, and how.

use serde_json::{Value, json};

use crate::common::{id, records, start};

#[test]
fn each_signature_is_refused_by_itself() {
    let (service, _folder) = start(|_| {});
    let [alice, bob] = records();
    let with = |field: &str, value: Value| {
        let mut record = alice.clone();
        record[field] = value;
        record
    };
    let mut cut = alice["signature"].as_str().expect("digits").to_owned();
    cut.truncate(100);
    let long = "00".repeat((1 << 16) + 1);
    let zero = "ff".repeat(32);
    let cases = [
        (with("slot", json!(6)), "target-sum"),
        (with("public_key", bob["public_key"].clone()), "target-sum"),
        (with("signature", json!(cut)), "malformed"),
        (with("signature", json!("xyz")), "digits"),
        (with("public_key", json!(zero)), "element-not-canonical"),
        (with("scheme", json!("leansig-dim64")), "scheme"),
        (with("message", json!(long)), "message-too-long"),
        (with("slot", json!(-1)), "record"),
        (with("more", json!(1)), "record"),
        (json!(7), "record"),
    ];
    for (record, code) in &cases {
        let answer = service.submit(record);
        assert_eq!(answer.status, 422, "{answer:?}");
        // The signature of another key may fail at another step.
        if *code != "target-sum" {
            answer.is(422, code);
        }
        assert_eq!(answer.json()["results"][0]["error"], answer.json()["error"]);
    }
    // The good one of a list is taken, in whatever company.
    let mut list: Vec<Value> = cases.iter().map(|(record, _)| record.clone()).collect();
    list.insert(4, bob);
    let answer = service.submit(&list.into());
    assert_eq!(answer.status, 422);
    let json = answer.json();
    assert_eq!(
        (&json["accepted"], &json["refused"]),
        (&json!(1), &json!(cases.len()))
    );
    assert_eq!(
        json["results"][4],
        json!({ "index": 4, "status": "accepted" })
    );
    assert_eq!(json["results"][5]["index"], 5);
    let refused = service.metric("leanvm_signatures_total{result=\"refused\"}");
    assert_eq!(refused, 2 * cases.len() as u64);
    assert_eq!(service.metric("leanvm_signatures_held"), 1);
}

#[test]
fn what_is_no_request() {
    let (service, _folder) = start(|settings| settings.body_bytes = 10_000);
    let post = |path: &str, body: &[u8]| service.request("POST", path, body);
    for body in [&b""[..], b"{", b"[1,", b"\xff\xfe", b"[}", &[b'['; 5000]] {
        post("/v1/signatures", body).is(400, "json");
        post("/v1/aggregates", body).is(400, "json");
    }
    let many = json!(vec![1; 2000]).to_string();
    post("/v1/signatures", many.as_bytes()).is(413, "too-many-signatures");
    post("/v1/signatures", &[b' '; 10_001]).is(413, "body-too-large");
    post("/v1/aggregates", &[b' '; 10_001]).is(413, "body-too-large");
    // A length that is only announced, and one that is not.
    let head = "POST /v1/signatures HTTP/1.1\r\nhost: it\r\nconnection: close\r\n";
    let announced = format!("{head}content-length: 99999999999\r\n\r\n");
    service.send(announced.as_bytes()).is(413, "body-too-large");
    let chunk = format!("2710\r\n{}\r\n", " ".repeat(10_000)).repeat(2);
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{chunk}0\r\n\r\n");
    service.send(chunked.as_bytes()).is(413, "body-too-large");

    service.get("/").is(404, "not-found");
    service.get("/v1/aggregates/00").is(404, "not-found");
    service.get("/v1/aggregates/00/file").is(404, "not-found");
    service
        .get("/v1/aggregates/..%2f..%2fjournal/file")
        .is(404, "not-found");
    service
        .request("DELETE", "/v1/aggregates/00", b"")
        .is(404, "not-found");
    service.get("/v1/signatures").is(405, "method");
    service.request("DELETE", "/healthz", b"").is(405, "method");
}

#[test]
fn aggregates_that_cannot_be() {
    let (service, _folder) = start(|_| {});
    let ask = |body: Value| service.request("POST", "/v1/aggregates", body.to_string().as_bytes());
    let good = json!({ "slot": 5, "message": "c0ffee", "deadline_ms": 60_000 });
    ask(good.clone()).is(409, "no-signatures");
    service.submit(&records()[0]);
    for (field, value, status, code) in [
        ("slot", json!(6), 409, "no-signatures"),
        ("message", json!("c0ffef"), 409, "no-signatures"),
        ("message", json!("c0f"), 422, "digits"),
        ("deadline_ms", json!(0), 422, "deadline"),
        ("deadline_ms", json!(u64::MAX), 422, "deadline"),
        ("log_inv_rate", json!(5), 422, "log-inv-rate"),
        ("deadline_ms", json!("soon"), 400, "json"),
        ("more", json!(1), 400, "json"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        ask(body).is(status, code);
    }
    id(&ask(good));
}

#[test]
fn too_little_memory_is_an_end() {
    let (service, _folder) = start(|settings| settings.memory_limit = Some(1 << 20));
    service.submit(&records()[0]);
    let json = service.ended(&id(&service.ask(60_000)));
    assert_eq!(
        (&json["state"], &json["error"]["code"]),
        (&json!("failed"), &json!("memory"))
    );
    assert_eq!(
        service.metric("leanvm_aggregates_total{result=\"failed\"}"),
        1
    );
}

/// What is no HTTP has an answer or none, and the next client is served.
#[test]
fn garbage_does_no_harm() {
    use std::io::{Read, Write};
    let (service, _folder) = start(|_| {});
    let long = [b'a'; 100_000];
    let head = format!("GET /healthz HTTP/1.1\r\n{}: x\r\n\r\n", "a".repeat(20_000));
    let many = format!("GET /healthz HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(500));
    for bytes in [
        &b"\r\n\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /v1/signatures HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/signatures HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        head.as_bytes(),
        many.as_bytes(),
        &long,
    ] {
        let mut stream = service.connect();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(!text.starts_with("HTTP/1.1 2"), "{text}");
        assert_eq!(service.get("/healthz").status, 200);
    }
}
