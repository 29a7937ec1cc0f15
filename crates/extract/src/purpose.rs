//! What a value is given for: to be watched for, to be written to, to read more at, or as the number of a version.
//! The words are in `model/purpose.txt`. A text of one line says little else.

use crate::Span;
use crate::cues::{Cue, Joined, Table};
use crate::model::Features;
use crate::reading::Reading;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../model/purpose.txt")));

/// How far before a value such a word counts, in words.
const LATEST: usize = 40;

/// Where a value stands, and the parts of the text beside it that speak of no other one.
pub(crate) struct Place {
    pub(crate) span: Span,
    pub(crate) beside: [Span; 2],
}

/// The words of a text that tell what a value is given for, in its order.
pub(crate) struct Purposes {
    cues: Vec<Cue>,
    /// Whether a sentence says that something was exploited, and whether one says that nothing was.
    exploited: [bool; 2],
}

impl Purposes {
    pub(crate) fn of(reading: &Reading) -> Purposes {
        let mut cues = TABLE.find(&Joined::new(reading.words()));
        cues.sort_by_key(|cue| cue.first);
        let clause = |cue: &Cue| reading.clauses.get(cue.first as usize).copied();
        let is = |cue: &&Cue, name: &str| TABLE.name(cue.class) == name;
        let denied: BTreeSet<Option<u32>> =
            cues.iter().filter(|cue| is(cue, "no")).map(clause).collect();
        let mut exploited = [false; 2];
        for one in cues.iter().filter(|cue| is(cue, "exploit")) {
            let at = usize::from(denied.contains(&clause(one)));
            if let Some(said) = exploited.get_mut(at) {
                *said = true;
            }
        }
        Purposes { cues, exploited }
    }

    /// Adds what is said of a value: in its sentence, beside it in the parts of the text that speak of no other one,
    /// and last before it.
    pub(crate) fn describe(&self, reading: &Reading, at: &Place, kind: &str, out: &mut Features) {
        if kind == "vulnerability" {
            for (said, is) in
                ["somewhere exploited", "nowhere exploited"].iter().zip(self.exploited)
            {
                if is {
                    out.add(format_args!("{said}"));
                }
            }
            if self.exploited == [false, true] {
                out.add(format_args!("only not exploited"));
            }
        }
        let words = reading.words();
        let (first, end) = (words.word_from(at.span.start), words.word_from(at.span.end));
        let from = self.cues.partition_point(|cue| (cue.first as usize) + LATEST < first);
        let near = self.cues.get(from..).unwrap_or_default();
        let near = near.iter().take_while(|cue| (cue.first as usize) < end + LATEST);
        let sentence = reading.sentences.get(first);
        let mut latest = None;
        let mut is_said = false;
        for cue in near.filter(|cue| !(first..end).contains(&(cue.first as usize))) {
            let word = cue.first as usize;
            let name = TABLE.name(cue.class);
            let side = if word < first { "before" } else { "after" };
            if word < first {
                latest = Some(name);
            }
            let start = words.span(word, word + 1).start;
            if at.beside.iter().any(|part| (part.start..part.end).contains(&start)) {
                out.once(format_args!("noted {side} for {name}"));
                out.once(format_args!("{kind} noted for {name}"));
            }
            if reading.sentences.get(word) == sentence {
                out.once(format_args!("given {side} for {name}"));
                out.once(format_args!("{kind} given for {name}"));
                is_said = true;
            }
        }
        match latest {
            Some(name) if !is_said => out.once(format_args!("given earlier for {name}")),
            _ => {}
        }
    }
}
