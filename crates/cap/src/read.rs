//! Other people's alerts as STIX 2.1: a report of what is said, with its areas.
//!
//! An alert is one report, whose id comes of its sender, identifier and time, by which others refer to
//! it. An update and a cancellation leave the reports that they refer to revoked. What STIX has no
//! property for stands in the description; what is in the file beside that is told.

use crate::area;
use crate::tree::{Element, NotXml};
use forewarn_stix::loss::Losses;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{StixId, Timestamp, offset};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The namespaces of CAP 1.2 and of those before it, which have the same elements.
const NAMESPACES: &[&str] =
    &["urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1"];
/// Most alerts that one refers to.
const MAX_REFERENCES: usize = 1_000;

/// Why an alert is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It is no XML that is read.
    #[error("{0}")]
    Xml(#[from] NotXml),
    /// It is not an alert of CAP, or lacks what an alert has.
    #[error("the alert {0}")]
    Form(String),
    /// It is not meant.
    #[error("the alert is of status {0}: it is not meant, and would stand among what is")]
    NotMeant(String),
    /// It says of its handling what cannot be obeyed.
    #[error(
        "the alert says `{0}`, which is no level of TLP 2.0; ask its sender which one is meant"
    )]
    Handling(String),
}

/// Whether a file begins like an alert.
pub fn is_start(text: &str) -> bool {
    text.trim_start().starts_with('<') && NAMESPACES.iter().any(|name| text.contains(name))
}

/// Makes STIX objects of an alert; each goes to `sink`. What they do not say is told.
///
/// # Errors
/// It is no alert, is not meant, or its handling is not known. Nothing goes to `sink` then.
pub fn to_stix(bytes: &[u8], sink: &mut dyn FnMut(Value)) -> Result<Losses, NotRead> {
    let mut root = Element::read(bytes)?;
    if root.name != "alert" {
        return Err(NotRead::Form(format!("begins with `{}`, not with `alert`", root.name)));
    }
    let alert = Alert::read(&mut root)?;
    let mut losses = Losses::default();
    let objects = alert.objects(&mut root, &mut losses);
    root.left(&mut |at, why| losses.add(at, why));
    for object in objects {
        sink(Value::Object(object));
    }
    Ok(losses)
}

/// What an alert says of itself.
struct Alert {
    identifier: String,
    sender: String,
    sent: Timestamp,
    message: String,
    tlp: Tlp,
    references: Vec<(String, String, Timestamp)>,
    words: String,
}

impl Alert {
    fn read(root: &mut Element) -> Result<Alert, NotRead> {
        let missing = |name: &str| NotRead::Form(format!("has no `{name}`"));
        let mut needed = |name: &str| root.text(name).ok_or_else(|| missing(name));
        let (identifier, sender) = (needed("identifier")?, needed("sender")?);
        let (sent, status, message) = (needed("sent")?, needed("status")?, needed("msgType")?);
        let sent =
            time(&sent).ok_or_else(|| NotRead::Form(format!("`sent`: `{sent}` is no time")))?;
        if status != "Actual" {
            return Err(NotRead::NotMeant(status));
        }
        let scope = needed("scope")?;
        let mut words = String::new();
        let mut marked = Vec::new();
        for name in ["restriction", "addresses", "source", "note", "incidents"] {
            if let Some(text) = root.text(name) {
                let _ = writeln!(words, "{name}: {text}");
                marked.extend((name == "restriction").then_some(text));
            }
        }
        let codes = root.texts("code");
        for code in &codes {
            let _ = writeln!(words, "code: {code}");
        }
        marked.extend(codes);
        for pair in root.children.iter().filter(|one| one.name == "info") {
            let pairs = pair.children.iter().filter(|one| one.name == "parameter");
            marked.extend(pairs.map(Element::words));
        }
        let mut tlp = match scope.as_str() {
            // For everybody: there is nothing to keep.
            "Public" => Tlp::Clear,
            // For some: who has it from us would not know for whom.
            _ => Tlp::AmberStrict,
        };
        let mut said = None;
        for text in &marked {
            said = said.max(level(text)?);
        }
        tlp = match (scope.as_str(), said) {
            ("Public", Some(said)) => tlp.max(said),
            (_, Some(said)) => said,
            (_, None) => tlp,
        };
        let references = references(&root.text("references").unwrap_or_default());
        Ok(Alert { identifier, sender, sent, message, tlp, references, words })
    }

    fn objects(&self, root: &mut Element, losses: &mut Losses) -> Vec<Map<String, Value>> {
        let created = millis(&self.sent);
        let marks = vec![self.tlp.id().to_owned()];
        let sender = self.sender();
        let mut objects = Vec::new();
        if let Value::Object(definition) = self.tlp.definition() {
            objects.push(definition);
        }
        objects.push(sender.clone());
        let by = text_of(&sender, "id");
        for (old, identifier, at) in &self.references {
            if matches!(self.message.as_str(), "Update" | "Cancel") {
                let id = report_id(old, identifier, at);
                objects.push(self.ended((&id, at), &by, &marks));
            }
        }
        if matches!(self.message.as_str(), "Ack" | "Error") {
            // It is about other alerts, and says nothing of any event.
            losses.add(
                "alert",
                format!("is a message of type {}: it warns of nothing", self.message),
            );
            return objects;
        }
        let infos = root.take_all("info");
        let (mut texts, mut refs, mut labels) = (Vec::new(), vec![by.clone()], Vec::new());
        let mut name = None;
        for mut info in infos {
            let headline = info.text("headline");
            let event = info.text("event");
            name = name.or_else(|| headline.clone()).or_else(|| event.clone());
            let (text, places) = self.info(&mut info, (event, headline), &mut labels, &marks);
            for place in places {
                let id = text_of(&place, "id");
                if !refs.contains(&id) {
                    refs.push(id);
                    objects.push(place);
                }
            }
            texts.push(text);
            info.left(&mut |at, why| losses.add(at, why));
        }
        if self.message == "Cancel" && texts.is_empty() {
            return objects;
        }
        if self.message == "Cancel" {
            // What it says is that something is over.
            labels.push("cap:cancel".to_owned());
        }
        labels.sort();
        labels.dedup();
        let name = name.unwrap_or_else(|| format!("an alert of {}", self.sender));
        let mut words = texts.join("\n\n");
        let _ = write!(words, "\n\n{}", self.words);
        let mut report = json!({
            "type": "report", "spec_version": "2.1",
            "id": report_id(&self.sender, &self.identifier, &self.sent),
            "created_by_ref": by, "created": created, "modified": created, "published": created,
            "name": name, "description": words.trim(), "report_types": ["threat-report"],
            "object_refs": refs, "object_marking_refs": marks,
            "external_references": [{
                "source_name": self.sender, "external_id": self.identifier,
                "description": format!("CAP {}", self.message),
            }],
        });
        if let (false, Some(report)) = (labels.is_empty(), report.as_object_mut()) {
            report.insert("labels".to_owned(), json!(labels));
        }
        if let Value::Object(report) = report {
            objects.push(report);
        }
        objects
    }

    /// The event in words, and its areas.
    fn info(
        &self,
        info: &mut Element,
        (event, headline): (Option<String>, Option<String>),
        labels: &mut Vec<String>,
        marks: &[String],
    ) -> (String, Vec<Map<String, Value>>) {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "{name}: {value}");
        };
        for (name, value) in [("event", &event), ("headline", &headline)] {
            if let Some(value) = value {
                line(name, value);
            }
        }
        for name in
            ["description", "instruction", "language", "senderName", "audience", "web", "contact"]
        {
            if let Some(value) = info.text(name) {
                line(name, &value);
            }
        }
        for name in ["effective", "onset", "expires"] {
            if let Some(value) = info.text(name) {
                let utc = time(&value).map_or(value, String::from);
                line(name, &utc);
            }
        }
        for name in ["urgency", "severity", "certainty"] {
            if let Some(value) = info.text(name) {
                line(name, &value);
                labels.push(format!("cap:{name}={value}"));
            }
        }
        for name in ["category", "responseType"] {
            for value in info.texts(name) {
                line(name, &value);
                labels.push(format!("cap:{name}={value}"));
            }
        }
        for name in ["eventCode", "parameter"] {
            for mut pair in info.take_all(name) {
                let (key, value) = (pair.text("valueName"), pair.text("value"));
                line(name, &format!("{} = {}", key.unwrap_or_default(), value.unwrap_or_default()));
            }
        }
        for resource in &mut info.take_all("resource") {
            let mut said = Vec::new();
            for key in ["resourceDesc", "mimeType", "size", "uri", "digest"] {
                said.extend(resource.text(key));
            }
            line("resource", &said.join(", "));
            // A file that stands in the alert itself stays a loss.
            info.children.append(&mut resource.children);
        }
        let mut places = Vec::new();
        for mut one in info.take_all("area") {
            let area = area::read(&mut one, &millis(&self.sent), marks);
            line("area", &area.words);
            places.extend(area.locations);
            info.children.append(&mut one.children);
        }
        (text, places)
    }

    /// Whoever sends alerts under this name. An identity has no time in CAP: with a fixed one it is the
    /// same object in every alert.
    fn sender(&self) -> Map<String, Value> {
        let id = StixId::of_name("identity", format!("CAP {}", self.sender).as_bytes());
        let fixed = millis(&Timestamp::epoch());
        let identity = json!({
            "type": "identity", "spec_version": "2.1", "id": id.as_str(),
            "created": fixed, "modified": fixed, "name": self.sender,
            "identity_class": "organization",
            "object_marking_refs": [Tlp::Clear.id()],
        });
        match identity {
            Value::Object(identity) => identity,
            _ => Map::new(),
        }
    }

    /// A report that this alert takes back, or the place of.
    fn ended(
        &self,
        (id, at): (&str, &Timestamp),
        by: &str,
        marks: &[String],
    ) -> Map<String, Value> {
        let (created, now) = (millis(at), millis(&self.sent));
        let word = if self.message == "Cancel" { "cancelled" } else { "updated" };
        let report = json!({
            "type": "report", "spec_version": "2.1", "id": id,
            "created_by_ref": by, "created": created, "modified": now.max(created.clone()),
            "published": created, "revoked": true, "name": format!("{word} by {}", self.sender),
            "object_refs": [by], "object_marking_refs": marks,
        });
        match report {
            Value::Object(report) => report,
            _ => Map::new(),
        }
    }
}

fn text_of(object: &Map<String, Value>, key: &str) -> String {
    object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The id of an alert's report: of the three by which others refer to it (CAP 1.2 §3.2.1).
fn report_id(sender: &str, identifier: &str, sent: &Timestamp) -> String {
    let seconds = sent.micros().div_euclid(1_000_000);
    StixId::of_name("report", format!("CAP {sender},{identifier},{seconds}").as_bytes()).into()
}

/// `sender,identifier,sent`, with blanks between.
fn references(text: &str) -> Vec<(String, String, Timestamp)> {
    let all = text.split_whitespace().take(MAX_REFERENCES).filter_map(|one| {
        let (rest, sent) = one.rsplit_once(',')?;
        let (sender, identifier) = rest.split_once(',')?;
        Some((sender.to_owned(), identifier.to_owned(), time(sent)?))
    });
    all.collect()
}

/// A time with any offset; CAP writes UTC as `-00:00`.
fn time(text: &str) -> Option<Timestamp> {
    offset::in_utc(&text.replace("-00:00", "+00:00")).or_else(|| Timestamp::parse(text).ok())
}

/// To the millisecond, as STIX has times of versions.
fn millis(time: &Timestamp) -> String {
    let time = Timestamp::from_micros_with(time.micros(), 3).unwrap_or_else(|| time.clone());
    String::from(time)
}

/// The level of TLP that a text names, if any.
fn level(text: &str) -> Result<Option<Tlp>, NotRead> {
    let upper = text.to_ascii_uppercase();
    let Some(at) = upper.find("TLP") else { return Ok(None) };
    let rest = upper.get(at + "TLP".len()..).unwrap_or_default();
    let word: String = rest
        .trim_start_matches([':', ' ', '=', '-'])
        .chars()
        .take_while(|c| c.is_ascii_alphabetic() || *c == '+')
        .collect();
    if word.is_empty() {
        return Ok(None);
    }
    let found = if word == "WHITE" { Some(Tlp::Clear) } else { Tlp::parse(&word) };
    found.map(Some).ok_or_else(|| NotRead::Handling(format!("TLP:{word}")))
}

#[cfg(test)]
mod tests;
