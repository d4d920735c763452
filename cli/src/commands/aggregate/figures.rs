//! The report about an aggregate that was made.

use std::path::Path;
use std::time::Duration;

use leanvm_fast::aggregation;
use leanvm_fast::cost::Cost;
use serde_json::{Value, json};

use crate::commands::aggregate::batch::{Origin, Skipped, listing};
use crate::measurements::Measurements;
use crate::program::outcome::{Sizes, memory};
use crate::report::{Report, number, time};
use crate::signature::claims::Claims;

/// The measurements of the command; the others are in the report of the library.
pub(crate) struct Figures<'a> {
    pub(crate) claims: &'a Claims,
    pub(crate) bytes: usize,
    pub(crate) log_inv_rate: u32,
    pub(crate) origin: &'a Origin,
    pub(crate) skipped: &'a [Skipped],
    pub(crate) preparing: Duration,
    pub(crate) aggregating: Duration,
    pub(crate) cpu: Option<Duration>,
    pub(crate) verifying: Duration,
    pub(crate) cost: Cost,
    pub(crate) output: Option<&'a Path>,
    pub(crate) signers: Option<&'a Path>,
}

impl Figures<'_> {
    /// For people and programs.
    pub(crate) fn report<R>(&self, report: &aggregation::Report<R>) -> Report {
        let mut list = Measurements::default();
        self.measure_times(&mut list, report);
        self.measure_sizes(&mut list, report);
        self.measure_cost(&mut list);
        self.measure_outputs(&mut list);
        let skipped = self.skipped.iter().map(|one| self.skipped_json(one));
        list.field("skipped", skipped.collect::<Vec<Value>>());
        let mut report = list.report();
        if !self.skipped.is_empty() {
            let rows = self.skipped.iter();
            let rows = rows.map(|one| (self.origin.name(one.index), one.reason.clone()));
            let count = self.skipped.len();
            let skipped = format!("skipped: {count}\n{}", listing(rows));
            report.text.push_str(&skipped);
        }
        report
    }

    fn measure_times<R>(&self, list: &mut Measurements, report: &aggregation::Report<R>) {
        #[expect(clippy::cast_precision_loss, reason = "for display")]
        let per_second = |count: usize| count as f64 / self.aggregating.as_secs_f64();
        let hash_rows = Sizes::of(&report.summary).hash_rows();
        let signatures_per_second = per_second(self.claims.len());
        list.field("scheme", self.claims.scheme().name())
            .field("log_inv_rate", self.log_inv_rate)
            .count("signatures", "signatures", self.claims.len())
            .figure("  per second", format!("{signatures_per_second:.1}"))
            .field("signatures_per_second", signatures_per_second)
            .field("hash_rows", hash_rows)
            .field("hash_rows_per_second", per_second(hash_rows))
            .time(self.origin.label(), "seconds.prepare", self.preparing)
            .time("aggregating", "seconds.aggregate", self.aggregating);
        list.field("seconds.cpu", self.cpu.map(|cpu| cpu.as_secs_f64()));
        if let Some(cpu) = self.cpu {
            list.figure("  of CPU", time(cpu));
        }
        list.time("  checking", "seconds.check", report.checking)
            .time("  executing", "seconds.execute", report.execution)
            .phases(report.summary.phases.iter().copied())
            .time("verifying", "seconds.verify", self.verifying)
            .processor();
    }

    fn measure_sizes<R>(&self, list: &mut Measurements, report: &aggregation::Report<R>) {
        let sizes = Sizes::of(&report.summary);
        list.bytes("aggregate", "aggregate_bytes", self.bytes)
            .count("cycles", "cycles", report.cycles);
        sizes.measure_tables(list);
        memory(list, report.memory_cells, report.used_cells);
        sizes.measure_commitment(list);
        let peak = peak_memory();
        if let Some(bytes) = peak {
            list.figure("peak memory", format!("{} MiB", number(bytes >> 20)));
        }
        list.field("peak_memory_bytes", peak);
    }

    /// What verifying has taken, which `leanvm bench` shows.
    fn measure_cost(&self, list: &mut Measurements) {
        let phases = self.cost.phases.iter().copied();
        for (phase, permutations) in phases.chain([("total", self.cost.total())]) {
            let path = format!("verifier_permutations.{phase}");
            list.field(&format!("{path}.width_16"), permutations.width_16)
                .field(&format!("{path}.width_24"), permutations.width_24);
        }
    }

    fn measure_outputs(&self, list: &mut Measurements) {
        for (label, name, path) in [
            ("written to", "output", self.output),
            ("signers", "signers", self.signers),
        ] {
            match path {
                Some(path) => list.words(label, name, path.display().to_string()),
                None => list.field(name, Value::Null),
            };
        }
    }

    fn skipped_json(&self, one: &Skipped) -> Value {
        let file = self.origin.file(one.index);
        json!({
            "index": one.index,
            "file": file.map(|path| path.display().to_string()),
            "reason": one.reason,
        })
    }
}

/// The time that this process has had on all CPUs, if the system reports it.
#[cfg(unix)]
pub(crate) fn cpu_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::ProcessCPUTime).try_into().ok()
}

/// The time that this process has had on all CPUs, if the system reports it.
#[cfg(not(unix))]
pub(crate) fn cpu_time() -> Option<Duration> {
    None
}

/// The peak memory of this process, if the system reports it.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
