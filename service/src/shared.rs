//! What the threads and the answers of the service share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::change::Change;
use crate::journal::{Journal, WriteError};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::state::{Outcome, State};
use crate::writer::{Answer, Command, Item};

/// Told of what an operator should know, one line at a time.
pub type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// What the threads and the answers of the service share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    state: Mutex<State>,
    /// Something has changed: there may be work.
    changes: Condvar,
    pub(crate) metrics: Metrics,
    journal: mpsc::Sender<Command>,
    /// Submissions that may still be taken.
    pub(crate) submissions: Semaphore,
    is_stopping: AtomicBool,
    /// Whether the last write of the journal failed.
    is_failing: AtomicBool,
    listener: Listener,
}

/// Why a change is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordError {
    /// Too many wait.
    Busy,
    /// The journal cannot be written.
    Write(WriteError),
}

impl Shared {
    pub(crate) fn new(
        settings: Settings,
        state: State,
        journal: mpsc::Sender<Command>,
        listener: Listener,
    ) -> Self {
        Self {
            submissions: Semaphore::new(settings.submissions),
            settings,
            state: Mutex::new(state),
            changes: Condvar::new(),
            metrics: Metrics::new(),
            journal,
            is_stopping: AtomicBool::new(false),
            is_failing: AtomicBool::new(false),
            listener,
        }
    }

    /// What is held.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something may have changed.
    pub(crate) fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let waited = self.changes.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Something has changed.
    pub(crate) fn changed(&self) {
        self.state().show(&self.metrics);
        self.changes.notify_all();
    }

    /// Whether no new work is begun.
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Begins no new work from now on.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        self.changed();
    }

    /// Whether the last write of the journal failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// Tells the operator.
    pub(crate) fn say(&self, text: &str) {
        (self.listener)(text);
    }

    /// How the journal is after a write.
    pub(crate) fn note_journal(&self, journal: &Journal, error: Option<WriteError>) {
        let length = i64::try_from(journal.length()).unwrap_or(i64::MAX);
        self.metrics.journal_bytes.set(length);
        let fails = error.is_some() || journal.is_broken();
        if fails != self.is_failing.swap(fails, Ordering::Relaxed) {
            self.say(match (fails, journal.is_broken(), error) {
                (false, ..) => "the journal is written again",
                (_, true, _) => "the journal cannot be written: start again when the disk is well",
                (.., Some(WriteError::Full)) => "the journal cannot be written: no space is left",
                _ => "the journal cannot be written",
            });
        }
    }

    /// Records changes, unless too many wait.
    pub(crate) async fn record(&self, items: Vec<Item>) -> Result<Vec<Outcome>, RecordError> {
        let (sender, receiver) = oneshot::channel();
        let command = Command::Record(items, sender);
        self.journal
            .try_send(command)
            .map_err(|_| RecordError::Busy)?;
        answered(receiver.await)
    }

    /// Records a change from a thread that may wait.
    pub(crate) fn record_now(&self, change: Change) -> Result<Vec<Outcome>, RecordError> {
        let (sender, receiver) = oneshot::channel();
        let command = Command::Record(vec![change.into()], sender);
        let sent = self.journal.blocking_send(command);
        sent.map_err(|_| RecordError::Write(WriteError::Broken))?;
        answered(receiver.blocking_recv())
    }

    /// Gives a command that is not answered.
    pub(crate) async fn command(&self, command: Command) {
        // The thread ends after all others.
        let _ = self.journal.send(command).await;
    }
}

fn answered(
    answer: Result<Answer, oneshot::error::RecvError>,
) -> Result<Vec<Outcome>, RecordError> {
    let answer = answer.unwrap_or(Err(WriteError::Broken));
    answer.map_err(RecordError::Write)
}
