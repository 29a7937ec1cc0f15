//! Objects with their attributes.

use super::attribute::{Common, complete, pack, take_around, take_deleted, times};
use super::domain;
use super::event::Conversion;
use super::galaxy::Galaxies;
use crate::bounds::MAX_OBJECT_ATTRIBUTES;
use crate::loss::{Refused, below};
use crate::made::{self, Out, relationship};
use crate::observed::Node;
use crate::pattern::Comparisons;
use crate::record::{Record, is_yes};
use crate::tables::attribute;
use crate::tables::object::{self, ObjectRow, ObjectTo};
use crate::tables::object_others::CONTACTS;
use crate::tag::{self, Tags};
use crate::way::{Way, way};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::HashMap;

/// An object without what is taken out of it whatever it becomes.
struct Read {
    record: Record,
    common: Common,
    name: String,
    category: String,
    attributes: Vec<Record>,
}

/// What the attributes of an object have beside them.
#[derive(Default)]
struct Beside {
    sightings: Vec<(String, Vec<Record>)>,
    around: Vec<Record>,
    targets: Vec<String>,
}

impl Conversion {
    /// Converts an object.
    pub(super) fn object(&mut self, mut record: Record, out: &mut Out<'_>) -> Result<(), Refused> {
        self.forget_numbers(&mut record, None);
        let at = record.at.clone();
        let local = record.text("id").unwrap_or_default().into_owned();
        let mut attributes = record.take_list("Attribute")?;
        if attributes.len() > MAX_OBJECT_ATTRIBUTES {
            let why = format!("has more than {MAX_OBJECT_ATTRIBUTES} attributes");
            return Err(Refused::form(below(&at, "Attribute"), why));
        }
        let references = record.take_list("ObjectReference")?;
        let uuid = self.uuid(&mut record);
        let created = self.created(&mut record);
        let mut tags = Tags::default();
        let mut beside = Beside::default();
        let mut marks = self.marks.with(&record, &tags)?;
        super::mark::define_group(&mut record, &created, &mut self.definitions, out)?;
        for attribute in &mut attributes {
            self.forget_numbers(attribute, Some(&local));
            let part = self.part(attribute, (uuid.as_u128(), &created), &mut beside, out)?;
            marks = marks.with(attribute, &part)?;
            super::mark::define_group(attribute, &created, &mut self.definitions, out)?;
            tags.join(part);
        }
        marks.define(&mut self.definitions, out);
        let Some(name) = record.take("name") else {
            return Err(Refused::form(below(&at, "name"), "the object has no name"));
        };
        let category = record.take("meta-category").unwrap_or_else(|| "misc".to_owned());
        let mut labels =
            vec![format!("misp:name=\"{name}\""), format!("misp:meta-category=\"{category}\"")];
        labels.extend(tags.labels);
        let revoked = take_deleted(&mut record);
        let confidence = tags.confidence;
        let common = Common { uuid, created: created.clone(), labels, confidence, marks, revoked };
        let marks = common.marks.clone();
        let mut around = take_around(&mut record);
        around.at.clone_from(&at);
        beside.around.push(around);
        let kind = self.become_object(Read { record, common, name, category, attributes }, out);
        self.became.insert(uuid.as_u128(), kind);
        let id = format!("{kind}--{uuid}");
        for target in &beside.targets {
            self.relate(&id, target, &created, &marks, out);
        }
        for (attribute, list) in beside.sightings {
            self.sightings(list, Some(&attribute), &id, &marks, out);
        }
        for mut around in beside.around {
            self.analyst_data(&mut around, &id, out)?;
        }
        self.references.extend(references.into_iter().map(|one| (id.clone(), one)));
        Ok(())
    }

    /// What one attribute of an object says of the whole: its tags, clusters and sightings. What
    /// tells them from those of other attributes stays with it.
    fn part(
        &mut self,
        attribute: &mut Record,
        (object, created): (u128, &str),
        beside: &mut Beside,
        out: &mut Out<'_>,
    ) -> Result<Tags, Refused> {
        let galaxies = attribute.take_list("Galaxy")?;
        let covered = Galaxies::covered(&galaxies);
        let own = attribute.map.get("Tag").cloned();
        let tags = tag::read(attribute.take_list("Tag")?, &covered)?;
        if let Some(own) = own {
            attribute.map.insert("Tag".to_owned(), own);
        }
        let marks = self.marks.with(attribute, &tags)?;
        let used = self.galaxies.take(galaxies, created, &marks, out)?;
        for one in &used {
            let object = one.get("object").and_then(Value::as_str).unwrap_or_default();
            if !beside.targets.iter().any(|known| known == object) {
                beside.targets.push(object.to_owned());
            }
        }
        if !used.is_empty() {
            attribute.map.insert("Galaxy".to_owned(), Value::Array(used));
        }
        let sightings = attribute.take_list("Sighting")?;
        let kept = super::around::sightings_kept(&sightings);
        if !kept.is_empty() {
            attribute.map.insert("Sighting".to_owned(), Value::Array(kept));
        }
        let uuid = attribute.text("uuid").unwrap_or_default().into_owned();
        if let Some(text) = attribute.text("uuid")
            && let Ok(own) = uuid::Uuid::parse_str(&text)
        {
            self.part_of.insert(own.as_u128(), object);
        }
        beside.sightings.push((uuid, sightings));
        Ok(tags)
    }

    /// Returns the type of the object that stands for it.
    fn become_object(&mut self, read: Read, out: &mut Out<'_>) -> &'static str {
        let Some(row) = object::find(&read.name) else { return self.own_object(read, out) };
        match &row.to {
            ObjectTo::Observed => self.observed_object(read, row, out),
            ObjectTo::Domain(kind) => self.domain_object(read, row, kind, out),
            ObjectTo::Rule(language) => self.rule_object(read, row, language, out),
        }
    }

    fn observed_object(
        &mut self,
        mut read: Read,
        row: &'static ObjectRow,
        out: &mut Out<'_>,
    ) -> &'static str {
        let root = row.fields.iter().chain(row.data).next().map_or("", |(_, path)| path);
        let mut node = Node::new(&way(root).root);
        let planted = plant_all(&mut read.attributes, row, &mut |way, text| node.plant(way, text));
        if planted.is_empty() || !is_whole(&node) {
            return self.own_object(read, out);
        }
        let mut comparisons = Comparisons::default();
        let mut has_sign = false;
        for (path, text) in row.fixed {
            node.plant(&way(path), text);
            comparisons.add(&way(path), text);
        }
        let mut places = HashMap::new();
        for one in &planted {
            let Some(attribute) = read.attributes.get_mut(one.attribute) else { continue };
            if one.is_sign {
                has_sign = true;
                comparisons.add(&one.way, &one.text);
            }
            if node.pluck(&one.way, one.n).is_some_and(|text| text == one.text) {
                forget(attribute, one, &mut places);
            }
        }
        let uuid = read.common.uuid;
        if planted.iter().any(|one| one.key == "data" && one.is_sample) && node.kind == "file" {
            pack(&mut node);
        }
        complete(&mut node);
        let mut refs = Vec::new();
        node.finish(&mut |object| {
            let id = out.observable(object, uuid);
            refs.push(Value::String(id.clone()));
            id
        });
        refs.reverse();
        let by = self.by.clone();
        let mut seen = read.common.head("observed-data", by.as_deref());
        times(&mut seen, &read.record, &read.common.created);
        seen.insert("object_refs".to_owned(), Value::Array(refs));
        let pattern = comparisons.finish().filter(|_| has_sign);
        let Some(pattern) = pattern else {
            made::extend(&mut seen, "object", kept(read.record, read.attributes));
            out.object(seen);
            return "observed-data";
        };
        out.object(seen);
        let mut object = self.indicator_of(&mut read, &pattern, "stix");
        object.insert("pattern_version".to_owned(), "2.1".into());
        let (created, marks) = (read.common.created.clone(), read.common.marks.clone());
        made::extend(&mut object, "object", kept(read.record, read.attributes));
        out.object(object);
        let (from, to) = (format!("indicator--{uuid}"), format!("observed-data--{uuid}"));
        let mut based = relationship(&from, "based-on", &to, (&created, by.as_deref()));
        self.observed.insert(uuid.as_u128());
        marks.put(&mut based);
        out.object(based);
        "indicator"
    }

    fn indicator_of(&self, read: &mut Read, pattern: &str, language: &str) -> Map<String, Value> {
        let mut object = read.common.head("indicator", self.by.as_deref());
        if let Some(comment) = read.record.take("comment") {
            object.insert("description".to_owned(), Value::String(comment));
        }
        object.insert("kill_chain_phases".to_owned(), phase(&read.category));
        object.insert("pattern".to_owned(), Value::String(pattern.to_owned()));
        object.insert("pattern_type".to_owned(), Value::String(language.to_owned()));
        object.insert("valid_from".to_owned(), Value::String(read.common.created.clone()));
        object
    }

    fn domain_object(
        &mut self,
        mut read: Read,
        row: &'static ObjectRow,
        kind: &'static str,
        out: &mut Out<'_>,
    ) -> &'static str {
        let kind = if row.name == "script" { script_kind(&read.attributes) } else { kind };
        let mut object = read.common.head(kind, self.by.as_deref());
        let planted = plant_all(&mut read.attributes, row, &mut |way, text| {
            domain::plant(&mut object, way, text)
        });
        if kind == "malware" {
            object.entry("is_family").or_insert(Value::Bool(false));
        }
        for (path, text) in row.fixed {
            domain::plant(&mut object, &way(path), text);
        }
        if !object.contains_key("name") && kind == "identity" {
            let name = name_of_person(&read.attributes);
            object.extend(name.map(|name| ("name".to_owned(), Value::String(name))));
        }
        if let Some(contacts) = contacts(&read.attributes, row.name) {
            object.insert("contact_information".to_owned(), Value::String(contacts));
        }
        if kind == "attack-pattern" {
            object.insert("kill_chain_phases".to_owned(), phase(&read.category));
        }
        if !domain::is_whole(&object) {
            return self.own_object(read, out);
        }
        let mut places = HashMap::new();
        for one in &planted {
            let is_said = domain::pluck(&object, &one.way, one.n).is_some_and(|t| t == one.text);
            if let Some(attribute) = read.attributes.get_mut(one.attribute).filter(|_| is_said) {
                forget(attribute, one, &mut places);
            }
        }
        let name = object.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        domain::cve(&mut object, &name);
        made::extend(&mut object, "object", kept(read.record, read.attributes));
        out.object(object);
        kind
    }

    fn rule_object(
        &mut self,
        mut read: Read,
        row: &'static ObjectRow,
        language: &str,
        out: &mut Out<'_>,
    ) -> &'static str {
        let mut object = read.common.head("indicator", self.by.as_deref());
        let planted = plant_all(&mut read.attributes, row, &mut |way, text| {
            domain::plant(&mut object, way, text)
        });
        if !object.contains_key("pattern") {
            return self.own_object(read, out);
        }
        let mut places = HashMap::new();
        for one in &planted {
            let is_said = domain::pluck(&object, &one.way, one.n).is_some_and(|t| t == one.text);
            if let Some(attribute) = read.attributes.get_mut(one.attribute).filter(|_| is_said) {
                forget(attribute, one, &mut places);
            }
        }
        object.insert("pattern_type".to_owned(), Value::String(language.to_owned()));
        object.insert("kill_chain_phases".to_owned(), phase(&read.category));
        if language == "stix" {
            object.entry("pattern_version").or_insert_with(|| "2.1".into());
        }
        object.insert("valid_from".to_owned(), Value::String(read.common.created.clone()));
        made::extend(&mut object, "object", kept(read.record, read.attributes));
        out.object(object);
        "indicator"
    }

    fn own_object(&mut self, mut read: Read, out: &mut Out<'_>) -> &'static str {
        let mut object = read.common.head("x-misp-object", self.by.as_deref());
        object.insert("x_misp_name".to_owned(), Value::String(read.name));
        object.insert("x_misp_meta_category".to_owned(), Value::String(read.category));
        if let Some(comment) = read.record.take("comment") {
            object.insert("x_misp_comment".to_owned(), Value::String(comment));
        }
        let attributes: Vec<Value> =
            read.attributes.into_iter().map(|one| Value::Object(one.rest())).collect();
        if !attributes.is_empty() {
            object.insert("x_misp_attributes".to_owned(), Value::Array(attributes));
        }
        made::extend(&mut object, "object", read.record.rest());
        out.object(object);
        "x-misp-object"
    }
}

/// An attribute that became a property.
struct Planted {
    attribute: usize,
    /// The field of the attribute: its value, or its bytes.
    key: &'static str,
    way: Cow<'static, Way>,
    text: String,
    /// Which of those at the same place.
    n: usize,
    is_sign: bool,
    is_sample: bool,
}

/// Makes properties of the attributes of an object, as far as its row says and their values fit.
fn plant_all(
    attributes: &mut [Record],
    row: &'static ObjectRow,
    plant: &mut dyn FnMut(&Way, &str) -> bool,
) -> Vec<Planted> {
    let mut all = Vec::new();
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    for (n, attribute) in attributes.iter().enumerate() {
        let Some(relation) = attribute.text("object_relation") else { continue };
        // What was deleted is said of nothing any more.
        if attribute.text("deleted").is_some_and(|text| is_yes(&text)) {
            continue;
        }
        let kind = attribute.text("type").unwrap_or_default();
        let flag = attribute.text("to_ids").map(|text| is_yes(&text));
        let is_sign = flag.unwrap_or_else(|| attribute::is_sign(&kind));
        let is_sample = kind == "malware-sample";
        for (key, path) in [("value", row.path(&relation)), ("data", row.data_path(&relation))] {
            let (Some(path), Some(text)) = (path, attribute.text(key)) else { continue };
            let way = way(path);
            if plant(&way, &text) {
                let count = counts.entry(path).or_default();
                let text = text.into_owned();
                all.push(Planted { attribute: n, key, way, text, n: *count, is_sign, is_sample });
                *count += 1;
            }
        }
    }
    all
}

/// The field of an attribute that a property says need not stay. Which of several it is can be
/// counted, or else stands with the attribute.
fn forget(attribute: &mut Record, one: &Planted, places: &mut HashMap<String, usize>) {
    attribute.map.remove(one.key);
    if one.key == "value" {
        let place = places.entry(one.way.text.clone()).or_default();
        if *place != one.n {
            attribute.map.insert(PLACE.to_owned(), one.n.into());
        }
        *place += 1;
    }
}

/// Which of the values at one place is that of an attribute.
pub(crate) const PLACE: &str = "of_values_the";

/// What an object says that no property does.
fn kept(record: Record, attributes: Vec<Record>) -> Map<String, Value> {
    let mut map = record.rest();
    let attributes: Vec<Value> =
        attributes.into_iter().map(|one| Value::Object(one.rest())).collect();
    if !attributes.is_empty() {
        map.insert("Attribute".to_owned(), Value::Array(attributes));
    }
    map
}

/// Whether an observable has what its type must have (STIX 2.1 §6).
fn is_whole(node: &Node) -> bool {
    match node.kind.as_str() {
        "file" => (node.has("name") || node.has("hashes")) && node.is_program_whole(),
        "domain-name" | "url" | "mac-addr" => node.has("value"),
        "autonomous-system" => node.has("number"),
        "directory" => node.has("path"),
        "mutex" | "software" => node.has("name"),
        "network-traffic" => {
            (node.has("src_ref") || node.has("dst_ref")) && node.is_request_whole()
        }
        "artifact" => {
            node.has("payload_bin") != node.has("url") && (!node.has("url") || node.has("hashes"))
        }
        _ => !node.is_empty(),
    }
}

fn script_kind(attributes: &[Record]) -> &'static str {
    let is_state = |one: &&Record| one.text("object_relation").is_some_and(|name| name == "state");
    let is_bad = |one: &Record| one.text("value").is_some_and(|text| text == "Malicious");
    if attributes.iter().filter(is_state).any(is_bad) { "malware" } else { "tool" }
}

/// MISP's category as a phase.
fn phase(category: &str) -> Value {
    json!([{ "kill_chain_name": "misp-category", "phase_name": category }])
}

/// How somebody is reached, in one text, since the standard has one property for it. The attributes
/// keep their values.
fn contacts(attributes: &[Record], name: &str) -> Option<String> {
    let (_, relations) = CONTACTS.iter().find(|(known, _)| *known == name)?;
    let values = |relation: &str| {
        let of = |one: &&Record| one.text("object_relation").is_some_and(|name| name == relation);
        let texts = attributes.iter().filter(of).filter_map(|one| one.text("value"));
        texts.map(Cow::into_owned).collect::<Vec<_>>()
    };
    let all: Vec<String> = relations
        .iter()
        .map(|relation| (relation, values(relation)))
        .filter(|(_, values)| !values.is_empty())
        .map(|(relation, values)| format!("{relation}: {}", values.join("; ")))
        .collect();
    (!all.is_empty()).then(|| all.join(" / "))
}

/// A name made of its parts, for whom the record names only by them.
fn name_of_person(attributes: &[Record]) -> Option<String> {
    let part = |relation: &str| {
        let of = |one: &&Record| one.text("object_relation").is_some_and(|name| name == relation);
        attributes.iter().find(of)?.text("value").map(Cow::into_owned)
    };
    let parts: Vec<String> =
        ["first-name", "middle-name", "last-name"].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
