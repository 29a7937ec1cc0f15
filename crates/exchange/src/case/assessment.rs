//! How far a case has come: found, decided, or merged into another.

use super::{Decided, Decision, Found, Stage, out_of_turn};
use crate::code::Code;
use crate::id::CaseNumber;
use crate::name::UserName;
use crate::refusal::{Hint, Refusal};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was found and decided of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "assessment", rename_all = "kebab-case")]
pub enum Assessment {
    /// Nobody has looked.
    Open {},
    /// A finding is recorded.
    Found {
        /// The newest finding.
        finding: Box<Found>,
    },
    /// It is decided.
    Decided {
        /// The finding that it rests on; a decision not to warn may have none.
        finding: Option<Box<Found>>,
        /// The decision.
        decision: Box<Decided>,
    },
    /// It is of the same threat as another case of the same partner, which goes on for both.
    Merged {
        /// Into which case.
        into: CaseNumber,
        /// Who says so.
        by: UserName,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl Assessment {
    /// `None` once it is decided.
    pub(super) fn find(self, finding: Found) -> Option<Assessment> {
        match self {
            Assessment::Open {} | Assessment::Found { .. } => {
                Some(Assessment::Found { finding: Box::new(finding) })
            }
            Assessment::Decided { .. } | Assessment::Merged { .. } => None,
        }
    }

    pub(super) fn decide(self, case: CaseNumber, decision: Decided) -> Result<Assessment, Refusal> {
        let decision = Box::new(decision);
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
            Assessment::Merged { into, .. } => Err(merged(case, into)),
        }
    }

    /// As before it was decided.
    pub(super) fn reopen(self) -> Assessment {
        match self {
            Assessment::Decided { finding: Some(finding), .. } => Assessment::Found { finding },
            Assessment::Decided { finding: None, .. } | Assessment::Merged { .. } => {
                Assessment::Open {}
            }
            undecided @ (Assessment::Open {} | Assessment::Found { .. }) => undecided,
        }
    }

    /// The finding, when one is recorded.
    pub fn finding(&self) -> Option<&Found> {
        match self {
            Assessment::Open {} | Assessment::Merged { .. } => None,
            Assessment::Found { finding } => Some(finding),
            Assessment::Decided { finding, .. } => finding.as_deref(),
        }
    }

    /// The decision, when there is one.
    pub fn decision(&self) -> Option<&Decided> {
        match self {
            Assessment::Open {} | Assessment::Found { .. } | Assessment::Merged { .. } => None,
            Assessment::Decided { decision, .. } => Some(decision),
        }
    }
}

pub(super) fn merged(case: CaseNumber, into: CaseNumber) -> Refusal {
    out_of_turn(case, Stage::Closed, &format!("it was merged into case {into}"))
}
