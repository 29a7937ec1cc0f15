//! The surname and the given name of a name of China, Japan or Korea that is written as one word.
//!
//! A surname of one character is too short to be looked for by itself: 王 is a king too. It is looked
//! for with what stands in the place of the given name: 王某, 王先生, 김씨, 林さん.

use super::how::length;
use super::letters;
use super::tables::lines;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Shortest and longest name that is taken apart, in characters.
const MIN_NAME: usize = 2;
const MAX_NAME: usize = 6;
/// A given name of one character is as short as a surname of one.
const MIN_GIVEN: usize = 2;
/// A Japanese name of four characters has two of each, whatever they are.
const EVEN: usize = 4;

static TABLE: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let rows = lines(include_str!("../../data/surnames.txt"));
    rows.filter_map(|row| {
        let (kind, all) = row.split_once(": ")?;
        Some((kind, all.split_whitespace().map(letters::exact).collect()))
    })
    .collect()
});

/// The writing of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Han,
    Hangul,
}

/// What a name gives a person away by, beside the whole of it. Each is only possible: it is a common
/// name, or a word.
pub(super) fn of(name: &str) -> Vec<String> {
    let name = letters::exact(name);
    let count = length(&name);
    let Some(writing) = writing(&name).filter(|_| (MIN_NAME..=MAX_NAME).contains(&count)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let kinds: &[(&str, &str)] = match writing {
        Writing::Han => &[("han-one", "han-after"), ("kana-one", "kana-after")],
        Writing::Hangul => &[("hangul-one", "hangul-after")],
    };
    let long: &[&str] = match writing {
        Writing::Han => &["kana-two", "han-two"],
        Writing::Hangul => &["hangul-two"],
    };
    let listed = long.iter().flat_map(|kind| beginning(kind, &name)).max_by_key(|s| length(s));
    if let Some(surname) = listed {
        all.extend(split(&name, surname));
    } else if writing == Writing::Han && count == EVEN {
        let surname: String = name.chars().take(EVEN / 2).collect();
        all.extend(split(&name, &surname));
    }
    for (kind, after) in kinds {
        for surname in beginning(kind, &name) {
            all.extend(split(&name, surname).into_iter().filter(|part| length(part) > 1));
            let titles = TABLE.get(after).into_iter().flatten();
            all.extend(titles.map(|title| format!("{surname}{title}")));
        }
    }
    all
}

/// The surnames of a kind that a name begins with, and has something after.
fn beginning<'n>(kind: &str, name: &'n str) -> Vec<&'n str> {
    let listed = TABLE.get(kind).into_iter().flatten();
    let fits = listed.filter_map(|one| name.get(..one.len()).filter(|begins| begins == one));
    fits.filter(|surname| surname.len() < name.len()).collect()
}

/// A surname and, where it is long enough, the given name after it.
fn split(name: &str, surname: &str) -> Vec<String> {
    let given = name.strip_prefix(surname).filter(|given| length(given) >= MIN_GIVEN);
    [Some(surname), given].into_iter().flatten().map(str::to_owned).collect()
}

/// The writing that all of a name is in; Kana may follow what Han begins.
fn writing(name: &str) -> Option<Writing> {
    if name.chars().all(letters::is_hangul) {
        return Some(Writing::Hangul);
    }
    let east =
        |c: char| matches!(u32::from(c), 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3400..=0x9fff);
    let kana = |c: char| matches!(u32::from(c), 0x3040..=0x30ff);
    (name.chars().all(east) && !name.starts_with(kana)).then_some(Writing::Han)
}
