//! `leanvm serve`: a service that takes signatures and makes aggregates.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use leanvm_fast::processor::Processor;
use leanvm_service::{OpenError, Service, Settings, StartError};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Paths, plain};
use crate::measurements::Measurements;
use crate::options::{mebibytes, seconds, whole};
use crate::program::warnings::Warnings;
use crate::report::{Report, number, say};

/// Arguments of `serve`.
///
/// It has neither TLS nor users: put it behind a proxy that has, or on an address that only those
/// reach who may use it. SIGTERM and SIGINT stop it. service/README.md has the requests.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one. The line that says that it listens names it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7700")]
    listen: SocketAddr,
    /// A folder for what must not be forgotten: signatures, requests, aggregates. It is made if it
    /// is not there, and belongs to one process at a time.
    #[arg(long, value_name = "FOLDER")]
    journal: PathBuf,
    /// Keep signatures and aggregates for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    keep: Duration,
    /// Most aggregates that wait or are made; requests beyond are refused (429).
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = whole::<usize>(1..=1 << 20))]
    queue: usize,
    /// Most MiB of signatures that are held, of about 1500 bytes each; those beyond are refused
    /// (429).
    #[arg(long, value_name = "MIB", default_value = "256", value_parser = mebibytes)]
    pool: usize,
    /// Most connections at a time; others wait. Each needs a file descriptor and up to --max-body
    /// of memory.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = whole::<usize>(1..=1 << 20))]
    connections: usize,
    /// Most submissions that are checked at a time; those beyond are refused (429).
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = whole::<usize>(1..=1 << 16))]
    submissions: usize,
    /// Most KiB of the body of a request; longer ones are refused (413).
    #[arg(long, value_name = "KIB", default_value_t = 1024, value_parser = whole::<usize>(1..=1 << 20))]
    max_body: usize,
    /// Seconds that a client has to send the head of a request, to send its body, and to take a
    /// part of an answer; a connection is closed when it is idle for so long.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    client_time: Duration,
    /// At a stop, wait so many seconds for the proof at work. If it is not done then, it is made at
    /// the next start.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    grace: Duration,
    /// Threads of a proof, of which no more than the machine has cores are started; all cores if
    /// left out.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    threads: Option<u16>,
    /// Make no aggregate that would need more MiB of memory, by an estimate from the number of
    /// signatures.
    #[arg(long, value_name = "MIB", value_parser = mebibytes)]
    memory_limit: Option<usize>,
}

impl Command for Serve {
    fn name(&self) -> &'static str {
        "serve"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([], [])
    }

    fn proves(&self) -> bool {
        true
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let tell = Arc::new(|text: &str| say(&format!("leanvm serve: {text}")));
        let service =
            Service::start(self.settings(), tell.clone()).map_err(|error| self.refused(&error))?;
        let system = |error| Failure::usage(plain(&error), "look what the system permits");
        service.heed_signals().map_err(system)?;
        let recovered = service.recovered();
        if recovered.dropped_bytes > 0 {
            tell(&format!(
                "the last {} bytes of the journal were cut short by a crash and are dropped: nobody \
                 was told that they were accepted",
                number(to_usize(recovered.dropped_bytes))
            ));
        }
        let address = service.address();
        let (signatures, aggregates) = (recovered.signatures, recovered.aggregates);
        tell(&format!(
            "listening on http://{address} for {}; the journal has {} signatures, and {} aggregates \
             to make",
            Processor::here().in_use(),
            number(signatures),
            number(aggregates)
        ));
        service.run().map_err(system)?;
        let mut list = Measurements::default();
        list.words("stopped", "address", address.to_string());
        Ok(list.report())
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Serve {
    fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.journal.clone());
        settings.listen = self.listen;
        settings.keep = self.keep;
        settings.queue = self.queue;
        settings.pool_bytes = self.pool;
        settings.connections = self.connections;
        settings.submissions = self.submissions;
        settings.body_bytes = self.max_body << 10;
        settings.client_time = self.client_time;
        settings.grace = self.grace;
        settings.threads = self
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()));
        settings.memory_limit = self.memory_limit;
        settings
    }

    /// The failure to start.
    fn refused(&self, error: &StartError) -> Failure {
        match error {
            StartError::Journal(OpenError::InUse(path)) => Failure::unusable(
                path,
                "is the journal of another process",
                "stop that one, or give this one a folder of its own",
            ),
            StartError::Journal(OpenError::Io { what, path, error }) => Failure::unusable(
                path,
                format!("cannot be {what}: {}", plain(error)),
                "check the permissions of the folder and the space on the disk",
            ),
            StartError::Journal(OpenError::Damaged { path, byte, reason }) => Failure::unusable(
                path,
                reason.clone(),
                "nothing was changed: put it aside, and look at it before it is used again",
            )
            .at(format!("byte {byte}")),
            StartError::Listen(address, error) => Failure::usage(
                format!("{address} cannot be listened to: {}", plain(error)),
                "choose another address or port by --listen",
            ),
            StartError::Threads(error) => Failure::usage(
                format!("threads cannot be started: {}", plain(error)),
                "look what the system permits",
            ),
        }
    }
}
