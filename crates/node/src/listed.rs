//! What stands on shelves, as lists that firewalls, resolvers and detectors fetch.
//!
//! A list is made once and kept until the shelf, or what holds on it, is another one. Every request asks the
//! database whether anything was added behind what is known: a recall, a decline and an expiry put a newer
//! version there, so a list is never older than the answer to it. What was added is read alone.

mod folder;

pub use folder::File;

use folder::Folder;
use forewarn_exchange::id::CollectionNumber;
use forewarn_lists::out::{About, Entry, Exactly, Output, write};
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use forewarn_taxii::{Cursor, Filter};
use forewarn_transcript::Hash;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

/// Most forms of one shelf that are kept written: each tool asks for one.
const MAX_WRITTEN: usize = 16;
/// Most bytes of one shelf's forms that are kept: some of 100,000 lines each, or one of millions. A
/// longer one is made each time it is asked for.
const MAX_WRITTEN_BYTES: usize = 64 << 20;

/// What a tool asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// As what it is written.
    pub output: Output,
    /// The kinds of value; all, when empty.
    pub kinds: Vec<Exactly>,
}

/// A list, as it is sent.
#[derive(Debug)]
pub struct Answer {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Its digest, as an entity tag (RFC 9110 §8.8.3).
    pub tag: String,
    /// How many values and indicators of the shelf it cannot say.
    pub left_out: usize,
}

/// Somebody else reads the whole shelf for the first time since the start: it can be asked for again
/// in a moment. Whoever waited would keep a reader of the database from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeingRead;

/// The lists of all shelves.
#[derive(Debug, Default)]
pub struct Listed {
    shelves: Mutex<HashMap<CollectionNumber, Arc<OfShelf>>>,
}

/// What is kept of one shelf.
#[derive(Debug, Default)]
struct OfShelf {
    /// Whether the shelf was read to its end once.
    is_read: AtomicBool,
    held: Mutex<Held>,
    /// Whether its files were made once.
    is_folder_read: AtomicBool,
    folder: Mutex<Folder>,
}

/// What is kept; nothing while another request reads it for the first time, which takes long.
fn unless_first<'a, T>(kept: &'a Mutex<T>, was_read: &AtomicBool) -> Option<MutexGuard<'a, T>> {
    match kept.try_lock() {
        Err(TryLockError::WouldBlock) if !was_read.load(Ordering::Acquire) => None,
        Err(TryLockError::WouldBlock) => Some(kept.lock().unwrap_or_else(PoisonError::into_inner)),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Ok(kept) => Some(kept),
    }
}

/// What is known of one shelf.
#[derive(Debug, Default)]
struct Held {
    /// Up to where the shelf was read.
    mark: i64,
    /// How often anything had been erased then.
    erasures: i64,
    entries: BTreeMap<String, Entry>,
    /// Indicators that no list can say.
    unlisted: BTreeSet<String>,
    written: HashMap<Wanted, Arc<Answer>>,
    /// How many bytes these have.
    bytes: usize,
    /// When another one begins or ends to hold.
    until: Option<Timestamp>,
}

/// The id of an object, and whether it was taken back.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    /// Anything but `true` takes nothing back: objects that break a rule are kept all the same.
    #[serde(borrow, default)]
    revoked: Option<&'a RawValue>,
}

impl Listed {
    /// A shelf as a list, of what holds at this time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn answer(
        &self,
        db: &Db<'_>,
        (shelf, title): (CollectionNumber, &str),
        wanted: Wanted,
        now: &Timestamp,
    ) -> Result<Result<Arc<Answer>, BeingRead>, StoreError> {
        let of = self.of(shelf);
        let Some(mut held) = unless_first(&of.held, &of.is_read) else {
            return Ok(Err(BeingRead));
        };
        held.follow(db, shelf)?;
        of.is_read.store(true, Ordering::Release);
        if held.until.as_ref().is_some_and(|until| until <= now) {
            held.forget();
        }
        if let Some(known) = held.written.get(&wanted) {
            return Ok(Ok(known.clone()));
        }
        Ok(Ok(held.write(title, wanted, now)))
    }

    /// A file of a shelf as a feed of MISP; `None` when there is no such file.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn file(
        &self,
        db: &Db<'_>,
        (shelf, id, organisation): (CollectionNumber, &str, &str),
        name: &str,
        now: &Timestamp,
    ) -> Result<Result<Option<File>, BeingRead>, StoreError> {
        let of = self.of(shelf);
        let Some(mut folder) = unless_first(&of.folder, &of.is_folder_read) else {
            return Ok(Err(BeingRead));
        };
        let file = folder.file(db, (shelf, id, organisation), name, now)?;
        of.is_folder_read.store(true, Ordering::Release);
        Ok(Ok(file))
    }

    fn of(&self, shelf: CollectionNumber) -> Arc<OfShelf> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        shelves.entry(shelf).or_default().clone()
    }
}

impl Held {
    /// Reads what was added to the shelf since.
    fn follow(&mut self, db: &Db<'_>, shelf: CollectionNumber) -> Result<(), StoreError> {
        let erasures = db.erasures()?;
        if erasures != self.erasures {
            // What was erased leaves no newer version.
            *self = Held { erasures, ..Held::default() };
        }
        let mut filter = Filter { types: vec!["indicator".to_owned()], ..Filter::all() };
        loop {
            filter.after = Cursor(self.mark);
            let page = db.page(shelf, &filter)?;
            let Some((_, last)) = page.place.added else { return Ok(()) };
            self.forget();
            let objects = [b"[", &page.objects[..], b"]"].concat();
            let objects: Vec<&RawValue> = serde_json::from_slice(&objects).map_err(|e| {
                StoreError::Damaged { what: format!("shelf {shelf}"), why: e.to_string() }
            })?;
            for object in objects {
                self.take(object.get().as_bytes());
            }
            self.mark = last;
            if page.place.next.is_none() {
                return Ok(());
            }
        }
    }

    /// Takes the newest version of an object.
    fn take(&mut self, bytes: &[u8]) {
        let Ok(Named { id, revoked }) = serde_json::from_slice::<Named<'_>>(bytes) else { return };
        self.entries.remove(&*id);
        self.unlisted.remove(&*id);
        if revoked.is_some_and(|revoked| revoked.get() == "true") {
            return;
        }
        match Entry::of(bytes) {
            Ok(entry) => {
                self.entries.insert(id.into_owned(), entry);
            }
            Err(_) => {
                self.unlisted.insert(id.into_owned());
            }
        }
    }

    fn write(&mut self, title: &str, wanted: Wanted, now: &Timestamp) -> Arc<Answer> {
        let times =
            self.entries.values().flat_map(|entry| [entry.from.as_ref(), entry.until.as_ref()]);
        self.until = times.flatten().filter(|time| *time > now).min().cloned();
        let about = About { title, kinds: &wanted.kinds };
        let holding = self.entries.values().filter(|entry| entry.holds(now));
        let written = write(wanted.output, &about, holding);
        let tag = format!("\"{}\"", Hash::of(&written.bytes));
        let left_out = written.left_out.len() + self.unlisted.len();
        let answer = Arc::new(Answer { bytes: written.bytes.into(), tag, left_out });
        self.keep(wanted, answer.clone());
        answer
    }

    /// Keeps what is written, within the bounds.
    fn keep(&mut self, wanted: Wanted, answer: Arc<Answer>) {
        let size = answer.bytes.len();
        if self.written.len() >= MAX_WRITTEN || self.bytes + size > MAX_WRITTEN_BYTES {
            self.forget();
        }
        if size <= MAX_WRITTEN_BYTES {
            self.bytes += size;
            self.written.insert(wanted, answer);
        }
    }

    /// Forgets what is written.
    fn forget(&mut self) {
        self.written.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests;
