//! A service for a test, and a client that may do what a good one does not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use leanvm_fast::xmss::{Message, SecretKey, Seed};
use leanvm_service::record::{SignatureRecord, Signed};
use leanvm_service::{Recovered, Service, Settings, StartError, Stopper};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The slot of the signatures.
pub(crate) const SLOT: u32 = 5;
/// Their message, in digits.
pub(crate) const MESSAGE: &str = "c0ffee";

/// A record of a signature of this signer.
pub(crate) fn record(name: &[u8; 5]) -> SignatureRecord {
    let seed = Seed::of_known_bytes(name).expect("enough bytes");
    let mut key = SecretKey::generate(u64::from(SLOT)..u64::from(SLOT) + 1, seed).expect("a key");
    let bytes = [0xc0, 0xff, 0xee];
    let message = Message::from_bytes(&bytes).expect("few bytes");
    let signed = Signed {
        key: *key.public_key(),
        slot: SLOT,
        message: bytes.to_vec(),
        signature: key.sign(SLOT, &message).expect("a signature"),
    };
    (&signed).into()
}

/// The records of two signers, as JSON.
pub(crate) fn records() -> [Value; 2] {
    [b"alice", b"bobby"].map(|name| serde_json::to_value(record(name)).expect("a record"))
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// What was read from a connection until its end.
    #[track_caller]
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("{:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = head.split(' ').nth(1).expect("a status");
        Self {
            status: status.parse().expect("a number"),
            body: bytes[end + 4..].to_vec(),
            head,
        }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the error.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        json["error"]["code"].as_str().expect("a code").to_owned()
    }

    /// Status and code of an error.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.code().as_str()),
            (status, code),
            "{self:?}"
        );
    }

    /// Seconds after which to try again.
    pub(crate) fn says_when_to_retry(&self) -> bool {
        self.head.contains("\r\nretry-after: ")
    }
}

/// A service at work.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) recovered: Recovered,
    pub(crate) said: Arc<Mutex<Vec<String>>>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the service ends");
        }
    }
}

/// Starts a service on a folder, with changes of the usual settings.
pub(crate) fn start_with(
    folder: &Path,
    change: impl FnOnce(&mut Settings),
) -> Result<Running, StartError> {
    let mut settings = Settings::new(folder.to_owned());
    change(&mut settings);
    let said = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&said);
    let listener = move |text: &str| to.lock().expect("no panic").push(text.to_owned());
    let service = Service::start(settings, Arc::new(listener))?;
    Ok(Running {
        address: service.address(),
        recovered: service.recovered(),
        said,
        stopper: service.stopper(),
        thread: Some(std::thread::spawn(|| service.run().expect("it listens"))),
    })
}

/// A service in a folder of its own.
pub(crate) fn start(change: impl FnOnce(&mut Settings)) -> (Running, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let running = start_with(folder.path(), change).expect("it starts");
    (running, folder)
}

impl Running {
    /// A connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        let time = Some(Duration::from_secs(20));
        stream.set_read_timeout(time).expect("a time");
        stream
    }

    /// The answer to these bytes.
    #[track_caller]
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("it reads");
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        assert!(read.is_ok() || !answer.is_empty(), "{read:?}");
        Answer::parse(&answer)
    }

    #[track_caller]
    pub(crate) fn request(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: it\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.send(&[head.as_bytes(), body].concat())
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, b"")
    }

    /// Submits JSON.
    #[track_caller]
    pub(crate) fn submit(&self, value: &Value) -> Answer {
        self.request("POST", "/v1/signatures", value.to_string().as_bytes())
    }

    /// Asks for an aggregate.
    #[track_caller]
    pub(crate) fn ask(&self, deadline_ms: u64) -> Answer {
        let body = json!({ "slot": SLOT, "message": MESSAGE, "deadline_ms": deadline_ms });
        self.request("POST", "/v1/aggregates", body.to_string().as_bytes())
    }

    /// Asks for an aggregate that takes longer than most; its name.
    #[track_caller]
    pub(crate) fn ask_slow(&self) -> Answer {
        let body = json!({
            "slot": SLOT, "message": MESSAGE, "deadline_ms": 60_000, "log_inv_rate": 4,
        });
        self.request("POST", "/v1/aggregates", body.to_string().as_bytes())
    }

    /// What is known of an aggregate when it has ended.
    #[track_caller]
    pub(crate) fn ended(&self, id: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let json = self.get(&format!("/v1/aggregates/{id}")).json();
            if json["state"] != "queued" && json["state"] != "running" {
                return json;
            }
            assert!(Instant::now() < end, "{json}");
            sleep(Duration::from_millis(10));
        }
    }

    /// A number of the metrics.
    #[track_caller]
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let text = String::from_utf8(self.get("/metrics").body).expect("text");
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.strip_prefix(&format!("{name} ")));
        value
            .unwrap_or_else(|| panic!("{name} in {text}"))
            .parse()
            .expect("a number")
    }
}

/// The name of an aggregate that was asked for.
#[track_caller]
pub(crate) fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.json()["id"].as_str().expect("a name").to_owned()
}
