//! Readings of a text: what it says when percent signs, entities, escapes, quoted-printable, punycode,
//! hexadecimal, and base64 are read as what they stand for, several times over.

mod alike;
mod base;
mod bytes;
mod entity;
mod escape;
mod hex;
mod percent;
mod punycode;
mod quoted;

use std::borrow::Cow;
use std::collections::HashSet;

/// How often a text is decoded again. Nobody needs three; more is a disguise.
const MAX_TIMES: usize = 4;
/// Readings of one text. Nine decoders, alone and together, four times over, make fewer.
const MAX_READINGS: usize = 64;
/// Bytes of all readings together, for each byte of the text; and what a short one may have anyway.
const MAX_GROWTH: usize = 12;
const MIN_BYTES: usize = 64 << 10;

/// One thing that a text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text that people could have written.
    Text,
    /// Letters found among other bytes: only a long needle counts in them.
    Scrap,
    /// Bytes in hexadecimal: for identifiers.
    Bytes,
}

#[derive(Debug)]
pub(super) struct Readings<'a> {
    pub(super) all: Vec<Reading<'a>>,
    /// There is more to decode than the bounds allow.
    pub(super) cut: bool,
}

/// What a decoder makes of a text.
#[derive(Debug, Default)]
struct Decoded {
    /// The text with each encoded piece replaced.
    whole: Option<String>,
    /// Pieces that are not clean text.
    pieces: Vec<(String, Kind)>,
}

impl From<Option<String>> for Decoded {
    fn from(whole: Option<String>) -> Decoded {
        Decoded { whole, pieces: Vec::new() }
    }
}

/// Decoders of single characters, in the order in which they are applied together.
const IN_PLACE: [fn(&str) -> Option<String>; 5] =
    [entity::decode, escape::decode, percent::decode, quoted::decode, alike::decode];
/// Decoders of whole tokens.
const TOKENS: [fn(&str) -> Decoded; 3] =
    [|text| punycode::decode(text).into(), hex::decode, base::decode];

/// All readings of a text, itself first.
pub(super) fn readings(text: &str) -> Readings<'_> {
    let mut left = text.len().saturating_mul(MAX_GROWTH).max(MIN_BYTES);
    let mut all = vec![Reading { text: Cow::Borrowed(text), kind: Kind::Text }];
    let mut seen: HashSet<String> = HashSet::new();
    let mut cut = false;
    let mut newest = vec![text.to_owned()];
    for time in 0..=MAX_TIMES {
        let mut next = Vec::new();
        for text in &newest {
            let (wholes, pieces) = once(text);
            let wholes = wholes.into_iter().map(|whole| (whole, Kind::Text, true));
            let pieces = pieces.into_iter().map(|(piece, kind)| (piece, kind, false));
            for (found, kind, again) in wholes.chain(pieces) {
                if found == *text || seen.contains(&found) {
                    continue;
                }
                let full = again && (time == MAX_TIMES || next.len() >= MAX_READINGS);
                if full || found.len() > left {
                    cut = true;
                    continue;
                }
                left -= found.len();
                seen.insert(found.clone());
                if again {
                    next.push(found.clone());
                }
                all.push(Reading { text: Cow::Owned(found), kind });
            }
        }
        newest = next;
    }
    Readings { all, cut }
}

/// The text with each decoder applied by itself, and with all together.
fn once(text: &str) -> (Vec<String>, Vec<(String, Kind)>) {
    let mut wholes: Vec<String> = IN_PLACE.iter().filter_map(|decode| decode(text)).collect();
    if wholes.len() > 1 {
        let together =
            |text: String, decode: &fn(&str) -> Option<String>| decode(&text).unwrap_or(text);
        wholes.push(IN_PLACE.iter().fold(text.to_owned(), together));
    }
    let mut pieces = Vec::new();
    for decode in TOKENS {
        let decoded = decode(text);
        wholes.extend(decoded.whole);
        pieces.extend(decoded.pieces);
    }
    (wholes, pieces)
}
