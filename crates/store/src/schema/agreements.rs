//! Agreements with partners, version by version.

use rusqlite::Connection;

const STEP: &str = "
-- ours: whether we proposed it. Both sides may have proposed the same version at once.
CREATE TABLE agreement (
    seq      INTEGER PRIMARY KEY,
    partner  TEXT NOT NULL,
    version  INTEGER NOT NULL,
    ours     INTEGER NOT NULL,
    fate     TEXT NOT NULL,
    state    TEXT NOT NULL,
    UNIQUE (partner, version, ours)
) STRICT;
CREATE INDEX agreement_waits ON agreement (partner) WHERE fate = 'waiting';
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
