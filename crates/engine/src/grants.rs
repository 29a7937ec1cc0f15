//! What lets users in: room for one more, and the end of some.

use crate::failure::Undone;
use forewarn_exchange::event::Event;
use forewarn_exchange::grant::{GrantKind, Granted, MAX_GRANTS};
use forewarn_exchange::name::UserName;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::Db;

/// Those of a user's that do not count any more, as they are to end.
pub(crate) fn end(
    db: &Db<'_>,
    user: &UserName,
    which: impl Fn(&Granted) -> bool,
) -> Result<Vec<Event>, Undone> {
    let held = db.grants(Some(user))?.into_iter();
    Ok(held.filter(which).map(Event::end_of).collect())
}

/// Whether it is a session.
pub(crate) fn is_session(granted: &Granted) -> bool {
    matches!(granted.grant.kind, GrantKind::Session { .. })
}

/// Makes room for one more: those that have ended go, and the oldest session when there are too many
/// still. With them, those that stay.
///
/// # Errors
/// There are too many, and no session among them.
pub(crate) fn room(
    db: &Db<'_>,
    user: &UserName,
    now: &Timestamp,
) -> Result<(Vec<Event>, Vec<Granted>), Undone> {
    let (ended, mut held): (Vec<Granted>, Vec<Granted>) =
        db.grants(Some(user))?.into_iter().partition(|one| one.grant.has_ended(now));
    let mut events: Vec<Event> = ended.into_iter().map(Event::end_of).collect();
    if held.len() >= MAX_GRANTS {
        let sessions = held.iter().enumerate().filter(|(_, one)| is_session(one));
        let oldest = sessions.min_by(|(_, one), (_, other)| one.grant.made.cmp(&other.grant.made));
        let Some((oldest, _)) = oldest else {
            let message = format!("`{user}` has {MAX_GRANTS} tokens already");
            return Err(Refusal::new(Code::TooMany, message).advice("end some of them").into());
        };
        events.push(Event::end_of(held.swap_remove(oldest)));
    }
    Ok((events, held))
}
