//! How calls do their work: without the interpreter, and so that a signal, another thread or a
//! deadline can end it.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{Builder, available_parallelism};
use std::time::{Duration, Instant};

use leanvm_fast::threads;
use pyo3::prelude::*;

use crate::arguments::Number;
use crate::failures::{Failure, Kind};

/// How often the caller of long work looks for signals.
const POLL: Duration = Duration::from_millis(50);
/// How long work that is given up may take to end; after that it ends by itself.
const GRACE: Duration = Duration::from_millis(300);

#[cfg(panic = "abort")]
compile_error!("a panic is an exception: leanvm-python is built with panic = \"unwind\"");

/// A flag by which another thread cancels work.
#[pyclass(frozen, module = "leanvm")]
#[derive(Debug, Default)]
pub(crate) struct Cancel {
    is_set: Arc<AtomicBool>,
}

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Sets the flag, for good.
    fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }

    fn __repr__(&self) -> String {
        let is_set = if self.is_set() { "set" } else { "not set" };
        format!("<leanvm.Cancel, {is_set}>")
    }
}

/// What bounds work.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
    threads: Option<NonZeroUsize>,
}

impl Bounds {
    pub(crate) fn new(
        timeout: Option<f64>,
        cancel: Option<&Bound<'_, Cancel>>,
        threads: Option<Number>,
    ) -> Result<Self, Failure> {
        let threads = match threads {
            None => None,
            Some(Number(0)) => return Err(Failure::input("threads: at least 1")),
            Some(Number(threads)) => {
                NonZeroUsize::new(usize::try_from(threads).unwrap_or(usize::MAX))
            }
        };
        Ok(Self {
            deadline: timeout.map(deadline).transpose()?.flatten(),
            cancel: cancel.map(|cancel| cancel.get().is_set.clone()),
            threads,
        })
    }

    /// Why to give up now, if there is a reason.
    fn reached(&self) -> Option<Failure> {
        let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
        if self.cancel.as_ref().is_some_and(is_set) {
            return Some(Failure::new(Kind::Cancelled, "the work was cancelled"));
        }
        let is_past = self.deadline.is_some_and(|time| Instant::now() >= time);
        is_past.then(|| Failure::new(Kind::LimitReached, "the deadline passed"))
    }
}

/// The time after so many seconds; none if the clock does not reach it.
fn deadline(seconds: f64) -> Result<Option<Instant>, Failure> {
    if seconds.is_nan() || seconds < 0.0 {
        let text = format!("timeout: seconds from now on, not {seconds}");
        return Err(Failure::input(text));
    }
    let duration = Duration::try_from_secs_f64(seconds).ok();
    Ok(duration.and_then(|duration| Instant::now().checked_add(duration)))
}

/// Work, of which a panic is a failure. What it leaves half done is dropped, or behind a lock which
/// is poisoned.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(Failure::panic(payload)))
}

/// Does work of some milliseconds, on this thread.
pub(crate) fn short<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> PyResult<T> {
    Ok(py.detach(|| guarded(work))?)
}

/// Does work on another thread, which has what it needs and is told by a flag to give up. The
/// caller runs the handlers of signals meanwhile.
pub(crate) fn long<T: Send + 'static>(
    py: Python<'_>,
    bounds: &Bounds,
    work: impl FnOnce(&AtomicBool) -> Result<T, Failure> + Send + 'static,
) -> PyResult<T> {
    let give_up = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = channel();
    let threads = threads_here(bounds.threads);
    let flag = give_up.clone();
    let body = move || {
        let result = guarded(|| {
            threads::install(threads, || work(&flag))
                .map_err(|error| Failure::new(Kind::SystemFailure, format!("threads: {error}")))?
        });
        // Nobody waits for work that was given up.
        let _ = sender.send(result);
    };
    let spawned = Builder::new().name("leanvm".to_owned()).spawn(body);
    spawned.map_err(|error| Failure::system(&error).of("a thread"))?;
    wait(py, bounds, &give_up, receiver)
}

fn wait<T: Send>(
    py: Python<'_>,
    bounds: &Bounds,
    give_up: &AtomicBool,
    mut receiver: Receiver<Result<T, Failure>>,
) -> PyResult<T> {
    let lost = || {
        let text = "a defect of leanvm, please report it: the work ended without a result";
        Failure::new(Kind::InternalError, text)
    };
    let mut receive = |time| {
        // A receiver is for one thread at a time, as a mutable reference is.
        let receiver = &mut receiver;
        py.detach(move || receiver.recv_timeout(time))
    };
    loop {
        match receive(POLL) {
            Ok(result) => return Ok(result?),
            Err(RecvTimeoutError::Disconnected) => return Err(lost().into()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(interrupt) = py.check_signals() {
            give_up.store(true, Ordering::Relaxed);
            let _ = receive(GRACE);
            return Err(interrupt);
        }
        if let Some(reason) = bounds.reached() {
            give_up.store(true, Ordering::Relaxed);
            return match receive(GRACE) {
                Ok(Ok(result)) => Ok(result),
                Ok(Err(failure)) if !failure.is_cancelled() => Err(failure.into()),
                _ => Err(reason.into()),
            };
        }
    }
}

/// Whether work goes on, for those that ask meanwhile.
pub(crate) fn go_on(give_up: &AtomicBool) -> ControlFlow<()> {
    if give_up.load(Ordering::Relaxed) {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

/// The number of threads for work: none for the shared ones, which belong to the process that asks
/// first; a child of it, which does not have them, has threads for each call.
fn threads_here(given: Option<NonZeroUsize>) -> Option<NonZeroUsize> {
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

/// For the tests: work that panics.
#[pyfunction]
#[pyo3(name = "_panics")]
pub(crate) fn panics(py: Python<'_>, is_long: bool) -> PyResult<()> {
    if is_long {
        long(py, &Bounds::default(), |_| panic!("as the tests ask for"))
    } else {
        short(py, || panic!("as the tests ask for"))
    }
}
