//! Items taken in: each once, its bytes as received; and the quarantine.

use crate::{Db, StoreError};
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The number of the place where free texts are kept; TAXII collections start at 1.
pub const TEXTS: i64 = 0;

/// Most bytes of items handed to the matcher at once.
const MAX_MATCH_BYTES: usize = 16 << 20;

/// One valid thing to be kept.
#[derive(Debug, Clone)]
pub struct NewItem {
    pub collection: i64,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// Microseconds since 1970 of its version; 0 where its type has none.
    pub version: i64,
    /// Its place in the input.
    pub position: i64,
    pub bytes: Vec<u8>,
}

/// One thing that is not valid, with the reasons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refused {
    pub position: i64,
    pub id: Option<String>,
    pub reasons: Vec<Reason>,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub path: String,
    pub rule: String,
    pub message: String,
}

/// One POST or file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewIntake {
    pub id: String,
    pub time: String,
    pub actor: String,
    pub source: Option<String>,
    pub grade: Option<String>,
    pub name: Option<String>,
}

/// What became of one valid item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// New, added at this microsecond.
    Added(i64),
    /// The same bytes were here before, added at this microsecond.
    Known(i64),
    /// The same id and version is here with other bytes: refused.
    Differs,
}

/// An item as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemRow {
    pub seq: i64,
    pub id: String,
    pub version: i64,
    pub size: i64,
    pub source: Option<String>,
    pub grade: Option<String>,
    pub time: String,
}

/// A quarantined thing as it is listed.
#[derive(Debug, Clone, Serialize)]
pub struct QuarantineRow {
    pub number: i64,
    pub position: i64,
    pub id: Option<String>,
    pub reasons: Vec<Reason>,
    pub name: Option<String>,
    pub time: String,
    /// The bytes as text, where they are text; the first 4,000.
    pub bytes: String,
}

/// An item for the matcher.
pub struct Stored {
    pub seq: i64,
    pub intake: i64,
    pub id: String,
    pub source: Option<String>,
    pub bytes: Vec<u8>,
}

impl Db<'_> {
    /// Where the next item may be added: later than every one before, whatever the clock says.
    pub fn next_seq(&self, now: i64) -> Result<i64, StoreError> {
        let last = self.number("SELECT coalesce(max(seq), 0) FROM item")?;
        Ok(now.max(last + 1))
    }

    pub fn next_intake(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM intake")
    }

    /// Keeps an item at `seq`, unless it is here already.
    pub fn keep(&self, seq: i64, intake: i64, item: &NewItem) -> Result<Kept, StoreError> {
        let digest: [u8; 32] = Sha256::digest(&item.bytes).into();
        let sql = "SELECT version, digest, seq FROM item WHERE collection = ?1 AND id = ?2 \
                   ORDER BY version DESC";
        let mut newest: Option<i64> = None;
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((item.collection, &item.id))?;
        while let Some(row) = rows.next()? {
            let version: i64 = row.get(0)?;
            newest = newest.or(Some(version));
            if version == item.version {
                let same = row.get_ref(1)?.as_blob().is_ok_and(|known| known == digest);
                return Ok(if same { Kept::Known(row.get(2)?) } else { Kept::Differs });
            }
        }
        drop(rows);
        let is_newest = newest.is_none_or(|newest| newest < item.version);
        if is_newest && newest.is_some() {
            let sql = "UPDATE item SET newest = 0 WHERE collection = ?1 AND id = ?2 AND newest = 1";
            self.connection.prepare_cached(sql)?.execute((item.collection, &item.id))?;
        }
        let sql = "INSERT INTO item (seq, collection, intake, id, version, newest, digest, bytes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let NewItem { collection, id, version, bytes, .. } = item;
        let row = (seq, collection, intake, id, version, is_newest, &digest[..], bytes);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(Kept::Added(seq))
    }

    /// An item that is here already came once more.
    pub fn add_sighting(&self, item: i64, intake: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO sighting (item, intake) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute((item, intake))?;
        Ok(())
    }

    /// Everyone whom an item came from.
    pub fn sources_of(&self, item: i64) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT n.source FROM intake n WHERE n.source IS NOT NULL AND n.number IN \
                   (SELECT intake FROM item WHERE seq = ?1 \
                    UNION SELECT intake FROM sighting WHERE item = ?1)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([item], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what is not valid, as it came, for a person to look at.
    pub fn quarantine(&self, intake: i64, refused: &Refused) -> Result<(), StoreError> {
        let sql = "INSERT INTO quarantine (intake, position, id, reasons, bytes) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let reasons = crate::text(&refused.reasons)?;
        let Refused { position, id, bytes, .. } = refused;
        self.connection.prepare_cached(sql)?.execute((intake, position, id, reasons, bytes))?;
        Ok(())
    }

    /// The intake's own row, once its items are in: they stand from `first` to `last`.
    pub fn close_intake(
        &self,
        number: i64,
        intake: &NewIntake,
        range: (i64, i64),
        known: &[i64],
        refused: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO intake (number, id, time, actor, source, grade, name, first, last, \
                   taken, known, refused) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)";
        let NewIntake { id, time, actor, source, grade, name } = intake;
        let (first, last) = range;
        let taken = last - first + 1;
        self.connection.prepare_cached(sql)?.execute(rusqlite::params![
            number,
            id,
            time,
            actor,
            source,
            grade,
            name,
            first,
            last,
            taken,
            crate::text(&known)?,
            refused
        ])?;
        Ok(())
    }

    /// The newest items, or all that were added behind `after`.
    pub fn items(&self, after: i64, limit: i64) -> Result<Vec<ItemRow>, StoreError> {
        let sql = "SELECT i.seq, i.id, i.version, length(i.bytes), n.source, n.grade, n.time \
                   FROM item i JOIN intake n ON n.number = i.intake \
                   WHERE i.seq > ?1 ORDER BY i.seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((after, limit), |row| {
            Ok(ItemRow {
                seq: row.get(0)?,
                id: row.get(1)?,
                version: row.get(2)?,
                size: row.get(3)?,
                source: row.get(4)?,
                grade: row.get(5)?,
                time: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest version of an item, with its source; looked for in the texts and in collections
    /// up to `collections`.
    pub fn item(&self, id: &str, collections: i64) -> Result<Option<Stored>, StoreError> {
        let sql = "SELECT i.seq, i.intake, i.id, n.source, i.bytes FROM item i \
                   JOIN intake n ON n.number = i.intake \
                   WHERE i.collection = ?1 AND i.id = ?2 AND i.newest = 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        for collection in TEXTS..=collections {
            let found = statement.query_row((collection, id), stored).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Items behind a follower's cursor.
    pub fn items_to_match(&self, after: i64, limit: i64) -> Result<Vec<Stored>, StoreError> {
        let sql = "SELECT i.seq, i.intake, i.id, n.source, i.bytes FROM item i \
                   JOIN intake n ON n.number = i.intake WHERE i.seq > ?1 ORDER BY i.seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, limit))?;
        let (mut items, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let item = stored(row)?;
            bytes += item.bytes.len();
            items.push(item);
            if bytes > MAX_MATCH_BYTES {
                break;
            }
        }
        Ok(items)
    }

    pub fn quarantined(&self, after: i64, limit: i64) -> Result<Vec<QuarantineRow>, StoreError> {
        let sql = "SELECT q.seq, q.position, q.id, q.reasons, n.name, n.time, \
                   substr(q.bytes, 1, 4000) FROM quarantine q JOIN intake n ON n.number = q.intake \
                   WHERE q.seq > ?1 ORDER BY q.seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, limit))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(6)?;
            out.push(QuarantineRow {
                number: row.get(0)?,
                position: row.get(1)?,
                id: row.get(2)?,
                reasons: crate::parse("quarantine", &row.get::<_, String>(3)?)?,
                name: row.get(4)?,
                time: row.get(5)?,
                bytes: String::from_utf8_lossy(&bytes).into_owned(),
            });
        }
        Ok(out)
    }
}

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        seq: row.get(0)?,
        intake: row.get(1)?,
        id: row.get(2)?,
        source: row.get(3)?,
        bytes: row.get(4)?,
    })
}

/// What became of one POST or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeOutcome {
    pub time: String,
    pub actor: String,
    /// Id and version of what was added or known.
    pub kept: Vec<(String, i64)>,
    /// Id, where one could be read, and the reasons in words.
    pub refused: Vec<(Option<String>, String)>,
}

impl Db<'_> {
    /// By the intake's id.
    pub fn intake_outcome(&self, id: &str) -> Result<Option<IntakeOutcome>, StoreError> {
        let sql = "SELECT number, time, first, last, known, actor FROM intake WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = statement.query_row([id], |row| {
            let (number, time) = (row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
            let range = (row.get::<_, i64>(2)?, row.get::<_, i64>(3)?);
            Ok((number, (time, row.get(5)?), range, row.get::<_, String>(4)?))
        });
        let Some((number, (time, actor), (first, last), known)) = row.optional()? else {
            return Ok(None);
        };
        let known: Vec<i64> = crate::parse("intake", &known)?;
        let mut kept = Vec::new();
        let sql = "SELECT id, version, seq FROM item WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let ranges = std::iter::once((first, last)).chain(known.into_iter().map(|seq| (seq, seq)));
        for range in ranges {
            let rows = statement.query_map(range, |row| {
                let (version, seq): (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, if version == 0 { seq } else { version }))
            })?;
            kept.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        let sql = "SELECT id, reasons FROM quarantine WHERE intake = ?1 ORDER BY position";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([number])?;
        let mut refused = Vec::new();
        while let Some(row) = rows.next()? {
            let reasons: Vec<Reason> = crate::parse("quarantine", &row.get::<_, String>(1)?)?;
            let words: Vec<String> = reasons.into_iter().map(|r| r.message).collect();
            refused.push((row.get(0)?, words.join("; ")));
        }
        Ok(Some(IntakeOutcome { time, actor, kept, refused }))
    }
}
