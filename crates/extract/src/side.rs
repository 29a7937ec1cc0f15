//! On whose side an observable is: an attacker's, to be watched for, or somebody else's, such as the
//! publisher's own address, a victim's machine, a public resolver, or a number that only looks like
//! an address. Judged by a model on what stands around it ([`crate::model`]).

use crate::cues;
use crate::fold;
use crate::model::{Features, Model, probability};
use crate::note::Notes;
use crate::observable::{Observable, ObservableKind};
use crate::purpose::{Place, Purposes};
use crate::reading::Reading;
use crate::value::{self, domain};
use std::collections::HashSet;
use std::sync::LazyLock;

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../model/side.tsv")));

/// Classes of words that say whose a value is.
const WHOSE: &[&str] =
    &["own", "drill", "exploit", "host", "perp", "phish", "cyber", "patch", "court"];
/// How far before a value such a word counts, in words.
const LATEST: usize = 40;
/// How much a word counts that was learnt by itself, beside a class of words, which says the same in every language.
const WORD: f32 = 0.5;
/// Most words of a line on each side of a value that are looked at.
const AROUND: usize = 8;
/// Most lines before a value in which a heading is looked for.
const HEADINGS: usize = 30;
/// A text with fewer bytes is a line or two: where a value stands in it says nothing.
const SHORT: usize = 320;
/// Longest line that is read as a whole, in bytes; of a longer one, this much on each side.
const LINE: usize = 400;

/// How likely each is an attacker's, from 0 to 1; `idle` is how likely there is no threat, as log odds.
pub fn of_all(text: &str, reading: &Reading, idle: f32, found: &[Observable]) -> Vec<f32> {
    let mut out = Vec::with_capacity(found.len());
    let mut all = found.iter();
    each(text, reading, idle, found, &mut Features::new(false), &mut |features| {
        let is_nobodys = all.next().is_none_or(value::is_nobodys);
        out.push(if is_nobodys { 0.0 } else { probability(MODEL.score(features)) });
    });
    out
}

/// Calls `learn` with the features of each.
pub fn each(
    text: &str,
    reading: &Reading,
    idle: f32,
    found: &[Observable],
    features: &mut Features,
    learn: &mut dyn FnMut(&Features),
) {
    let written = |one: &Observable| text.get(one.span.start..one.span.end).unwrap_or_default();
    let defanged: Vec<bool> =
        found.iter().map(|one| is_defanged(written(one), &one.value)).collect();
    let of_defanged: HashSet<String> = found
        .iter()
        .zip(&defanged)
        .filter(|(_, defanged)| **defanged)
        .map(|(one, _)| domain(&one.value).to_lowercase())
        .collect();
    let notes = Notes::new(text, found);
    let purposes = (!found.is_empty()).then(|| Purposes::of(reading));
    let form = if text.len() < SHORT { beside_values(text, found) } else { "" };
    for (at, one) in found.iter().enumerate() {
        features.clear();
        let is_defanged = defanged.get(at).copied().unwrap_or_default();
        let report = Report { text, found, any_defanged: !of_defanged.is_empty() };
        let domain = domain(&one.value).to_lowercase();
        if !is_defanged && !domain.is_empty() && of_defanged.contains(&domain) {
            features.add(format_args!("its domain is defanged elsewhere"));
        }
        report.describe(at, one, is_defanged, features);
        if report.is_short() {
            features.add(format_args!("short"));
            features.add(format_args!("short {}", kind(one.kind)));
            features.add(format_args!("{form}"));
            features.add(format_args!("{form} {}", kind(one.kind)));
        } else {
            features.add_with(format_args!("idle"), idle.clamp(-4.0, 4.0) / 2.0);
            features.add(format_args!("idle {}", idle.clamp(-3.0, 3.0).round()));
        }
        by_classes(reading, one, features);
        notes.describe(reading, at, kind(one.kind), features);
        if let Some(purposes) = &purposes {
            let place = Place { span: one.span, beside: notes.beside(at) };
            purposes.describe(reading, &place, kind(one.kind), features);
        }
        learn(features);
    }
}

/// The classes of words in the statement and in the sentence of a value.
fn by_classes(reading: &Reading, one: &Observable, out: &mut Features) {
    let at = reading.words().word_from(one.span.start);
    let kind = kind(one.kind);
    for (name, is_near) in reading.classes_at(at) {
        if is_near {
            out.add(format_args!("statement of {name}"));
            out.add(format_args!("{kind} in a statement of {name}"));
        } else {
            out.add(format_args!("sentence of {name}"));
        }
    }
    // Which word was the last that says whose it is: a heading speaks for the list below it.
    let until = reading.cues.partition_point(|cue| (cue.first as usize) < at);
    let earlier = reading.cues.get(..until).unwrap_or_default().iter().rev();
    let near = earlier.take_while(|cue| (cue.first as usize) + LATEST >= at);
    let mut names = near.map(|cue| cues::classes().get(usize::from(cue.class)).copied());
    if let Some(name) = names.find_map(|name| name.filter(|name| WHOSE.contains(name))) {
        out.add(format_args!("latest {name}"));
        out.add(format_args!("latest {name} of {kind}"));
    }
}

/// What a short text is beside its values: nothing, a heading or a column, or words that speak of them.
fn beside_values(text: &str, found: &[Observable]) -> &'static str {
    let letters = |from: usize, until: usize| {
        text.get(from..until).unwrap_or_default().chars().filter(|c| c.is_alphabetic()).count()
    };
    let inside: usize = found.iter().map(|one| one.span.end - one.span.start).sum();
    let ends = found.iter().map(|one| one.span.end);
    let starts = found.iter().map(|one| one.span.start).chain([text.len()]);
    let outside: usize = [0].into_iter().chain(ends).zip(starts).map(|(a, b)| letters(a, b)).sum();
    match outside {
        0 => "bare",
        _ if found.len() > 1 && outside <= inside => "mostly values",
        _ => "spoken of",
    }
}

/// Whether it was written so that nobody clicks it.
fn is_defanged(written: &str, value: &str) -> bool {
    written != value && (written.contains(['[', '(', '{', '\\']) || written.contains("xx"))
}

struct Report<'a> {
    text: &'a str,
    found: &'a [Observable],
    any_defanged: bool,
}

impl Report<'_> {
    fn is_short(&self) -> bool {
        self.text.len() < SHORT
    }

    fn describe(&self, at: usize, one: &Observable, is_defanged: bool, out: &mut Features) {
        let kind = kind(one.kind);
        out.add(format_args!("a value"));
        out.add(format_args!("kind {kind}"));
        if is_defanged {
            out.add(format_args!("defanged"));
            out.add(format_args!("defanged {kind}"));
        } else if self.any_defanged {
            out.add(format_args!("others are defanged, not this"));
            out.add(format_args!("others are defanged, not this {kind}"));
        }
        value::describe(one, self.found, kind, out);
        if !self.is_short() {
            let place = one.span.start * 10 / self.text.len().max(1);
            out.add(format_args!("in tenth {place}"));
            out.add(format_args!("{kind} in third {}", place / 4));
            if at + 1 == self.found.len() {
                out.add(format_args!("last value"));
            }
        }
        self.by_setting(one, kind, out);
    }

    fn by_setting(&self, one: &Observable, kind: &str, out: &mut Features) {
        let from = self.text.floor_char_boundary(one.span.start.saturating_sub(LINE));
        let until = self.text.ceil_char_boundary((one.span.end + LINE).min(self.text.len()));
        let before = self.text.get(from..one.span.start).unwrap_or_default();
        let after = self.text.get(one.span.end..until).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let head = before.get(start..).unwrap_or_default();
        let tail = after.split('\n').next().unwrap_or_default();
        let first = words(head).next().unwrap_or_default();
        if start > 0 || from == 0 {
            out.add(format_args!("line begins {first}"));
            if head
                .trim_start_matches(['>', ' '])
                .split_once(':')
                .is_some_and(|(name, _)| name.len() < 25 && !name.contains(' '))
            {
                out.add(format_args!("field {first}"));
                out.add(format_args!("{kind} in field"));
                // What is forwarded has a head of its own.
                let is_first = self.is_in_first_head(one.span.start);
                let head = if is_first { "first" } else { "later" };
                out.add(format_args!("field {first} of the {head} head"));
                out.add(format_args!("{kind} in the {head} head"));
            }
        }
        let head = fold::fold(head);
        let tail = fold::fold(tail);
        let last: Vec<&str> = words(&head).collect();
        for (distance, word) in last.iter().rev().take(AROUND).enumerate() {
            out.add_with(format_args!("before {word}"), WORD);
            if distance < 2 {
                out.add_with(format_args!("right before {word}"), WORD);
            }
        }
        for word in words(&tail).take(AROUND) {
            out.add_with(format_args!("after {word}"), WORD);
        }
        if let Some(word) = words(&tail).next() {
            out.add_with(format_args!("right after {word}"), WORD);
        }
        // A sentence that begins in the same line.
        let sentence = head.rsplit([';', '!', '?']).next().unwrap_or_default();
        for word in words(sentence) {
            out.add_with(format_args!("sentence {word}"), WORD);
        }
        let is_item = last.len() <= 4;
        if is_item {
            out.add(format_args!("in a list"));
            out.add(format_args!("{kind} in a list"));
            self.heading(one.span.start, out);
        }
    }

    /// Whether a place is in the lines with which a message begins, before the first empty one.
    fn is_in_first_head(&self, at: usize) -> bool {
        let from = self.text.get(..at).unwrap_or_default();
        !from.contains("\n\n") && !from.contains("\r\n\r\n")
    }

    /// The last line before a list that says what is in it.
    fn heading(&self, at: usize, out: &mut Features) {
        let before = self.text.get(..at).unwrap_or_default();
        for line in before.rsplit('\n').skip(1).take(HEADINGS) {
            let line = line.trim();
            let is_heading = line.ends_with([':', '：'])
                || line.split_whitespace().count() > 5
                    && !line.starts_with(['-', '*', '•', '·', '–', '>']);
            if is_heading {
                let cut = line.ceil_char_boundary(line.len().saturating_sub(120));
                for word in words(&fold::fold(line.get(cut..).unwrap_or_default())) {
                    out.add_with(format_args!("heading {word}"), WORD);
                }
                return;
            }
        }
    }
}

/// The words of a line. Of a number only its form counts: which it is says nothing of another value.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split(|c: char| !c.is_alphanumeric() && c != '.');
    let words = parts.flat_map(|part| {
        let number = form(part.trim_matches('.'));
        number.into_iter().chain(part.split('.').filter(move |_| number.is_none()))
    });
    words.filter(|word| !word.is_empty() && word.len() < 40)
}

/// What form a number has: a part of a date, a score, a version, an address. `None` for other words.
fn form(word: &str) -> Option<&'static str> {
    let is_digit = |b: u8| b.is_ascii_digit() || b == b'.';
    if word.is_empty() || !word.bytes().all(is_digit) {
        return None;
    }
    Some(match word.matches('.').count() {
        0 if word.len() == 4 && word.starts_with(['1', '2']) => "#year",
        0 => "#",
        1 => "#.#",
        2 => "#.#.#",
        _ => "#.#.#.#",
    })
}

fn kind(kind: ObservableKind) -> &'static str {
    match kind {
        ObservableKind::Url => "url",
        ObservableKind::EmailAddr => "email-addr",
        ObservableKind::Ipv4Addr => "ipv4-addr",
        ObservableKind::Ipv6Addr => "ipv6-addr",
        ObservableKind::FileHash => "hash",
        ObservableKind::Vulnerability => "vulnerability",
        ObservableKind::DomainName => "domain-name",
        ObservableKind::CryptocurrencyWallet => "wallet",
    }
}

#[cfg(test)]
mod tests {
    use crate::extract;

    #[test]
    fn what_is_the_attackers_is_told_from_what_is_not() {
        let text = "CERT notice 12. Two hospitals in Riga were encrypted on Monday.\n\nIndicators:\n\
                    - 203.0.113[.]18:5001 (control server)\n- hxxp://files-update[.]top/a.bin\n\
                    - ransom note asks for payment to help.decrypt[at]postcave[.]top\n\n\
                    Do not block 8.8.8.8 (public resolver) or our gateway 10.0.0.1; client version 10.2.3.4.\n\
                    Questions: cert@cert-desk.example, telephone 555 0142\n";
        let found = extract(text).observables;
        let values: Vec<(&str, bool)> =
            found.iter().map(|one| (one.value.as_str(), one.reserved)).collect();
        assert_eq!(
            values,
            [
                ("203.0.113.18", true),
                ("http://files-update.top/a.bin", false),
                ("help.decrypt@postcave.top", false),
            ]
        );
        let first = found.first().unwrap();
        assert_eq!(text.get(first.span.start..first.span.end), Some("203.0.113[.]18"));
    }

    #[test]
    fn a_hash_says_which_it_is_and_a_wallet_is_found() {
        let text = "The attackers' loader has SHA-1 2e3127389f1a9b74ae91bf227d90726fe4248e15; they ask to pay \
                    to the wallet bc1qkg4rccuf7xfxfstk0aaps0wjnrt7a50m9v8ttz.";
        let kinds: Vec<&str> = extract(text).observables.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["sha1", "cryptocurrency-wallet"]);
    }
}
