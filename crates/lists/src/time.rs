//! Times as lists write them.

use forewarn_stix::Timestamp;

/// A time: RFC 3339, the same with a space or without a zone, a day, or seconds or milliseconds since
/// 1970. What has no zone is read as UTC.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches('"');
    let text =
        text.strip_suffix("(UTC)").or_else(|| text.strip_suffix("UTC")).unwrap_or(text).trim();
    if text.len() >= 10 && text.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 => Timestamp::from_micros_with(number.checked_mul(1_000_000)?, 3),
            13 => Timestamp::from_micros_with(number.checked_mul(1_000)?, 3),
            _ => None,
        };
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(time) = Timestamp::parse_any(text) {
        return Some(time);
    }
    // `2026-11-20`, `2026/11/20 10:00`, `2026-11-20 10:00:00`
    let mut whole = text.replacen(' ', "T", 1).replace('/', "-");
    match whole.len() {
        10 => whole.push_str("T00:00:00"),
        16 => whole.push_str(":00"),
        _ => {}
    }
    Timestamp::parse_any(&whole).or_else(|_| Timestamp::parse_any(&format!("{whole}Z"))).ok()
}

/// A time to the millisecond, as `created` and `modified` are written (STIX 2.1 §3.2).
pub(crate) fn to_millisecond(time: &Timestamp) -> Timestamp {
    Timestamp::from_micros_with(time.micros(), 3).unwrap_or_else(|| time.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_lists_write_them() {
        for (text, meant) in [
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
            ("2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00Z"),
            ("2026-11-20 10:00:00", "2026-11-20T10:00:00Z"),
            ("2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00Z"),
            ("2026-11-20 10:00", "2026-11-20T10:00:00Z"),
            ("2026/11/20", "2026-11-20T00:00:00Z"),
            ("1763632800", "2025-11-20T10:00:00.000Z"),
            ("1763632800000", "2025-11-20T10:00:00.000Z"),
        ] {
            assert_eq!(read(text).map(|time| time.to_string()).as_deref(), Some(meant), "{text}");
        }
        for text in ["", "today", "20/11/2026", "12345", "2026-13-01"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
