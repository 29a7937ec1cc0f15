//! Cases and the matches that opened or joined them.

use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_matching::Match;

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

    /// The undecided case of a partner that a match of an item of this intake joins, about one of
    /// these objects: the one of the same intake first, then of the object named first.
    pub fn joinable_case(
        &self,
        partner: &str,
        intake: i64,
        objects: &[String],
    ) -> Result<Option<Case>, StoreError> {
        let sql = "SELECT d.state FROM duty_intake i JOIN duty d ON d.number = i.case_nr \
                   WHERE i.partner = ?1 AND i.intake = ?2";
        let found: Vec<Case> = self.states(sql, (partner, intake))?;
        if let Some(case) = found.into_iter().find(Case::is_undecided) {
            return Ok(Some(case));
        }
        let sql = "SELECT d.state FROM duty_object o JOIN duty d ON d.number = o.case_nr \
                   WHERE o.partner = ?1 AND o.object = ?2";
        for object in objects {
            let found: Vec<Case> = self.states(sql, (partner, object))?;
            if let Some(case) = found.into_iter().find(Case::is_undecided) {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// Further matches of this intake, or about this object, join this case.
    pub fn set_joinable(
        &self,
        partner: &str,
        intake: i64,
        object: &str,
        case: i64,
    ) -> Result<(), StoreError> {
        let sql =
            "INSERT OR REPLACE INTO duty_intake (partner, intake, case_nr) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((partner, intake, case))?;
        let sql =
            "INSERT OR REPLACE INTO duty_object (partner, object, case_nr) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((partner, object, case))?;
        Ok(())
    }

    /// Keeps a match, and counts it for its interest; `time` is now.
    pub fn add_match(
        &self,
        item: i64,
        case: i64,
        found: &Match,
        time: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO match (item, partner, interest, case_nr, found) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
        let (partner, interest) = (&found.partner, &found.interest);
        let row = (item, partner, interest, case, crate::text(found)?);
        if self.connection.prepare_cached(sql)?.execute(row)? > 0
            && let Some(stands) = self.interest_stands(partner, interest)?
        {
            self.count_match(stands.seq, time)?;
        }
        Ok(())
    }

    /// Whether this match was made before: a follower that was killed asks again.
    pub fn has_match(&self, item: i64, partner: &str, interest: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM match WHERE item = ?1 AND partner = ?2 AND interest = ?3";
        Ok(self.connection.prepare_cached(sql)?.exists((item, partner, interest))?)
    }

    pub fn matches_of_case(&self, case: i64) -> Result<Vec<Match>, StoreError> {
        self.states("SELECT found FROM match WHERE case_nr = ?1 ORDER BY seq", [case])
    }
}
