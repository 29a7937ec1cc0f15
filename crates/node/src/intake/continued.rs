//! Objects that are made here of another format, as versions of what is here.
//!
//! MISP says when something was changed last, and not when it was made. So an object that is made of
//! a later version of an event would say that it was created later than the version that is here,
//! and could not follow it (STIX 2.1 §3.6.2). What is here is taken up again: its `created`; and, where
//! nothing else has changed, all of it. An organisation or a cluster has no time in MISP at all: it
//! would be another version with every event.

use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Most objects of one input that are compared with those after them.
const MAX_REMEMBERED: usize = 10_000;

/// What has come before in one input.
#[derive(Default)]
pub(crate) struct Continued {
    before: HashMap<String, Vec<u8>>,
}

/// What is looked at of an object.
#[derive(Deserialize)]
struct Peek<'a> {
    id: &'a str,
    /// Observables have none, and no versions.
    created: Option<&'a str>,
}

impl Continued {
    /// An object as it follows what is here, or what came before it in the input.
    pub(crate) fn follow(
        &mut self,
        db: &Db<'_>,
        collection: CollectionNumber,
        object: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        let Ok(Peek { id, created: Some(_) }) = serde_json::from_slice(&object) else {
            return Ok(object);
        };
        let id = id.to_owned();
        let here = match self.before.get(&id) {
            Some(before) => Some(before.clone()),
            None => db.newest_in(collection, &id)?.map(|stored| stored.bytes),
        };
        let object = match here {
            Some(here) if here != object => follow(&here, object),
            _ => object,
        };
        if is_shared(&id) && self.before.len() < MAX_REMEMBERED {
            self.before.insert(id, object.clone());
        }
        Ok(object)
    }
}

/// Whether several events may have it: what an event has for itself comes once.
fn is_shared(id: &str) -> bool {
    let kind = id.split_once("--").map_or(id, |(kind, _)| kind);
    !matches!(kind, "indicator" | "observed-data" | "relationship" | "sighting")
}

/// The object as a version of what is here.
fn follow(here: &[u8], object: Vec<u8>) -> Vec<u8> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
    let (Some(before), Some(mut after)) = (read(here), read(&object)) else { return object };
    let untimed = |one: &Map<String, Value>| {
        let mut one = one.clone();
        one.remove("created");
        one.remove("modified");
        one
    };
    // A new version of an event is told by its report, whatever is in it.
    let is_event = matches!(after.get("type").and_then(Value::as_str), Some("report" | "grouping"));
    if !is_event && untimed(&before) == untimed(&after) {
        return here.to_vec();
    }
    let (Some(created), Some(modified)) = (time(&before, "created"), time(&after, "modified"))
    else {
        return object;
    };
    if time(&after, "created").as_ref() == Some(&created) || created > modified {
        return object;
    }
    after.insert("created".to_owned(), String::from(created).into());
    serde_json::to_vec(&after).unwrap_or(object)
}

fn time(object: &Map<String, Value>, key: &str) -> Option<Timestamp> {
    Timestamp::parse(object.get(key)?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(kind: &str, name: &str, time: &str) -> Vec<u8> {
        let id = format!("{kind}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
        let time = format!("{time}T00:00:00.000Z");
        json!({ "type": kind, "id": id, "name": name, "created": time, "modified": time })
            .to_string()
            .into_bytes()
    }

    #[test]
    fn a_later_version_was_created_when_the_first_one_was() {
        let followed =
            follow(&object("note", "a", "2026-01-01"), object("note", "b", "2026-02-01"));
        let value: Value = serde_json::from_slice(&followed).unwrap();
        assert_eq!(value["created"], "2026-01-01T00:00:00.000Z");
        assert_eq!(value["modified"], "2026-02-01T00:00:00.000Z");
        // Nothing is changed before it was made.
        let older = object("note", "b", "2025-12-31");
        assert_eq!(follow(&object("note", "a", "2026-01-01"), older.clone()), older);
    }

    #[test]
    fn what_says_the_same_at_another_time_is_what_is_here() {
        let here = object("identity", "a", "2026-01-01");
        for time in ["2025-01-01", "2026-02-01"] {
            assert_eq!(follow(&here, object("identity", "a", time)), here);
        }
        let event =
            follow(&object("report", "a", "2026-01-01"), object("report", "a", "2026-02-01"));
        let value: Value = serde_json::from_slice(&event).unwrap();
        assert_eq!(value["modified"], "2026-02-01T00:00:00.000Z");
    }
}
