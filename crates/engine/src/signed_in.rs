//! Signing in, and how somebody signs in.

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::grants;
use crate::work::{NewSession, Outcome, SignInStep, SignInWork, Work};
use forewarn_exchange::account::{Account, Factor, PasswordHash, Second, not_signed_in};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::command::Command;
use forewarn_exchange::event::Event;
use forewarn_exchange::grant::{Grant, GrantKind, Granted};
use forewarn_exchange::history::AccountChange;
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::name::UserName;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::User;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_transcript::Hash;

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &SignInWork,
) -> Result<Done, Undone> {
    let events = decide(db, command, work)?;
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(Outcome::SignedIn {}, &events))
}

#[expect(clippy::too_many_lines, reason = "one arm for each step, and nothing else")]
fn decide(db: &Db<'_>, command: &Command<Work>, work: &SignInWork) -> Result<Vec<Event>, Undone> {
    let SignInWork { user: name, step } = work;
    let now = &command.time;
    let user = db.user(name)?.ok_or_else(not_signed_in)?;
    let account = db.account(name)?;
    let set = |account: Account, change: AccountChange| Event::AccountSet {
        user: name.clone(),
        account,
        change,
    };
    Ok(match step {
        SignInStep::SignIn { second, password, session } => {
            if !user.standing.is_active() {
                return Err(not_signed_in().into());
            }
            account.must_be(*password)?;
            let account = account.take(*second)?;
            let begun = Begun { session, second: *second != Second::None {}, only: None };
            let mut events = begin(db, name, begun, command)?;
            events.insert(0, set(account, AccountChange::SignedIn { second: *second }));
            events
        }
        SignInStep::Provider { issuer, subject, only, session } => {
            check_vouched(&user, &account, (issuer, subject), only.as_deref())?;
            let begun = Begun { session, second: false, only: only.clone() };
            let change = AccountChange::ByProvider { issuer: issuer.clone() };
            let mut events = vec![set(account, change)];
            events.extend(begin(db, name, begun, command)?);
            events
        }
        SignInStep::Accept { invitation, password, session } => {
            let (mut events, account) =
                accepted(db, (&user, account), (*invitation, password), now)?;
            events.push(set(account, AccountChange::Password {}));
            let begun = Begun { session, second: false, only: None };
            events.extend(begin(db, name, begun, command)?);
            events
        }
        SignInStep::ShownAgain { second } => {
            check_own(name, &command.actor)?;
            if matches!(second, Second::None {}) {
                return Err(not_signed_in().into());
            }
            let change = AccountChange::ShownAgain { second: *second };
            vec![set(account.take(*second)?, change)]
        }
        SignInStep::SignOut { session } => {
            let Some((_, grant)) = db.granted(*session)? else { return Ok(Vec::new()) };
            vec![Event::GrantGone { user: name.clone(), name: grant.name, digest: *session }]
        }
        SignInStep::Password { now, password, keep } => {
            check_shown(name, (&account, *now), &command.actor)?;
            let account = Account { password: Some(password.clone()), ..account };
            let mut events = vec![set(account, AccountChange::Password {})];
            events.extend(others(db, name, *keep)?);
            events
        }
        SignInStep::FactorBegun { now, secret } => {
            check_own(name, &command.actor)?;
            if account.factor.is_some() {
                still(&account, *now, &command.actor)?;
            }
            let account = Account { pending: Some(secret.clone()), ..account };
            vec![set(account, AccountChange::FactorBegun {})]
        }
        SignInStep::FactorConfirmed { step, recovery } => {
            check_own(name, &command.actor)?;
            if matches!(&account.factor, Some(Factor { step: used, .. }) if step <= used) {
                return Err(not_signed_in().into());
            }
            let account = account.confirm(*step, recovery.clone())?;
            vec![set(account, AccountChange::FactorSet {})]
        }
        SignInStep::FactorRemoved { now } => {
            check_shown(name, (&account, *now), &command.actor)?;
            vec![set(account.without_factor(name)?, AccountChange::FactorRemoved {})]
        }
    })
}

/// Whom a provider vouches for is this user, and has a role that counts.
fn check_vouched(
    user: &User,
    account: &Account,
    (issuer, subject): (&Issuer, &IssuersName),
    only: Option<&[Role]>,
) -> Result<(), Refusal> {
    let has_roles = only.is_none_or(|only| !user.clone().limited(only).roles.is_empty());
    if user.standing.is_active() && account.is_linked(issuer, subject) && has_roles {
        return Ok(());
    }
    Err(not_signed_in())
}

/// The invitation counts, and ends with all others and every session. Whoever was invited has lost
/// the way in, second factor and all; who has made the invitation is kept.
fn accepted(
    db: &Db<'_>,
    (user, account): (&User, Account),
    (digest, password): (Hash, &PasswordHash),
    now: &Timestamp,
) -> Result<(Vec<Event>, Account), Undone> {
    let found = db.granted(digest)?.filter(|(of, grant)| {
        grant.kind == GrantKind::Invitation && of.name == user.name && !grant.has_ended(now)
    });
    let Some((_, grant)) = found.filter(|_| user.standing.is_active()) else {
        return Err(not_signed_in().into());
    };
    let password = Some(password.clone());
    let account = Account { password, factor: None, pending: None, invited: grant.by, ..account };
    Ok((others(db, &user.name, None)?, account))
}

/// Sessions and invitations that end with the password that they were made by, but for one.
fn others(db: &Db<'_>, user: &UserName, keep: Option<Hash>) -> Result<Vec<Event>, Undone> {
    grants::end(db, user, |one| {
        let by_password = grants::is_session(one) || one.grant.kind == GrantKind::Invitation;
        by_password && Some(one.digest) != keep
    })
}

/// It is the person's own, who has shown the password.
fn check_shown(
    name: &UserName,
    (account, compared): (&Account, Option<Hash>),
    actor: &Actor,
) -> Result<(), Refusal> {
    check_own(name, actor)?;
    still(account, compared, actor)
}

/// The password that was compared is still the one; the owner of the folder shows none.
fn still(account: &Account, compared: Option<Hash>, actor: &Actor) -> Result<(), Refusal> {
    if *actor == Actor::Owner { Ok(()) } else { account.must_be(compared) }
}

/// How somebody signs in is that person's; the owner of the folder recovers what was lost.
fn check_own(user: &UserName, actor: &Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Owner => Ok(()),
        Actor::User(name) if name == user => Ok(()),
        Actor::User(_) | Actor::Partner(_) | Actor::Node(_) => {
            let message = format!("only `{user}` changes how `{user}` signs in");
            Err(Refusal::new(Code::NotPermitted, message)
                .advice("invite the user anew, with which a password is set: forewarn user invite"))
        }
    }
}

/// A session that begins, and what was shown for it.
struct Begun<'a> {
    session: &'a NewSession,
    second: bool,
    only: Option<Vec<Role>>,
}

/// A session begins; those that have ended go, and the oldest one when there are too many.
fn begin(
    db: &Db<'_>,
    user: &UserName,
    Begun { session, second, only }: Begun<'_>,
    command: &Command<Work>,
) -> Result<Vec<Event>, Undone> {
    let now: &Timestamp = &command.time;
    let (mut events, _) = grants::room(db, user, now)?;
    let grant = Grant {
        name: session.name.clone(),
        kind: GrantKind::Session { second },
        made: Some(now.clone()),
        by: Some(command.actor.clone()),
        ends: Some(session.ends.clone()),
        from: Vec::new(),
        only,
    };
    let granted = Granted { digest: session.digest, user: user.clone(), grant };
    events.push(Event::GrantSet { granted });
    Ok(events)
}
