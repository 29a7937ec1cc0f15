//! Arguments that several commands take, read from their words.

use forewarn_exchange::authority::Rate;
use forewarn_node::clock;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, offset};
use serde::de::DeserializeOwned;

/// A word of a closed list, as it is written in JSON.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|e| e.to_string())
}

/// A time: of RFC 3339, with `Z` or any offset; or this long from now, such as `+48h`.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    let from_now = relative(text).and_then(|seconds| after(&clock::now(), seconds));
    from_now.or_else(|| offset::in_utc(text)).ok_or_else(|| {
        "write a time with its zone, such as 2026-01-31T12:00:00Z or 2026-01-31T14:00:00+02:00; \
         or how long from now, such as +48h, +2d or +30m"
            .to_owned()
    })
}

/// The seconds that `+1d12h` or `-30m` stands for: weeks, days, hours, minutes and seconds.
fn relative(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let mut seconds: i64 = 0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at(digits);
        let (unit, tail) = unit.split_at_checked(1)?;
        let one: i64 = match unit {
            "w" => 7 * 24 * 3_600,
            "d" => 24 * 3_600,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(one)?)?;
        if tail.is_empty() {
            return Some(sign * seconds);
        }
        rest = tail;
    }
}

/// A length of time in whole minutes, such as `24h`.
pub(super) fn span(text: &str) -> Result<u32, String> {
    let seconds = relative(&format!("+{text}")).filter(|seconds| seconds % 60 == 0);
    let minutes = seconds.and_then(|seconds| u32::try_from(seconds / 60).ok());
    minutes.ok_or_else(|| "write a time of whole minutes, such as 30m, 24h or 7d".to_owned())
}

/// At most so many in a time: `20/1h`.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    let form = || "write how many in what time, such as 20/1h".to_owned();
    let (most, time) = text.split_once('/').ok_or_else(form)?;
    let most = most.parse().map_err(|_| form())?;
    Ok(Rate { most, minutes: span(time)? })
}

/// The time this many seconds after another one, to the second.
fn after(from: &Timestamp, seconds: i64) -> Option<Timestamp> {
    let micros = from.micros().checked_add(seconds.checked_mul(1_000_000)?)?;
    Timestamp::from_micros_with(micros, 0)
}

/// A marking by its name, such as `amber`.
pub(super) fn tlp(text: &str) -> Result<Tlp, String> {
    Tlp::parse(text).ok_or_else(|| "clear, green, amber, amber+strict or red".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_so_many_in_a_time_of_whole_minutes() {
        assert_eq!(rate("20/1h"), Ok(Rate { most: 20, minutes: 60 }));
        assert_eq!(span("1d12h"), Ok(36 * 60));
        for text in ["20", "20/", "20/90s", "-1/1h", "x/1h", "20/+1h"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    /// Whoever had to say "for two days" had to reckon a date in UTC first.
    #[test]
    fn a_time_is_written_with_any_offset_or_from_now() {
        let now = Timestamp::parse("2026-01-31T12:00:00.5Z").unwrap();
        for (text, expected) in [
            ("+48h", "2026-02-02T12:00:00Z"),
            ("+2d", "2026-02-02T12:00:00Z"),
            ("+30m", "2026-01-31T12:30:00Z"),
            ("+1w1d1h1m1s", "2026-02-08T13:01:01Z"),
            ("-7d", "2026-01-24T12:00:00Z"),
        ] {
            let read = after(&now, relative(text).unwrap()).unwrap();
            assert_eq!(read.as_str(), expected, "{text}");
            assert!(time(text).is_ok(), "{text}");
        }
        assert_eq!(time("2026-01-31T14:00:00+02:00").unwrap().as_str(), "2026-01-31T12:00:00Z");
        for text in [
            "+",
            "+48",
            "48h",
            "+h",
            "+1x",
            "tomorrow",
            "2026-01-31",
            "",
            "+é",
            "+99999999999999999999d",
            "+9999999999999w",
        ] {
            assert!(time(text).unwrap_err().contains("+48h"), "{text}");
        }
    }
}
