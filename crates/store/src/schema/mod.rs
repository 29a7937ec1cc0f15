//! The tables, and the steps from each version of them to the next.

mod agreements;
mod authorities;
mod corrections;
mod erasures;
mod exercises;
mod later;
mod needs;
mod originals;
mod people;
mod readouts;
mod telling;
mod told;
mod triage;
mod typed;
mod usable;

use crate::StoreError;
use rusqlite::Connection;

type Step = fn(&Connection) -> rusqlite::Result<()>;

/// Each step brings the file from the version of its place to the next one.
const STEPS: &[Step] = &[
    |file| file.execute_batch(FIRST),
    items_apart,
    sealed,
    interests,
    typed::step,
    two_persons,
    delivered,
    usable::step,
    people::step,
    needs::step,
    telling::step,
    readouts::step,
    later::step,
    authorities::step,
    triage::step,
    agreements::step,
    told::step,
    told::waiting,
    originals::step,
    erasures::step,
    exercises::step,
    exercises::speed,
    corrections::step,
];

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

/// An item's bytes stand apart from what is looked up; see `docs/design/0005-taxii.md`.
const ITEMS_APART: &str = "
-- The collections of the configuration: a number stays with its id, whatever their order.
CREATE TABLE collection (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

ALTER TABLE item RENAME TO item_before;

-- One thing taken in. seq is the microsecond at which it was added, strictly increasing, and so the
-- cursor of every page. collection 0 holds free texts. kind is the number of its type (ids.rs).
-- version: microseconds, 0 for none; digits: how many of a second are written in it.
-- shown: NULL when it was deleted; else 1 for the newest version of its id, 2 for the oldest, added.
CREATE TABLE item (
    seq        INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    shown      INTEGER,
    intake     INTEGER NOT NULL,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    digits     INTEGER NOT NULL
) STRICT;
CREATE INDEX item_page ON item (collection, shown, seq) WHERE shown IS NOT NULL;
CREATE INDEX item_kind ON item (collection, kind, shown, seq) WHERE shown IS NOT NULL;
-- Ids with one version only are found by `known`; deleted ones stand here.
CREATE INDEX item_versions ON item (collection, id, version) WHERE shown IS NOT 3;

-- Bytes as received.
CREATE TABLE content (
    seq        INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;

-- Where ids stand; see ids.rs.
CREATE TABLE known (
    key        INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO item (seq, collection, kind, shown, intake, id, version, digits)
    SELECT seq, collection, 0, newest + 2 * NOT EXISTS (SELECT 1 FROM item_before o
        WHERE o.collection = b.collection AND o.id = b.id AND o.version < b.version),
        intake, id, version, CASE version % 1000 WHEN 0 THEN 3 ELSE 6 END
    FROM item_before b ORDER BY seq;
INSERT INTO content (seq, digest, bytes) SELECT seq, digest, bytes FROM item_before ORDER BY seq;
DROP TABLE item_before;

-- Other people's servers, polled or pushed to.
CREATE TABLE feed (name TEXT PRIMARY KEY, feed TEXT NOT NULL, state TEXT NOT NULL) STRICT;

-- An intake's objects come in parts, each a commit of its own: where its items stand, and which it
-- brought were here already.
CREATE TABLE intake_part (
    intake   INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    known    TEXT NOT NULL,
    refused  INTEGER NOT NULL,
    PRIMARY KEY (intake, part)
) STRICT, WITHOUT ROWID;
INSERT INTO intake_part (intake, part, first, last, known, refused)
    SELECT number, 0, first, last, known, refused FROM intake;
CREATE INDEX quarantine_intake ON quarantine (intake, position);
-- What items count as that have no marking of their own.
ALTER TABLE intake ADD COLUMN marking TEXT;
ALTER TABLE intake DROP COLUMN first;
ALTER TABLE intake DROP COLUMN last;
ALTER TABLE intake DROP COLUMN taken;
ALTER TABLE intake DROP COLUMN known;
ALTER TABLE intake DROP COLUMN refused;
";

/// Each row of a log has a digest of its own; see `seal.rs`. What contradicts itself is kept.
const SEALED: &str = "
ALTER TABLE log ADD COLUMN receipts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
ALTER TABLE entry ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
ALTER TABLE receipt ADD COLUMN seal BLOB NOT NULL DEFAULT x'';

-- Proofs that somebody has signed two logs that cannot both be true. Never removed.
CREATE TABLE contradiction (
    seq      INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    log      TEXT NOT NULL,
    time     TEXT NOT NULL,
    digest   BLOB NOT NULL UNIQUE,
    proof    TEXT NOT NULL
) STRICT;
";

const INTERESTS: &str = "
-- change: the number of its last change; gone: it was withdrawn by that.
ALTER TABLE interest ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interest ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interest ADD COLUMN ownership TEXT NOT NULL DEFAULT '{\"ownership\":\"claimed\"}';
ALTER TABLE interest ADD COLUMN matches INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interest ADD COLUMN last_match TEXT;
CREATE INDEX interest_change ON interest (change) WHERE ours = 0;

-- How much each partner has registered with us, or we with it.
CREATE TABLE interest_extent (
    partner   TEXT NOT NULL,
    ours      INTEGER NOT NULL,
    interests INTEGER NOT NULL,
    weight    INTEGER NOT NULL,
    patterns  INTEGER NOT NULL,
    broad     INTEGER NOT NULL,
    PRIMARY KEY (partner, ours)
) STRICT, WITHOUT ROWID;

-- An interest's id is its partner's word: another partner's may be the same.
ALTER TABLE match RENAME TO match_before;
DROP INDEX match_case;
CREATE TABLE match (
    seq      INTEGER PRIMARY KEY,
    item     INTEGER NOT NULL,
    partner  TEXT NOT NULL,
    interest TEXT NOT NULL,
    case_nr  INTEGER NOT NULL,
    found    TEXT NOT NULL,
    UNIQUE (item, partner, interest)
) STRICT;
CREATE INDEX match_case ON match (case_nr);
INSERT INTO match (seq, item, partner, interest, case_nr, found)
    SELECT m.seq, m.item, d.partner, m.interest, m.case_nr, m.found
    FROM match_before m JOIN duty d ON d.number = m.case_nr ORDER BY m.seq;
DROP TABLE match_before;
UPDATE interest SET matches = (SELECT count(*) FROM match m
    WHERE m.partner = interest.partner AND m.interest = interest.id) WHERE ours = 0;

-- The newest case of a partner that an object's matches opened or joined: what is about the same
-- object joins it.
CREATE TABLE duty_object (
    partner  TEXT NOT NULL,
    object   TEXT NOT NULL,
    case_nr  INTEGER NOT NULL,
    PRIMARY KEY (partner, object)
) STRICT, WITHOUT ROWID;
";

/// What waits for a second person, and what is withheld whoever is written to.
const TWO_PERSONS: &str = "
-- Acts that wait, or waited, for a second person.
CREATE TABLE proposal (
    number   INTEGER PRIMARY KEY,
    waits    INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX proposal_waits ON proposal (number) WHERE waits = 1;

-- Withheld fields that may stand in evidence.
CREATE TABLE showing (seq INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;

-- What must never reach anybody by what is written about an item, in any words. It only ever grows.
CREATE TABLE withheld_of (
    item     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (item, kind, text)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO withheld_of (item, kind, text)
    SELECT i.item, json_extract(w.value, '$.what'), json_extract(w.value, '$.text')
    FROM duty_item i
    JOIN (SELECT case_nr, state FROM duty_draft
          UNION ALL SELECT case_nr, json_extract(state, '$.draft') FROM duty_release) d
        ON d.case_nr = i.case_nr,
    json_each(d.state, '$.withheld') w
    WHERE json_extract(w.value, '$.what') = 'name';

-- Warnings that nobody has opened yet: a partner may send so many.
CREATE INDEX warning_new ON warning (partner)
    WHERE json_extract(state, '$.standing.standing') = 'new';

-- Every handle that things came from.
CREATE INDEX intake_source ON intake (source) WHERE source IS NOT NULL;
";

/// A case is done when the partner has the warning; and what was not understood is found without
/// reading the log.
const DELIVERED: &str = "
-- The index in our log of what the partner is not known to hold.
ALTER TABLE duty ADD COLUMN awaits INTEGER;
CREATE INDEX duty_awaits ON duty (partner, awaits) WHERE awaits IS NOT NULL;

CREATE INDEX entry_refused ON entry (key) WHERE refused IS NOT NULL;
";

fn delivered(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(DELIVERED)
}

fn two_persons(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(TWO_PERSONS)
}

/// What was called a name is words; each interest counts as changed, in the order of registration.
fn interests(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(INTERESTS)?;
    file.execute(
        "UPDATE interest SET change = seq, state = replace(state, '{\"name\":', '{\"words\":')",
        [],
    )?;
    let sql = "INSERT OR REPLACE INTO cursor (name, value) \
               SELECT 'interest changes', coalesce(max(seq), 0) FROM interest";
    file.execute(sql, [])?;
    // Clauses that there were before weigh some four each, with their names.
    let sql = "INSERT INTO interest_extent (partner, ours, interests, weight, patterns, broad) \
               SELECT partner, ours, count(*), sum(1 + 4 * json_array_length(state, '$.any')), 0, 0 \
               FROM interest GROUP BY partner, ours";
    file.execute(sql, [])?;
    // What was registered before has been tried against what came since.
    let sql = "INSERT OR REPLACE INTO cursor (name, value) \
               SELECT 'interests tried', coalesce(max(seq), 0) FROM interest";
    file.execute(sql, [])?;
    Ok(())
}

fn sealed(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(SEALED)?;
    crate::log::seal_all(file)
}

fn items_apart(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(ITEMS_APART)?;
    let mut types = file.prepare("SELECT DISTINCT substr(id, 1, instr(id, '--') - 1) FROM item")?;
    let types = types.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for name in types {
        let sql = "UPDATE item SET kind = ?1 WHERE substr(id, 1, instr(id, '--') - 1) = ?2";
        file.execute(sql, (crate::ids::kind(&name), name))?;
    }
    Ok(())
}

/// Kind, name and SQL of every table and index that a file of this version has.
pub(crate) fn wanted(version: usize) -> Result<Vec<(String, String, String)>, StoreError> {
    let file = Connection::open_in_memory()?;
    for step in STEPS.iter().take(version) {
        step(&file)?;
    }
    found(&file)
}

/// The same of a file.
pub(crate) fn found(file: &Connection) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema \
               WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name";
    let mut statement = file.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The version of today.
pub(crate) fn newest() -> usize {
    STEPS.len()
}

/// Brings a file up to date. A step is done whole or not at all: what was stopped in between goes on at the
/// next start.
pub(crate) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    for done in version(connection)?..newest() {
        step(connection, done)?;
    }
    Ok(())
}

/// How many steps were done with a file.
///
/// # Errors
/// More than this program knows: another one has written it since.
pub(crate) fn version(connection: &Connection) -> Result<usize, StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(usize::try_from(found).unwrap_or(0))
}

/// Does the step after so many.
pub(crate) fn step(connection: &Connection, done: usize) -> Result<(), StoreError> {
    let Some(step) = STEPS.get(done) else { return Ok(()) };
    let transaction = connection.unchecked_transaction()?;
    step(&transaction)?;
    transaction.pragma_update(None, "user_version", i64::try_from(done + 1).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interests_of_an_older_file_are_words_and_have_been_tried() {
        let file = Connection::open_in_memory().unwrap();
        for step in STEPS.iter().take(3) {
            step(&file).unwrap();
        }
        file.pragma_update(None, "user_version", 3).unwrap();
        let old = r#"{"id":"interest--1","label":"\"name\": x","urgency":"expected","any":[{"name":"Kazan"},{"country":"RU"}]}"#;
        let add =
            "INSERT INTO interest (partner, ours, id, state) VALUES ('east', 0, 'interest--1', ?1)";
        file.execute(add, [old]).unwrap();
        file.execute_batch(
            "INSERT INTO duty (number, partner, state) VALUES (7, 'east', '{}');
             INSERT INTO match (item, interest, case_nr, found) VALUES (5, 'interest--1', 7, '{}');",
        )
        .unwrap();
        migrate(&file).unwrap();
        let row = |sql: &str| file.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let state: forewarn_matching::interest::Interest =
            serde_json::from_str(&row("SELECT state FROM interest")).unwrap();
        assert_eq!(state.expression().to_string(), "(words “Kazan” or country RU)");
        assert_eq!(
            row("SELECT partner || item || interest || case_nr FROM match"),
            "east5interest--17"
        );
        let number = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(number("SELECT matches FROM interest"), 1);
        assert_eq!(number("SELECT weight FROM interest_extent WHERE partner = 'east'"), 9);
        for cursor in ["interest changes", "interests tried"] {
            assert_eq!(number(&format!("SELECT value FROM cursor WHERE name = '{cursor}'")), 1);
        }
    }
}
