//! There and back: an event becomes itself again.

use crate::example;
use forewarn_misp::{to_misp, to_stix};
use serde_json::{Value, json};

/// The event of the objects of an event.
fn round(event: &Value) -> (Value, Vec<String>) {
    let made = to_stix(event.to_string().as_bytes()).unwrap();
    let bundle = json!({ "type": "bundle", "id": "bundle--6f5d1c3e-4a6c-4c1e-9d3e-0d8c1f2b3a4d",
        "objects": made.objects });
    let written = to_misp(bundle.to_string().as_bytes()).unwrap();
    let lost = written.losses.list().iter().map(ToString::to_string).collect();
    (written.event, lost)
}

/// A single value as text: MISP writes numbers and truths as texts, or not.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(u8::from(*yes).to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// Whether a field says what holds without it.
fn is_default(key: &str, value: &Value) -> bool {
    let text = plain(value).unwrap_or_default();
    let empty = value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(|map| map.values().all(|one| is_default("", one)));
    empty
        || (text.is_empty() && plain(value).is_some())
        || matches!(
            (key, text.as_str()),
            ("deleted" | "disable_correlation" | "sharing_group_id" | "object_id", "0")
                | ("distribution", "5")
        )
        || matches!(key, "event_id" | "object_id")
}

/// The pointers at which the result lacks what the original says.
fn lacking(from: &Value, to: &Value, at: &str, all: &mut Vec<String>) {
    match (from, to) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one.iter().filter(|(key, value)| !is_default(key, value)) {
                match other.get(key) {
                    Some(other) => lacking(value, other, &format!("{at}/{key}"), all),
                    None => all.push(format!("{at}/{key} is missing")),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for (n, value) in one.iter().enumerate() {
                let same = |key: &str| {
                    let own = value.get(key)?;
                    other.iter().find(|other| other.get(key) == Some(own))
                };
                let in_place = other.get(n).filter(|other| {
                    let by_name = value.get("uuid").is_none() && value.get("name").is_some();
                    other.get("uuid") == value.get("uuid") && !by_name
                });
                match in_place
                    .or_else(|| same("uuid"))
                    .or_else(|| same("name"))
                    .or_else(|| other.get(n))
                {
                    Some(other) => lacking(value, other, &format!("{at}/{n}"), all),
                    None => all.push(format!("{at}/{n} is missing")),
                }
            }
        }
        _ => {
            let same = plain(from).is_some() && plain(from) == plain(to);
            if !same && from != to {
                all.push(format!("{at}: {from} became {to}"));
            }
        }
    }
}

fn missing(event: &Value) -> Vec<String> {
    let (back, mut all) = round(event);
    let bare = |event: &Value| event.get("Event").unwrap_or(event).clone();
    lacking(&bare(event), &bare(&back), "", &mut all);
    all
}

#[test]
fn an_event_with_everything_becomes_itself_again() {
    let missing = missing(&example::event());
    assert!(missing.is_empty(), "{missing:#?}");
}

/// FOREWARN_MISP=FOLDER: other people's events.
#[test]
fn others_events_become_themselves_again() {
    let Ok(folder) = std::env::var("FOREWARN_MISP") else { return };
    let (mut files, mut wrong) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_none_or(|end| end != "json") || to_stix(&bytes).is_err() {
            continue;
        }
        let missing = missing(&serde_json::from_slice(&bytes).unwrap());
        files += 1;
        if !missing.is_empty() {
            wrong += 1;
            println!("{}: {:#?}", path.display(), missing.iter().take(8).collect::<Vec<_>>());
        }
    }
    assert!(wrong == 0, "{wrong} of {files} events");
    println!("{files} events");
}
