//! Objects are taken out of a collection: served no more, and kept on record.

use super::work::{DeleteWork, Done, Undone, Work};
use forewarn_exchange::Command;
use forewarn_store::Db;
use forewarn_store::page::is_wanted;
use serde_json::json;

pub(super) fn perform(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &DeleteWork,
) -> Result<Done, Undone> {
    let seq = db.next_seq(command.time.micros())?;
    let wanted = |version: &_| is_wanted(&work.versions, version);
    let deleted = db.delete_versions(work.collection, &work.object, wanted, seq)?;
    let told = format!("{deleted} versions of {} were deleted from a collection", work.object);
    Ok(Done::new(json!({ "deleted": deleted }), vec![(None, told)]))
}
