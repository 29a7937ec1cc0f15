//! What was decided of a duty to warn: warn, waive, refer, not met.

use super::Acting;
use crate::clocks::{Clocks, Purpose};
use crate::code::Code;
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal, give_reason, short};
use crate::user::User;
use crate::waiver::{Waived, Waiver, WaiverFacts, WaiverRules};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest time until something decided is looked at again, in minutes: a year.
pub const MAX_REVIEW_MINUTES: i64 = 366 * 24 * 60;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
        /// When it is looked at again, at the latest; as the node's clocks say, when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_at: Option<Timestamp>,
        /// What the ground rests on.
        #[serde(default, skip_serializing_if = "WaiverFacts::is_empty")]
        facts: WaiverFacts,
    },
    /// Somebody else is to warn.
    Refer {
        /// To whom.
        to: String,
        /// Why.
        reason: String,
        /// Until when an answer is expected; as the node's clocks say, when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
    },
    /// There is no duty to warn.
    NotMet {
        /// Why.
        reason: String,
    },
}

/// A decision, with who made it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decided {
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// The second person, where it took two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconded_by: Option<UserName>,
    /// Of a waiver: under what it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// What a decision is made with.
#[derive(Debug, Clone, Copy)]
pub struct Deciding<'a> {
    /// How long there is for what.
    pub clocks: &'a Clocks,
    /// On which grounds a duty may be waived, and by whom.
    pub waivers: &'a WaiverRules,
    /// Who decides, with roles.
    pub by: &'a User,
    /// Who has approved it, with roles; `None` where one is enough, or nobody has yet.
    pub second: Option<&'a User>,
}

impl Decision {
    pub(super) fn decided(
        mut self,
        deciding: Deciding<'_>,
        acting: &Acting,
    ) -> Result<Decided, Refusal> {
        give_reason(self.reason(), "a decision needs a reason")?;
        let mut waived = None;
        match &mut self {
            Decision::Warn { .. } | Decision::NotMet { .. } => {}
            Decision::Waive { code, review_at, facts, .. } => {
                waived =
                    Some(deciding.waivers.allow(*code, facts, (deciding.by, deciding.second))?);
                let at = review_at.take();
                *review_at = Some(at.unwrap_or_else(|| deciding.clocks.review_due(acting.at)));
            }
            Decision::Refer { to, answer_by, .. } => {
                if to.trim().is_empty() {
                    return Err(Refusal::new(Code::Empty, "say to whom it is referred"));
                }
                short(to)?;
                let by = answer_by.take();
                *answer_by = Some(by.unwrap_or_else(|| deciding.clocks.answer_due(acting.at)));
            }
        }
        if let Some((_, at)) = self.next() {
            check_later(&at, acting.at)?;
        }
        let seconded_by = deciding.second.map(|second| second.name.clone());
        let (by, at) = (acting.by.clone(), acting.at.clone());
        Ok(Decided { decision: self, by, at, seconded_by, waived })
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

    /// What its case waits for from now on, and until when; nothing where it is done, or the partner
    /// is to be warned.
    pub fn next(&self) -> Option<(Purpose, Timestamp)> {
        match self {
            Decision::Waive { review_at, .. } => review_at.clone().map(|at| (Purpose::Review, at)),
            Decision::Refer { answer_by, .. } => answer_by.clone().map(|at| (Purpose::Answer, at)),
            Decision::Warn { .. } | Decision::NotMet { .. } => None,
        }
    }

    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Decision::Warn { .. } => "warn",
            Decision::Waive { .. } => "waive",
            Decision::Refer { .. } => "refer",
            Decision::NotMet { .. } => "not-met",
        }
    }
}

/// A time at which something is looked at again.
pub(super) fn check_later(at: &Timestamp, now: &Timestamp) -> Result<(), Refusal> {
    let latest = now.plus_minutes(MAX_REVIEW_MINUTES);
    // What is due at once is due by a clock of no minutes.
    if at < now || *at > latest {
        let message = format!("{at} is past, or after {latest}");
        return Err(
            Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ReviewAt })
        );
    }
    Ok(())
}
