//! Places of one name told apart by what follows: St Petersburg, Florida, is not that of Russia.

use crate::Span;
use crate::declension;
use crate::words::{Phrases, Words};
use std::sync::LazyLock;

/// A state or province, in whose country a place lies that it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) name: &'static str,
    /// ISO 3166-1 alpha-2 code.
    pub(crate) country: &'static str,
}

#[derive(Default)]
struct States {
    list: Vec<State>,
    names: Phrases<Vec<usize>>,
    /// Abbreviations as they are written, without a full stop at the end.
    short: Vec<(&'static str, usize)>,
}

static STATES: LazyLock<States> = LazyLock::new(|| {
    let mut states = States::default();
    let lines = include_str!("../gazetteer/states.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut parts = line.split('|');
        let name = parts.next().unwrap_or_default();
        let short = parts.next().unwrap_or_default();
        let at = states.list.len();
        states.list.push(State { name, country: parts.next().unwrap_or_default() });
        let short = short.split(';').filter(|short| !short.is_empty());
        states.short.extend(short.map(|short| (short, at)));
        let of_languages = parts.filter_map(|part| part.split_once('='));
        let forms = of_languages.flat_map(|(language, names)| {
            names.split(';').flat_map(move |name| declension::forms(language, name))
        });
        for form in forms.chain([name.to_owned()]) {
            if let Some(list) = states.names.insert(&Words::new(&form)) {
                list.push(at);
            }
        }
    }
    states
});

/// Words that may stand between a place and the state that it lies in.
const BETWEEN: &[&str] = &[
    "in",
    "en",
    "au",
    "w",
    "v",
    "ve",
    "u",
    "na",
    "im",
    "nel",
    "na",
    "no",
    "the",
    "state",
    "of",
    "us",
    "штат",
    "штате",
    "штата",
    "штаті",
    "штату",
    "в",
    "во",
    "у",
    "bundesstaat",
    "stan",
    "stanie",
    "státě",
    "l",
    "état",
    "estado",
    "de",
    "do",
    "della",
    "stato",
    "dans",
    "land",
];
/// Most of them.
const MAX_BETWEEN: usize = 5;

/// What ends a sentence or a line.
const ENDS: [char; 6] = ['.', ';', ':', '!', '?', '\n'];

/// What says in which country a place lies, and the number of the word after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Qualifier {
    pub(crate) country: &'static str,
    /// The state, where it is one, and where it stands.
    pub(crate) state: Option<(State, Span)>,
    pub(crate) behind: usize,
}

/// The state or country that follows a place whose words end before `end`, or a state whose it is said
/// to be before `first`. `country` gives the country whose name begins at a word, and the number of
/// the word after it; `own` are the countries of the places that could be meant.
pub(crate) fn qualifier(
    text: &str,
    words: &Words,
    (first, end): (usize, usize),
    own: &[&'static str],
    country: &dyn Fn(usize) -> Option<(&'static str, usize)>,
) -> Option<Qualifier> {
    let sign = words.part(end, end + 1);
    let is_parted = sign == "," || sign == "(" || sign == "/";
    if is_parted {
        if let Some(state) = short(text, words, end + 1, own) {
            return Some(state);
        }
        if let Some((code, behind)) = country(end + 1)
            && sign != "/"
            && (sign == "(" || !goes_on(words, behind, country))
        {
            return Some(Qualifier { country: code, state: None, behind });
        }
    } else if let Some(state) = short_beside(text, words, (first, end), own) {
        return Some(state);
    }
    let from = end + usize::from(is_parted);
    for at in from..=from + MAX_BETWEEN {
        if let Some(found) = state_at(words, at) {
            let between = text.get(words.span(first, end).end..words.span(at, found.behind).start);
            // Another sentence or line speaks of something else.
            let is_other = found.state.is_some_and(|(state, _)| !is_own(state, own));
            if is_other && between.is_some_and(|between| !between.contains(ENDS)) {
                return Some(found);
            }
            break;
        }
        let between = words.part(at, at + 1);
        if !BETWEEN.contains(&fold_of(&between)) {
            break;
        }
    }
    county(words, from).or_else(|| before(words, first))
}

/// Whether the name of a state is that of the place's own country: `Tbilisi, Georgia`.
fn is_own(state: State, own: &[&'static str]) -> bool {
    state.name == "Georgia" && own.contains(&"GE")
}

/// `Pinellas County, Florida`
fn county(words: &Words, from: usize) -> Option<Qualifier> {
    let at = (from..from + MAX_BETWEEN).find(|at| words.part(*at, at + 1) == "county")?;
    let comma = usize::from(words.part(at + 1, at + 2) == ",");
    state_at(words, at + 1 + comma)
}

/// A folded word as the list above has it: letters of Cyrillic that look Latin are folded to these.
fn fold_of(word: &str) -> &str {
    FOLDED.iter().find(|(folded, _)| folded == word).map_or("", |(_, written)| written)
}

static FOLDED: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| BETWEEN.iter().map(|word| (crate::fold::fold(word), *word)).collect());

fn state_at(words: &Words, at: usize) -> Option<Qualifier> {
    let states = &*STATES;
    let (behind, list) = states.names.at(words, at).last()?;
    let state = *list.first().and_then(|n| states.list.get(*n))?;
    let span = words.span(at, behind);
    Some(Qualifier { country: state.country, state: Some((state, span)), behind })
}

/// An abbreviation, as it is written: `FL`, `Fla.`, `N.H.` One that is also the code of the place's
/// own country is that.
fn short(text: &str, words: &Words, at: usize, own: &[&'static str]) -> Option<Qualifier> {
    let states = &*STATES;
    let span = words.span(at, at + 1);
    let rest = text.get(span.start..).filter(|_| span.end > 0)?;
    let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '.').unwrap_or(rest.len());
    let written = rest.get(..end)?.trim_end_matches('.');
    let (_, n) = states.short.iter().find(|(short, _)| *short == written)?;
    let state = *states.list.get(*n)?;
    if own.contains(&written) {
        return None;
    }
    let behind = at + 1 + written.matches('.').count();
    let span = Span { start: span.start, end: span.start + written.len() };
    Some(Qualifier { country: state.country, state: Some((state, span)), behind })
}

/// Abbreviations that are words, too: of `London ON TUESDAY` nothing follows.
const WORDS: &[&str] = &[
    "AL", "AR", "AS", "CO", "DE", "HI", "ID", "IN", "LA", "MA", "ME", "MI", "MS", "MT", "NB", "NO",
    "OH", "OK", "ON", "OR", "PA", "PE", "SA", "SC", "WA",
];

/// `St. Petersburg FL`, `London ON`: in capitals, where the place is not in capitals itself.
fn short_beside(
    text: &str,
    words: &Words,
    (first, end): (usize, usize),
    own: &[&'static str],
) -> Option<Qualifier> {
    let name = words.span(first, end);
    let written = text.get(name.start..name.end)?;
    let found = short(text, words, end, own).filter(|_| written.contains(char::is_lowercase))?;
    let (_, span) = found.state?;
    let between = text.get(name.end..span.start)?;
    let short = text.get(span.start..span.end)?;
    let is_short = short.len() > 1 && short.bytes().all(|b| b.is_ascii_uppercase());
    let is_beside = !between.is_empty() && between.chars().all(|c| c == ' ' || c == '\u{a0}');
    let rest = text.get(span.end..)?;
    let goes_on = rest.trim_start_matches(' ').starts_with(char::is_alphabetic);
    let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || "-'’".contains(c));
    let is_other = is_short && is_beside && is_whole && !(goes_on && WORDS.contains(&short));
    is_other.then_some(found)
}

/// How a country stands near a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    /// After a comma or bracket: `Paris, aux États-Unis`.
    Parted,
    /// After a small word, or at the end: `Valencia in Venezuela`, `St. Petersburg USA.`
    Beside,
}

/// Words that may stand between a place and a country.
const IN: &[&str] = &[
    "in", "the", "en", "aux", "au", "los", "negli", "nel", "nella", "nello", "nei", "den", "der",
    "nos", "no", "na", "w", "we", "v", "ve", "u", "в", "во", "у", "i", "de", "las",
];
/// Most of them.
const MAX_IN: usize = 2;

/// The country that stands near a place whose words end before `end`, the number of the word after
/// it, and how; to be asked when [`qualifier`] knows none.
pub(crate) fn country_near(
    text: &str,
    words: &Words,
    end: usize,
    country: &dyn Fn(usize) -> Option<(&'static str, usize)>,
) -> Option<(&'static str, usize, Near)> {
    let sign = words.part(end, end + 1);
    let is_parted = sign == "," || sign == "(";
    let from = end + usize::from(is_parted);
    let small = |at: &usize| {
        let word = words.part(*at, at + 1);
        IN.iter().any(|one| crate::fold::fold(one) == word)
    };
    let count = (from..from + MAX_IN).take_while(small).count();
    let (code, behind) = country(from + count)?;
    let before = words.span(end.checked_sub(1)?, end);
    let span = words.span(from + count, behind);
    let between = text.get(before.end..span.start)?;
    if between.contains(ENDS) || goes_on(words, behind, country) {
        return None;
    }
    let rest = text.get(span.end..)?.trim_start_matches(' ');
    match (is_parted, count) {
        (true, _) => Some((code, behind, Near::Parted)),
        (false, 0) if rest.starts_with(char::is_alphabetic) => None,
        (false, _) => Some((code, behind, Near::Beside)),
    }
}

/// `Florida's St Petersburg`, `the Texas town of Paris`.
fn before(words: &Words, first: usize) -> Option<Qualifier> {
    for length in 1..=2 {
        for (gap, between) in [(1, &["s"][..]), (2, &["city of", "town of"][..])] {
            let Some(at) = first.checked_sub(length + gap) else { continue };
            let middle = words.part(at + length, first);
            let found = state_at(words, at).filter(|found| found.behind == at + length);
            if let (Some(found), true) = (found, between.contains(&middle.as_str())) {
                return Some(Qualifier { behind: first, ..found });
            }
        }
    }
    None
}

/// Whether a list of countries goes on: `Moscow, Germany and Poland`.
fn goes_on(
    words: &Words,
    behind: usize,
    country: &dyn Fn(usize) -> Option<(&'static str, usize)>,
) -> bool {
    let mut at = behind;
    for _ in 0..2 {
        let word = words.part(at, at + 1);
        let joins = [",", "and", "und", "et", "y", "e", "i", "a", "и", "та", "або", "oder", "or"];
        if !joins.iter().any(|join| crate::fold::fold(join) == word) {
            break;
        }
        at += 1;
    }
    at > behind && country(at).is_some()
}

/// The country of a state by its name, in any language, or by its code: `Florida`, `US-FL`.
pub(crate) fn state(name: &str) -> Option<State> {
    let states = &*STATES;
    if let Some((country, short)) = name.split_once('-')
        && let Some((_, n)) = states.short.iter().find(|(known, _)| *known == short)
    {
        return states.list.get(*n).copied().filter(|state| state.country == country);
    }
    let words = Words::new(name);
    let whole = states.names.at(&words, 0).find(|(end, _)| *end == words.len());
    whole.and_then(|(_, list)| states.list.get(*list.first()?)).copied()
}
