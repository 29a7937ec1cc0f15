//! What a decision changes. Applying one cannot be refused.

use crate::case::Case;
use crate::feed::Feed;
use crate::gate::Released;
use crate::partner::Partner;
use crate::post::Posted;
use crate::user::User;
use crate::warning::Warning;
use forewarn_matching::Match;
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::Ownership;
use forewarn_transcript::Hash;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    UserSet {
        user: User,
    },
    TokenSet {
        user: String,
        digest: Hash,
    },
    TokensGone {
        user: String,
    },
    FeedSet {
        feed: Feed,
    },
    FeedGone {
        name: String,
    },
    PartnerSet {
        partner: Box<Partner>,
    },
    /// What was released stands in the partner's outlets too.
    Offered {
        partner: String,
        case: i64,
        released: Released,
    },
    /// The genesis entry opens our log to a partner.
    LogOpened {
        partner: String,
        log: String,
        genesis: String,
    },
    /// An interest of ours, registered with `partner`; or one of the partner's, registered with us.
    InterestSet {
        partner: String,
        ours: bool,
        interest: Interest,
    },
    InterestGone {
        partner: String,
        ours: bool,
        id: String,
    },
    /// Whether the things in a partner's interest are its own.
    OwnershipSet {
        partner: String,
        id: String,
        ownership: Ownership,
    },
    CaseSet {
        case: Case,
    },
    WarningSet {
        warning: Warning,
    },
    /// An entry of our log; `subject` is the case or warning that it belongs to.
    Posted {
        partner: String,
        subject: Option<String>,
        posted: Posted,
    },
    Matched {
        item: i64,
        case: i64,
        found: Match,
    },
    /// Thanks that has reached a source's handle.
    SourceThanked {
        source: String,
        partner: String,
        text: String,
        case: i64,
    },
    /// An entry of the partner's that was stored and not understood.
    EntryRefused {
        log: String,
        index: u64,
        reason: String,
    },
    /// An entry of the partner's belongs to this case or warning.
    EntryFiled {
        log: String,
        index: u64,
        subject: String,
    },
}

impl Event {
    /// A line for the history: what happened, and to what.
    pub fn told(&self) -> (Option<String>, String) {
        match self {
            Event::UserSet { user } => (None, format!("user {} set", user.name)),
            Event::TokenSet { user, .. } => (None, format!("a token for {user} was made")),
            Event::TokensGone { user } => (None, format!("every token of {user} has ended")),
            Event::FeedSet { feed } => (None, format!("feed {} set: {}", feed.name, feed.url)),
            Event::FeedGone { name } => (None, format!("feed {name} removed")),
            Event::Offered { partner, case, .. } => {
                (Some(format!("case-{case}")), format!("it stands in the outlets of {partner}"))
            }
            Event::PartnerSet { partner } => {
                (Some(partner.name().to_owned()), format!("partner {} set", partner.name()))
            }
            Event::LogOpened { partner, .. } => {
                (Some(partner.clone()), format!("the channel with {partner} is open"))
            }
            Event::InterestSet { partner, ours, interest } => {
                let whose = if *ours { "our interest" } else { "interest" };
                (Some(partner.clone()), format!("{whose} “{}” registered", interest.label))
            }
            Event::InterestGone { partner, id, .. } => {
                (Some(partner.clone()), format!("interest {id} removed"))
            }
            Event::OwnershipSet { partner, id, ownership } => {
                (Some(partner.clone()), format!("interest {id}: {ownership}"))
            }
            Event::CaseSet { case } => (
                Some(format!("case-{}", case.number)),
                format!("the case is {}", case.stage_name()),
            ),
            Event::WarningSet { warning } => {
                (Some(format!("warning-{}", warning.number)), "the warning was changed".to_owned())
            }
            Event::Posted { subject, posted, .. } => {
                let place = &posted.reference;
                (subject.clone(), format!("entry {} of our log: {}", place.index, posted.id))
            }
            Event::Matched { case, found, .. } => {
                let why = found.why.first().map(ToString::to_string).unwrap_or_default();
                (Some(format!("case-{case}")), format!("match with “{}”: {why}", found.label))
            }
            Event::SourceThanked { source, partner, case, .. } => {
                (Some(format!("case-{case}")), format!("thanks of {partner} relayed to {source}"))
            }
            Event::EntryRefused { log, index, reason } => {
                (None, format!("entry {index} of {log} was not understood: {reason}"))
            }
            Event::EntryFiled { log, index, subject } => {
                (Some(subject.clone()), format!("entry {index} of {log} came in"))
            }
        }
    }
}
