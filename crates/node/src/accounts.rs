//! Which user a token or certificate belongs to, remembered for as long as nothing changes.

use forewarn_exchange::user::User;
use forewarn_transcript::Hash;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most that are remembered; beyond, they are forgotten and read again.
const MAX_REMEMBERED: usize = 10_000;

/// By the SHA-256 of the token.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Counts changes of users and tokens.
    change: u64,
    users: HashMap<Hash, User>,
}

impl Accounts {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user, when it is remembered; else the change to be handed to `remember`.
    pub(crate) fn find(&self, digest: Hash) -> Result<User, u64> {
        let known = self.known();
        known.users.get(&digest).cloned().ok_or(known.change)
    }

    /// A user that was read behind `change`; forgotten at once when something changed since.
    pub(crate) fn remember(&self, change: u64, digest: Hash, user: &User) {
        let mut known = self.known();
        if known.users.len() >= MAX_REMEMBERED {
            known.users.clear();
        }
        if known.change == change {
            known.users.insert(digest, user.clone());
        }
    }

    /// A user or token was changed, durably.
    pub(crate) fn changed(&self) {
        let mut known = self.known();
        known.change += 1;
        known.users.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::user::Role;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_behind_it() {
        let accounts = Accounts::default();
        let user = User::new("ana", vec![Role::Analyst]).unwrap();
        let digest = Hash::of(b"token");
        let change = accounts.find(digest).unwrap_err();
        accounts.remember(change, digest, &user);
        assert!(accounts.find(digest).is_ok());
        let change = accounts.find(Hash::of(b"other")).unwrap_err();
        accounts.changed();
        accounts.remember(change, digest, &user);
        assert!(accounts.find(digest).is_err());
    }
}
