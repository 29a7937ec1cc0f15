//! What is said in public about cases and warnings.

use crate::{Db, StoreError};
use forewarn_exchange::id::Subject;
use forewarn_exchange::readout::Readout;

/// Readouts of which something may still have to be done, newest first.
const LIVE: &str = "SELECT state FROM readout \
    WHERE json_extract(state, '$.ours.stage') <> 'revealed' \
    OR json_extract(state, '$.theirs.noted') = 0 \
    ORDER BY json_extract(state, '$.status') <> 'Actual', seq DESC LIMIT ?1";

impl Db<'_> {
    /// The readout about a case or warning.
    pub fn readout(&self, subject: Subject) -> Result<Option<Readout>, StoreError> {
        self.state("SELECT state FROM readout WHERE subject = ?1", subject.to_string())
    }

    /// So many readouts after a number, each with its number, in the order in which they were begun.
    pub fn readouts_after(
        &self,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, Readout)>, StoreError> {
        let sql = "SELECT seq, state FROM readout WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, crate::parse("readout", &row.get::<_, String>(1)?)?));
        }
        Ok(all)
    }

    /// At most so many readouts that may need somebody.
    pub fn readouts_in_need(&self, limit: usize) -> Result<Vec<Readout>, StoreError> {
        self.states(LIVE, [i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    /// A readout is this from now on.
    pub fn set_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        let sql = "INSERT INTO readout (subject, state) VALUES (?1, ?2) \
                   ON CONFLICT (subject) DO UPDATE SET state = ?2";
        let row = (readout.subject.to_string(), crate::text(readout)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
