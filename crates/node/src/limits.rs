//! How much each account may use: requests and bytes a second, and what a partner brings in a day,
//! by buckets that fill; and how many requests are worked on at the same time.

use crate::config::{FeedsSection, LimitsSection, QuotaSection};
use forewarn_exchange::actor::Actor;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Seconds in which a bucket of requests or bytes fills: it holds what may come at once.
const BURST_SECONDS: f64 = 10.0;
/// Seconds in which a partner's quota fills.
const DAY_SECONDS: f64 = 86_400.0;

/// The buckets of all accounts. There are as many as there are users, at the most.
#[derive(Debug)]
pub struct Limits {
    used: Mutex<Used<Actor>>,
    most_in_flight: AtomicU32,
    in_flight: Mutex<HashMap<Actor, u32>>,
}

/// Two rates, and the buckets that are filled by them.
#[derive(Debug)]
struct Used<K> {
    rates: (Rate, Rate),
    buckets: HashMap<K, (Bucket, Bucket)>,
}

impl<K> Used<K> {
    fn new(rates: (Rate, Rate)) -> Used<K> {
        Used { rates, buckets: HashMap::new() }
    }

    /// Goes by other rates from now on. Buckets are full then, as at a start: one of before may
    /// have had no limit to be filled to.
    fn change(&mut self, rates: (Rate, Rate)) {
        if self.rates != rates {
            *self = Used::new(rates);
        }
    }
}

/// What partners or feeds bring, each by itself. It is counted in memory: a node that starts begins
/// a day.
#[derive(Debug)]
pub struct Quotas {
    used: Mutex<Used<String>>,
    open_warnings: AtomicU64,
}

impl Quotas {
    /// What feeds bring; full by the configuration.
    pub fn of_feeds(section: FeedsSection) -> Quotas {
        Quotas::new(quota_of(section))
    }

    /// Goes by this from now on.
    pub(crate) fn change_feeds(&self, section: FeedsSection) {
        self.change(quota_of(section));
    }

    /// What partners bring; full by the configuration; 0 is no limit.
    pub fn new(section: QuotaSection) -> Quotas {
        Quotas {
            used: Mutex::new(Used::new(a_day(section))),
            open_warnings: most(section.open_warnings).into(),
        }
    }

    /// Goes by this from now on.
    pub(crate) fn change(&self, section: QuotaSection) {
        self.open_warnings.store(most(section.open_warnings), Ordering::Relaxed);
        self.used.lock().unwrap_or_else(PoisonError::into_inner).change(a_day(section));
    }

    /// Most warnings of one partner that nobody has opened yet.
    pub fn open_warnings(&self) -> u64 {
        self.open_warnings.load(Ordering::Relaxed)
    }

    /// Counts what one of them brings, or says how long it should wait. A batch is taken as a whole
    /// when there is something left: what it has too much is paid by waiting.
    pub fn take(
        &self,
        name: &str,
        (entries, bytes): (usize, usize),
        now: Instant,
    ) -> Result<(), Duration> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let (rate, byte_rate) = used.rates;
        let full = (rate.full(now), byte_rate.full(now));
        let (of_entries, of_bytes) = used.buckets.entry(name.to_owned()).or_insert(full);
        rate.fill(of_entries, now);
        byte_rate.fill(of_bytes, now);
        rate.wait(of_entries)?;
        byte_rate.wait(of_bytes)?;
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let (entries, bytes) = (entries as f64, bytes as f64);
        of_entries.left -= entries;
        of_bytes.left -= bytes;
        Ok(())
    }
}

/// 0 is no limit.
const fn most(number: u64) -> u64 {
    if number == 0 { u64::MAX } else { number }
}

/// The rates of what a partner may bring: entries and bytes.
fn a_day(section: QuotaSection) -> (Rate, Rate) {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = |a_day: u64| Rate::new(a_day as f64 / DAY_SECONDS, DAY_SECONDS);
    (rate(section.entries_per_day), rate(section.bytes_per_day))
}

fn quota_of(section: FeedsSection) -> QuotaSection {
    let FeedsSection { objects_per_day, bytes_per_day } = section;
    QuotaSection { entries_per_day: objects_per_day, bytes_per_day, open_warnings: 0 }
}

/// The rates of an account: requests and bytes.
fn a_second(section: &LimitsSection) -> (Rate, Rate) {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let bytes = section.bytes_per_second as f64;
    let requests = f64::from(section.requests_per_second);
    (Rate::new(requests, BURST_SECONDS), Rate::new(bytes, BURST_SECONDS))
}

/// A request of an account that is being worked on.
#[derive(Debug)]
pub struct InFlight {
    account: Actor,
    limits: Arc<Limits>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut all = self.limits.in_flight();
        if let Some(count) = all.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                all.remove(&self.account);
            }
        }
    }
}

/// Units a second, and in how many seconds a bucket fills; without a limit, no units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    per_second: Option<f64>,
    fills_in: f64,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limits {
    /// Full buckets by the configuration; a rate of 0 is no limit.
    pub fn new(section: &LimitsSection) -> Limits {
        Limits {
            used: Mutex::new(Used::new(a_second(section))),
            most_in_flight: section.requests_in_flight.into(),
            in_flight: Mutex::default(),
        }
    }

    /// Goes by this from now on; what is being worked on counts.
    pub(crate) fn change(&self, section: &LimitsSection) {
        self.most_in_flight.store(section.requests_in_flight, Ordering::Relaxed);
        self.used.lock().unwrap_or_else(PoisonError::into_inner).change(a_second(section));
    }

    fn in_flight(&self) -> MutexGuard<'_, HashMap<Actor, u32>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request of an account begins; `None` when as many as may be are being worked on.
    pub fn begin(self: &Arc<Limits>, account: &Actor) -> Option<InFlight> {
        let mut all = self.in_flight();
        let count = all.entry(account.clone()).or_default();
        let most = self.most_in_flight.load(Ordering::Relaxed);
        if most > 0 && *count >= most {
            return None;
        }
        *count += 1;
        Some(InFlight { account: account.clone(), limits: self.clone() })
    }

    /// Lets one request of an account in, or says how long it should wait.
    pub fn admit(&self, account: &Actor, now: Instant) -> Result<(), Duration> {
        self.with(account, now, |(rate, byte_rate), requests, bytes| {
            byte_rate.wait(bytes)?;
            rate.wait(requests)?;
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
        work: impl FnOnce((Rate, Rate), &mut Bucket, &mut Bucket) -> Result<(), Duration>,
    ) -> Result<(), Duration> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let (rate, byte_rate) = used.rates;
        if rate.per_second.is_none() && byte_rate.per_second.is_none() {
            return Ok(());
        }
        let full = (rate.full(now), byte_rate.full(now));
        let (requests, bytes) = used.buckets.entry(account.clone()).or_insert(full);
        rate.fill(requests, now);
        byte_rate.fill(bytes, now);
        work((rate, byte_rate), requests, bytes)
    }
}

impl Rate {
    fn new(rate: f64, fills_in: f64) -> Rate {
        Rate { per_second: (rate > 0.0).then_some(rate), fills_in }
    }

    fn full(self, now: Instant) -> Bucket {
        Bucket { left: self.per_second.unwrap_or(0.0) * self.fills_in, at: now }
    }

    fn fill(self, bucket: &mut Bucket, now: Instant) {
        let rate = self.per_second.unwrap_or(0.0);
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + since * rate).min(rate * self.fills_in);
        bucket.at = now;
    }

    /// How long until something is left.
    fn wait(self, bucket: &Bucket) -> Result<(), Duration> {
        match self.per_second {
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
    fn a_partner_brings_a_day_s_worth_at_once_and_then_waits() {
        let section = QuotaSection { entries_per_day: 1_000, bytes_per_day: 0, open_warnings: 0 };
        let (quotas, now) = (Quotas::new(section), Instant::now());
        for _ in 0..2 {
            quotas.take("east.example", (500, 1 << 40), now).unwrap();
        }
        let wait = quotas.take("east.example", (1, 1), now).unwrap_err();
        assert!((86..=87).contains(&wait.as_secs()), "{wait:?}");
        quotas.take("north.example", (1, 1), now).unwrap();
        quotas.take("east.example", (1, 1), now + Duration::from_secs(90)).unwrap();
        assert_eq!(quotas.open_warnings(), u64::MAX);
    }

    #[test]
    fn other_limits_count_at_once_and_begin_full() {
        let (limits, now) = (limits(0, 0), Instant::now());
        let changed = |requests_per_second| {
            limits.change(&LimitsSection { requests_per_second, ..LimitsSection::default() });
            (0..1_000).take_while(|_| limits.admit(&user("ana"), now).is_ok()).count()
        };
        assert_eq!((changed(1), changed(3), changed(0)), (10, 30, 1_000));
        // What is as it was leaves what was used.
        assert_eq!((changed(1), changed(1)), (10, 0));
    }

    #[test]
    fn an_account_has_so_many_requests_at_the_same_time() {
        let section = LimitsSection { requests_in_flight: 2, ..LimitsSection::default() };
        let limits = Arc::new(Limits::new(&section));
        let first = limits.begin(&user("ana")).unwrap();
        let _second = limits.begin(&user("ana")).unwrap();
        assert!(limits.begin(&user("ana")).is_none() && limits.begin(&user("rita")).is_some());
        drop(first);
        assert!(limits.begin(&user("ana")).is_some());
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
