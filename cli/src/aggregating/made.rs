//! What is measured and reported of an aggregate or a merge.

use std::path::Path;
use std::time::Duration;

use leanvm_fast::proof::Summary;
use serde_json::{Value, json};

use crate::aggregating::batch::{Origin, Skipped, listing};
use crate::aggregating::done::Done;
use crate::measurements::Measurements;
use crate::program::outcome::{Sizes, memory};
use crate::report::{number, time};

/// A proof that was made, by either command.
pub(crate) struct Made<'a> {
    pub(crate) checking: Duration,
    pub(crate) execution: Duration,
    pub(crate) cycles: usize,
    pub(crate) memory_cells: usize,
    pub(crate) used_cells: usize,
    pub(crate) summary: &'a Summary,
    pub(crate) done: &'a Done,
}

impl Made<'_> {
    /// The times of the phases.
    pub(crate) fn measure_phases(&self, list: &mut Measurements, cpu: Option<Duration>) {
        list.field("seconds.cpu", cpu.map(|cpu| cpu.as_secs_f64()));
        if let Some(cpu) = cpu {
            list.figure("  of CPU", time(cpu));
        }
        list.time("  checking", "seconds.check", self.checking)
            .time("  executing", "seconds.execute", self.execution)
            .phases(self.summary.phases.iter().copied())
            .time("verifying", "seconds.verify", self.done.verifying)
            .processor();
    }

    /// The sizes, and what verifying has taken, which `leanvm bench` shows.
    pub(crate) fn measure_sizes(&self, list: &mut Measurements) {
        let sizes = Sizes::of(self.summary);
        list.bytes("aggregate", "aggregate_bytes", self.done.bytes.len());
        match &self.done.file {
            Some(file) => list.bytes("  with its claims", "file_bytes", file.len()),
            None => list.field("file_bytes", Value::Null),
        };
        list.count("cycles", "cycles", self.cycles);
        sizes.measure_tables(list);
        memory(list, self.memory_cells, self.used_cells);
        sizes.measure_commitment(list);
        let peak = peak_memory();
        if let Some(bytes) = peak {
            list.figure("peak memory", format!("{} MiB", number(bytes >> 20)));
        }
        list.field("peak_memory_bytes", peak);
        let phases = self.done.cost.phases.iter().copied();
        for (phase, permutations) in phases.chain([("total", self.done.cost.total())]) {
            let path = format!("verifier_permutations.{phase}");
            list.field(&format!("{path}.width_16"), permutations.width_16)
                .field(&format!("{path}.width_24"), permutations.width_24);
        }
    }
}

/// Where outputs were written to.
pub(crate) fn measure_outputs(
    list: &mut Measurements,
    output: Option<&Path>,
    signers: Option<&Path>,
) {
    for (label, name, path) in [
        ("written to", "output", output),
        ("signers", "signers", signers),
    ] {
        match path {
            Some(path) => list.words(label, name, path.display().to_string()),
            None => list.field(name, Value::Null),
        };
    }
}

/// Signatures that were left out, for programs.
pub(crate) fn skipped_json(skipped: &[Skipped], origin: &Origin) -> Vec<Value> {
    let one = |one: &Skipped| {
        let file = origin.file(one.index);
        json!({
            "index": one.index,
            "file": file.map(|path| path.display().to_string()),
            "reason": one.reason,
        })
    };
    skipped.iter().map(one).collect()
}

/// Signatures that were left out, for people.
pub(crate) fn skipped_text(skipped: &[Skipped], origin: &Origin) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let rows = skipped.iter();
    let rows = rows.map(|one| (origin.name(one.index), one.reason.clone()));
    format!("skipped: {}\n{}", skipped.len(), listing(rows))
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
