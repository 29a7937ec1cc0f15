//! Which user a token, session or certificate lets in, remembered for as long as nothing changes;
//! and when each was used last.

use crate::clock;
use forewarn_exchange::grant::Grant;
use forewarn_exchange::user::User;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Most that are remembered; beyond, they are forgotten and read again.
const MAX_REMEMBERED: usize = 10_000;

/// Whoever was let in, and by what.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who.
    pub user: Arc<User>,
    /// By what.
    pub grant: Arc<Grant>,
    /// SHA-256 of its secret.
    pub digest: Hash,
}

/// Keyed by the SHA-256 of the token.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// Moves with each change of users and tokens, once it is durable.
    changes: watch::Receiver<u64>,
    known: Mutex<Known>,
    used: Mutex<HashMap<Hash, Timestamp>>,
}

#[derive(Debug, Default)]
struct Known {
    /// The change after which these were read.
    change: u64,
    users: HashMap<Hash, Admitted>,
}

impl Accounts {
    pub(crate) fn new(changes: watch::Receiver<u64>) -> Accounts {
        Accounts { changes, known: Mutex::default(), used: Mutex::default() }
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
    pub(crate) fn find(&self, digest: Hash) -> Result<Admitted, u64> {
        let known = self.known();
        known.users.get(&digest).cloned().ok_or(known.change)
    }

    /// A user that was read after `change`; forgotten at once when something has changed since.
    pub(crate) fn remember(&self, change: u64, admitted: &Admitted) {
        let mut known = self.known();
        if known.users.len() >= MAX_REMEMBERED {
            known.users.clear();
        }
        if known.change == change {
            known.users.insert(admitted.digest, admitted.clone());
        }
    }

    fn used(&self) -> MutexGuard<'_, HashMap<Hash, Timestamp>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was used now.
    pub(crate) fn use_now(&self, digest: Hash) {
        let mut used = self.used();
        if used.len() >= MAX_REMEMBERED {
            used.clear();
        }
        used.insert(digest, clock::now());
    }

    /// When it was used last, since the node started.
    pub(crate) fn last_use(&self, digest: Hash) -> Option<Timestamp> {
        self.used().get(&digest).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::grant::GrantKind;
    use forewarn_exchange::name::{GrantName, UserName};
    use forewarn_exchange::user::Role;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let (tell, changes) = watch::channel(0);
        let accounts = Accounts::new(changes);
        let user = User::new(UserName::parse("ana").unwrap(), vec![Role::Analyst]).unwrap();
        let grant = Grant {
            name: GrantName::parse("laptop").unwrap(),
            kind: GrantKind::Token,
            made: None,
            by: None,
            ends: None,
            from: Vec::new(),
            only: None,
        };
        let digest = Hash::of(b"token");
        let admitted = Admitted { user: Arc::new(user), grant: Arc::new(grant), digest };
        let change = accounts.find(digest).unwrap_err();
        accounts.remember(change, &admitted);
        assert!(accounts.find(digest).is_ok());
        let change = accounts.find(Hash::of(b"other")).unwrap_err();
        tell.send_modify(|count| *count += 1);
        accounts.remember(change, &admitted);
        assert!(accounts.find(digest).is_err());
    }
}
