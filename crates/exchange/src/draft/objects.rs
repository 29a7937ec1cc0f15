//! The objects of a warning: all new, all ours, with a time, a marking and an author in common.

use super::DraftRequest;
use super::include::{Observed, Target};
use super::observable::{self, Observable};
use crate::code::Code;
use crate::drawn::Ids;
use crate::refusal::Refusal;
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_extract::refang::refang;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use serde_json::{Value, json};

/// Makes objects that share a time, a marking and an author.
pub(super) struct Maker<'a> {
    pub(super) at: &'a Timestamp,
    /// Ids of the marking definitions of every object.
    pub(super) marks: Vec<String>,
    pub(super) ids: &'a mut Ids,
    pub(super) objects: Vec<Value>,
    /// The id of our organisation, once it is made.
    pub(super) us: Option<String>,
}

impl Maker<'_> {
    /// Adds an object of the standard; returns its id.
    pub(super) fn add(&mut self, type_name: &str, properties: Value) -> String {
        let id = self.ids.id(type_name);
        let mut object = json!({
            "type": type_name, "spec_version": "2.1", "id": id, "created": self.at,
            "modified": self.at, "object_marking_refs": self.marks,
        });
        if let (Value::Object(to), Value::Object(from)) = (&mut object, properties) {
            if let Some(us) = &self.us {
                to.insert("created_by_ref".to_owned(), us.as_str().into());
            }
            to.extend(from);
        }
        self.objects.push(object);
        id
    }

    /// Adds an observable. Its id is drawn, not made of its value (STIX 2.1 §2.9 lets both): an
    /// original about the same would have that very id.
    fn add_observed(&mut self, type_name: &str, properties: Value) -> String {
        let id = self.ids.id(type_name);
        let mut object = json!({
            "type": type_name, "spec_version": "2.1", "id": id, "object_marking_refs": self.marks,
        });
        if let (Value::Object(to), Value::Object(from)) = (&mut object, properties) {
            to.extend(from);
        }
        self.objects.push(object);
        id
    }
}

/// Adds our organisation, everything that the drafter has put in, and returns what the report refers
/// to.
pub(super) fn put_in(
    maker: &mut Maker,
    request: &DraftRequest,
    organisation: &str,
) -> Result<Vec<String>, Refusal> {
    let us = maker.add(
        "identity",
        json!({
            "name": organisation, "identity_class": "organization"
        }),
    );
    maker.us = Some(us.clone());
    let mut refs = Vec::new();
    for place in &request.places {
        refs.push(place_of(maker, place)?);
    }
    for observable in &request.observables {
        refs.push(watch_for(maker, observable, request)?);
    }
    let include = &request.include;
    refs.extend(include.targets.iter().map(|target| target_of(maker, target)));
    refs.extend(include.sectors.iter().map(|sector| {
        maker.add(
            "identity",
            json!({ "name": sector, "identity_class": "class", "sectors": [sector] }),
        )
    }));
    refs.extend(
        include.incidents.iter().map(|name| maker.add("incident", json!({ "name": name }))),
    );
    for observed in &include.observed {
        refs.extend(observed_of(maker, observed)?);
    }
    if refs.is_empty() {
        refs.push(us);
    }
    Ok(refs)
}

fn place_of(maker: &mut Maker, name: &str) -> Result<String, Refusal> {
    let Some(place) = gazetteer::place(name) else {
        return Err(Refusal::new(Code::Place, format!("`{name}` is not in the gazetteer"))
            .advice("name the city or the country; say the rest in the text"));
    };
    let mut properties = json!({ "name": place.name, "country": place.country });
    let city = if place.kind == PlaceKind::City { Some(place.name) } else { place.within };
    if let (Some(city), Some(map)) = (city, properties.as_object_mut()) {
        map.insert("city".to_owned(), city.into());
    }
    Ok(maker.add("location", properties))
}

fn target_of(maker: &mut Maker, target: &Target) -> String {
    let mut properties = json!({ "name": target.name });
    if let (Some(class), Some(map)) = (target.class, properties.as_object_mut()) {
        map.insert("identity_class".to_owned(), class.name().into());
    }
    maker.add("identity", properties)
}

/// Adds an indicator; for a CVE, the vulnerability.
fn watch_for(maker: &mut Maker, value: &str, request: &DraftRequest) -> Result<String, Refusal> {
    let value = &*refang(value.trim());
    match observable::read(value) {
        Some(Observable::Seen(seen)) => Ok(maker.add(
            "indicator",
            json!({
                "name": value, "pattern": seen.pattern(), "pattern_type": "stix",
                "valid_from": maker.at, "valid_until": request.valid_until,
                "indicator_types": ["malicious-activity"],
            }),
        )),
        Some(Observable::Cve(number)) => Ok(maker.add(
            "vulnerability",
            json!({
                "name": number,
                "external_references": [{ "source_name": "cve", "external_id": number }],
            }),
        )),
        None => {
            Err(Refusal::new(Code::Observable, format!("`{value}` is not {}", observable::KINDS)))
        }
    }
}

/// Adds what was observed, and that it was: two objects, of which the report has both.
fn observed_of(maker: &mut Maker, observed: &Observed) -> Result<[String; 2], Refusal> {
    let value = &*refang(observed.value.trim());
    let Some(Observable::Seen(seen)) = observable::read(value) else {
        let message =
            format!("`{value}` is nothing that can be observed: not {}", observable::KINDS);
        return Err(Refusal::new(Code::Observable, message));
    };
    let (kind, properties) = seen.object();
    let thing = maker.add_observed(kind, properties);
    let data = maker.add(
        "observed-data",
        json!({
            "first_observed": observed.first, "last_observed": observed.last,
            "number_observed": observed.count, "object_refs": [thing],
        }),
    );
    Ok([thing, data])
}

/// The marking definitions that a bundle holds: those of TLP that its objects name, each once.
pub(super) fn tlp_definitions(levels: &[Tlp]) -> Vec<Value> {
    let mut levels = levels.to_vec();
    levels.sort_unstable();
    levels.dedup();
    levels.into_iter().map(Tlp::definition).collect()
}
