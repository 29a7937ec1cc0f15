//! Who may use a collection, as it stands on record: the same at every node of a journal, and still when
//! the collection is no longer in any file.

use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Permission, User};
use forewarn_store::{Db, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whom a collection is open to: accounts by name, or everybody whose role permits it where none are
/// named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTo {
    /// Who reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<Vec<UserName>>,
    /// Who adds to it, where things are taken in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writers: Option<Vec<UserName>>,
}

impl OpenTo {
    /// Whether a user may read.
    pub fn may_read(&self, user: &User) -> bool {
        match &self.readers {
            Some(names) => names.contains(&user.name),
            None => user.permits(Permission::Read),
        }
    }

    /// Whether a user may add.
    pub fn may_write(&self, user: &User) -> bool {
        match &self.writers {
            Some(names) => names.contains(&user.name),
            None => user.permits(Permission::TakeIn),
        }
    }
}

const NAME: &str = "open to";

type ById = BTreeMap<String, OpenTo>;

/// Puts it on record. What was said of others stays: one that is taken out of the file is as closed as it
/// was.
pub(crate) fn set<'a>(
    db: &Db<'_>,
    stated: impl Iterator<Item = (&'a str, &'a OpenTo)>,
) -> Result<(), StoreError> {
    let known: ById = db.setting(NAME)?.unwrap_or_default();
    let mut now = known.clone();
    now.extend(stated.map(|(id, open)| (id.to_owned(), open.clone())));
    if now == known { Ok(()) } else { db.set_setting(NAME, &now) }
}

/// Each collection that there ever was, and whom it is open to. `None` where that was never recorded: it
/// was last in a file before this was. What an exercise plays into is in no file: whoever reads, reads it.
pub(crate) fn read(db: &Db<'_>) -> Result<BTreeMap<CollectionNumber, Option<OpenTo>>, StoreError> {
    let mut known: ById = db.setting(NAME)?.unwrap_or_default();
    let mut all = BTreeMap::new();
    for (number, id) in db.collections()? {
        let open = match known.remove(&id) {
            None if db.is_of_exercise(number)? => Some(OpenTo::default()),
            open => open,
        };
        all.insert(number, open);
    }
    Ok(all)
}
