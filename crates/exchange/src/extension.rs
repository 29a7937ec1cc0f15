//! Our extension of STIX: what a warning says that STIX has no property for. A property extension of
//! `report`, and of the `note` that is a warning's tear line. `docs/extension/` publishes it with its
//! schema; a program that does not know it loses nothing of the text, which says the same in words.

use crate::estimate::{Confidence, Likelihood};
use crate::handling::{Handling, HandlingCode};
use crate::scale::{Certainty, Severity, Urgency};
use forewarn_stix::marking::{Pap, Policies, Tlp, iep};
use forewarn_stix::{Timestamp, bundle};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The id of its definition. It never changes; what is added later is optional.
pub const ID: &str = "extension-definition--6e2fa554-de8c-4370-9e7f-af0b14847193";

/// What a warning's report says by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// CAP 1.2 urgency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// CAP 1.2 severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// CAP 1.2 certainty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    /// The horizon: until when the warning holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// When the threat may come about, as the drafter put it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<String>,
    /// How likely, in a band and the words of a row (ICD 203).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Likelihood>,
    /// How sure the sender is of that (ICD 203).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Handling codes of SIENA.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handling: Vec<HandlingCode>,
    /// Handling codes that this program does not know: each counts as the strictest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_handling: Vec<String>,
    /// The words of H3.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handling_text: String,
    /// The level of PAP: [`pap`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// The policy of IEP 2.0 by which the report is marked, with the names of the OASIS draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iep: Option<Value>,
}

/// What may be passed on more widely than the warning itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TearLineRead {
    /// Its words.
    pub text: String,
    /// How far.
    pub tlp: Tlp,
}

/// The properties of a report's extension; only what is said stands in it.
pub(crate) fn written(graded: &Graded) -> Value {
    let mut map = match serde_json::to_value(graded) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    // They have markings of their own, and what is not known is never written.
    map.remove("iep");
    map.remove("unknown_handling");
    map.insert("extension_type".to_owned(), "property-extension".into());
    Value::Object(map)
}

/// The properties by which a note is a tear line.
pub(crate) fn tear_line() -> Value {
    json!({ "extension_type": "property-extension", "tear_line": true })
}

impl Graded {
    /// What a draft says.
    pub(crate) fn handling(self, handling: &Handling) -> Graded {
        Graded {
            handling: handling.codes.iter().copied().collect(),
            handling_text: handling.text.trim().to_owned(),
            pap: handling.pap,
            ..self
        }
    }

    /// What the report of a bundle says; nothing where it has no such extension and no marking of PAP
    /// or IEP. Each property is read by itself: one that a later version writes otherwise hides no
    /// other.
    pub fn read(bundle: &Value) -> Graded {
        let Some(report) = bundle::of_type(bundle, "report").next() else {
            return Graded::default();
        };
        let mut graded = extension(report).map(of_extension).unwrap_or_default();
        graded.pap = pap(bundle);
        let marks = report.get("object_marking_refs").and_then(Value::as_array);
        let marks: Vec<&str> = marks.into_iter().flatten().filter_map(Value::as_str).collect();
        let mut policy = bundle::objects(bundle).filter(|one| {
            one.get("id").and_then(Value::as_str).is_some_and(|id| marks.contains(&id))
        });
        graded.iep = policy.find_map(iep::policy).cloned();
        graded
    }
}

/// How far actions on what a bundle says may be noticed: the strictest of what the report's extension
/// says and of the markings of any object, or part of one. A level that is not known is the strictest.
pub fn pap(bundle: &Value) -> Option<Pap> {
    let report = bundle::of_type(bundle, "report").next();
    let said = report.and_then(extension).and_then(|own| own.get("pap"));
    let said = said.map(|level| level.as_str().and_then(Pap::parse).unwrap_or(Pap::Red));
    said.max(Pap::of_bundle(bundle))
}

impl TearLineRead {
    /// The tear lines of a bundle; none when it has none.
    pub fn read(bundle: &Value) -> Vec<TearLineRead> {
        let policies = Policies::of(bundle);
        let torn = bundle::of_type(bundle, "note").filter(|one| {
            extension(one).and_then(|own| own.get("tear_line")).and_then(Value::as_bool)
                == Some(true)
        });
        let line = |one: &Value| {
            let text = one.get("content").and_then(Value::as_str)?.to_owned();
            // Unmarked or not understood counts as the strictest: nothing is passed on by mistake.
            Some(TearLineRead { text, tlp: policies.effective(one).level() })
        };
        torn.filter_map(line).collect()
    }
}

fn of_extension(map: &Map<String, Value>) -> Graded {
    let codes = map.get("handling").and_then(Value::as_array);
    let codes = codes.into_iter().flatten().filter_map(Value::as_str);
    let (mut handling, mut unknown_handling) = (Vec::new(), Vec::new());
    for code in codes {
        match HandlingCode::parse(code) {
            Some(code) => handling.push(code),
            None => unknown_handling.push(code.to_owned()),
        }
    }
    Graded {
        urgency: field(map, "urgency"),
        severity: field(map, "severity"),
        certainty: field(map, "certainty"),
        valid_until: field(map, "valid_until"),
        times: field(map, "times").unwrap_or_default(),
        likelihood: field(map, "likelihood"),
        confidence: field(map, "confidence"),
        handling,
        unknown_handling,
        handling_text: field(map, "handling_text").unwrap_or_default(),
        pap: None,
        iep: None,
    }
}

fn field<T: DeserializeOwned>(map: &Map<String, Value>, name: &str) -> Option<T> {
    serde_json::from_value(map.get(name)?.clone()).ok()
}

fn extension(object: &Value) -> Option<&Map<String, Value>> {
    object.get("extensions")?.get(ID)?.as_object()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(extension: &Value, marks: &[&str]) -> Value {
        json!({ "type": "bundle", "objects": [{
            "type": "report", "object_marking_refs": marks, "extensions": { ID: extension },
        }] })
    }

    /// A partner with a later version must not blind us to what we do know.
    #[test]
    fn what_is_not_known_hides_nothing_and_counts_as_the_strictest() {
        let read = Graded::read(&reported(
            &json!({
                "severity": "severe", "certainty": "prophetic", "handling": ["H1", "H9"],
                "pap": "ultraviolet", "more": 1,
            }),
            &[Tlp::Amber.id(), Pap::Green.id()],
        ));
        let expected = Graded {
            severity: Some(Severity::Severe),
            handling: vec![HandlingCode::H1],
            unknown_handling: vec!["H9".into()],
            pap: Some(Pap::Red),
            ..Graded::default()
        };
        assert_eq!(read, expected);
    }

    /// One place once asked the markings only, another the report and its extension only.
    #[test]
    fn how_far_actions_may_be_noticed_has_one_answer() {
        let said = |level: &str| reported(&json!({ "pap": level }), &[Pap::Green.id()]);
        assert_eq!(pap(&said("amber")), Some(Pap::Amber));
        assert_eq!(pap(&said("clear")), Some(Pap::Green));
        assert_eq!(pap(&said("ultraviolet")), Some(Pap::Red));
        let mut other = reported(&json!({}), &[]);
        assert_eq!(pap(&other), None);
        let marked = json!({ "type": "indicator", "object_marking_refs": [Pap::Red.id()] });
        other["objects"].as_array_mut().unwrap().push(marked);
        assert_eq!((pap(&other), Graded::read(&other).pap), (Some(Pap::Red), Some(Pap::Red)));
    }

    #[test]
    fn a_bundle_of_before_says_nothing_more() {
        let report =
            json!({ "objects": [{ "type": "report", "object_marking_refs": [Tlp::Red.id()] }] });
        assert_eq!(Graded::read(&report), Graded::default());
        assert_eq!(Graded::read(&Value::Null), Graded::default());
        assert_eq!(TearLineRead::read(&report), []);
    }

    /// A note whose marking cannot be read is no licence to pass it on.
    #[test]
    fn a_tear_line_goes_as_far_as_its_own_marking_says() {
        let note = |marks: &[&str]| {
            json!({ "objects": [{ "type": "note", "content": "Be careful.",
                "object_marking_refs": marks, "extensions": { ID: tear_line() } }] })
        };
        let level = |marks: &[&str]| TearLineRead::read(&note(marks)).pop().unwrap().tlp;
        assert_eq!(level(&[Tlp::Clear.id()]), Tlp::Clear);
        assert_eq!(level(&[]), Tlp::Red);
        assert_eq!(level(&["marking-definition--0"]), Tlp::Red);
        let other = json!({ "objects": [{ "type": "note", "content": "x",
            "object_marking_refs": [Tlp::Clear.id()] }] });
        assert_eq!(TearLineRead::read(&other), []);
    }
}
