//! What a reader may see of proposals, of entries that they name, and of the history.

use forewarn_engine::{Failure, subject_of};
use forewarn_exchange::Act;
use forewarn_exchange::act::{EvidenceAct, InboxAct, ItemAct, Showing};
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::history::{Happened, Topic};
use forewarn_exchange::id::Subject;
use forewarn_exchange::proposal::Proposal;
use forewarn_exchange::warning::When;
use forewarn_store::Db;
use forewarn_store::sight::Sight;

/// The first entry among these that is about a case that may not be seen: the log and the index.
///
/// # Errors
/// The database cannot be read.
pub fn hidden_entry(
    db: &Db<'_>,
    showing: &Showing,
    sight: &Sight,
) -> Result<Option<(String, u64)>, Failure> {
    let Some(partner) = &showing.partner else { return Ok(None) };
    let Some(log) = db.log_with(partner, true)? else { return Ok(None) };
    for index in &showing.ours {
        if let Some(held) = db.entry(&log, *index)?
            && !db.opens_entry(&log, &held, sight)?
        {
            return Ok(Some((log.name, *index)));
        }
    }
    Ok(None)
}

/// Whether a proposal may be seen: what is about a case that is hidden is hidden too.
///
/// # Errors
/// The database cannot be read.
pub fn sees_proposal(db: &Db<'_>, proposal: &Proposal, sight: &Sight) -> Result<bool, Failure> {
    let act = &proposal.act;
    match act {
        // It says nothing of the warning.
        Act::Inbox(InboxAct::NamePerson { .. }) => return Ok(true),
        // It has no words of what it is about.
        Act::Record(act) => {
            return act.what().map_or(Ok(true), |what| sees_kept(db, what, sight));
        }
        Act::Duty(act) => {
            for case in act.cases() {
                if !db.sees_case(case, sight)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        Act::Received(act) => {
            let Some(warning) = db.warning(act.warning)? else { return Ok(true) };
            let when = When { ours: true, at: &proposal.at, index: 0 };
            return Ok(db.opens_words(&warning, when, sight)?);
        }
        Act::Evidence(_)
        | Act::Authority(_)
        | Act::Triage(_)
        | Act::Item(_)
        | Act::Source(_)
        | Act::Template(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Telling(_)
        | Act::Readout(_)
        | Act::Exercise(_)
        | Act::Proposal(_) => {}
    }
    if let Some(subject) = subject_of(act) {
        return Ok(db.opens(subject, sight)?);
    }
    match act {
        Act::Evidence(EvidenceAct::Show { showing, .. }) => {
            Ok(hidden_entry(db, showing, sight)?.is_none())
        }
        // It names sources and what a partner is interested in.
        Act::Authority(_) | Act::Triage(_) | Act::Source(_) => Ok(sight.is_whole()),
        Act::Item(ItemAct::Correct { correction }) => Ok(!db.hides_item(&correction.item, sight)?),
        Act::Duty(_)
        | Act::Received(_)
        | Act::Inbox(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Telling(_)
        | Act::Readout(_)
        | Act::Record(_)
        | Act::Template(_)
        | Act::Exercise(_)
        | Act::Proposal(_) => Ok(true),
    }
}

/// Whether it may be seen that something is held, or was erased: of a warning everybody sees that it is
/// there.
///
/// # Errors
/// The database cannot be read.
pub fn sees_kept(db: &Db<'_>, what: &Erasable, sight: &Sight) -> Result<bool, Failure> {
    Ok(match what {
        Erasable::Case(case) => db.sees_case(*case, sight)?,
        Erasable::Warning(_) => true,
        Erasable::Item(id) => !db.hides_item(id, sight)?,
    })
}

/// Whether it may be seen for whom thanks are kept: a source by its handle, or a warning that was passed
/// on by its id, which everybody may know of.
///
/// # Errors
/// The database cannot be read.
pub fn sees_thanked(db: &Db<'_>, source: &str, sight: &Sight) -> Result<bool, Failure> {
    let is_warning = matches!(source.parse(), Ok(Subject::Warning(_)));
    Ok(sight.is_whole() || is_warning || db.sees_source(source, sight)?)
}

/// A line of the history as far as it may be seen, by whomever it is asked: `None` when it is about
/// something that is hidden.
///
/// # Errors
/// The database cannot be read.
#[expect(clippy::too_many_lines, reason = "one arm for each thing that happens, and nothing else")]
pub fn seen_line(
    db: &Db<'_>,
    topic: &Topic,
    happened: Happened,
    sight: &Sight,
) -> Result<Option<Happened>, Failure> {
    let is_seen = match topic {
        Topic::Case(case) => db.sees_case(*case, sight)?,
        Topic::Warning(_) | Topic::Partner(_) | Topic::Node => true,
    };
    if !is_seen {
        return Ok(None);
    }
    let is_seen = match &happened {
        Happened::NotOpened { item, .. }
        | Happened::MatchDismissed { item, .. }
        | Happened::Corrected { item, .. }
        | Happened::MatchCorrected { item, .. }
        | Happened::Joined { item, .. }
        | Happened::NewFact { item }
        | Happened::OriginalRevoked { item } => !db.hides_item(item, sight)?,
        Happened::Erased { what, .. }
        | Happened::Held { what, .. }
        | Happened::HoldLifted { what, .. } => sees_kept(db, what, sight)?,
        Happened::ThanksRelayed { source, .. } => sees_thanked(db, source, sight)?,
        Happened::Merged { into, .. } => db.sees_case(*into, sight)?,
        Happened::MergedFrom { from, .. } => db.sees_case(*from, sight)?,
        Happened::Linked { cases } => {
            let mut seen = Vec::new();
            for case in cases {
                if db.sees_case(*case, sight)? {
                    seen.push(*case);
                }
            }
            // Its own number alone tells of nothing.
            return Ok((seen.len() > 1).then_some(Happened::Linked { cases: seen }));
        }
        Happened::EntryRefused { log, index, .. } => {
            let row = db.log(log)?;
            let held = row.as_ref().map(|row| db.entry(row, *index)).transpose()?.flatten();
            match row.zip(held) {
                Some((row, held)) => db.opens_entry(&row, &held, sight)?,
                None => false,
            }
        }
        Happened::Proposed { number }
        | Happened::ProposalApproved { number, .. }
        | Happened::ProposalDropped { number, .. } => match db.proposal(*number)? {
            Some(proposal) => sees_proposal(db, &proposal, sight)?,
            None => false,
        },
        // They name sources, whoever brought the items.
        Happened::MuteSet { .. }
        | Happened::MuteRemoved { .. }
        | Happened::AuthorityGiven { .. }
        | Happened::AuthorityRevoked { .. } => sight.is_whole(),
        // A line of before events were data may be about anything.
        Happened::Words { .. } => match topic {
            Topic::Case(_) => true,
            Topic::Warning(number) => db.opens(Subject::Warning(*number), sight)?,
            Topic::Partner(_) | Topic::Node => sight.is_whole(),
        },
        Happened::UserSet { .. }
        | Happened::UserSuspended { .. }
        | Happened::UserRemoved { .. }
        | Happened::Account { .. }
        | Happened::GrantMade { .. }
        | Happened::GrantEnded { .. }
        | Happened::TokenMade { .. }
        | Happened::TokensEnded { .. }
        | Happened::FeedSet { .. }
        | Happened::FeedRemoved { .. }
        | Happened::TellingSet { .. }
        | Happened::NeedTaken { .. }
        | Happened::FeedPushed { .. }
        | Happened::ExerciseBegun { .. }
        | Happened::ExerciseEnded { .. }
        | Happened::PartnerSet { .. }
        | Happened::Agreed { .. }
        | Happened::Agreement { .. }
        | Happened::AgreedSooner { .. }
        | Happened::Showing { .. }
        | Happened::Readout { .. }
        | Happened::Reopened { .. }
        | Happened::ChannelOpened { .. }
        | Happened::InterestSet { .. }
        | Happened::InterestRemoved { .. }
        | Happened::OwnershipSet { .. }
        | Happened::StageReached { .. }
        | Happened::ClockRanOut { .. }
        | Happened::Paused { .. }
        | Happened::RunsOn { .. }
        | Happened::UrgencyChanged { .. }
        | Happened::Undelivered { .. }
        | Happened::Delivered {}
        | Happened::Expired { .. }
        | Happened::Kept { .. }
        | Happened::ToldBeside { .. }
        | Happened::ToldConfirmed { .. }
        | Happened::ToldStruck { .. }
        | Happened::ReleasedBy { .. }
        | Happened::NotCovered { .. }
        | Happened::NotReleasedBy { .. }
        | Happened::Matched { .. }
        | Happened::Offered { .. }
        | Happened::Fetched { .. }
        | Happened::PersonNamed { .. }
        | Happened::RedShown { .. }
        | Happened::WarningChanged {}
        | Happened::EntryWritten { .. }
        | Happened::EntryCame { .. }
        | Happened::SourceDanger { .. }
        | Happened::WrittenTwice { .. }
        | Happened::WrittenUncompared { .. }
        | Happened::Refilled { .. }
        | Happened::OpenedAgain { .. }
        | Happened::Deleted { .. }
        | Happened::LineErased { .. }
        | Happened::LookedFor { .. }
        | Happened::WithheldRead {}
        | Happened::SourceKept {}
        | Happened::TemplateSet { .. }
        | Happened::TemplateRemoved { .. }
        | Happened::SourceRead {}
        | Happened::SourceForgotten {}
        | Happened::Exported { .. }
        | Happened::Configured {} => true,
    };
    Ok(is_seen.then_some(happened))
}
