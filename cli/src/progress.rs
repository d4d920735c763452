//! Which step of long work is running, and for how long, when standard error is a terminal: `[3/7]
//! lookup 1.2 s`, with a bar where a count is known.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// How often the display is refreshed.
const TICK: Duration = Duration::from_millis(100);

/// The phases of the production prover, in order, which are steps of the work.
pub(crate) const PROVER_PHASES: [&str; 7] = [
    "trace",
    "commitment",
    "leaves",
    "lookup",
    "permutations",
    "zerocheck",
    "opening",
];

/// Shows the steps of long work and measures their times. Any thread may report progress.
pub(crate) struct Progress {
    bar: ProgressBar,
    steps: Vec<String>,
    running: Mutex<Running>,
}

/// The step that is running.
struct Running {
    index: usize,
    since: Instant,
}

impl Progress {
    /// Starts the first of the given steps.
    pub(crate) fn start<S: Into<String>>(steps: impl IntoIterator<Item = S>) -> Self {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let progress = Self::on(target, steps);
        progress.bar.enable_steady_tick(TICK);
        progress
    }

    fn on<S: Into<String>>(target: ProgressDrawTarget, steps: impl IntoIterator<Item = S>) -> Self {
        let progress = Self {
            bar: ProgressBar::hidden(),
            steps: steps.into_iter().map(Into::into).collect(),
            running: Mutex::new(Running {
                index: 0,
                since: Instant::now(),
            }),
        };
        progress.show(0);
        progress.bar.set_draw_target(target);
        progress.bar.tick();
        progress
    }

    fn style(&self, template: &str) {
        let seconds = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
            let _ = write!(to, "{:.1} s", state.elapsed().as_secs_f64());
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.with_key("seconds", seconds));
        }
    }

    /// Sets number and name together, so that a number is never shown with the name of another
    /// step.
    fn show(&self, index: usize) {
        let step = self.steps.get(index).map_or("", String::as_str);
        let name = format!("[{}/{}] {step}", index + 1, self.steps.len());
        self.style("{msg} {seconds}");
        self.bar.unset_length();
        self.bar.reset_elapsed();
        self.bar.set_message(name);
    }

    /// Reports that `more` of `total` was done in this step.
    pub(crate) fn advance(&self, more: u64, total: u64) {
        self.show_bar(total);
        self.bar.inc(more);
    }

    /// Reports that `done` of `total` is done in this step.
    pub(crate) fn reach(&self, done: u64, total: u64) {
        self.show_bar(total);
        self.bar.set_position(done);
    }

    fn show_bar(&self, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_position(0);
            self.bar.set_length(total);
            self.style("{msg} {seconds} {bar:30} {human_pos}/{human_len}");
        }
    }

    /// Starts the next step; returns the time of the one that ended.
    pub(crate) fn next(&self) -> Duration {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = running.since.elapsed();
        running.index += 1;
        running.since = Instant::now();
        self.show(running.index);
        elapsed
    }

    /// Ends the last step; returns its time.
    pub(crate) fn finish(self) -> Duration {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.since.elapsed()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps all that is written.
    #[derive(Clone, Debug, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            written.push_str(text);
            written.push('\n');
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_step_its_number_and_its_time_are_shown() {
        let paper = Paper::default();
        let target = ProgressDrawTarget::term_like(Box::new(paper.clone()));
        let progress = Progress::on(target, ["executing", "proving"]);
        progress.next();
        progress.reach(1000, 2000);
        progress.advance(500, 2000);
        progress.bar.tick();
        progress.finish();
        let written = paper.0.lock().unwrap_or_else(PoisonError::into_inner);
        for expected in ["[1/2] executing 0.", "[2/2] proving ", "1,500/2,000"] {
            assert!(written.contains(expected), "{expected} in {written}");
        }
    }
}
