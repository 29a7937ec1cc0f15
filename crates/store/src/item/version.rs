//! The versions that a collection holds of an object: where a new one stands among them, and which
//! are taken out.

use super::media::Media;
use super::new::NewItem;
use crate::ids;
use crate::reason::Reason;
use crate::stamp::stamp_columns;
use crate::{Db, StoreError};
use forewarn_exchange::id::{CollectionNumber, IntakeNumber};
use forewarn_stix::Timestamp;
use forewarn_stix::time::Moment;
use rusqlite::OptionalExtension as _;

/// What `item.shown` holds: bits.
pub(crate) const NEWEST: i64 = 1;
pub(crate) const OLDEST: i64 = 2;
/// The one version of its id.
pub(crate) const SOLE: i64 = NEWEST | OLDEST;

/// What became of one valid item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// New, added at this microsecond.
    Added(i64),
    /// The same bytes were here before, added at this microsecond.
    Known(i64),
    /// The same id and version is here with other bytes: refused.
    Differs,
    /// It may not follow the versions that are here: refused.
    Apart(Reason),
}

/// A version of an object, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) seq: i64,
    /// Its own; `None` for an object without versions.
    pub(crate) version: Option<Moment>,
    pub(crate) shown: i64,
}

/// The place of a version in the order that the index has.
fn order(version: Option<Moment>) -> (i64, u32) {
    version.map_or((0, 0), |own| (own.micros(), own.beyond_micros()))
}

/// What a collection holds of an id.
enum Holding {
    Nothing,
    /// One version.
    Sole(Standing),
    /// Several: they are in the index `item_versions`.
    Several,
}

impl Db<'_> {
    /// Where the next item may be added: later than every one before, whatever the clock says.
    pub fn next_seq(&self, now: i64) -> Result<i64, StoreError> {
        let last = self.number("SELECT coalesce(max(seq), 0) FROM item")?;
        Ok(now.max(last + 1))
    }

    /// Keeps an item at `seq`, unless it is here already. `objection` says why it may not follow the
    /// newest version that is here, by where that was added and whether the item is newer.
    pub fn keep(
        &self,
        seq: i64,
        intake: IntakeNumber,
        item: &NewItem,
        objection: impl FnOnce(i64, bool) -> Result<Option<Reason>, StoreError>,
    ) -> Result<Kept, StoreError> {
        let version = item.version.moment();
        let shown = match self.holding(item.collection.get(), &item.id, item.key)? {
            Holding::Nothing => {
                self.add_key(item.key, seq);
                SOLE
            }
            Holding::Sole(known) if known.version == version => {
                return self.again(known.seq, item);
            }
            Holding::Sole(known) => {
                let newer = order(version) > order(known.version);
                if let Some(reason) = objection(known.seq, newer)? {
                    return Ok(Kept::Apart(reason));
                }
                self.show(known.seq, if newer { OLDEST } else { NEWEST })?;
                if newer { NEWEST } else { OLDEST }
            }
            Holding::Several => match self.among(item, objection)? {
                Among::Known(seq) => return self.again(seq, item),
                Among::Apart(reason) => return Ok(Kept::Apart(reason)),
                Among::At(shown) => shown,
            },
        };
        let sql = "INSERT INTO item (seq, collection, kind, shown, intake, id, media, \
                   version, beyond, digits, written) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let NewItem { collection, media, id, bytes, digest, kind, .. } = item;
        let (collection, intake, media) = (collection.get(), intake.get(), media.number());
        let (micros, beyond, digits, written) = item.version.columns();
        let row =
            (seq, collection, kind, shown, intake, id, media, micros, beyond, digits, written);
        self.connection.prepare_cached(sql)?.execute(row)?;
        let sql = "INSERT INTO content (seq, digest, bytes) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((seq, &digest[..], bytes))?;
        if !item.flaws.is_empty() {
            let sql = "INSERT INTO flaw (seq, reasons) VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute((seq, crate::text(&item.flaws)?))?;
        }
        if let Some(original) = &item.original {
            self.keep_original(seq, original)?;
        }
        Ok(Kept::Added(seq))
    }

    /// The same id and version came once more.
    fn again(&self, seq: i64, item: &NewItem) -> Result<Kept, StoreError> {
        let sql = "SELECT digest FROM content WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let same = statement.query_row([seq], |row| Ok(row.get_ref(0)?.as_blob()? == item.digest));
        Ok(if same? || self.says_the_same(seq, item)? { Kept::Known(seq) } else { Kept::Differs })
    }

    /// Whether the same value is here, written otherwise: with other spaces, in another order.
    fn says_the_same(&self, seq: i64, item: &NewItem) -> Result<bool, StoreError> {
        if item.media != Media::Stix {
            return Ok(false);
        }
        let sql = "SELECT bytes FROM content WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let here: Vec<u8> = statement.query_row([seq], |row| row.get(0))?;
        let value = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
        let (here, came) = (value(&here), value(&item.bytes));
        Ok(here.is_some() && here == came)
    }

    fn holding(&self, collection: i64, id: &str, key: i64) -> Result<Holding, StoreError> {
        let seqs = self.items_of_key(key)?;
        if seqs.is_empty() {
            return Ok(Holding::Nothing);
        }
        let sql = concat!(
            "SELECT seq, shown, ",
            stamp_columns!(""),
            " FROM item WHERE seq = ?1 AND collection = ?2 AND id = ?3"
        );
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut was_here = false;
        for seq in seqs {
            let row = |row: &rusqlite::Row<'_>| {
                let shown: Option<i64> = row.get(1)?;
                shown.map(|_| standing(row)).transpose()
            };
            let found = statement.query_row((seq, collection, id), row).optional()?;
            was_here |= found.is_some();
            let Some(Some(standing)) = found else { continue };
            let shown = standing.shown;
            return Ok(if shown == SOLE { Holding::Sole(standing) } else { Holding::Several });
        }
        // The version that came first was deleted; later ones may be left.
        let several = was_here && {
            let mut statement = self.connection.prepare_cached(VERSIONS)?;
            statement.exists((collection, id))?
        };
        Ok(if several { Holding::Several } else { Holding::Nothing })
    }

    /// Where a version stands among several, and what it changes for the one it passes.
    fn among(
        &self,
        item: &NewItem,
        objection: impl FnOnce(i64, bool) -> Result<Option<Reason>, StoreError>,
    ) -> Result<Among, StoreError> {
        let version = item.version.moment();
        let (micros, beyond) = order(version);
        let end = |order: &str| {
            let sql = format!("{VERSIONS} ORDER BY version {order}, beyond {order} LIMIT 1");
            let mut statement = self.connection.prepare_cached(&sql)?;
            statement.query_row((item.collection.get(), &item.id), standing).optional()
        };
        let sql = format!("{VERSIONS} AND version = ?3 AND beyond = ?4");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let key = (item.collection.get(), &item.id, micros, beyond);
        for known in statement.query_map(key, standing)? {
            let known = known?;
            if known.version == version {
                return Ok(Among::Known(known.seq));
            }
        }
        let (newest, oldest) = (end("DESC")?, end("ASC")?);
        if let Some(newest) = &newest {
            let newer = order(newest.version) < (micros, beyond);
            if let Some(reason) = objection(newest.seq, newer)? {
                return Ok(Among::Apart(reason));
            }
        }
        if let Some(newest) = newest.filter(|newest| order(newest.version) < (micros, beyond)) {
            self.show(newest.seq, newest.shown & !NEWEST)?;
            return Ok(Among::At(NEWEST));
        }
        if let Some(oldest) = oldest.filter(|oldest| order(oldest.version) > (micros, beyond)) {
            self.show(oldest.seq, oldest.shown & !OLDEST)?;
            return Ok(Among::At(OLDEST));
        }
        Ok(Among::At(0))
    }

    fn show(&self, seq: i64, shown: impl Into<Option<i64>>) -> Result<(), StoreError> {
        let sql = "UPDATE item SET shown = ?2 WHERE seq = ?1";
        self.connection.prepare_cached(sql)?.execute((seq, shown.into()))?;
        Ok(())
    }

    /// Every version that a collection holds of an id, by version.
    pub(crate) fn versions_of(
        &self,
        collection: i64,
        id: &str,
    ) -> Result<Vec<Standing>, StoreError> {
        match self.holding(collection, id, ids::key(collection, id))? {
            Holding::Nothing => Ok(Vec::new()),
            Holding::Sole(standing) => Ok(vec![standing]),
            Holding::Several => {
                let sql = format!("{VERSIONS} ORDER BY version, beyond");
                let mut statement = self.connection.prepare_cached(&sql)?;
                let rows = statement.query_map((collection, id), standing)?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
        }
    }

    /// When the first version of an object that came at `after` or later was added, microseconds.
    pub fn added_at(
        &self,
        collection: CollectionNumber,
        id: &str,
        after: i64,
    ) -> Result<Option<i64>, StoreError> {
        let all = self.versions_of(collection.get(), id)?;
        Ok(all.into_iter().map(|one| one.seq).filter(|seq| *seq >= after).min())
    }

    /// Whether a collection holds any version of an object.
    pub fn has_object(&self, collection: CollectionNumber, id: &str) -> Result<bool, StoreError> {
        let collection = collection.get();
        let found = self.holding(collection, id, ids::key(collection, id))?;
        Ok(!matches!(found, Holding::Nothing))
    }

    /// Whether a collection has taken in a version of an object of this time or later, whatever has
    /// become of it since.
    pub fn has_version_since(
        &self,
        collection: CollectionNumber,
        id: &str,
        time: &Timestamp,
    ) -> Result<bool, StoreError> {
        let all = self.versions_of(collection.get(), id)?;
        let micros = time.micros();
        Ok(all.iter().filter_map(|one| one.version).any(|own| own.micros() >= micros))
    }

    /// Takes versions of an object out of its collection; how many. The items stay on record, and
    /// are not served. A version that becomes the newest or oldest by it is added again, at `seq`
    /// and behind: whoever has paged past it could not have seen it as that.
    pub fn delete_versions(
        &self,
        collection: CollectionNumber,
        id: &str,
        wanted: impl Fn(&Version) -> bool,
        seq: i64,
    ) -> Result<usize, StoreError> {
        let collection = collection.get();
        let all = self.versions_of(collection, id)?;
        let goes = |one: &&Standing| wanted(&Version::of(one));
        let gone: Vec<&Standing> = all.iter().filter(goes).collect();
        for one in &gone {
            self.show(one.seq, None)?;
        }
        let left: Vec<&Standing> = all.iter().filter(|one| !goes(one)).collect();
        let mut next = seq;
        for (place, one) in left.iter().enumerate() {
            let newest = if place + 1 == left.len() { NEWEST } else { 0 };
            let shown = newest | if place == 0 { OLDEST } else { 0 };
            if shown != one.shown {
                self.add_again(one.seq, next, shown)?;
                if shown == SOLE {
                    self.add_key(ids::key(collection, id), next);
                }
                next += 1;
            }
        }
        Ok(gone.len())
    }

    fn add_again(&self, old: i64, seq: i64, shown: i64) -> Result<(), StoreError> {
        let sql = concat!(
            "INSERT INTO item (seq, collection, kind, shown, intake, id, media, ",
            stamp_columns!(""),
            ") SELECT ?2, collection, kind, ?3, intake, id, media, ",
            stamp_columns!(""),
            " FROM item WHERE seq = ?1"
        );
        self.connection.prepare_cached(sql)?.execute((old, seq, shown))?;
        let sql = "INSERT INTO content (seq, digest, bytes) \
                   SELECT ?2, digest, bytes FROM content WHERE seq = ?1";
        self.connection.prepare_cached(sql)?.execute((old, seq))?;
        self.show(old, None)?;
        // Whom it came from, and what it has matched, goes with it.
        for sql in [
            "INSERT INTO flaw (seq, reasons) SELECT ?2, reasons FROM flaw WHERE seq = ?1",
            "UPDATE sighting SET item = ?2 WHERE item = ?1",
            "UPDATE match SET item = ?2 WHERE item = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute((old, seq))?;
        }
        Ok(())
    }
}

/// Where a new version of an object with several stands.
enum Among {
    /// It is here.
    Known(i64),
    /// It may not follow what is here.
    Apart(Reason),
    /// With these bits.
    At(i64),
}

/// A version of an object, to be chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Whether the collection holds no later version.
    pub is_newest: bool,
    /// Whether the collection holds no earlier version.
    pub is_oldest: bool,
    /// Its own time, or else the time at which it was added.
    pub time: Moment,
}

impl Version {
    pub(crate) fn of(one: &Standing) -> Version {
        Version {
            is_newest: one.shown & NEWEST != 0,
            is_oldest: one.shown & OLDEST != 0,
            time: one.version.unwrap_or_else(|| Moment::from_micros(one.seq)),
        }
    }
}

const VERSIONS: &str = concat!(
    "SELECT seq, shown, ",
    stamp_columns!(""),
    " FROM item INDEXED BY item_versions \
     WHERE collection = ?1 AND id = ?2 AND shown IS NOT 3 AND shown IS NOT NULL"
);

fn standing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing { seq: row.get(0)?, shown: row.get(1)?, version: moment(row, 2)? })
}

/// The time of a version, from the columns of [`stamp_columns`].
pub(crate) fn moment(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Option<Moment>> {
    let (micros, beyond) = (row.get(from)?, row.get(from + 1)?);
    let is_none = micros == 0 && row.get_ref(from + 3)? == rusqlite::types::ValueRef::Null;
    Ok((!is_none).then(|| Moment::from_parts(micros, beyond)))
}
