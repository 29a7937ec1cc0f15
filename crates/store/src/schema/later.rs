//! Until when warnings hold, and what is owed for later words on them: found by indexes.

use forewarn_exchange::case::Horizon;
use forewarn_stix::Timestamp;
use rusqlite::Connection;

const STEP: &str = "
-- Until when a released warning holds, and from when on it is to be renewed, in microseconds since
-- 1970; NULL when nothing holds. owes: the partner has not answered an update, or the end. outcome:
-- it has said what came of it, or has declined it.
ALTER TABLE duty ADD COLUMN ends INTEGER;
ALTER TABLE duty ADD COLUMN renew INTEGER;
ALTER TABLE duty ADD COLUMN owes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE duty ADD COLUMN outcome INTEGER NOT NULL DEFAULT 0;
CREATE INDEX duty_ends ON duty (ends) WHERE ends IS NOT NULL;
CREATE INDEX duty_renew ON duty (renew) WHERE renew IS NOT NULL;
CREATE INDEX duty_owes ON duty (json_extract(state, '$.status') <> 'Actual', number) WHERE owes = 1;
CREATE INDEX duty_over ON duty (json_extract(state, '$.expired'))
    WHERE outcome = 0 AND json_extract(state, '$.expired') IS NOT NULL;
UPDATE duty SET outcome = 1 WHERE EXISTS (SELECT 1 FROM said s
    WHERE s.subject = 'case-' || duty.number AND s.ours = 0 AND s.kind IN ('outcome', 'declined'));

-- The same of a warning that came.
ALTER TABLE warning ADD COLUMN ends INTEGER;
ALTER TABLE warning ADD COLUMN owes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX warning_ends ON warning (ends) WHERE ends IS NOT NULL;
CREATE INDEX warning_owes ON warning (json_extract(state, '$.status') <> 'Actual', number)
    WHERE owes = 1;

-- Warnings that came, in the order in which they are looked at: what is meant first, then the most
-- urgent, then the oldest.
CREATE INDEX warning_inbox ON warning
    (json_extract(state, '$.status') <> 'Actual',
     CASE json_extract(state, '$.summary.urgency')
        WHEN 'immediate' THEN 0 WHEN 'expected' THEN 1 ELSE 2 END, number);
";

const RELEASED: &str = "SELECT d.number, json_extract(r.state, '$.draft.valid_until'), \
    json_extract(r.state, '$.at') FROM duty d JOIN duty_release r ON r.case_nr = d.number \
    WHERE json_extract(d.state, '$.outward') = 'released' \
    AND r.version = (SELECT max(version) FROM duty_release WHERE case_nr = d.number)";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)?;
    let mut released = file.prepare(RELEASED)?;
    let rows = released.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    for (number, until, at) in rows.collect::<Result<Vec<_>, _>>()? {
        // What cannot be read is damage, and is told of where the release is read.
        let (Ok(until), Ok(at)) = (Timestamp::parse(&until), Timestamp::parse(&at)) else {
            continue;
        };
        let Horizon { until, renew_from } = Horizon::new(&until, &at);
        // What was over before anybody reckoned with it is over: nobody answers for it now.
        let sql = "UPDATE duty SET state = json_set(state, '$.horizon', \
                   json_object('until', ?2, 'renew_from', ?3), '$.expired', ?2) \
                   WHERE number = ?1 AND ?4 < 1000000 * unixepoch()";
        let row = (number, until.as_str(), renew_from.as_str(), until.micros());
        if file.execute(sql, row)? > 0 {
            continue;
        }
        let sql = "UPDATE duty SET ends = ?2, renew = ?3, state = json_set(state, '$.horizon', \
                   json_object('until', ?4, 'renew_from', ?5)) WHERE number = ?1";
        let row =
            (number, until.micros(), renew_from.micros(), until.as_str(), renew_from.as_str());
        file.execute(sql, row)?;
    }
    let sql = "SELECT number, json_extract(state, '$.summary.valid_until') FROM warning \
               WHERE json_extract(state, '$.recall') IS NULL";
    let mut warnings = file.prepare(sql)?;
    let rows =
        warnings.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    for (number, until) in rows.collect::<Result<Vec<_>, _>>()? {
        let Ok(until) = Timestamp::parse(&until) else { continue };
        file.execute("UPDATE warning SET ends = ?2 WHERE number = ?1", (number, until.micros()))?;
    }
    Ok(())
}
