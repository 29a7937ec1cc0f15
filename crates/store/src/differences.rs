//! Whether two files hold the same state: table by table, row by row.

use crate::StoreError;
use crate::connection::open_reader;
use rusqlite::types::Value;
use std::path::Path;

/// Tables that are not state but follow from it, at another pace: where ids have settled.
const DERIVED: &[&str] = &["known"];
/// Most differences told.
const MAX_TOLD: usize = 20;

/// Where the tables of two files differ, the first places of each: none when they are equal. The
/// order of rows is that of their primary keys.
pub fn differences(one: &Path, other: &Path) -> Result<Vec<String>, StoreError> {
    let (one, other) = (open_reader(one)?, open_reader(other)?);
    let mut told = Vec::new();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               ORDER BY name";
    let names = |file: &rusqlite::Connection| -> Result<Vec<String>, StoreError> {
        let mut statement = file.prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    };
    let tables = names(&one)?;
    if tables != names(&other)? {
        told.push("the tables are not the same".to_owned());
    }
    for table in tables.iter().filter(|name| !DERIVED.contains(&name.as_str())) {
        let rows = |file| rows(file, table);
        let (mut one, mut other) = (rows(&one)?.into_iter(), rows(&other)?.into_iter());
        for place in 0.. {
            match (one.next(), other.next()) {
                (None, None) => break,
                (left, right) if left == right => {}
                (left, right) => told.push(format!("{table}, row {place}: {left:?} / {right:?}")),
            }
            if told.len() >= MAX_TOLD {
                return Ok(told);
            }
        }
    }
    Ok(told)
}

/// Every row of a table, in order. The cursor of what has settled is left out with it, and how far a
/// journal apart was applied: one that is replayed here stands nowhere in it.
fn rows(file: &rusqlite::Connection, table: &str) -> Result<Vec<Vec<Value>>, StoreError> {
    let columns = file.prepare(&format!("SELECT * FROM \"{table}\""))?.column_count();
    let order: Vec<String> = (1..=columns).map(|n| n.to_string()).collect();
    let only = match table {
        "cursor" => "WHERE name <> 'known ids'",
        "setting" => "WHERE name <> 'journal apart'",
        _ => "",
    };
    let sql = format!("SELECT * FROM \"{table}\" {only} ORDER BY {}", order.join(", "));
    let mut statement = file.prepare(&sql)?;
    let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}
