//! What happened, as data: the history keeps it, and whoever shows it puts it into words.

use crate::account::Second;
use crate::actor::Actor;
use crate::agreement::{Agreement, Fate, Version};
use crate::authority::NotCovered;
use crate::case::Stage;
use crate::case_file::FileForm;
use crate::clocks::Purpose;
use crate::danger::DangerNumber;
use crate::erasure::{Erasable, Ground};
use crate::grant::GrantKind;
use crate::id::{
    AuthorityNumber, CaseNumber, CorrectionNumber, ExerciseNumber, MuteNumber, ProposalNumber,
    Subject, WarningNumber,
};
use crate::link::{Issuer, Link};
use crate::name::{GrantName, NodeName, UserName};
use crate::proposal::Persons;
use crate::scale::Urgency;
use crate::told::Way;
use forewarn_extract::corrected::Finding;
use forewarn_matching::Ended;
use forewarn_matching::interest::ownership::Ownership;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a line of the history is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// A case of ours.
    Case(CaseNumber),
    /// A warning that came to us.
    Warning(WarningNumber),
    /// A partner.
    Partner(NodeName),
    /// The node as a whole.
    Node,
}

/// What became of the way in which a user signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum AccountChange {
    /// The user has signed in.
    SignedIn {
        /// What was shown beside the password.
        #[serde(flatten)]
        second: Second,
    },
    /// The user has shown a code again, for one act.
    ShownAgain {
        /// What was shown.
        #[serde(flatten)]
        second: Second,
    },
    /// The password is another one.
    Password {},
    /// A second factor was begun, of which no code was shown yet.
    FactorBegun {},
    /// A second factor counts from now on.
    FactorSet {},
    /// There is no second factor any more.
    FactorRemoved {},
    /// A password that another user's invitation had set counts no more: the user may do more now.
    Freed {},
    /// Users of the machine stand for this one.
    Uids {
        /// Their numbers.
        uids: Vec<u32>,
    },
    /// A provider's person is the user.
    Linked {
        /// Which provider, and what it calls the user.
        #[serde(flatten)]
        link: Link,
    },
    /// A provider's person is not the user any more.
    Unlinked {
        /// Which provider.
        issuer: Issuer,
    },
    /// The user has signed in at a provider.
    ByProvider {
        /// Which one.
        issuer: Issuer,
    },
}

/// What became of a readout, or of the embargo about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum ReadoutChange {
    /// Our text was written, or written anew.
    Written {},
    /// One side has committed to its text.
    Committed {
        /// Whether that was us.
        ours: bool,
    },
    /// One side has published.
    Revealed {
        /// Whether that was us.
        ours: bool,
        /// Whether that was before an embargo ended.
        early: bool,
    },
    /// Somebody has taken note that the partner published early.
    Noted {},
    /// One side proposes an embargo, or another end of it.
    EmbargoProposed {
        /// Whether that was us.
        ours: bool,
        /// The end.
        until: Timestamp,
    },
    /// One side accepts what the other one proposed.
    EmbargoAccepted {
        /// Whether that was us.
        ours: bool,
    },
    /// One side declines what the other one proposed.
    EmbargoDeclined {
        /// Whether that was us.
        ours: bool,
        /// Why.
        reason: String,
    },
    /// One side has left the embargo.
    EmbargoLeft {
        /// Whether that was us.
        ours: bool,
        /// Whether it says that it complies all the same.
        complies: bool,
        /// Why.
        reason: String,
    },
}

/// What became of a version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "became", rename_all = "kebab-case")]
pub enum AgreementBecame {
    /// It waits for the other side.
    Proposed {
        /// Who has signed it.
        by: String,
    },
    /// Both sides have signed it: it is in force.
    Signed {
        /// Who has signed it for the other side of whoever proposed it.
        by: String,
    },
    /// The other side does not sign it.
    Declined {
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
    /// Both sides proposed at once, and the other's waits.
    Crossed {},
    /// The partner's node did not understand it.
    NotUnderstood {
        /// Why, in its words.
        reason: String,
    },
}

impl AgreementBecame {
    /// What has become of a version.
    pub fn of(agreement: &Agreement) -> AgreementBecame {
        match &agreement.fate {
            Fate::Waiting {} => AgreementBecame::Proposed { by: agreement.by.clone() },
            Fate::Signed { by, .. } => AgreementBecame::Signed { by: by.clone() },
            Fate::Declined { by, reason, .. } => {
                AgreementBecame::Declined { by: by.clone(), reason: reason.clone() }
            }
            Fate::Crossed {} => AgreementBecame::Crossed {},
            Fate::NotUnderstood { reason } => {
                AgreementBecame::NotUnderstood { reason: reason.clone() }
            }
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "happened", rename_all = "kebab-case")]
pub enum Happened {
    /// A user was added, or given other roles.
    UserSet {
        /// Who.
        user: UserName,
    },
    /// Nobody comes in as a user for now.
    UserSuspended {
        /// Who.
        user: UserName,
        /// Why.
        reason: String,
    },
    /// Nobody comes in as a user ever again.
    UserRemoved {
        /// Who.
        user: UserName,
        /// Why.
        reason: String,
    },
    /// How a user signs in was changed, or the user has signed in.
    Account {
        /// Who.
        user: UserName,
        /// What it was.
        change: AccountChange,
    },
    /// Something that lets a user in was made.
    GrantMade {
        /// For whom.
        user: UserName,
        /// The user's word for it.
        name: GrantName,
        /// What it is.
        #[serde(flatten)]
        kind: GrantKind,
    },
    /// One thing that let a user in has ended.
    GrantEnded {
        /// Whose.
        user: UserName,
        /// The user's word for it.
        name: GrantName,
    },
    /// A token was made; written by nodes before each had a name.
    TokenMade {
        /// For whom.
        user: UserName,
    },
    /// Every token of a user has ended.
    TokensEnded {
        /// Whose.
        user: UserName,
    },
    /// A feed was added.
    FeedSet {
        /// Its name.
        feed: String,
        /// Whose server.
        url: String,
    },
    /// A feed was removed.
    FeedRemoved {
        /// Its name.
        feed: String,
    },
    /// Who is told of what needs somebody has changed.
    TellingSet {
        /// What of it, in words.
        what: String,
    },
    /// Somebody has a need in hand.
    NeedTaken {
        /// The need's name.
        need: String,
        /// Who.
        by: UserName,
    },
    /// A partner's server has confirmed, or refused, what was pushed to it.
    FeedPushed {
        /// Whose server.
        partner: NodeName,
        /// The feed that pushed it.
        feed: String,
        /// Objects that it has confirmed.
        confirmed: u64,
        /// Objects that it has refused.
        refused: u64,
        /// Why, in its words.
        why: String,
    },
    /// What is known of a partner has changed.
    PartnerSet {
        /// Who.
        partner: NodeName,
    },
    /// An agreement on paper says how many persons free text to a partner needs.
    Agreed {
        /// With whom.
        partner: NodeName,
        /// How many.
        sentences: Persons,
        /// Where that is agreed.
        reason: String,
    },
    /// A version of the agreement with a partner has come further.
    Agreement {
        /// Which.
        version: Version,
        /// Whether we had proposed it.
        ours: bool,
        /// What became of it.
        #[serde(flatten)]
        became: AgreementBecame,
    },
    /// The agreement gives less time than the clock of a case had left.
    AgreedSooner {
        /// Which version.
        version: Version,
        /// When the clock runs out now.
        due: Timestamp,
    },
    /// Withheld fields may stand in evidence from now on.
    Showing {
        /// Of which entries, in words.
        of: String,
        /// Which fields.
        fields: Vec<String>,
        /// To whom, and why.
        reason: String,
    },
    /// A readout has come further.
    Readout {
        /// How.
        #[serde(flatten)]
        change: ReadoutChange,
    },
    /// A case that was closed is taken up again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// The channel with a partner is open.
    ChannelOpened {
        /// With whom.
        partner: NodeName,
    },
    /// An interest was registered or changed.
    InterestSet {
        /// Whether it is ours.
        ours: bool,
        /// What people call it.
        label: String,
    },
    /// An interest was withdrawn.
    InterestRemoved {
        /// Its id.
        id: String,
    },
    /// Somebody has looked whether the things in a partner's interest are its own.
    OwnershipSet {
        /// The interest's id.
        id: String,
        /// What was found.
        ownership: Ownership,
    },
    /// A case has come to this stage, or was changed at it.
    StageReached {
        /// Where it stands.
        stage: Stage,
    },
    /// Something waits for a second person.
    Proposed {
        /// Which proposal.
        number: ProposalNumber,
    },
    /// A second person has approved what was proposed, and it was done.
    ProposalApproved {
        /// Which proposal.
        number: ProposalNumber,
        /// Who had proposed it.
        by: UserName,
    },
    /// What was proposed is not done.
    ProposalDropped {
        /// Which proposal.
        number: ProposalNumber,
        /// Who had proposed it.
        by: UserName,
        /// Why not.
        reason: String,
    },
    /// The clock ran out: nobody had decided or released, or looked again.
    ClockRanOut {
        /// When it was due.
        due: Timestamp,
        /// What it was for.
        #[serde(default)]
        purpose: Purpose,
    },
    /// The clock stands for a while.
    Paused {
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// The clock runs on.
    RunsOn {
        /// When it is due.
        due: Timestamp,
    },
    /// The case is more or less urgent.
    UrgencyChanged {
        /// From now on.
        urgency: Urgency,
        /// Why.
        reason: String,
    },
    /// The case goes on in another.
    Merged {
        /// Which.
        into: CaseNumber,
        /// Why.
        reason: String,
    },
    /// The case goes on for another too.
    MergedFrom {
        /// Which.
        from: CaseNumber,
        /// Why.
        reason: String,
    },
    /// An item joined the case by hand.
    Joined {
        /// Its id.
        item: String,
        /// Why.
        reason: String,
    },
    /// A new fact joined a threat that was waived.
    NewFact {
        /// The item's id.
        item: String,
    },
    /// The case is of the same threat as others.
    Linked {
        /// Which: its own number is among them.
        cases: Vec<CaseNumber>,
    },
    /// A source is in danger, or somebody has looked at that.
    SourceDanger {
        /// The danger's number.
        number: DangerNumber,
        /// Whether it stops what rests on the source.
        holds: bool,
    },
    /// What a source says opens no case for an interest, for a while.
    MuteSet {
        /// Which mute.
        number: MuteNumber,
        /// Which source.
        source: String,
        /// The interest, as people call it.
        label: String,
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// A mute has ended before its time.
    MuteRemoved {
        /// Which mute.
        number: MuteNumber,
        /// Why.
        reason: String,
    },
    /// Somebody has looked at an item that just missed an interest, and it is no match.
    MatchDismissed {
        /// The item's id.
        item: String,
        /// The interest, as people call it.
        label: String,
        /// Why.
        reason: String,
    },
    /// Somebody has corrected a finding of an item's text.
    Corrected {
        /// Which correction.
        number: CorrectionNumber,
        /// The item's id.
        item: String,
        /// What is wrong.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrong: Option<Finding>,
        /// What is right.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right: Option<Finding>,
        /// Why.
        reason: String,
    },
    /// A match of the case rested on a finding that was marked wrong, or holds again.
    MatchCorrected {
        /// By which correction.
        number: CorrectionNumber,
        /// The item's id.
        item: String,
        /// The interest, as people call it.
        label: String,
        /// Whether the item meets it after all that was said.
        holds: bool,
    },
    /// The clock ran out: the partner was not known to hold what was written to it.
    Undelivered {
        /// When it was due.
        due: Timestamp,
    },
    /// The partner holds what was written to it.
    Delivered {},
    /// The time of a warning is over.
    Expired {
        /// Until when it held.
        horizon: Timestamp,
    },
    /// An item that the case names was revoked.
    OriginalRevoked {
        /// Its id.
        item: String,
    },
    /// Somebody was told beside the channel.
    ToldBeside {
        /// By which way.
        way: Way,
        /// Whom, in words.
        to: String,
        /// Its number, where it was told in imminent danger, before a second person had agreed.
        ahead: Option<u32>,
    },
    /// A second person stands by what was told in imminent danger.
    ToldConfirmed {
        /// Its number.
        number: u32,
    },
    /// What was told in imminent danger does not hold.
    ToldStruck {
        /// Its number.
        number: u32,
        /// Why.
        reason: String,
    },
    /// The warning stands, or goes, although originals were revoked.
    Kept {
        /// Why.
        reason: String,
    },
    /// A match opens no case: what was met is revoked, or over.
    NotOpened {
        /// The item.
        item: String,
        /// The interest, as people call it.
        label: String,
        /// Whether it is revoked, or since when it is over.
        ended: Ended,
    },
    /// Two persons let a class of warning leave without a person.
    AuthorityGiven {
        /// Which standing authorisation.
        number: AuthorityNumber,
    },
    /// A standing authorisation was taken back.
    AuthorityRevoked {
        /// Which.
        number: AuthorityNumber,
        /// Why.
        reason: String,
    },
    /// An exercise has begun.
    ExerciseBegun {
        /// Which.
        number: ExerciseNumber,
        /// What people call it.
        name: String,
    },
    /// An exercise is over.
    ExerciseEnded {
        /// Which.
        number: ExerciseNumber,
        /// What people call it.
        name: String,
        /// Why, or how it went.
        reason: String,
    },
    /// A warning has left by a standing authorisation.
    ReleasedBy {
        /// Which.
        authority: AuthorityNumber,
    },
    /// A standing authorisation is there, and does not cover the case: a person has to look.
    NotCovered {
        /// Which.
        authority: AuthorityNumber,
        /// Why not.
        #[serde(flatten)]
        because: NotCovered,
    },
    /// A standing authorisation covers the case, and the warning was refused: by the gate, say.
    NotReleasedBy {
        /// Which.
        authority: AuthorityNumber,
        /// Why.
        reason: String,
    },
    /// A match opened or joined the case.
    Matched {
        /// The interest, as people call it.
        label: String,
        /// Which words met which clause.
        why: String,
    },
    /// A release stands in the partner's outlets.
    Offered {
        /// Whose.
        partner: NodeName,
    },
    /// An account of the partner has fetched an outlet.
    Fetched {
        /// Whose outlet.
        partner: NodeName,
        /// Which account.
        by: Actor,
        /// Up to which time of adding.
        to: Timestamp,
    },
    /// One of ours has said which account a person is for whom a warning is.
    PersonNamed {
        /// The person, as the sender has named him or her.
        person: String,
        /// The account.
        user: UserName,
    },
    /// The content of a warning at TLP:RED was shown to whoever this line names.
    RedShown {
        /// Which version.
        version: u32,
    },
    /// A warning was received, or has come further.
    WarningChanged {},
    /// An entry was written into our log.
    EntryWritten {
        /// Its index.
        index: u64,
        /// Its global id.
        id: String,
    },
    /// An entry of the partner's has come.
    EntryCame {
        /// In which log.
        log: String,
        /// Its index.
        index: u64,
    },
    /// An entry of the partner's was stored and not understood.
    EntryRefused {
        /// In which log.
        log: String,
        /// Its index.
        index: u64,
        /// Why.
        reason: String,
    },
    /// A partner's thanks was relayed to a source's handle.
    ThanksRelayed {
        /// Whose thanks.
        partner: NodeName,
        /// To which handle.
        source: String,
    },
    /// It is proven that a log was written twice.
    WrittenTwice {
        /// Which log.
        log: String,
    },
    /// Somebody has decided that our log is written although it could not be compared with what the
    /// partner holds.
    WrittenUncompared {
        /// Why that was safe, in the words of whoever decided.
        reason: String,
    },
    /// Entries of our own log came back from the partner's copy.
    Refilled {
        /// How many.
        entries: u64,
        /// From whom.
        partner: NodeName,
    },
    /// Fields of an entry of our own log that nobody here could open any more were opened again.
    OpenedAgain {
        /// Which log.
        log: String,
        /// Which entry.
        index: u64,
        /// How many fields.
        fields: u64,
    },
    /// Versions of an object were deleted from a collection.
    Deleted {
        /// How many.
        versions: u64,
        /// The object's id.
        object: String,
    },
    /// Content was erased for good.
    Erased {
        /// What.
        what: Erasable,
        /// Why, by kind.
        ground: Ground,
        /// Why.
        reason: String,
    },
    /// Nothing of something is erased from now on.
    Held {
        /// What.
        what: Erasable,
        /// Why.
        reason: String,
    },
    /// Something is held no more.
    HoldLifted {
        /// What.
        what: Erasable,
        /// Why.
        reason: String,
    },
    /// Somebody has looked for everything that is held about a person.
    LookedFor {
        /// By what request.
        reason: String,
    },
    /// Somebody who works on nothing has read what is withheld of it: an auditor.
    WithheldRead {},
    /// A text to begin drafts with was written.
    TemplateSet {
        /// Its name.
        name: String,
    },
    /// A text to begin drafts with was removed.
    TemplateRemoved {
        /// Its name.
        name: String,
    },
    /// Who stands behind a source's handle was kept. The line names neither.
    SourceKept {},
    /// Somebody has read who stands behind a handle.
    SourceRead {},
    /// Who stood behind a handle is erased.
    SourceForgotten {},
    /// The file of the case was made, and carried away.
    Exported {
        /// In which form.
        form: FileForm,
        /// SHA-256 of the file.
        digest: Hash,
        /// Its marking.
        marking: Tlp,
    },
    /// A line whose words were erased.
    LineErased {
        /// What had happened, in the word that events have for it: `stage-reached`.
        was: String,
    },
    /// The configuration that the node started with is another one than before.
    Configured {},
    /// A line of before events were kept as data.
    Words {
        /// The line.
        words: String,
    },
}

impl Happened {
    /// Whether it tells what a standing authorisation did about a case, or left to people.
    pub fn is_by_authority(&self) -> bool {
        matches!(
            self,
            Happened::ReleasedBy { .. }
                | Happened::NotCovered { .. }
                | Happened::NotReleasedBy { .. }
        )
    }
}

/// A line of the history, as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub happened: Happened,
}

impl Line {
    /// A line about something.
    pub fn new(topic: impl Into<Topic>, happened: Happened) -> Line {
        Line { topic: topic.into(), happened }
    }
}

impl From<Subject> for Topic {
    fn from(subject: Subject) -> Topic {
        match subject {
            Subject::Case(number) => Topic::Case(number),
            Subject::Warning(number) => Topic::Warning(number),
        }
    }
}

impl From<CaseNumber> for Topic {
    fn from(number: CaseNumber) -> Topic {
        Topic::Case(number)
    }
}

impl From<&NodeName> for Topic {
    fn from(partner: &NodeName) -> Topic {
        Topic::Partner(partner.clone())
    }
}

impl Topic {
    /// Reads what [`Topic`] is kept as; `None` for the node as a whole, in older files.
    pub fn parse(text: Option<&str>) -> Option<Topic> {
        let Some(text) = text else { return Some(Topic::Node) };
        if text == "node" {
            return Some(Topic::Node);
        }
        if let Some(name) = text.strip_prefix("partner:") {
            return NodeName::parse(name).ok().map(Topic::Partner);
        }
        match text.parse::<Subject>().ok()? {
            Subject::Case(number) => Some(Topic::Case(number)),
            Subject::Warning(number) => Some(Topic::Warning(number)),
        }
    }
}

impl fmt::Display for Topic {
    /// The text that a table keeps: a partner that is called like a case is not taken for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Case(number) => Subject::Case(*number).fmt(f),
            Topic::Warning(number) => Subject::Warning(*number).fmt(f),
            Topic::Partner(name) => write!(f, "partner:{name}"),
            Topic::Node => f.write_str("node"),
        }
    }
}
