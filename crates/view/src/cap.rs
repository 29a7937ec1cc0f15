//! Our warnings, and what we say of others' warnings, as CAP 1.2: from what was released, and from
//! nothing else.

use forewarn_cap::{
    Alert, Area, Category, Certainty as CapCertainty, Info, MessageType, Name, Pair, Reference,
    Resource, Scope, Severity as CapSeverity, Status as CapStatus, Urgency as CapUrgency, write,
};
use forewarn_exchange::case::{Outgoing, Recall, Release};
use forewarn_exchange::code::Code;
use forewarn_exchange::estimate::Band;
use forewarn_exchange::extension::Graded;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::refusal::Refusal;
use forewarn_exchange::scale::{Certainty, Severity, Status, Urgency};
use forewarn_stix::{Timestamp, bundle};
use serde_json::Value;
use sha1::{Digest as _, Sha1};

/// Who writes to whom, and whether it is meant.
#[derive(Debug, Clone)]
pub struct Letterhead<'a> {
    /// Our node's name: the sender.
    pub us: &'a NodeName,
    /// What people call us.
    pub organisation: &'a str,
    /// For whom it is.
    pub reader: &'a NodeName,
    /// Whether it is meant.
    pub status: Status,
    /// Whether it is for whoever its marking lets read, and not for the reader by name.
    pub restricted: bool,
}

/// An entry that a CAP message stands for, or is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The entry's global id.
    pub id: String,
    /// Its time, by its writer's clock.
    pub at: Timestamp,
}

/// What we say of a warning that came to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It was accepted: CAP's acknowledgement says no less.
    Accepted,
    /// It was declined, and why.
    Declined(String),
}

/// A message, and its words: they pass the gate before the message leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The message, as XML.
    pub xml: Vec<u8>,
    /// All that people have written in it.
    pub words: Vec<String>,
}

/// The newest version of a released warning, or its recall.
///
/// # Errors
/// Nothing was released, or what was cannot be written as CAP.
pub fn of_case(
    head: &Letterhead<'_>,
    urgency: Urgency,
    outgoing: &Outgoing,
) -> Result<Exported, Refusal> {
    let releases = outgoing.releases();
    let Some((last, before)) = releases.split_last() else {
        return Err(Refusal::new(Code::Stage, "nothing was released that could be exported"));
    };
    let alert = match outgoing {
        Outgoing::Recalled { recall, .. } => cancel(head, (releases, last), recall)?,
        Outgoing::Nothing | Outgoing::Drafted(_) | Outgoing::Released { .. } => {
            let message = if before.is_empty() { MessageType::Alert } else { MessageType::Update };
            Alert {
                info: vec![info(head, urgency, last)],
                references: references(head.us, before)?,
                codes: vec![last.draft.tlp.to_string()],
                scope: scope(head, &restriction(last))?,
                ..alert(head, (&last.id, &last.at), message)?
            }
        }
    };
    let words = words(&alert).into_iter().chain(last.draft.persons().iter().cloned());
    Ok(Exported { xml: written(&alert)?, words: words.collect() })
}

/// Title, text, places and reasons.
fn words(alert: &Alert) -> Vec<String> {
    let info = alert.info.iter().flat_map(|info| {
        let areas = info.areas.iter().map(|area| area.description.clone());
        [info.headline.clone(), info.description.clone()].into_iter().chain(areas)
    });
    alert.note.iter().cloned().chain(info).collect()
}

/// What we say of a warning that came to us: the entry that says it, and the one that it is about.
///
/// # Errors
/// It cannot be written as CAP.
pub fn of_warning(
    head: &Letterhead<'_>,
    word: &Word,
    (said, about): (&Told, &Told),
) -> Result<Vec<u8>, Refusal> {
    let (message, why) = match word {
        Word::Accepted => (MessageType::Ack, None),
        Word::Declined(why) => (MessageType::Error, Some(why.as_str())),
    };
    let reference = Reference {
        sender: name(head.reader)?,
        identifier: name(&about.id)?,
        sent: about.at.clone(),
    };
    let alert = Alert {
        references: vec![reference],
        note: note(head.status, why),
        scope: scope(head, "")?,
        ..alert(head, (&said.id, &said.at), message)?
    };
    written(&alert)
}

fn written(alert: &Alert) -> Result<Vec<u8>, Refusal> {
    write(alert).map_err(|e| Refusal::new(Code::NotAcceptable, e.to_string()))
}

fn name(text: &str) -> Result<Name, Refusal> {
    Name::parse(text).map_err(|e| Refusal::new(Code::NotAcceptable, e.to_string()))
}

fn alert(
    head: &Letterhead<'_>,
    (id, at): (&str, &Timestamp),
    message: MessageType,
) -> Result<Alert, Refusal> {
    Ok(Alert {
        identifier: name(id)?,
        sender: name(head.us)?,
        sent: at.clone(),
        status: match head.status {
            Status::Actual => CapStatus::Actual,
            Status::Exercise => CapStatus::Exercise,
            Status::Test => CapStatus::Test,
        },
        message,
        scope: Scope::Private { addresses: vec![name(head.reader)?] },
        codes: Vec::new(),
        note: note(head.status, None),
        references: Vec::new(),
        info: Vec::new(),
    })
}

/// Never Public: for the reader by name, or for whoever its marking lets read.
fn scope(head: &Letterhead<'_>, marking: &str) -> Result<Scope, Refusal> {
    if head.restricted && !marking.is_empty() {
        return Ok(Scope::Restricted { restriction: marking.to_owned() });
    }
    Ok(Scope::Private { addresses: vec![name(head.reader)?] })
}

/// Exercises and tests say so; then what else is to be said.
fn note(status: Status, why: Option<&str>) -> Option<String> {
    let meant = match status {
        Status::Actual => None,
        Status::Exercise => Some("EXERCISE: only those who take part act on it"),
        Status::Test => Some("TEST: to be disregarded"),
    };
    let all: Vec<&str> = meant.into_iter().chain(why).collect();
    (!all.is_empty()).then(|| all.join(". "))
}

fn references(us: &NodeName, releases: &[Release]) -> Result<Vec<Reference>, Refusal> {
    let each = releases.iter().map(|release| {
        Ok(Reference {
            sender: name(us)?,
            identifier: name(&release.id)?,
            sent: release.at.clone(),
        })
    });
    each.collect()
}

/// How far the whole may go: its marking, and at TLP:RED the persons whom it names.
fn restriction(release: &Release) -> String {
    let tlp = release.draft.tlp.to_string();
    match release.draft.persons() {
        [] => tlp,
        persons => format!("{tlp}, only for {}", persons.join(", ")),
    }
}

fn cancel(
    head: &Letterhead<'_>,
    (releases, last): (&[Release], &Release),
    recall: &Recall,
) -> Result<Alert, Refusal> {
    let id = format!("recall--{}", recall.entry.hash);
    Ok(Alert {
        codes: vec![last.draft.tlp.to_string()],
        references: references(head.us, releases)?,
        note: note(head.status, Some(&recall.reason)),
        scope: scope(head, &restriction(last))?,
        ..alert(head, (&id, &recall.at), MessageType::Cancel)?
    })
}

/// The event: graded as the released bundle says, and as the case was meanwhile where a bundle of
/// before says nothing.
fn info(head: &Letterhead<'_>, urgency: Urgency, release: &Release) -> Info {
    let draft = &release.draft;
    let bundle: Value = serde_json::from_str(&draft.bundle).unwrap_or_default();
    let graded = Graded::read(&bundle);
    let report = bundle::of_type(&bundle, "report").next();
    let mut parameters = vec![pair("TLP", draft.tlp.to_string())];
    parameters.extend(graded.pap.map(|pap| pair("PAP", pap.to_string())));
    parameters.extend(draft.persons().iter().map(|person| pair("recipient", person.clone())));
    Info {
        language: Some("en".to_owned()),
        categories: vec![Category::Security],
        event: "threat warning".to_owned(),
        urgency: match graded.urgency.unwrap_or(urgency) {
            Urgency::Immediate => CapUrgency::Immediate,
            Urgency::Expected => CapUrgency::Expected,
            Urgency::Future => CapUrgency::Future,
        },
        severity: match graded.severity {
            Some(Severity::Extreme) => CapSeverity::Extreme,
            Some(Severity::Severe) => CapSeverity::Severe,
            Some(Severity::Moderate) => CapSeverity::Moderate,
            Some(Severity::Minor) => CapSeverity::Minor,
            Some(Severity::Unknown) | None => CapSeverity::Unknown,
        },
        certainty: certainty(&graded),
        effective: release.at.clone(),
        expires: draft.valid_until.clone(),
        sender_name: head.organisation.to_owned(),
        headline: draft.title.clone(),
        description: report
            .map(|report| text(report, "description"))
            .unwrap_or_default()
            .to_owned(),
        parameters,
        resources: vec![Resource {
            description: "the warning as a STIX 2.1 bundle".to_owned(),
            mime_type: "application/stix+json;version=2.1".to_owned(),
            size: draft.bundle.len() as u64,
            digest: sha1(draft.bundle.as_bytes()),
        }],
        areas: bundle::of_type(&bundle, "location").map(area).collect(),
    }
}

fn pair(name: &str, value: String) -> Pair {
    Pair { name: name.to_owned(), value }
}

/// What the drafter says of it; where that is nothing, what he holds likely: likely is more than even.
fn certainty(graded: &Graded) -> CapCertainty {
    match (graded.certainty, graded.likelihood.map(|likelihood| likelihood.band)) {
        (Some(Certainty::Observed), _) => CapCertainty::Observed,
        (Some(Certainty::Likely), _)
        | (None, Some(Band::AlmostCertain | Band::VeryLikely | Band::Likely)) => {
            CapCertainty::Likely
        }
        (Some(Certainty::Possible), _)
        | (None, Some(Band::RoughlyEvenChance | Band::Unlikely | Band::VeryUnlikely)) => {
            CapCertainty::Possible
        }
        (Some(Certainty::Unlikely), _) | (None, Some(Band::AlmostNoChance)) => {
            CapCertainty::Unlikely
        }
        (Some(Certainty::Unknown), _) | (None, None) => CapCertainty::Unknown,
    }
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A place by its name and country.
fn area(location: &Value) -> Area {
    let country = text(location, "country");
    let geocode = pair("ISO3166-1", country.to_owned());
    Area {
        description: text(location, "name").to_owned(),
        geocodes: if country.is_empty() { Vec::new() } else { vec![geocode] },
    }
}

/// SHA-1, as CAP 1.2 asks for: it names the file, and proves nothing.
fn sha1(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha1::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
