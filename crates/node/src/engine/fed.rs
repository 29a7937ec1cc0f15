//! What a feed brought or was told is kept, and its place with it: in one step.

use super::intake;
use super::work::{Done, FedWork, Undone, Work};
use forewarn_exchange::{Command, Refusal};
use forewarn_store::Db;
use serde_json::{Value, json};

pub(super) fn perform(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &FedWork,
) -> Result<Done, Undone> {
    // It was removed, or set anew, while its last request was on the way.
    if db.feed(&work.feed.name)?.as_ref() != Some(&work.feed) {
        return Err(Refusal::unknown("feed", &work.feed.name).into());
    }
    let mut state = work.state.clone();
    let mut answer = Value::Null;
    if let Some(taken_in) = &work.intake {
        let taken = intake::take(db, command, taken_in)?;
        state.good = state.good.saturating_add(taken.added as u64);
        state.refused = state.refused.saturating_add(taken.refused as u64);
        answer = json!(taken);
    }
    db.set_feed_state(&work.feed.name, &state)?;
    Ok(Done::new(answer, work.told.clone()))
}
