//! In which version something stands that people edit, and whether it is still the one that somebody
//! has looked at.

use crate::act::subject_of;
use crate::failure::{Undone, damaged};
use forewarn_exchange::act::{Act, InterestAct, TellingAct};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::history::{Happened, Topic};
use forewarn_exchange::id::Subject;
use forewarn_exchange::watched::{Seen, Watched};
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Hash;
use serde::Serialize;

/// How something stands.
struct Stands {
    seen: Seen,
    /// Who has changed it last, when, and into what, where the history says so.
    last: Option<(Actor, Timestamp, String)>,
}

/// What something is now: as somebody sees it who looks now. `None` when it is not there.
///
/// # Errors
/// The database cannot be read.
pub fn seen_now(db: &Db<'_>, what: &Watched) -> Result<Option<Seen>, StoreError> {
    Ok(stands(db, what)?.map(|stands| stands.seen))
}

fn stands(db: &Db<'_>, what: &Watched) -> Result<Option<Stands>, StoreError> {
    let digested = |version: Option<String>| {
        version.map(|version| Stands { seen: Seen { what: what.clone(), version }, last: None })
    };
    Ok(match what {
        Watched::Case(number) => {
            let there = db.case(*number)?.is_some();
            if there { Some(by_history(db, what, &Topic::Case(*number))?) } else { None }
        }
        Watched::Warning(number) => {
            let there = db.warning(*number)?.is_some();
            if there { Some(by_history(db, what, &Topic::Warning(*number))?) } else { None }
        }
        Watched::Partner(name) => digested(db.partner(name)?.as_ref().map(digest).transpose()?),
        Watched::User(name) => digested(db.user(name)?.as_ref().map(digest).transpose()?),
        Watched::Telling => digested(Some(digest(&db.telling()?)?)),
        Watched::Interest { partner, id } => {
            digested(db.interest(partner, true, id)?.map(|one| one.change.to_string()))
        }
    })
}

/// A case or warning has as many versions as the history has lines that say that it is another. What
/// only a clock, a receipt or a reader did is none, and no line here is hidden from whoever sees the thing.
fn by_history(db: &Db<'_>, what: &Watched, topic: &Topic) -> Result<Stands, StoreError> {
    let (mut count, mut last) = (0_u64, None);
    for line in db.history(topic.clone())? {
        let became = match line.happened {
            Happened::StageReached { stage } => format!("it is {stage}"),
            Happened::WarningChanged {} => "what is known of it is another".to_owned(),
            _ => continue,
        };
        count += 1;
        last = Some((line.actor, line.time, became));
    }
    Ok(Stands { seen: Seen { what: what.clone(), version: count.to_string() }, last })
}

/// The first 64 bits of a digest.
fn digest(thing: &impl Serialize) -> Result<String, StoreError> {
    let text = serde_json::to_vec(thing).map_err(|e| damaged(&e))?;
    let first = Hash::of(&text).0.first_chunk::<8>().copied().unwrap_or_default();
    Ok(format!("{:016x}", u64::from_be_bytes(first)))
}

/// Whether an act is on the thing that was looked at.
fn is_on(act: &Act, what: &Watched) -> bool {
    match what {
        Watched::Case(number) => subject_of(act) == Some(Subject::Case(*number)),
        Watched::Warning(number) => subject_of(act) == Some(Subject::Warning(*number)),
        Watched::Partner(name) => {
            matches!(act, Act::Partner(act) if act.partner().is_some_and(|of| of == name))
        }
        Watched::User(name) => matches!(act, Act::Account(act) if act.user() == name),
        Watched::Telling => {
            matches!(act, Act::Telling(act) if !matches!(act, TellingAct::Take { .. }))
        }
        Watched::Interest { partner, id } => match act {
            Act::Interest(InterestAct::Change { partner: of, interest }) => {
                (of, &interest.id) == (partner, id)
            }
            Act::Interest(InterestAct::Remove { partner: of, id: one }) => {
                (of, one) == (partner, id)
            }
            _ => false,
        },
    }
}

/// An act is done only on what was looked at.
pub(crate) fn check(db: &Db<'_>, seen: &Seen, act: &Act) -> Result<(), Undone> {
    if !is_on(act, &seen.what) {
        let message = format!("`{seen}` is no version of what this act is on");
        let advice = "name the version of that, or none";
        return Err(Refusal::new(Code::BadRequest, message).advice(advice).into());
    }
    // Of what is not there the act itself tells.
    let Some(stands) = stands(db, &seen.what)? else { return Ok(()) };
    if stands.seen == *seen {
        return Ok(());
    }
    let how = stands.last.map(|(actor, time, became)| format!(": by {actor} at {time}, {became}"));
    Err(seen.is_stale(&how.unwrap_or_default()).into())
}
