//! Tags: which become markings, which a confidence, and which stay labels.

use crate::loss::{Refused, below, shown};
use crate::record::Record;
use crate::tables::CONFIDENCE;
use forewarn_stix::marking::{Pap, Tlp};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the tags of one record say.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    pub(crate) tlp: Option<Tlp>,
    pub(crate) pap: Option<Pap>,
    /// The names of all others, in their order.
    pub(crate) labels: Vec<String>,
    pub(crate) confidence: Option<u8>,
    /// What a label does not say: the tags that are markings, and colours and the like.
    pub(crate) kept: Vec<Value>,
}

/// Reads the tags of a record. `covered` are those that its galaxies stand for.
///
/// Errs where handling contradicts itself or is not known: nobody can obey it.
pub(crate) fn read(list: Vec<Record>, covered: &BTreeSet<String>) -> Result<Tags, Refused> {
    let mut tags = Tags::default();
    let mut seen = BTreeSet::new();
    for record in list {
        let at = record.at.clone();
        let Some(name) = record.text("name").map(Cow::into_owned) else {
            return Err(Refused::form(at, "is a tag without a name"));
        };
        let is_marking = tags.mark(&name, &at)?;
        let rest = record.rest();
        let is_covered = covered.contains(&name);
        if is_marking || is_covered || rest.len() > 1 || seen.contains(&name) {
            tags.kept.push(Value::Object(rest));
        }
        if !is_marking && !is_covered && !seen.contains(&name) {
            if let Some((_, confidence)) = CONFIDENCE.iter().find(|(tag, _)| *tag == name) {
                // Of several the lowest: to be too sure is the graver mistake.
                let before = tags.confidence.unwrap_or(*confidence);
                tags.confidence = Some(before.min(*confidence));
            }
            tags.labels.push(name.clone());
        }
        seen.insert(name);
    }
    Ok(tags)
}

impl Tags {
    /// Takes a tag that is a marking. Says whether it is one.
    fn mark(&mut self, name: &str, at: &str) -> Result<bool, Refused> {
        let at = || below(at, "name");
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("tlp:") {
            let level = tlp(&lower).ok_or_else(|| unknown(at(), name, "TLP"))?;
            return put(&mut self.tlp, level).map_err(|()| contradicts(at(), name, "TLP"));
        }
        if lower.starts_with("pap:") {
            let level = Pap::parse(&lower).ok_or_else(|| unknown(at(), name, "PAP"))?;
            return put(&mut self.pap, level).map_err(|()| contradicts(at(), name, "PAP"));
        }
        Ok(false)
    }

    /// Takes over the tags of a part, such as an attribute of an object: the stricter level counts.
    pub(crate) fn join(&mut self, part: Tags) {
        self.tlp = self.tlp.max(part.tlp);
        self.pap = self.pap.max(part.pap);
        for label in part.labels {
            if !self.labels.contains(&label) {
                self.labels.push(label);
            }
        }
        self.confidence = match (self.confidence, part.confidence) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// The level of a tag such as `tlp:white`.
pub(crate) fn tlp(name: &str) -> Option<Tlp> {
    if name.eq_ignore_ascii_case("tlp:white") { Some(Tlp::Clear) } else { Tlp::parse(name) }
}

fn put<T: PartialEq + Copy>(place: &mut Option<T>, level: T) -> Result<bool, ()> {
    match place {
        Some(before) if *before != level => Err(()),
        _ => {
            *place = Some(level);
            Ok(true)
        }
    }
}

fn unknown(at: String, name: &str, of: &str) -> Refused {
    let why = format!(
        "the tag `{}` is no level of {of}, so that nobody knows who may see this; ask its author, \
         and correct the tag",
        shown(name)
    );
    Refused::Handling { at, why }
}

fn contradicts(at: String, name: &str, of: &str) -> Refused {
    let why = format!(
        "the tag `{}` contradicts another level of {of} on the same record; ask its author which \
         counts, and remove the other",
        shown(name)
    );
    Refused::Handling { at, why }
}
