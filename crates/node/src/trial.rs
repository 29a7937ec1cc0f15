//! New interests are tried against what is stored already: as far back as is configured, while the
//! matcher has nothing to do.

use crate::clock;
use crate::matcher::{BATCH, Matcher, found};
use crate::watch::Seen;
use forewarn_engine::{
    Failure, KNOWN, KNOWN_FROM, MATCHER, Matched, TRIAL, TRIAL_AT, TRIAL_FROM, TRIAL_UNTIL, TRIED,
    TrialBegun, Tried,
};
use forewarn_matching::Index;
use forewarn_store::interest::PENDING;
use forewarn_store::{Db, StoreError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it rests after the store failed.
const REST: Duration = Duration::from_secs(1);
/// How long it rests while the matcher has new items before it.
const WAIT: Duration = Duration::from_millis(200);
/// It rests this many times as long as a step took: the rest of the machine is for others.
const SHARE: u32 = 2;
/// Changes read at a time.
const STEP: i64 = 10_000;

/// How far new interests have been tried against what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Interests that wait, those being tried too.
    pub waiting: i64,
    /// Microseconds since 1970: the trial that is on began after this item; 0 when none is.
    pub from: i64,
    /// Microseconds since 1970: the trial has tried the items up to here.
    pub at: i64,
    /// Microseconds since 1970: the trial ends with this item.
    pub until: i64,
}

/// What is being tried; `None` when all has been.
pub fn progress(db: &Db<'_>) -> Result<Option<Progress>, StoreError> {
    let waiting = db.interests_changed_since(db.cursor(TRIED)?)?;
    if waiting == 0 {
        return Ok(None);
    }
    let at = |cursor| db.cursor(cursor);
    let (from, at, until) = match at(TRIAL)? {
        0 => (0, 0, 0),
        _ => (at(TRIAL_FROM)?, at(TRIAL_AT)?, at(TRIAL_UNTIL)?),
    };
    Ok(Some(Progress { waiting, from, at, until }))
}

/// The interests of one trial, and up to which change they are.
type Built = Option<(i64, Arc<Index>)>;

/// What is to be done next.
enum Next {
    Nothing,
    /// The matcher has new items before it.
    Wait,
    Begin(TrialBegun),
    Go(Matched),
}

/// Runs until the node stops.
pub(crate) async fn run(matcher: Matcher, seen: Seen) {
    let mut journal = matcher.state.engine().follow();
    let mut built: Built = None;
    loop {
        let index = *journal.borrow_and_update();
        match step(&matcher, &mut built).await {
            Ok(Some(rest)) => tokio::time::sleep(rest).await,
            Ok(None) => {
                built = None;
                seen.up_to(index);
                if journal.changed().await.is_err() {
                    return;
                }
            }
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::warn!(%error, "the trial of new interests rests a moment");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Tries the next items; how long to rest before there may be more to do.
async fn step(matcher: &Matcher, built: &mut Built) -> Result<Option<Duration>, Failure> {
    let before = Instant::now();
    let known = built.clone();
    let oldest = clock::now().micros().saturating_sub(matcher.look_back);
    let (next, index) = matcher.state.read(move |db| next(&db, known, oldest)).await?;
    *built = index;
    match next {
        Next::Nothing => return Ok(None),
        Next::Wait => return Ok(Some(WAIT)),
        Next::Begin(trial) => {
            matcher.state.work(Matcher::ACTOR, trial).await?;
            return Ok(Some(Duration::ZERO));
        }
        Next::Go(tried) => matcher.state.work(Matcher::ACTOR, Tried(tried)).await?,
    };
    Ok(Some(before.elapsed() * SHARE))
}

fn next(db: &Db<'_>, built: Built, oldest: i64) -> Result<(Next, Built), Failure> {
    let trial = db.cursor(TRIAL)?;
    if trial == 0 {
        let changes = db.cursor(KNOWN)?;
        if changes <= db.cursor(TRIED)? {
            return Ok((Next::Nothing, None));
        }
        let until = db.cursor(KNOWN_FROM)?;
        // What came since they were set is not looked back at: it is missed otherwise.
        let since = match db.cursor(PENDING)? {
            0 => until,
            since => since,
        };
        let from = oldest.min(since).clamp(0, until);
        return Ok((Next::Begin(TrialBegun { changes, from, until }), None));
    }
    if db.cursor(MATCHER)? < db.newest_item()? {
        return Ok((Next::Wait, built));
    }
    let (from, until) = (db.cursor(TRIAL_AT)?, db.cursor(TRIAL_UNTIL)?);
    let index = match built.filter(|(changes, _)| *changes == trial) {
        Some((_, index)) => index,
        None => Arc::new(read(db, db.cursor(TRIED)?, trial)?),
    };
    let done = Matched { from, to: until, changes: trial, found: Vec::new() };
    if index.is_empty() {
        return Ok((Next::Go(done), Some((trial, index))));
    }
    let items = db.items_to_match(from, until, BATCH)?;
    let matched = match items.last() {
        Some(last) => Matched { to: last.seq, found: found(db, &index, &items)?, ..done },
        None => done,
    };
    Ok((Next::Go(matched), Some((trial, index))))
}

/// The interests whose last change lies between two.
fn read(db: &Db<'_>, after: i64, until: i64) -> Result<Index, StoreError> {
    let mut index = Index::default();
    let mut at = after;
    loop {
        let changed = db.interest_changes_since(at, until, STEP)?;
        let Some(last) = changed.last() else { return Ok(index) };
        at = last.change;
        for change in changed {
            if let Some(interest) = change.interest {
                index.set(&change.partner, &interest);
            }
        }
    }
}
