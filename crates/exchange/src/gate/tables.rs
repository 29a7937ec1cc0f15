//! The tables that the search goes by: spellings, Chinese characters, English words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static HAN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = lines(include_str!("../../data/han.txt")).flat_map(str::split_whitespace);
    pairs.filter_map(pair).collect()
});
static SPELLINGS: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = lines(include_str!("../../data/spellings.txt"));
    rows.filter_map(|row| {
        let mut words = row.split_whitespace();
        Some((words.next()?.chars().next()?, words.collect()))
    })
    .collect()
});
static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    lines(include_str!("../../data/words.txt")).flat_map(str::split_whitespace).collect()
});

/// Words that every text has: a name of which only such are left cannot be searched for.
const EVERYWHERE: &[&str] = &[
    "a", "am", "an", "and", "are", "as", "at", "be", "by", "de", "der", "die", "do", "el", "en",
    "et", "for", "he", "i", "if", "in", "is", "it", "la", "le", "me", "my", "no", "not", "of",
    "on", "or", "so", "the", "to", "un", "up", "us", "was", "we", "you", // Hebrew.
    "אך", "אל", "אם", "אז", "או", "אף", "את", "בה", "בו", "בי", "בן", "בת", "גם", "הם", "הן", "זה",
    "זו", "יש", "כי", "כל", "כן", "לא", "לה", "לו", "לי", "מה", "מי", "על", "עד", "עם", "פה", "רק",
    "של", "שם", // Arabic and Persian.
    "ابن", "ابو", "اب", "ال", "ام", "ان", "او", "از", "اي", "با", "به", "بن", "بي", "تا", "در",
    "را", "رو", "سر", "سي", "عن", "في", "قد", "كل", "كه", "لا", "لم", "لن", "له", "ما", "مع", "من",
    "نه", "ها", "هر", "هل", "هم", "هو", "هي", "يا", "يك",
];

/// The simplified form of a Chinese character.
pub(super) fn simplified(c: char) -> char {
    HAN.get(&c).copied().unwrap_or(c)
}

/// How else a letter is spelt; the first is the letter without its mark.
pub(super) fn spellings(c: char) -> &'static [&'static str] {
    SPELLINGS.get(&c).map_or(&[], Vec::as_slice)
}

/// Spellings of two letters that stand for one, with the plain letter.
pub(super) const DIGRAPHS: &[(&str, &str)] =
    &[("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("ss", "s")];

/// Words with a capital letter, which the list of words does not have.
const CALENDAR: &[&str] = &[
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Whether English has this word, in lower case.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(word) || CALENDAR.contains(&word)
}

/// Whether every text has this word.
pub(super) fn is_everywhere(word: &str) -> bool {
    EVERYWHERE.contains(&word)
}

pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn pair(two: &str) -> Option<(char, char)> {
    let mut chars = two.chars();
    Some((chars.next()?, chars.next()?))
}
