//! What an act is answered, as the API shows it: the fields of the answer, without its kind.

use forewarn_exchange::answer::Answer;
use forewarn_exchange::id::{CaseNumber, ProposalNumber, WarningNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Hash, Reference};
use serde::{Deserialize, Serialize};

/// Where a case stands after an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseMoved {
    /// Which.
    pub case: CaseNumber,
    /// Where it stands, in words.
    pub stage: String,
    /// When it is due.
    pub due: Timestamp,
}

/// Something about a case was written into our log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSent {
    /// Which case.
    pub case: CaseNumber,
    /// Where it stands in our log.
    pub entry: Reference,
    /// The entry's global id.
    pub id: String,
}

/// Something about a warning was written into our log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningSent {
    /// Which warning.
    pub warning: WarningNumber,
    /// Where it stands in our log.
    pub entry: Reference,
    /// The entry's global id.
    pub id: String,
}

/// Something waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Under which number.
    pub proposal: ProposalNumber,
    /// What the second person approves.
    pub digest: Hash,
}

/// The answer to an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answered {
    /// About a user.
    User {
        /// Who.
        user: UserName,
    },
    /// About a feed.
    Feed {
        /// Its name.
        feed: String,
    },
    /// A partner was added.
    PartnerAdded {
        /// Who.
        partner: NodeName,
        /// The ten words of its card.
        fingerprint: String,
    },
    /// A channel is open.
    ChannelOpen {
        /// With whom.
        partner: NodeName,
        /// The channel's id.
        channel: String,
    },
    /// About a partner.
    Partner {
        /// Who.
        partner: NodeName,
    },
    /// Partners were told of our keys.
    Partners {
        /// Who.
        partners: Vec<NodeName>,
    },
    /// About an interest.
    Interest {
        /// Its id.
        interest: String,
        /// With whom, or whose.
        partner: NodeName,
    },
    /// Interests were registered.
    Interests {
        /// Their ids, in the order given.
        interests: Vec<String>,
        /// With whom.
        partner: NodeName,
    },
    /// It waits for a second person.
    Proposed(Proposed),
    /// A proposal was dropped.
    Dropped {
        /// Which.
        dropped: ProposalNumber,
    },
    /// Withheld fields may be shown in evidence.
    Showing {
        /// Which fields.
        fields: Vec<String>,
    },
    /// A case has come further.
    CaseMoved(CaseMoved),
    /// Something about a case was sent.
    CaseSent(CaseSent),
    /// Something about a warning was sent.
    WarningSent(WarningSent),
}

impl From<Answer> for Answered {
    fn from(answer: Answer) -> Answered {
        match answer {
            Answer::User { user } => Answered::User { user },
            Answer::Feed { feed } => Answered::Feed { feed },
            Answer::PartnerAdded { partner, fingerprint } => {
                Answered::PartnerAdded { partner, fingerprint }
            }
            Answer::ChannelOpen { partner, channel } => Answered::ChannelOpen { partner, channel },
            Answer::Partner { partner } => Answered::Partner { partner },
            Answer::KeysAnnounced { partners } => Answered::Partners { partners },
            Answer::Interest { interest, partner } => Answered::Interest { interest, partner },
            Answer::Interests { interests, partner } => Answered::Interests { interests, partner },
            Answer::Proposed { proposal, digest } => {
                Answered::Proposed(Proposed { proposal, digest })
            }
            Answer::Dropped { proposal } => Answered::Dropped { dropped: proposal },
            Answer::Showing { fields } => Answered::Showing { fields },
            Answer::Case { case, stage, due } => {
                Answered::CaseMoved(CaseMoved { case, stage: stage.to_string(), due })
            }
            Answer::CaseSent { case, entry, id } => {
                Answered::CaseSent(CaseSent { case, entry, id })
            }
            Answer::WarningSent { warning, entry, id } => {
                Answered::WarningSent(WarningSent { warning, entry, id })
            }
        }
    }
}
