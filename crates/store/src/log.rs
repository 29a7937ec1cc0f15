//! The logs of the channels: entries, the hashes of their trees, receipts.

use crate::{Db, StoreError};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::{Disclosure, Hash, tree};
use rusqlite::{OptionalExtension as _, Row};
use serde::Serialize;
use std::collections::HashMap;

/// Bits of an entry's key that hold its index: 2^40 entries a log.
const INDEX_BITS: u32 = 40;

/// A log, as far as it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogRow {
    #[serde(skip)]
    pub number: i64,
    pub name: String,
    pub partner: String,
    pub ours: bool,
    pub size: u64,
}

/// An entry as it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub index: u64,
    pub carried: Carried,
    /// Opens the fields that the partner was not shown; only in our own log.
    pub withheld: Vec<Disclosure>,
    pub subject: Option<String>,
    pub refused: Option<String>,
}

impl Db<'_> {
    pub fn logs(&self) -> Result<Vec<LogRow>, StoreError> {
        let sql = "SELECT number, name, partner, ours, size FROM log ORDER BY number";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], log_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn log(&self, name: &str) -> Result<Option<LogRow>, StoreError> {
        let sql = "SELECT number, name, partner, ours, size FROM log WHERE name = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([name], log_row).optional()?)
    }

    /// Our log to a partner, or the partner's to us.
    pub fn log_with(&self, partner: &str, ours: bool) -> Result<Option<LogRow>, StoreError> {
        let sql = "SELECT number, name, partner, ours, size FROM log \
                   WHERE partner = ?1 AND ours = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((partner, ours), log_row).optional()?)
    }

    pub fn add_log(&self, name: &str, partner: &str, ours: bool) -> Result<LogRow, StoreError> {
        let sql = "INSERT INTO log (name, partner, ours, size) VALUES (?1, ?2, ?3, 0) \
                   ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute((name, partner, ours))?;
        self.log(name)?.ok_or_else(|| StoreError::damaged("log", "a log was not added"))
    }

    /// Appends an entry at the end of a log, with the hashes that become complete by it.
    pub fn append(&self, log: &mut LogRow, held: &Held) -> Result<(), StoreError> {
        let index = log.size;
        let leaf = Hash::leaf(held.carried.leaf.as_bytes());
        let read = |level, index| self.subtree(log.number, level, index);
        let hashes = tree::completed(index, leaf, &read)
            .map_err(|e| StoreError::damaged(log.name.clone(), e))?;
        let blob: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        let withheld =
            if held.withheld.is_empty() { None } else { Some(crate::text(&held.withheld)?) };
        let sql = "INSERT INTO entry (key, hashes, leaf, disclosures, withheld, subject, refused) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.connection.prepare_cached(sql)?.execute((
            key(log.number, index),
            blob,
            &held.carried.leaf,
            crate::text(&held.carried.disclosures)?,
            withheld,
            &held.subject,
            &held.refused,
        ))?;
        log.size += 1;
        let sql = "UPDATE log SET size = ?2 WHERE number = ?1";
        self.connection.prepare_cached(sql)?.execute((log.number, number(log.size)))?;
        Ok(())
    }

    /// Entries from `start`, at most `most` of them and of `bytes` together. What is served is what
    /// was hashed: a changed leaf is damage and is not handed out.
    pub fn entries(
        &self,
        log: &LogRow,
        start: u64,
        most: usize,
        bytes: usize,
    ) -> Result<Vec<Held>, StoreError> {
        let sql = "SELECT key, hashes, leaf, disclosures, withheld, subject, refused FROM entry \
                   WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let range = (key(log.number, start), key(log.number, log.size), limit);
        let mut rows = statement.query(range)?;
        let mut out: Vec<Held> = Vec::new();
        let mut size = 0;
        while let Some(row) = rows.next()? {
            let held = held(row, log)?;
            size += held.carried.leaf.len()
                + held.carried.disclosures.iter().map(Disclosure::encoded_len).sum::<usize>();
            if size > bytes && !out.is_empty() {
                break;
            }
            out.push(held);
        }
        Ok(out)
    }

    pub fn entry(&self, log: &LogRow, index: u64) -> Result<Option<Held>, StoreError> {
        Ok(self.entries(log, index, 1, usize::MAX)?.into_iter().find(|h| h.index == index))
    }

    /// Every entry of a case or warning: the log's name and the index, in order.
    pub fn entries_of(&self, subject: &str) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT l.name, e.key & ((1 << 40) - 1) FROM entry e \
                   JOIN log l ON l.number = e.key >> 40 WHERE e.subject = ?1 ORDER BY e.key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([subject], |row| {
            Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn file_entry(&self, log: &LogRow, index: u64, subject: &str) -> Result<(), StoreError> {
        let sql = "UPDATE entry SET subject = ?2 WHERE key = ?1";
        self.connection.prepare_cached(sql)?.execute((key(log.number, index), subject))?;
        Ok(())
    }

    /// Opens more fields of an entry that was not understood; it is to be read again.
    pub fn open_entry(
        &self,
        log: &LogRow,
        index: u64,
        disclosures: &[Disclosure],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE entry SET disclosures = ?2, refused = NULL WHERE key = ?1";
        let key = key(log.number, index);
        self.connection.prepare_cached(sql)?.execute((key, crate::text(&disclosures)?))?;
        Ok(())
    }

    /// An entry that was not understood before is now.
    pub fn clear_refusal(&self, log: &LogRow, index: u64) -> Result<(), StoreError> {
        let sql = "UPDATE entry SET refused = NULL WHERE key = ?1 AND refused IS NOT NULL";
        self.connection.prepare_cached(sql)?.execute([key(log.number, index)])?;
        Ok(())
    }

    pub fn refuse_entry(&self, log: &LogRow, index: u64, why: &str) -> Result<(), StoreError> {
        let sql = "UPDATE entry SET refused = ?2 WHERE key = ?1";
        self.connection.prepare_cached(sql)?.execute((key(log.number, index), why))?;
        Ok(())
    }

    /// The root of the first `size` entries.
    pub fn root(&self, log: &LogRow, size: u64) -> Result<Hash, StoreError> {
        tree::root(size, &|level, index| self.subtree(log.number, level, index))
            .map_err(|e| StoreError::damaged(log.name.clone(), e))
    }

    /// A log as it would be with these leaves behind its first `start`.
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

    pub fn inclusion(&self, log: &LogRow, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        tree::inclusion(index, size, &|level, index| self.subtree(log.number, level, index))
            .map_err(|e| StoreError::damaged(log.name.clone(), e))
    }

    fn subtree(&self, log: i64, level: u32, index: u64) -> Option<Hash> {
        let sql = "SELECT substr(hashes, ?2, 32) FROM entry WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql).ok()?;
        let at = key(log, tree::completing_leaf(level, index));
        let found: Vec<u8> = statement.query_row((at, 32 * level + 1), |row| row.get(0)).ok()?;
        Hash::from_slice(&found)
    }

    /// The cosigned checkpoint at this size.
    pub fn receipt(&self, log: &LogRow, size: u64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT note FROM receipt WHERE log = ?1 AND size = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let key = (log.number, number(size));
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// The newest cosigned checkpoint, with its size.
    pub fn newest_receipt(&self, log: &LogRow) -> Result<Option<(u64, String)>, StoreError> {
        let sql = "SELECT size, note FROM receipt WHERE log = ?1 ORDER BY size DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found =
            statement.query_row([log.number], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
        Ok(found.optional()?.map(|(size, note)| (u64::try_from(size).unwrap_or(0), note)))
    }

    /// The smallest cosigned checkpoint that covers entry `index`: the first that came for it.
    pub fn first_receipt(
        &self,
        log: &LogRow,
        index: u64,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let sql = "SELECT size, note FROM receipt WHERE log = ?1 AND size > ?2 \
                   ORDER BY size LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_row((log.number, number(index)), |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
        Ok(found.optional()?.map(|(size, note)| (u64::try_from(size).unwrap_or(0), note)))
    }

    pub fn add_receipt(&self, log: &LogRow, size: u64, note: &str) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO receipt (log, size, note) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute((log.number, number(size), note))?;
        Ok(())
    }

    /// Reads a log whole and checks every hash against the entries: the first damage, if any.
    pub fn check_log(&self, log: &LogRow) -> Result<(), StoreError> {
        let mut memory = tree::Memory::default();
        let mut index = 0;
        while index < log.size {
            let held = self.entries(log, index, 1_000, 8 << 20)?;
            if held.is_empty() {
                return Err(StoreError::damaged(
                    format!("entry {index} of {}", log.name),
                    "is gone",
                ));
            }
            for one in held {
                if one.index != index {
                    let what = format!("entry {index} of {}", log.name);
                    return Err(StoreError::damaged(what, "is gone"));
                }
                let leaf = Hash::leaf(one.carried.leaf.as_bytes());
                let done = tree::completed(index, leaf, &|level, at| memory.get(level, at));
                let good: Vec<u8> = done.unwrap_or_default().iter().flat_map(|h| h.0).collect();
                if self.stored_hashes(log, index)? != good {
                    let what = format!("entry {index} of {}", log.name);
                    return Err(StoreError::damaged(
                        what,
                        "an inner hash kept with it was changed",
                    ));
                }
                memory.push(leaf);
                index += 1;
            }
        }
        Ok(())
    }

    fn stored_hashes(&self, log: &LogRow, index: u64) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT hashes FROM entry WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([key(log.number, index)], |row| row.get(0))?)
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

fn held(row: &Row<'_>, log: &LogRow) -> Result<Held, StoreError> {
    let key: i64 = row.get(0)?;
    let index = u64::try_from(key & ((1 << INDEX_BITS) - 1)).unwrap_or(0);
    let what = || format!("entry {index} of {}", log.name);
    let leaf: String = row.get(2)?;
    let hashes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    if hashes.get(..32) != Some(&Hash::leaf(leaf.as_bytes()).0[..]) {
        return Err(StoreError::damaged(
            what(),
            "its bytes are not those that its hash was made from",
        ));
    }
    let disclosures = crate::parse(&what(), &row.get::<_, String>(3)?)?;
    let withheld: Option<String> = row.get(4)?;
    Ok(Held {
        index,
        carried: Carried { leaf, disclosures },
        withheld: withheld.map_or(Ok(Vec::new()), |json| crate::parse(&what(), &json))?,
        subject: row.get(5)?,
        refused: row.get(6)?,
    })
}

fn log_row(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        number: row.get(0)?,
        name: row.get(1)?,
        partner: row.get(2)?,
        ours: row.get(3)?,
        size: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
    })
}

fn key(log: i64, index: u64) -> i64 {
    (log << INDEX_BITS) + number(index)
}

/// An index or size as SQLite keeps it; logs end long before 2^40.
fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX >> INDEX_BITS)
}
