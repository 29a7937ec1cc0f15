//! What needs somebody: one list, computed from what is known, of everything that waits for one of
//! our people, with for whom, since when, until when, and what to do.
//!
//! A need is not kept: it follows from the state of cases, warnings, proposals, partners and parts
//! of the node, and is gone when that changes.

mod case;
mod node;
mod readout;
mod warning;

pub use case::{CaseKnown, Written, of_case, of_question};
pub use node::{
    FailedDelivery, FailedFeed, Stopped, of_agreement, of_danger, of_delivery, of_duty, of_feed,
    of_follower, of_notifier, of_partner, of_proposal, of_quarantine,
};
pub use readout::of_readout;
pub use warning::{WarningKnown, of_own_question, of_warning};

use crate::danger::DangerNumber;
use crate::id::{CaseNumber, ProposalNumber, WarningNumber};
use crate::name::{NodeName, UserName};
use crate::scale::{Status, Urgency};
use crate::user::{Permission, User};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From so many minutes before it is due, a need is due soon.
pub const SOON_MINUTES: i64 = 15;

/// What is needed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A case has no finding.
    Finding,
    /// A case is not decided.
    Decision,
    /// It was decided to warn, and nothing is written.
    Draft,
    /// A draft waits for a second person.
    Release,
    /// What was written to a partner is not known to have arrived.
    Undelivered,
    /// What was told in imminent danger is to be confirmed or struck by a second person.
    ConfirmTold,
    /// An original was revoked after the release.
    Review,
    /// A waiver is to be looked at again.
    WaiverReview,
    /// What was referred is not answered in time.
    Referral,
    /// The partner has not answered our recall.
    RecallUnanswered,
    /// The partner has not answered our update.
    UpdateUnanswered,
    /// The partner has not said that what it did for a warning has ended with it.
    ExpiryUnanswered,
    /// The time of a released warning is nearly over.
    Renew,
    /// The time of a released warning is over, and the partner has not said what came of it.
    OutcomeAwaited,
    /// A partner has asked us something.
    Question,
    /// A partner asks whether it may pass something on.
    Permission,
    /// Nobody has opened a warning.
    Open,
    /// A warning is opened, and neither accepted nor declined.
    Accept,
    /// A partner has taken a warning back, and waits for our answer.
    AnswerRecall,
    /// A partner has changed a warning, and waits for our answer.
    AnswerUpdate,
    /// The time of a warning is over, and its sender waits for our answer.
    AnswerExpiry,
    /// The time of an accepted warning is past, and nobody has said what came of it.
    Outcome,
    /// A partner has not answered our question in time.
    QuestionUnanswered,
    /// A partner has not said in time whether we may pass something on.
    PermissionUnanswered,
    /// The partner proposes an embargo, or another end of it.
    Embargo,
    /// Our readout may be revealed: its hour has come.
    Reveal,
    /// The partner has published its readout early.
    RevealedEarly,
    /// An act waits for a second person.
    Approval,
    /// Nobody has confirmed a partner's fingerprint.
    ConfirmPartner,
    /// A partner has a new address.
    ConfirmMove,
    /// A partner has announced new keys.
    ConfirmKeys,
    /// A log was written twice: that is proven.
    Dispute,
    /// A partner has signed a version of the agreement, and waits for our answer.
    Agreement,
    /// A partner has not answered the version of the agreement that we have signed.
    AgreementUnanswered,
    /// Deliveries to a partner fail.
    Delivery,
    /// A source is in danger: what rests on it waits.
    SourceDanger,
    /// A feed fails.
    Feed,
    /// Things were refused on their way in.
    Quarantine,
    /// A part of the node does not run.
    Follower,
    /// Nobody is on duty.
    Duty,
    /// A notifier fails.
    Notifier,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[
        Kind::Finding,
        Kind::Decision,
        Kind::Draft,
        Kind::Release,
        Kind::Undelivered,
        Kind::ConfirmTold,
        Kind::Review,
        Kind::WaiverReview,
        Kind::Referral,
        Kind::RecallUnanswered,
        Kind::UpdateUnanswered,
        Kind::ExpiryUnanswered,
        Kind::Renew,
        Kind::OutcomeAwaited,
        Kind::Question,
        Kind::Permission,
        Kind::Open,
        Kind::Accept,
        Kind::AnswerRecall,
        Kind::AnswerUpdate,
        Kind::AnswerExpiry,
        Kind::Outcome,
        Kind::QuestionUnanswered,
        Kind::PermissionUnanswered,
        Kind::Embargo,
        Kind::Reveal,
        Kind::RevealedEarly,
        Kind::Approval,
        Kind::ConfirmPartner,
        Kind::ConfirmMove,
        Kind::ConfirmKeys,
        Kind::Dispute,
        Kind::Agreement,
        Kind::AgreementUnanswered,
        Kind::Delivery,
        Kind::SourceDanger,
        Kind::Feed,
        Kind::Quarantine,
        Kind::Follower,
        Kind::Duty,
        Kind::Notifier,
    ];

    /// Whether it asks what came of a warning whose time is over.
    pub const fn is_afterwards(self) -> bool {
        matches!(
            self,
            Kind::ExpiryUnanswered | Kind::OutcomeAwaited | Kind::Outcome | Kind::AnswerExpiry
        )
    }

    /// The word for it: `recall-unanswered`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Finding => "finding",
            Kind::Decision => "decision",
            Kind::Draft => "draft",
            Kind::Release => "release",
            Kind::Undelivered => "undelivered",
            Kind::ConfirmTold => "confirm-told",
            Kind::Review => "review",
            Kind::WaiverReview => "waiver-review",
            Kind::Referral => "referral",
            Kind::RecallUnanswered => "recall-unanswered",
            Kind::UpdateUnanswered => "update-unanswered",
            Kind::ExpiryUnanswered => "expiry-unanswered",
            Kind::Renew => "renew",
            Kind::OutcomeAwaited => "outcome-awaited",
            Kind::Question => "question",
            Kind::Permission => "permission",
            Kind::Open => "open",
            Kind::Accept => "accept",
            Kind::AnswerRecall => "answer-recall",
            Kind::AnswerUpdate => "answer-update",
            Kind::AnswerExpiry => "answer-expiry",
            Kind::Outcome => "outcome",
            Kind::QuestionUnanswered => "question-unanswered",
            Kind::PermissionUnanswered => "permission-unanswered",
            Kind::Embargo => "embargo",
            Kind::Reveal => "reveal",
            Kind::RevealedEarly => "revealed-early",
            Kind::Approval => "approval",
            Kind::ConfirmPartner => "confirm-partner",
            Kind::ConfirmMove => "confirm-move",
            Kind::ConfirmKeys => "confirm-keys",
            Kind::Dispute => "dispute",
            Kind::Agreement => "agreement",
            Kind::AgreementUnanswered => "agreement-unanswered",
            Kind::Delivery => "delivery",
            Kind::SourceDanger => "source-danger",
            Kind::Feed => "feed",
            Kind::Quarantine => "quarantine",
            Kind::Follower => "follower",
            Kind::Duty => "duty",
            Kind::Notifier => "notifier",
        }
    }
}

/// What a need is about.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "about", content = "id", rename_all = "kebab-case")]
pub enum About {
    /// One of our cases.
    Case(CaseNumber),
    /// A question on one of our cases: the question's index in the partner's log.
    Question(CaseNumber, u64),
    /// What was told about one of our cases in imminent danger, by its number there.
    Told(CaseNumber, u32),
    /// A warning that came to us.
    Warning(WarningNumber),
    /// An act that waits for a second person.
    Proposal(ProposalNumber),
    /// A partner, and the channel with it.
    Partner(NodeName),
    /// A danger of a source, by its number: the handle is not for everybody.
    Danger(DangerNumber),
    /// A feed.
    Feed(String),
    /// What was refused: how many things, and the number of the first.
    Quarantine(usize, i64),
    /// A part of the node.
    Follower(String),
    /// Who is on duty when.
    Rota,
    /// A notifier.
    Notifier(String),
}

/// For whom something waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// What one must be allowed to do.
    pub permission: Permission,
    /// The one person whose own act it is.
    pub only: Option<UserName>,
    /// Who may not do it: a second person must.
    pub not: Vec<UserName>,
}

impl Whom {
    /// Everybody with this permission.
    pub fn all(permission: Permission) -> Whom {
        Whom { permission, only: None, not: Vec::new() }
    }

    /// Everybody with this permission but these.
    pub fn but(permission: Permission, not: Vec<UserName>) -> Whom {
        Whom { not, ..Whom::all(permission) }
    }

    /// Whether it waits for this user.
    pub fn is(&self, user: &User) -> bool {
        user.permits(self.permission)
            && self.only.as_ref().is_none_or(|only| *only == user.name)
            && !self.not.contains(&user.name)
    }
}

/// One thing that waits for one of our people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What is needed.
    pub kind: Kind,
    /// What it is about.
    pub about: About,
    /// The partner whom it concerns, where there is one.
    pub partner: Option<NodeName>,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// How urgent, where the thing that it is about says so.
    pub urgency: Option<Urgency>,
    /// For whom it waits.
    pub whom: Whom,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// Until when it is to be done; `None` for what has no deadline.
    pub due: Option<Timestamp>,
}

/// How a need stands to its deadline.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its deadline is past.
    Overdue,
    /// It is due within [`SOON_MINUTES`].
    Soon,
    /// There is time, or it has no deadline.
    Running,
}

impl Need {
    /// How it stands at this time.
    pub fn state(&self, now: &Timestamp) -> State {
        match &self.due {
            Some(due) if due < now => State::Overdue,
            Some(due) if *due <= now.plus_minutes(SOON_MINUTES) => State::Soon,
            Some(_) | None => State::Running,
        }
    }

    /// Whether it is meant, and neither an exercise nor a test.
    pub fn is_real(&self) -> bool {
        match self.status {
            Status::Actual => true,
            Status::Exercise | Status::Test => false,
        }
    }

    /// A name that stays the same as long as it is the same need: `finding case-3`.
    pub fn name(&self) -> String {
        let kind = self.kind.name();
        match &self.about {
            About::Case(case) => format!("{kind} case-{case}"),
            About::Question(case, index) => format!("{kind} case-{case} {index}"),
            About::Told(case, number) => format!("{kind} case-{case} {number}"),
            About::Warning(warning) => format!("{kind} warning-{warning}"),
            About::Proposal(proposal) => format!("{kind} proposal-{proposal}"),
            About::Partner(partner) => format!("{kind} {partner}"),
            About::Danger(danger) => format!("{kind} {danger}"),
            About::Feed(feed) => format!("{kind} {feed}"),
            About::Quarantine(..) | About::Rota => kind.to_owned(),
            About::Follower(name) | About::Notifier(name) => format!("{kind} {name}"),
        }
    }
}

/// Puts needs into the order in which they are to be looked at: what is meant before exercises and
/// tests, then by deadline, the longest overdue first; what has no deadline last, the oldest first.
pub fn sort(needs: &mut [Need]) {
    needs.sort_by(|a, b| {
        let due = |need: &Need| (need.due.is_none(), need.due.clone());
        let since = |need: &Need| (need.since.is_none(), need.since.clone());
        (!a.is_real(), due(a), since(a), a.kind, &a.about).cmp(&(
            !b.is_real(),
            due(b),
            since(b),
            b.kind,
            &b.about,
        ))
    });
}

#[cfg(test)]
mod tests;
