//! What an act is answered, as the API shows it: the fields of the answer, without its kind. Whoever
//! made the act knows which of these answers it.

use crate::hint::{self, Surface};
use crate::readout::ReadoutMoved;
use crate::text;
use forewarn_exchange::agreement::Version;
use forewarn_exchange::answer::{Answer, CaseAt};
use forewarn_exchange::danger::DangerNumber;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::{
    AuthorityNumber, CaseNumber, CorrectionNumber, ExerciseNumber, MuteNumber, ProposalNumber,
    WarningNumber,
};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Hash, Reference};
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A user was set, or its tokens were ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserSet {
    /// Who.
    pub user: UserName,
}

/// A feed was set or removed, or looks now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedSet {
    /// Its name.
    pub feed: String,
}

/// Who is told of what needs somebody was set, or a need was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TellingSet {
    /// What was set or taken, in words.
    pub set: String,
}

/// A partner was added. The words that confirm it are not told here: they come from the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartnerAdded {
    /// Who.
    pub partner: NodeName,
}

/// The channel with a partner is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelOpen {
    /// With whom.
    pub partner: NodeName,
    /// The channel's id.
    pub channel: String,
}

/// A partner was suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartnerSet {
    /// Who.
    pub partner: NodeName,
}

/// A version of the agreement with a partner was proposed, accepted or declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgreementSet {
    /// With whom.
    pub partner: NodeName,
    /// Which.
    pub version: Version,
    /// The entry of our log that says so.
    pub entry: Reference,
}

/// Partners were told of our newest keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeysAnnounced {
    /// Who.
    pub partners: Vec<NodeName>,
}

/// An interest was registered, changed, withdrawn or confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InterestSet {
    /// Its id.
    pub interest: String,
    /// With whom, or whose.
    pub partner: NodeName,
}

/// Interests were registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InterestsAdded {
    /// Their ids, in the order given.
    pub interests: Vec<String>,
    /// With whom.
    pub partner: NodeName,
}

/// Where a case stands after an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseMoved {
    /// Which.
    pub case: CaseNumber,
    /// Where it stands, in words.
    pub stage: String,
    /// When it is due.
    pub due: Timestamp,
    /// What is to be seen of what was written, such as words of both rows of ICD 203.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Where several cases stand after an act on all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CasesMoved {
    /// Each of them.
    pub cases: Vec<CaseMoved>,
}

/// A source is in danger, or somebody has looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DangerSet {
    /// The danger's number.
    pub danger: DangerNumber,
    /// Whether it stops what rests on the source.
    pub holds: bool,
}

/// A mute was set or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MuteSet {
    /// Which.
    pub mute: MuteNumber,
    /// Until when it holds, or would have.
    pub until: Timestamp,
}

/// Something was erased, or is held, or held no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptSet {
    /// What.
    pub kept: Erasable,
}

/// That somebody looks for what is held about a person is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LookedFor {
    /// Always so.
    pub looked_for: bool,
}

/// That somebody reads what is withheld is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithheldRead {
    /// Of which case.
    pub withheld_read: CaseNumber,
}

/// A template was set or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateSet {
    /// Its name.
    pub template: String,
}

/// The name behind a handle is kept, was read, or is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceNamed {
    /// The handle.
    pub named_source: String,
}

/// That the file of a case was made is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileExported {
    /// Of which case.
    pub exported_case: CaseNumber,
}

/// An item was looked at and is no match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchDismissed {
    /// The item.
    pub dismissed_item: String,
}

/// A finding of an item's text was corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingCorrected {
    /// Which correction.
    pub correction: CorrectionNumber,
    /// The item.
    pub corrected_item: String,
}

/// Something about a case was written into our log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseSent {
    /// Which case.
    pub case: CaseNumber,
    /// Where it stands in our log.
    pub entry: Reference,
    /// The entry's global id.
    pub id: String,
}

/// Something of a warning was set here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarningSet {
    /// Which warning.
    pub warning: WarningNumber,
}

/// Something about a warning was written into our log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarningSent {
    /// Which warning.
    pub warning: WarningNumber,
    /// Where it stands in our log.
    pub entry: Reference,
    /// The entry's global id.
    pub id: String,
}

/// A standing authorisation was given or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthoritySet {
    /// Which.
    pub authority: AuthorityNumber,
}

/// An exercise has begun, or is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseSet {
    /// Which.
    pub exercise: ExerciseNumber,
}

/// It waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposed {
    /// Under which number.
    pub proposal: ProposalNumber,
    /// What the second person approves.
    pub digest: Hash,
}

/// A proposal was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalDropped {
    /// Which.
    pub dropped: ProposalNumber,
}

/// Withheld fields may be shown in evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldsShown {
    /// Which fields.
    pub fields: Vec<String>,
}

/// The answer to an act that may need two persons: its own, or that it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum DoneOrWaits<T> {
    /// It is done.
    Done(T),
    /// A second person is to look at it.
    Waits(Proposed),
}

/// Only an act that waits is answered with a proposal.
impl<'de, T: DeserializeOwned> Deserialize<'de> for DoneOrWaits<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DoneOrWaits<T>, D::Error> {
        let answer = Value::deserialize(from)?;
        if answer.get("proposal").is_some() {
            serde_json::from_value(answer).map(DoneOrWaits::Waits).map_err(D::Error::custom)
        } else {
            serde_json::from_value(answer).map(DoneOrWaits::Done).map_err(D::Error::custom)
        }
    }
}

/// The answer to an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answered {
    /// About a user.
    User(UserSet),
    /// About a feed.
    Feed(FeedSet),
    /// About who is told.
    Telling(TellingSet),
    /// About a standing authorisation.
    Authority(AuthoritySet),
    /// About an exercise.
    Exercise(ExerciseSet),
    /// A partner was added.
    PartnerAdded(PartnerAdded),
    /// A channel is open.
    ChannelOpen(ChannelOpen),
    /// About a partner.
    Partner(PartnerSet),
    /// About an agreement.
    Agreement(AgreementSet),
    /// Partners were told of our keys.
    KeysAnnounced(KeysAnnounced),
    /// About an interest.
    Interest(InterestSet),
    /// Interests were registered.
    Interests(InterestsAdded),
    /// It waits for a second person.
    Proposed(Proposed),
    /// A proposal was dropped.
    Dropped(ProposalDropped),
    /// Withheld fields may be shown in evidence.
    Showing(FieldsShown),
    /// A case has come further.
    CaseMoved(CaseMoved),
    /// Several have.
    CasesMoved(CasesMoved),
    /// A source is in danger, or somebody has looked at it.
    Danger(DangerSet),
    /// A mute was set or removed.
    Mute(MuteSet),
    /// Something was erased, or is held, or held no more.
    Kept(KeptSet),
    /// That somebody looks for what is held about a person is on record.
    LookedFor(LookedFor),
    /// That somebody reads what is withheld is on record.
    WithheldRead(WithheldRead),
    /// A template was set or removed.
    Template(TemplateSet),
    /// The name behind a handle is kept, was read, or is forgotten.
    SourceNamed(SourceNamed),
    /// That the file of a case was made is on record.
    Exported(FileExported),
    /// An item is no match.
    MatchDismissed(MatchDismissed),
    /// A finding was corrected.
    Corrected(FindingCorrected),
    /// Something about a case was sent.
    CaseSent(CaseSent),
    /// Something of a warning was set here.
    WarningSet(WarningSet),
    /// Something about a warning was sent.
    WarningSent(WarningSent),
    /// A readout has come further.
    Readout(ReadoutMoved),
}

impl From<Answer> for Answered {
    #[expect(clippy::too_many_lines, reason = "one arm for each answer, and nothing else")]
    fn from(answer: Answer) -> Answered {
        match answer {
            Answer::User { user } => Answered::User(UserSet { user }),
            Answer::Feed { feed } => Answered::Feed(FeedSet { feed }),
            Answer::Telling { set } => Answered::Telling(TellingSet { set }),
            Answer::Authority { authority } => Answered::Authority(AuthoritySet { authority }),
            Answer::Exercise { exercise } => Answered::Exercise(ExerciseSet { exercise }),
            Answer::PartnerAdded { partner, .. } => {
                Answered::PartnerAdded(PartnerAdded { partner })
            }
            Answer::ChannelOpen { partner, channel } => {
                Answered::ChannelOpen(ChannelOpen { partner, channel })
            }
            Answer::Partner { partner } => Answered::Partner(PartnerSet { partner }),
            Answer::Agreement { partner, version, entry } => {
                Answered::Agreement(AgreementSet { partner, version, entry })
            }
            Answer::KeysAnnounced { partners } => {
                Answered::KeysAnnounced(KeysAnnounced { partners })
            }
            Answer::Interest { interest, partner } => {
                Answered::Interest(InterestSet { interest, partner })
            }
            Answer::Interests { interests, partner } => {
                Answered::Interests(InterestsAdded { interests, partner })
            }
            Answer::Proposed { proposal, digest } => {
                Answered::Proposed(Proposed { proposal, digest })
            }
            Answer::Dropped { proposal } => {
                Answered::Dropped(ProposalDropped { dropped: proposal })
            }
            Answer::Showing { fields } => Answered::Showing(FieldsShown { fields }),
            Answer::Case { case, stage, due, notes } => {
                Answered::CaseMoved(CaseMoved { case, stage: stage.to_string(), due, notes })
            }
            Answer::Cases { cases } => {
                let moved = |CaseAt { case, stage, due }| CaseMoved {
                    case,
                    stage: stage.to_string(),
                    due,
                    notes: Vec::new(),
                };
                Answered::CasesMoved(CasesMoved { cases: cases.into_iter().map(moved).collect() })
            }
            Answer::Danger { danger, holds } => Answered::Danger(DangerSet { danger, holds }),
            Answer::Mute { mute, until } => Answered::Mute(MuteSet { mute, until }),
            Answer::WithheldRead { case } => {
                Answered::WithheldRead(WithheldRead { withheld_read: case })
            }
            Answer::Template { template } => Answered::Template(TemplateSet { template }),
            Answer::SourceName { source } => {
                Answered::SourceNamed(SourceNamed { named_source: source })
            }
            Answer::Exported { case } => Answered::Exported(FileExported { exported_case: case }),
            Answer::LookedFor {} => Answered::LookedFor(LookedFor { looked_for: true }),
            Answer::Kept { what } => Answered::Kept(KeptSet { kept: what }),
            Answer::MatchDismissed { item } => {
                Answered::MatchDismissed(MatchDismissed { dismissed_item: item })
            }
            Answer::Corrected { correction, item } => {
                Answered::Corrected(FindingCorrected { correction, corrected_item: item })
            }
            Answer::CaseSent { case, entry, id } => {
                Answered::CaseSent(CaseSent { case, entry, id })
            }
            Answer::Readout { subject, entry } => {
                Answered::Readout(ReadoutMoved { subject, entry })
            }
            Answer::Warning { warning } => Answered::WarningSet(WarningSet { warning }),
            Answer::WarningSent { warning, entry, id } => {
                Answered::WarningSent(WarningSent { warning, entry, id })
            }
        }
    }
}

impl Proposed {
    /// That it waits, and how it is looked at.
    pub fn words(&self, surface: Surface) -> String {
        let number = self.proposal;
        let look = hint::show_proposal(number, surface);
        format!("proposal {number} waits for a second person, who looks at it: {look}")
    }
}

impl PartnerAdded {
    /// Who was added.
    pub fn words(&self) -> String {
        format!("added {}; nothing crosses until it is confirmed", self.partner)
    }
}

impl ChannelOpen {
    /// With whom the channel is open, and its id.
    pub fn words(&self) -> String {
        format!("the channel with {} is open: {}", self.partner, text::line(&self.channel))
    }
}

impl KeysAnnounced {
    /// Who was told.
    pub fn words(&self) -> String {
        let partners: Vec<&str> = self.partners.iter().map(|one| &**one).collect();
        format!("told {}", partners.join(", "))
    }
}

impl CaseMoved {
    /// Where the case stands, and until when.
    pub fn words(&self) -> String {
        let (stage, due) = (text::line(&self.stage), text::time(&self.due));
        let mut lines = vec![format!("case {} is {stage}; due {due}", self.case)];
        lines.extend(self.notes.iter().map(|note| format!("NOTE: {}", text::line(note))));
        lines.join("\n")
    }
}

impl CasesMoved {
    /// Where each case stands, and until when.
    pub fn words(&self) -> String {
        let lines: Vec<String> = self.cases.iter().map(CaseMoved::words).collect();
        lines.join("\n")
    }
}

impl DangerSet {
    /// What it stops, or no more.
    pub fn words(&self) -> String {
        let number = self.danger;
        if self.holds {
            format!(
                "danger {number}: what rests on the source does not leave until somebody else has looked"
            )
        } else {
            format!("danger {number} is lifted: what rests on the source may leave again")
        }
    }
}

impl MuteSet {
    /// Which, and until when.
    pub fn words(&self) -> String {
        format!(
            "mute {}, until {}; `forewarn mute list` shows it",
            self.mute,
            text::time(&self.until)
        )
    }
}

impl MatchDismissed {
    /// Which item.
    pub fn words(&self) -> String {
        format!("{} is no match: on record", text::line(&self.dismissed_item))
    }
}

impl FindingCorrected {
    /// Which, and of what.
    pub fn words(&self) -> String {
        let item = text::line(&self.corrected_item);
        format!(
            "correction {} of {item} is on record; what it meets is looked at again",
            self.correction
        )
    }
}

impl CaseSent {
    /// What was done of the case, such as `released`, and the entry that holds it.
    pub fn words(&self, done: &str) -> String {
        format!("{done} case {}: entry {} of our log", self.case, self.entry.index)
    }
}

impl WarningSent {
    /// What was done on the warning, such as `accepted`, and the entry that holds it.
    pub fn words(&self, done: &str) -> String {
        format!("{done}, on warning {}: entry {} of our log", self.warning, self.entry.index)
    }
}
