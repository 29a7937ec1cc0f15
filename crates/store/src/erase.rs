//! Erases content where it stands: in the tables of cases, warnings and items, in the talk, in the
//! history and the journal, and in what opens the entries of logs. Leaves, hashes and receipts stay, so
//! that every proof still verifies.
//!
//! SQLite overwrites what is deleted (`secure_delete`), and the write-ahead log is emptied after it;
//! the search file begins anew.

use crate::seal::Seal;
use crate::{Db, StoreError};
use forewarn_exchange::case::Outgoing;
use forewarn_exchange::erasure::{Erasable, Erased, Hold, Kept};
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::{CaseNumber, CorrectionNumber, ProposalNumber, Subject, WarningNumber};
use forewarn_exchange::message::Content;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use rusqlite::OptionalExtension as _;
use serde_json::{Value, json};

/// The cursor that counts erasures.
const ERASURES: &str = "erasures";
/// Lines of the history that have no words of what was erased.
const WORDLESS: &[&str] = &["erased", "held", "hold-lifted", "line-erased", "exported"];
/// What is answered to whoever asks again about a command whose words were erased.
const ANSWER: &str = "what was refused then was erased";

/// What kinds of things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Cases of ours whose clock has stopped.
    Case,
    /// Warnings that came to us.
    Warning,
    /// Items that came in.
    Item,
}

fn parsed(time: &str) -> Result<Timestamp, StoreError> {
    Timestamp::parse(time).map_err(|e| StoreError::damaged("a time of the record", e))
}

/// Whether a command may have words of what is erased: one about the record itself has none.
fn has_words(act: &str) -> bool {
    !act.starts_with("{\"erased\"") && !act.contains("\"do\":\"record-")
}

impl Db<'_> {
    /// What holds something, and whether it was erased.
    pub fn kept(&self, what: &Erasable) -> Result<Option<Kept>, StoreError> {
        self.state("SELECT state FROM kept WHERE what = ?1", what.to_string())
    }

    /// So many things that are held or were erased, after a number, each with its own.
    pub fn kept_after(&self, after: i64, count: i64) -> Result<Vec<(i64, Kept)>, StoreError> {
        let sql = "SELECT seq, state FROM kept WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, crate::parse("kept", &row.get::<_, String>(1)?)?));
        }
        Ok(all)
    }

    /// When something last happened about it: to a case or warning, by the history, but for what was done
    /// about the record itself; an item, when it last came in. `None` for what is not there.
    pub fn last_touched(&self, what: &Erasable) -> Result<Option<Timestamp>, StoreError> {
        let (sql, name) = match what {
            Erasable::Case(_) | Erasable::Warning(_) => (
                "SELECT j.time FROM history h JOIN journal j ON j.idx = h.journal \
                 WHERE h.subject = ?1 AND json_extract(h.what, '$.happened') NOT IN \
                 ('erased', 'held', 'hold-lifted', 'proposed', 'proposal-approved', \
                  'proposal-dropped') ORDER BY h.seq DESC LIMIT 1",
                what.to_string(),
            ),
            Erasable::Item(id) => {
                let mut last = None;
                for item in self.item_ever(id)? {
                    let sql = "SELECT max(n.time) FROM intake n WHERE n.number IN \
                               (SELECT intake FROM item WHERE seq = ?1 \
                                UNION SELECT intake FROM sighting WHERE item = ?1)";
                    let mut statement = self.connection.prepare_cached(sql)?;
                    let time: Option<String> = statement.query_row([item.seq], |row| row.get(0))?;
                    last = last.max(time);
                }
                return last.map(|time| parsed(&time)).transpose();
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let time: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
        time.map(|time| parsed(&time)).transpose()
    }

    /// So many cases or warnings after a number, or items after the one added at it and before a time,
    /// that are not held, and of which something may be left; each with where to go on.
    pub fn to_be_looked_at(
        &self,
        kind: Kind,
        (after, before): (i64, i64),
        count: i64,
    ) -> Result<Vec<(i64, Erasable)>, StoreError> {
        let sql = match kind {
            Kind::Case => {
                "SELECT number, number FROM duty d WHERE number > ?1 AND ?2 <> 0 \
                 AND (json_extract(state, '$.clock.clock') = 'stopped' \
                  OR json_extract(state, '$.clock.purpose') = 'review') \
                 AND NOT EXISTS (SELECT 1 FROM kept WHERE what = 'case-' || d.number AND held = 1) \
                 ORDER BY number LIMIT ?3"
            }
            Kind::Warning => {
                "SELECT number, number FROM warning w WHERE number > ?1 AND ?2 <> 0 \
                 AND NOT EXISTS (SELECT 1 FROM kept WHERE what = 'warning-' || w.number AND held = 1) \
                 ORDER BY number LIMIT ?3"
            }
            Kind::Item => {
                "SELECT seq, id FROM item i WHERE seq > ?1 AND seq < ?2 AND collection >= 0 \
                 AND NOT EXISTS (SELECT 1 FROM erased WHERE erased.seq = i.seq) \
                 AND NOT EXISTS (SELECT 1 FROM kept WHERE what = i.id AND held = 1) ORDER BY seq LIMIT ?3"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, before, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let what = match kind {
                Kind::Case => Erasable::Case(CaseNumber::new(row.get(1)?)),
                Kind::Warning => Erasable::Warning(WarningNumber::new(row.get(1)?)),
                Kind::Item => Erasable::Item(row.get(1)?),
            };
            all.push((row.get(0)?, what));
        }
        Ok(all)
    }

    /// Whether the partner has answered the recall of a case.
    pub fn recall_is_answered(&self, case: CaseNumber) -> Result<bool, StoreError> {
        let sql = "SELECT answered FROM duty WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([case.get()], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Whether something was erased, and nothing has come of it since.
    pub fn is_gone(&self, what: &Erasable) -> Result<bool, StoreError> {
        let Some(erased) = self.kept(what)?.and_then(|known| known.erased) else {
            return Ok(false);
        };
        let Erasable::Item(id) = what else {
            return Ok(self.last_touched(what)?.is_none_or(|last| last <= erased.at));
        };
        let mut statement =
            self.connection.prepare_cached("SELECT 1 FROM erased WHERE seq = ?1")?;
        for item in self.item_ever(id)? {
            if !statement.exists([item.seq])? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How often anything was erased: what was made of the content begins anew when that has changed.
    pub fn erasures(&self) -> Result<i64, StoreError> {
        self.cursor(ERASURES)
    }

    /// Something was erased: the write-ahead log is emptied, and what was made of the content begins anew.
    pub(crate) fn count_erasure(&self) -> Result<(), StoreError> {
        self.set_cursor(ERASURES, self.erasures()? + 1)
    }

    /// Something is held from now on, or no more.
    pub fn set_hold(&self, what: &Erasable, hold: Option<&Hold>) -> Result<(), StoreError> {
        let known = self.kept(what)?;
        let erased = known.and_then(|known| known.erased);
        self.set_kept(&Kept { what: what.clone(), hold: hold.cloned(), erased })
    }

    fn set_kept(&self, kept: &Kept) -> Result<(), StoreError> {
        let sql = "INSERT INTO kept (what, held, state) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (what) DO UPDATE SET held = ?2, state = ?3";
        let row = (kept.what.to_string(), kept.hold.is_some(), crate::text(kept)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Erases the content of something, and forgets these proposals about it, which wait no more.
    pub fn erase(
        &self,
        what: &Erasable,
        erased: &Erased,
        forgotten: &[ProposalNumber],
    ) -> Result<(), StoreError> {
        match what {
            Erasable::Case(number) => self.erase_case(*number)?,
            Erasable::Warning(number) => self.erase_warning(*number)?,
            Erasable::Item(id) => self.erase_item(id)?,
        }
        self.forget(forgotten)?;
        let hold = self.kept(what)?.and_then(|known| known.hold);
        let kept = Kept { what: what.clone(), hold, erased: Some(erased.clone()) };
        self.count_erasure()?;
        self.set_kept(&kept)
    }

    fn erase_case(&self, number: CaseNumber) -> Result<(), StoreError> {
        if let Some(mut case) = self.case(number)? {
            case.blank();
            self.set_case(&case)?;
        }
        let outgoing = self.outgoing(number)?.blank();
        self.set_outgoing(number, &outgoing)?;
        let sql = "UPDATE duty_release SET state = ?3 WHERE case_nr = ?1 AND version = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        for (version, release) in (1_i64..).zip(outgoing.releases()) {
            statement.execute((number.get(), version, crate::text(release)?))?;
        }
        if let Outgoing::Recalled { recall, .. } = &outgoing {
            let sql = "UPDATE duty_recall SET state = ?2 WHERE case_nr = ?1";
            let row = (number.get(), crate::text(recall)?);
            self.connection.prepare_cached(sql)?.execute(row)?;
        }
        for sql in [
            "UPDATE duty_item SET why = '[]' WHERE case_nr = ?1",
            "UPDATE match SET found = json_set(found, '$.why', json('[]'), '$.label', '') \
             WHERE case_nr = ?1",
            "UPDATE thanks SET text = '' WHERE case_nr = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([number.get()])?;
        }
        self.erase_outlets(&format!("case-{number}/"))?;
        self.erase_about(Subject::Case(number))
    }

    fn erase_warning(&self, number: WarningNumber) -> Result<(), StoreError> {
        if let Some(mut warning) = self.warning(number)? {
            warning.blank();
            self.set_warning(&warning)?;
        }
        let sql = "SELECT version, content FROM warning_content WHERE warning = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([number.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let all: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
        let sql = "UPDATE warning_content SET content = ?3 WHERE warning = ?1 AND version = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        for (version, text) in all {
            let mut content: Content = crate::parse("warning_content", &text)?;
            content.blank();
            statement.execute((number.get(), version, crate::text(&content)?))?;
        }
        self.erase_outlets(&format!("warning-{number}/"))?;
        self.erase_about(Subject::Warning(number))
    }

    /// Every version of an item. Its id stays, and the digest of its bytes.
    fn erase_item(&self, id: &str) -> Result<(), StoreError> {
        for item in self.item_ever(id)? {
            self.erase_bytes(item.seq)?;
        }
        for sql in [
            "UPDATE duty_item SET why = '[]' WHERE item = ?1",
            "DELETE FROM quarantine WHERE id = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([id])?;
        }
        self.erase_corrections(id)
    }

    /// What people said of its findings, in the commands and the history too. That somebody said
    /// something, who and when, stays.
    fn erase_corrections(&self, id: &str) -> Result<(), StoreError> {
        let all = self.corrections_of(id)?;
        if all.is_empty() {
            return Ok(());
        }
        for mut correction in all {
            self.erase_rechecked(correction.number)?;
            correction.blank();
            self.set_correction(&correction)?;
        }
        let sql = "SELECT h.seq, h.journal FROM history h \
                   WHERE h.subject IS NULL AND json_extract(h.what, '$.happened') = 'corrected' \
                   AND json_extract(h.what, '$.item') = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let lines: Vec<(i64, i64)> = rows.collect::<Result<_, _>>()?;
        let sql = "UPDATE history SET what = ?2 WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        for (seq, journal) in lines {
            let was = "corrected".to_owned();
            statement.execute((seq, crate::text(&Happened::LineErased { was })?))?;
            self.erase_command(journal)?;
        }
        Ok(())
    }

    /// What an item meets by a correction stands in the command that puts that on record, and perhaps in
    /// no case: what is muted, or of an interest that is newer than the item, opens none.
    fn erase_rechecked(&self, correction: CorrectionNumber) -> Result<(), StoreError> {
        let sql = "SELECT idx FROM journal WHERE act LIKE '{\"rechecked\"%' \
                   AND json_extract(act, '$.rechecked.correction') = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([correction.get()], |row| row.get(0))?;
        let commands: Vec<i64> = rows.collect::<Result<_, _>>()?;
        commands.into_iter().try_for_each(|index| self.erase_command(index))
    }

    /// What was found when an item was matched stands in the commands that put that on record.
    fn erase_matching(&self, seq: i64) -> Result<(), StoreError> {
        let sql = "SELECT DISTINCT j.idx FROM match m \
                   JOIN history h ON h.subject = 'case-' || m.case_nr \
                   JOIN journal j ON j.idx = h.journal WHERE m.item = ?1 \
                   AND (j.act LIKE '{\"matched\"%' OR j.act LIKE '{\"tried\"%' \
                   OR j.act LIKE '{\"rechecked\"%') \
                   AND instr(j.act, ?2) > 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((seq, seq.to_string()), |row| row.get(0))?;
        let commands: Vec<i64> = rows.collect::<Result<_, _>>()?;
        commands.into_iter().try_for_each(|index| self.erase_command(index))
    }

    fn erase_bytes(&self, seq: i64) -> Result<(), StoreError> {
        self.erase_matching(seq)?;
        for sql in [
            "INSERT OR IGNORE INTO erased (seq) VALUES (?1)",
            "UPDATE content SET bytes = x'' WHERE seq = ?1",
            "UPDATE item SET shown = NULL WHERE seq = ?1",
            "DELETE FROM original WHERE seq = ?1",
            "DELETE FROM flaw WHERE seq = ?1",
            "UPDATE match SET found = json_set(found, '$.why', json('[]')) WHERE item = ?1",
            "UPDATE muted SET found = json_set(found, '$.why', json('[]')) WHERE item = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([seq])?;
        }
        Ok(())
    }

    /// What was put where others fetch, or our tools do, by intakes whose ids begin so. Markings and
    /// whoever says it have no words of a case, and others refer to them.
    fn erase_outlets(&self, begins: &str) -> Result<(), StoreError> {
        let sql = "SELECT i.seq FROM item i JOIN intake n ON n.number = i.intake \
                   WHERE n.id >= ?1 AND n.id < ?2 \
                   AND i.id NOT LIKE 'marking-definition--%' AND i.id NOT LIKE 'identity--%'";
        let mut statement = self.connection.prepare_cached(sql)?;
        let end = format!("{begins}\u{10ffff}");
        let rows = statement.query_map((begins, &end), |row| row.get(0))?;
        let all: Vec<i64> = rows.collect::<Result<_, _>>()?;
        all.into_iter().try_for_each(|seq| self.erase_bytes(seq))
    }

    /// What was said about it, what opens its entries, what is said of it in public, what waited for a
    /// second person, and the words of its history and of the commands behind it.
    fn erase_about(&self, subject: Subject) -> Result<(), StoreError> {
        let name = subject.to_string();
        self.erase_commands(&name)?;
        for sql in ["DELETE FROM said WHERE subject = ?1", "DELETE FROM readout WHERE subject = ?1"]
        {
            self.connection.prepare_cached(sql)?.execute([&name])?;
        }
        let sql = "SELECT key, hashes, leaf, refused FROM entry WHERE subject = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([&name])?;
        let mut all: Vec<(i64, Vec<u8>, String, Option<String>)> = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
        let sql = "UPDATE entry SET disclosures = '[]', withheld = NULL, refused = ?2, seal = ?3 \
                   WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut before =
            self.connection.prepare_cached("DELETE FROM entry_before WHERE key = ?1")?;
        for (key, hashes, leaf, refused) in all {
            let refused = refused.map(|_| "erased".to_owned());
            let seal =
                Seal::default().number(key).bytes(&hashes).text(&leaf).text("[]").maybe(None);
            let seal = seal.maybe(Some(&name)).maybe(refused.as_deref()).done();
            statement.execute((key, refused, &seal[..]))?;
            before.execute([key])?;
        }
        Ok(())
    }

    /// The words of the history of a subject, and of the commands that made it. Who did what kind of
    /// thing, and when, stays.
    fn erase_commands(&self, subject: &str) -> Result<(), StoreError> {
        let sql = "SELECT seq, what FROM history WHERE subject = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([subject], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let lines: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
        let mut statement =
            self.connection.prepare_cached("UPDATE history SET what = ?2 WHERE seq = ?1")?;
        for (seq, what) in lines {
            let what: Value = crate::parse("history", &what)?;
            let was = what.get("happened").and_then(Value::as_str).unwrap_or_default().to_owned();
            if WORDLESS.contains(&was.as_str()) {
                continue;
            }
            statement.execute((seq, crate::text(&Happened::LineErased { was })?))?;
        }
        let sql = "SELECT DISTINCT journal FROM history WHERE subject = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([subject], |row| row.get(0))?;
        let mut commands: Vec<i64> = rows.collect::<Result<_, _>>()?;
        commands.extend(self.refused_about(subject)?);
        for index in commands {
            self.erase_command(index)?;
        }
        Ok(())
    }

    /// Refused commands have no history: those that name the subject's number.
    fn refused_about(&self, subject: &str) -> Result<Vec<i64>, StoreError> {
        let Some((kind, number)) = subject.split_once('-') else { return Ok(Vec::new()) };
        let sql = "SELECT idx FROM journal WHERE refused = 1 \
                   AND (instr(act, ?1) > 0 OR instr(act, ?2) > 0 OR instr(act, ?3) > 0 \
                    OR (act GLOB '*\"also\":[[]*' AND instr(act, ?4) > 0))";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (a, b) = (format!("\"{kind}\":{number},"), format!("\"{kind}\":{number}}}"));
        // Commands about several cases name the others in a list: one too many of those is no loss.
        let names = (a, b, format!("\"{subject}\""), number);
        let rows = statement.query_map(names, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn erase_command(&self, index: i64) -> Result<(), StoreError> {
        let sql = "SELECT act, refused FROM journal WHERE idx = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let known: Option<(String, bool)> = statement.query_row([index], read).optional()?;
        let Some((act, refused)) = known.filter(|(act, _)| has_words(act)) else {
            return Ok(());
        };
        let act = json!({ "erased": Hash::of(act.as_bytes()) }).to_string();
        let sql = "UPDATE journal SET act = ?2 WHERE idx = ?1";
        self.connection.prepare_cached(sql)?.execute((index, act))?;
        if refused {
            let answer = crate::text(&Refusal::new(Code::NotFound, ANSWER))?;
            let sql = "UPDATE journal SET answer = ?2 WHERE idx = ?1";
            self.connection.prepare_cached(sql)?.execute((index, answer))?;
        }
        Ok(())
    }

    fn forget(&self, numbers: &[ProposalNumber]) -> Result<(), StoreError> {
        let sql = "DELETE FROM proposal WHERE number = ?1 AND waits = 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        for number in numbers {
            statement.execute([number.get()])?;
        }
        Ok(())
    }
}
