//! Items taken in: each version of each id once, its bytes as received.

use crate::ids;
use crate::reason::Reason;
use crate::sight::Sight;
use crate::stamp::{Stamp, stamp_columns};
use crate::{Db, StoreError};
use forewarn_exchange::id::{CollectionNumber, IntakeNumber};
use forewarn_stix::head;
use forewarn_stix::time::Moment;
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// What an item's bytes are. It is kept with the item: nothing guesses it from the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// One STIX 2.1 object: `application/stix+json;version=2.1`.
    #[default]
    Stix,
    /// A free text in UTF-8: `text/plain`.
    Text,
}

/// Each with the number that a row keeps.
const MEDIA: &[(Media, i64)] = &[(Media::Stix, 0), (Media::Text, 1)];

impl Media {
    fn number(self) -> i64 {
        MEDIA.iter().find(|(media, _)| *media == self).map_or(0, |(_, number)| *number)
    }

    fn of_number(number: i64) -> Result<Media, StoreError> {
        let found = MEDIA.iter().find(|(_, known)| *known == number).map(|(media, _)| *media);
        found.ok_or_else(|| StoreError::damaged("item", format!("{number} is not a media type")))
    }
}

/// Most bytes of items handed to the matcher at once.
const MAX_MATCH_BYTES: usize = 16 << 20;

/// What `item.shown` holds: bits.
pub(crate) const NEWEST: i64 = 1;
pub(crate) const OLDEST: i64 = 2;
/// The one version of its id.
pub(crate) const SOLE: i64 = NEWEST | OLDEST;

/// One valid thing to be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ItemParts", into = "ItemParts")]
pub struct NewItem {
    /// Where it goes.
    pub collection: CollectionNumber,
    /// What its bytes are.
    pub media: Media,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// Which version of the object it is.
    pub version: Stamp,
    /// Its place in the input.
    pub position: i64,
    /// The item as it was received.
    pub bytes: Vec<u8>,
    /// The rules that it breaks; it is usable all the same.
    pub flaws: Vec<Reason>,
    /// Whether it says that its object is revoked.
    pub revokes: bool,
    digest: [u8; 32],
    key: i64,
    kind: i64,
}

/// An item as it is written: without what follows from the rest.
#[derive(Serialize, Deserialize)]
struct ItemParts {
    collection: CollectionNumber,
    media: Media,
    id: String,
    version: Stamp,
    position: i64,
    #[serde(with = "crate::written::bytes")]
    bytes: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flaws: Vec<Reason>,
}

impl From<ItemParts> for NewItem {
    fn from(parts: ItemParts) -> NewItem {
        let ItemParts { collection, media, id, version, position, bytes, flaws } = parts;
        NewItem::new((collection, media), id, version, position, bytes).with(flaws)
    }
}

impl From<NewItem> for ItemParts {
    fn from(item: NewItem) -> ItemParts {
        let NewItem { collection, media, id, version, position, bytes, flaws, .. } = item;
        ItemParts { collection, media, id, version, position, bytes, flaws }
    }
}

impl NewItem {
    /// Takes the digests that it is kept by, and reads what the writer asks, so that it need not.
    pub fn new(
        (collection, media): (CollectionNumber, Media),
        id: String,
        version: Stamp,
        position: i64,
        bytes: Vec<u8>,
    ) -> NewItem {
        let digest = Sha256::digest(&bytes).into();
        let (key, kind) = (ids::key(collection.get(), &id), ids::kind_of(&id));
        let flaws = Vec::new();
        let revokes = media == Media::Stix && head::is_revocation(&bytes);
        NewItem {
            collection,
            media,
            id,
            version,
            position,
            bytes,
            flaws,
            revokes,
            digest,
            key,
            kind,
        }
    }

    /// The same item with these flaws.
    pub fn with(self, flaws: Vec<Reason>) -> NewItem {
        NewItem { flaws, ..self }
    }
}

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
    /// The grade of that intake: Admiralty.
    pub grade: Option<String>,
    /// When that intake came: an RFC 3339 timestamp.
    pub time: String,
    /// What it counts as when it has no marking of its own: TLP.
    pub marking: Option<String>,
    /// Deleted from its collection since; kept here all the same.
    pub deleted: bool,
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
    /// The grade of that intake: Admiralty.
    pub grade: Option<String>,
    /// What it counts as when it has no marking of its own: TLP.
    pub marking: Option<String>,
    /// The item as it was received.
    pub bytes: Vec<u8>,
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
        let sql = format!("{STORED} WHERE i.seq = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for collection in self.places()?.into_iter().filter(|collection| may(*collection)) {
            let newest = self.versions_of(collection, id)?.pop();
            if let Some(newest) = newest {
                let mut rows = statement.query([newest.seq])?;
                return rows.next()?.map(stored).transpose();
            }
        }
        Ok(None)
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

    /// The newest item; 0 when there is none.
    pub fn newest_item(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(seq), 0) FROM item")
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

const ROW: &str = concat!(
    "SELECT i.seq, i.id, length(c.bytes), n.source, n.grade, n.time, i.shown IS NULL, n.marking, ",
    "EXISTS (SELECT 1 FROM flaw f WHERE f.seq = i.seq), ",
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
        version: Stamp::read(row, 9)?,
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
