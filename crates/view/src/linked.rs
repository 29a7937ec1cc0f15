//! Cases of one threat as they are shown beside each other, and what was merged into one.

use crate::text;
use forewarn_exchange::case::{Assessment, Case, Stage, Treated};
use forewarn_exchange::id::{CaseNumber, MuteNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Another case of the same threat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkedCase {
    /// Which.
    pub case: CaseNumber,
    /// Whom it would warn.
    pub partner: NodeName,
    /// Where it stands, in words.
    pub stage: String,
    /// Whether its partner is warned.
    pub treated: Treatment,
    /// Why not, where it was decided not to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Whether whoever faces the same threat is warned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// A warning was released.
    Warned,
    /// It was decided to warn.
    ToBeWarned,
    /// It was decided not to, for a reason.
    NotWarned,
    /// Nobody has decided.
    Undecided,
}

/// A partner whose interest meets the same items, and opened no case by a mute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MutedPartner {
    /// Who.
    pub partner: NodeName,
    /// By which mute.
    pub mute: MuteNumber,
    /// Why that was set.
    pub reason: String,
}

/// Into which case another was merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Merged {
    /// Which.
    pub into: CaseNumber,
    /// Who says that they are one.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Treatment {
    /// Whether somebody still has to decide.
    pub fn is_undecided(self) -> bool {
        self == Treatment::Undecided
    }

    fn words(self) -> &'static str {
        match self {
            Treatment::Warned => "warned",
            Treatment::ToBeWarned => "to be warned",
            Treatment::NotWarned => "not warned",
            Treatment::Undecided => "NOT DECIDED",
        }
    }
}

impl From<Treated> for Treatment {
    fn from(treated: Treated) -> Treatment {
        match treated {
            Treated::Warned => Treatment::Warned,
            Treated::ToBeWarned => Treatment::ToBeWarned,
            Treated::WithReason => Treatment::NotWarned,
            Treated::Undecided => Treatment::Undecided,
        }
    }
}

impl LinkedCase {
    /// A case of the same threat, as the others show it.
    pub fn of(case: &Case) -> LinkedCase {
        let decided = case.assessment.decision().filter(|_| case.stage() == Stage::Closed);
        LinkedCase {
            case: case.number,
            partner: case.partner.clone(),
            stage: case.stage().to_string(),
            treated: case.treated().into(),
            reason: decided.map(|one| one.decision.reason().to_owned()),
        }
    }
}

impl LinkedCase {
    /// On one line.
    pub(crate) fn words(&self) -> String {
        let LinkedCase { case, partner, stage, treated, reason } = self;
        let why = reason.as_ref().map(|why| format!(": {}", text::line(why)));
        let (stage, why) = (text::line(stage), why.unwrap_or_default());
        format!("  {partner}, case {case}, {stage}: {}{why}", treated.words())
    }
}

impl Merged {
    /// Into which case another was merged, where it was.
    pub(crate) fn of(case: &Case) -> Option<Merged> {
        match &case.assessment {
            Assessment::Merged { into, by, at, reason } => {
                let (into, by, at, reason) = (*into, by.clone(), at.clone(), reason.clone());
                Some(Merged { into, by, at, reason })
            }
            Assessment::Open {} | Assessment::Found { .. } | Assessment::Decided { .. } => None,
        }
    }
}
