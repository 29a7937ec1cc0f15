//! The step to tables of what is typed: who acted by kind, what happened as data, a case in parts,
//! commands whole.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

const TABLES: &str = "
-- Commands whole: version 0 was written before they were, and cannot be replayed.
ALTER TABLE journal ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN seed BLOB NOT NULL DEFAULT x'';
ALTER TABLE journal ADD COLUMN ahead TEXT NOT NULL DEFAULT '[]';

-- What commands have set that is no table of its own, such as the configuration.
CREATE TABLE setting (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;

-- What an entry was opened with before more of it was: by the command that opened more.
CREATE TABLE entry_before (
    key         INTEGER NOT NULL,
    journal     INTEGER NOT NULL,
    disclosures TEXT NOT NULL,
    PRIMARY KEY (key, journal)
) STRICT, WITHOUT ROWID;

-- 0: a STIX 2.1 object; 1: plain text.
ALTER TABLE item ADD COLUMN media INTEGER NOT NULL DEFAULT 0;
UPDATE item SET media = 1 WHERE collection = 0;

-- Where an intake's items went; NULL for those of before that was kept.
ALTER TABLE intake ADD COLUMN collection INTEGER;

ALTER TABLE duty RENAME TO duty_before;
-- due: microseconds at which it is to be put on record that the clock ran out; NULL when there is
-- nothing to put on record any more.
CREATE TABLE duty (
    number   INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    due      INTEGER,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX duty_due ON duty (due) WHERE due IS NOT NULL;
CREATE TABLE duty_item (
    case_nr  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    item     TEXT NOT NULL,
    source   TEXT,
    why      TEXT NOT NULL,
    PRIMARY KEY (case_nr, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_item_item ON duty_item (item);
-- The draft that waits; its releases, oldest first; its recall.
CREATE TABLE duty_draft (case_nr INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE TABLE duty_release (
    case_nr  INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    state    TEXT NOT NULL,
    PRIMARY KEY (case_nr, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE duty_recall (case_nr INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;

ALTER TABLE warning RENAME TO warning_before;
CREATE TABLE warning (
    number   INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    state    TEXT NOT NULL
) STRICT;
-- Those that nobody has opened yet: a partner may have so many.
CREATE INDEX warning_new ON warning (partner)
    WHERE json_extract(state, '$.standing.standing') = 'new';
CREATE TABLE warning_content (
    warning  INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (warning, version)
) STRICT, WITHOUT ROWID;

-- What was said about a case or warning. entry: its index in the speaker's log; question: for an
-- answer, the question's index in the log of the one who asked.
CREATE TABLE said (
    seq      INTEGER PRIMARY KEY,
    subject  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    ours     INTEGER NOT NULL,
    entry    INTEGER NOT NULL,
    question INTEGER,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX said_subject ON said (subject, seq);
CREATE INDEX said_question ON said (subject, question) WHERE question IS NOT NULL;

-- What must never reach a partner, in any words. It only ever grows.
CREATE TABLE withheld (
    partner  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (partner, kind, text)
) STRICT, WITHOUT ROWID;

-- Who acted, by kind: partners brought what crosses the channel; parts of the node and the owner had
-- names of their own.
UPDATE journal SET actor = CASE
    WHEN actor = 'owner' THEN 'owner'
    WHEN json_extract(act, '$.do') IN ('receive', 'receipt', 'refill', 'contradiction')
        THEN 'partner:' || actor
    WHEN actor IN ('matcher', 'clocks', 'feeder') THEN 'node:' || actor
    ELSE 'user:' || actor END;
UPDATE intake SET actor = CASE
    WHEN actor IN ('feeder', 'outlet') THEN 'node:' || actor
    WHEN actor = 'owner' THEN 'owner'
    ELSE 'user:' || actor END;
UPDATE history SET what = json_object('happened', 'words', 'words', what);
UPDATE history SET subject = 'partner:' || subject WHERE subject IS NOT NULL
    AND subject NOT GLOB 'case-[0-9]*' AND subject NOT GLOB 'warning-[0-9]*';
";

/// The whole step.
pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(TABLES)?;
    cases(file)?;
    warnings(file)?;
    file.execute_batch("DROP TABLE duty_before; DROP TABLE warning_before;")
}

fn rows(file: &Connection, sql: &str) -> rusqlite::Result<Vec<(i64, String, Value)>> {
    let mut statement = file.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let state: String = row.get(2)?;
        let state = serde_json::from_str(&state).map_err(|e| {
            rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(e))
        })?;
        Ok((row.get(0)?, row.get(1)?, state))
    })?;
    rows.collect()
}

fn take(map: &mut Map<String, Value>, name: &str) -> Value {
    map.remove(name).unwrap_or_default()
}

fn cases(file: &Connection) -> rusqlite::Result<()> {
    let all = rows(file, "SELECT number, partner, state FROM duty_before ORDER BY number")?;
    for (number, partner, state) in all {
        let Value::Object(mut case) = state else { continue };
        let items = take(&mut case, "items");
        let items = items.as_array().cloned().unwrap_or_default();
        let talk = take(&mut case, "talk");
        let Value::Object(mut stage) = take(&mut case, "stage") else { continue };
        let (due, ran_out) = (take(&mut case, "due"), take(&mut case, "ran_out"));
        let word = take(&mut stage, "stage");
        let word = word.as_str().unwrap_or_default().to_owned();
        papers(file, number, &partner, &mut stage)?;
        let stopped = matches!(word.as_str(), "closed" | "released" | "recalled");
        let clock = match (stopped, ran_out.is_null()) {
            (true, _) => json!({"clock": "stopped", "due": due, "ran_out": ran_out}),
            (false, true) => json!({"clock": "running", "due": due}),
            (false, false) => json!({"clock": "ran-out", "due": due, "at": ran_out}),
        };
        let (finding, decision) = (take(&mut stage, "finding"), take(&mut stage, "decision"));
        let assessment = match (finding.is_null(), decision.is_null()) {
            (true, true) => json!({"assessment": "open"}),
            (false, true) => json!({"assessment": "found", "finding": finding}),
            (_, false) => {
                json!({"assessment": "decided", "finding": finding, "decision": decision})
            }
        };
        let outward = match word.as_str() {
            "drafted" | "released" | "recalled" => word.as_str(),
            _ => "nothing",
        };
        case.insert("clock".to_owned(), clock);
        case.insert("assessment".to_owned(), assessment);
        case.insert("outward".to_owned(), outward.into());
        case.insert("items".to_owned(), items.len().into());
        let waits = !stopped && ran_out.is_null();
        let micros = due.as_str().and_then(|due| forewarn_stix::Timestamp::parse(due).ok());
        let micros = micros.filter(|_| waits).map(|due| due.micros());
        let sql = "INSERT INTO duty (number, partner, due, state) VALUES (?1, ?2, ?3, ?4)";
        file.execute(sql, (number, partner, micros, Value::Object(case).to_string()))?;
        for (position, item) in items.iter().enumerate() {
            let sql = "INSERT INTO duty_item (case_nr, position, item, source, why) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let text = |name: &str| item.get(name).and_then(Value::as_str);
            let why = item.get("why").cloned().unwrap_or_default().to_string();
            let position = i64::try_from(position).unwrap_or(0);
            file.execute(sql, (number, position, text("id"), text("source"), why))?;
        }
        said(file, &format!("case-{number}"), &talk)?;
    }
    Ok(())
}

/// Drafts, releases and the recall; and what they withheld from the partner.
fn papers(
    file: &Connection,
    case: i64,
    partner: &str,
    stage: &mut Map<String, Value>,
) -> rusqlite::Result<()> {
    let mut drafts = Vec::new();
    for name in ["draft", "next"] {
        let draft = take(stage, name);
        if !draft.is_null() {
            let sql = "INSERT INTO duty_draft (case_nr, state) VALUES (?1, ?2)";
            file.execute(sql, (case, draft.to_string()))?;
            drafts.push(draft);
        }
    }
    let sent = take(stage, "sent");
    for (version, release) in (1..).zip(sent.as_array().into_iter().flatten()) {
        let sql = "INSERT INTO duty_release (case_nr, version, state) VALUES (?1, ?2, ?3)";
        file.execute(sql, (case, version, release.to_string()))?;
        drafts.extend(release.get("draft").cloned());
    }
    let recall = take(stage, "recall");
    if !recall.is_null() {
        let sql = "INSERT INTO duty_recall (case_nr, state) VALUES (?1, ?2)";
        file.execute(sql, (case, recall.to_string()))?;
    }
    let kept = drafts.iter().filter_map(|draft| draft.get("withheld")?.as_array());
    for one in kept.flatten() {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        let sql = "INSERT OR IGNORE INTO withheld (partner, kind, text) VALUES (?1, ?2, ?3)";
        file.execute(sql, (partner, text("what"), text("text")))?;
    }
    Ok(())
}

fn warnings(file: &Connection) -> rusqlite::Result<()> {
    let all = rows(file, "SELECT number, partner, state FROM warning_before ORDER BY number")?;
    for (number, partner, state) in all {
        let Value::Object(mut warning) = state else { continue };
        let (talk, content) = (take(&mut warning, "talk"), take(&mut warning, "content"));
        let of = |name: &str| content.get(name).cloned().unwrap_or_default();
        let summary = json!({
            "title": of("title"), "urgency": of("urgency"), "tlp": of("tlp"),
            "valid_until": of("valid_until"),
        });
        warning.insert("summary".to_owned(), summary);
        warning.insert("version".to_owned(), 1.into());
        let sql = "INSERT INTO warning (number, partner, state) VALUES (?1, ?2, ?3)";
        file.execute(sql, (number, partner, Value::Object(warning).to_string()))?;
        let sql = "INSERT INTO warning_content (warning, version, content) VALUES (?1, 1, ?2)";
        file.execute(sql, (number, content.to_string()))?;
        said(file, &format!("warning-{number}"), &talk)?;
    }
    Ok(())
}

/// What was said was one list with the case or warning.
fn said(file: &Connection, subject: &str, talk: &Value) -> rusqlite::Result<()> {
    for one in talk.as_array().into_iter().flatten() {
        let Value::Object(mut said) = one.clone() else { continue };
        let Value::Object(mut what) = take(&mut said, "what") else { continue };
        let kind = take(&mut what, "what");
        let kind = match kind.as_str().unwrap_or_default() {
            "recall-answered" => "recall-answer",
            "refused" => "refusal",
            other => other,
        }
        .to_owned();
        let (due, question) = (take(&mut what, "due"), take(&mut what, "question"));
        what.insert("kind".to_owned(), kind.as_str().into());
        said.insert("statement".to_owned(), Value::Object(what));
        for (name, value) in [("due", due), ("question", question.clone())] {
            if !value.is_null() {
                said.insert(name.to_owned(), value);
            }
        }
        let ours = said.get("ours").and_then(Value::as_bool).unwrap_or(false);
        let entry = one.pointer("/entry/index").and_then(Value::as_i64).unwrap_or(0);
        let sql = "INSERT INTO said (subject, kind, ours, entry, question, state) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let state = Value::Object(said).to_string();
        file.execute(sql, (subject, kind, ours, entry, question.as_i64(), state))?;
    }
    Ok(())
}
