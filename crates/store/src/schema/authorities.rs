//! Standing authorisations, and what has left by them.

use rusqlite::Connection;

const STEP: &str = "
-- given: 1 until it is taken back.
CREATE TABLE authority (
    number   INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    given    INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX authority_given ON authority (partner, number) WHERE given = 1;

-- at: in microseconds.
CREATE TABLE authority_use (
    authority INTEGER NOT NULL,
    case_nr   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (authority, at, case_nr)
) STRICT, WITHOUT ROWID;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
