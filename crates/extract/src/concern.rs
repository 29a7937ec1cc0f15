//! Whom a report concerns, as against whom it only names; how far the threat got; and of which kinds it
//! is. Judged by linear models on what stands where ([`crate::model`]): words near a name, classes of
//! words in its sentence ([`crate::cues`]), what kind of place it is, where it stands, and how much of
//! the report speaks of it. No feature is a country.

use crate::Span;
use crate::cues::{self, Cue, Joined};
use crate::gazetteer::{PlaceKind, PlaceMention};
use crate::model::{Features, Model, probability};
use crate::named::{self, Named};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static RELEVANT: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/relevant.tsv")));
static CONCERN: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/concern.tsv")));
static CHOICE: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/choice.tsv")));
static STAGE: LazyLock<BTreeMap<String, Model>> =
    LazyLock::new(|| Model::parse_all(include_str!("../model/stage.tsv")));
static KIND: LazyLock<BTreeMap<String, Model>> =
    LazyLock::new(|| Model::parse_all(include_str!("../model/kind.tsv")));

/// Log odds above which a threat is of a kind.
pub const LEAST_KIND: f32 = -0.5;
/// How far a threat got.
pub const STAGES: &[&str] =
    &["none", "planned", "threatened", "attempted", "carried-out", "thwarted"];
/// Kinds of threat, as [`crate::threat::Threat::name`] has them.
pub const KINDS: &[&str] =
    &["killing", "serious-bodily-injury", "kidnapping", "destruction", "disruption", "compromise"];

/// Words on each side of a name that are looked at one by one.
const NEAR: usize = 3;
/// Most reasons that are given for a country.
const REASONS: usize = 3;
/// How far from a name a word of a class counts as near it, in words.
const CLOSE: usize = 6;

/// Classes that say together what a sentence is about.
const GROUPS: &[(&str, &[&str])] = &[
    ("harm", &["attack", "bomb", "gun", "kill", "wound", "kidnap", "fire"]),
    ("threat", &["threat", "plan"]),
    ("cyber", &["cyber", "phish", "ddos", "exploit"]),
    ("foil", &["foil", "nothing"]),
    ("evac", &["evac"]),
    ("target", &["victim", "national", "embassy", "ship", "site"]),
    ("perp", &["perp"]),
    ("said", &["said"]),
    ("others", &["condemn", "inform"]),
    ("host", &["host"]),
    ("travel", &["travel"]),
    ("not", &["not"]),
    ("past", &["past", "court", "remember"]),
    ("idle", &["culture", "sport", "drill", "patch", "economy", "nature"]),
];

/// A report, read once for all that is judged of it.
pub struct Reading {
    words: Words,
    cues: Vec<Cue>,
    pub(crate) named: Vec<Named>,
    /// Of each word, the number of its sentence.
    sentences: Vec<u32>,
    /// Of each sentence, whether each group is in it.
    groups: Vec<u32>,
    /// Of each sentence, whether each class is in it.
    classes: Vec<u128>,
    capitals: bool,
    /// Of each word, the word with which its line begins, if the line is a field: `From:`.
    fields: Vec<u32>,
    line_starts: Vec<usize>,
    markup: bool,
}

impl Reading {
    /// Reads a report.
    pub fn new(text: &str) -> Reading {
        let words = Words::new(text);
        let joined = Joined::new(&words);
        let mut cues = cues::find(&joined);
        cues.sort_by_key(|cue| cue.first);
        let capitals = is_in_capitals(text);
        let named = named::find(text, &words, &cues, capitals);
        let mut reading = Reading {
            sentences: Vec::new(),
            groups: Vec::new(),
            classes: Vec::new(),
            fields: Vec::new(),
            line_starts: Vec::new(),
            capitals,
            markup: text.contains("</"),
            words,
            cues,
            named,
        };
        reading.cut(text);
        for cue in &reading.cues {
            let Some(sentence) = reading.sentences.get(cue.first as usize) else { continue };
            let name = cues::classes().get(usize::from(cue.class)).copied().unwrap_or_default();
            let groups = reading.groups.get_mut(*sentence as usize);
            let group = GROUPS.iter().position(|(_, classes)| classes.contains(&name));
            if let (Some(groups), Some(group)) = (groups, group) {
                *groups |= 1 << group;
            }
            if let Some(classes) = reading.classes.get_mut(*sentence as usize)
                && cue.class < 64
            {
                *classes |= 1 << cue.class;
            }
        }
        reading
    }

    /// Numbers the sentences, and finds where lines begin.
    fn cut(&mut self, text: &str) {
        let mut sentence = 0u32;
        let mut last = 0;
        let mut field = 0;
        for at in 0..self.words.len() {
            let span = self.words.span(at, at + 1);
            let between = text.get(last..span.start).unwrap_or_default();
            let is_line = at == 0 || between.contains('\n');
            let is_end = between.contains(['.', '!', '?', '。', '！', '？', '؟', '।', ';'])
                && between.contains(char::is_whitespace)
                || between.contains(['。', '！', '？', '।'])
                || between.contains("\n\n")
                || between.contains('>');
            let word = self.words.word(at);
            if at > 0 && (is_end || is_line && !self.capitals)
                || ["。", "！", "？", "।"].contains(&word)
            {
                sentence += 1;
            }
            if is_line {
                field = 0;
                self.line_starts.push(at);
                let rest = text
                    .get(span.start..text.ceil_char_boundary((span.start + 24).min(text.len())));
                if rest.is_some_and(|rest| {
                    rest.split(':').next().is_some_and(|name| {
                        name.len() < rest.len() && !name.trim().contains(char::is_whitespace)
                    })
                }) {
                    field = u32::try_from(at).unwrap_or_default() + 1;
                }
            }
            self.sentences.push(sentence);
            self.fields.push(field);
            last = span.end;
        }
        self.groups = vec![0; sentence as usize + 1];
        self.classes = vec![0; sentence as usize + 1];
    }

    /// The words of the report.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// Every place, country and nationality that is named.
    pub(crate) fn places(&self) -> Vec<PlaceMention> {
        let each = self.named.iter().map(|one| PlaceMention {
            name: one.name,
            kind: one.kind,
            country: one.country,
            within: one.within,
            span: one.span,
        });
        each.collect()
    }

    /// The countries that are named, in their order.
    pub fn countries(&self) -> Vec<&'static str> {
        let mut known = BTreeSet::new();
        self.named.iter().map(|one| one.country).filter(|country| known.insert(*country)).collect()
    }

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

    /// How one country stands in the report; `relevance` is the log odds that there is a threat at all.
    pub fn describe_country(&self, country: &str, relevance: f32, out: &mut Features) {
        out.clear();
        out.set_capitals(self.capitals);
        out.add(format_args!("a country"));
        out.add_with(format_args!("relevance"), relevance.clamp(-5.0, 5.0) / 2.0);
        out.add(format_args!("relevance {}", (relevance.clamp(-3.0, 3.0)).round()));
        let mine: Vec<&Named> = self.named.iter().filter(|one| one.country == country).collect();
        self.describe_share(country, &mine, out);
        let mut shares: BTreeMap<(bool, usize), usize> = BTreeMap::new();
        for one in &mine {
            self.describe_mention(one, country, out);
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

    /// How likely there is a threat at all, as log odds.
    pub fn relevance(&self, out: &mut Features) -> f32 {
        self.describe(out);
        RELEVANT.score(out)
    }

    /// How each country stands by itself, as log odds.
    fn scores(&self, relevance: f32, features: &mut Features) -> Vec<f32> {
        let countries = self.countries().into_iter();
        countries
            .map(|country| {
                self.describe_country(country, relevance, features);
                CONCERN.score(features)
            })
            .collect()
    }

    /// How likely each country is concerned, from 0 to 1.
    pub fn concern(&self) -> Vec<(&'static str, f32)> {
        let mut features = Features::new(false);
        let relevance = self.relevance(&mut features);
        let scores = self.scores(relevance, &mut features);
        let mut out = Vec::with_capacity(scores.len());
        for (at, country) in self.countries().into_iter().enumerate() {
            compare(&scores, at, relevance, &mut features);
            out.push((country, probability(CHOICE.score(&features))));
        }
        out
    }

    /// What speaks most for a country, in words.
    pub fn reasons(&self, country: &str) -> Vec<String> {
        let mut features = Features::new(true);
        let relevance = self.relevance(&mut features);
        self.describe_country(country, relevance, &mut features);
        CONCERN.strongest(&features, REASONS)
    }

    /// Where a country, its people or a place in it is named.
    pub fn spans(&self, country: &str) -> Vec<Span> {
        let mine = self.named.iter().filter(|one| one.country == country);
        mine.map(|one| one.span).take(REASONS).collect()
    }

    /// How far the threat got, and of which kinds it is.
    pub fn judge(&self) -> Judgement {
        let mut features = Features::new(false);
        self.describe(&mut features);
        let of = |name: &str, models: &BTreeMap<String, Model>| {
            models.get(name).map_or(f32::MIN, |model| model.score(&features))
        };
        let best = STAGES.iter().max_by(|a, b| of(a, &STAGE).total_cmp(&of(b, &STAGE)));
        let kinds = KINDS.iter().copied().filter(|kind| of(kind, &KIND) > LEAST_KIND).collect();
        Judgement { stage: best.copied().unwrap_or("none"), kinds }
    }
}

/// How far the threat of a report got, and of which kinds it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// One of [`STAGES`].
    pub stage: &'static str,
    /// Those of [`KINDS`] that it has.
    pub kinds: Vec<&'static str>,
}

/// How one country stands beside the others of its report.
pub fn compare(scores: &[f32], at: usize, relevance: f32, out: &mut Features) {
    out.clear();
    out.set_capitals(false);
    let own = scores.get(at).copied().unwrap_or_default().clamp(-8.0, 8.0);
    let others =
        scores.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, score)| *score);
    let best = others.fold(-8.0, f32::max).min(8.0);
    let rank = scores.iter().filter(|other| **other > own).count();
    let relevant = relevance.clamp(-4.0, 4.0);
    out.add(format_args!("a country"));
    out.add_with(format_args!("score"), own / 2.0);
    out.add_with(format_args!("lead"), (own - best).clamp(-5.0, 5.0) / 2.0);
    out.add_with(format_args!("relevance"), relevant / 2.0);
    out.add(format_args!("rank {}", rank.min(3)));
    out.add(format_args!("rank {} relevance {}", rank.min(2), (relevant / 2.0).round()));
    out.add(format_args!("rank {} score {}", rank.min(2), (own / 2.0).round()));
    if rank == 0 {
        out.add_with(format_args!("relevance of the first"), relevant / 2.0);
    }
    out.add(format_args!("of {}", scores.len().min(4)));
}

/// A part of a whole that has fewer than some millions.
fn part(some: usize, all: usize) -> f32 {
    let number = |n: usize| u16::try_from(n).map_or(f32::from(u16::MAX), f32::from);
    number(some) / number(all).max(1.0)
}

/// Whether a place is called so, given as names are folded.
pub fn is_place(word: &str) -> bool {
    crate::world::of_word(word).is_some()
}

fn kind(one: &Named) -> &'static str {
    match one.kind {
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

/// Whether a text is written in capitals only, as telegrams were.
fn is_in_capitals(text: &str) -> bool {
    let cased = |is: fn(char) -> bool| text.chars().take(2_000).filter(|c| is(*c)).count();
    let (upper, lower) = (cased(char::is_uppercase), cased(char::is_lowercase));
    upper > 40 && lower * 10 < upper
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;

    #[test]
    fn a_country_that_only_told_of_a_plot_is_not_concerned_as_the_threatened_one_is() {
        let text = "Moscow, 17 December. Russian police arrested seven men who had planned to bomb the Kazan \
                    Cathedral in St Petersburg on Saturday. Explosives and rifles were seized in a flat. The \
                    United States had passed on the information, the Kremlin said, and thanked Washington.";
        let found = extract(text);
        let of = |country: &str| found.concern.get(country).copied().unwrap_or_default();
        assert!(of("RU") > of("US"), "{:?}", found.concern);
        assert_eq!(found.countries, ["RU"]);
        let reason = found.reasons.first().unwrap();
        assert!(!reason.why.is_empty());
        let first = reason.spans.first().unwrap();
        assert_eq!(text.get(first.start..first.end), Some("Moscow"));
        assert_eq!(found.language, Some("eng"));
    }

    #[test]
    fn places_of_the_whole_world_are_found_in_their_own_scripts() {
        for (text, country) in [
            ("Взрыв в Махачкале: двое погибли.", "RU"),
            ("انفجار قنبلة في مدينة طرابلس وبنغازي في ليبيا", "LY"),
            ("평양에 있는 회사", "KP"),
            ("Gunmen attacked the market of Nampula on Monday.", "MZ"),
            ("横浜市の学校に爆破予告", "JP"),
        ] {
            let reading = Reading::new(text);
            assert!(reading.countries().contains(&country), "{text}: {:?}", reading.countries());
        }
    }

    #[test]
    fn a_double_is_where_the_rest_of_the_report_is() {
        let text = "Police in Mérida, Venezuela, found a bomb. Caracas sent experts.";
        assert_eq!(Reading::new(text).countries(), ["VE"]);
    }

    #[test]
    fn a_text_without_words_is_read() {
        for text in ["", " ", "...", "。。", "\n\n:", "A:"] {
            assert!(extract(text).countries.is_empty(), "{text:?}");
        }
    }
}
