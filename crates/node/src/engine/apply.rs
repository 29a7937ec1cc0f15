//! Applies events to the tables. Nothing here decides.

use forewarn_exchange::Event;
use forewarn_store::log::Held;
use forewarn_store::thanks::Thanks;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::batch::Carried;

/// Applies events in their order; `time` is the command's.
pub(super) fn all(db: &Db<'_>, time: &str, events: &[Event]) -> Result<(), StoreError> {
    events.iter().try_for_each(|event| one(db, time, event))
}

fn one(db: &Db<'_>, time: &str, event: &Event) -> Result<(), StoreError> {
    match event {
        Event::UserSet { user } => db.set_user(user),
        Event::TokenSet { user, digest } => db.set_token(user, *digest),
        Event::TokensGone { user } => db.remove_tokens(user),
        Event::PartnerSet { partner } => db.set_partner(partner),
        Event::LogOpened { partner, log, genesis } => open_log(db, partner, log, genesis),
        Event::InterestSet { partner, ours, interest } => db.set_interest(partner, *ours, interest),
        Event::InterestGone { partner, ours, id } => db.remove_interest(partner, *ours, id),
        Event::CaseSet { case } => db.set_case(case),
        Event::WarningSet { warning } => db.set_warning(warning),
        Event::Posted { partner, subject, posted } => {
            let mut log = log_to(db, partner)?;
            let held = Held {
                index: posted.reference.index,
                carried: posted.carried.clone(),
                withheld: posted.withheld.clone(),
                subject: subject.clone(),
                refused: None,
            };
            db.append(&mut log, &held)
        }
        Event::Matched { item, case, found } => db.add_match(*item, *case, found),
        Event::SourceThanked { source, partner, text, case } => db.add_thanks(&Thanks {
            source: source.clone(),
            partner: partner.clone(),
            case: *case,
            time: time.to_owned(),
            text: text.clone(),
        }),
        Event::EntryRefused { log, index, reason } => match db.log(log)? {
            Some(row) => db.refuse_entry(&row, *index, reason),
            None => Ok(()),
        },
        Event::EntryFiled { log, index, subject } => match db.log(log)? {
            Some(row) => db.file_entry(&row, *index, subject),
            None => Ok(()),
        },
    }
}

fn open_log(db: &Db<'_>, partner: &str, log: &str, genesis: &str) -> Result<(), StoreError> {
    let mut row = db.add_log(log, partner, true)?;
    if row.size > 0 {
        return Ok(());
    }
    let carried = Carried { leaf: genesis.to_owned(), disclosures: Vec::new() };
    let held = Held { index: 0, carried, withheld: Vec::new(), subject: None, refused: None };
    db.append(&mut row, &held)
}

pub(super) fn log_to(
    db: &Db<'_>,
    partner: &str,
) -> Result<forewarn_store::log::LogRow, StoreError> {
    db.log_with(partner, true)?.ok_or_else(|| StoreError::Damaged {
        what: format!("our log to {partner}"),
        why: "it is gone".to_owned(),
    })
}
