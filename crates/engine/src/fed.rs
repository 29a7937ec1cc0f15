//! What a feed brought or was told is kept, and its place with it: in one step.

use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::intake;
use crate::notice::Notice;
use crate::work::{FedWork, Outcome, Work};
use forewarn_exchange::Refusal;
use forewarn_exchange::command::Command;
use forewarn_exchange::history::Line;
use forewarn_store::Db;

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &FedWork,
) -> Result<Done, Undone> {
    // It was removed, or set again, while its last request was on the way.
    if db.feed(&work.feed.name)?.as_ref() != Some(&work.feed) {
        return Err(Refusal::unknown("feed", &work.feed.name).into());
    }
    let mut state = work.state.clone();
    let (mut taken, mut lines) = (None, Vec::new());
    if let Some(brought) = &work.intake {
        let (one, told) = intake::take(db, us, command, brought)?;
        lines.extend(told);
        state.good = state.good.saturating_add(one.added as u64);
        state.refused = state.refused.saturating_add(one.refused as u64);
        taken = Some(one);
    }
    db.set_feed_state(&work.feed.name, &state)?;
    let pushed = work.pushed.as_ref();
    lines.extend(pushed.map(|(partner, happened)| Line::new(partner, happened.clone())));
    let notices = lines.iter().filter_map(Notice::of_line).collect();
    Ok(Done { notices, ..Done::new(Outcome::Fed(taken), lines) })
}
