//! Versions as they are written, to the nanosecond; flaws of what was taken in; versions of what
//! was refused.

use forewarn_stix::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

const STEP: &str = "
-- version is in microseconds, 0 for none. beyond: nanoseconds beyond them; from 1,000 on within a leap
-- second. written: the text of the version, where version, beyond and digits do not say it.
ALTER TABLE item ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN written TEXT;

-- The rules that an item breaks, which is usable all the same.
CREATE TABLE flaw (seq INTEGER PRIMARY KEY, reasons TEXT NOT NULL) STRICT;

-- The version of what was refused, where one could be read.
ALTER TABLE quarantine ADD COLUMN version TEXT;
";

/// Versions of which the columns said less than all: with more than six digits; in the last second
/// of a day, which may have been a leap second; at the beginning of 1970; and the one instant that
/// all after it were.
const NOT_SAID: &str = "SELECT i.seq, i.version, c.bytes FROM item i JOIN content c ON c.seq = i.seq \
     WHERE i.media = 0 AND (i.digits = 6 OR i.version = 253402207200999999 \
     OR i.version % 86400000000 >= 86399000000 \
     OR (i.version = 0 AND instr(c.bytes, CAST('1970-01-01T00:00:00' AS BLOB)) > 0))";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)?;
    let mut items = file.prepare(NOT_SAID)?;
    let mut rows = items.query([])?;
    let sql = "UPDATE item SET version = ?2, beyond = ?3, digits = ?4, written = ?5 WHERE seq = ?1";
    let mut update = file.prepare(sql)?;
    while let Some(row) = rows.next()? {
        let (seq, before, bytes): (i64, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(time) = version(&bytes) else { continue };
        let written = is_odd(&time).then(|| time.as_str());
        if written.is_some() || time.micros() != before {
            let (micros, beyond) = (time.micros(), time.moment().beyond_micros());
            let digits = u8::try_from(time.digits()).unwrap_or(u8::MAX);
            update.execute((seq, micros, beyond, digits, written))?;
        }
    }
    let mut refused = file.prepare("SELECT seq, bytes FROM quarantine")?;
    let mut rows = refused.query([])?;
    let mut update = file.prepare("UPDATE quarantine SET version = ?2 WHERE seq = ?1")?;
    while let Some(row) = rows.next()? {
        let (seq, bytes): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if let Some(time) = version(&bytes) {
            update.execute((seq, time.as_str()))?;
        }
    }
    Ok(())
}

/// Whether microseconds and digits do not say a time.
fn is_odd(time: &Timestamp) -> bool {
    let said = Timestamp::from_micros_with(time.micros(), time.digits());
    time.micros() == 0 || said.as_ref() != Some(time)
}

/// An object's own version.
fn version(bytes: &[u8]) -> Option<Timestamp> {
    let object: Value = serde_json::from_slice(bytes).ok()?;
    let time = |name: &str| Timestamp::parse_any(object.get(name)?.as_str()?).ok();
    time("modified").or_else(|| time("created"))
}

#[cfg(test)]
mod tests {
    use super::super::{STEPS, migrate};
    use rusqlite::Connection;

    #[test]
    fn versions_of_an_older_file_are_as_the_objects_write_them() {
        let file = Connection::open_in_memory().unwrap();
        for step in STEPS.iter().take(6) {
            step(&file).unwrap();
        }
        file.pragma_update(None, "user_version", 6).unwrap();
        let times = [
            ("2026-01-02T03:04:05.123456789Z", 1_767_323_045_123_456_i64, 6),
            ("2026-01-02T03:04:05.123456Z", 1_767_323_045_123_456, 6),
            ("9999-12-31T23:59:59Z", 253_402_207_200_999_999, 0),
            ("1970-01-01T00:00:00.000Z", 0, 3),
            ("2016-12-31T23:59:60.5Z", 1_483_228_799_500_000, 1),
        ];
        for (seq, (time, micros, digits)) in (1_i64..).zip(times) {
            let bytes = format!("{{\"modified\":\"{time}\"}}").into_bytes();
            let sql = "INSERT INTO item (seq, collection, kind, shown, intake, id, version, digits) \
                       VALUES (?1, 1, 0, 3, 1, ?1, ?2, ?3)";
            file.execute(sql, (seq, micros, digits)).unwrap();
            let sql = "INSERT INTO content (seq, digest, bytes) VALUES (?1, x'', ?2)";
            file.execute(sql, (seq, &bytes)).unwrap();
            let sql = "INSERT INTO quarantine (intake, position, reasons, bytes) \
                       VALUES (1, ?1, '[]', ?2)";
            file.execute(sql, (seq, bytes)).unwrap();
        }
        migrate(&file).unwrap();
        let row = |seq: i64| {
            let sql = "SELECT version, beyond, coalesce(written, '') FROM item WHERE seq = ?1";
            let row = file.query_row(sql, [seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            row.unwrap()
        };
        let said = |n: usize| times[n].0.to_owned();
        assert_eq!(row(1), (1_767_323_045_123_456_i64, 789_i64, said(0)));
        assert_eq!(row(2), (1_767_323_045_123_456, 0, String::new()));
        assert_eq!(row(3), (253_402_300_799_000_000, 0, String::new()));
        assert_eq!(row(4), (0, 0, said(3)));
        assert_eq!(row(5), (1_483_228_799_999_999, 500_001_000, said(4)));
        let sql = "SELECT version FROM quarantine WHERE position = 3";
        assert_eq!(file.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap(), said(2));
    }
}
