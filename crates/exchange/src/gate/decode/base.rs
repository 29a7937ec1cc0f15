//! Tokens of base64 and base32, with or without padding.

use super::bytes::{as_id, clean, scraps};
use super::{Decoded, Kind};
use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A shorter token is looked at by itself: too many words of a text decode to something.
const MIN_IN_PLACE: usize = 8;
const MIN_TOKEN: usize = 4;
/// Letters of another word may stand before a token of this length.
const MIN_SHIFTED: usize = 12;
/// Lines of base64 have 64 or 76 letters; what breaks a line of this length does not end a token.
const MIN_LINE: usize = 40;

static BASE64: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.check_trailing_bits = false;
    specification.encoding().ok()
});

pub(super) fn decode(text: &str) -> Decoded {
    let text = joined(text);
    let mut decoded = Decoded::default();
    let mut out = String::new();
    let mut from = 0;
    for (at, token) in tokens(&text) {
        match whole(token) {
            Some(piece) if token.len() >= MIN_IN_PLACE => {
                out.push_str(text.get(from..at).unwrap_or_default());
                out.push_str(&piece);
                from = at + token.len();
            }
            Some(piece) => decoded.pieces.push((piece, Kind::Text)),
            None => parts(token, &mut decoded.pieces),
        }
    }
    if from > 0 {
        out.push_str(text.get(from..).unwrap_or_default());
        decoded.whole = Some(out);
    }
    decoded
}

/// The text that a token is, from its first letter to its last.
fn whole(token: &str) -> Option<String> {
    let base64 = base64(token).and_then(|bytes| clean(&bytes));
    base64.or_else(|| base32(token).and_then(|bytes| clean(&bytes)))
}

/// What stands inside of a token that is not all text.
fn parts(token: &str, pieces: &mut Vec<(String, Kind)>) {
    let separated = token.split(['+', '/', '-', '_']).filter(|part| part.len() < token.len());
    for part in separated.filter(|part| part.len() >= MIN_TOKEN) {
        pieces.extend(whole(part).map(|piece| (piece, Kind::Text)));
    }
    if token.len() < MIN_IN_PLACE {
        return;
    }
    for bytes in [base64(token), base32(token)].into_iter().flatten() {
        as_id(&bytes, &mut |id| pieces.push((id, Kind::Bytes)));
    }
    let shifts = if token.len() < MIN_SHIFTED { 1 } else { 4 };
    for shift in 0..shifts {
        let bytes = token.get(shift..).and_then(base64).unwrap_or_default();
        scraps(&bytes, &mut |piece| pieces.push((piece, Kind::Scrap)));
    }
}

/// The bytes of a token; a last letter that makes no byte is dropped.
pub(super) fn base64(token: &str) -> Option<Vec<u8>> {
    let even = if token.len() % 4 == 1 { token.len() - 1 } else { token.len() };
    let token = token.get(..even)?;
    BASE64.as_ref()?.decode(token.as_bytes()).ok()
}

pub(super) fn base32(token: &str) -> Option<Vec<u8>> {
    let upper = (token.len() >= MIN_IN_PLACE).then(|| token.to_ascii_uppercase())?;
    BASE32_NOPAD.decode(upper.as_bytes()).ok()
}

/// Runs of base64's letters, and where each begins.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(is_symbol)?;
            let (_, from) = rest.split_at_checked(start)?;
            let end = from.find(|c| !is_symbol(c)).unwrap_or(from.len());
            let (run, after) = from.split_at_checked(end)?;
            let at = text.len() - from.len();
            rest = after;
            if run.len() >= MIN_TOKEN {
                return Some((at, run));
            }
        }
    })
}

fn is_symbol(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')
}

/// Without the breaks between long lines of one token.
fn joined(text: &str) -> Cow<'_, str> {
    let full = |line: &str| line.len() >= MIN_LINE && line.chars().all(is_symbol);
    if !text.lines().any(full) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\r', '\n']);
        out.push_str(if full(bare) { bare } else { line });
    }
    Cow::Owned(out)
}
