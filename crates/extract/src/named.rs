//! Countries and places that a report names, in any language: the names of the world's places
//! ([`crate::world`]) beside those of the built-in gazetteer, and words for peoples. A name of several
//! places means the one that the rest of the report speaks of, else the largest ([`crate::resolve`]).

use crate::Span;
use crate::cues::{self, Cue};
use crate::dialling;
use crate::doubt::{self, Doubt};
use crate::gazetteer::{self, PlaceKind, PlaceMention};
use crate::resolve;
use crate::words::Words;
use crate::world::{self, Meaning, WorldKind};
use std::collections::HashSet;

/// As a power of two, the people of a place whose name counts though it is a usual word.
const LARGE: u8 = 20;
/// The same for a text in capitals.
const LARGE_IN_CAPITALS: u8 = 19;
/// Letters of languages that decline names, and are written in Latin letters.
const DECLINED: &str = "łąęśżźčšžřěůőűāēīėųģķļņ";
/// Endings of folded words that are tried in place of a case's ending.
const ENDINGS: &[&str] = &["", "a", "я", "ь", "и", "o", "e", "ы", "ia"];
/// Letters that Arabic writes before a name, together with it.
const ARABIC: &[&str] = &["وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك"];

/// A name in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) span: Span,
    pub(crate) country: &'static str,
    pub(crate) kind: PlaceKind,
    pub(crate) name: &'static str,
    /// The city that a site is in.
    pub(crate) within: Option<&'static str>,
    /// How many people live there, as a power of two; 0 where it is not known.
    pub(crate) people: u8,
    /// Whether the name has one meaning only.
    pub(crate) is_sure: bool,
    /// Whether it names nothing, but tells of the country: an institution, a telephone number.
    pub(crate) is_hint: bool,
}

/// A name and the places that it can mean.
pub(crate) struct Possible {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) span: Span,
    pub(crate) meanings: Vec<Meaning>,
}

impl Named {
    /// What the built-in gazetteer has found.
    pub(crate) fn of(words: &Words, known: &PlaceMention) -> Option<Named> {
        let (first, end) = range(words, known.span)?;
        Some(Named {
            first,
            end,
            span: known.span,
            country: known.country,
            kind: known.kind,
            name: known.name,
            within: known.within,
            people: if known.kind == PlaceKind::City { LARGE } else { 0 },
            is_sure: true,
            is_hint: false,
        })
    }
}

/// Every name, in the text's order.
pub(crate) fn find(text: &str, words: &Words, cues: &[Cue], is_capitals: bool) -> Vec<Named> {
    let mut out = known(text, words, cues);
    let small = small_words(text, words);
    out.retain(|one| is_meant(text, words, one, is_capitals));
    let mut taken = vec![0usize; words.len()];
    for one in &out {
        for at in one.first..one.end {
            if let Some(place) = taken.get_mut(at) {
                *place = (*place).max(one.end - one.first);
            }
        }
    }
    let mut possible = possible(text, words, (&taken, Begins::Anyhow));
    if is_capitals {
        leave_out_small(&mut possible, &out);
    }
    Doubt { text, words, is_capitals, is_english: is_english(words), small }
        .sift(&mut possible, &out);
    // What is known by a longer name is not its part.
    let is_part = |one: &Named| {
        possible.iter().any(|other| {
            other.first <= one.first
                && one.end <= other.end
                && other.end - other.first > one.end - one.first
        })
    };
    out.retain(|one| !is_part(one));
    resolve::resolve(text, words, &possible, &mut out);
    lie_in_a_state(&mut out);
    out.sort_by_key(|one| (one.first, std::cmp::Reverse(one.end)));
    let mut done = 0;
    out.retain(|one| {
        let is_free = one.first >= done;
        done = done.max(one.end);
        is_free
    });
    out
}

/// What the built-in gazetteer knows, words for peoples, and what tells of a country without naming it.
fn known(text: &str, words: &Words, cues: &[Cue]) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for known in gazetteer::find(text, words) {
        out.extend(Named::of(words, &known));
    }
    for cue in cues {
        let class = cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default();
        let (first, end) = (cue.first as usize, cue.end as usize);
        let Some(code) = class.strip_prefix('@') else { continue };
        let is_hint = code.starts_with('@');
        let Some(country) = gazetteer::country(code.trim_start_matches('@')) else { continue };
        out.push(Named {
            first,
            end,
            span: words.span(first, end),
            country: country.country,
            kind: PlaceKind::Nationality,
            name: country.name,
            within: None,
            people: 0,
            is_sure: true,
            is_hint,
        });
    }
    for (span, code) in dialling::find(text) {
        let Some(country) = gazetteer::country(code) else { continue };
        let Some((first, end)) = range(words, span) else { continue };
        out.push(Named {
            first,
            end,
            span,
            country: country.country,
            kind: PlaceKind::Country,
            name: country.name,
            within: None,
            people: 0,
            is_sure: true,
            is_hint: true,
        });
    }
    out
}

/// Georgia beside places of the United States, and beside none of the country, is the state.
fn lie_in_a_state(out: &mut [Named]) {
    let is_place = |one: &Named| !matches!(one.kind, PlaceKind::Country | PlaceKind::Nationality);
    let is_other = |one: &Named| one.country == "GE" && (is_place(one) || one.is_hint);
    if out.iter().any(is_other) || !out.iter().any(|one| one.country == "US") {
        return;
    }
    for one in out.iter_mut().filter(|one| one.country == "GE" && one.kind == PlaceKind::Country) {
        one.country = "US";
        one.kind = PlaceKind::Region;
    }
}

/// In capitals every word could be a name: small places count only in countries that are named.
pub(crate) fn leave_out_small(possible: &mut Vec<Possible>, out: &[Named]) {
    let named: HashSet<&str> = out.iter().map(|one| one.country).collect();
    for one in possible.iter_mut() {
        let least = if one.end > one.first + 1 { LARGE_IN_CAPITALS - 2 } else { LARGE_IN_CAPITALS };
        one.meanings.retain(|meaning| {
            meaning.kind == WorldKind::Country
                || named.contains(meaning.country)
                || meaning.kind == WorldKind::City && meaning.people >= least
        });
    }
    possible.retain(|one| !one.meanings.is_empty());
}

pub(crate) fn range(words: &Words, span: Span) -> Option<(usize, usize)> {
    let first = words.word_from(span.start);
    let end = words.word_from(span.end);
    (first < end).then_some((first, end))
}

/// Whether the name of a country or people means it: no language, and no word that is like it.
fn is_meant(text: &str, words: &Words, one: &Named, is_capitals: bool) -> bool {
    let written = text.get(one.span.start..one.span.end).unwrap_or_default();
    let is_small = written.starts_with(char::is_lowercase);
    if is_small && written.is_ascii() && !is_capitals {
        // `us`, and words of English that begin as those of a people do.
        let is_people = one.kind == PlaceKind::Nationality && !one.is_hint;
        if written == "us" || is_people && is_english(words) {
            return false;
        }
    }
    !doubt::is_language(text, words, one)
}

/// Whether a text is English, where the names of peoples have a capital.
pub(crate) fn is_english(words: &Words) -> bool {
    let is_one = |at: &usize| matches!(words.word(*at), "the" | "of" | "and" | "to" | "is" | "was");
    let count = (0..words.len()).filter(is_one).count();
    count * 14 > words.len()
}

/// Which words names may begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Any: people write the names of countries small.
    Anyhow,
    /// Those with a capital, and short ones: `al-Hasakah`. Most words of a text need not be looked up.
    AsNames,
}

/// Longest word that a name begins with and that is written small: an article.
const ARTICLE: usize = 3;

/// The names that a text may have, but for shorter ones where something is known already.
pub(crate) fn possible(
    text: &str,
    words: &Words,
    (taken, begins): (&[usize], Begins),
) -> Vec<Possible> {
    // Only languages with such letters decline the names of places in Latin letters.
    let is_declined = text.contains(|c: char| DECLINED.contains(c));
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let span = words.span(at, at + 1);
        let written = text.get(span.start..span.end).unwrap_or_default();
        let initial = written.chars().next().unwrap_or(' ');
        if !initial.is_alphabetic() {
            at += 1;
            continue;
        }
        let is_small = initial.is_lowercase();
        if is_small && begins == Begins::AsNames && written.len() > ARTICLE {
            at += 1;
            continue;
        }
        let found = world::at(words, at).or_else(|| {
            let word = words.word(at);
            inflected(word, is_small, is_declined).map(|meanings| (at + 1, meanings))
        });
        let Some((end, mut meanings)) = found else {
            at += 1;
            continue;
        };
        if is_small && end == at + 1 {
            let word = words.word(at);
            let is_long = word.len() > 6 && !doubt::is_usual(word);
            meanings.retain(|one| one.kind == WorldKind::Country && is_long);
        } else if is_small {
            let last = words.span(end - 1, end);
            let capital = text.get(last.start..last.end).and_then(|word| word.chars().next());
            if !capital.is_some_and(char::is_uppercase) || doubt::is_placed(words.word(at)) {
                meanings.clear();
            }
        }
        let longest =
            taken.get(at..end).unwrap_or_default().iter().max().copied().unwrap_or_default();
        if meanings.is_empty() || longest >= end - at {
            at += 1;
            continue;
        }
        out.push(Possible { first: at, end, span: words.span(at, end), meanings });
        at = end;
    }
    out
}

/// Words that the text writes small somewhere.
pub(crate) fn small_words<'a>(text: &str, words: &'a Words) -> HashSet<&'a str> {
    let is_small = |at: &usize| {
        let span = words.span(*at, at + 1);
        text.get(span.start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_lowercase)
    };
    (0..words.len()).filter(is_small).map(|at| words.word(at)).collect()
}

/// What a word can mean that is a name in one of its cases.
fn inflected(word: &str, is_small: bool, is_declined: bool) -> Option<Vec<Meaning>> {
    let first = word.chars().next()?;
    let count = word.chars().count();
    match first {
        '\u{600}'..='\u{6ff}' if count > 4 => ARABIC.iter().find_map(|before| {
            let rest = word.strip_prefix(before)?;
            (rest.chars().count() > 2).then(|| world::of_word(rest)).flatten()
        }),
        // Korean writes what marks a case together with the name; syllables are taken apart here.
        '\u{1100}'..='\u{11ff}' => {
            let cuts = word.char_indices().map(|(at, _)| at).rev();
            cuts.take(9).filter(|at| *at >= 12).find_map(|at| world::of_word(word.get(..at)?))
        }
        _ if is_small || count < 5 || word.is_ascii() && !is_declined => None,
        _ => {
            let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
            (1..=3).find_map(|cut| {
                let stem = word.get(..*ends.get(count - cut)?)?;
                if stem.chars().count() < 4 {
                    return None;
                }
                ENDINGS.iter().find_map(|ending| {
                    let meanings = world::of_word(&format!("{stem}{ending}"))?;
                    let is_large =
                        meanings.iter().any(|one| one.kind != WorldKind::City || one.people > 15);
                    (!word.is_ascii() || is_large && cut < 3).then_some(meanings)
                })
            })
        }
    }
}
