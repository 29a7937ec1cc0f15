//! The history in words.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::account::Second;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::agreement::Version;
use forewarn_exchange::clocks::Purpose;
use forewarn_exchange::history::{AccountChange, AgreementBecame, Happened, ReadoutChange};
use forewarn_exchange::id::Subject;
use forewarn_exchange::link::Link;
use forewarn_exchange::name::UserName;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// When.
    pub time: Timestamp,
    /// Who: `user:otto`, `partner:otto.example`, `node:matcher`.
    pub actor: Actor,
    /// What it is about: `case-N` or `warning-N`.
    pub subject: Subject,
    /// What, in words.
    pub what: String,
    /// What, as data.
    pub event: Happened,
}

/// That its words were erased, where they were, by the newest line that says so.
pub fn erased(history: &[Line]) -> Option<String> {
    let is = |line: &&Line| matches!(line.event, Happened::Erased { .. });
    let line = history.iter().rev().find(is)?;
    Some(format!("ERASED at {}: {}", text::time(&line.time), text::line(&line.what)))
}

impl Line {
    /// A line with its words.
    pub fn new(time: Timestamp, actor: Actor, subject: Subject, event: Happened) -> Line {
        Line { time, actor, subject, what: words(&event), event }
    }
}

/// A line of the history of something that is no case or warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HappenedLine {
    /// When.
    pub time: Timestamp,
    /// Who: `user:otto`, `partner:otto.example`, `node:matcher`.
    pub actor: Actor,
    /// What, in words.
    pub what: String,
    /// What, as data.
    pub event: Happened,
}

impl HappenedLine {
    /// A line with its words.
    pub fn new(time: Timestamp, actor: Actor, event: Happened) -> HappenedLine {
        HappenedLine { time, actor, what: words(&event), event }
    }
}

impl Row for HappenedLine {
    const COLUMNS: &'static [Column<HappenedLine>] = &[
        ("TIME", |one| text::time(&one.time)),
        ("WHO", |one| one.actor.to_string()),
        ("WHAT", |one| text::line(&one.what)),
    ];
}

/// What happened, in words: lower case, without a full stop.
#[expect(clippy::too_many_lines, reason = "one arm for each thing that happens, and nothing else")]
pub fn words(happened: &Happened) -> String {
    match happened {
        Happened::UserSet { user } => format!("user {user} set"),
        Happened::UserSuspended { user, reason } => {
            format!("user {user} suspended: {reason}")
        }
        Happened::UserRemoved { user, reason } => format!("user {user} removed: {reason}"),
        Happened::Account { user, change } => account(user, change),
        Happened::GrantMade { user, name, kind } => {
            format!("{} `{name}` of {user} made", kind.name())
        }
        Happened::GrantEnded { user, name } => format!("`{name}` of {user} has ended"),
        Happened::TokenMade { user } => format!("a token for {user} was made"),
        Happened::TokensEnded { user } => format!("every token of {user} has ended"),
        Happened::FeedSet { feed, url } => format!("feed {feed} set: {url}"),
        Happened::TellingSet { what } => format!("being told: {} set", text::line(what)),
        Happened::NeedTaken { need, by } => format!("{by} has taken {}", text::line(need)),
        Happened::FeedRemoved { feed } => format!("feed {feed} removed"),
        Happened::FeedPushed { partner, feed, confirmed, refused, why } => {
            let words =
                format!("{partner}'s server has confirmed {confirmed} objects by feed {feed}");
            if *refused == 0 {
                return words;
            }
            format!("{words}, and refused {refused}: {why}")
        }
        Happened::PartnerSet { partner } => format!("partner {partner} set"),
        Happened::Agreed { partner, sentences, reason } => {
            let persons = match sentences {
                Persons::One => "one person",
                Persons::Two => "two persons",
            };
            format!("free text to {partner} needs {persons}: {reason}")
        }
        Happened::Agreement { version, ours, became } => agreement(*version, *ours, became),
        Happened::AgreedSooner { version, due } => {
            format!("version {version} of the agreement gives less time; due {due}")
        }
        Happened::Showing { of, fields, reason } => {
            format!("evidence of {of} may show {}: {reason}", fields.join(", "))
        }
        Happened::Readout { change } => readout(change),
        Happened::Reopened { reason } => format!("the case is taken up again: {reason}"),
        Happened::ChannelOpened { partner } => format!("the channel with {partner} is open"),
        Happened::InterestSet { ours: true, label } => format!("our interest “{label}” registered"),
        Happened::InterestSet { ours: false, label } => format!("interest “{label}” registered"),
        Happened::InterestRemoved { id } => format!("interest {id} removed"),
        Happened::OwnershipSet { id, ownership } => format!("interest {id}: {ownership}"),
        Happened::StageReached { stage } => format!("the case is {stage}"),
        Happened::Proposed { number } => format!("proposal {number} waits for a second person"),
        Happened::ProposalApproved { number, by } => {
            format!("approved proposal {number} of {by}")
        }
        Happened::ProposalDropped { number, by, reason } => {
            format!("proposal {number} of {by} is not done: {reason}")
        }
        Happened::ClockRanOut { due, purpose } => ran_out(due, *purpose),
        Happened::Paused { until, reason } => {
            format!("the clock stands until {until}: {reason}")
        }
        Happened::RunsOn { due } => format!("the clock runs on; due {due}"),
        Happened::UrgencyChanged { urgency, reason } => {
            format!("the case is {urgency} from now on: {reason}")
        }
        Happened::Merged { into, reason } => format!("merged into case {into}: {reason}"),
        Happened::MergedFrom { from, reason } => {
            format!("case {from} was merged into it: {reason}")
        }
        Happened::Joined { item, reason } => format!("{item} joined by hand: {reason}"),
        Happened::NewFact { item } => {
            format!("a new fact joins what was waived, to be looked at again: {item}")
        }
        Happened::Linked { cases } => {
            let cases: Vec<String> = cases.iter().map(ToString::to_string).collect();
            format!("cases {} are of one threat", cases.join(", "))
        }
        Happened::SourceDanger { number, holds: true } => {
            format!("a source is in danger (number {number}): what rests on it does not leave")
        }
        Happened::SourceDanger { number, holds: false } => {
            format!("danger {number} of a source was looked at and lifted")
        }
        Happened::MuteSet { number, source, label, until, reason } => format!(
            "mute {number}: what {source} says opens no case for “{label}” until {until}: {reason}"
        ),
        Happened::MuteRemoved { number, reason } => format!("mute {number} removed: {reason}"),
        Happened::MatchDismissed { item, label, reason } => {
            format!("{item} just misses “{label}”, and is no match: {reason}")
        }
        Happened::Corrected { number, item, wrong, right, reason } => {
            let wrong = wrong.as_ref().map(|one| format!(" {one} is wrong"));
            let right = right.as_ref().map(|one| format!(" {one} is right"));
            let said: Vec<String> = [wrong, right].into_iter().flatten().collect();
            format!("correction {number} of {item}:{}: {reason}", said.join(","))
        }
        Happened::MatchCorrected { number, item, label, holds } => {
            if *holds {
                format!("correction {number}: {item} meets “{label}” again")
            } else {
                format!(
                    "correction {number}: that {item} meets “{label}” rested on a finding that is wrong"
                )
            }
        }
        Happened::Undelivered { due } => {
            format!("the clock ran out at {due}: the partner had not got it")
        }
        Happened::Delivered {} => "the partner has all of it".to_owned(),
        Happened::Expired { horizon } => format!("its time is over: it held until {horizon}"),
        Happened::OriginalRevoked { item } => format!("the original {item} was revoked"),
        Happened::ToldBeside { way, to, ahead: None } => format!("told {}: {to}", way.words()),
        Happened::ToldBeside { way, to, ahead: Some(number) } => format!(
            "told {}, in imminent danger, before a second person had agreed: {to}; it is to be \
             confirmed or struck as number {number}",
            way.words()
        ),
        Happened::ToldConfirmed { number } => {
            format!("what was told as number {number} is confirmed")
        }
        Happened::ToldStruck { number, reason } => {
            format!("what was told as number {number} does not hold: {reason}")
        }
        Happened::Kept { reason } => format!("the warning stands: {reason}"),
        Happened::NotOpened { item, label, ended } => {
            format!("{item} meets “{label}”, and opens no case: it is {ended}")
        }
        Happened::AuthorityGiven { number } => {
            format!("standing authorisation {number} was given")
        }
        Happened::AuthorityRevoked { number, reason } => {
            format!("standing authorisation {number} was taken back: {reason}")
        }
        Happened::ExerciseBegun { number, name } => {
            format!("exercise {number}, “{name}”, has begun")
        }
        Happened::ExerciseEnded { number, name, reason } => {
            format!("exercise {number}, “{name}”, is over: {reason}")
        }
        Happened::ReleasedBy { authority } => {
            format!("the warning has left by standing authorisation {authority}")
        }
        Happened::NotCovered { authority, because } => {
            let why = crate::authority::not_covered(because);
            format!("standing authorisation {authority} does not cover it: {why}")
        }
        Happened::NotReleasedBy { authority, reason } => {
            format!("standing authorisation {authority} covers it, and it was refused: {reason}")
        }
        Happened::Matched { label, why } => format!("match with “{label}”: {why}"),
        Happened::Offered { partner } => format!("it stands in the outlets of {partner}"),
        Happened::Fetched { partner, by, to } => {
            format!("{by} has fetched what stood in the outlet of {partner} up to {to}")
        }
        Happened::PersonNamed { person, user } => {
            format!("the warning is for “{}”, who is {user}", text::line(person))
        }
        Happened::RedShown { version } => format!("version {version} was shown, at TLP:RED"),
        Happened::WarningChanged {} => "the warning was changed".to_owned(),
        Happened::EntryWritten { index, id } => format!("entry {index} of our log: {id}"),
        Happened::EntryCame { log, index } => format!("entry {index} of {log} has come"),
        Happened::EntryRefused { log, index, reason } => {
            format!("entry {index} of {log} was not understood: {reason}")
        }
        Happened::ThanksRelayed { partner, source } => {
            format!("thanks of {partner} relayed to {source}")
        }
        Happened::WrittenTwice { log } => format!("proof is kept that {log} was written twice"),
        Happened::WrittenUncompared { reason } => format!(
            "our log is written although it was not compared with what the partner holds: {reason}"
        ),
        Happened::Refilled { entries, partner } => {
            format!("{entries} entries of our own log came back from the copy of {partner}")
        }
        Happened::OpenedAgain { log, index, fields } => {
            let fields =
                if *fields == 1 { "a field".to_owned() } else { format!("{fields} fields") };
            format!("{fields} of entry {index} of {log} can be opened again")
        }
        Happened::Deleted { versions, object } => {
            format!("{versions} versions of {object} were deleted from a collection")
        }
        Happened::Erased { what, ground, reason } => {
            format!("{what} erased, {}: {}", ground.words(), text::line(reason))
        }
        Happened::Held { what, reason } => {
            format!("{what} held, nothing of it is erased: {}", text::line(reason))
        }
        Happened::HoldLifted { what, reason } => {
            format!("{what} held no more: {}", text::line(reason))
        }
        Happened::LookedFor { reason } => {
            format!("looked for all that is held about somebody: {}", text::line(reason))
        }
        Happened::WithheldRead {} => "what is withheld of it was read, by an auditor".to_owned(),
        Happened::TemplateSet { name } => format!("template {name} written"),
        Happened::TemplateRemoved { name } => format!("template {name} removed"),
        Happened::SourceKept {} => "the name behind a source's handle was kept".to_owned(),
        Happened::SourceRead {} => "the name behind a source's handle was read".to_owned(),
        Happened::SourceForgotten {} => "the name behind a source's handle was erased".to_owned(),
        Happened::Exported { form, digest, marking } => {
            format!("the case's file was carried away as {form}, {marking}, SHA-256 {digest}")
        }
        Happened::LineErased { was } => {
            format!("{} (its words were erased)", was.replace('-', " "))
        }
        Happened::Configured {} => "the node goes by another configuration".to_owned(),
        Happened::Words { words } => words.clone(),
    }
}

/// What became of a version of an agreement.
fn agreement(version: Version, ours: bool, became: &AgreementBecame) -> String {
    let (who, other) = if ours { ("we", "the partner") } else { ("the partner", "we") };
    match became {
        AgreementBecame::Proposed { by } => {
            let by = text::line(by);
            format!("{who} proposed version {version} of the agreement, signed by {by}")
        }
        AgreementBecame::Signed { by } => {
            let by = text::line(by);
            format!("{other} signed version {version} of the agreement, by {by}: it is in force")
        }
        AgreementBecame::Declined { by, reason } => {
            let (by, why) = (text::line(by), text::line(reason));
            format!("{other} declined version {version} of the agreement, by {by}: {why}")
        }
        AgreementBecame::Crossed {} => format!(
            "{who} proposed version {version} of the agreement while {other} did: that of {other} waits"
        ),
        AgreementBecame::NotUnderstood { reason } => {
            let why = text::line(reason);
            format!("the partner's node did not understand version {version}: {why}")
        }
    }
}

/// What became of a readout.
fn readout(change: &ReadoutChange) -> String {
    let who = |ours: &bool| if *ours { "we have" } else { "the partner has" };
    match change {
        ReadoutChange::Written {} => "our readout was written".to_owned(),
        ReadoutChange::Committed { ours } => format!("{} committed to a readout", who(ours)),
        ReadoutChange::Revealed { ours, early: false } => format!("{} published", who(ours)),
        ReadoutChange::Revealed { ours, early: true } => {
            format!("{} published EARLY: before the embargo ended", who(ours))
        }
        ReadoutChange::Noted {} => "it was noted that the partner published early".to_owned(),
        ReadoutChange::EmbargoProposed { ours, until } => {
            format!("{} proposed an embargo until {until}", who(ours))
        }
        ReadoutChange::EmbargoAccepted { ours } => format!("{} accepted the embargo", who(ours)),
        ReadoutChange::EmbargoDeclined { ours, reason } => {
            format!("{} declined the embargo: {reason}", who(ours))
        }
        ReadoutChange::EmbargoLeft { ours, complies, reason } => {
            let how = if *complies { "and complies all the same" } else { "and does not comply" };
            format!("{} left the embargo, {how}: {reason}", who(ours))
        }
    }
}

/// What had not been done when the clock ran out.
fn ran_out(due: &Timestamp, purpose: Purpose) -> String {
    let what = match purpose {
        Purpose::Warn => "nobody had decided or released",
        Purpose::Answer => "nobody had said what became of it",
        Purpose::Review => "it is to be looked at again",
        Purpose::Permission => "nobody had said whether it may be passed on",
    };
    format!("the clock ran out at {due}: {what}")
}

/// What became of the way in which somebody signs in.
fn account(user: &UserName, change: &AccountChange) -> String {
    match change {
        AccountChange::ShownAgain { second: Second::Recovery { .. } } => {
            format!("{user} has shown a recovery code again")
        }
        AccountChange::ShownAgain { second: Second::None {} | Second::Code { .. } } => {
            format!("{user} has shown a code again")
        }
        AccountChange::SignedIn { second: Second::None {} } => {
            format!("{user} signed in by password alone")
        }
        AccountChange::SignedIn { second: Second::Code { .. } } => {
            format!("{user} signed in by password and code")
        }
        AccountChange::SignedIn { second: Second::Recovery { .. } } => {
            format!("{user} signed in by password and a recovery code")
        }
        AccountChange::Password {} => format!("the password of {user} was set"),
        AccountChange::FactorBegun {} => format!("a second factor of {user} was begun"),
        AccountChange::FactorSet {} => format!("{user} signs in with a second factor"),
        AccountChange::FactorRemoved {} => format!("the second factor of {user} was removed"),
        AccountChange::Freed {} => {
            format!("{user} may do more now, and is invited anew by the owner of the folder")
        }
        AccountChange::Uids { uids } if uids.is_empty() => {
            format!("no user of the machine stands for {user} any more")
        }
        AccountChange::Uids { uids } => {
            let uids: Vec<String> = uids.iter().map(u32::to_string).collect();
            format!("the machine's user {} stands for {user}", uids.join(", "))
        }
        AccountChange::Linked { link } => {
            let Link { issuer, subject } = link;
            format!("{user} signs in at {issuer}, as `{}`", text::line(subject))
        }
        AccountChange::Unlinked { issuer } => {
            format!("{user} does not sign in at {issuer} any more")
        }
        AccountChange::ByProvider { issuer } => format!("{user} signed in at {issuer}"),
    }
}
