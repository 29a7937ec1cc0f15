//! What an event says of itself, and how it ends: in a report, or a grouping where it is not
//! published.

use super::around;
use super::galaxy::Galaxies;
use super::mark::{self, Definitions, Marks};
use crate::loss::{Losses, Refused};
use crate::made::{self, Out, head};
use crate::record::{Record, is_yes};
use crate::tables::{ANALYSIS, THREAT_LEVELS};
use crate::{tag, value};
use forewarn_stix::Timestamp;
use hashbrown::HashMap;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use uuid::Uuid;

/// An event without its attributes and objects.
pub(super) struct Event {
    record: Record,
    uuid: Uuid,
    pub(super) created: String,
    /// The number that its server gave it, which its parts repeat.
    pub(super) local: String,
    published: Option<String>,
}

impl Event {
    pub(super) fn read(mut record: Record) -> Event {
        let text = record.text("uuid").map(Cow::into_owned);
        let name = record.text("info").unwrap_or_default().into_owned();
        let uuid = made::uuid_of(text.as_deref(), format!("event {name}").as_bytes());
        if text.is_some_and(|text| text == uuid.to_string()) {
            record.map.remove("uuid");
        }
        let created = record.text("timestamp").and_then(|text| value::seconds(&text));
        if created.is_some() {
            record.map.remove("timestamp");
        }
        let day = record.text("date").and_then(|text| value::time(&text));
        let created = created.or(day).unwrap_or_else(Timestamp::epoch);
        let is_published = record.text("published").is_some_and(|text| is_yes(&text));
        let published = record.text("publish_timestamp").and_then(|text| value::seconds(&text));
        let published = published.filter(|time| is_published && time.micros() > 0);
        if published.is_some() {
            record.map.remove("published");
            record.map.remove("publish_timestamp");
        }
        let published = published.map(|time| time.as_str().to_owned());
        let local = record.text("id").unwrap_or_default().into_owned();
        Event { record, uuid, created: created.as_str().to_owned(), local, published }
    }

    pub(super) fn id(&self) -> String {
        let kind = if self.published.is_some() { "report" } else { "grouping" };
        format!("{kind}--{}", self.uuid)
    }
}

/// An event on its way.
pub(super) struct Conversion {
    pub(super) event: Event,
    pub(super) by: Option<String>,
    pub(super) marks: Marks,
    pub(super) definitions: Definitions,
    pub(super) galaxies: Galaxies,
    /// What each record of MISP became, by its UUID.
    pub(super) became: HashMap<u128, &'static str, foldhash::fast::RandomState>,
    /// How often a UUID came again.
    again: HashMap<u128, u32, foldhash::fast::RandomState>,
    /// Which object an attribute is part of, both by their UUIDs.
    pub(super) part_of: HashMap<u128, u128, foldhash::fast::RandomState>,
    /// Indicators with which something was observed.
    pub(super) observed: hashbrown::HashSet<u128, foldhash::fast::RandomState>,
    /// References between objects, which are made when all are known.
    pub(super) references: Vec<(String, Record)>,
    /// Identities that have gone out.
    pub(super) identities: around::Identities,
    report: Map<String, Value>,
    parts: usize,
}

impl Conversion {
    pub(super) fn of(mut event: Event, out: &mut Out<'_>) -> Result<Conversion, Refused> {
        let mut galaxies = Galaxies::default();
        let list = event.record.take_list("Galaxy")?;
        let covered = Galaxies::covered(&list);
        let tags = tag::read(event.record.take_list("Tag")?, &covered)?;
        let marks = Marks::default().with(&event.record, &tags)?;
        let mut definitions = Definitions::default();
        mark::define_group(&mut event.record, &event.created, &mut definitions, out)?;
        marks.define(&mut definitions, out);
        let id = event.id();
        let mut identities = around::Identities::new();
        let by = around::maker(&mut event.record, &event.created, &mut identities, out);
        let mut report = head(&id, &event.created, by.as_deref());
        let mut labels = vec!["Threat-Report".to_owned()];
        labels.extend(named_number(
            &mut event.record,
            "threat_level_id",
            "threat-level",
            THREAT_LEVELS,
        ));
        labels.extend(named_number(&mut event.record, "analysis", "analysis", ANALYSIS));
        labels.extend(tags.labels);
        report.insert("labels".to_owned(), json!(labels));
        if let Some(confidence) = tags.confidence {
            report.insert("confidence".to_owned(), confidence.into());
        }
        if !tags.kept.is_empty() {
            event.record.map.insert("Tag".to_owned(), Value::Array(tags.kept));
        }
        let name = event.record.take("info");
        report.insert("name".to_owned(), name.unwrap_or_else(|| "MISP event".to_owned()).into());
        marks.put(&mut report);
        let used = galaxies.take(list, &event.created, &marks, out)?;
        for one in &used {
            let object = one.get("object").and_then(Value::as_str).unwrap_or_default();
            out.refer(object.to_owned());
        }
        if !used.is_empty() {
            event.record.map.insert("Galaxy".to_owned(), Value::Array(used));
        }
        Ok(Conversion {
            event,
            by,
            marks,
            definitions,
            galaxies,
            became: HashMap::default(),
            again: HashMap::default(),
            part_of: HashMap::default(),
            observed: hashbrown::HashSet::default(),
            references: Vec::new(),
            identities,
            report,
            parts: 0,
        })
    }

    pub(super) fn take_reports(&mut self) -> Result<Vec<Record>, Refused> {
        self.event.record.take_list("EventReport")
    }

    pub(super) fn at(&self) -> &str {
        &self.event.record.at
    }

    /// Takes the UUID of a record out of it. A record without one, or with that of another, gets one
    /// of its own, and what it says stays in it.
    pub(super) fn uuid(&mut self, record: &mut Record) -> Uuid {
        let text = record.text("uuid").map(Cow::into_owned);
        let own = text.as_deref().filter(|text| Uuid::parse_str(text).is_ok());
        let first = if let Some(text) = own {
            made::uuid_of(Some(text), text.as_bytes())
        } else {
            let said = Value::Object(record.map.clone());
            made::as_random(format!("{} {said}", self.event.uuid).as_bytes())
        };
        let mut uuid = first;
        while self.became.contains_key(&uuid.as_u128()) {
            let times = self.again.entry(first.as_u128()).or_default();
            *times += 1;
            uuid = made::as_random(format!("{first} {times}").as_bytes());
        }
        self.became.insert(uuid.as_u128(), "");
        let written = uuid.as_hyphenated();
        let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
        if text.is_some_and(|text| text == *written.encode_lower(&mut room)) {
            record.map.remove("uuid");
        }
        uuid
    }

    /// Takes the time of a record out of it; that of the event where it has none.
    pub(super) fn created(&self, record: &mut Record) -> String {
        match record.text("timestamp").and_then(|text| value::seconds(&text)) {
            Some(time) => {
                record.map.remove("timestamp");
                time.as_str().to_owned()
            }
            None => self.event.created.clone(),
        }
    }

    /// Puts references together when they are too many for one report.
    pub(super) fn fold(&mut self, out: &mut Out<'_>) {
        if out.is_full() {
            self.parts += 1;
            let name = format!("{} part {}", self.event.uuid, self.parts);
            let id = format!("grouping--{}", made::as_random(name.as_bytes()));
            let mut part = head(&id, &self.event.created, self.by.as_deref());
            part.insert("context".to_owned(), "misp-event-part".into());
            part.insert("name".to_owned(), format!("Part {} of the event", self.parts).into());
            part.insert("object_refs".to_owned(), Value::Array(out.references()));
            self.marks.put(&mut part);
            let said = Map::from_iter([("event".to_owned(), self.event.id().into())]);
            made::extend(&mut part, "part", said);
            out.object(part);
        }
    }

    /// The report or grouping, after all that stands beside the attributes.
    pub(super) fn finish(mut self, out: &mut Out<'_>, losses: &mut Losses) -> Result<(), Refused> {
        self.relationships(out, losses);
        self.reports(out)?;
        let id = self.event.id();
        let mut record = std::mem::replace(
            &mut self.event.record,
            Record { map: Map::new(), at: String::new() },
        );
        self.analyst_data(&mut record, &id, out)?;
        let mut refs = out.references();
        if refs.is_empty() {
            refs.push(Value::String(self.empty(&id, out)));
            out.references();
        }
        let mut report = self.report;
        report.insert("object_refs".to_owned(), Value::Array(refs));
        match self.event.published {
            Some(time) => report.insert("published".to_owned(), Value::String(time)),
            None => report.insert("context".to_owned(), "suspicious-activity".into()),
        };
        made::extend(&mut report, "event", record.rest());
        out.alone(report);
        Ok(())
    }

    /// A report must refer to something; an event may be empty.
    fn empty(&self, report: &str, out: &mut Out<'_>) -> String {
        let id = format!("note--{}", made::as_random(report.as_bytes()));
        let mut note = head(&id, &self.event.created, self.by.as_deref());
        note.insert("content".to_owned(), "The event has no attributes and no objects.".into());
        note.insert("object_refs".to_owned(), json!([report]));
        self.marks.put(&mut note);
        let said = Map::from_iter([("event".to_owned(), report.into())]);
        made::extend(&mut note, "empty", said);
        out.alone(note);
        id
    }
}

/// A label for a number that MISP has a word for.
fn named_number(
    record: &mut Record,
    key: &str,
    label: &str,
    names: &[(&str, &str)],
) -> Option<String> {
    let number = record.text(key)?.into_owned();
    let (_, name) = names.iter().find(|(known, _)| *known == number)?;
    record.map.remove(key);
    Some(format!("misp:{label}=\"{name}\""))
}
