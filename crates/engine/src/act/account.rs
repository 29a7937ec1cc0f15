//! Users and tokens.

use super::{Decision, Desk};
use forewarn_exchange::Refusal;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::User;

impl Desk<'_> {
    pub(super) fn account(&self, act: &AccountAct) -> Decision {
        let (event, user) = match act {
            AccountAct::UserAdd { name, roles } => {
                let user = User::new(name.clone(), roles.clone())?;
                (Event::UserSet { user }, name.clone())
            }
            AccountAct::TokenAdd { user, digest } => {
                let user = self.user(user)?.name;
                (Event::TokenSet { user: user.clone(), digest: *digest }, user)
            }
            AccountAct::TokensRevoke { user } => {
                let user = self.user(user)?.name;
                (Event::TokensGone { user: user.clone() }, user)
            }
        };
        Ok((vec![event], Answer::User { user }))
    }

    fn user(&self, name: &UserName) -> Result<User, crate::failure::Undone> {
        Ok(self.db.user(name)?.ok_or_else(|| Refusal::unknown("user", name))?)
    }
}
