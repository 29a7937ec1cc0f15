//! Words that tell what a report speaks of, by class: of attacks, of weapons, of victims, of who said
//! it, of what was before. The table is `model/cues.txt`, with words of some twenty languages.

use crate::words::Words;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// One word of a class, by the numbers of its first word and of the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    /// Its place in [`classes`].
    pub(crate) class: u16,
    pub(crate) first: u32,
    pub(crate) end: u32,
}

#[derive(Default)]
pub(crate) struct Table {
    classes: Vec<&'static str>,
    forms: Option<AhoCorasick>,
    /// For each form, its class, and whether it is only the beginning of a word.
    of_forms: Vec<(u16, bool)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../model/cues.txt")));

impl Table {
    pub(crate) fn read(file: &'static str) -> Table {
        let mut table = Table::default();
        let mut forms: Vec<String> = Vec::new();
        for line in file.lines() {
            if line.starts_with('#') {
                continue;
            }
            let mut parts = line.splitn(3, '|');
            let class = parts.next().unwrap_or_default();
            let words = parts.nth(1).unwrap_or_default();
            let known = table.classes.iter().position(|one| *one == class);
            let number = known.unwrap_or_else(|| {
                table.classes.push(class);
                table.classes.len() - 1
            });
            for word in words.split_whitespace() {
                let folded = Words::new(&word.trim_end_matches('*').replace('_', " ")).folded();
                if folded.is_empty() {
                    continue;
                }
                forms.push(folded);
                table
                    .of_forms
                    .push((u16::try_from(number).unwrap_or_default(), word.ends_with('*')));
            }
        }
        table.forms = AhoCorasick::new(&forms).ok();
        table
    }
}

/// The classes, by their numbers.
pub(crate) fn classes() -> &'static [&'static str] {
    &TABLE.classes
}

/// Letters that Arabic writes before a word, together with it.
const BEFORE: &str = "والبفكل";

/// The words of a text, joined by spaces, with where each begins.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub(crate) text: String,
    pub(crate) starts: Vec<u32>,
}

impl Joined {
    pub(crate) fn new(words: &Words) -> Joined {
        let mut joined = Joined::default();
        for at in 0..words.len() {
            if at > 0 {
                joined.text.push(' ');
            }
            joined.starts.push(u32::try_from(joined.text.len()).unwrap_or(u32::MAX));
            joined.text.push_str(words.word(at));
        }
        joined
    }

    /// The word in which a byte stands.
    fn word_at(&self, at: usize) -> usize {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// Every word of a class, in the text's order.
pub(crate) fn find(joined: &Joined) -> Vec<Cue> {
    TABLE.find(joined)
}

impl Table {
    /// What a class is called.
    pub(crate) fn name(&self, class: u16) -> &'static str {
        self.classes.get(usize::from(class)).copied().unwrap_or_default()
    }

    /// Every word of a class of this table, in the text's order.
    pub(crate) fn find(&self, joined: &Joined) -> Vec<Cue> {
        let table = self;
        let mut out = Vec::new();
        let Some(forms) = &table.forms else { return out };
        for hit in forms.find_overlapping_iter(&joined.text) {
            let Some((class, is_open)) = table.of_forms.get(hit.pattern().as_usize()).copied()
            else {
                continue;
            };
            let first = joined.word_at(hit.start());
            let start = joined.starts.get(first).map_or(0, |start| *start as usize);
            let before = joined.text.get(start..hit.start()).unwrap_or_default();
            if !before.is_empty()
                && (before.len() > 6 || !before.chars().all(|c| BEFORE.contains(c)))
            {
                continue;
            }
            let rest = joined.text.get(hit.end()..).unwrap_or_default();
            let tail = rest.split(' ').next().unwrap_or_default();
            // In Korean, what follows a word is written together with it.
            let is_hangul = || {
                tail.chars().all(|c| {
                    ('\u{1100}'..='\u{11ff}').contains(&c) || ('\u{ac00}'..='\u{d7a3}').contains(&c)
                })
            };
            if !is_open && !tail.is_empty() && !is_hangul() {
                continue;
            }
            let end = joined.word_at(hit.end().saturating_sub(1)) + 1;
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            out.push(Cue { class, first: number(first), end: number(end) });
        }
        out
    }
}
