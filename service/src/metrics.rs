//! What is counted, in Prometheus's text form.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The label of a family.
type Label = [(&'static str, &'static str); 1];

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    signatures: Family<Label, Counter<u64, AtomicU64>>,
    aggregates: Family<Label, Counter<u64, AtomicU64>>,
    refused_requests: Family<Label, Counter<u64, AtomicU64>>,
    pub(crate) held: Gauge,
    pub(crate) queue: Gauge,
    pub(crate) connections: Gauge,
    pub(crate) journal_bytes: Gauge,
    pub(crate) commits: Counter,
    submission: Histogram,
    aggregate: Histogram,
    proving: Histogram,
}

/// A histogram with these bounds, in seconds.
fn histogram<const N: usize>(bounds: [f64; N]) -> Histogram {
    Histogram::new(bounds)
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let long = [
            0.05, 0.1, 0.25, 0.5, 1., 2., 4., 8., 16., 32., 64., 128., 256.,
        ];
        let mut metrics = Self {
            registry: Registry::with_prefix("leanvm"),
            signatures: Family::default(),
            aggregates: Family::default(),
            refused_requests: Family::default(),
            held: Gauge::default(),
            queue: Gauge::default(),
            connections: Gauge::default(),
            journal_bytes: Gauge::default(),
            commits: Counter::default(),
            submission: histogram([
                0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10.,
            ]),
            aggregate: histogram(long),
            proving: histogram(long),
        };
        metrics.register();
        for result in ["accepted", "duplicate", "refused"] {
            metrics.signature(result, 0);
        }
        for result in ["done", "failed", "cancelled", "late"] {
            let _ = metrics.aggregates.get_or_create(&[("result", result)]);
        }
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let name = "signatures";
        let help = "Signatures that came, by what became of them";
        registry.register(name, help, self.signatures.clone());
        let (name, help) = ("aggregates", "Requests for an aggregate that have ended");
        registry.register(name, help, self.aggregates.clone());
        let (name, help) = ("refused_requests", "Requests with an error, by its code");
        registry.register(name, help, self.refused_requests.clone());
        let (name, help) = ("journal_commits", "Writes of the journal to the disk");
        registry.register(name, help, self.commits.clone());
        let gauges = [
            ("signatures_held", "Signatures that are held", &self.held),
            (
                "queue_depth",
                "Aggregates that wait or are made",
                &self.queue,
            ),
            ("connections", "Open connections", &self.connections),
            ("journal_bytes", "Bytes of the journal", &self.journal_bytes),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        let help = [
            "From a request with signatures to its answer",
            "From the request for an aggregate to its file",
            "Making and verifying an aggregate",
        ];
        let histograms = [
            ("submission_seconds", &self.submission),
            ("aggregate_seconds", &self.aggregate),
            ("proving_seconds", &self.proving),
        ];
        for ((name, histogram), help) in histograms.into_iter().zip(help) {
            registry.register(name, help, histogram.clone());
        }
    }

    /// So many signatures were accepted, duplicate or refused.
    pub(crate) fn signature(&self, result: &'static str, number: u64) {
        let counter = self.signatures.get_or_create(&[("result", result)]);
        counter.inc_by(number);
    }

    /// A request for an aggregate has ended.
    pub(crate) fn ended(&self, result: &'static str) {
        self.aggregates.get_or_create(&[("result", result)]).inc();
    }

    /// A request was answered with an error.
    pub(crate) fn refused(&self, code: &'static str) {
        let counter = self.refused_requests.get_or_create(&[("code", code)]);
        counter.inc();
    }

    /// A submission was answered.
    pub(crate) fn submitted(&self, time: Duration) {
        self.submission.observe(time.as_secs_f64());
    }

    /// An aggregate was made: since it was asked for, and since the work began.
    pub(crate) fn made(&self, since: Duration, proving: Duration) {
        self.aggregate.observe(since.as_secs_f64());
        self.proving.observe(proving.as_secs_f64());
    }

    /// The text for Prometheus.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
