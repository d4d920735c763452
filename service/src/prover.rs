//! The thread that makes aggregates, one at a time, on the threads of the library.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use leanvm_fast::aggregation::{
    Aggregate, AggregationError, Options, Progress, Stop, aggregate_with_report,
};
use leanvm_fast::allocator::give_back_memory;
use leanvm_fast::merging::{AggregateFile, AnyAggregate, Claim, FileClaim, verify_claims};
use leanvm_fast::xmss::{Message, PublicKey, Signature};

use crate::change::{Change, Ended, Ending, now};
use crate::jobs::{Job, PHASES, Work};
use crate::journal::store_result;
use crate::shared::Shared;

/// Why there is no aggregate.
enum Refused {
    /// Somebody or the deadline has ended the work.
    Stopped(Stop),
    /// It cannot be made.
    Failed { code: &'static str, message: String },
}

impl Refused {
    fn failed(code: &'static str, error: &dyn std::fmt::Display) -> Self {
        let message = error.to_string();
        Self::Failed { code, message }
    }
}

impl From<AggregationError> for Refused {
    fn from(error: AggregationError) -> Self {
        let code = match &error {
            AggregationError::Stopped { cause, .. } => return Self::Stopped(*cause),
            AggregationError::NoSignatures => "no-signatures",
            AggregationError::TooMany { .. } => "too-many-signatures",
            AggregationError::Memory { .. } => "memory",
            _ => "prover",
        };
        Self::failed(code, &error)
    }
}

/// Makes aggregates until the service stops.
pub(crate) fn run(shared: &Shared) {
    loop {
        let mut state = shared.state();
        let (job, work) = loop {
            if shared.is_stopping() {
                return;
            }
            match state.jobs.next() {
                Some(next) => break next,
                None => state = shared.wait(state),
            }
        };
        let signatures = state.pool.signatures(job.claim());
        drop(state);
        if let Some(ending) = end(shared, &job, &work, &signatures) {
            let (at, id) = (now(), job.request.id.clone());
            let ended = Change::Ended(Ended { at, id, ending });
            if let Err(error) = shared.record_now(ended.clone()) {
                shared.say(&format!("the end of a request is not recorded: {error:?}"));
                // It is as it is until the next start, which makes the aggregate again.
                shared.state().apply(ended);
                shared.changed();
            }
        }
        drop(signatures);
        give_back_memory();
    }
}

/// How a request ends; `None` if the service stops first.
fn end(
    shared: &Shared,
    job: &Job,
    work: &Work,
    signatures: &[(PublicKey, Signature)],
) -> Option<Ending> {
    let begun = Instant::now();
    let made = catch_unwind(AssertUnwindSafe(|| make(shared, job, work, signatures)));
    let made = made.unwrap_or_else(|_| {
        let text = "the prover has stopped for a reason of its own";
        Err(Refused::failed("prover", &text))
    });
    match made {
        Ok((signers, bytes)) => {
            let proving = begun.elapsed();
            let since = Duration::from_millis(now().saturating_sub(job.request.at));
            shared.metrics.made(since, proving);
            Some(Ending::Done {
                signers,
                bytes,
                proving_ms: u64::try_from(proving.as_millis()).unwrap_or(u64::MAX),
            })
        }
        Err(Refused::Stopped(Stop::Cancelled)) if shared.is_stopping() => None,
        Err(Refused::Stopped(Stop::Cancelled)) => Some(Ending::Cancelled),
        Err(Refused::Stopped(_)) => Some(Ending::Late),
        Err(Refused::Failed { code, message }) => Some(Ending::Failed {
            code: code.to_owned(),
            message,
        }),
    }
}

/// Makes and stores the file; the numbers of signers and bytes.
fn make(
    shared: &Shared,
    job: &Job,
    work: &Work,
    signatures: &[(PublicKey, Signature)],
) -> Result<(usize, usize), Refused> {
    let (slot, bytes) = job.claim();
    let message = Message::from_bytes(bytes).map_err(|error| Refused::failed("message", &error))?;
    let progress = |reached: Progress| {
        if let Progress::Phase(name) = reached
            && let Some(index) = PHASES.iter().position(|phase| *phase == name)
        {
            work.phases.store(index + 1, Ordering::Relaxed);
        }
    };
    let left = Duration::from_millis(job.request.deadline.saturating_sub(now()));
    let mut options = Options::default()
        .log_inv_rate(job.request.log_inv_rate)
        .skip_invalid()
        .cancel(&work.cancel)
        .progress(&progress);
    options.deadline = Instant::now().checked_add(left);
    options.threads = shared.settings.threads;
    options.memory_limit = shared.settings.memory_limit;
    let (aggregate, report) = aggregate_with_report(&message, slot, signatures, &options)?;
    let skipped = report
        .skipped
        .iter()
        .map(|one| one.index)
        .collect::<Vec<_>>();
    let keys = signatures.iter().enumerate();
    let keys = keys.filter(|(index, _)| !skipped.contains(index));
    let keys: Vec<_> = keys.map(|(_, (key, _))| *key).collect();
    let signers = keys.len();
    let file = file(slot, bytes, keys, &aggregate)?;
    work.phases.store(PHASES.len(), Ordering::Relaxed);
    let stored = store_result(&shared.settings.journal, &job.request.id, &file);
    stored.map_err(|error| Refused::failed("journal", &error))?;
    Ok((signers, file.len()))
}

/// The bytes of the file, after its verifier has accepted it.
fn file(
    slot: u32,
    message: &[u8],
    keys: Vec<PublicKey>,
    aggregate: &Aggregate,
) -> Result<Vec<u8>, Refused> {
    let refused = |error: &dyn std::fmt::Display| Refused::failed("prover", error);
    let aggregate =
        AnyAggregate::from_bytes(&aggregate.to_bytes()).map_err(|error| refused(&error))?;
    let claim = FileClaim::new(slot, message.to_vec(), keys).map_err(|error| refused(&error))?;
    let file = AggregateFile::new(vec![claim], aggregate).map_err(|error| refused(&error))?;
    let claims: Vec<Claim> = file
        .claims()
        .iter()
        .map(|one| one.claim().clone())
        .collect();
    verify_claims(&claims, file.aggregate()).map_err(|error| refused(&error))?;
    Ok(file.to_bytes())
}

/// Waits for the end of the work under way, or ends it when the time is over.
pub(crate) fn finish(shared: &Arc<Shared>, thread: std::thread::JoinHandle<()>, grace: Duration) {
    let end = Instant::now() + grace;
    while !thread.is_finished() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    shared.state().jobs.interrupt();
    let _ = thread.join();
}
