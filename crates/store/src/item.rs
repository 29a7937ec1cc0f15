//! Items taken in: each version of each id once, its bytes as received.

mod media;
mod new;
mod original;
mod version;

pub use media::Media;
pub use new::NewItem;
pub use original::Original;
pub use version::{Kept, Version};
pub(crate) use version::{NEWEST, OLDEST, SOLE, Standing, moment};

use crate::ids;
use crate::reason::Reason;
use crate::sight::Sight;
use crate::stamp::{Stamp, stamp_columns};
use crate::{Db, StoreError};
use forewarn_exchange::id::{CollectionNumber, ExerciseNumber, IntakeNumber};
use rusqlite::OptionalExtension as _;
use std::collections::BTreeSet;

/// Most bytes of items handed to the matcher at once.
const MAX_MATCH_BYTES: usize = 16 << 20;

/// An item as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The microsecond since 1970 at which it was added: unique, and so its number here.
    pub seq: i64,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// `modified`, or else `created`, as it is written.
    pub version: Stamp,
    /// Whether it breaks rules, and is usable all the same.
    pub flawed: bool,
    /// How long its bytes are.
    pub size: i64,
    /// The handle of the source of the intake that brought it.
    pub source: Option<String>,
    /// The grade of that intake: the text of a `Grading`.
    pub grade: Option<String>,
    /// When that intake came: an RFC 3339 timestamp.
    pub time: String,
    /// What it counts as when it has no marking of its own: TLP.
    pub marking: Option<String>,
    /// Deleted from its collection since; kept here all the same.
    pub deleted: bool,
    /// The exercise that brought it.
    pub exercise: Option<ExerciseNumber>,
}

/// An item for the matcher.
pub struct Stored {
    /// The microsecond since 1970 at which it was added: the matcher's cursor.
    pub seq: i64,
    /// The intake that brought it: items that came together are judged together.
    pub intake: IntakeNumber,
    /// What the bytes are.
    pub media: Media,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// The handle of the source of the intake that brought it.
    pub source: Option<String>,
    /// The grade of that intake: the text of a `Grading`.
    pub grade: Option<String>,
    /// What it counts as when it has no marking of its own: TLP.
    pub marking: Option<String>,
    /// The item as it was received.
    pub bytes: Vec<u8>,
}

impl Db<'_> {
    /// An item that is here already came once more.
    pub fn add_sighting(&self, item: i64, intake: IntakeNumber) -> Result<(), StoreError> {
        let sql = "INSERT INTO sighting (item, intake) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute((item, intake.get()))?;
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

    /// How an object was graded, and by which source, each time it came in by a collection that may
    /// be seen: oldest first, each pair once.
    pub fn gradings(
        &self,
        id: &str,
        sight: &Sight,
    ) -> Result<Vec<(Option<String>, String)>, StoreError> {
        let mut all: Vec<(Option<String>, String)> = Vec::new();
        let sql = "SELECT n.source, n.grade FROM intake n WHERE n.grade IS NOT NULL \
                   AND n.number IN (SELECT intake FROM item WHERE seq = ?1 \
                    UNION SELECT intake FROM sighting WHERE item = ?1) \
                   AND coalesce(n.collection, 0) NOT IN (SELECT value FROM json_each(?2)) \
                   ORDER BY n.number";
        let mut statement = self.connection.prepare_cached(sql)?;
        for item in self.item_ever(id)? {
            let rows = statement
                .query_map((item.seq, sight.hidden()), |row| Ok((row.get(0)?, row.get(1)?)))?;
            for row in rows {
                let row = row?;
                if !all.contains(&row) {
                    all.push(row);
                }
            }
        }
        Ok(all)
    }

    /// The items that were added after `after`, oldest first.
    pub fn items(&self, after: i64, limit: i64, sight: &Sight) -> Result<Vec<ItemRow>, StoreError> {
        let sql = format!(
            "{ROW} WHERE i.seq > ?1 AND i.collection >= 0 \
             AND i.collection NOT IN (SELECT value FROM json_each(?3)) \
             ORDER BY i.seq LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((after, limit, sight.hidden()), item_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The item that was added at `seq` as it is listed.
    pub fn item_row(&self, seq: i64) -> Result<Option<ItemRow>, StoreError> {
        let sql = format!("{ROW} WHERE i.seq = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([seq], item_row).optional()?)
    }

    /// The rules that the item at `seq` breaks, and is usable all the same.
    pub fn flaws_of(&self, seq: i64) -> Result<Vec<Reason>, StoreError> {
        let sql = "SELECT reasons FROM flaw WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found: Option<String> = statement.query_row([seq], |row| row.get(0)).optional()?;
        found.map_or(Ok(Vec::new()), |text| crate::parse("flaw", &text))
    }

    /// The newest version of an item, with its source; looked for in the texts and in all
    /// collections.
    pub fn item(&self, id: &str) -> Result<Option<Stored>, StoreError> {
        self.item_in(id, |_| true)
    }

    /// The same, in these collections.
    pub(crate) fn item_in(
        &self,
        id: &str,
        may: impl Fn(i64) -> bool,
    ) -> Result<Option<Stored>, StoreError> {
        for collection in self.places()?.into_iter().filter(|collection| may(*collection)) {
            let newest = self.newest_in(CollectionNumber::new(collection), id)?;
            if newest.is_some() {
                return Ok(newest);
            }
        }
        Ok(None)
    }

    /// The newest version of an item that stands in this collection.
    pub fn newest_in(
        &self,
        collection: CollectionNumber,
        id: &str,
    ) -> Result<Option<Stored>, StoreError> {
        let sql = format!("{STORED} WHERE i.seq = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let Some(newest) = self.versions_of(collection.get(), id)?.pop() else { return Ok(None) };
        let mut rows = statement.query([newest.seq])?;
        rows.next()?.map(stored).transpose()
    }

    /// The newest version of an object in each collection that holds it.
    pub fn newest_in_each(&self, id: &str) -> Result<Vec<Stored>, StoreError> {
        let mut all = Vec::new();
        for collection in self.places()? {
            all.extend(self.item_in(id, |one| one == collection)?);
        }
        Ok(all)
    }

    /// The item that was added at `seq`, deleted or not, with its version.
    pub fn stored_at(&self, seq: i64) -> Result<Option<(Stored, Stamp)>, StoreError> {
        let sql = format!("{STORED} WHERE i.seq = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([seq])?;
        let Some(found) = rows.next()?.map(stored).transpose()? else { return Ok(None) };
        let sql = concat!("SELECT ", stamp_columns!(""), " FROM item WHERE seq = ?1");
        let mut statement = self.connection.prepare_cached(sql)?;
        let stamp = statement.query_row([seq], |row| Stamp::read(row, 0))?;
        Ok(Some((found, stamp)))
    }

    /// Every version of an item that was ever taken in, deleted ones too.
    pub fn item_ever(&self, id: &str) -> Result<Vec<Stored>, StoreError> {
        let sql = format!("{STORED} WHERE i.seq = ?1 AND i.id = ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let sql = "SELECT seq FROM item INDEXED BY item_versions \
                   WHERE collection = ?1 AND id = ?2 AND shown IS NOT 3";
        let mut others = self.connection.prepare_cached(sql)?;
        let mut out = Vec::new();
        for collection in self.places()? {
            let mut seqs: BTreeSet<i64> =
                self.items_of_key(ids::key(collection, id))?.into_iter().collect();
            for seq in others.query_map((collection, id), |row| row.get(0))? {
                seqs.insert(seq?);
            }
            for seq in seqs {
                let mut rows = statement.query((seq, id))?;
                out.extend(rows.next()?.map(stored).transpose()?);
            }
        }
        Ok(out)
    }

    /// The texts, and every collection that things were ever taken in by.
    pub(crate) fn places(&self) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT number FROM collection WHERE number > 0 ORDER BY number";
        let mut statement = self.connection.prepare_cached(sql)?;
        let numbers = statement.query_map([], |row| row.get(0))?;
        std::iter::once(Ok(CollectionNumber::TEXTS.get())).chain(numbers.map(|n| Ok(n?))).collect()
    }

    /// Items after a follower's cursor, up to `until`.
    pub fn items_to_match(
        &self,
        after: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "{STORED} WHERE i.seq > ?1 AND i.seq <= ?2 AND i.collection >= 0 \
             ORDER BY i.seq LIMIT ?3"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((after, until, limit))?;
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

    /// Items with numbers from after `after` up to `until`, oldest or newest first, at most so many,
    /// and of not much more than so many bytes.
    pub(crate) fn items_to_search(
        &self,
        after: i64,
        until: i64,
        (oldest_first, limit, bytes): (bool, i64, usize),
    ) -> Result<Vec<ToSearch>, StoreError> {
        let order = if oldest_first { "ASC" } else { "DESC" };
        let sql = format!(
            "{TO_SEARCH} WHERE i.seq > ?1 AND i.seq <= ?2 AND i.collection >= 0 \
             ORDER BY i.seq {order} LIMIT ?3"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((after, until, limit))?;
        let (mut items, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let item = to_search(row)?;
            size += item.bytes.len();
            items.push(item);
            if size > bytes {
                break;
            }
        }
        Ok(items)
    }

    /// The item that was added at `seq`, where it came in and was not sent out.
    pub(crate) fn item_to_search(&self, seq: i64) -> Result<Option<ToSearch>, StoreError> {
        let sql = format!("{TO_SEARCH} WHERE i.seq = ?1 AND i.collection >= 0");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([seq])?;
        rows.next()?.map(to_search).transpose()
    }

    /// Items that came in with the one at `seq`, near it, as far as they may be seen: each id with its
    /// bytes, in their order.
    pub fn came_with(
        &self,
        seq: i64,
        near: i64,
        sight: &Sight,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let sql = "SELECT i.id, c.bytes FROM item i JOIN content c ON c.seq = i.seq \
                   WHERE i.seq >= ?1 - ?2 AND i.seq <= ?1 + ?2 AND i.collection >= 0 \
                   AND i.intake = (SELECT intake FROM item WHERE seq = ?1) \
                   AND i.collection NOT IN (SELECT value FROM json_each(?3)) ORDER BY i.seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement
            .query_map((seq, near, sight.hidden()), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many items came from the first instant to before the second, and how many of them have met
    /// an interest, as far as they may be seen.
    pub fn items_counted(
        &self,
        (from, until): (i64, i64),
        sight: &Sight,
    ) -> Result<(i64, i64), StoreError> {
        let row = (from, until, sight.hidden());
        let sql = "SELECT count(*) FROM item WHERE seq >= ?1 AND seq < ?2 AND collection >= 0 \
                   AND collection NOT IN (SELECT value FROM json_each(?3))";
        let came = self.connection.prepare_cached(sql)?.query_row(row.clone(), |row| row.get(0))?;
        let sql = "SELECT count(DISTINCT m.item) FROM match m JOIN item i ON i.seq = m.item \
                   WHERE m.item >= ?1 AND m.item < ?2 AND i.collection >= 0 \
                   AND i.collection NOT IN (SELECT value FROM json_each(?3))";
        let met = self.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
        Ok((came, met))
    }

    /// The newest item; 0 when there is none.
    pub fn newest_item(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(seq), 0) FROM item")
    }
}

const ROW: &str = concat!(
    "SELECT i.seq, i.id, length(c.bytes), n.source, n.grade, n.time, i.shown IS NULL, n.marking, ",
    "EXISTS (SELECT 1 FROM flaw f WHERE f.seq = i.seq), ",
    "(SELECT e.number FROM exercise e WHERE e.collection = i.collection), ",
    stamp_columns!("i."),
    " FROM item i JOIN content c ON c.seq = i.seq JOIN intake n ON n.number = i.intake"
);

fn item_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        seq: row.get(0)?,
        id: row.get(1)?,
        size: row.get(2)?,
        source: row.get(3)?,
        grade: row.get(4)?,
        time: row.get(5)?,
        deleted: row.get(6)?,
        marking: row.get(7)?,
        flawed: row.get(8)?,
        exercise: row.get::<_, Option<i64>>(9)?.map(ExerciseNumber::new),
        version: Stamp::read(row, 10)?,
    })
}

const STORED: &str = "SELECT i.seq, i.intake, i.id, n.source, n.grade, c.bytes, i.media, \
                      n.marking FROM item i \
                      JOIN content c ON c.seq = i.seq JOIN intake n ON n.number = i.intake";

fn stored(row: &rusqlite::Row<'_>) -> Result<Stored, StoreError> {
    Ok(Stored {
        seq: row.get(0)?,
        intake: IntakeNumber::new(row.get(1)?),
        media: Media::of_number(row.get(6)?)?,
        id: row.get(2)?,
        source: row.get(3)?,
        grade: row.get(4)?,
        bytes: row.get(5)?,
        marking: row.get(7)?,
    })
}

/// An item for whoever searches.
pub(crate) struct ToSearch {
    pub(crate) seq: i64,
    pub(crate) collection: i64,
    pub(crate) media: Media,
    pub(crate) bytes: Vec<u8>,
}

const TO_SEARCH: &str = "SELECT i.seq, i.collection, i.media, c.bytes FROM item i \
                         JOIN content c ON c.seq = i.seq";

fn to_search(row: &rusqlite::Row<'_>) -> Result<ToSearch, StoreError> {
    Ok(ToSearch {
        seq: row.get(0)?,
        collection: row.get(1)?,
        media: Media::of_number(row.get(2)?)?,
        bytes: row.get(3)?,
    })
}
