//! A text that a person has corrected, with what is right of it: a line to learn from.

use crate::Extraction;
use crate::corrected::{Changes, Finding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text with what is right of it, as the program that learns reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Labelled {
    /// Whose text.
    pub id: String,
    /// The language, in the two letters of ISO 639-1 where it has some.
    pub lang: String,
    /// What kind of text.
    pub style: String,
    /// The text.
    pub text: String,
    /// What is right of it.
    pub gold: Gold,
}

/// What is right of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gold {
    /// The countries concerned.
    pub must: Vec<String>,
    /// Countries that count neither way.
    pub may: Vec<String>,
    /// The threatened places.
    pub places: Vec<String>,
    /// The kinds of threat.
    pub threat: Vec<String>,
    /// How far it got.
    pub stage: String,
    /// The attackers' values.
    pub observables: Vec<Value>,
    /// Values that were taken for such and are none.
    pub not_observables: Vec<String>,
}

/// A value of an attacker's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    /// The STIX type of the object for it; of hashes, which hash it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value, not defanged.
    pub value: String,
}

impl Labelled {
    /// A text that somebody has corrected: what was found and was left as it is counts as right.
    pub fn of(id: &str, text: &str, found: &Extraction, changes: &Changes) -> Labelled {
        let mut found = found.clone();
        changes.lay_over(text, &mut found);
        let mut places: Vec<String> = found.targets.iter().map(|one| one.name.to_owned()).collect();
        for (finding, _) in changes.added() {
            if let Finding::Target(name, _) = finding
                && !places.contains(name)
            {
                places.push(name.clone());
            }
        }
        let values = found.observables.iter();
        let gold = Gold {
            must: found.countries.clone(),
            may: Vec::new(),
            places,
            threat: found.kinds.iter().map(|one| (*one).to_owned()).collect(),
            stage: found.stage.to_owned(),
            observables: values
                .map(|one| Value { kind: one.kind.to_owned(), value: one.value.clone() })
                .collect(),
            not_observables: changes
                .wrong()
                .filter_map(|one| match one {
                    Finding::Observable(value) => Some(value.clone()),
                    _ => None,
                })
                .collect(),
        };
        let lang = found.language.unwrap_or("und").to_owned();
        let (id, style, text) = (id.to_owned(), "corrected".to_owned(), text.to_owned());
        Labelled { id, lang, style, text, gold }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrected::tests::{REPORT, change};
    use crate::extract;

    #[test]
    fn a_line_for_training_has_what_was_left_and_what_was_said() {
        let said = [
            change(1, Some("place:Kazan Cathedral, RU"), None),
            change(2, None, Some("target:The old mill, RU")),
            change(3, Some("observable:c2.example.org"), Some("observable:192.0.2.7")),
            change(4, None, Some("country:RU")),
        ];
        let line = Labelled::of("text--1", REPORT, &extract(REPORT), &Changes::of(&said));
        assert_eq!(line.gold.must, ["RU"]);
        assert!(line.gold.places.contains(&"The old mill".to_owned()), "{:?}", line.gold.places);
        assert_eq!(line.gold.not_observables, ["c2.example.org"]);
        let values: Vec<&str> = line.gold.observables.iter().map(|one| &*one.kind).collect();
        assert_eq!(values, ["ipv4-addr", "ipv4-addr"]);
    }
}
