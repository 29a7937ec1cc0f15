//! What is found in an item's text, and what people have said of it.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::correction::Correction;
use forewarn_exchange::id::CorrectionNumber;
use forewarn_extract::corrected::{Change, Changes, Finding};
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_extract::whom::in_words;
use forewarn_extract::words::Words;
use forewarn_extract::{CONCERNED, Extraction, Span, extract, observable, plain_value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Below which likelihood a country that is not concerned is not told: it is named, and no more.
const TOLD: f64 = 0.1;
/// Most findings that are told: a list of a thousand addresses is read in the text.
const MAX_TOLD: usize = 300;

/// What is found in an item's text, with all that people have said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemFindings {
    /// The item's id.
    pub item: String,
    /// The language of the text, in the letters of ISO 639-3, where it can be told.
    pub language: Option<String>,
    /// What is found.
    pub findings: Vec<FindingLine>,
    /// Whether there is more than is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// What people have said, in the order in which they said it.
    pub corrections: Vec<Correction>,
}

/// Something that is found in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingLine {
    /// What, as a correction writes it.
    pub finding: Finding,
    /// How likely it is, from 0 to 1, where that is judged.
    pub likely: Option<f64>,
    /// Whether it counts: of a country, whether it is concerned.
    pub counts: bool,
    /// The words that say so, the first time; empty where they stand nowhere.
    pub words: String,
    /// Where they stand, in bytes of the text.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Why, in words.
    pub why: String,
    /// The correction that says so, where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionNumber>,
}

/// What people have said, as it is laid over what is found.
pub fn changes(corrections: &[Correction]) -> Changes {
    let all: Vec<Change> = corrections.iter().map(Correction::change).collect();
    Changes::of(&all)
}

/// Whether a finding was ever there to be wrong: in the text itself, or by the word of a person.
pub fn was_found(finding: &Finding, text: &str, corrections: &[Correction]) -> bool {
    if corrections.iter().any(|one| one.right.as_ref() == Some(finding)) {
        return true;
    }
    let found = extract(text);
    if let Finding::Country(code) = finding {
        // Named is enough: it counts for little, and may be wrong all the same.
        return found.concern.contains_key(code)
            || found.places.iter().any(|one| one.country == code);
    }
    // Interests are met by each value and place that stands there, an attacker's or not.
    let stands = match finding {
        Finding::Observable(value) => {
            observable::find(text).iter().any(|one| plain_value(one) == *value)
        }
        Finding::Place(name, code) => gazetteer::find_everywhere(text, &Words::new(text), None)
            .iter()
            .any(|one| one.name == name && one.country == code),
        Finding::Country(_)
        | Finding::Nationality(_)
        | Finding::Target(..)
        | Finding::Threat(_)
        | Finding::Stage(_) => false,
    };
    stands || lines(text, &found).iter().any(|line| line.finding == *finding)
}

impl ItemFindings {
    /// Reads a text, and lays over it what people have said.
    pub fn of(item: &str, text: &str, corrections: Vec<Correction>) -> ItemFindings {
        let changes = changes(&corrections);
        let mut found = extract(text);
        changes.lay_over(text, &mut found);
        let mut findings = lines(text, &found);
        for line in &mut findings {
            let said = changes.added().find(|(finding, _)| **finding == line.finding);
            line.correction = said.map(|(_, number)| CorrectionNumber::new(number));
        }
        // A threatened place that the gazetteer lacks.
        for (finding, number) in changes.added() {
            if !findings.iter().any(|line| line.finding == *finding) {
                let correction = Some(CorrectionNumber::new(number));
                let line = line(text, finding.clone(), None, String::new());
                findings.push(FindingLine { correction, ..line });
            }
        }
        let more = findings.len() > MAX_TOLD;
        findings.truncate(MAX_TOLD);
        let language = found.language.map(str::to_owned);
        ItemFindings { item: item.to_owned(), language, findings, more, corrections }
    }

    /// What is found, a line each, and then what was said of it.
    pub fn words(&self) -> String {
        let mut out: Vec<String> = self.findings.iter().map(FindingLine::words).collect();
        if out.is_empty() {
            out.push("nothing was found in it".to_owned());
        }
        if self.more {
            out.push(format!("and more: the first {MAX_TOLD} are told"));
        }
        out.extend(self.corrections.iter().map(words_of));
        out.join("\n")
    }
}

fn line(text: &str, finding: Finding, span: Option<Span>, why: String) -> FindingLine {
    let span = span.unwrap_or(Span { start: 0, end: 0 });
    let words = text.get(span.start..span.end).unwrap_or_default().to_owned();
    let Span { start, end } = span;
    FindingLine { finding, likely: None, counts: true, words, start, end, why, correction: None }
}

/// All that is found, each once: whom it concerns, how far it got, of which kind it is, what is threatened,
/// what is named, what is the attackers'.
fn lines(text: &str, found: &Extraction) -> Vec<FindingLine> {
    let mut out = countries(text, found);
    out.push(line(text, Finding::Stage(found.stage.to_owned()), None, String::new()));
    for kind in &found.kinds {
        let first = found.threats.iter().find(|one| one.kind.name() == *kind);
        let span = first.map(|one| one.span);
        out.push(line(text, Finding::Threat((*kind).to_owned()), span, String::new()));
    }
    for one in &found.targets {
        let finding = Finding::Target(one.name.to_owned(), one.country.to_owned());
        out.push(line(text, finding, one.spans.first().copied(), String::new()));
    }
    let mut known = BTreeSet::new();
    for one in &found.places {
        let (name, country) = (one.name.to_owned(), one.country.to_owned());
        let finding = match one.kind {
            PlaceKind::Country => continue,
            PlaceKind::Nationality => Finding::Nationality(country),
            PlaceKind::Region | PlaceKind::City | PlaceKind::Site => Finding::Place(name, country),
        };
        if known.insert(finding.clone()) {
            out.push(line(text, finding, Some(one.span), String::new()));
        }
    }
    for one in &found.observables {
        let reserved =
            if one.reserved { "in a range that is kept for documents or tests" } else { "" };
        let finding = Finding::Observable(one.value.clone());
        if known.insert(finding.clone()) {
            let line = line(text, finding, Some(one.span), reserved.to_owned());
            out.push(FindingLine { likely: Some(one.confidence), ..line });
        }
    }
    out
}

fn countries(text: &str, found: &Extraction) -> Vec<FindingLine> {
    let mut all: Vec<(&String, f64)> =
        found.concern.iter().map(|(code, likely)| (code, *likely)).collect();
    all.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let told =
        all.into_iter().filter(|(code, likely)| *likely >= TOLD || found.countries.contains(code));
    let each = told.map(|(code, likely)| {
        let reason = found.reasons.iter().find(|one| one.country == code);
        let named = found.places.iter().find(|one| one.country == code).map(|one| one.span);
        let span = reason.and_then(|one| one.spans.first().copied()).or(named);
        let why: Vec<&str> =
            reason.iter().flat_map(|one| &one.why).map(|why| in_words(why)).collect();
        let counts = found.countries.contains(code);
        let why = if counts {
            why.join("; ")
        } else {
            format!("named, and concerned from {CONCERNED:.2} on")
        };
        let line = line(text, Finding::Country(code.clone()), span, why);
        FindingLine { likely: Some(likely), counts, ..line }
    });
    each.collect()
}

impl FindingLine {
    /// On one line.
    pub fn words(&self) -> String {
        let mut out = text::line(&self.finding.to_string());
        if let Some(likely) = self.likely {
            out = format!("{out}  {likely:.2}");
        }
        if !self.words.is_empty() {
            out = format!("{out}  “{}” at {}", text::line(&self.words), self.start);
        }
        if !self.why.is_empty() {
            out = format!("{out}: {}", text::line(&self.why));
        }
        match self.correction {
            Some(number) => format!("{out}, by correction {number}"),
            None => out,
        }
    }
}

/// What a correction says, without who and when.
fn said(correction: &Correction) -> String {
    let shown = |one: &Finding| text::line(&one.to_string());
    match (&correction.wrong, &correction.right) {
        (Some(wrong), Some(right)) => {
            format!("{} is wrong, {} is right", shown(wrong), shown(right))
        }
        (Some(wrong), None) => format!("{} is wrong", shown(wrong)),
        (None, Some(right)) => format!("{} was missing", shown(right)),
        (None, None) => "its words were erased".to_owned(),
    }
}

/// A correction on one line.
fn words_of(correction: &Correction) -> String {
    let Correction { number, by, at, reason, .. } = correction;
    let (by, at, reason) = (text::line(by), text::time(at), text::line(reason));
    format!("correction {number}, {by}, {at}: {}: {reason}", said(correction))
}

impl Row for Correction {
    const COLUMNS: &'static [Column<Correction>] = &[
        ("NUMBER", |one| one.number.to_string()),
        ("ITEM", |one| text::line(&one.item)),
        ("WHAT", said),
        ("BY", |one| text::line(&one.by)),
        ("WHEN", |one| text::time(&one.at)),
        ("WHY", |one| text::line(&one.reason)),
    ];
}
