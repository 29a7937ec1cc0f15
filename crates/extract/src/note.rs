//! What is said of one value alone, beside it: `198.51.100.7 (the vendor's own)`, `clean setup:` and a hash, the
//! row of a table. A word further off may speak of another value.

use crate::Span;
use crate::cues::{self, Cue};
use crate::model::Features;
use crate::observable::Observable;
use crate::reading::Reading;

/// Longest note, in bytes.
const LONGEST: usize = 240;
/// Longest text between two values that are listed together, in bytes: `, as well as`.
const LISTED: usize = 9;
/// Marks after which another thing is spoken of.
const ENDS: &[&str] = &["</tr", "</li", "</p", "<br", "</h", "</div", "</table", "\n\n"];
/// Classes of words that speak of a value.
const OF_VALUES: &[&str] = &[
    "own", "innocent", "drill", "exploit", "host", "perp", "phish", "cyber", "patch", "court",
    "not", "attack", "victim", "desk", "said", "past", "version", "loot",
];

/// What stands before a value, and after it, that speaks of no other one.
#[derive(Debug, Clone, Copy)]
struct Note {
    before: Span,
    after: Span,
}

/// The parts of a text beside each value.
pub(crate) struct Notes {
    list: Vec<Note>,
}

impl Notes {
    /// Finds what stands beside each of some values, which are in the text's order.
    pub(crate) fn new(text: &str, found: &[Observable]) -> Notes {
        let mut list: Vec<Note> = Vec::with_capacity(found.len());
        for (at, one) in found.iter().enumerate() {
            let before =
                at.checked_sub(1).and_then(|last| found.get(last)).map_or(0, |o| o.span.end);
            let after = found.get(at + 1).map_or(text.len(), |o| o.span.start);
            list.push(Note {
                before: begin(text, before, one.span.start),
                after: end(text, one.span.end, after),
            });
        }
        // Between two values, what is in brackets or before a comma is of the first.
        for (at, pair) in found.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            let gap = text.get(first.span.end..second.span.start).unwrap_or_default();
            let cut = cut(gap).map(|cut| first.span.end + cut);
            if let (Some(cut), [first, second]) =
                (cut, list.get_mut(at..at + 2).unwrap_or_default())
            {
                first.after.end = first.after.end.min(cut).max(first.after.start);
                second.before.start = second.before.start.max(cut).min(second.before.end);
            }
        }
        share(text, found, &mut list);
        Notes { list }
    }

    /// The parts of the text before and after the value at `at` that speak of no other one.
    pub(crate) fn beside(&self, at: usize) -> [Span; 2] {
        self.list.get(at).map_or([Span { start: 0, end: 0 }; 2], |note| [note.before, note.after])
    }

    /// Adds what is said beside the value at `at`.
    pub(crate) fn describe(&self, reading: &Reading, at: usize, kind: &str, out: &mut Features) {
        let Some(note) = self.list.get(at) else { return };
        let mut both = Vec::new();
        for (side, span) in [("before", note.before), ("after", note.after)] {
            let first = reading.words().word_from(span.start);
            let end = reading.words().word_from(span.end);
            for name in classes(&reading.cues, first, end) {
                out.once(format_args!("note {side} {name}"));
                if !both.contains(&name) {
                    both.push(name);
                }
            }
        }
        for name in &both {
            out.once(format_args!("note {name}"));
            out.once(format_args!("{kind} with note {name}"));
        }
        if both.contains(&"not") {
            for name in ["exploit", "own", "perp", "attack"] {
                if both.contains(&name) {
                    out.once(format_args!("note not {name}"));
                }
            }
        }
    }
}

fn classes(cues: &[Cue], first: usize, end: usize) -> impl Iterator<Item = &'static str> {
    let from = cues.partition_point(|cue| (cue.first as usize) < first);
    let these = cues.get(from..).unwrap_or_default().iter();
    let these = these.take_while(move |cue| (cue.first as usize) < end);
    let names = these.filter_map(|cue| cues::classes().get(usize::from(cue.class)).copied());
    names.filter(|name| OF_VALUES.contains(name))
}

/// Values that stand beside each other share what is said before the first and after the last.
fn share(text: &str, found: &[Observable], list: &mut [Note]) {
    let is_joined = |first: &Observable, second: &Observable| {
        let gap = text.get(first.span.end..second.span.start);
        gap.is_some_and(|gap| gap.len() <= LISTED && !gap.contains(['\n', '.', ':', '(', '<']))
    };
    let joined: Vec<bool> = found
        .windows(2)
        .map(|pair| matches!(pair, [first, second] if is_joined(first, second)))
        .collect();
    for (at, _) in joined.iter().enumerate().filter(|(_, joined)| **joined) {
        if let [first, second] = list.get_mut(at..at + 2).unwrap_or_default() {
            second.before = first.before;
        }
    }
    for (at, _) in joined.iter().enumerate().rev().filter(|(_, joined)| **joined) {
        if let [first, second] = list.get_mut(at..at + 2).unwrap_or_default() {
            first.after = second.after;
        }
    }
}

/// Where what is said before a value begins, at the earliest at `from`.
fn begin(text: &str, from: usize, at: usize) -> Span {
    let from = from.max(text.floor_char_boundary(at.saturating_sub(LONGEST)));
    let part = text.get(from..at).unwrap_or_default();
    let mark = ENDS.iter().filter_map(|mark| part.rfind(mark)).max();
    let stop = stops(part).last();
    let start = mark.max(stop).map_or(from, |cut| from + cut);
    Span { start, end: at }
}

/// Where what is said after a value ends, at the latest at `until`.
fn end(text: &str, at: usize, until: usize) -> Span {
    let until = until.min(text.floor_char_boundary((at + LONGEST).min(text.len())));
    let part = text.get(at..until).unwrap_or_default();
    let mark = ENDS.iter().filter_map(|mark| part.find(mark)).min();
    let stop = stops(part).next();
    let cut = mark.into_iter().chain(stop).min();
    Span { start: at, end: cut.map_or(until, |cut| at + cut) }
}

/// The ends of sentences and lines in a part of a text. A line that goes on in small letters does not end.
fn stops(part: &str) -> impl Iterator<Item = usize> {
    let signs = part.match_indices(['.', ';', '!', '?', '\n', '。', '；']);
    signs.filter_map(move |(at, sign)| {
        let rest = part.get(at + sign.len()..)?;
        let next = rest.trim_start().chars().next();
        let is_end = match sign {
            "。" | "；" => true,
            "\n" => !next.is_some_and(char::is_lowercase),
            _ => rest.starts_with(char::is_whitespace),
        };
        is_end.then_some(at)
    })
}

/// Where, between two values, what is said of the first ends.
fn cut(gap: &str) -> Option<usize> {
    let rest = gap.trim_start();
    let skipped = gap.len() - rest.len();
    if rest.starts_with(['(', '（', '[']) {
        return rest.find([')', '）', ']']).map(|at| skipped + at + 1);
    }
    gap.find([',', '、', '，', '،']).or_else(|| gap.find(" and ")).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observable;

    fn notes(text: &str) -> Vec<(String, String)> {
        let found = observable::find(text);
        let of = |span: Span| text.get(span.start..span.end).unwrap().trim().to_owned();
        Notes::new(text, &found).list.iter().map(|n| (of(n.before), of(n.after))).collect()
    }

    #[test]
    fn what_is_said_of_a_value_is_not_said_of_the_next() {
        let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
        assert_eq!(
            notes("Seen: 198.51.100.7 (our gateway), control 198.51.100.8. Thanks"),
            [pair("Seen:", "(our gateway)"), pair(", control", "")]
        );
        assert_eq!(
            notes("- 198.51.100.7\n- 198.51.100.8 is the clinic's own\n- c2.example.org"),
            [pair("-", ""), pair("-", "is the clinic's own"), pair("-", "")]
        );
        assert_eq!(
            notes("Do not block 198.51.100.7, 198.51.100.8 and 198.51.100.9"),
            [pair("Do not block", ""), pair("Do not block", ""), pair("Do not block", "")]
        );
        assert_eq!(
            notes(
                "<tr><td>CVE-2026-90012</td><td>No</td></tr><tr><td>CVE-2026-90013</td><td>Yes</td></tr>"
            ),
            [pair("<tr><td>", "</td><td>No</td>"), pair("</tr><tr><td>", "</td><td>Yes</td>"),]
        );
    }

    #[test]
    fn no_text_takes_longer_than_it_is_long() {
        let text = "198.51.100.7, ".repeat(20_000);
        let found = observable::find(&text);
        assert_eq!(Notes::new(&text, &found).list.len(), found.len());
    }
}
