//! What witnesses have cosigned of our logs, and authorities have stamped: a file of its own beside the database.
//!
//! It comes from outside, by others' clocks, and decides nothing: so it is not in the journal and not
//! replayed. It cannot be made again, so backups have it.

use crate::StoreError;
use crate::beside::Beside;
use forewarn_transcript::Hash;
use rusqlite::Connection;
use std::path::Path;

/// `line`: the signature line as it stands on a note. `digest`: of the receipt that is stamped; `token`: the stamp, in
/// DER.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS cosigned (
    log     TEXT NOT NULL,
    size    INTEGER NOT NULL,
    witness TEXT NOT NULL,
    line    TEXT NOT NULL,
    PRIMARY KEY (log, size, witness)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stamped (
    log       TEXT NOT NULL,
    size      INTEGER NOT NULL,
    authority TEXT NOT NULL,
    digest    BLOB NOT NULL,
    token     BLOB NOT NULL,
    PRIMARY KEY (log, size, authority)
) STRICT, WITHOUT ROWID;
";

/// A stamp that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStamp {
    /// The SHA-256 of the receipt that it stamps.
    pub digest: Hash,
    /// The token, in DER.
    pub token: Vec<u8>,
}

/// The file of one node. It is opened, and made, when it is first needed.
pub struct Outside(Beside);

impl Outside {
    /// The file at a path, which need not be there.
    pub fn at(path: &Path) -> Outside {
        Outside(Beside::at(path, made))
    }

    /// Keeps a witness's line on the checkpoint of a log at a size.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(
        &self,
        (log, size): (&str, u64),
        witness: &str,
        line: &str,
    ) -> Result<(), StoreError> {
        self.0.with(|file| {
            let sql = "INSERT OR IGNORE INTO cosigned (log, size, witness, line) \
                       VALUES (?1, ?2, ?3, ?4)";
            file.prepare_cached(sql)?.execute((log, number(size), witness, line))?;
            Ok(())
        })
    }

    /// The largest size of a log that a witness has cosigned; 0 when it has none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest(&self, log: &str, witness: &str) -> Result<u64, StoreError> {
        self.0.reading(|file| {
            let sql = "SELECT coalesce(max(size), 0) FROM cosigned WHERE log = ?1 AND witness = ?2";
            let size: i64 =
                file.prepare_cached(sql)?.query_row((log, witness), |row| row.get(0))?;
            Ok(u64::try_from(size).unwrap_or(0))
        })
    }

    /// The smallest size of a log, from this one on, that any witness has cosigned.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first_from(&self, log: &str, size: u64) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT min(size) FROM cosigned WHERE log = ?1 AND size >= ?2";
        self.0.reading(|file| first(file, sql, (log, size)))
    }

    /// Keeps an authority's stamp on the receipt of a log at a size.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_stamp(
        &self,
        (log, size): (&str, u64),
        authority: &str,
        stamp: &KeptStamp,
    ) -> Result<(), StoreError> {
        self.0.with(|file| {
            let sql = "INSERT OR IGNORE INTO stamped (log, size, authority, digest, token) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let KeptStamp { digest, token } = stamp;
            file.prepare_cached(sql)?.execute((log, number(size), authority, digest.0, token))?;
            Ok(())
        })
    }

    /// The largest size of a log that an authority has stamped; 0 when it has none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest_stamp(&self, log: &str, authority: &str) -> Result<u64, StoreError> {
        self.0.reading(|file| {
            let sql =
                "SELECT coalesce(max(size), 0) FROM stamped WHERE log = ?1 AND authority = ?2";
            let size: i64 =
                file.prepare_cached(sql)?.query_row((log, authority), |row| row.get(0))?;
            Ok(u64::try_from(size).unwrap_or(0))
        })
    }

    /// The smallest size of a log, from this one on, that any authority has stamped.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first_stamp_from(&self, log: &str, size: u64) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT min(size) FROM stamped WHERE log = ?1 AND size >= ?2";
        self.0.reading(|file| first(file, sql, (log, size)))
    }

    /// The stamps on the receipt of a log at a size, by the authorities' names.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn stamps(&self, log: &str, size: u64) -> Result<Vec<KeptStamp>, StoreError> {
        self.0.reading(|file| {
            let sql = "SELECT digest, token FROM stamped WHERE log = ?1 AND size = ?2 \
                       ORDER BY authority";
            let mut statement = file.prepare_cached(sql)?;
            let rows = statement.query_map((log, number(size)), |row| {
                Ok(KeptStamp { digest: Hash(row.get(0)?), token: row.get(1)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The lines on the checkpoint of a log at a size, by the witnesses' names.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn lines(&self, log: &str, size: u64) -> Result<Vec<String>, StoreError> {
        self.0.reading(|file| {
            let sql = "SELECT line FROM cosigned WHERE log = ?1 AND size = ?2 ORDER BY witness";
            let mut statement = file.prepare_cached(sql)?;
            let rows = statement.query_map((log, number(size)), |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The whole file, as of one moment.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        self.0.with(|file| {
            // Nobody writes to the file while somebody reads in a transaction.
            let reading = file.unchecked_transaction()?;
            reading.query_row("SELECT count(*) FROM cosigned", [], |_| Ok(()))?;
            std::fs::read(self.0.path()).map_err(|e| StoreError::damaged("outside.sqlite", e))
        })
    }
}

fn first(
    file: &Connection,
    sql: &str,
    (log, size): (&str, u64),
) -> Result<Option<u64>, StoreError> {
    let found: Option<i64> =
        file.prepare_cached(sql)?.query_row((log, number(size)), |row| row.get(0))?;
    Ok(found.and_then(|size| u64::try_from(size).ok()))
}

fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn made(file: &Connection) -> Result<(), StoreError> {
    file.pragma_update(None, "journal_mode", "DELETE")?;
    file.pragma_update(None, "synchronous", "FULL")?;
    Ok(file.execute_batch(TABLES)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_witness_has_cosigned_is_found_by_log_and_size_after_a_start_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outside.sqlite");
        let outside = Outside::at(&path);
        for (log, size, witness) in [("a", 3, "w"), ("a", 7, "w"), ("a", 7, "v"), ("b", 5, "w")] {
            outside.keep((log, size), witness, &format!("{log}{size}{witness}")).unwrap();
        }
        outside.keep(("a", 3), "w", "another").unwrap();
        let stamp = |byte: u8| KeptStamp { digest: Hash([byte; 32]), token: vec![byte; 3] };
        for (size, authority, byte) in [(4, "t", 1), (6, "t", 2), (6, "s", 3), (6, "t", 4)] {
            outside.keep_stamp(("a", size), authority, &stamp(byte)).unwrap();
        }
        let copy = folder.path().join("copy.sqlite");
        std::fs::write(&copy, outside.bytes().unwrap()).unwrap();
        for outside in [outside, Outside::at(&path), Outside::at(&copy)] {
            assert_eq!(outside.newest("a", "w").unwrap(), 7);
            assert_eq!(outside.newest("b", "v").unwrap(), 0);
            assert_eq!(outside.first_from("a", 4).unwrap(), Some(7));
            assert_eq!(outside.first_from("a", 8).unwrap(), None);
            assert_eq!(outside.lines("a", 7).unwrap(), ["a7v", "a7w"]);
            assert_eq!(outside.lines("a", 3).unwrap(), ["a3w"]);
            assert_eq!(outside.newest_stamp("a", "t").unwrap(), 6);
            assert_eq!(outside.newest_stamp("b", "t").unwrap(), 0);
            assert_eq!(outside.first_stamp_from("a", 5).unwrap(), Some(6));
            assert_eq!(outside.first_stamp_from("a", 7).unwrap(), None);
            assert_eq!(outside.stamps("a", 6).unwrap(), [stamp(3), stamp(2)]);
        }
    }
}
