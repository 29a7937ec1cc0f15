//! STIX timestamps (STIX 2.1 §2.16): RFC 3339, in UTC, written with `Z`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked timestamp. Its text is kept, since the number of digits is the precision. Timestamps
/// are ordered by time; equal times with different texts are different, and ordered by their texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp {
    text: String,
    instant: jiff::Timestamp,
}

/// Why a text is not a timestamp. The message shows a valid one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a timestamp like 2017-12-15T09:30:00.000Z: {why}")]
pub struct BadTimestamp {
    text: String,
    why: String,
}

/// Longest text read: a date, a time and up to 100 digits of a second.
const MAX_LEN: usize = 121;

impl Timestamp {
    /// Checks a text: `YYYY-MM-DDTHH:MM:SS`, digits of a second if any, and `Z`.
    ///
    /// Digits after the ninth count for the text only, not for the instant. A leap second is held
    /// as the second before it. Errs on any other form, and on a day or time of day that does not
    /// exist.
    pub fn parse(text: &str) -> Result<Timestamp, BadTimestamp> {
        read(text).map(|instant| Timestamp { text: text.to_owned(), instant })
    }

    /// The number of digits of a second in the text: the precision.
    pub fn digits(&self) -> usize {
        digits(&self.text)
    }

    /// The timestamp of an instant, cut to the millisecond.
    pub fn from_instant(instant: jiff::Timestamp) -> Timestamp {
        Timestamp::written(instant, 3)
    }

    /// The timestamp of a time in microseconds since 1970, with six digits of a second;
    /// `None` beyond the year 9999.
    pub fn from_micros(micros: i64) -> Option<Timestamp> {
        jiff::Timestamp::from_microsecond(micros).ok().map(|t| Timestamp::written(t, 6))
    }

    /// Like [`Timestamp::from_micros`], with this many digits of a second, at most six. Digits that
    /// are not written are cut off.
    pub fn from_micros_with(micros: i64, digits: usize) -> Option<Timestamp> {
        let instant = jiff::Timestamp::from_microsecond(micros).ok()?;
        Some(Timestamp::written(instant, digits.min(6)))
    }

    fn written(instant: jiff::Timestamp, digits: usize) -> Timestamp {
        let text = format!("{instant:.digits$}");
        // The text and the instant must be the same time: digits that are cut off do not count.
        let instant = read(&text).unwrap_or(instant);
        Timestamp { text, instant }
    }

    /// The time in whole microseconds since 1970.
    pub fn micros(&self) -> i64 {
        self.instant.as_microsecond()
    }

    /// The time, to the nanosecond.
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }

    /// The text of the timestamp, as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The timestamp this many minutes later, or earlier when negative, cut to the millisecond. The
    /// time does not move where the result could not be represented.
    pub fn plus_minutes(&self, minutes: i64) -> Timestamp {
        let later =
            self.instant.checked_add(jiff::SignedDuration::from_secs(minutes.saturating_mul(60)));
        Timestamp::from_instant(later.unwrap_or(self.instant))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Timestamp) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Timestamp) -> std::cmp::Ordering {
        self.instant.cmp(&other.instant).then_with(|| self.text.cmp(&other.text))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = BadTimestamp;
    fn try_from(text: String) -> Result<Timestamp, BadTimestamp> {
        Timestamp::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.text
    }
}

/// The number of digits of a second in a text that is a timestamp.
pub(crate) fn digits(text: &str) -> usize {
    text.len().saturating_sub("2017-12-15T09:30:00.Z".len())
}

/// Like [`Timestamp::parse`], without keeping the text.
pub(crate) fn read(text: &str) -> Result<jiff::Timestamp, BadTimestamp> {
    let bad = |why: &str| BadTimestamp {
        text: text.chars().take(MAX_LEN).collect(),
        why: why.to_owned(),
    };
    if !has_form(text) {
        return Err(bad("expected YYYY-MM-DDTHH:MM:SS, digits of a second if any, and Z"));
    }
    let number = |from: usize, to: usize| {
        let digits = text.as_bytes().get(from..to).unwrap_or_default();
        digits.iter().fold(0_i32, |n, digit| n * 10 + i32::from(digit - b'0'))
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)).unwrap_or(i8::MAX);
    let year = i16::try_from(number(0, 4)).unwrap_or(i16::MAX);
    let date = jiff::civil::Date::new(year, small(5), small(8))
        .map_err(|_| bad("there is no such day"))?;
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    // RFC 3339 §5.7: a leap second ends a day of UTC. It is held as the second before.
    let leap = (hour, minute, second) == (23, 59, 60);
    if hour > 23 || minute > 59 || (second > 59 && !leap) {
        return Err(bad("there is no such time of day"));
    }
    let kept = digits(text).min(9);
    let nanosecond = number(20, 20 + kept) * 10_i32.pow(9 - u32::try_from(kept).unwrap_or(9));
    let midnight = date.duration_since(EPOCH).as_secs();
    let seconds = midnight + i64::from(hour * 3600 + minute * 60 + second.min(59));
    // The last hours of the year 9999, which people write to mean "never", are beyond the range of
    // the library. They are held as its last instant.
    Ok(jiff::Timestamp::new(seconds, nanosecond).unwrap_or(jiff::Timestamp::MAX))
}

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

fn has_form(text: &str) -> bool {
    let shape = |at: usize, b: u8| match at {
        4 | 7 => b == b'-',
        10 => b == b'T',
        13 | 16 => b == b':',
        19 => b == b'.',
        _ => b.is_ascii_digit(),
    };
    let Some(body) = text.strip_suffix('Z') else { return false };
    let fraction_ok = body.len() == 19 || body.len() > 20;
    text.len() <= MAX_LEN && fraction_ok && body.bytes().enumerate().all(|(at, b)| shape(at, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept_with_its_precision() {
        for text in [
            "2017-12-15T09:30:00Z",
            "9999-12-31T23:59:59.999Z",
            "0000-01-01T00:00:00Z",
            "2024-02-29T23:59:59.123456789012Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_text_that_is_not_a_time_is_refused() {
        for text in [
            "2017-12-15",
            "2017-12-15T09:30:00+01:00",
            "2017-02-30T00:00:00Z",
            "2017-12-15T09:30:00.Z",
            "2017-12-15T09:30:00Z73Z",
            "2017-12-15T09:30:00ZZ",
            "2017-12-15T09:30:00.5.5Z",
            "2017-12-15 09:30:00Z",
            "2017-12-15T25:30:00Z",
            "2017-12-15T09:60:00Z",
            "2017-12-15T09:30:60Z",
            "2017-13-15T09:30:00Z",
            "Z",
            "",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_are_those_that_a_calendar_library_reads() {
        for text in [
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T00:00:00Z",
            "9999-12-30T22:00:00.5Z",
            "0001-01-01T00:00:00Z",
            "2016-12-31T23:59:59.123456789Z",
        ] {
            let expected: jiff::Timestamp = text.parse().unwrap();
            assert_eq!(Timestamp::parse(text).unwrap().instant(), expected, "{text}");
        }
        let leap = Timestamp::parse("2016-12-31T23:59:60Z").unwrap();
        assert_eq!((leap.as_str(), leap.digits()), ("2016-12-31T23:59:60Z", 0));
        assert_eq!(Timestamp::parse("2016-12-31T23:59:60.1234Z").unwrap().digits(), 4);
    }

    #[test]
    fn a_time_moved_beyond_the_ends_of_time_stays_put() {
        let time = Timestamp::parse("2017-12-15T09:31:00.123Z").unwrap();
        for minutes in [i64::MAX, i64::MIN, i64::MAX / 60] {
            assert_eq!(time.plus_minutes(minutes), time);
        }
    }

    #[test]
    fn what_is_written_is_what_is_kept() {
        let time = Timestamp::from_micros(1_513_330_200_123_456).unwrap();
        assert_eq!(time.plus_minutes(1).as_str(), "2017-12-15T09:31:00.123Z");
        assert_eq!(Timestamp::parse("2017-12-15T09:31:00.123Z").unwrap(), time.plus_minutes(1));
    }

    #[test]
    fn order_is_of_instants_not_of_texts() {
        let whole = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let half = Timestamp::parse("2017-12-15T09:30:00.5Z").unwrap();
        assert!(whole < half);
        assert_eq!(
            Timestamp::from_micros(half.micros()).unwrap().as_str(),
            "2017-12-15T09:30:00.500000Z"
        );
    }
}
