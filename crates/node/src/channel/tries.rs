//! Why what waits for a partner has not arrived: how the last try to deliver it failed. Kept in
//! memory; after a start it is tried again at once. Whoever reads the log of the node is told when it
//! begins to fail, at widening distances while it goes on, and when it ends.

use forewarn_exchange::Code;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longest reason that is kept, in bytes: a partner may have written it.
const MAX_WHY: usize = 300;

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTry {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
    /// When the first try failed of those that have failed in a row.
    pub since: Timestamp,
}

/// How long nothing is told of tries that go on failing: at first, and at the most.
const FIRST_SILENCE: Duration = Duration::from_mins(1);
const LAST_SILENCE: Duration = Duration::from_hours(6);

/// The last try of each partner to which something could not be delivered.
#[derive(Debug, Default)]
pub struct Tries {
    failing: Mutex<HashMap<NodeName, Failing>>,
}

/// Tries that fail, one after the other.
#[derive(Debug)]
struct Failing {
    last: FailedTry,
    code: Option<Code>,
    tries: u64,
    began: Instant,
    told: Instant,
    silence: Duration,
}

/// What is to be told of tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// How many have failed, one after the other.
    pub tries: u64,
    /// For how long.
    pub since: Duration,
}

impl Tries {
    /// How the last try failed; `None` when it did not, or there was none since the start.
    pub fn last_failure(&self, partner: &NodeName) -> Option<FailedTry> {
        self.failing().get(partner).map(|failing| failing.last.clone())
    }

    /// Keeps a failed try. Whether it is to be told: it is the first, it fails otherwise than the one
    /// before, or nothing was told for a while.
    pub(crate) fn failed(
        &self,
        partner: &NodeName,
        (code, why): (Option<Code>, &str),
        (at, now): (Timestamp, Instant),
    ) -> Option<Told> {
        let why = why.get(..why.floor_char_boundary(MAX_WHY)).unwrap_or_default().to_owned();
        let mut all = self.failing();
        let since = all.get(partner).map_or_else(|| at.clone(), |one| one.last.since.clone());
        let last = FailedTry { at, why, since };
        let Some(failing) = all.get_mut(partner) else {
            let (began, told, silence) = (now, now, FIRST_SILENCE);
            let first = Failing { last, code, tries: 1, began, told, silence };
            all.insert(partner.clone(), first);
            return Some(Told { tries: 1, since: Duration::ZERO });
        };
        failing.tries += 1;
        failing.last = last;
        if failing.code != code {
            (failing.code, failing.silence) = (code, FIRST_SILENCE);
        } else if now.saturating_duration_since(failing.told) < failing.silence {
            return None;
        } else {
            failing.silence = (failing.silence * 2).min(LAST_SILENCE);
        }
        failing.told = now;
        let since = now.saturating_duration_since(failing.began);
        Some(Told { tries: failing.tries, since })
    }

    /// Every partner to which the last try has failed, by name.
    pub fn all(&self) -> Vec<(NodeName, FailedTry)> {
        let failing = self.failing();
        let all = failing.iter().map(|(name, one)| (name.clone(), one.last.clone()));
        let mut all: Vec<_> = all.collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    /// A try did not fail. What to tell, when those before it did.
    pub(crate) fn succeeded(&self, partner: &NodeName, now: Instant) -> Option<Told> {
        let failing = self.failing().remove(partner)?;
        let since = now.saturating_duration_since(failing.began);
        Some(Told { tries: failing.tries, since })
    }

    fn failing(&self) -> MutexGuard<'_, HashMap<NodeName, Failing>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A partner that was away for a day once filled the log with a line for each try.
    #[test]
    fn tries_that_go_on_failing_are_told_at_widening_distances_and_their_end() {
        let tries = Tries::default();
        let (partner, start) = (NodeName::parse("east.example").unwrap(), Instant::now());
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let after = |seconds| start + Duration::from_secs(seconds);
        let fail = |code, seconds| {
            tries.failed(&partner, (Some(code), "away"), (at.clone(), after(seconds)))
        };
        let told: Vec<u64> = (0..24 * 120)
            .map(|n| n * 30)
            .filter(|seconds| fail(Code::Unreachable, *seconds).is_some())
            .collect();
        let hour = 3_600;
        assert_eq!(told[..5], [0, 60, 180, 420, 900]);
        assert!(
            told.len() < 15 && told.windows(2).all(|two| two[1] - two[0] <= 6 * hour),
            "{told:?}"
        );
        // Another reason is news.
        let told = fail(Code::NotTaken, 86_500).unwrap();
        assert_eq!((told.tries, told.since.as_secs()), (2_881, 86_500));
        assert_eq!(fail(Code::NotTaken, 86_510), None);
        let told = tries.succeeded(&partner, after(86_600)).unwrap();
        assert_eq!((told.tries, told.since.as_secs()), (2_882, 86_600));
        assert_eq!(tries.succeeded(&partner, after(86_700)), None);
    }
}
