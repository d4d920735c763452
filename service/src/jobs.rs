//! The aggregates that were asked for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::change::{Change, Ended, Ending, Request, Time};
use crate::hex;
use crate::pool::Claim;

/// The steps of making an aggregate, in order: those that the library tells of, and the check of
/// what it made.
pub(crate) const PHASES: [&str; 10] = [
    "checking",
    "execution",
    "trace",
    "commitment",
    "leaves",
    "lookup",
    "permutations",
    "zerocheck",
    "opening",
    "verifying",
];

/// Most ended requests that are remembered.
const MAX_ENDED: usize = 1 << 10;

/// What the one who makes an aggregate shares with those who ask.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    /// Set to give up.
    pub(crate) cancel: Arc<AtomicBool>,
    /// Phases that have ended.
    pub(crate) phases: Arc<AtomicUsize>,
}

/// Where a request stands.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    Queued,
    Running(Work),
    Ended(Ended),
}

/// A request for an aggregate.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) message: Vec<u8>,
    pub(crate) stage: Stage,
    /// Requests before this one.
    number: u64,
}

impl Job {
    pub(crate) fn claim(&self) -> Claim<'_> {
        (self.request.slot, &self.message)
    }

    pub(crate) const fn is_active(&self) -> bool {
        !matches!(self.stage, Stage::Ended(_))
    }
}

/// The requests by their names.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: BTreeMap<String, Job>,
    number: u64,
}

impl Jobs {
    pub(crate) fn get(&self, id: &str) -> Option<&Job> {
        self.jobs.get(id)
    }

    /// Requests that wait or are at work.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values().filter(|job| job.is_active())
    }

    /// A request is there.
    pub(crate) fn insert(&mut self, request: Request) -> bool {
        let Some(message) = hex::decode(&request.message) else {
            return false;
        };
        if self.jobs.contains_key(&request.id) {
            return false;
        }
        let job = Job {
            message,
            stage: Stage::Queued,
            number: self.number,
            request,
        };
        self.number += 1;
        self.jobs.insert(job.request.id.clone(), job);
        true
    }

    /// A request has ended. Only the first end counts.
    pub(crate) fn end(&mut self, ended: Ended) -> bool {
        let Some(job) = self.jobs.get_mut(&ended.id) else {
            return false;
        };
        match &job.stage {
            Stage::Ended(_) => return false,
            Stage::Running(work) => work.cancel.store(true, Ordering::Relaxed),
            Stage::Queued => {}
        }
        job.stage = Stage::Ended(ended);
        true
    }

    /// Takes the oldest request that waits to work.
    pub(crate) fn next(&mut self) -> Option<(Job, Work)> {
        let queued = self.jobs.values_mut();
        let queued = queued.filter(|job| matches!(job.stage, Stage::Queued));
        let job = queued.min_by_key(|job| job.number)?;
        let work = Work::default();
        job.stage = Stage::Running(work.clone());
        Some((job.clone(), work))
    }

    /// Asks the work that is under way to end.
    pub(crate) fn interrupt(&self) {
        for job in self.jobs.values() {
            if let Stage::Running(work) = &job.stage {
                work.cancel.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Drops what has ended before a time, and the oldest of what has ended if it is too many.
    /// Returns the names.
    pub(crate) fn drop_before(&mut self, time: Time) -> Vec<String> {
        let mut ended: Vec<(Time, String)> = self.jobs.values().filter_map(ended_at).collect();
        ended.sort_unstable();
        let surplus = ended.len().saturating_sub(MAX_ENDED);
        let dropped = ended
            .into_iter()
            .enumerate()
            .filter(|(index, (at, _))| *index < surplus || *at < time)
            .map(|(_, (_, id))| id);
        let dropped: Vec<String> = dropped.collect();
        for id in &dropped {
            self.jobs.remove(id);
        }
        dropped
    }

    /// Whether a file of this name is that of an aggregate.
    pub(crate) fn has_file(&self, id: &str) -> bool {
        self.jobs.get(id).is_some_and(|job| {
            matches!(
                &job.stage,
                Stage::Ended(Ended {
                    ending: Ending::Done { .. },
                    ..
                })
            )
        })
    }

    /// What the journal must have for these requests.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let mut jobs: Vec<&Job> = self.jobs.values().collect();
        jobs.sort_by_key(|job| job.number);
        let mut changes = Vec::new();
        for job in jobs {
            changes.push(Change::Requested(job.request.clone()));
            if let Stage::Ended(ended) = &job.stage {
                changes.push(Change::Ended(ended.clone()));
            }
        }
        changes
    }
}

/// When a request ended, and its name.
fn ended_at(job: &Job) -> Option<(Time, String)> {
    match &job.stage {
        Stage::Ended(ended) => Some((ended.at, ended.id.clone())),
        _ => None,
    }
}
