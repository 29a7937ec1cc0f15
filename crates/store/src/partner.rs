//! Partners.

use crate::{Db, StoreError, parse};
use forewarn_exchange::partner::Partner;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Most rows whose meaning is remembered. A row is some kilobytes.
const MAX_REMEMBERED: usize = 1_000;

/// What rows mean, by their text. Each request of a partner's node reads its row, and most of that
/// is the reading of its keys. It depends on the text alone, so nothing here can be out of date.
static READ: LazyLock<Mutex<HashMap<String, Partner>>> = LazyLock::new(Mutex::default);

/// The partner of a row.
fn read(text: &str) -> Result<Partner, StoreError> {
    let lock = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(text) {
        return Ok(known.clone());
    }
    let partner: Partner = parse("partner", text)?;
    let mut known = lock();
    if known.len() >= MAX_REMEMBERED {
        known.clear();
    }
    known.insert(text.to_owned(), partner.clone());
    Ok(partner)
}

impl Db<'_> {
    /// The partner of that name; `None` when there is none.
    pub fn partner(&self, name: &str) -> Result<Option<Partner>, StoreError> {
        let sql = "SELECT state FROM partner WHERE name = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([name])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        read(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?).map(Some)
    }

    /// All of them, by name.
    pub fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT state FROM partner ORDER BY name")?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(all)
    }

    /// Keeps a partner, in the place of the one of its name.
    pub fn set_partner(&self, partner: &Partner) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO partner (name, state) VALUES (?1, ?2)";
        self.put(sql, partner.name(), partner)
    }
}
