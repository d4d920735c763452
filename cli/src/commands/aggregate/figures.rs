//! The report about an aggregate that was made.

use std::path::Path;
use std::time::Duration;

use crate::aggregating::batch::{Origin, Skipped};
use crate::aggregating::made::{Made, measure_outputs, skipped_json, skipped_text};
use crate::measurements::Measurements;
use crate::program::outcome::Sizes;
use crate::report::Report;
use crate::signature::claims::Claims;

/// The measurements of the command.
pub(crate) struct Figures<'a> {
    pub(crate) claims: &'a Claims,
    pub(crate) made: Made<'a>,
    pub(crate) log_inv_rate: u32,
    pub(crate) origin: &'a Origin,
    pub(crate) skipped: &'a [Skipped],
    pub(crate) preparing: Duration,
    pub(crate) aggregating: Duration,
    pub(crate) cpu: Option<Duration>,
    pub(crate) output: Option<&'a Path>,
    pub(crate) signers: Option<&'a Path>,
}

impl Figures<'_> {
    /// For people and programs.
    pub(crate) fn report(&self) -> Report {
        let mut list = Measurements::default();
        self.measure_times(&mut list);
        self.made.measure_sizes(&mut list);
        measure_outputs(&mut list, self.output, self.signers);
        list.field("skipped", skipped_json(self.skipped, self.origin));
        let mut report = list.report();
        report.text += &skipped_text(self.skipped, self.origin);
        report
    }

    fn measure_times(&self, list: &mut Measurements) {
        #[expect(clippy::cast_precision_loss, reason = "for display")]
        let per_second = |count: usize| count as f64 / self.aggregating.as_secs_f64();
        let hash_rows = Sizes::of(self.made.summary).hash_rows();
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
        self.made.measure_phases(list, self.cpu);
    }
}
