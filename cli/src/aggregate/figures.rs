//! What is said of an aggregate that was made.

use std::path::Path;
use std::time::Duration;

use leanvm_fast::aggregation;
use serde_json::{Map, Value, json};

use super::arguments::Aggregate;
use super::records::{Origin, Skipped};
use super::schemes::Claims;
use crate::engine::TABLES;
use crate::report::{Report, Table, number, share, time};

/// What is measured here; the rest is in the report of the library.
pub(super) struct Figures<'a> {
    pub(super) claims: &'a Claims,
    pub(super) bytes: usize,
    pub(super) origin: &'a Origin,
    pub(super) skipped: &'a [Skipped],
    pub(super) preparing: Duration,
    pub(super) aggregating: Duration,
    pub(super) verifying: Duration,
}

impl Figures<'_> {
    /// For people and programs.
    pub(super) fn report<R>(
        &self,
        report: &aggregation::Report<R>,
        arguments: &Aggregate,
    ) -> Report {
        let peak = peak_memory();
        Report {
            text: self.text(report, arguments, peak),
            json: self.json(report, arguments, peak),
        }
    }

    fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "for display")]
        let count = self.claims.len() as f64;
        count / self.aggregating.as_secs_f64()
    }

    fn text<R>(
        &self,
        report: &aggregation::Report<R>,
        arguments: &Aggregate,
        peak: Option<usize>,
    ) -> String {
        let summary = &report.summary;
        let mut table = Table::default();
        table
            .figure("signatures", number(self.claims.len()))
            .figure("  per second", format!("{:.1}", self.per_second()))
            .figure(self.origin.label(), time(self.preparing))
            .figure("aggregating", time(self.aggregating))
            .figure("  checking", time(report.checking))
            .figure("  executing", time(report.execution));
        for (phase, elapsed) in &summary.phases {
            table.figure(format!("  {phase}"), time(*elapsed));
        }
        table
            .figure("verifying", time(self.verifying))
            .figure("aggregate", format!("{} bytes", number(self.bytes)))
            .figure("cycles", number(report.cycles));
        for (name, rows) in TABLES.iter().zip(&summary.rows).filter(|(_, n)| **n > 0) {
            table.figure(format!("  {name}"), number(*rows));
        }
        let committed = format!("{} of 2^{}", number(summary.stack_cells), summary.log_stack);
        table
            .figure("memory cells", number(report.cells))
            .figure("  used", share(report.used_cells, report.cells))
            .figure("lookup leaves", format!("2^{}", summary.log_leaves))
            .figure("committed cells", committed);
        if let Some(bytes) = peak {
            table.figure("peak memory", format!("{} MiB", number(bytes >> 20)));
        }
        for (label, path) in [
            ("written to", &arguments.output),
            ("signers", &arguments.signers),
        ] {
            if let Some(path) = path {
                table.row(label, path.display().to_string());
            }
        }
        let mut text = table.text();
        if !self.skipped.is_empty() {
            let rows = self.skipped.iter();
            let rows = rows.map(|one| (self.origin.name(one.index), one.reason.clone()));
            text.push_str(&format!("skipped: {}\n", self.skipped.len()));
            text.push_str(&super::records::listing(rows));
        }
        text
    }

    fn json<R>(
        &self,
        report: &aggregation::Report<R>,
        arguments: &Aggregate,
        peak: Option<usize>,
    ) -> Value {
        let summary = &report.summary;
        let seconds = Duration::as_secs_f64;
        let rows = TABLES.iter().zip(&summary.rows).filter(|(_, n)| **n > 0);
        let rows: Map<String, Value> = rows
            .map(|(name, n)| ((*name).to_owned(), json!(n)))
            .collect();
        let phases = summary.phases.iter();
        let phases: Map<String, Value> = phases
            .map(|(phase, elapsed)| ((*phase).to_owned(), json!(seconds(elapsed))))
            .collect();
        let skipped = self.skipped.iter().map(|one| {
            let file = self.origin.file(one.index);
            json!({
                "index": one.index,
                "file": file.map(|path| path.display().to_string()),
                "reason": one.reason,
            })
        });
        let path = |path: &Option<_>| {
            let path: Option<&Path> = path.as_deref();
            path.map(|path| path.display().to_string())
        };
        json!({
            "scheme": self.claims.scheme().name(),
            "signatures": self.claims.len(),
            "signatures_per_second": self.per_second(),
            "skipped": skipped.collect::<Vec<_>>(),
            "log_inv_rate": arguments.log_inv_rate,
            "aggregate_bytes": self.bytes,
            "cycles": report.cycles,
            "memory_cells": report.cells,
            "used_cells": report.used_cells,
            "rows": rows,
            "log_lookup_leaves": summary.log_leaves,
            "committed_cells": summary.stack_cells,
            "log_stack": summary.log_stack,
            "peak_memory_bytes": peak,
            "output": path(&arguments.output),
            "signers": path(&arguments.signers),
            "seconds": {
                "prepare": seconds(&self.preparing),
                "aggregate": seconds(&self.aggregating),
                "check": seconds(&report.checking),
                "execute": seconds(&report.execution),
                "phases": phases,
                "verify": seconds(&self.verifying),
            },
        })
    }
}

/// The greatest memory that this process has had, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
