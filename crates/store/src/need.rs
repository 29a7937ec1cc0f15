//! What may need somebody, by indexes of it: at most so many rows of each kind, what is meant
//! first, then what is due first.

use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::name::UserName;
use forewarn_exchange::need::{CaseKnown, Written};
use forewarn_exchange::proposal::Proposal;
use forewarn_exchange::talk::Said;
use forewarn_exchange::warning::Warning;
use forewarn_stix::Timestamp;
use std::collections::BTreeSet;

/// Cases whose clock runs.
const RUNNING: &str = "SELECT state FROM duty \
    WHERE json_extract(state, '$.clock.clock') <> 'stopped' \
    ORDER BY json_extract(state, '$.status') <> 'Actual', json_extract(state, '$.clock.due')";

/// Cases of which the next version waits, though their clock has stopped. Drafts that wait are few:
/// they are read first.
const DRAFTED: &str = "SELECT d.state FROM duty_draft w CROSS JOIN duty d ON d.number = w.case_nr \
    WHERE json_extract(d.state, '$.clock.clock') = 'stopped' \
    ORDER BY json_extract(d.state, '$.status') <> 'Actual', d.number";

/// Cases whose recall the partner holds and has not answered.
const RECALLED: &str = "SELECT state FROM duty \
    WHERE answered = 0 AND json_extract(state, '$.outward') = 'recalled' \
    AND json_extract(state, '$.clock.clock') = 'stopped' \
    ORDER BY json_extract(state, '$.status') <> 'Actual', number";

/// Cases of which the partner has not answered an update, or the end: the newest first, since what is
/// old is not asked for any more.
const OWED: &str = "SELECT state FROM duty WHERE owes = 1 \
    ORDER BY json_extract(state, '$.status') <> 'Actual', number DESC";

/// Cases of which something was told beside the channel that waits for a second person, or for the
/// channel, after the clock has stopped: there are few.
const TOLD: &str = "SELECT state FROM duty \
    WHERE instr(json_extract(state, '$.ahead'), '\"fate\":\"waiting\"') > 0 \
    OR (json_extract(state, '$.told_at') IS NOT NULL AND json_extract(state, '$.awaits') IS NOT NULL) \
    ORDER BY number DESC";

/// Cases whose warning is to be renewed by now.
const RENEWED: &str = "SELECT state FROM duty WHERE renew <= ?1 ORDER BY renew";

/// Cases whose warning's time is over, and of which the partner has not said what came of them.
const OVER: &str = "SELECT state FROM duty \
    WHERE outcome = 0 AND json_extract(state, '$.expired') IS NOT NULL \
    ORDER BY json_extract(state, '$.expired') DESC";

/// Warnings of which we have not answered an update, or the end.
const OWING: &str = "SELECT state FROM warning WHERE owes = 1 \
    ORDER BY json_extract(state, '$.status') <> 'Actual', number LIMIT ?1";

/// Warnings that nobody has answered.
const UNANSWERED: &str = "SELECT state FROM warning \
    WHERE json_extract(state, '$.standing.standing') IN ('new', 'opened') \
    AND json_extract(state, '$.recall') IS NULL \
    ORDER BY json_extract(state, '$.status') <> 'Actual', \
    CASE json_extract(state, '$.summary.urgency') \
    WHEN 'immediate' THEN 0 WHEN 'expected' THEN 1 ELSE 2 END, number LIMIT ?1";

/// Warnings that were taken back, of which the recall is not answered.
const TAKEN_BACK: &str = "SELECT state FROM warning \
    WHERE json_extract(state, '$.recall') IS NOT NULL \
    AND json_extract(state, '$.recall.answered') IS NULL \
    ORDER BY json_extract(state, '$.status') <> 'Actual', number LIMIT ?1";

/// Accepted warnings whose time is past, and of which nobody has said what came of them.
const PAST: &str = "SELECT state FROM warning \
    WHERE json_extract(state, '$.standing.standing') = 'accepted' \
    AND json_extract(state, '$.recall') IS NULL AND outcome = 0 \
    AND json_extract(state, '$.summary.valid_until') <= ?2 \
    ORDER BY json_extract(state, '$.status') <> 'Actual', \
    json_extract(state, '$.summary.valid_until') LIMIT ?1";

/// What was refused since a time and may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewlyRefused {
    /// How many things, up to the limit.
    pub count: usize,
    /// The number of the first.
    pub first: i64,
    /// When the first came: an RFC 3339 timestamp.
    pub since: String,
}

impl Db<'_> {
    /// Cases that may need somebody and may be seen, with what is known of them.
    pub fn cases_in_need(
        &self,
        sight: &Sight,
        now: &Timestamp,
        limit: usize,
    ) -> Result<Vec<(Case, CaseKnown)>, StoreError> {
        let (mut all, mut known_numbers) = (Vec::new(), BTreeSet::new());
        for sql in [TOLD, RUNNING, DRAFTED, RECALLED, OWED, RENEWED, OVER] {
            let mut left = limit;
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = if sql == RENEWED {
                statement.query([now.micros()])?
            } else {
                statement.query([])?
            };
            while left > 0
                && let Some(row) = rows.next()?
            {
                let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                let case: Case = crate::parse("duty", text)?;
                let seen = !self.exercise_is_over(&case)?
                    && !known_numbers.contains(&case.number)
                    && self.sees_case(case.number, sight)?
                    && !self.is_gone(&Erasable::Case(case.number))?;
                if !seen {
                    continue;
                }
                known_numbers.insert(case.number);
                left -= 1;
                let known = self.known_of(&case)?;
                all.push((case, known));
            }
        }
        Ok(all)
    }

    fn known_of(&self, case: &Case) -> Result<CaseKnown, StoreError> {
        let sql = "SELECT json_extract(state, '$.at'), json_extract(state, '$.by'), \
                   json_extract(state, '$.also_by') FROM duty_draft WHERE case_nr = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([case.number.get()])?;
        let mut draft = None;
        if let Some(row) = rows.next()? {
            let (at, by, also): (String, String, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let damaged = |e: &dyn std::fmt::Display| StoreError::damaged("duty_draft", e);
            let mut by = vec![UserName::parse(&by).map_err(|e| damaged(&e))?];
            if let Some(also) = also {
                by.extend(crate::parse::<Vec<UserName>>("duty_draft", &also)?);
            }
            draft = Some(Written { by, at: time("duty_draft", at)? });
        }
        let sql = "SELECT coalesce( \
                   (SELECT json_extract(state, '$.at') FROM duty_recall WHERE case_nr = ?1), \
                   (SELECT json_extract(state, '$.at') FROM duty_release WHERE case_nr = ?1 \
                    ORDER BY version DESC LIMIT 1)), \
                   (SELECT answered FROM duty WHERE number = ?1), \
                   (SELECT outcome FROM duty WHERE number = ?1)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (sent, recall_answered, outcome): (Option<String>, bool, bool) = statement
            .query_row([case.number.get()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let sent = sent.map(|sent| time("duty_release", sent)).transpose()?;
        Ok(CaseKnown { draft, sent, recall_answered, outcome })
    }

    /// Whether one of ours has said what came of a warning.
    pub fn has_outcome(&self, warning: WarningNumber) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM warning WHERE number = ?1 AND outcome = 1";
        Ok(self.connection.prepare_cached(sql)?.exists([warning.get()])?)
    }

    /// Warnings that may need somebody at this time.
    pub fn warnings_in_need(
        &self,
        now: &Timestamp,
        limit: usize,
    ) -> Result<Vec<Warning>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut all: Vec<Warning> = self.states(UNANSWERED, [limit])?;
        all.extend(self.states::<Warning>(TAKEN_BACK, [limit])?);
        all.extend(self.states::<Warning>(PAST, (limit, now.as_str()))?);
        all.extend(self.states::<Warning>(OWING, [limit])?);
        let mut known = BTreeSet::new();
        let mut waiting = Vec::new();
        for one in all {
            if known.insert(one.number) && !self.is_gone(&Erasable::Warning(one.number))? {
                waiting.push(one);
            }
        }
        Ok(waiting)
    }

    /// Questions that nobody has answered, oldest first: ours, or those of partners.
    pub fn unanswered(&self, ours: bool, limit: usize) -> Result<Vec<(Subject, Said)>, StoreError> {
        let sql = "SELECT subject, state FROM said WHERE open = 1 AND ours = ?1 \
                   ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((ours, i64::try_from(limit).unwrap_or(i64::MAX)))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let subject: String = row.get(0)?;
            let subject = subject.parse().map_err(|e| StoreError::damaged("said", e))?;
            all.push((subject, crate::parse("said", &row.get::<_, String>(1)?)?));
        }
        Ok(all)
    }

    /// Proposals that wait for a second person, oldest first.
    pub fn waiting_proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        self.states("SELECT state FROM proposal WHERE waits = 1 ORDER BY number", [])
    }

    /// What was refused since a time, as far as it may be seen; `None` when nothing was.
    pub fn refused_since(
        &self,
        since: &Timestamp,
        sight: &Sight,
        limit: usize,
    ) -> Result<Option<NewlyRefused>, StoreError> {
        let sql = "SELECT q.seq, n.time, n.collection FROM quarantine q \
                   JOIN intake n ON n.number = q.intake ORDER BY q.seq DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found: Option<NewlyRefused> = None;
        while let Some(row) = rows.next()? {
            let (first, time, place): (i64, String, Option<i64>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let count = found.as_ref().map_or(0, |found| found.count);
            if time.as_str() < since.as_str() || count == limit {
                break;
            }
            if place.map_or(!sight.is_whole(), |place| sight.hides(place)) {
                continue;
            }
            found = Some(NewlyRefused { count: count + 1, first, since: time });
        }
        Ok(found)
    }

    /// Whether a case or warning is meant, as its status says; `None` when there is none.
    pub fn status_of(
        &self,
        subject: Subject,
    ) -> Result<Option<forewarn_exchange::scale::Status>, StoreError> {
        let case = |number: CaseNumber| Ok(self.case(number)?.map(|case| case.status));
        let warning =
            |number: WarningNumber| Ok(self.warning(number)?.map(|warning| warning.status));
        match subject {
            Subject::Case(number) => case(number),
            Subject::Warning(number) => warning(number),
        }
    }
}

fn time(what: &str, text: String) -> Result<Timestamp, StoreError> {
    Timestamp::try_from(text).map_err(|e| StoreError::damaged(what, e))
}
