//! The index of what partners have registered: kept in memory, brought up to date by what has
//! changed.

use forewarn_engine::Failure;
use forewarn_matching::Index;
use forewarn_store::Db;
use std::sync::{PoisonError, RwLock};

/// Changes taken in while others wait: some milliseconds.
const STEP: i64 = 2_000;

/// All interests of all partners, as they were after some change.
#[derive(Default)]
pub struct Interests {
    live: RwLock<Live>,
}

#[derive(Default)]
struct Live {
    changes: i64,
    index: Index,
}

impl Interests {
    /// Brings the index up to this snapshot, or leaves it where it is further already; then uses
    /// it. The second argument of `work` is the last change that is in it.
    pub fn with<T>(&self, db: &Db<'_>, work: impl FnOnce(&Index, i64) -> T) -> Result<T, Failure> {
        let target = db.interest_changes()?;
        loop {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            if live.changes >= target {
                return Ok(work(&live.index, live.changes));
            }
            drop(live);
            self.step(db, target)?;
        }
    }

    fn step(&self, db: &Db<'_>, target: i64) -> Result<(), Failure> {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let changed = db.interest_changes_since(live.changes, target, STEP)?;
        // What is not there any more by its old number has changed again, or is ours.
        let more = i64::try_from(changed.len()).unwrap_or(STEP) >= STEP;
        let last = changed.last().map_or(target, |change| change.change);
        for change in changed {
            match change.interest {
                Some(interest) => live.index.set(&change.partner, &interest),
                None => drop(live.index.remove(&change.partner, &change.id)),
            }
        }
        live.changes = live.changes.max(if more { last } else { target });
        Ok(())
    }
}
