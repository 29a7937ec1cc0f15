//! A warning composed anew: each field put in on purpose, nothing copied from an original.

use crate::code::Code;
use crate::drawn::Ids;
use crate::gate::{Withheld, WithheldKind};
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::{Likelihood, Status, Urgency};
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_matching::terms::network;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the drafter puts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    pub title: String,
    pub text: String,
    pub tlp: Tlp,
    pub valid_until: Timestamp,
    pub likelihood: Option<Likelihood>,
    /// Places of the gazetteer, or countries by code.
    #[serde(default)]
    pub places: Vec<String>,
    /// Domains, addresses or URLs to watch for.
    #[serde(default)]
    pub observables: Vec<String>,
    /// Names that must not leave.
    #[serde(default)]
    pub withhold: Vec<String>,
}

/// A composed draft: the exact bytes that an approver will see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub by: UserName,
    pub at: Timestamp,
    pub title: String,
    pub tlp: Tlp,
    pub valid_until: Timestamp,
    /// The bundle, canonical.
    pub bundle: String,
    /// SHA-256 of it.
    pub digest: Hash,
    pub withheld: Vec<Withheld>,
}

/// Who composes, and from what: stays here.
pub struct Origin<'a> {
    pub organisation: &'a str,
    pub by: &'a UserName,
    pub at: &'a Timestamp,
    pub urgency: Urgency,
    pub status: Status,
    /// Ids of the items that gave rise to the case.
    pub lineage: &'a [String],
    /// The sources' handles.
    pub sources: &'a [String],
}

/// Composes the objects and lists what must not be in them.
pub fn compose(request: &DraftRequest, origin: &Origin, ids: &mut Ids) -> Result<Draft, Refusal> {
    if request.title.trim().is_empty() || request.text.trim().is_empty() {
        return Err(Refusal::new(Code::EmptyDraft, "a draft needs a title and a text"));
    }
    if request.valid_until.instant() <= origin.at.instant() {
        let message = format!("the horizon {} is past already", request.valid_until);
        return Err(
            Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ValidUntil })
        );
    }
    let withheld = withheld(request, origin);
    // Sources and ids are what they are; a name can be given in full.
    withheld.iter().filter(|one| one.what == WithheldKind::Name).try_for_each(Withheld::check)?;
    let mut maker = Maker { at: origin.at, tlp: request.tlp, ids, objects: Vec::new() };
    let us = maker.add(
        "identity",
        None,
        json!({
            "name": origin.organisation, "identity_class": "organization"
        }),
    );
    let mut refs = Vec::new();
    for place in &request.places {
        refs.push(add_place(&mut maker, &us, place)?);
    }
    for observable in &request.observables {
        refs.push(add_indicator(&mut maker, &us, observable, request)?);
    }
    if refs.is_empty() {
        refs.push(us.clone());
    }
    let mut description = request.text.clone();
    if let Some(likelihood) = request.likelihood {
        description.push_str("\n\nLikelihood: ");
        description.push_str(likelihood.words());
    }
    let mut labels = vec![format!("urgency:{}", origin.urgency)];
    if origin.status != Status::Actual {
        labels.push(origin.status.name().to_lowercase());
    }
    let title = shown_title(&request.title, origin.status);
    maker.add(
        "report",
        Some(&us),
        json!({
            "name": title, "description": description, "published": origin.at,
            "report_types": ["threat-report"], "object_refs": refs, "labels": labels,
        }),
    );
    let objects: Vec<Value> =
        std::iter::once(request.tlp.definition()).chain(maker.objects).collect();
    let bundle = json!({ "type": "bundle", "id": ids.id("bundle"), "objects": objects });
    let bytes = canonical::bytes(&bundle);
    Ok(Draft {
        by: origin.by.clone(),
        at: origin.at.clone(),
        title,
        tlp: request.tlp,
        valid_until: request.valid_until.clone(),
        digest: Hash::of(&bytes),
        bundle: String::from_utf8(bytes).unwrap_or_default(),
        withheld,
    })
}

/// Exercise and test traffic says so in its title too (R17).
pub(crate) fn shown_title(title: &str, status: Status) -> String {
    match status {
        Status::Actual => title.to_owned(),
        Status::Exercise | Status::Test => format!("{}: {title}", status.name().to_uppercase()),
    }
}

fn withheld(request: &DraftRequest, origin: &Origin) -> Vec<Withheld> {
    let kept = |what: WithheldKind, text: &String| Withheld { what, text: text.clone() };
    let names = request.withhold.iter().map(|n| kept(WithheldKind::Name, n));
    let sources = origin.sources.iter().map(|s| kept(WithheldKind::Source, s));
    let lineage = origin.lineage.iter().map(|id| kept(WithheldKind::OriginalId, id));
    names.chain(sources).chain(lineage).collect()
}

/// Makes objects that share a time, a marking and an author.
struct Maker<'a> {
    at: &'a Timestamp,
    tlp: Tlp,
    ids: &'a mut Ids,
    objects: Vec<Value>,
}

impl Maker<'_> {
    fn add(&mut self, type_name: &str, author: Option<&str>, properties: Value) -> String {
        let id = self.ids.id(type_name);
        let mut object = json!({
            "type": type_name, "spec_version": "2.1", "id": id, "created": self.at,
            "modified": self.at, "object_marking_refs": [self.tlp.id()],
        });
        if let (Value::Object(to), Value::Object(from)) = (&mut object, properties) {
            to.extend(from);
            if let Some(author) = author {
                to.insert("created_by_ref".to_owned(), author.into());
            }
        }
        self.objects.push(object);
        id
    }
}

fn add_place(maker: &mut Maker, us: &str, name: &str) -> Result<String, Refusal> {
    let Some(place) = gazetteer::place(name) else {
        return Err(Refusal::new(Code::Place, format!("`{name}` is not in the gazetteer"))
            .advice("name the city or the country; say the rest in the text"));
    };
    let mut properties = json!({ "name": place.name, "country": place.country });
    let city = if place.kind == PlaceKind::City { Some(place.name) } else { place.within };
    if let (Some(city), Some(map)) = (city, properties.as_object_mut()) {
        map.insert("city".to_owned(), city.into());
    }
    Ok(maker.add("location", Some(us), properties))
}

fn add_indicator(
    maker: &mut Maker,
    us: &str,
    value: &str,
    request: &DraftRequest,
) -> Result<String, Refusal> {
    let pattern = pattern_for(value).ok_or_else(|| {
        Refusal::new(Code::Observable, format!("`{value}` is not a domain, address or URL"))
    })?;
    Ok(maker.add(
        "indicator",
        Some(us),
        json!({
            "name": value, "pattern": pattern, "pattern_type": "stix", "valid_from": maker.at,
            "valid_until": request.valid_until, "indicator_types": ["malicious-activity"],
        }),
    ))
}

fn pattern_for(value: &str) -> Option<String> {
    let text = value.replace('\\', "\\\\").replace('\'', "\\'");
    let path = match network(value) {
        Some(IpNet::V4(_)) => "ipv4-addr:value",
        Some(IpNet::V6(_)) => "ipv6-addr:value",
        None if value.starts_with("http://") || value.starts_with("https://") => "url:value",
        None if value.contains('.') && !value.contains(char::is_whitespace) => "domain-name:value",
        None => return None,
    };
    Some(format!("[{path} = '{text}']"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::gate::{Limits, check};

    pub(crate) fn request() -> DraftRequest {
        DraftRequest {
            title: "Planned bombing".into(),
            text: "A group plans a bombing at a cathedral.".into(),
            tlp: Tlp::Amber,
            valid_until: Timestamp::parse("2017-12-20T00:00:00Z").unwrap(),
            likelihood: Some(Likelihood::VeryLikely),
            places: vec!["Kazan Cathedral".into()],
            observables: vec!["c2.example.org".into(), "198.51.100.7".into()],
            withhold: vec!["Ivan Petrov".into()],
        }
    }

    pub(crate) fn made(request: &DraftRequest) -> Draft {
        let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
        let origin = Origin {
            organisation: "Service A",
            by: &crate::name::UserName::parse("ana").unwrap(),
            at: &at,
            urgency: Urgency::Immediate,
            status: Status::Exercise,
            lineage: &[],
            sources: &["HERON".into()],
        };
        compose(request, &origin, &mut Ids::new(Hash::of(b"s"))).unwrap()
    }

    #[test]
    fn a_draft_of_our_own_objects_passes_the_gate_and_says_exercise() {
        let draft = made(&request());
        let limits = Limits {
            own_name: "Service A".into(),
            ceiling: Tlp::Amber,
            withheld: draft.withheld.clone(),
        };
        let released = check(draft.bundle.as_bytes(), &limits).unwrap();
        assert_eq!(released.digest(), draft.digest);
        assert!(draft.bundle.contains("EXERCISE: Planned bombing"));
        assert!(draft.bundle.contains("[ipv4-addr:value = '198.51.100.7']"));
    }

    #[test]
    fn a_place_or_observable_that_is_none_is_refused() {
        let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
        let origin = Origin {
            organisation: "A",
            by: &crate::name::UserName::parse("ana").unwrap(),
            at: &at,
            urgency: Urgency::Future,
            status: Status::Actual,
            lineage: &[],
            sources: &[],
        };
        for bad in [
            DraftRequest { places: vec!["Atlantis".into()], ..request() },
            DraftRequest { observables: vec!["not one".into()], ..request() },
            DraftRequest { valid_until: at.clone(), ..request() },
            DraftRequest { text: " ".into(), ..request() },
        ] {
            assert!(compose(&bad, &origin, &mut Ids::new(Hash::of(b"s"))).is_err());
        }
    }
}
