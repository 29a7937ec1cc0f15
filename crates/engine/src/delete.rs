//! Objects are taken out of a collection: served no more, and kept on record.

use crate::done::Done;
use crate::failure::Undone;
use crate::work::{DeleteWork, Outcome, Work};
use forewarn_exchange::command::Command;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_store::Db;
use forewarn_store::page::is_wanted;

pub(crate) fn perform(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &DeleteWork,
) -> Result<Done, Undone> {
    let seq = db.next_seq(command.time.micros())?;
    let wanted = |version: &_| is_wanted(&work.versions, version);
    let deleted = db.delete_versions(work.collection, &work.object, wanted, seq)?;
    let versions = deleted as u64;
    let happened = Happened::Deleted { versions, object: work.object.clone() };
    Ok(Done::new(Outcome::Deleted(versions), vec![Line::new(Topic::Node, happened)]))
}
