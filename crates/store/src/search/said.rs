//! What of an item, a case, a warning or a statement is searched: what people wrote, not the codes,
//! times and ids beside it. Nothing that is withheld.

use crate::item::Media;
use forewarn_exchange::case::{Assessment, Case, Decision, Found, Outgoing};
use forewarn_exchange::draft::{Draft, DraftRequest};
use forewarn_exchange::message::Content;
use forewarn_exchange::permission::{Request, Verdict};
use forewarn_exchange::talk::{Statement, ToldAnswer, WordAnswer};
use forewarn_exchange::told::AheadFate;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Most bytes of one thing that are searched: some forty pages. What stands after them is not found.
const MAX_BYTES: usize = 128 << 10;
/// Most bytes of one text of an object: a long description leaves room for the name after it.
const MAX_TEXT_BYTES: usize = 32 << 10;
/// Members whose values are no words: they say how an object is written, and lead to others.
const NOT_WORDS: &[&str] = &["id", "type", "spec_version", "created", "modified", "pattern_type"];

/// The words of an item.
pub(super) fn of_item(media: Media, bytes: &[u8]) -> String {
    match media {
        Media::Text => {
            let text = String::from_utf8_lossy(bytes.get(..MAX_BYTES).unwrap_or(bytes));
            text.into_owned()
        }
        Media::Stix => strings_of(bytes),
    }
}

/// The words of a case beside its items: what was found, decided, drafted, released, recalled.
pub(super) fn of_case(case: &Case, outgoing: &Outgoing) -> String {
    let mut out = Words::default();
    out.add(&case.partner);
    match &case.assessment {
        Assessment::Open {} => {}
        Assessment::Found { finding } => of_finding(finding, &mut out),
        Assessment::Decided { finding, decision } => {
            if let Some(finding) = finding {
                of_finding(finding, &mut out);
            }
            if let Decision::Refer { to, .. } = &decision.decision {
                out.add(to);
            }
            out.add(decision.decision.reason());
        }
        Assessment::Merged { reason, .. } => out.add(reason),
    }
    for one in &case.ahead {
        out.add(&one.to);
        out.add(&one.words);
        if let AheadFate::Struck { reason, .. } = &one.fate {
            out.add(reason);
        }
    }
    if let Some(draft) = outgoing.pending() {
        of_draft(draft, &mut out);
    }
    for release in outgoing.releases().iter().rev() {
        of_draft(&release.draft, &mut out);
    }
    if let Outgoing::Recalled { recall, .. } = outgoing {
        out.add(&recall.reason);
    }
    out.0
}

fn of_finding(found: &Found, out: &mut Words) {
    let finding = &found.finding;
    let reasons = &finding.reasons;
    for text in [&finding.target, &finding.nationality, &finding.reason] {
        out.add(text);
    }
    for text in [&reasons.credible, &reasons.specific, &reasons.impending] {
        out.add(text);
    }
}

fn of_draft(draft: &Draft, out: &mut Words) {
    out.add(&draft.title);
    let Some(request) = &draft.request else { return };
    let DraftRequest { text, places, observables, include, tear_line, .. } = request;
    out.add(text);
    places.iter().chain(observables).for_each(|text| out.add(text));
    for one in &include.targets {
        out.add(&one.name);
    }
    for one in &include.observed {
        out.add(&one.value);
    }
    include.incidents.iter().chain(&include.times).for_each(|text| out.add(text));
    if let Some(line) = tear_line {
        out.add(&line.text);
    }
}

/// The words of a received warning.
pub(super) fn of_content(content: &Content) -> String {
    let mut out = Words::default();
    out.add(&content.title);
    if let Ok(bundle) = serde_json::to_vec(&content.bundle) {
        out.add(&strings_of(&bundle));
    }
    out.0
}

/// The words of a statement.
pub(super) fn of_statement(statement: &Statement) -> String {
    let mut out = Words::default();
    match statement {
        Statement::Opened {} => {}
        Statement::Accepted { note } => out.add(note),
        Statement::Declined { reason, .. }
        | Statement::Refusal { reason }
        | Statement::PermissionRequest(Request { reason, .. })
        | Statement::PermissionAnswer(Verdict { reason, .. }) => out.add(reason),
        Statement::Question { text }
        | Statement::Answer { text }
        | Statement::Action { text, .. }
        | Statement::Outcome { text, .. }
        | Statement::RecallAnswer(WordAnswer { text, .. })
        | Statement::UpdateAnswer(WordAnswer { text, .. })
        | Statement::ExpiryAnswer(WordAnswer { text, .. })
        | Statement::ToldAnswer(ToldAnswer { text, .. }) => out.add(text),
        Statement::Told(told) => {
            out.add(&told.to);
            out.add(&told.words);
        }
        Statement::Thanks { to, text } => {
            out.add(to);
            out.add(text);
        }
    }
    out.0
}

/// Texts, each on a line of its own, no more of them than is searched.
#[derive(Default)]
struct Words(String);

impl Words {
    fn add(&mut self, text: &str) {
        self.add_some(text, MAX_BYTES);
    }

    fn add_some(&mut self, text: &str, most: usize) {
        let room = MAX_BYTES.saturating_sub(self.0.len() + 1).min(most);
        if text.is_empty() || room == 0 {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        self.0.push_str(text.get(..end.unwrap_or(0)).unwrap_or_default());
    }
}

/// Every text in JSON. What cannot be read as JSON to its end was read as far as it can be.
fn strings_of(json: &[u8]) -> String {
    let mut out = Words::default();
    let mut reader = serde_json::Deserializer::from_slice(json);
    let _ = Collect(&mut out).deserialize(&mut reader);
    out.0
}

struct Collect<'w>(&'w mut Words);

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.add_some(text, MAX_TEXT_BYTES);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while all.next_element_seed(Collect(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while let Some(name) = all.next_key::<String>()? {
            let leads = name.ends_with("_ref") || name.ends_with("_refs");
            if leads || NOT_WORDS.contains(&name.as_str()) {
                all.next_value::<IgnoredAny>()?;
            } else {
                all.next_value_seed(Collect(self.0))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_object_its_texts_are_searched_and_not_how_it_is_written() {
        let json = r#"{"type":"indicator","id":"indicator--1","created_by_ref":"identity--2",
            "name":"Evil","labels":["a b",7],"extensions":{"x":{"deep":"Käse"}},"pattern":"[x:y = 'z']"}"#;
        let read = of_item(Media::Stix, json.as_bytes());
        assert_eq!(read, "Evil\na b\nKäse\n[x:y = 'z']");
    }

    #[test]
    fn of_what_is_very_long_the_beginning_is_searched() {
        let text = "é".repeat(MAX_BYTES);
        assert!(of_item(Media::Text, text.as_bytes()).len() <= MAX_BYTES + 3);
        let json = format!("{{\"name\":\"{text}\",\"more\":\"x\"}}");
        let read = of_item(Media::Stix, json.as_bytes());
        assert!(read.len() <= MAX_BYTES && read.starts_with('é'), "{}", read.len());
        assert!(read.ends_with("\nx"), "what stands after a long text is searched too");
    }
}
