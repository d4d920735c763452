//! The service: its threads, its connections, its end.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle, available_parallelism};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};

use crate::change::{Change, Ended, Ending, now};
use crate::connections;
use crate::journal::{Journal, OpenError, sweep_results};
use crate::prover;
use crate::settings::Settings;
use crate::shared::{Listener, Shared};
use crate::state::State;
use crate::writer::{self, Command, Writer};

/// How often it is looked whether a deadline has passed.
const TICK: Duration = Duration::from_millis(200);
/// Ticks after which what is old is dropped.
const TIDY: u32 = 50;

/// Why the service does not start.
#[derive(Debug)]
pub enum StartError {
    /// The folder cannot be used.
    Journal(OpenError),
    /// The address cannot be listened to.
    Listen(SocketAddr, io::Error),
    /// The system refuses threads.
    Threads(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal(error) => write!(formatter, "{error}"),
            Self::Listen(address, error) => {
                write!(formatter, "{address} cannot be listened to: {error}")
            }
            Self::Threads(error) => write!(formatter, "threads cannot be started: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// What the journal had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Signatures that are held.
    pub signatures: usize,
    /// Aggregates that are still to be made.
    pub aggregates: usize,
    /// Bytes of a last line that was cut short, which nobody was told of.
    pub dropped_bytes: u64,
}

/// What stops a service, from any thread.
#[derive(Clone, Debug, Default)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Stops the service.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

/// A service that listens.
pub struct Service {
    shared: Arc<Shared>,
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    recovered: Recovered,
    writer: JoinHandle<()>,
    prover: JoinHandle<()>,
    stopper: Stopper,
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.address;
        formatter
            .debug_struct("Service")
            .field("address", address)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Reads the journal and listens. Requests are answered by [`Service::run`].
    ///
    /// # Errors
    /// If the folder, the address or threads cannot be had.
    pub fn start(settings: Settings, listener: Listener) -> Result<Self, StartError> {
        let mut state = State::default();
        let opened = Journal::open(&settings.journal, |change| {
            state.apply(change);
        });
        let (journal, dropped_bytes) = opened.map_err(StartError::Journal)?;
        sweep_results(&settings.journal, |id| state.jobs.has_file(id));
        let recovered = Recovered {
            signatures: state.pool.len(),
            aggregates: state.jobs.active().count(),
            dropped_bytes,
        };
        let refused = |error| StartError::Listen(settings.listen, error);
        let socket = TcpListener::bind(settings.listen).map_err(refused)?;
        let address = socket.local_addr().map_err(refused)?;
        socket.set_nonblocking(true).map_err(refused)?;
        let cores = available_parallelism().map_or(1, usize::from);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(cores + 2)
            .thread_name("leanvm-http")
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let (sender, commands) = writer::channel();
        let shared = Arc::new(Shared::new(settings, state, sender, listener));
        let writer = Writer {
            shared: Arc::clone(&shared),
            journal,
            commands,
        };
        let named = |name: &str| thread::Builder::new().name(name.to_owned());
        let writer = named("leanvm-journal").spawn(move || writer.run());
        let of_prover = Arc::clone(&shared);
        let prover = named("leanvm-prover").spawn(move || prover::run(&of_prover));
        Ok(Self {
            shared,
            runtime,
            listener: socket,
            address,
            recovered,
            writer: writer.map_err(StartError::Threads)?,
            prover: prover.map_err(StartError::Threads)?,
            stopper: Stopper::default(),
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the journal had.
    #[must_use]
    pub const fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// What stops it.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Stops at SIGINT and SIGTERM; a file that may grow no more is an error and not the end.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn heed_signals(&self) -> io::Result<()> {
        let stopper = self.stopper();
        let _guard = self.runtime.enter();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut interrupt = signal(SignalKind::interrupt())?;
            let mut terminate = signal(SignalKind::terminate())?;
            let xfsz = rustix::process::Signal::XFSZ.as_raw();
            let _limit = signal(SignalKind::from_raw(xfsz))?;
            self.runtime.spawn(async move {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                stopper.stop();
            });
        }
        #[cfg(not(unix))]
        self.runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stopper.stop();
            }
        });
        Ok(())
    }

    /// Answers requests until it is stopped. Then no connection is taken any more, requests under
    /// way are answered, and the proof at work is waited for as long as the settings say. What is
    /// not done is in the journal.
    ///
    /// # Errors
    /// If the system refuses to listen.
    pub fn run(self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let stopped = Arc::clone(&self.stopper.0);
        let served = self.runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let ticking = tokio::spawn(tick(Arc::clone(&shared)));
            connections::serve(&shared, listener, stopped.notified()).await;
            ticking.abort();
            Ok(())
        });
        shared.stop();
        prover::finish(&shared, self.prover, shared.settings.grace);
        self.runtime.block_on(shared.command(Command::Stop));
        let _ = self.writer.join();
        served
    }
}

/// Ends what is late and drops what is old, again and again.
async fn tick(shared: Arc<Shared>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1_u32.. {
        ticks.tick().await;
        let late = late(&shared);
        if !late.is_empty() {
            // If it cannot be recorded now, it is tried again.
            let _ = shared
                .record(late.into_iter().map(Into::into).collect())
                .await;
        }
        if number.is_multiple_of(TIDY) {
            shared.command(Command::Tidy).await;
        }
    }
}

/// The requests whose deadline has passed.
fn late(shared: &Shared) -> Vec<Change> {
    let at = now();
    let state = shared.state();
    let late = state.jobs.active().filter(|job| job.request.deadline < at);
    let ended = late.map(|job| {
        Change::Ended(Ended {
            at,
            id: job.request.id.clone(),
            ending: Ending::Late,
        })
    });
    ended.collect()
}
