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

/// How fast each runs, where a match asks for it: without reading the scenario.
const SPEED: &str = "
ALTER TABLE exercise ADD COLUMN speed INTEGER NOT NULL DEFAULT 1;
UPDATE exercise SET speed = coalesce(json_extract(state, '$.scenario.speed'), 1);
";

pub(super) fn speed(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(SPEED)
}

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
