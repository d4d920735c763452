//! Too much, too slow, too many.

use std::io::{Read, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{Answer, id, records, start};

#[test]
fn a_full_queue_says_when_to_try_again() {
    let (service, _folder) = start(|settings| settings.queue = 2);
    service.submit(&records()[0]);
    let answers: Vec<Answer> = (0..20).map(|_| service.ask_slow()).collect();
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 202);
    assert!(taken.len() >= 2 && !refused.is_empty(), "{answers:?}");
    for answer in refused {
        answer.is(429, "queue-full");
        assert!(answer.says_when_to_retry());
    }
    for answer in taken {
        assert_eq!(service.ended(&id(answer))["state"], "done");
    }
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn a_full_pool_says_when_to_try_again() {
    let (service, _folder) = start(|settings| settings.pool_bytes = 2000);
    let [alice, bob] = records();
    let answer = service.submit(&json!([alice, bob]));
    answer.is(429, "pool-full");
    assert!(answer.says_when_to_retry());
    assert_eq!(answer.json()["results"][0]["status"], "accepted");
    assert_eq!(service.submit(&alice).json()["duplicate"], 1);
}

#[test]
fn too_many_submissions_say_when_to_try_again() {
    let (service, _folder) = start(|settings| settings.submissions = 0);
    let answer = service.submit(&records()[0]);
    answer.is(429, "busy");
    assert!(answer.says_when_to_retry());
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn slow_clients_are_closed() {
    let time = Duration::from_millis(1000);
    let (service, _folder) = start(|settings| settings.client_time = time);
    let head = "POST /v1/signatures HTTP/1.1\r\nhost: it\r\ncontent-length: 1000\r\n\r\n";
    for (sent, answered) in [
        // Nothing, a part of a head, and a part of a body.
        ("", None),
        ("GET /healthz", None),
        (head, Some("body-timeout")),
    ] {
        let mut stream = service.connect();
        stream.write_all(sent.as_bytes()).expect("it reads");
        let begun = Instant::now();
        let mut answer = Vec::new();
        let mut bytes = [0; 1000];
        // A byte from time to time does not help.
        stream.set_read_timeout(Some(time / 4)).expect("a time");
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if stream.write_all(b"a").is_err() {
                        break;
                    }
                }
                Err(_) => break,
            }
            assert!(begun.elapsed() < 30 * time, "{sent}");
        }
        assert!(begun.elapsed() >= time / 2, "{sent}: {:?}", begun.elapsed());
        if let Some(code) = answered {
            Answer::parse(&answer).is(408, code);
        }
    }
    // One that sends a request and then another is not slow.
    let mut stream = service.connect();
    for _ in 0..4 {
        sleep(time / 6);
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: it\r\n\r\n")
            .expect("it reads");
        let mut bytes = [0; 1000];
        assert!(stream.read(&mut bytes).expect("it answers") > 0);
    }
}

/// A client that takes nothing of its answer is closed, too.
#[test]
fn clients_that_do_not_read_are_closed() {
    let time = Duration::from_millis(300);
    let (service, _folder) = start(|settings| settings.client_time = time);
    let mut stream = service.connect();
    stream.set_write_timeout(Some(time)).expect("a time");
    let request = b"GET /metrics HTTP/1.1\r\nhost: it\r\n\r\n".repeat(100);
    let begun = Instant::now();
    let mut error = None;
    while begun.elapsed() < 30 * time && error.is_none() {
        error = stream
            .write_all(&request)
            .err()
            .filter(|error| error.kind() != std::io::ErrorKind::WouldBlock);
    }
    assert!(error.is_some(), "it is still open");
}

#[test]
fn many_connections_do_no_harm() {
    let time = Duration::from_millis(500);
    let (service, _folder) = start(|settings| {
        settings.connections = 50;
        settings.client_time = time;
    });
    let idle: Vec<_> = (0..600).map(|_| service.connect()).collect();
    assert_eq!(service.submit(&records()[0]).json()["accepted"], 1);
    assert!(service.metric("leanvm_connections") <= 50);
    drop(idle);
    assert_eq!(service.get("/healthz").status, 200);
}
