//! Users and tokens.

use super::{Decision, Desk};
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::name::UserName;
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::user::{Permission, User};
use forewarn_exchange::{Code, Refusal};

impl Desk<'_> {
    pub(super) fn account(&self, act: &AccountAct) -> Decision {
        let (event, user) = match act {
            AccountAct::UserAdd { name, roles } => {
                let user = User::new(name.clone(), roles.clone())?;
                self.check_own(&user)?;
                (Event::UserSet { user }, name.clone())
            }
            AccountAct::TokenAdd { user, digest } => {
                let user = self.known(user)?;
                self.check_token_of(&user)?;
                let user = user.name;
                (Event::TokenSet { user: user.clone(), digest: *digest }, user)
            }
            AccountAct::TokensRevoke { user } => {
                let user = self.known(user)?.name;
                (Event::TokensGone { user: user.clone() }, user)
            }
        };
        Ok((vec![event], Answer::User { user }))
    }

    /// Nobody decides alone or with others on what he or she may draft or release.
    fn check_own(&self, user: &User) -> Result<(), Refusal> {
        let speaks = user.permits(Permission::Draft) || user.permits(Permission::Release);
        if speaks && self.actor.user() == Some(&user.name) {
            let message =
                format!("`{}` may not give a role like this to himself or herself", user.name);
            return Err(Refusal::new(Code::OwnRole, message).advice("another administrator must"));
        }
        Ok(())
    }

    /// Whoever holds a token acts as its user: an administrator who made one of somebody who drafts,
    /// releases or administers would be two persons.
    fn check_token_of(&self, user: &User) -> Result<(), Refusal> {
        let Some(by) = self.actor.user() else { return Ok(()) };
        let grave = [Permission::Draft, Permission::Release, Permission::Administer];
        let is_grave = grave.into_iter().any(|permission| user.permits(permission));
        if self.us.configuration.administrators == Persons::One || *by == user.name || !is_grave {
            return Ok(());
        }
        let message = format!("`{by}` may not make a token for `{}`, who may do more", user.name);
        Err(Refusal::new(Code::OwnRole, message)
            .advice("`{}` makes it, or the owner of the node's folder".replace("{}", &user.name)))
    }

    fn known(&self, name: &UserName) -> Result<User, crate::failure::Undone> {
        Ok(self.db.user(name)?.ok_or_else(|| Refusal::unknown("user", name))?)
    }
}
