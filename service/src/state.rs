//! What the service holds: a function of the changes that the journal records.

use crate::change::{Change, Ended, Ending, Time};
use crate::jobs::Jobs;
use crate::metrics::Metrics;
use crate::pool::Pool;

/// What the service holds.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) pool: Pool,
    pub(crate) jobs: Jobs,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is recorded.
    Recorded,
    /// It was so before.
    Known,
    /// There is no room for it.
    NoRoom,
}

impl State {
    /// Makes a change; whether something has changed.
    pub(crate) fn apply(&mut self, change: Change) -> bool {
        match change {
            Change::Accepted(accepted) => self.pool.insert(accepted),
            Change::Requested(request) => self.jobs.insert(request),
            Change::Ended(ended) => self.jobs.end(ended),
        }
    }

    /// Whether a change is still to be recorded, when so many bytes of signatures and so many
    /// requests are about to be.
    pub(crate) fn judge(&self, change: &Change, room: &mut Room) -> Outcome {
        match change {
            Change::Accepted(one) if self.pool.holds(&one.signed) => Outcome::Known,
            Change::Accepted(one) => room.take_bytes(Pool::bytes_of(&one.signed)),
            Change::Requested(_) => room.take_request(),
            Change::Ended(Ended { id, .. }) => match self.jobs.get(id) {
                Some(job) if job.is_active() => Outcome::Recorded,
                _ => Outcome::Known,
            },
        }
    }

    /// Drops what is older than a time; the names of the requests that are dropped.
    pub(crate) fn drop_before(&mut self, time: Time) -> Vec<String> {
        let Self { pool, jobs } = self;
        let dropped = jobs.drop_before(time);
        pool.drop_before(time, |claim| jobs.active().any(|job| job.claim() == claim));
        dropped
    }

    /// Shows the numbers.
    pub(crate) fn show(&self, metrics: &Metrics) {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        metrics.held.set(number(self.pool.len()));
        metrics.queue.set(number(self.jobs.active().count()));
    }
}

/// Room that is left.
pub(crate) struct Room {
    bytes: usize,
    requests: usize,
}

impl Room {
    /// What is left in a state.
    pub(crate) fn of(state: &State, pool_bytes: usize, queue: usize) -> Self {
        Self {
            bytes: pool_bytes.saturating_sub(state.pool.bytes()),
            requests: queue.saturating_sub(state.jobs.active().count()),
        }
    }

    fn take_bytes(&mut self, bytes: usize) -> Outcome {
        take(&mut self.bytes, bytes)
    }

    fn take_request(&mut self) -> Outcome {
        take(&mut self.requests, 1)
    }
}

fn take(left: &mut usize, number: usize) -> Outcome {
    match left.checked_sub(number) {
        Some(rest) => {
            *left = rest;
            Outcome::Recorded
        }
        None => Outcome::NoRoom,
    }
}

/// The word for an end.
pub(crate) const fn name(ending: &Ending) -> &'static str {
    match ending {
        Ending::Done { .. } => "done",
        Ending::Failed { .. } => "failed",
        Ending::Cancelled => "cancelled",
        Ending::Late => "late",
    }
}
