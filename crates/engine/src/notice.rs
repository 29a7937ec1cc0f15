//! What is logged of what was done: one line for a match, a case, an entry sent or received. Ids
//! and places only: no title, word, label or source stands in a log.

use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};

/// Something that is logged once it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(What);

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Matched { item: i64, case: String },
    Case { case: String, partner: String, stage: String },
    Sent { kind: String, partner: String, about: String, entry: u64 },
    Received { kind: String, log: String, about: String, entry: u64 },
    Revoked { about: String },
}

impl Notice {
    /// What is logged of an event, where something is.
    pub(crate) fn of(event: &Event) -> Option<Notice> {
        let what = match event {
            Event::Matched { item, case, .. } => {
                What::Matched { item: *item, case: case.to_string() }
            }
            Event::CaseSet { case } => What::Case {
                case: case.number.to_string(),
                partner: case.partner.to_string(),
                stage: case.stage().to_string(),
            },
            // What is about no case or warning, such as interests by the thousand, stays out.
            Event::Posted { partner, subject: Some(subject), posted } => What::Sent {
                kind: kind_of(&posted.id).to_owned(),
                partner: partner.to_string(),
                about: subject.to_string(),
                entry: posted.reference.index,
            },
            Event::EntryFiled { log, index, subject, kind } => What::Received {
                kind: kind.clone(),
                log: log.clone(),
                about: subject.to_string(),
                entry: *index,
            },
            Event::Posted { subject: None, .. }
            | Event::UserSet { .. }
            | Event::AccountSet { .. }
            | Event::GrantSet { .. }
            | Event::GrantGone { .. }
            | Event::GrantsGone { .. }
            | Event::FeedSet { .. }
            | Event::FeedGone { .. }
            | Event::TellingSet { .. }
            | Event::NeedTaken { .. }
            | Event::AuthoritySet { .. }
            | Event::Erased { .. }
            | Event::Corrected { .. }
            | Event::MatchCorrected { .. }
            | Event::HoldSet { .. }
            | Event::AuthorityUsed { .. }
            | Event::ExerciseSet { .. }
            | Event::DangerSet { .. }
            | Event::SourceNamesSet { .. }
            | Event::TemplatesSet { .. }
            | Event::MuteSet { .. }
            | Event::Muted { .. }
            | Event::CaseMerged { .. }
            | Event::PartnerSet { .. }
            | Event::AgreementSet { .. }
            | Event::Offered { .. }
            | Event::LogOpened { .. }
            | Event::InterestSet { .. }
            | Event::InterestGone { .. }
            | Event::OwnershipSet { .. }
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
            | Event::SourceThanked { .. }
            | Event::EntryRefused { .. } => return None,
        };
        Some(Notice(what))
    }

    /// What is logged of a line of the history that no event brings, where something is.
    pub(crate) fn of_line(line: &Line) -> Option<Notice> {
        let about = line.topic.to_string();
        matches!(line.happened, Happened::OriginalRevoked { .. })
            .then_some(Notice(What::Revoked { about }))
    }

    /// Writes its line. Each kind has a place of its own: many matches leave room for a recall.
    pub(crate) fn log(&self) {
        match &self.0 {
            What::Matched { item, case } => tracing::info!(item, case, "matched"),
            What::Case { case, partner, stage } => tracing::info!(case, partner, stage, "case"),
            What::Sent { kind, partner, about, entry } => {
                tracing::info!(kind, partner, about, entry, "sent");
            }
            What::Received { kind, log, about, entry } => {
                tracing::info!(kind, log, about, entry, "received");
            }
            What::Revoked { about } => tracing::info!(about, "an original was revoked"),
        }
    }
}

/// The kind of an entry, by its id: `KIND--UUID`.
fn kind_of(id: &str) -> &str {
    id.split_once("--").map_or(id, |(kind, _)| kind)
}
