//! The writer's commits as a histogram, from what the writer itself has counted.

use forewarn_engine::{COMMIT_BOUNDS, Measured};
use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use std::fmt;

/// How long commits took.
#[derive(Debug)]
pub(super) struct Commits(pub(super) Measured);

impl EncodeMetric for Commits {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let Measured { commits, took, within, .. } = &self.0;
        let mut buckets = Vec::with_capacity(COMMIT_BOUNDS.len() + 1);
        let mut below = 0;
        // Each bucket has what is not in the one before; the format adds them up again.
        for (bound, within) in COMMIT_BOUNDS.iter().zip(within) {
            let bound = std::time::Duration::from_micros(*bound).as_secs_f64();
            buckets.push((bound, within.saturating_sub(below)));
            below = *within;
        }
        buckets.push((f64::INFINITY, commits.saturating_sub(below)));
        encoder.encode_histogram::<[(&str, &str); 0]>(took.as_secs_f64(), *commits, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
