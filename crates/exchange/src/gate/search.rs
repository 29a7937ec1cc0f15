//! The search: candidates by one automaton over classes of letters, each looked at closely.

use super::decode::{self, Kind};
use super::endings;
use super::heard::Sounds;
use super::how::{How, MIN_ANYWHERE};
use super::letters::{self, Gap, Letter, Letters};
use super::needle::{self, Needle, Sign};
use super::tables;
use super::withheld::{Withheld, WithheldKind};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::{BTreeMap, BTreeSet};

/// A word longer than this is a token and not a word: digits in it are no letters.
const MAX_DISGUISED: usize = 8;
/// In a run of letters as long as this, a short needle may stand by chance.
const MAX_WORD: usize = 64;
/// A needle of this length does not stand anywhere by chance.
const MIN_UNLIKELY: usize = 8;
/// Longest excerpt in an objection, in characters.
const MAX_WRITTEN: usize = 60;
/// Most labels of one text that are told.
const MAX_LABELS: usize = 20;
/// Most digits before a number: 00 and a country's prefix.
const MAX_PREFIX: usize = 5;
/// Longest ending or particle that is compared.
const MAX_ENDING: usize = 12;

/// What is looked for, ready to be looked for in many texts.
pub(super) struct Search<'a> {
    withheld: &'a [Withheld],
    needles: Vec<Needle>,
    /// `None` when there is nothing to look for.
    automaton: Option<AhoCorasick>,
    /// How many members each name of short words has.
    members: BTreeMap<usize, u8>,
    /// What the names sound like in other alphabets.
    sounds: Sounds,
    /// Alphabets other than Latin in which names are withheld.
    alphabets: BTreeSet<u32>,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Judged<'a> {
    pub(super) hits: Vec<Hit<'a>>,
    /// Not all of it could be decoded.
    pub(super) cut: bool,
    /// Labels in punycode that nobody can read, in the letters of a name; and what each reads.
    pub(super) unread: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Hit<'a> {
    pub(super) withheld: &'a Withheld,
    pub(super) certain: bool,
    /// How it is written, when not as it is withheld.
    pub(super) written: Option<String>,
}

struct Found {
    certain: bool,
    written: String,
}

/// A place at which the letters of a needle stand.
struct Place {
    start: usize,
    end: usize,
    /// The widest gap inside of it.
    gap: Gap,
    /// Digits that stand for letters.
    digits: usize,
    /// Letters that only look like those of the needle, both in ASCII.
    alike: usize,
    /// Letters that are those of the needle.
    same: usize,
    /// Every letter stands by itself.
    spelt_out: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(withheld: &'a [Withheld]) -> Search<'a> {
        let needles = needle::all(withheld);
        let classes = needles.iter().map(|needle| -> Vec<u8> {
            needle.letters.iter().map(|letter| letter.class).collect()
        });
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(classes);
        let mut members = BTreeMap::new();
        for needle in &needles {
            if let How::Member(n) = needle.how {
                members.insert(needle.of, n + 1);
            }
        }
        let automaton = automaton.ok().filter(|_| !needles.is_empty());
        let names = withheld.iter().filter(|one| one.what.is_name());
        let alphabets =
            names.flat_map(|one| one.text.chars()).filter_map(letters::alphabet).collect();
        let sounds = Sounds::new(withheld);
        Search { withheld, needles, automaton, members, sounds, alphabets }
    }

    /// Everything withheld that stands in a text; only original ids where that is asked for.
    pub(super) fn judge(&self, text: &str, only_ids: bool) -> Judged<'a> {
        let Some(automaton) = &self.automaton else { return Judged::default() };
        let readings = decode::readings(text);
        let mut best: BTreeMap<usize, Found> = BTreeMap::new();
        for reading in &readings.all {
            let letters = Letters::read(&reading.text);
            self.scan(automaton, &letters, reading.kind, only_ids, &mut best);
        }
        for reading in readings.all.iter().filter(|one| one.kind == Kind::Text && !only_ids) {
            for (of, written) in self.sounds.heard(&reading.text) {
                let aside = |one: &Withheld| one.yields_as.contains(&written);
                if self.withheld.get(of).is_some_and(aside) {
                    continue;
                }
                best.entry(of).or_insert(Found { certain: false, written });
            }
        }
        let hits = best.into_iter().filter_map(|(of, found)| {
            let withheld = self.withheld.get(of)?;
            let written = Some(found.written).filter(|w| !w.is_empty() && *w != withheld.text);
            Some(Hit { withheld, certain: found.certain, written })
        });
        let unread = if only_ids { Vec::new() } else { self.unread(text) };
        Judged { hits: hits.collect(), cut: readings.cut && !only_ids, unread }
    }

    /// Domains misspell names, and people cannot read punycode: where a label has the letters of a
    /// withheld name's alphabet, they are told what it reads.
    fn unread(&self, text: &str) -> Vec<(String, String)> {
        if self.alphabets.is_empty() {
            return Vec::new();
        }
        let of_a_name = |c: char| letters::alphabet(c).is_some_and(|a| self.alphabets.contains(&a));
        let labels = decode::labels(text).into_iter();
        let found = labels.filter(|(_, _, read)| read.chars().any(of_a_name));
        found.take(MAX_LABELS).map(|(_, label, read)| (label.to_owned(), read)).collect()
    }

    fn scan(
        &self,
        automaton: &AhoCorasick,
        letters: &Letters<'_>,
        kind: Kind,
        only_ids: bool,
        best: &mut BTreeMap<usize, Found>,
    ) {
        let classes: Vec<u8> = letters.all.iter().map(|letter| letter.class).collect();
        let mut members: BTreeMap<usize, u64> = BTreeMap::new();
        for candidate in automaton.find_overlapping_iter(&classes) {
            let Some(needle) = self.needles.get(candidate.pattern().as_usize()) else { continue };
            if best.get(&needle.of).is_some_and(|found| found.certain) {
                continue;
            }
            let what = self.withheld.get(needle.of).map(|withheld| withheld.what);
            if (only_ids || kind == Kind::Bytes) && what != Some(WithheldKind::OriginalId) {
                continue;
            }
            let Some(place) = place(needle, letters, candidate.start()) else { continue };
            let chance = place.gap != Gap::None || place.same < needle.letters.len();
            let scrap = chance || needle.letters.len() < MIN_ANYWHERE;
            if kind == Kind::Scrap && scrap {
                continue;
            }
            let Some(certain) = stands(needle, letters, &place) else { continue };
            if let How::Member(n) = needle.how {
                let seen = members.entry(needle.of).or_default();
                *seen |= 1 << n;
                let all = self.members.get(&needle.of).copied().unwrap_or(u8::MAX);
                if seen.count_ones() < u32::from(all) {
                    continue;
                }
            }
            let written = written(letters, &place);
            if certain || !best.contains_key(&needle.of) {
                best.insert(needle.of, Found { certain, written });
            }
        }
    }
}

/// Compares letter by letter. `None` when they do not mean the needle's.
fn place(needle: &Needle, letters: &Letters<'_>, start: usize) -> Option<Place> {
    let end = start + needle.letters.len();
    let text = letters.all.get(start..end)?;
    let mut place =
        Place { start, end, gap: Gap::None, digits: 0, alike: 0, same: 0, spelt_out: true };
    for (n, (sign, letter)) in needle.letters.iter().zip(text).enumerate() {
        if n > 0 {
            place.gap = place.gap.max(letter.gap);
            place.spelt_out &= letter.gap != Gap::None;
        }
        if sign.exact == letter.exact {
            place.same += 1;
            continue;
        }
        if sign.looks & letter.looks == 0 {
            return None;
        }
        if letter.exact.is_ascii_digit() && !sign.exact.is_ascii_digit() {
            place.digits += 1;
        } else if sign.plain && letter.plain {
            place.alike += 1;
        }
    }
    let short = needle.letters.len() < MIN_ANYWHERE;
    let count = needle.letters.len();
    let disguised = place.digits + place.alike;
    let real = count - disguised;
    let believed = match needle.how {
        How::Id => true,
        How::Number => place.same == count,
        // сам is a Russian word, and not the name Cam.
        _ if short && place.same == 0 => false,
        _ if disguised == 0 => true,
        _ if short => real >= 2 && disguised == 1 && (place.alike == 0 || count > 3),
        _ => real * 2 >= count,
    };
    believed.then_some(place)
}

/// Whether a needle counts as found at a place, and whether that is certain.
fn stands(needle: &Needle, letters: &Letters<'_>, place: &Place) -> Option<bool> {
    if needle.how == How::Number {
        return ends_number(letters, place).then_some(needle.certain);
    }
    if cuts_number(letters, place) {
        return None;
    }
    let count = needle.letters.len();
    // In a long token, a capital or a digit begins no word.
    let run = run(letters, place);
    let token = run > count + MAX_DISGUISED;
    let whole = (starts_word(letters, place.start) && ends_word(letters, place.end))
        && !(token && place.gap == Gap::None);
    if place.gap != Gap::None {
        return joined(needle, letters, place);
    }
    match needle.how {
        How::Anywhere => {
            if place.digits > 0 && !whole && token {
                return None;
            }
            let short = count < MIN_UNLIKELY && !whole;
            if short && in_base64(letters, place) {
                return None;
            }
            let by_chance = run > MAX_WORD && short;
            let other = !whole && is_common(letters, place);
            if other && !is_plural(letters, place) {
                return None;
            }
            Some(needle.certain && !by_chance && !other)
        }
        How::Id => (whole || count >= MIN_UNLIKELY).then_some(needle.certain),
        How::Number => None,
        _ if count < MIN_ANYWHERE && in_base64(letters, place) => None,
        How::WholeWord | How::Member(_) => {
            (whole && !beside_digit(letters, place)).then_some(needle.certain)
        }
        How::Capital if is_genitive(letters, place) => Some(false),
        How::Capital => {
            (whole && !beside_digit(letters, place) && capital::is_name(letters, place))
                .then_some(needle.certain)
        }
        How::Word | How::Stem => {
            let stem = needle.how == How::Stem;
            let rest = rest(letters, place.end)?;
            let before = before(letters, place.start)?;
            let bare = rest.is_empty();
            let known = if stem { MIN_ANYWHERE } else { count };
            let fits = endings::is_particle(&before) && endings::is_ending(&rest, known);
            let other = !bare && is_common(letters, place);
            let bare_stem = stem && bare && !is_surname_stem(needle);
            (fits && !token && !other && !bare_stem).then_some(needle.certain)
        }
    }
}

/// Words of three letters that end in `s`, of the languages that most texts are in.
const NO_GENITIVES: &[&str] = &[
    "als", "aus", "bis", "ces", "das", "des", "dis", "dos", "eis", "ils", "ins", "kas", "las",
    "les", "los", "mes", "mis", "nas", "nos", "ons", "pas", "ses", "sus", "tes", "tus", "uns",
    "vis", "vos", "wes",
];

/// Whether a short name is written with the `s` of a genitive, as German, Dutch and the like write it:
/// `Wus Auto`. What is a word with it is one.
fn is_genitive(letters: &Letters<'_>, place: &Place) -> bool {
    let ends = starts_word(letters, place.start) && ends_word(letters, place.end + 1);
    let Some(last) = letters.all.get(place.end).filter(|last| ends && last.gap == Gap::None) else {
        return false;
    };
    let written = letters.text.get(last.at as usize..).unwrap_or_default();
    let word: String =
        letters.all.get(place.start..=place.end).into_iter().flatten().map(|l| l.exact).collect();
    let is_word = NO_GENITIVES.contains(&&*word) || tables::is_word(&word);
    written.starts_with('s') && !is_word && capital::is_name(letters, place)
}

/// Separated letters: they must begin and end where words do, and be believable.
fn joined(needle: &Needle, letters: &Letters<'_>, place: &Place) -> Option<bool> {
    let (starts, ends) = (starts_word(letters, place.start), ends_word(letters, place.end));
    let count = needle.letters.len();
    if !needle.joined && needle.how != How::Id {
        return None;
    }
    if needle.how == How::Id && count >= 2 * MIN_UNLIKELY {
        return Some(needle.certain);
    }
    let script = letters.all.get(place.start).map_or('a', |letter| letter.exact);
    if letters::has_no_spaces(script) {
        // A line may be broken anywhere, and a name be spaced; a sign separates sentences.
        let spaced = !inner_sign(letters, place);
        return (spaced || (starts && ends)).then_some(needle.certain && spaced);
    }
    // Over a space, a word must end there; over a sign, an ending may follow.
    let may_end = || {
        rest(letters, place.end)
            .is_some_and(|rest| endings::is_ending(&rest, count.max(MIN_ANYWHERE)))
    };
    let hangul = letters::is_hangul(script);
    if !starts || !(ends || ((place.gap == Gap::Sign || hangul) && may_end())) {
        return None;
    }
    if count < MIN_ANYWHERE {
        // Short words are made of other words too easily: am in, we I.
        let apart = hangul || (place.spelt_out && count >= 3);
        return (apart || place.gap == Gap::Sign || needle.certain).then_some(false);
    }
    let words = place.gap == Gap::Space && pieces_are_words(letters, place);
    Some(needle.certain && !words)
}

fn starts_word(letters: &Letters<'_>, at: usize) -> bool {
    at == 0 || letters.all.get(at).is_none_or(|letter| letter.gap != Gap::None || letter.turn)
}

fn ends_word(letters: &Letters<'_>, end: usize) -> bool {
    letters.all.get(end).is_none_or(|letter| letter.gap != Gap::None || letter.turn)
}

/// Whether the place begins or ends in the middle of a number, which is another number then.
fn cuts_number(letters: &Letters<'_>, place: &Place) -> bool {
    let digit = |at: usize| letters.all.get(at).is_some_and(|l| l.exact.is_ascii_digit());
    let close = |at: usize| letters.all.get(at).is_some_and(|l| l.gap == Gap::None);
    let last = place.end.saturating_sub(1);
    let after = digit(last) && digit(place.end) && close(place.end);
    let before = place.start > 0 && digit(place.start) && close(place.start);
    after || (before && digit(place.start - 1))
}

/// Whether a number ends with a place, and has no more digits before it than a prefix.
fn ends_number(letters: &Letters<'_>, place: &Place) -> bool {
    let digit = |letter: &Letter| letter.exact.is_ascii_digit();
    let close = |at: usize| letters.all.get(at).filter(|letter| letter.gap == Gap::None);
    let after = close(place.end).is_some_and(digit);
    let ahead = letters.all.get(..=place.start).unwrap_or_default().windows(2).rev();
    let before =
        ahead.take_while(|two| matches!(two, [one, l] if l.gap == Gap::None && digit(one)));
    let token = run(letters, place) > place.end - place.start + MAX_DISGUISED;
    !after
        && before.take(MAX_PREFIX + 1).count() <= MAX_PREFIX
        && !token
        && spans_one_number(letters, place)
}

/// Whether the digits of a place are grouped as one number's: by hyphens, dots, brackets, spaces, and not
/// over a line.
fn spans_one_number(letters: &Letters<'_>, place: &Place) -> bool {
    let at = |n: usize| letters.all.get(n).map_or(0, |letter| letter.at as usize);
    let inner = letters.text.get(at(place.start)..at(place.end.saturating_sub(1)));
    inner.is_some_and(|text| !text.contains(['\n', ',', ';']))
}

/// Whether a digit stands directly before or after a place.
fn beside_digit(letters: &Letters<'_>, place: &Place) -> bool {
    let digit = |at: usize| letters.all.get(at).is_some_and(|l| l.exact.is_ascii_digit());
    let close = |at: usize| letters.all.get(at).is_some_and(|l| l.gap == Gap::None);
    (place.start > 0 && close(place.start) && digit(place.start - 1))
        || (close(place.end) && digit(place.end))
}

/// Whether a place is inside of a long piece of base64, where short words stand by chance.
fn in_base64(letters: &Letters<'_>, place: &Place) -> bool {
    let at = letters.all.get(place.start).map_or(0, |letter| letter.at as usize);
    let other = |c: &u8| !(c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'-' | b'_'));
    let (before, after) = letters.text.as_bytes().split_at_checked(at).unwrap_or_default();
    let near = |c: &&u8| !other(c);
    let run: Vec<u8> = before.iter().rev().take(MAX_WORD).take_while(near).copied().collect();
    let run = [run, after.iter().take(MAX_WORD).take_while(near).copied().collect()].concat();
    let has = |is: fn(&u8) -> bool| run.iter().any(is);
    run.len() >= MAX_WORD
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// Whether a place is a word but for the ending of a plural.
fn is_plural(letters: &Letters<'_>, place: &Place) -> bool {
    let rest = rest(letters, place.end);
    starts_word(letters, place.start) && rest.is_some_and(|rest| rest == "s" || rest == "es")
}

/// The letters of the word after this place; `None` when there are too many to be an ending.
fn rest(letters: &Letters<'_>, end: usize) -> Option<String> {
    let after = letters.all.get(end..).unwrap_or_default();
    let rest: String = after
        .iter()
        .take_while(|letter| letter.gap == Gap::None && !letter.turn)
        .take(MAX_ENDING + 1)
        .map(|letter| letter.exact)
        .collect();
    (rest.chars().count() <= MAX_ENDING).then_some(rest)
}

/// The letters of the word before this place; `None` when there are too many to be a particle.
fn before(letters: &Letters<'_>, start: usize) -> Option<String> {
    let mut all = Vec::new();
    let mut at = start;
    while !starts_word(letters, at) {
        at -= 1;
        all.extend(letters.all.get(at).map(|letter| letter.exact));
        if all.len() > MAX_ENDING {
            return None;
        }
    }
    Some(all.into_iter().rev().collect())
}

/// How many letters the word has that a place is in.
fn run(letters: &Letters<'_>, place: &Place) -> usize {
    let most = 2 * MAX_WORD;
    let close = |letter: &&Letter| letter.gap == Gap::None;
    let after = letters.all.get(place.end..).unwrap_or_default();
    let after = after.iter().take(most).take_while(close).count();
    let until = letters.all.get(..=place.start).unwrap_or_default();
    let before = until.iter().rev().take(most).take_while(close).count();
    place.end - place.start + before + after
}

/// Whether the word that a place is in is one that English has.
fn is_common(letters: &Letters<'_>, place: &Place) -> bool {
    let (mut start, mut end) = (place.start, place.end);
    while start > 0 && place.start - start <= MAX_ENDING && !starts_word(letters, start) {
        start -= 1;
    }
    while end - place.end <= MAX_ENDING && !ends_word(letters, end) {
        end += 1;
    }
    let word = letters.all.get(start..end).unwrap_or_default();
    let word: String = word.iter().map(|letter| letter.exact).collect();
    tables::is_word(&word) || word.strip_suffix('s').is_some_and(tables::is_word)
}

/// Whether each piece of a place is a word of two letters and more that English has.
fn pieces_are_words(letters: &Letters<'_>, place: &Place) -> bool {
    let text = letters.all.get(place.start..place.end).unwrap_or_default();
    let mut pieces: Vec<String> = Vec::new();
    for (n, letter) in text.iter().enumerate() {
        match pieces.last_mut().filter(|_| n > 0 && letter.gap == Gap::None) {
            Some(piece) => piece.push(letter.exact),
            None => pieces.push(letter.exact.to_string()),
        }
    }
    pieces.iter().all(|piece| tables::is_word(piece) || piece == "a" || piece == "i")
}

/// Whether a sign, and not only white space, separates letters of a place.
fn inner_sign(letters: &Letters<'_>, place: &Place) -> bool {
    let inner = letters.all.get(place.start..place.end).unwrap_or_default();
    let start = inner.first().map_or(0, |letter| letter.at as usize);
    let end = inner.last().map_or(0, |letter| letter.at as usize);
    let text = letters.text.get(start..end).unwrap_or_default();
    text.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace())
}

/// Surnames whose stem is a surname too: Petrova, of Petrov.
fn is_surname_stem(needle: &Needle) -> bool {
    let stem: String = needle.letters.iter().map(|sign: &Sign| sign.exact).collect();
    ["ov", "ev", "in", "ów", "ов", "ев", "ин"].iter().any(|end| stem.ends_with(end))
}

/// The text at a place, as it is written.
fn written(letters: &Letters<'_>, place: &Place) -> String {
    let at = |n: usize| letters.all.get(n).map(|letter| letter.at as usize);
    let start = at(place.start).unwrap_or_default();
    let last = at(place.end.saturating_sub(1)).unwrap_or_default();
    let rest = letters.text.get(last..).unwrap_or_default();
    let end = last + rest.chars().next().map_or(0, char::len_utf8);
    let text = letters.text.get(start..end).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(MAX_WRITTEN).collect()
}

mod capital;
#[cfg(test)]
mod tests;
