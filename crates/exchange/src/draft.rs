//! A warning composed from scratch: each field put in on purpose, nothing copied from an original.

mod include;
mod kind;
mod objects;
mod observable;
mod persons;
mod request;
mod suggest;
mod text;

pub use include::{Include, Observed, Rests, Target, TargetClass, TearLine, check_rests, sectors};
pub use kind::ObservableKind;
pub use request::{DraftChanges, DraftRequest, Grading, Lowering, PARTS};
pub use suggest::{Suggested, Suggestion, Supposed, suggest};
pub(crate) use text::shown_title;

use self::objects::{Maker, put_in, tlp_definitions};
use crate::code::Code;
use crate::drawn::Ids;
use crate::estimate;
use crate::extension::{self, Graded};
use crate::gate::{SetAside, Withheld, WithheldKind};
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::{Status, Urgency};
use crate::stands::Stands;
use forewarn_stix::marking::{Pap, Tlp};
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A composed draft: the exact bytes that an approver will see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// How far actions on the originals could be noticed then; `None` when none said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originals_pap: Option<Pap>,
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
    /// How the originals are marked.
    pub marking: Marks,
}

/// The strictest markings of originals; `None` where none is marked so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Who may be told.
    pub tlp: Option<Tlp>,
    /// How far actions may be noticed.
    pub pap: Option<Pap>,
}

impl Marks {
    /// The stricter of both, each by itself.
    #[must_use]
    pub fn strictest(self, other: Marks) -> Marks {
        Marks { tlp: self.tlp.max(other.tlp), pap: self.pap.max(other.pap) }
    }
}

impl From<Tlp> for Marks {
    fn from(tlp: Tlp) -> Marks {
        Marks { tlp: Some(tlp), pap: None }
    }
}

/// Composes the objects and lists what must not be in them.
pub fn compose(request: &DraftRequest, origin: &Origin, ids: &mut Ids) -> Result<Draft, Refusal> {
    text::check(request)?;
    if request.valid_until.moment() <= origin.at.moment() {
        let message = format!("the horizon {} is past already", request.valid_until);
        return Err(
            Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ValidUntil })
        );
    }
    persons::check(request)?;
    request.handling.check(request.tlp)?;
    request.include.check()?;
    if let Some(line) = &request.tear_line {
        line.check(request.tlp)?;
    }
    let lowering = lowered(request, origin.marking)?;
    let withheld = withheld(request, origin);
    // Sources and ids are what they are; a name can be given in full.
    withheld.iter().filter(|one| one.what == WithheldKind::Name).try_for_each(Withheld::check)?;
    let bundle = bundle(request, origin, ids)?;
    let bytes = canonical::bytes(&bundle);
    Ok(Draft {
        by: origin.by.clone(),
        also_by: Vec::new(),
        at: origin.at.clone(),
        title: shown_title(&request.title, origin.status),
        tlp: request.tlp,
        valid_until: request.valid_until.clone(),
        request: Some(request.clone()),
        digest: Hash::of(&bytes),
        bundle: String::from_utf8(bytes).unwrap_or_default(),
        withheld,
        set_aside: request.set_aside.clone(),
        originals: origin.marking.tlp,
        originals_pap: origin.marking.pap,
        lowering,
        stands: None,
    })
}

fn bundle(request: &DraftRequest, origin: &Origin, ids: &mut Ids) -> Result<Value, Refusal> {
    let marks = [Some(request.tlp.id()), request.handling.pap.map(Pap::id)];
    let marks: Vec<String> = marks.into_iter().flatten().map(str::to_owned).collect();
    let mut maker = Maker { at: origin.at, marks, ids, objects: Vec::new(), us: None };
    let refs = put_in(&mut maker, request, origin.organisation)?;
    let mut definitions = tlp_definitions(&[request.tlp, request.least_strict()]);
    let mut marks = maker.marks.clone();
    if let Some(iep) = &request.handling.iep {
        let id = maker.ids.id("marking-definition");
        definitions.push(iep.definition(&id, origin.at));
        marks.push(id);
    }
    let mut labels = vec![format!("urgency:{}", origin.urgency)];
    if origin.status != Status::Actual {
        labels.push(origin.status.name().to_lowercase());
    }
    let report = maker.add(
        "report",
        json!({
            "name": shown_title(&request.title, origin.status),
            "description": text::description(request), "published": origin.at,
            "report_types": ["threat-report"], "object_refs": refs, "labels": labels,
            "object_marking_refs": marks,
            "extensions": { extension::ID: extension::written(&graded(request, origin)) },
        }),
    );
    if let Some(line) = &request.tear_line {
        let mut labels = vec!["tear-line".to_owned()];
        labels
            .extend((origin.status != Status::Actual).then(|| origin.status.name().to_lowercase()));
        maker.add(
            "note",
            json!({
                "abstract": shown_title("tear line", origin.status),
                "content": shown_title(&line.text, origin.status),
                "object_refs": [report], "labels": labels,
                "object_marking_refs": [line.tlp.id()],
                "extensions": { extension::ID: extension::tear_line() },
            }),
        );
    }
    let objects: Vec<Value> = definitions.into_iter().chain(maker.objects).collect();
    Ok(json!({ "type": "bundle", "id": ids.id("bundle"), "objects": objects }))
}

/// What the report's extension says.
fn graded(request: &DraftRequest, origin: &Origin) -> Graded {
    let DraftRequest { grading, likelihood, valid_until, include, handling, .. } = request;
    let graded = Graded {
        urgency: Some(origin.urgency),
        severity: grading.severity,
        certainty: grading.certainty,
        confidence: grading.confidence,
        likelihood: *likelihood,
        valid_until: Some(valid_until.clone()),
        times: include.times.clone(),
        ..Graded::default()
    };
    graded.handling(handling)
}

/// The decision to mark a draft, or its tear line, less strictly than its originals; `None` when it is
/// not so.
///
/// # Errors
/// [`Code::Marking`] when it is so, and nobody says on whose permission and why.
fn lowered(request: &DraftRequest, originals: Marks) -> Result<Option<Lowering>, Refusal> {
    let Err(refusal) = request.is_as_strict_as(originals) else { return Ok(None) };
    let said = |lowering: &&Lowering| {
        !lowering.permission.trim().is_empty() && !lowering.reason.trim().is_empty()
    };
    match request.lowering.as_ref().filter(said) {
        Some(lowering) => Ok(Some(lowering.clone())),
        None => Err(refusal),
    }
}

impl Draft {
    /// Whether the originals, as they are now, are no stricter than those that it was composed
    /// from: an item that joined since may be.
    ///
    /// # Errors
    /// [`Code::Marking`] when they are.
    pub(crate) fn still_marked(&self, now: Marks) -> Result<(), Refusal> {
        // What was decided when it was composed is decided.
        let tlp = now.tlp.filter(|tlp| Some(*tlp) > self.originals);
        let pap = now.pap.filter(|pap| Some(*pap) > self.originals_pap);
        match (&self.request, tlp) {
            (Some(request), _) => request.is_as_strict_as(Marks { tlp, pap }),
            (None, Some(tlp)) if tlp > self.tlp => Err(marked(self.tlp, tlp)),
            (None, _) => Ok(()),
        }
    }
}

impl Draft {
    /// Why the partner is warned although the policy forbids to notify affected parties; empty when
    /// it does not.
    pub fn notify_reason(&self) -> &str {
        self.request.as_ref().map_or("", |request| &request.handling.notify_reason)
    }

    /// For whom of the partner's people it is, by name.
    pub fn persons(&self) -> &[String] {
        self.request.as_ref().map_or(&[], |request| request.persons.as_slice())
    }

    /// What of its wording is to be looked at again, and does not shut the gate (ICD 203).
    pub fn wording(&self) -> Vec<String> {
        let Some(request) = &self.request else { return Vec::new() };
        let texts = [&request.title, &request.text];
        let found = texts.into_iter().flat_map(|text| estimate::lint(text));
        found.map(|one| one.to_string()).collect()
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

impl DraftRequest {
    /// Whether it is no looser than its originals.
    ///
    /// # Errors
    /// [`Code::Marking`] when it is.
    fn is_as_strict_as(&self, originals: Marks) -> Result<(), Refusal> {
        let least = self.least_strict();
        if let Some(tlp) = originals.tlp.filter(|tlp| *tlp > least) {
            return Err(marked(least, tlp));
        }
        let own = self.handling.pap;
        match originals.pap.filter(|pap| *pap > own.unwrap_or(Pap::Clear)) {
            None => Ok(()),
            Some(pap) => {
                let own = own.map_or("says nothing of PAP".to_owned(), |own| format!("is {own}"));
                let message = format!("the originals are {pap}, the draft {own}");
                Err(Refusal::new(Code::Marking, message)
                    .hint(Hint::Give { field: Field::Lowering }))
            }
        }
    }
}

fn withheld(request: &DraftRequest, origin: &Origin) -> Vec<Withheld> {
    let kept = |what: WithheldKind, text: &String| Withheld::new(what, text);
    let names = request.withhold.iter().map(|n| kept(WithheldKind::Name, n));
    let sources = origin.sources.iter().map(|s| kept(WithheldKind::Source, s));
    // An address that the drafter puts in to be watched for, or as observed, is what the warning is
    // about.
    let observed = request.include.observed.iter().map(|one| &one.value);
    let put_in: Vec<&String> = request.observables.iter().chain(observed).collect();
    let watched = |id: &&String| put_in.iter().any(|one| one.ends_with(id.as_str()));
    let lineage = origin.lineage.iter().filter(|id| !watched(id));
    let lineage = lineage.map(|id| kept(WithheldKind::OriginalId, id));
    names.chain(sources).chain(lineage).collect()
}

#[cfg(test)]
pub(crate) mod tests;
