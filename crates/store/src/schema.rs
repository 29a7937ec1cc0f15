//! The tables, and the steps from each version of them to the next.

use crate::StoreError;
use rusqlite::Connection;

/// Each step brings the file from the version of its place to the next one.
const STEPS: &[&str] = &[FIRST];

const FIRST: &str = "
-- Every command in its order, applied or refused, with what was answered.
CREATE TABLE journal (
    idx      INTEGER PRIMARY KEY,
    command  TEXT NOT NULL UNIQUE,
    time     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    act      TEXT NOT NULL,
    refused  INTEGER NOT NULL,
    answer   TEXT NOT NULL
) STRICT;

-- What each command changed, in words; subject is case-N, warning-N or a partner's name.
CREATE TABLE history (
    seq      INTEGER PRIMARY KEY,
    journal  INTEGER NOT NULL REFERENCES journal (idx),
    subject  TEXT,
    what     TEXT NOT NULL
) STRICT;
CREATE INDEX history_subject ON history (subject, seq) WHERE subject IS NOT NULL;

CREATE TABLE user (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE TABLE token (digest BLOB PRIMARY KEY, user TEXT NOT NULL) STRICT;
CREATE TABLE partner (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE TABLE interest (
    seq      INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    ours     INTEGER NOT NULL,
    id       TEXT NOT NULL,
    state    TEXT NOT NULL,
    UNIQUE (partner, ours, id)
) STRICT;

-- One POST or one file: where its items came from and what became of them.
CREATE TABLE intake (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    time     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    source   TEXT,
    grade    TEXT,
    name     TEXT,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    taken    INTEGER NOT NULL,
    known    TEXT NOT NULL,
    refused  INTEGER NOT NULL
) STRICT;

-- One thing taken in, its bytes kept as received. seq is the microsecond at which it was added,
-- strictly increasing, and so the cursor of every page. collection 0 holds free texts.
CREATE TABLE item (
    seq        INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    intake     INTEGER NOT NULL,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    newest     INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX item_version ON item (collection, id, version);

-- An item that came again, in a later intake: perhaps from another source.
CREATE TABLE sighting (
    item     INTEGER NOT NULL,
    intake   INTEGER NOT NULL,
    PRIMARY KEY (item, intake)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    seq      INTEGER PRIMARY KEY,
    intake   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id       TEXT,
    reasons  TEXT NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;

CREATE TABLE match (
    seq      INTEGER PRIMARY KEY,
    item     INTEGER NOT NULL,
    interest TEXT NOT NULL,
    case_nr  INTEGER NOT NULL,
    found    TEXT NOT NULL,
    UNIQUE (item, interest)
) STRICT;

CREATE INDEX match_case ON match (case_nr);

CREATE TABLE duty (number INTEGER PRIMARY KEY, partner TEXT NOT NULL, state TEXT NOT NULL) STRICT;
-- The newest case of a partner that an intake's matches opened: further ones join it.
CREATE TABLE duty_intake (
    partner  TEXT NOT NULL,
    intake   INTEGER NOT NULL,
    case_nr  INTEGER NOT NULL,
    PRIMARY KEY (partner, intake)
) STRICT, WITHOUT ROWID;
CREATE TABLE warning (
    number   INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE TABLE thanks (
    seq      INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    partner  TEXT NOT NULL,
    case_nr  INTEGER NOT NULL,
    time     TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT;

-- Two logs a channel: ours and the partner's.
CREATE TABLE log (
    number   INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    partner  TEXT NOT NULL,
    ours     INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    UNIQUE (partner, ours)
) STRICT;

-- key is the log's number times 2^40 plus the entry's index. hashes are those of the subtrees that
-- become complete with this entry, lowest first, 32 bytes each: the first is the leaf's own.
CREATE TABLE entry (
    key         INTEGER PRIMARY KEY,
    hashes      BLOB NOT NULL,
    leaf        TEXT NOT NULL,
    disclosures TEXT NOT NULL,
    withheld    TEXT,
    subject     TEXT,
    refused     TEXT
) STRICT;
CREATE INDEX entry_subject ON entry (subject) WHERE subject IS NOT NULL;

-- Cosigned checkpoints: for our log what the partner gave us, for theirs what we gave.
CREATE TABLE receipt (
    log      INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
";

pub(crate) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (version, step) in (found + 1..).zip(STEPS.iter().skip(done)) {
        connection.execute_batch(&format!("BEGIN;{step};PRAGMA user_version={version};COMMIT;"))?;
    }
    Ok(())
}
