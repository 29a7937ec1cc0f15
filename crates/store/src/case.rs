//! Cases in their parts, and the matches that opened or joined them.

use crate::log::number;
use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_exchange::case::{Case, CaseItem, MAX_LINKED, Outgoing, Recall, Release, Stage};
use forewarn_exchange::draft::Draft;
use forewarn_exchange::exercise::InExercise;
use forewarn_exchange::id::{CaseNumber, IntakeNumber, Subject, WarningNumber};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::owed::Owed;
use forewarn_exchange::scale::Status;
use forewarn_matching::Match;
use forewarn_stix::Timestamp;
use std::borrow::Cow;

/// Whether something of a case still stands.
fn stands(stage: Stage) -> bool {
    match stage {
        Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted | Stage::Released => true,
        Stage::Closed | Stage::Expired | Stage::Recalled => false,
    }
}

impl Db<'_> {
    /// A case, without its items, papers and talk.
    pub fn case(&self, number: CaseNumber) -> Result<Option<Case>, StoreError> {
        self.state("SELECT state FROM duty WHERE number = ?1", number.get())
    }

    /// Every case, in the order of opening.
    pub fn cases(&self) -> Result<Vec<Case>, StoreError> {
        self.states("SELECT state FROM duty ORDER BY number", [])
    }

    /// So many cases after a number, by number.
    pub fn cases_after(&self, after: i64, count: i64) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// A partner's cases whose clock runs.
    pub fn cases_that_run(&self, partner: &NodeName) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE partner = ?1 \
                   AND json_extract(state, '$.clock.clock') <> 'stopped' ORDER BY number";
        self.states(sql, [&**partner])
    }

    /// The number that the next case gets.
    pub fn next_case(&self) -> Result<CaseNumber, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM duty").map(CaseNumber::new)
    }

    /// Keeps a case as it is.
    pub fn set_case(&self, case: &Case) -> Result<(), StoreError> {
        let sql = "INSERT INTO duty (number, partner, due, awaits, state, ends, renew, owes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (number) DO UPDATE SET \
                   partner = ?2, due = ?3, awaits = ?4, state = ?5, ends = ?6, renew = ?7, \
                   owes = ?8";
        let due = case.clock.next().map(Timestamp::micros);
        let awaits = case.awaits.map(number);
        let holds = case.holds_until();
        let ends = holds.map(|holds| holds.until.micros());
        let renew = holds.map(|holds| holds.renew_from.micros());
        let owes = case.owed.as_ref().is_some_and(Owed::is_open);
        let key = (case.number.get(), &*case.partner);
        let row = (key.0, key.1, due, awaits, crate::text(case)?, ends, renew, owes);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Cases of which something still stands, whether a clock runs or has run out, and that may be seen: first those due
    /// first, then the newest. So many at most, looked for among so many rows with
    /// a deadline, and as many without.
    pub fn cases_that_stand(
        &self,
        sight: &Sight,
        (most, among): (usize, i64),
    ) -> Result<Vec<Case>, StoreError> {
        // Each goes along an index, so that no more is read than is shown.
        let due = "SELECT state FROM duty WHERE due IS NOT NULL ORDER BY due, number LIMIT ?1";
        let rest = "SELECT state FROM duty WHERE due IS NULL ORDER BY number DESC LIMIT ?1";
        let mut all = Vec::new();
        for sql in [due, rest] {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([among])?;
            while all.len() < most
                && let Some(row) = rows.next()?
            {
                let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                let case: Case = crate::parse("duty", text)?;
                if stands(case.stage()) && self.sees_case(case.number, sight)? {
                    all.push(case);
                }
            }
        }
        Ok(all)
    }

    /// The cases whose clock has run out by then and nothing is on record of it, or whose pause is
    /// over, first those due first.
    pub fn cases_due(&self, micros: i64, limit: i64) -> Result<Vec<CaseNumber>, StoreError> {
        let sql = "SELECT number FROM duty WHERE due IS NOT NULL AND due <= ?1 \
                   ORDER BY due, number LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((micros, limit), |row| row.get(0).map(CaseNumber::new))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The cases and warnings whose time is over by then and nothing is on record of it, first
    /// those that ended first.
    pub fn ending(&self, micros: i64, limit: i64) -> Result<Vec<Subject>, StoreError> {
        let mut all = Vec::new();
        let cases = "SELECT number FROM duty WHERE ends <= ?1 ORDER BY ends, number LIMIT ?2";
        let warnings = "SELECT number FROM warning WHERE ends <= ?1 ORDER BY ends, number LIMIT ?2";
        let mut statement = self.connection.prepare_cached(cases)?;
        let mut rows = statement.query((micros, limit))?;
        while let Some(row) = rows.next()? {
            all.push(Subject::Case(CaseNumber::new(row.get(0)?)));
        }
        let mut statement = self.connection.prepare_cached(warnings)?;
        let mut rows = statement.query((micros, limit))?;
        while let Some(row) = rows.next()? {
            all.push(Subject::Warning(WarningNumber::new(row.get(0)?)));
        }
        Ok(all)
    }

    /// When the next clock runs out, or the time of a warning is over, in microseconds since 1970.
    pub fn next_due(&self) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(next) FROM ( \
                   SELECT min(due) AS next FROM duty WHERE due IS NOT NULL \
                   UNION ALL SELECT min(ends) FROM duty WHERE ends IS NOT NULL \
                   UNION ALL SELECT min(ends) FROM warning WHERE ends IS NOT NULL)";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// The cases of a partner that wait to be held by it, by an entry before `size` of our log.
    pub fn cases_awaiting(&self, partner: &str, size: u64) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE partner = ?1 AND awaits < ?2 ORDER BY number";
        self.states(sql, (partner, i64::try_from(size).unwrap_or(i64::MAX)))
    }

    /// The cases of one threat, by number; none for the number of a case that is not linked.
    pub fn cases_of_threat(&self, threat: CaseNumber) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE json_extract(state, '$.threat') IS NOT NULL \
                   AND json_extract(state, '$.threat') = ?1 ORDER BY number LIMIT ?2";
        self.states(sql, (threat.get(), i64::try_from(MAX_LINKED).unwrap_or(i64::MAX)))
    }

    /// The matches of a case belong to another from now on, and further ones join that.
    pub fn merge_case(&self, from: CaseNumber, into: CaseNumber) -> Result<(), StoreError> {
        for sql in [
            "UPDATE match SET case_nr = ?2 WHERE case_nr = ?1",
            "UPDATE duty_intake SET case_nr = ?2 WHERE case_nr = ?1 \
             AND partner = (SELECT partner FROM duty WHERE number = ?1)",
            "UPDATE duty_object SET case_nr = ?2 WHERE case_nr = ?1 \
             AND partner = (SELECT partner FROM duty WHERE number = ?1)",
        ] {
            self.connection.prepare_cached(sql)?.execute((from.get(), into.get()))?;
        }
        Ok(())
    }

    /// The cases of other partners that matches of the items of a case opened or joined.
    pub fn cases_meeting_the_same(&self, case: CaseNumber) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT DISTINCT d.number, d.state FROM duty_item i \
                   JOIN duty_item o ON o.item = i.item AND o.case_nr <> i.case_nr \
                   JOIN duty d ON d.number = o.case_nr \
                   WHERE i.case_nr = ?1 \
                   AND d.partner <> (SELECT partner FROM duty WHERE number = ?1) \
                   ORDER BY d.number LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let limit = i64::try_from(MAX_LINKED).unwrap_or(i64::MAX);
        let mut rows = statement.query((case.get(), limit))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(crate::parse("duty", &row.get::<_, String>(1)?)?);
        }
        Ok(all)
    }

    /// The newest cases that name an item, so many at most, by number.
    pub fn cases_naming(&self, item: &str, most: usize) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT d.state FROM duty_item i JOIN duty d ON d.number = i.case_nr \
                   WHERE i.item = ?1 ORDER BY d.number DESC LIMIT ?2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut all: Vec<Case> = self.states(sql, (item, most))?;
        all.reverse();
        Ok(all)
    }

    /// The items in a range of numbers whose objects a case names, each with its id.
    pub fn named_between(
        &self,
        (first, last): (i64, i64),
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT seq, id FROM item WHERE seq BETWEEN ?1 AND ?2 \
                   AND EXISTS (SELECT 1 FROM duty_item d WHERE d.item = item.id) ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((first, last), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The items that a case names, in the order in which they joined.
    pub fn case_items(&self, case: CaseNumber) -> Result<Vec<CaseItem>, StoreError> {
        let sql = "SELECT item, source, why FROM duty_item WHERE case_nr = ?1 ORDER BY position";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([case.get()])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let why = crate::parse("duty_item", &row.get::<_, String>(2)?)?;
            items.push(CaseItem { id: row.get(0)?, source: row.get(1)?, why });
        }
        Ok(items)
    }

    /// Whether a case names an item.
    pub fn names_item(&self, case: CaseNumber, item: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM duty_item WHERE item = ?2 AND case_nr = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists((case.get(), item))?)
    }

    /// A case names one more item.
    pub fn add_case_item(&self, case: CaseNumber, item: &CaseItem) -> Result<(), StoreError> {
        let sql = "INSERT INTO duty_item (case_nr, position, item, source, why) VALUES (?1, \
                   (SELECT coalesce(max(position) + 1, 0) FROM duty_item WHERE case_nr = ?1), \
                   ?2, ?3, ?4)";
        let CaseItem { id, source, why } = item;
        let row = (case.get(), id, source, crate::text(why)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// What was written of a case: the draft that waits, its releases, its recall.
    pub fn outgoing(&self, case: CaseNumber) -> Result<Outgoing, StoreError> {
        let sql = "SELECT state FROM duty_draft WHERE case_nr = ?1";
        let draft: Option<Draft> = self.state(sql, case.get())?;
        let sql = "SELECT state FROM duty_release WHERE case_nr = ?1 ORDER BY version";
        let releases: Vec<Release> = self.states(sql, [case.get()])?;
        let sql = "SELECT state FROM duty_recall WHERE case_nr = ?1";
        let recall: Option<Recall> = self.state(sql, case.get())?;
        Ok(match (draft, releases, recall) {
            (_, releases, Some(recall)) => Outgoing::Recalled { releases, recall },
            (None, releases, None) if releases.is_empty() => Outgoing::Nothing,
            (Some(draft), releases, None) if releases.is_empty() => Outgoing::Drafted(draft),
            (next, releases, None) => Outgoing::Released { releases, next },
        })
    }

    /// Keeps what was written of a case. Releases are only ever added.
    pub fn set_outgoing(&self, case: CaseNumber, outgoing: &Outgoing) -> Result<(), StoreError> {
        let number = case.get();
        if let Some(draft) = outgoing.pending() {
            let sql = "INSERT OR REPLACE INTO duty_draft (case_nr, state) VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute((number, crate::text(draft)?))?;
        } else {
            let sql = "DELETE FROM duty_draft WHERE case_nr = ?1";
            self.connection.prepare_cached(sql)?.execute([number])?;
        }
        let sql = "SELECT count(*) FROM duty_release WHERE case_nr = ?1";
        let known: i64 = self.connection.prepare_cached(sql)?.query_row([number], |r| r.get(0))?;
        let sql = "INSERT INTO duty_release (case_nr, version, state) VALUES (?1, ?2, ?3)";
        for (version, release) in (1_i64..).zip(outgoing.releases()).filter(|(n, _)| *n > known) {
            let row = (number, version, crate::text(release)?);
            self.connection.prepare_cached(sql)?.execute(row)?;
            self.outcome_is_what_was_said(case)?;
        }
        if let Outgoing::Recalled { recall, .. } = outgoing {
            let sql = "INSERT OR REPLACE INTO duty_recall (case_nr, state) VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute((number, crate::text(recall)?))?;
        }
        Ok(())
    }

    /// The case of a partner that a match of an item of this intake joins, about one of these
    /// objects: the one of the same intake first, then of the object named first. An undecided one;
    /// where there is none, one that was waived, which is then looked at again. Only of the same part:
    /// what is meant and each exercise are apart.
    pub fn joinable_case(
        &self,
        partner: &str,
        intake: IntakeNumber,
        objects: &[String],
        part: (Status, Option<InExercise>),
    ) -> Result<Option<Case>, StoreError> {
        let sql = "SELECT d.state FROM duty_intake i JOIN duty d ON d.number = i.case_nr \
                   WHERE i.partner = ?1 AND i.intake = ?2";
        let mut known: Vec<Case> = self.states(sql, (partner, intake.get()))?;
        let sql = "SELECT d.state FROM duty_object o JOIN duty d ON d.number = o.case_nr \
                   WHERE o.partner = ?1 AND o.object = ?2";
        for object in objects {
            if known.iter().any(Case::is_undecided) {
                break;
            }
            let object = object_in(part.1, object);
            known.extend(self.states::<Case>(sql, (partner, object.as_ref()))?);
        }
        known.retain(|case| case.partition() == part);
        let waived = known.iter().position(Case::is_waived);
        let joined = known.iter().position(Case::is_undecided).or(waived);
        Ok(joined.map(|at| known.swap_remove(at)))
    }

    /// Further matches of this intake, or about this object, join this case.
    pub fn set_joinable(
        &self,
        case: &Case,
        intake: IntakeNumber,
        object: &str,
    ) -> Result<(), StoreError> {
        let (partner, object) = (&case.partner, object_in(case.exercise, object));
        let sql =
            "INSERT OR REPLACE INTO duty_intake (partner, intake, case_nr) VALUES (?1, ?2, ?3)";
        let row = (&**partner, intake.get(), case.number.get());
        self.connection.prepare_cached(sql)?.execute(row)?;
        let sql =
            "INSERT OR REPLACE INTO duty_object (partner, object, case_nr) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((
            &**partner,
            object.as_ref(),
            case.number.get(),
        ))?;
        Ok(())
    }

    /// Keeps a match, and counts it for its interest; `time` is now.
    pub fn add_match(
        &self,
        item: i64,
        case: CaseNumber,
        found: &Match,
        time: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO match (item, partner, interest, case_nr, found) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
        let (partner, interest) = (&found.partner, &found.interest);
        let row = (item, partner, interest, case.get(), crate::text(found)?);
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

    /// The cases that matches of these items opened or joined, by number, and whose they are.
    pub fn cases_met(
        &self,
        (first, last): (i64, i64),
        limit: i64,
    ) -> Result<Vec<(CaseNumber, String)>, StoreError> {
        let sql = "SELECT DISTINCT case_nr, partner FROM match WHERE item BETWEEN ?1 AND ?2 \
                   ORDER BY case_nr LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((first, last, limit), |row| {
            Ok((CaseNumber::new(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every match of a case, in the order in which they were found.
    pub fn matches_of_case(&self, case: CaseNumber) -> Result<Vec<Match>, StoreError> {
        self.states("SELECT found FROM match WHERE case_nr = ?1 ORDER BY seq", [case.get()])
    }
}

/// An object as cases of this part are looked for by it: what is played is not found by what is meant.
fn object_in(exercise: Option<InExercise>, object: &str) -> Cow<'_, str> {
    match exercise {
        None => Cow::Borrowed(object),
        Some(InExercise { number, .. }) => Cow::Owned(format!("exercise-{number} {object}")),
    }
}
