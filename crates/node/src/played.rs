//! What an inject brings: items with ids of their own.
//!
//! The same report may come in an exercise, in the next one, and for real. So what is played never has
//! the id of anything else: a text's is drawn from the exercise and its words, and each STIX object that
//! the scenario brings gets another id of its type, wherever the scenario names it. What it only refers
//! to keeps its id; so do definitions of markings and extensions, which are the same for everybody.

use crate::intake::{Destination, NotTaken, Sorted, read_some, sort, sort_played_text};
use forewarn_engine::IntakeWork;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::exercise::{Content, Exercise, Inject};
use forewarn_exchange::id::{CollectionNumber, ExerciseNumber};
use forewarn_stix::bundle::Objects;
use forewarn_stix::{Timestamp, json};
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::reason::Reason;
use forewarn_transcript::Hash;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most objects of one inject: the smallest that two megabytes hold.
const MAX_OBJECTS: u64 = 100_000;
/// Types whose ids everybody knows.
const DEFINED: &[&str] = &["marking-definition", "extension-definition"];

/// An exercise that is played, read once.
pub(crate) struct Playing {
    pub(crate) exercise: Exercise,
    /// Where its items go.
    collection: CollectionNumber,
    /// The ids of its objects, by those that the scenario gives them.
    ids: BTreeMap<String, String>,
}

impl Playing {
    pub(crate) fn new(exercise: Exercise, collection: CollectionNumber) -> Playing {
        let ids = own_ids(&exercise);
        Playing { exercise, collection, ids }
    }

    /// What is taken in when the inject at this place comes; `None` beyond the last. What cannot be
    /// read is kept with the reason, like whatever else is refused.
    pub(crate) fn work(&self, place: u32, now: Timestamp) -> Option<IntakeWork> {
        let (_, inject) = self.exercise.inject(place)?;
        let Sorted { items, refused, .. } = self.sorted(inject).unwrap_or_else(|why| {
            let (path, rule) = ("$".to_owned(), "inject".to_owned());
            let reasons = vec![Reason { path, rule, message: why.to_string() }];
            let bytes = inject.content.text().as_bytes().to_vec();
            let one = Refused { position: 0, id: None, version: None, reasons, bytes };
            Sorted { refused: vec![one], ..Sorted::default() }
        });
        let Exercise { number, scenario, .. } = &self.exercise;
        let called = inject.title.as_ref().unwrap_or(&scenario.name);
        let intake = NewIntake {
            id: self.exercise.intake_id(place),
            time: now,
            actor: Actor::Node(Part::Player),
            collection: self.collection,
            source: inject.source.clone(),
            grade: inject.grade.as_ref().map(ToString::to_string),
            marking: None,
            name: Some(format!("exercise {number}, inject {place}: {called}")),
        };
        Some(IntakeWork { intake, items, refused })
    }

    fn sorted(&self, inject: &Inject) -> Result<Sorted, NotTaken> {
        let collection = self.collection;
        match &inject.content {
            Content::Text(text) => {
                sort_played_text(text.clone().into_bytes(), (self.exercise.number, collection))
            }
            Content::Stix(text) => {
                let renamed = objects(text)?.into_iter().map(|object| renamed(object, &self.ids));
                let to = Destination { collection, accepts: &[], strict: false };
                Ok(sort(renamed.collect(), to, 0))
            }
        }
    }
}

fn objects(text: &str) -> Result<Vec<Vec<u8>>, NotTaken> {
    read_some(&mut Objects::any(text.as_bytes()), MAX_OBJECTS)
}

/// The id in this exercise of each object that any inject of it brings.
fn own_ids(exercise: &Exercise) -> BTreeMap<String, String> {
    let texts = exercise.scenario.injects.iter().filter_map(|inject| match &inject.content {
        Content::Stix(text) => objects(text).ok(),
        Content::Text(_) => None,
    });
    let ids = texts.flatten().filter_map(|object| {
        let Ok(Value::Object(object)) = json::read(&object) else { return None };
        object.get("id").and_then(Value::as_str).map(str::to_owned)
    });
    ids.filter_map(|id| own_id(exercise.number, &id).map(|own| (id, own))).collect()
}

/// Another id of the same type; `None` where everybody has it under its own.
fn own_id(exercise: ExerciseNumber, id: &str) -> Option<String> {
    let (kind, _) = id.split_once("--").filter(|(kind, _)| !DEFINED.contains(kind))?;
    let drawn = Hash::of(format!("exercise {exercise} {id}").as_bytes());
    Some(format!("{kind}--{}", Ids::new(drawn).uuid()))
}

/// An object with the ids of the exercise. What is no JSON stays, and is refused when it is judged.
fn renamed(object: Vec<u8>, ids: &BTreeMap<String, String>) -> Vec<u8> {
    let Ok(mut value) = json::read(&object) else { return object };
    rename(&mut value, ids);
    serde_json::to_vec(&value).unwrap_or(object)
}

fn rename(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(own) = ids.get(text) {
                text.clone_from(own);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| rename(one, ids)),
        Value::Object(map) => map.values_mut().for_each(|one| rename(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::name::UserName;
    use serde_json::json;

    const TOOL: &str = "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    const REPORT: &str = "report--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd40";
    const ELSEWHERE: &str = "identity--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd41";
    const MARKING: &str = "marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd42";

    fn exercise(number: i64) -> Exercise {
        let report = json!([
            { "type": "report", "spec_version": "2.1", "id": REPORT, "object_refs": [TOOL],
              "created_by_ref": ELSEWHERE, "object_marking_refs": [MARKING] },
            { "type": "marking-definition", "spec_version": "2.1", "id": MARKING },
        ]);
        // The id stands there in another way of writing JSON.
        let escaped = TOOL.replacen("--", "\\u002d-", 1);
        let tool = format!(r#"{{"type": "tool", "spec_version": "2.1", "id": "{escaped}"}}"#);
        let inject = |text: String| json!({ "at": "0:00", "content": { "stix": text } });
        let injects = [inject(report.to_string()), inject(tool)];
        let scenario = json!({ "name": "x", "injects": injects });
        let (by, at) = (UserName::parse("ana").unwrap(), Timestamp::epoch());
        let scenario = serde_json::from_value(scenario).unwrap();
        Exercise::begin(ExerciseNumber::new(number), scenario, (&by, &at)).unwrap()
    }

    #[test]
    fn what_is_played_has_ids_of_its_own_in_each_exercise_and_refers_to_them() {
        let ids: Vec<_> = [1, 2].map(|number| own_ids(&exercise(number))).into();
        assert_eq!(ids[0].len(), 2, "{:?}", ids[0]);
        for (old, own) in &ids[0] {
            assert_eq!(old.split_once("--").unwrap().0, own.split_once("--").unwrap().0);
            assert!(own != old && ids[1][old] != *own);
        }
        let played = exercise(1);
        let Content::Stix(text) = &played.scenario.injects[0].content else { panic!("STIX") };
        let first = renamed(objects(text).unwrap().remove(0), &ids[0]);
        let first: Value = serde_json::from_slice(&first).unwrap();
        assert_eq!(first["id"], ids[0][REPORT]);
        assert_eq!(first["object_refs"], json!([ids[0][TOOL]]));
        assert_eq!(
            (&first["created_by_ref"], &first["object_marking_refs"][0]),
            (&json!(ELSEWHERE), &json!(MARKING))
        );
    }
}
