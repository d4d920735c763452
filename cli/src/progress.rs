//! A spinner with the current phase, when standard error is a terminal.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

/// Shows the phases of long work and takes their times.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    /// Starts with a phase.
    pub(crate) fn start(phase: &'static str) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.set_message(phase);
        Self {
            bar,
            started: Instant::now(),
        }
    }

    /// Goes on to the next phase; returns the time of the last.
    pub(crate) fn next(&mut self, phase: &'static str) -> Duration {
        self.bar.set_message(phase);
        let elapsed = self.started.elapsed();
        self.started = Instant::now();
        elapsed
    }

    /// Ends; returns the time of the last phase.
    pub(crate) fn finish(self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
