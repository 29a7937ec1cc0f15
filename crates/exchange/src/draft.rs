//! A warning composed from scratch: each field put in on purpose, nothing copied from an original.

mod observable;

use self::observable::Observable;
use crate::code::Code;
use crate::drawn::Ids;
use crate::gate::{SetAside, Withheld, WithheldKind};
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::{Likelihood, Status, Urgency};
use forewarn_extract::gazetteer::{self, PlaceKind};
use forewarn_extract::refang::refang;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the drafter puts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// The title of the report; in an exercise or test, that word is put before it.
    pub title: String,
    /// The text of the report.
    pub text: String,
    /// How far the partner may pass it on (TLP 2.0).
    pub tlp: Tlp,
    /// The horizon: until when the warning holds; must be later than the draft itself.
    pub valid_until: Timestamp,
    /// How likely the threat is held to be, where the drafter says so.
    pub likelihood: Option<Likelihood>,
    /// Places of the gazetteer, or countries by code.
    #[serde(default)]
    pub places: Vec<String>,
    /// Domains, addresses, URLs, e-mail addresses, hashes of files or CVEs to watch for.
    #[serde(default)]
    pub observables: Vec<String>,
    /// Names that must not leave.
    #[serde(default)]
    pub withhold: Vec<String>,
    /// Texts that are withheld, of which a possible objection does not count here.
    #[serde(default, skip_serializing_if = "SetAside::is_empty")]
    pub set_aside: SetAside,
    /// The decision to mark it less strictly than the originals, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowering: Option<Lowering>,
}

/// What the next version of a warning says otherwise than the last one. What is not named here
/// stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DraftChanges {
    /// Another title.
    pub title: Option<String>,
    /// Another text.
    pub text: Option<String>,
    /// Another marking.
    pub tlp: Option<Tlp>,
    /// Another horizon.
    pub valid_until: Option<Timestamp>,
    /// Another likelihood.
    pub likelihood: Option<Likelihood>,
    /// Further places.
    pub places: Vec<String>,
    /// Further domains, addresses or URLs to watch for.
    pub observables: Vec<String>,
    /// Places and observables that are taken out, as the last version was given them.
    pub without: Vec<String>,
    /// Further names that must not leave: what was withheld stays so.
    pub withhold: Vec<String>,
    /// Further texts of which a possible objection does not count.
    pub set_aside: SetAside,
    /// Another decision to mark it less strictly than the originals.
    pub lowering: Option<Lowering>,
}

impl DraftChanges {
    /// The whole request for the next version.
    ///
    /// # Errors
    /// Nothing is changed, or something is to be taken out that is not there.
    pub fn of(&self, last: &DraftRequest) -> Result<DraftRequest, Refusal> {
        let mut next = last.clone();
        let DraftChanges { title, text, tlp, valid_until, likelihood, .. } = self;
        next.title = title.clone().unwrap_or(next.title);
        next.text = text.clone().unwrap_or(next.text);
        next.valid_until = valid_until.clone().unwrap_or(next.valid_until);
        next.likelihood = likelihood.or(next.likelihood);
        // Another marking is another decision.
        if let Some(tlp) = tlp.filter(|tlp| *tlp != next.tlp) {
            (next.tlp, next.lowering) = (tlp, None);
        }
        next.lowering = self.lowering.clone().or(next.lowering);
        for gone in &self.without {
            let before = next.places.len() + next.observables.len();
            next.places.retain(|one| one != gone);
            next.observables.retain(|one| one != gone);
            if next.places.len() + next.observables.len() == before {
                return Err(Refusal::unknown("place or observable in the last version", gone));
            }
        }
        let further = [
            (&mut next.places, &self.places),
            (&mut next.observables, &self.observables),
            (&mut next.withhold, &self.withhold),
        ];
        for (list, more) in further {
            for one in more {
                if !list.contains(one) {
                    list.push(one.clone());
                }
            }
        }
        next.set_aside.extend(&self.set_aside);
        if next == *last {
            let message = "nothing would be otherwise than in the last version";
            return Err(Refusal::new(Code::EmptyDraft, message));
        }
        Ok(next)
    }
}

/// On which permission, and why, a draft is marked less strictly than what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lowering {
    /// Whose permission: of the originator, or of whom the originator's rules name.
    pub permission: String,
    /// Why.
    pub reason: String,
}

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
            set_aside: SetAside::default(),
            lowering: None,
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
            marking: None,
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

    /// A hash, an e-mail address or a CVE could once only be told in the text.
    #[test]
    fn observables_of_every_kind_are_valid_and_pass_the_gate() {
        let observables = [
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "mule@mail.example",
            "CVE-2021-44228",
        ];
        let observables = observables.map(str::to_owned).to_vec();
        let draft = made(&DraftRequest { observables, ..request() });
        let limits = Limits {
            own_name: "Service A".into(),
            ceiling: Tlp::Amber,
            withheld: draft.withheld.clone(),
        };
        check(draft.bundle.as_bytes(), &limits).unwrap();
        for part in [
            "[file:hashes.'MD5' = 'd41d8cd98f00b204e9800998ecf8427e']",
            "file:hashes.'SHA-1'",
            "file:hashes.'SHA-256'",
            "[email-addr:value = 'mule@mail.example']",
            r#"{"external_id":"CVE-2021-44228","source_name":"cve"}"#,
        ] {
            assert!(draft.bundle.contains(part), "{part}: {}", draft.bundle);
        }
    }

    #[test]
    fn a_next_version_starts_from_the_last_and_drops_nothing_in_silence() {
        let last = DraftRequest {
            lowering: Some(Lowering { permission: "theirs".into(), reason: "lives".into() }),
            ..request()
        };
        let changes = DraftChanges {
            text: Some("It is planned for Friday.".into()),
            places: vec!["Moscow".into(), "Kazan Cathedral".into()],
            without: vec!["198.51.100.7".into()],
            withhold: vec!["Anna Orlova".into()],
            ..DraftChanges::default()
        };
        let next = changes.of(&last).unwrap();
        let expected = DraftRequest {
            text: "It is planned for Friday.".into(),
            places: vec!["Kazan Cathedral".into(), "Moscow".into()],
            observables: vec!["c2.example.org".into()],
            withhold: vec!["Ivan Petrov".into(), "Anna Orlova".into()],
            ..last.clone()
        };
        assert_eq!(next, expected);
        // Whose permission was for one marking has said nothing of another.
        let clear = DraftChanges { tlp: Some(Tlp::Clear), ..DraftChanges::default() };
        assert_eq!(clear.of(&last).unwrap().lowering, None);
        let nothing = DraftChanges { title: Some(last.title.clone()), ..DraftChanges::default() };
        assert_eq!(nothing.of(&last).unwrap_err().code, Code::EmptyDraft);
        let unknown = DraftChanges { without: vec!["198.51.100.8".into()], ..nothing };
        assert_eq!(unknown.of(&last).unwrap_err().code, Code::NotFound);
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
            marking: None,
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
