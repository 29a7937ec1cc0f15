//! What each side says in public about a case or warning, and the embargo between them.

use rusqlite::Connection;

const STEP: &str = "
CREATE TABLE readout (
    seq      INTEGER PRIMARY KEY,
    subject  TEXT NOT NULL UNIQUE,
    state    TEXT NOT NULL
) STRICT;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
