//! What the writer does: acts of people, and what the node itself brings. Each work says what it is
//! answered by.

mod account;
mod channel;
mod items;
mod matching;
mod telling;

pub use account::{NewSession, SignInStep, SignInWork};
pub use channel::{
    ContradictionWork, OpenedAgainWork, ReceiptWork, ReceiveWork, Received, RefillWork,
};
pub use items::{DeleteWork, FedWork, FetchedWork, IntakeWork, Taken};
pub use matching::{
    ClockRanOut, ExpiredWork, ItemMatches, Matched, Rechecked, RetainedWork, ShownWork, TrialBegun,
    Tried,
};
pub use telling::TellWork;

use crate::configuration::Configuration;
use forewarn_exchange::act::Act;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::role::Role;
use forewarn_exchange::watched::Seen;
use forewarn_transcript::Disclosure;
use serde::{Deserialize, Serialize};

/// An intake of more bytes than this is bulk: some dozen objects.
const MAX_URGENT_BYTES: usize = 64 << 10;

/// One command's content, complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A person does something.
    Act(Act),
    /// A person does something under conditions.
    Limited(LimitedAct),
    /// Somebody signs in, or changes how.
    SignIn(SignInWork),
    /// The node goes by another configuration than before, since it was started or told so.
    Configure(Box<Configuration>),
    /// Items come in.
    Intake(IntakeWork),
    /// A feed has come further.
    Fed(Box<FedWork>),
    /// A partner's account has fetched an outlet's items.
    Fetched(FetchedWork),
    /// Versions of an object are taken out of their collection.
    Delete(DeleteWork),
    /// The matcher has come further.
    Matched(Matched),
    /// New interests begin to be tried against what is stored.
    TrialBegun(TrialBegun),
    /// How far they have been tried.
    Tried(Tried),
    /// What a correction changes was looked at.
    Rechecked(Rechecked),
    /// A case's time has run out, and nobody has decided or released.
    ClockRanOut(ClockRanOut),
    /// The time of a warning is over.
    Expired(ExpiredWork),
    /// Something was kept as long as it may be.
    Retained(RetainedWork),
    /// A warning for named persons was shown to one of them.
    Shown(ShownWork),
    /// A partner's checked batch, and the cosigned checkpoint that becomes the receipt.
    Receive(Box<ReceiveWork>),
    /// The partner's receipt for our log.
    Receipt(ReceiptWork),
    /// Entries of our own log that a restored database lacks, checked against what was signed.
    Refill(RefillWork),
    /// Fields of one of our own entries that a restored database could not open, opened again.
    OpenedAgain(OpenedAgainWork),
    /// A log of the channel with a partner was written twice: what proves it.
    Contradiction(Box<ContradictionWork>),
    /// Somebody is told of what needs him.
    Tell(TellWork),
}

/// An act under conditions: in a session in which not all of the person's roles count, or on something
/// that the person has looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitedAct {
    /// The roles that count, if the person has them; all, when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Role>>,
    /// What it is done on, as it was looked at: on another version nothing is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// What is done.
    pub act: Act,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// An act was done.
    Act(Answer),
    /// Somebody has signed in, or changed how.
    SignedIn {},
    /// The configuration is on record.
    Configured {},
    /// One part of an intake was taken in.
    Taken(Taken),
    /// What a feed brought was taken in; `None` when it brought nothing.
    Fed(Option<Taken>),
    /// A fetch is on record.
    Fetched {},
    /// How many versions were deleted.
    Deleted(u64),
    /// The cases that matches opened or joined.
    Matched(Vec<CaseNumber>),
    /// A trial has begun.
    TrialBegun {},
    /// That a clock ran out is on record.
    ClockRanOut {},
    /// That a warning's time is over is on record.
    Expired {},
    /// It is erased.
    Retained {},
    /// That it was shown is on record.
    Shown {},
    /// A batch of a partner's was received.
    Received(Received),
    /// The size that a receipt covers.
    Receipted(u64),
    /// How many entries came back.
    Refilled(u64),
    /// How many fields were opened again.
    OpenedAgain(u64),
    /// Whether the proof is a new one.
    Contradiction(bool),
    /// What is told is on record.
    Told {},
}

/// A work with the type of its answer, so that nobody has to look into another's.
pub trait Task: Into<Work> {
    /// What it is answered by.
    type Answer;

    /// Its own answer, out of what a command may come to; `None` for another's.
    fn answer(outcome: Outcome) -> Option<Self::Answer>;
}

macro_rules! task {
    ($($work:ty => $variant:ident($wrap:expr), $answer:ty, $pattern:pat => $value:expr;)*) => {
        $(
            impl From<$work> for Work {
                fn from(work: $work) -> Work {
                    Work::$variant($wrap(work))
                }
            }

            impl Task for $work {
                type Answer = $answer;

                fn answer(outcome: Outcome) -> Option<$answer> {
                    match outcome {
                        $pattern => Some($value),
                        _ => None,
                    }
                }
            }
        )*
    };
}

use std::convert::identity as plain;

task! {
    Act => Act(plain), Answer, Outcome::Act(answer) => answer;
    LimitedAct => Limited(plain), Answer, Outcome::Act(answer) => answer;
    SignInWork => SignIn(plain), (), Outcome::SignedIn {} => ();
    Configuration => Configure(Box::new), (), Outcome::Configured {} => ();
    IntakeWork => Intake(plain), Taken, Outcome::Taken(taken) => taken;
    FedWork => Fed(Box::new), Option<Taken>, Outcome::Fed(taken) => taken;
    FetchedWork => Fetched(plain), (), Outcome::Fetched {} => ();
    DeleteWork => Delete(plain), u64, Outcome::Deleted(count) => count;
    Matched => Matched(plain), Vec<CaseNumber>, Outcome::Matched(cases) => cases;
    TrialBegun => TrialBegun(plain), (), Outcome::TrialBegun {} => ();
    Tried => Tried(plain), Vec<CaseNumber>, Outcome::Matched(cases) => cases;
    Rechecked => Rechecked(plain), Vec<CaseNumber>, Outcome::Matched(cases) => cases;
    ClockRanOut => ClockRanOut(plain), (), Outcome::ClockRanOut {} => ();
    ExpiredWork => Expired(plain), (), Outcome::Expired {} => ();
    RetainedWork => Retained(plain), (), Outcome::Retained {} => ();
    ShownWork => Shown(plain), (), Outcome::Shown {} => ();
    ReceiveWork => Receive(Box::new), Received, Outcome::Received(received) => received;
    ReceiptWork => Receipt(plain), u64, Outcome::Receipted(size) => size;
    RefillWork => Refill(plain), u64, Outcome::Refilled(entries) => entries;
    OpenedAgainWork => OpenedAgain(plain), u64, Outcome::OpenedAgain(fields) => fields;
    ContradictionWork => Contradiction(Box::new), bool, Outcome::Contradiction(is_new) => is_new;
    TellWork => Tell(plain), (), Outcome::Told {} => ();
}

impl Work {
    /// Whether it changes who may come in.
    pub(crate) fn is_of_accounts(&self) -> bool {
        match self {
            Work::SignIn(_) => true,
            Work::Act(act) | Work::Limited(LimitedAct { act, .. }) => match act {
                // What was proposed may be a role.
                Act::Account(_) | Act::Proposal(_) => true,
                Act::Feed(_)
                | Act::Partner(_)
                | Act::Interest(_)
                | Act::Duty(_)
                | Act::Received(_)
                | Act::Inbox(_)
                | Act::Evidence(_)
                | Act::Readout(_)
                | Act::Telling(_)
                | Act::Authority(_)
                | Act::Triage(_)
                | Act::Item(_)
                | Act::Source(_)
                | Act::Template(_)
                | Act::Record(_)
                | Act::Exercise(_) => false,
            },
            Work::Configure(_)
            | Work::Intake(_)
            | Work::Fed(_)
            | Work::Fetched(_)
            | Work::Delete(_)
            | Work::Matched(_)
            | Work::Rechecked(_)
            | Work::TrialBegun(_)
            | Work::Tried(_)
            | Work::ClockRanOut(_)
            | Work::Expired(_)
            | Work::Retained(_)
            | Work::Shown(_)
            | Work::Receive(_)
            | Work::Receipt(_)
            | Work::Refill(_)
            | Work::OpenedAgain(_)
            | Work::Contradiction(_)
            | Work::Tell(_) => false,
        }
    }

    /// Whether it is never refused once it has begun to write: nothing of it has to be undone.
    pub(crate) fn writes_when_decided(&self) -> bool {
        match self {
            Work::Intake(_) | Work::Fed(_) | Work::Delete(_) | Work::Fetched(_) => true,
            Work::Act(_)
            | Work::Limited(_)
            | Work::SignIn(_)
            | Work::Configure(_)
            | Work::Matched(_)
            | Work::Rechecked(_)
            | Work::TrialBegun(_)
            | Work::Tried(_)
            | Work::ClockRanOut(_)
            | Work::Expired(_)
            | Work::Retained(_)
            | Work::Shown(_)
            | Work::Receive(_)
            | Work::Receipt(_)
            | Work::Refill(_)
            | Work::OpenedAgain(_)
            | Work::Contradiction(_)
            | Work::Tell(_) => false,
        }
    }

    /// Whether people wait for it: acts, what crosses the channels, what matched, and single items.
    /// Bulk comes after.
    pub(crate) fn is_urgent(&self) -> bool {
        match self {
            Work::Intake(_) | Work::Fed(_) => self.bytes() <= MAX_URGENT_BYTES,
            Work::Delete(_) | Work::Fetched(_) | Work::TrialBegun(_) | Work::Tried(_) => false,
            Work::Act(_)
            | Work::Limited(_)
            | Work::SignIn(_)
            | Work::Configure(_)
            | Work::Matched(_)
            | Work::Rechecked(_)
            | Work::ClockRanOut(_)
            | Work::Expired(_)
            | Work::Retained(_)
            | Work::Shown(_)
            | Work::Receive(_)
            | Work::Receipt(_)
            | Work::Refill(_)
            | Work::OpenedAgain(_)
            | Work::Contradiction(_)
            | Work::Tell(_) => true,
        }
    }

    /// Roughly how many bytes it writes.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Work::Intake(work) => work.bytes(),
            Work::Fed(work) => work.intake.as_ref().map_or(0, IntakeWork::bytes),
            Work::Receive(work) => work.entries.iter().map(|c| c.leaf.len()).sum(),
            Work::Refill(work) => work.entries.iter().map(|c| c.leaf.len()).sum(),
            Work::OpenedAgain(work) => work.opens.iter().map(Disclosure::encoded_len).sum(),
            Work::Act(_)
            | Work::Limited(_)
            | Work::SignIn(_)
            | Work::Configure(_)
            | Work::Matched(_)
            | Work::Rechecked(_)
            | Work::TrialBegun(_)
            | Work::Tried(_)
            | Work::Fetched(_)
            | Work::Delete(_)
            | Work::ClockRanOut(_)
            | Work::Expired(_)
            | Work::Retained(_)
            | Work::Shown(_)
            | Work::Contradiction(_)
            | Work::Tell(_)
            | Work::Receipt(_) => 1 << 10,
        }
    }
}
