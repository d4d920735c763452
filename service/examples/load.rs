//! A load: so many signatures over so many connections, then aggregates, then twice of what the
//! service takes at a time. Prints rates, medians, 99th percentiles and what was refused.
//!
//! ```sh
//! cargo run --release -p leanvm-service --example load -- --signatures 2000 --connections 32
//! ```
//!
//! The service runs in this process, on the disk of the temporary folder, and shares the cores with
//! the clients.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use leanvm_fast::xmss::{Message, SecretKey, Seed};
use leanvm_service::record::{SignatureRecord, Signed};
use leanvm_service::{Service, Settings};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const SLOT: u32 = 5;

/// The record of a signature of a signer of this number.
fn record(number: usize) -> Result<String> {
    let message = Message::from_bytes(b"block")?;
    let seed = Seed::of_known_bytes(&number.to_le_bytes())?;
    let mut key = SecretKey::generate(u64::from(SLOT)..u64::from(SLOT) + 1, seed)?;
    let signed = Signed {
        key: *key.public_key(),
        slot: SLOT,
        message: b"block".to_vec(),
        signature: key.sign(SLOT, &message)?,
    };
    Ok(serde_json::to_string(&SignatureRecord::from(&signed))?)
}

/// A connection that is used again and again.
struct Client(TcpStream);

impl Client {
    fn new(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Status and body of an answer.
    fn request(&mut self, method: &str, path: &str, body: &str) -> Result<(u16, String)> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: load\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let mut bytes = [0; 4096];
        loop {
            let read = self.0.read(&mut bytes)?;
            if read == 0 {
                return Err("the connection was closed".into());
            }
            answer.extend_from_slice(&bytes[..read]);
            let text = String::from_utf8_lossy(&answer);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.split_once("content-length: ").ok_or("no length")?.1;
            let length: usize = length.lines().next().unwrap_or_default().parse()?;
            if body.len() == length {
                let status = head.split(' ').nth(1).ok_or("no status")?;
                return Ok((status.parse()?, body.to_owned()));
            }
        }
    }
}

/// Answers by status, and their times.
#[derive(Default)]
struct Times(BTreeMap<u16, Vec<Duration>>);

impl Times {
    fn print(&mut self, title: &str, elapsed: Duration, unit: f64) {
        println!("{title}: {:.2} s", elapsed.as_secs_f64());
        for (status, times) in &mut self.0 {
            times.sort_unstable();
            let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
            #[expect(clippy::cast_precision_loss, reason = "for display")]
            let rate = unit * times.len() as f64 / elapsed.as_secs_f64();
            println!(
                "  {status}: {} answers, {rate:.0} a second, p50 {:.1} ms, p99 {:.1} ms",
                times.len(),
                at(50),
                at(99)
            );
        }
    }
}

/// Sends each body once, over so many connections.
fn send(address: SocketAddr, path: &str, bodies: &[String], connections: usize) -> Result<Times> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut client = Client::new(address)?;
        let mut times = Vec::new();
        while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
            let begun = Instant::now();
            let (status, _) = client.request("POST", path, body)?;
            times.push((status, begun.elapsed()));
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(times)
    };
    let mut times = Times::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let list = thread.join().map_err(|_| "a client has panicked")??;
            for (status, time) in list {
                times.0.entry(status).or_default().push(time);
            }
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(())
    })?;
    Ok(times)
}

/// Waits until no aggregate is left to make; the time.
fn drain(address: SocketAddr, begun: Instant) -> Result<Duration> {
    let mut client = Client::new(address)?;
    loop {
        let (_, text) = client.request("GET", "/metrics", "")?;
        if text.contains("leanvm_queue_depth 0\n") {
            return Ok(begun.elapsed());
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn argument(name: &str, default: usize) -> Result<usize> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    match (arguments.next(), arguments.next()) {
        (Some(_), Some(value)) => Ok(value.parse()?),
        _ => Ok(default),
    }
}

fn main() -> Result<()> {
    let number = argument("--signatures", 2000)?;
    let connections = argument("--connections", 32)?;
    let aggregates = argument("--aggregates", 8)?;
    let signers = argument("--signers", 64)?;
    let folder = tempfile::tempdir()?;
    let settings = Settings::new(folder.path().join("journal"));
    let (queue, submissions) = (settings.queue, settings.submissions);
    let service = Service::start(settings, Arc::new(|text: &str| eprintln!("{text}")))?;
    let (address, stopper) = (service.address(), service.stopper());
    let serving = thread::spawn(move || service.run());

    println!("making {number} keys and signatures");
    let records = (0..number).map(record).collect::<Result<Vec<_>>>()?;
    let lists: Vec<String> = records
        .chunks(100)
        .map(|list| format!("[{}]", list.join(",")))
        .collect();
    let (first, rest) = records.split_at(signers.min(number));
    let path = "/v1/signatures";
    send(address, path, first, 1)?;

    let wanted =
        |slot: u32| format!(r#"{{"slot":{slot},"message":"626c6f636b","deadline_ms":600000}}"#);
    let begun = Instant::now();
    let asked = send(
        address,
        "/v1/aggregates",
        &vec![wanted(SLOT); aggregates],
        1,
    )?;
    let taken = asked.0.get(&202).map_or(0, Vec::len);
    let elapsed = drain(address, begun)?;
    println!(
        "{taken} aggregates of {signers} signatures: {:.2} s",
        elapsed.as_secs_f64()
    );

    let begun = Instant::now();
    let mut times = send(address, "/v1/aggregates", &vec![wanted(SLOT); 2 * queue], 1)?;
    times.print(
        "twice the queue of requests for aggregates",
        begun.elapsed(),
        1.0,
    );
    let mut client = Client::new(address)?;
    let begun = Instant::now();
    let mut answers = Times::default();
    while !client
        .request("GET", "/metrics", "")?
        .1
        .contains("leanvm_queue_depth 0\n")
    {
        let begun = Instant::now();
        let (status, _) = client.request("GET", "/healthz", "")?;
        answers.0.entry(status).or_default().push(begun.elapsed());
        thread::sleep(Duration::from_millis(5));
    }
    answers.print("/healthz while they are made", begun.elapsed(), 1.0);

    let begun = Instant::now();
    let mut times = send(address, path, rest, connections)?;
    let title = format!(
        "{} signatures, one a request, {connections} connections",
        rest.len()
    );
    times.print(&title, begun.elapsed(), 1.0);
    let begun = Instant::now();
    let mut times = send(address, path, &lists, connections)?;
    let title = format!(
        "the same again, 100 a request: {} duplicates",
        records.len()
    );
    times.print(&title, begun.elapsed(), 100.0);

    let twice = 2 * submissions;
    let begun = Instant::now();
    let mut times = send(address, path, &vec![lists.clone(); 10].concat(), twice)?;
    let title = format!("100 a request over {twice} connections, twice the submissions at a time");
    times.print(&title, begun.elapsed(), 100.0);

    stopper.stop();
    serving.join().map_err(|_| "the service has panicked")??;
    Ok(())
}
