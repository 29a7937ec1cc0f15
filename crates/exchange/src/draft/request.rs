//! What the drafter puts into a warning, and what a next version says otherwise.

use crate::code::Code;
use crate::estimate::Likelihood;
use crate::gate::SetAside;
use crate::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use serde::{Deserialize, Serialize};

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
    /// For whom of the partner's people it is, by name: at TLP:RED, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
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
        }
    }
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
    /// Other persons of the partner, in the place of those before.
    pub persons: Vec<String>,
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
            // Whom a TLP:RED version names says nothing of who reads another.
            next.persons.clear();
        }
        next.lowering = self.lowering.clone().or(next.lowering);
        if !self.persons.is_empty() {
            next.persons.clone_from(&self.persons);
        }
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
