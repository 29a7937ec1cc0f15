//! What each sentence of a report is like, and how a country stands in it: whether something is done in it at all,
//! and whether it is done there. A report concerns a country by the sentences that say most of it.

use crate::cues;
use crate::gazetteer::PlaceKind;
use crate::model::Features;
use crate::named::Named;
use crate::reading::{ACTS, EXCUSES, GROUPS, Reading};
use std::ops::Range;

/// Most sentences of a report that are looked at, and most words of each.
const MOST_SENTENCES: usize = 160;
const MOST_WORDS: usize = 90;
/// Most words of a head.
const MOST_HEAD: usize = 60;
/// How far apart two words of classes are that are read as one pattern, in words.
const REACH: usize = 7;
/// Endings that do not count, of words of the Latin alphabet.
const ENDINGS: &[&str] = &["ings", "ing", "edly", "ies", "ied", "ed", "es", "ly", "s"];
/// Words of a form in which the one that something is done to comes first.
const PASSIVE: &[&str] = &[
    "was", "were", "been", "being", "be", "is", "are", "fue", "fueron", "sido", "foi", "foram",
    "wurde", "wurden", "worden", "ete", "stato", "stati", "werd", "werden", "zostal", "был",
    "была", "были",
];
/// Words before who does it.
const BY: &[&str] = &["by", "por", "par", "von", "durch", "da", "dai", "door", "przez"];

impl Reading {
    /// The words of each sentence that is looked at.
    fn ranges(&self) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for at in 0..self.sentences.len() {
            let is_same = at > 0 && self.sentences.get(at) == self.sentences.get(at - 1);
            if is_same && let Some(last) = out.last_mut() {
                last.end = at + 1;
            } else if out.len() < MOST_SENTENCES {
                out.push(at..at + 1);
            } else {
                break;
            }
        }
        out
    }

    /// The words of each sentence that is looked at, folded.
    pub fn sentence_texts(&self) -> Vec<String> {
        self.ranges().into_iter().map(|range| self.words.part(range.start, range.end)).collect()
    }

    /// How many words of the beginning say what follows: `[Communique] [Text]`.
    fn head(&self) -> usize {
        let is_end = |at: &usize| {
            self.words.word(*at) == "]"
                && ["text", "excerpt", "excerpts"].contains(&self.words.word(at.saturating_sub(1)))
        };
        (0..self.words.len().min(MOST_HEAD)).rev().find(is_end).map_or(self.dateline, |at| at + 1)
    }

    /// What the head of a report says.
    pub fn describe_head(&self, out: &mut Features) {
        for at in self.dateline..self.head() {
            out.once(format_args!("head {}", stem(self.words.word(at))));
        }
    }

    /// What each sentence is like, by itself; `is_named` keeps the names of the features.
    pub fn describe_sentences(&self, is_named: bool) -> Vec<Features> {
        let ranges = self.ranges();
        let count = ranges.len();
        let head = self.head();
        let mut is_quoted = false;
        let each = ranges.into_iter().enumerate().map(|(number, range)| {
            let mut out = Features::new(is_named);
            out.set_capitals(self.capitals);
            let quotes = range.clone().filter(|at| self.words.word(*at) == "\"").count();
            if is_quoted && quotes == 0 {
                out.add(format_args!("s quoted"));
            }
            is_quoted ^= quotes % 2 == 1;
            let range = range.start.max(head.min(range.end))..range.end;
            self.describe_sentence((number, count), range, &mut out);
            out
        });
        each.collect()
    }

    fn describe_sentence(
        &self,
        (number, count): (usize, usize),
        range: Range<usize>,
        out: &mut Features,
    ) {
        let range = range.start..range.end.min(range.start + MOST_WORDS);
        out.add(format_args!("s"));
        out.add(format_args!("s length {}", (range.len() + 1).ilog2()));
        out.add(format_args!("s place {}", number.min(4)));
        if number + 1 == count {
            out.add(format_args!("s last"));
        }
        let mut at = range.start;
        let mut names = self.named.partition_point(|one| one.first < at);
        while at < range.end {
            if let Some(one) = self.named.get(names).filter(|one| one.first <= at) {
                names += 1;
                at = one.end.max(at);
                continue;
            }
            let word = self.words.word(at);
            if !word.starts_with(|c: char| c.is_ascii_digit()) {
                out.once(format_args!("s {}", stem(word)));
            }
            at += 1;
        }
        self.describe_patterns(number, &range, out);
    }

    /// Words of classes beside each other, and in which voice.
    fn describe_patterns(&self, number: usize, range: &Range<usize>, out: &mut Features) {
        let from = self.cues.partition_point(|cue| (cue.first as usize) < range.start);
        let here = self.cues.get(from..).unwrap_or_default().iter();
        let cues: Vec<(&str, usize, usize)> = here
            .take_while(|cue| (cue.first as usize) < range.end)
            .map(|cue| {
                let name = cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default();
                (name, cue.first as usize, cue.end as usize)
            })
            .filter(|(name, _, _)| !name.starts_with('@'))
            .collect();
        for (at, (name, first, end)) in cues.iter().enumerate() {
            out.once(format_args!("s of {name}"));
            let before = first.saturating_sub(3).max(range.start)..*first;
            if before.clone().any(|at| PASSIVE.contains(&self.words.word(at))) {
                out.once(format_args!("s passive {name}"));
            }
            if (*end..(*end + 3).min(range.end)).any(|at| BY.contains(&self.words.word(at))) {
                out.once(format_args!("s {name} by"));
            }
            let after = cues.get(at + 1..).unwrap_or_default().iter();
            let near = after.take_while(|other| other.1 < end + REACH);
            for (other, _, _) in near.filter(|other| other.0 != *name) {
                out.once(format_args!("s {name} then {other}"));
            }
        }
        let groups = self.groups.get(self.sentence_of(range.start)).copied().unwrap_or_default();
        let name = |at: usize| GROUPS.get(at).map_or("", |(name, _)| *name);
        for a in (0..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
            for b in (a + 1..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
                out.once(format_args!("s {} & {}", name(a), name(b)));
            }
            if groups & !(1 << a) == 0 {
                out.once(format_args!("s {} alone", name(a)));
            }
        }
        if number > 0 {
            let last = self.sentence_of(range.start.saturating_sub(1));
            let before = self.groups.get(last).copied().unwrap_or_default();
            for at in (0..GROUPS.len()).filter(|at| before & 1 << at != 0) {
                out.once(format_args!("s after {}", name(at)));
            }
        }
    }

    fn sentence_of(&self, word: usize) -> usize {
        self.sentences.get(word).copied().unwrap_or_default() as usize
    }

    /// How a country stands in each sentence; `is_named` keeps the names of the features.
    pub fn describe_ties(&self, country: &str, is_named: bool) -> Vec<Features> {
        let mut last: Option<(&str, usize)> = None;
        let home = self.named.iter().find(|one| one.first < self.dateline).map(|one| one.country);
        let ranges = self.ranges();
        let each = ranges.into_iter().enumerate().map(|(number, range)| {
            let mut out = Features::new(is_named);
            out.set_capitals(self.capitals);
            let from = self.named.partition_point(|one| one.first < range.start);
            let here = self.named.get(from..).unwrap_or_default().iter();
            let here: Vec<&Named> = here.take_while(|one| one.first < range.end).collect();
            let mine: Vec<&Named> =
                here.iter().copied().filter(|one| one.country == country).collect();
            let others = here.len() > mine.len();
            for one in &mine {
                self.describe_tie(one, others, &mut out);
            }
            match (mine.is_empty(), others) {
                (false, true) => out.add(format_args!("t with others")),
                (false, false) => out.add(format_args!("t alone")),
                (true, true) => out.add(format_args!("t others only")),
                (true, false) => {
                    out.add(format_args!("t none named"));
                    match last {
                        Some((known, at)) if known == country => {
                            out.add(format_args!("t last named"));
                            out.add(format_args!("t last named {} before", (number - at).min(3)));
                        }
                        Some(_) => out.add(format_args!("t other last named")),
                        None => out.add(format_args!("t nothing named yet")),
                    }
                    if home == Some(country) {
                        out.add(format_args!("t home, none named"));
                    }
                }
            }
            if home == Some(country) {
                out.add(format_args!("t home"));
            } else if home.is_some() {
                out.add(format_args!("t abroad"));
            }
            let placed = here.iter().rev().find(|one| {
                one.kind != PlaceKind::Nationality && one.first >= self.dateline && !one.is_hint
            });
            if let Some(one) = placed {
                last = Some((one.country, number));
            }
            out
        });
        each.collect()
    }

    fn describe_tie(&self, one: &Named, others: bool, out: &mut Features) {
        let kind = crate::features::kind(one);
        out.once(format_args!("t {kind}"));
        if others {
            out.once(format_args!("t {kind} with others"));
        }
        if one.first < self.dateline {
            out.once(format_args!("t in the dateline"));
            return;
        }
        let groups = self.groups_of_clause(one.first);
        let struck = groups & *ACTS != 0;
        let excused = groups & *EXCUSES != 0;
        out.once(format_args!("t struck {struck} excused {excused}"));
        out.once(format_args!("t {kind} struck {struck} excused {excused}"));
        if let Some(role) = self.role(one) {
            out.once(format_args!("t {role}"));
            out.once(format_args!("t {role} struck {struck}"));
        }
        if !one.is_sure {
            out.once(format_args!("t doubtful"));
        }
        if one.people > 0 {
            out.once(format_args!("t {kind} of 2^{}", one.people / 3 * 3));
        }
        for at in (0..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
            let name = GROUPS.get(at).map_or("", |(name, _)| *name);
            out.once(format_args!("t beside {name}"));
            out.once(format_args!("t {kind} beside {name}"));
        }
    }
}

/// A word without its ending.
fn stem(word: &str) -> &str {
    if word.is_ascii() {
        for ending in ENDINGS {
            if let Some(stem) = word.strip_suffix(ending)
                && stem.len() > 2
            {
                return stem;
            }
        }
        return word;
    }
    // Of other words, the beginning.
    match word.char_indices().nth(6) {
        Some((at, _)) => word.get(..at).unwrap_or(word),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(features: &Features) -> Vec<&str> {
        features.named().map(|(name, _)| name.trim_start_matches("CAPITALS ")).collect()
    }

    const REPORT: &str = "LIMA, 3 MAY 90 (EFE) -- [COMMUNIQUE] [TEXT] GUNMEN ATTACKED A BANK IN QUITO TODAY. TWO \
                          GUARDS WERE KILLED BY THE GUNMEN. THE EMBASSY HAS MADE NO COMMENT.";

    #[test]
    fn a_sentence_tells_what_is_done_and_how() {
        let reading = Reading::new(REPORT);
        let all = reading.describe_sentences(true);
        assert_eq!(all.len(), reading.sentence_texts().len());
        let second = names(all.get(1).unwrap());
        assert!(second.contains(&"s passive kill") && second.contains(&"s kill by"), "{second:?}");
        let first = names(all.first().unwrap());
        assert!(first.contains(&"s attack") && !first.contains(&"s quito"), "{first:?}");
        assert!(!first.contains(&"s communique"), "the head is no sentence: {first:?}");
        let mut head = Features::new(true);
        reading.describe_head(&mut head);
        assert!(names(&head).contains(&"head communique"));
    }

    #[test]
    fn what_names_no_place_is_where_the_last_place_is() {
        let reading = Reading::new(REPORT);
        let of = |country: &str, at: usize| {
            let ties = reading.describe_ties(country, true);
            names(ties.get(at).unwrap()).join("; ")
        };
        assert!(of("EC", 1).contains("t last named"), "{}", of("EC", 1));
        assert!(of("PE", 1).contains("t other last named"), "{}", of("PE", 1));
        assert!(of("PE", 1).contains("t home"), "{}", of("PE", 1));
    }

    #[test]
    fn words_are_known_by_their_stems() {
        for (word, known) in
            [("attacked", "attack"), ("bodies", "bod"), ("bus", "bus"), ("взорвали", "взорва")]
        {
            assert_eq!(stem(word), known);
        }
    }
}
