//! A duty to warn one partner of one threat.
//!
//! Its axes are apart. [`Assessment`] is what was found and decided; [`Clock`] is until when;
//! [`Outgoing`] is what was written and released. What was said about it are statements of their
//! own ([`crate::talk`]), and what gave rise to it are items. So a clock's tick, a match and a
//! sentence cost what they touch. Cases of one threat for several partners are linked; each stays a
//! case of its own.

mod agreed;
mod assessment;
mod clock;
mod decision;
mod delivery;
mod expiry;
mod finding;
mod linked;
mod offered;
mod outgoing;
mod pace;
mod review;
mod told;

pub use assessment::Assessment;
pub use clock::{Clock, Pause, Ticking};
pub use decision::{Decided, Deciding, Decision, MAX_REVIEW_MINUTES};
pub use delivery::Delivery;
pub use expiry::Horizon;
pub use finding::{DutyBasis, Finding, Found, Reasons};
pub use linked::{MAX_LINKED, Treated};
pub use outgoing::{Approval, Originals, Outgoing, Recall, Release, Sending};
pub use pace::{MAX_PAUSE_MINUTES, Rang};
pub use review::Review;
pub use told::Mirrored;

use crate::clocks::{Clocks, Purpose};
use crate::code::Code;
use crate::drawn::Ids;
use crate::exercise::InExercise;
use crate::id::{CaseNumber, Subject, WarningNumber};
use crate::name::{NodeName, UserName};
use crate::owed::Owed;
use crate::refusal::{Refusal, give_reason};
use crate::scale::{Status, Urgency};
use crate::told::Ahead;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most items that a case names; further matches are on record beside it.
pub const MAX_ITEMS: u32 = 100;

/// What is known of a case beside its items, its drafts and releases, and what was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Local: never crosses.
    pub number: CaseNumber,
    /// Whom it would warn.
    pub partner: NodeName,
    /// How urgent: it sets the clock.
    pub urgency: Urgency,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// When it was opened.
    pub opened: Timestamp,
    /// Until when a decision is due, and that the partner holds the warning where it is to warn.
    pub clock: Clock,
    /// What was found and decided.
    pub assessment: Assessment,
    /// How far it has come outside.
    pub outward: Outward,
    /// How many items it names.
    pub items: u32,
    /// The index in our log of the newest warning, update or recall that the partner is not known
    /// to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<u64>,
    /// What was decided or released is to be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Until when the released warning holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Horizon>,
    /// When it was put on record that its time is over, while that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The update, or the end, that the partner is to answer, or has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// When it was last taken up again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened: Option<Timestamp>,
    /// The first of the cases of the same threat, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<CaseNumber>,
    /// When the partner was told, beside the channel, of what was written last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// What was told in imminent danger, before a second person had agreed; the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<Ahead>,
    /// The exercise that it is of: it joins, merges and links with nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exercise: Option<InExercise>,
}

/// How far a case has come towards the partner, without the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outward {
    /// Nothing is written.
    Nothing,
    /// A draft waits.
    Drafted,
    /// A version was released; a next one may wait.
    Released,
    /// It was taken back.
    Recalled,
}

/// An item that gave rise to a case. Its id and source stay here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseItem {
    /// A STIX id, `text--UUID`, or `warning-N` for a warning that came to us.
    pub id: String,
    /// The source's handle.
    pub source: Option<String>,
    /// Which words met which clause, in words.
    pub why: Vec<String>,
}

impl CaseItem {
    /// The warning that came to us, where the item is one: `warning-1`.
    pub fn warning(&self) -> Option<WarningNumber> {
        match self.id.parse() {
            Ok(Subject::Warning(number)) => Some(number),
            Ok(Subject::Case(_)) | Err(_) => None,
        }
    }
}

/// Which of our people acts, when, with which ids.
pub struct Acting<'a> {
    /// Who.
    pub by: &'a UserName,
    /// When, by the command.
    pub at: &'a Timestamp,
    /// Ids and salts, drawn from the command's seed.
    pub ids: &'a mut Ids,
}

/// Where a case stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing is found.
    Open,
    /// A finding is recorded.
    Found,
    /// It was decided to warn.
    ToWarn,
    /// It was decided not to warn.
    Closed,
    /// A draft waits for release.
    Drafted,
    /// A version was released.
    Released,
    /// The time of the released warning is over.
    Expired,
    /// It was taken back.
    Recalled,
}

impl Stage {
    /// Every one, in the order of a case's life.
    pub const ALL: &'static [Stage] = &[
        Stage::Open,
        Stage::Found,
        Stage::ToWarn,
        Stage::Closed,
        Stage::Drafted,
        Stage::Released,
        Stage::Expired,
        Stage::Recalled,
    ];

    /// The word for it in documents and commands: `to-warn`.
    pub fn word(self) -> String {
        self.to_string().replace(' ', "-")
    }
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(word: &str) -> Result<Stage, String> {
        let found = Stage::ALL.iter().find(|one| one.word() == word).copied();
        found.ok_or_else(|| {
            let words: Vec<String> = Stage::ALL.iter().map(|one| one.word()).collect();
            format!("`{word}` is no stage: {}", words.join(", "))
        })
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Open => "open",
            Stage::Found => "found",
            Stage::ToWarn => "to warn",
            Stage::Closed => "closed",
            Stage::Drafted => "drafted",
            Stage::Released => "released",
            Stage::Expired => "expired",
            Stage::Recalled => "recalled",
        })
    }
}

impl Case {
    /// A new case with one or more items.
    pub fn open(
        number: CaseNumber,
        partner: &NodeName,
        items: u32,
        (urgency, status): (Urgency, Status),
        at: &Timestamp,
        clocks: &Clocks,
    ) -> Case {
        Case {
            number,
            partner: partner.clone(),
            urgency,
            status,
            opened: at.clone(),
            clock: Clock::start(Purpose::Warn, clocks.due(urgency, at)),
            assessment: Assessment::Open {},
            outward: Outward::Nothing,
            items,
            awaits: None,
            review: None,
            horizon: None,
            expired: None,
            owed: None,
            reopened: None,
            threat: None,
            told_at: None,
            ahead: Vec::new(),
            exercise: None,
        }
    }

    /// It is of this exercise.
    #[must_use]
    pub fn of_exercise(mut self, exercise: Option<InExercise>) -> Case {
        self.exercise = exercise;
        self
    }

    /// Its exercise is over: it needs nobody any more.
    #[must_use]
    pub fn exercise_is_over(mut self) -> Case {
        self.clock = self.clock.stop();
        self
    }

    /// What nothing else is beside: whether it is meant, and the exercise that it is of.
    pub fn partition(&self) -> (Status, Option<InExercise>) {
        (self.status, self.exercise)
    }

    /// A further match joins the case; a more urgent one shortens its clock. A clock that was paused
    /// for what was less urgent runs on, from now.
    #[must_use]
    pub fn join(mut self, urgency: Urgency, at: &Timestamp, clocks: &Clocks) -> Case {
        if urgency > self.urgency {
            self.urgency = urgency;
            self.clock = if self.clock.pause().is_some() {
                self.clock.until(clocks.due(urgency, at))
            } else {
                let due = clocks.due(urgency, self.runs_from());
                self.clock.no_later(due)
            };
        }
        self
    }

    /// Whether one more item may be named.
    pub fn has_room(&self) -> bool {
        self.items < MAX_ITEMS
    }

    /// Whether a further match may still join: nothing has been decided.
    pub fn is_undecided(&self) -> bool {
        match self.assessment {
            Assessment::Open {} | Assessment::Found { .. } => true,
            Assessment::Decided { .. } | Assessment::Merged { .. } => false,
        }
    }

    /// Records whether there is a duty to warn; again, as long as nothing is decided. Where we were
    /// aware of the threat before the case was opened, the clock counts from then.
    ///
    /// # Errors
    /// It is decided, or the finding lacks something.
    pub fn find(
        mut self,
        finding: Finding,
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        let (stage, from) = (self.stage(), self.runs_from().clone());
        let found = finding.found(acting)?;
        self.assessment = self.assessment.find(found).ok_or_else(|| {
            out_of_turn(self.number, stage, "a finding comes before the decision")
        })?;
        let due = clocks.due(self.urgency, self.runs_from());
        // A paused clock stands, and runs on with what was left. What was agreed since the case was
        // opened counts from when it was: see `agreed`.
        if self.clock.pause().is_none() && *self.runs_from() < from {
            self.clock = self.clock.no_later(due);
        }
        Ok(self)
    }

    /// Decides. What is not to warn ends the case; a waiver, and what was referred, is looked at
    /// again, by the same clock.
    ///
    /// # Errors
    /// It was decided before, lacks a finding, or the decision lacks something.
    pub fn decide(
        mut self,
        decision: Decision,
        deciding: Deciding<'_>,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        let decided = decision.decided(deciding, acting)?;
        let next = decided.decision.next();
        let warns = matches!(decided.decision, Decision::Warn { .. });
        self.assessment = self.assessment.decide(self.number, decided)?;
        match next {
            Some((purpose, due)) => self.look_again(purpose, due),
            None if warns => {}
            None => self.clock = self.clock.stop(),
        }
        Ok(self)
    }

    /// Takes a case up again that was closed without a warning. The clock starts anew; what was
    /// decided stays in the history.
    pub fn reopen(
        mut self,
        reason: &str,
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        let stage = self.stage();
        if stage != Stage::Closed {
            return Err(out_of_turn(self.number, stage, "only a closed case is taken up again"));
        }
        give_reason(reason, "say what has come to be known since")?;
        self.assessment = self.assessment.reopen();
        self.look_again(Purpose::Warn, clocks.due(self.urgency, acting.at));
        self.reopened = Some(acting.at.clone());
        self.review = None;
        Ok(self)
    }

    /// Where it stands, in one word.
    pub fn stage(&self) -> Stage {
        match (&self.assessment, self.outward) {
            (_, Outward::Recalled) => Stage::Recalled,
            (_, Outward::Released) => expiry::stage(self),
            (_, Outward::Drafted) => Stage::Drafted,
            (Assessment::Open {}, Outward::Nothing) => Stage::Open,
            (Assessment::Found { .. }, Outward::Nothing) => Stage::Found,
            (Assessment::Decided { decision, .. }, Outward::Nothing) => match decision.decision {
                Decision::Warn { .. } => Stage::ToWarn,
                Decision::Waive { .. } | Decision::Refer { .. } | Decision::NotMet { .. } => {
                    Stage::Closed
                }
            },
            (Assessment::Merged { .. }, Outward::Nothing) => Stage::Closed,
        }
    }
}

/// Texts of people on a case are as long as what an entry may hold.
pub(crate) fn out_of_turn(number: CaseNumber, stage: Stage, why: &str) -> Refusal {
    Refusal::new(Code::Stage, format!("case {number} is {stage}: {why}"))
}

#[cfg(test)]
mod tests;
