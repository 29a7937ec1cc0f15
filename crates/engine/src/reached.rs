//! How far a journal apart was applied: kept in the store, by the transaction that applies.

use forewarn_journal::batch::Position;
use forewarn_store::{Db, Store, StoreError};
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

const NAME: &str = "journal apart";

/// A place in a journal apart, as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Reached {
    size: u64,
    chain: Hash,
}

/// Up to where a journal apart was applied to this store; `None` when it has its own.
///
/// # Errors
/// The database cannot be read.
pub fn reached(db: &Db<'_>) -> Result<Option<Position>, StoreError> {
    let known: Option<Reached> = db.setting(NAME)?;
    Ok(known.map(|Reached { size, chain }| Position { size, chain }))
}

/// Ties a store to a journal apart, whose beginning is the state that the store has now. `None` unties it.
///
/// # Errors
/// The database cannot be written.
pub fn tie(store: &mut Store, end: Option<&Position>) -> Result<(), StoreError> {
    let batch = store.begin()?;
    match end {
        Some(end) => set(&batch.db(), end)?,
        None => batch.db().unset(NAME)?,
    }
    batch.commit()
}

/// Sets it.
pub(crate) fn set(db: &Db<'_>, end: &Position) -> Result<(), StoreError> {
    let Position { size, chain } = *end;
    db.set_setting(NAME, &Reached { size, chain })
}
