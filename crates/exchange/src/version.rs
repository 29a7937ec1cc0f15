//! What a version of a warning says, taken apart, and in what two versions differ: for whoever
//! releases the next one, and for whoever has acted on the one before.

use crate::draft::Draft;
use crate::message::Content;
use crate::scale::Urgency;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, bundle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// A version, taken apart. Ids and times of its objects do not count: each version has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    title: String,
    text: String,
    urgency: Option<Urgency>,
    tlp: Tlp,
    valid_until: Timestamp,
    persons: BTreeSet<String>,
    places: BTreeSet<String>,
    observables: BTreeSet<String>,
    others: BTreeSet<String>,
}

/// A part of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The report's title.
    Title,
    /// The report's text, line by line.
    Text,
    /// How urgent it is.
    Urgency,
    /// How far it may be passed on.
    Marking,
    /// Until when it holds.
    ValidUntil,
    /// Whom of the partner's people it is for.
    Persons,
    /// Its places.
    Places,
    /// What to watch for.
    Observables,
    /// Any other object of its bundle.
    Objects,
}

/// What is another in a part: as it was, and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Which part.
    pub part: Part,
    /// What is not there any more, as it was written.
    pub before: Vec<String>,
    /// What was not there before.
    pub after: Vec<String>,
}

impl Version {
    /// A version that was received.
    pub fn received(content: &Content) -> Version {
        let Content { title, urgency, tlp, valid_until, persons, bundle } = content;
        let stated = (title.clone(), *tlp, valid_until.clone());
        let persons = persons.iter().cloned().collect();
        Version { urgency: Some(*urgency), persons, ..Version::of(stated, bundle) }
    }

    /// A version that was drafted.
    pub fn drafted(draft: &Draft) -> Version {
        let bundle = serde_json::from_str(&draft.bundle).unwrap_or_default();
        let stated = (draft.title.clone(), draft.tlp, draft.valid_until.clone());
        let persons = draft.persons().iter().cloned().collect();
        Version { persons, ..Version::of(stated, &bundle) }
    }

    fn of((title, tlp, valid_until): (String, Tlp, Timestamp), bundle: &Value) -> Version {
        let mut version = Version {
            title,
            text: String::new(),
            urgency: None,
            tlp,
            valid_until,
            persons: BTreeSet::new(),
            places: BTreeSet::new(),
            observables: BTreeSet::new(),
            others: BTreeSet::new(),
        };
        for object in bundle::objects(bundle) {
            version.take(object);
        }
        version
    }

    fn take(&mut self, object: &Value) {
        let word = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
        match word("type") {
            "report" if self.text.is_empty() => {
                word("description").clone_into(&mut self.text);
                let labels = object.get("labels").and_then(Value::as_array);
                let labels = labels.into_iter().flatten().filter_map(Value::as_str);
                self.urgency = labels
                    .filter_map(|label| label.strip_prefix("urgency:"))
                    .find_map(|word| serde_json::from_value(word.into()).ok());
            }
            "location" => {
                self.places.insert(word("name").to_owned());
            }
            "indicator" => {
                self.observables.insert(word("pattern").to_owned());
            }
            "marking-definition" => {}
            // The author of the bundle, which nobody has created: the same in every version. Who was
            // created by it is a target or a sector.
            "identity" if word("created_by_ref").is_empty() => {}
            _ => {
                self.others.insert(described(object));
            }
        }
    }

    /// In what `next` differs; nothing when it says the same.
    pub fn changes(&self, next: &Version) -> Vec<Change> {
        let urgency = |of: &Version| of.urgency.map(|one| one.to_string());
        let one = |part, before: String, after: String| Change {
            part,
            before: vec![before],
            after: vec![after],
        };
        let lines = |of: &Version| of.text.lines().map(str::to_owned).collect::<Vec<_>>();
        let listed = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        let all = [
            one(Part::Title, self.title.clone(), next.title.clone()),
            apart(Part::Text, &lines(self), &lines(next)),
            one(
                Part::Urgency,
                urgency(self).unwrap_or_default(),
                urgency(next).unwrap_or_default(),
            ),
            one(Part::Marking, self.tlp.name().to_owned(), next.tlp.name().to_owned()),
            one(Part::ValidUntil, self.valid_until.to_string(), next.valid_until.to_string()),
            apart(Part::Persons, &listed(&self.persons), &listed(&next.persons)),
            apart(Part::Places, &listed(&self.places), &listed(&next.places)),
            apart(Part::Observables, &listed(&self.observables), &listed(&next.observables)),
            apart(Part::Objects, &listed(&self.others), &listed(&next.others)),
        ];
        all.into_iter().filter(|change| change.before != change.after).collect()
    }
}

/// What stands in one of two lists only.
fn apart(part: Part, before: &[String], after: &[String]) -> Change {
    let only = |of: &[String], not: &[String]| {
        of.iter().filter(|one| !not.contains(one)).cloned().collect::<Vec<_>>()
    };
    Change { part, before: only(before, after), after: only(after, before) }
}

/// An object by its type and what it says, without ids and times.
fn described(object: &Value) -> String {
    let mut said = object.clone();
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(map) = said.as_object_mut() {
        let own = ["type", "id", "spec_version", "created", "modified", "created_by_ref"];
        map.retain(|name, value| {
            let refers = name.ends_with("_ref") || name.ends_with("_refs");
            !own.contains(&name.as_str()) && !refers && !value.is_null()
        });
    }
    format!("{kind} {said}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::{made, request};
    use crate::draft::{DraftRequest, Include, Target};

    fn version(request: &DraftRequest) -> Version {
        Version::drafted(&made(request))
    }

    #[test]
    fn the_same_request_drafted_twice_says_the_same() {
        assert_eq!(version(&request()).changes(&version(&request())), []);
    }

    #[test]
    fn what_was_added_taken_out_or_put_otherwise_is_told_and_nothing_else() {
        let next = DraftRequest {
            title: "Planned bombing, earlier".into(),
            text: "A group plans a bombing at a cathedral.\nIt is planned for Friday.".into(),
            places: vec!["Kazan Cathedral".into(), "Moscow".into()],
            observables: vec!["c2.example.org".into()],
            ..request()
        };
        let changes = version(&request()).changes(&version(&next));
        let parts: Vec<Part> = changes.iter().map(|change| change.part).collect();
        assert_eq!(parts, [Part::Title, Part::Text, Part::Places, Part::Observables]);
        assert_eq!(changes[1].before, [] as [&str; 0]);
        assert_eq!(changes[1].after, ["It is planned for Friday."]);
        assert_eq!(
            (changes[2].before.len(), changes[2].after.as_slice()),
            (0, &["Moscow".to_owned()][..])
        );
        assert_eq!(changes[3].before, ["[ipv4-addr:value = '198.51.100.7']"]);
    }

    /// Targets and sectors are identities, as is the author, and were once passed over with it.
    #[test]
    fn another_target_or_sector_is_told_and_another_author_is_not() {
        let include = |target: &str, sector: &str| Include {
            targets: vec![Target { name: target.into(), class: None }],
            sectors: vec![sector.into()],
            ..Include::default()
        };
        let with = |include| version(&DraftRequest { include, ..request() });
        let changes = with(include("the cathedral", "energy"))
            .changes(&with(include("the station", "transportation")));
        assert_eq!(changes.len(), 1);
        let Change { part, before, after } = &changes[0];
        assert_eq!(*part, Part::Objects);
        let said = |list: &[String], words: [&str; 2]| {
            list.len() == 2 && words.iter().all(|word| list.iter().any(|one| one.contains(word)))
        };
        assert!(said(before, ["the cathedral", "energy"]), "{before:?}");
        assert!(said(after, ["the station", "transportation"]), "{after:?}");
    }
}
