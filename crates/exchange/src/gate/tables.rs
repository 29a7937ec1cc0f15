//! The tables that the search goes by: endings, spellings, Chinese characters, English words.

use super::letters;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static ENDINGS: LazyLock<Endings> =
    LazyLock::new(|| Endings::read(include_str!("../../data/endings.txt")));
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
    "on", "or", "so", "the", "to", "un", "up", "us", "was", "we", "you",
];

struct Endings {
    /// After a name as it is.
    full: HashSet<String>,
    /// After a long name or its stem; contains `full`.
    long: HashSet<String>,
    before: HashSet<String>,
}

impl Endings {
    fn read(text: &'static str) -> Endings {
        let (mut full, mut long, mut before) = (HashSet::new(), HashSet::new(), HashSet::new());
        for row in lines(text) {
            let Some((kind, endings)) = row.split_once(':') else { continue };
            let all = endings.split_whitespace().map(letters::exact);
            match kind.split_whitespace().next() {
                Some("full") => full.extend(all),
                Some("long") => long.extend(all),
                _ => before.extend(all),
            }
        }
        long.extend(full.iter().cloned());
        Endings { full, long, before }
    }
}

/// Whether a name may end in this; nothing at all is an ending.
pub(super) fn is_ending(rest: &str, long: bool) -> bool {
    rest.is_empty() || if long { &ENDINGS.long } else { &ENDINGS.full }.contains(rest)
}

/// Whether this may be written together with a name, before it.
pub(super) fn is_particle(before: &str) -> bool {
    before.is_empty() || ENDINGS.before.contains(before)
}

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

/// Whether English has this word, in lower case.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(word)
}

/// Whether every text has this word.
pub(super) fn is_everywhere(word: &str) -> bool {
    EVERYWHERE.contains(&word)
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn pair(two: &str) -> Option<(char, char)> {
    let mut chars = two.chars();
    Some((chars.next()?, chars.next()?))
}
