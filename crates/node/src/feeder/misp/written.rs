//! What a MISP server is to hold of a case: the newest release as an event, or that it was withdrawn.
//!
//! All releases of a case are one event, whose UUID is that of the first one's report. A server adds
//! what an event has and forgets nothing, so what an earlier release had and the newest one lacks is
//! told as deleted, by its UUID, with nothing of what it said.

use forewarn_exchange::case::{Outgoing, Release};
use forewarn_exchange::scale::Status;
use forewarn_stix::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Lists of an event's parts that have UUIDs of their own.
const LISTS: &[&str] = &["Attribute", "Object", "EventReport"];

/// What a server is to hold.
#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) uuid: String,
    /// `{"Event": …}`.
    pub(super) event: Value,
    /// Whether the server has had no version of it from us.
    pub(super) is_first: bool,
    /// Whether it is one that was withdrawn.
    pub(super) is_withdrawn: bool,
    /// What of the release MISP does not say.
    pub(super) losses: Vec<String>,
}

/// The event of a case; `None` when nothing was released. `withdrawn` says since when it does not
/// hold, where it was recalled or its time is over.
///
/// # Errors
/// It cannot be said in MISP: why.
pub(super) fn wanted(
    outgoing: &Outgoing,
    status: Status,
    withdrawn: Option<&Timestamp>,
) -> Result<Option<Wanted>, String> {
    let releases = outgoing.releases();
    let (Some(first), Some(last)) = (releases.first(), releases.last()) else { return Ok(None) };
    let id = first.report_id().ok_or("the release has no report")?;
    let uuid = id.split_once("--").map_or("", |(_, uuid)| uuid).to_owned();
    let mut before = Vec::new();
    for release in releases {
        before.push(event_of(release)?);
    }
    let Some((newest, losses)) = before.pop() else { return Ok(None) };
    let mut time = releases.iter().fold(i64::MIN, |before, one| later(before, &one.at));
    let mut event = newest;
    if let Some(at) = withdrawn {
        time = later(time, at);
        before.push((event, Vec::new()));
        event = ended(&last.draft.tlp.to_string(), (&uuid, status), at);
    }
    let gone = gone(&before, &event, time);
    for (list, parts) in gone {
        let all = event.entry(list).or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.extend(parts);
        }
    }
    event.insert("uuid".to_owned(), uuid.clone().into());
    event.insert("timestamp".to_owned(), time.to_string().into());
    let (is_first, is_withdrawn) = (releases.len() == 1, withdrawn.is_some());
    Ok(Some(Wanted { uuid, event: json!({ "Event": event }), is_first, is_withdrawn, losses }))
}

/// A server takes an edit only when it is later than what it has, in seconds.
fn later(before: i64, at: &Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000).max(before.saturating_add(1))
}

fn event_of(release: &Release) -> Result<(Map<String, Value>, Vec<String>), String> {
    let written = forewarn_misp::to_misp(release.draft.bundle.as_bytes());
    let written = written.map_err(|why| why.to_string())?;
    let losses = written.losses.list().iter().map(ToString::to_string).collect();
    match written.event {
        Value::Object(mut wrapped) => match wrapped.remove("Event") {
            Some(Value::Object(event)) => Ok((event, losses)),
            _ => Err("it would be several events".to_owned()),
        },
        _ => Err("it would be no event".to_owned()),
    }
}

/// An event that says no more than that it does not hold any more: what it said may be withheld by
/// now.
fn ended(tlp: &str, (uuid, status): (&str, Status), at: &Timestamp) -> Map<String, Value> {
    let name = match status {
        Status::Actual => "withdrawn".to_owned(),
        Status::Exercise | Status::Test => format!("{}: withdrawn", status.name().to_uppercase()),
    };
    let text = format!("withdrawn at {at}; do not act on what it said");
    let note = json!({
        "uuid": note_id(uuid), "type": "comment", "category": "Other", "value": text,
        "to_ids": false, "distribution": "5",
        "timestamp": at.micros().div_euclid(1_000_000).to_string(),
    });
    let day: String = at.as_str().chars().take(10).collect();
    let event = json!({
        "info": name, "date": day, "published": false, "distribution": "0",
        "threat_level_id": "4", "analysis": "2",
        "Tag": [{ "name": tlp.to_lowercase() }], "Attribute": [note],
    });
    match event {
        Value::Object(event) => event,
        _ => Map::new(),
    }
}

fn note_id(uuid: &str) -> String {
    let id = forewarn_stix::StixId::of_name("x-withdrawn", uuid.as_bytes());
    String::from(id).split_once("--").map_or_else(String::new, |(_, uuid)| uuid.to_owned())
}

/// The parts of earlier events that the newest one lacks, as deleted.
fn gone(
    before: &[(Map<String, Value>, Vec<String>)],
    newest: &Map<String, Value>,
    time: i64,
) -> Vec<(&'static str, Vec<Value>)> {
    let mut stay: BTreeSet<String> = BTreeSet::new();
    for list in LISTS {
        stay.extend(parts(newest, list).filter_map(id));
    }
    let mut all = Vec::new();
    for list in LISTS {
        let mut gone = Vec::new();
        for (event, _) in before {
            for part in parts(event, list) {
                // An earlier version may have had it twice over.
                if id(part).is_some_and(|id| stay.insert(id)) {
                    gone.push(deleted(list, part, time));
                }
            }
        }
        if !gone.is_empty() {
            all.push((*list, gone));
        }
    }
    all
}

/// What a deleted part still says of itself: readers ask for these, and none of it is what it said.
const KEPT: &[&str] = &["name", "meta-category", "template_uuid", "template_version"];

/// A part as deleted, without what it said.
fn deleted(list: &str, part: &Map<String, Value>, time: i64) -> Value {
    let uuid = id(part).unwrap_or_default();
    let mut one = Map::new();
    let mut put = |key: &str, value: Value| one.insert(key.to_owned(), value);
    put("deleted", true.into());
    put("timestamp", time.to_string().into());
    match list {
        "Attribute" => {
            put("type", "comment".into());
            put("category", "Other".into());
            put("to_ids", false.into());
            put("value", format!("withdrawn {uuid}").into());
            if let Some(relation) = part.get("object_relation") {
                put("object_relation", relation.clone());
            }
        }
        "Object" => {
            for key in KEPT {
                if let Some(value) = part.get(*key) {
                    put(key, value.clone());
                }
            }
            let inner = parts(part, "Attribute").map(|one| deleted("Attribute", one, time));
            put("Attribute", inner.collect());
        }
        _ => {
            put("name", "withdrawn".into());
            put("content", "withdrawn".into());
        }
    }
    put("uuid", uuid.into());
    Value::Object(one)
}

fn parts<'a>(
    of: &'a Map<String, Value>,
    list: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    of.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn id(part: &Map<String, Value>) -> Option<String> {
    Some(part.get("uuid")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(value: &Value) -> (Map<String, Value>, Vec<String>) {
        (value.as_object().unwrap().clone(), Vec::new())
    }

    #[test]
    fn what_the_newest_version_lacks_is_told_as_deleted_without_what_it_said() {
        let before = event(&json!({
            "Attribute": [{ "uuid": "a", "value": "secret" }, { "uuid": "b", "value": "stays" }],
            "Object": [{ "uuid": "o", "name": "file", "Attribute": [{ "uuid": "i", "value": "x" }] }],
        }));
        let (newest, _) = event(&json!({ "Attribute": [{ "uuid": "b", "value": "stays" }] }));
        let gone = gone(&[before.clone(), before], &newest, 7);
        let gone = serde_json::to_value(gone).unwrap();
        let withdrawn = |uuid: &str| {
            json!({
                "uuid": uuid, "deleted": true, "timestamp": "7", "type": "comment",
                "category": "Other", "to_ids": false, "value": format!("withdrawn {uuid}"),
            })
        };
        let object = json!({
            "uuid": "o", "deleted": true, "timestamp": "7", "name": "file",
            "Attribute": [withdrawn("i")],
        });
        assert_eq!(gone, json!([["Attribute", [withdrawn("a")]], ["Object", [object]]]));
    }

    #[test]
    fn each_version_is_later_than_the_one_before() {
        let at = Timestamp::parse("2026-01-01T00:00:00.5Z").unwrap();
        let first = later(i64::MIN, &at);
        assert_eq!((first, later(first, &at)), (1_767_225_600, 1_767_225_601));
    }

    #[test]
    fn what_is_withdrawn_says_nothing_of_what_it_was() {
        let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let event = Value::Object(ended("TLP:AMBER", ("u", Status::Exercise), &at));
        assert_eq!(event["info"], "EXERCISE: withdrawn");
        assert_eq!(event["Tag"][0]["name"], "tlp:amber");
        assert_eq!(event["published"], false);
    }
}
