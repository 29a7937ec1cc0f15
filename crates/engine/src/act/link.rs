//! Whom a provider of sign-ins knows as which of our users.

use crate::failure::Undone;
use crate::grants;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::AccountChange;
use forewarn_exchange::link::{Issuer, Link, MAX_LINKS};
use forewarn_exchange::name::UserName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;

/// The user signs in at a provider too. There nobody is two of our users. Where the provider called
/// the user otherwise before, that may have been somebody else: sessions end.
pub(super) fn linked(db: &Db<'_>, user: UserName, link: Link) -> Result<Vec<Event>, Undone> {
    if let Some(other) = db.linked(&link.issuer, &link.subject)?
        && other != user
    {
        let message = format!("`{}` of {} is `{other}` already", link.subject, link.issuer);
        return Err(Refusal::new(Code::Known, message)
            .advice(format!("end that first: forewarn user unlink {other} {}", link.issuer))
            .into());
    }
    let mut account = db.account(&user)?;
    let is_other = |one: &Link| one.issuer == link.issuer && one.subject != link.subject;
    let ended = if account.links.iter().any(is_other) { sessions_end(db, &user)? } else { vec![] };
    account.links.retain(|one| one.issuer != link.issuer);
    if account.links.len() >= MAX_LINKS {
        let message = format!("at most {MAX_LINKS} providers know one user");
        return Err(Refusal::new(Code::TooMany, message).into());
    }
    account.links.push(link.clone());
    let change = AccountChange::Linked { link };
    let set = Event::AccountSet { user, account, change };
    Ok([set].into_iter().chain(ended).collect())
}

/// The user does not sign in at a provider any more. All sessions end: none of them says how it has
/// begun.
pub(super) fn unlinked(db: &Db<'_>, user: UserName, issuer: &Issuer) -> Result<Vec<Event>, Undone> {
    let mut account = db.account(&user)?;
    let before = account.links.len();
    account.links.retain(|one| one.issuer != *issuer);
    if account.links.len() == before {
        let message = format!("`{user}` does not sign in at {issuer}");
        return Err(Refusal::new(Code::NotFound, message).into());
    }
    let change = AccountChange::Unlinked { issuer: issuer.clone() };
    let ended = sessions_end(db, &user)?;
    let set = Event::AccountSet { user, account, change };
    Ok([set].into_iter().chain(ended).collect())
}

fn sessions_end(db: &Db<'_>, user: &UserName) -> Result<Vec<Event>, Undone> {
    grants::end(db, user, grants::is_session)
}
