//! `forewarn extract --stix`: a report, and what was found in it, as a STIX bundle. Ids are made of what
//! the objects say: the same report gives the same objects.

use crate::failure::Failed;
use crate::output;
use forewarn_document::Document;
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_extract::{Extraction, Indicator, Span};
use forewarn_stix::{StixId, Timestamp, observable_id};
use serde_json::{Map, Value, json};

/// The extension that says where in the text a thing was found: `docs/extension/README.md`.
pub(crate) const EXTENSION: &str = "extension-definition--3d9c1f0e-7a55-4c1b-9b0e-5f6f0f8a2d71";
/// Places, peoples and vulnerabilities are the same in every report: so is when they were made.
const ALWAYS: &str = "2026-01-01T00:00:00.000Z";
/// Most letters of a report's name.
const MAX_NAME: usize = 120;

/// Writes the bundle.
pub(crate) fn tell(document: &Document, found: &Extraction, at: &Timestamp) -> Result<(), Failed> {
    output::json(&bundle(document, found, at)?)
}

/// The bundle of a report.
pub(crate) fn bundle(
    document: &Document,
    found: &Extraction,
    at: &Timestamp,
) -> Result<Value, Failed> {
    let made = Made::of(document, found, at);
    if made.refs.is_empty() {
        let why = "nothing was found in it that a report of STIX could refer to";
        return Err(Failed::refused(why));
    }
    Ok(made.bundle(document, found))
}

/// The objects so far.
struct Made {
    /// What tells this report's objects from those of others.
    seed: Vec<u8>,
    at: String,
    objects: Vec<Value>,
    refs: Vec<String>,
    /// Where each was found.
    findings: Vec<Value>,
}

impl Made {
    fn of(document: &Document, found: &Extraction, at: &Timestamp) -> Made {
        let mut made = Made {
            seed: document.text.as_bytes().to_vec(),
            at: at.to_string(),
            objects: Vec::new(),
            refs: Vec::new(),
            findings: Vec::new(),
        };
        made.author(document);
        let places = made.places(found);
        for source in &found.sources {
            let name = country_name(source.country);
            let id = made.same(
                "identity",
                &name,
                json!({
                    "name": name, "identity_class": "unknown", "roles": ["source"],
                }),
            );
            made.found(&id, "source", &source.spans);
        }
        if found.stage != "none" {
            let id = made.own("incident", b"", json!({ "name": name(document) }));
            for place in places {
                made.own(
                    "relationship",
                    place.as_bytes(),
                    json!({
                        "relationship_type": "related-to", "source_ref": id, "target_ref": place,
                    }),
                );
            }
        }
        for one in &found.observables {
            made.observable(one);
        }
        made
    }

    fn author(&mut self, document: &Document) {
        let Some(author) = document.author.as_deref() else { return };
        let details =
            json!({ "name": author, "identity_class": "individual", "roles": ["author"] });
        self.same("identity", author, details);
    }

    /// The countries concerned and the places threatened: the ids of what is threatened most narrowly.
    fn places(&mut self, found: &Extraction) -> Vec<String> {
        let mut struck = Vec::new();
        for country in &found.countries {
            let details = json!({ "name": country_name(country), "country": country });
            let id = self.same("location", country, details);
            let reason = found.reasons.iter().find(|one| one.country == country);
            self.found(&id, "concerned", reason.map_or(&[][..], |one| &one.spans));
            if found.targets.iter().all(|one| one.country != country) {
                struck.push(id);
            }
        }
        for target in &found.targets {
            let mut details = json!({ "name": target.name, "country": target.country });
            let city = match target.kind {
                PlaceKind::City => Some(target.name),
                PlaceKind::Site => target.within,
                PlaceKind::Country | PlaceKind::Nationality | PlaceKind::Region => None,
            };
            if let (Some(city), Some(details)) = (city, details.as_object_mut()) {
                details.insert("city".to_owned(), json!(city));
            }
            let name = format!("{}, {}", target.name, target.country);
            let id = self.same("location", &name, details);
            self.found(&id, "threatened", &target.spans);
            struck.push(id);
        }
        struck
    }

    /// A value of the attackers': as an observable, and as an indicator of it.
    fn observable(&mut self, one: &Indicator) {
        let (value, hash) = (one.value.as_str(), one.kind);
        let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
        let (object, pattern) = match one.kind {
            "vulnerability" => {
                let id = self.same(
                    "vulnerability",
                    value,
                    json!({
                        "name": value,
                        "external_references": [{ "source_name": "cve", "external_id": value }],
                    }),
                );
                self.found(&id, "exploited", &[one.span]);
                return;
            }
            "md5" | "sha1" | "sha256" => {
                let name = match hash {
                    "md5" => "MD5",
                    "sha1" => "SHA-1",
                    _ => "SHA-256",
                };
                let object = json!({ "type": "file", "hashes": { name: value } });
                (object, format!("[file:hashes.'{name}' = '{escaped}']"))
            }
            // STIX has no object for it: it stands in the extension alone.
            "cryptocurrency-wallet" => {
                self.findings.push(finding(None, one.kind, Some(value), one.span));
                return;
            }
            kind => {
                let object = json!({ "type": kind, "value": value });
                (object, format!("[{kind}:value = '{escaped}']"))
            }
        };
        let observed = object.as_object().and_then(observable_id::deterministic);
        if let (Some(id), Some(mut object)) = (observed, object.as_object().cloned()) {
            object.insert("spec_version".to_owned(), json!("2.1"));
            object.insert("id".to_owned(), json!(id.as_str()));
            self.add(id.as_str(), Value::Object(object));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let confidence = (one.confidence * 100.0).round().clamp(0.0, 100.0) as u8;
        let at = self.at.clone();
        let id = self.own(
            "indicator",
            pattern.as_bytes(),
            json!({
                "name": value, "pattern": pattern, "pattern_type": "stix", "valid_from": at,
                "indicator_types": ["malicious-activity"], "confidence": confidence,
            }),
        );
        self.found(&id, "attackers", &[one.span]);
    }

    /// An object that is the same in every report.
    fn same(&mut self, kind: &'static str, name: &str, details: Value) -> String {
        let id = StixId::of_name(kind, format!("report {kind} {name}").as_bytes());
        self.made(id.as_str(), kind, ALWAYS, details)
    }

    /// An object of this report alone.
    fn own(&mut self, kind: &'static str, name: &[u8], details: Value) -> String {
        let whole = [self.seed.as_slice(), b"\0", name].concat();
        let (id, at) = (StixId::of_name(kind, &whole), self.at.clone());
        self.made(id.as_str(), kind, &at, details)
    }

    fn made(&mut self, id: &str, kind: &str, at: &str, details: Value) -> String {
        self.add(id, object(id, kind, at, details));
        id.to_owned()
    }

    fn add(&mut self, id: &str, object: Value) {
        if !self.refs.iter().any(|known| known == id) {
            self.refs.push(id.to_owned());
            self.objects.push(object);
        }
    }

    fn found(&mut self, id: &str, role: &str, spans: &[Span]) {
        self.findings.extend(spans.iter().map(|span| finding(Some(id), role, None, *span)));
    }

    fn bundle(mut self, document: &Document, found: &Extraction) -> Value {
        let whole = [self.seed.as_slice(), b"\0report"].concat();
        let id = StixId::of_name("report", &whole);
        let details = json!({
            "name": name(document),
            "description": document.text,
            "report_types": ["threat-report"],
            "published": self.at,
            "object_refs": self.refs,
            "extensions": { EXTENSION: {
                "extension_type": "property-extension",
                "language": found.language,
                "stage": found.stage,
                "kinds": found.kinds,
                "concern": found.concern,
                "findings": self.findings,
            }},
        });
        self.objects.insert(0, object(id.as_str(), "report", &self.at, details));
        let bundle = StixId::of_name("bundle", id.as_str().as_bytes());
        json!({ "type": "bundle", "id": bundle.as_str(), "objects": self.objects })
    }
}

/// An object with what all have; a detail that is not known is left out.
fn object(id: &str, kind: &str, at: &str, details: Value) -> Value {
    let mut object = Map::new();
    for (key, value) in
        [("type", kind), ("spec_version", "2.1"), ("id", id), ("created", at), ("modified", at)]
    {
        object.insert(key.to_owned(), json!(value));
    }
    if let Value::Object(details) = details {
        object.extend(details.into_iter().filter(|(_, value)| !value.is_null()));
    }
    Value::Object(object)
}

/// Where in the description something stands, as offsets of bytes in UTF-8.
fn finding(id: Option<&str>, role: &str, value: Option<&str>, span: Span) -> Value {
    let mut out = json!({ "role": role, "start": span.start, "end": span.end });
    if let Some(out) = out.as_object_mut() {
        out.extend(id.map(|id| ("ref".to_owned(), json!(id))));
        out.extend(value.map(|value| ("value".to_owned(), json!(value))));
    }
    out
}

/// The document's title, or the beginning of its text.
fn name(document: &Document) -> String {
    let title = document.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let line = || document.text.lines().map(str::trim).find(|line| !line.is_empty());
    title.or_else(line).unwrap_or("A report").chars().take(MAX_NAME).collect()
}

fn country_name(code: &str) -> String {
    gazetteer::country(code).map_or(code, |known| known.name).to_owned()
}
