//! Dictionaries of hashes: their names, and the form of each.

use crate::at::At;
use crate::findings::{Findings, require};
use crate::rule;
use crate::text::shortened;
use crate::vocabulary::HASHES;
use serde_json::Value;

pub(crate) fn check_hashes(value: &Value, known_only: bool, at: &At<'_>, found: &mut Findings<'_>) {
    let Some(map) = value.as_object() else {
        return require(false, "a dictionary of hashes", value, at, found);
    };
    if map.is_empty() {
        return found.empty_dictionary(at);
    }
    for (name, hash) in map {
        let at = at.name(name);
        let known = HASHES.iter().find(|(known, _)| known == name);
        check_hash_name(name, known.is_some(), known_only, &at, found);
        let Some(text) = hash.as_str() else {
            require(false, "a string", hash, &at, found);
            continue;
        };
        if !is_hash(name, text) {
            found.add(
                &rule::HASH,
                &at,
                format!("`{}` is not a valid {name} hash", shortened(text)),
            );
        }
    }
}

/// Whether a text has the form of a hash of this algorithm. Any text has, if the algorithm is
/// unknown.
pub(crate) fn is_hash(algorithm: &str, text: &str) -> bool {
    let hex = || text.bytes().all(|b| b.is_ascii_hexdigit());
    match HASHES.iter().find(|(known, _)| *known == algorithm) {
        Some((_, Some(length))) => text.len() == *length && hex(),
        Some(("SSDEEP", None)) => is_ssdeep(text),
        Some(("TLSH", None)) => is_tlsh(text),
        _ => true,
    }
}

fn check_hash_name(
    name: &str,
    known: bool,
    known_only: bool,
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if !plain || !(3..=250).contains(&name.len()) || (known_only && !known) {
        let message = format!("`{}` is not the name of a hash algorithm", shortened(name));
        found.add(&rule::HASH_NAME, at, message);
    } else if !known && !name.starts_with("x_") {
        let message = format!("`{name}` is not in hash-algorithm-ov and does not begin with x_");
        found.add(&rule::HASH_ALGORITHM, at, message);
    }
}

/// Whether a text can be an ssdeep hash, `blocksize:hash:hash`.
fn is_ssdeep(text: &str) -> bool {
    text.len() <= 150
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+' | b':' | b'.'))
        && !text.is_empty()
}

/// Whether a text is a TLSH hash: 35 bytes in hexadecimal, with the version `T1` before them or
/// not.
fn is_tlsh(text: &str) -> bool {
    let body = text.strip_prefix("T1").filter(|body| body.len() == 70).unwrap_or(text);
    body.len() == 70 && body.bytes().all(|b| b.is_ascii_hexdigit())
}
