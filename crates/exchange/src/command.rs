//! What a person or the node wants done, with all that the decision needs from outside.

use crate::case::{Decision, Finding};
use crate::draft::DraftRequest;
use crate::interest::Interest;
use crate::message::RecallAnswer;
use crate::scale::{Clocks, OutcomeFact, Status, Urgency};
use crate::user::{Permission, Role};
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
    },
    /// Our interest, registered with a partner over the channel.
    InterestAdd {
        partner: String,
        interest: Interest,
    },
    InterestRemove {
        partner: String,
        id: String,
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
            Act::UserAdd { .. } | Act::TokenAdd { .. } | Act::TokensRevoke { .. } => {
                Permission::Administer
            }
            Act::PartnerAdd { .. }
            | Act::PartnerConfirm { .. }
            | Act::PartnerSuspend { .. }
            | Act::InterestAdd { .. }
            | Act::InterestRemove { .. } => Permission::ManagePartners,
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

/// Ids and salts drawn from a command's seed: the same command draws the same ones.
#[derive(Debug, Clone)]
pub struct Ids {
    seed: Hash,
    drawn: u64,
}

impl Ids {
    pub fn new(seed: Hash) -> Ids {
        Ids { seed, drawn: 0 }
    }

    fn draw(&mut self) -> [u8; 16] {
        let mut input = self.seed.0.to_vec();
        input.extend(self.drawn.to_be_bytes());
        self.drawn += 1;
        let mut out = [0; 16];
        out.copy_from_slice(Hash::of(&input).0.first_chunk::<16>().unwrap_or(&[0; 16]));
        out
    }

    /// 128 bits for a disclosure.
    pub fn salt(&mut self) -> [u8; 16] {
        self.draw()
    }

    /// `kind--` and a version 4 UUID.
    pub fn id(&mut self, kind: &str) -> String {
        format!("{kind}--{}", self.uuid())
    }

    pub fn uuid(&mut self) -> String {
        let mut number = u128::from_be_bytes(self.draw());
        // RFC 9562 §5.4: version 4 and variant 10.
        number = number & !(0xf << 76) | (0x4 << 76);
        number = number & !(0x3 << 62) | (0x2 << 62);
        let hex = format!("{number:032x}");
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_4_and_the_same_for_the_same_seed() {
        let mut ids = Ids::new(Hash::of(b"seed"));
        let first = ids.id("report");
        assert!(forewarn_stix::StixId::parse(&first).is_ok());
        assert_eq!(first.as_bytes()[8 + 14], b'4');
        assert_eq!(Ids::new(Hash::of(b"seed")).id("report"), first);
        assert_ne!(ids.id("report"), first);
    }
}
