//! Words that an attribute can have. The schema knows that it is a text; that it is never `kiling`, it does
//! not, and a rule with such a word shuts nothing.

use crate::question::{Verb, Words};
use cedar_policy::Policy;
use forewarn_exchange::draft::ObservableKind;
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::scale::{Grade, Urgency};
use forewarn_exchange::user::Role;
use forewarn_extract::threat::Threat;
use forewarn_stix::marking::{Pap, Tlp};
use serde_json::Value;

const URGENCIES: [Urgency; 3] = [Urgency::Future, Urgency::Expected, Urgency::Immediate];
const SAYS: [Words; 3] = [Words::Recall, Words::Answer, Words::Permission];

/// What of a policy is a word that its attribute never has: a sentence each.
pub(crate) fn never(policy: &Policy) -> Vec<String> {
    let Ok(json) = policy.to_json() else { return Vec::new() };
    let mut wrong = Vec::new();
    look(&json, &mut wrong);
    wrong
}

/// Looks at each comparison of an attribute with words.
fn look(json: &Value, wrong: &mut Vec<String>) {
    match json {
        Value::Object(all) => {
            for name in ["==", "!=", "contains", "containsAll", "containsAny"] {
                let side = |side: &str| all.get(name).and_then(|test| test.get(side));
                if let (Some(left), Some(right)) = (side("left"), side("right")) {
                    compare(left, right, wrong);
                    compare(right, left, wrong);
                }
            }
            all.values().for_each(|one| look(one, wrong));
        }
        Value::Array(all) => all.iter().for_each(|one| look(one, wrong)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn compare(attribute: &Value, with: &Value, wrong: &mut Vec<String>) {
    let Some(name) = attribute.pointer("/./attr").and_then(Value::as_str) else { return };
    let set = with.get("Set").and_then(Value::as_array).map(Vec::as_slice);
    let words = set.unwrap_or(std::slice::from_ref(with)).iter();
    for word in words.filter_map(|one| one.get("Value")?.as_str()) {
        if let Some(known) = known(name, word) {
            wrong.push(format!("`{name}` is never \"{word}\"; it is {known}"));
        }
    }
}

/// What an attribute can be, where it cannot be this.
fn known(attribute: &str, word: &str) -> Option<String> {
    let all: Vec<String> = match attribute {
        "tlp" => Tlp::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "pap" => Pap::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "handling" => HandlingCode::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "urgency" => URGENCIES.iter().map(ToString::to_string).collect(),
        "threat" => Threat::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "kinds" => ObservableKind::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "roles" => Role::ALL.iter().map(|one| one.name().to_owned()).collect(),
        "says" => {
            let replies = Verb::all().map(|one| one.name().to_owned());
            SAYS.iter().map(|one| one.name().to_owned()).chain(replies).collect()
        }
        "grades" => {
            let is_grade = Grade::parse(word).is_ok_and(|grade| grade.to_string() == word);
            return (!is_grade).then(|| "a grade such as B2".to_owned());
        }
        // Names of partners and sources are free.
        _ => return None,
    };
    (!all.iter().any(|one| one == word)).then(|| all.join(", "))
}
