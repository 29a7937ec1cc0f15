//! Whether a version may follow those of its object that are here (STIX 2.1 §3.6): only an object's
//! creator writes its versions, `created` stays, and nothing follows a revocation. What may not
//! follow is kept apart, in quarantine; it replaces nothing.

use crate::configuration::Us;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::Subject;
use forewarn_matching::Ended;
use forewarn_stix::head::Head;
use forewarn_store::intake::{Bearer, NewIntake};
use forewarn_store::item::{Media, NewItem};
use forewarn_store::reason::Reason;
use forewarn_store::{Db, StoreError};

/// The rules by which a version is kept apart, by the words that the quarantine has for them.
pub(crate) const RULES: &[&str] =
    &[SAME_CREATOR, SAME_CREATED, AFTER_REVOCATION, REVOKED_BY_ANOTHER];
const SAME_CREATOR: &str = "same-creator";
const SAME_CREATED: &str = "same-created";
const AFTER_REVOCATION: &str = "after-revocation";
const REVOKED_BY_ANOTHER: &str = "revoked-by-another";

/// How an object has ended, or will: as every collection that holds it says. Whoever writes to one
/// cannot end what another holds.
///
/// # Errors
/// When the database cannot be read.
pub fn ended(db: &Db<'_>, id: &str) -> Result<Option<Ended>, StoreError> {
    if let Ok(Subject::Warning(number)) = id.parse() {
        let warning = db.warning(number)?;
        return Ok(warning.and_then(|one| one.recall).map(|_| Ended::Revoked));
    }
    let mut all: Option<Ended> = None;
    for here in db.newest_in_each(id)? {
        let ended = if here.media == Media::Stix { Ended::of(&here.bytes) } else { None };
        all = Some(match (all, ended) {
            (_, None) => return Ok(None),
            (Some(Ended::Over(one)), Some(Ended::Over(other))) => Ended::Over(one.max(other)),
            (Some(Ended::Over(one)), Some(Ended::Revoked)) => Ended::Over(one),
            (Some(Ended::Revoked) | None, Some(ended)) => ended,
        });
    }
    Ok(all)
}

/// Why an item may not follow what is here of its object; `None` when it may. `newest` is the
/// newest version here, and `is_newer` whether the item is newer than it.
pub(crate) fn objection(
    db: &Db<'_>,
    us: &Us,
    intake: &NewIntake,
    item: &NewItem,
    (newest, is_newer): (i64, bool),
) -> Result<Option<Reason>, StoreError> {
    let Some((here, _)) = db.stored_at(newest)? else { return Ok(None) };
    let (before, after) = (Head::read(&here.bytes), Head::read(&item.bytes));
    let reason = |path: &str, rule: &str, message: String| {
        Ok(Some(Reason { path: path.to_owned(), rule: rule.to_owned(), message }))
    };
    if before.creator != after.creator {
        let named = |head: &Head| head.creator.clone().unwrap_or_else(|| "nobody".to_owned());
        let message = format!(
            "it names another creator, {}, than the version that is here, {}; only the creator writes \
             versions of an object",
            named(&after),
            named(&before),
        );
        return reason("$.created_by_ref", SAME_CREATOR, message);
    }
    if let (Some(then), Some(now)) = (&before.created, &after.created)
        && then.moment() != now.moment()
    {
        let message = format!(
            "it says that it was created at {now}, and the version that is here, at {then}"
        );
        return reason("$.created", SAME_CREATED, message);
    }
    if before.revoked && is_newer {
        let message = "the object was revoked: nothing follows a revocation; what is new needs an \
                       object of its own";
        return reason("$.modified", AFTER_REVOCATION, message.to_owned());
    }
    if after.revoked && !before.revoked && is_newer {
        let by = db.bearer_of(newest)?;
        if !may_revoke(us, after.creator.as_deref(), intake, by.as_ref()) {
            let message = "only the account that brought the object, or one that [[creator]] in \
                           forewarn.toml names for its creator, may revoke it";
            return reason("$.revoked", REVOKED_BY_ANOTHER, message.to_owned());
        }
    }
    Ok(None)
}

/// Accounts that are configured for a creator, and else whoever brought the version before: a user,
/// or a feed, which is told by its source.
fn may_revoke(us: &Us, creator: Option<&str>, intake: &NewIntake, before: Option<&Bearer>) -> bool {
    let configured = creator.and_then(|id| us.configuration.creators.get(id));
    let is_same = before.is_none_or(|before| before.actor == intake.actor.to_string());
    match (&intake.actor, configured) {
        (Actor::Owner, _) => true,
        (Actor::User(name), Some(creator)) => creator.accounts.contains(name),
        (Actor::User(_) | Actor::Partner(_), None) => is_same,
        (Actor::Partner(_), Some(_)) => false,
        // All feeds are polled by one part of the node.
        (Actor::Node(_), Some(creator)) => {
            intake.source.as_ref().is_some_and(|source| creator.sources.contains(source))
        }
        (Actor::Node(_), None) => {
            is_same && before.is_none_or(|before| before.source == intake.source)
        }
    }
}
