//! A report, read once for all that is judged of it: its words, names, sentences, and what its sentences
//! speak of.

use crate::clause;
use crate::cues::{self, Cue, Joined};
use crate::gazetteer::PlaceMention;
use crate::named::{self, Named};
use crate::outcome::Outcome;
use crate::owner::{self, Owned};
use crate::words::Words;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Of each class of words, the group that it is in.
static GROUP: LazyLock<Vec<Option<usize>>> = LazyLock::new(|| {
    let group = |name: &&str| GROUPS.iter().position(|(_, classes)| classes.contains(name));
    cues::classes().iter().map(group).collect()
});

/// Classes that say together what a sentence is about.
pub(crate) const GROUPS: &[(&str, &[&str])] = &[
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
    ("idle", &["culture", "sport", "drill", "patch", "economy", "nature", "accident"]),
    ("deny", &["deny"]),
    ("calm", &["calm"]),
    ("origin", &["origin"]),
    ("accuse", &["accuse", "motive"]),
    ("desk", &["desk"]),
    ("fail", &["fail"]),
    ("will", &["will"]),
    ("organ", &["organ"]),
];

/// Groups of words that tell of what is done.
pub(crate) static ACTS: LazyLock<u32> =
    LazyLock::new(|| groups(&["harm", "threat", "cyber", "target"]));
/// Groups of words beside which a country is named for another reason.
pub(crate) static EXCUSES: LazyLock<u32> = LazyLock::new(|| {
    groups(&["said", "others", "host", "travel", "deny", "calm", "origin", "accuse", "desk"])
});

/// The bits of some groups.
pub(crate) fn groups(names: &[&str]) -> u32 {
    let these = GROUPS.iter().enumerate().filter(|(_, (name, _))| names.contains(name));
    these.map(|(at, _)| 1 << at).sum()
}

/// The group that a class of words is in.
pub(crate) fn group_of(class: u16) -> Option<usize> {
    GROUP.get(usize::from(class)).copied().flatten()
}

/// A report, read once for all that is judged of it.
pub struct Reading {
    pub(crate) words: Words,
    pub(crate) cues: Vec<Cue>,
    pub(crate) named: Vec<Named>,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Of each word, the number of its sentence.
    pub(crate) sentences: Vec<u32>,
    /// Of each sentence, whether each group is in it.
    pub(crate) groups: Vec<u32>,
    /// Of each sentence, whether each class is in it.
    pub(crate) classes: Vec<u128>,
    pub(crate) capitals: bool,
    /// Of each word, the word with which its line begins, if the line is a field: `From:`.
    pub(crate) fields: Vec<u32>,
    pub(crate) line_starts: Vec<usize>,
    pub(crate) markup: bool,
    /// How many words of the beginning say where and when it was written.
    pub(crate) dateline: usize,
    /// Of each word, the number of its clause.
    pub(crate) clauses: Vec<u32>,
    /// Of each clause, whether each class is in it.
    pub(crate) clause_classes: Vec<u128>,
    /// Of each clause, whether each group is in it.
    pub(crate) clause_groups: Vec<u32>,
    /// Of each country, what share of the deeds are its.
    pub(crate) owned: HashMap<&'static str, Owned>,
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
            dateline: 0,
            clauses: Vec::new(),
            clause_classes: Vec::new(),
            clause_groups: Vec::new(),
            owned: HashMap::new(),
            words,
            cues,
            named,
            outcome: Outcome::of(&joined),
        };
        reading.cut(text);
        reading.dateline = clause::dateline(text, &reading.words);
        reading.clauses = clause::number(text, &reading.words, &reading.sentences, &reading.named);
        let count = reading.clauses.last().map_or(0, |last| *last as usize + 1);
        reading.clause_classes = vec![0; count];
        reading.clause_groups = vec![0; count];
        for cue in &reading.cues {
            let clause = reading.clauses.get(cue.first as usize).map(|at| *at as usize);
            if let Some(classes) = clause.and_then(|at| reading.clause_classes.get_mut(at))
                && cue.class < 128
            {
                *classes |= 1 << cue.class;
            }
            if let Some(groups) = clause.and_then(|at| reading.clause_groups.get_mut(at))
                && let Some(group) = group_of(cue.class)
            {
                *groups |= 1 << group;
            }
            let Some(sentence) = reading.sentences.get(cue.first as usize) else { continue };
            let group = group_of(cue.class);
            let groups = reading.groups.get_mut(*sentence as usize);
            if let (Some(groups), Some(group)) = (groups, group) {
                *groups |= 1 << group;
            }
            if let Some(classes) = reading.classes.get_mut(*sentence as usize)
                && cue.class < 128
            {
                *classes |= 1 << cue.class;
            }
        }
        reading.owned = owner::owned(&reading, *ACTS, *EXCUSES);
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

    /// The classes of words in the sentence of a word, and whether each is in its statement too.
    pub(crate) fn classes_at(&self, at: usize) -> impl Iterator<Item = (&'static str, bool)> {
        let clause = self.clauses.get(at).copied().unwrap_or_default() as usize;
        let near = self.clause_classes.get(clause).copied().unwrap_or_default();
        let sentence = self.sentences.get(at).copied().unwrap_or_default() as usize;
        let all = self.classes.get(sentence).copied().unwrap_or_default() | near;
        let names = cues::classes().iter().enumerate().filter(|(_, name)| !name.starts_with('@'));
        names
            .filter(move |(class, _)| *class < 128 && all & 1 << class != 0)
            .map(move |(class, name)| (*name, near & 1 << class != 0))
    }

    /// Whether it is written in capitals only, as telegrams were.
    pub fn is_in_capitals(&self) -> bool {
        self.capitals
    }

    /// The words of the report.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// Every place, country and nationality that is named.
    pub(crate) fn places(&self) -> Vec<PlaceMention> {
        let each = self.named.iter().filter(|one| !one.is_hint).map(|one| PlaceMention {
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
}

/// Whether a text is written in capitals only, as telegrams were.
pub(crate) fn is_in_capitals(text: &str) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars().take(2_000) {
        if c.is_lowercase() {
            lower += 1;
        } else if c.is_uppercase() {
            upper += 1;
        }
    }
    upper > 40 && lower * 10 < upper
}
