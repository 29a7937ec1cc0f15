//! Attributes.

use super::event::Conversion;
use crate::loss::{Refused, below};
use crate::made::{self, Out, head, relationship};
use crate::observed::Node;
use crate::pattern::Comparisons;
use crate::record::{Record, is_yes};
use crate::tables::attribute::{self, AttributeTo};
use crate::tag::{self, Tags};
use crate::value;
use crate::way::way;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What holds for all objects that one record becomes.
pub(super) struct Common {
    pub(super) uuid: Uuid,
    pub(super) created: String,
    pub(super) labels: Vec<String>,
    pub(super) confidence: Option<u8>,
    pub(super) marks: super::mark::Marks,
    /// Whether it was deleted: then it is no sign any more.
    pub(super) revoked: bool,
}

impl Common {
    /// The beginning of an object of a type.
    pub(super) fn head(&self, kind: &str, by: Option<&str>) -> Map<String, Value> {
        let mut object = head(&format!("{kind}--{}", self.uuid), &self.created, by);
        object.insert("labels".to_owned(), json!(self.labels));
        if let Some(confidence) = self.confidence {
            object.insert("confidence".to_owned(), confidence.into());
        }
        if self.revoked {
            object.insert("revoked".to_owned(), Value::Bool(true));
        }
        self.marks.put(&mut object);
        object
    }
}

/// An attribute without what is taken out of it whatever it becomes.
struct Read {
    record: Record,
    common: Common,
    kind: String,
    category: String,
    value: String,
    is_sign: bool,
}

impl Conversion {
    /// Converts an attribute that is part of no object.
    pub(super) fn attribute(
        &mut self,
        mut record: Record,
        out: &mut Out<'_>,
    ) -> Result<(), Refused> {
        self.forget_numbers(&mut record, None);
        let galaxies = record.take_list("Galaxy")?;
        let covered = super::galaxy::Galaxies::covered(&galaxies);
        let tags = tag::read(record.take_list("Tag")?, &covered)?;
        let sightings = record.take_list("Sighting")?;
        let mut read = self.read(record, tags, out)?;
        let used = self.galaxies.take(galaxies, &read.common.created, &read.common.marks, out)?;
        let targets: Vec<String> =
            used.iter().filter_map(|one| Some(one.get("object")?.as_str()?.to_owned())).collect();
        if !used.is_empty() {
            read.record.map.insert("Galaxy".to_owned(), Value::Array(used));
        }
        let created = read.common.created.clone();
        let marks = read.common.marks.clone();
        let uuid = read.common.uuid;
        let at = read.record.at.clone();
        let mut around = take_around(&mut read.record);
        let kept = super::around::sightings_kept(&sightings);
        if !kept.is_empty() {
            read.record.map.insert("Sighting".to_owned(), Value::Array(kept));
        }
        let kind = self.become_something(read, out);
        self.became.insert(uuid.as_u128(), kind);
        let id = format!("{kind}--{uuid}");
        for target in targets {
            self.relate(&id, &target, &created, &marks, out);
        }
        self.sightings(sightings, None, &id, &marks, out);
        around.at = at;
        self.analyst_data(&mut around, &id, out)
    }

    /// The numbers that one server's tables give to records are known from what they are part of.
    pub(super) fn forget_numbers(&self, record: &mut Record, object: Option<&str>) {
        let is = |record: &Record, key: &str, of: &str| {
            !of.is_empty() && record.text(key).is_some_and(|text| text == of)
        };
        if is(record, "event_id", &self.event.local) {
            record.map.remove("event_id");
        }
        if is(record, "object_id", object.unwrap_or_default()) {
            record.map.remove("object_id");
        }
    }

    fn read(&mut self, mut record: Record, tags: Tags, out: &mut Out<'_>) -> Result<Read, Refused> {
        let uuid = self.uuid(&mut record);
        let created = self.created(&mut record);
        let marks = self.marks.with(&record, &tags)?;
        super::mark::define_group(&mut record, &created, &mut self.definitions, out)?;
        marks.define(&mut self.definitions, out);
        let Some(kind) = record.take("type") else {
            return Err(Refused::form(below(&record.at, "type"), "the attribute has no type"));
        };
        let category = record.take("category").unwrap_or_else(|| "Other".to_owned());
        let value = record.take("value").unwrap_or_default();
        let flag = record.text("to_ids").map(|text| is_yes(&text));
        let is_sign = flag.unwrap_or_else(|| attribute::is_sign(&kind));
        let mut labels =
            vec![format!("misp:type=\"{kind}\""), format!("misp:category=\"{category}\"")];
        labels.extend(tags.labels);
        if !tags.kept.is_empty() {
            record.map.insert("Tag".to_owned(), Value::Array(tags.kept));
        }
        let revoked = take_deleted(&mut record);
        let common = Common { uuid, created, labels, confidence: tags.confidence, marks, revoked };
        Ok(Read { record, common, kind, category, value, is_sign })
    }

    /// Returns the type of the object that stands for the attribute.
    fn become_something(&mut self, mut read: Read, out: &mut Out<'_>) -> &'static str {
        let row = attribute::row(&read.kind);
        match row.map(|row| &row.to) {
            Some(AttributeTo::Rule) => self.rule(read, out),
            Some(AttributeTo::Pattern(path)) if read.is_sign => {
                let mut comparisons = Comparisons::default();
                comparisons.add(&way(path), &read.value);
                match comparisons.finish().filter(|_| !read.value.is_empty()) {
                    Some(pattern) => {
                        if value::said("", way(path).last(), &read.value) != read.value {
                            let value = Value::String(read.value.clone());
                            read.record.map.insert("value".to_owned(), value);
                        }
                        self.indicator(read, pattern, "stix", out);
                        "indicator"
                    }
                    None => self.own(read, out),
                }
            }
            Some(AttributeTo::Named(kind, fixed)) => self.named(read, kind, *fixed, out),
            _ => self.observed(read, out),
        }
    }

    fn observed(&mut self, mut read: Read, out: &mut Out<'_>) -> &'static str {
        let Some(found) = attribute::observed(&read.kind) else { return self.own(read, out) };
        let Some((node, texts)) = planted(found, &read.value) else {
            return self.unobserved(read, found, out);
        };
        let mut node = node;
        let data = with_data(&mut node, &mut read);
        let mut comparisons = Comparisons::default();
        if let Some((path, fixed)) = found.fixed {
            comparisons.add(&way(path), fixed);
        }
        for (path, text) in found.paths.iter().zip(&texts) {
            comparisons.add(&way(path), text);
        }
        if let Some(data) = &data {
            comparisons.add(&way(attribute::DATA), data);
        }
        // What reading it again does not give exactly stays as it was.
        let said: Option<Vec<String>> =
            found.paths.iter().map(|path| node.pluck(&way(path), 0)).collect();
        if said.is_none_or(|parts| parts.join("|") != read.value) {
            read.record.map.insert("value".to_owned(), Value::String(read.value.clone()));
        }
        let uuid = read.common.uuid;
        complete(&mut node);
        let mut refs = Vec::new();
        node.finish(&mut |object| {
            let id = out.observable(object, uuid);
            refs.push(Value::String(id.clone()));
            id
        });
        refs.reverse();
        let mut seen = read.common.head("observed-data", self.by.as_deref());
        times(&mut seen, &read.record, &read.common.created);
        seen.insert("object_refs".to_owned(), Value::Array(refs));
        let pattern = comparisons.finish().filter(|_| read.is_sign);
        read.record.map.remove("to_ids");
        let Some(pattern) = pattern else {
            made::extend(&mut seen, "attribute", read.record.rest());
            out.object(seen);
            return "observed-data";
        };
        out.object(seen);
        let created = read.common.created.clone();
        let marks = read.common.marks.clone();
        self.indicator(read, pattern, "stix", out);
        let (from, to) = (format!("indicator--{uuid}"), format!("observed-data--{uuid}"));
        let by = self.by.as_deref();
        let mut based = relationship(&from, "based-on", &to, (&created, by));
        self.observed.insert(uuid.as_u128());
        marks.put(&mut based);
        out.object(based);
        "indicator"
    }

    /// A sign whose value has not the form that an observable must have, such as a URL without its
    /// scheme, can be looked for all the same.
    fn unobserved(
        &mut self,
        mut read: Read,
        found: &attribute::Found,
        out: &mut Out<'_>,
    ) -> &'static str {
        let parts: Vec<&str> = match found.paths.len() {
            1 => vec![read.value.as_str()],
            many => read.value.splitn(many, '|').collect(),
        };
        let is_whole =
            parts.len() == found.paths.len() && parts.iter().all(|part| !part.is_empty());
        // What is no digest is that of no file.
        let is_digest = found.paths.iter().any(|path| path.contains(":hashes."));
        if !read.is_sign || !is_whole || is_digest || read.value.contains('\0') {
            return self.own(read, out);
        }
        let mut comparisons = Comparisons::default();
        for (path, part) in found.paths.iter().zip(parts) {
            comparisons.add(&way(path), part);
        }
        let Some(pattern) = comparisons.finish() else { return self.own(read, out) };
        read.record.map.insert("value".to_owned(), Value::String(read.value.clone()));
        self.indicator(read, pattern, "stix", out);
        "indicator"
    }

    fn indicator(&mut self, mut read: Read, pattern: String, language: &str, out: &mut Out<'_>) {
        let mut object = read.common.head("indicator", self.by.as_deref());
        if let Some(comment) = read.record.take("comment") {
            object.insert("description".to_owned(), Value::String(comment));
        }
        let phase = json!([{
            "kill_chain_name": "misp-category", "phase_name": read.category
        }]);
        object.insert("kill_chain_phases".to_owned(), phase);
        object.insert("pattern".to_owned(), Value::String(pattern));
        object.insert("pattern_type".to_owned(), Value::String(language.to_owned()));
        if language == "stix" {
            object.insert("pattern_version".to_owned(), "2.1".into());
            read.record.map.remove("to_ids");
        }
        object.insert("valid_from".to_owned(), Value::String(read.common.created.clone()));
        made::extend(&mut object, "attribute", read.record.rest());
        out.object(object);
    }

    /// A rule in a language of its own is a pattern as it stands.
    fn rule(&mut self, mut read: Read, out: &mut Out<'_>) -> &'static str {
        if read.value.is_empty() {
            return self.own(read, out);
        }
        let pattern = std::mem::take(&mut read.value);
        let language = read.kind.clone();
        self.indicator(read, pattern, &language, out);
        "indicator"
    }

    fn named(
        &mut self,
        mut read: Read,
        kind: &'static str,
        fixed: Option<(&str, &str)>,
        out: &mut Out<'_>,
    ) -> &'static str {
        if read.value.is_empty() {
            return self.own(read, out);
        }
        let mut object = read.common.head(kind, self.by.as_deref());
        if let Some((key, value)) = fixed {
            object.insert(key.to_owned(), Value::String(value.to_owned()));
        }
        super::domain::place(&mut object, &read.value);
        super::domain::cve(&mut object, &read.value);
        object.insert("name".to_owned(), Value::String(std::mem::take(&mut read.value)));
        if let Some(comment) = read.record.take("comment") {
            object.insert("description".to_owned(), Value::String(comment));
        }
        made::extend(&mut object, "attribute", read.record.rest());
        out.object(object);
        kind
    }

    /// An object of our own, for what the standard has no type for.
    fn own(&mut self, mut read: Read, out: &mut Out<'_>) -> &'static str {
        let mut object = read.common.head("x-misp-attribute", self.by.as_deref());
        let comment = read.record.take("comment");
        let texts = [
            ("x_misp_type", Some(read.kind)),
            ("x_misp_category", Some(read.category)),
            ("x_misp_value", Some(read.value).filter(|text| !text.is_empty())),
            ("x_misp_comment", comment),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                object.insert(key.to_owned(), Value::String(text));
            }
        }
        made::extend(&mut object, "attribute", read.record.rest());
        out.object(object);
        "x-misp-attribute"
    }
}

/// The observable of a value, and the value's parts; `None` where a part is none for its property.
fn planted(found: &attribute::Found, value: &str) -> Option<(Node, Vec<String>)> {
    let parts: Vec<&str> = match found.paths.len() {
        1 => vec![value],
        many => value.splitn(many, '|').collect(),
    };
    if parts.len() != found.paths.len() {
        return None;
    }
    let mut node = Node::new(&way(found.paths.first()?).root);
    if let Some((path, text)) = found.fixed {
        node.plant(&way(path), text);
    }
    let all = found.paths.iter().zip(&parts).all(|(path, part)| node.plant(&way(path), part));
    all.then(|| (node, parts.into_iter().map(str::to_owned).collect()))
}

/// Puts the bytes of an attribute into its file. Returns them where they went there.
fn with_data(node: &mut Node, read: &mut Read) -> Option<String> {
    if node.kind != "file" {
        return None;
    }
    let data = read.record.text("data")?.into_owned();
    if !node.plant(&way(attribute::DATA), &data) {
        return None;
    }
    read.record.map.remove("data");
    if read.kind == "malware-sample" {
        pack(node);
    }
    Some(data)
}

/// A sample of malware comes as a ZIP with a password that everybody knows.
pub(super) fn pack(node: &mut Node) {
    node.plant(&way("file:content_ref.mime_type"), "application/zip");
    node.plant(&way("file:content_ref.encryption_algorithm"), "mime-type-indicated");
    node.plant(&way("file:content_ref.decryption_key"), "infected");
}

/// Adds what the standard requires and MISP does not say.
pub(super) fn complete(node: &mut Node) {
    match node.kind.as_str() {
        "network-traffic" => {
            if !node.has("protocols") {
                let is_http = node.has("extensions") && node.is_request();
                node.set(
                    "protocols",
                    if is_http { json!(["tcp", "http"]) } else { json!(["tcp"]) },
                );
            }
            if node.has("end") {
                node.set("is_active", Value::Bool(false));
            }
        }
        "email-message" if !node.has("is_multipart") => {
            let is_multipart = node.has("body_multipart");
            node.set("is_multipart", Value::Bool(is_multipart));
        }
        _ => {}
    }
}

/// When something was observed. The standard wants the first time not after the last (§4.14).
pub(super) fn times(object: &mut Map<String, Value>, record: &Record, created: &str) {
    let time = |key: &str| record.text(key).and_then(|text| value::time(&text));
    let (first, last) = (time("first_seen"), time("last_seen"));
    object.insert("number_observed".to_owned(), 1.into());
    if first.is_none() && last.is_none() {
        for key in ["first_observed", "last_observed"] {
            object.insert(key.to_owned(), Value::String(created.to_owned()));
        }
        return;
    }
    let text = |time: Option<&forewarn_stix::Timestamp>| {
        time.map_or_else(|| created.to_owned(), |time| time.as_str().to_owned())
    };
    let (mut from, mut until) = (text(first.as_ref()), text(last.as_ref()));
    let micros = |text: &str| forewarn_stix::Timestamp::parse_any(text).map_or(0, |t| t.micros());
    if micros(&from) > micros(&until) {
        if last.is_some() && first.is_none() {
            from.clone_from(&until);
        } else {
            until.clone_from(&from);
        }
    }
    object.insert("first_observed".to_owned(), Value::String(from));
    object.insert("last_observed".to_owned(), Value::String(until));
}

/// Takes out of a record whether it was deleted, which STIX calls revoked (§3.6).
pub(super) fn take_deleted(record: &mut Record) -> bool {
    let is_deleted = record.text("deleted").is_some_and(|text| is_yes(&text));
    if is_deleted {
        record.map.remove("deleted");
    }
    is_deleted
}

/// Takes what analysts say beside a record out of it.
pub(super) fn take_around(record: &mut Record) -> Record {
    let mut around = Record { map: Map::new(), at: record.at.clone() };
    for key in ["Note", "Opinion"] {
        if let Some(list) = record.map.remove(key) {
            around.map.insert(key.to_owned(), list);
        }
    }
    around
}
