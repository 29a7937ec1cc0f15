//! Exercises, each with the collection that its items are in.

use rusqlite::Connection;

const STEP: &str = "
CREATE TABLE exercise (
    number     INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL UNIQUE,
    ended      INTEGER NOT NULL,
    state      TEXT NOT NULL
) STRICT;
CREATE INDEX duty_exercise ON duty (json_extract(state, '$.exercise.number'))
    WHERE json_extract(state, '$.exercise.number') IS NOT NULL;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
