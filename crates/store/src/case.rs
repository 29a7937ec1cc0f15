//! Cases and the matches that opened or joined them.

use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_exchange::matching::Match;

impl Db<'_> {
    pub fn case(&self, number: i64) -> Result<Option<Case>, StoreError> {
        self.state("SELECT state FROM duty WHERE number = ?1", number)
    }

    pub fn cases(&self) -> Result<Vec<Case>, StoreError> {
        self.states("SELECT state FROM duty ORDER BY number", [])
    }

    pub fn next_case(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM duty")
    }

    pub fn set_case(&self, case: &Case) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO duty (number, partner, state) VALUES (?1, ?2, ?3)";
        let state = crate::text(case)?;
        self.connection.prepare_cached(sql)?.execute((case.number, &case.partner, state))?;
        Ok(())
    }

    /// The case that a match of an item of this intake, for this partner, joins: the newest one
    /// that came from the same intake and is not decided yet.
    pub fn joinable_case(&self, partner: &str, intake: i64) -> Result<Option<Case>, StoreError> {
        let sql = "SELECT d.state FROM duty_intake i JOIN duty d ON d.number = i.case_nr \
                   WHERE i.partner = ?1 AND i.intake = ?2";
        let found: Vec<Case> = self.states(sql, (partner, intake))?;
        Ok(found.into_iter().find(Case::is_undecided))
    }

    /// Further matches of this intake for this partner join this case.
    pub fn set_joinable(&self, partner: &str, intake: i64, case: i64) -> Result<(), StoreError> {
        let sql =
            "INSERT OR REPLACE INTO duty_intake (partner, intake, case_nr) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((partner, intake, case))?;
        Ok(())
    }

    pub fn add_match(&self, item: i64, case: i64, found: &Match) -> Result<(), StoreError> {
        let sql = "INSERT INTO match (item, interest, case_nr, found) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO NOTHING";
        let text = crate::text(found)?;
        self.connection.prepare_cached(sql)?.execute((item, &found.interest, case, text))?;
        Ok(())
    }

    /// Whether this match was made before: a follower that was killed asks again.
    pub fn has_match(&self, item: i64, interest: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM match WHERE item = ?1 AND interest = ?2";
        Ok(self.connection.prepare_cached(sql)?.exists((item, interest))?)
    }

    pub fn matches_of_case(&self, case: i64) -> Result<Vec<Match>, StoreError> {
        self.states("SELECT found FROM match WHERE case_nr = ?1 ORDER BY seq", [case])
    }
}
