//! STIX timestamps (STIX 2.1 §2.16): RFC 3339, in UTC, written with `Z`.

mod moment;

pub use moment::Moment;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked timestamp. Its text is kept, since the number of digits is the precision. Timestamps
/// are ordered by time; equal times with different texts are different, and ordered by their texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp {
    text: String,
    moment: Moment,
}

/// Why a text is not a timestamp. The message shows a valid one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a timestamp like 2017-12-15T09:30:00.000Z: {why}")]
pub struct BadTimestamp {
    text: String,
    why: &'static str,
}

/// Longest text read: a date, a time and up to 100 digits of a second.
const MAX_LEN: usize = 121;

impl Timestamp {
    /// Checks a text: `YYYY-MM-DDTHH:MM:SS`, digits of a second if any, and `Z`.
    ///
    /// Digits after the ninth count for the text only, not for the time. Errs on any other form,
    /// and on a day or time of day that does not exist.
    pub fn parse(text: &str) -> Result<Timestamp, BadTimestamp> {
        read(text).map(|moment| Timestamp { text: text.to_owned(), moment })
    }

    /// Reads any text of RFC 3339. One with an offset, a small letter or a space becomes the same
    /// time in UTC, with as many digits.
    ///
    /// Errs as [`Timestamp::parse`] does, and on a time that UTC has in another millennium.
    pub fn parse_any(text: &str) -> Result<Timestamp, BadTimestamp> {
        let Some((plain, offset)) = in_utc_form(text) else { return Timestamp::parse(text) };
        let moment = read_at(&plain, offset).map_err(|e| BadTimestamp::of(text, e.why))?;
        let text = moment.text(digits(&plain));
        Ok(Timestamp { text: text.ok_or(BadTimestamp::of(&plain, NO_DAY))?, moment })
    }

    /// The number of digits of a second in the text: the precision.
    pub fn digits(&self) -> usize {
        digits(&self.text)
    }

    /// The timestamp of a time in microseconds since 1970, with six digits of a second;
    /// `None` outside of the years 0000 to 9999.
    pub fn from_micros(micros: i64) -> Option<Timestamp> {
        Timestamp::from_micros_with(micros, 6)
    }

    /// Like [`Timestamp::from_micros`], with this many digits of a second, at most six. Digits that
    /// are not written are cut off.
    pub fn from_micros_with(micros: i64, digits: usize) -> Option<Timestamp> {
        Timestamp::written(Moment::from_micros(micros), digits.min(6))
    }

    /// The beginning of 1970, to the millisecond.
    pub fn epoch() -> Timestamp {
        Timestamp { text: "1970-01-01T00:00:00.000Z".to_owned(), moment: Moment::from_micros(0) }
    }

    fn written(moment: Moment, digits: usize) -> Option<Timestamp> {
        let text = moment.text(digits)?;
        // The text and the moment must be the same time: digits that are cut off do not count.
        let moment = read(&text).ok()?;
        Some(Timestamp { text, moment })
    }

    /// The time in whole microseconds since 1970. A leap second counts as the last microsecond
    /// before it.
    pub fn micros(&self) -> i64 {
        self.moment.micros()
    }

    /// The time, to the nanosecond.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The text of the timestamp, as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The timestamp this many minutes later, or earlier when negative, cut to the millisecond. The
    /// time does not move where the result could not be written.
    pub fn plus_minutes(&self, minutes: i64) -> Timestamp {
        let later = self.moment.plus_seconds(minutes.saturating_mul(60));
        let later = Timestamp::written(later, 3).or_else(|| Timestamp::written(self.moment, 3));
        later.unwrap_or_else(|| self.clone())
    }
}

impl BadTimestamp {
    fn of(text: &str, why: &'static str) -> BadTimestamp {
        BadTimestamp { text: text.chars().take(MAX_LEN).collect(), why }
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
        self.moment.cmp(&other.moment).then_with(|| self.text.cmp(&other.text))
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

const NO_FORM: &str = "expected YYYY-MM-DDTHH:MM:SS, digits of a second if any, and Z";
const NO_DAY: &str = "there is no such day";
const NO_TIME: &str = "there is no such time of day";

/// Like [`Timestamp::parse`], without keeping the text.
pub(crate) fn read(text: &str) -> Result<Moment, BadTimestamp> {
    read_at(text, 0)
}

/// Like [`Timestamp::parse_any`], without keeping the text.
pub(crate) fn read_any(text: &str) -> Result<Moment, BadTimestamp> {
    match in_utc_form(text) {
        Some((plain, offset)) => read_at(&plain, offset),
        None => read(text),
    }
}

/// Reads a text in the form of UTC whose clock is this many seconds ahead of UTC.
fn read_at(text: &str, offset: i64) -> Result<Moment, BadTimestamp> {
    let bad = |why| BadTimestamp::of(text, why);
    if !has_form(text) {
        return Err(bad(NO_FORM));
    }
    let number = |from: usize, to: usize| {
        let digits = text.as_bytes().get(from..to).unwrap_or_default();
        digits.iter().fold(0_u32, |n, digit| n * 10 + u32::from(digit - b'0'))
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)).unwrap_or(i8::MAX);
    let year = i16::try_from(number(0, 4)).unwrap_or(i16::MAX);
    let date = jiff::civil::Date::new(year, small(5), small(8)).map_err(|_| bad(NO_DAY))?;
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    if hour > 23 || minute > 59 || second > 60 {
        return Err(bad(NO_TIME));
    }
    let of_day = hour * 3600 + minute * 60 + second.min(59);
    let seconds = moment::midnight(date) + i64::from(of_day) - offset;
    let kept = digits(text).min(9);
    let nanos = number(20, 20 + kept) * 10_u32.pow(9 - u32::try_from(kept).unwrap_or(9));
    if second < 60 {
        return Ok(Moment::new(seconds, nanos));
    }
    // RFC 3339 §5.7: a leap second ends a day of UTC.
    Moment::leap(seconds, nanos).ok_or_else(|| bad(NO_TIME))
}

/// A text of RFC 3339 that is not in the form of STIX, in that form, and by how many seconds its
/// clock is ahead of UTC; `None` for any other text.
fn in_utc_form(text: &str) -> Option<(String, i64)> {
    if text.len() > MAX_LEN || !text.is_ascii() || has_form(text) {
        return None;
    }
    let (body, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(body) => (body, 0),
        None => before_offset(text)?,
    };
    let (date, time) = (body.get(..10)?, body.get(11..)?);
    let between = matches!(body.as_bytes().get(10)?, b'T' | b't' | b' ');
    let plain = format!("{date}T{time}Z");
    (between && has_form(&plain)).then_some((plain, offset))
}

/// Takes an offset such as `+02:00` off the end of a text.
fn before_offset(text: &str) -> Option<(&str, i64)> {
    let (body, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let is_plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    let both = is_plain(hours) && is_plain(minutes);
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    let ahead = (both && hours <= 23 && minutes <= 59).then_some(hours * 3600 + minutes * 60)?;
    match offset.as_bytes().first()? {
        b'+' => Some((body, ahead)),
        b'-' => Some((body, -ahead)),
        _ => None,
    }
}

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
            assert_eq!(
                Timestamp::parse(text).unwrap().micros(),
                expected.as_microsecond(),
                "{text}"
            );
        }
        let leap = Timestamp::parse("2016-12-31T23:59:60Z").unwrap();
        assert_eq!((leap.as_str(), leap.digits()), ("2016-12-31T23:59:60Z", 0));
        assert_eq!(Timestamp::parse("2016-12-31T23:59:60.1234Z").unwrap().digits(), 4);
    }

    #[test]
    fn every_time_that_can_be_written_is_in_its_order() {
        let in_order = [
            "0000-01-01T00:00:00Z",
            "0000-01-01T00:00:00.000000001Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999999Z",
            "1970-01-01T00:00:00Z",
            "2016-12-31T23:59:59.999999999Z",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.999999999Z",
            "2017-01-01T00:00:00Z",
            "9999-12-30T22:00:00Z",
            "9999-12-31T00:00:00Z",
            "9999-12-31T23:59:59.999999998Z",
            "9999-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:60Z",
        ];
        let times: Vec<Timestamp> =
            in_order.iter().map(|text| Timestamp::parse(text).unwrap()).collect();
        for pair in times.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].moment() < pair[1].moment(), "{pair:?}");
            assert!(pair[0].micros() <= pair[1].micros(), "{pair:?}");
        }
    }

    #[test]
    fn any_text_of_rfc_3339_is_the_same_time_in_utc() {
        for (text, utc) in [
            ("2026-01-02T03:04:05.120+02:00", "2026-01-02T01:04:05.120Z"),
            ("2026-01-01T23:30:00-00:45", "2026-01-02T00:15:00Z"),
            ("2026-01-02t03:04:05z", "2026-01-02T03:04:05Z"),
            ("2026-01-02 03:04:05.5+00:00", "2026-01-02T03:04:05.5Z"),
            ("2017-01-01T01:59:60+02:00", "2016-12-31T23:59:60Z"),
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ] {
            assert_eq!(Timestamp::parse_any(text).unwrap().as_str(), utc);
            assert_eq!(read_any(text).unwrap(), read(utc).unwrap());
        }
        for text in [
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:05+0200",
            "2026-01-02T03:04:05+24:00",
            "2026-01-02T03:04:05+é0:00",
            "2026-01-02T23:59:60+02:00",
            "0000-01-01T00:00:00+01:00",
            "yesterday",
            "",
        ] {
            assert!(Timestamp::parse_any(text).is_err(), "{text}");
        }
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
