//! A moment of UTC, to the nanosecond.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const EPOCH: Date = date(1970, 1, 1);
const DAY: i64 = 24 * 60 * 60;
const NANOS: u32 = 1_000_000_000;

/// A moment of UTC, to the nanosecond: any that RFC 3339 can write. A leap second lies between the
/// second before it and the next day.
///
/// As data, it is the number of its microseconds since 1970 where that says all of it, or else its
/// text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(from = "Written", into = "Written")]
pub struct Moment {
    /// Since 1970, leap seconds not counted.
    seconds: i64,
    /// From a billion on within a leap second, which follows `seconds`.
    nanos: u32,
}

/// A moment as data.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    Micros(i64),
    Text(super::Timestamp),
}

impl Moment {
    /// Before every moment that can be written.
    pub const MIN: Moment = Moment { seconds: i64::MIN, nanos: 0 };
    /// After every moment that can be written.
    pub const MAX: Moment = Moment { seconds: i64::MAX, nanos: u32::MAX };

    pub(super) fn new(seconds: i64, nanos: u32) -> Moment {
        Moment { seconds, nanos }
    }

    /// A moment in the leap second after the second that begins at `seconds`; `None` unless that is
    /// the last of its day.
    pub(super) fn leap(seconds: i64, nanos: u32) -> Option<Moment> {
        let ends_day = (seconds + 1).rem_euclid(DAY) == 0;
        ends_day.then_some(Moment { seconds, nanos: NANOS + nanos })
    }

    /// The moment this many microseconds after 1970.
    pub fn from_micros(micros: i64) -> Moment {
        let nanos = u32::try_from(micros.rem_euclid(1_000_000)).unwrap_or(0) * 1_000;
        Moment { seconds: micros.div_euclid(1_000_000), nanos }
    }

    /// The moment of which [`Moment::micros`] and [`Moment::beyond_micros`] are these.
    pub fn from_parts(micros: i64, beyond: u32) -> Moment {
        let Moment { seconds, nanos } = Moment::from_micros(micros);
        match beyond.checked_sub(1_000) {
            None => Moment { seconds, nanos: nanos + beyond },
            Some(into) => Moment { seconds, nanos: NANOS.saturating_add(into) },
        }
    }

    /// Whole microseconds since 1970. A leap second counts as the last microsecond before it.
    pub fn micros(self) -> i64 {
        let micros = i64::from(self.nanos.min(NANOS - 1) / 1_000);
        self.seconds.saturating_mul(1_000_000).saturating_add(micros)
    }

    /// What [`Moment::micros`] leaves out, in nanoseconds: less than 1,000, but from 1,000 on
    /// within a leap second. Moments are in the order of the two.
    pub fn beyond_micros(self) -> u32 {
        match self.nanos.checked_sub(NANOS) {
            None => self.nanos % 1_000,
            Some(into) => 1_000 + into,
        }
    }

    pub(super) fn plus_seconds(self, seconds: i64) -> Moment {
        Moment { seconds: self.seconds.saturating_add(seconds), nanos: self.nanos.min(NANOS - 1) }
    }

    /// How long after another moment this is; negative when it is before. Leap seconds between the
    /// two do not count.
    pub fn since(self, other: Moment) -> SignedDuration {
        let most = i64::MAX / 4;
        let seconds = self.seconds.clamp(-most, most) - other.seconds.clamp(-most, most);
        let nanos = i64::from(self.nanos) - i64::from(other.nanos);
        SignedDuration::from_secs(seconds) + SignedDuration::from_nanos(nanos)
    }

    /// The moment as a timestamp with this many digits of a second; further ones are cut off.
    /// `None` outside of the years 0000 to 9999.
    pub(super) fn text(self, digits: usize) -> Option<String> {
        let day = SignedDuration::from_secs(self.seconds.div_euclid(DAY) * DAY);
        let date = EPOCH.checked_add(day).ok().filter(|date| date.year() >= 0)?;
        let of_day = self.seconds.rem_euclid(DAY);
        let (hour, minute) = (of_day / 3600, of_day / 60 % 60);
        let second = of_day % 60 + i64::from(self.nanos / NANOS);
        let (year, month, day) = (date.year(), date.month(), date.day());
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if digits > 0 {
            let fraction = format!(".{:09}", self.nanos % NANOS);
            text.push_str(fraction.get(..=digits.min(9)).unwrap_or(&fraction));
            text.extend(std::iter::repeat_n('0', digits.saturating_sub(9)));
        }
        text.push('Z');
        Some(text)
    }
}

/// When a day begins, in seconds since 1970.
pub(super) fn midnight(day: Date) -> i64 {
    day.duration_since(EPOCH).as_secs()
}

impl From<Written> for Moment {
    fn from(written: Written) -> Moment {
        match written {
            Written::Micros(micros) => Moment::from_micros(micros),
            Written::Text(time) => time.moment(),
        }
    }
}

impl From<Moment> for Written {
    fn from(moment: Moment) -> Written {
        let micros = Written::Micros(moment.micros());
        if moment.beyond_micros() == 0 {
            return micros;
        }
        super::Timestamp::written(moment, 9).map_or(micros, Written::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn a_moment_as_data_is_a_number_where_that_says_all() {
        for (text, data) in [
            ("1970-01-01T00:00:01Z", "1000000"),
            ("1970-01-01T00:00:01.000000001Z", "\"1970-01-01T00:00:01.000000001Z\""),
            ("2016-12-31T23:59:60Z", "\"2016-12-31T23:59:60.000000000Z\""),
        ] {
            let moment = Timestamp::parse(text).unwrap().moment();
            assert_eq!(serde_json::to_string(&moment).unwrap(), data);
            assert_eq!(serde_json::from_str::<Moment>(data).unwrap(), moment);
            let parts = Moment::from_parts(moment.micros(), moment.beyond_micros());
            assert_eq!(parts, moment);
        }
    }

    #[test]
    fn a_duration_is_exact_and_never_overflows() {
        let at = |text| Timestamp::parse(text).unwrap().moment();
        let apart = at("9999-12-31T23:59:59.000000001Z").since(at("9999-12-31T23:59:58Z"));
        assert_eq!(apart, SignedDuration::new(1, 1));
        assert!(Moment::MIN.since(Moment::MAX).is_negative());
    }
}
