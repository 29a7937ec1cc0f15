//! Acts on our duties to warn.

use crate::case::{Decision, Finding};
use crate::draft::{DraftChanges, DraftRequest};
use crate::gate::SetAside;
use crate::id::CaseNumber;
use crate::name::NodeName;
use crate::permission::Verdict;
use crate::scale::{Status, Urgency};
use crate::told::TellRequest;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum DutyAct {
    /// A case is opened by hand.
    #[serde(rename = "case-open")]
    Open {
        /// Whom it would warn.
        partner: NodeName,
        /// Ids of items; at least one.
        items: Vec<String>,
        /// How urgent.
        urgency: Urgency,
        /// Whether it is meant.
        status: Status,
        /// Further partners whom the same threat concerns: a case each, linked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<NodeName>,
    },
    /// Whether there is a duty to warn, and why.
    #[serde(rename = "case-finding")]
    Find {
        /// Which case.
        case: CaseNumber,
        /// What was found.
        finding: Finding,
    },
    /// Warn, waive, refer, or not met.
    #[serde(rename = "case-decide")]
    Decide {
        /// Which case.
        case: CaseNumber,
        /// What was decided.
        decision: Decision,
        /// Further cases of which the same is decided, all or none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<CaseNumber>,
    },
    /// A case that was closed without a warning is taken up again; its clock starts anew.
    #[serde(rename = "case-reopen")]
    Reopen {
        /// Which case.
        case: CaseNumber,
        /// Why: what has come to be known since.
        reason: String,
    },
    /// The warning is written; after a release, its next version.
    #[serde(rename = "case-draft")]
    Draft {
        /// Which case.
        case: CaseNumber,
        /// What goes in, and what must not.
        draft: Box<DraftRequest>,
    },
    /// The next version of the warning is written: the last one with these changes.
    #[serde(rename = "case-update")]
    Update {
        /// Which case.
        case: CaseNumber,
        /// What is otherwise than in the last version.
        changes: Box<DraftChanges>,
    },
    /// The next version of a released warning is written: the last one with another horizon, and
    /// nothing else.
    #[serde(rename = "case-renew")]
    Renew {
        /// Which case.
        case: CaseNumber,
        /// Until when it holds from then on.
        valid_until: Timestamp,
    },
    /// What was decided stands: a warning although originals were revoked, or a first draft of one; a
    /// waiver that was looked at again; what was referred, with what the other has answered.
    #[serde(rename = "case-keep")]
    Keep {
        /// Which case.
        case: CaseNumber,
        /// Why it stands.
        reason: String,
        /// Of a waiver: when it is looked at next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_at: Option<Timestamp>,
    },
    /// It is more or less urgent from now on; its clock follows.
    #[serde(rename = "case-urgency")]
    Urgency {
        /// Which case.
        case: CaseNumber,
        /// How urgent.
        urgency: Urgency,
        /// Why.
        reason: String,
    },
    /// Its clock stands until a time, and then runs on by itself.
    #[serde(rename = "case-pause")]
    Pause {
        /// Which case.
        case: CaseNumber,
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// A paused clock runs on.
    #[serde(rename = "case-resume")]
    Resume {
        /// Which case.
        case: CaseNumber,
    },
    /// It is of the same threat as another undecided case of the same partner, which goes on for both.
    #[serde(rename = "case-merge")]
    Merge {
        /// Which case.
        case: CaseNumber,
        /// Into which case.
        into: CaseNumber,
        /// Why.
        reason: String,
    },
    /// An item joins a case by hand.
    #[serde(rename = "case-join")]
    Join {
        /// Which case.
        case: CaseNumber,
        /// The item's id.
        item: String,
        /// Why.
        reason: String,
    },
    /// Cases of several partners are of one threat.
    #[serde(rename = "case-link")]
    Link {
        /// Which case.
        case: CaseNumber,
        /// With which others.
        with: Vec<CaseNumber>,
    },
    /// Approves exactly the bytes with this digest.
    #[serde(rename = "case-release")]
    Release {
        /// Which case.
        case: CaseNumber,
        /// SHA-256 of the bundle.
        digest: Hash,
        /// The possible objections that the draft sets aside: exactly those.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        set_aside: Vec<String>,
    },
    /// A released warning is taken back; the partner must answer.
    #[serde(rename = "case-recall")]
    Recall {
        /// Which case.
        case: CaseNumber,
        /// Why, as the partner is told.
        reason: String,
        /// Texts that are withheld, of which a possible objection does not count here.
        #[serde(default, skip_serializing_if = "SetAside::is_empty")]
        set_aside: SetAside,
    },
    /// Answers the partner's question that stands at this index of the partner's log.
    #[serde(rename = "case-answer")]
    Answer {
        /// Which case.
        case: CaseNumber,
        /// The question's index.
        question: u64,
        /// The answer.
        text: String,
        /// Texts that are withheld, of which a possible objection does not count here.
        #[serde(default, skip_serializing_if = "SetAside::is_empty")]
        set_aside: SetAside,
    },
    /// Somebody of the partner's, or the public, was told beside the channel.
    #[serde(rename = "case-tell")]
    Tell {
        /// Which case.
        case: CaseNumber,
        /// Whom, how, when, and what.
        told: TellRequest,
    },
    /// A second person stands by what was told in imminent danger.
    #[serde(rename = "case-confirm")]
    Confirm {
        /// Which case.
        case: CaseNumber,
        /// The number of what was told.
        told: u32,
    },
    /// What was told in imminent danger does not hold.
    #[serde(rename = "case-strike")]
    Strike {
        /// Which case.
        case: CaseNumber,
        /// The number of what was told.
        told: u32,
        /// Why, as the partner is told.
        reason: String,
        /// How whoever was told has been told that; it stays here.
        taken_back: String,
    },
    /// Says whether the partner may pass on what it asks for at this index of its log.
    #[serde(rename = "case-permit")]
    Permit {
        /// Which case.
        case: CaseNumber,
        /// The request's index.
        request: u64,
        /// What may be passed on, to whom, how and until when; nothing denies it.
        verdict: Verdict,
        /// Texts that are withheld, of which a possible objection does not count here.
        #[serde(default, skip_serializing_if = "SetAside::is_empty")]
        set_aside: SetAside,
    },
}

impl DutyAct {
    /// The cases that it is about, as far as they are there already: the first one first.
    pub fn cases(&self) -> Vec<CaseNumber> {
        match self {
            DutyAct::Open { .. } => Vec::new(),
            DutyAct::Decide { case, also, .. } | DutyAct::Link { case, with: also } => {
                std::iter::once(case).chain(also).copied().collect()
            }
            DutyAct::Merge { case, into, .. } => vec![*case, *into],
            DutyAct::Find { case, .. }
            | DutyAct::Reopen { case, .. }
            | DutyAct::Draft { case, .. }
            | DutyAct::Update { case, .. }
            | DutyAct::Renew { case, .. }
            | DutyAct::Keep { case, .. }
            | DutyAct::Urgency { case, .. }
            | DutyAct::Pause { case, .. }
            | DutyAct::Resume { case }
            | DutyAct::Join { case, .. }
            | DutyAct::Release { case, .. }
            | DutyAct::Recall { case, .. }
            | DutyAct::Answer { case, .. }
            | DutyAct::Tell { case, .. }
            | DutyAct::Confirm { case, .. }
            | DutyAct::Strike { case, .. }
            | DutyAct::Permit { case, .. } => vec![*case],
        }
    }

    /// Whether a case goes on by it: not when a warning that went out is taken back, or what its partner
    /// asks is answered.
    pub fn goes_on(&self) -> bool {
        match self {
            DutyAct::Open { .. }
            | DutyAct::Find { .. }
            | DutyAct::Decide { .. }
            | DutyAct::Reopen { .. }
            | DutyAct::Keep { .. }
            | DutyAct::Urgency { .. }
            | DutyAct::Pause { .. }
            | DutyAct::Resume { .. }
            | DutyAct::Merge { .. }
            | DutyAct::Join { .. }
            | DutyAct::Link { .. }
            | DutyAct::Draft { .. }
            | DutyAct::Update { .. }
            | DutyAct::Renew { .. }
            | DutyAct::Release { .. }
            | DutyAct::Tell { .. }
            | DutyAct::Confirm { .. } => true,
            DutyAct::Recall { .. }
            | DutyAct::Answer { .. }
            | DutyAct::Strike { .. }
            | DutyAct::Permit { .. } => false,
        }
    }
}
