//! Escapes of programming languages: `\u0050`, `\u{50}`, `\U00000050`, `\x50`, `\120`, `\50 `, `%u0050`,
//! `U+0050`.

use super::bytes::text_of;

/// `None` when nothing is encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    let starts = |c: char| matches!(c, '\\' | '%' | 'U' | 'u');
    let mut out = Out::default();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(starts) {
        let (before, after) = rest.split_at_checked(at)?;
        out.text(before);
        if let Some((value, next)) = one(after) {
            found = true;
            out.value(value);
            rest = next;
        } else {
            let mut chars = after.chars();
            out.text(chars.next()?.encode_utf8(&mut [0; 4]));
            rest = chars.as_str();
        }
    }
    out.text(rest);
    found.then(|| out.end())
}

/// What an escape stands for.
enum Value {
    Byte(u8),
    /// A character, or half of one in UTF-16.
    Unit(u32),
    Space,
}

/// The escape at the beginning of a text, and what follows it.
fn one(text: &str) -> Option<(Value, &str)> {
    if let Some(rest) = text.strip_prefix("%u").or_else(|| text.strip_prefix("%U")) {
        return fixed(rest, 4);
    }
    if let Some(rest) = text.strip_prefix("U+").or_else(|| text.strip_prefix("u+")) {
        return ranged(rest, 4, 6);
    }
    let rest = text.strip_prefix('\\')?;
    let mut chars = rest.chars();
    let first = chars.next()?;
    let after = chars.as_str();
    match first {
        'u' | 'x' if after.starts_with('{') => {
            let (digits, rest) = after.strip_prefix('{')?.split_once('}')?;
            let value = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 8)?;
            Some((Value::Unit(value), rest))
        }
        'u' => fixed(after.trim_start_matches('u'), 4),
        'U' => fixed(after, 8),
        'x' | 'X' => {
            let (Value::Unit(value), rest) = fixed(after, 2)? else { return None };
            Some((Value::Byte(u8::try_from(value).ok()?), rest))
        }
        'n' | 'r' | 't' => Some((Value::Space, after)),
        '0'..='7' if octal(rest).is_some() => octal(rest),
        '0'..='9' | 'a'..='f' | 'A'..='F' => {
            let (value, rest) = ranged(rest, 2, 6)?;
            Some((value, rest.strip_prefix(' ').unwrap_or(rest)))
        }
        _ => None,
    }
}

fn fixed(text: &str, digits: usize) -> Option<(Value, &str)> {
    ranged(text, digits, digits)
}

fn ranged(text: &str, least: usize, most: usize) -> Option<(Value, &str)> {
    let end = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len()).min(most);
    let (digits, rest) = text.split_at_checked(end).filter(|_| end >= least)?;
    Some((Value::Unit(u32::from_str_radix(digits, 16).ok()?), rest))
}

fn octal(text: &str) -> Option<(Value, &str)> {
    let (digits, rest) = text.split_at_checked(3)?;
    let value = digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)?;
    let value = u8::from_str_radix(value, 8).ok().filter(|value| *value >= 32)?;
    Some((Value::Byte(value), rest))
}

#[derive(Default)]
struct Out {
    bytes: Vec<u8>,
    /// The first half of a character in UTF-16.
    high: Option<u32>,
}

impl Out {
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.high = None;
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    fn value(&mut self, value: Value) {
        match (value, self.high.take()) {
            (Value::Byte(byte), _) => self.bytes.push(byte),
            (Value::Space, _) => self.bytes.push(b' '),
            (Value::Unit(high @ 0xd800..=0xdbff), _) => self.high = Some(high),
            (Value::Unit(low @ 0xdc00..=0xdfff), Some(high)) => {
                self.char(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            }
            (Value::Unit(value), _) => self.char(value),
        }
    }

    fn char(&mut self, value: u32) {
        if let Some(c) = char::from_u32(value) {
            self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn end(self) -> String {
        text_of(&self.bytes)
    }
}
