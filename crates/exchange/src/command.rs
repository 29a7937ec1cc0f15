//! What a person or the node wants done, with all that the decision needs from outside.

use crate::case::{Decision, Finding};
use crate::draft::DraftRequest;
use crate::feed::Feed;
use crate::message::RecallAnswer;
use crate::scale::{Clocks, OutcomeFact, Status, Urgency};
use crate::user::{Permission, Role};
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::How;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// One act with its actor, time and seed: applied anywhere, it has the same effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Command<A> {
    /// Global and unique; a retried command has the same one and is applied once.
    pub id: String,
    pub actor: String,
    pub time: Timestamp,
    /// Ids and salts are drawn from it.
    pub seed: Hash,
    pub clocks: Clocks,
    pub act: A,
}

/// What people do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    UserAdd {
        name: String,
        roles: Vec<Role>,
    },
    /// `digest` is SHA-256 of the token: the token itself is shown once and kept nowhere.
    TokenAdd {
        user: String,
        digest: Hash,
    },
    /// Every token of the user ends.
    TokensRevoke {
        user: String,
    },
    FeedAdd {
        feed: Feed,
    },
    FeedRemove {
        name: String,
    },
    /// A partner that runs no node: it fetches from an outlet, or has things pushed to its server.
    PartnerAddWithoutNode {
        name: String,
        organisation: String,
        ceiling: Tlp,
    },
    PartnerAdd {
        card: String,
        ceiling: Tlp,
    },
    PartnerConfirm {
        name: String,
        fingerprint: String,
    },
    PartnerSuspend {
        name: String,
        reason: String,
        /// Somebody else may hold the partner's key.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        compromised: bool,
    },
    /// Our newest keys are told to every partner that does not know them yet.
    KeyAnnounce {},
    /// Our interest, registered with a partner over the channel.
    InterestAdd {
        partner: String,
        interest: Interest,
    },
    /// Several at once, of which each is an entry of its own.
    InterestsAdd {
        partner: String,
        interests: Vec<Interest>,
    },
    /// Our interest with this id is another from now on.
    InterestChange {
        partner: String,
        interest: Interest,
    },
    InterestRemove {
        partner: String,
        id: String,
    },
    /// Somebody has looked whether the things in a partner's interest are its own.
    InterestConfirm {
        partner: String,
        id: String,
        /// The number of the change after which it was looked at: another one is not confirmed by it.
        change: i64,
        how: How,
        note: String,
    },
    CaseOpen {
        partner: String,
        items: Vec<String>,
        urgency: Urgency,
        status: Status,
    },
    CaseFinding {
        case: i64,
        finding: Finding,
    },
    CaseDecide {
        case: i64,
        decision: Decision,
    },
    CaseDraft {
        case: i64,
        draft: DraftRequest,
    },
    /// Approves exactly the bytes with this digest.
    CaseRelease {
        case: i64,
        digest: Hash,
    },
    CaseRecall {
        case: i64,
        reason: String,
    },
    /// Answers the partner's question that stands at this index of the partner's log.
    CaseAnswer {
        case: i64,
        question: u64,
        text: String,
    },
    WarningOpen {
        warning: i64,
    },
    WarningAccept {
        warning: i64,
        note: String,
    },
    WarningDecline {
        warning: i64,
        reason: String,
    },
    WarningAct {
        warning: i64,
        text: String,
    },
    WarningOutcome {
        warning: i64,
        facts: Vec<OutcomeFact>,
        text: String,
    },
    WarningAsk {
        warning: i64,
        text: String,
    },
    /// Answers a recall.
    WarningAnswer {
        warning: i64,
        answer: RecallAnswer,
        text: String,
    },
    WarningThank {
        warning: i64,
        to: String,
        text: String,
    },
}

impl Act {
    /// What the actor must be allowed to do.
    pub fn permission(&self) -> Permission {
        match self {
            Act::UserAdd { .. }
            | Act::TokenAdd { .. }
            | Act::TokensRevoke { .. }
            | Act::FeedAdd { .. }
            | Act::FeedRemove { .. }
            | Act::KeyAnnounce {} => Permission::Administer,
            Act::PartnerAdd { .. }
            | Act::PartnerAddWithoutNode { .. }
            | Act::PartnerConfirm { .. }
            | Act::PartnerSuspend { .. }
            | Act::InterestAdd { .. }
            | Act::InterestsAdd { .. }
            | Act::InterestChange { .. }
            | Act::InterestRemove { .. }
            | Act::InterestConfirm { .. } => Permission::ManagePartners,
            Act::CaseOpen { .. } | Act::CaseFinding { .. } | Act::CaseDraft { .. } => {
                Permission::Draft
            }
            Act::CaseDecide { .. }
            | Act::CaseRelease { .. }
            | Act::CaseRecall { .. }
            | Act::CaseAnswer { .. } => Permission::Release,
            Act::WarningOpen { .. }
            | Act::WarningAccept { .. }
            | Act::WarningDecline { .. }
            | Act::WarningAct { .. }
            | Act::WarningOutcome { .. }
            | Act::WarningAsk { .. }
            | Act::WarningAnswer { .. }
            | Act::WarningThank { .. } => Permission::Receive,
        }
    }
}
