//! Pushing: what stands in a partner's outlet goes to its server, until each object is decided on.

use super::ask::{Asked, ask};
use super::size::{grown, halved};
use super::{Again, Came, Feeder, Trouble, find, keep, keep_place};
use crate::clock;
use crate::collection::CollectionKind;
use crate::egress::Answer;
use forewarn_engine::FedWork;
use forewarn_exchange::Refusal;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::NodeName;
use forewarn_store::feed::{FeedState, Waiting};
use forewarn_taxii::filter::{Cursor, VersionFilter};
use forewarn_taxii::resource::Status;
use forewarn_taxii::{Filter, envelope};
use hyper::Method;

/// Objects sent at a time.
const PAGE: u32 = 100;
/// So many words of a server about what it refused are kept.
pub(super) const MAX_OBJECTION: usize = 500;

/// Follows up what the server has not decided on; else sends what is new.
pub(super) async fn step(feeder: &Feeder, feed: &Feed) -> Result<Came, Trouble> {
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    match state.waiting.clone() {
        Some(waiting) => follow_up(feeder, feed, state, waiting).await,
        None => send(feeder, feed, state).await,
    }
}

async fn send(feeder: &Feeder, feed: &Feed, state: FeedState) -> Result<Came, Trouble> {
    let Way::Push { partner, outlet } = &feed.way else { return Ok(Came::All) };
    let number = number(feeder, partner, outlet)?;
    must_be_confirmed(feeder, partner).await?;
    let size = state.size.unwrap_or(PAGE).clamp(1, PAGE);
    let filter = Filter {
        after: Cursor(state.pushed),
        limit: size,
        versions: VersionFilter::all(),
        ..Filter::all()
    };
    let page = feeder.state.read(move |db| Ok(db.page(number, &filter)?)).await?;
    let Some((_, to)) = page.place.added else { return Ok(Came::All) };
    let body = envelope::write(&page.objects, None);
    let (mut state, collection_url) = find::collection(feeder, feed, state).await?;
    let url = format!("{collection_url}objects/");
    let answer = match ask(feeder, feed, Method::POST, url, body).await? {
        Asked::Good(answer) => answer,
        Asked::Unknown(trouble) => return Err(trouble),
        Asked::TooMuch(trouble) => {
            let Some(size) = halved(size) else { return Err(trouble) };
            tracing::info!(feed = feed.name, size, "it was too much at once; less follows");
            keep_place(feeder, feed, FeedState { size: Some(size), ..state }).await?;
            return Ok(Came::More);
        }
    };
    state.size = grown(state.size, PAGE);
    let status = status(&answer)?;
    decided(feeder, feed, state, (status, to)).await
}

/// Nothing goes to a partner that nobody has confirmed.
pub(super) async fn must_be_confirmed(feeder: &Feeder, partner: &NodeName) -> Result<(), Trouble> {
    if feeder.state.is_confirmed(partner).await? {
        return Ok(());
    }
    let words = format!("`{partner}` is not a confirmed partner; nothing is pushed");
    Err(Trouble { words, again: Again::Seldom })
}

async fn follow_up(
    feeder: &Feeder,
    feed: &Feed,
    state: FeedState,
    waiting: Waiting,
) -> Result<Came, Trouble> {
    let (state, collection_url) = find::collection(feeder, feed, state).await?;
    let root = collection_url.rsplit_once("/collections/").map_or("", |(root, _)| root);
    // The id is the server's word: only what an id is made of goes into our request.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let id: String = waiting.status.chars().filter(|c| plain(*c)).take(100).collect();
    let url = format!("{root}/status/{id}/");
    match ask(feeder, feed, Method::GET, url, Vec::new()).await? {
        Asked::Good(answer) => {
            let status = status(&answer)?;
            decided(feeder, feed, state, (status, waiting.to)).await
        }
        // It has forgotten: what was sent is sent once more, and changes nothing where it is there.
        Asked::Unknown(trouble) => {
            keep_place(feeder, feed, FeedState { waiting: None, ..state }).await?;
            Err(Trouble { again: Again::Later, ..trouble })
        }
        Asked::TooMuch(trouble) => Err(trouble),
    }
}

/// Keeps what the server has said of what was sent.
async fn decided(
    feeder: &Feeder,
    feed: &Feed,
    mut state: FeedState,
    (status, to): (Status, i64),
) -> Result<Came, Trouble> {
    let Way::Push { partner, .. } = &feed.way else { return Ok(Came::All) };
    if !status.is_complete() {
        let waiting = Some(Waiting { status: status.id, to });
        if state.waiting != waiting {
            keep_place(feeder, feed, FeedState { waiting, ..state }).await?;
        }
        return Ok(Came::Pending);
    }
    (state.waiting, state.pushed) = (None, to);
    state.moved = Some(clock::now().to_string());
    let (good, bad) = (status.success_count, status.failure_count);
    state.good = state.good.saturating_add(good);
    state.refused = state.refused.saturating_add(bad);
    let mut refused_because = String::new();
    if bad > 0 {
        let why = status.failures.iter().map(|one| {
            format!("{}: {}", one.id, one.message.as_deref().unwrap_or("no reason given"))
        });
        let why: String = why.collect::<Vec<_>>().join("; ").chars().take(MAX_OBJECTION).collect();
        tracing::warn!(feed = feed.name, refused = bad, why, "a partner's server refused some");
        state.objection = Some(why.clone());
        refused_because = why;
    }
    let happened = Happened::FeedPushed {
        partner: partner.clone(),
        feed: feed.name.clone(),
        confirmed: good,
        refused: bad,
        why: refused_because,
    };
    let pushed = Some((partner.clone(), happened));
    keep(feeder, FedWork { feed: feed.clone(), state, intake: None, pushed }).await?;
    Ok(Came::More)
}

fn status(answer: &Answer) -> Result<Status, Trouble> {
    serde_json::from_slice(&answer.body).map_err(|e| Trouble {
        words: format!("the server's status cannot be read: {e}"),
        again: Again::Later,
    })
}

/// The outlet's number, when it is that partner's.
pub(super) fn number(
    feeder: &Feeder,
    partner: &NodeName,
    outlet: &str,
) -> Result<CollectionNumber, Trouble> {
    let found = feeder.collections.named(outlet).filter(|one| match &one.kind {
        CollectionKind::Outlet { partner: known } => *known == **partner,
        CollectionKind::Inlet(_) | CollectionKind::Shelf => false,
    });
    found.map(|one| one.number).ok_or_else(|| {
        let refusal = Refusal::unknown("outlet of that partner", outlet);
        Trouble { words: refusal.message, again: Again::Seldom }
    })
}
