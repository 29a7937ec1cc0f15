//! Bytes as text.

use std::fmt::Write as _;

/// Shortest run of letters that is taken out of other bytes.
const MIN_SCRAP: usize = 5;
/// Bytes of which the hexadecimal form is looked at: an identifier, not a file.
const MAX_ID_BYTES: usize = 64;
const MIN_ID_BYTES: usize = 8;

/// UTF-8 where it is that, Latin-1 byte by byte where not.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|b| char::from(*b)));
    }
    text
}

/// The text that bytes are, where they are nothing else: UTF-8, or UTF-16 of either order.
pub(super) fn clean(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => utf16(bytes)?,
    };
    let (mut signs, mut all) = (0usize, 0usize);
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
            return None;
        }
        all += 1;
        signs += usize::from(c.is_alphanumeric() || matches!(c, ' ' | '%' | '&' | '\\' | '='));
    }
    (signs >= 3 && signs * 10 >= all * 7).then_some(text)
}

fn utf16(bytes: &[u8]) -> Option<String> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return None;
    }
    let pairs = bytes.chunks_exact(2);
    let read = |pair: &[u8], little: bool| match *pair {
        [a, b] if little => u16::from_le_bytes([a, b]),
        [a, b] => u16::from_be_bytes([a, b]),
        _ => 0,
    };
    let little = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count() * 4 >= bytes.len();
    let units: Vec<u16> = pairs.map(|pair| read(pair, little)).collect();
    let text = String::from_utf16(&units).ok()?;
    (!text.contains('\0')).then_some(text)
}

/// The runs of letters in bytes that are not text.
pub(super) fn scraps(bytes: &[u8], each: &mut impl FnMut(String)) {
    for chunk in bytes.utf8_chunks() {
        for run in chunk.valid().split(|c: char| c.is_control()) {
            if run.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_SCRAP {
                each(run.to_owned());
            }
        }
    }
}

/// Bytes in hexadecimal, when they are as long as an identifier; in the order of a GUID too.
pub(super) fn as_id(bytes: &[u8], each: &mut impl FnMut(String)) {
    if !(MIN_ID_BYTES..=MAX_ID_BYTES).contains(&bytes.len()) {
        return;
    }
    each(hex(bytes.iter().copied()));
    if let [a, b, c, d, e, f, g, h, rest @ ..] = bytes
        && bytes.len() == 16
    {
        let turned = [*d, *c, *b, *a, *f, *e, *h, *g];
        each(hex(turned.into_iter().chain(rest.iter().copied())));
    }
}

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
