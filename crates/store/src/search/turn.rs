//! Fills the search file, a bounded turn at a time.

use super::fold::words;
use super::{Kind, Search, open, said};
use crate::{Db, StoreError};
use forewarn_exchange::history::Topic;
use forewarn_exchange::id::{CaseNumber, WarningNumber};
use forewarn_exchange::warning::Standing;
use forewarn_stix::marking::Tlp;
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// Most items of a turn, and most bytes of them: some 50 ms.
const ITEMS: i64 = 2_000;
const MAX_BYTES: usize = 8 << 20;
/// Most lines of the history, and most statements, of a turn.
const LINES: u32 = 500;
const STATEMENTS: i64 = 500;

/// A file of fewer bytes is filled again after each erasure.
const SMALL_BYTES: i64 = 64 << 20;
const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// How far the file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether all that is in the database can be found.
    pub done: bool,
    /// Whether items of before are still to be read, from the newest to the oldest.
    pub older_wait: bool,
}

/// How far the file follows the database.
struct Followed<'c>(&'c Connection);

impl Followed<'_> {
    fn get(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT value FROM followed WHERE name = ?1";
        Ok(self.0.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
    }

    fn text(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM followed WHERE name = ?1";
        Ok(self.0.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
    }

    fn set(&self, name: &str, value: impl rusqlite::ToSql) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO followed (name, value) VALUES (?1, ?2)";
        self.0.prepare_cached(sql)?.execute((name, value))?;
        Ok(())
    }
}

impl Search {
    /// Reads some of what the file lacks.
    ///
    /// # Errors
    /// The database cannot be read, or the file not be written. The next turn makes up for it.
    pub fn turn(&self, db: &Db<'_>) -> Result<Progress, StoreError> {
        let mut filling = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = filling.take().filter(|_| self.path.exists());
        let mut file = match taken {
            Some(file) => file,
            None => open(&self.path)?,
        };
        let transaction = file.transaction()?;
        let again = !is_of(&transaction, db)?;
        if again {
            let all = "DELETE FROM followed; INSERT INTO found (found) VALUES ('delete-all');";
            transaction.execute_batch(all)?;
        }
        let progress = fill(&transaction, db)?;
        transaction.commit()?;
        if again {
            // Nothing of before stays in its log either, as soon as nobody reads.
            file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        *filling = Some(file);
        self.behind.store(progress.older_wait, Ordering::Relaxed);
        Ok(progress)
    }
}

/// Whether the file follows this database, and not one that was put in its place: the command that was
/// the newest stands in the journal as it did. After an erasure no word of before stays.
fn is_of(file: &Connection, db: &Db<'_>) -> Result<bool, StoreError> {
    let followed = Followed(file);
    let Some(index) = followed.get("journal")? else { return Ok(false) };
    if followed.get("erasures")? != Some(db.erasures()?) && may_begin_anew(file, db)? {
        return Ok(false);
    }
    let there = db.record_at(index)?.map(|record| record.command);
    Ok(index == 0 || (there.is_some() && there == followed.text("command")?))
}

/// A small file is filled again at once; a large one begins anew once a day at the most, so that it is
/// ever full: until then nothing of what was erased is shown, since the database has nothing of it.
fn may_begin_anew(file: &Connection, db: &Db<'_>) -> Result<bool, StoreError> {
    let pages: i64 = file.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let page: i64 = file.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let last = Followed(file).get("begun")?.unwrap_or(0);
    Ok(pages * page < SMALL_BYTES || newest(db)? - last > DAY_MICROS)
}

/// When the newest command was given, in microseconds.
fn newest(db: &Db<'_>) -> Result<i64, StoreError> {
    let record = db.record_at(db.journal_index()?)?;
    Ok(record.map_or(0, |record| record.time.micros()))
}

fn fill(file: &Connection, db: &Db<'_>) -> Result<Progress, StoreError> {
    let followed = Followed(file);
    let newest = db.newest_item()?;
    if followed.get("journal")?.is_none() {
        followed.set("begun", self::newest(db)?)?;
        followed.set("erasures", db.erasures()?)?;
        followed.set("newer", newest)?;
        followed.set("older", newest)?;
    }
    let index = db.journal_index()?;
    followed.set("journal", index)?;
    followed.set("command", db.record_at(index)?.map_or_else(String::new, |one| one.command))?;
    let small = history(file, db)? && statements(file, db)?;
    let newer = items(file, db, true)?;
    let older = if newer { items(file, db, false)? } else { false };
    Ok(Progress { done: small && newer && older, older_wait: !older })
}

/// Cases and warnings of which something has changed; whether these are all.
fn history(file: &Connection, db: &Db<'_>) -> Result<bool, StoreError> {
    let followed = Followed(file);
    let changes = db.changes(followed.get("history")?.unwrap_or(0), LINES)?;
    let Some(last) = changes.last() else { return Ok(true) };
    let topics: BTreeSet<(bool, i64)> = changes
        .iter()
        .filter_map(|change| match change.topic {
            Topic::Case(number) => Some((true, number.get())),
            Topic::Warning(number) => Some((false, number.get())),
            Topic::Partner(_) | Topic::Node => None,
        })
        .collect();
    for (is_case, number) in topics {
        if is_case {
            put(file, (Kind::Case, number), &case_words(db, CaseNumber::new(number))?, None)?;
        } else {
            let words = warning_words(db, WarningNumber::new(number))?;
            put(file, (Kind::Warning, number), &words, None)?;
        }
    }
    followed.set("history", last.number)?;
    Ok(false)
}

pub(super) fn case_words(db: &Db<'_>, number: CaseNumber) -> Result<String, StoreError> {
    let Some(case) = db.case(number)? else { return Ok(String::new()) };
    Ok(said::of_case(&case, &db.outgoing(number)?))
}

/// A warning that nobody has opened has its title and no more: to open it is an act. One that is for
/// named persons is not searched.
pub(super) fn warning_words(db: &Db<'_>, number: WarningNumber) -> Result<String, StoreError> {
    let Some(warning) = db.warning(number)? else { return Ok(String::new()) };
    if warning.is_for_persons() || warning.summary.tlp == Tlp::Red {
        return Ok(String::new());
    }
    if matches!(warning.standing, Standing::New {}) {
        return Ok(format!("{}\n{}", warning.summary.title, warning.partner));
    }
    let content = db.content_at(number, warning.version)?;
    let words = content.map(|content| said::of_content(&content)).unwrap_or_default();
    Ok(format!("{words}\n{}", warning.partner))
}

fn statements(file: &Connection, db: &Db<'_>) -> Result<bool, StoreError> {
    let followed = Followed(file);
    let all = db.said_after(followed.get("said")?.unwrap_or(0), STATEMENTS)?;
    let Some(last) = all.last() else { return Ok(true) };
    for (number, about) in &all {
        put(file, (Kind::Talk, *number), &said::of_statement(&about.said.statement), None)?;
    }
    followed.set("said", last.0)?;
    Ok(false)
}

/// The next items after the newest that is in the file, or before the oldest; whether these are all.
fn items(file: &Connection, db: &Db<'_>, newer: bool) -> Result<bool, StoreError> {
    let followed = Followed(file);
    let name = if newer { "newer" } else { "older" };
    let from = followed.get(name)?.unwrap_or(0);
    let all = if newer {
        db.items_to_search(from, i64::MAX, (true, ITEMS, MAX_BYTES))?
    } else {
        // The newest of before is the first of them.
        db.items_to_search(0, from, (false, ITEMS, MAX_BYTES))?
    };
    let Some(last) = all.last() else { return Ok(true) };
    for item in &all {
        let words = said::of_item(item.media, &item.bytes);
        put(file, (Kind::Item, item.seq), &words, Some(item.collection))?;
    }
    followed.set(name, if newer { last.seq } else { last.seq - 1 })?;
    Ok(false)
}

fn put(
    file: &Connection,
    (kind, number): (Kind, i64),
    text: &str,
    collection: Option<i64>,
) -> Result<(), StoreError> {
    let row = kind.row(number);
    if kind != Kind::Item {
        file.prepare_cached("DELETE FROM found WHERE rowid = ?1")?.execute([row])?;
    }
    let (mut folded, mut latin) = (String::new(), String::new());
    for word in words(text) {
        if let Some(sound) = word.latin() {
            latin.push_str(&sound);
            latin.push(' ');
        }
        folded.push_str(&word.text);
        folded.push(' ');
    }
    if folded.is_empty() {
        return Ok(());
    }
    let place = collection.map(|number| format!("p{number}")).unwrap_or_default();
    let sql = "INSERT INTO found (rowid, words, latin, place) VALUES (?1, ?2, ?3, ?4)";
    file.prepare_cached(sql)?.execute((row, folded, latin, place))?;
    Ok(())
}
