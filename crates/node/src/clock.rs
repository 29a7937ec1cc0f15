//! The one place where the time of day and randomness are read.

use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use std::time::Duration;

/// Now, to the microsecond.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Timestamp {
    let micros = jiff::Timestamp::now().as_microsecond();
    Timestamp::from_micros(micros).unwrap_or_else(Timestamp::epoch)
}

/// This long from now, to the microsecond.
pub fn later(by: Duration) -> Timestamp {
    let now = now();
    let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.micros().saturating_add(micros)).unwrap_or(now)
}

/// Seconds since 1970.
pub fn seconds(time: &Timestamp) -> u64 {
    u64::try_from(time.micros() / 1_000_000).unwrap_or(0)
}

/// 256 bits of the system's best randomness.
///
/// # Panics
/// Without it nothing here is safe, and a system that has none cannot run a node.
#[expect(clippy::panic, reason = "a node without randomness must not run")]
pub fn seed() -> Hash {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Hash(bytes),
        Err(e) => panic!("the system gives no randomness: {e}"),
    }
}

/// Up to half as long again, so that nodes that failed together do not come back together.
pub(crate) fn jitter(wait: Duration) -> Duration {
    let [byte, ..] = seed().0;
    wait * u32::from(byte) / 512
}
