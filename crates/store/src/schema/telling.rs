//! Who was told of what needs somebody, and who has it in hand.

use rusqlite::Connection;

const STEP: &str = "
-- Who has a need in hand, by the need's name.
CREATE TABLE taken (need TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;

-- Each message by each means, and what became of it. waits: 1 as long as it is to be tried.
CREATE TABLE delivery (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    notifier TEXT NOT NULL,
    waits    INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_waits ON delivery (seq) WHERE waits = 1;
CREATE INDEX delivery_notifier ON delivery (notifier, seq);

-- Who was told of which need, by its key, by which rule or step.
CREATE TABLE told (
    need     TEXT NOT NULL,
    person   TEXT NOT NULL,
    by       TEXT NOT NULL,
    time     TEXT NOT NULL,
    PRIMARY KEY (need, person, by)
) STRICT, WITHOUT ROWID;
CREATE TABLE told_last (
    person   TEXT NOT NULL,
    by       TEXT NOT NULL,
    time     TEXT NOT NULL,
    PRIMARY KEY (person, by)
) STRICT, WITHOUT ROWID;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
