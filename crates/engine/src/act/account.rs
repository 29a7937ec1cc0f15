//! Users, and what lets them in.

use super::{Decision, Desk, link};
use crate::failure::Undone;
use crate::grants;
use forewarn_exchange::account::{Account, MAX_UIDS};
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::grant::{Grant, GrantKind, Granted, MAX_FROM, MAX_GRANTS, MAX_TOKEN_DAYS};
use forewarn_exchange::history::AccountChange;
use forewarn_exchange::link::Link;
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_exchange::named;
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::{Permission, User, UserStanding};
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use ipnet::IpNet;

/// What two administrators give.
const GRAVE: &[Permission] = Permission::GRAVE;
const DAY_MICROS: i64 = 86_400_000_000;

/// What is to let a user in.
struct Made<'a> {
    digest: Hash,
    name: Option<&'a GrantName>,
    kind: GrantKind,
    ends: Option<&'a Timestamp>,
    from: &'a [IpNet],
}

impl Desk<'_> {
    pub(super) fn account(&self, act: &AccountAct) -> Decision {
        let user = act.user().clone();
        let events = match act {
            AccountAct::UserAdd { name, roles, display } => {
                let user = self.added(name, roles, display.as_ref())?;
                let mut events = self.freed(&user)?;
                events.push(Event::UserSet { user });
                events
            }
            AccountAct::UserSuspend { name, reason } => {
                self.ended(self.known(name)?.suspend(reason, &self.command.time)?)?
            }
            AccountAct::UserRemove { name, reason } => {
                self.ended(self.known(name)?.remove(reason, &self.command.time)?)?
            }
            AccountAct::UserResume { name } => {
                let user = self.known(name)?.resume()?;
                self.check_own(&user)?;
                vec![Event::GrantsGone { user: user.name.clone() }, Event::UserSet { user }]
            }
            AccountAct::UserUids { name, uids } => vec![self.stands_for(name, uids)?],
            AccountAct::UserLink { name, issuer, subject } => {
                let user = self.known(name)?;
                self.check_own(&user)?;
                let link = Link { issuer: issuer.clone(), subject: subject.clone() };
                link::linked(self.db, user.name, link)?
            }
            AccountAct::UserUnlink { name, issuer } => {
                link::unlinked(self.db, self.known(name)?.name, issuer)?
            }
            AccountAct::TokenAdd { user, digest, name, kind, ends, from } => {
                let made = Made {
                    digest: *digest,
                    name: name.as_ref(),
                    kind: *kind,
                    ends: ends.as_ref(),
                    from,
                };
                self.grant(&self.known(user)?, &made)?
            }
            AccountAct::TokenRotate { user, name, digest, ends } => {
                self.rotated(&self.known(user)?, name, (*digest, ends))?
            }
            AccountAct::TokenRevoke { user, name } => {
                let user = self.known(user)?.name;
                let digest = self.named(&user, name)?.digest;
                vec![Event::GrantGone { user, name: name.clone(), digest }]
            }
            AccountAct::TokensRevoke { user } => {
                vec![Event::GrantsGone { user: self.known(user)?.name }]
            }
        };
        Ok((events, Answer::User { user }))
    }

    /// A user with these roles, who was there before perhaps.
    fn added(
        &self,
        name: &UserName,
        roles: &[Role],
        display: Option<&String>,
    ) -> Result<User, Undone> {
        let before = self.db.user(name)?;
        let user = User::new(name.clone(), roles.to_vec())?;
        let user = match (display, &before) {
            (Some(shown), _) => self.called(user, shown)?,
            (None, Some(User { display, called_by_two, .. })) => {
                User { display: display.clone(), called_by_two: *called_by_two, ..user }
            }
            (None, None) => user,
        };
        self.check_own(&user)?;
        let user = User { standing: before.map(|one| one.standing).unwrap_or_default(), ..user };
        if matches!(user.standing, UserStanding::Removed { .. }) {
            let message = format!("`{name}` was removed; what was done stays under it");
            return Err(Refusal::new(Code::UserStanding, message)
                .advice("take another name")
                .into());
        }
        self.check_administrators(&user)?;
        Ok(user)
    }

    /// A user is called so from now on. A partner may name somebody by it: no two are called alike.
    fn called(&self, user: User, shown: &str) -> Result<User, Undone> {
        let user = user.called(Some(shown.to_owned()))?;
        let all = self.db.users()?;
        let is_so = |one: &&User| {
            let display = one.display.as_deref().zip(user.display.as_deref());
            display.is_some_and(|(theirs, own)| named::is_same_name(theirs, own))
        };
        let mut others = all.iter().filter(|one| one.name != user.name);
        if let Some(other) = others.find(is_so) {
            let message = format!("`{}` is called so already", other.name);
            return Err(Refusal::new(Code::Known, message)
                .advice("say more of the name: a partner may mean one of them")
                .into());
        }
        Ok(user)
    }

    /// Who comes to draft, release or administer is let in by nothing that another user has made: a
    /// token, an invitation, or the password that was set by one. It would be the other's.
    fn freed(&self, user: &User) -> Result<Vec<Event>, Undone> {
        let before = self.db.user(&user.name)?;
        let gains = GRAVE
            .iter()
            .any(|one| may(user, *one) && !before.as_ref().is_some_and(|before| may(before, *one)));
        if !gains || self.us.configuration.administrators == Persons::One {
            return Ok(Vec::new());
        }
        let is_other = |by: Option<&Actor>| match by {
            Some(Actor::User(by)) => *by != user.name,
            Some(Actor::Owner | Actor::Partner(_) | Actor::Node(_)) | None => false,
        };
        let account = self.db.account(&user.name)?;
        if is_other(account.invited.as_ref()) {
            let account = Account { uids: account.uids, ..Account::default() };
            let (user, change) = (user.name.clone(), AccountChange::Freed {});
            let gone = Event::GrantsGone { user: user.clone() };
            return Ok(vec![gone, Event::AccountSet { user, account, change }]);
        }
        grants::end(self.db, &user.name, |one| is_other(one.grant.by.as_ref()))
    }

    /// Users of the machine stand for the user.
    fn stands_for(&self, name: &UserName, uids: &[u32]) -> Result<Event, Undone> {
        let user = self.known(name)?;
        self.check_own(&user)?;
        if uids.len() > MAX_UIDS {
            let message = format!("at most {MAX_UIDS} users of the machine are one person");
            return Err(Refusal::new(Code::TooMany, message).into());
        }
        for (other, account) in self.db.accounts()? {
            if let Some(uid) = uids.iter().find(|uid| account.uids.contains(uid))
                && other != *name
            {
                let message = format!("the machine's user {uid} is `{other}` already");
                return Err(Refusal::new(Code::Known, message)
                    .advice("one login is one person: two would be two of them")
                    .into());
            }
        }
        let mut account = self.db.account(name)?;
        account.uids = uids.to_vec();
        let change = AccountChange::Uids { uids: uids.to_vec() };
        Ok(Event::AccountSet { user: user.name, account, change })
    }

    /// A token in the place of the one of this name.
    fn rotated(
        &self,
        user: &User,
        name: &GrantName,
        (digest, ends): (Hash, &Timestamp),
    ) -> Result<Vec<Event>, Undone> {
        let old = self.named(&user.name, name)?;
        if old.grant.kind != GrantKind::Token {
            let message = format!("`{name}` is a {}", old.grant.kind.name());
            return Err(Refusal::new(Code::NotPermitted, message)
                .advice("only tokens are made anew under their name")
                .into());
        }
        let from = old.grant.from.clone();
        let made =
            Made { digest, name: None, kind: GrantKind::Token, ends: Some(ends), from: &from };
        Ok(vec![Event::end_of(old), self.granting(user, &made, name.clone())?])
    }

    /// Something lets the user in from now on, under a name that nothing else of the user's has.
    fn grant(&self, user: &User, made: &Made<'_>) -> Result<Vec<Event>, Undone> {
        let now = &self.command.time;
        let (mut events, held) = grants::room(self.db, &user.name, now)?;
        let taken = |name: &str| held.iter().any(|one| one.grant.name == *name);
        let name = match made.name {
            Some(name) if taken(name) => {
                let message = format!("`{}` has a `{name}` already", user.name);
                return Err(Refusal::new(Code::Known, message)
                    .advice("take another name, or make this one anew: forewarn token rotate")
                    .into());
            }
            Some(name) => name.clone(),
            None => free(made.kind, taken)?,
        };
        events.push(self.granting(user, made, name)?);
        Ok(events)
    }

    fn granting(&self, user: &User, made: &Made<'_>, name: GrantName) -> Result<Event, Undone> {
        self.check_token_of(user)?;
        if !user.standing.is_active() {
            let message = format!("`{}` is {}", user.name, user.standing.name());
            return Err(Refusal::new(Code::UserStanding, message).into());
        }
        if made.kind == GrantKind::Invitation && self.actor.user() == Some(&user.name) {
            let message = "nobody invites himself or herself";
            return Err(Refusal::new(Code::NotPermitted, message)
                .advice("set another password with the one so far: forewarn account password")
                .into());
        }
        let now = &self.command.time;
        let latest = now.micros() + i64::from(MAX_TOKEN_DAYS) * DAY_MICROS;
        if let Some(ends) = made.ends
            && (ends <= now || ends.micros() > latest)
        {
            let message = format!("it ends at {ends}; at most {MAX_TOKEN_DAYS} days from now");
            return Err(Refusal::new(Code::Clock, message).into());
        }
        if made.from.len() > MAX_FROM {
            let message = format!("it is bound to at most {MAX_FROM} blocks of addresses");
            return Err(Refusal::new(Code::TooMany, message).into());
        }
        if matches!(made.kind, GrantKind::Session { .. }) {
            let message = "a session is made by signing in";
            return Err(Refusal::new(Code::NotPermitted, message).into());
        }
        if self.db.granted(made.digest)?.is_some() {
            let message = "this token or certificate lets somebody in already";
            return Err(Refusal::new(Code::Known, message).into());
        }
        let grant = Grant {
            name,
            kind: made.kind,
            made: Some(now.clone()),
            by: Some(self.actor.clone()),
            ends: made.ends.cloned(),
            from: made.from.to_vec(),
            only: None,
        };
        let granted = Granted { digest: made.digest, user: user.name.clone(), grant };
        Ok(Event::GrantSet { granted })
    }

    fn named(&self, user: &UserName, name: &GrantName) -> Result<Granted, Undone> {
        let mut held = self.db.grants(Some(user))?.into_iter();
        let found = held.find(|one| one.grant.name == *name);
        Ok(found.ok_or_else(|| Refusal::unknown("token", name))?)
    }

    /// A user who does not come in any more, and what let the user in.
    fn ended(&self, user: User) -> Result<Vec<Event>, Undone> {
        self.check_administrators(&user)?;
        let name = user.name.clone();
        Ok(vec![Event::UserSet { user }, Event::GrantsGone { user: name }])
    }

    /// Nobody decides alone or with others on what he or she may draft or release.
    fn check_own(&self, user: &User) -> Result<(), Refusal> {
        let speaks = may(user, Permission::Draft) || may(user, Permission::Release);
        if speaks && self.actor.user() == Some(&user.name) {
            let message =
                format!("`{}` may not give a role like this to himself or herself", user.name);
            return Err(Refusal::new(Code::OwnRole, message).advice("another administrator must"));
        }
        Ok(())
    }

    /// Somebody who administers is left; the owner of the folder may do without.
    fn check_administrators(&self, changed: &User) -> Result<(), Undone> {
        if self.actor.user().is_none() || changed.permits(Permission::Administer) {
            return Ok(());
        }
        let all = self.db.users()?;
        let administers = |user: &&User| user.permits(Permission::Administer);
        let mut left = all.iter().filter(administers).filter(|user| user.name != changed.name);
        let did = all.iter().any(|user| user.name == changed.name && administers(&user));
        if did && left.next().is_none() {
            let message = format!("`{}` is the last who administers this node", changed.name);
            return Err(Refusal::new(Code::LastAdministrator, message)
                .advice("give somebody else the role node-admin first")
                .into());
        }
        Ok(())
    }

    /// Whoever holds a token acts as its user: an administrator who made one of somebody who drafts,
    /// releases or administers would be two persons, and would read what names somebody.
    fn check_token_of(&self, user: &User) -> Result<(), Refusal> {
        let Some(by) = self.actor.user() else { return Ok(()) };
        // Whatever the standing: who is suspended comes back.
        let is_grave =
            GRAVE.iter().any(|permission| may(user, *permission)) || user.vouched().is_some();
        if self.us.configuration.administrators == Persons::One || *by == user.name || !is_grave {
            return Ok(());
        }
        let message = format!("`{by}` may not make a token for `{}`, who may do more", user.name);
        Err(Refusal::new(Code::OwnRole, message)
            .advice("`{}` makes it, or the owner of the node's folder".replace("{}", &user.name)))
    }

    fn known(&self, name: &UserName) -> Result<User, Undone> {
        Ok(self.db.user(name)?.ok_or_else(|| Refusal::unknown("user", name))?)
    }
}

/// By the roles alone, whatever the standing.
fn may(user: &User, permission: Permission) -> bool {
    user.roles.iter().any(|role| role.permits(permission))
}

/// The first name of its kind that nothing else has.
fn free(kind: GrantKind, taken: impl Fn(&str) -> bool) -> Result<GrantName, Refusal> {
    let name = (1..=MAX_GRANTS + 1).map(|n| format!("{}-{n}", kind.name()));
    let name = name.into_iter().find(|name| !taken(name)).unwrap_or_default();
    Ok(GrantName::parse(&name)?)
}
