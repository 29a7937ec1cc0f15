//! The matcher: follows the items in their order and holds each against all interests.
//!
//! Its cursor moves in the transaction that records what it found, so it can be killed anywhere:
//! nothing is missed, and nothing opens two cases.

use crate::interests::Interests;
use crate::rechecked;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, ItemMatches, KNOWN, MATCHER, Matched};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::correction::Correction;
use forewarn_exchange::grading::Grading;
use forewarn_extract::corrected::{Change, Changes};
use forewarn_matching::{Format, Index, Item, Window};
use forewarn_store::item::{Media, Stored};
use forewarn_store::{Db, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// Items read at a time: a batch's matches are one command, and what relationships among them say
/// holds for each.
pub(crate) const BATCH: i64 = 2_000;
/// Most objects asked for that relationships of a batch lead to: some 0.1 s.
const MAX_ASKED: usize = 8_000;
/// Most bytes of them.
const MAX_CONTEXT_BYTES: usize = 16 << 20;
/// Most objects that an item names as what it is about.
const MAX_ABOUT: usize = 100;
/// How long it rests after the store failed.
const REST: Duration = Duration::from_secs(1);

/// How long it rests when nobody is interested in anything: its cursor moves in larger steps.
const IDLE: Duration = Duration::from_millis(100);

/// What holds items against interests.
#[derive(Clone)]
pub(crate) struct Matcher {
    pub(crate) state: State,
    pub(crate) interests: Arc<Interests>,
    /// How far back new interests are tried, in microseconds.
    pub(crate) look_back: i64,
}

/// What one step came to.
enum Stepped {
    /// There may be more.
    Further,
    /// Nobody is interested in anything.
    Unwanted,
    /// All is matched.
    Done,
}

impl Matcher {
    /// Who acts in the journal.
    pub(crate) const ACTOR: Actor = Actor::Node(Part::Matcher);

    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            match self.step().await {
                Ok(Stepped::Unwanted) => tokio::time::sleep(IDLE).await,
                Ok(Stepped::Further) => {}
                Ok(Stepped::Done) => {
                    seen.up_to(index);
                    if journal.changed().await.is_err() {
                        return;
                    }
                }
                Err(Failure::Stopping) => return,
                Err(error) => {
                    tracing::warn!(%error, "the matcher rests a moment");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Matches one batch.
    async fn step(&self) -> Result<Stepped, Failure> {
        let interests = self.interests.clone();
        let read = self.state.read(move |db| rechecked::next(&db, &interests)).await?;
        if let Some(rechecked) = read {
            self.state.work(Matcher::ACTOR, rechecked).await?;
            return Ok(Stepped::Further);
        }
        let interests = self.interests.clone();
        let read = self.state.read(move |db| next(&db, &interests)).await?;
        let Some((matched, step)) = read else { return Ok(Stepped::Done) };
        self.state.work(Matcher::ACTOR, matched).await?;
        Ok(step)
    }
}

/// What the next batch has met; `None` when all is matched.
fn next(db: &Db<'_>, interests: &Interests) -> Result<Option<(Matched, Stepped)>, Failure> {
    let from = db.cursor(MATCHER)?;
    let newest = db.newest_item()?;
    let known = db.cursor(KNOWN)?;
    interests.with(db, |index, changes| {
        if newest <= from && changes <= known {
            return Ok(None);
        }
        let empty = Matched { from, to: newest.max(from), changes, found: Vec::new() };
        if index.is_empty() {
            // Nobody is interested in anything: nothing has to be read.
            return Ok(Some((empty, Stepped::Unwanted)));
        }
        let items = db.items_to_match(from, newest, BATCH)?;
        let Some(last) = items.last() else {
            // Only what no partner is to be told of lies after the cursor.
            return Ok(Some((empty, Stepped::Further)));
        };
        let found = found(db, index, &items)?;
        Ok(Some((Matched { from, to: last.seq, changes, found }, Stepped::Further)))
    })?
}

/// What items meet, judged together, with all that people have said of them.
pub(crate) fn found(
    db: &Db<'_>,
    index: &Index,
    items: &[Stored],
) -> Result<Vec<ItemMatches>, StoreError> {
    found_with(db, index, items, i64::MAX)
}

/// The same with what people had said up to a correction.
pub(crate) fn found_with(
    db: &Db<'_>,
    index: &Index,
    items: &[Stored],
    until: i64,
) -> Result<Vec<ItemMatches>, StoreError> {
    let said: Vec<Changes> =
        items.iter().map(|item| said(db, item, until)).collect::<Result<_, _>>()?;
    let both = items.iter().zip(&said);
    let mut window = Window::new(
        index,
        both.map(|(stored, said)| Item { corrected: Some(said), ..item(stored) }),
    );
    let mut context = Vec::new();
    let mut bytes = 0;
    for id in window.missing().into_iter().take(MAX_ASKED) {
        let found = db.item(&id)?;
        bytes += found.as_ref().map_or(0, |found| found.bytes.len());
        if bytes > MAX_CONTEXT_BYTES {
            break;
        }
        context.extend(found);
    }
    window.add_context(context.iter().map(item));
    let about: Vec<Vec<String>> = window.about(MAX_ABOUT);
    let found = items.iter().zip(window.matches()).zip(about);
    let mut met = Vec::new();
    for ((item, matches), about) in found.filter(|((_, matches), _)| !matches.is_empty()) {
        met.push(ItemMatches {
            item: item.seq,
            intake: item.intake,
            id: item.id.clone(),
            source: item.source.clone(),
            about,
            matches,
            ended: forewarn_engine::ended(db, &item.id)?,
        });
    }
    Ok(met)
}

/// What people have said of an item up to a correction.
fn said(db: &Db<'_>, item: &Stored, until: i64) -> Result<Changes, StoreError> {
    if item.media != Media::Text {
        return Ok(Changes::default());
    }
    let all = db.corrections_of(&item.id)?;
    let changes: Vec<Change> =
        all.iter().filter(|one| one.number.get() <= until).map(Correction::change).collect();
    Ok(Changes::of(&changes))
}

/// A stored item, to be judged.
fn item(stored: &Stored) -> Item<'_> {
    let format = match stored.media {
        Media::Stix => Format::Stix,
        Media::Text => Format::Text,
    };
    Item {
        bytes: &stored.bytes,
        format,
        added: stored.seq,
        // Interests ask by the Admiralty system; no grade of another scheme is turned into one.
        grade: stored.grade.as_deref().and_then(|one| one.parse::<Grading>().ok()?.admiralty()),
        corrected: None,
    }
}
