//! What a decision changes. Applying one cannot be refused.

use crate::account::Account;
use crate::act::Showing;
use crate::agreement::Agreement;
use crate::authority::{Authority, Standing};
use crate::case::{Case, CaseItem, Outgoing};
use crate::correction::Correction;
use crate::danger::Danger;
use crate::erasure::{Erasable, Erased, Hold};
use crate::exercise::Exercise;
use crate::feed::Feed;
use crate::gate::{Released, Withheld};
use crate::grant::Granted;
use crate::history::{AccountChange, AgreementBecame, Happened, Line, ReadoutChange, Topic};
use crate::id::{
    AuthorityNumber, CaseNumber, CorrectionNumber, MuteNumber, ProposalNumber, Subject,
    WarningNumber,
};
use crate::message::Content;
use crate::mute::{Mute, MuteRequest};
use crate::name::{GrantName, NodeName, UserName};
use crate::partner::Partner;
use crate::post::Posted;
use crate::proposal::{Fate, Proposal};
use crate::readout::Readout;
use crate::source_name::SourceNames;
use crate::talk::About;
use crate::telling::{Taken, Telling};
use crate::template::Templates;
use crate::user::{User, UserStanding};
use crate::warning::Warning;
use forewarn_matching::Match;
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::Ownership;
use forewarn_transcript::Hash;

/// One change of state.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A user is this from now on.
    UserSet {
        /// The user.
        user: User,
    },
    /// How a user signs in is this from now on.
    AccountSet {
        /// Who.
        user: UserName,
        /// How.
        account: Account,
        /// What of it has changed.
        change: AccountChange,
    },
    /// Something lets a user in.
    GrantSet {
        /// What, and whom.
        granted: Granted,
    },
    /// Something does not let a user in any more.
    GrantGone {
        /// Whom.
        user: UserName,
        /// Which it was.
        name: GrantName,
        /// SHA-256 of its secret.
        digest: Hash,
    },
    /// Nothing that let the user in counts any more.
    GrantsGone {
        /// Whose.
        user: UserName,
    },
    /// A feed is followed from its beginning.
    FeedSet {
        /// The feed.
        feed: Feed,
    },
    /// A feed is not followed any more.
    FeedGone {
        /// Its name.
        name: String,
    },
    /// Who is told of what, and how, is this from now on.
    TellingSet {
        /// All of it.
        telling: Box<Telling>,
        /// What of it is another, in words.
        what: String,
    },
    /// A standing authorisation is this from now on.
    AuthoritySet {
        /// The authorisation.
        authority: Box<Authority>,
    },
    /// A warning has left by a standing authorisation.
    AuthorityUsed {
        /// By which.
        authority: AuthorityNumber,
        /// In which case.
        case: CaseNumber,
    },
    /// An exercise is this from now on.
    ExerciseSet {
        /// The exercise.
        exercise: Box<Exercise>,
    },
    /// A danger of a source is this from now on.
    DangerSet {
        /// The danger.
        danger: Box<Danger>,
    },
    /// Templates are these from now on.
    TemplatesSet {
        /// All of them.
        templates: Box<Templates>,
        /// What was done, for the history.
        happened: Happened,
    },
    /// Names behind handles are these from now on.
    SourceNamesSet {
        /// All of them.
        names: Box<SourceNames>,
        /// What was done, for the history.
        happened: Happened,
    },
    /// A mute is this from now on.
    MuteSet {
        /// The mute.
        mute: Box<Mute>,
    },
    /// Somebody has corrected a finding.
    Corrected {
        /// What was said.
        correction: Box<Correction>,
    },
    /// A match rested on a finding that was marked wrong, or holds again.
    MatchCorrected {
        /// By which correction.
        correction: CorrectionNumber,
        /// The match's case.
        case: CaseNumber,
        /// The item's place in the order of items.
        item: i64,
        /// Its id.
        object: String,
        /// Whose interest.
        partner: String,
        /// The interest's id.
        interest: String,
        /// What the partner calls it.
        label: String,
        /// Whether the item meets it after all that was said.
        holds: bool,
    },
    /// Content was erased for good.
    Erased {
        /// What.
        what: Erasable,
        /// Why, and by whom.
        erased: Box<Erased>,
        /// Proposals about it that wait no more, and have its words.
        forgotten: Vec<ProposalNumber>,
    },
    /// Nothing of something is erased; or something is held no more.
    HoldSet {
        /// What.
        what: Erasable,
        /// What holds it now.
        hold: Option<Hold>,
        /// Why it is so now.
        reason: String,
    },
    /// A match opened no case, since it is muted.
    Muted {
        /// By which mute.
        mute: MuteNumber,
        /// The item's place in the order of items.
        item: i64,
        /// Its id.
        object: String,
        /// The match.
        found: Match,
    },
    /// The matches of a case belong to another from now on, and further ones join that.
    CaseMerged {
        /// Which case.
        from: CaseNumber,
        /// Into which.
        into: CaseNumber,
    },
    /// Somebody has a need in hand.
    NeedTaken {
        /// The need's name.
        need: String,
        /// Who, and when.
        taken: Taken,
    },
    /// A partner is this from now on.
    PartnerSet {
        /// The partner.
        partner: Box<Partner>,
    },
    /// A version of the agreement with a partner is this from now on.
    AgreementSet {
        /// The version.
        agreement: Box<Agreement>,
    },
    /// What was released stands in the partner's outlets too.
    Offered {
        /// Whose.
        partner: NodeName,
        /// The case's number.
        case: CaseNumber,
        /// What the gate has passed.
        released: Released,
    },
    /// The genesis entry opens our log to a partner.
    LogOpened {
        /// To whom.
        partner: NodeName,
        /// The log's name.
        log: String,
        /// The entry.
        genesis: String,
    },
    /// An interest of ours, registered with `partner`; or one of the partner's, registered with us.
    InterestSet {
        /// With whom, or whose.
        partner: NodeName,
        /// Whether it is ours.
        ours: bool,
        /// The interest.
        interest: Interest,
    },
    /// An interest is withdrawn.
    InterestGone {
        /// With whom it was registered, or whose it was.
        partner: NodeName,
        /// Whether it was ours.
        ours: bool,
        /// Its id.
        id: String,
    },
    /// Whether the things in a partner's interest are its own.
    OwnershipSet {
        /// Whose interest.
        partner: NodeName,
        /// Its id.
        id: String,
        /// What was found.
        ownership: Ownership,
    },
    /// A case is this from now on.
    CaseSet {
        /// The case.
        case: Case,
    },
    /// A case names one more item.
    ItemNamed {
        /// Which case.
        case: CaseNumber,
        /// The item.
        item: CaseItem,
    },
    /// The papers of a case are these from now on.
    OutgoingSet {
        /// Which case.
        case: CaseNumber,
        /// The papers.
        outgoing: Box<Outgoing>,
    },
    /// Must never reach this partner, in any words: it only ever grows.
    Withheld {
        /// Whom.
        partner: NodeName,
        /// What.
        withheld: Vec<Withheld>,
    },
    /// Must never reach anybody by what is written about these items: it only ever grows.
    WithheldOf {
        /// Ids of items.
        items: Vec<String>,
        /// What.
        withheld: Vec<Withheld>,
    },
    /// A proposal is this from now on.
    ProposalSet {
        /// The proposal.
        proposal: Box<Proposal>,
        /// The case or warning that it is about.
        subject: Option<Subject>,
    },
    /// What is for the history alone, such as why something was done.
    Told {
        /// The line.
        line: Line,
    },
    /// Withheld fields may be shown in evidence.
    ShowingSet {
        /// Which fields of which entries.
        showing: Showing,
        /// To whom, and why.
        reason: String,
    },
    /// A readout is this from now on.
    ReadoutSet {
        /// The readout.
        readout: Box<Readout>,
        /// What of it has changed.
        change: ReadoutChange,
    },
    /// A received warning is this from now on.
    WarningSet {
        /// The warning.
        warning: Warning,
    },
    /// A version of a received warning's content.
    ContentSet {
        /// The warning's number.
        warning: WarningNumber,
        /// Counted from 1.
        version: u32,
        /// The content.
        content: Box<Content>,
    },
    /// Something was said about a case or warning.
    Said {
        /// What, and about which.
        about: Box<About>,
    },
    /// An entry of our log.
    Posted {
        /// To whom.
        partner: NodeName,
        /// The case or warning that it belongs to.
        subject: Option<Subject>,
        /// The entry.
        posted: Posted,
    },
    /// An item has met an interest.
    Matched {
        /// The item's place in the order of items.
        item: i64,
        /// The case that it opened or joined.
        case: CaseNumber,
        /// The match.
        found: Match,
    },
    /// Thanks that has reached a source's handle.
    SourceThanked {
        /// The handle.
        source: String,
        /// Whose thanks.
        partner: NodeName,
        /// Its words.
        text: String,
        /// For which case.
        case: CaseNumber,
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
    /// An entry of the partner's belongs to this case or warning.
    EntryFiled {
        /// In which log.
        log: String,
        /// Its index.
        index: u64,
        /// To which it belongs.
        subject: Subject,
        /// The entry's kind, such as `recall`.
        kind: String,
    },
}

impl Event {
    /// It does not let anybody in any more.
    pub fn end_of(granted: Granted) -> Event {
        let Granted { digest, user, grant } = granted;
        Event::GrantGone { user, name: grant.name, digest }
    }

    /// The partner for whom it makes our log longer.
    pub fn lengthens(&self) -> Option<&NodeName> {
        match self {
            Event::Posted { partner, .. } | Event::LogOpened { partner, .. } => Some(partner),
            Event::UserSet { .. }
            | Event::AccountSet { .. }
            | Event::GrantSet { .. }
            | Event::GrantGone { .. }
            | Event::GrantsGone { .. }
            | Event::FeedSet { .. }
            | Event::FeedGone { .. }
            | Event::TellingSet { .. }
            | Event::AuthoritySet { .. }
            | Event::AuthorityUsed { .. }
            | Event::NeedTaken { .. }
            | Event::ExerciseSet { .. }
            | Event::DangerSet { .. }
            | Event::SourceNamesSet { .. }
            | Event::TemplatesSet { .. }
            | Event::MuteSet { .. }
            | Event::Muted { .. }
            | Event::Corrected { .. }
            | Event::MatchCorrected { .. }
            | Event::Erased { .. }
            | Event::HoldSet { .. }
            | Event::CaseMerged { .. }
            | Event::PartnerSet { .. }
            | Event::AgreementSet { .. }
            | Event::Offered { .. }
            | Event::InterestSet { .. }
            | Event::InterestGone { .. }
            | Event::OwnershipSet { .. }
            | Event::CaseSet { .. }
            | Event::ItemNamed { .. }
            | Event::OutgoingSet { .. }
            | Event::Withheld { .. }
            | Event::WithheldOf { .. }
            | Event::ProposalSet { .. }
            | Event::Told { .. }
            | Event::ShowingSet { .. }
            | Event::ReadoutSet { .. }
            | Event::WarningSet { .. }
            | Event::ContentSet { .. }
            | Event::Said { .. }
            | Event::Matched { .. }
            | Event::SourceThanked { .. }
            | Event::EntryRefused { .. }
            | Event::EntryFiled { .. } => None,
        }
    }

    /// What the history keeps of it; `None` for a part of what another event of the same command
    /// tells.
    #[expect(clippy::too_many_lines, reason = "one arm for each event, and nothing else")]
    pub fn line(&self) -> Option<Line> {
        let node = |happened| Line::new(Topic::Node, happened);
        Some(match self {
            Event::UserSet { user } => {
                let name = user.name.clone();
                node(match &user.standing {
                    UserStanding::Active => Happened::UserSet { user: name },
                    UserStanding::Suspended { reason, .. } => {
                        Happened::UserSuspended { user: name, reason: reason.clone() }
                    }
                    UserStanding::Removed { reason, .. } => {
                        Happened::UserRemoved { user: name, reason: reason.clone() }
                    }
                })
            }
            Event::AccountSet { user, change, .. } => {
                node(Happened::Account { user: user.clone(), change: change.clone() })
            }
            Event::GrantSet { granted } => {
                let (user, name) = (granted.user.clone(), granted.grant.name.clone());
                node(Happened::GrantMade { user, name, kind: granted.grant.kind })
            }
            Event::GrantGone { user, name, .. } => {
                node(Happened::GrantEnded { user: user.clone(), name: name.clone() })
            }
            Event::GrantsGone { user } => node(Happened::TokensEnded { user: user.clone() }),
            Event::FeedSet { feed } => {
                let (feed, url) = (feed.name.clone(), feed.url.clone());
                Line::new(Topic::Node, Happened::FeedSet { feed, url })
            }
            Event::FeedGone { name } => node(Happened::FeedRemoved { feed: name.clone() }),
            Event::TellingSet { what, .. } => node(Happened::TellingSet { what: what.clone() }),
            Event::AuthoritySet { authority } => {
                let number = authority.number;
                node(match &authority.standing {
                    Standing::Given {} => Happened::AuthorityGiven { number },
                    Standing::Revoked { reason, .. } => {
                        Happened::AuthorityRevoked { number, reason: reason.clone() }
                    }
                })
            }
            Event::AuthorityUsed { authority, case } => {
                Line::new(*case, Happened::ReleasedBy { authority: *authority })
            }
            Event::ExerciseSet { exercise } => {
                let (number, name) = (exercise.number, exercise.scenario.name.clone());
                node(match &exercise.ended {
                    None => Happened::ExerciseBegun { number, name },
                    Some(over) => {
                        Happened::ExerciseEnded { number, name, reason: over.reason.clone() }
                    }
                })
            }
            Event::TemplatesSet { happened, .. } | Event::SourceNamesSet { happened, .. } => {
                Line::new(Topic::Node, happened.clone())
            }
            // The line names no source: not everybody who reads it may know them.
            Event::DangerSet { danger } => {
                let (number, holds) = (danger.number, danger.holds());
                Line::new(Topic::Node, Happened::SourceDanger { number, holds })
            }
            Event::MuteSet { mute } => Line::new(&mute.request.partner, become_of_mute(mute)),
            Event::Corrected { correction } => {
                let Correction { number, item, wrong, right, reason, .. } = (**correction).clone();
                node(Happened::Corrected { number, item, wrong, right, reason })
            }
            Event::MatchCorrected { correction, case, object, label, holds, .. } => {
                let (number, item, label) = (*correction, object.clone(), label.clone());
                Line::new(*case, Happened::MatchCorrected { number, item, label, holds: *holds })
            }
            Event::Erased { what, erased, .. } => {
                let (ground, reason) = (erased.ground, erased.reason.clone());
                about(what, Happened::Erased { what: what.clone(), ground, reason })
            }
            Event::HoldSet { what, hold, reason } => {
                let (what, reason) = (what.clone(), reason.clone());
                let topic = what.clone();
                about(
                    &topic,
                    match hold {
                        Some(_) => Happened::Held { what, reason },
                        None => Happened::HoldLifted { what, reason },
                    },
                )
            }
            Event::NeedTaken { need, taken } => {
                let (need, by) = (need.clone(), taken.by.clone());
                node(Happened::NeedTaken { need, by })
            }
            Event::Offered { partner, case, .. } => {
                Line::new(*case, Happened::Offered { partner: partner.clone() })
            }
            Event::PartnerSet { partner } => {
                let partner = partner.name().clone();
                Line::new(&partner, Happened::PartnerSet { partner: partner.clone() })
            }
            Event::AgreementSet { agreement } => {
                let (version, ours) = (agreement.version, agreement.ours);
                let became = AgreementBecame::of(agreement);
                Line::new(&agreement.partner, Happened::Agreement { version, ours, became })
            }
            Event::LogOpened { partner, .. } => {
                Line::new(partner, Happened::ChannelOpened { partner: partner.clone() })
            }
            Event::InterestSet { partner, ours, interest } => {
                let label = interest.label.clone();
                Line::new(partner, Happened::InterestSet { ours: *ours, label })
            }
            Event::InterestGone { partner, id, .. } => {
                Line::new(partner, Happened::InterestRemoved { id: id.clone() })
            }
            Event::OwnershipSet { partner, id, ownership } => {
                let (id, ownership) = (id.clone(), ownership.clone());
                Line::new(partner, Happened::OwnershipSet { id, ownership })
            }
            Event::CaseSet { case } => {
                Line::new(case.number, Happened::StageReached { stage: case.stage() })
            }
            Event::WarningSet { warning } => {
                Line::new(Topic::Warning(warning.number), Happened::WarningChanged {})
            }
            Event::ReadoutSet { readout, change } => {
                Line::new(readout.subject, Happened::Readout { change: change.clone() })
            }
            Event::Posted { subject, posted, .. } => {
                let topic = subject.map_or(Topic::Node, Topic::from);
                let index = posted.reference.index;
                Line::new(topic, Happened::EntryWritten { index, id: posted.id.clone() })
            }
            Event::Matched { case, found, .. } => {
                let why = found.why.first().map(ToString::to_string).unwrap_or_default();
                Line::new(*case, Happened::Matched { label: found.label.clone(), why })
            }
            Event::SourceThanked { source, partner, case, .. } => {
                let (partner, source) = (partner.clone(), source.clone());
                Line::new(*case, Happened::ThanksRelayed { partner, source })
            }
            Event::EntryRefused { log, index, reason } => {
                let (log, reason) = (log.clone(), reason.clone());
                Line::new(Topic::Node, Happened::EntryRefused { log, index: *index, reason })
            }
            Event::EntryFiled { log, index, subject, .. } => {
                Line::new(*subject, Happened::EntryCame { log: log.clone(), index: *index })
            }
            Event::Told { line } => line.clone(),
            Event::ShowingSet { showing, reason } => {
                let topic = showing.subject.map_or(Topic::Node, Topic::from);
                let (of, fields) = (showing.to_string(), showing.fields.clone());
                Line::new(topic, Happened::Showing { of, fields, reason: reason.clone() })
            }
            Event::ProposalSet { proposal, subject } => {
                Line::new(subject.map_or(Topic::Node, Topic::from), become_of(proposal))
            }
            // A muted match is kept in a list of its own, and counted.
            Event::Muted { .. }
            | Event::CaseMerged { .. }
            | Event::ItemNamed { .. }
            | Event::OutgoingSet { .. }
            | Event::Withheld { .. }
            | Event::WithheldOf { .. }
            | Event::ContentSet { .. }
            | Event::Said { .. } => return None,
        })
    }
}

/// What has become of a mute.
fn become_of_mute(mute: &Mute) -> Happened {
    let number = mute.number;
    match &mute.removed {
        None => {
            let MuteRequest { source, until, reason, .. } = mute.request.clone();
            let label = mute.label.clone();
            Happened::MuteSet { number, source, label, until, reason }
        }
        Some(removed) => Happened::MuteRemoved { number, reason: removed.reason.clone() },
    }
}

/// A line about what is kept.
fn about(what: &Erasable, happened: Happened) -> Line {
    Line::new(what.subject().map_or(Topic::Node, Topic::from), happened)
}

/// What has become of a proposal.
fn become_of(proposal: &Proposal) -> Happened {
    let (number, by) = (proposal.number, proposal.by.clone());
    match &proposal.fate {
        Fate::Waiting {} => Happened::Proposed { number },
        Fate::Approved { .. } => Happened::ProposalApproved { number, by },
        Fate::Dropped { reason, .. } => {
            Happened::ProposalDropped { number, by, reason: reason.clone() }
        }
    }
}
