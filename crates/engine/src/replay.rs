//! The same commands in the same order, applied to another store.

use crate::core::Core;
use crate::journal;
use forewarn_store::{Db, StoreError};

/// Applies to `core` what the journal of `from` has after the index that `core` has reached, up to
/// `until`. What was refused is refused once more.
pub fn replay(from: &Db<'_>, core: &mut Core, until: i64) -> Result<(), StoreError> {
    let mut index = core.store().db().journal_index()?;
    while index < until {
        index += 1;
        let Some(record) = from.record_at(index)? else { return Ok(()) };
        if journal::is_only_recorded(&record)? {
            core.adopt(&record)?;
            continue;
        }
        let Some(command) = journal::whole(from, index)? else { return Ok(()) };
        core.commit(&[&command])?;
    }
    Ok(())
}
