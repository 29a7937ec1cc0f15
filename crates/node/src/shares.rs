//! What is scarce is shared: pages in memory, and memory for bodies.
//!
//! An account may hold as much as is free beside it, so that there is always something left for
//! another one. Whoever does not move loses what others wait for.

use forewarn_engine::Failure;
use forewarn_exchange::actor::Actor;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

/// How long one waits for its turn.
const TURN: Duration = Duration::from_secs(20);
/// A share that has not moved for this long is taken from its holder when others wait.
const STALLED: Duration = Duration::from_secs(3);
/// How often those who wait look whether somebody has stalled.
const LOOK: Duration = Duration::from_millis(250);

/// Something of which there is so much and no more.
#[derive(Debug)]
pub struct Shares {
    all: AtomicU64,
    held: Mutex<Held>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Held {
    used: u64,
    next: u64,
    shares: HashMap<u64, Part>,
}

#[derive(Debug)]
struct Part {
    holder: Actor,
    size: u64,
    moved: Instant,
    /// Ends the connection that it is for.
    end: Option<Arc<Notify>>,
}

impl Held {
    fn of(&self, holder: &Actor) -> u64 {
        self.shares.values().filter(|part| part.holder == *holder).map(|part| part.size).sum()
    }
}

impl Shares {
    /// So much, all together.
    pub fn new(all: u64) -> Arc<Shares> {
        Arc::new(Shares { all: all.into(), held: Mutex::default(), freed: Notify::new() })
    }

    fn all(&self) -> u64 {
        self.all.load(Ordering::Relaxed)
    }

    /// So much from now on. What is held stays with its holder.
    pub(crate) fn change(&self, all: u64) {
        self.all.store(all, Ordering::Relaxed);
        self.freed.notify_waiters();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an account that holds `mine` may have more, by this much.
    fn may(&self, used: u64, mine: u64, more: u64) -> bool {
        let all = self.all();
        used + more <= all && mine + more <= all - used - more
    }

    /// What is larger than any account's share counts as a whole one.
    fn counted(&self, size: u64) -> u64 {
        size.min(self.all() / 2)
    }

    /// Takes a share of this size, when it is free for the account; `end` ends the connection that
    /// it is for, should it stall.
    pub fn take(
        self: &Arc<Shares>,
        holder: &Actor,
        size: u64,
        end: Option<Arc<Notify>>,
    ) -> Option<Share> {
        let (size, mut held) = (self.counted(size), self.held());
        if !self.may(held.used, held.of(holder), size) {
            return None;
        }
        let id = held.next;
        held.next += 1;
        held.used += size;
        let part = Part { holder: holder.clone(), size, moved: Instant::now(), end };
        held.shares.insert(id, part);
        Some(Share { id, shares: self.clone() })
    }

    /// The same, and waits for its turn.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the turn does not come.
    pub async fn wait(
        self: &Arc<Shares>,
        holder: &Actor,
        size: u64,
        end: Option<Arc<Notify>>,
    ) -> Result<Share, Failure> {
        let turn = async {
            loop {
                let mut freed = std::pin::pin!(self.freed.notified());
                // From here on nothing that is freed is missed.
                freed.as_mut().enable();
                if let Some(share) = self.take(holder, size, end.clone()) {
                    return share;
                }
                self.end_stalled(holder, size);
                tokio::select! {
                    () = freed => {}
                    () = sleep(LOOK) => {}
                }
            }
        };
        timeout(TURN, turn).await.map_err(|_| Failure::Busy)
    }

    /// Ends the connection that has stalled for longest, of those that are in the way: the
    /// account's own when it has its share, anybody's else.
    fn end_stalled(&self, waits: &Actor, size: u64) {
        let mut held = self.held();
        let own = !self.may(0, held.of(waits), self.counted(size))
            || held.of(waits) > self.all().saturating_sub(held.used);
        let stalled = |part: &&mut Part| {
            part.end.is_some() && part.moved.elapsed() > STALLED && (!own || part.holder == *waits)
        };
        let longest = held.shares.values_mut().filter(stalled).min_by_key(|part| part.moved);
        if let Some(end) = longest.and_then(|part| part.end.take()) {
            end.notify_one();
        }
    }
}

/// A share that is held until it is dropped.
#[derive(Debug)]
pub struct Share {
    id: u64,
    shares: Arc<Shares>,
}

impl Share {
    /// How much it is.
    pub fn size(&self) -> u64 {
        self.shares.held().shares.get(&self.id).map_or(0, |part| part.size)
    }

    /// What it is held for has moved on.
    pub fn moved(&self) {
        if let Some(part) = self.shares.held().shares.get_mut(&self.id) {
            part.moved = Instant::now();
        }
    }

    /// Grows by this much; `false` when that is not free for the account.
    #[must_use]
    pub fn grow(&self, more: u64) -> bool {
        let mut held = self.shares.held();
        let used = held.used;
        let Some(part) = held.shares.get(&self.id) else { return false };
        let more = self.shares.counted(part.size + more).saturating_sub(part.size);
        let mine = held.of(&part.holder);
        if !self.shares.may(used, mine, more) {
            return false;
        }
        held.used += more;
        if let Some(part) = held.shares.get_mut(&self.id) {
            part.size += more;
            part.moved = Instant::now();
        }
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held();
        if let Some(part) = held.shares.remove(&self.id) {
            held.used -= part.size;
        }
        drop(held);
        self.shares.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_exchange::name::UserName;

    fn user(name: &str) -> Actor {
        Actor::User(UserName::parse(name).unwrap())
    }

    #[test]
    fn an_account_leaves_as_much_as_it_holds() {
        let shares = Shares::new(24);
        let take = |name: &str| -> Vec<Share> {
            std::iter::from_fn(|| shares.take(&user(name), 1, None)).collect()
        };
        let (first, second, third) = (take("ana"), take("rita"), take("otto"));
        assert_eq!((first.len(), second.len(), third.len()), (12, 6, 3));
        drop(first);
        assert_eq!(take("dora").len(), 7);
        // What is too large for any account may come by itself.
        let large = Shares::new(100);
        let share = large.take(&user("ana"), 1_000, None).unwrap();
        assert!(large.take(&user("ana"), 1, None).is_none());
        assert!(share.grow(500) && large.take(&user("rita"), 25, None).is_some());
    }

    #[test]
    fn an_account_has_one_reader_and_two_have_both_places() {
        let places = Shares::new(crate::reader::SHARES);
        let ana = places.take(&user("ana"), 1, None).unwrap();
        assert!(places.take(&user("ana"), 1, None).is_none());
        let _rita = places.take(&user("rita"), 1, None).unwrap();
        assert!(places.take(&user("otto"), 1, None).is_none());
        drop(ana);
        assert!(places.take(&user("ana"), 1, None).is_some());
    }

    #[tokio::test]
    async fn whoever_has_stalled_loses_what_another_waits_for() {
        let shares = Shares::new(2);
        let end = Arc::new(Notify::new());
        let stalled = shares.take(&user("ana"), 1, Some(end.clone())).unwrap();
        {
            let mut held = shares.held();
            let part = held.shares.get_mut(&stalled.id).unwrap();
            part.moved = part.moved.checked_sub(STALLED * 2).unwrap();
        }
        tokio::spawn(async move {
            end.notified().await;
            drop(stalled);
        });
        shares.wait(&user("ana"), 1, None).await.unwrap();
    }
}
