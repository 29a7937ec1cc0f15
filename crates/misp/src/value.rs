//! Values: from MISP's texts to what a property of STIX holds, and back.

use crate::tables::attribute::HASHES;
use forewarn_stix::Timestamp;
use serde_json::{Number, Value};
use std::net::IpAddr;

/// What kind of value a property holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Decimal,
    Truth,
    Time,
    Hash,
    Hex,
    Mac,
    Bytes,
}

fn kind(key: &str) -> Kind {
    match key {
        "number"
        | "src_port"
        | "dst_port"
        | "size"
        | "pid"
        | "gid"
        | "src_byte_count"
        | "src_packets"
        | "number_of_sections"
        | "address_of_entry_point"
        | "subject_public_key_exponent" => Kind::Whole,
        "latitude" | "longitude" => Kind::Decimal,
        "is_hidden" | "is_disabled" | "is_service_account" | "is_privileged"
        | "can_escalate_privs" | "is_self_signed" | "is_family" => Kind::Truth,
        "atime"
        | "ctime"
        | "mtime"
        | "start"
        | "end"
        | "date"
        | "created_time"
        | "modified_time"
        | "first_seen"
        | "last_seen"
        | "account_created"
        | "account_expires"
        | "account_first_login"
        | "account_last_login"
        | "credential_last_changed"
        | "validity_not_after"
        | "validity_not_before"
        | "analysis_started"
        | "analysis_ended"
        | "submitted" => Kind::Time,
        "icmp_type_hex" | "src_flags_hex" => Kind::Hex,
        "payload_bin" => Kind::Bytes,
        _ if key.starts_with(|c: char| c.is_ascii_uppercase())
            && HASHES.iter().any(|(_, stix, _)| *stix == key) =>
        {
            Kind::Hash
        }
        _ => Kind::Text,
    }
}

/// Whether a property holds a time.
pub(crate) fn is_time(key: &str) -> bool {
    kind(key) == Kind::Time
}

/// The value of a property; `None` where the text is none for it, which then stays a text of MISP.
pub(crate) fn stix(object: &str, key: &str, text: &str) -> Option<Value> {
    if text.is_empty() || text.contains('\0') {
        return None;
    }
    let kind = if object == "mac-addr" && key == "value" { Kind::Mac } else { kind(key) };
    match kind {
        Kind::Text => form(object, key, text).then(|| Value::String(standard(object, key, text))),
        Kind::Whole => whole(text, key).map(|n| Value::Number(n.into())),
        Kind::Decimal => {
            let number: f64 = text.trim().parse().ok()?;
            Number::from_f64(number).map(Value::Number)
        }
        Kind::Truth => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(Value::Bool(true)),
            "false" | "0" | "no" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Time => time(text).map(|time| Value::String(time.as_str().to_owned())),
        Kind::Hash => {
            // A digest of TLSH may have its version before it.
            let text = if key == "TLSH" { text.strip_prefix("T1").unwrap_or(text) } else { text };
            hash(key, text).then(|| Value::String(text.to_owned()))
        }
        Kind::Hex => {
            let digits = text.strip_prefix("0x").unwrap_or(text);
            let is_hex =
                digits.len().is_multiple_of(2) && digits.bytes().all(|b| b.is_ascii_hexdigit());
            is_hex.then(|| Value::String(digits.to_owned()))
        }
        Kind::Mac => {
            let mac = text.to_ascii_lowercase().replace('-', ":");
            is_mac(&mac).then_some(Value::String(mac))
        }
        Kind::Bytes => is_base64(text).then(|| Value::String(text.to_owned())),
    }
}

/// Whether a text has the form that the property asks for.
fn form(object: &str, key: &str, text: &str) -> bool {
    match (object, key) {
        ("ipv4-addr" | "ipv6-addr", "value") => address(text) == Some(object_of(object)),
        ("email-addr", "value") => {
            let parts = text.split_once('@');
            parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
                && !text.contains(char::is_whitespace)
        }
        ("domain-name", "value") => {
            let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '*');
            text.contains(char::is_alphabetic) && text.chars().all(fits)
        }
        ("url", "value") => {
            let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
                && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
        }
        ("network-traffic", "protocols") => text.bytes().all(|b| b.is_ascii_graphic()),
        ("location", "country") => text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()),
        (_, "mime_type") => text.contains('/') && !text.contains(char::is_whitespace),
        (_, "address_family") => ADDRESS_FAMILIES.contains(&text),
        (_, "socket_type") => text.starts_with("SOCK_"),
        (_, "data_type") => text.starts_with("REG_"),
        (_, "encryption_algorithm") => ENCRYPTIONS.contains(&text),
        ("software", "cpe") => text.starts_with("cpe:2.3:"),
        _ => true,
    }
}

/// How an artifact may be encrypted (§10.10).
const ENCRYPTIONS: &[&str] = &["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"];

/// The families of addresses of sockets (§6.12.5).
const ADDRESS_FAMILIES: &[&str] = &[
    "AF_UNSPEC",
    "AF_INET",
    "AF_IPX",
    "AF_APPLETALK",
    "AF_NETBIOS",
    "AF_INET6",
    "AF_IRDA",
    "AF_BTH",
];

/// The text as the standard wants it: a registry's hive in full (§6.17.1), protocols in small letters
/// (§6.12.1).
fn standard(object: &str, key: &str, text: &str) -> String {
    match (object, key) {
        ("windows-registry-key", "key") => {
            let (hive, rest) = text.split_once('\\').unwrap_or((text, ""));
            let found = HIVES.iter().find(|(short, _)| hive.eq_ignore_ascii_case(short));
            found.map_or_else(|| text.to_owned(), |(_, full)| format!("{full}\\{rest}"))
        }
        ("network-traffic", "protocols") => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    }
}

/// The hives of Windows' registry by their short names.
const HIVES: &[(&str, &str)] = &[
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKCU", "HKEY_CURRENT_USER"),
    ("HKCR", "HKEY_CLASSES_ROOT"),
    ("HKU", "HKEY_USERS"),
    ("HKCC", "HKEY_CURRENT_CONFIG"),
];

fn object_of(object: &str) -> &'static str {
    if object == "ipv6-addr" { "ipv6-addr" } else { "ipv4-addr" }
}

/// Which kind of address a text is; `None` when it is none, not even a range of them.
pub(crate) fn address(text: &str) -> Option<&'static str> {
    let (address, range) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    if let Some(range) = range {
        let bits: u8 = range.parse().ok()?;
        if bits > most {
            return None;
        }
    }
    Some(if address.is_ipv4() { "ipv4-addr" } else { "ipv6-addr" })
}

fn whole(text: &str, key: &str) -> Option<u64> {
    let text = text.trim();
    let text = if key == "number" {
        text.strip_prefix("AS").or_else(|| text.strip_prefix("as")).unwrap_or(text)
    } else {
        text
    };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u64 = text.parse().ok()?;
    let most = match key {
        "src_port" | "dst_port" => u64::from(u16::MAX),
        "number" => u64::from(u32::MAX),
        _ => forewarn_stix::json::MAX_SAFE_INTEGER,
    };
    (number <= most).then_some(number)
}

/// Whether a text is a digest of a kind, as far as its length says.
fn hash(key: &str, text: &str) -> bool {
    let digits = HASHES.iter().find(|(_, stix, _)| *stix == key).and_then(|row| row.2);
    match digits {
        Some(digits) => text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !text.contains(char::is_whitespace),
    }
}

fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text.bytes().enumerate().all(|(n, b)| match n % 3 {
            2 => b == b':',
            _ => b.is_ascii_hexdigit(),
        })
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// A time as MISP writes it: RFC 3339, with or without an offset, or a day.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = Timestamp::parse_any(text) {
        return Some(time);
    }
    if text.len() == 10 {
        return Timestamp::parse_any(&format!("{text}T00:00:00Z")).ok();
    }
    Timestamp::parse_any(&format!("{}Z", text.replacen(' ', "T", 1))).ok()
}

/// A time to the millisecond, as `created` and `modified` are written (§3.2).
pub(crate) fn to_millisecond(time: &Timestamp) -> Timestamp {
    Timestamp::from_micros_with(time.micros(), 3).unwrap_or_else(|| time.clone())
}

/// A time in whole seconds since 1970, to the millisecond.
pub(crate) fn seconds(text: &str) -> Option<Timestamp> {
    let seconds: i64 = text.trim().parse().ok()?;
    Timestamp::from_micros_with(seconds.checked_mul(1_000_000)?, 3)
}

/// The text that MISP has for a value of STIX.
pub(crate) fn misp(object: &str, key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(if *yes { "1" } else { "0" }.to_owned()),
        Value::Number(number) if object == "autonomous-system" && key == "number" => {
            Some(format!("AS{number}"))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// The text that a value is read as again.
pub(crate) fn said(object: &str, key: &str, text: &str) -> String {
    let value = stix(object, key, text);
    value.and_then(|value| misp(object, key, &value)).unwrap_or_else(|| text.to_owned())
}
