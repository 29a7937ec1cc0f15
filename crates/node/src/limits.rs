//! How much each account may use: requests and bytes a second, by a bucket that fills.

use crate::config::LimitsSection;
use forewarn_exchange::actor::Actor;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Seconds in which a bucket fills: it holds what may come at once.
const BURST_SECONDS: f64 = 10.0;

/// The buckets of all accounts. There are as many as there are users, at the most.
#[derive(Debug)]
pub struct Limits {
    requests: Rate,
    bytes: Rate,
    used: Mutex<HashMap<Actor, (Bucket, Bucket)>>,
}

/// Units a second; none without a limit.
#[derive(Debug, Clone, Copy)]
struct Rate(Option<f64>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limits {
    /// Full buckets by the configuration; a rate of 0 is no limit.
    pub fn new(section: &LimitsSection) -> Limits {
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let bytes = section.bytes_per_second as f64;
        Limits {
            requests: Rate::new(f64::from(section.requests_per_second)),
            bytes: Rate::new(bytes),
            used: Mutex::default(),
        }
    }

    /// Lets one request of an account in, or says how long it should wait.
    pub fn admit(&self, account: &Actor, now: Instant) -> Result<(), Duration> {
        self.with(account, now, |limits, requests, bytes| {
            limits.bytes.wait(bytes)?;
            limits.requests.wait(requests)?;
            requests.left -= 1.0;
            Ok(())
        })
    }

    /// Counts the length of an account's body. What exceeds the limit keeps its next requests out.
    pub fn charge(&self, account: &Actor, size: u64, now: Instant) {
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let size = size as f64;
        // Nothing is refused here.
        let _ = self.with(account, now, |_, _, bytes| {
            bytes.left -= size;
            Ok(())
        });
    }

    fn with(
        &self,
        account: &Actor,
        now: Instant,
        work: impl FnOnce(&Limits, &mut Bucket, &mut Bucket) -> Result<(), Duration>,
    ) -> Result<(), Duration> {
        if self.requests.0.is_none() && self.bytes.0.is_none() {
            return Ok(());
        }
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let full = (self.requests.full(now), self.bytes.full(now));
        let (requests, bytes) = used.entry(account.clone()).or_insert(full);
        self.requests.fill(requests, now);
        self.bytes.fill(bytes, now);
        work(self, requests, bytes)
    }
}

impl Rate {
    fn new(rate: f64) -> Rate {
        Rate((rate > 0.0).then_some(rate))
    }

    fn full(self, now: Instant) -> Bucket {
        Bucket { left: self.0.unwrap_or(0.0) * BURST_SECONDS, at: now }
    }

    fn fill(self, bucket: &mut Bucket, now: Instant) {
        let rate = self.0.unwrap_or(0.0);
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + since * rate).min(rate * BURST_SECONDS);
        bucket.at = now;
    }

    /// How long until something is left.
    fn wait(self, bucket: &Bucket) -> Result<(), Duration> {
        match self.0 {
            Some(rate) if bucket.left < 1.0 => {
                Err(Duration::from_secs_f64(((1.0 - bucket.left) / rate).min(3_600.0)))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(requests_per_second: u32, bytes_per_second: u64) -> Limits {
        let section =
            LimitsSection { requests_per_second, bytes_per_second, ..LimitsSection::default() };
        Limits::new(&section)
    }

    fn user(name: &str) -> Actor {
        Actor::User(forewarn_exchange::name::UserName::parse(name).unwrap())
    }

    #[test]
    fn ten_seconds_worth_may_come_at_once_and_each_account_has_its_own() {
        let (limits, now) = (limits(2, 0), Instant::now());
        for _ in 0..20 {
            limits.admit(&user("ana"), now).unwrap();
        }
        assert!(limits.admit(&user("ana"), now).unwrap_err() <= Duration::from_millis(500));
        limits.admit(&user("rita"), now).unwrap();
        limits.admit(&user("ana"), now + Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn a_body_over_the_limit_keeps_the_next_request_out_until_it_is_paid() {
        let (limits, now) = (limits(0, 100), Instant::now());
        limits.admit(&user("ana"), now).unwrap();
        limits.charge(&user("ana"), 3_000, now);
        let wait = limits.admit(&user("ana"), now).unwrap_err();
        assert!((20..=21).contains(&wait.as_secs()), "{wait:?}");
        limits.admit(&user("ana"), now + wait + Duration::from_millis(1)).unwrap();
    }
}
