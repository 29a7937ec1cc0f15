//! What a case arose from, as far as a draft must know it: what must not show, and how it is marked.

use forewarn_exchange::case::Originals;
use forewarn_exchange::draft::Marks;
use forewarn_exchange::extension;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::message::Content;
use forewarn_extract::observable::{self, ObservableKind};
use forewarn_stix::StixId;
use forewarn_stix::marking::{self, Effective, Pap, Tlp};
use forewarn_store::item::{Media, Stored};
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use regex::Regex;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Every identifier and address in a case's items but the published markings, everyone whom they
/// came from, and the strictest marking of any: none of it may cross unnoticed.
pub fn of(db: &Db<'_>, case: CaseNumber) -> Result<Originals<'static>, StoreError> {
    of_seen(db, case, &Sight::all())
}

/// The same of what a reader may see: without what came by hidden collections alone.
pub fn of_seen(
    db: &Db<'_>,
    case: CaseNumber,
    sight: &Sight,
) -> Result<Originals<'static>, StoreError> {
    let (mut ids, mut sources, mut marking) = (Vec::new(), Vec::new(), Marks::default());
    for item in db.case_items(case)? {
        if let Some(number) = item.warning() {
            if let (Some(warning), Some(content)) = (db.warning(number)?, db.content(number)?) {
                collect(&content.bundle, &mut ids);
                marking = marking.strictest(marks_of(&content));
                // Whom it came from is named by nobody but themselves.
                sources.push(warning.partner.to_string());
            }
            continue;
        }
        // Whatever was known of it counts, also what was deleted since.
        for stored in db.item_ever(&item.id)? {
            if !db.sees_version(stored.seq, sight)? {
                continue;
            }
            let read = Read::of(&stored);
            match &read {
                Read::Object(value) => collect(value, &mut ids),
                Read::Text(text) => collect_from(text, &mut ids),
            }
            marking = marking.strictest(read.marks(stored.marking.as_deref()));
            sources.extend(db.sources_of(stored.seq)?);
        }
        ids.push(item.id);
        if let Some(source) = item.source
            && (sight.is_whole() || db.sees_source(&source, sight)?)
        {
            sources.push(source);
        }
    }
    for list in [&mut ids, &mut sources] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(Originals { organisation: "", ids, sources, marking })
}

/// Everyone whom a case's items came from: the same words may have come from several. Of a warning
/// that came to us, the partner.
pub fn sources(db: &Db<'_>, case: CaseNumber) -> Result<BTreeSet<String>, StoreError> {
    let mut all = BTreeSet::new();
    for item in db.case_items(case)? {
        if let Some(number) = item.warning() {
            all.extend(db.warning(number)?.map(|warning| warning.partner.to_string()));
        } else {
            for stored in db.item_ever(&item.id)? {
                all.extend(db.sources_of(stored.seq)?);
            }
        }
        all.extend(item.source);
    }
    Ok(all)
}

/// Whom thanks for a case is kept for: everyone whom its items came from, whichever intake brought them,
/// by their handles; and each warning that it passes on, by its number.
pub(crate) fn thanked(db: &Db<'_>, case: CaseNumber) -> Result<BTreeSet<String>, StoreError> {
    let mut all = BTreeSet::new();
    for item in db.case_items(case)? {
        if item.warning().is_some() {
            all.insert(item.id);
            continue;
        }
        for stored in db.item_ever(&item.id)? {
            all.extend(db.sources_of(stored.seq)?);
        }
        all.extend(item.source);
    }
    Ok(all)
}

/// The strictest markings of any of a case's items.
pub fn marking(db: &Db<'_>, case: CaseNumber) -> Result<Marks, StoreError> {
    let mut marking = Marks::default();
    for item in db.case_items(case)? {
        if let Some(number) = item.warning() {
            let content = db.content(number)?;
            marking = marking.strictest(content.as_ref().map(marks_of).unwrap_or_default());
            continue;
        }
        for stored in db.item_ever(&item.id)? {
            marking = marking.strictest(Read::of(&stored).marks(stored.marking.as_deref()));
        }
    }
    Ok(marking)
}

/// How a warning that came to us is marked.
fn marks_of(content: &Content) -> Marks {
    Marks { tlp: Some(content.tlp), pap: extension::pap(&content.bundle) }
}

/// An item as it is read.
enum Read<'a> {
    Object(Value),
    Text(Cow<'a, str>),
}

impl Read<'_> {
    fn of(stored: &Stored) -> Read<'_> {
        match stored.media {
            Media::Stix => Read::Object(serde_json::from_slice(&stored.bytes).unwrap_or_default()),
            Media::Text => Read::Text(String::from_utf8_lossy(&stored.bytes)),
        }
    }

    /// Its markings; without a level of TLP of its own, `assumed`.
    fn marks(&self, assumed: Option<&str>) -> Marks {
        let tlp = match self {
            Read::Object(value) => effective(value, assumed),
            Read::Text(text) => of_text(text, assumed),
        };
        Marks { tlp, pap: self.pap() }
    }

    /// How far actions on it may be noticed, where it says so.
    fn pap(&self) -> Option<Pap> {
        match self {
            Read::Object(value) => extension::pap(&json!({ "objects": [value] })),
            Read::Text(text) => {
                let labels = PAP_LABEL.iter().flat_map(|label| label.captures_iter(text));
                labels.filter_map(|found| Pap::parse(found.get(1)?.as_str())).max()
            }
        }
    }
}

/// The marking of an object; without one of its own, what it counts as where it came in.
fn effective(object: &Value, assumed: Option<&str>) -> Option<Tlp> {
    match marking::effective(object) {
        Effective::Unmarked => assumed.and_then(named),
        // What is not known counts as the strictest.
        marked @ (Effective::Tlp(_) | Effective::Unknown(_)) => Some(marked.level()),
    }
}

/// A label in a text (FIRST, TLP 2.0; `WHITE` is TLP 1's word for `CLEAR`).
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bTLP\s*:\s*(RED|AMBER\s*\+\s*STRICT|AMBER|GREEN|CLEAR|WHITE)\b").ok()
});

/// A label of the Permissible Actions Protocol in a text.
static PAP_LABEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bPAP\s*:\s*(RED|AMBER|GREEN|CLEAR|WHITE)\b").ok());

/// The strictest label that a text bears; without one, what it counts as where it came in.
fn of_text(text: &str, assumed: Option<&str>) -> Option<Tlp> {
    let labels = LABEL.iter().flat_map(|label| label.captures_iter(text));
    let labels = labels.filter_map(|found| named(found.get(1)?.as_str())).max();
    labels.or_else(|| assumed.and_then(named))
}

/// A level by its name. `WHITE` is what TLP 1 calls `CLEAR`.
fn named(text: &str) -> Option<Tlp> {
    let text: String = text.split_whitespace().collect();
    if text.eq_ignore_ascii_case("white") { Some(Tlp::Clear) } else { Tlp::parse(&text) }
}

/// Properties whose values are what is observed, or is to be looked for: they are what a warning
/// may have to say.
const OBSERVED: &[&str] = &["pattern", "value"];

fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::String(text) => collect_from(text, ids),
        Value::Array(list) => list.iter().for_each(|one| collect(one, ids)),
        Value::Object(map) => {
            for (key, inner) in map {
                if !OBSERVED.contains(&key.as_str()) {
                    collect(inner, ids);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A STIX id anywhere in a text.
static ID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[a-z][a-z0-9-]{1,248}--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b").ok()
});

/// Ids and web addresses that stand in a text.
fn collect_from(text: &str, ids: &mut Vec<String>) {
    let found = ID.iter().flat_map(|id| id.find_iter(text)).map(|found| found.as_str());
    for id in found {
        let published = StixId::parse(id).is_ok_and(|id| marking::is_published(&id));
        if !published {
            ids.push(id.to_owned());
        }
    }
    if text.contains("://") {
        let urls = observable::find(text).into_iter();
        let urls = urls.filter(|one| one.kind == ObservableKind::Url);
        ids.extend(urls.map(|one| address(&one.value)));
    }
}

/// An address as it is looked for: without its scheme, where more than a host remains.
fn address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    if rest.contains('/') { rest.to_owned() } else { url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_are_found_wherever_an_original_has_them() {
        let id = "report--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21";
        let original = json!({
            "type": "report", "id": id,
            "description": "see attack-pattern--1c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21 there",
            "object_marking_refs": [Tlp::Red.id()],
            "external_references": [{ "url": "https://cables.example/2017/0042" }],
            "pattern": "[url:value = 'http://evil.example/a']",
        });
        let mut ids = Vec::new();
        collect(&original, &mut ids);
        ids.sort();
        assert_eq!(
            ids,
            [
                "attack-pattern--1c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21",
                "cables.example/2017/0042",
                id,
            ]
        );
        assert_eq!(effective(&original, None), Some(Tlp::Red));
    }

    #[test]
    fn how_far_actions_may_be_noticed_is_read_from_objects_and_texts() {
        let of = |read: Read| read.marks(None).pap;
        let marked = json!({ "type": "indicator", "object_marking_refs": [Pap::Amber.id()] });
        assert_eq!(of(Read::Object(marked)), Some(Pap::Amber));
        assert_eq!(of(Read::Text("PAP:GREEN, then pap: red".into())), Some(Pap::Red));
        assert_eq!(of(Read::Text("a map: red".into())), None);
    }

    #[test]
    fn a_text_is_as_strict_as_its_strictest_label() {
        for (text, assumed, marking) in [
            ("TLP:AMBER\nA text. tlp: red", None, Some(Tlp::Red)),
            ("TLP:AMBER+STRICT", Some("clear"), Some(Tlp::AmberStrict)),
            ("TLP:WHITE", None, Some(Tlp::Clear)),
            ("nothing", Some("TLP:GREEN"), Some(Tlp::Green)),
            ("a TLP: of paper", None, None),
        ] {
            assert_eq!(of_text(text, assumed), marking, "{text}");
        }
    }
}
