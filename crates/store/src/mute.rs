//! Mutes, and the matches that they have kept from opening a case.

use crate::{Db, StoreError};
use forewarn_exchange::id::{CaseNumber, MuteNumber};
use forewarn_exchange::mute::Mute;
use forewarn_matching::Match;
use forewarn_stix::Timestamp;

/// A match that opened no case.
#[derive(Debug, Clone, PartialEq)]
pub struct MutedMatch {
    /// The item's place in the order of items.
    pub item: i64,
    /// When it was found.
    pub time: String,
    /// The match.
    pub found: Match,
}

impl Db<'_> {
    /// A mute.
    pub fn mute(&self, number: MuteNumber) -> Result<Option<Mute>, StoreError> {
        self.state("SELECT state FROM mute WHERE number = ?1", number.get())
    }

    /// Every mute that ever held, by number.
    pub fn mutes(&self) -> Result<Vec<Mute>, StoreError> {
        self.states("SELECT state FROM mute ORDER BY number", [])
    }

    /// So many mutes after a number, by number.
    pub fn mutes_after(&self, after: i64, count: i64) -> Result<Vec<Mute>, StoreError> {
        let sql = "SELECT state FROM mute WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// The mutes that hold at a time.
    pub fn mutes_holding(&self, now: &Timestamp) -> Result<Vec<Mute>, StoreError> {
        let sql = "SELECT state FROM mute WHERE ends > ?1 ORDER BY number";
        let mut all: Vec<Mute> = self.states(sql, [now.micros()])?;
        all.retain(|mute| mute.holds(now));
        Ok(all)
    }

    /// The number that the next mute gets.
    pub fn next_mute(&self) -> Result<MuteNumber, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM mute").map(MuteNumber::new)
    }

    /// Keeps a mute as it is.
    pub fn set_mute(&self, mute: &Mute) -> Result<(), StoreError> {
        let sql = "INSERT INTO mute (number, ends, state) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (number) DO UPDATE SET ends = ?2, state = ?3";
        let ends = mute.removed.as_ref().map_or(&mute.request.until, |removed| &removed.at);
        let row = (mute.number.get(), ends.micros(), crate::text(mute)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Keeps a match that is muted; `time` is now.
    pub fn add_muted(
        &self,
        mute: MuteNumber,
        (item, object): (i64, &str),
        found: &Match,
        time: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO muted (mute, item, object, partner, interest, time, found) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
        let (partner, interest) = (&found.partner, &found.interest);
        let row = (mute.get(), item, object, partner, interest, time, crate::text(found)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Whether this match was made before, and muted.
    pub fn has_muted(&self, item: i64, partner: &str, interest: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM muted WHERE item = ?1 AND partner = ?2 AND interest = ?3";
        Ok(self.connection.prepare_cached(sql)?.exists((item, partner, interest))?)
    }

    /// The partners whose interests meet an item of a case, and are muted: each with a mute, once.
    pub fn muted_of_case(&self, case: CaseNumber) -> Result<Vec<(String, MuteNumber)>, StoreError> {
        let sql = "SELECT DISTINCT u.partner, u.mute FROM duty_item d \
                   JOIN muted u ON u.object = d.item WHERE d.case_nr = ?1 ORDER BY 1, 2 LIMIT 100";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, MuteNumber::new(row.get(1)?)));
        let rows = statement.query_map([case.get()], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many matches a mute has kept from opening a case.
    pub fn count_muted(&self, mute: MuteNumber) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM muted WHERE mute = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([mute.get()], |row| row.get(0))?)
    }

    /// So many of the matches that a mute has kept from opening a case, the newest first.
    pub fn muted(&self, mute: MuteNumber, limit: i64) -> Result<Vec<MutedMatch>, StoreError> {
        let sql = "SELECT item, time, found FROM muted WHERE mute = ?1 ORDER BY seq DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((mute.get(), limit))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let found = crate::parse("muted", &row.get::<_, String>(2)?)?;
            all.push(MutedMatch { item: row.get(0)?, time: row.get(1)?, found });
        }
        Ok(all)
    }
}
