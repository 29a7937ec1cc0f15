//! People who are called like a place: Paris Hilton is not in Paris, unless it is the hotel.

use crate::words::Words;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Default)]
struct Names {
    after: Vec<String>,
    before: Vec<String>,
}

/// The names beside that of a place, by the place's English name, all folded.
static PERSONS: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let lines = include_str!("../gazetteer/persons.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let folded = |list: &str| -> Vec<String> {
        let names = list.split(';').filter(|name| !name.is_empty());
        names.map(crate::fold::fold).collect()
    };
    let read = lines.filter_map(|line| {
        let mut parts = line.split('|');
        let place = parts.next()?;
        Some((place, Names { after: folded(parts.next()?), before: folded(parts.next()?) }))
    });
    read.collect()
});

/// Words of address, after which a name is a person's.
const TITLES: &[&str] =
    &["mr", "mrs", "ms", "miss", "herr", "frau", "monsieur", "madame", "mme", "señor", "señora"];
/// Words before which a name is not a person's but of a house.
const ARTICLES: &[&str] = &["the", "le", "das", "im", "am", "el", "il", "au", "at"];
/// The houses.
const HOUSES: &[&str] = &["hotel", "hôtel", "hotels"];

/// Whether the words from `first` to `end`, the name of a place as `name` is called in English, are
/// part of a person's name.
pub(crate) fn is_person(
    name: &str,
    text: &str,
    words: &Words,
    (first, end): (usize, usize),
) -> bool {
    let before = first.checked_sub(1).map(|at| words.part(at, first)).unwrap_or_default();
    if is_one(TITLES, &before) {
        return true;
    }
    let Some(names) = PERSONS.get(name) else { return false };
    let is_joined = |at: usize| is_joined(text, words, at);
    if names.before.contains(&before) && is_joined(first) {
        return true;
    }
    // A name with an apostrophe is two words.
    let is_named = [1, 2].into_iter().any(|count| {
        let after = words.part(end, end + count);
        names.after.contains(&after) && is_joined(end)
    });
    is_named && !is_one(ARTICLES, &before) && !is_one(HOUSES, &words.part(end + 1, end + 2))
}

/// Whether only spaces stand before a word, and it has a capital.
fn is_joined(text: &str, words: &Words, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let (before, word) = (words.span(before, at), words.span(at, at + 1));
    let between = text.get(before.end..word.start).unwrap_or("-");
    let is_capital = |c: char| !c.is_lowercase();
    between.chars().all(|c| c == ' ' || c == '\u{a0}')
        && text.get(word.start..).unwrap_or_default().starts_with(is_capital)
}

fn is_one(list: &[&str], word: &str) -> bool {
    !word.is_empty() && list.iter().any(|one| crate::fold::fold(one) == word)
}

/// The places that people are called like.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    PERSONS.keys().copied()
}
