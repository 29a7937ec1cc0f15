//! The steps from an older format to today's, tried on a copy of a database: what each changes, and how long
//! it takes. The database itself stays as it is.

use crate::copy::{NotCopied, copy};
use crate::{StoreError, schema};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// What was found by trying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// The version that the database has.
    pub from: usize,
    /// The version that it would have.
    pub to: usize,
    /// Milliseconds that the copy took.
    pub copied_ms: u64,
    /// Each step, in its order.
    pub steps: Vec<Step>,
    /// What does not fit in the copy after all steps; empty when all does.
    pub wrong: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The version that it leads to.
    pub version: usize,
    /// Tables and indexes that are new.
    pub added: Vec<String>,
    /// Those that are otherwise.
    pub changed: Vec<String>,
    /// Those that are gone.
    pub removed: Vec<String>,
    /// Rows that were written, changed or deleted.
    pub rows: u64,
    /// Milliseconds that it took.
    pub took_ms: u64,
}

/// Copies the database at `path` to `to`, which is not there yet, and brings the copy up to date. Whoever
/// writes to the database goes on meanwhile. The copy stays, for whoever called.
///
/// # Errors
/// The database is of a later version than this program knows, or cannot be read, or a step cannot be done.
pub fn rehearse(path: &Path, to: &Path) -> Result<Rehearsal, NotCopied> {
    let begun = Instant::now();
    copy(path, to)?;
    let copied_ms = since(begun);
    let connection = Connection::open(to)?;
    // As the writer has them: they bear on how long a step takes.
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    let mut steps = Vec::new();
    let mut from = schema::version(&connection)?;
    let (first, newest) = (from, schema::newest());
    while from < newest {
        let (before, rows) = (objects(&connection)?, connection.total_changes());
        let begun = Instant::now();
        schema::step(&connection, from)?;
        let took_ms = since(begun);
        let after = objects(&connection)?;
        from += 1;
        let only = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
            one.keys().filter(|name| !other.contains_key(*name)).cloned().collect()
        };
        let is_changed =
            |(name, sql): &(&String, &String)| before.get(*name).is_some_and(|known| known != *sql);
        steps.push(Step {
            version: from,
            added: only(&after, &before),
            changed: after.iter().filter(is_changed).map(|(name, _)| name.clone()).collect(),
            removed: only(&before, &after),
            rows: connection.total_changes().saturating_sub(rows),
            took_ms,
        });
    }
    connection.close().map_err(|(_, why)| why)?;
    let wrong = crate::examine(to)?;
    Ok(Rehearsal { from: first, to: newest, copied_ms, steps, wrong })
}

fn since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Each table and index by its kind and name, with its SQL.
fn objects(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    let found = schema::found(connection)?.into_iter();
    let named = found.filter(|(_, name, _)| !name.starts_with("sqlite_autoindex"));
    Ok(named.map(|(kind, name, sql)| (format!("{kind} {name}"), sql)).collect())
}
