//! What stands beside attributes and objects: who made them, references, sightings, what analysts
//! wrote, reports.

use super::event::Conversion;
use super::mark::Marks;
use crate::loss::{Losses, Refused, below, shown};
use crate::made::{self, Out, head, relationship};
use crate::record::Record;
use crate::value;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The organisations that are out, with what each said of itself.
pub(super) type Identities = BTreeMap<String, Map<String, Value>>;

/// Lets the organisation go that made an event, and returns its id. What cannot be an identity stays
/// in the event.
pub(super) fn maker(
    event: &mut Record,
    created: &str,
    gone: &mut Identities,
    out: &mut Out<'_>,
) -> Option<String> {
    let Some(Value::Object(map)) = event.map.get("Orgc") else { return None };
    let record = Record { map: map.clone(), at: below(&event.at, "Orgc") };
    let (id, is_all) = organisation(record, created, gone, out)?;
    if is_all {
        event.map.remove("Orgc");
    }
    Some(id)
}

/// Lets an organisation go, once. Returns its id, and whether that says all that the record says:
/// elsewhere it may have had another name.
fn organisation(
    mut record: Record,
    created: &str,
    gone: &mut Identities,
    out: &mut Out<'_>,
) -> Option<(String, bool)> {
    let said = record.map.clone();
    let name = record.take("name")?;
    let text = record.text("uuid").map(Cow::into_owned);
    let uuid = made::uuid_of(text.as_deref(), format!("organisation {name}").as_bytes());
    if text.is_some_and(|text| text == uuid.to_string()) {
        record.map.remove("uuid");
    }
    let id = format!("identity--{uuid}");
    let is_all = gone.get(&id).is_none_or(|before| *before == said);
    if gone.insert(id.clone(), said).is_none() {
        let mut object = head(&id, created, None);
        object.insert("name".to_owned(), Value::String(name));
        object.insert("identity_class".to_owned(), "organization".into());
        made::extend(&mut object, "organisation", record.rest());
        out.alone(object);
    }
    Some((id, is_all))
}

/// Types of sightings: seen, a false positive, and (2) over, which stays with what was sighted.
const SEEN: &str = "0";
const FALSE_POSITIVE: &str = "1";

/// Those sightings that no object of STIX says.
pub(super) fn sightings_kept(list: &[Record]) -> Vec<Value> {
    let is_kept = |one: &&Record| !is_told(one);
    list.iter().filter(is_kept).map(|one| Value::Object(one.clone().rest())).collect()
}

impl Conversion {
    /// Lets sightings go. `attribute` is the attribute of an object that was sighted.
    pub(super) fn sightings(
        &mut self,
        list: Vec<Record>,
        attribute: Option<&str>,
        of: &str,
        marks: &Marks,
        out: &mut Out<'_>,
    ) {
        for mut record in list.into_iter().filter(is_told) {
            let is_seen = record.take("type").is_some_and(|kind| kind == SEEN);
            let kind = if is_seen { "sighting" } else { "opinion" };
            let uuid = self.uuid(&mut record);
            let time = record.text("date_sighting").and_then(|text| value::seconds(&text));
            let created = time.as_ref().map_or(self.event.created.as_str(), |time| time.as_str());
            let mut object = head(&format!("{kind}--{uuid}"), created, None);
            if time.is_some() {
                record.map.remove("date_sighting");
            }
            let organisation = self.sighted_by(&mut record, out);
            if is_seen {
                object.insert("sighting_of_ref".to_owned(), Value::String(of.to_owned()));
                let seen =
                    of.strip_prefix("indicator--").map(|uuid| format!("observed-data--{uuid}"));
                let seen = seen.filter(|_| self.has_seen(of));
                object.extend(seen.map(|id| ("observed_data_refs".to_owned(), json!([id]))));
                if let Some((id, _)) = organisation {
                    object.insert("where_sighted_refs".to_owned(), json!([id]));
                }
                let source = record.take("source");
                object.extend(source.map(|text| ("description".to_owned(), Value::String(text))));
            } else {
                object.insert("object_refs".to_owned(), json!([of]));
                object.insert("opinion".to_owned(), "strongly-disagree".into());
                object.insert("explanation".to_owned(), "False positive Sighting".into());
                if let Some((id, name)) = organisation {
                    object.insert("authors".to_owned(), json!([name]));
                    record.map.insert("author".to_owned(), Value::String(id));
                }
            }
            if let Some(attribute) = attribute {
                record.map.insert("attribute_uuid".to_owned(), attribute.into());
            }
            marks.put(&mut object);
            let mut rest = record.rest();
            rest.insert("of".to_owned(), Value::String("sighting".to_owned()));
            made::extend(&mut object, "sighting", rest);
            out.object(object);
        }
    }

    /// Whether something was observed with an indicator: rules and the like have nothing.
    fn has_seen(&self, of: &str) -> bool {
        let uuid = of.rsplit_once("--").and_then(|(_, uuid)| uuid::Uuid::parse_str(uuid).ok());
        uuid.is_some_and(|uuid| self.observed.contains(&uuid.as_u128()))
    }

    fn sighted_by(&mut self, record: &mut Record, out: &mut Out<'_>) -> Option<(String, String)> {
        let Some(Value::Object(map)) = record.map.get("Organisation") else { return None };
        let name = map.get("name")?.as_str()?.to_owned();
        let organisation = Record { map: map.clone(), at: String::new() };
        let created = self.event.created.clone();
        let (id, is_all) = self::organisation(organisation, &created, &mut self.identities, out)?;
        if is_all {
            record.map.remove("Organisation");
        }
        Some((id, name))
    }

    /// Lets the notes and opinions go that analysts wrote of an object.
    pub(super) fn analyst_data(
        &mut self,
        record: &mut Record,
        of: &str,
        out: &mut Out<'_>,
    ) -> Result<(), Refused> {
        for mut note in record.take_list("Note")? {
            let text = note.take("note").unwrap_or_default();
            let mut object = self.said("note", "Analyst Note", &mut note, of);
            object.insert("content".to_owned(), Value::String(text));
            let language = note.take("language");
            object.extend(language.map(|text| ("lang".to_owned(), Value::String(text))));
            made::extend(&mut object, "note", note.rest());
            out.object(object);
        }
        for mut opinion in record.take_list("Opinion")? {
            let number = opinion.text("opinion").and_then(|text| text.parse::<u32>().ok());
            let mut object = self.said("opinion", "Analyst Opinion", &mut opinion, of);
            object.insert("opinion".to_owned(), level(number.unwrap_or(50)).into());
            let comment = opinion.take("comment");
            object.extend(comment.map(|text| ("explanation".to_owned(), Value::String(text))));
            made::extend(&mut object, "opinion", opinion.rest());
            out.object(object);
        }
        Ok(())
    }

    /// What a note and an opinion have in common.
    fn said(
        &mut self,
        kind: &str,
        layer: &str,
        record: &mut Record,
        of: &str,
    ) -> Map<String, Value> {
        let uuid = self.uuid(record);
        let time = |record: &Record, key: &str| {
            record.text(key).and_then(|text| value::time(&text)).map(|t| value::to_millisecond(&t))
        };
        let (created, modified) = (time(record, "created"), time(record, "modified"));
        let first = created.or_else(|| modified.clone());
        let from = first.as_ref().map_or(self.event.created.as_str(), |time| time.as_str());
        let mut object = head(&format!("{kind}--{uuid}"), from, None);
        // What is changed before it is made would be no version (§3.2); the record keeps its times.
        if let Some(modified) =
            modified.filter(|time| first.as_ref().is_some_and(|first| first <= time))
        {
            object.insert("modified".to_owned(), modified.as_str().into());
        }
        object.insert("labels".to_owned(), json!([format!("misp:context-layer=\"{layer}\"")]));
        object.insert("object_refs".to_owned(), json!([of]));
        if let Some(author) = record.take("authors") {
            object.insert("authors".to_owned(), json!([author]));
        }
        self.marks.put(&mut object);
        object
    }

    /// Lets the references between objects go, now that it is known what each became.
    pub(super) fn relationships(&mut self, out: &mut Out<'_>, losses: &mut Losses) {
        for (source, mut record) in std::mem::take(&mut self.references) {
            let target = record.text("referenced_uuid").map(Cow::into_owned);
            let Some(id) = target.as_deref().and_then(|target| self.target(target)) else {
                let target = shown(target.as_deref().unwrap_or("nothing"));
                let why = format!("refers to {target}, which is not in the event");
                losses.add(record.at.clone(), why);
                continue;
            };
            let text = record.text("relationship_type").unwrap_or_default().into_owned();
            let kind = kebab(&text);
            if kind == text {
                record.map.remove("relationship_type");
            }
            let created = self.created(&mut record);
            let mut object = relationship(&source, &kind, &id, (&created, self.by.as_deref()));
            let uuid = self.uuid(&mut record);
            object.insert("id".to_owned(), Value::String(format!("relationship--{uuid}")));
            let comment = record.take("comment");
            object.extend(comment.map(|text| ("description".to_owned(), Value::String(text))));
            self.marks.put(&mut object);
            if target.is_some_and(|target| id.ends_with(&target)) {
                record.map.remove("referenced_uuid");
            }
            made::extend(&mut object, "reference", record.rest());
            if object.get("extensions").is_none() {
                let said = Map::from_iter([("of".to_owned(), "reference".into())]);
                made::extend(&mut object, "relation", said);
            }
            out.object(object);
        }
    }

    /// The object that stands for a record of MISP, by its UUID; for an attribute of an object, that
    /// object.
    fn target(&self, uuid: &str) -> Option<String> {
        let uuid = uuid::Uuid::parse_str(uuid).ok()?.as_u128();
        let uuid = self.part_of.get(&uuid).copied().unwrap_or(uuid);
        let kind = self.became.get(&uuid).filter(|kind| !kind.is_empty())?;
        Some(format!("{kind}--{}", uuid::Uuid::from_u128(uuid)))
    }

    /// Lets the reports of an event go: their text stays as it is, Markdown.
    pub(super) fn reports(&mut self, out: &mut Out<'_>) -> Result<(), Refused> {
        for mut record in self.take_reports()? {
            let uuid = self.uuid(&mut record);
            let created = self.created(&mut record);
            let mut object = head(&format!("note--{uuid}"), &created, self.by.as_deref());
            object.insert("labels".to_owned(), json!(["misp:data-layer=\"Event Report\""]));
            let content = record.take("content").unwrap_or_default();
            let mut refs: Vec<String> =
                mentioned(&content).filter_map(|uuid| self.target(uuid)).collect();
            refs.sort();
            refs.dedup();
            if refs.is_empty() {
                refs.push(self.event.id());
            }
            object.insert("content".to_owned(), Value::String(content));
            let name = record.take("name");
            object.extend(name.map(|text| ("abstract".to_owned(), Value::String(text))));
            object.insert("object_refs".to_owned(), json!(refs));
            if super::attribute::take_deleted(&mut record) {
                object.insert("revoked".to_owned(), Value::Bool(true));
            }
            self.marks.with(&record, &crate::tag::Tags::default())?.put(&mut object);
            let mut around = super::attribute::take_around(&mut record);
            made::extend(&mut object, "report", record.rest());
            out.object(object);
            self.analyst_data(&mut around, &format!("note--{uuid}"), out)?;
        }
        Ok(())
    }
}

/// Whether an object of STIX says a sighting.
fn is_told(record: &Record) -> bool {
    record.text("type").is_some_and(|kind| kind == SEEN || kind == FALSE_POSITIVE)
}

/// The UUIDs that a report mentions, as `@[attribute](…)` or `@[object](…)`.
fn mentioned(content: &str) -> impl Iterator<Item = &str> {
    let marks = ["[attribute](", "[object]("];
    marks
        .into_iter()
        .flat_map(move |mark| content.split(mark).skip(1).filter_map(|rest| rest.get(..36)))
}

/// A word as STIX writes the kinds of relationships (§5.1): small letters and hyphens.
fn kebab(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "related-to".to_owned() } else { out.to_owned() }
}

/// An opinion of 0 to 100 in the words of STIX (§10.21), in bands as MISP shows them.
fn level(number: u32) -> &'static str {
    match number {
        0..=20 => "strongly-disagree",
        21..=40 => "disagree",
        41..=60 => "neutral",
        61..=80 => "agree",
        _ => "strongly-agree",
    }
}
