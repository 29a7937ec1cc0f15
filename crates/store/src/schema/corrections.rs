//! What people have said of findings of items' texts.

use rusqlite::Connection;

const STEP: &str = "
CREATE TABLE correction (
    number INTEGER PRIMARY KEY,
    item   TEXT NOT NULL,
    state  TEXT NOT NULL
) STRICT;
CREATE INDEX correction_item ON correction (item, number);
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
