//! What a warning that came to us needs.

use super::case::answer_due;
use super::{About, Kind, Need, Whom};
use crate::scale::Clocks;
use crate::talk::Said;
use crate::user::Permission;
use crate::warning::{Standing, Warning};
use forewarn_stix::Timestamp;

/// What is known of a warning beside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WarningKnown {
    /// Whether one of ours has said what came of it.
    pub outcome: bool,
}

/// What a warning needs at this time; nothing when it is done.
pub fn of_warning(
    warning: &Warning,
    known: WarningKnown,
    clocks: &Clocks,
    now: &Timestamp,
) -> Option<Need> {
    let need = |kind, since: &Timestamp, due: Timestamp| Need {
        kind,
        about: About::Warning(warning.number),
        partner: Some(warning.partner.clone()),
        status: warning.status,
        urgency: Some(warning.summary.urgency),
        whom: Whom::all(Permission::Receive),
        since: Some(since.clone()),
        due: Some(due),
    };
    if let Some(recall) = &warning.recall {
        // What was taken back needs an answer, and nothing else.
        let unanswered = recall.answered.is_none();
        return unanswered
            .then(|| need(Kind::AnswerRecall, &recall.at, answer_due(clocks, &recall.at)));
    }
    let due = clocks.due(warning.summary.urgency, &warning.received);
    match &warning.standing {
        Standing::New {} => Some(need(Kind::Open, &warning.received, due)),
        Standing::Opened { at, .. } => Some(need(Kind::Accept, at, due)),
        Standing::Accepted { by, .. } => {
            let past = &warning.summary.valid_until;
            if known.outcome || past > now {
                return None;
            }
            let due = past.plus_minutes(i64::from(clocks.future));
            let whom = Whom { only: Some(by.clone()), ..Whom::all(Permission::Receive) };
            Some(Need { whom, ..need(Kind::Outcome, past, due) })
        }
        Standing::Declined { .. } => None,
    }
}

/// A question of ours on a warning, which the partner has not answered in time.
pub fn of_own_question(
    warning: &Warning,
    question: &Said,
    clocks: &Clocks,
    now: &Timestamp,
) -> Option<Need> {
    let due = question.due.clone().unwrap_or_else(|| answer_due(clocks, &question.at));
    (due < *now).then(|| Need {
        kind: Kind::QuestionUnanswered,
        about: About::Warning(warning.number),
        partner: Some(warning.partner.clone()),
        status: warning.status,
        urgency: Some(warning.summary.urgency),
        whom: Whom::all(Permission::Receive),
        since: Some(question.at.clone()),
        due: Some(due),
    })
}
