//! What the drafter puts into a warning, and what a next version says otherwise.

use super::include::{Include, Rests, TearLine};
use crate::code::Code;
use crate::estimate::{Confidence, Likelihood};
use crate::gate::SetAside;
use crate::handling::Handling;
use crate::refusal::Refusal;
use crate::scale::{Certainty, Severity};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the drafter puts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// For whom of the partner's people it is, by name: at TLP:RED, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// How grave and how sure it is, and how good the basis is.
    #[serde(default, skip_serializing_if = "Grading::is_empty")]
    pub grading: Grading,
    /// What the partner may do with it.
    #[serde(default, skip_serializing_if = "Handling::is_empty")]
    pub handling: Handling,
    /// Further objects.
    #[serde(default, skip_serializing_if = "Include::is_empty")]
    pub include: Include,
    /// What the partner may pass on more widely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tear_line: Option<TearLine>,
    /// On which items sentences rest. It stays here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests: Vec<Rests>,
}

/// How grave a threat is, how sure it is that it comes about, and how good the basis is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Grading {
    /// CAP 1.2 severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// CAP 1.2 certainty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    /// ICD 203 confidence: never in one sentence with the likelihood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl Grading {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Grading::default()
    }

    /// What is said here, and of the rest what was said before.
    fn or(self, before: Grading) -> Grading {
        Grading {
            severity: self.severity.or(before.severity),
            certainty: self.certainty.or(before.certainty),
            confidence: self.confidence.or(before.confidence),
        }
    }
}

impl DraftRequest {
    /// A title and a text, and nothing else put in.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        tlp: Tlp,
        valid_until: Timestamp,
    ) -> DraftRequest {
        DraftRequest {
            title: title.into(),
            text: text.into(),
            tlp,
            valid_until,
            likelihood: None,
            places: Vec::new(),
            observables: Vec::new(),
            withhold: Vec::new(),
            set_aside: SetAside::default(),
            lowering: None,
            persons: Vec::new(),
            grading: Grading::default(),
            handling: Handling::default(),
            include: Include::default(),
            tear_line: None,
            rests: Vec::new(),
        }
    }

    /// The least strict marking of anything in it: its own, or its tear line's.
    pub(crate) fn least_strict(&self) -> Tlp {
        self.tear_line.as_ref().map_or(self.tlp, |line| line.tlp.min(self.tlp))
    }
}

/// What the next version of a warning says otherwise than the last one. What is not named here
/// stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// What is taken out: places, observables, targets, sectors, incidents and times, as the last
    /// version was given them; and whole parts, by their names ([`PARTS`]).
    pub without: Vec<String>,
    /// Further names that must not leave: what was withheld stays so.
    pub withhold: Vec<String>,
    /// Further texts of which a possible objection does not count.
    pub set_aside: SetAside,
    /// Another decision to mark it less strictly than the originals.
    pub lowering: Option<Lowering>,
    /// Other persons of the partner, in the place of those before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// Another grading; what is not named in it stays.
    #[serde(skip_serializing_if = "Grading::is_empty")]
    pub grading: Grading,
    /// Other handling; what is not named in it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handling: Option<Handling>,
    /// Further objects.
    #[serde(skip_serializing_if = "Include::is_empty")]
    pub include: Include,
    /// Another tear line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tear_line: Option<TearLine>,
    /// On which items sentences rest, beside those of before that still stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests: Vec<Rests>,
}

impl DraftChanges {
    /// The whole request for the next version.
    ///
    /// # Errors
    /// Nothing is changed, or something is to be taken out that is not there.
    pub fn of(&self, last: &DraftRequest) -> Result<DraftRequest, Refusal> {
        let mut next = last.clone();
        for gone in &self.without {
            if !take_out(&mut next, gone) {
                let parts = PARTS.join(", ");
                return Err(Refusal::unknown("part of the last version", gone).advice(format!(
                    "name a place, an observable or another thing as it was put in, or one of {parts}"
                )));
            }
        }
        self.reword(&mut next);
        next.valid_until = self.valid_until.clone().unwrap_or(next.valid_until);
        next.likelihood = self.likelihood.or(next.likelihood);
        next.grading = self.grading.or(next.grading);
        if let Some(tlp) = self.tlp.filter(|tlp| *tlp != next.tlp) {
            next.tlp = tlp;
            // Whom a TLP:RED version names says nothing of who reads another.
            next.persons.clear();
        }
        next.tear_line = self.tear_line.clone().or(next.tear_line);
        if let Some(handling) = &self.handling {
            next.handling = handling.clone().or(next.handling);
        }
        // Another marking, or other words for wider handling, are another decision.
        let marks = |of: &DraftRequest| (of.tlp, of.handling.pap);
        if marks(&next) != marks(last) || next.tear_line != last.tear_line {
            next.lowering = None;
        }
        next.lowering = self.lowering.clone().or(next.lowering);
        if !self.persons.is_empty() {
            next.persons.clone_from(&self.persons);
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
        next.include.extend(&self.include);
        next.set_aside.extend(&self.set_aside);
        if next == *last {
            let message = "nothing would be otherwise than in the last version";
            return Err(Refusal::new(Code::EmptyDraft, message));
        }
        Ok(next)
    }

    /// Other words. A sentence that is gone rests on nothing.
    fn reword(&self, next: &mut DraftRequest) {
        next.title = self.title.clone().unwrap_or_else(|| next.title.clone());
        next.text = self.text.clone().unwrap_or_else(|| next.text.clone());
        let stands = |one: &Rests| next.text.contains(&one.sentence);
        let mut rests: Vec<Rests> = next.rests.iter().filter(|one| stands(one)).cloned().collect();
        rests.retain(|one| self.rests.iter().all(|new| new.sentence != one.sentence));
        rests.extend(self.rests.iter().cloned());
        next.rests = rests;
    }
}

/// Parts of a version that are taken out by their names.
pub const PARTS: &[&str] =
    &["likelihood", "severity", "certainty", "confidence", "tear-line", "handling", "pap", "iep"];

/// Takes out whatever is called so; whether there was any.
fn take_out(next: &mut DraftRequest, gone: &str) -> bool {
    let before = next.places.len() + next.observables.len();
    next.places.retain(|one| one != gone);
    next.observables.retain(|one| one != gone);
    let listed = next.places.len() + next.observables.len() < before;
    if next.include.leave_out(gone) || listed {
        return true;
    }
    let (grading, handling) = (&mut next.grading, &mut next.handling);
    match gone {
        "likelihood" => next.likelihood.take().is_some(),
        "severity" => grading.severity.take().is_some(),
        "certainty" => grading.certainty.take().is_some(),
        "confidence" => grading.confidence.take().is_some(),
        "tear-line" => next.tear_line.take().is_some(),
        "handling" => {
            handling.text.clear();
            !std::mem::take(&mut handling.codes).is_empty()
        }
        "pap" => handling.pap.take().is_some(),
        "iep" => {
            handling.notify_reason.clear();
            handling.iep.take().is_some()
        }
        _ => false,
    }
}

/// On which permission, and why, a draft is marked less strictly than what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lowering {
    /// Whose permission: of the originator, or of whom the originator's rules name.
    pub permission: String,
    /// Why.
    pub reason: String,
}
