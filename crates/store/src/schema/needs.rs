//! What needs somebody is found by indexes, whatever has piled up that does not.

use rusqlite::Connection;

const STEP: &str = "
-- Whether the partner has answered the recall.
ALTER TABLE duty ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
UPDATE duty SET answered = 1 WHERE EXISTS (SELECT 1 FROM said s
    WHERE s.subject = 'case-' || duty.number AND s.kind = 'recall-answer' AND s.ours = 0);
-- Cases whose clock runs, what is meant first, then by deadline.
CREATE INDEX duty_runs ON duty
    (json_extract(state, '$.status') <> 'Actual', json_extract(state, '$.clock.due'))
    WHERE json_extract(state, '$.clock.clock') <> 'stopped';
CREATE INDEX duty_recalled ON duty (json_extract(state, '$.status') <> 'Actual', number)
    WHERE answered = 0 AND json_extract(state, '$.outward') = 'recalled';

-- Whether one of ours has said what came of it.
ALTER TABLE warning ADD COLUMN outcome INTEGER NOT NULL DEFAULT 0;
UPDATE warning SET outcome = 1 WHERE EXISTS (SELECT 1 FROM said s
    WHERE s.subject = 'warning-' || warning.number AND s.kind = 'outcome' AND s.ours = 1);
-- Warnings that nobody has answered, what is meant first, then the most urgent.
CREATE INDEX warning_unanswered ON warning
    (json_extract(state, '$.status') <> 'Actual',
     CASE json_extract(state, '$.summary.urgency')
        WHEN 'immediate' THEN 0 WHEN 'expected' THEN 1 ELSE 2 END, number)
    WHERE json_extract(state, '$.standing.standing') IN ('new', 'opened')
    AND json_extract(state, '$.recall') IS NULL;
CREATE INDEX warning_recalled ON warning (json_extract(state, '$.status') <> 'Actual', number)
    WHERE json_extract(state, '$.recall') IS NOT NULL
    AND json_extract(state, '$.recall.answered') IS NULL;
CREATE INDEX warning_accepted ON warning
    (json_extract(state, '$.status') <> 'Actual', json_extract(state, '$.summary.valid_until'))
    WHERE json_extract(state, '$.standing.standing') = 'accepted'
    AND json_extract(state, '$.recall') IS NULL AND outcome = 0;

-- 1: a question that nobody has answered.
ALTER TABLE said ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
UPDATE said SET open = 1 WHERE kind = 'question' AND NOT EXISTS (SELECT 1 FROM said a
    WHERE a.subject = said.subject AND a.question = said.entry AND a.ours <> said.ours);
CREATE INDEX said_open ON said (ours, seq) WHERE open = 1;
";

pub(super) fn step(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(STEP)
}
