//! The thread that writes the journal. What comes while it writes is written next, all at once, so
//! that many clients wait for one write to the disk.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::change::{Change, now};
use crate::journal::{Journal, WriteError, sweep_results};
use crate::shared::Shared;
use crate::state::{Outcome, Room, name};

/// Most changes of one write.
const MAX_CHANGES: usize = 1 << 12;
/// Most lists of changes that wait.
const WAITING: usize = 1 << 8;

/// A change, with its entry of the journal.
pub(crate) struct Item {
    change: Change,
    entry: String,
}

impl From<Change> for Item {
    fn from(change: Change) -> Self {
        let entry = change.to_json();
        Self { change, entry }
    }
}

/// What became of each change of a list.
pub(crate) type Answer = Result<Vec<Outcome>, WriteError>;

/// What the thread is asked for.
pub(crate) enum Command {
    /// To record changes.
    Record(Vec<Item>, oneshot::Sender<Answer>),
    /// To drop what is too old.
    Tidy,
    /// To end.
    Stop,
}

/// Where commands are given, and where they come out.
pub(crate) fn channel() -> (mpsc::Sender<Command>, mpsc::Receiver<Command>) {
    mpsc::channel(WAITING)
}

/// The thread.
pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) journal: Journal,
    pub(crate) commands: mpsc::Receiver<Command>,
}

type Lists = Vec<(Vec<Item>, oneshot::Sender<Answer>)>;

impl Writer {
    /// Does what is asked for until the end.
    pub(crate) fn run(mut self) {
        self.tidy();
        let mut go_on = true;
        while go_on && let Some(first) = self.commands.blocking_recv() {
            let (mut lists, mut changes, mut tidy) = (Lists::new(), 0, false);
            let mut next = Some(first);
            while let Some(command) = next {
                match command {
                    Command::Record(items, answer) => {
                        changes += items.len();
                        lists.push((items, answer));
                    }
                    Command::Tidy => tidy = true,
                    Command::Stop => go_on = false,
                }
                // What is not taken now waits for the next write.
                next = if go_on && changes < MAX_CHANGES {
                    self.commands.try_recv().ok()
                } else {
                    None
                };
            }
            self.record(lists);
            if tidy {
                self.tidy();
            }
        }
    }

    /// Records changes, makes them, and says so.
    fn record(&mut self, lists: Lists) {
        let judged = self.judge(lists);
        let mut entries = Vec::new();
        for (items, outcomes, _) in &judged {
            let wanted = items.iter().zip(outcomes);
            let wanted = wanted.filter(|(_, outcome)| **outcome == Outcome::Recorded);
            entries.extend(wanted.map(|(item, _)| item.entry.clone()));
        }
        let written = match entries.as_slice() {
            [] => Ok(()),
            entries => {
                self.shared.metrics.commits.inc();
                self.journal.append(entries)
            }
        };
        if !entries.is_empty() {
            self.shared.note_journal(&self.journal, written.err());
        }
        for (items, outcomes, answer) in judged {
            let answered = match written {
                Ok(()) => Ok(self.make(items, outcomes)),
                Err(error) if outcomes.contains(&Outcome::Recorded) => Err(error),
                Err(_) => Ok(outcomes),
            };
            // Who asked may have gone.
            let _ = answer.send(answered);
        }
        self.shared.changed();
    }

    fn judge(&self, lists: Lists) -> Vec<(Vec<Item>, Vec<Outcome>, oneshot::Sender<Answer>)> {
        let settings = &self.shared.settings;
        let state = self.shared.state();
        let mut room = Room::of(&state, settings.pool_bytes, settings.queue);
        let judged = lists.into_iter().map(|(items, answer)| {
            let outcomes = items
                .iter()
                .map(|item| state.judge(&item.change, &mut room));
            let outcomes = outcomes.collect();
            (items, outcomes, answer)
        });
        judged.collect()
    }

    /// Makes the changes that are recorded.
    fn make(&self, items: Vec<Item>, mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let mut state = self.shared.state();
        for (item, outcome) in items.into_iter().zip(&mut outcomes) {
            if *outcome != Outcome::Recorded {
                continue;
            }
            let ended = match &item.change {
                Change::Ended(ended) => Some(name(&ended.ending)),
                _ => None,
            };
            if !state.apply(item.change) {
                *outcome = Outcome::Known;
            } else if let Some(name) = ended {
                self.shared.metrics.ended(name);
            }
        }
        outcomes
    }

    /// Drops what is too old; writes the journal anew if most of it is.
    fn tidy(&mut self) {
        if self.shared.is_failing() {
            // Whether it is well again.
            let error = self.journal.append(&[]).err();
            self.shared.note_journal(&self.journal, error);
        }
        let needed = self.drop_old();
        let least = self.shared.settings.least_compaction;
        if self.journal.length() > least.max(2 * needed) && !self.journal.is_broken() {
            self.rewrite();
        }
        self.shared.note_journal(&self.journal, None);
        self.shared.changed();
    }

    /// Drops what is too old; about how many bytes of the journal the rest takes.
    fn drop_old(&self) -> u64 {
        let settings = &self.shared.settings;
        let keep = u64::try_from(settings.keep.as_millis()).unwrap_or(u64::MAX);
        let mut state = self.shared.state();
        let dropped = state.drop_before(now().saturating_sub(keep));
        if !dropped.is_empty() {
            sweep_results(&settings.journal, |id| state.jobs.has_file(id));
        }
        // A byte is two digits.
        2 * state.pool.bytes() as u64
    }

    /// Writes the journal anew. Only this thread adds and drops signatures, so the others may go on
    /// between two claims.
    fn rewrite(&mut self) {
        let shared = &self.shared;
        let claims = shared.state().pool.claims();
        let signatures = claims
            .into_iter()
            .flat_map(|(slot, message)| shared.state().pool.changes((slot, &message)));
        let jobs = shared.state().jobs.changes();
        if let Err(error) = self.journal.rewrite(signatures.chain(jobs)) {
            shared.say(&format!("the journal cannot be written anew: {error}"));
        }
    }
}
