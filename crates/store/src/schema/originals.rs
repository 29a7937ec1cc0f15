//! Documents are kept as they were received, beside the text that was read from them.

use rusqlite::Connection;

const STEP: &str = "
CREATE TABLE original (
    seq      INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
