//! What is held, and what was erased.

use rusqlite::Connection;

const STEP: &str = "
-- what: `case-N`, `warning-N`, or the id of an item; state: what holds it, and that it was erased.
CREATE TABLE kept (
    seq      INTEGER PRIMARY KEY,
    what     TEXT NOT NULL UNIQUE,
    held     INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX journal_refused ON journal (idx) WHERE refused = 1;
-- Items whose bytes were erased.
CREATE TABLE erased (seq INTEGER PRIMARY KEY) STRICT;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
