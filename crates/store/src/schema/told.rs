//! Cases of which something was told beside the channel are found by an index, and so is what mutes.
//! Later: only of those that still wait for something.

use rusqlite::Connection;

const STEP: &str = "
CREATE INDEX duty_told ON duty (number)
    WHERE json_extract(state, '$.ahead') IS NOT NULL OR json_extract(state, '$.told_at') IS NOT NULL;
CREATE INDEX mute_ends ON mute (ends);
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}

const WAITING: &str = r#"
DROP INDEX duty_told;
CREATE INDEX duty_told ON duty (number)
    WHERE instr(json_extract(state, '$.ahead'), '"fate":"waiting"') > 0
    OR (json_extract(state, '$.told_at') IS NOT NULL AND json_extract(state, '$.awaits') IS NOT NULL);
"#;

pub(super) fn waiting(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(WAITING)
}
