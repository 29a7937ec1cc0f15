//! Whether there is a duty to warn, and what was decided.

use super::{Acting, Stage, out_of_turn};
use crate::code::Code;
use crate::id::CaseNumber;
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::Waiver;
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};

/// What was found and decided of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "assessment", rename_all = "kebab-case")]
pub enum Assessment {
    /// Nobody has looked.
    Open {},
    /// A finding is recorded.
    Found {
        /// The newest finding.
        finding: Found,
    },
    /// It is decided.
    Decided {
        /// The finding that it rests on; a decision not to warn may have none.
        finding: Option<Found>,
        /// The decision.
        decision: Decided,
    },
}

/// Whether there is a duty to warn, and why (ICD 191, D and E.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The source can be believed.
    pub credible: bool,
    /// Who or what is threatened can be told.
    pub specific: bool,
    /// It is about to happen.
    pub impending: bool,
    /// What would be done.
    pub threat: Threat,
    /// Who or what is threatened; of any nationality.
    pub target: String,
    /// Why it is found so.
    pub reason: String,
}

/// A finding, with who recorded it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// Warn the partner.
    Warn {
        /// Why.
        reason: String,
    },
    /// Do not warn, though the duty is there (ICD 191, E.3).
    Waive {
        /// The ground.
        code: Waiver,
        /// Why.
        reason: String,
    },
    /// Somebody else is to warn.
    Refer {
        /// To whom.
        to: String,
        /// Why.
        reason: String,
    },
    /// There is no duty to warn.
    NotMet {
        /// Why.
        reason: String,
    },
}

/// A decision, with who made it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

impl Finding {
    pub(super) fn found(self, acting: &Acting) -> Result<Found, Refusal> {
        if self.reason.trim().is_empty() || self.target.trim().is_empty() {
            let message = "a finding needs a reason and who is threatened";
            return Err(Refusal::new(Code::Finding, message)
                .hint(Hint::Give { field: Field::ReasonAndTarget }));
        }
        Ok(Found { finding: self, by: acting.by.clone(), at: acting.at.clone() })
    }
}

impl Decision {
    pub(super) fn decided(self, acting: &Acting) -> Result<Decided, Refusal> {
        if self.reason().trim().is_empty() {
            return Err(Refusal::new(Code::Reason, "a decision needs a reason")
                .hint(Hint::Give { field: Field::Reason }));
        }
        Ok(Decided { decision: self, by: acting.by.clone(), at: acting.at.clone() })
    }

    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Decision::Warn { reason }
            | Decision::Waive { reason, .. }
            | Decision::Refer { reason, .. }
            | Decision::NotMet { reason } => reason,
        }
    }
}

impl Assessment {
    /// `None` once it is decided.
    pub(super) fn find(self, finding: Found) -> Option<Assessment> {
        match self {
            Assessment::Open {} | Assessment::Found { .. } => Some(Assessment::Found { finding }),
            Assessment::Decided { .. } => None,
        }
    }

    pub(super) fn decide(self, case: CaseNumber, decision: Decided) -> Result<Assessment, Refusal> {
        // ICD 191, E.3: a waiver, too, rests on a finding that the duty is there.
        let needs_finding =
            matches!(decision.decision, Decision::Warn { .. } | Decision::Waive { .. });
        match self {
            Assessment::Found { finding } => {
                Ok(Assessment::Decided { finding: Some(finding), decision })
            }
            Assessment::Open {} if needs_finding => {
                Err(Refusal::new(Code::NoFinding, "no finding is recorded yet")
                    .hint(Hint::Find { case }))
            }
            Assessment::Open {} => Ok(Assessment::Decided { finding: None, decision }),
            Assessment::Decided { decision, .. } => {
                let stage = match decision.decision {
                    Decision::Warn { .. } => Stage::ToWarn,
                    Decision::Waive { .. } | Decision::Refer { .. } | Decision::NotMet { .. } => {
                        Stage::Closed
                    }
                };
                Err(out_of_turn(case, stage, "it was decided before"))
            }
        }
    }

    /// As before it was decided.
    pub(super) fn reopen(self) -> Assessment {
        match self {
            Assessment::Decided { finding: Some(finding), .. } => Assessment::Found { finding },
            Assessment::Decided { finding: None, .. } => Assessment::Open {},
            undecided @ (Assessment::Open {} | Assessment::Found { .. }) => undecided,
        }
    }

    /// The finding, when one is recorded.
    pub fn finding(&self) -> Option<&Found> {
        match self {
            Assessment::Open {} => None,
            Assessment::Found { finding } => Some(finding),
            Assessment::Decided { finding, .. } => finding.as_ref(),
        }
    }

    /// The decision, when there is one.
    pub fn decision(&self) -> Option<&Decided> {
        match self {
            Assessment::Open {} | Assessment::Found { .. } => None,
            Assessment::Decided { decision, .. } => Some(decision),
        }
    }
}
