//! Readings of a text: what it says when percent signs, entities, escapes, quoted-printable, punycode,
//! hexadecimal, and base64 are read as what they stand for, and markup is taken out, several times over.

mod alike;
mod base;
mod bytes;
mod drawn;
mod entity;
mod escape;
mod hex;
mod markup;
mod mixed;
mod percent;
mod pieces;
mod punycode;
mod quoted;

pub(super) use punycode::labels;
use std::borrow::Cow;
use std::collections::HashSet;

/// How often a text is decoded again. Nobody needs three; more is a disguise.
const MAX_TIMES: usize = 4;
/// Bytes of all readings together, for each byte of the text; and what a short one may have anyway.
const MAX_GROWTH: usize = 24;
const MIN_BYTES: usize = 64 << 10;

/// Keeps pieces apart, so that no name is read across two: a letter that looks like no other.
const APART: &str = "\n\u{10900}\n";

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
    [entity::decode, escape::decode, percent::decode, quoted::decode, markup::decode];
/// Signs that are drawn like letters, and letters that sound like others: what another decoder reads
/// may be made of them, or not.
const DRAWN: [fn(&str) -> Option<String>; 3] = [alike::decode, drawn::decode, mixed::decode];
/// Decoders of whole tokens.
const TOKENS: [fn(&str) -> Decoded; 4] =
    [|text| punycode::decode(text).into(), hex::decode, base::decode, pieces::decode];

/// All readings of a text, itself first.
pub(super) fn readings(text: &str) -> Readings<'_> {
    let mut maker = Maker {
        left: text.len().saturating_mul(MAX_GROWTH).max(MIN_BYTES),
        all: vec![Reading { text: Cow::Borrowed(text), kind: Kind::Text }],
        seen: HashSet::new(),
        cut: false,
    };
    // The text with all decoders applied together, and those with one that takes whole tokens: what
    // another decoder changes can break a token.
    let mut together = text.to_owned();
    let mut apart: Vec<String> = Vec::new();
    for _ in 0..MAX_TIMES {
        let next = maker.once(&together);
        let mut tokens = next.tokens;
        for text in std::mem::take(&mut apart) {
            let next = maker.once(&text);
            tokens.extend(next.tokens);
            tokens.extend(next.together);
        }
        apart = tokens;
        match next.together {
            Some(next) => together = next,
            None if apart.is_empty() => break,
            None => {}
        }
    }
    maker.cut |= !apply_all(&together).1.is_empty();
    Readings { all: maker.all, cut: maker.cut }
}

struct Maker<'a> {
    /// Bytes that readings may still have.
    left: usize,
    all: Vec<Reading<'a>>,
    seen: HashSet<String>,
    cut: bool,
}

/// New texts that one text became.
struct Next {
    together: Option<String>,
    tokens: Vec<String>,
}

impl Maker<'_> {
    /// Reads a text with each decoder by itself, and with all together.
    fn once(&mut self, text: &str) -> Next {
        for decode in IN_PLACE.iter().chain(&DRAWN) {
            let decoded = decode(text);
            decoded.and_then(|found| self.keep(found, Kind::Text));
        }
        let mut tokens = Vec::new();
        for decode in TOKENS {
            let decoded = decode(text);
            tokens.extend(decoded.whole.and_then(|found| self.keep(found, Kind::Text)));
            for kind in [Kind::Text, Kind::Scrap, Kind::Bytes] {
                let of_kind = decoded.pieces.iter().filter(|(_, one)| *one == kind);
                let pieces: Vec<&str> = of_kind.map(|(piece, _)| piece.as_str()).collect();
                if !pieces.is_empty() {
                    self.keep(pieces.join(APART), kind);
                }
            }
        }
        let (together, changed) = apply_all(text);
        // With one decoder it is there already, and is decoded again all the same.
        let together = match changed.len() {
            0 => None,
            1 => Some(together),
            _ => self.keep(together, Kind::Text),
        };
        Next { together, tokens }
    }

    /// Keeps a reading that is new, within the bounds.
    fn keep(&mut self, text: String, kind: Kind) -> Option<String> {
        if self.seen.contains(&text) {
            return None;
        }
        if text.len() > self.left {
            self.cut = true;
            return None;
        }
        self.left -= text.len();
        self.seen.insert(text.clone());
        self.all.push(Reading { text: Cow::Owned(text.clone()), kind });
        Some(text)
    }
}

/// The text with all decoders applied, one after the other; and which of them changed it.
fn apply_all(text: &str) -> (String, Vec<usize>) {
    let mut text = text.to_owned();
    let mut changed = Vec::new();
    let all = IN_PLACE.len() + TOKENS.len();
    for n in 0..all {
        let decoded = match (IN_PLACE.get(n), TOKENS.get(n.wrapping_sub(IN_PLACE.len()))) {
            (Some(decode), _) => decode(&text),
            (None, Some(decode)) => decode(&text).whole,
            (None, None) => None,
        };
        if let Some(decoded) = decoded.filter(|decoded| *decoded != text) {
            text = decoded;
            changed.push(n);
        }
    }
    (text, changed)
}
