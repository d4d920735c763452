//! What a fork leaves behind. The child of a process has its memory, and none of its threads but
//! one: work that waits for the shared threads would wait for ever, and two processes would sign
//! with one key.

use std::num::NonZeroUsize;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::available_parallelism;

use leanvm_fast::threads;

use crate::status::{Failure, Status};

/// The number of threads for work: none for the shared ones, which belong to the process that asks
/// first; a child of it has threads for each call.
pub(crate) fn threads(given: Option<NonZeroUsize>) -> Option<NonZeroUsize> {
    /// The process of the shared threads; 0 before they are used.
    static OWNER: AtomicU32 = AtomicU32::new(0);
    if given.is_some() {
        return given;
    }
    let here = process::id();
    match OWNER.compare_exchange(0, here, Ordering::Relaxed, Ordering::Relaxed) {
        Err(owner) if owner != here => available_parallelism().ok().or(NonZeroUsize::new(1)),
        _ => None,
    }
}

/// Does work that has no option of threads.
pub(crate) fn on_threads<T: Send>(
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    threads::install(threads(None), work)
        .map_err(|error| Failure::new(Status::System, format!("threads: {error}")))?
}
