//! Rules for observables (STIX 2.1 §6).

use super::{Properties, add};
use crate::at::At;
use crate::findings::Findings;
use crate::rule;
use serde_json::Value;

/// §6.1: an artifact holds its payload, or gives a URL and hashes.
pub(super) fn check_artifact(map: &Properties, found: &mut Findings<'_>) {
    let has = |name: &str| map.contains_key(name);
    if has("payload_bin") == has("url") {
        let message = "needs either `payload_bin` or `url`, not both";
        found.add(&rule::EITHER_OR, &At::ROOT, message);
    }
    if has("url") && !has("hashes") {
        add(found, &rule::REQUIRED, "hashes", "`url` needs `hashes` beside it");
    }
    if has("decryption_key") && !has("encryption_algorithm") {
        let message = "`decryption_key` needs `encryption_algorithm` beside it";
        add(found, &rule::FORBIDDEN, "decryption_key", message);
    }
}

/// §6.6: a multipart message has parts, and any other message has a body.
pub(super) fn check_email(map: &Properties, found: &mut Findings<'_>) {
    let forbidden = match map.get("is_multipart") {
        Some(Value::Bool(true)) => "body",
        Some(Value::Bool(false)) => "body_multipart",
        _ => return,
    };
    if map.contains_key(forbidden) {
        let message = format!("`{forbidden}` is not allowed with this value of `is_multipart`");
        add(found, &rule::FORBIDDEN, forbidden, message);
    }
    let parts = map.get("body_multipart").and_then(Value::as_array);
    for (n, part) in parts.into_iter().flatten().enumerate() {
        if part.is_object() && part.get("body").is_some() == part.get("body_raw_ref").is_some() {
            let message = "needs either `body` or `body_raw_ref`, not both";
            found.add(&rule::BODY_PART, &At::ROOT.name("body_multipart").index(n), message);
        }
    }
}

/// §3.9.1: a property for an encoding needs the property that is encoded.
pub(super) fn check_encoding(map: &Properties, encoding: &str, of: &str, found: &mut Findings<'_>) {
    if map.contains_key(encoding) && !map.contains_key(of) {
        let message = format!("`{encoding}` needs `{of}` beside it");
        add(found, &rule::ENCODING, encoding, message);
    }
}

/// §6.12: active traffic has no end, and traffic should have both ports.
pub(super) fn check_traffic(map: &Properties, found: &mut Findings<'_>) {
    if map.get("is_active") == Some(&Value::Bool(true)) && map.contains_key("end") {
        add(found, &rule::FORBIDDEN, "end", "active traffic must not have an `end`");
    }
    for name in ["src_port", "dst_port"] {
        if !map.contains_key(name) {
            add(found, &rule::PORTS, name, format!("`{name}` should be given if it is known"));
        }
    }
}
