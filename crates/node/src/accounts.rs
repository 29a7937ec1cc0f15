//! Which user a token or certificate belongs to, remembered for as long as nothing changes.

use forewarn_exchange::user::User;
use forewarn_transcript::Hash;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Most that are remembered; beyond, they are forgotten and read again.
const MAX_REMEMBERED: usize = 10_000;

/// Keyed by the SHA-256 of the token.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// Moves with each change of users and tokens, once it is durable.
    changes: watch::Receiver<u64>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The change after which these were read.
    change: u64,
    users: HashMap<Hash, User>,
}

impl Accounts {
    pub(crate) fn new(changes: watch::Receiver<u64>) -> Accounts {
        Accounts { changes, known: Mutex::default() }
    }

    /// What is known as of now: all of it is forgotten when something has changed.
    fn known(&self) -> MutexGuard<'_, Known> {
        let change = *self.changes.borrow();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.change != change {
            *known = Known { change, users: HashMap::new() };
        }
        known
    }

    /// The user, when it is remembered; else the change to be handed to `remember`.
    pub(crate) fn find(&self, digest: Hash) -> Result<User, u64> {
        let known = self.known();
        known.users.get(&digest).cloned().ok_or(known.change)
    }

    /// A user that was read after `change`; forgotten at once when something has changed since.
    pub(crate) fn remember(&self, change: u64, digest: Hash, user: &User) {
        let mut known = self.known();
        if known.users.len() >= MAX_REMEMBERED {
            known.users.clear();
        }
        if known.change == change {
            known.users.insert(digest, user.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::name::UserName;
    use forewarn_exchange::user::Role;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let (tell, changes) = watch::channel(0);
        let accounts = Accounts::new(changes);
        let user = User::new(UserName::parse("ana").unwrap(), vec![Role::Analyst]).unwrap();
        let digest = Hash::of(b"token");
        let change = accounts.find(digest).unwrap_err();
        accounts.remember(change, digest, &user);
        assert!(accounts.find(digest).is_ok());
        let change = accounts.find(Hash::of(b"other")).unwrap_err();
        tell.send_modify(|count| *count += 1);
        accounts.remember(change, digest, &user);
        assert!(accounts.find(digest).is_err());
    }
}
