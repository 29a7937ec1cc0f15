//! Repeated noise is muted, on record; and cases of several partners are of one threat.

use rusqlite::Connection;

const STEP: &str = "
-- Until when what a source says opens no case for an interest; ends: microseconds.
CREATE TABLE mute (number INTEGER PRIMARY KEY, ends INTEGER NOT NULL, state TEXT NOT NULL) STRICT;

-- Matches that opened no case, since they were muted.
CREATE TABLE muted (
    seq      INTEGER PRIMARY KEY,
    mute     INTEGER NOT NULL,
    item     INTEGER NOT NULL,
    object   TEXT NOT NULL,
    partner  TEXT NOT NULL,
    interest TEXT NOT NULL,
    time     TEXT NOT NULL,
    found    TEXT NOT NULL,
    UNIQUE (item, partner, interest)
) STRICT;
CREATE INDEX muted_mute ON muted (mute, seq);
CREATE INDEX muted_object ON muted (object);

-- The cases of one threat, by the number of the first of them.
CREATE INDEX duty_threat ON duty (json_extract(state, '$.threat'))
    WHERE json_extract(state, '$.threat') IS NOT NULL;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
