//! `leanvm serve` as a process: how it starts, stops and dies.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use leanvm_fast::xmss::{Message, SecretKey, Seed};
use serde_json::{Value, json};

use crate::common::{Folder, leanvm, text};

/// Records of signatures of so many signers.
fn records(number: u8) -> Vec<Value> {
    let message = Message::from_bytes(b"block").expect("few bytes");
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|one| format!("{one:02x}")).collect() };
    let one = |signer: u8| {
        let seed = Seed::of_known_bytes(&[signer; 8]).expect("enough bytes");
        let mut key = SecretKey::generate(5..6, seed).expect("a key");
        json!({
            "scheme": "leanxmss42",
            "public_key": hex(&key.public_key().to_bytes()),
            "slot": 5,
            "message": hex(b"block"),
            "signature": hex(&key.sign(5, &message).expect("a signature").to_bytes()),
        })
    };
    (0..number).map(one).collect()
}

/// A process that serves, killed at the end.
struct Serving {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    address: SocketAddr,
    /// The lines until it listens.
    said: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    /// Starts a command that serves.
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        let address = loop {
            let from = said.len();
            assert!(stderr.read_line(&mut said).expect("text") > 0, "{said}");
            if let Some((_, rest)) = said[from..].split_once("listening on http://") {
                let address = rest.split(' ').next().expect("an address");
                break address.parse().expect("an address");
            }
        };
        Self {
            child,
            stderr,
            address,
            said,
        }
    }

    fn on(journal: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leanvm"));
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            text(journal),
        ]);
        Self::start(command)
    }

    /// Status and JSON of an answer, if there is one.
    fn request(&self, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
        let body = body.to_string();
        let length = body.len();
        let mut stream = TcpStream::connect(self.address).ok()?;
        let head = format!("{method} {path} HTTP/1.1\r\nhost: it\r\nconnection: close\r\n");
        let request = format!("{head}content-length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        Some((status, serde_json::from_str(body).ok()?))
    }

    fn submit(&self, record: &Value) -> Option<(u16, Value)> {
        self.request("POST", "/v1/signatures", record)
    }

    /// The name of an aggregate, for which there is some time.
    fn ask(&self) -> String {
        let body = json!({
            "slot": 5, "message": "626c6f636b", "deadline_ms": 60_000, "log_inv_rate": 4,
        });
        let answer = self.request("POST", "/v1/aggregates", &body);
        let (status, json) = answer.expect("an answer");
        assert_eq!(status, 202, "{json}");
        json["id"].as_str().expect("a name").to_owned()
    }

    /// What is known of an aggregate when it has ended.
    fn ended(&self, id: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let path = format!("/v1/aggregates/{id}");
            let (_, json) = self.request("GET", &path, &json!(0)).expect("an answer");
            if json["state"] != "queued" && json["state"] != "running" {
                return json;
            }
            assert!(Instant::now() < end, "{json}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it by a signal; exit code, standard output, the rest of standard error.
    fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        let kill = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(kill.expect("kill runs").success());
        let code = self.child.wait().expect("it ends").code();
        let (mut output, mut rest) = (String::new(), String::new());
        let mut stdout = self.child.stdout.take().expect("a pipe");
        stdout.read_to_string(&mut output).expect("text");
        self.stderr.read_to_string(&mut rest).expect("text");
        (code, output, rest)
    }
}

#[test]
fn a_signal_stops_it() {
    let folder = Folder::new();
    let journal = folder.path("journal");
    for signal in ["-TERM", "-INT"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leanvm"));
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--json",
            "--journal",
            text(&journal),
        ]);
        let serving = Serving::start(command);
        let level = leanvm_fast::processor::Processor::here().level;
        assert!(serving.said.contains(level), "{}", serving.said);
        let (code, output, rest) = serving.end(signal);
        assert_eq!((code, rest.as_str()), (Some(0), ""));
        let json: Value = serde_json::from_str(&output).expect("JSON");
        assert_eq!(
            (&json["command"], &json["status"]),
            (&json!("serve"), &json!("ok"))
        );
    }
}

/// Killed in the middle of submissions and of a proof: what was answered is there.
#[test]
fn a_kill_loses_nothing() {
    let folder = Folder::new();
    let journal = folder.path("journal");
    let records = records(24);
    let mut serving = Serving::on(&journal);
    assert_eq!(serving.submit(&records[0]).expect("an answer").0, 200);
    let asked: Vec<String> = (0..3).map(|_| serving.ask()).collect();
    let answered = std::thread::scope(|scope| {
        let submitting: Vec<_> = records
            .iter()
            .map(|record| {
                let serving = &serving;
                scope.spawn(move || {
                    serving
                        .submit(record)
                        .is_some_and(|(status, _)| status == 200)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(5));
        let id = serving.child.id().to_string();
        let kill = Command::new("kill").args(["-KILL", &id]).status();
        assert!(kill.expect("kill runs").success());
        submitting
            .into_iter()
            .map(|one| one.join().expect("no panic"))
            .collect::<Vec<bool>>()
    });
    serving.child.wait().expect("it ends");

    let serving = Serving::on(&journal);
    for (record, answered) in records.iter().zip(answered) {
        let (status, json) = serving.submit(record).expect("an answer");
        assert_eq!(status, 200);
        assert!(!answered || json["duplicate"] == 1, "{json}");
    }
    for id in asked {
        assert_eq!(serving.ended(&id)["state"], "done");
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let folder = Folder::new();
    let journal = folder.path("journal");
    let records = records(2);
    let mut command = Command::new("sh");
    // Blocks of 512 bytes: room for one signature.
    command.args([
        "-c",
        "ulimit -f 8; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_leanvm"),
        "serve",
    ]);
    command.args(["--listen", "127.0.0.1:0", "--journal", text(&journal)]);
    let serving = Serving::start(command);
    assert_eq!(serving.submit(&records[0]).expect("an answer").0, 200);
    for _ in 0..2 {
        let (status, json) = serving.submit(&records[1]).expect("an answer");
        assert_eq!(
            (status, &json["error"]["code"]),
            (507, &json!("journal-full"))
        );
    }
    let (status, _) = serving
        .request("GET", "/readyz", &json!(0))
        .expect("an answer");
    assert_eq!(status, 503);
    // What is there is there.
    let (status, json) = serving.submit(&records[0]).expect("an answer");
    assert_eq!((status, &json["duplicate"]), (200, &json!(1)));
    let (code, _, rest) = serving.end("-TERM");
    assert_eq!(code, Some(0));
    assert!(rest.contains("no space is left"), "{rest}");

    let serving = Serving::on(&journal);
    assert!(!serving.said.contains("cut short"), "{}", serving.said);
    let accepted = |record| serving.submit(record).expect("an answer").1["accepted"].clone();
    assert_eq!([accepted(&records[0]), accepted(&records[1])], [0, 1]);
}

#[test]
fn what_cannot_be_used_is_said() {
    let folder = Folder::new();
    let journal = folder.path("journal");
    let serving = Serving::on(&journal);
    let address = serving.address.to_string();
    let serve = |listen: &str, journal: &Path| {
        leanvm(["serve", "--listen", listen, "--journal", text(journal)])
    };
    serve("127.0.0.1:0", &journal)
        .unusable(&journal)
        .mentions("another process");
    let other = folder.path("other");
    let taken = serve(&address, &other);
    assert_eq!(taken.code, 2);
    taken.mentions("cannot be listened to").mentions("--listen");
    let file = folder.write("file", "");
    let outcome = serve("127.0.0.1:0", &file);
    assert_eq!(outcome.code, 2);
    outcome.mentions("cannot be made");
    for arguments in [
        &["serve"][..],
        &["serve", "--journal", "j", "--listen", "here"],
        &["serve", "--journal", "j", "--queue", "0"],
        &["serve", "--journal", "j", "--pool", "many"],
    ] {
        assert_eq!(leanvm(arguments).code, 2, "{arguments:?}");
    }
    // A line that was cut short by a crash is told of.
    drop(serving);
    let path = journal.join("journal");
    let mut bytes = std::fs::read(&path).expect("a journal");
    bytes.extend(b"0123");
    std::fs::write(&path, &bytes).expect("it is written");
    let serving = Serving::on(&journal);
    assert!(
        serving
            .said
            .contains("the last 4 bytes of the journal were cut short")
    );
    drop(serving);
    std::fs::write(&path, "text\n").expect("it is written");
    serve("127.0.0.1:0", &journal)
        .unusable(&path)
        .mentions("not a journal");
}
