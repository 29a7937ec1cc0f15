//! From an id to its items, at a cost that does not grow with how many are stored.
//!
//! Ids are random. An index over them that is kept with each insert touches a page of its own for
//! each object, and is the slower the larger it is. So new ids wait in memory, and enter the table
//! `known` in sorted order, some thousand with each commit ([`Db::settle`]): each of its pages is
//! written once for many of them. What waits can always be read again from `item`, after the cursor
//! [`CURSOR`]; nothing has to be kept of it.
//!
//! An id stands here once, when its object comes for the first time. Further versions of it are in
//! the partial index `item_versions` (see [`crate::item`]).

use crate::connection::open_reader;
use crate::{Db, StoreError};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};

/// After this `seq` no id has entered `known` yet.
const CURSOR: &str = "known ids";
/// Most new ids that wait before they enter `known` together: 512 Ki of 16 bytes take some 20 MB.
/// The more wait, the fewer times each page of `known` is written.
pub(crate) const MAX_WAITING: usize = 512 << 10;
/// How many enter with a commit: for each id that it adds, and at least.
const SETTLED_PER_ADDED: usize = 2;
const LEAST_SETTLED: usize = 8;

/// A key of `known`, and the item that it stands for.
type Pair = (i64, i64);

/// Ids that came since the last seal; read by many, written by the one writer.
#[derive(Debug, Default)]
struct Waiting(RwLock<BTreeSet<Pair>>);

impl Waiting {
    fn find(&self, key: i64, into: &mut Vec<i64>) {
        let set = self.0.read().unwrap_or_else(PoisonError::into_inner);
        into.extend(set.range((key, i64::MIN)..=(key, i64::MAX)).map(|(_, seq)| *seq));
    }

    fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The sets of a moment: the one that grows, and the one that is entering `known`.
#[derive(Debug, Default, Clone)]
struct Sets {
    growing: Arc<Waiting>,
    settling: Option<Arc<Waiting>>,
}

impl Sets {
    fn holds(&self, set: &Arc<Waiting>) -> bool {
        let settling = self.settling.as_ref().is_some_and(|settling| Arc::ptr_eq(settling, set));
        settling || Arc::ptr_eq(&self.growing, set)
    }

    fn find(&self, key: i64, into: &mut Vec<i64>) {
        self.growing.find(key, into);
        if let Some(settling) = &self.settling {
            settling.find(key, into);
        }
    }
}

#[derive(Debug, Default)]
struct State {
    sets: Sets,
    /// What has entered `known` of the settling set, durably.
    settled: Option<Pair>,
    /// The newest item of the settling set.
    sealed: i64,
}

/// What waits, shared by the writer and the readers of one file.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    state: Mutex<State>,
    /// How the reading of what waited at the start has ended.
    read: Mutex<Option<Result<(), String>>>,
    was_read: Condvar,
    /// So many wait before they settle.
    most: usize,
}

/// What a reader looks ids up in. Made before its snapshot begins: what leaves memory later has
/// entered `known` after that snapshot, and is found here.
#[derive(Debug, Clone)]
pub(crate) struct View {
    before: Sets,
    ids: Arc<Ids>,
}

/// How far the settling of a transaction goes; said to [`Ids::settled`] once it is committed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    to: Pair,
    last: bool,
}

/// The key of an id of a collection: 64 bits of SHA-256. Two ids may share one; whoever looks up
/// compares the ids of what is found.
pub(crate) fn key(collection: i64, id: &str) -> i64 {
    let mut hash = Sha256::new();
    hash.update(collection.to_le_bytes());
    hash.update(id.as_bytes());
    let digest = hash.finalize();
    digest.first_chunk().map_or(0, |start| i64::from_le_bytes(*start))
}

/// The number of an object's type: 32 bits of SHA-256 of its name.
pub(crate) fn kind(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.first_chunk().map_or(0, |start| i64::from(u32::from_le_bytes(*start)))
}

/// The number of the type of the object with this id.
pub(crate) fn kind_of(id: &str) -> i64 {
    kind(id.split_once("--").map_or(id, |(name, _)| name))
}

impl Ids {
    /// Reads what waits, all items after the cursor, on a thread of its own: the first pages are
    /// served meanwhile. Whoever looks an id up waits for it.
    pub(crate) fn open(database: &Path, most: usize) -> Arc<Ids> {
        let ids = Arc::new(Ids { most, ..Ids::default() });
        let (reading, database) = (ids.clone(), database.to_owned());
        let thread = std::thread::Builder::new().name("ids".to_owned());
        let work = move || {
            let read = open_reader(&database).and_then(|connection| reading.read(&connection));
            reading.is_read(read.map_err(|e| e.to_string()));
        };
        if let Err(why) = thread.spawn(work) {
            ids.is_read(Err(why.to_string()));
        }
        ids
    }

    /// For those who look none up.
    pub(crate) fn none() -> Arc<Ids> {
        let ids = Ids::default();
        ids.is_read(Err("they were not read: the file was opened for other things".to_owned()));
        Arc::new(ids)
    }

    fn read(self: &Arc<Ids>, connection: &Connection) -> Result<(), StoreError> {
        let snapshot = connection.unchecked_transaction()?;
        let view = View::of(self);
        let from = Db { connection: &snapshot, ids: &view }.cursor(CURSOR)?;
        let sql = "SELECT seq, collection, id FROM item WHERE seq > ?1 ORDER BY seq";
        let mut statement = snapshot.prepare(sql)?;
        let mut rows = statement.query([from])?;
        while let Some(row) = rows.next()? {
            let id = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            self.add(key(row.get(1)?, id), row.get(0)?);
        }
        Ok(())
    }

    fn is_read(&self, how: Result<(), String>) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
        self.was_read.notify_all();
    }

    fn wait_until_read(&self) -> Result<(), StoreError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*read {
                Some(Ok(())) => return Ok(()),
                Some(Err(why)) => return Err(StoreError::damaged("the ids", why)),
                None => read = self.was_read.wait(read).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked held it for a moment and left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An item was added. When its transaction is not committed, the pair leads to no item, or to
    /// another's, and does no harm.
    fn add(&self, key: i64, seq: i64) {
        let growing = self.state().sets.growing.clone();
        growing.0.write().unwrap_or_else(PoisonError::into_inner).insert((key, seq));
    }

    /// How many have been added since `known` was last brought up to date.
    pub(crate) fn waiting(&self) -> usize {
        self.state().sets.growing.len()
    }

    /// When enough wait, they become the settling set: every item up to `newest` is in it or
    /// before. So all that waited at the start must have been read.
    pub(crate) fn seal(&self, newest: i64) -> Result<(), StoreError> {
        self.wait_until_read()?;
        let mut state = self.state();
        if state.sets.settling.is_none() && state.sets.growing.len() >= self.most {
            state.sets.settling = Some(std::mem::take(&mut state.sets.growing));
            state.sealed = newest;
            state.settled = None;
        }
        Ok(())
    }

    /// A step's transaction is durable.
    pub(crate) fn settled(&self, step: Step) {
        let mut state = self.state();
        state.settled = Some(step.to);
        if step.last {
            state.sets.settling = None;
        }
    }
}

impl View {
    pub(crate) fn of(ids: &Arc<Ids>) -> View {
        View { before: ids.state().sets.clone(), ids: ids.clone() }
    }

    fn find(&self, key: i64) -> Vec<i64> {
        let mut found = Vec::new();
        let now = self.ids.state().sets.clone();
        now.find(key, &mut found);
        // What has left memory since the view was made.
        if !now.holds(&self.before.growing) {
            self.before.growing.find(key, &mut found);
        }
        if let Some(settling) = self.before.settling.as_ref().filter(|set| !now.holds(set)) {
            settling.find(key, &mut found);
        }
        found
    }
}

impl Db<'_> {
    /// Items that may have this key, oldest first.
    pub(crate) fn items_of_key(&self, key: i64) -> Result<Vec<i64>, StoreError> {
        self.ids.ids.wait_until_read()?;
        let mut found = self.ids.find(key);
        let sql = "SELECT seq FROM known WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([key])?;
        while let Some(row) = rows.next()? {
            found.push(row.get(0)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// An item stands for its id from now on.
    pub(crate) fn add_key(&self, key: i64, seq: i64) {
        self.ids.ids.add(key, seq);
    }

    /// Lets some of what waits enter `known`, in sorted order, as part of the transaction; `added`
    /// is how many items the transaction has added.
    pub(crate) fn settle(&self, added: usize) -> Result<Option<Step>, StoreError> {
        let ids = &self.ids.ids;
        let (settling, from, sealed) = {
            let state = ids.state();
            let Some(settling) = state.sets.settling.clone() else { return Ok(None) };
            (settling, state.settled, state.sealed)
        };
        let most = (added * SETTLED_PER_ADDED).max(LEAST_SETTLED);
        let set = settling.0.read().unwrap_or_else(PoisonError::into_inner);
        let start = from.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let sql = "INSERT OR IGNORE INTO known (key, seq) VALUES (?1, ?2)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (mut to, mut done) = (from, 0);
        for pair in set.range((start, std::ops::Bound::Unbounded)).take(most) {
            statement.execute(*pair)?;
            to = Some(*pair);
            done += 1;
        }
        let last = done < most;
        if last {
            self.set_cursor(CURSOR, sealed)?;
        }
        Ok(to.map(|to| Step { to, last }))
    }
}
