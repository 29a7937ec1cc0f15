//! What must never reach a partner: one set for each, that only ever grows.

use crate::{Db, StoreError};
use forewarn_exchange::gate::{Withheld, WithheldKind};
use forewarn_exchange::name::NodeName;

/// Each kind with the word that it is kept by.
const KINDS: &[(WithheldKind, &str)] = &[
    (WithheldKind::Name, "name"),
    (WithheldKind::Source, "source"),
    (WithheldKind::OriginalId, "original-id"),
    (WithheldKind::Partner, "partner"),
];

impl Db<'_> {
    /// All that is withheld from a partner, whichever case it came by.
    pub fn withheld(&self, partner: &NodeName) -> Result<Vec<Withheld>, StoreError> {
        let sql = "SELECT kind, text FROM withheld WHERE partner = ?1 ORDER BY kind, text";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([&**partner])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let word: String = row.get(0)?;
            let kind = KINDS.iter().find(|(_, known)| *known == word);
            let (what, _) = kind.ok_or_else(|| {
                StoreError::damaged("withheld", format!("`{word}` is not a kind"))
            })?;
            all.push(Withheld { what: *what, text: row.get(1)? });
        }
        Ok(all)
    }

    /// These are withheld from a partner from now on.
    pub fn withhold(&self, partner: &NodeName, all: &[Withheld]) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO withheld (partner, kind, text) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for one in all {
            let kind = KINDS.iter().find(|(kind, _)| *kind == one.what);
            let kind = kind.map_or("", |(_, word)| word);
            statement.execute((&**partner, kind, &one.text))?;
        }
        Ok(())
    }
}
