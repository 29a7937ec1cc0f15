//! What a warning that came to us needs.

use super::case::answer_due;
use super::{About, Kind, Need, Whom};
use crate::owed::Word;
use crate::permission;
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
) -> Vec<Need> {
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
        let one = || need(Kind::AnswerRecall, &recall.at, answer_due(clocks, &recall.at));
        return unanswered.then(one).into_iter().collect();
    }
    let mut needs = Vec::new();
    if let Some(owed) = warning.owed.as_ref().filter(|owed| owed.is_open()) {
        let kind = match owed.word {
            Word::Update => Kind::AnswerUpdate,
            Word::Expiry => Kind::AnswerExpiry,
            Word::Recall => Kind::AnswerRecall,
        };
        needs.push(need(kind, &owed.at, answer_due(clocks, &owed.at)));
    }
    // What is not acknowledged is the newest version, since that came.
    let updated = warning.owed.as_ref().filter(|owed| owed.word == Word::Update);
    let came = updated.map_or(&warning.received, |owed| &owed.at);
    let due = clocks.due(warning.summary.urgency, came);
    let holds = warning.expired.is_none();
    match &warning.standing {
        Standing::New {} if holds => needs.push(need(Kind::Open, came, due)),
        Standing::Opened { at, .. } if holds => needs.push(need(Kind::Accept, at, due)),
        Standing::Accepted { by, .. } => {
            let past = &warning.summary.valid_until;
            if !known.outcome && past <= now {
                let due = past.plus_minutes(i64::from(clocks.future));
                let whom = Whom { only: Some(by.clone()), ..Whom::all(Permission::Receive) };
                needs.push(Need { whom, ..need(Kind::Outcome, past, due) });
            }
        }
        Standing::New {} | Standing::Opened { .. } | Standing::Declined { .. } => {}
    }
    needs
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
        kind: match permission::request(question) {
            Some(_) => Kind::PermissionUnanswered,
            None => Kind::QuestionUnanswered,
        },
        about: About::Warning(warning.number),
        partner: Some(warning.partner.clone()),
        status: warning.status,
        urgency: Some(warning.summary.urgency),
        whom: Whom::all(Permission::Receive),
        since: Some(question.at.clone()),
        due: Some(due),
    })
}
