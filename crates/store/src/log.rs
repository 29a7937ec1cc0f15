//! The logs of the channels: entries, the hashes of their trees, receipts.

use crate::seal::Seal;
use crate::{Db, StoreError};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_transcript::batch::Carried;
use forewarn_transcript::tile::Tile;
use forewarn_transcript::{Disclosure, Hash, tree};
use rusqlite::Row;
use serde::Serialize;
use std::collections::HashMap;
use std::ops::Range;

/// Bits of an entry's key that hold its index: 2^40 entries a log.
const INDEX_BITS: u32 = 40;

/// A log, as far as it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogRow {
    /// Its number in this file; nobody else knows it.
    #[serde(skip)]
    pub number: i64,
    /// Its name, which is the same on both sides of the channel.
    pub name: String,
    /// The name of the partner whose channel it belongs to.
    pub partner: String,
    /// Whether we write it; otherwise the partner does.
    pub ours: bool,
    /// How many entries are held.
    pub size: u64,
    /// How many receipts are held for it.
    #[serde(skip)]
    pub receipts: u64,
}

/// An entry as it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its place in the log, from 0.
    pub index: u64,
    /// The leaf and the disclosures that came, or went, with it.
    pub carried: Carried,
    /// Opens the fields that the partner was not shown; only in our own log.
    pub withheld: Vec<Disclosure>,
    /// The case or warning that it belongs to, once that is known.
    pub subject: Option<Subject>,
    /// Why it was refused; `None` for an entry that was understood.
    pub refused: Option<String>,
}

/// An entry of ours that a partner was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenEntry {
    /// A number by which lists go on; nobody else knows it.
    pub number: i64,
    /// The partner.
    pub partner: NodeName,
    /// The entry.
    pub held: Held,
}

impl Held {
    /// The names of its fields, those that the partner was not shown too. A field that cannot be
    /// opened has none.
    pub fn fields(&self) -> impl Iterator<Item = String> {
        let all = self.carried.disclosures.iter().chain(&self.withheld);
        all.filter_map(|field| Some(field.open().ok()?.name))
    }
}

/// The columns of a log, and of an entry, in the order of their seals.
const LOG: &str = "number, name, partner, ours, size, receipts, seal";
const ENTRY: &str = "key, hashes, leaf, disclosures, withheld, subject, refused, seal";

impl Db<'_> {
    /// All logs of all channels, in the order in which they were opened.
    pub fn logs(&self) -> Result<Vec<LogRow>, StoreError> {
        let sql = format!("SELECT {LOG} FROM log ORDER BY number");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut logs = Vec::new();
        while let Some(row) = rows.next()? {
            logs.push(log_row(row)?);
        }
        Ok(logs)
    }

    /// The log with this name.
    pub fn log(&self, name: &str) -> Result<Option<LogRow>, StoreError> {
        let sql = format!("SELECT {LOG} FROM log WHERE name = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([name])?;
        rows.next()?.map(log_row).transpose()
    }

    /// Our log to a partner, or the partner's to us.
    pub fn log_with(&self, partner: &str, ours: bool) -> Result<Option<LogRow>, StoreError> {
        let sql = format!("SELECT {LOG} FROM log WHERE partner = ?1 AND ours = ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((partner, ours))?;
        rows.next()?.map(log_row).transpose()
    }

    /// Opens an empty log, or returns the one that has this name already.
    pub fn add_log(&self, name: &str, partner: &str, ours: bool) -> Result<LogRow, StoreError> {
        if let Some(known) = self.log(name)? {
            return Ok(known);
        }
        let sql = "INSERT INTO log (name, partner, ours, size, seal) VALUES (?1, ?2, ?3, 0, x'')";
        self.connection.prepare_cached(sql)?.execute((name, partner, ours))?;
        let number = self.connection.last_insert_rowid();
        let (name, partner) = (name.to_owned(), partner.to_owned());
        let row = LogRow { number, name, partner, ours, size: 0, receipts: 0 };
        self.set_counts(&row)?;
        Ok(row)
    }

    pub(crate) fn set_counts(&self, log: &LogRow) -> Result<(), StoreError> {
        let sql = "UPDATE log SET size = ?2, receipts = ?3, seal = ?4 WHERE number = ?1";
        let row = (log.number, number(log.size), number(log.receipts), log_seal(log).done());
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Appends an entry at the end of a log, with the hashes that become complete by it.
    pub fn append(&self, log: &mut LogRow, held: &Held) -> Result<(), StoreError> {
        self.append_all(log, std::slice::from_ref(held))
    }

    /// Appends entries in their order.
    pub fn append_all(&self, log: &mut LogRow, all: &[Held]) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO entry ({ENTRY}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for held in all {
            let index = log.size;
            let leaf = Hash::leaf(held.carried.leaf.as_bytes());
            let read = |level, index| self.subtree(log.number, level, index);
            let hashes = tree::completed(index, leaf, &read)
                .map_err(|e| StoreError::damaged(log.name.clone(), e))?;
            let hashes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            let row = EntryRow::new(key(log.number, index), hashes, held)?;
            let seal = row.seal().done();
            let EntryRow { key, hashes, leaf, disclosures, withheld, subject, refused } = row;
            statement.execute((
                key,
                hashes,
                leaf,
                disclosures,
                withheld,
                subject,
                refused,
                seal,
            ))?;
            log.size += 1;
        }
        self.set_counts(log)
    }

    /// The indices in `between` of entries that were not understood, the first of them.
    pub fn refused_between(
        &self,
        log: &LogRow,
        between: Range<u64>,
        most: u32,
    ) -> Result<Vec<u64>, StoreError> {
        let sql = "SELECT key FROM entry INDEXED BY entry_refused \
                   WHERE refused IS NOT NULL AND key >= ?1 AND key < ?2 \
                   ORDER BY key LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (first, end) = (key(log.number, between.start), key(log.number, between.end));
        let rows = statement.query_map((first, end, most), |row| row.get::<_, i64>(0))?;
        let start = key(log.number, 0);
        let index = |key: i64| u64::try_from(key - start).unwrap_or(0);
        rows.map(|row| Ok(index(row?))).collect()
    }

    /// Entries from `start`, at most `most` of them and of `bytes` together, one at least. What is
    /// served is what was written, all of it in its order: anything else is damage.
    pub fn entries(
        &self,
        log: &LogRow,
        start: u64,
        most: usize,
        bytes: usize,
    ) -> Result<Vec<Held>, StoreError> {
        let rows = self.entry_rows(log, start, most, bytes)?;
        Ok(rows.into_iter().map(|(held, _)| held).collect())
    }

    /// The same, each with its hashes.
    pub(crate) fn entry_rows(
        &self,
        log: &LogRow,
        start: u64,
        most: usize,
        bytes: usize,
    ) -> Result<Vec<(Held, Vec<u8>)>, StoreError> {
        let sql =
            format!("SELECT {ENTRY} FROM entry WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let range = (key(log.number, start), key(log.number, log.size), limit);
        let mut rows = statement.query(range)?;
        let mut out: Vec<(Held, Vec<u8>)> = Vec::new();
        let mut size = 0;
        let mut end = log.size.min(start.saturating_add(most as u64));
        while let Some(row) = rows.next()? {
            let (held, hashes) = held(row, log)?;
            size += held.carried.leaf.len()
                + held.carried.disclosures.iter().map(Disclosure::encoded_len).sum::<usize>();
            if size > bytes && !out.is_empty() {
                end = held.index;
                break;
            }
            out.push((held, hashes));
        }
        let gone = (start..end).zip(out.iter().map(|(held, _)| Some(held.index)).chain([None]));
        let gone = gone.into_iter().find(|(wanted, found)| Some(*wanted) != *found);
        if let Some((index, _)) = gone {
            return Err(StoreError::damaged(format!("entry {index} of {}", log.name), "is gone"));
        }
        Ok(out)
    }

    /// One entry; `None` beyond the log's end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not as it was written.
    pub fn entry(&self, log: &LogRow, index: u64) -> Result<Option<Held>, StoreError> {
        Ok(self.entries(log, index, 1, usize::MAX)?.into_iter().next())
    }

    /// Every entry of a case or warning: the log's name and the index, in order.
    pub fn entries_of(&self, subject: Subject) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT l.name, e.key & ((1 << 40) - 1) FROM entry e \
                   JOIN log l ON l.number = e.key >> 40 WHERE e.subject = ?1 ORDER BY e.key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([subject.to_string()], |row| {
            Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries of our logs, after the one with this number, that belong to a case or warning; of one
    /// partner's, or about one, where that is asked. They come log by log, each in its order.
    pub fn given_after(
        &self,
        (after, limit): (i64, i64),
        (partner, about): (Option<&NodeName>, Option<Subject>),
    ) -> Result<Vec<GivenEntry>, StoreError> {
        let sql = "SELECT key FROM entry WHERE key > ?1 AND key < ?2 AND subject IS NOT NULL \
                   AND (?3 IS NULL OR subject = ?3) ORDER BY key LIMIT ?4";
        let of_one = "SELECT key FROM entry INDEXED BY entry_subject \
                      WHERE subject = ?3 AND key > ?1 AND key < ?2 ORDER BY key LIMIT ?4";
        let sql = if about.is_some() { of_one } else { sql };
        let about = about.map(String::from);
        let mut statement = self.connection.prepare_cached(sql)?;
        let wanted = |log: &LogRow| log.ours && partner.is_none_or(|name| log.partner == **name);
        let mut given = Vec::new();
        for log in self.logs()?.into_iter().filter(wanted) {
            let left = limit.saturating_sub(i64::try_from(given.len()).unwrap_or(i64::MAX));
            let from = after.max(key(log.number, 0) - 1);
            let range = (from, key(log.number, log.size), &about, left);
            let keys = statement.query_map(range, |row| row.get::<_, i64>(0))?;
            for number in keys.collect::<Result<Vec<_>, _>>()? {
                let index = u64::try_from(number - key(log.number, 0)).unwrap_or(0);
                let partner = NodeName::parse(&log.partner);
                let partner = partner.map_err(|e| StoreError::damaged("log", e))?;
                given.extend(self.entry(&log, index)?.map(|held| GivenEntry {
                    number,
                    partner,
                    held,
                }));
            }
        }
        Ok(given)
    }

    /// Files an entry under the case or warning that it belongs to.
    pub fn file_entry(&self, log: &LogRow, index: u64, subject: Subject) -> Result<(), StoreError> {
        self.change_entry(log, index, |held| held.subject = Some(subject))
    }

    /// Opens more fields of an entry that was not understood; it is to be read again. What it was
    /// opened with before is kept with the command that opens more: the next of the journal.
    pub fn open_entry(
        &self,
        log: &LogRow,
        index: u64,
        disclosures: &[Disclosure],
    ) -> Result<(), StoreError> {
        self.keep_before(log, index)?;
        self.change_entry(log, index, |held| {
            held.carried.disclosures = disclosures.to_vec();
            held.refused = None;
        })
    }

    /// Fields of an entry of our own log that could not be opened any more can be again. Those that
    /// the partner was `shown` go with the entry; the others are withheld as before.
    pub fn reopen_entry(
        &self,
        log: &LogRow,
        index: u64,
        (opens, shown): (&[Disclosure], bool),
    ) -> Result<(), StoreError> {
        self.keep_before(log, index)?;
        self.change_entry(log, index, |held| {
            let at = if shown { &mut held.carried.disclosures } else { &mut held.withheld };
            at.extend_from_slice(opens);
        })
    }

    /// Keeps what an entry is opened with, before the next command of the journal opens more.
    fn keep_before(&self, log: &LogRow, index: u64) -> Result<(), StoreError> {
        let Some(before) = self.entry(log, index)? else { return Ok(()) };
        let sql =
            "INSERT OR IGNORE INTO entry_before (key, journal, disclosures) VALUES (?1, ?2, ?3)";
        let next = self.journal_index()? + 1;
        let row = (key(log.number, index), next, crate::text(&before.carried.disclosures)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// What an entry was opened with when the command at `journal` was done, when more of it was
    /// opened later.
    pub fn opened_before(
        &self,
        log: &LogRow,
        index: u64,
        journal: i64,
    ) -> Result<Option<Vec<Disclosure>>, StoreError> {
        let sql = "SELECT disclosures FROM entry_before WHERE key = ?1 AND journal > ?2 \
                   ORDER BY journal LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((key(log.number, index), journal))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        crate::parse("entry_before", &row.get::<_, String>(0)?).map(Some)
    }

    /// An entry was not understood, or is now.
    pub fn refuse_entry(
        &self,
        log: &LogRow,
        index: u64,
        why: Option<&str>,
    ) -> Result<(), StoreError> {
        self.change_entry(log, index, |held| held.refused = why.map(str::to_owned))
    }

    /// Changes what stands beside the leaf.
    fn change_entry(
        &self,
        log: &LogRow,
        index: u64,
        change: impl FnOnce(&mut Held),
    ) -> Result<(), StoreError> {
        let row = self.entry_rows(log, index, 1, usize::MAX)?.into_iter().next();
        let Some((before, hashes)) = row else { return Ok(()) };
        let mut held = before.clone();
        change(&mut held);
        if held == before {
            return Ok(());
        }
        let row = EntryRow::new(key(log.number, index), hashes, &held)?;
        let sql = "UPDATE entry SET disclosures = ?2, withheld = ?3, subject = ?4, refused = ?5, \
                   seal = ?6 WHERE key = ?1";
        let seal = row.seal().done();
        let EntryRow { key, disclosures, withheld, subject, refused, .. } = row;
        let values = (key, disclosures, withheld, subject, refused, seal);
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// The root of the first `size` entries.
    pub fn root(&self, log: &LogRow, size: u64) -> Result<Hash, StoreError> {
        tree::root(size, &|level, index| self.subtree(log.number, level, index))
            .map_err(|e| StoreError::damaged(log.name.clone(), e))
    }

    /// A log as it would be with these leaves after its first `start`.
    pub fn grown<'a>(
        &'a self,
        log: &'a LogRow,
        start: u64,
        leaves: &[Hash],
    ) -> Result<Grown<'a>, StoreError> {
        let mut grown = Grown { db: self, log, added: HashMap::new() };
        for (index, leaf) in (start..).zip(leaves) {
            let done = tree::completed(index, *leaf, &|level, at| grown.read(level, at));
            let done = done.map_err(|e| StoreError::damaged(log.name.clone(), e))?;
            grown.added.extend((0u32..).zip(done).map(|(l, hash)| ((l, index >> l), hash)));
        }
        Ok(grown)
    }

    /// The proof that the first `old` entries are the beginning of the first `new`.
    pub fn consistency(&self, log: &LogRow, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        tree::consistency(old, new, &|level, index| self.subtree(log.number, level, index))
            .map_err(|e| StoreError::damaged(log.name.clone(), e))
    }

    /// The leaves of `count` entries from `start`, and nothing beside them.
    pub fn leaves(&self, log: &LogRow, start: u64, count: u64) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT leaf, substr(hashes, 1, 32) FROM entry WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |index| {
            let found = statement.query_row([key(log.number, index)], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
            });
            let (leaf, hash) = found?;
            if hash == Hash::leaf(leaf.as_bytes()).0 {
                return Ok(leaf);
            }
            let what = format!("entry {index} of {}", log.name);
            Err(StoreError::damaged(what, "its bytes are not those that its hash was made from"))
        };
        (start..start + count).map(read).collect()
    }

    /// The hashes of a tile, which must lie within the log.
    pub fn tile(&self, log: &LogRow, tile: &Tile) -> Result<Vec<Hash>, StoreError> {
        let hashes = tile.hashes(&|level, index| self.subtree(log.number, level, index));
        hashes.ok_or_else(|| StoreError::damaged(log.name.clone(), "a hash of its tree is gone"))
    }

    /// The proof that the entry at `index` is in the log's first `size` entries (RFC 6962 §2.1.1).
    ///
    /// # Errors [`StoreError::Damaged`] when a hash of the tree is gone, or fewer than `size`
    /// entries are held.
    pub fn inclusion(&self, log: &LogRow, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        tree::inclusion(index, size, &|level, index| self.subtree(log.number, level, index))
            .map_err(|e| StoreError::damaged(log.name.clone(), e))
    }

    pub(crate) fn subtree(&self, log: i64, level: u32, index: u64) -> Option<Hash> {
        let sql = "SELECT substr(hashes, ?2, 32) FROM entry WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql).ok()?;
        let at = key(log, tree::completing_leaf(level, index));
        let found: Vec<u8> = statement.query_row((at, 32 * level + 1), |row| row.get(0)).ok()?;
        Hash::from_slice(&found)
    }
}

/// See [`Db::grown`].
pub struct Grown<'a> {
    db: &'a Db<'a>,
    log: &'a LogRow,
    added: HashMap<(u32, u64), Hash>,
}

impl Grown<'_> {
    fn read(&self, level: u32, index: u64) -> Option<Hash> {
        let added = self.added.get(&(level, index)).copied();
        added.or_else(|| self.db.subtree(self.log.number, level, index))
    }

    /// The root of the first `size` entries.
    pub fn root(&self, size: u64) -> Result<Hash, StoreError> {
        tree::root(size, &|level, index| self.read(level, index))
            .map_err(|e| StoreError::damaged(self.log.name.clone(), e))
    }

    /// The proof that the first `old` entries are the beginning of the first `new`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        tree::consistency(old, new, &|level, index| self.read(level, index))
            .map_err(|e| StoreError::damaged(self.log.name.clone(), e))
    }

    /// The path that proves entry `index` in the tree of `size`.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        tree::inclusion(index, size, &|level, index| self.read(level, index))
            .map_err(|e| StoreError::damaged(self.log.name.clone(), e))
    }
}

/// An entry as it stands in its columns.
struct EntryRow {
    key: i64,
    hashes: Vec<u8>,
    leaf: String,
    disclosures: String,
    withheld: Option<String>,
    subject: Option<String>,
    refused: Option<String>,
}

impl EntryRow {
    fn new(key: i64, hashes: Vec<u8>, held: &Held) -> Result<EntryRow, StoreError> {
        let withheld =
            if held.withheld.is_empty() { None } else { Some(crate::text(&held.withheld)?) };
        Ok(EntryRow {
            key,
            hashes,
            leaf: held.carried.leaf.clone(),
            disclosures: crate::text(&held.carried.disclosures)?,
            withheld,
            subject: held.subject.map(String::from),
            refused: held.refused.clone(),
        })
    }

    fn seal(&self) -> Seal {
        Seal::default()
            .number(self.key)
            .bytes(&self.hashes)
            .text(&self.leaf)
            .text(&self.disclosures)
            .maybe(self.withheld.as_deref())
            .maybe(self.subject.as_deref())
            .maybe(self.refused.as_deref())
    }
}

fn held(row: &Row<'_>, log: &LogRow) -> Result<(Held, Vec<u8>), StoreError> {
    let stored = EntryRow {
        key: row.get(0)?,
        hashes: row.get(1)?,
        leaf: row.get(2)?,
        disclosures: row.get(3)?,
        withheld: row.get(4)?,
        subject: row.get(5)?,
        refused: row.get(6)?,
    };
    let index = u64::try_from(stored.key & ((1 << INDEX_BITS) - 1)).unwrap_or(0);
    let what = || format!("entry {index} of {}", log.name);
    if stored.hashes.get(..32) != Some(&Hash::leaf(stored.leaf.as_bytes()).0[..]) {
        let why = "its bytes are not those that its hash was made from";
        return Err(StoreError::damaged(what(), why));
    }
    stored.seal().check(&row.get::<_, Vec<u8>>(7)?, what)?;
    let EntryRow { hashes, leaf, disclosures, withheld, subject, refused, .. } = stored;
    let disclosures = crate::parse(&what(), &disclosures)?;
    let withheld = withheld.map_or(Ok(Vec::new()), |json| crate::parse(&what(), &json))?;
    let subject = subject.map(|text| text.parse()).transpose();
    let subject = subject.map_err(|e| StoreError::damaged(what(), e))?;
    let carried = Carried { leaf, disclosures };
    Ok((Held { index, carried, withheld, subject, refused }, hashes))
}

fn log_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    let log = LogRow {
        number: row.get(0)?,
        name: row.get(1)?,
        partner: row.get(2)?,
        ours: row.get(3)?,
        size: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
        receipts: u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0),
    };
    log_seal(&log).check(&row.get::<_, Vec<u8>>(6)?, || format!("the log {}", log.name))?;
    Ok(log)
}

fn log_seal(log: &LogRow) -> Seal {
    let seal = Seal::default().number(log.number).text(&log.name).text(&log.partner);
    seal.number(log.ours.into()).number(number(log.size)).number(number(log.receipts))
}

/// Seals what was written before there were seals; part of a migration.
pub(crate) fn seal_all(file: &rusqlite::Connection) -> rusqlite::Result<()> {
    let mut logs = file.prepare("SELECT number, name, partner, ours, size FROM log")?;
    let mut rows = logs.query([])?;
    while let Some(row) = rows.next()? {
        let (number, name, partner): (i64, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let size = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
        let sql = "SELECT count(*) FROM receipt WHERE log = ?1";
        let receipts: i64 = file.query_row(sql, [number], |row| row.get(0))?;
        file.execute("UPDATE log SET receipts = ?2 WHERE number = ?1", (number, receipts))?;
        let receipts = u64::try_from(receipts).unwrap_or(0);
        let log = LogRow { number, name, partner, ours: row.get(3)?, size, receipts };
        let seal = log_seal(&log).done();
        file.execute("UPDATE log SET seal = ?2 WHERE number = ?1", (number, seal))?;
    }
    let mut receipts = file.prepare("SELECT log, size, note FROM receipt")?;
    let mut rows = receipts.query([])?;
    while let Some(row) = rows.next()? {
        let (log, size, note): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let seal = Seal::receipt(log, size, &note).done();
        let sql = "UPDATE receipt SET seal = ?3 WHERE log = ?1 AND size = ?2";
        file.execute(sql, (log, size, seal))?;
    }
    let mut keys = file.prepare("SELECT key FROM entry")?;
    let keys = keys.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let columns = ENTRY.trim_end_matches(", seal");
    let mut entries = file.prepare(&format!("SELECT {columns} FROM entry WHERE key = ?1"))?;
    for key in keys {
        let row = entries.query_row([key], |row| {
            Ok(EntryRow {
                key: row.get(0)?,
                hashes: row.get(1)?,
                leaf: row.get(2)?,
                disclosures: row.get(3)?,
                withheld: row.get(4)?,
                subject: row.get(5)?,
                refused: row.get(6)?,
            })
        })?;
        file.execute("UPDATE entry SET seal = ?2 WHERE key = ?1", (key, row.seal().done()))?;
    }
    Ok(())
}

pub(crate) fn key(log: i64, index: u64) -> i64 {
    (log << INDEX_BITS) + number(index)
}

/// An index or size as SQLite keeps it; logs end long before 2^40.
pub(crate) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX >> INDEX_BITS)
}
