//! What our own tools may take of a warning that a partner sent us: its indicators, as objects of
//! our own, so that we may withdraw them (STIX 2.1 §3.6: only the creator revokes).

use crate::extension;
use crate::id::WarningNumber;
use crate::message::Content;
use crate::scale::Status;
use crate::warning::{Standing, Warning};
use forewarn_stix::marking::{Effective, Pap, Policies, Tlp};
use forewarn_stix::{StixId, Timestamp, bundle, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What stands on a shelf: set by the operator, by what the tools that read it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfRule {
    /// The highest marking of what stands there. RED never does: it is for named persons.
    #[serde(default = "strict")]
    pub marking: Tlp,
    /// How far what its readers do can be noticed: what may not be acted on so does not stand there.
    /// Tools that block are noticed (PAP:GREEN); such as only look through our own logs are not
    /// (PAP:RED).
    #[serde(default = "green")]
    pub pap: Pap,
    /// From when on.
    #[serde(default)]
    pub from: From,
}

impl Default for ShelfRule {
    fn default() -> ShelfRule {
        ShelfRule { marking: strict(), pap: green(), from: From::default() }
    }
}

/// From when on a warning's indicators stand on a shelf.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// Once one of our people has accepted the warning: a partner alone makes our tools do nothing.
    #[default]
    Accepted,
    /// As soon as it is here, until somebody declines it.
    Received,
}

fn strict() -> Tlp {
    Tlp::AmberStrict
}

fn green() -> Pap {
    Pap::Green
}

/// An object of ours that stands on a shelf, or is to: without the time of its version.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelved {
    id: String,
    object: Map<String, Value>,
}

/// A version of such an object, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct OnShelf {
    /// What it says.
    pub shelved: Shelved,
    /// When it was changed last.
    pub modified: Timestamp,
    /// Whether it was withdrawn.
    pub revoked: bool,
}

/// What a warning has to do with a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// All of its newest version's indicators stand there.
    All,
    /// Of what stands there, what the newest version still says: nobody has read that yet.
    WhatStands,
    /// None.
    Nothing,
}

/// Of what an object of ours is. The same in a later version of the warning is the same object; once
/// that was withdrawn, it is the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<'a> {
    /// The shelf's id: a UUID.
    pub shelf: &'a str,
    /// The warning's id, as the partner wrote it.
    pub warning: &'a str,
    /// How many objects for it were withdrawn before.
    pub round: u32,
}

impl ShelfRule {
    /// What a warning with this newest content has to do with the shelf.
    pub fn claim(&self, warning: &Warning, content: &Content) -> Claim {
        let meant = warning.status == Status::Actual;
        let holds = warning.recall.is_none() && warning.expired.is_none();
        let within = content.tlp < Tlp::Red && content.tlp <= self.marking;
        let unnoticed = extension::pap(&content.bundle).is_none_or(|pap| pap <= self.pap);
        if !(meant && holds && within && unnoticed) {
            return Claim::Nothing;
        }
        match (&warning.standing, self.from) {
            (Standing::Declined { .. }, From::Accepted | From::Received) => Claim::Nothing,
            (Standing::Accepted { .. }, From::Accepted | From::Received)
            | (Standing::New {} | Standing::Opened { .. }, From::Received) => Claim::All,
            (Standing::New {} | Standing::Opened { .. }, From::Accepted) => Claim::WhatStands,
        }
    }
}

/// What an indicator looks for. An indicator of a later version that looks for the same is the same
/// to a tool, whatever its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Looked(String);

impl Looked {
    fn of(indicator: &Value) -> Option<Looked> {
        let text = |name: &str| indicator.get(name).and_then(Value::as_str);
        let (kind, pattern) = (text("pattern_type")?, text("pattern")?);
        Some(Looked(format!("{kind} {pattern}")))
    }
}

/// The indicators of a warning's content that hold, by what they look for: of two, the first.
pub fn indicators(content: &Content) -> BTreeMap<Looked, &Value> {
    let mut all = BTreeMap::new();
    for one in bundle::of_type(&content.bundle, "indicator") {
        let revoked = one.get("revoked").and_then(Value::as_bool) == Some(true);
        if let Some(looked) = Looked::of(one).filter(|_| !revoked) {
            all.entry(looked).or_insert(one);
        }
    }
    all
}

/// What all indicators of a warning's content look for.
pub fn ever(content: &Content) -> impl Iterator<Item = Looked> {
    bundle::of_type(&content.bundle, "indicator").filter_map(Looked::of)
}

/// The id of our object for an indicator of theirs.
pub fn id_of(of: Of<'_>, looked: &Looked) -> String {
    named("indicator", &json!([of.shelf, of.warning, of.round, looked.0]))
}

/// The identity of our organisation on a shelf.
pub fn ourselves(shelf: &str, organisation: &str) -> Shelved {
    let id = named("identity", &json!([shelf]));
    let object = json!({
        "type": "identity", "spec_version": "2.1", "id": id,
        "name": organisation, "identity_class": "organization",
    });
    Shelved::new(id, object)
}

/// Our object for an indicator of theirs. `None` when none of it would hold at any time: its own time
/// is over before the warning's begins, or it is not marked by a published level.
pub fn shelved(
    of: Of<'_>,
    (warning, content): (&Warning, &Content),
    (looked, indicator): (&Looked, &Value),
) -> Option<Shelved> {
    let id = id_of(of, looked);
    let Effective::Tlp(tlp) = Policies::of(&content.bundle).effective(indicator) else {
        return None;
    };
    let time = |name: &str| Timestamp::parse(indicator.get(name)?.as_str()?).ok();
    let from = time("valid_from")?;
    let horizon = content.valid_until.clone();
    let until = time("valid_until").filter(|own| *own < horizon).unwrap_or(horizon);
    if until <= from {
        return None;
    }
    let mut object = json!({
        "type": "indicator", "spec_version": "2.1", "id": id,
        "created_by_ref": named("identity", &json!([of.shelf])),
        "created": warning.received.to_string(),
        "valid_from": from.to_string(), "valid_until": until.to_string(),
        "object_marking_refs": [tlp.id()],
        "external_references": [{
            "source_name": "forewarn",
            "description": "a warning from a partner",
            "external_id": reference(warning.number),
        }],
    });
    let known =
        ["name", "indicator_types", "pattern", "pattern_type", "pattern_version", "confidence"];
    for name in known {
        if let (Some(value), Some(object)) = (indicator.get(name), object.as_object_mut()) {
            object.insert(name.to_owned(), value.clone());
        }
    }
    let pap = extension::pap(&content.bundle);
    let marks = object.get_mut("object_marking_refs").and_then(Value::as_array_mut);
    if let (Some(pap), Some(marks)) = (pap, marks) {
        marks.push(pap.id().into());
    }
    Some(Shelved::new(id, object))
}

fn reference(warning: WarningNumber) -> String {
    format!("warning-{warning}")
}

fn named(kind: &'static str, name: &Value) -> String {
    StixId::of_name(kind, &canonical::bytes(name)).into()
}

impl Shelved {
    fn new(id: String, object: Value) -> Shelved {
        let object = match object {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        Shelved { id, object }
    }

    /// Its STIX id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was made, where it says so.
    pub fn created(&self) -> Option<Timestamp> {
        Timestamp::parse(self.object.get("created")?.as_str()?).ok()
    }

    /// A version of it: created then, unless it says when.
    pub fn at(&self, (created, modified): (&Timestamp, &Timestamp), revoked: bool) -> Vec<u8> {
        let mut object = self.object.clone();
        object.entry("created").or_insert_with(|| created.to_string().into());
        object.insert("modified".to_owned(), modified.to_string().into());
        if revoked {
            object.insert("revoked".to_owned(), true.into());
        }
        canonical::bytes(&Value::Object(object))
    }

    /// Whether it says the same as what stands, but for when that was made.
    pub fn is_said_by(&self, standing: &Shelved) -> bool {
        let mut theirs = standing.object.clone();
        if !self.object.contains_key("created") {
            theirs.remove("created");
        }
        self.object == theirs
    }
}

impl OnShelf {
    /// Reads what stands on a shelf; `None` when it is no object of ours.
    pub fn read(bytes: &[u8]) -> Option<OnShelf> {
        let mut object: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        let id = object.get("id")?.as_str()?.to_owned();
        let modified = Timestamp::parse(object.remove("modified")?.as_str()?).ok()?;
        let revoked = object.remove("revoked").and_then(|one| one.as_bool()).unwrap_or(false);
        Some(OnShelf { shelved: Shelved { id, object }, modified, revoked })
    }

    /// When the next version may be made: at that time, and after this one.
    pub fn next(&self, at: &Timestamp) -> Timestamp {
        if *at > self.modified {
            return at.clone();
        }
        Timestamp::from_micros(self.modified.micros() + 1_000).unwrap_or_else(|| at.clone())
    }
}
