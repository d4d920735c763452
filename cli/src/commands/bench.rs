//! `leanvm bench`: what aggregates of several sizes take, by phase, and the permutations of
//! verifying them.
//!
//! Each measurement is a process of its own that runs `leanvm aggregate`, so that none finds memory
//! or caches of the one before, and each has its own peak memory. The sizes take turns, so that
//! other work of the machine meets all of them.

mod plot;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use clap::Args;
use leanvm_fast::processor::Processor;
use serde_json::{Value, json};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::measurements::Measurements;
use crate::options::whole;
use crate::program::warnings::Warnings;
use crate::progress::Progress;
use crate::report::{Grid, Report, Side, number, time};
use crate::restart;

use plot::Plot;

/// Most sizes: as many columns as fit.
const MAX_SIZES: usize = 6;

/// How a figure is shown.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Seconds,
    PerSecond,
    Bytes,
    Mebibytes,
    Count,
}

impl Unit {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are far below 2^52, and not negative"
    )]
    fn text(self, value: f64) -> String {
        match self {
            Self::Seconds => time(Duration::from_secs_f64(value)),
            Self::PerSecond => format!("{value:.1}"),
            Self::Bytes | Self::Count => number(value as usize),
            Self::Mebibytes => format!("{} MiB", number(value as usize >> 20)),
        }
    }
}

/// The figures of `leanvm aggregate --json` that are shown: label, path of the field, unit.
const FIGURES: [(&str, &str, Unit); 32] = [
    ("aggregating", "seconds.aggregate", Unit::Seconds),
    ("  of CPU", "seconds.cpu", Unit::Seconds),
    ("  checking", "seconds.check", Unit::Seconds),
    ("  executing", "seconds.execute", Unit::Seconds),
    ("  trace", "seconds.phases.trace", Unit::Seconds),
    ("  commitment", "seconds.phases.commitment", Unit::Seconds),
    ("  leaves", "seconds.phases.leaves", Unit::Seconds),
    ("  lookup", "seconds.phases.lookup", Unit::Seconds),
    (
        "  permutations",
        "seconds.phases.permutations",
        Unit::Seconds,
    ),
    ("  zerocheck", "seconds.phases.zerocheck", Unit::Seconds),
    ("  opening", "seconds.phases.opening", Unit::Seconds),
    ("per second", "signatures_per_second", Unit::PerSecond),
    ("verifying", "seconds.verify", Unit::Seconds),
    ("peak memory", "peak_memory_bytes", Unit::Mebibytes),
    ("aggregate bytes", "aggregate_bytes", Unit::Bytes),
    ("cycles", "cycles", Unit::Count),
    ("hash rows", "hash_rows", Unit::Count),
    ("  per second", "hash_rows_per_second", Unit::Count),
    ("memory cells", "memory_cells", Unit::Count),
    ("committed cells", "committed_cells", Unit::Count),
    ("cells of rows", "row_cells", Unit::Count),
    ("log2 of leaves", "log_lookup_leaves", Unit::Count),
    (
        "verifier permutations",
        "verifier_permutations.total.width_16",
        Unit::Count,
    ),
    (
        "  list of keys",
        "verifier_permutations.list.width_16",
        Unit::Count,
    ),
    (
        "  statement",
        "verifier_permutations.statement.width_16",
        Unit::Count,
    ),
    (
        "  commitment",
        "verifier_permutations.commitment.width_16",
        Unit::Count,
    ),
    (
        "  lookup",
        "verifier_permutations.lookup.width_16",
        Unit::Count,
    ),
    (
        "  permutations",
        "verifier_permutations.permutations.width_16",
        Unit::Count,
    ),
    (
        "  zerocheck",
        "verifier_permutations.zerocheck.width_16",
        Unit::Count,
    ),
    (
        "  opening",
        "verifier_permutations.opening.width_16",
        Unit::Count,
    ),
    (
        "  trees",
        "verifier_permutations.trees.width_16",
        Unit::Count,
    ),
    (
        "  width 24, of trees",
        "verifier_permutations.trees.width_24",
        Unit::Count,
    ),
];

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Numbers of signatures, at most 6, of the sample of `leanvm aggregate --signatures`.
    #[arg(
        long,
        value_name = "N,N,…",
        value_delimiter = ',',
        default_value = "1,8,64",
        value_parser = whole::<usize>(1..=1 << 20)
    )]
    signatures: Vec<usize>,
    /// Runs of each size, of which medians are shown. One before them is not counted: it may make
    /// the sample.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = whole::<u16>(1..=1000))]
    repeat: u16,
    /// log2 of the inverse rate of the first code.
    #[arg(long, value_name = "1..4", default_value_t = 1, value_parser = whole::<u32>(1..=4))]
    log_inv_rate: u32,
    /// Threads; all cores if left out.
    #[arg(long, value_name = "N", value_parser = whole::<u16>(1..=1024))]
    threads: Option<u16>,
    /// Also draw the medians, as SVG: time by phase, time and memory by number of signatures.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

impl Command for Bench {
    fn name(&self) -> &'static str {
        "bench"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([], [self.plot.as_deref()])
    }

    fn proves(&self) -> bool {
        true
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        if self.signatures.len() > MAX_SIZES {
            let remedy = format!("give at most {MAX_SIZES} by --signatures");
            return Err(Failure::usage("too many sizes for a table", remedy));
        }
        let plot = self.plot.as_deref().map(Output::prepare).transpose()?;
        let rounds = 0..=self.repeat;
        let steps = rounds.clone().flat_map(|round| {
            let sizes = self.signatures.iter();
            sizes.map(move |size| match round {
                0 => format!("{size} signatures, not counted"),
                _ => format!("{size} signatures, run {round} of {}", self.repeat),
            })
        });
        let progress = Progress::start(steps);
        let mut runs: Vec<Vec<Value>> = vec![Vec::new(); self.signatures.len()];
        for round in rounds {
            for (size, runs) in self.signatures.iter().zip(&mut runs) {
                let figures = self.run(*size)?;
                if round > 0 {
                    runs.push(figures);
                }
                progress.next();
            }
        }
        progress.finish();
        if let Some(output) = plot {
            output.commit(self.picture(&runs)?.as_bytes())?;
        }
        Ok(self.report(&runs))
    }
}

impl Bench {
    /// Makes an aggregate of so many signatures; the result is what the command reports.
    fn run(&self, signatures: usize) -> Result<Value, Failure> {
        let failed = |reason: String| Failure::usage(reason, "run `leanvm aggregate` by itself");
        let mut process = restart::command()
            .map_err(|error| failed(format!("the file of this command: {error}")))?;
        process
            .args(["aggregate", "--json", "--signatures"])
            .arg(signatures.to_string())
            .arg(format!("--log-inv-rate={}", self.log_inv_rate))
            .args(self.threads.map(|threads| format!("--threads={threads}")))
            .stdin(Stdio::null());
        let output = process
            .output()
            .map_err(|error| failed(format!("{signatures} signatures: {error}")))?;
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if output.status.success() {
            return Ok(json);
        }
        let told = |name: &str| json[name].as_str().map(str::to_owned);
        let reason = told("reason").unwrap_or_else(|| output.status.to_string());
        let failure = failed(format!("{signatures} signatures: {reason}"));
        Err(match told("remedy") {
            Some(remedy) => failure.with_remedy(remedy),
            None => failure,
        })
    }

    /// The medians as a picture.
    fn picture(&self, runs: &[Vec<Value>]) -> Result<String, Failure> {
        let medians = |path: &str| -> Option<Vec<f64>> {
            let spreads = runs.iter().map(|runs| Spread::of(runs, path));
            spreads.map(|spread| Some(spread?.median)).collect()
        };
        let phases = FIGURES.iter().filter(|(label, path, _)| {
            label.starts_with(' ') && path.starts_with("seconds.") && *path != "seconds.cpu"
        });
        let plot = Plot {
            sizes: &self.signatures,
            phases: phases
                .filter_map(|(label, path, _)| Some((label.trim(), medians(path)?)))
                .collect(),
            seconds: medians("seconds.aggregate").unwrap_or_default(),
            mebibytes: medians("peak_memory_bytes")
                .map(|all| all.iter().map(|bytes| bytes / f64::from(1 << 20)).collect()),
        };
        plot.svg()
            .map_err(|reason| Failure::usage(format!("the plot: {reason}"), "leave out --plot"))
    }

    /// Medians of the runs of each size.
    fn report(&self, runs: &[Vec<Value>]) -> Report {
        let sizes: Vec<String> = self.signatures.iter().copied().map(number).collect();
        let columns = sizes.iter().map(|size| (size.as_str(), Side::Right));
        let head: Vec<_> = [("signatures", Side::Left)]
            .into_iter()
            .chain(columns)
            .collect();
        let mut grid = Grid::new(&head);
        let mut lists: Vec<Measurements> = Vec::new();
        for size in &self.signatures {
            let mut list = Measurements::default();
            list.field("signatures", *size);
            lists.push(list);
        }
        for (label, path, unit) in FIGURES {
            let spreads: Option<Vec<Spread>> =
                runs.iter().map(|runs| Spread::of(runs, path)).collect();
            // A system may lack a figure.
            let Some(spreads) = spreads else { continue };
            let texts: Vec<String> = spreads.iter().map(|all| unit.text(all.median)).collect();
            grid.row([label].into_iter().chain(texts.iter().map(String::as_str)));
            for (list, spread) in lists.iter_mut().zip(&spreads) {
                list.field(path, spread.json());
            }
        }
        let threads = self
            .threads
            .map_or("all".to_owned(), |threads| threads.to_string());
        let text = format!(
            "medians of {} runs, rate 1/2^{}, threads: {threads}, instructions: {}\n\n{}",
            self.repeat,
            self.log_inv_rate,
            Processor::here().in_use(),
            grid.text()
        );
        let mut measurements = Measurements::default();
        measurements
            .field("log_inv_rate", self.log_inv_rate)
            .field("repeat", self.repeat)
            .field("threads", self.threads)
            .field(
                "plot",
                self.plot.as_ref().map(|path| path.display().to_string()),
            )
            .field(
                "sizes",
                lists
                    .iter()
                    .map(|list| list.report().json)
                    .collect::<Vec<_>>(),
            )
            .processor();
        let json = measurements.report().json;
        Report { text, json }
    }
}

/// The least, the middle and the greatest of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    least: f64,
    median: f64,
    greatest: f64,
}

impl Spread {
    /// Of the field at a path of each run; none if a run lacks it.
    fn of(runs: &[Value], path: &str) -> Option<Self> {
        let pointer = format!("/{}", path.replace('.', "/"));
        let values = runs.iter().map(|run| run.pointer(&pointer)?.as_f64());
        let mut values: Vec<f64> = values.collect::<Option<_>>()?;
        values.sort_by(f64::total_cmp);
        let (least, greatest) = (*values.first()?, *values.last()?);
        let middle = &values[(values.len() - 1) / 2..=values.len() / 2];
        let median = f64::midpoint(*middle.first()?, *middle.last()?);
        Some(Self {
            least,
            median,
            greatest,
        })
    }

    fn json(self) -> Value {
        json!({ "least": self.least, "median": self.median, "greatest": self.greatest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        let spread = |values: &[f64]| {
            let runs: Vec<Value> = values.iter().map(|x| json!({ "a": { "b": x } })).collect();
            Spread::of(&runs, "a.b").map(|spread| (spread.least, spread.median, spread.greatest))
        };
        assert_eq!(spread(&[7.0]), Some((7.0, 7.0, 7.0)));
        assert_eq!(spread(&[9.0, 1.0]), Some((1.0, 5.0, 9.0)));
        assert_eq!(spread(&[3.0, 100.0, 2.0]), Some((2.0, 3.0, 100.0)));
        assert_eq!(spread(&[4.0, 1.0, 2.0, 9.0]), Some((1.0, 3.0, 9.0)));
        assert_eq!(spread(&[]), None);
        assert_eq!(Spread::of(&[json!({ "a": null })], "a.b"), None);
    }
}
