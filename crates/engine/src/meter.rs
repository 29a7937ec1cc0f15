//! What the writer has done since it was started, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets of a commit's time, in microseconds: from a fast disk to one that hangs.
pub const COMMIT_BOUNDS: [u64; 10] =
    [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000];

/// Counted by the writer, read by anybody.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    commits: AtomicU64,
    failed: AtomicU64,
    commands: AtomicU64,
    refused: AtomicU64,
    busy: AtomicU64,
    micros: AtomicU64,
    within: [AtomicU64; COMMIT_BOUNDS.len()],
}

/// What was counted since the start, and what waits now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Transactions that were committed.
    pub commits: u64,
    /// Transactions of which nothing was applied.
    pub failed: u64,
    /// Commands that were applied or refused.
    pub commands: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// Commands that were turned away, since too many waited.
    pub busy: u64,
    /// The time that committed transactions took, fsync included.
    pub took: Duration,
    /// Of those, how many took at most each of [`COMMIT_BOUNDS`].
    pub within: [u64; COMMIT_BOUNDS.len()],
    /// Urgent commands that wait.
    pub urgent_waiting: usize,
    /// Bulk commands that wait.
    pub bulk_waiting: usize,
}

impl Meter {
    pub(crate) fn committed(&self, commands: usize, refused: usize, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(commands as u64, Ordering::Relaxed);
        self.refused.fetch_add(refused as u64, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        for (bound, count) in COMMIT_BOUNDS.iter().zip(&self.within) {
            if micros <= *bound {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn busy(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn measured(&self, (urgent, bulk): (usize, usize)) -> Measured {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Measured {
            commits: read(&self.commits),
            failed: read(&self.failed),
            commands: read(&self.commands),
            refused: read(&self.refused),
            busy: read(&self.busy),
            took: Duration::from_micros(read(&self.micros)),
            within: std::array::from_fn(|at| self.within.get(at).map_or(0, read)),
            urgent_waiting: urgent,
            bulk_waiting: bulk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_commit_is_counted_in_every_bucket_that_it_fits() {
        let meter = Meter::default();
        meter.committed(3, 1, Duration::from_millis(2));
        meter.committed(1, 0, Duration::from_mins(1));
        let found = meter.measured((1, 2));
        assert_eq!((found.commits, found.commands, found.refused), (2, 4, 1));
        assert_eq!(found.within, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(found.took, Duration::from_millis(60_002));
    }
}
