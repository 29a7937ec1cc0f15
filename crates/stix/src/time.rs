//! STIX timestamps (STIX 2.1 §2.16): RFC 3339, in UTC, written with `Z`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked instant. The text is kept, since its number of digits is its precision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp {
    text: String,
    instant: jiff::Timestamp,
}

/// Why a text is no timestamp.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a timestamp like 2017-12-15T09:30:00.000Z: {why}")]
pub struct BadTimestamp {
    text: String,
    why: String,
}

/// Longest text read: a date, a time and up to 36 digits of a second.
const MAX_LEN: usize = 57;

impl Timestamp {
    /// Checks a text. More than nine digits of a second are kept in the text, not in the instant.
    pub fn parse(text: &str) -> Result<Timestamp, BadTimestamp> {
        let bad = |why: &str| BadTimestamp {
            text: text.chars().take(MAX_LEN).collect(),
            why: why.to_owned(),
        };
        if !has_form(text) {
            return Err(bad("wants YYYY-MM-DDTHH:MM:SS, digits of a second if any, and Z"));
        }
        // 19 of date and time, the point and nine digits: what an instant can hold.
        let kept = if text.len() > 30 { text.get(..29) } else { text.strip_suffix('Z') };
        let kept = kept.ok_or_else(|| bad("is not ASCII"))?;
        let instant =
            format!("{kept}Z").parse::<jiff::Timestamp>().map_err(|e| bad(&e.to_string()))?;
        Ok(Timestamp { text: text.to_owned(), instant })
    }

    /// An instant, written to the millisecond.
    pub fn from_instant(instant: jiff::Timestamp) -> Timestamp {
        Timestamp::written(instant, 3)
    }

    /// Microseconds since 1970, written to the microsecond; `None` beyond the year 9999.
    pub fn from_micros(micros: i64) -> Option<Timestamp> {
        jiff::Timestamp::from_microsecond(micros).ok().map(|t| Timestamp::written(t, 6))
    }

    fn written(instant: jiff::Timestamp, digits: usize) -> Timestamp {
        let text = format!("{instant:.digits$}");
        Timestamp { text, instant }
    }

    /// Microseconds since 1970, cut off.
    pub fn micros(&self) -> i64 {
        self.instant.as_microsecond()
    }

    /// The instant, to the nanosecond.
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// This many minutes later, or earlier when negative; stays put at the ends of time.
    pub fn plus_minutes(&self, minutes: i64) -> Timestamp {
        let later = self.instant.checked_add(jiff::SignedDuration::from_mins(minutes));
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

fn has_form(text: &str) -> bool {
    let shape = |at: usize, b: u8| match at {
        4 | 7 => b == b'-',
        10 => b == b'T',
        13 | 16 => b == b':',
        19 => b == b'.' || b == b'Z',
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
        for text in
            ["2017-12-15T09:30:00Z", "2017-12-15T09:30:00.5Z", "2024-02-29T23:59:59.123456789012Z"]
        {
            assert_eq!(Timestamp::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "2017-12-15",
            "2017-12-15T09:30:00+01:00",
            "2017-02-30T00:00:00Z",
            "2017-12-15T09:30:00.Z",
            "2017-12-15 09:30:00Z",
            "2017-12-15T25:30:00Z",
            "Z",
            "",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
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
