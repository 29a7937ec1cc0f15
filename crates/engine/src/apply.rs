//! Applies events to the tables. Nothing here decides.

use crate::configuration::Us;
use crate::corrected;
use crate::shelf;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::Released;
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::post::Posted;
use forewarn_stix::{Timestamp, canonical};
use forewarn_store::intake::{NewIntake, Part as IntakePart};
use forewarn_store::item::{Kept, Media, NewItem};
use forewarn_store::log::Held;
use forewarn_store::stamp::Stamp;
use forewarn_store::thanks::Thanks;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::batch::Carried;
use serde_json::Value;
use std::collections::BTreeSet;

/// Applies events in their order; `time` is the command's.
pub(crate) fn all(
    db: &Db<'_>,
    us: &Us,
    time: &Timestamp,
    events: &[Event],
) -> Result<(), StoreError> {
    events.iter().try_for_each(|event| one(db, us, time, event))?;
    // A warning and its content change together: the shelves follow once.
    let changed: BTreeSet<WarningNumber> = events.iter().filter_map(warning_of).collect();
    changed.into_iter().try_for_each(|number| shelf::follow(db, us, time, number))
}

/// The warning that an event changes.
fn warning_of(event: &Event) -> Option<WarningNumber> {
    if let Event::WarningSet { warning } = event {
        Some(warning.number)
    } else if let Event::ContentSet { warning, .. } = event {
        Some(*warning)
    } else {
        None
    }
}

/// Applies one event, which changes no warning.
pub(crate) fn one(db: &Db<'_>, us: &Us, time: &Timestamp, event: &Event) -> Result<(), StoreError> {
    match event {
        Event::UserSet { user } => db.set_user(user),
        Event::AccountSet { user, account, .. } => db.set_account(user, account),
        Event::GrantSet { granted } => db.set_grant(granted),
        Event::GrantGone { digest, .. } => db.remove_grant(*digest),
        Event::GrantsGone { user } => db.remove_grants(user),
        Event::FeedSet { feed } => db.set_feed(feed),
        Event::FeedGone { name } => db.remove_feed(name),
        Event::Offered { partner, case, released } => {
            offer(db, us, time, (partner, *case, released))
        }
        Event::TellingSet { telling, .. } => db.set_telling(telling),
        Event::AuthoritySet { authority } => db.set_authority(authority),
        Event::AuthorityUsed { authority, case } => db.use_authority(*authority, *case, time),
        Event::ExerciseSet { exercise } => db.set_exercise(exercise),
        Event::NeedTaken { need, taken } => db.set_taken(need, taken),
        Event::DangerSet { danger } => db.set_danger(danger),
        Event::TemplatesSet { templates, .. } => db.set_templates(templates),
        Event::SourceNamesSet { names, happened } => {
            db.set_source_names(names, *happened == Happened::SourceForgotten {})
        }
        Event::MuteSet { mute } => db.set_mute(mute),
        Event::Corrected { .. } | Event::MatchCorrected { .. } => corrected::apply(db, event),
        Event::Erased { what, erased, forgotten } => db.erase(what, erased, forgotten),
        Event::HoldSet { what, hold, .. } => db.set_hold(what, hold.as_ref()),
        Event::Muted { mute, item, object, found } => {
            db.add_muted(*mute, (*item, object), found, time.as_str())
        }
        Event::CaseMerged { from, into } => db.merge_case(*from, *into),
        Event::PartnerSet { partner } => db.set_partner(partner),
        Event::AgreementSet { agreement } => db.set_agreement(agreement),
        // It is told, and changes nothing that is kept: it stands until the node starts next.
        Event::LogOpened { partner, log, genesis } => open_log(db, partner, log, genesis),
        Event::InterestSet { partner, ours, interest } => db.set_interest(partner, *ours, interest),
        Event::OwnershipSet { partner, id, ownership } => db.set_ownership(partner, id, ownership),
        Event::InterestGone { partner, ours, id } => db.remove_interest(partner, *ours, id),
        Event::CaseSet { case } => db.set_case(case),
        Event::ItemNamed { case, item } => db.add_case_item(*case, item),
        Event::OutgoingSet { case, outgoing } => db.set_outgoing(*case, outgoing),
        Event::Withheld { partner, withheld } => db.withhold(partner, withheld),
        Event::WithheldOf { items, withheld } => db.withhold_of(items, withheld),
        Event::ProposalSet { proposal, .. } => db.set_proposal(proposal),
        Event::ShowingSet { showing, .. } => db.add_showing(showing),
        // The history alone keeps it.
        Event::Told { .. } => Ok(()),
        Event::ReadoutSet { readout, .. } => db.set_readout(readout),
        Event::WarningSet { warning } => db.set_warning(warning),
        Event::ContentSet { warning, version, content } => {
            db.set_content(*warning, *version, content)
        }
        Event::Said { about } => db.add_said(about),
        Event::Posted { partner, subject, posted } => post(db, (partner, *subject), posted),
        Event::Matched { item, case, found } => db.add_match(*item, *case, found, time.as_str()),
        Event::SourceThanked { source, partner, text, case } => db.add_thanks(&Thanks {
            source: source.clone(),
            partner: partner.to_string(),
            case: *case,
            time: time.to_string(),
            text: text.clone(),
        }),
        Event::EntryRefused { log, index, reason } => match db.log(log)? {
            Some(row) => db.refuse_entry(&row, *index, Some(reason)),
            None => Ok(()),
        },
        Event::EntryFiled { log, index, subject, .. } => match db.log(log)? {
            Some(row) => db.file_entry(&row, *index, *subject),
            None => Ok(()),
        },
    }
}

/// An entry of ours stands in the log of a partner.
fn post(
    db: &Db<'_>,
    (partner, subject): (&NodeName, Option<Subject>),
    posted: &Posted,
) -> Result<(), StoreError> {
    let mut log = log_to(db, partner)?;
    let held = Held {
        index: posted.reference.index,
        carried: posted.carried.clone(),
        withheld: posted.withheld.clone(),
        subject,
        refused: None,
    };
    db.append(&mut log, &held)
}

/// What was released stands in each outlet of the partner, as the gate has passed it.
fn offer(
    db: &Db<'_>,
    us: &Us,
    time: &Timestamp,
    (partner, case, released): (&NodeName, CaseNumber, &Released),
) -> Result<(), StoreError> {
    let objects = released.bundle().get("objects").and_then(Value::as_array);
    let objects = objects.map(Vec::as_slice).unwrap_or_default();
    for outlet in us.outlets.get(partner).into_iter().flatten() {
        let mut seq = db.next_seq(time.micros())?;
        let first = seq;
        let intake = NewIntake {
            id: format!("case-{case}/{outlet}/{seq}"),
            time: time.clone(),
            actor: Actor::Node(Part::Outlet),
            collection: *outlet,
            source: None,
            grade: None,
            marking: None,
            name: Some(format!("released in case {case}")),
        };
        let number = db.begin_intake(&intake)?;
        for (object, position) in objects.iter().zip(0..) {
            let bytes = canonical::bytes(object);
            // Released objects were read as STIX by the gate.
            let judged = forewarn_stix::object::judge(&bytes);
            let Some(object) = judged.object else { continue };
            let version = Stamp::of(object.version());
            let item = NewItem::new(
                (*outlet, Media::Stix),
                object.id().to_string(),
                version,
                position,
                bytes,
            );
            if let Kept::Added(added) = db.keep(seq, number, &item, |_, _| Ok(None))? {
                seq = added + 1;
            }
        }
        db.add_part(number, &IntakePart { first, last: seq - 1, known: &[], refused: 0 })?;
    }
    Ok(())
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

pub(crate) fn log_to(
    db: &Db<'_>,
    partner: &str,
) -> Result<forewarn_store::log::LogRow, StoreError> {
    db.log_with(partner, true)?.ok_or_else(|| StoreError::Damaged {
        what: format!("our log to {partner}"),
        why: "it is gone".to_owned(),
    })
}
