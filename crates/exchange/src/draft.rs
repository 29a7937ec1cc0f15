//! A warning composed from scratch: each field put in on purpose, nothing copied from an original.

mod kind;
mod observable;
mod persons;
mod request;

pub use kind::ObservableKind;
pub use request::{DraftChanges, DraftRequest, Lowering};

use self::observable::Observable;
use crate::code::Code;
use crate::drawn::Ids;
use crate::gate::{SetAside, Withheld, WithheldKind};
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::{Status, Urgency};
use crate::stands::Stands;
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_extract::refang::refang;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A composed draft: the exact bytes that an approver will see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Who wrote it: the same person may not approve it.
    pub by: UserName,
    /// Who wrote the versions since the last release that this one goes on from: they may not
    /// either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_by: Vec<UserName>,
    /// When it was composed.
    pub at: Timestamp,
    /// The title, as the partner will see it.
    pub title: String,
    /// How far the partner may pass it on (TLP 2.0): at most the partner's ceiling.
    pub tlp: Tlp,
    /// Until when the warning holds.
    pub valid_until: Timestamp,
    /// What the drafter put in: the next version starts from it. Drafts from before this was kept
    /// have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<DraftRequest>,
    /// The bundle, canonical.
    pub bundle: String,
    /// SHA-256 of it.
    pub digest: Hash,
    /// What the gate looks for in the bundle: the drafter's names, and the sources and ids of the
    /// items.
    pub withheld: Vec<Withheld>,
    /// Texts that are withheld, of which the drafter says that a possible objection does not count:
    /// the second person must say the same.
    #[serde(default, skip_serializing_if = "SetAside::is_empty")]
    pub set_aside: SetAside,
    /// The strictest marking of the originals when it was composed; `None` when none was marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originals: Option<Tlp>,
    /// The drafter's decision to mark it less strictly than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowering: Option<Lowering>,
    /// Who says that it goes although its originals were revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<Stands>,
}

/// Who composes, and from what. Only the organisation, the time, the urgency and the status leave.
pub struct Origin<'a> {
    /// Our organisation, which becomes the author of every object.
    pub organisation: &'a str,
    /// Who composes.
    pub by: &'a UserName,
    /// When: the `created` and `modified` of every object.
    pub at: &'a Timestamp,
    /// How urgent the case is.
    pub urgency: Urgency,
    /// Whether this is meant, or an exercise or test.
    pub status: Status,
    /// Ids of the items that gave rise to the case.
    pub lineage: &'a [String],
    /// The sources' handles.
    pub sources: &'a [String],
    /// The strictest marking of the originals; `None` when none is marked.
    pub marking: Option<Tlp>,
}

/// Composes the objects and lists what must not be in them.
pub fn compose(request: &DraftRequest, origin: &Origin, ids: &mut Ids) -> Result<Draft, Refusal> {
    if request.title.trim().is_empty() || request.text.trim().is_empty() {
        return Err(Refusal::new(Code::EmptyDraft, "a draft needs a title and a text"));
    }
    if request.valid_until.moment() <= origin.at.moment() {
        let message = format!("the horizon {} is past already", request.valid_until);
        return Err(
            Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ValidUntil })
        );
    }
    persons::check(request)?;
    let lowering = lowered(request, origin.marking)?;
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
        refs.push(add_observable(&mut maker, &us, observable, request)?);
    }
    if refs.is_empty() {
        refs.push(us.clone());
    }
    let mut description = request.text.clone();
    if let Some(likelihood) = request.likelihood {
        description.push_str("\n\nLikelihood: ");
        description.push_str(&likelihood.words());
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
        also_by: Vec::new(),
        at: origin.at.clone(),
        title,
        tlp: request.tlp,
        valid_until: request.valid_until.clone(),
        request: Some(request.clone()),
        digest: Hash::of(&bytes),
        bundle: String::from_utf8(bytes).unwrap_or_default(),
        withheld,
        set_aside: request.set_aside.clone(),
        originals: origin.marking,
        lowering,
        stands: None,
    })
}

/// The decision to mark a draft less strictly than its originals; `None` when it is not so.
///
/// # Errors
/// [`Code::Marking`] when it is so, and nobody says on whose permission and why.
fn lowered(request: &DraftRequest, originals: Option<Tlp>) -> Result<Option<Lowering>, Refusal> {
    let Some(originals) = originals.filter(|originals| *originals > request.tlp) else {
        return Ok(None);
    };
    let said = |lowering: &&Lowering| {
        !lowering.permission.trim().is_empty() && !lowering.reason.trim().is_empty()
    };
    match request.lowering.as_ref().filter(said) {
        Some(lowering) => Ok(Some(lowering.clone())),
        None => Err(marked(request.tlp, originals)),
    }
}

impl Draft {
    /// Whether the originals, as they are now, are no stricter than those that it was composed
    /// from: an item that joined since may be.
    ///
    /// # Errors
    /// [`Code::Marking`] when they are.
    pub(crate) fn still_marked(&self, now: Option<Tlp>) -> Result<(), Refusal> {
        match now.filter(|now| *now > self.tlp && Some(*now) > self.originals) {
            None => Ok(()),
            Some(now) => Err(marked(self.tlp, now)),
        }
    }
}

impl Draft {
    /// For whom of the partner's people it is, by name.
    pub fn persons(&self) -> &[String] {
        self.request.as_ref().map_or(&[], |request| request.persons.as_slice())
    }

    /// Everybody who has written it.
    pub fn authors(&self) -> Vec<UserName> {
        std::iter::once(&self.by).chain(&self.also_by).cloned().collect()
    }

    /// Whether the second person sets aside exactly what the drafter has: it takes both.
    ///
    /// # Errors
    /// [`Code::Gate`] when not.
    pub(crate) fn agree_set_aside(&self, approved: &[String]) -> Result<(), Refusal> {
        let sorted = |all: &[String]| all.iter().cloned().collect::<BTreeSet<_>>();
        if sorted(approved) == sorted(&self.set_aside.texts) {
            return Ok(());
        }
        let all = self.set_aside.texts.join("”, “");
        let message = match self.set_aside.texts.as_slice() {
            [] => "the draft sets nothing aside".to_owned(),
            _ => format!("the draft sets aside “{all}”: look whether each means what is withheld"),
        };
        Err(Refusal::new(Code::Gate, message).hint(Hint::Give { field: Field::SetAside }))
    }
}

/// The refusal to mark something less strictly than its originals without a decision.
pub(crate) fn marked(tlp: Tlp, originals: Tlp) -> Refusal {
    let message = format!("the originals are {originals}, the draft is {tlp}");
    Refusal::new(Code::Marking, message).hint(Hint::Give { field: Field::Lowering })
}

/// Exercise and test traffic says so in its title too (R17).
pub(crate) fn shown_title(title: &str, status: Status) -> String {
    match status {
        Status::Actual => title.to_owned(),
        Status::Exercise | Status::Test => format!("{}: {title}", status.name().to_uppercase()),
    }
}

fn withheld(request: &DraftRequest, origin: &Origin) -> Vec<Withheld> {
    let kept = |what: WithheldKind, text: &String| Withheld::new(what, text);
    let names = request.withhold.iter().map(|n| kept(WithheldKind::Name, n));
    let sources = origin.sources.iter().map(|s| kept(WithheldKind::Source, s));
    // An address that the drafter puts in to be watched for is what the warning is about.
    let watched = |id: &&String| request.observables.iter().any(|one| one.ends_with(id.as_str()));
    let lineage = origin.lineage.iter().filter(|id| !watched(id));
    let lineage = lineage.map(|id| kept(WithheldKind::OriginalId, id));
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

/// Adds an indicator; for a CVE, the vulnerability.
fn add_observable(
    maker: &mut Maker,
    us: &str,
    value: &str,
    request: &DraftRequest,
) -> Result<String, Refusal> {
    let value = &*refang(value.trim());
    match observable::read(value) {
        Some(Observable::Pattern(pattern)) => Ok(maker.add(
            "indicator",
            Some(us),
            json!({
                "name": value, "pattern": pattern, "pattern_type": "stix", "valid_from": maker.at,
                "valid_until": request.valid_until, "indicator_types": ["malicious-activity"],
            }),
        )),
        Some(Observable::Cve(number)) => Ok(maker.add(
            "vulnerability",
            Some(us),
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

#[cfg(test)]
pub(crate) mod tests;
