//! Texts that machines write and read: no word of anybody's.
//!
//! Whether something is one is asked of the text itself: under a key that machines know, somebody may have
//! written a sentence.

use forewarn_stix::marking::{Pap, Tlp};
use forewarn_stix::vocabulary::{self, is_country};
use forewarn_stix::{StixId, Timestamp, is_standard};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of ours, of IEP 2.0 and of CAP 1.2, beside the vocabularies of STIX. One that is missing here is
/// looked at as anybody's word.
const WORDS: &[&str] = &[
    // Markings and policies.
    "red",
    "amber",
    "amber+strict",
    "green",
    "clear",
    "white",
    "tlp:red",
    "tlp:amber",
    "tlp:amber+strict",
    "tlp:green",
    "tlp:clear",
    "may",
    "must",
    "must-not",
    "none",
    "contact-for-instruction",
    "internally-visible-actions",
    "externally-visible-indirect-actions",
    "externally-visible-direct-actions",
    "property-extension",
    "toplevel-property-extension",
    "new-sdo",
    "new-sco",
    "new-sro",
    // How urgent, how grave, how sure (CAP 1.2 §3.2.2).
    "immediate",
    "expected",
    "future",
    "past",
    "unknown",
    "extreme",
    "severe",
    "moderate",
    "minor",
    "observed",
    "likely",
    "possible",
    "unlikely",
    "routine",
    "priority",
    "flash",
    // Languages of patterns.
    "stix",
    "pcre",
    "sigma",
    "snort",
    "suricata",
    "yara",
];

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let of_stix = vocabulary::ALL.iter().flat_map(|one| one.values.iter().copied());
    of_stix.chain(WORDS.iter().copied()).collect()
});

/// Whether a text says nothing but what machines know: a word of a vocabulary, an id, a time, a version, or what a
/// case is called.
pub(super) fn is_constant(key: &str, text: &str) -> bool {
    KNOWN.contains(text)
        || is_standard(text)
        || is_id(text)
        || is_uuid(text)
        || Timestamp::parse(text).is_ok()
        || is_version(text)
        || is_numbered(text)
        || is_digest(text)
        || (key == "country" && is_country(text))
}

/// Whether an object is the definition of a marking as those who define it have published it: not one that only has
/// its id.
pub(super) fn is_published(object: &Value) -> bool {
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let tlp = Tlp::published_in_first(id).or_else(|| Tlp::of_id(id).map(Tlp::definition));
    let pap = Pap::of_id(id).map(Pap::definition);
    tlp.or(pap).is_some_and(|published| published == *object)
}

/// An id whose type the standard defines: a custom type is named by whoever made it.
fn is_id(text: &str) -> bool {
    StixId::parse_any(text).is_ok_and(|id| is_standard(id.type_name()))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `2.1`: at most four digits and a dot, which is no telephone number.
fn is_version(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && digits <= 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `case-7`, as this side and the partner call theirs.
fn is_numbered(text: &str) -> bool {
    let number =
        text.split_once('-').filter(|(what, _)| ["case", "warning", "question"].contains(what));
    number.is_some_and(|(_, number)| {
        number.len() <= 6 && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A SHA-256 value in hexadecimal, and not what somebody has written so: bytes by chance are no text.
fn is_digest(text: &str) -> bool {
    let mut bytes = Vec::with_capacity(32);
    for pair in text.as_bytes().chunks(2) {
        let digits = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2);
        let Some(byte) = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) else {
            return false;
        };
        bytes.push(byte);
    }
    bytes.len() == 32 && std::str::from_utf8(&bytes).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_write_is_told_from_what_somebody_has_written_in_its_place() {
        for (key, text) in [
            ("type", "indicator"),
            ("spec_version", "2.1"),
            ("tlp", "amber"),
            ("created", "2026-11-28T20:00:00.000Z"),
            ("id", "report--11111111-1111-4111-8111-111111111111"),
            ("iep_id", "01bc4353-4829-4d55-8d52-0ab7e0790df9"),
            ("indicator_types", "malicious-activity"),
            ("country", "RU"),
            ("case", "case-12"),
            ("digest", "f51b9c88a1d26b2a7a9dc33a15dd1e4f1f0cd25b9e4b3b2c8d7f6e5a4b3c2d1e"),
        ] {
            assert!(is_constant(key, text), "{key}: {text}");
        }
        let hidden: String = "told by boris orlow of the harbour"
            .bytes()
            .take(32)
            .fold(String::new(), |all, byte| format!("{all}{byte:02x}"));
        for (key, text) in [
            ("kind", "told by Boris Orlow"),
            ("labels", "boris-orlow"),
            ("partner", "boris-orlow.example"),
            ("id", "boris-orlow--11111111-1111-4111-8111-111111111111"),
            ("country", "Orlow"),
            ("digest", hidden.as_str()),
            ("number", "436641234567"),
            ("case", "case-436641234567"),
            ("question", "case-orlow"),
        ] {
            assert!(!is_constant(key, text), "{key}: {text}");
        }
        let mut forged = Tlp::Red.definition();
        assert!(is_published(&forged));
        if let Some(map) = forged.as_object_mut() {
            map.insert("kind".to_owned(), "told by Boris Orlow".into());
        }
        assert!(!is_published(&forged));
    }
}
