//! A database looked at whole: by SQLite, by its tables, and by what its rows say of each other.

use crate::connection::open_reader;
use crate::ids::{Ids, View};
use crate::{Db, StoreError, schema};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Most findings of one kind that are told.
const MOST_TOLD: usize = 5;

/// Rows that cannot be together with the others: what they are, and a query that must find none.
const NOT_TOGETHER: &[(&str, &str)] = &[
    (
        "commands of the journal are missing",
        "SELECT 1 FROM (SELECT count(*) AS held, coalesce(max(idx), 0) AS last FROM journal) \
         WHERE held != last",
    ),
    (
        "the configuration is missing",
        "SELECT 1 FROM journal WHERE idx = 1 AND version > 0 \
         AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'node')",
    ),
    (
        "commands of the journal that cannot be read",
        "SELECT 1 FROM journal WHERE NOT (json_valid(act) AND json_valid(answer) AND json_valid(ahead))",
    ),
    (
        "lines of the history without a command, or that cannot be read",
        "SELECT 1 FROM history WHERE NOT json_valid(what) \
         OR journal NOT IN (SELECT idx FROM journal)",
    ),
    (
        "tokens of users that are not there",
        "SELECT 1 FROM token WHERE user NOT IN (SELECT name FROM user)",
    ),
    (
        "interests of partners that are not there",
        "SELECT 1 FROM interest WHERE partner NOT IN (SELECT name FROM partner)",
    ),
    (
        "logs of partners that are not there",
        "SELECT 1 FROM log WHERE partner NOT IN (SELECT name FROM partner)",
    ),
    (
        "entries of no log, or beyond its end",
        "SELECT 1 FROM entry e LEFT JOIN log l ON l.number = e.key >> 40 \
         WHERE l.number IS NULL OR (e.key & ((1 << 40) - 1)) >= l.size",
    ),
    ("receipts of no log", "SELECT 1 FROM receipt WHERE log NOT IN (SELECT number FROM log)"),
    (
        "items without content, or of no intake",
        "SELECT 1 FROM item WHERE seq NOT IN (SELECT seq FROM content) \
         OR intake NOT IN (SELECT number FROM intake)",
    ),
    ("flaws of no item", "SELECT 1 FROM flaw WHERE seq NOT IN (SELECT seq FROM item)"),
    ("content of no item", "SELECT 1 FROM content WHERE seq NOT IN (SELECT seq FROM item)"),
    (
        "parts or refused objects of no intake",
        "SELECT intake FROM intake_part WHERE intake NOT IN (SELECT number FROM intake) \
         UNION ALL SELECT intake FROM quarantine WHERE intake NOT IN (SELECT number FROM intake)",
    ),
    (
        "matches of no case, or of no item",
        "SELECT 1 FROM match WHERE case_nr NOT IN (SELECT number FROM duty) \
         OR item NOT IN (SELECT seq FROM item)",
    ),
    (
        "parts of no case",
        "SELECT case_nr FROM duty_item WHERE case_nr NOT IN (SELECT number FROM duty) \
         UNION ALL SELECT case_nr FROM duty_draft WHERE case_nr NOT IN (SELECT number FROM duty) \
         UNION ALL SELECT case_nr FROM duty_release WHERE case_nr NOT IN (SELECT number FROM duty) \
         UNION ALL SELECT case_nr FROM duty_recall WHERE case_nr NOT IN (SELECT number FROM duty)",
    ),
    (
        "content of no warning",
        "SELECT 1 FROM warning_content WHERE warning NOT IN (SELECT number FROM warning)",
    ),
    (
        "warnings without content",
        "SELECT 1 FROM warning WHERE number NOT IN (SELECT warning FROM warning_content)",
    ),
    (
        "names withheld from partners that are not there",
        "SELECT 1 FROM withheld WHERE partner NOT IN (SELECT name FROM partner)",
    ),
    (
        "proposals that cannot be read, or whose numbers are not in order",
        "SELECT 1 FROM proposal WHERE NOT json_valid(state) \
         OR number > (SELECT count(*) FROM proposal)",
    ),
    (
        "decisions to show withheld fields that cannot be read",
        "SELECT 1 FROM showing WHERE NOT json_valid(state)",
    ),
    (
        "names withheld of items that no case has",
        "SELECT 1 FROM withheld_of WHERE item NOT IN (SELECT item FROM duty_item)",
    ),
    (
        "deliveries, or who has something in hand, that cannot be read",
        "SELECT 1 FROM delivery WHERE NOT json_valid(state) \
         UNION ALL SELECT 1 FROM taken WHERE NOT json_valid(state)",
    ),
    ("cursors beyond the journal or the items", "SELECT 1 FROM cursor WHERE value < 0"),
];

/// Looks at the whole file and changes nothing: what is wrong with it, nothing when it is good.
///
/// # Errors
/// It cannot be read at all.
pub fn examine(path: &Path) -> Result<Vec<String>, StoreError> {
    let file = open_reader(path)?;
    let version: i64 = file.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = schema::newest();
    let newer = || {
        let known = i64::try_from(known).unwrap_or(i64::MAX);
        StoreError::Newer { found: version, known }
    };
    let version = usize::try_from(version).ok().filter(|version| *version <= known);
    let version = version.ok_or_else(newer)?;
    let mut wrong = of_schema(&file, version)?;
    wrong.extend(of_length(&file, path)?);
    wrong.extend(of_pages(&file)?);
    // A file of an earlier version gets its tables of today when it is opened to be written.
    if wrong.is_empty() && version == known {
        wrong.extend(of_rows(&file)?);
    }
    Ok(wrong)
}

fn of_schema(file: &Connection, version: usize) -> Result<Vec<String>, StoreError> {
    let (wanted, found) = (schema::wanted(version)?, schema::found(file)?);
    if found.is_empty() {
        return Ok(vec!["it is empty".to_owned()]);
    }
    let missing = wanted.iter().filter(|one| !found.contains(one));
    let foreign = found.iter().filter(|one| !wanted.contains(one));
    let told = |how: &'static str| {
        move |(kind, name, _): &(String, String, String)| {
            format!("the {kind} `{name}` of version {version} {how}")
        }
    };
    let missing = missing.map(told("is missing, or is not as it should be"));
    let foreign = foreign.map(told("does not belong there, or is not as it should be"));
    Ok(missing.chain(foreign).take(MOST_TOLD).collect())
}

/// SQLite reads zeros past the end of a file that was cut within a page.
fn of_length(file: &Connection, path: &Path) -> Result<Option<String>, StoreError> {
    let page: i64 = file.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let page = u64::try_from(page).unwrap_or(1).max(1);
    let length = std::fs::metadata(path)
        .map_err(|e| StoreError::damaged(path.display().to_string(), e.to_string()))?
        .len();
    let wrong = || format!("it is cut within a page: {length} bytes are not whole pages of {page}");
    Ok((length % page != 0).then(wrong))
}

fn of_pages(file: &Connection) -> Result<Vec<String>, StoreError> {
    let mut wrong = Vec::new();
    let mut statement = file.prepare(&format!("PRAGMA integrity_check({MOST_TOLD})"))?;
    let words = statement.query_map([], |row| row.get::<_, String>(0))?;
    for word in words {
        let word = word?;
        if word != "ok" {
            wrong.push(word);
        }
    }
    let mut statement = file.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        wrong.push(format!("a row of `{table}` names one of `{parent}` that is not there"));
        if wrong.len() > MOST_TOLD {
            break;
        }
    }
    Ok(wrong)
}

fn of_rows(file: &Connection) -> Result<Vec<String>, StoreError> {
    let mut wrong = Vec::new();
    for (what, sql) in NOT_TOGETHER {
        let count: i64 =
            file.query_row(&format!("SELECT count(*) FROM ({sql})"), [], |row| row.get(0))?;
        if count > 0 {
            wrong.push(format!("{what}: {count}"));
        }
    }
    let mut statement = file.prepare(
        "SELECT c.seq, c.digest, c.bytes, e.seq FROM content c LEFT JOIN erased e ON e.seq = c.seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (digest, bytes) = (row.get_ref(1)?, row.get_ref(2)?);
        if row.get::<_, Option<i64>>(3)?.is_some() {
            if bytes.as_blob().is_ok_and(|bytes| !bytes.is_empty()) {
                let seq: i64 = row.get(0)?;
                wrong.push(format!("item {seq} was erased, and is there"));
            }
            continue;
        }
        let blob = |value: rusqlite::types::ValueRef<'_>| value.as_blob().map(<[u8]>::to_vec).ok();
        let same = blob(bytes).map(|bytes| Sha256::digest(bytes).to_vec()) == blob(digest);
        if !same {
            let seq: i64 = row.get(0)?;
            wrong.push(format!("item {seq} is not as it was received"));
        }
        if wrong.len() > MOST_TOLD {
            return Ok(wrong);
        }
    }
    // Everything that is kept as a value is read as one.
    let ids = View::of(&Ids::none());
    let db = Db { connection: file, ids: &ids };
    let read: [(&str, Result<(), StoreError>); 9] = [
        ("users", db.users().map(drop)),
        ("partners", db.partners().map(drop)),
        ("feeds", db.feeds().map(drop)),
        ("cases", db.cases().map(drop)),
        ("warnings", db.warnings().map(drop)),
        ("contradictions", db.contradictions().map(drop)),
        ("who is told", db.telling().map(drop)),
        ("mutes", db.mutes().map(drop)),
        ("the configuration", db.setting::<serde_json::Value>("node").map(drop)),
    ];
    for (what, read) in read {
        if let Err(why) = read {
            wrong.push(format!("{what}: {why}"));
        }
    }
    Ok(wrong)
}
