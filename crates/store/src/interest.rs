//! Interests: ours, registered with partners, and theirs, registered with us.
//!
//! Each change of one takes the next number, so that whoever keeps an index of them asks for what
//! has changed since. A withdrawn one stays on record, and its number says when it went.

use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_matching::interest::Interest;
use forewarn_matching::interest::ownership::Ownership;
use rusqlite::{OptionalExtension as _, Row};
use schemars::JsonSchema;
use serde::Deserialize;

/// An interest with whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// Its place in the list.
    pub seq: i64,
    /// The name of the partner with whom, or by whom, it is registered.
    pub partner: String,
    /// Ours, registered with the partner; else the partner's, registered with us.
    pub ours: bool,
    /// The interest in its one form.
    pub interest: Interest,
    /// Whether the things in it are the partner's own.
    pub ownership: Ownership,
    /// The number of its last change.
    pub change: i64,
    /// How many items have met it, and when the last did.
    pub matches: i64,
    /// When an item last met it: an RFC 3339 timestamp; `None` when none has.
    pub last_match: Option<String>,
}

/// What a partner has registered, or we with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many interests.
    pub interests: i64,
    /// What they take of the index.
    pub weight: i64,
    /// How many of their clauses are patterns.
    pub patterns: i64,
    /// Patterns that no value leads to.
    pub broad: i64,
}

impl Extent {
    /// What one interest counts for.
    pub fn of(interest: &Interest) -> Extent {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Extent {
            interests: 1,
            weight: number(interest.weight()),
            patterns: number(interest.count_patterns()),
            broad: number(interest.count_broad()),
        }
    }
}

/// Which interests are listed, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// All, in the order of registration.
    #[default]
    Registered,
    /// Partners' interests that items have met, those that most have met first.
    Most,
    /// Partners' interests that no item has met.
    Never,
}

impl Order {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Order::Registered => "registered",
            Order::Most => "most",
            Order::Never => "never",
        }
    }

    /// Where a list of it goes on: after a number, or after a place in a rank.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Order::Registered | Order::Never => ("seq > ?1", ""),
            Order::Most => ("?1 >= 0", "OFFSET ?1"),
        }
    }
}

/// A change of an interest of a partner's: as it is now, or gone.
#[derive(Debug)]
pub struct Change {
    /// Its number among the changes of all interests.
    pub change: i64,
    /// The name of the partner whose interest it is.
    pub partner: String,
    /// The interest's global id.
    pub id: String,
    /// What it is after the change; `None` when it was removed.
    pub interest: Option<Interest>,
}

/// How an interest stands, for those who have matched it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    /// Its number in the order of registration.
    pub seq: i64,
    /// The number of its last change.
    pub change: i64,
}

/// Counts the changes of any interest.
const CHANGES: &str = "interest changes";

/// The newest item when the first interest was set that no trial has begun with; 0 for none.
pub const PENDING: &str = "interests pending from";

const COLUMNS: &str = "seq, partner, ours, state, ownership, change, matches, last_match";

impl Db<'_> {
    /// The number of the last change of any interest.
    pub fn interest_changes(&self) -> Result<i64, StoreError> {
        self.cursor(CHANGES)
    }

    fn next_change(&self) -> Result<i64, StoreError> {
        let next = self.cursor(CHANGES)? + 1;
        self.set_cursor(CHANGES, next)?;
        Ok(next)
    }

    /// Interests of one partner or of all; in the order of registration, those after `after`.
    pub fn interests(
        &self,
        partner: Option<&str>,
        order: Order,
        after: i64,
        limit: i64,
        sight: &Sight,
    ) -> Result<Vec<Registered>, StoreError> {
        if !sight.is_whole() {
            return self.interests_seen((partner, order), after, limit, sight);
        }
        let (place, offset) = order.place();
        let (also, order) = match order {
            Order::Registered => ("", "seq"),
            Order::Most => ("AND ours = 0 AND matches > 0", "matches DESC, seq"),
            Order::Never => ("AND ours = 0 AND matches = 0", "seq"),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM interest WHERE {place} AND gone = 0 \
             AND (?2 IS NULL OR partner = ?2) {also} ORDER BY {order} LIMIT ?3 {offset}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((after, partner, limit))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(registered(row)?);
        }
        Ok(out)
    }

    /// Interests in parts of the map, the newest first: of the newest `among` interests. Matches are not
    /// counted for a reader who may not see everything.
    pub fn interests_in_areas(
        &self,
        (among, limit): (i64, i64),
        sight: &Sight,
    ) -> Result<Vec<Registered>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM interest WHERE gone = 0 \
             AND seq > (SELECT coalesce(max(seq), 0) FROM interest) - ?1 \
             AND (state LIKE '%\"circle\":%' OR state LIKE '%\"polygon\":%') \
             ORDER BY seq DESC LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((among, limit))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let one = registered(row)?;
            let matches = if sight.is_whole() { one.matches } else { 0 };
            out.push(Registered { matches, last_match: None, ..one });
        }
        Ok(out)
    }

    /// Whether interests stand before the newest so many: [`Db::interests_in_areas`] does not look there.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn has_interests_before(&self, among: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM interest WHERE gone = 0 \
                   AND seq <= (SELECT coalesce(max(seq), 0) FROM interest) - ?1)";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([among], |row| row.get(0))?)
    }

    /// The same as [`Db::interests`] for a reader who may not see everything: matches are counted anew, of what may be
    /// seen, and when the last one was is not told.
    fn interests_seen(
        &self,
        (partner, order): (Option<&str>, Order),
        after: i64,
        limit: i64,
        sight: &Sight,
    ) -> Result<Vec<Registered>, StoreError> {
        let (place, offset) = order.place();
        let (also, order) = match order {
            Order::Registered => ("", "seq"),
            Order::Most => ("AND ours = 0 AND seen > 0", "seen DESC, seq"),
            Order::Never => ("AND ours = 0 AND seen = 0", "seq"),
        };
        let sql = format!(
            "WITH counted AS (SELECT m.partner AS p, m.interest AS i, count(*) AS n FROM match m \
             JOIN item ON item.seq = m.item \
             WHERE item.collection NOT IN (SELECT value FROM json_each(?4)) GROUP BY 1, 2) \
             SELECT {COLUMNS}, seen FROM (SELECT interest.*, coalesce(n, 0) AS seen FROM interest \
             LEFT JOIN counted ON p = partner AND i = id AND ours = 0) \
             WHERE {place} AND gone = 0 AND (?2 IS NULL OR partner = ?2) {also} \
             ORDER BY {order} LIMIT ?3 {offset}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((after, partner, limit, sight.hidden()))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let matches = row.get("seen")?;
            out.push(Registered { matches, last_match: None, ..registered(row)? });
        }
        Ok(out)
    }

    /// What of the partners' interests has changed after `after`, up to `until`, in order.
    pub fn interest_changes_since(
        &self,
        after: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<Change>, StoreError> {
        let sql = "SELECT change, partner, id, gone, state FROM interest \
                   WHERE ours = 0 AND change > ?1 AND change <= ?2 ORDER BY change LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, until, limit))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let state = (!row.get::<_, bool>(3)?).then(|| row.get::<_, String>(4)).transpose()?;
            let interest = state.map(|state| crate::parse("interest", &state)).transpose()?;
            let (change, partner, id) = (row.get(0)?, row.get(1)?, row.get(2)?);
            out.push(Change { change, partner, id, interest });
        }
        Ok(out)
    }

    /// What is registered with a partner, or by it with us.
    pub fn interest_extent(&self, partner: &str, ours: bool) -> Result<Extent, StoreError> {
        let sql = "SELECT interests, weight, patterns, broad FROM interest_extent \
                   WHERE partner = ?1 AND ours = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row((partner, ours), |row| {
            let (interests, weight) = (row.get(0)?, row.get(1)?);
            Ok(Extent { interests, weight, patterns: row.get(2)?, broad: row.get(3)? })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    /// An interest that has not been withdrawn.
    pub fn interest(
        &self,
        partner: &str,
        ours: bool,
        id: &str,
    ) -> Result<Option<Registered>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM interest \
             WHERE partner = ?1 AND ours = ?2 AND id = ?3 AND gone = 0"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((partner, ours, id))?;
        rows.next()?.map(registered).transpose()
    }

    /// How a partner's interest stands, when it has not been withdrawn.
    pub fn interest_stands(&self, partner: &str, id: &str) -> Result<Option<Stands>, StoreError> {
        let sql = "SELECT seq, change FROM interest \
                   WHERE partner = ?1 AND ours = 0 AND id = ?2 AND gone = 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = |row: &Row<'_>| Ok(Stands { seq: row.get(0)?, change: row.get(1)? });
        Ok(statement.query_row((partner, id), row).optional()?)
    }

    /// Registers an interest, or changes it: a proof that its things are the partner's own holds as
    /// long as they are the same.
    pub fn set_interest(
        &self,
        partner: &str,
        ours: bool,
        interest: &Interest,
    ) -> Result<(), StoreError> {
        let before = self.interest(partner, ours, &interest.id)?;
        let kept = before.as_ref().filter(|known| known.interest.same_things(interest));
        let ownership = kept.map(|known| known.ownership.clone()).unwrap_or_default();
        let sql = "INSERT INTO interest (id, partner, ours, state, change, gone, ownership) \
                   VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) \
                   ON CONFLICT (partner, ours, id) DO UPDATE SET state = excluded.state, \
                   change = excluded.change, gone = 0, ownership = excluded.ownership";
        let (state, ownership) = (crate::text(interest)?, crate::text(&ownership)?);
        let change = self.next_change()?;
        if !ours && self.cursor(PENDING)? == 0 {
            self.set_cursor(PENDING, self.newest_item()?.max(1))?;
        }
        let row = (&interest.id, partner, ours, state, change, ownership);
        self.connection.prepare_cached(sql)?.execute(row)?;
        if let Some(known) = before {
            self.extend(partner, ours, &known.interest, -1)?;
        }
        self.extend(partner, ours, interest, 1)
    }

    /// Removes an interest and counts it out of the partner's extent; does nothing when it is not
    /// there. The row stays, as a change for the matcher.
    pub fn remove_interest(&self, partner: &str, ours: bool, id: &str) -> Result<(), StoreError> {
        let Some(known) = self.interest(partner, ours, id)? else { return Ok(()) };
        let sql = "UPDATE interest SET gone = 1, change = ?2 WHERE seq = ?1";
        let change = self.next_change()?;
        self.connection.prepare_cached(sql)?.execute((known.seq, change))?;
        self.extend(partner, ours, &known.interest, -1)
    }

    /// Puts on record who looked whether the things of a partner's interest are its own.
    pub fn set_ownership(
        &self,
        partner: &str,
        id: &str,
        ownership: &Ownership,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE interest SET ownership = ?3 WHERE partner = ?1 AND ours = 0 AND id = ?2";
        let text = crate::text(ownership)?;
        self.connection.prepare_cached(sql)?.execute((partner, id, text))?;
        Ok(())
    }

    fn extend(
        &self,
        partner: &str,
        ours: bool,
        interest: &Interest,
        sign: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO interest_extent (partner, ours, interests, weight, patterns, broad) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (partner, ours) DO UPDATE SET \
                   interests = interests + excluded.interests, weight = weight + excluded.weight, \
                   patterns = patterns + excluded.patterns, broad = broad + excluded.broad";
        let Extent { interests, weight, patterns, broad } = Extent::of(interest);
        let row = (partner, ours, sign * interests, sign * weight, sign * patterns, sign * broad);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// How many interests of partners were changed after a change.
    pub fn interests_changed_since(&self, change: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM interest WHERE ours = 0 AND gone = 0 AND change > ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([change], |row| row.get(0))?)
    }

    /// An item has met an interest.
    pub(crate) fn count_match(&self, interest: i64, time: &str) -> Result<(), StoreError> {
        let sql = "UPDATE interest SET matches = matches + 1, last_match = ?2 WHERE seq = ?1";
        self.connection.prepare_cached(sql)?.execute((interest, time))?;
        Ok(())
    }
}

fn registered(row: &Row<'_>) -> Result<Registered, StoreError> {
    Ok(Registered {
        seq: row.get(0)?,
        partner: row.get(1)?,
        ours: row.get(2)?,
        interest: crate::parse("interest", &row.get::<_, String>(3)?)?,
        ownership: crate::parse("ownership", &row.get::<_, String>(4)?)?,
        change: row.get(5)?,
        matches: row.get(6)?,
        last_match: row.get(7)?,
    })
}
