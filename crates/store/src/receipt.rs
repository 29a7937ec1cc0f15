//! Cosigned checkpoints: for our logs what the partners gave us, for theirs what we gave.

use crate::log::{LogRow, number};
use crate::seal::Seal;
use crate::{Db, StoreError};

impl Db<'_> {
    /// The cosigned checkpoint at this size.
    pub fn receipt(&self, log: &LogRow, size: u64) -> Result<Option<String>, StoreError> {
        let found = self.find_receipt(log, "size = ?2", number(size))?;
        Ok(found.map(|(_, note)| note))
    }

    /// The newest cosigned checkpoint, with its size.
    pub fn newest_receipt(&self, log: &LogRow) -> Result<Option<(u64, String)>, StoreError> {
        self.find_receipt(log, "size > ?2 ORDER BY size DESC LIMIT 1", 0)
    }

    /// The smallest cosigned checkpoint that covers entry `index`: the first that came for it.
    pub fn first_receipt(
        &self,
        log: &LogRow,
        index: u64,
    ) -> Result<Option<(u64, String)>, StoreError> {
        self.find_receipt(log, "size > ?2 ORDER BY size LIMIT 1", number(index))
    }

    pub(crate) fn find_receipt(
        &self,
        log: &LogRow,
        which: &str,
        value: i64,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let sql = format!("SELECT size, note, seal FROM receipt WHERE log = ?1 AND {which}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((log.number, value))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (size, note): (i64, String) = (row.get(0)?, row.get(1)?);
        let seal: Vec<u8> = row.get(2)?;
        Seal::receipt(log.number, size, &note)
            .check(&seal, || format!("the receipt at size {size} of {}", log.name))?;
        Ok(Some((u64::try_from(size).unwrap_or(0), note)))
    }

    /// Keeps a receipt for the log's first `size` entries; the first one for a size stays.
    pub fn add_receipt(&self, log: &mut LogRow, size: u64, note: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO receipt (log, size, note, seal) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO NOTHING";
        let seal = Seal::receipt(log.number, number(size), note).done();
        let row = (log.number, number(size), note, seal);
        if self.connection.prepare_cached(sql)?.execute(row)? > 0 {
            log.receipts += 1;
            self.set_counts(log)?;
        }
        Ok(())
    }
}
