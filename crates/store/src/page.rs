//! Pages of a collection: stored bytes in the order in which they were added.

use crate::{Db, StoreError};
use forewarn_taxii::filter::{Filter, Version};
use rusqlite::types::Value;
use sha2::{Digest as _, Sha256};

/// Most bytes of one page; a page ends early rather than grow over it.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    pub objects: Vec<Vec<u8>>,
    /// Microseconds at which the first and the last were added.
    pub first: i64,
    pub last: i64,
    pub more: bool,
}

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub added: i64,
    pub id: String,
    pub version: i64,
}

impl Db<'_> {
    /// Objects of a collection.
    pub fn page(&self, collection: i64, filter: &Filter) -> Result<Page, StoreError> {
        let mut page = Page::default();
        if !filter.wants_stix_2_1 {
            return Ok(page);
        }
        let (sql, keys) = query("seq, bytes, digest, id", collection, filter);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(keys))?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut size = 0;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let digest = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            if Sha256::digest(bytes)[..] != *digest {
                return Err(StoreError::damaged(
                    row.get::<_, String>(3)?,
                    "its bytes were changed",
                ));
            }
            size += bytes.len();
            if page.objects.len() == limit || (size > MAX_PAGE_BYTES && !page.objects.is_empty()) {
                page.more = true;
                break;
            }
            page.last = row.get(0)?;
            if page.objects.is_empty() {
                page.first = page.last;
            }
            page.objects.push(bytes.to_vec());
        }
        Ok(page)
    }

    /// The manifest of a collection: one line for each object of [`Db::page`], and whether there
    /// is more.
    pub fn manifest(
        &self,
        collection: i64,
        filter: &Filter,
    ) -> Result<(Vec<Listed>, bool), StoreError> {
        if !filter.wants_stix_2_1 {
            return Ok((Vec::new(), false));
        }
        let (sql, keys) = query("seq, id, version", collection, filter);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(keys), |row| {
            Ok(Listed { added: row.get(0)?, id: row.get(1)?, version: row.get(2)? })
        })?;
        let mut listed = rows.collect::<Result<Vec<_>, _>>()?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = listed.len() > limit;
        listed.truncate(limit);
        Ok((listed, more))
    }

    /// Whether a collection holds any version of an object.
    pub fn has_object(&self, collection: i64, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM item WHERE collection = ?1 AND id = ?2";
        Ok(self.connection.prepare_cached(sql)?.exists((collection, id))?)
    }
}

/// One row more than the limit is asked for, to know whether there is more.
fn query(columns: &str, collection: i64, filter: &Filter) -> (String, Vec<Value>) {
    // A page is read in the order of `seq` and ends at its limit; by the index over ids all that
    // fits would have to be read and sorted first, unless ids are asked for (`+` bars an index).
    let bar = if filter.ids.is_empty() { "+" } else { "" };
    let mut sql = format!("SELECT {columns} FROM item WHERE seq > ? AND {bar}collection = ?");
    let mut keys = vec![Value::Integer(filter.after.0), Value::Integer(collection)];
    if !filter.ids.is_empty() {
        sql = format!("{sql} AND id IN ({})", marks(filter.ids.len()));
        keys.extend(filter.ids.iter().cloned().map(Value::Text));
    }
    if !filter.types.is_empty() {
        let one = format!("({bar}id >= ? AND {bar}id < ?)");
        sql = format!("{sql} AND ({})", vec![one.as_str(); filter.types.len()].join(" OR "));
        for name in &filter.types {
            // Every id of a type begins with it and two hyphens; `.` is the next byte after `-`.
            keys.push(Value::Text(format!("{name}--")));
            keys.push(Value::Text(format!("{name}-.")));
        }
    }
    if let Some(versions) = versions(&filter.versions, &mut keys) {
        sql = format!("{sql} AND ({versions})");
    }
    sql.push_str(" ORDER BY seq LIMIT ?");
    keys.push(Value::Integer(i64::from(filter.limit) + 1));
    (sql, keys)
}

fn versions(wanted: &[Version], keys: &mut Vec<Value>) -> Option<String> {
    if wanted.contains(&Version::All) {
        return None;
    }
    let first = "version = (SELECT min(o.version) FROM item o \
                 WHERE o.collection = item.collection AND o.id = item.id)";
    let mut parts = Vec::new();
    if wanted.is_empty() || wanted.contains(&Version::Last) {
        parts.push("newest = 1".to_owned());
    }
    if wanted.contains(&Version::First) {
        parts.push(first.to_owned());
    }
    let at = |version: &Version| match version {
        Version::At(time) => Some(Value::Integer(*time)),
        Version::All | Version::Last | Version::First => None,
    };
    let times: Vec<Value> = wanted.iter().filter_map(at).collect();
    if !times.is_empty() {
        let marks = marks(times.len());
        // An object without a version of its own has the time at which it was added.
        parts.push(format!("version IN ({marks}) OR (version = 0 AND seq IN ({marks}))"));
        keys.extend(times.iter().cloned().chain(times.iter().cloned()));
    }
    Some(parts.join(" OR "))
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(",")
}
