//! Times as other programs and people write them: RFC 3339 with any offset from UTC.

use crate::time::Timestamp;

/// A time of RFC 3339, in UTC; `None` for any other text.
///
/// Other than [`Timestamp::parse`], which reads what STIX allows, an offset such as `+02:00` is
/// accepted. Then at most six digits of a second are kept, and the others cut off.
pub fn in_utc(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = Timestamp::parse(text) {
        return Some(time);
    }
    let instant: jiff::Timestamp = text.parse().ok()?;
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text.split_once('.').map_or(0, |(_, rest)| digits(rest));
    Timestamp::from_micros_with(instant.as_microsecond(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_with_an_offset_is_the_same_instant_in_utc() {
        for (text, expected) in [
            ("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"),
            ("2025-12-31T19:30:00.5-04:30", "2026-01-01T00:00:00.5Z"),
            ("2026-01-01T00:00:00.1234567+00:00", "2026-01-01T00:00:00.123456Z"),
            ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
            (" 2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123456789Z"),
        ] {
            assert_eq!(in_utc(text).unwrap().as_str(), expected, "{text}");
        }
        for text in ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00+02:00"]
        {
            assert_eq!(in_utc(text), None, "{text}");
        }
    }
}
