//! What a row becomes: an indicator, or what was observed.

use crate::made::{Out, Reference, Said, valued};
use crate::time::to_millisecond;
use crate::to_stix::Meaning;
use crate::value::{Exact, Value};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use serde_json::{Map, json};
use std::fmt::Write as _;

/// What holds for each row of a list.
pub(crate) struct List<'a> {
    pub(crate) dated: &'a Timestamp,
    pub(crate) tlp: Option<Tlp>,
    pub(crate) meaning: Meaning,
}

/// What a row says of what it is about.
#[derive(Default)]
pub(crate) struct About<'a> {
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) confidence: Option<u8>,
    pub(crate) name: Option<&'a str>,
    pub(crate) description: String,
    pub(crate) labels: Vec<String>,
    pub(crate) tlp: Option<Tlp>,
}

impl About<'_> {
    /// Puts into the description what has no property of its own.
    pub(crate) fn describe(&mut self, name: &str, text: &str) {
        if !self.description.is_empty() {
            self.description.push('\n');
        }
        // A column without a name has only its number.
        if name.parse::<usize>().is_ok() || name == "comment" {
            self.description.push_str(text);
        } else {
            let _ = write!(self.description, "{name}: {text}");
        }
    }
}

/// Lets the objects of a row go: what is of one file is one object, and each other value its own.
pub(crate) fn emit(values: &[Value<'_>], mut about: About<'_>, list: &List<'_>, out: &mut Out<'_>) {
    out.define(about.tlp);
    let from = about.first.take().unwrap_or_else(|| list.dated.clone());
    let created = to_millisecond(&from);
    let until = about.until.take().filter(|until| {
        let holds = *until > created;
        if !holds {
            about.describe("valid_until", until.as_str());
        }
        holds
    });
    let last = about.last.take();
    if let (Some(last), Meaning::Watched) = (&last, list.meaning) {
        about.describe("last_seen", last.as_str());
    }
    let is_of_file =
        |value: &&Value<'_>| value.exact.hash().is_some() || value.exact == Exact::FileName;
    let file: Vec<&Value<'_>> = values.iter().filter(is_of_file).collect();
    let others = values.iter().filter(|value| !is_of_file(value)).map(|value| vec![value]);
    let groups = others.chain((!file.is_empty()).then_some(file));
    let times = Times { created: created.as_str(), until: until.as_ref(), last: last.as_ref() };
    for group in groups {
        match (group.as_slice(), list.meaning) {
            ([one], _) if one.exact == Exact::Vulnerability => {
                vulnerability(one, &about, &times, out);
            }
            (_, Meaning::Watched) => indicator(&group, &about, &times, out),
            (_, Meaning::Seen) => observed(&group, &about, &times, out),
        }
    }
}

/// When what a row is about counts.
struct Times<'a> {
    created: &'a str,
    until: Option<&'a Timestamp>,
    last: Option<&'a Timestamp>,
}

fn said<'a>(about: &'a About<'_>, times: &Times<'a>) -> Said<'a> {
    Said {
        confidence: about.confidence,
        labels: &about.labels,
        description: Some(about.description.as_str()).filter(|text| !text.is_empty()),
        ..Said::at(times.created, about.tlp)
    }
}

fn vulnerability(value: &Value<'_>, about: &About<'_>, times: &Times<'_>, out: &mut Out<'_>) {
    let said = Said {
        name: Some(&value.text),
        external_references: vec![Reference::to("cve", &value.text)],
        ..said(about, times)
    };
    out.object("vulnerability", &said);
}

fn indicator(values: &[&Value<'_>], about: &About<'_>, times: &Times<'_>, out: &mut Out<'_>) {
    let Some(first) = values.first() else { return };
    // A file is the same by any of its digests; its name alone says little.
    let by_hash = values.iter().any(|value| value.exact.hash().is_some());
    let compared = values.iter().filter(|value| !by_hash || value.exact.hash().is_some());
    let mut pattern = String::from("[");
    for (n, value) in compared.enumerate() {
        pattern.push_str(if n == 0 { "" } else { " OR " });
        compare(value, &mut pattern);
    }
    pattern.push(']');
    let name =
        values.iter().find(|value| by_hash && value.exact == Exact::FileName).unwrap_or(first);
    let until = times.until.map(Timestamp::as_str);
    let said = Said {
        name: Some(about.name.unwrap_or(&name.text)),
        pattern: Some(&pattern),
        pattern_type: Some("stix"),
        valid_from: Some(times.created),
        valid_until: until,
        ..said(about, times)
    };
    out.object("indicator", &said);
}

/// Adds a comparison to a pattern.
fn compare(value: &Value<'_>, pattern: &mut String) {
    pattern.push_str(value.exact.path());
    if value.exact == Exact::System {
        let _ = write!(pattern, " = {}", value.text);
        return;
    }
    let wild = value.text.strip_prefix("*.").filter(|_| value.exact == Exact::Domain);
    let is_block = matches!(value.exact, Exact::Ipv4 | Exact::Ipv6) && value.text.contains('/');
    pattern.push_str(match (wild, is_block) {
        (Some(_), _) => " LIKE '%.",
        (None, true) => " ISSUBSET '",
        (None, false) => " = '",
    });
    for c in wild.unwrap_or(&value.text).chars() {
        if matches!(c, '\'' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('\'');
}

fn observed(values: &[&Value<'_>], about: &About<'_>, times: &Times<'_>, out: &mut Out<'_>) {
    let Some(first) = values.first() else { return };
    let id = if first.exact.hash().is_some() || first.exact == Exact::FileName {
        let mut properties = Map::new();
        let hashes = values
            .iter()
            .filter_map(|value| Some((value.exact.hash()?.to_owned(), json!(value.text))));
        let hashes: Map<_, _> = hashes.collect();
        if !hashes.is_empty() {
            properties.insert("hashes".to_owned(), hashes.into());
        }
        let name = values.iter().find(|value| value.exact == Exact::FileName);
        properties.extend(name.map(|value| ("name".to_owned(), json!(value.text))));
        out.observable("file", properties)
    } else {
        let (kind, _) = first.exact.path().split_once(':').unwrap_or_default();
        let number = first.text.parse::<u32>().ok().filter(|_| first.exact == Exact::System);
        let properties = number.map_or_else(
            || valued(&first.text),
            |number| Map::from_iter([("number".to_owned(), json!(number))]),
        );
        out.observable(kind, properties)
    };
    let last = times.last.map(Timestamp::as_str).filter(|last| *last >= times.created);
    let refs = [id];
    let seen = Said {
        description: None,
        first_observed: Some(times.created),
        last_observed: Some(last.unwrap_or(times.created)),
        number_observed: Some(1),
        object_refs: &refs,
        ..said(about, times)
    };
    let id = out.object("observed-data", &seen);
    let words = [about.name, Some(about.description.as_str()).filter(|text| !text.is_empty())];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    if words.is_empty() {
        return;
    }
    // What was observed has no property for words (STIX 2.1 §4.14).
    let (content, refs) = (words.join("\n"), [id.as_str().to_owned()]);
    let said =
        Said { content: Some(&content), object_refs: &refs, ..Said::at(times.created, about.tlp) };
    out.object("note", &said);
}
