//! What an operator chooses.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// What an operator chooses.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the journal and of the aggregates; made if it is not there.
    pub journal: PathBuf,
    /// Threads of a proof; none: one for each core.
    pub threads: Option<NonZeroUsize>,
    /// Most bytes that a proof may need, by the library's estimate.
    pub memory_limit: Option<usize>,
    /// Most aggregates that wait or are made at a time.
    pub queue: usize,
    /// Most bytes of signatures and messages that are held.
    pub pool_bytes: usize,
    /// How long signatures and aggregates are kept.
    pub keep: Duration,
    /// Most connections at a time; others wait until one ends.
    pub connections: usize,
    /// Most submissions that are checked at a time.
    pub submissions: usize,
    /// Most bytes of the body of a request.
    pub body_bytes: usize,
    /// Time for a client to send the head of a request, to send its body, and to take bytes of an
    /// answer. A connection that is idle for so long is closed.
    pub client_time: Duration,
    /// At a stop: time for requests and for the proof at work to end. A proof that does not is made
    /// at the next start.
    pub grace: Duration,
    /// A journal of fewer bytes is not written anew.
    pub least_compaction: u64,
}

impl Settings {
    /// The usual ones.
    #[must_use]
    pub fn new(journal: PathBuf) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            journal,
            threads: None,
            memory_limit: None,
            queue: 64,
            pool_bytes: 256 << 20,
            keep: Duration::from_secs(3600),
            connections: 512,
            submissions: 64,
            body_bytes: 1 << 20,
            client_time: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            least_compaction: 16 << 20,
        }
    }
}
