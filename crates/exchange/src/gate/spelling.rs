//! The ways in which one word of a name is spelt: by nations, by case, backwards, and with letters
//! that look like two others.

use super::how::{How, MIN_ANYWHERE, length};
use super::letters;
use super::tables;
use unicode_normalization::UnicodeNormalization as _;

/// Words that belong to a name and name nobody.
const TITLES: &[&str] = &[
    "abu", "al", "ash", "bin", "bint", "bey", "da", "das", "de", "del", "della", "den", "der",
    "di", "do", "dos", "dr", "du", "el", "frau", "hajji", "herr", "ibn", "ii", "iii", "jr", "la",
    "le", "lord", "madame", "miss", "mme", "mr", "mrs", "ms", "mx", "of", "pan", "pani", "phd",
    "prof", "saint", "san", "sheikh", "sir", "sr", "st", "ter", "the", "umm", "und", "van", "von",
    "zu", "zum",
];
/// Most letters of a word that are spelt in more ways than one, each by itself.
const MAX_MARKED: usize = 3;
/// A stem this long is looked for.
const MIN_STEM: usize = 3;
/// From this length on a word is looked for backwards inside of others too.
const MIN_BACKWARDS: usize = 8;

/// One spelling, and how it counts as found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) text: String,
    pub(super) how: How,
    pub(super) joined: bool,
    pub(super) certain: bool,
}

/// The words of a name, in lower case, as they are spelt. An apostrophe does not end a word.
pub(super) fn parts(name: &str) -> Vec<String> {
    let lower: String = name.nfc().flat_map(char::to_lowercase).nfc().collect();
    let between = |c: char| {
        c.is_whitespace() || c.is_control() || ",;:/\\|()[]{}<>\"“”„«»·•・&+=_.-‐‑‒–—―".contains(c)
    };
    let parts = lower.split(between).map(str::to_owned);
    parts.filter(|part| !letters::exact(part).is_empty()).collect()
}

/// Whether a word of a name is a title or a particle, which names nobody by itself.
pub(super) fn is_title(part: &str) -> bool {
    TITLES.contains(&part)
}

/// Whether a title or a particle is a surname too, when a name ends with it: Duc Le.
pub(super) fn is_surname(part: &str) -> bool {
    ["da", "de", "di", "do", "du", "el", "la", "le", "pan", "san", "van"].contains(&part)
}

/// The runs of letters in a text, in lower case.
pub(super) fn runs(text: &str) -> Vec<String> {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let runs = lower.split(|c: char| !c.is_alphabetic()).filter(|run| !run.is_empty());
    runs.map(str::to_owned).collect()
}

/// All spellings of one word of a name.
pub(super) fn of(part: &str) -> Vec<Spelling> {
    let mut all = Vec::new();
    let mut add = |text: String, how: How, joined: bool, certain: bool| {
        all.push(Spelling { text, how, joined, certain });
    };
    for text in national(part) {
        let how = how(&letters::exact(&text));
        add(text, how, true, how == How::Anywhere);
    }
    for text in drawn_alike(part).into_iter().chain(contracted(part)) {
        let long = length(&text) > MIN_ANYWHERE;
        add(text, if long { How::Anywhere } else { How::WholeWord }, false, false);
    }
    let exact = letters::exact(part);
    for (text, how, certain) in without_article(&exact) {
        add(text, how, true, certain);
    }
    let spaceless = exact.chars().any(|c| letters::has_no_spaces(c) || letters::is_hangul(c));
    if length(&exact) >= MIN_ANYWHERE && !spaceless {
        let backwards: String = exact.chars().rev().collect();
        let long = length(&exact) >= MIN_BACKWARDS;
        add(backwards, if long { How::Anywhere } else { How::WholeWord }, long, false);
    }
    if !spaceless {
        for stem in stems(&exact) {
            add(stem, How::Stem, false, false);
        }
    }
    all
}

/// How a word of a name counts as found.
pub(super) fn how(exact: &str) -> How {
    let count = length(exact);
    let spaceless = exact.chars().any(letters::has_no_spaces);
    let hangul = exact.chars().any(letters::is_hangul);
    match count {
        _ if spaceless && count > 1 => How::Anywhere,
        MIN_ANYWHERE.. => How::Anywhere,
        3.. if hangul => How::Anywhere,
        _ => How::Word,
    }
}

/// The spellings of a word in which marked letters are written as others: all alike, or each by
/// itself where there are few.
pub(super) fn national(word: &str) -> Vec<String> {
    let marked = word.chars().filter(|c| !tables::spellings(*c).is_empty()).count();
    if marked > MAX_MARKED {
        let most = 5;
        let spelt = |n: usize| {
            let letter = |c: char| match tables::spellings(c) {
                [] => c.to_string(),
                [first, ..] => tables::spellings(c).get(n).unwrap_or(first).to_string(),
            };
            word.chars().map(letter).collect::<String>()
        };
        return (0..most).map(spelt).collect();
    }
    let mut all = vec![String::new()];
    for c in word.chars() {
        let ways = tables::spellings(c);
        if ways.is_empty() {
            for text in &mut all {
                text.push(c);
            }
        } else {
            let longer = |text: String| ways.iter().map(move |way| format!("{text}{way}"));
            all = all.into_iter().flat_map(longer).collect();
        }
    }
    all
}

/// Without the article of Arabic, and with it as it is written after a preposition: القحطاني is
/// قحطاني and للقحطاني, and Alqahtani is Qahtani.
fn without_article(exact: &str) -> Vec<(String, How, bool)> {
    if let Some(stem) = exact.strip_prefix("ال").filter(|stem| length(stem) >= MIN_STEM) {
        let after = format!("لل{stem}");
        let certain = how(&after) == How::Anywhere;
        return vec![(after, how(exact), certain), (stem.to_owned(), how(stem), false)];
    }
    let stem = ["al", "el"].iter().find_map(|article| exact.strip_prefix(article));
    let stem = stem.filter(|stem| length(stem) >= MIN_ANYWHERE && !tables::is_word(stem));
    stem.map(|stem| (stem.to_owned(), How::WholeWord, false)).into_iter().collect()
}

/// With one letter in place of two: Mueller is Müller, or Muller, too. And with the other of two
/// letters that end Arabic words; a short one is another word then (علي and على).
fn contracted(word: &str) -> Vec<String> {
    let short = tables::DIGRAPHS.iter().filter(|(two, _)| word.contains(two));
    let short = short.map(|(two, one)| word.replace(two, one));
    let last = [('ي', 'ى'), ('ى', 'ي'), ('ی', 'ى')].into_iter().filter_map(|(from, to)| {
        let stem = word.strip_suffix(from).filter(|stem| length(stem) >= MIN_STEM)?;
        Some(format!("{stem}{to}"))
    });
    short.chain(last).collect()
}

/// `rn` is drawn like `m`, `vv` like `w`.
fn drawn_alike(word: &str) -> Vec<String> {
    let pairs = [("m", "rn"), ("rn", "m"), ("w", "vv"), ("vv", "w")];
    let there = pairs.into_iter().filter(|(from, _)| word.contains(from));
    there.map(|(from, to)| word.replace(from, to)).collect()
}

/// What is left of a name when the ending of its first case is taken off.
fn stems(exact: &str) -> Vec<String> {
    let letters: Vec<char> = exact.chars().collect();
    let taken = |count: usize| -> String {
        letters.iter().take(letters.len().saturating_sub(count)).collect()
    };
    let mut all = Vec::new();
    for (ending, least) in ENDINGS {
        let stem = taken(length(ending));
        if exact.ends_with(ending) && length(&stem) >= *least {
            all.push(stem);
        }
    }
    // Lithuanian: Petraitis, of Petraičio. Finnish: Virtanen, of Virtasen.
    for (ending, other) in [("tis", "ci"), ("nen", "se")] {
        if let Some(stem) = exact.strip_suffix(ending).filter(|stem| length(stem) >= MIN_STEM) {
            all.push(format!("{stem}{other}"));
        }
    }
    // A vowel that other cases leave out: Павел, Павла; Marek, Marka.
    if let [rest @ .., vowel, last] = letters.as_slice() {
        let closed = !"aeiouyаеёиіоуыэюя".contains(*last);
        if "eoеоё".contains(*vowel) && closed && rest.len() >= MIN_STEM {
            all.push(rest.iter().chain([last]).collect());
        }
        // Лев, of Льва.
        if closed && rest.last() == Some(&'л') && "её".contains(*vowel) {
            all.push(rest.iter().chain(&['ь', *last]).collect());
        }
    }
    all
}

/// Endings of a first case, and how long the stem must be without each.
const ENDINGS: &[(&str, usize)] = &[
    ("а", 3),
    ("я", 3),
    ("о", 3),
    ("е", 3),
    ("и", 3),
    ("і", 3),
    ("ь", 3),
    ("ый", 3),
    ("ий", 3),
    ("ии", 3),
    ("ыи", 3),
    ("ои", 3),
    ("аи", 3),
    ("еи", 3),
    ("ая", 4),
    ("яя", 4),
    ("ові", 4),
    ("a", 3),
    ("o", 3),
    ("e", 3),
    ("y", 4),
    ("i", 4),
    ("as", 4),
    ("is", 4),
    ("us", 4),
    ("ys", 4),
    ("s", 4),
    ("ος", 3),
    ("ης", 3),
    ("ας", 3),
    ("οσ", 3),
    ("ησ", 3),
    ("ασ", 3),
    ("α", 3),
    ("η", 3),
    ("ი", 3),
];
