//! Thanks that has reached a source's handle.

use crate::{Db, StoreError};
use forewarn_exchange::id::CaseNumber;
use serde::{Deserialize, Serialize};

/// Thanks that a partner has sent for a warning, kept for a source that the case came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thanks {
    /// The source's handle.
    pub source: String,
    /// The name of the partner who says thanks.
    pub partner: String,
    /// The case that the warning came from.
    pub case: CaseNumber,
    /// When it came here: an RFC 3339 timestamp.
    pub time: String,
    /// The partner's words.
    pub text: String,
}

impl Db<'_> {
    /// All thanks, oldest first.
    pub fn thanks(&self, after: i64, count: i64) -> Result<Vec<(i64, Thanks)>, StoreError> {
        let sql = "SELECT seq, source, partner, case_nr, time, text FROM thanks WHERE seq > ?1 \
                   ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([after, count], |row| {
            let thanks = Thanks {
                source: row.get(1)?,
                partner: row.get(2)?,
                case: CaseNumber::new(row.get(3)?),
                time: row.get(4)?,
                text: row.get(5)?,
            };
            Ok((row.get(0)?, thanks))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps thanks for one source.
    pub fn add_thanks(&self, thanks: &Thanks) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO thanks (source, partner, case_nr, time, text) VALUES (?1,?2,?3,?4,?5)";
        let Thanks { source, partner, case, time, text } = thanks;
        self.connection.prepare_cached(sql)?.execute((source, partner, case.get(), time, text))?;
        Ok(())
    }
}
