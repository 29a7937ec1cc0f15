//! Intakes: one POST or file each, what became of its objects, and the quarantine.

use crate::reason::{Reason, words};
use crate::sight::Sight;
use crate::stamp::{Stamp, stamp_columns};
use crate::{Db, StoreError};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::{CollectionNumber, IntakeNumber};
use forewarn_stix::Timestamp;
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

/// Most rows that the outcome of one intake lists, of what was kept and of what was refused each;
/// counts go on beyond.
pub const MAX_LISTED: usize = 10_000;

/// One POST or file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewIntake {
    /// A UUID; a status resource of TAXII has it.
    pub id: String,
    /// When it came.
    pub time: Timestamp,
    /// Who brought it.
    pub actor: Actor,
    /// Where its items go, for those who look at it later.
    pub collection: CollectionNumber,
    /// The handle of the source whom the items came from; it never leaves this node.
    pub source: Option<String>,
    /// The grade of its items, such as `B2`: the text of a `Grading`.
    pub grade: Option<String>,
    /// What items count as that have no marking of their own: TLP.
    pub marking: Option<String>,
    /// What the intake is called here: the name of a file, or the like.
    pub name: Option<String>,
}

/// What one part of an intake brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<Known> {
    /// Where its items stand: none, when the last is before the first.
    pub first: i64,
    /// The last of its items.
    pub last: i64,
    /// Items that were here already.
    pub known: Known,
    /// How many things were refused: they are in quarantine.
    pub refused: i64,
}

/// One thing that is not valid, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Its place in the input.
    pub position: i64,
    /// The id that it claims, where one could be read.
    pub id: Option<String>,
    /// Its own version, `modified` or else `created`, where one could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Timestamp>,
    /// Every reason, those for which it is refused first; at least one.
    pub reasons: Vec<Reason>,
    /// The bytes as they were received.
    #[serde(with = "crate::written::bytes")]
    pub bytes: Vec<u8>,
}

impl Refused {
    /// The reasons in one line, for the other side.
    pub fn words(&self) -> String {
        words(&self.reasons)
    }
}

/// A quarantined thing as it is listed.
#[derive(Debug, Clone)]
pub struct QuarantineRow {
    /// Ours, in the order of refusal: the cursor of the next page.
    pub number: i64,
    /// Its place in the input.
    pub position: i64,
    /// The id that it claims, where one could be read.
    pub id: Option<String>,
    /// Every reason for which it was refused.
    pub reasons: Vec<Reason>,
    /// What the intake that brought it is called.
    pub name: Option<String>,
    /// When that intake came: an RFC 3339 timestamp.
    pub time: String,
    /// The bytes as text, where they are text; the first 4,000.
    pub bytes: String,
}

/// What became of one intake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeOutcome {
    /// When it came.
    pub time: String,
    /// Who brought it, as an actor is written.
    pub actor: String,
    /// What it is called.
    pub name: Option<String>,
    /// Where its items went; `None` for intakes of before that was kept.
    pub collection: Option<CollectionNumber>,
    /// How many were added or known, and how many refused.
    pub kept: u64,
    /// How many things were refused.
    pub refused: u64,
    /// What was added or known; none when there are more than [`MAX_LISTED`].
    pub kept_listed: Vec<KeptRow>,
    /// What was refused; the first [`MAX_LISTED`].
    pub refused_listed: Vec<RefusedRow>,
}

/// Who brought an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// As an actor is written.
    pub actor: String,
    /// The handle of the source whom it came from.
    pub source: Option<String>,
}

/// One thing that an intake added, or that was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// Its id.
    pub id: String,
    /// Its own version, or else when it was added.
    pub version: String,
    /// Whether it was here before.
    pub known: bool,
    /// The rules that it breaks.
    pub flaws: Vec<Reason>,
}

/// One thing that an intake refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Its own version, where one could be read.
    pub version: Option<String>,
    /// The reasons in words.
    pub words: String,
}

impl Db<'_> {
    /// The number of the intake with this id, which is begun when it is new.
    pub fn begin_intake(&self, intake: &NewIntake) -> Result<IntakeNumber, StoreError> {
        let sql = "SELECT number FROM intake WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        if let Some(number) = statement.query_row([&intake.id], |row| row.get(0)).optional()? {
            return Ok(IntakeNumber::new(number));
        }
        let sql = "INSERT INTO intake (id, time, actor, source, grade, marking, name, collection) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let NewIntake { id, time, actor, collection, source, grade, marking, name } = intake;
        let (time, actor) = (time.as_str(), actor.to_string());
        let row = (id, time, actor, source, grade, marking, name, collection.get());
        Ok(IntakeNumber::new(self.connection.prepare_cached(sql)?.insert(row)?))
    }

    /// Whether an intake with this id has begun.
    pub fn has_intake(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM intake WHERE id = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists([id])?)
    }

    /// A part of an intake, once its items are in.
    pub fn add_part(&self, intake: IntakeNumber, part: &Part<&[i64]>) -> Result<(), StoreError> {
        let sql = "INSERT INTO intake_part (intake, part, first, last, known, refused) VALUES (?1, \
                   (SELECT coalesce(max(part), 0) + 1 FROM intake_part WHERE intake = ?1), \
                   ?2, ?3, ?4, ?5)";
        let Part { first, last, known, refused } = part;
        let row = (intake.get(), first, last, crate::text(known)?, refused);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Who brought the item that was added at `seq`.
    pub fn bearer_of(&self, seq: i64) -> Result<Option<Bearer>, StoreError> {
        let sql = "SELECT n.actor, n.source FROM item i JOIN intake n ON n.number = i.intake \
                   WHERE i.seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = statement
            .query_row([seq], |row| Ok(Bearer { actor: row.get(0)?, source: row.get(1)? }));
        Ok(row.optional()?)
    }

    /// The id of the intake by which an item came.
    pub fn intake_of(&self, seq: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT n.id FROM item i JOIN intake n ON n.number = i.intake WHERE i.seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([seq], |row| row.get(0)).optional()?)
    }

    /// Keeps what is not valid, as it came, for a person to look at.
    pub fn quarantine(&self, intake: IntakeNumber, refused: &Refused) -> Result<(), StoreError> {
        let sql = "INSERT INTO quarantine (intake, position, id, reasons, bytes, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let reasons = crate::text(&refused.reasons)?;
        let Refused { position, id, bytes, version, .. } = refused;
        self.connection.prepare_cached(sql)?.execute((
            intake.get(),
            position,
            id,
            reasons,
            bytes,
            version.as_ref().map(Timestamp::as_str),
        ))?;
        Ok(())
    }

    /// What was refused after the number `after`, oldest first, at most `limit` rows.
    pub fn quarantined(
        &self,
        after: i64,
        limit: i64,
        sight: &Sight,
    ) -> Result<Vec<QuarantineRow>, StoreError> {
        let sql = "SELECT q.seq, q.position, q.id, q.reasons, n.name, n.time, \
                   coalesce(substr(q.bytes, 1, 4000), x'') FROM quarantine q JOIN intake n ON n.number = q.intake \
                   WHERE q.seq > ?1 AND CASE WHEN n.collection IS NULL THEN ?3 = '[]' \
                   ELSE n.collection NOT IN (SELECT value FROM json_each(?3)) END \
                   ORDER BY q.seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, limit, sight.hidden()))?;
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

    /// What of an intake was refused at positions from `start` to before `end`, in their order.
    pub fn quarantined_between(
        &self,
        intake: &str,
        start: i64,
        end: i64,
    ) -> Result<Vec<Refused>, StoreError> {
        let sql = "SELECT q.position, q.id, q.reasons, q.bytes, q.version FROM quarantine q \
                   JOIN intake n ON n.number = q.intake \
                   WHERE n.id = ?1 AND q.position >= ?2 AND q.position < ?3 ORDER BY q.position";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((intake, start, end))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let reasons = crate::parse("quarantine", &row.get::<_, String>(2)?)?;
            let (position, id, bytes) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let version: Option<String> = row.get(4)?;
            let version = version.and_then(|text| Timestamp::parse(&text).ok());
            out.push(Refused { position, id, version, reasons, bytes });
        }
        Ok(out)
    }

    /// What became of the intake with this id.
    pub fn intake_outcome(&self, id: &str) -> Result<Option<IntakeOutcome>, StoreError> {
        let sql = "SELECT number, time, actor, name, collection FROM intake WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = statement.query_row([id], |row| {
            let collection: Option<i64> = row.get(4)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, collection))
        });
        let Some((number, time, actor, name, collection)) = row.optional()? else {
            return Ok(None);
        };
        let collection = collection.map(CollectionNumber::new);
        let parts = self.parts(number)?;
        let refused = parts.iter().map(|part| u64::try_from(part.refused).unwrap_or(0)).sum();
        let kept = parts.iter().map(|part| {
            u64::try_from(part.last - part.first + 1).unwrap_or(0) + part.known.len() as u64
        });
        let kept = kept.sum();
        let listed = kept <= MAX_LISTED as u64;
        let kept_listed = if listed { self.ids_and_versions(&parts)? } else { Vec::new() };
        let refused_listed = self.refused_of(number)?;
        Ok(Some(IntakeOutcome {
            time,
            actor,
            name,
            collection,
            kept,
            refused,
            kept_listed,
            refused_listed,
        }))
    }

    fn parts(&self, intake: i64) -> Result<Vec<Part<Vec<i64>>>, StoreError> {
        let sql = "SELECT first, last, known, refused FROM intake_part WHERE intake = ?1 \
                   ORDER BY part";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([intake])?;
        let mut parts = Vec::new();
        while let Some(row) = rows.next()? {
            let known = crate::parse("intake_part", &row.get::<_, String>(2)?)?;
            let (first, last, refused) = (row.get(0)?, row.get(1)?, row.get(3)?);
            parts.push(Part { first, last, known, refused });
        }
        Ok(parts)
    }

    fn ids_and_versions(&self, parts: &[Part<Vec<i64>>]) -> Result<Vec<KeptRow>, StoreError> {
        let sql = concat!(
            "SELECT id, seq, ",
            stamp_columns!(""),
            " FROM item WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq"
        );
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut out = Vec::new();
        for part in parts {
            let known = part.known.iter().map(|seq| (*seq, *seq, true));
            for (first, last, known) in std::iter::once((part.first, part.last, false)).chain(known)
            {
                let rows = statement.query_map((first, last), |row| {
                    let seq: i64 = row.get(1)?;
                    Ok((row.get(0)?, seq, Stamp::read(row, 2)?.text(seq)))
                })?;
                for row in rows {
                    let (id, seq, version) = row?;
                    out.push(KeptRow { id, version, known, flaws: self.flaws_of(seq)? });
                }
            }
        }
        Ok(out)
    }

    fn refused_of(&self, intake: i64) -> Result<Vec<RefusedRow>, StoreError> {
        let sql = "SELECT id, version, reasons FROM quarantine WHERE intake = ?1 \
                   ORDER BY position LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((intake, i64::try_from(MAX_LISTED).unwrap_or(i64::MAX)))?;
        let mut refused = Vec::new();
        while let Some(row) = rows.next()? {
            let reasons: Vec<Reason> = crate::parse("quarantine", &row.get::<_, String>(2)?)?;
            let (id, version) = (row.get(0)?, row.get(1)?);
            refused.push(RefusedRow { id, version, words: words(&reasons) });
        }
        Ok(refused)
    }
}
