//! What is looked at of a report and of each country in it, by names that can be read: words near a name,
//! classes of words in its sentence, what kind of place it is, where it stands, and how much of the report
//! speaks of it. No feature is a country.

use crate::cues;
use crate::doubt;
use crate::gazetteer::PlaceKind;
use crate::model::Features;
use crate::named::Named;
use crate::reading::{GROUPS, Reading};
use std::collections::{BTreeMap, BTreeSet};

/// Words on each side of a name that are looked at one by one.
const NEAR: usize = 3;
/// How far from a name a word of a class counts as near it, in words.
const CLOSE: usize = 6;

/// Most names of a country that are looked at one by one.
const MOST_NAMES: usize = 32;
/// Most classes of words in a statement that are looked at two by two.
const MOST_CLASSES: usize = 12;

impl Reading {
    /// What the report as a whole is like.
    pub fn describe(&self, out: &mut Features) {
        out.clear();
        out.set_capitals(self.capitals);
        out.add(format_args!("a report"));
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for cue in &self.cues {
            *counts.entry(cue.class).or_default() += 1;
        }
        for (class, count) in counts {
            let name = cues::classes().get(usize::from(class)).copied().unwrap_or_default();
            if name.starts_with('@') {
                continue;
            }
            out.add(format_args!("has {name}"));
            let many = match count {
                1 => "one",
                2 | 3 => "some",
                4..=7 => "more",
                _ => "many",
            };
            out.add(format_args!("has {name} {many}"));
            let share = part(count * 100, self.words.len() + 20);
            out.add_with(format_args!("share of {name}"), share.min(5.0));
        }
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for groups in &self.groups {
            for a in 0..GROUPS.len() {
                for b in a + 1..GROUPS.len() {
                    if groups & 1 << a != 0 && groups & 1 << b != 0 {
                        *pairs.entry((a, b)).or_default() += 1;
                    }
                }
            }
        }
        for ((a, b), count) in pairs {
            let name = |at: usize| GROUPS.get(at).map_or("", |(name, _)| *name);
            out.add(format_args!("sentence of {} and {}", name(a), name(b)));
            if count > 1 {
                out.add(format_args!("sentences of {} and {}", name(a), name(b)));
            }
        }
        self.describe_beginning(out);
        for at in 0..self.words.len() {
            let word = self.words.word(at);
            if is_word(word) {
                out.once(format_args!("word {word}"));
            }
        }
        let length = self.words.len();
        out.add(format_args!("length {}", (length + 1).ilog2()));
        out.add(format_args!("countries {}", self.countries().len().min(6)));
        if self.markup {
            out.add(format_args!("markup"));
        }
    }

    /// What stands in the first two sentences.
    fn describe_beginning(&self, out: &mut Features) {
        for cue in &self.cues {
            let name = cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default();
            let sentence = self.sentences.get(cue.first as usize).copied().unwrap_or_default();
            if !name.starts_with('@') && (cue.first as usize) < 40 {
                out.once(format_args!("begins with {name}"));
            }
            let last = u32::try_from(self.groups.len()).unwrap_or_default().saturating_sub(2);
            if sentence >= last && !name.starts_with('@') {
                out.once(format_args!("ends with {name}"));
            }
        }
    }

    /// How much of the report a country takes; `relevance` is the log odds that there is a threat at all.
    pub fn describe_whole(&self, country: &str, relevance: f32, out: &mut Features) {
        out.clear();
        out.set_capitals(self.capitals);
        out.add(format_args!("a country"));
        out.add_with(format_args!("relevance"), relevance.clamp(-5.0, 5.0) / 2.0);
        out.add(format_args!("relevance {}", (relevance.clamp(-3.0, 3.0)).round()));
        let mine: Vec<&Named> = self.named.iter().filter(|one| one.country == country).collect();
        self.describe_share(country, &mine, out);
    }

    /// How one country stands in the report; `names` are what [`Reading::describe_names`] says of it.
    pub fn describe_country(
        &self,
        country: &str,
        relevance: f32,
        names: &[Features],
        out: &mut Features,
    ) {
        self.describe_whole(country, relevance, out);
        self.describe_together(country, names, out);
    }

    /// What all names of a country have together.
    pub(crate) fn describe_together(&self, country: &str, names: &[Features], out: &mut Features) {
        for one in names {
            out.join(one);
        }
        let mine: Vec<&Named> = self.named.iter().filter(|one| one.country == country).collect();
        let mut shares: BTreeMap<(bool, usize), usize> = BTreeMap::new();
        for one in &mine {
            let sentence = self.sentences.get(one.first).copied().unwrap_or_default() as usize;
            let groups = self.groups.get(sentence).copied().unwrap_or_default();
            for at in (0..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
                *shares.entry((false, at)).or_default() += 1;
            }
            if groups & 0b10_0111_0111 == 0 {
                *shares.entry((true, 0)).or_default() += 1;
            }
        }
        for ((is_bare, at), times) in shares {
            let name =
                if is_bare { "nothing" } else { GROUPS.get(at).map_or("", |(name, _)| *name) };
            out.add_with(format_args!("part beside {name}"), part(times, mine.len()));
            if times == mine.len() {
                out.add(format_args!("always beside {name}"));
            }
        }
    }

    /// How each name of a country stands in the report; `is_named` keeps the names of the features.
    pub fn describe_names(&self, country: &str, is_named: bool) -> Vec<Features> {
        let mine = self.named.iter().filter(|one| one.country == country);
        let each = mine.take(MOST_NAMES).map(|one| {
            let mut out = Features::new(is_named);
            out.set_capitals(self.capitals);
            self.describe_mention(one, country, &mut out);
            out
        });
        each.collect()
    }

    /// The names that [`Reading::describe_names`] describes, folded; empty where one stands in the dateline.
    pub fn written_names(&self, country: &str) -> Vec<String> {
        let mine = self.named.iter().filter(|one| one.country == country);
        let written = |one: &Named| {
            if one.first < self.dateline {
                String::new()
            } else {
                self.words.part(one.first, one.end)
            }
        };
        mine.take(MOST_NAMES).map(written).collect()
    }

    fn describe_share(&self, country: &str, mine: &[&Named], out: &mut Features) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &self.named {
            *counts.entry(one.country).or_default() += 1;
        }
        let own = counts.get(country).copied().unwrap_or_default();
        let more = counts.values().filter(|count| **count > own).count();
        let places: BTreeSet<&str> = mine
            .iter()
            .filter(|one| matches!(one.kind, PlaceKind::City | PlaceKind::Region | PlaceKind::Site))
            .map(|one| one.name)
            .collect();
        let small =
            mine.iter().filter(|one| one.kind == PlaceKind::City && one.people < 18).count();
        let rank = self.countries().iter().position(|one| *one == country).unwrap_or_default();
        let share = own * 10 / self.named.len().max(1);
        out.add(format_args!("named {} times", own.min(6)));
        out.add(format_args!("countries named more {}", more.min(4)));
        out.add(format_args!("share {share}"));
        out.add_with(format_args!("share"), part(own, self.named.len()));
        out.add(format_args!("rank {}", rank.min(5)));
        out.add(format_args!("of {} countries", counts.len().min(6)));
        out.add(format_args!("places {}", places.len().min(5)));
        out.add(format_args!("small places {}", small.min(4)));
        out.add(format_args!("more {} places {}", more.min(2), places.len().min(3)));
        out.add(format_args!("rank {} more {}", rank.min(2), more.min(2)));
        let others = self
            .named
            .iter()
            .any(|one| one.country != country && one.kind == PlaceKind::City && one.people < 18);
        if small == 0 && others {
            out.add(format_args!("others have small places"));
        }
        let kinds: BTreeSet<&str> = mine.iter().map(|one| kind(one)).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        out.add(format_args!("kinds {}", kinds.join("+")));
        if !mine.iter().any(|one| one.is_sure) {
            out.add(format_args!("all doubtful"));
        }
        let first = mine.first().map_or(0, |one| one.first * 10 / self.words.len().max(1));
        let last = mine.last().map_or(0, |one| one.first * 10 / self.words.len().max(1));
        out.add(format_args!("first in tenth {first}"));
        out.add(format_args!("last in tenth {last}"));
        if mine.len() > 1 {
            out.add(format_args!("spread {}", (last - first) / 3));
        }
    }

    fn describe_mention(&self, one: &Named, country: &str, out: &mut Features) {
        let kind = kind(one);
        out.once(format_args!("kind {kind}"));
        if one.people > 0 {
            out.once(format_args!("{kind} of 2^{}", one.people / 2 * 2));
        }
        let sentence = self.sentences.get(one.first).copied().unwrap_or_default();
        if sentence == 0 {
            out.once(format_args!("in the first sentence"));
            out.once(format_args!("{kind} in the first sentence"));
        }
        if one.first < self.dateline {
            out.once(format_args!("in the dateline"));
        }
        if one.first < 12 {
            out.once(format_args!("among the first words"));
            out.once(format_args!("{kind} among the first words"));
        }
        if let Some(at) = self.fields.get(one.first).copied().filter(|at| *at > 0) {
            out.once(format_args!("in field {}", self.words.word(at as usize - 1)));
        }
        let line = self.line_starts.partition_point(|start| *start <= one.first);
        let begins = line.checked_sub(1).and_then(|line| self.line_starts.get(line));
        if begins == Some(&one.first) {
            out.once(format_args!("begins a line"));
        }
        self.describe_words(one, sentence, country, kind, out);
        self.describe_cues(one, sentence, kind, out);
        self.describe_clause(one, kind, out);
        self.describe_role(one, sentence, out);
    }

    /// What is done where persons or things of the country are named, and where its places are said to be where.
    fn describe_role(&self, one: &Named, sentence: u32, out: &mut Features) {
        let Some(role) = self.role(one) else { return };
        out.once(format_args!("{role}"));
        let clause = self.groups_of_clause(one.first);
        let sentence = self.groups.get(sentence as usize).copied().unwrap_or_default();
        for (at, (name, _)) in GROUPS.iter().enumerate() {
            if clause & 1 << at != 0 {
                out.once(format_args!("{role} with {name}"));
            } else if sentence & 1 << at != 0 {
                out.once(format_args!("{role} not far from {name}"));
            }
        }
    }

    /// What a name stands for: persons or things of a country, a mission of it, or where something is.
    pub(crate) fn role(&self, one: &Named) -> Option<&'static str> {
        let from = self.cues.partition_point(|cue| (cue.first as usize) + 3 < one.first);
        let near = self.cues.get(from..).unwrap_or_default().iter();
        let near = near.take_while(|cue| (cue.first as usize) < one.end + 3);
        let mut found = None;
        for cue in near {
            match cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default() {
                "embassy" => return Some("mission"),
                "ship" => found = Some("ship"),
                "national" | "wound" | "kill" if one.kind == PlaceKind::Nationality => {
                    found = found.or(Some("persons"));
                }
                "organ" if found.is_none() => found = Some("organisation"),
                _ => {}
            }
        }
        if found.is_some() || one.kind == PlaceKind::Nationality {
            return found;
        }
        let before = one.first.checked_sub(1).map(|at| self.words.word(at)).unwrap_or_default();
        doubt::is_placed(before).then_some("place")
    }

    /// The classes of words in its clause.
    fn describe_clause(&self, one: &Named, kind: &str, out: &mut Features) {
        let clause = self.clauses.get(one.first).copied().unwrap_or_default() as usize;
        let mut classes = self.clause_classes.get(clause).copied().unwrap_or_default();
        let mut known: Vec<&str> = Vec::new();
        while classes != 0 {
            let class = classes.trailing_zeros() as usize;
            classes &= classes - 1;
            let name = cues::classes().get(class).copied().unwrap_or_default();
            if !name.starts_with('@') {
                known.push(name);
            }
        }
        for (at, name) in known.iter().enumerate() {
            out.once(format_args!("clause of {name}"));
            out.once(format_args!("{kind} in a clause of {name}"));
            for other in known.iter().take(MOST_CLASSES).skip(at + 1) {
                out.once(format_args!("clause of {name} and {other}"));
            }
        }
        match known.as_slice() {
            [] => out.once(format_args!("{kind} in a clause of nothing")),
            [name] => out.once(format_args!("{kind} in a clause of {name} alone")),
            _ => {}
        }
    }

    /// The words on both sides, a name as what it is.
    fn describe_words(
        &self,
        one: &Named,
        sentence: u32,
        country: &str,
        kind: &str,
        out: &mut Features,
    ) {
        let is_here = |at: usize| self.sentences.get(at) == Some(&sentence);
        let masked = |at: usize| -> (&str, &str) {
            let known = self.named.iter().find(|other| other.first <= at && at < other.end);
            match known {
                Some(other) if other.country == country => ("<same>", ""),
                Some(_) => ("<other>", ""),
                None if self.words.word(at).starts_with(|c: char| c.is_ascii_digit()) => ("#", ""),
                None => ("", self.words.word(at)),
            }
        };
        let before: Vec<(&str, &str)> = (0..NEAR)
            .map_while(|n| one.first.checked_sub(n + 1))
            .take_while(|at| is_here(*at))
            .map(masked)
            .collect();
        let after: Vec<(&str, &str)> =
            (one.end..one.end + NEAR).take_while(|at| is_here(*at)).map(masked).collect();
        for (side, words) in [("before", &before), ("after", &after)] {
            for (n, (mask, word)) in words.iter().enumerate() {
                out.once(format_args!("{side} {mask}{word}"));
                if n == 0 {
                    out.once(format_args!("right {side} {mask}{word}"));
                    out.once(format_args!("right {side} {kind} {mask}{word}"));
                }
            }
            if let [(m1, w1), (m2, w2), ..] = words.as_slice() {
                out.once(format_args!("{side} {m1}{w1} {m2}{w2}"));
            }
        }
        if before.is_empty() {
            out.once(format_args!("begins its sentence"));
        }
        if let (Some((m1, w1)), Some((m2, w2))) = (before.first(), after.first()) {
            out.once(format_args!("between {m1}{w1} {m2}{w2}"));
        }
    }

    /// The classes of words in its sentence, and how near they are.
    fn describe_cues(&self, one: &Named, sentence: u32, kind: &str, out: &mut Features) {
        let first = self.cues.partition_point(|cue| {
            self.sentences.get(cue.first as usize).is_some_and(|n| *n < sentence)
        });
        for cue in self.cues.get(first..).unwrap_or_default() {
            let (from, end) = (cue.first as usize, cue.end as usize);
            if self.sentences.get(from) != Some(&sentence) {
                break;
            }
            let name = cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default();
            if name.starts_with('@') {
                continue;
            }
            out.once(format_args!("sentence of {name}"));
            out.once(format_args!("{kind} in a sentence of {name}"));
            let (side, distance) = if end <= one.first {
                ("before", one.first - end)
            } else {
                ("after", from.saturating_sub(one.end))
            };
            out.once(format_args!("{name} {side}"));
            if distance < CLOSE {
                out.once(format_args!("{name} near {side}"));
                out.once(format_args!("{name} near {side} {kind}"));
            }
            if distance < 2 {
                out.once(format_args!("{name} next {side}"));
            }
        }
        let groups = self.groups.get(sentence as usize).copied().unwrap_or_default();
        let name = |at: usize| GROUPS.get(at).map_or("", |(name, _)| *name);
        for a in (0..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
            for b in (a + 1..GROUPS.len()).filter(|at| groups & 1 << at != 0) {
                out.once(format_args!("sentence of {} and {}", name(a), name(b)));
                out.once(format_args!("{kind} in a sentence of {} and {}", name(a), name(b)));
            }
            if groups & !(1 << a) == 0 {
                out.once(format_args!("sentence of {} alone", name(a)));
            }
        }
        // What the sentence before says.
        if let Some(before) = sentence.checked_sub(1).and_then(|n| self.groups.get(n as usize)) {
            for at in (0..GROUPS.len()).filter(|at| before & 1 << at != 0) {
                out.once(format_args!("after a sentence of {}", name(at)));
            }
        }
    }
}

/// A part of a whole that has fewer than some millions.
fn part(some: usize, all: usize) -> f32 {
    let number = |n: usize| u16::try_from(n).map_or(f32::from(u16::MAX), f32::from);
    number(some) / number(all).max(1.0)
}

pub(crate) fn kind(one: &Named) -> &'static str {
    match one.kind {
        _ if one.is_hint => "hint",
        PlaceKind::Country => "country",
        PlaceKind::Nationality => "people",
        PlaceKind::Region => "region",
        PlaceKind::City => "city",
        PlaceKind::Site => "site",
    }
}

fn is_word(word: &str) -> bool {
    let first = word.chars().next().unwrap_or(' ');
    first.is_alphabetic() && (word.len() > 2 || !first.is_ascii())
}
