//! A text as letters and digits, each with what it may be read as: what two spellings of one name have
//! in common.
//!
//! A letter is lower-cased and decomposed (NFKD), twice, since a compatibility form may decompose to a
//! capital. What it looks like is its skeleton by Unicode TR39, in both cases: Η looks like H, and η
//! like n. Digits are also the letters that they look like. All else separates words, or is invisible
//! and dropped.

use super::tables;
use super::unseen;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
use unicode_security::confusable_detection::skeleton;

/// A letter or digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// In lower case, without marks. Letters of Latin script are ASCII here.
    pub(super) exact: char,
    /// The ASCII letters and digits that it can be read as, a bit each.
    pub(super) looks: Looks,
    /// Equal for any two letters of which one may be read as the other.
    pub(super) class: u8,
    /// It was written in ASCII.
    pub(super) plain: bool,
    /// What stands before it.
    pub(super) gap: Gap,
    /// A capital after a small letter, or a digit beside a letter: a word may begin here.
    pub(super) turn: bool,
    /// The byte at which its character begins.
    pub(super) at: u32,
}

pub(super) type Looks = u64;

/// What separates a letter from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing that can be seen.
    None,
    /// Hyphens, apostrophes, any other sign; and the end of a line after a hyphen.
    Sign,
    /// White space.
    Space,
}

/// Letters that can be taken for one another have one class; only the first of a group is listed.
const GROUPS: &[&str] = &["nhuvy", "il1", "ae34", "o0", "s5", "t7", "b68", "g9", "z2"];

/// What a digit looks like.
const DIGITS: [&str; 10] = ["o", "li", "z", "e", "a", "s", "b", "t", "b", "g"];

/// The letters of a text, in order, and the text that they stand in.
#[derive(Debug)]
pub(super) struct Letters<'a> {
    pub(super) all: Vec<Letter>,
    /// The text in NFC.
    pub(super) text: Cow<'a, str>,
}

impl<'a> Letters<'a> {
    pub(super) fn read(text: &'a str) -> Letters<'a> {
        // Letters and marks are put together first, so that Ä is one letter however it is written,
        // and a syllable of Hangul too.
        let text = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => Cow::Borrowed(text),
            _ => Cow::Owned(text.nfc().collect()),
        };
        let mut reader = Reader { all: Vec::with_capacity(text.len()), ..Reader::default() };
        for (at, c) in text.char_indices() {
            reader.take(at, c);
        }
        Letters { all: reader.all, text }
    }
}

/// The letters of a text as [`Letter::exact`] has them.
pub(super) fn exact(text: &str) -> String {
    Letters::read(text).all.iter().map(|letter| letter.exact).collect()
}

/// Whether a script writes no spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
pub(super) fn has_no_spaces(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff
        | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// The alphabet of a letter that is not Latin, as a number.
pub(super) fn alphabet(c: char) -> Option<u32> {
    match u32::from(c) {
        _ if !c.is_alphabetic() => None,
        0..=0x36f | 0x1e00..=0x1eff => None,
        0x370..=0x3ff | 0x1f00..=0x1fff => Some(0x370),
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Some(0x400),
        0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff => Some(0x600),
        0x3040..=0x30ff | 0x3400..=0x9fff => Some(0x3400),
        n => Some(n & !0x7f),
    }
}

/// Whether a character is a syllable of Hangul.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(u32::from(c), 0xac00..=0xd7a3)
}

#[derive(Default)]
struct Reader {
    all: Vec<Letter>,
    gap: Option<Gap>,
    before: Option<char>,
    hyphen: Hyphen,
    known: HashMap<char, Vec<Part>>,
}

/// Whether a word goes on in the next line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Hyphen {
    #[default]
    No,
    /// A hyphen was the last sign.
    Seen,
    /// And the line ended after it.
    Broken,
}

/// What becomes of a character.
#[derive(Debug, Clone, Copy)]
enum Part {
    Nothing,
    Gap(Gap),
    Letter { exact: char, looks: Looks, class: u8 },
}

impl Part {
    fn letter(exact: char, looks: Looks) -> Part {
        Part::Letter { exact, looks, class: class(exact, looks) }
    }
}

impl Reader {
    fn take(&mut self, at: usize, c: char) {
        if let Some(part) = ASCII.get(c as usize) {
            self.push(at, c, *part);
        } else if let Some(parts) = self.known.get(&c) {
            for part in parts.clone() {
                self.push(at, c, part);
            }
        } else {
            let mut parts = Vec::new();
            other(c, &mut parts);
            for part in &parts {
                self.push(at, c, *part);
            }
            self.known.insert(c, parts);
        }
    }

    fn push(&mut self, at: usize, c: char, part: Part) {
        let (exact, mut looks, class) = match part {
            Part::Nothing => return,
            Part::Gap(gap) => {
                self.hyphen = match self.hyphen {
                    _ if gap == Gap::Sign && "-‐‑=".contains(c) => Hyphen::Seen,
                    Hyphen::Seen | Hyphen::Broken if matches!(c, '\r' | '\n') => Hyphen::Broken,
                    Hyphen::Broken if gap == Gap::Space => Hyphen::Broken,
                    _ => Hyphen::No,
                };
                let line = gap == Gap::Space && self.hyphen == Hyphen::Broken;
                self.gap = self.gap.max(Some(if line { Gap::Sign } else { gap }));
                self.before = None;
                return;
            }
            Part::Letter { exact, looks, class } => (exact, looks, class),
        };
        let gap = self.gap.take().unwrap_or(Gap::None);
        self.hyphen = Hyphen::No;
        let before = self.before.replace(c);
        // A capital I and a small l are one stroke: l stands for I where a capital may.
        if c == 'l' && before.is_none_or(char::is_uppercase) {
            looks |= bit('i');
        }
        let turn = before.is_some_and(|b| {
            (b.is_lowercase() && c.is_uppercase()) || b.is_numeric() != c.is_numeric()
        });
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.all.push(Letter { exact, looks, class, plain: c.is_ascii(), gap, turn, at });
    }
}

/// What becomes of each ASCII character: most of most texts.
static ASCII: LazyLock<[Part; 128]> =
    LazyLock::new(|| std::array::from_fn(|n| ascii(u8::try_from(n).map_or(' ', char::from))));

fn ascii(c: char) -> Part {
    match c {
        'I' => Part::letter('i', bits("il")),
        '0'..='9' => {
            let digit = DIGITS.get(c as usize - '0' as usize).copied().unwrap_or_default();
            Part::letter(c, bit(c) | bits(digit))
        }
        'a'..='z' | 'A'..='Z' => {
            let c = c.to_ascii_lowercase();
            Part::letter(c, bit(c))
        }
        ' ' | '\t' | '\r' | '\n' => Part::Gap(Gap::Space),
        _ => Part::Gap(Gap::Sign),
    }
}

/// A character that is not ASCII.
fn other(c: char, parts: &mut Vec<Part>) {
    if unseen::kind(c).is_some() || is_drawn_out(c) {
        return parts.push(Part::Nothing);
    }
    if c.is_whitespace() {
        return parts.push(Part::Gap(Gap::Space));
    }
    // Half rings, primes and the like: letters by their category, and apostrophes in a name.
    if matches!(u32::from(c), 0x2b9..=0x2df | 0x2e5..=0x2ff) {
        return parts.push(Part::Gap(Gap::Sign));
    }
    let start = parts.len();
    let lower: Vec<char> =
        if is_hangul(c) { vec![c] } else { c.nfkd().flat_map(char::to_lowercase).nfkd().collect() };
    for &d in &lower {
        if is_combining_mark(d) && is_accent(d) {
            continue;
        }
        if d.is_ascii() {
            parts.push(ascii(d));
        } else if is_combining_mark(d) || d.is_alphanumeric() {
            letter(c, d, parts);
        } else if let Some(drawn) = drawn(d) {
            parts.extend(drawn.chars().map(ascii));
        } else {
            parts.push(Part::Gap(Gap::Sign));
        }
    }
    if parts.len() == start {
        parts.push(Part::Nothing);
    }
}

/// A letter outside ASCII: `c` as it is written, `d` in lower case without marks.
fn letter(c: char, d: char, parts: &mut Vec<Part>) {
    if let Some(drawn) = drawn(d) {
        return parts.extend(drawn.chars().map(ascii));
    }
    let base = if is_latin(d) { any_ascii::any_ascii_char(d) } else { "" };
    match d {
        'ə' => return parts.push(Part::letter('a', bits("ae"))),
        // Lunate sigma is drawn as c, and decomposes to the other one.
        'σ' if matches!(c, 'ϲ' | 'Ϲ') => return parts.push(ascii('c')),
        _ => {}
    }
    let d = folded(d);
    if base.len() > 1 && base.bytes().all(|b| b.is_ascii_alphabetic()) {
        return parts.extend(base.chars().map(ascii));
    }
    if d.is_numeric() {
        let digit = any_ascii::any_ascii_char(d);
        if digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit()) {
            return parts.extend(digit.chars().map(ascii));
        }
    }
    // A letter looks the same to us in both cases, so that one written in either finds the other.
    let mut upper = d.to_uppercase();
    let upper = upper.next().filter(|_| upper.next().is_none());
    let mut looks = 0;
    for l in [look(d), upper.and_then(look), base.chars().next()].into_iter().flatten() {
        let l = l.to_ascii_lowercase();
        // Of looks that no group has together, the first counts.
        if l.is_ascii_alphanumeric() && (looks == 0 || class(l, looks) == class(l, bit(l))) {
            looks |= bit(l);
        }
    }
    // What is one stroke is l by TR39, and a capital I too.
    if base.is_empty() && looks & bit('l') != 0 {
        looks |= bit('i');
    }
    let exact = match base.chars().next() {
        Some(b) if b.is_ascii_alphanumeric() => b.to_ascii_lowercase(),
        _ => d,
    };
    parts.push(Part::letter(exact, looks));
}

/// Letters that people take for others and TR39 does not, or not for these.
const TAKEN_FOR: &[(char, char)] = &[
    ('ε', 'e'),
    ('є', 'e'),
    ('э', 'e'),
    ('з', '3'),
    ('и', 'n'),
    ('п', 'n'),
    ('π', 'n'),
    ('ц', 'u'),
    ('я', 'r'),
    ('ω', 'w'),
    ('ш', 'w'),
    ('щ', 'w'),
    ('б', 'b'),
    ('қ', 'k'),
    ('ҝ', 'k'),
    ('ҟ', 'k'),
    ('ҡ', 'k'),
    ('ӄ', 'k'),
    ('ң', 'h'),
    ('ҥ', 'h'),
    ('ӈ', 'h'),
    ('ҳ', 'x'),
    ('д', 'd'),
    ('ж', 'x'),
    ('ч', '4'),
    ('դ', 'n'),
    ('ո', 'n'),
];

/// The one ASCII letter or digit that a character looks like.
pub(super) fn look(c: char) -> Option<char> {
    if let Some((_, taken)) = TAKEN_FOR.iter().find(|(one, _)| *one == c) {
        return Some(*taken);
    }
    let mut text = [0; 4];
    let prototype = skeleton(c.encode_utf8(&mut text)).collect::<String>();
    let mut plain = prototype.nfkd().filter(|c| !is_combining_mark(*c));
    let (Some(one), None) = (plain.next(), plain.next()) else { return None };
    if one.is_ascii_alphanumeric() {
        return Some(one);
    }
    if one == 'ĸ' {
        return Some('k');
    }
    // Small capitals are prototypes of their own.
    let base = if is_latin(one) { any_ascii::any_ascii_char(one) } else { "" };
    base.chars().next().filter(|b| base.len() == 1 && b.is_ascii_alphanumeric())
}

/// Letters that one script writes in several forms.
fn folded(c: char) -> char {
    match c {
        'ς' => 'σ',
        'ک' | 'ڪ' => 'ك',
        'ی' | 'ې' | 'ے' => 'ي',
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۂ' => 'ه',
        'ٱ' => 'ا',
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        'ґ' => 'г',
        // Hiragana as Katakana.
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '㐀'..='\u{3ffff}' => tables::simplified(c),
        _ => c,
    }
}

/// Letters in squares and circles, and those of flags.
fn drawn(c: char) -> Option<&'static str> {
    if !matches!(u32::from(c), 0x1f100..=0x1f1ff) {
        return None;
    }
    let ascii = any_ascii::any_ascii_char(c).trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (!ascii.is_empty()).then_some(ascii)
}

fn is_latin(c: char) -> bool {
    matches!(u32::from(c), 0x80..=0x2b8 | 0x1d00..=0x1d25 | 0x1d2c..=0x1d5c | 0x1d62..=0x1d65
        | 0x1d6b..=0x1dbf | 0x1e00..=0x1eff | 0x2c60..=0x2c7f | 0xa720..=0xa7ff | 0xab30..=0xab6f
        | 0x10780..=0x107bf | 0x1df00..=0x1dfff)
}

/// Whether a character only draws a word out, or stands where an object did.
fn is_drawn_out(c: char) -> bool {
    matches!(u32::from(c), 0x640 | 0x7fa | 0xfff0..=0xfffc)
}

/// Marks that a name keeps its sound without. The vowel signs of Indic and other scripts are letters.
fn is_accent(c: char) -> bool {
    !matches!(u32::from(c), 0x900..=0xe47 | 0xe4d..=0x109f | 0x1700..=0x1aaf | 0x1b00..=0x1cff
        | 0x3099..=0x309a | 0xa800..=0xabff | 0x10a00..=0x1e8ff)
}

/// The bit of a small letter or a digit; none for anything else.
pub(super) fn bit(c: char) -> Looks {
    match c {
        'a'..='z' => 1 << (c as u32 - 'a' as u32),
        '0'..='9' => 1 << (26 + c as u32 - '0' as u32),
        _ => 0,
    }
}

pub(super) fn bits(all: &str) -> Looks {
    all.chars().map(bit).fold(0, |all, one| all | one)
}

fn class(exact: char, looks: Looks) -> u8 {
    if looks == 0 {
        // Letters without a look share what is left; whoever compares looks closer.
        return 64 + u8::try_from(u32::from(exact) % 191).unwrap_or_default();
    }
    let lowest = looks.trailing_zeros();
    let in_group = |group: &&str| bits(group) & (1 << lowest) != 0;
    let group = (40..).zip(GROUPS).find(|(_, group)| in_group(group));
    group.map_or(u8::try_from(lowest).unwrap_or_default(), |(class, _)| class)
}
