//! Pages of a collection: stored bytes in the order in which they were added.

use crate::item::{NEWEST, OLDEST, SOLE, Standing, Version, moment};
use crate::stamp::{Stamp, stamp_columns};
use crate::{Db, StoreError};
use forewarn_exchange::id::CollectionNumber;
use forewarn_taxii::filter::{Filter, VersionFilter};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Most bytes of one page; a page ends early rather than exceed it.
pub const MAX_PAGE_BYTES: usize = 8 << 20;
/// Objects for which room is made before they are read.
const MAX_RESERVED: usize = 1_000;
/// Most items looked at for one page. A filter that fits few of many gets a short page, perhaps an
/// empty one, with the word that there is more: no page is ever long in coming.
const MAX_LOOKED_AT: i64 = 100_000;

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    /// The objects with a comma between each two.
    pub objects: Vec<u8>,
    /// How many objects it has.
    pub count: usize,
    /// Where it stands among all that is to be paged through.
    pub place: Place,
}

/// Where a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Microseconds at which the first and the last were added; none when there is none.
    pub added: Option<(i64, i64)>,
    /// The cursor of the next page, when there is more.
    pub next: Option<i64>,
}

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The microsecond since 1970 at which it was added.
    pub added: i64,
    /// The object's STIX id.
    pub id: String,
    /// The version as the object writes it, or else when it was added.
    pub version: String,
}

/// The items of a page.
struct Found {
    seqs: Vec<i64>,
    next: Option<i64>,
}

impl Db<'_> {
    /// Objects of a collection.
    pub fn page(&self, collection: CollectionNumber, filter: &Filter) -> Result<Page, StoreError> {
        let collection = collection.get();
        let mut found = self.find(collection, filter)?;
        let mut page = Page::default();
        let sql = "SELECT bytes, digest, seq FROM content WHERE seq >= ?1 AND seq <= ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        'page: for run in found.seqs.chunk_by(|one, next| one + 1 == *next) {
            let ends = (run.first().copied(), run.last().copied());
            let mut rows = statement.query(ends)?;
            for seq in run {
                let row = rows.next()?.filter(|row| row.get(2) == Ok(*seq));
                let Some(row) = row else {
                    return Err(StoreError::damaged(format!("item {seq}"), "its bytes are gone"));
                };
                let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                let digest = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                if Sha256::digest(bytes)[..] != *digest {
                    let id = self.item_id(*seq)?;
                    return Err(StoreError::damaged(id, "its bytes were changed"));
                }
                if page.count == 0 {
                    // Room for all, as far as the first tells: growing copies what is there.
                    let room = (bytes.len() + 64) * found.seqs.len().min(MAX_RESERVED);
                    page.objects.reserve(room.min(MAX_PAGE_BYTES.max(bytes.len())));
                } else if page.objects.len() + bytes.len() > MAX_PAGE_BYTES {
                    found.next = found.seqs.get(page.count - 1).copied();
                    break 'page;
                } else {
                    page.objects.push(b',');
                }
                page.objects.extend_from_slice(bytes);
                page.count += 1;
            }
        }
        found.seqs.truncate(page.count);
        page.place = found.place();
        Ok(page)
    }

    fn item_id(&self, seq: i64) -> Result<String, StoreError> {
        let sql = "SELECT id FROM item WHERE seq = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?)
    }

    /// The manifest of a collection: one line for each object of [`Db::page`].
    pub fn manifest(
        &self,
        collection: CollectionNumber,
        filter: &Filter,
    ) -> Result<(Vec<Listed>, Place), StoreError> {
        let found = self.find(collection.get(), filter)?;
        let sql = concat!("SELECT id, ", stamp_columns!(""), " FROM item WHERE seq = ?1");
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut listed = Vec::with_capacity(found.seqs.len());
        for seq in &found.seqs {
            listed.push(statement.query_row([seq], |row| {
                let stamp = Stamp::read(row, 1)?;
                Ok(Listed { added: *seq, id: row.get(0)?, version: stamp.text(*seq) })
            })?);
        }
        let place = found.place();
        Ok((listed, place))
    }

    fn find(&self, collection: i64, filter: &Filter) -> Result<Found, StoreError> {
        if !filter.wants_stix_2_1 {
            return Ok(Found { seqs: Vec::new(), next: None });
        }
        if filter.ids.is_empty() {
            self.scan(collection, filter)
        } else {
            self.look_up(collection, filter)
        }
    }

    /// The objects with the ids that are asked for.
    fn look_up(&self, collection: i64, filter: &Filter) -> Result<Found, StoreError> {
        let ids: BTreeSet<&String> = filter.ids.iter().collect();
        let mut seqs = Vec::new();
        for id in ids {
            let kind = id.split_once("--").map_or("", |(kind, _)| kind);
            if !filter.types.is_empty() && !filter.types.iter().any(|one| one == kind) {
                continue;
            }
            let all = self.versions_of(collection, id)?;
            let fits = |one: &&Standing| {
                one.seq > filter.after.0 && is_wanted(&filter.versions, &Version::of(one))
            };
            seqs.extend(all.iter().filter(fits).map(|one| one.seq));
        }
        seqs.sort_unstable();
        Ok(Found::of(seqs, filter.limit))
    }

    /// All that was added after the cursor, by an index in its order.
    fn scan(&self, collection: i64, filter: &Filter) -> Result<Found, StoreError> {
        let looked_at = if filter.versions.times.is_empty() {
            i64::from(filter.limit) + 1
        } else {
            MAX_LOOKED_AT
        };
        let mut statement = self.connection.prepare_cached(&query(filter))?;
        let mut rows = statement.query((collection, filter.after.0, looked_at))?;
        let (mut seqs, mut last, mut count) = (Vec::new(), 0, 0);
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        while let Some(row) = rows.next()? {
            let one = Standing { seq: row.get(0)?, shown: row.get(1)?, version: moment(row, 3)? };
            (last, count) = (one.seq, count + 1);
            // Two names of types may share a number.
            let id = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            if is_wanted(&filter.versions, &Version::of(&one)) && is_of(id, &filter.types) {
                seqs.push(one.seq);
            }
            if seqs.len() > most {
                break;
            }
        }
        let mut found = Found::of(seqs, filter.limit);
        if found.next.is_none() && count == looked_at {
            found.next = Some(last);
        }
        Ok(found)
    }
}

impl Found {
    /// Cuts what exceeds the limit.
    fn of(mut seqs: Vec<i64>, limit: u32) -> Found {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = seqs.len() > limit;
        seqs.truncate(limit);
        let next = if more { seqs.last().copied() } else { None };
        Found { seqs, next }
    }

    fn place(&self) -> Place {
        Place { added: self.seqs.first().copied().zip(self.seqs.last().copied()), next: self.next }
    }
}

fn is_of(id: &str, types: &[String]) -> bool {
    types.is_empty()
        || types.iter().any(|kind| id.strip_prefix(kind).is_some_and(|rest| rest.starts_with("--")))
}

/// Whether a version is among those asked for.
pub fn is_wanted(wanted: &VersionFilter, version: &Version) -> bool {
    wanted.all
        || (wanted.last && version.is_newest)
        || (wanted.first && version.is_oldest)
        || wanted.times.contains(&version.time)
}

/// A walk over one of the indices: for each type and each place among the versions a range that is
/// in order already, merged by SQLite as it goes. Its parameters: the collection, the cursor, and
/// how many are looked at.
fn query(filter: &Filter) -> String {
    let wanted = &filter.versions;
    let shown: Vec<i64> = (0..=SOLE)
        .filter(|shown| {
            wanted.all
                || !wanted.times.is_empty()
                || (wanted.last && shown & NEWEST != 0)
                || (wanted.first && shown & OLDEST != 0)
        })
        .collect();
    let kinds: BTreeSet<i64> = filter.types.iter().map(|name| crate::ids::kind(name)).collect();
    // What is not asked for is not read: the indices hold the rest.
    let version = if wanted.times.is_empty() { "0, 0, 0, NULL" } else { stamp_columns!("") };
    let id = if kinds.is_empty() { "''" } else { "id" };
    let range = |index: &str, kind: &str, shown: i64| {
        format!(
            "SELECT seq, {shown} AS shown, {id} AS id, {version} FROM item INDEXED BY {index} \
             WHERE collection = ?1 {kind} AND shown = {shown} AND seq > ?2"
        )
    };
    let ranges: Vec<String> = if kinds.is_empty() {
        shown.iter().map(|shown| range("item_page", "", *shown)).collect()
    } else {
        let one = |kind: &i64| {
            let kind = format!("AND kind = {kind}");
            shown.iter().map(|shown| range("item_kind", &kind, *shown)).collect::<Vec<_>>()
        };
        kinds.iter().flat_map(one).collect()
    };
    format!("{} ORDER BY seq LIMIT ?3", ranges.join(" UNION ALL "))
}
