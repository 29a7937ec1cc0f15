//! Character references of HTML: `&#80;`, `&#x50;`, `&shy;`, with or without the semicolon.

use html_escape::decode_html_entities;

/// Longest name of an entity, without `&` and `;`.
const MAX_NAME: usize = 31;
/// Longest name that browsers take without a semicolon.
const MAX_OPEN_NAME: usize = 6;
/// Zeros may stand before a number; this many digits are read.
const MAX_DIGITS: usize = 12;

/// `None` when nothing is encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = String::with_capacity(text.len());
    out.push_str(parts.next()?);
    let mut found = false;
    for part in parts {
        if let Some((decoded, rest)) = number(part).or_else(|| named(part)) {
            found = true;
            out.push_str(&decoded);
            out.push_str(rest);
        } else {
            out.push('&');
            out.push_str(part);
        }
    }
    found.then_some(out)
}

fn number(part: &str) -> Option<(String, &str)> {
    let part = part.strip_prefix('#')?;
    let (part, radix) = match part.strip_prefix(['x', 'X']) {
        Some(part) => (part, 16),
        None => (part, 10),
    };
    let end = part.find(|c: char| !c.is_digit(radix)).unwrap_or(part.len());
    let (digits, rest) = part.split_at_checked(end.min(MAX_DIGITS))?;
    let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    Some((c.to_string(), rest.strip_prefix(';').unwrap_or(rest)))
}

fn named(part: &str) -> Option<(String, &str)> {
    let end = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
    let (name, rest) = part.split_at_checked(end)?;
    if let Some(rest) = rest.strip_prefix(';').filter(|_| name.len() <= MAX_NAME) {
        return Some((known(name)?, rest));
    }
    let longest = name.len().min(MAX_OPEN_NAME);
    (2..=longest).rev().find_map(|length| {
        let (name, rest) = part.split_at_checked(length)?;
        Some((known(name)?, rest))
    })
}

fn known(name: &str) -> Option<String> {
    let reference = format!("&{name};");
    let decoded = decode_html_entities(&reference);
    (decoded != reference.as_str()).then(|| decoded.into_owned())
}
