//! What an act is answered, when it was done.

use crate::agreement::Version;
use crate::case::Stage;
use crate::danger::DangerNumber;
use crate::erasure::Erasable;
use crate::id::{
    AuthorityNumber, CaseNumber, CorrectionNumber, ExerciseNumber, MuteNumber, ProposalNumber,
    Subject, WarningNumber,
};
use crate::name::{NodeName, UserName};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Hash, Reference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer to an act; the journal keeps it, so that a retried act gets the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// A user was set, or its tokens were.
    User {
        /// Who.
        user: UserName,
    },
    /// A feed was set or removed.
    Feed {
        /// Its name.
        feed: String,
    },
    /// Who is told of what needs somebody was set, or a need was taken.
    Telling {
        /// What was set or taken, in words.
        set: String,
    },
    /// A standing authorisation was given or taken back.
    Authority {
        /// Which.
        authority: AuthorityNumber,
    },
    /// An exercise has begun, or is over.
    Exercise {
        /// Which.
        exercise: ExerciseNumber,
    },
    /// A partner was added, and its words are to be compared.
    PartnerAdded {
        /// Who.
        partner: NodeName,
        /// The ten words of its card.
        fingerprint: String,
    },
    /// The channel with a partner is open.
    ChannelOpen {
        /// Who.
        partner: NodeName,
        /// The channel's id.
        channel: String,
    },
    /// A partner was suspended.
    Partner {
        /// Who.
        partner: NodeName,
    },
    /// A version of the agreement with a partner was proposed, accepted or declined.
    Agreement {
        /// With whom.
        partner: NodeName,
        /// Which.
        version: Version,
        /// The entry of our log that says so.
        entry: Reference,
    },
    /// Partners were told of our newest keys.
    KeysAnnounced {
        /// Who.
        partners: Vec<NodeName>,
    },
    /// An interest was registered, changed, withdrawn or confirmed.
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
    /// A case was opened, or has come further.
    Case {
        /// Which.
        case: CaseNumber,
        /// Where it stands.
        stage: Stage,
        /// When it is due.
        due: Timestamp,
        /// What is to be seen of what was written, such as words of both rows of ICD 203.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// Several cases were opened, or have come further, together.
    Cases {
        /// Each: which, where it stands, and when it is due.
        cases: Vec<CaseAt>,
    },
    /// A source is in danger, or somebody has looked at it.
    Danger {
        /// The danger's number.
        danger: DangerNumber,
        /// Whether it stops what rests on the source.
        holds: bool,
    },
    /// A mute was set or removed.
    Mute {
        /// Which.
        mute: MuteNumber,
        /// Until when it holds.
        until: Timestamp,
    },
    /// Something was erased, or is held, or held no more.
    Kept {
        /// What.
        what: Erasable,
    },
    /// That somebody looks for what is held about a person is on record.
    LookedFor {},
    /// That somebody reads what is withheld is on record.
    WithheldRead {
        /// Of which case.
        case: CaseNumber,
    },
    /// A template was set or removed.
    Template {
        /// Its name.
        template: String,
    },
    /// Who stands behind a handle is kept, was read, or is forgotten; what was read is answered apart.
    SourceName {
        /// The handle.
        source: String,
    },
    /// That the file of a case was made is on record.
    Exported {
        /// Of which case.
        case: CaseNumber,
    },
    /// An item was looked at and is no match.
    MatchDismissed {
        /// The item.
        item: String,
    },
    /// A finding was corrected.
    Corrected {
        /// Which correction.
        correction: CorrectionNumber,
        /// The item's id.
        item: String,
    },
    /// Something about a case was written into our log.
    CaseSent {
        /// Which case.
        case: CaseNumber,
        /// Where it stands in our log.
        entry: Reference,
        /// The entry's global id.
        id: String,
    },
    /// It waits for a second person.
    Proposed {
        /// Under which number.
        proposal: ProposalNumber,
        /// What the second person approves.
        digest: Hash,
    },
    /// A proposal was dropped.
    Dropped {
        /// Which.
        proposal: ProposalNumber,
    },
    /// Withheld fields may be shown in evidence.
    Showing {
        /// Which fields.
        fields: Vec<String>,
    },
    /// A readout has come further.
    Readout {
        /// About what.
        subject: Subject,
        /// Where it stands in our log, when the partner is told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Reference>,
    },
    /// Something of a warning was set here; its sender is not told.
    Warning {
        /// Which warning.
        warning: WarningNumber,
    },
    /// Something about a warning was written into our log.
    WarningSent {
        /// Which warning.
        warning: WarningNumber,
        /// Where it stands in our log.
        entry: Reference,
        /// The entry's global id.
        id: String,
    },
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseAt {
    /// Which.
    pub case: CaseNumber,
    /// Where it stands.
    pub stage: Stage,
    /// When it is due.
    pub due: Timestamp,
}
